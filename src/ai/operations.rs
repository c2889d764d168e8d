//! How the models are run: the calls of `MesChain\AI` beyond asking and training.

use crate::ai::with;
use crate::engine::Engine;
use crate::options::Options;
use crate::{arg, convert};
use ext_php_rs::types::Zval;
use meschain_ai::inference::unavailable;
use meschain_ai::operations::insights;
use meschain_ai::operations::{
    RunFilter, analytics as figures, importance as parts, quality as data, runs as training_runs,
    schedule as plan, versions as kept,
};
use meschain_ai::registry::{Kind, Shelf};
use meschain_ai::settings::{AiSettings, By};
use meschain_ai::training::ModelRow;
use meschain_base::{Error, Result};
use serde_json::{Map, Value};

/// Answers that one call writes at most.
const MOST_FLUSHED: usize = 10_000;

/// Who asks, as the pages say it.
pub fn by(value: Option<&Zval>) -> Result<By> {
    let options = Options::open("by", value, &["user_id", "user_name"])?;
    Ok(By {
        user_id: options.read("user_id", arg::id)?,
        user_name: options.string("user_name")?.unwrap_or_default(),
    })
}

pub fn settings(engine: &Engine) -> Result<AiSettings> {
    match engine.database() {
        Err(Error::NotConfigured { .. }) => Ok(AiSettings::default()),
        other => AiSettings::load(&other?),
    }
}

pub fn save_settings(engine: &Engine, changes: &Zval, who: Option<&Zval>) -> Result<AiSettings> {
    arg::array("changes", changes)?;
    let changes = match convert::from_php("changes", changes)? {
        Value::Object(map) => map,
        Value::Array(list) if list.is_empty() => Map::new(),
        _ => return Err(Error::argument("changes", "an array by name", "a list")),
    };
    let saved = AiSettings::save(&engine.database()?, &changes, &by(who)?);
    engine.forget_ai_settings();
    if let Ok(saved) = &saved {
        engine.predictions().set_share(saved.prediction_log_sample);
    }
    saved
}

/// The parameter `type`: one of the four.
pub fn kind(value: &Zval) -> Result<Kind> {
    let name = arg::string("type", value)?;
    Kind::parse(&name).map_err(|error| match error {
        Error::Argument { expected, given, .. } => Error::argument("type", expected, given),
        other => other,
    })
}

pub fn runs(engine: &Engine, filter: Option<&Zval>) -> Result<Vec<Value>> {
    let options = Options::open("filter", filter, &["type", "limit"])?;
    let kind = options.get("type").map(kind).transpose()?;
    let limit = options.int("limit", 1, 200)?.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(50);
    training_runs::list(&engine.database()?, &RunFilter { kind, limit })
}

pub fn versions(engine: &Engine, which: &Zval) -> Result<Vec<Value>> {
    kept::list(&Shelf::new(engine.settings())?, kind(which)?)
}

pub fn check(engine: &Engine, which: &Zval) -> Result<Value> {
    let found = kept::check(&Shelf::new(engine.settings())?, kind(which)?)?;
    Ok(found.unwrap_or_else(|| unavailable("not_trained")))
}

pub fn roll_back(engine: &Engine, which: &Zval, version: &Zval, who: Option<&Zval>) -> Result<ModelRow> {
    let (kind, version, by) = (kind(which)?, arg::string("version", version)?, by(who)?);
    kept::roll_back(&Shelf::new(engine.settings())?, &engine.database()?, kind, &version, &by)
}

pub fn importance(engine: &Engine, which: &Zval) -> Result<Value> {
    parts::importance(&Shelf::new(engine.settings())?, kind(which)?)
}

pub fn analytics(engine: &Engine, which: &Zval, options: Option<&Zval>) -> Result<Value> {
    let kind = kind(which)?;
    let options = Options::open("options", options, &["days"])?;
    let days = options.int("days", 7, 730)?.and_then(|days| u32::try_from(days).ok()).unwrap_or(90);
    figures::analytics(Shelf::new(engine.settings()).ok().as_ref(), &engine.database()?, kind, days)
}

pub fn insights(engine: &Engine, options: Option<&Zval>) -> Result<Value> {
    let options = Options::open("options", options, &["kinds", "limit"])?;
    let names = options.read("kinds", |name, value| arg::strings(name, value, insights::KINDS.len()))?;
    let kinds = insights::kinds(&names.unwrap_or_default())?;
    let limit = options.int("limit", 1, 200)?.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(20);
    let database = engine.database()?;
    with::shopper(engine, |advisor| insights::list(advisor, &database, &kinds, limit))
}

/// Writes what waits in the prediction log; the number of rows.
pub fn flush_predictions(engine: &Engine) -> Result<i64> {
    let drained = engine.predictions().drain(&engine.database()?, MOST_FLUSHED)?;
    Ok(i64::try_from(drained.written).unwrap_or(i64::MAX))
}

pub fn schedule(engine: &Engine) -> Result<Value> {
    let shelf = Shelf::new(engine.settings())?;
    plan::schedule(&shelf, &engine.database()?, &engine.settings().timezone, engine.clock().now())
}

pub fn quality(engine: &Engine, which: &Zval) -> Result<Value> {
    data::quality(&engine.database()?, kind(which)?)
}
