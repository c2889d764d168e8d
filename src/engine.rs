//! What one set of settings opens, lazily and once per process: database pools, the mapped snapshot, models, cache.

use meschain_base::Settings;

/// The open things of one set of settings in one process.
pub struct Engine {
    settings: Settings,
}

impl Engine {
    /// Opens nothing.
    pub fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// The settings this engine was made for.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Called after each request.
    pub fn end_request(&self) {}

    /// Backend states for `--ri`.
    pub fn backend_rows(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}
