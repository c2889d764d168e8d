//! What a shop can set. Values come as text from the INI, from an array or from OpenCart's constants; all pass through
//! [`Settings::set`], so that one table says what exists, what it means and what is allowed.

use crate::secret::redact_url;
use crate::{Error, Result, Secret};
use std::path::PathBuf;

/// Everything that can be set, validated. Unset connections are `None`; nothing here opens anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// `mysql://user:password@host:port/database?socket=/path&ssl=...`.
    pub database_url: Option<Secret>,
    /// Where reports read; the main database when unset.
    pub reporting_database_url: Option<Secret>,
    /// `redis://[user:password@]host:port/db`, `rediss://`, `unix:///path`.
    pub redis_url: Option<Secret>,
    /// `host:port` of a Memcached server.
    pub memcached: Option<String>,
    /// Where models, columns, cache and exports lie.
    pub data_dir: Option<PathBuf>,
    /// Threads for heavy work; `None` lets the caller choose (one in a web request, all cores in the command line).
    pub threads: Option<usize>,
    /// OpenCart's table prefix. MesChain's own tables have none.
    pub table_prefix: String,
    /// `production`, `staging`, `development` or `test`.
    pub environment: String,
    /// The shop's time zone, an IANA name. Days in reports start at midnight there.
    pub timezone: String,
    /// How long to wait for a connection or a statement, in milliseconds.
    pub database_timeout_ms: u64,
    /// Connections a process may hold.
    pub database_pool: usize,
    /// Bytes the on-machine cache may take on disk.
    pub cache_bytes: u64,
    /// File with the keys that seal secrets; `<data_dir>/keys` when unset.
    pub key_file: Option<PathBuf>,
    /// Share of requests of our pages that are timed, 0 to 1.
    pub monitor_sample: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            database_url: None,
            reporting_database_url: None,
            redis_url: None,
            memcached: None,
            data_dir: None,
            threads: None,
            table_prefix: "oc_".to_owned(),
            environment: "production".to_owned(),
            timezone: "Europe/Istanbul".to_owned(),
            database_timeout_ms: 5_000,
            database_pool: 4,
            cache_bytes: 256 << 20,
            key_file: None,
            monitor_sample: 1.0,
        }
    }
}

/// One setting as documentation, INI registration and `--ri` need it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Name without the `meschain.` in front.
    pub name: &'static str,
    /// What it is when not set, as INI text.
    pub default: &'static str,
    /// Whether its value must never be shown.
    pub secret: bool,
}

/// Every setting there is.
pub const ENTRIES: [Entry; 14] = [
    entry("database_url", "", true),
    entry("reporting_database_url", "", true),
    entry("redis_url", "", true),
    entry("memcached", "", false),
    entry("data_dir", "", false),
    entry("threads", "0", false),
    entry("table_prefix", "oc_", false),
    entry("environment", "production", false),
    entry("timezone", "Europe/Istanbul", false),
    entry("database_timeout_ms", "5000", false),
    entry("database_pool", "4", false),
    entry("cache_bytes", "268435456", false),
    entry("key_file", "", false),
    entry("monitor_sample", "1", false),
];

const fn entry(name: &'static str, default: &'static str, secret: bool) -> Entry {
    Entry { name, default, secret }
}

impl Settings {
    /// Sets one value from text; an empty text unsets what can be unset and is otherwise the default.
    pub fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let value = value.trim();
        match name {
            "database_url" => self.database_url = url(name, value, &["mysql", "mariadb"])?,
            "reporting_database_url" => {
                self.reporting_database_url = url(name, value, &["mysql", "mariadb"])?
            }
            "redis_url" => {
                let schemes =
                    ["redis", "rediss", "unix", "redis+unix", "valkey", "redis-cluster", "redis-sentinel"];
                self.redis_url = url(name, value, &schemes)?;
            }
            "memcached" => self.memcached = filled(value).map(str::to_owned),
            "data_dir" => self.data_dir = absolute_path(name, value)?,
            "key_file" => self.key_file = absolute_path(name, value)?,
            "threads" => {
                let threads: usize = number(name, value, "0", 0, 1024)?;
                self.threads = (threads > 0).then_some(threads);
            }
            "table_prefix" => self.table_prefix = table_prefix(name, value)?,
            "environment" => self.environment = environment(name, value)?,
            "timezone" => self.timezone = timezone(name, value)?,
            "database_timeout_ms" => self.database_timeout_ms = number(name, value, "5000", 50, 600_000)?,
            "database_pool" => self.database_pool = number(name, value, "4", 1, 256)?,
            "cache_bytes" => self.cache_bytes = number(name, value, "268435456", 1 << 20, 1 << 40)?,
            "monitor_sample" => self.monitor_sample = number(name, value, "1", 0.0, 1.0)?,
            _ => {
                return Err(Error::Setting {
                    name: name.to_owned(),
                    expected: known_names(),
                    given: name.to_owned(),
                });
            }
        }
        Ok(())
    }

    /// The value as it may be shown to people: secrets lose their user, password and query.
    pub fn show(&self, name: &str) -> String {
        let path =
            |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let secret =
            |secret: &Option<Secret>| secret.as_ref().map(|s| redact_url(s.expose())).unwrap_or_default();
        match name {
            "database_url" => secret(&self.database_url),
            "reporting_database_url" => secret(&self.reporting_database_url),
            "redis_url" => secret(&self.redis_url),
            "memcached" => self.memcached.clone().unwrap_or_default(),
            "data_dir" => path(&self.data_dir),
            "key_file" => path(&self.key_file),
            "threads" => self.threads.unwrap_or(0).to_string(),
            "table_prefix" => self.table_prefix.clone(),
            "environment" => self.environment.clone(),
            "timezone" => self.timezone.clone(),
            "database_timeout_ms" => self.database_timeout_ms.to_string(),
            "database_pool" => self.database_pool.to_string(),
            "cache_bytes" => self.cache_bytes.to_string(),
            "monitor_sample" => self.monitor_sample.to_string(),
            _ => String::new(),
        }
    }

    /// The main database, or an error that names the setting.
    pub fn require_database(&self) -> Result<&Secret> {
        self.database_url.as_ref().ok_or(Error::NotConfigured { setting: "database_url" })
    }

    /// Where reports read: their own database when set, else the main one.
    pub fn require_reporting_database(&self) -> Result<&Secret> {
        self.reporting_database_url.as_ref().map_or_else(|| self.require_database(), Ok)
    }

    /// The data folder, or an error that names the setting.
    pub fn require_data_dir(&self) -> Result<&PathBuf> {
        self.data_dir.as_ref().ok_or(Error::NotConfigured { setting: "data_dir" })
    }
}

fn filled(value: &str) -> Option<&str> {
    (!value.is_empty()).then_some(value)
}

fn wrong(name: &str, expected: impl Into<String>, given: &str) -> Error {
    Error::Setting { name: name.to_owned(), expected: expected.into(), given: given.to_owned() }
}

fn known_names() -> String {
    let names: Vec<_> = ENTRIES.iter().map(|entry| entry.name).collect();
    format!("one of {}", names.join(", "))
}

fn url(name: &str, value: &str, schemes: &[&str]) -> Result<Option<Secret>> {
    let Some(value) = filled(value) else { return Ok(None) };
    let known =
        value.split_once("://").is_some_and(|(scheme, rest)| schemes.contains(&scheme) && !rest.is_empty());
    if known {
        Ok(Some(Secret::new(value)))
    } else {
        Err(wrong(name, format!("a URL starting with {}://", schemes.join(":// or ")), &redact_url(value)))
    }
}

fn absolute_path(name: &str, value: &str) -> Result<Option<PathBuf>> {
    let Some(value) = filled(value) else { return Ok(None) };
    let path = PathBuf::from(value);
    if path.is_absolute() { Ok(Some(path)) } else { Err(wrong(name, "an absolute path", value)) }
}

fn number<T>(name: &str, value: &str, default: &str, least: T, most: T) -> Result<T>
where
    T: std::str::FromStr + PartialOrd + std::fmt::Display + Copy,
{
    let text = filled(value).unwrap_or(default);
    let parsed = text.parse::<T>().ok().filter(|number| *number >= least && *number <= most);
    parsed.ok_or_else(|| wrong(name, format!("a number from {least} to {most}"), value))
}

/// The prefix goes into SQL as it is, so only what a table name can hold unquoted is let in.
fn table_prefix(name: &str, value: &str) -> Result<String> {
    let fits = value.len() <= 32 && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if fits {
        Ok(value.to_owned())
    } else {
        Err(wrong(name, "up to 32 letters, digits or underscores", value))
    }
}

fn environment(name: &str, value: &str) -> Result<String> {
    let known = ["production", "staging", "development", "test"];
    let value = filled(value).unwrap_or("production");
    if known.contains(&value) { Ok(value.to_owned()) } else { Err(wrong(name, known.join(", "), value)) }
}

fn timezone(name: &str, value: &str) -> Result<String> {
    let value = filled(value).unwrap_or("Europe/Istanbul");
    let known = jiff::tz::TimeZone::get(value).is_ok();
    if known {
        Ok(value.to_owned())
    } else {
        Err(wrong(name, "an IANA time zone such as Europe/Istanbul", value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_accepts_its_own_default() {
        for entry in ENTRIES {
            let mut settings = Settings::default();
            settings.set(entry.name, entry.default).unwrap();
            assert_eq!(settings, Settings::default(), "{}", entry.name);
        }
    }

    #[test]
    fn secrets_never_show() {
        let mut settings = Settings::default();
        settings.set("database_url", "mysql://root:hunter2@db/shop").unwrap();
        settings.set("redis_url", "redis://:hunter2@cache").unwrap();
        let shown: String = ENTRIES.iter().map(|entry| settings.show(entry.name)).collect();
        assert!(!format!("{settings:?}{shown}").contains("hunter2"));
        let refused = settings.set("database_url", "pgsql://root:hunter2@db/shop").unwrap_err();
        assert!(!format!("{refused:?}").contains("hunter2"));
    }

    #[test]
    fn refusals_name_the_setting_and_change_nothing() {
        for (name, value) in [
            ("threads", "-1"),
            ("table_prefix", "oc_; drop"),
            ("data_dir", "relative/path"),
            ("timezone", "Mars/Olympus"),
            ("environment", "prod"),
            ("monitor_sample", "NaN"),
            ("unknown", "1"),
        ] {
            let mut settings = Settings::default();
            let error = settings.set(name, value).unwrap_err();
            assert!(matches!(&error, Error::Setting { name: n, .. } if n == name), "{error:?}");
            assert_eq!(settings, Settings::default());
        }
    }
}
