//! Measures the price model on every `price/NAME.csv.gz` under `--data DIR`, `MESCHAIN_DATA` or `../shared/data`.
//!
//! First column the unit, then `volume`, `price` and numeric covariates, in time order. The last 12 rows of each unit are
//! held out. Prints JSON lines: all history, then the last 8 weeks of history only; a generated shop whose elasticities are known; and
//! time on a made-up catalogue.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

mod known;
mod shops;

use flate2::read::GzDecoder;
use meschain_ai::pricing::{
    PriceContext, PriceModel, PriceWeek, ProductHistory, Rules, TrainConfig, optimise_catalogue,
};
use meschain_base::Progress;
use meschain_testkit::bench::{data_folder, round};
use serde_json::json;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

const HELD_OUT: usize = 12;

fn main() {
    let mut arguments = std::env::args().skip_while(|argument| argument != OPEN).skip(1);
    if let Some(path) = arguments.next() {
        return open_and_answer(Path::new(&path));
    }
    let folder = data_folder().join("price");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .map(|entries| entries.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    files.retain(|file| file.to_string_lossy().ends_with(".csv.gz"));
    files.sort();
    if files.is_empty() {
        println!("{}", json!({"skipped": "no price/NAME.csv.gz under MESCHAIN_DATA"}));
    }
    for file in files {
        let (units, covariates) = read(&file);
        let name = file.file_name().unwrap().to_string_lossy().replace(".csv.gz", "");
        measure(&name, &units, &covariates, None);
        measure(&name, &units, &covariates, Some(8));
    }
    known::measure();
    speed();
}

fn read(file: &Path) -> (Vec<ProductHistory>, Vec<String>) {
    let mut reader = csv::Reader::from_reader(GzDecoder::new(File::open(file).expect("open")));
    let header: Vec<String> = reader.headers().expect("header").iter().map(str::to_owned).collect();
    let at = |name: &str| header.iter().position(|column| column == name).expect("column");
    let (volume, price) = (at("volume"), at("price"));
    let others: Vec<usize> =
        (1..header.len()).filter(|column| *column != volume && *column != price).collect();
    let mut names: Vec<String> = Vec::new();
    let mut units: Vec<ProductHistory> = Vec::new();
    for row in reader.records() {
        let row = row.expect("row");
        let number = |column: usize| row[column].parse::<f64>().unwrap_or(0.0);
        let unit = names.iter().position(|name| name == &row[0]).unwrap_or_else(|| {
            names.push(row[0].to_owned());
            units.push(ProductHistory { id: units.len() as u64, group: 0, weeks: Vec::new() });
            units.len() - 1
        });
        let covariates = others.iter().map(|column| number(*column) as f32).collect();
        let week = units[unit].weeks.len() as i32;
        units[unit].weeks.push(PriceWeek { week, units: number(volume), price: number(price), covariates });
    }
    (units, others.into_iter().map(|column| header[column].clone()).collect())
}

fn measure(name: &str, units: &[ProductHistory], covariates: &[String], keep: Option<usize>) {
    let known: Vec<ProductHistory> = units
        .iter()
        .map(|unit| {
            let end = unit.weeks.len().saturating_sub(HELD_OUT);
            let start = keep.map_or(0, |keep| end.saturating_sub(keep));
            ProductHistory { weeks: unit.weeks[start..end].to_vec(), ..*unit }
        })
        .collect();
    // The weeks of different units are not on one calendar.
    let config =
        TrainConfig { covariates: covariates.to_vec(), week_effects: false, ..TrainConfig::default() };
    let started = Instant::now();
    let model = match PriceModel::train(&known, &config, 1, &Progress::silent()) {
        Ok(model) => model,
        Err(error) => {
            println!("{}", json!({"set": name, "method": "meschain", "skipped": error.to_string()}));
            return;
        }
    };
    let seconds = started.elapsed().as_secs_f64();
    let (mut error, mut sold, mut logs, mut count) = (0.0, 0.0, 0.0, 0usize);
    for unit in units {
        for (at, week) in unit.weeks.iter().enumerate().skip(unit.weeks.len().saturating_sub(HELD_OUT)) {
            let predicted = model.predict(unit.id, week, unit.prices_before(at));
            error += (predicted - week.units).abs();
            sold += week.units;
            if week.units > 0.0 && predicted > 0.0 {
                logs += (predicted / week.units).ln().powi(2);
                count += 1;
            }
        }
    }
    let elasticities: Vec<f64> = units.iter().map(|u| model.demand(u.id, u.group).elasticity.value).collect();
    println!(
        "{}",
        json!({
            "set": name, "method": "meschain", "history": keep.map_or("all".to_owned(), |k| format!("{k} weeks")),
            "units": units.len(), "wape": round(error / sold), "log_rmse": round((logs / count.max(1) as f64).sqrt()),
            "positive_elasticities": elasticities.iter().filter(|e| **e >= 0.0).count(),
            "mean_elasticity": round(elasticities.iter().sum::<f64>() / elasticities.len() as f64),
            "train_ms": round(1000.0 * seconds), "held_out_wape_in_training": round(model.report().wape),
        })
    );
}

/// Training and suggestions for a made-up catalogue of 20,000 products with 52 weeks each.
fn speed() {
    let mut state = 1u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    let mut products = Vec::new();
    for id in 0..20_000u64 {
        let (base, price) = (5.0 + 60.0 * random(), 10.0 + 100.0 * random());
        let mut weeks = Vec::new();
        for week in 0..52 {
            let asked = price * [1.0, 0.9, 0.8][(random() * 3.0) as usize % 3];
            let units = (base * (asked / price).powf(-2.0) * (0.7 + 0.6 * random())).round();
            weeks.push(PriceWeek { week, units, price: asked, covariates: Vec::new() });
        }
        products.push(ProductHistory { id, group: id % 40, weeks });
    }
    let started = Instant::now();
    let model = PriceModel::train(&products, &TrainConfig::default(), 1, &Progress::silent()).expect("train");
    let trained = started.elapsed().as_secs_f64();
    let started = Instant::now();
    model.update(&products, &TrainConfig::default(), 1, &Progress::silent()).expect("update");
    let updated = started.elapsed().as_secs_f64();
    let items: Vec<(u64, u64, PriceContext)> = products
        .iter()
        .map(|p| (p.id, p.group, PriceContext { cost: Some(5.0), ..PriceContext::new(p.weeks[51].price) }))
        .collect();
    let started = Instant::now();
    optimise_catalogue(&items, &model, &Rules::default(), 1, &Progress::silent()).expect("optimise");
    let optimised = started.elapsed().as_secs_f64();
    let each = |seconds: f64| 1000.0 * seconds / items.len() as f64;
    let (file, own) = memory(&model);
    println!(
        "{}",
        json!({"set": "generated", "method": "meschain", "products": items.len(), "threads": 1,
            "train_ms_per_product": round(each(trained)), "update_ms_per_product": round(each(updated)), "optimise_ms_per_product": round(each(optimised)),
            "seconds_for_100000": round((trained + optimised) * 5.0), "file_mb": round(file), "worker_mb": round(own)})
    );
}

/// MiB of the model's file, and of memory that a fresh process holds for itself once it has answered from it.
fn memory(model: &PriceModel) -> (f64, f64) {
    let path = std::env::temp_dir().join(format!("bench-pricing-{}.model", std::process::id()));
    model.writer(String::new(), 1).expect("writer").write(&path).expect("write");
    let child =
        std::process::Command::new(std::env::current_exe().expect("own path")).arg(OPEN).arg(&path).output();
    let mib = 1024.0 * 1024.0;
    let size = std::fs::metadata(&path).expect("size").len() as f64 / mib;
    std::fs::remove_file(&path).expect("remove");
    let bytes: f64 = String::from_utf8_lossy(&child.expect("child").stdout).trim().parse().expect("a number");
    (size, bytes / mib)
}

/// What [`memory`] starts itself with.
const OPEN: &str = "--open";

fn open_and_answer(path: &Path) {
    let anonymous = || -> i64 {
        let text = std::fs::read_to_string("/proc/self/smaps_rollup").expect("smaps");
        let line = text.lines().find_map(|line| line.strip_prefix("Anonymous:")).expect("Anonymous");
        line.trim().trim_end_matches(" kB").trim().parse().expect("kB")
    };
    let before = anonymous();
    let model = PriceModel::open(path).expect("open");
    for id in 0..20 {
        std::hint::black_box((model.demand(id, 1), model.category(1)));
    }
    println!("{}", (anonymous() - before) * 1024);
}
