//! Reads options as callers send them: numbers may come as text, an empty text is nothing, unknown names are refused.

use meschain_base::{Error, Result};
use serde_json::{Map, Value};

/// The options under their names; null and an empty list are no options.
pub(crate) fn options<'a>(
    what: &str,
    value: &'a Value,
    known: &[&str],
) -> Result<Option<&'a Map<String, Value>>> {
    let map = match value {
        Value::Null => return Ok(None),
        Value::Array(list) if list.is_empty() => return Ok(None),
        Value::Object(map) => map,
        other => return Err(Error::argument(what, "an array by name", shown(other))),
    };
    match map.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Error::argument(what, format!("only {}", known.join(", ")), name)),
        None => Ok(Some(map)),
    }
}

/// A text; `None` when not there, null or empty.
pub(crate) fn text(map: &Map<String, Value>, name: &str) -> Result<Option<String>> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
        Some(other) => Err(Error::argument(name, "a text", shown(other))),
    }
}

/// A whole number from `least` to `most`.
pub(crate) fn number(map: &Map<String, Value>, name: &str, least: u32, most: u32) -> Result<Option<u32>> {
    let given = match map.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(given) => given,
    };
    let number = match given {
        Value::Number(number) => {
            number.as_i64().or_else(|| number.as_f64().filter(|f| f.fract() == 0.0).map(|f| f as i64))
        }
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.and_then(|number| u32::try_from(number).ok()).filter(|n| (least..=most).contains(n));
    let expected = || format!("a whole number from {least} to {most}");
    number.map(Some).ok_or_else(|| Error::argument(name, expected(), shown(given)))
}

/// Yes or no.
pub(crate) fn flag(map: &Map<String, Value>, name: &str) -> Result<Option<bool>> {
    match map.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        Some(Value::Number(number)) if number.as_i64() == Some(0) => Ok(Some(false)),
        Some(Value::Number(number)) if number.as_i64() == Some(1) => Ok(Some(true)),
        Some(Value::String(text)) if matches!(text.as_str(), "" | "0" | "false") => Ok(Some(false)),
        Some(Value::String(text)) if matches!(text.as_str(), "1" | "true") => Ok(Some(true)),
        Some(other) => Err(Error::argument(name, "true or false", shown(other))),
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars().take(80).collect()
}
