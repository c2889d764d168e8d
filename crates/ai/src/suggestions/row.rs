//! The words of a suggestion's row, and the row as pages take it.

use super::json_of;
use meschain_base::{Error, Result};
use meschain_shop::mysql::Row;
use meschain_shop::rows::take;
use serde_json::{Value, json};

/// What a suggestion is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Where the product belongs.
    Category,
    /// What it should cost.
    Price,
    /// How much to order.
    Reorder,
}

impl Kind {
    /// All, in the order pages show them.
    pub const ALL: [Self; 3] = [Self::Category, Self::Price, Self::Reorder];

    /// As the table has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Price => "price",
            Self::Reorder => "reorder",
        }
    }

    /// From its name.
    pub fn parse(field: &str, name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| Error::argument(field, "category, price or reorder", format!("\"{name}\"")))
    }
}

/// How far a suggestion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Waits for a decision.
    Pending,
    /// Somebody is writing it into the catalogue.
    Applying,
    /// Written.
    Applied,
    /// Somebody is taking it back.
    Undoing,
    /// Taken back.
    Undone,
    /// Refused.
    Rejected,
    /// No longer fits the catalogue, or too old.
    Expired,
    /// OpenCart refused the change.
    Failed,
}

impl Status {
    const ALL: [Self; 8] = [
        Self::Pending,
        Self::Applying,
        Self::Applied,
        Self::Undoing,
        Self::Undone,
        Self::Rejected,
        Self::Expired,
        Self::Failed,
    ];

    /// As the table has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
            Self::Rejected => "rejected",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }

    /// From its name.
    pub fn parse(field: &str, name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|status| status.name() == name);
        let names = || Self::ALL.map(Self::name).join(", ");
        found.ok_or_else(|| Error::argument(field, format!("one of {}", names()), format!("\"{name}\"")))
    }
}

/// What a suggestion says, as one number: another number, another proposal. Of the table under the name `s`.
pub(super) const REVISION: &str = "CRC32(CONCAT(s.before_value, s.suggested_value)) AS revision";

/// Columns every reader of [`shown`] selects beside [`REVISION`], of the table under the name `s`.
pub(super) const COLUMNS: &str = "s.suggestion_id, s.kind, s.product_id, s.marketplace_id, s.status, s.before_value, \
     s.suggested_value, s.after_value, s.reason, CAST(s.confidence AS DOUBLE) AS confidence, \
     CAST(s.expected_gain AS DOUBLE) AS expected_gain, s.model_version, s.is_changed, \
     DATE_FORMAT(s.valid_until, '%Y-%m-%dT%TZ') AS valid_until, s.decided_by, \
     DATE_FORMAT(s.decided_at, '%Y-%m-%dT%TZ') AS decided_at, s.error, \
     DATE_FORMAT(s.created_at, '%Y-%m-%dT%TZ') AS created_at";

/// A row as pages take it.
pub(super) fn shown(row: &mut Row) -> Result<Value> {
    Ok(json!({
        "suggestion_id": take::<u64>(row, "suggestion_id")?,
        "kind": take::<String>(row, "kind")?,
        "product_id": take::<u32>(row, "product_id")?,
        "marketplace_id": take::<u32>(row, "marketplace_id")?,
        "status": take::<String>(row, "status")?,
        "before": json_of(take(row, "before_value")?),
        "suggested": json_of(take(row, "suggested_value")?),
        "after": json_of(take(row, "after_value")?),
        "reason": json_of(take(row, "reason")?),
        "confidence": take::<Option<f64>>(row, "confidence")?,
        "expected_gain": take::<Option<f64>>(row, "expected_gain")?,
        "model_version": take::<Option<String>>(row, "model_version")?,
        "changed": take::<i8>(row, "is_changed")? != 0,
        "valid_until": take::<Option<String>>(row, "valid_until")?,
        "decided_by": take::<Option<u32>>(row, "decided_by")?,
        "decided_at": take::<Option<String>>(row, "decided_at")?,
        "error": take::<Option<String>>(row, "error")?,
        "created_at": take::<Option<String>>(row, "created_at")?,
        "revision": take::<u64>(row, "revision")?,
    }))
}
