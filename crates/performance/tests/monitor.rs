//! The monitor over its shared file and over a database.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use meschain_base::{Error, Progress, Settings};
use meschain_performance::monitor::{Finish, Monitor};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::{Database, migrations};
use support::HandClock;

fn monitor(data: Option<&std::path::Path>, clock: &std::sync::Arc<HandClock>, sample: &str) -> Monitor {
    let mut settings = Settings::default();
    if let Some(data) = data {
        settings.set("data_dir", data.to_str().unwrap()).unwrap();
    }
    settings.set("monitor_sample", sample).unwrap();
    Monitor::open(&settings, clock.clone())
}

fn request(monitor: &Monitor, endpoint: &str, micros: u64, status_code: u16) {
    let mut started = monitor.start(endpoint, "get", 1 << 20);
    started.start_nanos -= micros * 1000;
    monitor.finish(
        started,
        Finish {
            status_code,
            error: (status_code >= 500).then(|| "boom".to_owned()),
            memory_bytes: 3 << 20,
            user_id: Some(1),
            marketplace_id: None,
        },
    );
}

#[test]
fn workers_add_up_in_one_view() {
    let data = tempfile::tempdir().unwrap();
    let clock = HandClock::new();
    let (one, two) = (monitor(Some(data.path()), &clock, "1"), monitor(Some(data.path()), &clock, "1"));
    (1..=98).for_each(|_| request(&one, "report/dashboard", 10_000, 200));
    request(&two, "report/dashboard", 500_000, 200);
    request(&two, "report/dashboard", 2_000_000, 500);
    clock.advance_ms(60_000);
    request(&two, "ai/product", 1_000, 404);
    for view in [one.requests(60), two.requests(60), one.requests(600)] {
        assert_eq!((view.total.count, view.total.errors, view.dropped), (101, 2, 0));
        assert_eq!((view.endpoints.len(), view.endpoints[0].count), (2, 100));
        let dashboard = &view.endpoints[0];
        assert_eq!((dashboard.endpoint.as_str(), dashboard.method.as_str()), ("report/dashboard", "GET"));
        // The clock of the test adds a few microseconds of its own to each request.
        assert!(
            (dashboard.p50_ms - 10.0).abs() < 0.8 && (dashboard.p99_ms - 500.0).abs() < 20.0,
            "{dashboard:?}"
        );
        assert!(dashboard.max_ms >= 2_000.0 && dashboard.memory_mb == 2.0);
    }
    let view = one.requests(2);
    assert_eq!(view.series.iter().map(|point| point.count).collect::<Vec<_>>(), [100, 1]);
    assert_eq!(one.requests(60).series.len(), 60);
    assert_eq!(one.requests(60).series[0].p95_ms, None);
}

#[test]
fn the_keys_are_those_of_the_contract() {
    let clock = HandClock::new();
    let monitor = monitor(None, &clock, "1");
    request(&monitor, "e", 1_000, 200);
    let keys =
        |json: &serde_json::Value| json.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(",");
    let json = serde_json::to_value(monitor.requests(5)).unwrap();
    assert_eq!(keys(&json), "window_minutes,total,endpoints,series,dropped");
    assert_eq!(keys(&json["total"]), "count,errors,p50_ms,p95_ms,p99_ms,max_ms");
    assert_eq!(
        keys(&json["endpoints"][0]),
        "endpoint,method,count,errors,p50_ms,p95_ms,p99_ms,max_ms,memory_mb"
    );
    assert_eq!(keys(&json["series"][0]), "minute,count,p95_ms");
    let minute = json["series"][0]["minute"].as_str().unwrap();
    assert!(minute.len() == 20 && minute.ends_with(":00Z"), "{minute}");
    let report = serde_json::to_value(monitor.report("1h", None).unwrap()).unwrap();
    assert_eq!(
        keys(&report[0]),
        "endpoint,request_count,avg_response_time,max_response_time,min_response_time,avg_memory_usage,avg_cpu_usage,error_count"
    );
    let metrics =
        monitor.finish(monitor.start("/test", "GET", 0), Finish { status_code: 200, ..Finish::default() });
    assert_eq!(
        keys(&serde_json::to_value(metrics).unwrap()),
        "endpoint,method,response_time_ms,memory_usage_mb,cpu_usage_percent,status_code,error_message,user_id,marketplace_id"
    );
}

#[test]
fn sampling_counts_its_share() {
    let clock = HandClock::new();
    let none = monitor(None, &clock, "0");
    let some = monitor(None, &clock, "0.25");
    for _ in 0..4_000 {
        request(&none, "e", 10, 200);
        request(&some, "e", 10, 200);
    }
    assert_eq!(none.requests(5).total.count, 0);
    let counted = some.requests(5).total.count;
    assert!((850..1_150).contains(&counted), "{counted}");
}

#[test]
fn drains_every_request_once_reports_and_prunes() {
    let settings = meschain_testkit::mariadb().fresh("monitor");
    let database = Database::main(&settings).unwrap();
    migrations::migrate(&database, false, &Progress::silent()).unwrap();
    let data = tempfile::tempdir().unwrap();
    let clock = HandClock::new();
    let monitor = monitor(Some(data.path()), &clock, "1");
    (0..450).for_each(|n| request(&monitor, if n % 3 == 0 { "a" } else { "b" }, 1_500, 200));
    request(&monitor, "a", 2_500, 503);
    let first = monitor.drain(&database, 300).unwrap();
    assert_eq!((first.written, first.lost, first.remaining), (300, 0, 151));
    let second = monitor.drain(&database, 1_000).unwrap();
    assert_eq!((second.written, second.remaining), (151, 0));
    assert_eq!(monitor.drain(&database, 1_000).unwrap().written, 0);

    let mut connection = database.connection().unwrap();
    let (rows, errors): (u64, u64) = connection
        .query_first(
            "SELECT COUNT(*), COUNT(error_message) FROM meschain_performance_metrics WHERE method = 'GET'",
        )
        .unwrap()
        .unwrap();
    assert_eq!((rows, errors), (451, 1));
    let report = monitor.report("30d", Some(&database)).unwrap();
    let near = monitor.report("1h", None).unwrap();
    for (far, near) in report.iter().zip(&near) {
        assert_eq!(
            (&far.endpoint, far.request_count, far.error_count),
            (&near.endpoint, near.request_count, near.error_count)
        );
        assert!((far.avg_response_time - near.avg_response_time).abs() < 0.01, "{far:?} {near:?}");
        assert!((far.max_response_time - near.max_response_time).abs() < 0.01);
    }
    assert_eq!(report.len(), 2);

    assert_eq!(monitor.prune(&database, 1).unwrap(), 0);
    clock.advance_ms(2 * 86_400_000);
    assert_eq!(monitor.prune(&database, 1).unwrap(), 451);
}

#[test]
fn one_process_drains_at_a_time() {
    let settings = meschain_testkit::mariadb().fresh("monitor_lock");
    let database = Database::main(&settings).unwrap();
    let data = tempfile::tempdir().unwrap();
    let clock = HandClock::new();
    let monitor = monitor(Some(data.path()), &clock, "1");
    request(&monitor, "e", 1, 200);
    let lock = std::fs::File::create(data.path().join("monitor/drain.lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(monitor.drain(&database, 10), Err(Error::Busy { what: "monitor drain" }));
    assert_eq!(monitor.waiting(), 1);
}

#[test]
fn cache_figures_go_to_their_table() {
    let settings = meschain_testkit::mariadb().fresh("monitor_cache");
    let database = Database::main(&settings).unwrap();
    migrations::migrate(&database, false, &Progress::silent()).unwrap();
    let data = tempfile::tempdir().unwrap();
    let clock = HandClock::new();
    let cache = support::cache(Some(data.path()), &[("key_prefix", "t:")], clock.clone());
    support::put(&cache, "k", &meschain_performance::value::Value::Int(1));
    support::get(&cache, "k");
    let monitor = monitor(Some(data.path()), &clock, "1");
    for _ in 0..2 {
        assert_eq!(monitor.drain_cache(&database, &cache).unwrap(), 3);
    }
    let mut connection = database.connection().unwrap();
    let rows: Vec<(String, i64)> =
        connection.query("SELECT cache_key, hit_count FROM meschain_cache_stats ORDER BY cache_key").unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0], ("tier:L0 memory".to_owned(), 1));
}
