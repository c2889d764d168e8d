//! Trainings in the queue of jobs: stopping one, and going on with it.

use meschain_base::{Error, Result};
use meschain_shop::jobs::{Job, Queue};

/// The kind of their jobs.
pub const JOB: &str = "train";

/// Cancels a training that waits, at once; one at work stops at its next safe point, and what it finished before serves. False when it has
/// ended already.
pub fn cancel(queue: &Queue, job_id: i64) -> Result<bool> {
    let job = training(queue, job_id)?;
    queue.cancel(job.job_id)
}

/// Puts a training that was cancelled, or given up, back into the queue. The models that it finished within the last seven days are not
/// trained again. False when it is neither.
pub fn resume(queue: &Queue, job_id: i64) -> Result<bool> {
    let job = training(queue, job_id)?;
    queue.retry(job.job_id)
}

/// The job, if it is a training: other jobs are not cancelled by the way.
fn training(queue: &Queue, job_id: i64) -> Result<Job> {
    let missing = || Error::NotFound { what: "training", id: job_id.to_string() };
    match queue.get(job_id) {
        Ok(job) if job.kind == JOB => Ok(job),
        Ok(_) | Err(Error::NotFound { .. }) => Err(missing()),
        Err(error) => Err(error),
    }
}
