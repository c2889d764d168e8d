//! A champion that was trained weeks ago against a challenger of today, for all four models on the sample shop: the newest slice
//! decides, a worse challenger does not serve, and force does not ask. What people said changes the next training, and never one of a
//! moment before.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use jiff::civil::date;
use meschain_ai::operations::{Outcome, Reason, Status};
use meschain_ai::registry::{Kind, Shelf};
use meschain_ai::training::{Order, Workshop, train};
use meschain_base::{FixedClock, Progress, Settings};
use meschain_shop::columns::{RefreshOptions, Snapshot, Store};
use meschain_shop::sample::{SampleOptions, Size, sample};
use meschain_shop::{Database, migrations, rows};
use meschain_testkit::mariadb;
use std::sync::Arc;

/// When the champion was trained, and now.
const THEN: &str = "2026-09-12T09:00:00Z";
const NOW: &str = "2026-11-22T09:00:00Z";
const ZONE: &str = "Europe/Istanbul";

struct Shop {
    database: Database,
    settings: Settings,
    shelf: Shelf,
    _folder: tempfile::TempDir,
}

impl Shop {
    /// Two years of orders up to yesterday; a quarter of the products came after the champion.
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
        let shop = Self { database, settings, shelf, _folder: folder };
        shop.run(
            "UPDATE oc_product SET date_added = IF(CRC32(product_id) % 4 = 0, '2026-10-10', '2025-01-01')",
        );
        shop
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

    fn train(&self, at: &str, kinds: &[Kind], force: bool) -> Vec<Outcome> {
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
        let order = Order { kinds: kinds.to_vec(), reason: Reason::Manual, force, job: None };
        train(&workshop, &order, &Progress::silent()).unwrap().runs
    }

    fn serving(&self, kind: Kind) -> Option<String> {
        self.shelf.current(kind).unwrap().map(|card| card.version)
    }
}

fn clock(at: &str) -> FixedClock {
    FixedClock(at.parse().unwrap())
}

#[test]
fn every_model_is_compared_on_what_came_after_its_champion() {
    let shop = Shop::new("rehearsal_all");
    for first in shop.train(THEN, &Kind::ALL, false) {
        assert_eq!((first.status, &first.verdict), (Status::Published, &None), "{first:?}");
    }
    for second in shop.train(NOW, &Kind::ALL, false) {
        let verdict = second.verdict.as_ref().expect("there is a champion");
        assert!(verdict.rows > 0, "{:?}: the newest slice decides: {verdict:?}", second.kind);
        assert!(verdict.challenger.is_finite() && verdict.champion.is_finite(), "{verdict:?}");
        let wins = verdict.challenger_wins(0.0);
        assert_eq!(second.status, if wins { Status::Published } else { Status::NotBetter }, "{second:?}");
        let serves = if wins { &second.version } else { &second.champion_version };
        assert_eq!(&shop.serving(second.kind), serves);
    }
}

#[test]
fn a_spoilt_challenger_is_refused_and_the_champion_serves_on_unless_forced() {
    let kinds = [Kind::Categorization];
    let shop = Shop::new("rehearsal_spoilt");
    shop.train(THEN, &kinds, false);
    // What the challenger learns from is spoilt: old products go round the categories. The newest slice is as it was.
    shop.run(
        "UPDATE oc_product_to_category pc JOIN oc_product p ON p.product_id = pc.product_id \
         JOIN (SELECT MIN(category_id) AS least, MAX(category_id) AS most FROM oc_product_to_category) c \
         SET pc.category_id = c.least + (pc.product_id * 7) % (c.most - c.least + 1) WHERE p.date_added < '2026-01-01'",
    );
    for spoilt in shop.train(NOW, &kinds, false) {
        assert_eq!(spoilt.status, Status::NotBetter, "{spoilt:?}");
        assert!(spoilt.verdict.as_ref().unwrap().rows > 0);
        assert_eq!(shop.serving(spoilt.kind), spoilt.champion_version);
        assert!(spoilt.error.as_ref().unwrap().contains("does not beat"));
    }
    for forced in shop.train(NOW, &kinds, true) {
        assert_eq!((forced.status, &forced.verdict), (Status::Published, &None));
        assert_eq!(shop.serving(forced.kind), forced.version);
    }
}

#[test]
fn what_a_person_confirmed_counts_more_and_never_before_it_was_said() {
    let shop = Shop::new("rehearsal_confirmed");
    let train_at = |at: &str| {
        let outcome = shop.train(at, &[Kind::Categorization], true).remove(0);
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
