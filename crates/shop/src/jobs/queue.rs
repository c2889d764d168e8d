//! What callers do with jobs: enqueue, look, cancel, try again, clean up.

use super::{Filter, Job, NewJob, PAYLOAD_LIMIT, Status};
use crate::database::{Database, rows};
use meschain_base::{DatabaseFault, Error, Result};
use mysql::{Params, Row, Value as Cell};
use serde_json::Value;
use std::time::Duration;

/// The columns of a [`Job`], with times as text.
pub(super) const COLUMNS: &str = "job_id, kind, CAST(status AS CHAR) AS status, payload, stage, done, total, \
     attempts, error, result, DATE_FORMAT(created_at, '%Y-%m-%dT%H:%i:%sZ') AS created_at, \
     DATE_FORMAT(started_at, '%Y-%m-%dT%H:%i:%sZ') AS started_at, \
     DATE_FORMAT(finished_at, '%Y-%m-%dT%H:%i:%sZ') AS finished_at";

/// The jobs of one shop.
#[derive(Debug, Clone)]
pub struct Queue {
    pub(super) database: Database,
}

impl Queue {
    /// The queue in `database`. Opens nothing.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Puts a job in and returns its number; for a `unique_key` that an unfinished job of this kind has, that
    /// job's number.
    pub fn enqueue(&self, job: &NewJob) -> Result<i64> {
        let payload = checked(job)?;
        let mut conn = self.database.connection()?;
        for _ in 0..3 {
            if let Some(found) = self.unfinished(&mut conn, job)? {
                return Ok(found);
            }
            let inserted = rows::change(
                &mut conn,
                "INSERT INTO meschain_jobs (kind, unique_key, payload, max_attempts, due_at) \
                 VALUES (?, ?, ?, ?, CURRENT_TIMESTAMP(6) + INTERVAL ? MICROSECOND)",
                (&job.kind, &job.unique_key, &payload, job.max_attempts, micros(job.delay)),
            );
            match inserted {
                Ok(_) => {
                    let id = rows::first::<i64>(&mut conn, "SELECT LAST_INSERT_ID()", ())?;
                    return id.ok_or_else(|| Error::internal("jobs", "an inserted job has no number"));
                }
                // Another process put the same key in between the look and the insert: look again.
                Err(Error::Database { code: Some(1062), .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let detail = "jobs of one unique key come and go too fast".to_owned();
        Err(Error::Database { fault: DatabaseFault::Contention, code: None, detail })
    }

    fn unfinished(&self, conn: &mut mysql::PooledConn, job: &NewJob) -> Result<Option<i64>> {
        let Some(key) = &job.unique_key else { return Ok(None) };
        let sql = "SELECT job_id FROM meschain_jobs WHERE kind = ? AND live_key = ?";
        rows::first(conn, sql, (&job.kind, key))
    }

    /// One job.
    pub fn get(&self, job_id: i64) -> Result<Job> {
        let mut conn = self.database.connection()?;
        let sql = format!("SELECT {COLUMNS} FROM meschain_jobs WHERE job_id = ?");
        let row = rows::first::<Row>(&mut conn, &sql, (job_id,))?;
        row.map(job).ok_or_else(|| missing(job_id))?
    }

    /// Jobs that fit, newest first.
    pub fn list(&self, filter: &Filter) -> Result<Vec<Job>> {
        if !(1..=1000).contains(&filter.limit) {
            return Err(Error::argument("limit", "a number from 1 to 1000", filter.limit.to_string()));
        }
        let mut conditions = vec!["TRUE"];
        let mut params: Vec<Cell> = Vec::new();
        if let Some(status) = filter.status {
            conditions.push("status = ?");
            params.push(status.as_str().into());
        }
        if let Some(kind) = &filter.kind {
            conditions.push("kind = ?");
            params.push(kind.into());
        }
        params.push(filter.limit.into());
        let conditions = conditions.join(" AND ");
        let sql =
            format!("SELECT {COLUMNS} FROM meschain_jobs WHERE {conditions} ORDER BY job_id DESC LIMIT ?");
        let mut conn = self.database.connection()?;
        let rows: Vec<Row> = rows::all(&mut conn, &sql, Params::Positional(params))?;
        rows.into_iter().map(job).collect()
    }

    /// Cancels a job: at once when it waits; a running one is asked to stop and does so at its worker's next
    /// heartbeat. False when it has ended already.
    pub fn cancel(&self, job_id: i64) -> Result<bool> {
        let mut conn = self.database.connection()?;
        let waiting = "UPDATE meschain_jobs SET status = 'cancelled', due_at = NULL, \
                       finished_at = CURRENT_TIMESTAMP(6) WHERE job_id = ? AND status IN ('queued', 'failed')";
        if rows::change(&mut conn, waiting, (job_id,))? > 0 {
            return Ok(true);
        }
        let running = "UPDATE meschain_jobs SET cancel_requested = 1 WHERE job_id = ? AND status = 'running'";
        if rows::change(&mut conn, running, (job_id,))? > 0 {
            return Ok(true);
        }
        Ok(self.get(job_id)?.status == Status::Running)
    }

    /// Puts a dead or cancelled job back with all its attempts. False when it is neither, or an unfinished
    /// job has its key.
    pub fn retry(&self, job_id: i64) -> Result<bool> {
        let mut conn = self.database.connection()?;
        let sql = "UPDATE meschain_jobs SET status = 'queued', attempts = 0, cancel_requested = 0, worker = NULL, \
                   finished_at = NULL, due_at = CURRENT_TIMESTAMP(6) \
                   WHERE job_id = ? AND status IN ('dead', 'cancelled')";
        match rows::change(&mut conn, sql, (job_id,)) {
            Ok(0) => self.get(job_id).map(|_| false),
            Ok(_) => Ok(true),
            Err(Error::Database { code: Some(1062), .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Forgets done and cancelled jobs that ended longer ago than `age`; a thousand at a time. Dead ones stay
    /// until looked at.
    pub fn prune(&self, age: Duration) -> Result<u64> {
        let sql = "DELETE FROM meschain_jobs WHERE status IN ('done', 'cancelled') \
                   AND finished_at < CURRENT_TIMESTAMP(6) - INTERVAL ? SECOND LIMIT 1000";
        rows::change(&mut self.database.connection()?, sql, (age.as_secs(),))
    }
}

fn checked(job: &NewJob) -> Result<String> {
    let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    if job.kind.is_empty() || job.kind.len() > 64 || !job.kind.bytes().all(word) {
        return Err(Error::argument(
            "kind",
            "1 to 64 letters, digits, dots, dashes or underscores",
            &job.kind,
        ));
    }
    if !(1..=100).contains(&job.max_attempts) {
        return Err(Error::argument("max_attempts", "a number from 1 to 100", job.max_attempts.to_string()));
    }
    if let Some(key) = job.unique_key.as_ref().filter(|key| key.is_empty() || key.chars().count() > 128) {
        return Err(Error::argument("unique_key", "1 to 128 characters", key));
    }
    let payload = job.payload.to_string();
    if payload.len() > PAYLOAD_LIMIT {
        return Err(Error::Limit {
            what: "job payload",
            limit: PAYLOAD_LIMIT as u64,
            found: payload.len() as u64,
        });
    }
    Ok(payload)
}

pub(super) fn missing(job_id: i64) -> Error {
    Error::NotFound { what: "job", id: job_id.to_string() }
}

/// Whole microseconds that fit into the column's arithmetic; ten years at most.
pub(super) fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX).min(315_360_000_000_000)
}

/// Reads the row of [`COLUMNS`].
pub(super) fn job(mut row: Row) -> Result<Job> {
    let row = &mut row;
    let status: String = rows::take(row, "status")?;
    Ok(Job {
        job_id: rows::take(row, "job_id")?,
        kind: rows::take(row, "kind")?,
        status: Status::parse("status", &status)?,
        payload: json(&rows::take::<String>(row, "payload")?)?,
        stage: rows::take(row, "stage")?,
        done: rows::take(row, "done")?,
        total: rows::take(row, "total")?,
        attempts: rows::take(row, "attempts")?,
        error: rows::take(row, "error")?,
        result: rows::take::<Option<String>>(row, "result")?.map(|text| json(&text)).transpose()?,
        created_at: rows::take(row, "created_at")?,
        started_at: rows::take(row, "started_at")?,
        finished_at: rows::take(row, "finished_at")?,
    })
}

fn json(text: &str) -> Result<Value> {
    let detail = || "a job's payload or result is not JSON".to_owned();
    serde_json::from_str(text).map_err(|_| Error::Database {
        fault: DatabaseFault::Value,
        code: None,
        detail: detail(),
    })
}
