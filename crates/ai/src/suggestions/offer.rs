//! Putting proposals into the inbox.

use super::{Kind, Store, json_of, text_of};
use crate::data::feedback::category_ids;
use meschain_base::Result;
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{Params, TxOpts, Value as Cell};
use meschain_shop::{fault, rows};
use serde_json::Value;
use std::collections::HashMap;

/// Rows of one statement.
const BATCH: usize = 200;
/// Days for which what was refused is not proposed again.
const MUTED_DAYS: u32 = 30;
/// What a newer proposal for the same thing brings up to date.
const REFRESHED: [&str; 7] = [
    "before_value",
    "suggested_value",
    "reason",
    "confidence",
    "expected_gain",
    "model_version",
    "valid_until",
];
/// Two prices, or two quantities, that differ by less are the same proposal.
const SAME: f64 = 0.02;

/// A change that a model proposes. `before` is what the catalogue holds now, `suggested` what it should hold:
/// price `{"price"}`, with `"list_price"` before where it is that of a special, and `"list_follows"` (`"share"`, `"amount"`) where that price moves with it; category `{"add": [{"category_id", "path"}], "remove": [...]}` against `{"categories": [...]}`; reorder `{"quantity"}`.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSuggestion {
    /// What it is about.
    pub kind: Kind,
    /// OpenCart's product.
    pub product_id: u32,
    /// 1 is the own shop.
    pub marketplace_id: u32,
    /// What the catalogue holds.
    pub before: Value,
    /// What it should hold.
    pub suggested: Value,
    /// Why, in codes and numbers that pages turn into words.
    pub reason: Value,
    /// 0 to 1.
    pub confidence: Option<f64>,
    /// Profit a week, in the shop's currency.
    pub expected_gain: Option<f64>,
    /// The model it comes from.
    pub model_version: Option<String>,
    /// Days until it is no longer true.
    pub valid_days: u32,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Offered {
    /// New in the inbox.
    pub new: u64,
    /// Were waiting already and say what is true now.
    pub refreshed: u64,
    /// Refused lately, not proposed again.
    pub muted: u64,
}

impl Store {
    /// Puts `suggestions` into the inbox. One that waits for the same product is brought up to date; what was refused in the last
    /// thirty days is left out unless it says something else now.
    pub fn offer(&self, suggestions: &[NewSuggestion]) -> Result<Offered> {
        let mut offered = Offered::default();
        for batch in suggestions.chunks(BATCH) {
            let refused = self.refused(batch)?;
            let (muted, wanted): (Vec<_>, Vec<_>) = batch.iter().partition(|one| is_muted(one, &refused));
            offered.muted += muted.len() as u64;
            if wanted.is_empty() {
                continue;
            }
            let mut connection = self.database.connection()?;
            let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
            let changed = {
                let result = transaction.exec_iter(upsert(wanted.len()), cells(&wanted)?).map_err(fault)?;
                result.affected_rows()
            };
            transaction.commit().map_err(fault)?;
            // A new row counts one, a changed one two, one that says the same none.
            let refreshed = changed.saturating_sub(wanted.len() as u64).min(wanted.len() as u64);
            offered.refreshed += refreshed;
            offered.new += (wanted.len() as u64).saturating_sub(refreshed).min(changed);
        }
        Ok(offered)
    }

    fn refused(&self, batch: &[NewSuggestion]) -> Result<Refused> {
        let marks = vec!["?"; batch.len()].join(", ");
        let sql = format!(
            "SELECT kind, product_id, marketplace_id, suggested_value FROM meschain_ai_suggestions WHERE status = 'rejected' \
             AND decided_at > UTC_TIMESTAMP() - INTERVAL {MUTED_DAYS} DAY AND product_id IN ({marks})"
        );
        let ids: Vec<Cell> = batch.iter().map(|one| Cell::from(one.product_id)).collect();
        let mut found = Refused::new();
        let refused: Vec<(String, u32, u32, Option<String>)> =
            rows::all(&mut self.database.connection()?, &sql, Params::Positional(ids))?;
        for (kind, product, marketplace, suggested) in refused {
            found.entry((kind, product, marketplace)).or_default().push(json_of(suggested));
        }
        Ok(found)
    }
}

/// What was refused, by kind, product and marketplace.
type Refused = HashMap<(String, u32, u32), Vec<Value>>;

fn is_muted(one: &NewSuggestion, refused: &Refused) -> bool {
    let before = refused.get(&(one.kind.name().to_owned(), one.product_id, one.marketplace_id));
    before.is_some_and(|all| all.iter().any(|old| is_same(one.kind, old, &one.suggested)))
}

fn is_same(kind: Kind, a: &Value, b: &Value) -> bool {
    let number = |value: &Value, key: &str| value.get(key).and_then(Value::as_f64).unwrap_or(0.0);
    let close = |key: &str| (number(a, key) - number(b, key)).abs() <= SAME * number(b, key).abs();
    match kind {
        Kind::Category => ["add", "remove"].iter().all(|key| category_ids(a, key) == category_ids(b, key)),
        Kind::Price => close("price"),
        Kind::Reorder => close("quantity"),
    }
}

fn upsert(count: usize) -> String {
    // What somebody is writing into the catalogue right now stays as it was taken.
    let refreshed = REFRESHED.map(|name| format!("{name} = IF(status = 'pending', VALUES({name}), {name})"));
    let row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP() + INTERVAL ? DAY)";
    format!(
        "INSERT INTO meschain_ai_suggestions (kind, product_id, marketplace_id, before_value, suggested_value, reason, \
         confidence, expected_gain, model_version, valid_until) VALUES {} ON DUPLICATE KEY UPDATE \
         {}",
        vec![row; count].join(", "),
        refreshed.join(", ")
    )
}

fn cells(batch: &[&NewSuggestion]) -> Result<Params> {
    let mut cells = Vec::with_capacity(batch.len() * 10);
    for one in batch {
        let confidence =
            one.confidence.filter(|p| p.is_finite()).map(|p| format!("{:.4}", p.clamp(0.0, 1.0)));
        let gain = one.expected_gain.filter(|gain| gain.is_finite() && gain.abs() < 1e10);
        cells.extend([
            Cell::from(one.kind.name()),
            Cell::from(one.product_id),
            Cell::from(one.marketplace_id),
            Cell::from(text_of(&one.before)?),
            Cell::from(text_of(&one.suggested)?),
            Cell::from(text_of(&one.reason)?),
            Cell::from(confidence),
            Cell::from(gain.map(|gain| format!("{gain:.4}"))),
            Cell::from(one.model_version.as_deref()),
            Cell::from(one.valid_days),
        ]);
    }
    Ok(Params::Positional(cells))
}
