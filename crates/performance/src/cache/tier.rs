//! What a tier outside this process can do.

use meschain_base::Result;
use std::sync::Arc;

/// Entries and bytes a tier holds; 0 where the engine cannot tell cheaply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Entries, expired ones not yet swept included.
    pub entries: u64,
    /// Bytes taken.
    pub bytes: u64,
}

/// A store of entries by key. Keys are printable ASCII of at most 200 bytes. Every call ends within a bounded time:
/// an engine that is gone or slow is an `Error::Backend`, a value that does not fit an `Error::Limit`.
pub trait Tier: Send + Sync {
    /// `lmdb`, `file`, `redis` or `memcached`.
    fn backend(&self) -> &'static str;
    /// The entry of a key. May return one that has expired.
    fn get(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>>;
    /// The entries of several keys, in their order.
    fn get_many(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Arc<[u8]>>>> {
        keys.iter().map(|key| self.get(key)).collect()
    }
    /// Stores an entry for `ttl_ms` milliseconds.
    fn set(&self, key: &[u8], entry: &[u8], ttl_ms: u64) -> Result<()>;
    /// Stores several entries, in one go where the engine can. After an error any of them may be stored.
    fn set_many(&self, entries: &[(&[u8], &[u8])], ttl_ms: u64) -> Result<()> {
        entries.iter().try_for_each(|(key, entry)| self.set(key, entry, ttl_ms))
    }
    /// Removes a key; nothing to remove is no error.
    fn delete(&self, key: &[u8]) -> Result<()>;
    /// What it holds.
    fn usage(&self) -> Result<Usage>;
    /// Removes up to `most` entries that expired before `now_ms`.
    fn sweep(&self, _now_ms: u64, _most: usize) -> Result<u64> {
        Ok(0)
    }
}

/// A tier that several machines share; it carries the fleet's journal of flushes too.
pub trait Remote: Tier {
    /// Adds one to a counter and returns it; a counter that is not there starts at `initial`.
    fn increment(&self, key: &[u8], initial: u64) -> Result<u64>;
    /// Reads a counter.
    fn counter(&self, key: &[u8]) -> Result<Option<u64>>;
}
