//! The argument layer: lenient about numeric strings, since OpenCart hands strings everywhere; strict about everything
//! else. Every refusal names the parameter, what was expected and what came.

use ext_php_rs::types::{ArrayKey, ZendHashTable, Zval};
use meschain_base::{Error, Result};

/// What came, in PHP's words: `string "abc"`, `int 5`, `array`, `null`.
pub fn describe(value: &Zval) -> String {
    let value = value.dereference();
    if let Some(text) = value.str() {
        return format!("string \"{}\"", shorten(text));
    }
    if let Some(number) = value.long() {
        return format!("int {number}");
    }
    if let Some(number) = value.double() {
        return format!("float {number}");
    }
    if value.is_null() {
        "null".to_owned()
    } else if value.is_true() || value.is_false() {
        format!("bool {}", value.is_true())
    } else if value.is_array() {
        "array".to_owned()
    } else if value.is_string() {
        "string that is not UTF-8".to_owned()
    } else if let Some(object) = value.object() {
        object.get_class_name().map_or_else(|_| "object".to_owned(), |name| format!("object of {name}"))
    } else {
        "value of another type".to_owned()
    }
}

fn shorten(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}…", text.get(..cut).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn refuse<T>(name: &str, expected: &str, value: &Zval) -> Result<T> {
    Err(Error::argument(name, expected, describe(value)))
}

/// An int, a float without fraction, or a string that spells a whole number.
pub fn int(name: &str, value: &Zval) -> Result<i64> {
    let value = value.dereference();
    let whole = |number: f64| (number.fract() == 0.0 && number.abs() < 9.0e15).then_some(number as i64);
    let parsed = value
        .long()
        .or_else(|| value.double().and_then(whole))
        .or_else(|| value.str().and_then(|text| text.trim().parse().ok()));
    parsed.map_or_else(|| refuse(name, "an int", value), Ok)
}

/// An int from `least` to `most`.
pub fn int_between(name: &str, value: &Zval, least: i64, most: i64) -> Result<i64> {
    let number = int(name, value)?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        refuse(name, &format!("an int from {least} to {most}"), value)
    }
}

/// A positive int that fits OpenCart's ids.
pub fn id(name: &str, value: &Zval) -> Result<u32> {
    let number = int_between(name, value, 1, i64::from(i32::MAX))?;
    u32::try_from(number).or_else(|_| refuse(name, "a positive int", value))
}

/// A finite float, an int, or a string that spells one with a point.
pub fn float(name: &str, value: &Zval) -> Result<f64> {
    let value = value.dereference();
    let number = value
        .double()
        .or_else(|| value.long().map(|number| number as f64))
        .or_else(|| value.str().and_then(|text| text.trim().parse().ok()));
    match number.filter(|number: &f64| number.is_finite()) {
        Some(number) => Ok(number),
        None => refuse(name, "a number", value),
    }
}

/// A bool, 0, 1, "0", "1", or "" (which is how OpenCart's settings spell false).
pub fn boolean(name: &str, value: &Zval) -> Result<bool> {
    let value = value.dereference();
    if value.is_true() || value.is_false() {
        return Ok(value.is_true());
    }
    match (value.long(), value.str()) {
        (Some(0), _) | (_, Some("" | "0")) => Ok(false),
        (Some(1), _) | (_, Some("1")) => Ok(true),
        _ => refuse(name, "a bool", value),
    }
}

/// A UTF-8 string; numbers are taken as their spelling.
pub fn string(name: &str, value: &Zval) -> Result<String> {
    let value = value.dereference();
    if let Some(text) = value.str() {
        return Ok(text.to_owned());
    }
    match (value.long(), value.double()) {
        (Some(number), _) => Ok(number.to_string()),
        (_, Some(number)) if number.is_finite() => Ok(number.to_string()),
        _ => refuse(name, "a string", value),
    }
}

/// An array.
pub fn array<'a>(name: &str, value: &'a Zval) -> Result<&'a ZendHashTable> {
    let value = value.dereference();
    value.array().map_or_else(|| refuse(name, "an array", value), Ok)
}

/// A list of ids, at most `most`.
pub fn ids(name: &str, value: &Zval, most: usize) -> Result<Vec<u32>> {
    let table = bounded(name, value, most)?;
    table.values().map(|value| id(&format!("{name}[]"), value)).collect()
}

/// A list of numbers, at most `most`.
pub fn floats(name: &str, value: &Zval, most: usize) -> Result<Vec<f64>> {
    let table = bounded(name, value, most)?;
    table.values().map(|value| float(&format!("{name}[]"), value)).collect()
}

/// A list of strings, at most `most`.
pub fn strings(name: &str, value: &Zval, most: usize) -> Result<Vec<String>> {
    let table = bounded(name, value, most)?;
    table.values().map(|value| string(&format!("{name}[]"), value)).collect()
}

fn bounded<'a>(name: &str, value: &'a Zval, most: usize) -> Result<&'a ZendHashTable> {
    let table = array(name, value)?;
    if table.len() > most {
        let given = format!("{} entries", table.len());
        return Err(Error::argument(name, format!("at most {most} entries"), given));
    }
    Ok(table)
}

/// A string key as text; int keys as their spelling.
pub fn key_text(key: &ArrayKey<'_>) -> String {
    match key {
        ArrayKey::Long(index) => index.to_string(),
        ArrayKey::String(text) => text.clone(),
        ArrayKey::Str(text) => (*text).to_owned(),
        ArrayKey::ZendString(text) => String::from_utf8_lossy(text.as_bytes()).into_owned(),
    }
}
