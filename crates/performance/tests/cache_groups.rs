//! The cache over a Sentinel group and over a Redis Cluster of three masters.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use meschain_base::SystemClock;
use meschain_performance::value::Value;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use support::{OwnRedis, cache, get, put, put_tagged};

/// A child that goes with the test.
struct Kept(Child);

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_for(what: &str, mut ready: impl FnMut() -> bool) {
    for _ in 0..1_500 {
        if ready() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{what} does not come up");
}

fn connect(port: u16) -> Option<redis::Connection> {
    redis::Client::open(format!("redis://127.0.0.1:{port}")).ok()?.get_connection().ok()
}

#[test]
fn sentinel_leads_to_the_master() {
    let master = OwnRedis::start();
    let folder = tempfile::tempdir().unwrap();
    let port = meschain_testkit::free_port();
    let file = folder.path().join("sentinel.conf");
    let text = format!("port {port}\nbind 127.0.0.1\nsentinel monitor shop 127.0.0.1 {} 1\n", master.port);
    std::fs::write(&file, text).unwrap();
    let child =
        Command::new("redis-server").arg(&file).arg("--sentinel").stdout(Stdio::null()).spawn().unwrap();
    let _kept = Kept(child);
    wait_for("sentinel", || connect(port).is_some());
    let dead = meschain_testkit::free_port();
    let url = format!("redis-sentinel://127.0.0.1:{dead},127.0.0.1:{port}/shop/0");
    let pairs =
        [("redis_url", url.as_str()), ("tiers", "redis"), ("key_prefix", "s:"), ("timeout_ms", "500")];
    let cache = cache(None, &pairs, Arc::new(SystemClock));
    assert!(put(&cache, "k", &Value::Int(1)));
    assert_eq!(get(&cache, "k"), Some(Value::Int(1)));
    let stored: bool = redis::Commands::exists(&mut master.connection(), "s:k").unwrap();
    assert!(stored);
}

#[test]
fn a_cluster_holds_keys_on_all_its_masters() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    // The bus of a node listens ten thousand above its port.
    let ports: Vec<u16> =
        std::iter::repeat_with(meschain_testkit::free_port).filter(|port| *port < 50_000).take(3).collect();
    let nodes: Vec<Kept> = ports
        .iter()
        .zip(&folders)
        .map(|(port, folder)| {
            let mut command = Command::new("redis-server");
            command.args([
                "--port",
                &port.to_string(),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--cluster-enabled",
                "yes",
            ]);
            command.arg("--dir").arg(folder.path()).stdout(Stdio::null());
            Kept(command.spawn().unwrap())
        })
        .collect();
    wait_for("nodes", || ports.iter().all(|port| connect(*port).is_some()));
    let addresses: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    let made = Command::new("redis-cli")
        .args(["--cluster", "create"])
        .args(&addresses)
        .arg("--cluster-yes")
        .output();
    assert!(made.unwrap().status.success());
    wait_for("cluster", || {
        ports.iter().all(|port| {
            let info: Option<String> =
                connect(*port).and_then(|mut node| redis::cmd("CLUSTER").arg("INFO").query(&mut node).ok());
            info.is_some_and(|info| info.contains("cluster_state:ok"))
        })
    });
    let url = format!("redis-cluster://{}", addresses.join(","));
    let pairs =
        [("redis_url", url.as_str()), ("tiers", "redis"), ("key_prefix", "c:"), ("timeout_ms", "500")];
    let cache = cache(None, &pairs, Arc::new(SystemClock));
    for n in 0..60 {
        assert!(
            put_tagged(&cache, &format!("k{n}"), n, if n % 2 == 0 { &["even"] } else { &["odd"] }),
            "{:?}",
            cache.status()
        );
    }
    let keys: Vec<String> = (0..60).map(|n| format!("k{n}")).collect();
    let names: Vec<&[u8]> = keys.iter().map(|key| key.as_bytes()).collect();
    assert!(cache.get_many(&names).unwrap().iter().all(Option::is_some));
    let counts: Vec<u64> =
        ports.iter().map(|port| redis::cmd("DBSIZE").query(&mut connect(*port).unwrap()).unwrap()).collect();
    assert!(counts.iter().all(|count| *count > 5), "{counts:?}");
    assert!(cache.flush_tags(&[b"odd"]).unwrap());
    assert_eq!((get(&cache, "k4"), get(&cache, "k5")), (Some(Value::Int(4)), None));
    drop(nodes);
}
