//! What a worker does for each kind of job. The areas do not know one another, so they meet here.

use crate::engine::Engine;
use crate::exception::message;
use meschain_ai::operations::{price_watch, stock_watch, tend};
use meschain_ai::registry::Shelf;
use meschain_base::{Error, Progress, Result};
use meschain_performance::cache::CacheOptions;
use meschain_shop::Database;
use meschain_shop::columns::{RefreshOptions, Refreshed};
use meschain_shop::jobs::{Job, Queue, Until, Worker};
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// The kinds of jobs there are.
pub const KINDS: &[&str] = &["train", "refresh", "suggest", "optimise_prices", "drift", "forecast"];
/// Request samples, and answers of the models, written to the database after each run of a worker.
const MOST_DRAINED: usize = 100_000;
/// Days that request samples are kept in the database.
const SAMPLE_DAYS: u32 = 30;
/// Between two looks at what the models need.
const TEND: Duration = Duration::from_secs(60);
/// Between two looks at stock and prices.
const WATCH: Duration = Duration::from_secs(900);

/// Takes jobs until there is an end to it, then drains what the pages measured.
pub fn work(engine: &Arc<Engine>, until: Until, progress: &Progress) -> Result<Value> {
    let database = engine.database()?;
    tend(engine, &database);
    let mut worker = Worker::new(Queue::new(database.clone()), &worker_name());
    worker.describe = message;
    let handler = |job: &Job, progress: &Progress| handle(engine, job, progress);
    let tally = worker.run(KINDS, until, &handler, progress)?;
    let monitor = engine.monitor();
    let drained = monitor.drain(&database, MOST_DRAINED).map_or(0, |drained| drained.written);
    let _ = monitor.prune(&database, SAMPLE_DAYS);
    let _ = engine.predictions().drain(&database, MOST_DRAINED);
    if let Ok(cache) = engine.cache(CacheOptions::default()) {
        cache.sweep();
        let _ = monitor.drain_cache(&database, &cache);
    }
    Ok(
        json!({ "done": tally.done, "failed": tally.failed, "dropped": tally.dropped, "samples_written": drained }),
    )
}

/// What a worker does for the models between jobs, at most once a minute in a process and shop. Nothing of it may stop the worker.
fn tend(engine: &Engine, database: &Database) {
    if !engine.is_time_to_tend(TEND) {
        return;
    }
    if let Ok(shelf) = Shelf::new(engine.settings()) {
        let _ = tend::tend(&shelf, database, &engine.settings().timezone, engine.clock().now());
    }
    let _ = engine.predictions().tend(database, engine.clock().now());
    if engine.is_time_to_watch(WATCH) {
        let (timezone, now) = (&engine.settings().timezone, engine.clock().now());
        let _ = stock_watch::observe(database, timezone, now);
        let _ = price_watch::observe(database, timezone, now);
    }
}

fn worker_name() -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    format!("{}:{}", host.trim(), std::process::id())
}

fn handle(engine: &Arc<Engine>, job: &Job, progress: &Progress) -> Result<Value> {
    match job.kind.as_str() {
        "refresh" => {
            let rebuild = job.payload.get("rebuild").and_then(Value::as_bool).unwrap_or(false);
            to_json(&refresh(engine, rebuild, progress)?)
        }
        "train" => {
            // What a page asked for is learnt from the shop as it is now; another attempt goes on from where the first was.
            if job.attempts <= 1 {
                refresh(engine, false, progress)?;
            }
            crate::ai::train(engine, &job.payload, Some(job.job_id), progress)
        }
        "suggest" => {
            refresh(engine, false, progress)?;
            crate::ai::inbox::suggest(engine, &job.payload, progress)
        }
        "optimise_prices" => {
            refresh(engine, false, progress)?;
            crate::ai::models::optimise_prices(engine, &job.payload, &Default::default(), progress)
        }
        "drift" => crate::ai::check_drift(engine, progress),
        "forecast" => {
            refresh(engine, false, progress)?;
            crate::ai::make_forecasts(engine, progress)
        }
        other => Err(Error::argument("kind", format!("one of {}", KINDS.join(", ")), format!("\"{other}\""))),
    }
}

/// Brings the snapshot up to date.
pub fn refresh(engine: &Engine, rebuild: bool, progress: &Progress) -> Result<Refreshed> {
    let options = RefreshOptions { rebuild, ..RefreshOptions::default() };
    engine.columns()?.refresh(&engine.reporting_database()?, &options, engine.clock().as_ref(), progress)
}

/// A serialisable value as JSON.
pub fn to_json(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| Error::internal("a result", error.to_string()))
}
