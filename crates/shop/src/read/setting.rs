//! OpenCart's own settings (`config_...`), as far as figures depend on them.

use super::decode_entities;
use crate::database::{Database, rows};
use meschain_base::Result;
use std::collections::BTreeMap;

/// The settings of one store, over those of the default store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShopSettings(BTreeMap<String, String>);

/// Leaves out settings that hold secrets.
const OPEN: &str =
    "`key` NOT LIKE '%password%' AND `key` NOT LIKE '%secret%' AND `key` NOT LIKE '%encryption%'";

/// Reads the settings of `store_id`; what the store does not set is the default store's.
pub fn shop_settings(database: &Database, store_id: i64) -> Result<ShopSettings> {
    let sql = format!(
        "SELECT `key`, COALESCE(value, '') FROM {} WHERE code = 'config' AND {OPEN} \
         AND store_id IN (0, ?) ORDER BY store_id",
        database.table("setting")
    );
    let found: Vec<(String, String)> = rows::all(&mut database.connection()?, &sql, (store_id,))?;
    Ok(ShopSettings(found.into_iter().collect()))
}

impl ShopSettings {
    /// One value, as stored.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Code of the default currency, in which orders are totalled.
    pub fn currency(&self) -> Option<&str> {
        self.get("config_currency").filter(|code| !code.is_empty())
    }

    /// Code of the shop's language, e.g. `tr-tr`.
    pub fn language(&self) -> Option<&str> {
        self.get("config_language").filter(|code| !code.is_empty())
    }

    /// Name of the shop.
    pub fn name(&self) -> String {
        decode_entities(self.get("config_name").unwrap_or_default())
    }

    /// Statuses of an order that is being worked on (`config_processing_status`).
    pub fn processing_statuses(&self) -> Vec<i64> {
        self.numbers("config_processing_status")
    }

    /// Statuses of an order that is complete (`config_complete_status`).
    pub fn complete_statuses(&self) -> Vec<i64> {
        self.numbers("config_complete_status")
    }

    /// A JSON list of numbers, which OpenCart writes as strings or as numbers; sorted, each once.
    fn numbers(&self, key: &str) -> Vec<i64> {
        let list: Vec<serde_json::Value> =
            self.get(key).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let number = |value: &serde_json::Value| value.as_i64().or_else(|| value.as_str()?.parse().ok());
        let mut numbers: Vec<i64> = list.iter().filter_map(number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}
