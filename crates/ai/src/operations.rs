//! How the models are run: what was trained and became of it, which versions there are, and the way back.

pub mod alerts;
pub mod analytics;
pub mod drift;
pub mod forecast_log;
pub mod importance;
pub mod inputs;
pub mod insights;
pub mod outlook;
mod past;
pub mod price_watch;
pub mod psi;
pub mod quality;
pub mod refusal;
pub mod runs;
pub mod schedule;
pub mod stock_watch;
pub mod tend;
pub mod versions;

pub use runs::{Mode, Outcome, Reason, Run, RunFilter, Status};
