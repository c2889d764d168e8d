//! Module start, request start and end, and the one door to what a process keeps between requests.
//!
//! php-fpm runs module start in the master and then forks, so nothing here opens a socket, a file or a thread before
//! the first call in a worker, and everything kept is keyed by process id: a child that finds its parent's state leaks
//! it (its connections and locks belong to the parent) and begins anew.

use crate::engine::Engine;
use crate::{exception, ini};
use meschain_base::Settings;
use parking_lot::Mutex;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

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

/// The engines of this process, for request end and `--ri`; empty in a fresh child.
pub fn engines() -> Vec<Arc<Engine>> {
    let guard = PROCESS.lock();
    let own = guard.as_ref().filter(|process| process.id == std::process::id());
    own.map(|process| process.engines.clone()).unwrap_or_default()
}

/// Registers INI entries and exceptions. Runs before the classes are registered; non-zero stops PHP.
pub fn startup(_kind: i32, module_number: i32) -> i32 {
    std::panic::set_hook(Box::new(|_| ()));
    ini::register(module_number);
    i32::from(exception::register().is_err())
}

/// Nothing is done before a page asks for something.
pub unsafe extern "C" fn request_start(_kind: i32, _module_number: i32) -> i32 {
    0
}

/// Hands what the request measured to the machine's store. Whatever goes wrong, the page has been sent.
pub unsafe extern "C" fn request_end(_kind: i32, _module_number: i32) -> i32 {
    let _ = catch_unwind(AssertUnwindSafe(|| engines().iter().for_each(|engine| engine.end_request())));
    0
}
