//! Settings of one object: the INI first, then what OpenCart's constants say where the INI is silent, then what the
//! constructor was given.

use crate::{arg, ini};
use ext_php_rs::types::{ZendCallable, ZendHashTable, Zval};
use meschain_base::{Error, Result, Settings};

/// Settings for a constructor's `$settings`: null, a database URL, an array by name, or OpenCart's DB object.
pub fn from_argument(value: Option<&Zval>) -> Result<Settings> {
    let mut settings = from_environment()?;
    let Some(value) = value.map(|value| value.dereference()).filter(|value| !value.is_null()) else {
        return Ok(settings);
    };
    if let Some(url) = value.str() {
        settings.set("database_url", url)?;
    } else if let Some(table) = value.array() {
        for (key, value) in table.iter() {
            let key = arg::key_text(&key);
            let text = if value.dereference().is_null() { String::new() } else { scalar_text(&key, value)? };
            settings.set(&key, &text)?;
        }
    } else if value.is_object() {
        apply_constants(&mut settings)?;
    } else {
        let expected = "null, a database URL, an array of settings or OpenCart's database object";
        return Err(Error::argument("settings", expected, arg::describe(value)));
    }
    Ok(settings)
}

fn scalar_text(key: &str, value: &Zval) -> Result<String> {
    let value = value.dereference();
    if value.is_true() || value.is_false() {
        return Ok(i32::from(value.is_true()).to_string());
    }
    // The value may be a secret, so a refusal shows only its type.
    arg::string(key, value)
        .map_err(|_| Error::argument(format!("settings[\"{key}\"]"), "a string or number", "another type"))
}

/// What the process itself says: INI entries, then OpenCart's constants for what is left open.
pub fn from_environment() -> Result<Settings> {
    let mut settings = Settings::default();
    let values = ini::values();
    for (name, text) in &values {
        settings.set(name, text)?;
    }
    if settings.database_url.is_none() || settings.data_dir.is_none() {
        apply_constants(&mut settings)?;
    }
    Ok(settings)
}

/// Fills an unset database and data folder from `DB_*` and `DIR_STORAGE`, as OpenCart's `config.php` defines them.
fn apply_constants(settings: &mut Settings) -> Result<()> {
    if settings.database_url.is_none()
        && let Some(url) = database_url()
    {
        settings.set("database_url", &url)?;
        if let Some(prefix) = constant("DB_PREFIX") {
            settings.set("table_prefix", &prefix)?;
        }
    }
    if settings.data_dir.is_none()
        && let Some(storage) = constant("DIR_STORAGE").filter(|path| path.starts_with('/'))
    {
        settings.set("data_dir", &format!("{}/meschain", storage.trim_end_matches('/')))?;
    }
    Ok(())
}

fn database_url() -> Option<String> {
    let host = constant("DB_HOSTNAME").filter(|host| !host.is_empty())?;
    let database = constant("DB_DATABASE").filter(|name| !name.is_empty())?;
    let user = encode(&constant("DB_USERNAME").unwrap_or_default());
    let password = encode(&constant("DB_PASSWORD").unwrap_or_default());
    let port = constant("DB_PORT").filter(|port| !port.is_empty()).unwrap_or_else(|| "3306".to_owned());
    let socket = constant("DB_SOCKET").filter(|path| !path.is_empty());
    let query = socket.map(|path| format!("?socket={}", encode(&path))).unwrap_or_default();
    Some(format!("mysql://{user}:{password}@{host}:{port}/{}{query}", encode(&database)))
}

/// Percent-encodes everything but unreserved characters.
fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { (byte as char).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A PHP constant as text; `None` when it is not defined.
fn constant(name: &str) -> Option<String> {
    let call = |function: &str| ZendCallable::try_from_name(function).ok()?.try_call(vec![&name]).ok();
    call("defined")?.bool().filter(|defined| *defined)?;
    call("constant")?.coerce_to_string()
}

/// A constructor's array may mix a class's own options (`own`) with settings: the two apart.
pub fn split(value: Option<&Zval>, own: &[&str]) -> Result<(Zval, Option<Zval>)> {
    let (mut options, mut rest) = (ZendHashTable::new(), ZendHashTable::new());
    let table = value.and_then(|value| value.dereference().array());
    for (key, value) in table.into_iter().flat_map(|table| table.iter()) {
        let name = arg::key_text(&key);
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
