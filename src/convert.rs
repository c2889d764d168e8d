//! Rust values to PHP arrays and back, in stable order.

use crate::arg;
use ext_php_rs::types::{ArrayKey, ZendHashTable, Zval};
use meschain_base::{Error, Result};
use serde::Serialize;
use serde_json::{Map, Number, Value};

/// How deep arrays from PHP may nest.
const DEEPEST: usize = 64;

/// Anything serialisable as a PHP value: structs and maps become arrays in the order they are written.
pub fn to_php(value: &impl Serialize) -> Result<Zval> {
    let value = serde_json::to_value(value).map_err(|error| broken(&error.to_string()))?;
    json_to_php(&value)
}

/// A JSON value as a PHP value.
pub fn json_to_php(value: &Value) -> Result<Zval> {
    let mut result = Zval::new();
    match value {
        Value::Null => result.set_null(),
        Value::Bool(flag) => result.set_bool(*flag),
        Value::Number(number) => set_number(&mut result, number),
        Value::String(text) => result.set_string(text, false).map_err(|error| broken(&error.to_string()))?,
        Value::Array(items) => result.set_hashtable(list(items)?),
        Value::Object(map) => result.set_hashtable(keyed(map)?),
    }
    Ok(result)
}

fn set_number(result: &mut Zval, number: &Number) {
    match number.as_i64() {
        Some(whole) => result.set_long(whole),
        None => result.set_double(number.as_f64().unwrap_or(f64::NAN)),
    }
}

type Table = ext_php_rs::boxed::ZBox<ZendHashTable>;

fn list(items: &[Value]) -> Result<Table> {
    let mut table = ZendHashTable::with_capacity(capacity(items.len()));
    for item in items {
        table.push(json_to_php(item)?).map_err(|error| broken(&error.to_string()))?;
    }
    Ok(table)
}

fn keyed(map: &Map<String, Value>) -> Result<Table> {
    let mut table = ZendHashTable::with_capacity(capacity(map.len()));
    for (key, value) in map {
        table.insert(key.as_str(), json_to_php(value)?).map_err(|error| broken(&error.to_string()))?;
    }
    Ok(table)
}

fn capacity(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX).min(1 << 20)
}

/// A PHP value as JSON. Objects, resources, binary strings and non-finite floats are refused, naming the place.
pub fn from_php(name: &str, value: &Zval) -> Result<Value> {
    from_php_at(name, value, 0)
}

fn from_php_at(name: &str, value: &Zval, depth: usize) -> Result<Value> {
    let value = value.dereference();
    if depth > DEEPEST {
        return Err(Error::argument(name, format!("at most {DEEPEST} levels"), "a deeper array"));
    }
    if value.is_null() {
        return Ok(Value::Null);
    }
    if value.is_true() || value.is_false() {
        return Ok(Value::Bool(value.is_true()));
    }
    if let Some(number) = value.long() {
        return Ok(Value::from(number));
    }
    if let Some(number) = value.double().and_then(Number::from_f64) {
        return Ok(Value::Number(number));
    }
    if let Some(text) = value.str() {
        return Ok(Value::from(text));
    }
    match value.array() {
        Some(table) => table_from_php(name, table, depth),
        None => Err(Error::argument(
            name,
            "null, bool, int, finite float, UTF-8 string or array",
            arg::describe(value),
        )),
    }
}

fn table_from_php(name: &str, table: &ZendHashTable, depth: usize) -> Result<Value> {
    if table.has_sequential_keys() {
        let items = table.values().map(|value| from_php_at(&format!("{name}[]"), value, depth + 1));
        return items.collect::<Result<Vec<_>>>().map(Value::Array);
    }
    let pairs = table.iter().map(|(key, value): (ArrayKey<'_>, &Zval)| {
        let key = arg::key_text(&key);
        let value = from_php_at(&format!("{name}[\"{key}\"]"), value, depth + 1)?;
        Ok((key, value))
    });
    pairs.collect::<Result<Map<_, _>>>().map(Value::Object)
}

fn broken(detail: &str) -> Error {
    Error::internal("conversion to PHP", detail)
}
