//! `MesChain\Shop`: see `stubs/Shop.php`.

use crate::engine::Engine;
use crate::options::Options;
use crate::task::Task;
use crate::work::{self, to_json};
use crate::{arg, call, convert, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_base::{Error, Result};
use meschain_shop::jobs::{Filter, NewJob, Queue, Status, Until};
use meschain_shop::sample::{self, RetailOptions, SampleOptions, Size};
use meschain_shop::{doctor, migrations};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// How long `work()` runs when neither `once` nor `seconds` says.
const DEFAULT_WORK: Duration = Duration::from_secs(55);

#[php_class]
#[php(name = "MesChain\\Shop")]
pub struct Shop {
    engine: Arc<Engine>,
}

impl Shop {
    fn queue(&self) -> Result<Queue> {
        self.engine.database().map(Queue::new)
    }
}

fn sample_options(value: &Zval) -> Result<SampleOptions> {
    let options = Options::open("options", Some(value), &["size", "seed", "end", "force"])?;
    let size = options.string("size")?;
    let size =
        size.ok_or_else(|| Error::argument(options.path("size"), "small, medium or large", "nothing"))?;
    let end = options.string("end")?.map(|text| {
        text.parse().map_err(|_| {
            Error::argument(options.path("end"), "a day such as 2026-11-22", format!("\"{text}\""))
        })
    });
    let mut chosen =
        SampleOptions { size: Size::parse(&size)?, end: end.transpose()?, ..SampleOptions::default() };
    if let Some(seed) = options.int("seed", 0, i64::MAX)? {
        chosen.seed = u64::try_from(seed).unwrap_or_default();
    }
    chosen.force = options.boolean("force")?.unwrap_or(false);
    Ok(chosen)
}

fn new_job(kind: &str, payload: Option<&Zval>, options: Option<&Zval>) -> Result<NewJob> {
    if !work::KINDS.contains(&kind) {
        let expected = format!("one of {}", work::KINDS.join(", "));
        return Err(Error::argument("kind", expected, format!("\"{kind}\"")));
    }
    let payload = payload.map_or(Ok(Value::Null), |payload| convert::from_php("payload", payload))?;
    let payload =
        if payload.as_array().is_some_and(Vec::is_empty) || payload.is_null() { json!({}) } else { payload };
    let options = Options::open("options", options, &["unique", "delay_seconds", "max_attempts"])?;
    let mut job = NewJob::new(kind, payload);
    job.unique_key = options.string("unique")?;
    job.delay =
        Duration::from_secs(options.int("delay_seconds", 0, 86_400 * 365)?.unwrap_or(0).unsigned_abs());
    if let Some(most) = options.int("max_attempts", 1, 100)? {
        job.max_attempts = u32::try_from(most).unwrap_or(1);
    }
    Ok(job)
}

fn job_filter(value: Option<&Zval>) -> Result<Filter> {
    let options = Options::open("filter", value, &["status", "kind", "limit"])?;
    let status =
        options.string("status")?.map(|text| Status::parse(&options.path("status"), &text)).transpose()?;
    let limit = options.int("limit", 1, 1000)?.and_then(|limit| u32::try_from(limit).ok());
    Ok(Filter { status, kind: options.string("kind")?, limit: limit.unwrap_or(Filter::default().limit) })
}

fn until(value: Option<&Zval>) -> Result<Until> {
    let options = Options::open("options", value, &["once", "seconds"])?;
    if options.boolean("once")?.unwrap_or(false) {
        return Ok(Until::Empty);
    }
    let Some(seconds) = options.float("seconds")? else { return Ok(Until::Elapsed(DEFAULT_WORK)) };
    if (0.0..=86_400.0).contains(&seconds) {
        Ok(Until::Elapsed(Duration::from_secs_f64(seconds)))
    } else {
        Err(Error::argument(options.path("seconds"), "a number from 0 to 86400", seconds.to_string()))
    }
}

#[php_impl]
impl Shop {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    pub fn doctor(&self) -> PhpResult<Zval> {
        call::array(|| {
            let checks = doctor::doctor(self.engine.settings(), self.engine.clock().as_ref());
            Ok(json!({ "ok": doctor::healthy(&checks), "checks": to_json(&checks)? }))
        })
    }

    pub fn migrate(&self, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let dry_run =
                Options::open("options", options, &["dry_run"])?.boolean("dry_run")?.unwrap_or(false);
            migrations::migrate(&self.engine.database()?, dry_run, &meschain_base::Progress::silent())
        })
    }

    pub fn migration_status(&self) -> PhpResult<Zval> {
        call::array(|| migrations::status(&self.engine.database()?))
    }

    pub fn sample(&self, options: &Zval) -> PhpResult<Task> {
        call::run(|| {
            let options = sample_options(options)?;
            let (engine, database) = (Arc::clone(&self.engine), self.engine.database()?);
            Task::start(move |progress| {
                let clock = engine.clock();
                to_json(&sample::sample(&database, engine.settings(), clock.as_ref(), &options, progress)?)
            })
        })
    }

    pub fn load_online_retail(&self, file: &str, options: Option<&Zval>) -> PhpResult<Task> {
        call::run(|| {
            let force = Options::open("options", options, &["force"])?.boolean("force")?.unwrap_or(false);
            let (engine, database) = (Arc::clone(&self.engine), self.engine.database()?);
            let path = PathBuf::from(file);
            Task::start(move |progress| {
                let options = RetailOptions { force };
                to_json(&sample::load_online_retail(&database, engine.settings(), &path, &options, progress)?)
            })
        })
    }

    pub fn snapshot(&self) -> PhpResult<Zval> {
        call::array(|| match self.engine.columns()?.open()? {
            Some(snapshot) => to_json(&snapshot.summary(self.engine.clock().now())),
            None => Ok(json!({
                "available": false, "orders": 0, "lines": 0, "products": 0, "customers": 0, "bytes": 0,
                "built_at": null, "age_seconds": null, "watermark": 0,
            })),
        })
    }

    pub fn refresh(&self, options: Option<&Zval>) -> PhpResult<Task> {
        call::run(|| {
            let rebuild =
                Options::open("options", options, &["rebuild"])?.boolean("rebuild")?.unwrap_or(false);
            let engine = Arc::clone(&self.engine);
            engine.columns()?;
            Task::start(move |progress| to_json(&work::refresh(&engine, rebuild, progress)?))
        })
    }

    pub fn enqueue(&self, kind: &str, payload: Option<&Zval>, options: Option<&Zval>) -> PhpResult<i64> {
        call::run(|| self.queue()?.enqueue(&new_job(kind, payload, options)?))
    }

    pub fn jobs(&self, filter: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| self.queue()?.list(&job_filter(filter)?))
    }

    pub fn job(&self, id: &Zval) -> PhpResult<Zval> {
        call::array(|| self.queue()?.get(arg::int_between("id", id, 1, i64::MAX)?))
    }

    pub fn cancel_job(&self, id: &Zval) -> PhpResult<bool> {
        call::run(|| self.queue()?.cancel(arg::int_between("id", id, 1, i64::MAX)?))
    }

    pub fn retry_job(&self, id: &Zval) -> PhpResult<bool> {
        call::run(|| self.queue()?.retry(arg::int_between("id", id, 1, i64::MAX)?))
    }

    pub fn work(&self, options: Option<&Zval>) -> PhpResult<Task> {
        call::run(|| {
            let until = until(options)?;
            let engine = Arc::clone(&self.engine);
            Task::start(move |progress| work::work(&engine, until, progress))
        })
    }
}
