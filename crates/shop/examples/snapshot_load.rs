//! Measures the snapshot of the shop at `MESCHAIN_DATABASE_URL`: a rebuild in rows a second (median of three) beside the
//! reading of the same columns through PHP's unbuffered mysqli, and refreshes that find nothing. Prints a JSON object a line.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use meschain_base::{Progress, Settings, SystemClock};
use meschain_shop::Database;
use meschain_shop::columns::{Depth, RefreshOptions, Store};
use serde_json::json;
use std::process::Command;
use std::time::Instant;

const PHP: &str = r#"
$url = parse_url(getenv('MESCHAIN_DATABASE_URL')); parse_str($url['query'] ?? '', $query);
$db = new mysqli($url['host'] ?? 'localhost', rawurldecode($url['user'] ?? ''), rawurldecode($url['pass'] ?? ''), trim($url['path'], '/'),
    $url['port'] ?? 3306, $query['socket'] ?? null);
$prefix = getenv('MESCHAIN_TABLE_PREFIX') ?: 'oc_';
$start = microtime(true); $rows = 0; $sum = 0.0;
foreach (["SELECT order_id, date_added, date_modified, order_status_id, customer_id, store_id, currency_id, total FROM {$prefix}order",
    "SELECT order_product_id, order_id, product_id, quantity, price, total, tax FROM {$prefix}order_product"] as $sql) {
    $result = $db->query($sql, MYSQLI_USE_RESULT);
    while ($row = $result->fetch_row()) { $rows++; $sum += (float) $row[5]; }
    $result->close();
}
echo $rows / (microtime(true) - $start);
"#;

fn settings(folder: &std::path::Path) -> Option<Settings> {
    let mut settings = Settings::default();
    settings.set("database_url", &std::env::var("MESCHAIN_DATABASE_URL").ok()?).unwrap();
    if let Ok(prefix) = std::env::var("MESCHAIN_TABLE_PREFIX") {
        settings.set("table_prefix", &prefix).unwrap();
    }
    settings.set("data_dir", folder.to_str().unwrap()).unwrap();
    Some(settings)
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let Some(settings) = settings(folder.path()) else {
        eprintln!("snapshot_load: skipped, MESCHAIN_DATABASE_URL is not set");
        return;
    };
    let database = Database::reporting(&settings).unwrap();
    let store = Store::new(&settings).unwrap();
    let refresh = |rebuild: bool, depth: Depth| {
        let start = Instant::now();
        let options = RefreshOptions { rebuild, depth };
        let done = store.refresh(&database, &options, &SystemClock, &Progress::silent()).unwrap();
        (start.elapsed().as_secs_f64(), done)
    };
    let mut last = None;
    let rebuild = median(
        (0..3)
            .map(|_| {
                let (seconds, done) = refresh(true, Depth::Fingerprints);
                last = Some(done.summary);
                seconds
            })
            .collect(),
    );
    let summary = last.unwrap();
    let rows = summary.orders + summary.lines;
    let php = Command::new("php").args(["-r", PHP]).output().ok();
    let php = php.and_then(|output| String::from_utf8_lossy(&output.stdout).trim().parse::<f64>().ok());
    let note = format!(
        "{} orders, {} lines to a checked file of {:.0} MB in {rebuild:.2} s; mysqli only fetches the rows",
        summary.orders,
        summary.lines,
        summary.bytes as f64 / 1e6
    );
    println!(
        "{}",
        json!({"bench": "snapshot load", "method": "meschain refresh --rebuild", "rival": "mysqli unbuffered",
        "value": rows as f64 / rebuild, "rival_value": php, "unit": "rows/s", "better": "higher", "note": note})
    );
    for (depth, method) in
        [(Depth::Watermark, "refresh by watermark"), (Depth::Fingerprints, "refresh by fingerprints")]
    {
        let seconds = median((0..3).map(|_| refresh(false, depth).0).collect());
        println!(
            "{}",
            json!({"bench": "snapshot refresh, nothing changed", "method": method, "rival": "rebuild",
            "value": seconds * 1e3, "rival_value": rebuild * 1e3, "unit": "ms", "better": "lower", "note": ""})
        );
    }
    let start = Instant::now();
    let snapshot = Store::new(&settings).unwrap().open().unwrap().unwrap();
    let opened = start.elapsed().as_secs_f64();
    let start = Instant::now();
    snapshot.verify().unwrap();
    let verified = start.elapsed().as_secs_f64();
    println!(
        "{}",
        json!({"bench": "snapshot open", "method": "header and stamp", "rival": "all checksums",
        "value": opened * 1e3, "rival_value": verified * 1e3, "unit": "ms", "better": "lower", "note": "per process, once a file"})
    );
}
