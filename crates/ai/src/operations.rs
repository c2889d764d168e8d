//! How the models are run: what was trained and became of it, which versions there are, and the way back.

pub mod runs;
pub mod versions;

pub use runs::{Outcome, Reason, Run, RunFilter, Status};
