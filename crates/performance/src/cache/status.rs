//! What the tiers hold and why one is not there, for people.

use super::breaker::State as BreakerState;
use super::build::Plan;
use super::counters::Count;
use super::options::Backend;
use super::state::State;
use super::tier::Usage;
use serde::Serialize;

/// One tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TierStatus {
    /// `L0`, `L1` or `L2`.
    pub tier: &'static str,
    /// `memory`, `lmdb`, `file`, `redis` or `memcached`.
    pub backend: &'static str,
    /// `on`, `off` or `down`.
    pub state: &'static str,
    /// Why it is off or down; the last failure while it is on; empty when there was none.
    pub reason: String,
    /// Entries held; 0 for engines that others share.
    pub entries: u64,
    /// Bytes held; 0 for engines that others share.
    pub bytes: u64,
    /// Found here, all processes of this machine.
    pub hits: u64,
    /// Not found here.
    pub misses: u64,
}

/// Counts of all processes of this machine since it booted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CacheStats {
    /// Found in any tier.
    pub hits: u64,
    /// Found in none.
    pub misses: u64,
    /// hits / (hits + misses); 0 before the first.
    pub hit_rate: f64,
    /// Values stored.
    pub sets: u64,
    /// Keys deleted.
    pub deletes: u64,
    /// The tiers.
    pub tiers: Vec<TierStatus>,
}

pub(super) fn tiers(plan: &Plan, state: &State) -> Vec<TierStatus> {
    vec![memory(state), local(plan, state), remote(plan, state)]
}

pub(super) fn stats(plan: &Plan, state: &State) -> CacheStats {
    let count = |kind| state.counters.total(kind);
    let hits = count(Count::MemoryHit) + count(Count::LocalHit) + count(Count::RemoteHit);
    let misses = count(Count::Miss);
    let asked = hits + misses;
    CacheStats {
        hits,
        misses,
        hit_rate: if asked == 0 { 0.0 } else { hits as f64 / asked as f64 },
        sets: count(Count::Set),
        deletes: count(Count::Delete),
        tiers: tiers(plan, state),
    }
}

fn memory(state: &State) -> TierStatus {
    let memory = state.memory.lock();
    let on = state.options.memory_bytes > 0;
    TierStatus {
        tier: "L0",
        backend: "memory",
        state: if on { "on" } else { "off" },
        reason: if on { String::new() } else { "not chosen".to_owned() },
        entries: memory.len() as u64,
        bytes: memory.bytes() as u64,
        hits: state.counters.total(Count::MemoryHit),
        misses: state.counters.total(Count::MemoryMiss),
    }
}

fn local(plan: &Plan, state: &State) -> TierStatus {
    let (planned, _) = plan.planned();
    let usage = state.local.as_ref().map(|tier| tier.usage());
    let reason = state.local_reason.lock().clone();
    let (name, reason) = match (planned, &usage) {
        (None, _) => ("off", "no data_dir, or not chosen".to_owned()),
        (Some(_), None | Some(Err(_))) => ("down", reason),
        (Some(_), Some(Ok(_))) => ("on", reason),
    };
    let usage: Usage = usage.and_then(Result::ok).unwrap_or_default();
    TierStatus {
        tier: "L1",
        backend: if planned == Some(Backend::File) { "file" } else { "lmdb" },
        state: name,
        reason,
        entries: usage.entries,
        bytes: usage.bytes,
        hits: state.counters.total(Count::LocalHit),
        misses: state.counters.total(Count::LocalMiss),
    }
}

fn remote(plan: &Plan, state: &State) -> TierStatus {
    let (_, planned) = plan.planned();
    // Asking counts as a call: a dead engine is noticed here, behind the breaker like everywhere.
    let answered = state.ask(|engine| engine.usage()).is_some();
    let (name, reason) = match &state.remote {
        None => ("off", "no redis_url or memcached, or not chosen".to_owned()),
        Some(_) if answered => ("on", String::new()),
        Some(guarded) => {
            let reason = guarded.reason.lock().clone();
            let open = guarded.breaker.state(state.now_ms()) != BreakerState::Closed;
            ("down", if open && reason.is_empty() { "breaker open".to_owned() } else { reason })
        }
    };
    TierStatus {
        tier: "L2",
        backend: if planned == Some(Backend::Memcached) { "memcached" } else { "redis" },
        state: name,
        reason,
        entries: 0,
        bytes: 0,
        hits: state.counters.total(Count::RemoteHit),
        misses: state.counters.total(Count::RemoteMiss),
    }
}
