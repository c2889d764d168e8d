//! What a report is asked for.

use crate::json;
use crate::period::Preset;
use jiff::civil::Date;
use meschain_base::{Error, Result};
use serde_json::Value;

/// Width of a point of the series.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Granularity {
    /// Hours below 3 days, days up to 92, months above.
    #[default]
    Auto,
    /// Hours of the shop's clock.
    Hour,
    /// Days.
    Day,
    /// ISO weeks, Monday to Sunday.
    Week,
    /// Months.
    Month,
}

impl Granularity {
    const NAMES: [(&'static str, Self); 5] = [
        ("auto", Self::Auto),
        ("hour", Self::Hour),
        ("day", Self::Day),
        ("week", Self::Week),
        ("month", Self::Month),
    ];

    /// Its machine name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, value)| *value == self).map_or("auto", |(name, _)| name)
    }

    /// Itself, or what fits a number of days.
    pub(crate) fn resolve(self, days: i64) -> Self {
        match self {
            Self::Auto if days < 3 => Self::Hour,
            Self::Auto if days <= 92 => Self::Day,
            Self::Auto => Self::Month,
            chosen => chosen,
        }
    }
}

/// A question. The default asks for the last 30 days of the whole shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// Which days.
    pub preset: Preset,
    /// First and last day of [`Preset::Custom`].
    pub custom: Option<(Date, Date)>,
    /// Only this store.
    pub store_id: Option<u32>,
    /// Only this marketplace.
    pub marketplace_id: Option<u32>,
    /// Width of a point.
    pub granularity: Granularity,
    /// Products in the top list.
    pub limit: usize,
    /// Language of status names, such as `tr-tr`; the shop's own when not given or not known.
    pub language: Option<String>,
}

impl Default for Query {
    fn default() -> Self {
        Self {
            preset: Preset::Last30,
            custom: None,
            store_id: None,
            marketplace_id: None,
            granularity: Granularity::Auto,
            limit: 10,
            language: None,
        }
    }
}

const KEYS: [&str; 8] =
    ["range", "from", "to", "store_id", "marketplace_id", "granularity", "limit", "language"];

/// Hours of more days than this would be thousands of points.
const MOST_DAYS_BY_HOUR: i64 = 31;
const MOST_YEARS: i64 = 100;

impl Query {
    /// Reads the options of a call. `from` and `to` count with the range `custom`, which is also what they mean when no range
    /// is given. Errors name the option.
    pub fn from_json(value: &Value) -> Result<Self> {
        let mut query = Self::default();
        let Some(map) = json::options("query", value, &KEYS)? else { return Ok(query) };
        let (from, to) = (json::text(map, "from")?, json::text(map, "to")?);
        query.preset = match json::text(map, "range")? {
            Some(name) => Preset::parse(&name)?,
            None if from.is_some() || to.is_some() => Preset::Custom,
            None => query.preset,
        };
        if query.preset == Preset::Custom {
            query.custom = Some(days(from, to)?);
        }
        query.store_id = json::number(map, "store_id", 0, u32::MAX)?;
        query.marketplace_id = json::number(map, "marketplace_id", 1, u32::MAX)?;
        if let Some(name) = json::text(map, "granularity")? {
            let found = Granularity::NAMES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            let names = Granularity::NAMES.map(|(name, _)| name).join(", ");
            query.granularity =
                found.ok_or_else(|| Error::argument("granularity", format!("one of {names}"), &name))?;
        }
        if let Some(limit) = json::number(map, "limit", 1, 100)? {
            query.limit = limit as usize;
        }
        query.language = json::text(map, "language")?;
        Ok(query)
    }

    /// The width of a point for so many days, or why there can be none.
    pub(crate) fn granularity_for(&self, days: i64) -> Result<Granularity> {
        match self.granularity.resolve(days) {
            Granularity::Hour if days > MOST_DAYS_BY_HOUR => {
                let expected = format!("day, week or month for more than {MOST_DAYS_BY_HOUR} days");
                Err(Error::argument("granularity", expected, "hour"))
            }
            fits => Ok(fits),
        }
    }
}

fn days(from: Option<String>, to: Option<String>) -> Result<(Date, Date)> {
    let (from, to) = (day("from", from)?, day("to", to)?);
    if to < from {
        return Err(Error::argument("to", format!("a day from {from} on"), to.to_string()));
    }
    if i64::from(to.year()) - i64::from(from.year()) > MOST_YEARS {
        return Err(Error::argument(
            "to",
            format!("a day within {MOST_YEARS} years of {from}"),
            to.to_string(),
        ));
    }
    Ok((from, to))
}

fn day(name: &str, given: Option<String>) -> Result<Date> {
    let given = given.unwrap_or_default();
    let parsed = given
        .parse::<Date>()
        .ok()
        .filter(|day| day.to_string() == given && (1000..=9000).contains(&day.year()));
    parsed.ok_or_else(|| Error::argument(name, "a day as YYYY-MM-DD", given))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn takes_numbers_as_text_and_nothing_as_default() {
        for nothing in [json!(null), json!([]), json!({}), json!({"store_id": "", "range": null})] {
            assert_eq!(Query::from_json(&nothing).unwrap(), Query::default());
        }
        let query = Query::from_json(
            &json!({"range": "last_7", "store_id": "0", "marketplace_id": 2.0, "limit": "100"}),
        );
        let query = query.unwrap();
        assert_eq!(
            (query.preset, query.store_id, query.marketplace_id, query.limit),
            (Preset::Last7, Some(0), Some(2), 100)
        );
        let query = Query::from_json(&json!({"from": "2026-01-02", "to": "2026-01-02"})).unwrap();
        assert_eq!(query.preset, Preset::Custom);
    }

    #[test]
    fn refusals_name_the_option() {
        for (name, value) in [
            ("range", json!({"range": "fortnight"})),
            ("from", json!({"range": "custom", "to": "2026-01-01"})),
            ("from", json!({"from": "2026-1-1", "to": "2026-01-02"})),
            ("to", json!({"from": "2026-02-01", "to": "2026-01-31"})),
            ("to", json!({"from": "1026-02-01", "to": "2026-01-31"})),
            ("to", json!({"from": "2026-02-01", "to": "2026-02-30"})),
            ("store_id", json!({"store_id": -1})),
            ("store_id", json!({"store_id": "1 OR 1"})),
            ("marketplace_id", json!({"marketplace_id": [1]})),
            ("limit", json!({"limit": 101})),
            ("limit", json!({"limit": 1.5})),
            ("granularity", json!({"granularity": "minute"})),
            ("query", json!({"rnage": "today"})),
            ("query", json!("today")),
        ] {
            let error = Query::from_json(&value).unwrap_err();
            assert!(matches!(&error, Error::Argument { name: n, .. } if n == name), "{name}: {error:?}");
        }
    }

    #[test]
    fn granularity_fits_the_days() {
        let auto = |days| Query::default().granularity_for(days).unwrap();
        assert_eq!(
            [1, 2, 3, 92, 93].map(auto).map(Granularity::name),
            ["hour", "hour", "day", "day", "month"]
        );
        assert!(Query { granularity: Granularity::Hour, ..Query::default() }.granularity_for(32).is_err());
    }
}
