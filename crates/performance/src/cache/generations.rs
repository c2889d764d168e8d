//! Invalidation without scanning: who was flushed last, and when, on two clocks.
//!
//! Time here is a sequence number, not seconds: `local` counts flushes on this machine, `fleet` those of all machines
//! that share one Redis or Memcached. A slot remembers the number of the last flush of the tags, groups, keys and
//! namespaces that hash to it; an entry remembers both numbers from before its value was computed, and is valid as
//! long as none of its slots was flushed after. Two names in one slot are flushed together: a few entries more are
//! computed again, never one served too long.
//!
//! Key versions are a second table: a set or delete of a key moves its version, which tells the other workers to
//! drop the copy in their own memory.

use meschain_base::Region;
use meschain_base::Result;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// Slots of each table.
pub const SLOTS: usize = 32_768;
/// Slots of the table of leases (see [`super::lease`]).
pub const LEASES: usize = 4_096;
/// Counters of hits and the like (see [`super::counters`]).
pub const COUNTERS: usize = 16;

const MAGIC: u64 = 0x4d43_4745_4e00_0001;
const LOCAL_SEQUENCE: usize = 1;
const FLEET_SEQUENCE: usize = 2;
const FLEET_CHECKED: usize = 3;
const PENDING: usize = 4;
const STARTED: usize = 5;
const COUNTERS_AT: usize = 16;
const BREAKER_AT: usize = COUNTERS_AT + COUNTERS;
const LEASES_AT: usize = BREAKER_AT + 4;
const LOCAL_AT: usize = LEASES_AT + LEASES;
const FLEET_AT: usize = LOCAL_AT + SLOTS;
const VERSIONS_AT: usize = FLEET_AT + SLOTS;
const PENDING_AT: usize = VERSIONS_AT + SLOTS;
const WORDS: usize = PENDING_AT + SLOTS / 64;

/// What an entry remembers of both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Flushes on this machine up to then.
    pub local: u64,
    /// Flushes of the fleet up to then, as far as this machine knew.
    pub fleet: u64,
}

/// The tables, shared by the processes of this machine where there is a folder for them.
pub struct Generations {
    region: Region,
}

impl Generations {
    /// Tables of this process alone, starting at `now_us` microseconds since 1970.
    pub fn process(now_us: u64) -> Self {
        let tables = Self { region: Region::process(WORDS) };
        tables.region.word(LOCAL_SEQUENCE).store(now_us, Relaxed);
        tables.region.word(STARTED).store(now_us, Relaxed);
        tables
    }

    /// Tables in the file `path`. A new file starts at the present microsecond, which is past every number an older
    /// file can have given, and whatever was stored before that is invalid.
    pub fn open(path: &Path, now_us: u64) -> Result<Self> {
        let region = Region::open(path, WORDS, &[MAGIC, now_us, 0, 0, 0, now_us])?;
        Ok(Self { region })
    }

    /// Whether other processes see these tables.
    pub fn is_shared(&self) -> bool {
        self.region.is_shared()
    }

    /// Whether processes that open the tables now see the same ones.
    pub fn is_in_place(&self) -> bool {
        self.region.is_in_place()
    }

    pub(super) fn breaker_word(&self, number: usize) -> &AtomicU64 {
        self.region.word(BREAKER_AT + number)
    }

    pub(super) fn lease_word(&self, hash: u64) -> &AtomicU64 {
        self.region.word(LEASES_AT + (hash % LEASES as u64) as usize)
    }

    pub(super) fn counter_word(&self, number: usize) -> &AtomicU64 {
        self.region.word(COUNTERS_AT + number)
    }

    /// Both clocks now. Taken before a value is computed, so that a flush meanwhile invalidates it.
    pub fn stamp(&self) -> Stamp {
        Stamp {
            local: self.region.word(LOCAL_SEQUENCE).load(Acquire),
            fleet: self.region.word(FLEET_SEQUENCE).load(Acquire),
        }
    }

    /// Flushes slots on this machine; returns after every process sees it.
    pub fn flush_local(&self, slots: &[u32]) {
        let number = self.region.word(LOCAL_SEQUENCE).fetch_add(1, AcqRel) + 1;
        for slot in slots {
            self.region.word(LOCAL_AT + *slot as usize % SLOTS).fetch_max(number, AcqRel);
        }
    }

    /// Notes a flush of the fleet with the number it had there.
    pub fn note_fleet(&self, slots: &[u32], number: u64) {
        for slot in slots {
            self.region.word(FLEET_AT + *slot as usize % SLOTS).fetch_max(number, AcqRel);
        }
    }

    /// The newest flush of the fleet this machine knows; 0 before the first look.
    pub fn fleet_sequence(&self) -> u64 {
        self.region.word(FLEET_SEQUENCE).load(Acquire)
    }

    /// Moves on after every flush up to `number` has been noted.
    pub fn advance_fleet(&self, number: u64) {
        self.region.word(FLEET_SEQUENCE).fetch_max(number, AcqRel);
    }

    /// Whether this caller is the one who looks after the fleet now: true once in `interval_ms` for all processes.
    pub fn claim_fleet_check(&self, now_ms: u64, interval_ms: u64) -> bool {
        let checked = self.region.word(FLEET_CHECKED);
        let last = checked.load(Relaxed);
        // A clock set back must not stop the looking.
        let due = now_ms >= last.saturating_add(interval_ms) || now_ms < last;
        due && checked.compare_exchange(last, now_ms, AcqRel, Relaxed).is_ok()
    }

    /// Notes that the fleet missed a change of these slots made here: they must be flushed there, and until then
    /// nothing that hangs on them is to be read from there.
    pub fn set_pending(&self, slots: &[u32]) {
        for slot in slots {
            let (word, bit) = pending_bit(*slot);
            self.region.word(word).fetch_or(bit, AcqRel);
        }
        self.region.word(PENDING).store(1, Release);
    }

    /// Whether the fleet missed a change of one of these slots.
    pub fn is_pending(&self, slots: &[u32]) -> bool {
        let missed = |slot: &u32| {
            let (word, bit) = pending_bit(*slot);
            self.region.word(word).load(Acquire) & bit != 0
        };
        self.region.word(PENDING).load(Acquire) != 0 && slots.iter().any(missed)
    }

    /// The slots whose changes the fleet missed.
    pub fn pending(&self) -> Vec<u32> {
        if self.region.word(PENDING).load(Acquire) == 0 {
            return Vec::new();
        }
        (0..SLOTS as u32).filter(|slot| self.is_pending(&[*slot])).collect()
    }

    /// Unmarks slots that the fleet was told about.
    pub fn clear_pending(&self, slots: &[u32]) {
        // The mark of all goes first: what is missed from here on sets it again.
        self.region.word(PENDING).store(0, Release);
        for slot in slots {
            let (word, bit) = pending_bit(*slot);
            self.region.word(word).fetch_and(!bit, AcqRel);
        }
        if (0..SLOTS / 64).any(|word| self.region.word(PENDING_AT + word).load(Acquire) != 0) {
            self.region.word(PENDING).store(1, Release);
        }
    }

    /// Whether what was stamped so may still be served from this machine's tiers.
    pub fn is_valid(&self, slots: &[u32], stamp: Stamp) -> bool {
        stamp.local >= self.region.word(STARTED).load(Relaxed)
            && slots.iter().all(|slot| self.local(*slot) <= stamp.local)
            && self.is_valid_in_fleet(slots, stamp)
    }

    /// Whether what was stamped so may still be served from the fleet's tier.
    pub fn is_valid_in_fleet(&self, slots: &[u32], stamp: Stamp) -> bool {
        slots.iter().all(|slot| self.fleet(*slot) <= stamp.fleet)
    }

    fn local(&self, slot: u32) -> u64 {
        self.region.word(LOCAL_AT + slot as usize % SLOTS).load(Acquire)
    }

    fn fleet(&self, slot: u32) -> u64 {
        self.region.word(FLEET_AT + slot as usize % SLOTS).load(Acquire)
    }

    /// The version of the copies of a key in the memory of processes.
    pub fn version(&self, key_slot: u32) -> u64 {
        self.region.word(VERSIONS_AT + key_slot as usize % SLOTS).load(Acquire)
    }

    /// Ends those copies; the version from now on.
    pub fn bump_version(&self, key_slot: u32) -> u64 {
        self.region.word(VERSIONS_AT + key_slot as usize % SLOTS).fetch_add(1, Release) + 1
    }
}

/// The word and bit that mark a slot as pending.
fn pending_bit(slot: u32) -> (usize, u64) {
    let slot = slot as usize % SLOTS;
    (PENDING_AT + slot / 64, 1 << (slot % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_changes_are_remembered_by_slot_until_they_are_told() {
        let tables = Generations::process(0);
        assert!(tables.pending().is_empty() && !tables.is_pending(&[5]));
        tables.set_pending(&[5, 64, 32_767]);
        assert_eq!(tables.pending(), [5, 64, 32_767]);
        assert!(tables.is_pending(&[1, 64]) && !tables.is_pending(&[1, 2]));
        tables.clear_pending(&[5, 64]);
        assert_eq!(tables.pending(), [32_767], "what was missed meanwhile stays");
        tables.clear_pending(&[32_767]);
        assert!(tables.pending().is_empty());
    }

    #[test]
    fn a_flush_ends_what_was_stamped_before_and_nothing_after() {
        let tables = Generations::process(1_000);
        let before = tables.stamp();
        assert!(tables.is_valid(&[3, 9], before));
        tables.flush_local(&[9]);
        assert!(!tables.is_valid(&[3, 9], before) && tables.is_valid(&[3], before));
        assert!(tables.is_valid(&[3, 9], tables.stamp()));
    }

    #[test]
    fn the_fleet_has_its_own_clock() {
        let tables = Generations::process(1_000);
        tables.advance_fleet(50);
        let stamp = tables.stamp();
        tables.note_fleet(&[4], 51);
        assert!(!tables.is_valid(&[4], stamp) && !tables.is_valid_in_fleet(&[4], stamp));
        tables.advance_fleet(51);
        assert!(tables.is_valid(&[4], tables.stamp()));
    }

    #[test]
    fn a_new_file_makes_older_entries_invalid() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("generations");
        let old = Generations::open(&path, 1_000).unwrap().stamp();
        std::fs::remove_file(&path).unwrap();
        assert!(!Generations::open(&path, 2_000).unwrap().is_valid(&[1], old));
    }

    #[test]
    fn one_caller_looks_after_the_fleet_in_an_interval() {
        let tables = Generations::process(0);
        assert!(tables.claim_fleet_check(10_000, 1_000));
        assert!(!tables.claim_fleet_check(10_999, 1_000));
        assert!(tables.claim_fleet_check(11_000, 1_000));
        assert!(tables.claim_fleet_check(5_000, 1_000), "a clock set back");
    }
}
