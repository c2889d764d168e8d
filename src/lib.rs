//! The PHP binding of MesChain: PHP in, PHP out. Nothing here decides anything; `crates/` does.
#![cfg_attr(windows, feature(abi_vectorcall))]

mod arg;
mod call;
mod convert;
mod engine;
mod exception;
mod info;
mod ini;
mod lifecycle;
mod options;
mod settings;
mod shop;
mod task;

use ext_php_rs::prelude::*;
use lifecycle::startup;

/// The module: INI entries and exceptions at start, then the classes.
#[php_module]
#[php(startup = "startup")]
pub fn get_module(module: ModuleBuilder) -> ModuleBuilder {
    module
        .name("meschain")
        .version(env!("CARGO_PKG_VERSION"))
        .info_function(info::print)
        .request_startup_function(lifecycle::request_start)
        .request_shutdown_function(lifecycle::request_end)
        .class::<task::Task>()
        .class::<shop::Shop>()
}
