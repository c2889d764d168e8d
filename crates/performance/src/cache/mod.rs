//! A cache in up to three tiers: L0 in this process, L1 on this machine for all workers, L2 for the fleet.
//!
//! | module | what |
//! | --- | --- |
//! | [`caches`], [`manager`], [`compute`] | what callers use |
//! | `build`, `state`, `status` | putting tiers together, moving entries through them, telling about them |
//! | [`generations`], [`fleet`] | invalidation within a machine and between machines |
//! | [`memory`], [`lmdb`], [`file`], [`redis`], [`memcached`] | the tiers, most behind [`tier::Tier`] |
//! | [`breaker`], [`lease`], `counters` | what workers share beside values |

pub mod breaker;
mod build;
pub mod caches;
pub mod compute;
mod counters;
pub mod entry;
pub mod file;
pub mod fleet;
mod folder;
pub mod generations;
pub mod key;
pub mod lease;
pub mod lmdb;
pub mod manager;
pub mod memcached;
pub mod memory;
pub mod options;
pub mod redis;
mod state;
mod status;
pub mod tier;

pub use caches::Caches;
pub use compute::{Compute, Found, Lease};
pub use manager::CacheManager;
pub use options::CacheOptions;
pub use status::{CacheStats, TierStatus};
