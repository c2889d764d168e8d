//! The sample shop as the tests of training use it: two years of orders up to a fixed day, with a clock that they set.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use jiff::civil::date;
use meschain_ai::operations::Outcome;
use meschain_ai::registry::{Kind, Shelf};
use meschain_ai::training::{Order, Workshop, train};
use meschain_base::{FixedClock, Progress, Settings};
use meschain_shop::columns::{RefreshOptions, Snapshot, Store};
use meschain_shop::sample::{SampleOptions, Size, sample};
use meschain_shop::{Database, migrations, rows};
use meschain_testkit::{Door, mariadb};
use std::sync::Arc;

/// When the champion was trained, and now.
pub const THEN: &str = "2026-09-12T09:00:00Z";
pub const NOW: &str = "2026-11-22T09:00:00Z";
pub const ZONE: &str = "Europe/Istanbul";

/// A migrated sample shop with a shelf of its own.
pub struct Shop {
    pub database: Database,
    settings: Settings,
    pub shelf: Shelf,
    _folder: tempfile::TempDir,
}

impl Shop {
    /// Two years of orders up to yesterday; a quarter of the products came after the champion.
    pub fn new(name: &str) -> Self {
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

    /// The shop's database behind a door that counts.
    pub fn through_a_door(&self) -> (Door, Database) {
        let (door, settings) = mariadb().behind_a_door(&self.settings);
        (door, Database::main(&settings).unwrap())
    }

    pub fn run(&self, sql: &str) {
        rows::change(&mut self.database.connection().unwrap(), sql, ()).unwrap();
    }

    pub fn snapshot(&self) -> Arc<Snapshot> {
        let store = Store::new(&self.settings).unwrap();
        let options = RefreshOptions { rebuild: true, ..RefreshOptions::default() };
        store.refresh(&self.database, &options, &clock(NOW), &Progress::silent()).unwrap();
        store.open().unwrap().unwrap()
    }

    /// Lends the workshop of a moment, over the shop as it is now.
    pub fn at<T>(&self, when: &str, with: impl FnOnce(&Workshop<'_>) -> T) -> T {
        let (snapshot, clock) = (self.snapshot(), clock(when));
        with(&Workshop {
            snapshot: &snapshot,
            database: &self.database,
            shelf: &self.shelf,
            timezone: ZONE,
            clock: &clock,
            threads: 2,
            seed: 1,
        })
    }

    pub fn train(&self, when: &str, kinds: &[Kind], force: bool) -> Vec<Outcome> {
        self.order(when, &Order { kinds: kinds.to_vec(), force, ..Order::default() })
    }

    /// Trains as of a moment. For the categoriser, products that were added later are in no category meanwhile; the other models know them by
    /// their sales, which the sample does not begin with the day a product was added.
    pub fn order(&self, when: &str, order: &Order) -> Vec<Outcome> {
        let (categories, others): (Vec<Kind>, Vec<Kind>) =
            order.kinds.iter().partition(|kind| **kind == Kind::Categorization);
        let later = "oc_product_to_category pc JOIN oc_product p ON p.product_id = pc.product_id WHERE p.date_added >";
        let day = &when[..10];
        self.run(&format!("CREATE TABLE later AS SELECT pc.* FROM {later} '{day}'"));
        self.run(&format!("DELETE pc FROM {later} '{day}'"));
        let mut outcomes = self.trained(when, &Order { kinds: categories, ..order.clone() });
        self.run("INSERT INTO oc_product_to_category SELECT * FROM later");
        self.run("DROP TABLE later");
        outcomes.extend(self.trained(when, &Order { kinds: others, ..order.clone() }));
        outcomes
    }

    fn trained(&self, when: &str, order: &Order) -> Vec<Outcome> {
        self.at(when, |workshop| train(workshop, order, &Progress::silent()).unwrap().runs)
    }

    pub fn serving(&self, kind: Kind) -> Option<String> {
        self.shelf.current(kind).unwrap().map(|card| card.version)
    }
}

pub fn clock(at: &str) -> FixedClock {
    FixedClock(at.parse().unwrap())
}
