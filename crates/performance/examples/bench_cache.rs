//! Get and set through every tier, as JSON lines: `{"tier","size","bytes","op","p50_us","p95_us","count"}`.
//!
//! `cargo run --release -p meschain-performance --example bench_cache`. Redis and Memcached are measured where
//! `MESCHAIN_BENCH_REDIS_URL` and `MESCHAIN_BENCH_MEMCACHED` say where they are, and skipped with a line otherwise.
//! A set encodes the value too, a get decodes it into a tree, so that figures compare with a serialising client.
//! `decode` and `encode` are the codec alone, `scan` is decoding without building anything; `get_bytes` leaves the
//! value encoded, as a caller with a form of its own would take it.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing)]

use meschain_base::{Result, Settings, SystemClock};
use meschain_performance::cache::{CacheManager, CacheOptions};
use meschain_performance::value::{Key, Sink, Text, Value, decode};
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

fn main() {
    let folder = std::env::temp_dir().join(format!("meschain-bench-{}", std::process::id()));
    let sizes = [
        ("100 B", Value::Bytes(vec![b'x'; 100])),
        ("20 rows", Value::list((0..20).map(row))),
        ("500 rows", Value::list((0..500).map(row))),
    ];
    for (size, value) in &sizes {
        let encoded = value.encode().unwrap();
        measure("codec", size, encoded.len(), "encode", || drop(black_box(value.encode().unwrap())));
        measure("codec", size, encoded.len(), "scan", || decode(&encoded, &mut Counting(0)).unwrap());
        measure("codec", size, encoded.len(), "decode", || drop(black_box(Value::decode(&encoded).unwrap())));
    }
    for (tier, tiers) in [
        ("memory", "memory"),
        ("lmdb", "lmdb"),
        ("file", "file"),
        ("redis", "redis"),
        ("memcached", "memcached"),
    ] {
        let mut settings = Settings::default();
        settings.set("data_dir", folder.to_str().unwrap()).unwrap();
        let needs = match tier {
            "redis" => Some(("redis_url", "MESCHAIN_BENCH_REDIS_URL")),
            "memcached" => Some(("memcached", "MESCHAIN_BENCH_MEMCACHED")),
            _ => None,
        };
        if let Some((setting, variable)) = needs {
            let Ok(address) = std::env::var(variable) else {
                println!(
                    "{}",
                    serde_json::json!({"tier": tier, "skipped": format!("{variable} is not set")})
                );
                continue;
            };
            settings.set(setting, &address).unwrap();
        }
        let mut options = CacheOptions::default();
        options.set("tiers", tiers).unwrap();
        // A busy machine must not turn a slow answer into a miss here.
        options.set("timeout_ms", "10000").unwrap();
        options.set("connect_timeout_ms", "10000").unwrap();
        options.set("key_prefix", &format!("bench{tier}:")).unwrap();
        let cache = CacheManager::open(&settings, options, Arc::new(SystemClock)).unwrap();
        sizes.iter().for_each(|(size, value)| bench(&cache, tier, size, value));
        cache.clear().unwrap();
    }
    let _ = std::fs::remove_dir_all(folder);
}

fn bench(cache: &CacheManager, tier: &str, size: &str, value: &Value) {
    let bytes = value.encode().unwrap().len();
    measure(tier, size, bytes, "set", || {
        assert!(cache.set(b"bench.key", &value.encode().unwrap(), Some(600)).unwrap());
    });
    measure(tier, size, bytes, "get", || {
        drop(black_box(cache.get(b"bench.key").unwrap().unwrap().value().unwrap()));
    });
    measure(tier, size, bytes, "get_bytes", || {
        drop(black_box(cache.get(b"bench.key").unwrap().unwrap()));
    });
}

/// Times single calls for about half a second, after a short warm-up.
fn measure(tier: &str, size: &str, bytes: usize, op: &str, mut call: impl FnMut()) {
    (0..50).for_each(|_| call());
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed().as_millis() < 500 && times.len() < 200_000 {
        let began = Instant::now();
        call();
        times.push(began.elapsed().as_nanos() as u64);
    }
    times.sort_unstable();
    let at = |q: f64| times[((times.len() - 1) as f64 * q) as usize] as f64 / 1000.0;
    println!(
        "{}",
        serde_json::json!({"tier": tier, "size": size, "bytes": bytes, "op": op, "p50_us": at(0.5), "p95_us": at(0.95), "count": times.len()})
    );
}

/// Takes a value apart without building anything: the floor under every decoder.
struct Counting(usize);

impl Counting {
    fn one(&mut self) -> Result<()> {
        self.0 += 1;
        Ok(())
    }
}

impl Sink for Counting {
    fn null(&mut self) -> Result<()> {
        self.one()
    }
    fn bool(&mut self, _: bool) -> Result<()> {
        self.one()
    }
    fn int(&mut self, _: i64) -> Result<()> {
        self.one()
    }
    fn float(&mut self, _: f64) -> Result<()> {
        self.one()
    }
    fn string(&mut self, _: Text<'_>) -> Result<()> {
        self.one()
    }
    fn list(&mut self, _: usize) -> Result<()> {
        self.one()
    }
    fn map(&mut self, _: usize) -> Result<()> {
        self.one()
    }
    fn key_int(&mut self, _: i64) -> Result<()> {
        self.one()
    }
    fn key_string(&mut self, _: Text<'_>) -> Result<()> {
        self.one()
    }
    fn end(&mut self) -> Result<()> {
        self.one()
    }
}

/// A product-like row of eleven fields.
fn row(n: i64) -> Value {
    let field = |name: &str, value: Value| (Key::Bytes(name.as_bytes().to_vec()), value);
    Value::Array(vec![
        field("product_id", Value::Int(n)),
        field("name", Value::Bytes(format!("Çelik termos {n} ml").into_bytes())),
        field("model", Value::Bytes(format!("TR-{n:05}").into_bytes())),
        field("sku", Value::Bytes(format!("SKU{n}").into_bytes())),
        field("quantity", Value::Int(n * 7 % 300)),
        field("price", Value::Float(n as f64 * 1.25)),
        field("manufacturer", Value::text("Anadolu Ev")),
        field("image", Value::Bytes(format!("catalog/product/{n}.jpg").into_bytes())),
        field("status", Value::Bool(true)),
        field("date_added", Value::text("2026-11-22 05:00:00")),
        field("special", Value::Null),
    ])
}
