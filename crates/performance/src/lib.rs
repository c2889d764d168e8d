//! Why is the shop slow, make it fast: the cache and the request monitor.
//!
//! - [`value`]: what can be cached and its binary form.
//! - [`cache`]: tiers from this process to the whole fleet behind one [`cache::CacheManager`].
//! - [`monitor`]: request times without a database write on the shopper's path.

pub mod cache;
pub mod monitor;
pub mod shared;
pub mod value;
