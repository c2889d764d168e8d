//! How CSV is written.

use super::labels;
use crate::json;
use meschain_base::{Error, Result};
use serde_json::Value;

/// Options of a CSV file. The default is comma, point, no byte order mark, machine names as headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvOptions {
    /// Between cells: `,` `;` tab or `|`.
    pub separator: u8,
    /// Whether the text begins with a byte order mark, which Excel wants to see before it believes in UTF-8.
    pub bom: bool,
    /// Whether decimals stand after a comma.
    pub decimal_comma: bool,
    /// Language of column names; `None` for machine names.
    pub language: Option<Language>,
}

/// Language of column names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Turkish.
    Turkish,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { separator: b',', bom: false, decimal_comma: false, language: None }
    }
}

const KEYS: [&str; 4] = ["separator", "bom", "decimal", "language"];

impl CsvOptions {
    /// Reads the options of a call.
    pub fn from_json(value: &Value) -> Result<Self> {
        let mut options = Self::default();
        let Some(map) = json::options("options", value, &KEYS)? else { return Ok(options) };
        // A tab is a blank: it must not be trimmed away like other text.
        let separator = match map.get("separator") {
            Some(Value::String(text)) if text == "\t" => Some("\t".to_owned()),
            _ => json::text(map, "separator")?,
        };
        if let Some(text) = separator {
            options.separator = match text.as_str() {
                "," => b',',
                ";" => b';',
                "\t" | "tab" => b'\t',
                "|" => b'|',
                _ => return Err(Error::argument("separator", "one of , ; | or a tab", text)),
            };
        }
        options.bom = json::flag(map, "bom")?.unwrap_or(false);
        options.decimal_comma = match json::text(map, "decimal")?.as_deref() {
            None | Some(".") => false,
            Some(",") => true,
            Some(other) => return Err(Error::argument("decimal", ". or ,", other)),
        };
        let language = json::text(map, "language")?.map(|code| code.to_ascii_lowercase());
        options.language = match language.as_deref() {
            None => None,
            Some(code) if code.starts_with("tr") => Some(Language::Turkish),
            Some(_) => Some(Language::English),
        };
        Ok(options)
    }

    /// A machine name as it is shown.
    pub(super) fn label(&self, name: &'static str) -> &'static str {
        match self.language {
            None => name,
            Some(Language::English) => labels::find(name).map_or(name, |(english, _)| english),
            Some(Language::Turkish) => labels::find(name).map_or(name, |(_, turkish)| turkish),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_and_refuses_by_name() {
        let options = json!({"separator": "\t", "bom": "1", "decimal": ",", "language": "tr-tr"});
        let expected = CsvOptions {
            separator: b'\t',
            bom: true,
            decimal_comma: true,
            language: Some(Language::Turkish),
        };
        assert_eq!(CsvOptions::from_json(&options).unwrap(), expected);
        assert_eq!(CsvOptions::from_json(&json!([])).unwrap(), CsvOptions::default());
        for (name, value) in [
            ("separator", json!({"separator": "\""})),
            ("decimal", json!({"decimal": "'"})),
            ("bom", json!({"bom": "maybe"})),
            ("options", json!({"seperator": ","})),
        ] {
            let error = CsvOptions::from_json(&value).unwrap_err();
            assert!(matches!(&error, Error::Argument { name: n, .. } if n == name), "{error:?}");
        }
    }
}
