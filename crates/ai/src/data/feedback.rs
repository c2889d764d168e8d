//! What people said about category suggestions, as training takes it: which products' categories somebody has looked at.
//!
//! An applied suggestion, as it was or changed, has put its category into the catalogue; a refused one, and one that was taken back,
//! has confirmed what was there before. The newest decision about a product counts, and only as long as the catalogue still says so.

use crate::data::catalogue::Catalogue;
use meschain_base::Result;
use meschain_shop::{Database, rows};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Decisions that are read at most, the newest.
const MOST: u32 = 200_000;

/// Products of the catalogue whose main category a person has confirmed, up to a moment (unix seconds).
pub fn confirmed(database: &Database, catalogue: &Catalogue, until: i64) -> Result<HashSet<i64>> {
    let decided = decisions(database, until)?;
    let mut found = HashSet::new();
    for (product, category) in &catalogue.products {
        let said = decided.get(&product.product_id);
        if *category != 0 && said.is_some_and(|categories| categories.contains(category)) {
            found.insert(product.product_id);
        }
    }
    Ok(found)
}

type Decided = (i64, String, Option<String>, Option<String>, Option<String>);

/// The categories of each product after the newest decision about them.
fn decisions(database: &Database, until: i64) -> Result<HashMap<i64, HashSet<i64>>> {
    let sql = "SELECT product_id, CAST(status AS CHAR), before_value, suggested_value, after_value \
               FROM meschain_ai_suggestions WHERE kind = 'category' AND status IN ('applied', 'rejected', 'undone') \
               AND decided_at <= TIMESTAMPADD(SECOND, ?, '1970-01-01') ORDER BY decided_at DESC, suggestion_id DESC LIMIT ?";
    let found: Vec<Decided> = rows::all(&mut database.connection()?, sql, (until, MOST))?;
    let mut newest: HashMap<i64, HashSet<i64>> = HashMap::new();
    for (product, status, before, suggested, after) in found {
        let before = before.as_deref().map(parsed).unwrap_or_default();
        let after = after.or(suggested).as_deref().map(parsed).unwrap_or_default();
        newest.entry(product).or_insert_with(|| settled(&status, &before, &after));
    }
    Ok(newest)
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// What the product was in once the decision was carried out.
fn settled(status: &str, before: &Value, after: &Value) -> HashSet<i64> {
    let mut categories = category_ids(before, "categories");
    if status == "applied" {
        let removed = category_ids(after, "remove");
        categories.retain(|category| !removed.contains(category));
        categories.extend(category_ids(after, "add"));
    }
    categories
}

/// The categories under `key` (`categories`, `add` or `remove`) of a suggestion's value.
pub fn category_ids(value: &Value, key: &str) -> HashSet<i64> {
    let list = value.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|one| one.get("category_id")?.as_i64()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_decision_leaves_its_categories() {
        let before = json!({ "categories": [{ "category_id": 3 }, { "category_id": 4 }] });
        let after = json!({ "add": [{ "category_id": 7 }], "remove": [{ "category_id": 4 }] });
        assert_eq!(settled("applied", &before, &after), HashSet::from([3, 7]));
        assert_eq!(settled("rejected", &before, &after), HashSet::from([3, 4]));
        assert_eq!(settled("undone", &before, &after), HashSet::from([3, 4]));
        assert!(settled("rejected", &json!({}), &after).is_empty());
    }
}
