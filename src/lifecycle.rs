//! Module start, request start and end, and the one door to what a process keeps between requests.
//!
//! php-fpm runs module start in the master and then forks, so nothing here opens a socket, a file or a thread before
//! the first call in a worker, and everything kept is keyed by process id: a child that finds its parent's state leaks
//! it (its connections and locks belong to the parent) and begins anew.

use crate::engine::Engine;
use crate::{exception, ini};
use ext_php_rs::zend::SapiModule;
use meschain_base::Settings;
use parking_lot::Mutex;
use std::ffi::CStr;
use std::sync::{Arc, OnceLock};

/// How many different settings a process keeps engines for; the least recently used one goes first.
const MOST_ENGINES: usize = 8;

struct Process {
    id: u32,
    /// Most recently used last.
    engines: Vec<Arc<Engine>>,
}

static PROCESS: Mutex<Option<Process>> = Mutex::new(None);

/// The engine for `settings` in this process, made on first use. Opens nothing.
pub fn engine(settings: Settings) -> Arc<Engine> {
    let mut guard = PROCESS.lock();
    let id = std::process::id();
    if guard.as_ref().is_some_and(|process| process.id != id) {
        // The parent's sockets, mappings and threads are not ours to close.
        std::mem::forget(guard.take());
    }
    let process = guard.get_or_insert_with(|| Process { id, engines: Vec::new() });
    let known = process.engines.iter().position(|engine| *engine.settings() == settings);
    let engine = match known {
        Some(position) => process.engines.remove(position),
        None => Arc::new(Engine::new(settings)),
    };
    if process.engines.len() == MOST_ENGINES {
        process.engines.remove(0);
    }
    process.engines.push(Arc::clone(&engine));
    engine
}

/// Registers INI entries and exceptions. Runs before the classes are registered; non-zero stops PHP.
pub fn startup(_kind: i32, module_number: i32) -> i32 {
    std::panic::set_hook(Box::new(|_| ()));
    ini::register(module_number);
    i32::from(exception::register().is_err())
}

/// Nothing is done before a page asks for something: a request that does not use MesChain costs nothing.
pub unsafe extern "C" fn request_start(_kind: i32, _module_number: i32) -> i32 {
    0
}

/// Nothing is left to do: what a request measured was handed over when it was measured.
pub unsafe extern "C" fn request_end(_kind: i32, _module_number: i32) -> i32 {
    0
}

/// Whether this is PHP's command line rather than a web request.
pub fn is_command_line() -> bool {
    static CLI: OnceLock<bool> = OnceLock::new();
    *CLI.get_or_init(|| {
        let name = SapiModule::get().name;
        // SAFETY: PHP sets the name of its SAPI once, as a NUL-terminated literal.
        !name.is_null() && unsafe { CStr::from_ptr(name) } == c"cli"
    })
}
