//! Hits and the like of all workers together: counted in the process, added to the shared words in batches so that
//! workers do not fight over one cache line at every hit.

use super::generations::Generations;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// What is counted; hits and misses of a tier stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Found in this process.
    MemoryHit,
    /// Not found in this process.
    MemoryMiss,
    /// Found on this machine.
    LocalHit,
    /// Not found on this machine.
    LocalMiss,
    /// Found in the fleet's tier.
    RemoteHit,
    /// Not found in the fleet's tier, or it was not there to ask.
    RemoteMiss,
    /// Found nowhere.
    Miss,
    /// Values stored.
    Set,
    /// Keys deleted.
    Delete,
}

const KINDS: usize = 9;
const BATCH: u64 = 64;

/// The counters of one process, on top of the shared ones.
pub struct Counters {
    tables: Arc<Generations>,
    own: [AtomicU64; KINDS],
}

impl Counters {
    /// Counters that add up in `tables`.
    pub fn new(tables: Arc<Generations>) -> Self {
        Self { tables, own: Default::default() }
    }

    /// Counts one.
    pub fn add(&self, kind: Count) {
        let own = self.own.get(kind as usize).filter(|own| own.fetch_add(1, Relaxed) + 1 >= BATCH);
        if let Some(own) = own {
            self.publish(kind as usize, own);
        }
    }

    /// The total of all processes; the last few of other processes may be missing.
    pub fn total(&self, kind: Count) -> u64 {
        let own = self.own.get(kind as usize).map_or(0, |own| own.load(Relaxed));
        self.tables.counter_word(kind as usize).load(Relaxed).saturating_add(own)
    }

    fn publish(&self, place: usize, own: &AtomicU64) {
        self.tables.counter_word(place).fetch_add(own.swap(0, Relaxed), Relaxed);
    }
}

impl Drop for Counters {
    fn drop(&mut self) {
        self.own.iter().enumerate().for_each(|(place, own)| self.publish(place, own));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_add_up() {
        let tables = Arc::new(Generations::process(0));
        let one = Counters::new(tables.clone());
        (0..100).for_each(|_| one.add(Count::Set));
        assert_eq!(one.total(Count::Set), 100);
        drop(one);
        assert_eq!(Counters::new(tables).total(Count::Set), 100);
    }
}
