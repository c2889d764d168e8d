//! The cache as callers see it.

use super::build::Plan;
use super::compute::Found;
use super::counters::Count;
use super::entry::MAX_SLOTS;
use super::options::CacheOptions;
use super::state::{Life, Near, State, Wanted};
use super::status::{self, CacheStats, TierStatus};
use meschain_base::{Clock, Error, Result, Settings};
use std::sync::{Arc, OnceLock};

/// Tags of one value.
pub const MAX_TAGS: usize = 32;
/// Expired entries removed by one [`CacheManager::sweep`].
const SWEEP: usize = 10_000;

/// A cache of encoded values in up to three tiers. Cheap to clone; opens nothing before its first use.
///
/// Only wrong arguments are errors. An engine that is down or slow is a miss, or `false` from a call that stores.
#[derive(Clone)]
pub struct CacheManager(pub(super) Arc<Inner>);

pub(super) struct Inner {
    plan: Plan,
    clock: Arc<dyn Clock>,
    state: OnceLock<State>,
}

impl CacheManager {
    /// Checks settings and options.
    pub fn open(settings: &Settings, options: CacheOptions, clock: Arc<dyn Clock>) -> Result<Self> {
        let plan = Plan::new(settings, options)?;
        Ok(Self(Arc::new(Inner { plan, clock, state: OnceLock::new() })))
    }

    pub(super) fn state(&self) -> &State {
        self.0.state.get_or_init(|| self.0.plan.open(&self.0.clock))
    }

    /// The value of a key; `None` is a miss. A cached null is a hit.
    pub fn get(&self, key: &[u8]) -> Result<Option<Found>> {
        Ok(self.get_many(&[key])?.into_iter().next().flatten())
    }

    /// The values of several keys, in their order, in one round trip to the fleet's engine.
    pub fn get_many(&self, keys: &[&[u8]]) -> Result<Vec<Option<Found>>> {
        let state = self.state();
        let wanted: Vec<Wanted<'_>> = keys.iter().map(|key| state.want(key)).collect::<Result<_>>()?;
        let now_ms = state.now_ms();
        state.follow(now_ms);
        let near: Vec<Near> = wanted.iter().map(|wanted| state.near(wanted, now_ms)).collect();
        let missing: Vec<&Wanted<'_>> = wanted
            .iter()
            .zip(&near)
            .filter_map(|(wanted, near)| matches!(near, Near::Miss(_)).then_some(wanted))
            .collect();
        let mut far = self.far(&missing, now_ms).into_iter();
        let found = near.into_iter().map(|near| match near {
            Near::Hit(held) => Some(held),
            Near::Miss(stale) => match far.next() {
                Some(Far::Answer(held)) => held,
                _ => stale.inspect(|_| state.counters.add(Count::LocalHit)),
            },
        });
        let found: Vec<Option<Found>> = found.map(|held| held.map(Found)).collect();
        found.iter().filter(|found| found.is_none()).for_each(|_| state.counters.add(Count::Miss));
        Ok(found)
    }

    /// Asks the fleet's engine for what the machine does not have; without it, says so for each key.
    fn far(&self, missing: &[&Wanted<'_>], now_ms: u64) -> Vec<Far> {
        let state = self.state();
        if missing.is_empty() || state.remote.is_none() {
            return missing.iter().map(|_| Far::Silent).collect();
        }
        // Before the first look at the journal nothing there can be judged.
        let trusted = state.tables.fleet_sequence() > 0;
        let seen: Vec<_> = missing.iter().map(|wanted| state.seen(wanted.key, now_ms)).collect();
        let keys: Vec<Vec<u8>> = missing.iter().map(|wanted| wanted.full.clone()).collect();
        let answer = if trusted { state.ask(|remote| remote.get_many(&keys)) } else { None };
        match answer {
            Some(values) => missing
                .iter()
                .zip(values)
                .zip(seen)
                .map(|((wanted, value), seen)| Far::Answer(state.take_over(wanted, value, seen)))
                .collect(),
            None => missing.iter().map(|_| Far::Silent).collect(),
        }
    }

    /// Whether [`CacheManager::get`] would find the key.
    pub fn has(&self, key: &[u8]) -> Result<bool> {
        Ok(self.get(key)?.is_some())
    }

    /// Stores an encoded value. `ttl` in seconds: `None` is the default, 0 or less deletes, more than ten years is
    /// ten years. False when no tier that outlives this call took it.
    pub fn set(&self, key: &[u8], encoded: &[u8], ttl: Option<i64>) -> Result<bool> {
        self.set_tagged(key, encoded, ttl, &[])
    }

    /// Stores a value that ends when one of its tags is flushed.
    pub fn set_tagged(&self, key: &[u8], encoded: &[u8], ttl: Option<i64>, tags: &[&[u8]]) -> Result<bool> {
        let state = self.state();
        // The stamp is of now, not of the last look at the fleet: a first value would else be older than the journal.
        state.follow(state.now_ms());
        let life = Life { ttl_ms: 0, stamp: state.tables.stamp(), compute_us: 0, tags };
        self.put(key, encoded, ttl, life)
    }

    /// Stores several values, each tier in one go.
    pub fn set_many(&self, items: &[(&[u8], &[u8])], ttl: Option<i64>) -> Result<bool> {
        let state = self.state();
        // A wrong key refuses the call before anything is stored.
        let wanted = items.iter().map(|(key, _)| state.want(key)).collect::<Result<Vec<_>>>()?;
        let ttl_ms = state.ttl_s(ttl) * 1000;
        let fits = |(_, encoded): &(&[u8], &[u8])| encoded.len() <= state.options.max_value_bytes;
        if items.is_empty() || ttl_ms == 0 || !items.iter().all(fits) {
            let mut all = true;
            for (key, encoded) in items {
                all &= self.set(key, encoded, ttl)?;
            }
            return Ok(all);
        }
        state.follow(state.now_ms());
        let life = Life { ttl_ms, stamp: state.tables.stamp(), compute_us: 0, tags: &[] };
        let pairs: Vec<_> =
            wanted.iter().zip(items).map(|(wanted, (_, encoded))| (wanted, *encoded)).collect();
        Ok(state.store_many(&pairs, life))
    }

    pub(super) fn put(&self, key: &[u8], encoded: &[u8], ttl: Option<i64>, life: Life<'_>) -> Result<bool> {
        let state = self.state();
        let wanted = state.want(key)?;
        check_tags(life.tags)?;
        let ttl = state.ttl_s(ttl);
        if ttl == 0 {
            return Ok(state.remove(&wanted));
        }
        if encoded.len() > state.options.max_value_bytes {
            *state.local_reason.lock() = format!("limit: value of {} bytes", encoded.len());
            // The old value is not the value any more.
            state.remove(&wanted);
            return Ok(false);
        }
        Ok(state.store(&wanted, encoded, Life { ttl_ms: ttl * 1000, ..life }))
    }

    /// Deletes a key in every tier. False when the fleet's engine did not hear of it; it is not read again before
    /// it has.
    pub fn delete(&self, key: &[u8]) -> Result<bool> {
        let state = self.state();
        Ok(state.remove(&state.want(key)?))
    }

    /// Ends every key that starts with `group` and a dot, and the key `group` itself, without looking for them.
    /// Groups reach to the third dot of a key.
    pub fn delete_group(&self, group: &[u8]) -> Result<bool> {
        let state = self.state();
        let wanted = state.want(group)?;
        let group = group.strip_suffix(b".").unwrap_or(group);
        let flushed = state.flush(&[state.namespace.group_slot(group)]);
        Ok(state.remove(&wanted) && flushed)
    }

    /// Ends everything under this prefix, and nothing of anybody else.
    pub fn clear(&self) -> Result<bool> {
        let state = self.state();
        state.memory.lock().clear();
        Ok(state.flush(&[state.namespace.root_slot()]))
    }

    /// Ends every value with one of these tags.
    pub fn flush_tags(&self, tags: &[&[u8]]) -> Result<bool> {
        check_tags(tags)?;
        let state = self.state();
        let slots: Vec<u32> = tags.iter().map(|tag| state.namespace.tag_slot(tag)).collect();
        Ok(state.flush(&slots))
    }

    /// Whether what was found may still be served; a few loads, no lock. For callers that keep what they decoded.
    pub fn is_current(&self, found: &Found) -> bool {
        let state = self.state();
        let now_ms = state.now_ms();
        state.follow(now_ms);
        state.is_current(&found.0, now_ms)
    }

    /// Whether a new cache would do better: its files were removed under it, or something that could not be opened a while
    /// ago may open by now.
    pub fn is_worn(&self) -> bool {
        self.0.state.get().is_some_and(State::is_worn)
    }

    /// The tiers, in order.
    pub fn status(&self) -> Vec<TierStatus> {
        status::tiers(&self.0.plan, self.state())
    }

    /// Counts since the machine booted.
    pub fn stats(&self) -> CacheStats {
        status::stats(&self.0.plan, self.state())
    }

    /// Removes expired entries from the machine's tier; bounded, for a worker to call now and then.
    pub fn sweep(&self) -> u64 {
        let state = self.state();
        let swept = state.local.as_ref().map(|local| local.sweep(state.now_ms(), SWEEP));
        swept.and_then(Result::ok).unwrap_or(0)
    }
}

/// What the fleet's engine said about a key: something, or that it cannot be asked.
enum Far {
    Answer(Option<super::memory::Held>),
    Silent,
}

fn check_tags(tags: &[&[u8]]) -> Result<()> {
    const { assert!(MAX_TAGS + 5 <= MAX_SLOTS) };
    let fits = tags.len() <= MAX_TAGS && tags.iter().all(|tag| !tag.is_empty() && tag.len() <= 1024);
    if fits {
        Ok(())
    } else {
        let expected = format!("up to {MAX_TAGS} tags of 1 to 1024 bytes");
        Err(Error::argument("tags", expected, format!("{} tags", tags.len())))
    }
}
