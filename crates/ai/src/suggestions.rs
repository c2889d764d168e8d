//! What the models propose for the catalogue, and what people decided about it.
//!
//! A proposal waits as `pending`. Whoever approves it takes it (`applying`), writes it into the catalogue through OpenCart and
//! says how that ended (`applied`, `failed`); an applied one can be taken back the same way (`undoing`, `undone`). Each step is one
//! conditional update, so of two administrators exactly one gets it, and each leaves a row in the audit log in the same transaction.

mod audit;
mod collect;
mod decide;
mod list;
mod offer;
mod ordered;
mod overview;
mod prices;
mod realised;
mod reorders;
mod replacement;
mod row;
mod selection;
#[cfg(test)]
mod tests;

pub use audit::AuditFilter;
pub use collect::{CollectOptions, collect};
pub use decide::Approval;
pub use list::{Filter, Sort};
pub use offer::{NewSuggestion, Offered};
pub(crate) use ordered::on_their_way;
pub use overview::overview;
pub use prices::{OptimiseOptions, optimise_prices};
pub use row::{Kind, Status};
pub use selection::MOST_SELECTED;

use meschain_base::{Error, Result};
use meschain_shop::Database;

/// The suggestions of one shop. Every call is bounded and uses prepared statements.
#[derive(Clone)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Over the shop's database; opens nothing.
    pub fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }
}

fn unknown(id: u64) -> Error {
    Error::NotFound { what: "suggestion", id: id.to_string() }
}

fn json_of(text: Option<String>) -> serde_json::Value {
    text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

fn text_of(value: &serde_json::Value) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::internal("a suggestion", error.to_string()))
}
