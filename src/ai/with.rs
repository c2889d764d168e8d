//! Lends an advisor over what this process has open.

use crate::engine::Engine;
use meschain_ai::inference::{Advisor, unavailable};
use meschain_base::Result;
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
