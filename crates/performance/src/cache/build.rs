//! From settings and options to tiers.

use super::breaker::Breaker;
use super::counters::Counters;
use super::file::FileTier;
use super::folder;
use super::generations::Generations;
use super::key::Namespace;
use super::lmdb::Lmdb;
use super::memcached::MemcachedTier;
use super::memory::Memory;
use super::options::{Backend, CacheOptions, DEFAULT_PREFIX, Tiers};
use super::redis::RedisTier;
use super::state::{Guarded, State, reason};
use super::tier::{Remote, Tier};
use meschain_base::{Clock, Error, Result, Settings};
use parking_lot::Mutex;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// What a cache will be made of; checked, nothing opened.
pub struct Plan {
    pub(super) options: CacheOptions,
    pub(super) namespace: Namespace,
    settings: Settings,
    memory: bool,
    local: Option<Backend>,
    remote: Option<Backend>,
}

impl Plan {
    /// Checks settings and options against each other.
    pub fn new(settings: &Settings, options: CacheOptions) -> Result<Self> {
        let chosen = match &options.tiers {
            Tiers::Auto => automatic(settings),
            Tiers::Chosen(chosen) => chosen.clone(),
        };
        let pick = |list: [Backend; 2]| list.into_iter().find(|backend| chosen.contains(backend));
        let plan = Self {
            namespace: Namespace::new(&prefix(settings, &options))?,
            memory: chosen.contains(&Backend::Memory),
            local: pick([Backend::Lmdb, Backend::File]),
            remote: pick([Backend::Redis, Backend::Memcached]),
            settings: settings.clone(),
            options,
        };
        plan.remote_tier()?;
        plan.local_folder()?;
        Ok(plan)
    }

    fn remote_tier(&self) -> Result<Option<Box<dyn Remote>>> {
        let (connect, answer) = (self.options.connect_timeout, self.options.timeout);
        Ok(match self.remote {
            Some(Backend::Redis) => {
                let url =
                    self.settings.redis_url.as_ref().ok_or(Error::NotConfigured { setting: "redis_url" })?;
                Some(Box::new(RedisTier::new(url, connect, answer)?))
            }
            Some(_) => {
                let address =
                    self.settings.memcached.as_ref().ok_or(Error::NotConfigured { setting: "memcached" })?;
                Some(Box::new(MemcachedTier::new(address, connect, answer)?))
            }
            None => None,
        })
    }

    fn local_folder(&self) -> Result<Option<PathBuf>> {
        Ok(match (self.local, &self.options.path) {
            (None, _) => None,
            (Some(Backend::File), Some(path)) => Some(path.clone()),
            (Some(Backend::File), None) => {
                Some(self.settings.require_data_dir()?.join("cache").join("files"))
            }
            (Some(_), _) => Some(folder::of_this_boot(self.settings.require_data_dir()?)),
        })
    }

    /// Opens what can be opened; what cannot is off with a reason.
    pub fn open(&self, clock: &Arc<dyn Clock>) -> State {
        let mut why = String::new();
        let now_us = u64::try_from(clock.now().as_microsecond()).unwrap_or(0);
        let tables = Arc::new(self.tables(now_us, &mut why));
        // Without shared tables workers could not tell each other what was deleted on the machine.
        let local = if tables.is_shared() { self.local_tier(&mut why) } else { None };
        let remote = self.remote_tier().ok().flatten().map(|engine| Guarded {
            engine,
            breaker: Breaker::new(tables.clone()),
            reason: Mutex::new(String::new()),
        });
        let memory_bytes = if self.memory { self.options.memory_bytes } else { 0 };
        let mut options = self.options.clone();
        options.memory_bytes = memory_bytes;
        State {
            counters: Counters::new(tables.clone()),
            tables,
            memory: Mutex::new(Memory::new(memory_bytes)),
            local,
            remote,
            namespace: self.namespace.clone(),
            options,
            clock: clock.clone(),
            incomplete: (!why.is_empty()).then(Instant::now),
            local_reason: Mutex::new(why),
        }
    }

    /// One file for each namespace, engine and boot: their clocks have nothing to do with each other.
    fn tables(&self, now_us: u64, why: &mut String) -> Generations {
        let folder = match (&self.settings.data_dir, self.local_folder()) {
            (Some(data_dir), _) => folder::of_this_boot(data_dir),
            (None, Ok(Some(folder))) => folder,
            _ => return Generations::process(now_us),
        };
        let engine = match self.remote {
            Some(Backend::Redis) => self.settings.redis_url.as_ref().map_or("", |url| url.expose()),
            Some(_) => self.settings.memcached.as_deref().unwrap_or_default(),
            None => "",
        };
        let local = format!("{:?}", self.local);
        let name = blake3::hash(&[&self.namespace.own(""), engine.as_bytes(), local.as_bytes()].concat());
        let name = name.to_hex();
        let file = format!("generations-{}", name.as_str().get(..16).unwrap_or_default());
        Generations::open(&folder.join(file), now_us).unwrap_or_else(|error| {
            *why = reason(&error);
            Generations::process(now_us)
        })
    }

    fn local_tier(&self, why: &mut String) -> Option<Box<dyn Tier>> {
        let folder = self.local_folder().ok()??;
        if self.local == Some(Backend::File) {
            return Some(Box::new(FileTier::new(&folder, self.settings.cache_bytes)));
        }
        match Lmdb::open(&folder, self.settings.cache_bytes) {
            Ok(tier) => {
                folder::remove_abandoned(&folder, std::time::SystemTime::now());
                Some(Box::new(tier))
            }
            Err(error) => {
                *why = reason(&error);
                None
            }
        }
    }

    /// The backends that were planned for the machine and the fleet, for status().
    pub(super) fn planned(&self) -> (Option<Backend>, Option<Backend>) {
        (self.local, self.remote)
    }
}

fn automatic(settings: &Settings) -> Vec<Backend> {
    let local = settings.data_dir.as_ref().map(|_| Backend::Lmdb);
    let redis = settings.redis_url.as_ref().map(|_| Backend::Redis);
    let memcached = settings.memcached.as_ref().map(|_| Backend::Memcached);
    [Some(Backend::Memory), local, redis.or(memcached)].into_iter().flatten().collect()
}

/// The default prefix is completed with a hash of the database (without user and password) and the table prefix.
fn prefix(settings: &Settings, options: &CacheOptions) -> String {
    if options.key_prefix != DEFAULT_PREFIX {
        return options.key_prefix.clone();
    }
    let url = settings.database_url.as_ref().map_or("", |url| url.expose());
    let place = url.rsplit_once('@').map_or(url, |(_, place)| place);
    let hash = blake3::hash(format!("{place}\n{}", settings.table_prefix).as_bytes()).to_hex();
    format!("{DEFAULT_PREFIX}{}:", hash.as_str().get(..8).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_shops_on_one_engine_have_different_prefixes_and_one_shop_the_same() {
        let of = |url: &str, table_prefix: &str| {
            let mut settings = Settings::default();
            settings.set("database_url", url).unwrap();
            settings.set("table_prefix", table_prefix).unwrap();
            prefix(&settings, &CacheOptions::default())
        };
        let one = of("mysql://u:p@db/shop", "oc_");
        assert_eq!(one, of("mysql://other:secret@db/shop", "oc_"));
        assert!(one != of("mysql://u:p@db/shop2", "oc_") && one != of("mysql://u:p@db/shop", "oc2_"));
    }

    #[test]
    fn a_chosen_tier_without_its_setting_is_refused() {
        for (tiers, setting) in [("redis", "redis_url"), ("memcached", "memcached"), ("file", "data_dir")] {
            let mut options = CacheOptions::default();
            options.set("tiers", tiers).unwrap();
            let error = Plan::new(&Settings::default(), options).err().unwrap();
            assert_eq!(error, Error::NotConfigured { setting });
        }
    }
}
