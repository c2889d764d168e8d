//! Products with their texts.

use super::{PAGE, attribute, decode_entities, money, name, plain_text};
use crate::database::{Database, rows};
use meschain_base::{Error, Money, Progress, Result};
use mysql::{Params, Row, Value as Cell};
use std::collections::BTreeMap;

/// A product in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// OpenCart's number.
    pub product_id: i64,
    /// The product this is a variant of; 0 when none.
    pub master_id: i64,
    /// Model.
    pub model: String,
    /// Name in the language asked for, else in any; empty where there is none.
    pub name: String,
    /// Words of the description, markup dropped.
    pub description: String,
    /// Brand; 0 and empty when none.
    pub manufacturer_id: i64,
    /// Brand.
    pub manufacturer: String,
    /// Attributes in the language asked for, each as `name: text`.
    pub attributes: Vec<String>,
    /// Price without tax in the shop's default currency.
    pub price: Money,
    /// In stock.
    pub quantity: i64,
    /// Whether a sale takes from the stock.
    pub subtract: bool,
    /// Whether it is on sale.
    pub enabled: bool,
    /// Pictures besides the main one, plus one if that is there.
    pub images: u32,
    /// When it was added, as OpenCart wrote it: `2026-11-22 05:00:00`; empty when unknown.
    pub date_added: String,
}

/// Hands every product to `with`, in the order of their numbers. `language_id` chooses the texts.
pub fn products(
    database: &Database,
    language_id: i64,
    progress: &Progress,
    mut with: impl FnMut(Product) -> Result<()>,
) -> Result<()> {
    let mut last = i64::MIN;
    loop {
        progress.check()?;
        let sql = format!("{} WHERE p.product_id > ? ORDER BY p.product_id LIMIT {PAGE}", select(database));
        let page: Vec<Row> = rows::all(&mut database.connection()?, &sql, (language_id, last))?;
        let mut page: Vec<Product> = page.into_iter().map(read).collect::<Result<_>>()?;
        attribute::fill(database, language_id, &mut page)?;
        let count = page.len();
        last = page.last().map_or(last, |product| product.product_id);
        page.into_iter().try_for_each(&mut with)?;
        if count < PAGE as usize {
            return Ok(());
        }
    }
}

/// One product; [`Error::NotFound`] when it is not there.
pub fn product(database: &Database, product_id: i64, language_id: i64) -> Result<Product> {
    let found = products_by_id(database, &[product_id], language_id)?;
    found.into_iter().next().ok_or_else(|| Error::NotFound { what: "product", id: product_id.to_string() })
}

/// Those of `product_ids` (at most 1000) that are there, in no promised order.
pub fn products_by_id(database: &Database, product_ids: &[i64], language_id: i64) -> Result<Vec<Product>> {
    if product_ids.is_empty() {
        return Ok(Vec::new());
    }
    if product_ids.len() > 1000 {
        return Err(Error::Limit { what: "product ids", limit: 1000, found: product_ids.len() as u64 });
    }
    let marks = vec!["?"; product_ids.len()].join(", ");
    let sql = format!("{} WHERE p.product_id IN ({marks})", select(database));
    let cells = std::iter::once(language_id).chain(product_ids.iter().copied()).map(Cell::from).collect();
    let page: Vec<Row> = rows::all(&mut database.connection()?, &sql, Params::Positional(cells))?;
    let mut found: Vec<Product> = page.into_iter().map(read).collect::<Result<_>>()?;
    attribute::fill(database, language_id, &mut found)?;
    Ok(found)
}

/// The categories of every product that has any, by product, ascending.
pub fn product_categories(database: &Database, progress: &Progress) -> Result<BTreeMap<i64, Vec<i64>>> {
    let table = database.table("product_to_category");
    let sql = format!(
        "SELECT product_id, category_id FROM {table} WHERE (product_id, category_id) > (?, ?) \
         AND product_id >= ? ORDER BY product_id, category_id LIMIT {PAGE}"
    );
    let mut all: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut last = (i64::MIN, i64::MIN);
    loop {
        progress.check()?;
        let page: Vec<(i64, i64)> = rows::all(&mut database.connection()?, &sql, (last.0, last.1, last.0))?;
        last = page.last().copied().unwrap_or(last);
        let count = page.len();
        for (product, category) in page {
            all.entry(product).or_default().push(category);
        }
        if count < PAGE as usize {
            return Ok(all);
        }
    }
}

/// The categories of one product, ascending.
pub fn categories_of(database: &Database, product_id: i64) -> Result<Vec<i64>> {
    let table = database.table("product_to_category");
    let sql = format!("SELECT category_id FROM {table} WHERE product_id = ? ORDER BY category_id");
    rows::all(&mut database.connection()?, &sql, (product_id,))
}

/// One placeholder: the language.
fn select(database: &Database) -> String {
    let [product, text, brand, image] =
        ["product", "product_description", "manufacturer", "product_image"].map(|name| database.table(name));
    format!(
        "SELECT p.product_id, COALESCE(p.master_id, 0) AS master_id, p.model, \
         COALESCE(d.name, (SELECT o.name FROM {text} o WHERE o.product_id = p.product_id ORDER BY o.language_id LIMIT 1)) \
         AS name, d.description, COALESCE(p.manufacturer_id, 0) AS manufacturer_id, m.name AS manufacturer, \
         COALESCE(p.price, 0) AS price, COALESCE(p.quantity, 0) AS quantity, COALESCE(p.subtract, 0) <> 0 AS subtract, \
         COALESCE(p.status, 0) <> 0 AS status, (COALESCE(p.image, '') <> '') + \
         (SELECT COUNT(*) FROM {image} i WHERE i.product_id = p.product_id) AS images, \
         DATE_FORMAT(p.date_added, '%Y-%m-%d %H:%i:%s') AS date_added \
         FROM {product} p LEFT JOIN {text} d ON d.product_id = p.product_id AND d.language_id = ? \
         LEFT JOIN {brand} m ON m.manufacturer_id = p.manufacturer_id"
    )
}

fn read(mut row: Row) -> Result<Product> {
    let row = &mut row;
    let description: Option<String> = rows::take(row, "description")?;
    let date_added: Option<String> = rows::take(row, "date_added")?;
    Ok(Product {
        product_id: rows::take(row, "product_id")?,
        master_id: rows::take(row, "master_id")?,
        model: decode_entities(&rows::take::<Option<String>>(row, "model")?.unwrap_or_default()),
        name: name(row, "name")?,
        description: plain_text(&description.unwrap_or_default()),
        manufacturer_id: rows::take(row, "manufacturer_id")?,
        manufacturer: name(row, "manufacturer")?,
        attributes: Vec::new(),
        price: money(row, "price")?,
        quantity: rows::take(row, "quantity")?,
        subtract: rows::take(row, "subtract")?,
        enabled: rows::take(row, "status")?,
        images: rows::take(row, "images")?,
        date_added: date_added.filter(|date| !date.starts_with("0000")).unwrap_or_default(),
    })
}
