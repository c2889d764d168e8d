//! `remember`: computing a value once while others wait, and a little before it ends.

use super::generations::Stamp;
use super::lease::{self, Grant};
use super::manager::CacheManager;
use super::memory::Held;
use super::state::Life;
use crate::shared::hash::hash;
use crate::value::Value;
use meschain_base::{Result, random};
use rand::RngExt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// A value that was found.
#[derive(Debug, Clone)]
pub struct Found(pub(super) Held);

impl Found {
    /// The encoded value.
    pub fn payload(&self) -> &[u8] {
        self.0.entry.payload()
    }

    /// The value as a tree.
    pub fn value(&self) -> Result<Value> {
        Value::decode(self.payload())
    }
}

/// What to do for a key.
pub enum Compute {
    /// Serve this.
    Value(Found),
    /// Compute the value and [`Lease::store`] it.
    Lease(Lease),
    /// Another worker computes it: [`CacheManager::wait_compute`].
    Wait,
}

/// The duty to compute a value. Nothing is locked meanwhile; given back when dropped.
pub struct Lease {
    cache: CacheManager,
    key: Vec<u8>,
    hash: u64,
    taken: Option<u64>,
    stamp: Stamp,
    started_us: u64,
}

impl Lease {
    /// Stores what was computed. A flush of one of its tags since the lease was taken ends it at once.
    pub fn store(
        self,
        cache: &CacheManager,
        encoded: &[u8],
        ttl: Option<i64>,
        tags: &[&[u8]],
    ) -> Result<bool> {
        let took = cache.state().now_us().saturating_sub(self.started_us);
        let compute_us = u32::try_from(took).unwrap_or(u32::MAX);
        cache.put(&self.key, encoded, ttl, Life { ttl_ms: 0, stamp: self.stamp, compute_us, tags })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(taken) = self.taken {
            lease::release(&self.cache.state().tables, self.hash, taken);
        }
    }
}

impl CacheManager {
    /// The value, or the duty to compute it, or the advice to wait for who does.
    pub fn begin_compute(&self, key: &[u8]) -> Result<Compute> {
        if let Some(found) = self.get(key)? {
            if !self.is_due_early(&found) {
                return Ok(Compute::Value(found));
            }
            return Ok(match self.acquire(key)? {
                Ok(lease) => Compute::Lease(lease),
                Err(_) => Compute::Value(found),
            });
        }
        let Ok(lease) = self.acquire(key)? else { return Ok(Compute::Wait) };
        // It may have been stored between looking and taking the lease.
        Ok(match self.get(key)? {
            Some(found) => Compute::Value(found),
            None => Compute::Lease(lease),
        })
    }

    /// Waits for the value another worker computes, at most `wait_ms`; then the caller computes it too.
    /// Never returns [`Compute::Wait`].
    pub fn wait_compute(&self, key: &[u8]) -> Result<Compute> {
        let state = self.state();
        let mut waited = 0;
        let mut pause = 1;
        while waited < state.options.wait_ms {
            std::thread::sleep(Duration::from_millis(pause));
            waited += pause;
            pause = (pause * 2).min(10);
            match self.begin_compute(key)? {
                Compute::Wait => {}
                done => return Ok(done),
            }
        }
        Ok(Compute::Lease(self.lease(key, None)))
    }

    fn acquire(&self, key: &[u8]) -> Result<std::result::Result<Lease, Grant>> {
        let state = self.state();
        let hash = hash(&state.want(key)?.full);
        let now_ms = state.now_ms();
        let deadline = now_ms + state.options.lease_ms;
        Ok(match lease::acquire(&state.tables, hash, now_ms, deadline, std::process::id()) {
            Grant::Taken(word) => Ok(self.lease(key, Some((hash, word)))),
            Grant::Own => Ok(self.lease(key, None)),
            Grant::Other => Err(Grant::Other),
        })
    }

    fn lease(&self, key: &[u8], taken: Option<(u64, u64)>) -> Lease {
        let state = self.state();
        Lease {
            cache: self.clone(),
            key: key.to_vec(),
            hash: taken.map_or(0, |(hash, _)| hash),
            taken: taken.map(|(_, word)| word),
            stamp: state.tables.stamp(),
            started_us: state.now_us(),
        }
    }

    /// XFetch: the nearer the end and the longer computing takes, the likelier one request recomputes early, so that
    /// many do not at the end. Vattani, Chierichetti, Lowenstein: "Optimal probabilistic cache stampede
    /// prevention", VLDB 2015.
    fn is_due_early(&self, found: &Found) -> bool {
        static DRAWS: AtomicU64 = AtomicU64::new(0);
        let state = self.state();
        let head = &found.0.entry.head;
        if head.compute_us == 0 || state.options.beta <= 0.0 {
            return false;
        }
        let left_us = head.expires_ms.saturating_mul(1000).saturating_sub(state.now_us()) as f64;
        let scale = f64::from(head.compute_us) * state.options.beta;
        // 64-bit draws give at most -ln(2^-53) < 37 times the scale: far from the end nothing is drawn.
        if left_us > scale * 37.0 {
            return false;
        }
        let seed = u64::from(std::process::id()) << 32 ^ DRAWS.fetch_add(1, Relaxed);
        let draw: f64 = random::seeded(seed, state.now_us()).random();
        is_early(left_us, scale, draw)
    }
}

fn is_early(left_us: f64, scale: f64, draw: f64) -> bool {
    left_us <= -scale * (1.0 - draw).max(f64::MIN_POSITIVE).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn early_recomputation_follows_the_exponential_law() {
        // P(early) = exp(-left / scale).
        let mut random = random::seeded(5, 0);
        for (left, expected) in [(0.5, 0.6065), (1.0, 0.3679), (3.0, 0.0498)] {
            let early = (0..20_000).filter(|_| is_early(left * 1e6, 1e6, random.random())).count();
            assert!((early as f64 / 20_000.0 - expected).abs() < 0.015, "{left}: {early}");
        }
    }
}
