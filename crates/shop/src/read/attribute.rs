//! What products say of themselves in OpenCart's attributes.

use super::{Product, decode_entities};
use crate::database::{Database, rows};
use meschain_base::Result;
use mysql::{Params, Value as Cell};
use std::collections::HashMap;

/// Attributes of a product at most, and letters of one: what comes after them says no more about what the product is.
const MOST: usize = 50;
const LETTERS: u32 = 200;

/// Fills in the attributes of these products in one language.
pub(super) fn fill(database: &Database, language_id: i64, products: &mut [Product]) -> Result<()> {
    let ids: Vec<i64> = products.iter().map(|product| product.product_id).collect();
    let mut found = attributes(database, language_id, &ids)?;
    for product in products {
        product.attributes = found.remove(&product.product_id).unwrap_or_default();
    }
    Ok(())
}

/// By product, each as `name: text`, in the order of their ids.
fn attributes(database: &Database, language_id: i64, ids: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    let mut found: HashMap<i64, Vec<String>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let [of_product, named] = ["product_attribute", "attribute_description"].map(|name| database.table(name));
    let marks = vec!["?"; ids.len()].join(", ");
    let sql = format!(
        "SELECT a.product_id, n.name, LEFT(a.text, {LETTERS}) FROM {of_product} a LEFT JOIN {named} n \
         ON n.attribute_id = a.attribute_id AND n.language_id = a.language_id \
         WHERE a.language_id = ? AND a.product_id IN ({marks}) ORDER BY a.product_id, a.attribute_id"
    );
    let cells = std::iter::once(language_id).chain(ids.iter().copied()).map(Cell::from).collect();
    let all: Vec<(i64, Option<String>, Option<String>)> =
        rows::all(&mut database.connection()?, &sql, Params::Positional(cells))?;
    for (product, name, text) in all {
        let (name, text) =
            (decode_entities(&name.unwrap_or_default()), decode_entities(&text.unwrap_or_default()));
        let known = found.entry(product).or_default();
        if known.len() < MOST && !text.trim().is_empty() {
            known.push(if name.is_empty() {
                text.trim().to_owned()
            } else {
                format!("{name}: {}", text.trim())
            });
        }
    }
    Ok(found)
}
