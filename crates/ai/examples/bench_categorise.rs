//! Measures the categoriser on every set found: `cargo run --release --example bench_categorise -- --data DIR`.
//!
//! Takes `categorise/NAME_{train,test}.csv.gz` (column `name`; the last column is the class; `brand`, `price`,
//! `description` are used when there). Prints one JSON line a set, or one that says why it skips. With `MESCHAIN_MATRIX`, a folder, it
//! leaves the features of both parts there, so that others may learn from the same.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use meschain_ai::categorizer::{
    Categorizer, Category, Example, PredictOptions, ProductText, TrainOptions, feature_vector, train, update,
};
use meschain_base::Progress;
use meschain_testkit::bench::{data_folder, peak_mb, quickest, sets};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Instant;

fn main() {
    let folder = data_folder().join("categorise");
    let sets = sets(&folder, "_train.csv.gz");
    if sets.is_empty() {
        println!(
            "{}",
            serde_json::json!({"set": null, "method": "meschain", "skipped": "no data: set MESCHAIN_DATA"})
        );
    }
    for set in sets {
        measure(&folder, &set);
    }
}

fn read(path: &Path, classes: &mut BTreeMap<String, u64>) -> Vec<Example> {
    let file = std::fs::File::open(path).unwrap();
    let mut reader = csv::Reader::from_reader(flate2::read::GzDecoder::new(file));
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let column: HashMap<&str, usize> =
        header.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let field = |row: &csv::StringRecord, name: &str| {
        column.get(name).filter(|at| **at + 1 < header.len()).map_or(String::new(), |at| row[*at].to_owned())
    };
    rows.iter()
        .enumerate()
        .map(|(number, row)| {
            let next = classes.len() as u64 + 1;
            let category_id = *classes.entry(row[header.len() - 1].to_owned()).or_insert(next);
            let product = ProductText {
                name: field(row, "name"),
                description: field(row, "description"),
                brand: field(row, "brand"),
                price: field(row, "price").parse().ok(),
                ..ProductText::default()
            };
            Example { product_id: number as u64 + 1, product, category_id, confirmed: false }
        })
        .collect()
}

fn measure(folder: &Path, set: &str) {
    let mut classes = BTreeMap::new();
    let training = read(&folder.join(format!("{set}_train.csv.gz")), &mut classes);
    let categories: Vec<Category> = classes
        .iter()
        .map(|(name, id)| Category { category_id: *id, parent_id: 0, name: name.clone() })
        .collect();
    let test = read(&folder.join(format!("{set}_test.csv.gz")), &mut classes);
    if let Ok(folder) = std::env::var("MESCHAIN_MATRIX") {
        leave_features(Path::new(&folder), &format!("{set}_train"), &training);
        leave_features(Path::new(&folder), &format!("{set}_test"), &test);
    }
    let options = TrainOptions { seed: 1, threads: 1, created: String::new(), misplaced: false };
    let started = Instant::now();
    let file = train(&training, &categories, &options, &Progress::silent()).expect("training");
    let train_s = started.elapsed().as_secs_f64();
    let started = Instant::now();
    update(&file, &training, &categories, &options, &Progress::silent()).expect("update");
    let update_s = started.elapsed().as_secs_f64();
    let model = Categorizer::of(file).expect("model");
    let one = PredictOptions { max_categories: 3, confidence_threshold: 0.5 };
    let answers: Vec<_> = test.iter().map(|example| model.predict(&example.product, &one)).collect();
    let seconds = quickest(test.chunks(50).collect(), |chunk| answer_all(&model, chunk, &one));
    let n = test.len() as f64;
    let top = |k: usize| {
        let hit = |(answer, example): &(&Vec<_>, &Example)| {
            answer
                .iter()
                .take(k)
                .any(|s: &meschain_ai::categorizer::Suggestion| s.category_id == example.category_id)
        };
        answers.iter().zip(&test).filter(hit).count() as f64 / n
    };
    let mut sure: Vec<(f64, bool)> = answers
        .iter()
        .zip(&test)
        .map(|(a, e)| (a[0].confidence, a[0].category_id == e.category_id))
        .collect();
    let ece = calibration_error(&sure);
    sure.sort_by(|a, b| b.0.total_cmp(&a.0));
    let kept = (sure.len() * 4).div_ceil(5);
    let sure_80 = sure[..kept].iter().filter(|(_, right)| *right).count() as f64 / kept as f64;
    let (found, right) = wrong_labels_found(&training, &categories);
    let line = serde_json::json!({
        "set": set, "method": "meschain", "metrics": {
            "top1": top(1), "top3": top(3), "macro_f1": macro_f1(&answers, &test), "ece": ece, "top1_surest_80": sure_80,
            "wrong_labels_found": found, "found_were_wrong": right,
            "held_out_in_training": model.file().header().metrics,
        },
        "train_s": train_s, "update_s": update_s, "predict_us": seconds / n * 1e6, "bytes": model.file().bytes().len(),
        "peak_mb": peak_mb(), "train_rows": training.len(), "test_rows": test.len(), "classes": categories.len(),
    });
    println!("{line}");
}

/// With one product in a hundred moved to another category at random: the share of those that `misplaced` lists with at least the
/// settings' threshold, and the share of its list that they are. The rest of the list are labels of the set that are odd by themselves.
fn wrong_labels_found(training: &[Example], categories: &[Category]) -> (f64, f64) {
    let mut examples = training.to_vec();
    let mut moved = Vec::new();
    for example in examples.iter_mut() {
        let draw = example.product_id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        if draw % 100 == 0 {
            let others = categories.len() as u64 - 1;
            example.category_id = 1 + (example.category_id + draw / 100 % others) % categories.len() as u64;
            moved.push(example.product_id);
        }
    }
    let options = TrainOptions { seed: 1, threads: 1, created: String::new(), misplaced: true };
    let file = train(&examples, categories, &options, &Progress::silent()).expect("training");
    let listed = Categorizer::of(file).expect("model").misplaced().expect("list");
    let listed: Vec<u64> =
        listed.iter().filter(|one| one.confidence >= 0.8).map(|one| one.product_id).collect();
    let hits = listed.iter().filter(|id| moved.contains(id)).count() as f64;
    (hits / moved.len() as f64, hits / listed.len() as f64)
}

/// Sparse rows as three little-endian arrays: where each row begins (one more at the end), hashes, values.
fn leave_features(folder: &Path, name: &str, examples: &[Example]) {
    let (mut starts, mut hashes, mut values) = (vec![0u64], Vec::new(), Vec::new());
    for example in examples {
        for (hash, value) in feature_vector(&example.product) {
            hashes.extend_from_slice(&hash.to_le_bytes());
            values.extend_from_slice(&value.to_le_bytes());
        }
        starts.push(values.len() as u64 / 4);
    }
    let starts = starts.into_iter().flat_map(u64::to_le_bytes).collect();
    std::fs::create_dir_all(folder).unwrap();
    for (part, bytes) in [("starts", starts), ("hashes", hashes), ("values", values)] {
        std::fs::write(folder.join(format!("{name}.{part}")), bytes).unwrap();
    }
}

fn answer_all(model: &Categorizer, products: &[Example], options: &PredictOptions) {
    for example in products {
        std::hint::black_box(model.predict(&example.product, options));
    }
}

fn calibration_error(sure: &[(f64, bool)]) -> f64 {
    let mut bins = vec![(0.0, 0.0); 15];
    for (confidence, right) in sure {
        let bin = &mut bins[((confidence * 15.0) as usize).min(14)];
        bin.0 += confidence;
        bin.1 += f64::from(u8::from(*right));
    }
    bins.iter().map(|(confidence, right): &(f64, f64)| (confidence - right).abs()).sum::<f64>()
        / sure.len() as f64
}

fn macro_f1(answers: &[Vec<meschain_ai::categorizer::Suggestion>], test: &[Example]) -> f64 {
    let mut counts: BTreeMap<u64, [f64; 3]> = BTreeMap::new();
    for (answer, example) in answers.iter().zip(test) {
        counts.entry(example.category_id).or_default()[0] += 1.0;
        counts.entry(answer[0].category_id).or_default()[1] += 1.0;
        if answer[0].category_id == example.category_id {
            counts.entry(example.category_id).or_default()[2] += 1.0;
        }
    }
    let f1: Vec<f64> = counts.values().filter(|c| c[0] > 0.0).map(|c| 2.0 * c[2] / (c[0] + c[1])).collect();
    f1.iter().sum::<f64>() / f1.len() as f64
}
