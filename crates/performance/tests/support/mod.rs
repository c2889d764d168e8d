//! Shared by the integration tests: a clock that tests move, caches over temporary folders, a Redis of one's own.

#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use meschain_base::{Clock, Settings};
use meschain_performance::cache::{CacheManager, CacheOptions, Found};
use meschain_performance::value::Value;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use std::time::Duration;

/// A clock that moves when told to.
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(jiff::Timestamp::now().as_millisecond())))
    }

    pub fn advance_ms(&self, by: i64) {
        self.0.fetch_add(by, Relaxed);
    }
}

impl Clock for HandClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_millisecond(self.0.load(Relaxed)).unwrap()
    }
}

/// A cache with a data folder and options given as pairs.
pub fn cache(data: Option<&Path>, pairs: &[(&str, &str)], clock: Arc<dyn Clock>) -> CacheManager {
    let mut settings = Settings::default();
    let mut options = CacheOptions::default();
    if let Some(data) = data {
        settings.set("data_dir", data.to_str().unwrap()).unwrap();
    }
    settings.set("cache_bytes", "8388608").unwrap();
    for (name, value) in pairs {
        if matches!(*name, "redis_url" | "memcached" | "database_url") {
            settings.set(name, value).unwrap();
        } else {
            options.set(name, value).unwrap();
        }
    }
    CacheManager::open(&settings, options, clock).unwrap()
}

pub fn put(cache: &CacheManager, key: &str, value: &Value) -> bool {
    cache.set(key.as_bytes(), &value.encode().unwrap(), None).unwrap()
}

pub fn put_tagged(cache: &CacheManager, key: &str, value: i64, tags: &[&str]) -> bool {
    let tags: Vec<&[u8]> = tags.iter().map(|tag| tag.as_bytes()).collect();
    cache.set_tagged(key.as_bytes(), &Value::Int(value).encode().unwrap(), None, &tags).unwrap()
}

pub fn get(cache: &CacheManager, key: &str) -> Option<Value> {
    cache.get(key.as_bytes()).unwrap().map(|found: Found| found.value().unwrap())
}

/// A Redis that a test may freeze and kill.
pub struct OwnRedis {
    child: Child,
    pub port: u16,
    folder: tempfile::TempDir,
}

impl OwnRedis {
    pub fn start() -> Self {
        let port = meschain_testkit::free_port();
        let folder = tempfile::tempdir().unwrap();
        Self { child: Self::spawn(port, folder.path()), port, folder }
    }

    fn spawn(port: u16, folder: &Path) -> Child {
        let mut child = Command::new("redis-server")
            .args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
            ])
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let url = format!("redis://127.0.0.1:{port}");
        let up = (0..600).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            redis::Client::open(url.as_str()).and_then(|client| client.get_connection()).is_ok()
        });
        if !up {
            child.kill().unwrap();
            panic!("redis does not come up: {}", child.wait().unwrap());
        }
        child
    }

    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn restart(&mut self) {
        self.child = Self::spawn(self.port, self.folder.path());
    }

    pub fn connection(&self) -> redis::Connection {
        redis::Client::open(self.url()).unwrap().get_connection().unwrap()
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
