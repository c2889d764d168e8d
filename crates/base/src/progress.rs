//! How far a long task is, and whether it should stop. Shared between the thread that works and the one that asks.

use crate::{Error, Result};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// A handle on one running task. Cheap to clone; all clones speak of the same task.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    stage: Mutex<String>,
    done: AtomicU64,
    total: AtomicU64,
    cancelled: AtomicBool,
}

/// What a task has done so far. `total` is 0 while it is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Short machine name of what is being done, e.g. `orders`.
    pub stage: String,
    /// Steps done in this stage.
    pub done: u64,
    /// Steps in this stage, 0 when unknown.
    pub total: u64,
}

impl Progress {
    /// A progress nobody looks at.
    pub fn silent() -> Self {
        Self::default()
    }

    /// Begins a stage of `total` steps (0: unknown) and checks for cancellation.
    pub fn stage(&self, name: &str, total: u64) -> Result<()> {
        *self.0.stage.lock() = name.to_owned();
        self.0.done.store(0, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
        self.check()
    }

    /// Counts `steps` more and checks for cancellation. Call it between units of work that leave nothing half done.
    pub fn advance(&self, steps: u64) -> Result<()> {
        self.0.done.fetch_add(steps, Ordering::Relaxed);
        self.check()
    }

    /// Fails with [`Error::Cancelled`] once somebody called [`Progress::cancel`].
    pub fn check(&self) -> Result<()> {
        if self.0.cancelled.load(Ordering::Relaxed) { Err(Error::Cancelled) } else { Ok(()) }
    }

    /// Asks the task to stop at its next check.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    /// What has been done so far.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            stage: self.0.stage.lock().clone(),
            done: self.0.done.load(Ordering::Relaxed),
            total: self.0.total.load(Ordering::Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_within_a_stage_and_stops_when_cancelled() {
        let progress = Progress::silent();
        progress.stage("orders", 10).unwrap();
        progress.advance(4).unwrap();
        assert_eq!(progress.snapshot(), Snapshot { stage: "orders".into(), done: 4, total: 10 });
        progress.clone().cancel();
        assert_eq!(progress.advance(1), Err(Error::Cancelled));
    }
}
