//! What workers do with jobs: take one, keep it, end it. Each step names the worker and the attempt, so a
//! worker that was thought dead and comes back changes nothing ("fencing").

use super::queue::{COLUMNS, Queue, job, micros};
use super::{ERROR_LIMIT, Job, RESULT_LIMIT, backoff};
use crate::database::{Transaction, fault, rows};
use meschain_base::progress::Snapshot;
use meschain_base::{Error, Result};
use mysql::{IsolationLevel, Params, Row, TxOpts, Value as Cell};
use serde_json::Value;
use std::time::Duration;

/// A job that is put off waits as after this attempt: 20 to 40 seconds.
const PUT_OFF_AS: u32 = 3;

/// A job that a worker holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    /// The job as it was when taken; `attempts` counts this attempt.
    pub job: Job,
    worker: String,
    max_attempts: u32,
}

/// What a heartbeat hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beat {
    /// Go on.
    Continue,
    /// Somebody wants the job cancelled.
    Cancel,
    /// The lease ran out and another worker has the job: stop, nothing you do counts.
    Lost,
}

impl Queue {
    /// Takes the job that is due longest, of one of `kinds` (all when empty), for as long as `lease`. `None`
    /// when none is due.
    ///
    /// Jobs whose worker died are taken too; one that used up its attempts that way is buried instead.
    pub fn take(&self, worker: &str, kinds: &[&str], lease: Duration) -> Result<Option<Lease>> {
        let mut conn = self.database.connection()?;
        loop {
            // Under READ COMMITTED InnoDB locks the row it returns only, not those it passed.
            let options = TxOpts::default().set_isolation_level(Some(IsolationLevel::ReadCommitted));
            let mut transaction = conn.start_transaction(options).map_err(fault)?;
            let Some((taken, running, cancelled, max_attempts)) = next_due(&mut transaction, kinds)? else {
                return Ok(None);
            };
            if cancelled || (running && taken.attempts >= max_attempts) {
                bury(&mut transaction, taken.job_id, cancelled)?;
                transaction.commit().map_err(fault)?;
                continue;
            }
            let sql = "UPDATE meschain_jobs SET status = 'running', worker = ?, attempts = attempts + 1, stage = '', \
                       done = 0, total = 0, result = NULL, started_at = CURRENT_TIMESTAMP(6), \
                       heartbeat_at = CURRENT_TIMESTAMP(6), due_at = CURRENT_TIMESTAMP(6) + INTERVAL ? MICROSECOND \
                       WHERE job_id = ?";
            rows::change(&mut transaction, sql, (worker, micros(lease), taken.job_id))?;
            let sql = format!("SELECT {COLUMNS} FROM meschain_jobs WHERE job_id = ?");
            let row = rows::first::<Row>(&mut transaction, &sql, (taken.job_id,))?;
            transaction.commit().map_err(fault)?;
            let job = row.map(job).ok_or_else(|| super::queue::missing(taken.job_id))??;
            return Ok(Some(Lease { job, worker: worker.to_owned(), max_attempts }));
        }
    }

    /// Says that the worker lives: stores the progress and prolongs the lease.
    pub fn beat(&self, held: &Lease, progress: &Snapshot, lease: Duration) -> Result<Beat> {
        let mut conn = self.database.connection()?;
        let sql = "UPDATE meschain_jobs SET stage = ?, done = ?, total = ?, heartbeat_at = CURRENT_TIMESTAMP(6), \
                   due_at = CURRENT_TIMESTAMP(6) + INTERVAL ? MICROSECOND \
                   WHERE job_id = ? AND status = 'running' AND worker = ? AND attempts = ?";
        let stage: String = progress.stage.chars().take(64).collect();
        let (done, total) = (signed(progress.done), signed(progress.total));
        let params = (stage, done, total, micros(lease), held.job.job_id, &held.worker, held.job.attempts);
        if rows::change(&mut conn, sql, params)? == 0 {
            return Ok(Beat::Lost);
        }
        let sql = "SELECT cancel_requested FROM meschain_jobs WHERE job_id = ?";
        let cancel = rows::first::<bool>(&mut conn, sql, (held.job.job_id,))?.unwrap_or(false);
        Ok(if cancel { Beat::Cancel } else { Beat::Continue })
    }

    /// Ends a job well. False when the lease was lost: the result is thrown away.
    pub fn succeed(&self, held: &Lease, progress: &Snapshot, result: &Value) -> Result<bool> {
        let text = result.to_string();
        if text.len() > RESULT_LIMIT {
            return Err(Error::Limit {
                what: "job result",
                limit: RESULT_LIMIT as u64,
                found: text.len() as u64,
            });
        }
        let stage: String = progress.stage.chars().take(64).collect();
        let set = "status = 'done', error = NULL, due_at = NULL, finished_at = CURRENT_TIMESTAMP(6), \
                   result = ?, stage = ?, done = ?, total = ?";
        let cells = [text.into(), stage.into(), signed(progress.done).into(), signed(progress.total).into()];
        self.end(held, set, cells)
    }

    /// Ends an attempt badly: tried again after a wait, or dead when the attempts are used up or `for_good`.
    pub fn fail(&self, held: &Lease, why: &str, for_good: bool) -> Result<bool> {
        let why: String = why.chars().take(ERROR_LIMIT).collect();
        if for_good || held.job.attempts >= held.max_attempts {
            let set = "status = 'dead', due_at = NULL, finished_at = CURRENT_TIMESTAMP(6), error = ?";
            return self.end(held, set, [why.into()]);
        }
        let wait = micros(backoff::wait(held.job.job_id, held.job.attempts));
        let set = "status = 'failed', error = ?, due_at = CURRENT_TIMESTAMP(6) + INTERVAL ? MICROSECOND";
        self.end(held, set, [why.into(), wait.into()])
    }

    /// Puts a job off while somebody else does what it needs: it waits some half a minute, and the attempt does not count, for a training
    /// or a reading of the shop may take longer than all attempts together. False when the lease was lost, or the job is put off for a
    /// day already: then nothing has happened.
    pub fn put_off(&self, held: &Lease, why: &str) -> Result<bool> {
        let why: String = why.chars().take(ERROR_LIMIT).collect();
        let sql =
            "SELECT created_at > CURRENT_TIMESTAMP(6) - INTERVAL 1 DAY FROM meschain_jobs WHERE job_id = ?";
        let young = rows::first::<bool>(&mut self.database.connection()?, sql, (held.job.job_id,))?;
        if young != Some(true) {
            return Ok(false);
        }
        let wait = micros(backoff::wait(held.job.job_id, PUT_OFF_AS));
        let set = "status = 'queued', attempts = attempts - 1, started_at = NULL, error = ?, \
                   due_at = CURRENT_TIMESTAMP(6) + INTERVAL ? MICROSECOND";
        self.end(held, set, [why.into(), wait.into()])
    }

    /// Ends a job that was cancelled.
    pub fn cancelled(&self, held: &Lease) -> Result<bool> {
        self.end(held, "status = 'cancelled', due_at = NULL, finished_at = CURRENT_TIMESTAMP(6)", [])
    }

    /// Gives a job back untouched, because the worker itself has to stop; the attempt does not count.
    pub fn release(&self, held: &Lease) -> Result<bool> {
        let set =
            "status = 'queued', attempts = attempts - 1, due_at = CURRENT_TIMESTAMP(6), started_at = NULL";
        self.end(held, set, [])
    }

    fn end<const N: usize>(&self, held: &Lease, set: &str, cells: [Cell; N]) -> Result<bool> {
        let sql = format!(
            "UPDATE meschain_jobs SET {set}, worker = NULL, cancel_requested = 0 \
             WHERE job_id = ? AND status = 'running' AND worker = ? AND attempts = ?"
        );
        let guard: [Cell; 3] = [held.job.job_id.into(), (&held.worker).into(), held.job.attempts.into()];
        let params = Params::Positional(cells.into_iter().chain(guard).collect());
        Ok(rows::change(&mut self.database.connection()?, &sql, params)? > 0)
    }
}

type Due = (Job, bool, bool, u32);

fn next_due(transaction: &mut Transaction<'_>, kinds: &[&str]) -> Result<Option<Due>> {
    let marks = vec!["?"; kinds.len()].join(", ");
    let of_kind = if kinds.is_empty() { String::new() } else { format!("AND kind IN ({marks})") };
    let sql = format!(
        "SELECT {COLUMNS}, cancel_requested, max_attempts FROM meschain_jobs \
         WHERE due_at <= CURRENT_TIMESTAMP(6) {of_kind} ORDER BY due_at, job_id LIMIT 1 FOR UPDATE SKIP LOCKED"
    );
    let params = if kinds.is_empty() {
        Params::Empty
    } else {
        Params::Positional(kinds.iter().map(|kind| Cell::from(*kind)).collect())
    };
    let Some(mut row) = rows::first::<Row>(transaction, &sql, params)? else { return Ok(None) };
    let cancelled: bool = rows::take(&mut row, "cancel_requested")?;
    let max_attempts: u32 = rows::take(&mut row, "max_attempts")?;
    let found = job(row)?;
    let running = found.status == super::Status::Running;
    Ok(Some((found, running, cancelled, max_attempts)))
}

fn bury(transaction: &mut Transaction<'_>, job_id: i64, cancelled: bool) -> Result<()> {
    let set = if cancelled { "status = 'cancelled'" } else { "status = 'dead', error = 'worker_lost'" };
    let sql = format!(
        "UPDATE meschain_jobs SET {set}, due_at = NULL, worker = NULL, finished_at = CURRENT_TIMESTAMP(6) \
         WHERE job_id = ?"
    );
    rows::change(transaction, &sql, (job_id,)).map(drop)
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
