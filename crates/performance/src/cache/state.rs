//! The tiers of one cache, opened at first use: looking a key up, storing, deleting, following the fleet.

use super::breaker::Breaker;
use super::counters::{Count, Counters};
use super::entry::{Entry, Head};
use super::fleet::Fleet;
use super::generations::{Generations, Stamp};
use super::key::Namespace;
use super::memory::{Held, Memory};
use super::options::{CacheOptions, LONGEST_TTL};
use super::tier::{Remote, Tier};
use meschain_base::{Clock, Error, Result};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Slots told to the fleet one by one after an outage; more are told as a flush of everything.
const MOST_MISSED: usize = 1_024;

/// How long a cache without all its parts is kept before they are tried again.
const PATIENCE: Duration = Duration::from_secs(10);

/// The tiers and what binds them.
pub struct State {
    pub(super) tables: Arc<Generations>,
    pub(super) memory: Mutex<Memory>,
    pub(super) local: Option<Box<dyn Tier>>,
    pub(super) remote: Option<Guarded>,
    pub(super) counters: Counters,
    pub(super) namespace: Namespace,
    pub(super) options: CacheOptions,
    pub(super) clock: Arc<dyn Clock>,
    /// Why the machine's tier or the shared tables are not what was hoped for.
    pub(super) local_reason: Mutex<String>,
    /// When it was opened, if not all of this machine's parts could be.
    pub(super) incomplete: Option<Instant>,
}

/// The fleet's engine behind its breaker.
pub struct Guarded {
    pub(super) engine: Box<dyn Remote>,
    pub(super) breaker: Breaker,
    pub(super) reason: Mutex<String>,
}

/// A key on its way through the tiers.
pub struct Wanted<'a> {
    pub(super) key: &'a [u8],
    pub(super) full: Vec<u8>,
}

/// What the tiers of this machine say.
pub enum Near {
    /// Valid.
    Hit(Held),
    /// Nothing, or an entry that may be served only if the fleet's engine cannot be asked.
    Miss(Option<Held>),
}

impl State {
    pub(super) fn now_ms(&self) -> u64 {
        u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0)
    }

    pub(super) fn now_us(&self) -> u64 {
        u64::try_from(self.clock.now().as_microsecond()).unwrap_or(0)
    }

    /// Whether it should be opened anew.
    pub(super) fn is_worn(&self) -> bool {
        !self.tables.is_in_place() || self.incomplete.is_some_and(|since| since.elapsed() >= PATIENCE)
    }

    pub(super) fn want<'a>(&self, key: &'a [u8]) -> Result<Wanted<'a>> {
        Ok(Wanted { key, full: self.namespace.full(key)? })
    }

    /// Seconds that a value lives for what a caller says: nothing is the default, 0 or less none at all.
    pub(super) fn ttl_s(&self, ttl: Option<i64>) -> u64 {
        let ttl = ttl.map_or(self.options.default_ttl, |ttl| u64::try_from(ttl).unwrap_or(0));
        ttl.min(LONGEST_TTL)
    }

    /// Calls the fleet's engine unless its breaker is open; `None` when it could not be asked or failed.
    pub(super) fn ask<R>(&self, call: impl FnOnce(&dyn Remote) -> Result<R>) -> Option<R> {
        let guarded = self.remote.as_ref()?;
        if !guarded.breaker.allows(self.now_ms()) {
            return None;
        }
        match call(guarded.engine.as_ref()) {
            Ok(value) => {
                guarded.breaker.succeeded();
                Some(value)
            }
            Err(error) => {
                *guarded.reason.lock() = reason(&error);
                // A value that does not fit says nothing about the engine.
                if !matches!(error, Error::Limit { .. }) {
                    guarded.breaker.failed(self.now_ms());
                }
                None
            }
        }
    }

    /// Once in a while learns what other machines flushed and tells them what they missed.
    pub(super) fn follow(&self, now_ms: u64) {
        if self.remote.is_none() {
            return;
        }
        let joined = self.tables.fleet_sequence() > 0;
        let due = self.tables.claim_fleet_check(now_ms, self.options.coherence_ms);
        if joined && !due {
            return;
        }
        let now_us = self.now_us();
        self.ask(|remote| {
            let fleet = Fleet { tables: &self.tables, remote, namespace: &self.namespace };
            fleet.follow(now_us)?;
            let missed = self.tables.pending();
            let root = [self.namespace.root_slot()];
            match missed.len() {
                0 => return Ok(()),
                1..=MOST_MISSED => fleet.publish(&missed, now_us)?,
                _ => fleet.publish(&root, now_us)?,
            }
            self.tables.clear_pending(&missed);
            Ok(())
        });
    }

    /// Looks in this process and on this machine.
    pub(super) fn near(&self, wanted: &Wanted<'_>, now_ms: u64) -> Near {
        let mut stale = None;
        let held = self.memory.lock().get(&wanted.full);
        match held {
            Some(held) if self.is_current(&held, now_ms) => {
                self.counters.add(Count::MemoryHit);
                return Near::Hit(held);
            }
            Some(held) if self.is_alive(&held, now_ms) => stale = Some(held),
            _ => {}
        }
        self.counters.add(Count::MemoryMiss);
        let Some(local) = &self.local else { return Near::Miss(stale) };
        let key_slot = self.namespace.key_slot(wanted.key);
        let version = self.tables.version(key_slot);
        let entry = match local.get(&wanted.full).and_then(|found| found.map(Entry::read).transpose()) {
            Ok(entry) => entry,
            Err(error) => {
                *self.local_reason.lock() = reason(&error);
                None
            }
        };
        let held = entry.map(|entry| Held { entry: Arc::new(entry), version, key_slot });
        match held.filter(|held| self.is_alive(held, now_ms)) {
            Some(held) if now_ms < held.entry.head.local_until_ms => {
                self.counters.add(Count::LocalHit);
                self.memory.lock().put(&wanted.full, held.clone());
                Near::Hit(held)
            }
            found => {
                self.counters.add(Count::LocalMiss);
                Near::Miss(found.or(stale))
            }
        }
    }

    /// Takes over what the fleet's engine said about a key.
    pub(super) fn take_over(
        &self,
        wanted: &Wanted<'_>,
        found: Option<Arc<[u8]>>,
        seen: Seen,
    ) -> Option<Held> {
        let entry = found.and_then(|bytes| Entry::read(bytes).ok()).filter(|entry| {
            // What the fleet has not been told yet must not be read back from it.
            entry.head.expires_ms > seen.now_ms
                && !self.tables.is_pending(&entry.head.slots)
                && self.tables.is_valid_in_fleet(&entry.head.slots, entry.head.stamp)
        });
        let Some(entry) = entry else {
            self.counters.add(Count::RemoteMiss);
            return None;
        };
        self.counters.add(Count::RemoteHit);
        let stamp = Stamp { local: seen.local, fleet: entry.head.stamp.fleet };
        let local_until_ms = self.local_until(entry.head.expires_ms, seen.now_ms);
        let head = Head { stamp, local_until_ms, ..entry.head.clone() };
        let entry = Arc::new(Entry::new(head, entry.payload()));
        let key_slot = self.namespace.key_slot(wanted.key);
        let held = Held { entry, version: seen.version, key_slot };
        // Somebody stored or deleted the key meanwhile: what we read is older than what lies here.
        if self.tables.version(key_slot) == seen.version {
            let ttl_ms = held.entry.head.expires_ms.saturating_sub(seen.now_ms);
            self.store_local(&[(&wanted.full, held.entry.bytes())], &[key_slot], ttl_ms);
            self.memory.lock().put(&wanted.full, held.clone());
        }
        Some(held)
    }

    /// What must be known before the fleet's engine is read.
    pub(super) fn seen(&self, key: &[u8], now_ms: u64) -> Seen {
        let version = self.tables.version(self.namespace.key_slot(key));
        Seen { local: self.tables.stamp().local, version, now_ms }
    }

    /// Stores in every tier. True when it will be found again.
    pub(super) fn store(&self, wanted: &Wanted<'_>, payload: &[u8], life: Life<'_>) -> bool {
        self.store_many(&[(wanted, payload)], life)
    }

    /// Stores several values, each tier in one go. True when all will be found again.
    pub(super) fn store_many(&self, items: &[(&Wanted<'_>, &[u8])], life: Life<'_>) -> bool {
        let now_ms = self.now_ms();
        let expires_ms = now_ms.saturating_add(life.ttl_ms);
        let held = |(wanted, payload): &(&Wanted<'_>, &[u8])| {
            let head = Head {
                expires_ms,
                local_until_ms: self.local_until(expires_ms, now_ms),
                stamp: life.stamp,
                compute_us: life.compute_us,
                slots: self.namespace.slots(wanted.key, life.tags),
            };
            (Arc::new(Entry::new(head, payload)), self.namespace.key_slot(wanted.key))
        };
        let entries: Vec<(Arc<Entry>, u32)> = items.iter().map(held).collect();
        let slots: Vec<u32> = entries.iter().map(|(_, slot)| *slot).collect();
        let pairs: Vec<(&[u8], &[u8])> = items
            .iter()
            .zip(&entries)
            .map(|((wanted, _), (entry, _))| (wanted.full.as_slice(), &**entry.bytes()))
            .collect();
        let remote = self.ask(|remote| remote.set_many(&pairs, life.ttl_ms)).is_some();
        if self.remote.is_some() && !remote {
            // Older values may still lie there, or these may have arrived.
            self.tables.set_pending(&slots);
        }
        let before: Vec<u64> = slots.iter().map(|slot| self.tables.version(*slot)).collect();
        let local = self.store_local(&pairs, &slots, life.ttl_ms);
        let mut memory = self.memory.lock();
        for (((wanted, _), (entry, key_slot)), before) in items.iter().zip(entries).zip(before) {
            let version = self.tables.bump_version(key_slot);
            // Another worker stored at the same time: which value lies on the machine is not known here.
            if version == before + 1 && (local || self.local.is_none()) {
                memory.put(&wanted.full, Held { entry, version, key_slot });
            } else {
                memory.remove(&wanted.full);
            }
            self.counters.add(Count::Set);
        }
        local || remote || (self.local.is_none() && self.remote.is_none() && self.options.memory_bytes > 0)
    }

    fn store_local(&self, pairs: &[(&[u8], &[u8])], slots: &[u32], ttl_ms: u64) -> bool {
        let Some(local) = &self.local else { return false };
        match local.set_many(pairs, ttl_ms) {
            Ok(()) => true,
            Err(error) => {
                *self.local_reason.lock() = reason(&error);
                // What lies there under these keys is older; it must not be served any more.
                self.tables.flush_local(slots);
                false
            }
        }
    }

    /// Deletes everywhere. False when the fleet's engine did not hear of it (it will, before it is read again).
    pub(super) fn remove(&self, wanted: &Wanted<'_>) -> bool {
        let heard = self.ask(|remote| remote.delete(&wanted.full)).is_some() || self.remote.is_none();
        let key_slot = self.namespace.key_slot(wanted.key);
        if !heard {
            self.tables.set_pending(&[key_slot]);
        }
        if let Some(Err(error)) = self.local.as_ref().map(|local| local.delete(&wanted.full)) {
            *self.local_reason.lock() = reason(&error);
            self.tables.flush_local(&[key_slot]);
        }
        self.tables.bump_version(key_slot);
        self.memory.lock().remove(&wanted.full);
        self.counters.add(Count::Delete);
        heard
    }

    /// Flushes slots everywhere. False when the fleet did not hear of it.
    pub(super) fn flush(&self, slots: &[u32]) -> bool {
        self.tables.flush_local(slots);
        let now_us = self.now_us();
        let heard = self.ask(|remote| {
            Fleet { tables: &self.tables, remote, namespace: &self.namespace }.publish(slots, now_us)
        });
        let heard = heard.is_some() || self.remote.is_none();
        if !heard {
            self.tables.set_pending(slots);
        }
        heard
    }

    /// Whether an entry may be served without asking anybody.
    pub(super) fn is_current(&self, held: &Held, now_ms: u64) -> bool {
        now_ms < held.entry.head.local_until_ms && self.is_alive(held, now_ms)
    }

    /// Whether an entry may be served at all.
    fn is_alive(&self, held: &Held, now_ms: u64) -> bool {
        let head = &held.entry.head;
        now_ms < head.expires_ms
            && self.tables.version(held.key_slot) == held.version
            && self.tables.is_valid(&head.slots, head.stamp)
    }

    /// Copies of what the fleet shares, and copies that other processes cannot end, live a few seconds only.
    fn local_until(&self, expires_ms: u64, now_ms: u64) -> u64 {
        if self.remote.is_some() || !self.tables.is_shared() {
            expires_ms.min(now_ms + self.options.local_ttl * 1000)
        } else {
            expires_ms
        }
    }
}

/// The state before the fleet's engine was read.
#[derive(Debug, Clone, Copy)]
pub struct Seen {
    local: u64,
    version: u64,
    now_ms: u64,
}

/// How long and under which conditions a value lives.
#[derive(Debug, Clone, Copy)]
pub struct Life<'a> {
    /// Milliseconds.
    pub ttl_ms: u64,
    /// Both clocks before the value was computed.
    pub stamp: Stamp,
    /// How long computing took.
    pub compute_us: u32,
    /// Tags.
    pub tags: &'a [&'a [u8]],
}

/// A failure as status() shows it.
pub(super) fn reason(error: &Error) -> String {
    match error {
        Error::Backend { detail, .. } => detail.clone(),
        Error::Limit { what, .. } => format!("limit: {what}"),
        Error::Busy { what } => format!("busy: {what}"),
        Error::Io { action, kind, .. } => format!("{action}: {kind}"),
        Error::Corrupt { reason, .. } => reason.clone(),
        other => other.to_string(),
    }
}
