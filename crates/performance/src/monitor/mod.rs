//! How long requests take, measured on the shopper's path without a system call beyond clocks and without a lock.
//!
//! A finished request is counted in histograms and put into a ring, both in memory that all workers of the machine
//! share ([`store`]). Pages read the histograms; a worker or the command line drains the ring into
//! `meschain_performance_metrics`.

pub mod cells;
mod drain;
pub mod histogram;
pub mod names;
pub mod report;
pub mod requests;
pub mod samples;
pub mod store;
mod time;

pub use drain::Drained;
pub use report::ReportRow;
pub use requests::Requests;

use crate::cache::CacheManager;
use crate::shared::hash::hash_parts;
use cells::Measured;
use meschain_base::{Clock, Error, Result, Settings};
use meschain_shop::Database;
use samples::Sample;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use store::Store;

/// The monitor of this machine. Cheap to clone; opens nothing before its first use.
#[derive(Clone)]
pub struct Monitor(Arc<Inner>);

struct Inner {
    folder: Option<PathBuf>,
    sample: f64,
    clock: Arc<dyn Clock>,
    store: OnceLock<Store>,
    started: AtomicU64,
}

/// A request under way: plain data that may leave and come back.
#[derive(Debug, Clone, PartialEq)]
pub struct Started {
    /// Route.
    pub endpoint: String,
    /// HTTP method.
    pub method: String,
    /// Memory at the start.
    pub memory_bytes: u64,
    /// Monotonic nanoseconds at the start.
    pub start_nanos: u64,
    /// CPU nanoseconds of the process at the start.
    pub cpu_nanos: u64,
    /// Seconds since 1970 at the start.
    pub start_time: f64,
    /// Whether it will be counted.
    pub sampled: bool,
}

/// The end of a request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Finish {
    /// HTTP status.
    pub status_code: u16,
    /// Message of a failure.
    pub error: Option<String>,
    /// Memory at the end.
    pub memory_bytes: u64,
    /// Administrator or customer.
    pub user_id: Option<u32>,
    /// Marketplace.
    pub marketplace_id: Option<u32>,
}

/// A finished request, with the source plan's keys.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RequestMetrics {
    /// Route.
    pub endpoint: String,
    /// HTTP method.
    pub method: String,
    /// Duration in milliseconds.
    pub response_time_ms: f64,
    /// Growth of memory in MiB; negative when it shrank.
    pub memory_usage_mb: f64,
    /// CPU time over elapsed time in percent; past 100 with several threads.
    pub cpu_usage_percent: f64,
    /// HTTP status.
    pub status_code: u16,
    /// Message of a failure.
    pub error_message: Option<String>,
    /// Administrator or customer.
    pub user_id: Option<u32>,
    /// Marketplace.
    pub marketplace_id: Option<u32>,
}

impl Monitor {
    /// The monitor for these settings: shared by the shop's workers under `<data_dir>/monitor`, in this process without one.
    pub fn open(settings: &Settings, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            folder: meschain_shop::folder(settings, "monitor").ok(),
            sample: settings.monitor_sample,
            clock,
            store: OnceLock::new(),
            started: AtomicU64::new(0),
        }))
    }

    /// A folder that cannot be used leaves the monitor to this process; monitoring never fails a page.
    fn store(&self) -> &Store {
        self.0.store.get_or_init(|| {
            let shared =
                self.0.folder.as_ref().and_then(|folder| Store::open(&folder.join("requests-1")).ok());
            shared.unwrap_or_else(Store::process)
        })
    }

    /// A request starts.
    pub fn start(&self, endpoint: &str, method: &str, memory_bytes: u64) -> Started {
        let now = self.0.clock.now();
        Started {
            endpoint: endpoint.to_owned(),
            method: method.to_ascii_uppercase(),
            memory_bytes,
            start_nanos: time::monotonic_nanos(),
            cpu_nanos: time::cpu_nanos(),
            start_time: now.as_microsecond() as f64 / 1e6,
            sampled: self.is_sampled(),
        }
    }

    /// A request has ended: counts it unless it is not sampled.
    pub fn finish(&self, started: Started, finish: Finish) -> RequestMetrics {
        let nanos = time::monotonic_nanos().saturating_sub(started.start_nanos);
        let cpu = time::cpu_nanos().saturating_sub(started.cpu_nanos);
        let cpu_percent = if nanos == 0 { 0.0 } else { cpu as f64 / nanos as f64 * 100.0 };
        let grown = finish.memory_bytes as f64 - started.memory_bytes as f64;
        if started.sampled {
            self.count(&started, &finish, nanos / 1000, cpu_percent);
        }
        RequestMetrics {
            endpoint: started.endpoint,
            method: started.method,
            response_time_ms: requests::round(nanos as f64 / 1e6),
            memory_usage_mb: (grown / 1_048_576.0 * 100.0).round() / 100.0,
            cpu_usage_percent: (cpu_percent * 100.0).round() / 100.0,
            status_code: finish.status_code,
            error_message: finish.error,
            user_id: finish.user_id,
            marketplace_id: finish.marketplace_id,
        }
    }

    fn count(&self, started: &Started, finish: &Finish, micros: u64, cpu_percent: f64) {
        let store = self.store();
        let at_ms = u64::try_from(self.0.clock.now().as_millisecond()).unwrap_or(0);
        let memory_kib = finish.memory_bytes.saturating_sub(started.memory_bytes) / 1024;
        let cpu = (cpu_percent * 100.0) as u32;
        let failed = finish.status_code >= 400;
        let measured = Measured { micros, memory_kib, cpu: Some(u64::from(cpu)), failed };
        store.count(store.names().number(&started.method, &started.endpoint), at_ms / 1000, measured);
        store.samples().push(&Sample {
            at_ms,
            micros,
            memory_kib: u32::try_from(memory_kib).unwrap_or(u32::MAX),
            cpu: Some(cpu),
            status_code: finish.status_code,
            user_id: finish.user_id,
            marketplace_id: finish.marketplace_id,
            endpoint: started.endpoint.clone(),
            method: started.method.clone(),
            error: finish.error.clone().unwrap_or_default(),
        });
    }

    /// Spreads the chosen share evenly enough over requests and processes.
    fn is_sampled(&self) -> bool {
        if self.0.sample >= 1.0 {
            return true;
        }
        let number = self.0.started.fetch_add(1, Relaxed);
        let draw = hash_parts(&[&number.to_le_bytes(), &std::process::id().to_le_bytes()]);
        ((draw >> 11) as f64) < self.0.sample * (1u64 << 53) as f64
    }

    /// The last `minutes`, 1 to 1440. Only sampled requests are counted.
    pub fn requests(&self, minutes: u32) -> Requests {
        requests::requests(self.store(), minutes, self.0.clock.now())
    }

    /// By endpoint, for a range such as `15m`, `24h` or `7d`. Up to a day comes from the machine's histograms, more
    /// from what was drained into the database.
    pub fn report(&self, range: &str, database: Option<&Database>) -> Result<Vec<ReportRow>> {
        let minutes = report::parse_range(range)?;
        let now = self.0.clock.now();
        if minutes <= requests::LONGEST_WINDOW {
            return Ok(report::from_store(self.store(), minutes, now));
        }
        let database = database.ok_or(Error::NotConfigured { setting: "database_url" })?;
        report::from_database(database, minutes, now)
    }

    /// Writes up to `most` requests to `meschain_performance_metrics`. One process at a time; `Error::Busy` else.
    pub fn drain(&self, database: &Database, most: usize) -> Result<Drained> {
        let store = self.store();
        let _only = self.only_drainer()?;
        drain::drain(store.samples(), database, most)
    }

    /// Held while draining; let go by the kernel if this process dies.
    fn only_drainer(&self) -> Result<Option<std::fs::File>> {
        let Some(folder) = &self.0.folder else { return Ok(None) };
        meschain_base::atomic_file::lock(&folder.join("drain.lock"), "monitor drain").map(Some)
    }

    /// Requests that wait to be drained.
    pub fn waiting(&self) -> u64 {
        self.store().samples().waiting()
    }

    /// Writes a row for each tier of a cache to `meschain_cache_stats`.
    pub fn drain_cache(&self, database: &Database, cache: &CacheManager) -> Result<u64> {
        drain::drain_cache(database, cache, self.0.clock.now())
    }

    /// Deletes drained requests older than `retention_days`.
    pub fn prune(&self, database: &Database, retention_days: u32) -> Result<u64> {
        drain::prune(database, retention_days, self.0.clock.now())
    }
}
