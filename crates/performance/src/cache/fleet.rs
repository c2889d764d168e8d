//! Flushes between machines: a counter and a short journal in the shared engine.
//!
//! A flush takes the next number and writes its slots under it. Each machine looks at the counter once in a while and
//! reads the numbers it has not seen. A number whose entry is missing (lost, expired, not written yet) counts as a
//! flush of everything: what a machine does not know it does not trust. Counters start at the present microsecond,
//! past every number an earlier counter can have reached.

use super::generations::Generations;
use super::key::Namespace;
use super::tier::Remote;
use meschain_base::Result;

/// Numbers a machine reads back at most; when it is further behind it flushes everything older.
pub const JOURNAL: u64 = 256;
/// How long the journal keeps an entry, milliseconds.
const KEEP_MS: u64 = 24 * 3600 * 1000;
const COUNTER_MS: u64 = 10 * 365 * 24 * 3600 * 1000;

/// The journal of one namespace.
pub struct Fleet<'a> {
    /// This machine's tables.
    pub tables: &'a Generations,
    /// The shared engine.
    pub remote: &'a dyn Remote,
    /// The namespace.
    pub namespace: &'a Namespace,
}

impl Fleet<'_> {
    /// Tells all machines that these slots are flushed.
    pub fn publish(&self, slots: &[u32], now_us: u64) -> Result<()> {
        let number = self.remote.increment(&self.namespace.own("seq"), now_us)?;
        let bytes: Vec<u8> = slots.iter().flat_map(|slot| slot.to_le_bytes()).collect();
        self.remote.set(&self.journal_key(number), &bytes, KEEP_MS)?;
        self.tables.note_fleet(slots, number);
        // Numbers between the last one seen and ours belong to other machines and are still to be read.
        if self.tables.fleet_sequence() + 1 == number {
            self.tables.advance_fleet(number);
        }
        Ok(())
    }

    /// Learns what other machines flushed since the last look.
    pub fn follow(&self, now_us: u64) -> Result<()> {
        let known = self.tables.fleet_sequence();
        let newest = match self.remote.counter(&self.namespace.own("seq"))? {
            Some(newest) if newest >= known => newest,
            found => return self.restart(found.is_some(), known, now_us),
        };
        let root = [self.namespace.root_slot()];
        let from = known.max(newest.saturating_sub(JOURNAL));
        if from > known {
            self.tables.note_fleet(&root, from);
        }
        let numbers: Vec<u64> = (from + 1..=newest).collect();
        let keys: Vec<Vec<u8>> = numbers.iter().map(|number| self.journal_key(*number)).collect();
        for (number, entry) in numbers.iter().zip(self.remote.get_many(&keys)?) {
            match entry.as_deref().map(<[u8]>::as_chunks::<4>) {
                Some((slots, [])) => {
                    let slots: Vec<u32> = slots.iter().map(|slot| u32::from_le_bytes(*slot)).collect();
                    self.tables.note_fleet(&slots, *number);
                }
                _ => self.tables.note_fleet(&root, *number),
            }
        }
        self.tables.advance_fleet(newest);
        Ok(())
    }

    /// The counter is gone or went back: the engine lost data. Starts a new one and trusts nothing older.
    fn restart(&self, went_back: bool, known: u64, now_us: u64) -> Result<()> {
        let start = now_us.max(known + 1);
        let key = self.namespace.own("seq");
        if went_back {
            self.remote.set(&key, start.to_string().as_bytes(), COUNTER_MS)?;
        }
        self.publish(&[self.namespace.root_slot()], start)?;
        let newest = self.remote.counter(&key)?.unwrap_or(start);
        self.tables.advance_fleet(newest);
        self.tables.note_fleet(&[self.namespace.root_slot()], newest);
        Ok(())
    }

    fn journal_key(&self, number: u64) -> Vec<u8> {
        self.namespace.own(&format!("j:{number}"))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::tier::{Tier, Usage};
    use super::*;
    use meschain_base::Error;
    use parking_lot::Mutex;
    use std::collections::HashMap;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

    /// An engine in memory that can be made to fail.
    #[derive(Default)]
    pub struct Fake {
        pub items: Mutex<HashMap<Vec<u8>, Arc<[u8]>>>,
        pub down: AtomicBool,
        pub calls: AtomicU64,
    }

    impl Fake {
        fn check(&self) -> Result<()> {
            self.calls.fetch_add(1, Relaxed);
            if self.down.load(Relaxed) {
                return Err(Error::Backend { backend: "fake", detail: "down".into() });
            }
            Ok(())
        }
    }

    impl Tier for Fake {
        fn backend(&self) -> &'static str {
            "redis"
        }
        fn get(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>> {
            self.check()?;
            Ok(self.items.lock().get(key).cloned())
        }
        fn set(&self, key: &[u8], entry: &[u8], _ttl_ms: u64) -> Result<()> {
            self.check()?;
            self.items.lock().insert(key.to_vec(), entry.into());
            Ok(())
        }
        fn delete(&self, key: &[u8]) -> Result<()> {
            self.check()?;
            self.items.lock().remove(key);
            Ok(())
        }
        fn usage(&self) -> Result<Usage> {
            self.check().map(|()| Usage::default())
        }
    }

    impl Remote for Fake {
        fn increment(&self, key: &[u8], initial: u64) -> Result<u64> {
            let next = self.counter(key)?.unwrap_or(initial) + 1;
            self.items.lock().insert(key.to_vec(), next.to_string().as_bytes().into());
            Ok(next)
        }
        fn counter(&self, key: &[u8]) -> Result<Option<u64>> {
            Ok(self.get(key)?.map(|bytes| std::str::from_utf8(&bytes).unwrap().parse().unwrap()))
        }
    }

    fn machines() -> (Fake, Namespace, Generations, Generations) {
        (Fake::default(), Namespace::new("t:").unwrap(), Generations::process(0), Generations::process(0))
    }

    #[test]
    fn a_flush_on_one_machine_reaches_the_other_and_hits_its_slots_only() {
        let (remote, namespace, a, b) = machines();
        let on = |tables| Fleet { tables, remote: &remote, namespace: &namespace };
        on(&a).follow(1_000).unwrap();
        on(&b).follow(1_001).unwrap();
        let before = b.stamp();
        assert!(b.is_valid_in_fleet(&[5, 6], before));
        on(&a).publish(&[5], 2_000).unwrap();
        on(&b).follow(2_001).unwrap();
        assert!(
            !b.is_valid_in_fleet(&[5], before) && b.is_valid_in_fleet(&[6, namespace.root_slot()], before)
        );
        assert!(b.is_valid_in_fleet(&[5], b.stamp()));
    }

    #[test]
    fn a_newcomer_trusts_what_the_journal_still_tells() {
        let (remote, namespace, a, b) = machines();
        let on = |tables| Fleet { tables, remote: &remote, namespace: &namespace };
        on(&a).follow(1_000).unwrap();
        let old = a.stamp();
        on(&a).publish(&[5], 1_100).unwrap();
        on(&b).follow(1_200).unwrap();
        let root = namespace.root_slot();
        assert!(b.is_valid_in_fleet(&[6, root], old), "not flushed");
        assert!(!b.is_valid_in_fleet(&[5, root], old), "flushed before it came");
    }

    #[test]
    fn far_behind_or_with_holes_in_the_journal_everything_older_goes() {
        let (remote, namespace, a, b) = machines();
        let on = |tables| Fleet { tables, remote: &remote, namespace: &namespace };
        on(&a).follow(1_000).unwrap();
        on(&b).follow(1_000).unwrap();
        let root = namespace.root_slot();
        let old = b.stamp();
        (0..JOURNAL + 5).for_each(|_| on(&a).publish(&[5], 1_100).unwrap());
        on(&b).follow(1_200).unwrap();
        assert!(!b.is_valid_in_fleet(&[6, root], old));
        let old = b.stamp();
        on(&a).publish(&[5], 1_300).unwrap();
        remote.items.lock().retain(|key, _| !key.starts_with(b"t:!j:"));
        on(&b).follow(1_400).unwrap();
        assert!(!b.is_valid_in_fleet(&[6, root], old));
    }

    #[test]
    fn an_engine_that_lost_its_counter_is_not_trusted_with_older_entries() {
        for lost in [true, false] {
            let (remote, namespace, a, _) = machines();
            let on = |tables| Fleet { tables, remote: &remote, namespace: &namespace };
            on(&a).follow(1_000).unwrap();
            let old = a.stamp();
            remote.items.lock().clear();
            if !lost {
                remote.items.lock().insert(namespace.own("seq"), b"3".as_slice().into());
            }
            on(&a).follow(5_000).unwrap();
            assert!(!a.is_valid_in_fleet(&[namespace.root_slot()], old));
            let fresh = a.stamp();
            assert!(fresh.fleet > old.fleet && a.is_valid_in_fleet(&[namespace.root_slot()], fresh));
            on(&a).follow(6_000).unwrap();
            assert_eq!(a.stamp(), fresh, "settled");
        }
    }
}
