//! Writes the products of the file.

use super::super::bulk::Inserter;
use super::super::reference::{LONG_AGO, Reference};
use super::super::rows::{add, day_value, highest, money_value, time_value};
use super::classify::Kind;
use super::read::{Row, Source};
use crate::Database;
use jiff::civil::DateTime;
use meschain_base::{Money, Result};
use mysql::PooledConn;
use std::collections::BTreeMap;

/// Days before the last one whose sales stand in for the stock, which the file does not know.
const STOCK_DAYS: i64 = 28;

/// What is known of one code.
#[derive(Debug, Clone, Default)]
struct Goods {
    /// How often each price was paid.
    prices: BTreeMap<Money, u32>,
    /// Units of the last weeks.
    recent: i64,
    first: Option<DateTime>,
}

impl Goods {
    fn see(&mut self, row: &Row, end: DateTime) {
        self.first = Some(self.first.map_or(row.at, |first| first.min(row.at)));
        if row.quantity > 0 {
            *self.prices.entry(row.price).or_default() += 1;
            let age = end.duration_since(row.at).as_hours() / 24;
            self.recent += if age < STOCK_DAYS { i64::from(row.quantity) } else { 0 };
        }
    }

    /// The price most often paid, the lower one of two.
    fn price(&self) -> Money {
        let often = self.prices.iter().max_by_key(|(price, times)| (**times, -price.raw()));
        often.map_or(Money::ZERO, |(price, _)| *price)
    }
}

/// Writes every code with a sale, gift or return as product `base` + code + 1 and returns the names by code, empty for
/// codes that are none. The price is the one most often paid, the stock what the last four weeks sold: the file has neither.
pub(super) fn products(
    database: &Database,
    conn: &mut PooledConn,
    source: &Source,
    kinds: &[Kind],
    reference: &Reference,
    base: u32,
) -> Result<Vec<String>> {
    let end = source.rows.iter().map(|row| row.at).max().unwrap_or(LONG_AGO);
    let mut goods = vec![Goods::default(); source.codes.len()];
    for (row, kind) in source.rows.iter().zip(kinds) {
        let of_goods = matches!(kind, Kind::Sale | Kind::Gift | Kind::Return | Kind::UnmarkedReturn);
        if let (true, Some(goods)) = (of_goods, goods.get_mut(row.code as usize)) {
            goods.see(row, end);
        }
    }
    let mut rows = ProductTables::new(database, conn)?;
    let category = category(database, conn, reference)?;
    let mut names = vec![String::new(); goods.len()];
    for (code, (goods, slot)) in goods.iter().zip(&mut names).enumerate() {
        let Some(first) = goods.first else { continue };
        let name = source.name(code);
        let model = source.codes.get(code).map_or("", String::as_str);
        let record = Record { id: base + code as u32 + 1, model, name: &name, goods, first };
        rows.add(conn, reference, category, &record)?;
        *slot = name;
    }
    rows.flush(conn)?;
    Ok(names)
}

/// One product as it is written.
struct Record<'a> {
    id: u32,
    model: &'a str,
    name: &'a str,
    goods: &'a Goods,
    first: DateTime,
}

/// The file has no categories: one holds everything.
fn category(database: &Database, conn: &mut PooledConn, reference: &Reference) -> Result<u32> {
    let id = highest(database, conn, "category", "category_id")? + 1;
    let added = time_value(LONG_AGO);
    let cells = [
        ("category_id", id.into()),
        ("top", 1.into()),
        ("column", 1.into()),
        ("status", 1.into()),
        ("date_added", added.clone()),
        ("date_modified", added),
    ];
    add(database, conn, "category", &cells)?;
    for (language, name) in [(reference.english, "All products"), (reference.turkish, "Tüm ürünler")] {
        let cells = [
            ("category_id", id.into()),
            ("language_id", language.into()),
            ("name", name.into()),
            ("meta_title", name.into()),
        ];
        add(database, conn, "category_description", &cells)?;
    }
    add(
        database,
        conn,
        "category_path",
        &[("category_id", id.into()), ("path_id", id.into()), ("level", 0.into())],
    )?;
    add(database, conn, "category_to_store", &[("category_id", id.into()), ("store_id", 0.into())])?;
    Ok(id)
}

struct ProductTables {
    product: Inserter,
    text: Inserter,
    category: Inserter,
    store: Inserter,
}

impl ProductTables {
    fn new(database: &Database, conn: &mut PooledConn) -> Result<Self> {
        let mut table = |name: &str, columns: &[&str]| Inserter::new(database, conn, name, columns);
        let product = [
            "product_id",
            "model",
            "sku",
            "quantity",
            "stock_status_id",
            "price",
            "weight_class_id",
            "length_class_id",
            "status",
            "date_available",
            "date_added",
            "date_modified",
        ];
        Ok(Self {
            product: table("product", &product)?,
            text: table("product_description", &["product_id", "language_id", "name", "meta_title"])?,
            category: table("product_to_category", &["product_id", "category_id"])?,
            store: table("product_to_store", &["product_id", "store_id"])?,
        })
    }

    fn add(
        &mut self,
        conn: &mut PooledConn,
        reference: &Reference,
        category: u32,
        record: &Record<'_>,
    ) -> Result<()> {
        let (id, stock) = (record.id, record.goods.recent);
        let cells = [
            id.into(),
            record.model.into(),
            record.model.into(),
            stock.min(i64::from(i32::MAX)).into(),
            if stock > 0 { 7 } else { 5 }.into(),
            money_value(record.goods.price()),
            reference.weight_class.into(),
            reference.length_class.into(),
            1.into(),
            day_value(record.first.date()),
            time_value(record.first),
            time_value(record.first),
        ];
        self.product.push(conn, cells)?;
        // The descriptions are English; the Turkish pages show them too rather than nothing.
        for language in [reference.english, reference.turkish] {
            self.text.push(conn, [id.into(), language.into(), record.name.into(), record.name.into()])?;
        }
        self.category.push(conn, [id.into(), category.into()])?;
        self.store.push(conn, [id.into(), 0.into()])
    }

    fn flush(&mut self, conn: &mut PooledConn) -> Result<()> {
        [&mut self.product, &mut self.text, &mut self.category, &mut self.store]
            .into_iter()
            .try_for_each(|rows| rows.flush(conn))
    }
}
