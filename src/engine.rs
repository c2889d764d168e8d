//! What one set of settings opens, lazily and once per process: database pools, the mapped snapshot, models, monitor.

use meschain_base::{Clock, Result, Settings, SystemClock};
use meschain_performance::monitor::Monitor;
use meschain_shop::Database;
use meschain_shop::columns::Store;
use std::sync::{Arc, OnceLock};

/// The open things of one set of settings in one process.
pub struct Engine {
    settings: Settings,
    database: OnceLock<Database>,
    reporting: OnceLock<Database>,
    columns: OnceLock<Arc<Store>>,
    monitor: OnceLock<Monitor>,
}

impl Engine {
    /// Opens nothing.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            database: OnceLock::new(),
            reporting: OnceLock::new(),
            columns: OnceLock::new(),
            monitor: OnceLock::new(),
        }
    }

    /// The settings this engine was made for.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The one clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(SystemClock)
    }

    /// The main database; connects at first use.
    pub fn database(&self) -> Result<Database> {
        kept(&self.database, || Database::main(&self.settings))
    }

    /// Where reports read.
    pub fn reporting_database(&self) -> Result<Database> {
        kept(&self.reporting, || Database::reporting(&self.settings))
    }

    /// The snapshot's place on this node.
    pub fn columns(&self) -> Result<Arc<Store>> {
        kept(&self.columns, || Store::new(&self.settings).map(Arc::new))
    }

    /// The request monitor.
    pub fn monitor(&self) -> Monitor {
        self.monitor.get_or_init(|| Monitor::open(&self.settings, self.clock())).clone()
    }

    /// Threads for heavy work: what was set, else one in a web request and all cores in the command line.
    pub fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.settings.threads.unwrap_or_else(|| if crate::lifecycle::is_command_line() { cores() } else { 1 })
    }

    /// Backend states for `--ri`.
    pub fn backend_rows(&self) -> Vec<(String, String)> {
        crate::info::backend_rows(self)
    }
}

/// The kept value, or a new one that is kept when it could be made: a failure is tried again at the next call.
fn kept<T: Clone>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T>) -> Result<T> {
    match cell.get() {
        Some(value) => Ok(value.clone()),
        None => make().map(|value| cell.get_or_init(|| value).clone()),
    }
}
