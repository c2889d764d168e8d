//! Reading an array of options: each key by its type, unknown keys refused by name.

use crate::arg;
use ext_php_rs::types::{ZendHashTable, Zval};
use meschain_base::{Error, Result};

/// The options of one call. Absent and null are the same.
pub struct Options<'a> {
    name: &'static str,
    table: Option<&'a ZendHashTable>,
}

impl<'a> Options<'a> {
    /// Opens the parameter `name`, which must hold nothing but `known` keys.
    pub fn open(name: &'static str, value: Option<&'a Zval>, known: &[&str]) -> Result<Self> {
        let options = Self::any(name, value)?;
        let unknown = options.table.into_iter().flat_map(|table| table.iter());
        for (key, _) in unknown {
            let key = arg::key_text(&key);
            if !known.contains(&key.as_str()) {
                let expected = format!("one of the keys {}", known.join(", "));
                return Err(Error::argument(name, expected, format!("key \"{key}\"")));
            }
        }
        Ok(options)
    }

    /// Opens the parameter `name` whatever keys it holds.
    pub fn any(name: &'static str, value: Option<&'a Zval>) -> Result<Self> {
        let present = value.map(|value| value.dereference()).filter(|value| !value.is_null());
        let table = present.map(|value| arg::array(name, value)).transpose()?;
        Ok(Self { name, table })
    }

    /// The value under `key`, if there is one.
    pub fn get(&self, key: &str) -> Option<&'a Zval> {
        let found = self.table.and_then(|table| table.get(key));
        found.map(|value| value.dereference()).filter(|value| !value.is_null())
    }

    /// The full name of `key` for messages: `query["limit"]`.
    pub fn path(&self, key: &str) -> String {
        format!("{}[\"{key}\"]", self.name)
    }

    /// Reads `key` with one of the readers of [`arg`].
    pub fn read<T>(&self, key: &str, reader: impl FnOnce(&str, &'a Zval) -> Result<T>) -> Result<Option<T>> {
        self.get(key).map(|value| reader(&self.path(key), value)).transpose()
    }

    /// An int from `least` to `most`.
    pub fn int(&self, key: &str, least: i64, most: i64) -> Result<Option<i64>> {
        self.read(key, |name, value| arg::int_between(name, value, least, most))
    }

    /// A number.
    pub fn float(&self, key: &str) -> Result<Option<f64>> {
        self.read(key, arg::float)
    }

    /// A number from `least` to `most`.
    pub fn float_between(&self, key: &str, least: f64, most: f64) -> Result<Option<f64>> {
        let Some(number) = self.float(key)? else { return Ok(None) };
        if (least..=most).contains(&number) {
            return Ok(Some(number));
        }
        Err(Error::argument(self.path(key), format!("a number from {least} to {most}"), number.to_string()))
    }

    /// A bool.
    pub fn boolean(&self, key: &str) -> Result<Option<bool>> {
        self.read(key, arg::boolean)
    }

    /// A string; empty counts as absent, since that is how forms spell "not set".
    pub fn string(&self, key: &str) -> Result<Option<String>> {
        Ok(self.read(key, arg::string)?.filter(|text| !text.is_empty()))
    }
}
