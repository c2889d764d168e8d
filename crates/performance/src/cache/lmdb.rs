//! The tier of this machine: LMDB, one map that every worker reads without locks and without copies between them.
//!
//! Not synced to disk: killed processes lose nothing (the pages belong to the kernel), a lost machine may leave a torn
//! file, so each boot of the machine starts an empty one (see [`super::folder`]).
//!
//! Traps: LMDB has one writer lock and no way to try it, so a writer frozen inside would stop every worker. All
//! writers pass a file lock that is tried for a few milliseconds first. An environment must not be used across a
//! fork: a child that inherits one goes without this tier.

use super::entry::Entry;
use super::tier::{Tier, Usage};
use heed::types::Bytes;
use heed::{CommitOrAbort, Database, Env, EnvFlags, EnvOpenOptions, MdbError, RwTxn};
use meschain_base::{Error, Result};
use parking_lot::Mutex;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const BACKEND: &str = "lmdb";
const MAX_READERS: u32 = 1_024;
/// Share of the map in use beyond which entries are evicted. LMDB needs free pages even to delete.
const FULL_PERCENT: u64 = 80;
/// Entries stored, evicted or swept in one transaction.
const BATCH: usize = 64;
/// Tries for the writers' gate: some at once, then one each millisecond.
const GATE_SPINS: u32 = 50;
const GATE_WAITS: u32 = 10;

/// LMDB in a folder of its own.
pub struct Lmdb {
    shared: &'static Shared,
}

/// The environment of this process; LMDB allows one for each path and process.
struct Shared {
    pid: u32,
    folder: PathBuf,
    env: Env,
    database: Database<'static, Bytes, Bytes>,
    gate: Mutex<File>,
    map_bytes: u64,
}

static OPENED: Mutex<Vec<&'static Shared>> = Mutex::new(Vec::new());

impl Lmdb {
    /// Opens or makes the map in `folder`, at most `map_bytes` long.
    pub fn open(folder: &Path, map_bytes: u64) -> Result<Self> {
        meschain_base::atomic_file::create_private_dir(folder)?;
        let folder = folder.canonicalize().map_err(Error::io(folder, "resolve"))?;
        let mut opened = OPENED.lock();
        if let Some(shared) = opened.iter().find(|shared| shared.folder == folder) {
            // Others of this machine make a new map in its place; LMDB cannot open a second one under this path.
            let in_place = shared.gate.lock().metadata().is_ok_and(|gate| gate.nlink() > 0);
            let gone = || failed("removed while open; this process goes without until it starts anew");
            return if in_place { Self::of_this_process(shared) } else { Err(gone()) };
        }
        let shared = open_shared(folder, map_bytes)?;
        opened.push(shared);
        Ok(Self { shared })
    }

    fn of_this_process(shared: &'static Shared) -> Result<Self> {
        if shared.pid == std::process::id() {
            Ok(Self { shared })
        } else {
            Err(failed("opened before a fork; this process goes without"))
        }
    }

    fn checked(&self) -> Result<&'static Shared> {
        Self::of_this_process(self.shared).map(|tier| tier.shared)
    }

    /// Runs one write transaction behind the gate.
    fn write<R>(&self, work: impl FnOnce(&Shared, &mut RwTxn<'_>) -> heed::Result<R>) -> Result<R> {
        let shared = self.checked()?;
        let gate = shared.gate.try_lock_for(Duration::from_millis(u64::from(GATE_WAITS)));
        let gate = gate.ok_or(Error::Busy { what: "lmdb writer" })?;
        pass(&gate)?;
        let result = (|| {
            let mut transaction = shared.env.write_txn()?;
            let result = work(shared, &mut transaction)?;
            transaction.commit()?;
            Ok(result)
        })();
        let _ = gate.unlock();
        result.map_err(|error| fault(error, shared.map_bytes))
    }
}

impl Tier for Lmdb {
    fn backend(&self) -> &'static str {
        BACKEND
    }

    fn get(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>> {
        let shared = self.checked()?;
        let read = || {
            let transaction = shared.env.read_txn()?;
            Ok(shared.database.get(&transaction, key)?.map(Arc::from))
        };
        read().map_err(|error| fault(error, shared.map_bytes))
    }

    fn get_many(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Arc<[u8]>>>> {
        let shared = self.checked()?;
        let read = || -> heed::Result<Vec<Option<Arc<[u8]>>>> {
            let transaction = shared.env.read_txn()?;
            let one = |key: &Vec<u8>| Ok(shared.database.get(&transaction, key)?.map(Arc::from));
            keys.iter().map(one).collect()
        };
        read().map_err(|error| fault(error, shared.map_bytes))
    }

    fn set(&self, key: &[u8], entry: &[u8], ttl_ms: u64) -> Result<()> {
        self.set_many(&[(key, entry)], ttl_ms)
    }

    /// One transaction for a batch: beginning and ending one is most of what a small entry costs.
    fn set_many(&self, entries: &[(&[u8], &[u8])], _ttl_ms: u64) -> Result<()> {
        let largest = self.shared.map_bytes / 8;
        if let Some(found) =
            entries.iter().map(|(_, entry)| entry.len() as u64).find(|bytes| *bytes > largest)
        {
            return Err(Error::Limit { what: "lmdb entry bytes", limit: largest, found });
        }
        for batch in entries.chunks(BATCH) {
            self.write(|shared, transaction| {
                batch.iter().try_for_each(|(key, entry)| {
                    make_room(shared, transaction, key, entry.len() as u64)?;
                    shared.database.put(transaction, key, entry)
                })
            })?;
        }
        Ok(())
    }

    fn delete(&self, key: &[u8]) -> Result<()> {
        // Looking first is cheap and spares the writers' gate for keys that are not there.
        if self.get(key)?.is_none() {
            return Ok(());
        }
        self.write(|shared, transaction| shared.database.delete(transaction, key).map(|_| ()))
    }

    fn usage(&self) -> Result<Usage> {
        let shared = self.checked()?;
        let read = || {
            let transaction = shared.env.read_txn()?;
            let entries = shared.database.len(&transaction)?;
            Ok(Usage { entries, bytes: used(shared, &transaction)? })
        };
        read().map_err(|error| fault(error, shared.map_bytes))
    }

    fn sweep(&self, now_ms: u64, most: usize) -> Result<u64> {
        let shared = self.checked()?;
        let expired = expired_keys(shared, now_ms, most).map_err(|error| fault(error, shared.map_bytes))?;
        let mut removed = 0;
        for batch in expired.chunks(BATCH) {
            removed += self.write(|shared, transaction| {
                let delete = |key: &Vec<u8>| shared.database.delete(transaction, key);
                let flags: heed::Result<Vec<bool>> = batch.iter().map(delete).collect();
                Ok(flags?.into_iter().filter(|gone| *gone).count() as u64)
            })?;
        }
        Ok(removed)
    }
}

fn expired_keys(shared: &Shared, now_ms: u64, most: usize) -> heed::Result<Vec<Vec<u8>>> {
    let transaction = shared.env.read_txn()?;
    let mut expired = Vec::new();
    for item in shared.database.iter(&transaction)? {
        let (key, bytes) = item?;
        let alive = Entry::read(Arc::from(bytes)).is_ok_and(|entry| entry.head.expires_ms > now_ms);
        if !alive {
            expired.push(key.to_vec());
        }
        if expired.len() >= most {
            break;
        }
    }
    Ok(expired)
}

/// Evicts from where the new key belongs onwards, which is as good as random, until the entry fits the limit.
fn make_room(shared: &Shared, transaction: &mut RwTxn<'_>, key: &[u8], bytes: u64) -> heed::Result<()> {
    let limit = shared.map_bytes / 100 * FULL_PERCENT;
    for _ in 0..BATCH {
        if used(shared, transaction)? + bytes + bytes / 8 <= limit {
            break;
        }
        let next = shared.database.get_greater_than(transaction, key)?;
        let next = next.map_or_else(|| shared.database.first(transaction), |found| Ok(Some(found)))?;
        let Some(victim) = next.map(|(victim, _)| victim.to_vec()) else { break };
        shared.database.delete(transaction, &victim)?;
    }
    Ok(())
}

fn used(shared: &Shared, transaction: &heed::RoTxn<'_>) -> heed::Result<u64> {
    let stat = shared.database.stat(transaction)?;
    Ok((stat.branch_pages + stat.leaf_pages + stat.overflow_pages) as u64 * u64::from(stat.page_size))
}

fn open_shared(folder: PathBuf, map_bytes: u64) -> Result<&'static Shared> {
    let page = 4096;
    let map_bytes = map_bytes.max(1 << 20) / page * page;
    let gate_path = folder.join("gate");
    let gate = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&gate_path);
    let gate = gate.map_err(Error::io(&gate_path, "open"))?;
    pass(&gate)?;
    let opened = open_env(&folder, map_bytes);
    let _ = gate.unlock();
    let (env, database) = opened.map_err(|error| fault(error, map_bytes))?;
    let pid = std::process::id();
    Ok(Box::leak(Box::new(Shared { pid, folder, env, database, gate: Mutex::new(gate), map_bytes })))
}

fn open_env(folder: &Path, map_bytes: u64) -> heed::Result<(Env, Database<'static, Bytes, Bytes>)> {
    let mut options = EnvOpenOptions::new();
    options.map_size(usize::try_from(map_bytes).unwrap_or(usize::MAX)).max_readers(MAX_READERS);
    // SAFETY: without syncing a crash of the machine may tear the file; each boot starts a new one.
    unsafe { options.flags(EnvFlags::NO_SYNC | EnvFlags::NO_META_SYNC) };
    // SAFETY: nothing else maps or truncates the file: the folder is private to MesChain, its processes open it
    // through this function only, once each, and never use it after a fork.
    let env = unsafe { options.open(folder)? };
    // One small leak for each path and process, so that the database handle needs no lifetime.
    let kept: &'static Env = Box::leak(Box::new(env.clone()));
    kept.clear_stale_readers()?;
    let created = kept.create_databases_and_commit(kept.write_txn()?, |opener, transaction| {
        Ok::<_, heed::Error>(CommitOrAbort::<_, ()>::Commit(opener.create_database(transaction, None)?))
    })?;
    match created {
        CommitOrAbort::Commit(database) => Ok((env, database)),
        CommitOrAbort::Abort(()) => Err(heed::Error::Mdb(MdbError::Problem)),
    }
}

/// Takes the gate or gives up after some milliseconds.
fn pass(gate: &File) -> Result<()> {
    for attempt in 0..GATE_SPINS + GATE_WAITS {
        if gate.try_lock().is_ok() {
            return Ok(());
        }
        if attempt < GATE_SPINS {
            std::thread::yield_now();
        } else {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
    Err(Error::Busy { what: "lmdb writer" })
}

fn fault(error: heed::Error, map_bytes: u64) -> Error {
    match error {
        heed::Error::Mdb(MdbError::MapFull | MdbError::TxnFull) => {
            Error::Limit { what: "lmdb map bytes", limit: map_bytes, found: map_bytes }
        }
        other => failed(&other.to_string()),
    }
}

fn failed(detail: &str) -> Error {
    Error::Backend { backend: BACKEND, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_map_evicts_and_stays_within_its_bound() {
        let folder = tempfile::tempdir().unwrap();
        let tier = Lmdb::open(folder.path(), 2 << 20).unwrap();
        for n in 0..2_000u32 {
            tier.set(format!("key{n}").as_bytes(), &vec![n as u8; 5_000], 0).unwrap();
            assert_eq!(tier.get(format!("key{n}").as_bytes()).unwrap().unwrap().len(), 5_000);
        }
        let usage = tier.usage().unwrap();
        assert!(usage.entries > 50 && usage.bytes <= 2 << 20, "{usage:?}");
        assert!(std::fs::metadata(folder.path().join("data.mdb")).unwrap().len() <= 2 << 20);
    }

    #[test]
    fn an_entry_that_can_never_fit_is_refused_and_the_tier_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let tier = Lmdb::open(folder.path(), 1 << 20).unwrap();
        assert!(matches!(tier.set(b"big", &vec![0; 1 << 20], 0), Err(Error::Limit { .. })));
        tier.set(b"small", b"x", 0).unwrap();
        assert!(tier.get(b"small").unwrap().is_some());
    }

    #[test]
    fn a_held_gate_makes_writes_busy_and_reads_go_on() {
        let folder = tempfile::tempdir().unwrap();
        let tier = Lmdb::open(folder.path(), 1 << 20).unwrap();
        tier.set(b"k", b"v", 0).unwrap();
        let other = OpenOptions::new().write(true).open(folder.path().join("gate")).unwrap();
        other.lock().unwrap();
        assert_eq!(tier.set(b"k", b"w", 0), Err(Error::Busy { what: "lmdb writer" }));
        assert_eq!(tier.get(b"k").unwrap().as_deref(), Some(b"v".as_slice()));
        other.unlock().unwrap();
        tier.set(b"k", b"w", 0).unwrap();
    }

    #[test]
    fn sweeps_what_has_expired_only() {
        use super::super::entry::Head;
        let folder = tempfile::tempdir().unwrap();
        let tier = Lmdb::open(folder.path(), 4 << 20).unwrap();
        for n in 0..200u64 {
            let head = Head {
                expires_ms: n,
                local_until_ms: n,
                stamp: Default::default(),
                compute_us: 0,
                slots: vec![],
            };
            tier.set(format!("k{n}").as_bytes(), Entry::new(head, b"v").bytes(), 0).unwrap();
        }
        assert_eq!(tier.sweep(99, 1_000).unwrap(), 100);
        assert_eq!(tier.usage().unwrap().entries, 100);
    }
}
