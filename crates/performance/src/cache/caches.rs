//! The caches of a process: one for each choice of options, kept from page to page.
//!
//! Opening a cache maps a file and connects to the fleet's engine, which costs more than what most pages read from it; and
//! what a process has in its memory is worth something only on the next page.

use super::manager::CacheManager;
use super::options::CacheOptions;
use meschain_base::{Clock, Result, Settings};
use parking_lot::Mutex;
use std::sync::Arc;

/// How many different options a process keeps caches for; the least recently used goes first.
const MOST: usize = 4;

/// Caches over the same settings, made when asked for.
pub struct Caches {
    settings: Settings,
    clock: Arc<dyn Clock>,
    /// Most recently used last.
    kept: Mutex<Vec<(CacheOptions, CacheManager)>>,
}

impl Caches {
    /// Opens nothing.
    pub fn new(settings: &Settings, clock: Arc<dyn Clock>) -> Self {
        Self { settings: settings.clone(), clock, kept: Mutex::new(Vec::new()) }
    }

    /// The cache with these options: the one there is, unless it is [worn](CacheManager::is_worn).
    pub fn get(&self, options: CacheOptions) -> Result<CacheManager> {
        let mut kept = self.kept.lock();
        let known = kept.iter().position(|(other, _)| *other == options).map(|place| kept.remove(place));
        let cache = match known.filter(|(_, cache)| !cache.is_worn()) {
            Some((_, cache)) => cache,
            None => CacheManager::open(&self.settings, options.clone(), self.clock.clone())?,
        };
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push((options, cache.clone()));
        Ok(cache)
    }
}

#[cfg(test)]
mod tests {
    use super::super::options::{Backend, Tiers};
    use super::*;
    use meschain_base::SystemClock;
    use std::path::Path;

    fn caches(data_dir: &Path) -> Caches {
        let mut settings = Settings::default();
        settings.set("data_dir", data_dir.to_str().unwrap()).unwrap();
        Caches::new(&settings, Arc::new(SystemClock))
    }

    fn with_ttl(seconds: u64) -> CacheOptions {
        CacheOptions { default_ttl: seconds, ..CacheOptions::default() }
    }

    #[test]
    fn equal_options_share_what_is_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let caches = caches(folder.path());
        let memory = || CacheOptions { tiers: Tiers::Chosen(vec![Backend::Memory]), ..with_ttl(60) };
        caches.get(memory()).unwrap().set(b"k", b"v", None).unwrap();
        assert!(caches.get(memory()).unwrap().has(b"k").unwrap());
        let other = CacheOptions { default_ttl: 61, ..memory() };
        assert!(!caches.get(other).unwrap().has(b"k").unwrap());
    }

    #[test]
    fn the_least_recently_used_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let caches = caches(folder.path());
        (0..MOST as u64).for_each(|n| drop(caches.get(with_ttl(n + 1)).unwrap()));
        caches.get(with_ttl(1)).unwrap();
        caches.get(with_ttl(99)).unwrap();
        let ttls: Vec<u64> = caches.kept.lock().iter().map(|(options, _)| options.default_ttl).collect();
        assert_eq!(ttls, [3, 4, 1, 99]);
    }

    #[test]
    fn options_that_cannot_be_are_refused_and_leave_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let caches = caches(folder.path());
        caches.get(with_ttl(1)).unwrap();
        let mut options = CacheOptions::default();
        options.set("tiers", "redis").unwrap();
        assert!(caches.get(options).is_err());
        assert_eq!(caches.kept.lock().len(), 1);
    }

    #[test]
    fn files_that_were_removed_are_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let caches = caches(&data);
        let first = caches.get(with_ttl(60)).unwrap();
        first.set(b"k", b"v", None).unwrap();
        std::fs::remove_dir_all(&data).unwrap();
        assert!(first.is_worn());
        let second = caches.get(with_ttl(60)).unwrap();
        assert!(!second.has(b"k").unwrap(), "others of this machine cannot end what lies there");
        assert!(data.is_dir());
    }
}
