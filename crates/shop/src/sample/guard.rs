//! Keeping a sample out of a shop that is somebody's.

use super::schema::existing_tables;
use crate::{Database, fault};
use meschain_base::{Error, Result};
use mysql::prelude::Queryable;

/// OpenCart's demo products lie within these ids.
const DEMO_PRODUCTS: (u32, u32) = (28, 49);

/// Refuses when the shop has orders, customers or products of its own, unless `force`. OpenCart's demo catalogue does not
/// count. Tables that are missing hold nothing.
pub(super) fn check(database: &Database, force: bool) -> Result<()> {
    if force {
        return Ok(());
    }
    let present = existing_tables(database)?;
    let mut conn = database.connection()?;
    let mut count = |table: &str, condition: &str| -> Result<u64> {
        if !present.contains(table) {
            return Ok(0);
        }
        let sql = format!("SELECT COUNT(*) FROM {} WHERE {condition}", database.table(table));
        Ok(conn.query_first(sql).map_err(fault)?.unwrap_or(0))
    };
    let (low, high) = DEMO_PRODUCTS;
    let (orders, customers) = (count("order", "1")?, count("customer", "1")?);
    let demo =
        format!("`product_id` BETWEEN {low} AND {high} AND (`model` LIKE 'Product %' OR `model` = 'SAM1')");
    let products = count("product", &format!("NOT ({demo})"))?;
    if orders + customers + products == 0 {
        return Ok(());
    }
    let given = format!("{orders} orders, {customers} customers and {products} products of its own");
    Err(Error::argument("force", "true, to write a sample into a shop that has data", given))
}

/// The tables a sample adds rows to and the column that numbers them. Rows that hang on a product, category, customer or
/// order are found by that column.
const NUMBERED: [(&str, &str); 24] = [
    ("address", "customer_id"),
    ("category", "category_id"),
    ("category_description", "category_id"),
    ("category_path", "category_id"),
    ("category_to_store", "category_id"),
    ("customer", "customer_id"),
    ("manufacturer", "manufacturer_id"),
    ("manufacturer_to_store", "manufacturer_id"),
    ("order", "order_id"),
    ("order_history", "order_id"),
    ("order_product", "order_id"),
    ("order_total", "order_id"),
    ("product", "product_id"),
    ("product_attribute", "product_id"),
    ("product_code", "product_id"),
    ("product_description", "product_id"),
    ("product_discount", "product_id"),
    ("product_special", "product_id"),
    ("product_to_category", "product_id"),
    ("product_to_store", "product_id"),
    ("product_viewed", "product_id"),
    ("return", "return_id"),
    ("review", "product_id"),
    ("coupon_history", "order_id"),
];
/// The same for MesChain's own tables.
const OWN: [(&str, &str); 4] = [
    ("meschain_products", "product_id"),
    ("meschain_order_origin", "order_id"),
    ("meschain_product_costs", "product_id"),
    ("meschain_stock_outs", "product_id"),
];

/// Takes back a sample that could not be finished: rows numbered above what was there before. Only for a shop that
/// [`check`] found without data of its own; best effort, since the reason to call it may be a dead database.
pub(super) struct Undo {
    database: Database,
    /// Highest category, customer, manufacturer, order, product and return before.
    before: Vec<(&'static str, u32)>,
}

impl Undo {
    /// Notes where numbering stands.
    pub fn note(database: &Database) -> Result<Self> {
        let mut conn = database.connection()?;
        let mut before = Vec::new();
        for table in ["category", "customer", "manufacturer", "order", "product", "return"] {
            before.push((table, super::rows::highest(database, &mut conn, table, &format!("{table}_id"))?));
        }
        Ok(Self { database: database.clone(), before })
    }

    /// The number after which the sample's own rows of that table start.
    pub fn base(&self, table: &str) -> u32 {
        self.before.iter().find(|(name, _)| *name == table).map_or(0, |(_, base)| *base)
    }

    /// Deletes what came after.
    pub fn run(&self) {
        let Ok(mut conn) = self.database.connection() else { return };
        let own = OWN.map(|(table, column)| (format!("`{table}`"), column));
        let shop = NUMBERED.map(|(table, column)| (self.database.table(table), column));
        for (table, column) in own.into_iter().chain(shop) {
            let base = self.base(column.trim_end_matches("_id"));
            let _ = conn.exec_drop(format!("DELETE FROM {table} WHERE `{column}` > ?"), (base,));
        }
    }
}
