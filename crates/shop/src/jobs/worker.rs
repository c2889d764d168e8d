//! A worker: takes jobs one after another and hands them to a handler, while a second thread keeps the lease.

use super::{Beat, Job, Lease, Queue};
use meschain_base::progress::Snapshot;
use meschain_base::{Error, Progress, Result};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// When a worker stops by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Until {
    /// When no job is due.
    Empty,
    /// After so long; a job that is being worked on is finished first.
    Elapsed(Duration),
}

/// What a worker did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Jobs that ended well.
    pub done: u64,
    /// Attempts that failed.
    pub failed: u64,
    /// Jobs that were cancelled, put off, or lost to another worker.
    pub dropped: u64,
}

/// Takes jobs of one queue.
#[derive(Debug, Clone)]
pub struct Worker {
    queue: Queue,
    name: String,
    /// How often the lease is prolonged, progress stored and cancellation looked for. Progress is never
    /// written more often.
    pub heartbeat: Duration,
    /// How long a job is this worker's after its last heartbeat.
    pub lease: Duration,
    /// How long to wait before looking again when no job is due.
    pub pause: Duration,
    /// The words of an error that are kept with the job.
    pub describe: fn(&Error) -> String,
}

impl Worker {
    /// A worker called `name`, which must differ from that of every other worker, e.g. `host:pid:number`.
    pub fn new(queue: Queue, name: &str) -> Self {
        Self {
            queue,
            name: name.chars().take(128).collect(),
            heartbeat: Duration::from_secs(5),
            lease: Duration::from_secs(60),
            pause: Duration::from_secs(1),
            describe: |error| format!("{error:?}"),
        }
    }

    /// Takes jobs of `kinds` (all when empty) until told. `outer` shows the job at hand and stops the worker
    /// when cancelled: the job at hand goes back to the queue. With [`Until::Elapsed`] a database that is
    /// away for a while is waited for.
    pub fn run<H>(&self, kinds: &[&str], until: Until, handler: &H, outer: &Progress) -> Result<Tally>
    where
        H: Fn(&Job, &Progress) -> Result<Value> + Sync + ?Sized,
    {
        let start = Instant::now();
        let mut tally = Tally::default();
        let mut away = None;
        loop {
            if outer.check().is_err() || matches!(until, Until::Elapsed(limit) if start.elapsed() >= limit) {
                return away.map_or(Ok(tally), Err);
            }
            let taken = self.queue.take(&self.name, kinds, self.lease);
            match (taken, until) {
                (Ok(Some(held)), _) => self.work(&held, handler, outer, &mut tally)?,
                (Ok(None), Until::Empty) => return Ok(tally),
                (Err(error), Until::Elapsed(limit)) if error.is_transient() => {
                    away = Some(error);
                    self.rest(limit.saturating_sub(start.elapsed()), outer);
                    continue;
                }
                (Err(error), _) => return Err(error),
                (Ok(None), Until::Elapsed(limit)) => self.rest(limit.saturating_sub(start.elapsed()), outer),
            }
            away = None;
        }
    }

    /// Waits, waking up often enough that a cancelled worker stops within a fifth of a second.
    fn rest(&self, left: Duration, outer: &Progress) {
        let end = Instant::now() + self.pause.min(left);
        while outer.check().is_ok() && Instant::now() < end {
            std::thread::sleep(end.saturating_duration_since(Instant::now()).min(Duration::from_millis(200)));
        }
    }

    fn work<H>(&self, held: &Lease, handler: &H, outer: &Progress, tally: &mut Tally) -> Result<()>
    where
        H: Fn(&Job, &Progress) -> Result<Value> + Sync + ?Sized,
    {
        let progress = Progress::silent();
        let (finished, wait) = channel::<()>();
        let (result, heard) = std::thread::scope(|scope| {
            let keeper = scope.spawn(|| self.keep(held, &progress, outer, wait));
            let result = catch_unwind(AssertUnwindSafe(|| handler(&held.job, &progress)));
            drop(finished);
            (result, keeper.join().unwrap_or(Beat::Continue))
        });
        let result = result.unwrap_or_else(|_| Err(Error::internal("job", "the handler panicked")));
        if heard == Beat::Lost {
            tally.dropped += 1;
            return Ok(());
        }
        let ended = match persistently(|| self.end(held, &progress, &result, heard, outer)) {
            // The lease runs out, and whoever takes the job then does it again.
            Err(error) if error.is_transient() => false,
            other => other?,
        };
        match result {
            _ if !ended => tally.dropped += 1,
            Ok(_) => tally.done += 1,
            Err(Error::Cancelled | Error::Busy { .. }) => tally.dropped += 1,
            Err(_) => tally.failed += 1,
        }
        Ok(())
    }

    fn end(
        &self,
        held: &Lease,
        progress: &Progress,
        result: &Result<Value>,
        heard: Beat,
        outer: &Progress,
    ) -> Result<bool> {
        match result {
            Ok(value) => match self.queue.succeed(held, &progress.snapshot(), value) {
                Err(error @ Error::Limit { .. }) => self.queue.fail(held, &(self.describe)(&error), true),
                other => other,
            },
            Err(Error::Cancelled) if heard == Beat::Cancel => self.queue.cancelled(held),
            Err(Error::Cancelled) if outer.check().is_err() => self.queue.release(held),
            Err(error) => {
                let why = (self.describe)(error);
                let busy = matches!(error, Error::Busy { .. });
                Ok((busy && self.queue.put_off(held, &why)?)
                    || self.queue.fail(held, &why, is_permanent(error))?)
            }
        }
    }

    /// Beats until the handler is done; cancels its progress when the job is cancelled or lost, or the worker
    /// stopped. A database that does not answer is no reason to stop: the lease may still be there when it
    /// does.
    fn keep(&self, held: &Lease, progress: &Progress, outer: &Progress, finished: Receiver<()>) -> Beat {
        let mut heard = Beat::Continue;
        let mut last = Instant::now();
        loop {
            let tick = self.heartbeat.min(Duration::from_millis(200));
            match finished.recv_timeout(tick) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return heard,
            }
            if outer.check().is_err() {
                progress.cancel();
            }
            let snapshot = progress.snapshot();
            mirror(&snapshot, outer);
            if last.elapsed() < self.heartbeat {
                continue;
            }
            last = Instant::now();
            if let Ok(beat) = self.queue.beat(held, &snapshot, self.lease) {
                heard = beat;
            }
            if heard != Beat::Continue {
                progress.cancel();
            }
        }
    }
}

/// Shows on `outer` what the job at hand shows. That `outer` is cancelled is looked at elsewhere.
fn mirror(job: &Snapshot, outer: &Progress) {
    if outer.snapshot() != *job {
        let _ = outer.stage(&job.stage, job.total);
        let _ = outer.advance(job.done);
    }
}

/// What the same job would fail with again, however often it is tried.
fn is_permanent(error: &Error) -> bool {
    matches!(
        error,
        Error::Argument { .. }
            | Error::Setting { .. }
            | Error::NotConfigured { .. }
            | Error::NotFound { .. }
            | Error::NotEnoughData { .. }
            | Error::Unsupported { .. }
    )
}

/// Tries a few times over about a second: work that is done should not be done again because the database
/// blinked.
fn persistently(mut attempt: impl FnMut() -> Result<bool>) -> Result<bool> {
    for wait in [50, 200, 800] {
        match attempt() {
            Err(error) if error.is_transient() => std::thread::sleep(Duration::from_millis(wait)),
            other => return other,
        }
    }
    attempt()
}
