//! The PHP binding of MesChain: PHP in, PHP out. Nothing here decides anything; `crates/` does.
#![cfg_attr(windows, feature(abi_vectorcall))]

mod ai;
mod arg;
mod call;
mod convert;
mod engine;
mod exception;
mod info;
mod ini;
mod lifecycle;
mod options;
mod performance;
mod reporting;
mod settings;
mod shop;
mod task;
mod work;

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
        .class::<reporting::Reporting>()
        .class::<ai::AI>()
        .class::<ai::inbox::SuggestionInbox>()
        .class::<ai::training_classes::DataProcessor>()
        .class::<ai::training_classes::FeatureExtractor>()
        .class::<ai::training_classes::ModelTrainer>()
        .class::<ai::inference_classes::PredictionEngine>()
        .class::<ai::inference_classes::ModelLoader>()
        .class::<ai::inference_classes::ResultProcessor>()
        .class::<ai::models::ProductCategorizer>()
        .class::<ai::models::PriceOptimizer>()
        .class::<ai::models::DemandForecaster>()
        .class::<ai::models::RecommendationEngine>()
        .class::<performance::Performance>()
        .class::<performance::cache::CacheManager>()
        .class::<performance::tagged::TaggedCache>()
        .class::<performance::monitor::PerformanceMonitor>()
}
