//! What a setting takes. Numbers may come as text, since that is how forms send them.

use meschain_base::{Error, Result};
use serde_json::{Map, Value};

/// The values of one setting.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// A bool, 0, 1, or how forms spell them.
    Flag,
    /// A whole number from, to.
    Whole(u64, u64),
    /// A number from, to.
    Number(f64, f64),
    /// A number from, to, or null; an empty text is null.
    NumberOrNull(f64, f64),
    /// One of these texts.
    OneOf(&'static [&'static str]),
}

impl Rule {
    /// The value as it is kept; `None` when it does not fit.
    pub fn normal(self, value: &Value) -> Option<Value> {
        match self {
            Rule::Flag => flag(value).map(Value::from),
            Rule::Whole(least, most) => {
                let whole = number(value).filter(|number| number.fract() == 0.0 && *number >= 0.0)? as u64;
                (least..=most).contains(&whole).then(|| Value::from(whole))
            }
            Rule::Number(least, most) => {
                number(value).filter(|number| (least..=most).contains(number)).map(Value::from)
            }
            Rule::NumberOrNull(..) if value.is_null() || value.as_str() == Some("") => Some(Value::Null),
            Rule::NumberOrNull(least, most) => Rule::Number(least, most).normal(value),
            Rule::OneOf(known) => value.as_str().filter(|text| known.contains(text)).map(Value::from),
        }
    }

    fn expected(self) -> String {
        match self {
            Rule::Flag => "a bool".to_owned(),
            Rule::Whole(least, most) => format!("an int from {least} to {most}"),
            Rule::Number(least, most) => format!("a number from {least} to {most}"),
            Rule::NumberOrNull(least, most) => format!("a number from {least} to {most}, or null"),
            Rule::OneOf(known) => {
                format!(
                    "one of {}",
                    known.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(", ")
                )
            }
        }
    }
}

/// `changes` as they are kept, or the argument error of the first that does not fit.
pub fn checked(changes: &Map<String, Value>, rules: &[(&str, Rule)]) -> Result<Vec<(String, Value)>> {
    let check = |(name, value): (&String, &Value)| {
        let Some((_, rule)) = rules.iter().find(|(known, _)| known == name) else {
            let names = rules.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", ");
            return Err(Error::argument(
                "changes",
                format!("one of the keys {names}"),
                format!("key \"{name}\""),
            ));
        };
        let given = || Error::argument(format!("changes[\"{name}\"]"), rule.expected(), describe(value));
        Ok((name.clone(), rule.normal(value).ok_or_else(given)?))
    };
    changes.iter().map(check).collect()
}

fn describe(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) => "array".to_owned(),
        other => other.to_string().chars().take(60).collect(),
    }
}

fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    number.filter(|number: &f64| number.is_finite())
}

fn flag(value: &Value) -> Option<bool> {
    match (value.as_bool(), value.as_u64(), value.as_str()) {
        (Some(flag), ..) => Some(flag),
        (_, Some(0), _) | (_, _, Some("" | "0")) => Some(false),
        (_, Some(1), _) | (_, _, Some("1")) => Some(true),
        _ => None,
    }
}
