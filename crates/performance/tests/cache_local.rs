//! The cache on one machine: meaning of values and lives, workers as processes, killed writers.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use meschain_base::{Error, SystemClock};
use meschain_performance::cache::{CacheManager, Compute};
use meschain_performance::value::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use support::{HandClock, cache, get, put, put_tagged};

/// The worker side of the tests with several processes; does nothing in a normal run.
#[test]
#[ignore = "started by other tests as a process of its own"]
fn worker() {
    let Ok(role) = std::env::var("MESCHAIN_WORKER_ROLE") else { return };
    let data = std::env::var("MESCHAIN_WORKER_DATA").unwrap();
    let cache = cache(Some(Path::new(&data)), &[("key_prefix", "t:")], Arc::new(SystemClock));
    match role.as_str() {
        "set" => assert!(put(&cache, "shared", &Value::Int(2))),
        "delete" => assert!(cache.delete(b"shared").unwrap()),
        "flush" => assert!(cache.flush_tags(&[b"catalog"]).unwrap()),
        "hammer" => {
            println!("ready");
            for n in 0u64.. {
                put(&cache, &format!("k{}", n % 50), &Value::Bytes(vec![n as u8; 3_000]));
            }
        }
        "lease" => {
            let Compute::Lease(lease) = cache.begin_compute(b"slow").unwrap() else { panic!("lease") };
            println!("ready");
            std::thread::sleep(std::time::Duration::from_secs(60));
            drop(lease);
        }
        other => panic!("{other}"),
    }
}

fn start(role: &str, data: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "worker", "--ignored", "--nocapture"])
        .env("MESCHAIN_WORKER_ROLE", role)
        .env("MESCHAIN_WORKER_DATA", data)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn run(role: &str, data: &Path) {
    assert!(start(role, data).wait_with_output().unwrap().status.success(), "{role}");
}

fn wait_ready(child: &mut Child) {
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains("ready")));
}

fn system(data: &Path) -> CacheManager {
    cache(Some(data), &[("key_prefix", "t:")], Arc::new(SystemClock))
}

#[test]
fn cached_null_and_empty_are_hits_in_every_tier() {
    let data = tempfile::tempdir().unwrap();
    for tiers in ["memory", "lmdb", "file", "memory,lmdb", "memory,file"] {
        let cache =
            cache(Some(data.path()), &[("tiers", tiers), ("key_prefix", tiers)], Arc::new(SystemClock));
        assert_eq!(get(&cache, "absent"), None, "{tiers}");
        for value in [Value::Null, Value::Array(vec![]), Value::Bool(false), Value::text(""), Value::Int(0)] {
            assert!(put(&cache, "key", &value));
            assert_eq!(get(&cache, "key"), Some(value), "{tiers}");
        }
        assert!(cache.delete(b"key").unwrap());
        assert!(!cache.has(b"key").unwrap(), "{tiers}");
    }
}

#[test]
fn lives_end_and_zero_or_less_deletes() {
    let data = tempfile::tempdir().unwrap();
    let clock = HandClock::new();
    for tiers in ["memory", "lmdb", "file", "memory,lmdb"] {
        let cache = cache(Some(data.path()), &[("tiers", tiers), ("key_prefix", tiers)], clock.clone());
        let one = Value::Int(1).encode().unwrap();
        cache.set(b"short", &one, Some(2)).unwrap();
        cache.set(b"default", &one, None).unwrap();
        cache.set(b"longest", &one, Some(i64::MAX)).unwrap();
        clock.advance_ms(1_999);
        assert!(cache.has(b"short").unwrap(), "{tiers}");
        clock.advance_ms(1);
        assert!(!cache.has(b"short").unwrap() && cache.has(b"default").unwrap(), "{tiers}");
        clock.advance_ms(3_600_000);
        assert!(!cache.has(b"default").unwrap(), "{tiers}");
        assert!(tiers == "memory" || cache.has(b"longest").unwrap(), "{tiers}");
        for ttl in [0, -5, i64::MIN] {
            cache.set(b"gone", &one, None).unwrap();
            assert!(cache.set(b"gone", &one, Some(ttl)).unwrap());
            assert!(!cache.has(b"gone").unwrap(), "{tiers} {ttl}");
        }
    }
}

#[test]
fn any_bytes_are_a_key_and_wrong_arguments_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let cache = system(data.path());
    for key in [&b"\0\xff\n "[..], "ürün.ğ".as_bytes(), &[b'k'; 10_000], b"!seq", b"#0"] {
        assert!(cache.set(key, &Value::Int(7).encode().unwrap(), None).unwrap());
        assert_eq!(cache.get(key).unwrap().unwrap().value().unwrap(), Value::Int(7));
    }
    assert!(matches!(cache.get(b""), Err(Error::Argument { .. })));
    let many: Vec<&[u8]> = vec![b"t"; 33];
    assert!(matches!(cache.flush_tags(&many), Err(Error::Argument { .. })));
    assert!(matches!(cache.set_tagged(b"k", b"", None, &[b""]), Err(Error::Argument { .. })));
}

#[test]
fn tags_groups_and_clear_end_their_own_keys_only() {
    let data = tempfile::tempdir().unwrap();
    let one = system(data.path());
    let other = cache(Some(data.path()), &[("key_prefix", "other:")], Arc::new(SystemClock));
    let fill = || {
        put_tagged(&one, "product.1", 1, &["catalog"]);
        put_tagged(&one, "product.2.tr", 2, &["catalog", "tr"]);
        put_tagged(&one, "productline.1", 3, &[]);
        put_tagged(&other, "product.1", 4, &["catalog"]);
    };
    let kept = || {
        let ours = ["product.1", "product.2.tr", "productline.1"].map(|key| get(&one, key).is_some());
        (ours, get(&other, "product.1").is_some())
    };
    fill();
    one.flush_tags(&[b"tr"]).unwrap();
    assert_eq!(kept(), ([true, false, true], true));
    fill();
    one.delete_group(b"product").unwrap();
    assert_eq!(kept(), ([false, false, true], true));
    fill();
    one.delete_group(b"product.2.").unwrap();
    assert_eq!(kept(), ([true, false, true], true));
    fill();
    one.clear().unwrap();
    assert_eq!(kept(), ([false, false, false], true));
    fill();
    assert_eq!(kept(), ([true, true, true], true), "new values live after a clear");
}

#[test]
fn workers_see_each_others_sets_deletes_and_flushes_at_once() {
    let data = tempfile::tempdir().unwrap();
    let cache = system(data.path());
    put(&cache, "shared", &Value::Int(1));
    assert_eq!(get(&cache, "shared"), Some(Value::Int(1)));
    let found = cache.get(b"shared").unwrap().unwrap();
    assert!(cache.is_current(&found));
    run("set", data.path());
    assert!(!cache.is_current(&found), "a copy kept by the caller ends too");
    assert_eq!(get(&cache, "shared"), Some(Value::Int(2)));
    run("delete", data.path());
    assert_eq!(get(&cache, "shared"), None);
    put_tagged(&cache, "tagged", 1, &["catalog"]);
    put_tagged(&cache, "plain", 1, &["other"]);
    run("flush", data.path());
    assert_eq!((get(&cache, "tagged"), get(&cache, "plain")), (None, Some(Value::Int(1))));
}

#[test]
fn killed_writers_leave_the_cache_whole_and_usable() {
    let data = tempfile::tempdir().unwrap();
    let cache = system(data.path());
    put(&cache, "before", &Value::Int(1));
    for round in 0..8 {
        let mut child = start("hammer", data.path());
        wait_ready(&mut child);
        std::thread::sleep(std::time::Duration::from_millis(10 + round * 7));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(put(&cache, "after", &Value::Int(round as i64)), "the writer lock is free");
        for n in 0..50 {
            if let Some(Value::Bytes(bytes)) = get(&cache, &format!("k{n}")) {
                assert!(bytes.len() == 3_000 && bytes.iter().all(|byte| *byte == bytes[0]), "torn");
            }
        }
    }
    assert_eq!(get(&cache, "before"), Some(Value::Int(1)));
}

#[test]
fn one_process_computes_and_a_killed_one_blocks_nobody() {
    let data = tempfile::tempdir().unwrap();
    let pairs = [("key_prefix", "t:"), ("wait_ms", "20")];
    let cache = cache(Some(data.path()), &pairs, Arc::new(SystemClock));
    let mut child = start("lease", data.path());
    wait_ready(&mut child);
    assert!(matches!(cache.begin_compute(b"slow").unwrap(), Compute::Wait));
    assert!(matches!(cache.wait_compute(b"slow").unwrap(), Compute::Lease(_)), "waiting is bounded");
    child.kill().unwrap();
    child.wait().unwrap();
    let Compute::Lease(lease) = cache.begin_compute(b"slow").unwrap() else { panic!("the owner is gone") };
    assert!(lease.store(&cache, &Value::Int(5).encode().unwrap(), None, &[]).unwrap());
    assert!(matches!(cache.begin_compute(b"slow").unwrap(), Compute::Value(_)));
}

#[test]
fn a_flush_while_a_value_is_computed_ends_it() {
    let data = tempfile::tempdir().unwrap();
    let cache = system(data.path());
    let Compute::Lease(lease) = cache.begin_compute(b"k").unwrap() else { panic!("lease") };
    cache.flush_tags(&[b"catalog"]).unwrap();
    lease.store(&cache, &Value::Int(1).encode().unwrap(), None, &[b"catalog"]).unwrap();
    assert_eq!(get(&cache, "k"), None, "computed from what was there before the flush");
}

#[test]
fn a_value_too_large_is_false_and_takes_the_old_one_away() {
    let data = tempfile::tempdir().unwrap();
    let pairs = [("key_prefix", "t:"), ("max_value_bytes", "2000")];
    let cache = cache(Some(data.path()), &pairs, Arc::new(SystemClock));
    put(&cache, "k", &Value::Int(1));
    assert!(!put(&cache, "k", &Value::Bytes(vec![0; 4_000])));
    assert_eq!(get(&cache, "k"), None);
    // Among several it stops none of the others.
    put(&cache, "large", &Value::Int(1));
    let (large, small) = (Value::Bytes(vec![0; 4_000]).encode().unwrap(), Value::Int(2).encode().unwrap());
    assert!(!cache.set_many(&[(b"large", &large), (b"small", &small)], None).unwrap());
    assert_eq!((get(&cache, "large"), get(&cache, "small")), (None, Some(Value::Int(2))));
}

#[test]
fn a_data_folder_that_cannot_be_used_leaves_memory_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("file");
    std::fs::write(&data, b"not a folder").unwrap();
    let cache = system(&data);
    assert!(put(&cache, "k", &Value::Int(1)));
    assert_eq!(get(&cache, "k"), Some(Value::Int(1)));
    let status = cache.status();
    assert_eq!((status[0].state, status[1].state), ("on", "down"));
    assert!(!status[1].reason.is_empty());
}

#[test]
fn stats_count_hits_and_misses_and_serialise_in_order() {
    let data = tempfile::tempdir().unwrap();
    let cache = system(data.path());
    put(&cache, "k", &Value::Int(1));
    get(&cache, "k");
    get(&cache, "absent");
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses, stats.sets, stats.hit_rate), (1, 1, 1, 0.5));
    let json = serde_json::to_value(&stats.tiers[0]).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["tier", "backend", "state", "reason", "entries", "bytes", "hits", "misses"]);
}

#[test]
fn an_expired_entry_is_swept() {
    let data = tempfile::tempdir().unwrap();
    let clock = HandClock::new();
    let cache = cache(Some(data.path()), &[("key_prefix", "t:")], clock.clone());
    (0..30).for_each(|n| {
        cache.set(format!("k{n}").as_bytes(), b"x", Some(10 + n % 2 * 100)).unwrap();
    });
    clock.advance_ms(50_000);
    assert_eq!(cache.sweep(), 15);
    assert_eq!(cache.status()[1].entries, 15);
}
