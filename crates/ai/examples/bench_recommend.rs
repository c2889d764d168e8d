//! Measures the recommender on every set found: `cargo run --release --example bench_recommend -- --data DIR`.
//!
//! Takes `recommend/NAME_{train,test_new}.csv.gz` (`CustomerID, StockCode[, times, last]`) and prints one JSON line a
//! set, or one that says why it skips. With `--scale ITEMS INTERACTIONS` it measures training on generated purchases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout
)]

use meschain_ai::recommend::{
    History, Interaction, Query, Recommender, TrainData, TrainOptions, train, update,
};
use meschain_base::{Progress, random::seeded};
use meschain_testkit::bench::{data_folder, peak_mb, quickest, sets};
use rand::RngExt;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--scale") {
        return scale(arguments[at + 1].parse().unwrap(), arguments[at + 2].parse().unwrap());
    }
    let folder = data_folder().join("recommend");
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

fn read(path: &Path) -> (HashMap<String, usize>, Vec<csv::StringRecord>) {
    let file = std::fs::File::open(path).unwrap();
    let mut reader = csv::Reader::from_reader(flate2::read::GzDecoder::new(file));
    let columns =
        reader.headers().unwrap().iter().enumerate().map(|(at, name)| (name.to_owned(), at)).collect();
    (columns, reader.records().map(Result::unwrap).collect())
}

/// Unix seconds of `2011-10-31 12:25:00`.
fn seconds(text: &str) -> Option<i64> {
    let at: jiff::civil::DateTime = text.trim().replace(' ', "T").parse().ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// Numbers for names in ascending order of the names.
fn numbered(names: impl Iterator<Item = String>) -> BTreeMap<String, u64> {
    names.collect::<BTreeSet<_>>().into_iter().zip(1..).collect()
}

fn measure(folder: &Path, set: &str) {
    let (columns, rows) = read(&folder.join(format!("{set}_train.csv.gz")));
    let (user, item) = (columns["CustomerID"], columns["StockCode"]);
    let users = numbered(rows.iter().map(|row| row[user].to_owned()));
    let items = numbered(rows.iter().map(|row| row[item].to_owned()));
    let interactions: Vec<Interaction> = rows
        .iter()
        .map(|row| Interaction {
            user: users[&row[user]],
            item: items[&row[item]],
            times: columns
                .get("times")
                .and_then(|at| row[*at].parse::<f64>().ok())
                .map_or(1, |times| times as u32),
            last: columns.get("last").and_then(|at| seconds(&row[*at])).unwrap_or(0),
        })
        .collect();
    let now = interactions.iter().map(|one| one.last).max().unwrap_or(0) + 1;
    let mut histories: BTreeMap<u64, Vec<History>> = BTreeMap::new();
    for one in &interactions {
        histories.entry(one.user).or_default().push(History {
            item: one.item,
            times: one.times,
            last: one.last,
        });
    }
    let data = TrainData { interactions, now, ..TrainData::default() };
    let (columns, rows) = read(&folder.join(format!("{set}_test_new.csv.gz")));
    let mut wanted: BTreeMap<u64, HashSet<u64>> = BTreeMap::new();
    for row in &rows {
        let pair = (users.get(&row[columns["CustomerID"]]), items.get(&row[columns["StockCode"]]));
        if let (Some(user), Some(item)) = pair {
            wanted.entry(*user).or_default().insert(*item);
        }
    }
    let started = Instant::now();
    let file = train(&data, &options(1), &Progress::silent()).expect("training");
    let train_s = started.elapsed().as_secs_f64();
    let started = Instant::now();
    update(&file, &data, &options(1), &Progress::silent()).expect("update");
    let update_s = started.elapsed().as_secs_f64();
    let model = Recommender::of(file).expect("model");
    let query = Query::new(20, now, &|_| true);
    let (mut ndcg, mut recall) = (0.0, 0.0);
    for (user, wanted) in &wanted {
        let answer = model.recommend(&histories[user], &query);
        let hits: Vec<usize> =
            (0..answer.len()).filter(|place| wanted.contains(&answer[*place].item)).collect();
        let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
        let ideal: f64 = (0..wanted.len().min(20)).map(gain).sum();
        ndcg += hits.iter().map(|place| gain(*place)).sum::<f64>() / ideal;
        recall += hits.len() as f64 / wanted.len() as f64;
    }
    let page = Query { limit: 10, diversity: 0.2, repeat: true, ..query };
    let customers: Vec<&Vec<History>> = wanted.keys().map(|user| &histories[user]).collect();
    let best = quickest(customers.chunks(8).collect(), |chunk| answer_all(&model, chunk, &page));
    let n = wanted.len() as f64;
    let line = serde_json::json!({
        "set": set, "method": "meschain",
        "metrics": {"ndcg20": ndcg / n, "recall20": recall / n, "held_out_in_training": model.file().header().metrics},
        "chosen": model.file().header().parameters, "train_s": train_s, "update_s": update_s, "predict_us": best / n * 1e6,
        "bytes": model.file().bytes().len(), "peak_mb": peak_mb(), "users": wanted.len(), "items": items.len(),
    });
    println!("{line}");
}

fn answer_all(model: &Recommender, customers: &[&Vec<History>], query: &Query<'_>) {
    for history in customers {
        std::hint::black_box(model.recommend(history, query));
    }
}

/// Trains on generated purchases with popular and rare products and customers of all sizes.
fn scale(items: u64, count: usize) {
    let mut random = seeded(1, 1);
    let now = 1_700_000_000i64;
    let users = (count as u64 / 50).max(10);
    let mut pairs: HashSet<(u64, u64)> = HashSet::with_capacity(count);
    while pairs.len() < count {
        let user = (random.random::<f64>().powi(2) * users as f64) as u64;
        let taste = user % 100;
        let near = (random.random::<f64>().powi(3) * (items / 100) as f64) as u64 * 100 + taste;
        let any = (random.random::<f64>().powi(3) * items as f64) as u64;
        pairs.insert((user, if random.random::<f64>() < 0.7 { near.min(items - 1) } else { any }));
    }
    let interactions = pairs.into_iter().map(|(user, item)| Interaction {
        user,
        item,
        times: 1 + u32::from(random.random::<f64>() < 0.2),
        last: now - (random.random::<f64>() * 700.0 * 86_400.0) as i64,
    });
    let data = TrainData { interactions: interactions.collect(), now, ..TrainData::default() };
    let started = Instant::now();
    let file = train(&data, &options(2), &Progress::silent()).expect("training");
    let line = serde_json::json!({
        "set": format!("generated {items} x {count}"), "method": "meschain",
        "train_s": started.elapsed().as_secs_f64(), "chosen": file.header().parameters,
        "metrics": file.header().metrics, "bytes": file.bytes().len(), "peak_mb": peak_mb(),
    });
    println!("{line}");
}

fn options(threads: usize) -> TrainOptions {
    TrainOptions { seed: 1, threads, created: String::new(), memory_bytes: 2 << 30 }
}
