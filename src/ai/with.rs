//! Lends an advisor over what this process has open.

use crate::engine::Engine;
use ext_php_rs::types::{ZendHashTable, Zval};
use meschain_ai::inference::{Advisor, unavailable};
use meschain_base::{Error, Result};
use serde_json::Value;

/// Runs `ask` with an advisor; with no snapshot, the answer says so.
pub fn advisor(engine: &Engine, ask: impl FnOnce(&Advisor<'_>) -> Result<Value>) -> Result<Value> {
    let Some(snapshot) = engine.snapshot()? else { return Ok(unavailable("no_snapshot")) };
    let models = engine.models()?;
    let database = engine.database().ok();
    ask(&Advisor {
        models: &models,
        snapshot: &snapshot,
        database: database.as_ref(),
        timezone: &engine.settings().timezone,
        now: engine.clock().now(),
        threads: engine.threads(),
    })
}

/// A constructor's array may mix a class's own options (`own`) with settings: the two apart.
pub fn split(value: Option<&Zval>, own: &[&str]) -> Result<(Zval, Option<Zval>)> {
    let (mut options, mut rest) = (ZendHashTable::new(), ZendHashTable::new());
    let table = value.and_then(|value| value.dereference().array());
    for (key, value) in table.into_iter().flat_map(|table| table.iter()) {
        let name = crate::arg::key_text(&key);
        let side = if own.contains(&name.as_str()) { &mut options } else { &mut rest };
        let copied = side.insert(name.as_str(), value.shallow_clone());
        copied.map_err(|error| Error::internal("settings", error.to_string()))?;
    }
    let zval = |table| {
        let mut zval = Zval::new();
        zval.set_hashtable(table);
        zval
    };
    Ok((zval(options), table.map(|_| zval(rest))))
}
