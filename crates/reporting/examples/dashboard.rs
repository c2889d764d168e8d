//! Measures the dashboard of the shop at `MESCHAIN_DATABASE_URL`: milliseconds a call (median) beside the same figures through
//! SQL, and whether they are equal. Prints a JSON object a line.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use jiff::Timestamp;
use meschain_base::{Clock, Progress, Settings, SystemClock};
use meschain_reporting::{Context, Query, dashboard, verify};
use meschain_shop::Database;
use meschain_shop::columns::{RefreshOptions, Store};
use serde_json::json;
use std::time::Instant;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let Ok(url) = std::env::var("MESCHAIN_DATABASE_URL") else {
        eprintln!("dashboard: skipped, MESCHAIN_DATABASE_URL is not set");
        return;
    };
    let mut settings = Settings::default();
    settings.set("database_url", &url).unwrap();
    settings
        .set("table_prefix", &std::env::var("MESCHAIN_TABLE_PREFIX").unwrap_or_else(|_| "oc_".to_owned()))
        .unwrap();
    settings.set("data_dir", folder.path().to_str().unwrap()).unwrap();
    let database = Database::reporting(&settings).unwrap();
    let store = Store::new(&settings).unwrap();
    store.refresh(&database, &RefreshOptions::default(), &SystemClock, &Progress::silent()).unwrap();
    let snapshot = store.open().unwrap().unwrap();
    // A shop of the past is asked about its own last days.
    let newest = snapshot.orders().date_added.iter().copied().max().unwrap_or(0);
    let now = Timestamp::from_second(newest).unwrap().min(SystemClock.now());
    let context = Context { timezone: settings.timezone.clone(), now };
    for range in ["last_30", "year", "all"] {
        let query = Query::from_json(&json!({"range": range})).unwrap();
        let mut times: Vec<f64> = Vec::new();
        for _ in 0..15 {
            let start = Instant::now();
            let answer = dashboard(&snapshot, &query, &context).unwrap();
            times.push(start.elapsed().as_secs_f64() * 1e3);
            std::hint::black_box(answer);
        }
        times.sort_by(f64::total_cmp);
        let start = Instant::now();
        let verification = verify(&snapshot, &database, &query, &context).unwrap();
        let sql = start.elapsed().as_secs_f64() * 1e3;
        let (figures, orders) = (verification.checks.len(), snapshot.orders().len());
        let equal = if verification.equal { "equal" } else { "NOT EQUAL" };
        let best = times.first().copied().unwrap_or(f64::NAN);
        let note = format!(
            "{orders} orders, {} lines; {figures} figures {equal}; best {best:.1} ms",
            snapshot.lines().len()
        );
        println!(
            "{}",
            json!({"bench": format!("dashboard {range}"), "method": "meschain snapshot", "rival": "SQL GROUP BY",
            "value": times.get(times.len() / 2), "rival_value": sql, "unit": "ms", "better": "lower", "note": note})
        );
    }
}
