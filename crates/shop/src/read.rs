//! OpenCart's tables as typed rows, for 4.0.2.x and 4.1.x alike.
//!
//! 4.1 lets every column be NULL, has dropped `product.sku` and its kin, the categories' dates and
//! `product_special`, and widened descriptions; queries therefore name what both have and wrap the rest in
//! `COALESCE`. OpenCart stores text as it came from a form, with HTML entities: names and plain texts are
//! decoded here.

mod attribute;
mod category;
mod customer;
mod product;
mod setting;
mod small;
#[cfg(test)]
mod tests;
mod text;

pub use category::{Category, categories};
pub use customer::{Customer, customers};
pub use product::{Product, categories_of, product, product_categories, products, products_by_id};
pub use setting::{ShopSettings, shop_settings};
pub use small::{Currency, Language, OrderStatus, Store, currencies, languages, order_statuses, stores};
pub use text::{decode_entities, plain_text};

use crate::database::{Database, rows};
use meschain_base::{Money, Result};
use mysql::Row;

/// Rows that one statement of a stream asks for. Streams go by key, page after page: memory stays bounded, no
/// statement runs long, and a cancelled one stops at the next page.
const PAGE: u32 = 2_000;

/// Which generation of OpenCart's tables a database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generation {
    /// No OpenCart tables under this prefix.
    None,
    /// 4.0.x: `product` has `sku`, specials have a table of their own.
    V40,
    /// 4.1.x: codes of a product and specials moved into other tables.
    V41,
}

/// Tells which generation of OpenCart a database holds by its columns; OpenCart stores its version nowhere in
/// the database.
pub fn generation(database: &Database) -> Result<Generation> {
    let sql = "SELECT column_name FROM information_schema.columns \
               WHERE table_schema = DATABASE() AND table_name = ? AND column_name IN ('product_id', 'sku')";
    let table = format!("{}product", database.prefix());
    let columns: Vec<String> = rows::all(&mut database.connection()?, sql, (table,))?;
    let has = |name: &str| columns.iter().any(|column| column == name);
    Ok(match (has("product_id"), has("sku")) {
        (false, _) => Generation::None,
        (true, true) => Generation::V40,
        (true, false) => Generation::V41,
    })
}

/// A decimal column as exact money.
fn money(row: &mut Row, column: &str) -> Result<Money> {
    let text: Vec<u8> = rows::take(row, column)?;
    Money::parse(&text).ok_or_else(|| meschain_base::Error::Database {
        fault: meschain_base::DatabaseFault::Value,
        code: None,
        detail: format!("column {column} is no amount of money"),
    })
}

/// A text column, NULL as empty, entities decoded.
fn name(row: &mut Row, column: &str) -> Result<String> {
    Ok(decode_entities(&rows::take::<Option<String>>(row, column)?.unwrap_or_default()))
}
