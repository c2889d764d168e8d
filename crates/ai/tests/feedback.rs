//! What people said about categories changes the next training, on the sample shop, and never one of a moment before.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;
use meschain_ai::operations::{Outcome, Reason};
use meschain_ai::registry::{Kind, Shelf};
use meschain_ai::training::{Order, Workshop, train};
use meschain_base::{FixedClock, Progress, Settings};
use meschain_shop::columns::{RefreshOptions, Snapshot, Store};
use meschain_shop::sample::{SampleOptions, Size, sample};
use meschain_shop::{Database, migrations, rows};
use meschain_testkit::mariadb;
use std::sync::Arc;

/// When it is.
const NOW: &str = "2026-11-22T09:00:00Z";
const ZONE: &str = "Europe/Istanbul";

struct Shop {
    database: Database,
    settings: Settings,
    shelf: Shelf,
    _folder: tempfile::TempDir,
}

impl Shop {
    /// Two years of orders up to yesterday.
    fn new(name: &str) -> Self {
        let mut settings = mariadb().fresh(name);
        let folder = tempfile::tempdir().unwrap();
        settings.set("data_dir", folder.path().to_str().unwrap()).unwrap();
        settings.set("timezone", ZONE).unwrap();
        let database = Database::main(&settings).unwrap();
        let silent = Progress::silent();
        migrations::migrate(&database, false, &silent).unwrap();
        let options = SampleOptions {
            size: Size::Small,
            seed: 7,
            end: Some(date(2026, 11, 21)),
            ..SampleOptions::default()
        };
        sample(&database, &settings, &clock(NOW), &options, &silent).unwrap();
        let shelf = Shelf::new(&settings).unwrap();
        Self { database, settings, shelf, _folder: folder }
    }

    fn run(&self, sql: &str) {
        rows::change(&mut self.database.connection().unwrap(), sql, ()).unwrap();
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        let store = Store::new(&self.settings).unwrap();
        let options = RefreshOptions { rebuild: true, ..RefreshOptions::default() };
        store.refresh(&self.database, &options, &clock(NOW), &Progress::silent()).unwrap();
        store.open().unwrap().unwrap()
    }

    fn train(&self, at: &str) -> Outcome {
        let (snapshot, clock) = (self.snapshot(), clock(at));
        let workshop = Workshop {
            snapshot: &snapshot,
            database: &self.database,
            shelf: &self.shelf,
            timezone: ZONE,
            clock: &clock,
            threads: 2,
            seed: 1,
        };
        let order =
            Order { kinds: vec![Kind::Categorization], reason: Reason::Manual, force: true, job: None };
        train(&workshop, &order, &Progress::silent()).unwrap().runs.remove(0)
    }
}

fn clock(at: &str) -> FixedClock {
    FixedClock(at.parse().unwrap())
}

#[test]
fn what_a_person_confirmed_counts_more_and_never_before_it_was_said() {
    let shop = Shop::new("feedback_confirmed");
    let train_at = |at: &str| {
        let outcome = shop.train(at);
        (shop.shelf.current(Kind::Categorization).unwrap().unwrap().checksum, outcome.quality)
    };
    let (before, quality) = train_at(NOW);
    assert_eq!(quality["confirmed"], 0);
    // Twenty refused suggestions: these products are where they belong.
    shop.run(
        "INSERT INTO meschain_ai_suggestions (kind, product_id, status, before_value, suggested_value, reason, decided_at) \
         SELECT 'category', product_id, 'rejected', \
         CONCAT('{\"categories\": [', GROUP_CONCAT(CONCAT('{\"category_id\": ', category_id, '}')), ']}'), \
         '{\"add\": []}', '{}', '2026-11-22 08:00:00' FROM oc_product_to_category WHERE product_id <= 20 GROUP BY product_id",
    );
    let (after, quality) = train_at(NOW);
    assert_eq!(quality["confirmed"], 20);
    assert_ne!(before, after);
    // They were refused at eight; a training of seven does not know.
    let (unaware, quality) = train_at("2026-11-22T07:00:00Z");
    assert_eq!(quality["confirmed"], 0);
    shop.run("DELETE FROM meschain_ai_suggestions");
    assert_eq!(train_at("2026-11-22T07:00:00Z").0, unaware);
}
