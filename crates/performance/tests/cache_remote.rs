//! The cache over Redis and Memcached: two machines (two data folders), engines that are gone, frozen, emptied.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use meschain_base::SystemClock;
use meschain_performance::cache::CacheManager;
use meschain_performance::value::Value;
use redis::Commands;
use std::sync::Arc;
use support::{HandClock, OwnRedis, cache, get, put, put_tagged};

/// Two machines over one engine, with a clock that tests move.
struct Pair {
    clock: Arc<HandClock>,
    a: CacheManager,
    b: CacheManager,
    _folders: [tempfile::TempDir; 2],
}

impl Pair {
    fn new(engine: (&str, &str), prefix: &str) -> Self {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let clock = HandClock::new();
        let pairs = [engine, ("key_prefix", prefix), ("connect_timeout_ms", "500"), ("timeout_ms", "500")];
        let of = |folder: &tempfile::TempDir| cache(Some(folder.path()), &pairs, clock.clone());
        Self { a: of(&folders[0]), b: of(&folders[1]), clock, _folders: folders }
    }

    /// Past the time after which machines look for each other's flushes.
    fn look(&self) {
        self.clock.advance_ms(1_001);
    }
}

fn on_every_engine(prefix: &str, test: impl Fn(Pair)) {
    let redis = meschain_testkit::redis().url();
    test(Pair::new(("redis_url", &redis), &format!("{prefix}{}:", std::process::id())));
    let memcached = meschain_testkit::memcached().address();
    test(Pair::new(("memcached", &memcached), &format!("{prefix}{}:", std::process::id())));
}

#[test]
fn what_one_machine_stores_the_other_finds() {
    on_every_engine("find", |pair| {
        for value in [Value::Null, Value::Array(vec![]), Value::text("Türkçe \0 bytes"), Value::Int(-5)] {
            assert!(put(&pair.a, "key", &value));
            pair.clock.advance_ms(5_001);
            assert_eq!(get(&pair.b, "key"), Some(value));
        }
        assert_eq!(get(&pair.b, "absent"), None);
        assert_eq!(pair.b.status()[2].state, "on");
        let large = Value::Bytes((0..300_000u32).map(|n| n as u8).collect());
        assert!(put(&pair.a, "large", &large));
        assert_eq!(get(&pair.b, "large"), Some(large));
        put(&pair.a, "one", &Value::Int(1));
        put(&pair.a, "two", &Value::Int(2));
        let many = pair.b.get_many(&[b"one", b"nothing", b"two"]).unwrap();
        let many: Vec<_> = many.into_iter().map(|found| found.map(|found| found.value().unwrap())).collect();
        assert_eq!(many, [Some(Value::Int(1)), None, Some(Value::Int(2))]);
    });
}

#[test]
fn what_is_stored_together_is_found_by_all_machines_and_replaced_in_every_tier() {
    on_every_engine("many", |pair| {
        // More than one transaction of the machine's tier.
        let names: Vec<String> = (0..100).map(|n| format!("many{n}")).collect();
        for round in [1, 2] {
            let values: Vec<Vec<u8>> = (0..100).map(|n| Value::Int(n * round).encode().unwrap()).collect();
            let items: Vec<(&[u8], &[u8])> =
                names.iter().zip(&values).map(|(name, value)| (name.as_bytes(), value.as_slice())).collect();
            assert!(pair.a.set_many(&items, Some(60)).unwrap());
            pair.clock.advance_ms(5_001);
            for (n, name) in names.iter().enumerate() {
                let wanted = Some(Value::Int(n as i64 * round));
                assert_eq!((get(&pair.a, name), get(&pair.b, name)), (wanted.clone(), wanted), "{name}");
            }
        }
        pair.clock.advance_ms(60_000);
        assert_eq!((get(&pair.a, "many7"), get(&pair.b, "many7")), (None, None));
        assert!(pair.a.set_many(&[], Some(60)).unwrap());
    });
}

#[test]
fn flushes_reach_the_other_machine_within_a_second_and_hit_their_tags_only() {
    on_every_engine("flush", |pair| {
        put_tagged(&pair.a, "tagged", 1, &["catalog"]);
        put_tagged(&pair.a, "plain", 2, &["other"]);
        assert!(get(&pair.b, "tagged").is_some() && get(&pair.b, "plain").is_some());
        assert!(pair.a.flush_tags(&[b"catalog"]).unwrap());
        assert_eq!(get(&pair.a, "tagged"), None, "at once here");
        pair.look();
        assert_eq!((get(&pair.b, "tagged"), get(&pair.b, "plain")), (None, Some(Value::Int(2))));
        put_tagged(&pair.b, "tagged", 3, &["catalog"]);
        pair.clock.advance_ms(5_001);
        assert_eq!(get(&pair.a, "tagged"), Some(Value::Int(3)), "stored anew after the flush");
    });
}

#[test]
fn a_delete_or_set_elsewhere_is_noticed_when_the_copy_ends() {
    on_every_engine("delete", |pair| {
        put(&pair.a, "k", &Value::Int(1));
        assert_eq!(get(&pair.b, "k"), Some(Value::Int(1)));
        put(&pair.a, "k", &Value::Int(2));
        pair.clock.advance_ms(5_001);
        assert_eq!(get(&pair.b, "k"), Some(Value::Int(2)));
        pair.a.delete(b"k").unwrap();
        pair.clock.advance_ms(5_001);
        assert_eq!(get(&pair.b, "k"), None);
    });
}

#[test]
fn clear_leaves_foreign_keys_and_every_key_of_ours_has_an_end() {
    let server = OwnRedis::start();
    let mut connection = server.connection();
    let _: () = connection.set("foreign", "stays").unwrap();
    let one = Pair::new(("redis_url", &server.url()), "one:");
    let two = Pair::new(("redis_url", &server.url()), "two:");
    put(&one.a, "k", &Value::Int(1));
    put(&two.a, "k", &Value::Int(2));
    assert!(one.a.clear().unwrap());
    one.look();
    assert_eq!((get(&one.a, "k"), get(&one.b, "k")), (None, None));
    assert_eq!((get(&two.a, "k"), get(&two.b, "k")), (Some(Value::Int(2)), Some(Value::Int(2))));
    assert_eq!(connection.get::<_, String>("foreign").unwrap(), "stays");
    let ttl: i64 = connection.pttl("two:k").unwrap();
    assert!((1..=3_600_000).contains(&ttl), "{ttl}");
}

#[test]
fn a_dead_engine_costs_three_calls_and_the_page_is_served_from_the_machine() {
    let mut server = OwnRedis::start();
    let pair = Pair::new(("redis_url", &server.url()), "dead:");
    put(&pair.a, "k", &Value::Int(1));
    server.kill();
    pair.clock.advance_ms(6_000);
    for _ in 0..5 {
        assert_eq!(get(&pair.a, "k"), Some(Value::Int(1)), "the copy serves on past its short life");
    }
    assert!(put(&pair.a, "new", &Value::Int(2)), "stored on the machine");
    assert_eq!(get(&pair.a, "new"), Some(Value::Int(2)));
    assert_eq!(get(&pair.b, "k"), None, "a miss, not an error");
    let status = pair.a.status();
    assert_eq!((status[2].state, status[1].state), ("down", "on"));
    assert!(!status[2].reason.is_empty());

    server.restart();
    pair.clock.advance_ms(31_000);
    get(&pair.a, "anything");
    assert!(put(&pair.a, "k", &Value::Int(3)));
    assert_eq!(pair.a.status()[2].state, "on");
    pair.clock.advance_ms(31_000);
    get(&pair.b, "anything");
    assert_eq!(get(&pair.b, "k"), Some(Value::Int(3)));
}

#[test]
fn a_frozen_engine_opens_the_breaker_and_recovers() {
    let server = OwnRedis::start();
    let data = tempfile::tempdir().unwrap();
    let clock = HandClock::new();
    let pairs = [("redis_url", server.url()), ("key_prefix", "frozen:".into()), ("timeout_ms", "50".into())];
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let cache = cache(Some(data.path()), &pairs, clock.clone());
    assert!(put(&cache, "k", &Value::Int(1)));
    server.signal("-STOP");
    clock.advance_ms(6_000);
    for _ in 0..200 {
        // Without the breaker 200 calls would wait ten seconds and more; the outcome is what counts here.
        assert_eq!(get(&cache, "k"), Some(Value::Int(1)));
        assert_eq!(get(&cache, "absent"), None);
    }
    assert_eq!(cache.status()[2].state, "down");
    server.signal("-CONT");
    clock.advance_ms(31_000);
    get(&cache, "k");
    assert_eq!(cache.status()[2].state, "on");
}

#[test]
fn what_the_engine_missed_during_an_outage_is_not_served_from_it_later() {
    let server = OwnRedis::start();
    let pair = Pair::new(("redis_url", &server.url()), "missed:");
    put(&pair.a, "k", &Value::Int(1));
    assert_eq!(get(&pair.b, "k"), Some(Value::Int(1)));
    server.signal("-STOP");
    assert!(!pair.a.delete(b"k").unwrap(), "the engine did not hear of it");
    assert_eq!(get(&pair.a, "k"), None);
    server.signal("-CONT");
    pair.clock.advance_ms(31_000);
    assert_eq!(get(&pair.a, "k"), None, "the old value still lies in the engine, but nobody trusts it");
    pair.look();
    assert_eq!(get(&pair.b, "k"), None);
}

#[test]
fn an_emptied_engine_starts_over() {
    let server = OwnRedis::start();
    let pair = Pair::new(("redis_url", &server.url()), "emptied:");
    put(&pair.a, "k", &Value::Int(1));
    redis::cmd("FLUSHALL").exec(&mut server.connection()).unwrap();
    pair.look();
    get(&pair.a, "k");
    assert!(put(&pair.a, "k", &Value::Int(2)));
    pair.clock.advance_ms(6_000);
    assert_eq!((get(&pair.a, "k"), get(&pair.b, "k")), (Some(Value::Int(2)), Some(Value::Int(2))));
}

#[test]
fn a_server_that_lies_is_a_miss() {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while stream.read(&mut buffer).is_ok_and(|read| read > 0) {
                    let _ = stream.write_all(b"VALUE other 0 99999999999\r\n$-7\r\n+\xff\r\n*99999999\r\n");
                }
            });
        }
    });
    for engine in [("redis_url", format!("redis://{address}")), ("memcached", address.to_string())] {
        let pairs = [(engine.0, engine.1.as_str()), ("key_prefix", "lies:"), ("timeout_ms", "30")];
        let cache = cache(None, &pairs, Arc::new(SystemClock));
        for _ in 0..5 {
            assert_eq!(get(&cache, "k"), None);
            put(&cache, "k2", &Value::Int(1));
        }
        assert_eq!(cache.status()[2].state, "down");
    }
}

#[test]
fn a_unix_socket_works() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("redis.sock");
    let mut server = std::process::Command::new("redis-server")
        .args(["--port", "0", "--save", "", "--unixsocket", socket.to_str().unwrap()])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..500 {
        if std::os::unix::net::UnixStream::connect(&socket).is_ok() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let url = format!("unix://{}", socket.display());
    let pairs = [("redis_url", url.as_str()), ("key_prefix", "unix:"), ("tiers", "redis")];
    let cache = cache(None, &pairs, Arc::new(SystemClock));
    let outcome = (put(&cache, "k", &Value::Int(1)), get(&cache, "k"));
    // Before anything can fail, so that no server outlives the test.
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(outcome, (true, Some(Value::Int(1))));
}

#[test]
fn a_missed_change_costs_its_own_key_only() {
    let server = OwnRedis::start();
    let pair = Pair::new(("redis_url", &server.url()), "own:");
    put(&pair.a, "k", &Value::Int(1));
    put(&pair.a, "other", &Value::Int(2));
    server.signal("-STOP");
    assert!(!pair.a.delete(b"k").unwrap());
    server.signal("-CONT");
    pair.clock.advance_ms(31_000);
    get(&pair.a, "anything");
    pair.look();
    assert_eq!((get(&pair.b, "k"), get(&pair.b, "other")), (None, Some(Value::Int(2))));
    assert_eq!(get(&pair.a, "other"), Some(Value::Int(2)));
}
