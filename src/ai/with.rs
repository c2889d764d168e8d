//! Lends an advisor over what this process has open.

use crate::engine::Engine;
use meschain_ai::inference::log::Question;
use meschain_ai::inference::{Advisor, unavailable};
use meschain_ai::settings::AiSettings;
use meschain_base::{Progress, Result};
use meschain_shop::columns::Snapshot;
use serde_json::Value;
use std::sync::Arc;

/// Runs `ask` with an advisor over a snapshot that is brought up to date first; with no snapshot, the answer says so.
pub fn advisor(engine: &Engine, ask: impl FnOnce(&Advisor<'_>) -> Result<Value>) -> Result<Value> {
    over(engine, engine.snapshot()?, engine.ai_settings(), ask)
}

/// The same for a job, whose proposals and forecasts are kept: over a snapshot that is made where there is none, and by the settings as
/// they are now, or not at all.
pub fn job(
    engine: &Engine,
    progress: &Progress,
    ask: impl FnOnce(&Advisor<'_>) -> Result<Value>,
) -> Result<Value> {
    over(engine, Some(engine.snapshot_for_work(progress)?), engine.ai_settings_now()?, ask)
}

/// The same over the snapshot as it is, with the models' default settings: for a shopper's page, which waits neither for a refresh
/// nor for the database, and for answers that depend on neither the newest orders nor a setting.
pub fn shopper(engine: &Engine, ask: impl FnOnce(&Advisor<'_>) -> Result<Value>) -> Result<Value> {
    over(engine, engine.snapshot_as_it_is()?, Arc::default(), ask)
}

/// Asks one thing, for the prediction log.
pub fn logged(
    engine: &Engine,
    question: impl FnOnce() -> Question,
    ask: impl FnOnce() -> Result<Value>,
) -> Result<Value> {
    let models = engine.models()?;
    engine.predictions().answered(&models, engine.clock().now(), question, ask)
}

/// Asks about `count` things, answered by a list, for the prediction log.
pub fn logged_all(
    engine: &Engine,
    count: usize,
    question: impl Fn(usize) -> Question,
    ask: impl FnOnce() -> Result<Value>,
) -> Result<Value> {
    let models = engine.models()?;
    engine.predictions().answered_all(&models, engine.clock().now(), count, question, ask)
}

fn over(
    engine: &Engine,
    snapshot: Option<Arc<Snapshot>>,
    settings: Arc<AiSettings>,
    ask: impl FnOnce(&Advisor<'_>) -> Result<Value>,
) -> Result<Value> {
    let Some(snapshot) = snapshot else { return Ok(unavailable("no_snapshot")) };
    let models = engine.models()?;
    let database = engine.database().ok();
    ask(&Advisor {
        models: &models,
        snapshot: &snapshot,
        database: database.as_ref(),
        settings,
        timezone: &engine.settings().timezone,
        now: engine.clock().now(),
        threads: engine.threads(),
    })
}
