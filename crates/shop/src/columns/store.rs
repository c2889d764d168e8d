//! Where a node keeps its snapshot: opening, refreshing, publishing.

use super::build::{self, Built, Job};
use super::snapshot::{Snapshot, Summary};
use super::stamp::{Identity, Stamp};
use crate::database::{Database, fault, parse_target};
use meschain_base::{Clock, Error, Progress, Result, Settings, atomic_file};
use mysql::prelude::Queryable;
use parking_lot::Mutex;
use serde::Serialize;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How hard a refresh looks for changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Depth {
    /// Every order and line is fingerprinted by the database: edits and deletions that nobody recorded are found.
    #[default]
    Fingerprints,
    /// Only orders above the watermark or with a new `date_modified` are looked at. Deletions, and edits that leave
    /// `date_modified` alone, wait for the next refresh of the other kind.
    Watermark,
}

/// How to refresh.
#[derive(Debug, Clone, Copy, Default)]
pub struct RefreshOptions {
    /// Read everything again, whatever is there.
    pub rebuild: bool,
    /// How hard to look.
    pub depth: Depth,
}

/// What may be done while a page waits.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Shops of more orders are left to the worker.
    pub orders: u64,
    /// Younger snapshots are served as they are.
    pub max_age_seconds: i64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { orders: 50_000, max_age_seconds: 300 }
    }
}

/// What a refresh did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refreshed {
    /// Whether everything was read again.
    pub rebuilt: bool,
    /// Whether a new file was published.
    pub changed: bool,
    /// Orders read from the database.
    pub orders_read: u64,
    /// Orders that are gone since the file before.
    pub orders_removed: u64,
    /// What is there now.
    #[serde(flatten)]
    pub summary: Summary,
}

/// How long a look at the stamp holds. It says when the shop was last compared, to a precision of minutes; reading it for every
/// answer would cost more than most answers.
const STAMP_HOLDS: Duration = Duration::from_secs(1);

#[derive(Debug)]
struct Open {
    identity: Identity,
    snapshot: Arc<Snapshot>,
    /// `None` when the stamp was written since.
    stamp_read: Option<Instant>,
}

impl Open {
    fn holds(&self, identity: Identity) -> bool {
        self.identity == identity && self.stamp_read.is_some_and(|read| read.elapsed() < STAMP_HOLDS)
    }
}

/// The snapshot of one shop on this node. Keep one: it remembers the open mapping.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    open: Mutex<Option<Open>>,
}

impl Store {
    /// The snapshot of the reporting database of `settings`. Touches no file.
    pub fn new(settings: &Settings) -> Result<Self> {
        let folder = settings.require_data_dir()?.join("columns");
        // Several shops may share a data folder.
        let target = parse_target("reporting_database_url", settings.require_reporting_database()?)?;
        let name = crate::folder::shop_name(&target, &settings.table_prefix);
        Ok(Self { path: folder.join(format!("{name}.safetensors")), open: Mutex::new(None) })
    }

    /// Where the file is, or will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The published snapshot; `None` when there is none, [`Error::Corrupt`] when it is damaged. Costs a look at the file
    /// when it is the one already open.
    pub fn open(&self) -> Result<Option<Arc<Snapshot>>> {
        let mut open = self.open.lock();
        let Some(identity) = Identity::of(&self.path)? else {
            *open = None;
            return Ok(None);
        };
        if let Some(known) = open.as_ref().filter(|known| known.holds(identity)) {
            return Ok(Some(Arc::clone(&known.snapshot)));
        }
        let known = open.take().filter(|known| known.identity == identity);
        let stamp = Stamp::read(&self.path).filter(|stamp| stamp.file == identity);
        let snapshot = match known {
            Some(known) => known.snapshot,
            None => {
                let snapshot = Arc::new(Snapshot::open(&self.path)?);
                if stamp.is_none() {
                    snapshot.verify()?;
                    // Best effort: where the folder is read-only, each process checks once.
                    let _ = Stamp { file: identity, checked_at: snapshot.built_at() }.write(&self.path);
                }
                snapshot
            }
        };
        *open = Some(Open { identity, snapshot: Arc::clone(&snapshot), stamp_read: Some(Instant::now()) });
        if let Some(stamp) = stamp {
            snapshot.set_checked_at(stamp.checked_at);
        }
        Ok(Some(snapshot))
    }

    /// Brings the snapshot up to date and publishes it. Readers keep what they have open. [`Error::Busy`] while another
    /// process of this node refreshes it.
    pub fn refresh(
        &self,
        database: &Database,
        options: &RefreshOptions,
        clock: &dyn Clock,
        progress: &Progress,
    ) -> Result<Refreshed> {
        let folder = self.path.parent().ok_or_else(|| Error::internal("columns", "no folder"))?;
        atomic_file::create_private_dir(folder)?;
        let _lock = self.lock()?;
        let stem = format!(".{}-", self.stem());
        remove_leftovers(folder, &stem);
        let scratch = tempfile::Builder::new().prefix(&stem).tempdir_in(folder);
        let scratch = scratch.map_err(Error::io(folder, "create a folder in"))?;
        let previous = match self.open() {
            Err(Error::Corrupt { .. }) => None,
            other => other?,
        };
        let job = Job {
            database,
            previous: previous.as_deref(),
            rebuild: options.rebuild,
            depth: options.depth,
            now: clock.now(),
            progress,
            folder: scratch.path(),
        };
        let built = build::build(&job)?;
        self.publish(&built, &job)?;
        if let Some(open) = self.open.lock().as_mut() {
            open.stamp_read = None;
        }
        let snapshot = self.open()?.ok_or_else(|| Error::internal("columns", "published file is gone"))?;
        Ok(Refreshed {
            rebuilt: built.rebuilt,
            changed: built.file.is_some(),
            orders_read: built.orders_read,
            orders_removed: built.orders_removed,
            summary: snapshot.summary(clock.now()),
        })
    }

    fn publish(&self, built: &Built, job: &Job<'_>) -> Result<()> {
        if let Some(file) = &built.file {
            job.progress.check()?;
            fs::rename(file, &self.path).map_err(Error::io(&self.path, "publish"))?;
            if let Some(folder) = self.path.parent().and_then(|folder| File::open(folder).ok()) {
                let _ = folder.sync_all();
            }
        }
        match Identity::of(&self.path)? {
            Some(file) => Stamp { file, checked_at: job.now }.write(&self.path),
            None => Err(Error::internal("columns", "published file is gone")),
        }
    }

    /// The snapshot for a page. A shop within the budget is read right here when it has none or an old one; of a larger shop
    /// there is what there is, `None` before the worker has built it.
    pub fn ensure(
        &self,
        database: &Database,
        budget: &Budget,
        clock: &dyn Clock,
    ) -> Result<Option<Arc<Snapshot>>> {
        let open = match self.open() {
            Err(Error::Corrupt { .. }) if self.is_within(database, budget)? => None,
            other => other?,
        };
        let refresh = || self.refresh(database, &RefreshOptions::default(), clock, &Progress::silent());
        match open {
            Some(snapshot) => {
                let fresh = snapshot.age_seconds(clock.now()) <= budget.max_age_seconds;
                if fresh || snapshot.orders().len() as u64 > budget.orders || refresh().is_err() {
                    return Ok(Some(snapshot));
                }
            }
            None if !self.is_within(database, budget)? => return Ok(None),
            None => match refresh() {
                Err(Error::Busy { .. }) => return Ok(None),
                other => drop(other?),
            },
        }
        self.open()
    }

    fn is_within(&self, database: &Database, budget: &Budget) -> Result<bool> {
        let limit = budget.orders.saturating_add(1);
        let orders = database.table("order");
        let statement = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {orders} LIMIT {limit}) `o`");
        let orders: Option<u64> = database.connection()?.query_first(statement).map_err(fault)?;
        Ok(orders.unwrap_or(0) <= budget.orders)
    }

    fn stem(&self) -> String {
        self.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The lock is the operating system's: it goes with the process that holds it.
    fn lock(&self) -> Result<File> {
        let path = self.path.with_extension("lock");
        let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
        let file = file.map_err(Error::io(&path, "create"))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Error::Busy { what: "columns" }),
            Err(TryLockError::Error(error)) => Err(Error::io(&path, "lock")(error)),
        }
    }
}

/// Folders of refreshes that were killed. Called under the lock, so none of them is in use.
fn remove_leftovers(folder: &Path, prefix: &str) {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok());
    for entry in entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix)) {
        let _ = fs::remove_dir_all(entry.path());
    }
}
