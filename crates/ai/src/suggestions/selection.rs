//! Everything that fits a filter, on all its pages, held still: a decision about it is about what was there when it was counted.

use super::row::REVISION;
use super::{Filter, Store};
use meschain_base::Result;
use meschain_shop::fault;
use meschain_shop::mysql::{Params, TxOpts, Value as Cell};
use meschain_shop::rows::{self, take};
use serde_json::{Value, json};

/// Suggestions that one selection holds at most.
pub const MOST_SELECTED: u32 = 5_000;

impl Store {
    /// What fits the filter, in its order: `items` (at most [`MOST_SELECTED`]; `start` and `limit` of the filter do not count), `total`,
    /// `limit`. [`Store::begin`] takes an item only while it still says what its `revision` says.
    pub fn selection(&self, filter: &Filter, language_id: u32) -> Result<Value> {
        let (from, mut cells) = self.fitting(filter, language_id);
        let mut connection = self.database.connection()?;
        // One moment for both: what comes in between is in neither.
        let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
        let count = format!("SELECT COUNT(*) {from}");
        let total: Option<u64> = rows::first(&mut transaction, &count, Params::Positional(cells.clone()))?;
        let sql = format!(
            "SELECT s.suggestion_id, s.kind, s.product_id, {REVISION}, d.name AS name {from} ORDER BY {} LIMIT ?",
            filter.sort.sql()
        );
        cells.push(Cell::from(MOST_SELECTED));
        let mut items = Vec::new();
        rows::each(&mut transaction, &sql, Params::Positional(cells), |mut row| {
            items.push(json!({
                "suggestion_id": take::<u64>(&mut row, "suggestion_id")?,
                "kind": take::<String>(&mut row, "kind")?,
                "product_id": take::<u32>(&mut row, "product_id")?,
                "name": take::<Option<String>>(&mut row, "name")?,
                "revision": take::<u64>(&mut row, "revision")?,
            }));
            Ok(())
        })?;
        Ok(json!({ "items": items, "total": total.unwrap_or(0), "limit": MOST_SELECTED }))
    }
}
