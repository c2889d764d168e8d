//! The tier in this process: a bounded S3-FIFO.
//!
//! New keys enter a small queue (a tenth of the bytes); those read again before they reach its end move to the main
//! queue, the others leave, so that a scan over many keys does not push out the ones in use. A key that left lately
//! goes straight to the main queue when it comes back. Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need
//! for cache eviction", SOSP 2023.

use super::entry::Entry;
use crate::shared::hash::hash;
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

/// Bytes counted for an entry beside its key and value: map, queue and allocation.
const OVERHEAD: usize = 200;
const MOST_READS: u8 = 3;

/// An entry with the version its key had when it was stored here.
#[derive(Debug, Clone)]
pub struct Held {
    /// The entry.
    pub entry: Arc<Entry>,
    /// The key's version then.
    pub version: u64,
    /// The slot of that version.
    pub key_slot: u32,
}

struct Slot {
    held: Held,
    bytes: usize,
    reads: u8,
    in_main: bool,
    /// Tells a queue's note of this entry from one of an earlier entry with the same key.
    id: u64,
}

type Note = (Arc<[u8]>, u64);

/// The bounded map.
pub struct Memory {
    map: HashMap<Arc<[u8]>, Slot>,
    small: VecDeque<Note>,
    main: VecDeque<Note>,
    ghosts: Ghosts,
    small_bytes: usize,
    bytes: usize,
    capacity: usize,
    next_id: u64,
}

impl Memory {
    /// A map of at most `capacity` bytes; 0 keeps nothing.
    pub fn new(capacity: usize) -> Self {
        Self {
            map: HashMap::new(),
            small: VecDeque::new(),
            main: VecDeque::new(),
            ghosts: Ghosts::default(),
            small_bytes: 0,
            bytes: 0,
            capacity,
            next_id: 0,
        }
    }

    /// What is held for `key`.
    pub fn get(&mut self, key: &[u8]) -> Option<Held> {
        let slot = self.map.get_mut(key)?;
        slot.reads = (slot.reads + 1).min(MOST_READS);
        Some(slot.held.clone())
    }

    /// Holds an entry, making room first. One that is larger than a quarter of the whole is not held.
    pub fn put(&mut self, key: &[u8], held: Held) {
        self.remove(key);
        let bytes = key.len() + held.entry.bytes().len() + OVERHEAD;
        if bytes > self.capacity / 4 {
            return;
        }
        while self.bytes + bytes > self.capacity && self.evict_one() {}
        let in_main = self.ghosts.take(key);
        let key: Arc<[u8]> = key.into();
        self.next_id += 1;
        let note = (key.clone(), self.next_id);
        if in_main {
            self.main.push_back(note);
        } else {
            self.small.push_back(note);
            self.small_bytes += bytes;
        }
        self.bytes += bytes;
        self.map.insert(key, Slot { held, bytes, reads: 0, in_main, id: self.next_id });
        self.compact();
    }

    /// Lets go of `key`.
    pub fn remove(&mut self, key: &[u8]) -> bool {
        let Some(slot) = self.map.remove(key) else { return false };
        self.bytes -= slot.bytes;
        if !slot.in_main {
            self.small_bytes -= slot.bytes;
        }
        true
    }

    /// Lets go of everything.
    pub fn clear(&mut self) {
        *self = Self::new(self.capacity);
    }

    /// Entries held.
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Bytes held, overhead included.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Makes a step towards room; false when nothing is left to evict.
    fn evict_one(&mut self) -> bool {
        let small_is_due = self.small_bytes * 10 >= self.capacity || self.main.is_empty();
        if let Some(note) = small_is_due.then(|| self.small.pop_front()).flatten() {
            self.leave_small(note);
            return true;
        }
        match self.main.pop_front() {
            Some(note) => self.leave_main(note),
            None => return !self.small.is_empty(),
        }
        true
    }

    fn leave_small(&mut self, (key, id): Note) {
        let Some(slot) = self.map.get_mut(&key).filter(|slot| slot.id == id) else { return };
        if slot.reads > 0 {
            slot.reads = 0;
            slot.in_main = true;
            self.small_bytes -= slot.bytes;
            self.main.push_back((key, id));
        } else {
            self.remove(&key);
            self.ghosts.add(&key, self.map.len());
        }
    }

    fn leave_main(&mut self, (key, id): Note) {
        let Some(slot) = self.map.get_mut(&key).filter(|slot| slot.id == id) else { return };
        if slot.reads > 0 {
            slot.reads -= 1;
            self.main.push_back((key, id));
        } else {
            self.remove(&key);
        }
    }

    /// Drops notes of entries that are gone, when they outnumber the others.
    fn compact(&mut self) {
        if self.small.len() + self.main.len() > self.map.len() * 2 + 64 {
            let map = &self.map;
            let alive = |(key, id): &Note| map.get(key).is_some_and(|slot| slot.id == *id);
            self.small.retain(alive);
            self.main.retain(alive);
        }
    }
}

/// Hashes of keys that left the small queue lately, at most as many as there are entries.
#[derive(Default)]
struct Ghosts {
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Ghosts {
    fn add(&mut self, key: &[u8], most: usize) {
        let hash = hash(key);
        if self.known.insert(hash) {
            self.order.push_back(hash);
        }
        while self.order.len() > most.max(16) {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }

    fn take(&mut self, key: &[u8]) -> bool {
        self.known.contains(&hash(key))
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::Head;
    use super::*;
    use proptest::prelude::*;

    fn held(size: usize) -> Held {
        let head = Head {
            expires_ms: 1,
            local_until_ms: 1,
            stamp: Default::default(),
            compute_us: 0,
            slots: Vec::new(),
        };
        Held { entry: Arc::new(Entry::new(head, &vec![7; size])), version: 0, key_slot: 0 }
    }

    #[test]
    fn keys_in_use_survive_a_scan() {
        let mut memory = Memory::new(100 * 1_000);
        for n in 0..20 {
            memory.put(format!("hot{n}").as_bytes(), held(500));
        }
        for n in 0..2_000 {
            for hot in 0..20 {
                memory.get(format!("hot{hot}").as_bytes());
            }
            memory.put(format!("scan{n}").as_bytes(), held(500));
        }
        let kept = (0..20).filter(|n| memory.get(format!("hot{n}").as_bytes()).is_some()).count();
        assert_eq!(kept, 20);
    }

    #[test]
    fn a_value_too_large_replaces_the_old_one_with_nothing() {
        let mut memory = Memory::new(10_000);
        memory.put(b"k", held(10));
        memory.put(b"k", held(9_000));
        assert!(memory.get(b"k").is_none() && memory.is_empty() && memory.bytes() == 0);
    }

    proptest! {
        #[test]
        fn never_grows_past_its_bound_and_counts_right(steps in prop::collection::vec((0u8..30, 0usize..3_000, 0u8..3), 0..400)) {
            let mut memory = Memory::new(20_000);
            for (key, size, what) in steps {
                match what {
                    0 => memory.put(&[key], held(size)),
                    1 => { memory.get(&[key]); }
                    _ => { memory.remove(&[key]); }
                }
                prop_assert!(memory.bytes() <= 20_000);
                prop_assert_eq!(memory.bytes(), memory.map.values().map(|slot| slot.bytes).sum::<usize>());
                prop_assert_eq!(memory.small_bytes, memory.map.values().filter(|slot| !slot.in_main).map(|slot| slot.bytes).sum::<usize>());
                prop_assert!(memory.small.len() + memory.main.len() <= memory.map.len() * 2 + 65);
            }
        }
    }
}
