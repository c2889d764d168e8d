//! How the models are run: the calls of `MesChain\AI` beyond asking and training.

use crate::engine::Engine;
use crate::options::Options;
use crate::{arg, convert};
use ext_php_rs::types::Zval;
use meschain_ai::settings::{AiSettings, By};
use meschain_base::{Error, Result};
use serde_json::{Map, Value};

/// Who asks, as the pages say it.
pub fn by(value: Option<&Zval>) -> Result<By> {
    let options = Options::open("by", value, &["user_id", "user_name"])?;
    Ok(By {
        user_id: options.read("user_id", arg::id)?,
        user_name: options.string("user_name")?.unwrap_or_default(),
    })
}

pub fn settings(engine: &Engine) -> Result<AiSettings> {
    engine.database().map_or_else(|_| Ok(AiSettings::default()), |database| AiSettings::load(&database))
}

pub fn save_settings(engine: &Engine, changes: &Zval, who: Option<&Zval>) -> Result<AiSettings> {
    arg::array("changes", changes)?;
    let changes = match convert::from_php("changes", changes)? {
        Value::Object(map) => map,
        Value::Array(list) if list.is_empty() => Map::new(),
        _ => return Err(Error::argument("changes", "an array by name", "a list")),
    };
    AiSettings::save(&engine.database()?, &changes, &by(who)?)
}
