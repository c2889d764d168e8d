//! Jobs: work that no page waits for, kept in `meschain_jobs` and taken by workers on one machine or many.
//!
//! ```text
//! queued --take--> running --> done
//!    |               |  \----> failed (waits for its next attempt) --take--> running
//!    |               |  \----> dead   (attempts used up, or trying again is of no use)
//!    \---cancel------+-------> cancelled
//! ```
//!
//! `due_at` carries it all: the moment a job may be taken, the end of a running job's lease (so the job of a
//! dead worker becomes due by itself), and NULL for what has ended. All times are the database's own, so the
//! clocks of the nodes do not matter.

mod backoff;
mod lease;
mod queue;
#[cfg(test)]
mod tests;
mod worker;

pub use lease::{Beat, Lease};
pub use queue::Queue;
pub use worker::{Tally, Until, Worker};

use meschain_base::{Error, Result};
use serde::Serialize;
use serde_json::Value;
use std::time::Duration;

/// Bytes of JSON a payload may have.
pub const PAYLOAD_LIMIT: usize = 64 << 10;
/// Bytes of JSON a result may have.
pub const RESULT_LIMIT: usize = 1 << 20;
/// Characters of an error's text that are kept.
pub(crate) const ERROR_LIMIT: usize = 2_000;

/// Where a job is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Waits for a worker.
    Queued,
    /// A worker is at it.
    Running,
    /// Finished; `result` is there.
    Done,
    /// The last attempt failed; it will be tried again.
    Failed,
    /// Somebody cancelled it.
    Cancelled,
    /// Will not be tried again by itself.
    Dead,
}

impl Status {
    /// All of them, in the order of the column's values.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Running, Self::Done, Self::Failed, Self::Cancelled, Self::Dead];

    /// As the column has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
        }
    }

    /// Reads what [`Status::as_str`] writes; an argument error that lists the values otherwise.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.into_iter().map(Self::as_str).collect();
            Error::argument(name, format!("one of {}", known.join(", ")), text)
        })
    }
}

/// A job as it is kept. Times are ISO 8601, UTC, to the second.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    /// Its number.
    pub job_id: i64,
    /// What is to be done.
    pub kind: String,
    /// Where it is.
    pub status: Status,
    /// With what.
    pub payload: Value,
    /// What the worker is at, or was at last.
    pub stage: String,
    /// Steps done in this stage.
    pub done: u64,
    /// Steps in this stage, 0 when unknown.
    pub total: u64,
    /// Times it was taken.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// What came out.
    pub result: Option<Value>,
    /// When it was enqueued.
    pub created_at: String,
    /// When the last attempt began.
    pub started_at: Option<String>,
    /// When it ended for good.
    pub finished_at: Option<String>,
}

/// A job to be enqueued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What is to be done: a short machine word.
    pub kind: String,
    /// With what; at most [`PAYLOAD_LIMIT`] bytes of JSON.
    pub payload: Value,
    /// No second unfinished job of this kind may have the same key; enqueueing one gives back the first.
    pub unique_key: Option<String>,
    /// Times it is tried at most, 1 to 100.
    pub max_attempts: u32,
    /// How long it waits before it may be taken.
    pub delay: Duration,
}

impl NewJob {
    /// A job with no key, no delay and five attempts.
    pub fn new(kind: &str, payload: Value) -> Self {
        Self { kind: kind.to_owned(), payload, unique_key: None, max_attempts: 5, delay: Duration::ZERO }
    }
}

/// Which jobs to list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Only these.
    pub status: Option<Status>,
    /// Only these.
    pub kind: Option<String>,
    /// At most so many, 1 to 1000.
    pub limit: u32,
}

impl Default for Filter {
    fn default() -> Self {
        Self { status: None, kind: None, limit: 50 }
    }
}
