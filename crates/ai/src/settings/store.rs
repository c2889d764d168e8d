//! `meschain_ai_settings`: one row a setting that was ever set.

use super::{AiSettings, RULES};
use meschain_base::{DatabaseFault, Error, Result};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{TxOpts, params};
use meschain_shop::{Database, fault, rows};
use serde_json::{Map, Value, json};

/// Who asks for a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct By {
    /// The administrator, when it was one.
    pub user_id: Option<u32>,
    /// As shown at the time.
    pub user_name: String,
}

impl AiSettings {
    /// The settings as kept; the defaults where the table is not there yet and for rows that make no sense. A database that does not
    /// answer is an error: defaults in place of the shop's rules would move prices and delete what the shop keeps.
    pub fn load(database: &Database) -> Result<Self> {
        let sql = "SELECT name, value FROM meschain_ai_settings";
        let kept: Vec<(String, String)> = match rows::all(&mut database.reader()?, sql, ()) {
            Err(Error::Database { fault: DatabaseFault::Schema, .. }) => Vec::new(),
            other => other?,
        };
        let mut settings = Self::default();
        for (name, text) in kept {
            let one = serde_json::from_str::<Value>(&text).map(|value| Map::from_iter([(name, value)]));
            if let Some(changed) = one.ok().and_then(|one| settings.with(&one).ok()) {
                settings = changed;
            }
        }
        Ok(settings)
    }

    /// Checks `changes`, writes them and their audit row in one transaction, and returns all settings as they are now.
    pub fn save(database: &Database, changes: &Map<String, Value>, by: &By) -> Result<Self> {
        let before = Self::load(database)?;
        let after = before.with(changes)?;
        if changes.is_empty() {
            return Ok(after);
        }
        let (old, new) = (before.to_map(), after.to_map());
        let mut connection = database.connection()?;
        let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
        let mut changed = Map::new();
        for (name, _) in RULES.iter().filter(|(name, _)| changes.contains_key(*name)) {
            let value = new.get(*name).unwrap_or(&Value::Null);
            transaction
                .exec_drop(
                    "INSERT INTO meschain_ai_settings (name, value, updated_by) VALUES (?, ?, ?) \
                     ON DUPLICATE KEY UPDATE value = VALUES(value), updated_by = VALUES(updated_by)",
                    (*name, text(value)?, by.user_id),
                )
                .map_err(fault)?;
            if old.get(*name) != Some(value) {
                changed.insert((*name).to_owned(), json!({ "before": old.get(*name), "after": value }));
            }
        }
        if !changed.is_empty() {
            transaction
                .exec_drop(
                    "INSERT INTO meschain_ai_audit (action, user_id, user_name, detail) \
                     VALUES ('settings_changed', :user, :name, :detail)",
                    params! {
                        "user" => by.user_id,
                        "name" => by.user_name.chars().take(64).collect::<String>(),
                        "detail" => text(&Value::Object(changed))?,
                    },
                )
                .map_err(fault)?;
        }
        transaction.commit().map_err(fault)?;
        Ok(after)
    }
}

fn text(value: &Value) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::internal("a setting", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::{Progress, Settings};

    #[test]
    fn defaults_are_for_a_shop_without_the_table_not_for_a_database_that_is_away() {
        let kept = meschain_testkit::mariadb().fresh("settings");
        let database = Database::main(&kept).unwrap();
        assert_eq!(AiSettings::load(&database).unwrap(), AiSettings::default());
        meschain_shop::migrations::migrate(&database, false, &Progress::silent()).unwrap();
        let floor = Map::from_iter([("price_floor".to_owned(), json!(0.95))]);
        AiSettings::save(&database, &floor, &By::default()).unwrap();
        assert_eq!(AiSettings::load(&database).unwrap().price_floor, Some(0.95));
        let mut away = Settings { database_timeout_ms: 200, ..Settings::default() };
        away.set("database_url", "mysql://shop@127.0.0.1:1/shop").unwrap();
        let error = AiSettings::load(&Database::main(&away).unwrap()).unwrap_err();
        assert!(error.is_transient(), "{error}");
    }
}
