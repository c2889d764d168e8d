//! Who did what. Rows are only added, in the transaction of what they tell of.

use super::{Store, json_of, text_of};
use crate::settings::By;
use meschain_base::Result;
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::rows::{self, take};
use serde_json::{Value, json};

/// Which part of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of one suggestion.
    pub suggestion_id: Option<u64>,
    /// Newest first; rows to pass over.
    pub start: u32,
    /// Rows.
    pub limit: u32,
}

/// Writes one row through a connection or transaction.
pub(super) fn write(
    connection: &mut impl Queryable,
    action: &str,
    suggestion: (u64, u32),
    by: &By,
    detail: &Value,
) -> Result<()> {
    let name: String = by.user_name.chars().take(64).collect();
    let sql = "INSERT INTO meschain_ai_audit (action, suggestion_id, product_id, user_id, user_name, detail) \
               VALUES (?, ?, ?, ?, ?, ?)";
    rows::change(connection, sql, (action, suggestion.0, suggestion.1, by.user_id, name, text_of(detail)?))?;
    Ok(())
}

impl Store {
    /// The log, newest first.
    pub fn audit(&self, filter: &AuditFilter) -> Result<Vec<Value>> {
        let sql = "SELECT a.audit_id, a.action, a.suggestion_id, a.product_id, a.user_id, a.user_name, a.detail, \
                   DATE_FORMAT(a.created_at, '%Y-%m-%dT%TZ') AS created_at, s.kind, s.before_value, s.after_value \
                   FROM meschain_ai_audit a LEFT JOIN meschain_ai_suggestions s USING (suggestion_id) \
                   WHERE (? IS NULL OR a.suggestion_id = ?) ORDER BY a.audit_id DESC LIMIT ? OFFSET ?";
        let mut found = Vec::new();
        let one = filter.suggestion_id;
        rows::each(
            &mut self.database.connection()?,
            sql,
            (one, one, filter.limit, filter.start),
            |mut row| {
                found.push(json!({
                    "audit_id": take::<u64>(&mut row, "audit_id")?,
                    "action": take::<String>(&mut row, "action")?,
                    "suggestion_id": take::<Option<u64>>(&mut row, "suggestion_id")?,
                    "product_id": take::<Option<u32>>(&mut row, "product_id")?,
                    "kind": take::<Option<String>>(&mut row, "kind")?,
                    "user_id": take::<Option<u32>>(&mut row, "user_id")?,
                    "user_name": take::<String>(&mut row, "user_name")?,
                    "before": json_of(take(&mut row, "before_value")?),
                    "after": json_of(take(&mut row, "after_value")?),
                    "detail": json_of(take(&mut row, "detail")?),
                    "at": take::<Option<String>>(&mut row, "created_at")?,
                }));
                Ok(())
            },
        )?;
        Ok(found)
    }
}
