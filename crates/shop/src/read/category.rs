//! Categories with their place in the tree.

use super::name;
use crate::database::{Database, rows};
use meschain_base::{Error, Result};
use mysql::Row;
use std::collections::{BTreeMap, BTreeSet};

/// Categories that one shop may have; a tree is held in memory.
const LIMIT: usize = 200_000;

/// A category in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// OpenCart's number.
    pub category_id: i64,
    /// The category above; 0 at the top.
    pub parent_id: i64,
    /// Its name.
    pub name: String,
    /// Whether shoppers see it.
    pub enabled: bool,
    /// Numbers from the top down to this category itself.
    pub path_ids: Vec<i64>,
    /// Names from the top down, joined by ` > `.
    pub path: String,
}

/// All categories by number, with their paths. Paths follow `parent_id`: `category_path` may lag behind until
/// OpenCart's "repair" was run. A category whose parents go round in a circle is treated as a top one.
pub fn categories(database: &Database, language_id: i64) -> Result<BTreeMap<i64, Category>> {
    let [category, text] = ["category", "category_description"].map(|name| database.table(name));
    let sql = format!(
        "SELECT c.category_id, COALESCE(c.parent_id, 0) AS parent_id, COALESCE(c.status, 0) <> 0 AS status, \
         COALESCE(d.name, (SELECT o.name FROM {text} o WHERE o.category_id = c.category_id ORDER BY o.language_id LIMIT 1)) \
         AS name FROM {category} c \
         LEFT JOIN {text} d ON d.category_id = c.category_id AND d.language_id = ? LIMIT {}",
        LIMIT + 1
    );
    let mut found = BTreeMap::new();
    rows::each(&mut database.connection()?, &sql, (language_id,), |mut row| {
        let category = read(&mut row)?;
        found.insert(category.category_id, category);
        Ok(())
    })?;
    if found.len() > LIMIT {
        return Err(Error::Limit { what: "categories", limit: LIMIT as u64, found: found.len() as u64 });
    }
    let paths: Vec<(i64, Vec<i64>)> = found.keys().map(|id| (*id, path_to(*id, &found))).collect();
    for (id, path_ids) in paths {
        let names: Vec<String> =
            path_ids.iter().filter_map(|id| found.get(id)).map(|category| category.name.clone()).collect();
        if let Some(category) = found.get_mut(&id) {
            (category.path_ids, category.path) = (path_ids, names.join(" > "));
        }
    }
    Ok(found)
}

fn read(row: &mut Row) -> Result<Category> {
    Ok(Category {
        category_id: rows::take(row, "category_id")?,
        parent_id: rows::take(row, "parent_id")?,
        name: name(row, "name")?,
        enabled: rows::take(row, "status")?,
        path_ids: Vec::new(),
        path: String::new(),
    })
}

fn path_to(id: i64, all: &BTreeMap<i64, Category>) -> Vec<i64> {
    let mut path = vec![id];
    let mut seen = BTreeSet::from([id]);
    let mut at = id;
    while let Some(parent) = all.get(&at).map(|category| category.parent_id).filter(|id| all.contains_key(id))
    {
        if !seen.insert(parent) {
            return vec![id];
        }
        path.push(parent);
        at = parent;
    }
    path.reverse();
    path
}
