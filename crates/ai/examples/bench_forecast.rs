//! Measures the demand forecaster on every `forecast/NAME.jsonl.gz` under `--data DIR`, `MESCHAIN_DATA` or `../shared/data`.
//!
//! Prints one JSON line a set: accuracy on the held-out `future` and time a series on one thread, training included.
//! Each line of a set is `{"id", "season", "history": [...], "future": [...], "start"?}`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

use flate2::read::GzDecoder;
use meschain_ai::forecast::{Config, Forecast, Granularity, Pool, SeriesInput, forecast_batch};
use meschain_base::Progress;
use meschain_testkit::bench::{data_folder, round};
use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Wall clock, and time on the processor where the system tells it (a busy machine makes the first meaningless).
struct Stopwatch {
    wall: Instant,
    processor: f64,
}

impl Stopwatch {
    fn start() -> Self {
        Self { wall: Instant::now(), processor: processor_seconds() }
    }

    fn seconds(&self) -> (f64, f64) {
        (self.wall.elapsed().as_secs_f64(), processor_seconds() - self.processor)
    }
}

fn processor_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace()
        .next()
        .and_then(|n| n.parse::<f64>().ok())
        .map_or(0.0, |nanoseconds| nanoseconds / 1e9)
}

struct Set {
    season: usize,
    series: Vec<SeriesInput>,
    future: Vec<Vec<f64>>,
}

fn main() {
    let folder = data_folder().join("forecast");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    files.retain(|file| file.to_string_lossy().ends_with(".jsonl.gz"));
    files.sort();
    if files.is_empty() {
        println!("{}", json!({"skipped": "no forecast/NAME.jsonl.gz under MESCHAIN_DATA"}));
    }
    for file in files {
        measure(&file);
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("array").iter().map(|number| number.as_f64().expect("number")).collect()
}

fn read(file: &Path) -> Set {
    let mut set = Set { season: 1, series: Vec::new(), future: Vec::new() };
    for line in BufReader::new(GzDecoder::new(File::open(file).expect("open"))).lines() {
        let row: Value = serde_json::from_str(&line.expect("line")).expect("JSON");
        set.season = row["season"].as_u64().map_or(1, |season| season as usize);
        let granularity = match set.season {
            7 => Granularity::Day,
            12 => Granularity::Month,
            _ => Granularity::Week,
        };
        let mut series = SeriesInput::new(numbers(&row["history"]), granularity);
        series.seasons = vec![set.season];
        series.start = row["start"].as_str().and_then(|start| start.parse().ok());
        set.series.push(series);
        set.future.push(numbers(&row["future"]));
    }
    set
}

fn measure(file: &Path) {
    let set = read(file);
    let name = file.file_name().unwrap().to_string_lossy().replace(".jsonl.gz", "");
    let horizon = set.future.iter().map(Vec::len).min().unwrap_or(1);
    let config = Config::default();
    let started = Stopwatch::start();
    let pool = match Pool::train(&set.series, horizon, &config, 1, &Progress::silent()) {
        Ok(pool) => Some(pool),
        Err(error) => {
            println!("{}", json!({"set": name, "pool": "none", "why": error.to_string()}));
            None
        }
    };
    let (trained, trained_cpu) = started.seconds();
    let started = Stopwatch::start();
    if let Some(pool) = &pool {
        pool.update(&set.series, horizon, &config, 1, &Progress::silent()).expect("update");
    }
    let (updated, _) = started.seconds();
    let started = Stopwatch::start();
    let forecasts = forecast_batch(&set.series, horizon, &config, pool.as_ref(), 1, &Progress::silent())
        .expect("forecast");
    let (forecasting, forecasting_cpu) = started.seconds();
    let alone =
        forecast_batch(&set.series, horizon, &config, None, 1, &Progress::silent()).expect("forecast");
    let per_series = |seconds: f64| 1000.0 * seconds / set.series.len() as f64;
    let mut line = score(&set, &forecasts);
    line["set"] = json!(name);
    line["method"] = json!("meschain");
    line["series"] = json!(set.series.len());
    line["horizon"] = json!(horizon);
    line["ms_per_series"] = json!(round(per_series(trained + forecasting)));
    line["cpu_ms_per_series"] = json!(round(per_series(trained_cpu + forecasting_cpu)));
    line["ms_train"] = json!(round(per_series(trained)));
    line["ms_update"] = json!(round(per_series(updated)));
    line["ms_forecast"] = json!(round(per_series(forecasting)));
    // The pool learns from a sample of bounded size: a larger catalogue only adds forecasts.
    line["seconds_for_100000"] = json!(round(trained + per_series(forecasting) * 100.0));
    if let Some(pool) = &pool {
        let report = pool.report();
        line["held_out_wape"] = json!(round(report.wape));
        line["held_out_bias"] = json!(round(report.bias));
        line["held_out_coverage"] = json!(round(report.coverage));
        line["weights"] = json!(pool.weights().into_iter().map(|(n, w)| (n, round(w))).collect::<Vec<_>>());
    }
    println!("{line}");
    let print = |method: &str, forecasts: &[Forecast], set: &Set| {
        let mut line = score(set, forecasts);
        line["set"] = json!(name);
        line["method"] = json!(method);
        println!("{line}");
    };
    print("meschain_without_pool", &alone, &set);
    for (method, shop) in
        [("meschain_after_import", imported(&set)), ("meschain_with_ended", with_ended(&set))]
    {
        let Ok(pool) = Pool::train(&shop, horizon, &config, 1, &Progress::silent()) else { continue };
        let asked = &shop[..set.series.len()];
        let forecasts = forecast_batch(asked, horizon, &config, Some(&pool), 1, &Progress::silent());
        print(method, &forecasts.expect("forecast"), &set);
    }
}

/// The shop after an import: four of five products are known for their last 13 weeks (periods without a season: 13) only.
fn imported(set: &Set) -> Vec<SeriesInput> {
    let cut = |(at, one): (usize, &SeriesInput)| {
        let mut one = one.clone();
        if at % 5 > 0 {
            let unknown = one.history.len().saturating_sub(13 * set.season);
            one.history.drain(..unknown);
            one.start = one.start.map(|start| start.saturating_add(jiff::Span::new().days(unknown as i64)));
        }
        one
    };
    set.series.iter().enumerate().map(cut).collect()
}

/// The shop with as many products again that sold until half of their history and are still listed; those come last.
fn with_ended(set: &Set) -> Vec<SeriesInput> {
    let end = |one: &SeriesInput| {
        let mut one = one.clone();
        let half = one.history.len() / 2;
        one.history.iter_mut().skip(half).for_each(|units| *units = 0.0);
        one
    };
    set.series.iter().cloned().chain(set.series.iter().map(end)).collect()
}

/// WAPE, bias and coverage over all values; MASE averaged over series whose seasonal differences are not all zero.
fn score(set: &Set, forecasts: &[Forecast]) -> Value {
    let (mut error, mut sold, mut expected, mut inside, mut count) = (0.0, 0.0, 0.0, 0usize, 0usize);
    let mut scaled = Vec::new();
    for ((forecast, future), series) in forecasts.iter().zip(&set.future).zip(&set.series) {
        let mut own = 0.0;
        for (at, actual) in future.iter().take(forecast.values.len()).enumerate() {
            own += (forecast.values[at] - actual).abs();
            sold += actual;
            expected += forecast.values[at];
            inside += usize::from((forecast.lower[at]..=forecast.upper[at]).contains(actual));
            count += 1;
        }
        error += own;
        let history = &series.history;
        let differences = history.iter().zip(history.iter().skip(set.season)).map(|(a, b)| (a - b).abs());
        let naive = differences.sum::<f64>() / history.len().saturating_sub(set.season).max(1) as f64;
        if naive > 0.0 {
            scaled.push(own / forecast.values.len() as f64 / naive);
        }
    }
    json!({
        "wape": round(error / sold),
        "mase": round(scaled.iter().sum::<f64>() / scaled.len().max(1) as f64),
        "bias": round(expected / sold - 1.0),
        "coverage": round(inside as f64 / count as f64),
    })
}
