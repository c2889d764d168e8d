//! A small shop in a private database: OpenCart's tables with the columns that snapshots and reports read, and ways to
//! fill and change them at random.

#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing, reason = "each test uses some of it")]

use meschain_base::random::{Random, seeded};
use meschain_base::{FixedClock, Progress, Settings};
use meschain_shop::columns::{Depth, RefreshOptions, Refreshed, Store};
use meschain_shop::mysql::params;
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::{Connection, Database};
use rand::RngExt;
use tempfile::TempDir;

const TABLES: &str = include_str!("tables.sql");

/// A shop, its data folder and its snapshot.
pub struct Shop {
    pub settings: Settings,
    pub database: Database,
    pub connection: Connection,
    pub store: Store,
    pub random: Random,
    _folder: TempDir,
}

pub fn clock() -> FixedClock {
    FixedClock("2026-03-30T12:00:00Z".parse().unwrap())
}

impl Shop {
    /// An empty shop; `mesChain` tables only when asked for.
    pub fn new(name: &str, own_tables: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = meschain_testkit::mariadb().fresh(name);
        settings.set("data_dir", folder.path().to_str().unwrap()).unwrap();
        let database = Database::main(&settings).unwrap();
        let mut connection = database.connection().unwrap();
        let statements = TABLES.split(";\n").map(str::trim).filter(|statement| !statement.is_empty());
        for statement in statements.filter(|statement| own_tables || !statement.contains("meschain_")) {
            connection.query_drop(statement).unwrap();
        }
        let store = Store::new(&settings).unwrap();
        Self { settings, database, connection, store, random: seeded(7, 1), _folder: folder }
    }

    pub fn run(&mut self, statement: &str) {
        self.connection.query_drop(statement).unwrap();
    }

    pub fn number(&mut self, statement: &str) -> i64 {
        self.connection.query_first(statement).unwrap().unwrap()
    }

    pub fn refresh(&self, depth: Depth) -> Refreshed {
        let options = RefreshOptions { rebuild: false, depth };
        self.store.refresh(&self.database, &options, &clock(), &Progress::silent()).unwrap()
    }

    pub fn rebuild(&self) -> Refreshed {
        let options = RefreshOptions { rebuild: true, depth: Depth::default() };
        self.store.refresh(&self.database, &options, &clock(), &Progress::silent()).unwrap()
    }

    /// Catalogue: `products` products and `customers` customers with Turkish names.
    pub fn stock(&mut self, products: u32, customers: u32) {
        let names = ["Şişe", "Çaydanlık", "İğne", "Ürün &amp; Parça", "Kahve 250 g", "Gözlük &quot;A&quot;"];
        for id in 1..=products {
            let name = names[self.random.random_range(0..names.len())];
            let price = self.random.random_range(0..1_000_000_i64);
            self.connection
                .exec_drop(
                    "INSERT INTO oc_product (product_id, model, quantity, manufacturer_id, price, status, date_added) \
                     VALUES (:id, :model, 5, :id % 3, :price / 10000, :id % 2, '2024-05-06 07:08:09')",
                    params! { "id" => id, "model" => format!("M-{id}"), "price" => price },
                )
                .unwrap();
            let statement = "INSERT INTO oc_product_description VALUES (?, 2, ?, ''), (?, 1, 'other', '')";
            self.connection.exec_drop(statement, (id, format!("{name} {id}"), id)).unwrap();
        }
        for id in 1..=customers {
            let statement = "INSERT INTO oc_customer VALUES (?, 1, 0, 1, '2025-01-01 00:00:00')";
            self.connection.exec_drop(statement, (id,)).unwrap();
        }
    }

    /// One order with up to four lines, placed at `date`. Sometimes its customer or product no longer exists.
    pub fn order(&mut self, id: u32, date: &str, status: u32) {
        let customer = [0, self.random.random_range(1..40_u32)][usize::from(self.random.random_bool(0.8))];
        let store = u32::from(self.random.random_bool(0.2));
        let total = self.random.random_range(-50_000..90_000_000_i64);
        self.connection
            .exec_drop(
                "INSERT INTO oc_order (order_id, store_id, customer_id, total, order_status_id, currency_id, date_added, \
                 date_modified) VALUES (?, ?, ?, ? / 10000, ?, 1, ?, ?)",
                (id, store, customer, total, status, date, date),
            )
            .unwrap();
        for _ in 0..self.random.random_range(0..5) {
            self.line(id);
        }
    }

    pub fn line(&mut self, order: u32) {
        let product = self.random.random_range(0..30_u32);
        let quantity = self.random.random_range(-1..9_i32);
        let price = self.random.random_range(0..9_000_000_i64);
        self.connection
            .exec_drop(
                "INSERT INTO oc_order_product (order_id, product_id, name, model, quantity, price, total, tax, reward) \
                 VALUES (:order, :product, :name, 'gone', :quantity, :price / 10000, :price * :quantity / 10000, 0.18, 0)",
                params! { "order" => order, "product" => product, "name" => format!("Eski ad {product}"),
                "quantity" => quantity, "price" => price },
            )
            .unwrap();
        let line = self.number("SELECT LAST_INSERT_ID()");
        for at in [line / 3, line / 15].into_iter().take((line % 3) as usize) {
            // 0 is a text that the buyer wrote.
            let value = [0, 11, 12, 21, 22][(at % 5) as usize];
            self.run(&format!(
                "INSERT INTO oc_order_option (order_id, order_product_id, product_option_value_id, value) VALUES ({order}, {line}, {value}, 'x')"
            ));
        }
    }

    /// A date between 2024-01-01 and 2026-04-01, to the second.
    pub fn date(&mut self) -> String {
        let second = self.random.random_range(1_704_067_200..1_775_000_000_i64);
        jiff::Timestamp::from_second(second).unwrap().strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    pub fn status(&mut self) -> u32 {
        [0, 1, 2, 3, 5, 5, 5, 7, 11][self.random.random_range(0..9)]
    }

    /// `count` orders at random dates, with ids from `first` on in steps of up to `step`.
    pub fn orders(&mut self, first: u32, count: u32, step: u32) -> u32 {
        let mut id = first;
        self.run("START TRANSACTION");
        for _ in 0..count {
            let (date, status) = (self.date(), self.status());
            self.order(id, &date, status);
            id += self.random.random_range(1..=step);
        }
        self.run("COMMIT");
        id
    }
}

/// A small shop with orders, some of them from marketplaces.
pub fn shop_of(name: &str, orders: u32) -> Shop {
    let mut shop = Shop::new(name, true);
    shop.stock(25, 30);
    shop.orders(1, orders, 5);
    shop.run("INSERT INTO meschain_order_origin SELECT order_id, 2 + order_id % 2 FROM oc_order WHERE order_id % 3 = 0");
    shop
}
