//! What one set of settings opens, lazily and once per process: database pools, the mapped snapshot, models, cache,
//! monitor.

use meschain_ai::inference::Models;
use meschain_ai::inference::log::PredictionLog;
use meschain_ai::settings::AiSettings;
use meschain_base::{Clock, Error, Progress, Result, Settings, SystemClock};
use meschain_performance::cache::{CacheManager, CacheOptions, Caches};
use meschain_performance::monitor::Monitor;
use meschain_shop::Database;
use meschain_shop::columns::{Budget, RefreshOptions, Snapshot, Store};
use parking_lot::Mutex;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// How long a look at the models' settings holds; a worker that saves them forgets its own at once.
const SETTINGS_HOLD: Duration = Duration::from_secs(30);

/// The open things of one set of settings in one process.
pub struct Engine {
    settings: Settings,
    database: OnceLock<Database>,
    reporting: OnceLock<Database>,
    columns: OnceLock<Arc<Store>>,
    models: OnceLock<Arc<Models>>,
    predictions: PredictionLog,
    ai_settings: Mutex<Option<(Instant, Arc<AiSettings>)>>,
    caches: Caches,
    monitor: OnceLock<Monitor>,
    tended: Mutex<Option<Instant>>,
    watched: Mutex<Option<Instant>>,
}

impl Engine {
    /// Opens nothing.
    pub fn new(settings: Settings) -> Self {
        let caches = Caches::new(&settings, Arc::new(SystemClock));
        Self {
            predictions: PredictionLog::new(&settings),
            settings,
            database: OnceLock::new(),
            reporting: OnceLock::new(),
            columns: OnceLock::new(),
            models: OnceLock::new(),
            ai_settings: Mutex::new(None),
            caches,
            monitor: OnceLock::new(),
            tended: Mutex::new(None),
            watched: Mutex::new(None),
        }
    }

    /// The settings this engine was made for.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The one clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(SystemClock)
    }

    /// The main database; connects at first use.
    pub fn database(&self) -> Result<Database> {
        kept(&self.database, || Database::main(&self.settings))
    }

    /// Where reports read. Without a database of their own it is the main one, pool and all.
    pub fn reporting_database(&self) -> Result<Database> {
        if self.settings.reporting_database_url.is_none() {
            return self.database();
        }
        kept(&self.reporting, || Database::reporting(&self.settings))
    }

    /// The snapshot's place on this node.
    pub fn columns(&self) -> Result<Arc<Store>> {
        kept(&self.columns, || Store::new(&self.settings).map(Arc::new))
    }

    /// The snapshot, brought up to date first where the shop is small enough for a page to wait for it. A database that
    /// is down does not take the last snapshot with it; its age is shown.
    pub fn snapshot(&self) -> Result<Option<Arc<Snapshot>>> {
        let store = self.columns()?;
        let database = self.reporting_database()?;
        match store.ensure(&database, &Budget::default(), self.clock().as_ref()) {
            Err(error) if error.is_transient() => match store.open()? {
                Some(kept) => Ok(Some(kept)),
                None => Err(error),
            },
            other => other,
        }
    }

    /// The snapshot for a training or a job, which no page waits for: where there is none, or it cannot be read (another version of the
    /// library left it), it is made anew, however large the shop.
    pub fn snapshot_for_work(&self, progress: &Progress) -> Result<Arc<Snapshot>> {
        match self.snapshot() {
            Ok(Some(snapshot)) => return Ok(snapshot),
            Ok(None) | Err(Error::Corrupt { .. }) => {}
            Err(error) => return Err(error),
        }
        let (store, options) = (self.columns()?, RefreshOptions::default());
        store.refresh(&self.reporting_database()?, &options, self.clock().as_ref(), progress)?;
        store.open()?.ok_or_else(|| Error::internal("the snapshot", "it vanished"))
    }

    /// The snapshot for a shopper's page, which never waits for a refresh: what there is, however old; one is made only
    /// where there is none.
    pub fn snapshot_as_it_is(&self) -> Result<Option<Arc<Snapshot>>> {
        match self.columns()?.open() {
            Ok(Some(snapshot)) => Ok(Some(snapshot)),
            _ => self.snapshot(),
        }
    }

    /// The models of this process.
    pub fn models(&self) -> Result<Arc<Models>> {
        kept(&self.models, || Models::new(&self.settings).map(Arc::new))
    }

    /// The log of what the models answered.
    pub fn predictions(&self) -> &PredictionLog {
        &self.predictions
    }

    /// The models' settings for a page, as they were at most half a minute ago; while the database does not answer, as they were last
    /// read here, else the defaults.
    pub fn ai_settings(&self) -> Arc<AiSettings> {
        let mut kept = self.ai_settings.lock();
        let known = match kept.as_ref() {
            Some((read, settings)) if read.elapsed() < SETTINGS_HOLD => return Arc::clone(settings),
            known => known.map(|(_, settings)| Arc::clone(settings)),
        };
        let read = self.database().and_then(|database| AiSettings::load(&database)).map(Arc::new);
        let settings = read.ok().or(known).unwrap_or_default();
        *kept = Some((Instant::now(), Arc::clone(&settings)));
        settings
    }

    /// The same as they are now, for what is written down and acted on.
    pub fn ai_settings_now(&self) -> Result<Arc<AiSettings>> {
        let settings = Arc::new(AiSettings::load(&self.database()?)?);
        *self.ai_settings.lock() = Some((Instant::now(), Arc::clone(&settings)));
        Ok(settings)
    }

    /// After a change of the models' settings.
    pub fn forget_ai_settings(&self) {
        *self.ai_settings.lock() = None;
    }

    /// The process's cache with these options.
    pub fn cache(&self, options: CacheOptions) -> Result<CacheManager> {
        self.caches.get(options)
    }

    /// The request monitor.
    pub fn monitor(&self) -> Monitor {
        self.monitor.get_or_init(|| Monitor::open(&self.settings, self.clock())).clone()
    }

    /// Whether the models were not looked after within `period`; says so once, then counts anew.
    pub fn is_time_to_tend(&self, period: Duration) -> bool {
        is_due(&self.tended, period)
    }

    /// The same for the look at what ran out of stock.
    pub fn is_time_to_watch(&self, period: Duration) -> bool {
        is_due(&self.watched, period)
    }

    /// Threads for heavy work: what was set, else one in a web request and all cores in the command line.
    pub fn threads(&self) -> usize {
        self.settings.threads.unwrap_or_else(|| if crate::lifecycle::is_command_line() { cores() } else { 1 })
    }
}

fn is_due(last: &Mutex<Option<Instant>>, period: Duration) -> bool {
    let mut last = last.lock();
    let due = last.is_none_or(|at| at.elapsed() >= period);
    if due {
        *last = Some(Instant::now());
    }
    due
}

/// The cores this process may use. Asked once: the answer reads control group files, which costs more than a prediction.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
}

/// The kept value, or a new one that is kept when it could be made: a failure is tried again at the next call.
fn kept<T: Clone>(cell: &OnceLock<T>, make: impl FnOnce() -> Result<T>) -> Result<T> {
    match cell.get() {
        Some(value) => Ok(value.clone()),
        None => make().map(|value| cell.get_or_init(|| value).clone()),
    }
}
