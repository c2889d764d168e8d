//! What can be chosen for one cache.

use meschain_base::{Error, Result};
use std::path::PathBuf;
use std::time::Duration;

/// Choices for one [`super::CacheManager`]. Times of life are seconds, waits milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct CacheOptions {
    /// Life of a value stored without one, seconds.
    pub default_ttl: u64,
    /// Front of every key in shared engines. The default is completed with a hash of the shop's database and table
    /// prefix, so that two shops on one Redis stay apart; a prefix of one's own is used as it is.
    pub key_prefix: String,
    /// Bytes of values kept in this process; 0 for none.
    pub memory_bytes: usize,
    /// Largest encoded value, bytes.
    pub max_value_bytes: usize,
    /// Which tiers are used.
    pub tiers: Tiers,
    /// Folder of the `file` tier; `<data_dir>/cache/files` when unset.
    pub path: Option<PathBuf>,
    /// Longest wait for a connection to the fleet's engine.
    pub connect_timeout: Duration,
    /// Longest wait for an answer of it.
    pub timeout: Duration,
    /// How often a machine looks for flushes of other machines.
    pub coherence_ms: u64,
    /// How long a copy of a value of the fleet's engine is served without asking there again, seconds.
    pub local_ttl: u64,
    /// Longest time a lease to compute is held against others.
    pub lease_ms: u64,
    /// Longest wait for a value that another worker computes.
    pub wait_ms: u64,
    /// Eagerness of early recomputation; 0 turns it off, 1 is the optimum of its authors.
    pub beta: f64,
}

/// Which tiers are used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tiers {
    /// Memory; LMDB where there is a data folder; Redis, else Memcached, where one is set.
    Auto,
    /// These; each must be possible with the settings.
    Chosen(Vec<Backend>),
}

/// An engine that can be a tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// This process.
    Memory,
    /// LMDB on this machine.
    Lmdb,
    /// Files on this machine.
    File,
    /// Redis or Valkey.
    Redis,
    /// Memcached.
    Memcached,
}

/// The prefix that is completed per shop.
pub const DEFAULT_PREFIX: &str = "meschain:";
/// Ten years; longer lives are cut to it.
pub const LONGEST_TTL: u64 = 10 * 365 * 24 * 3600;

impl Default for CacheOptions {
    fn default() -> Self {
        Self {
            default_ttl: 3600,
            key_prefix: DEFAULT_PREFIX.to_owned(),
            memory_bytes: 16 << 20,
            max_value_bytes: 8 << 20,
            tiers: Tiers::Auto,
            path: None,
            connect_timeout: Duration::from_millis(50),
            timeout: Duration::from_millis(50),
            coherence_ms: 1_000,
            local_ttl: 5,
            lease_ms: 30_000,
            wait_ms: 500,
            beta: 1.0,
        }
    }
}

impl CacheOptions {
    /// Every name that [`CacheOptions::set`] knows.
    pub const NAMES: &[&str] = &[
        "default_ttl",
        "key_prefix",
        "memory_bytes",
        "max_value_bytes",
        "tiers",
        "path",
        "connect_timeout_ms",
        "timeout_ms",
        "coherence_ms",
        "local_ttl",
        "lease_ms",
        "wait_ms",
        "beta",
    ];

    /// Sets one choice from text. A refusal names it and changes nothing.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let value = value.trim();
        match name {
            "default_ttl" => self.default_ttl = number(name, value, 1, LONGEST_TTL)?,
            "key_prefix" => {
                super::key::Namespace::new(value)?;
                self.key_prefix = value.to_owned();
            }
            "memory_bytes" => self.memory_bytes = number(name, value, 0, 4 << 30)?,
            "max_value_bytes" => self.max_value_bytes = number(name, value, 1024, 64 << 20)?,
            "tiers" => self.tiers = tiers(value)?,
            "path" => self.path = Some(path(value)?),
            "connect_timeout_ms" => {
                self.connect_timeout = Duration::from_millis(number(name, value, 1, 10_000)?)
            }
            "timeout_ms" => self.timeout = Duration::from_millis(number(name, value, 1, 10_000)?),
            "coherence_ms" => self.coherence_ms = number(name, value, 10, 60_000)?,
            "local_ttl" => self.local_ttl = number(name, value, 1, 3_600)?,
            "lease_ms" => self.lease_ms = number(name, value, 100, 600_000)?,
            "wait_ms" => self.wait_ms = number(name, value, 0, 30_000)?,
            "beta" => self.beta = number(name, value, 0.0, 10.0)?,
            _ => return Err(Error::argument(name, format!("one of {}", Self::NAMES.join(", ")), name)),
        }
        Ok(())
    }
}

fn number<T: std::str::FromStr + PartialOrd + std::fmt::Display>(
    name: &str,
    value: &str,
    least: T,
    most: T,
) -> Result<T> {
    let parsed = value.parse::<T>().ok().filter(|number| *number >= least && *number <= most);
    parsed.ok_or_else(|| Error::argument(name, format!("a number from {least} to {most}"), value))
}

fn path(value: &str) -> Result<PathBuf> {
    let path = PathBuf::from(value);
    if path.is_absolute() { Ok(path) } else { Err(Error::argument("path", "an absolute path", value)) }
}

fn tiers(value: &str) -> Result<Tiers> {
    let wrong = || {
        let expected = "auto, or a list of memory, one of lmdb and file, one of redis and memcached";
        Error::argument("tiers", expected, value)
    };
    if value == "auto" {
        return Ok(Tiers::Auto);
    }
    let one = |name: &str| match name.trim() {
        "memory" => Some(Backend::Memory),
        "lmdb" => Some(Backend::Lmdb),
        "file" => Some(Backend::File),
        "redis" => Some(Backend::Redis),
        "memcached" => Some(Backend::Memcached),
        _ => None,
    };
    let chosen: Vec<Backend> = value.split(',').map(one).collect::<Option<_>>().ok_or_else(wrong)?;
    let both = |a, b| chosen.contains(&a) && chosen.contains(&b);
    if both(Backend::Lmdb, Backend::File) || both(Backend::Redis, Backend::Memcached) {
        return Err(wrong());
    }
    Ok(Tiers::Chosen(chosen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_name_the_option_and_change_nothing() {
        for (name, value) in [
            ("default_ttl", "0"),
            ("key_prefix", "a b"),
            ("tiers", "redis,memcached"),
            ("tiers", "disk"),
            ("path", "relative"),
            ("beta", "NaN"),
            ("nothing", "1"),
        ] {
            let mut options = CacheOptions::default();
            let error = options.set(name, value).unwrap_err();
            assert!(matches!(&error, Error::Argument { name: found, .. } if found == name), "{error:?}");
            assert_eq!(options, CacheOptions::default());
        }
    }

    #[test]
    fn every_name_is_known() {
        for name in CacheOptions::NAMES {
            let error = CacheOptions::default().set(name, "\u{1}").unwrap_err();
            assert!(!format!("{error:?}").contains("one of default_ttl"), "{name}");
        }
    }
}
