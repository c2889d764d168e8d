//! `meschain_system_alerts`: one open alert for each thing that is wrong, closed when it is right again.

use meschain_base::Result;
use meschain_shop::mysql::params;
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::{Database, fault};
use serde_json::{Value, json};

/// What is wrong.
#[derive(Debug, Clone)]
pub struct Alert<'a> {
    /// Names the thing: no second alert of it while one is open.
    pub key: &'a str,
    /// `low`, `medium`, `high` or `critical`.
    pub severity: &'a str,
    /// One line.
    pub title: &'a str,
    /// What to do.
    pub message: &'a str,
    /// Figures.
    pub data: Value,
}

const OPEN: &str = "is_resolved = 0 AND JSON_UNQUOTE(JSON_EXTRACT(alert_data, '$.key')) = ";

/// Writes the alert unless one with its key is open.
pub fn raise(database: &Database, alert: &Alert<'_>) -> Result<()> {
    let mut data = json!({ "key": alert.key, "area": "ai" });
    if let (Some(map), Value::Object(more)) = (data.as_object_mut(), &alert.data) {
        map.extend(more.clone());
    }
    let sql = format!(
        "INSERT INTO meschain_system_alerts (alert_type, severity, title, message, alert_data) \
         SELECT 'warning', :severity, :title, :message, :data FROM DUAL \
         WHERE NOT EXISTS (SELECT 1 FROM meschain_system_alerts WHERE {OPEN} :key)"
    );
    let values = params! {
        "severity" => alert.severity,
        "title" => alert.title,
        "message" => alert.message,
        "data" => data.to_string(),
        "key" => alert.key,
    };
    database.connection()?.exec_drop(sql, values).map_err(fault)
}

/// Closes the open alert with this key, if there is one.
pub fn resolve(database: &Database, key: &str) -> Result<()> {
    let sql = format!(
        "UPDATE meschain_system_alerts SET is_resolved = 1, resolved_at = UTC_TIMESTAMP() WHERE {OPEN} ?"
    );
    database.connection()?.exec_drop(sql, (key,)).map_err(fault)
}
