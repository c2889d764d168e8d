//! Fills a database with a sample shop or with the Online Retail data, and prints the report.
//!
//! `cargo run --release -p meschain-shop --example sample -- mysql://user:password@host/database DATA_DIR small|medium|large [SEED]`
//! `cargo run --release -p meschain-shop --example sample -- mysql://... DATA_DIR online_retail.csv.gz`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use meschain_base::{Progress, Settings, SystemClock};
use meschain_shop::Database;
use meschain_shop::migrations::migrate;
use meschain_shop::sample::{RetailOptions, SampleOptions, Size, load_online_retail, sample};
use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, data_dir, what, rest @ ..] = arguments.as_slice() else {
        println!("DATABASE_URL DATA_DIR small|medium|large|FILE [SEED]");
        return;
    };
    let mut settings = Settings::default();
    settings.set("database_url", url).unwrap();
    settings.set("data_dir", data_dir).unwrap();
    let database = Database::main(&settings).unwrap();
    let progress = Progress::silent();
    migrate(&database, false, &progress).unwrap();
    let report = if what.contains(".csv") {
        let report =
            load_online_retail(&database, &settings, Path::new(what), &RetailOptions::default(), &progress);
        serde_json::to_string_pretty(&report.unwrap())
    } else {
        let seed = rest.first().map_or(1, |seed| seed.parse().unwrap());
        let options = SampleOptions { size: Size::parse(what).unwrap(), seed, ..SampleOptions::default() };
        serde_json::to_string_pretty(
            &sample(&database, &settings, &SystemClock, &options, &progress).unwrap(),
        )
    };
    println!("{}", report.unwrap());
}
