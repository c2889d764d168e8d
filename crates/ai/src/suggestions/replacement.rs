//! What a person puts in place of a suggestion, held against what the shop can hold before the suggestion is taken; and the categories
//! to choose from.

use super::{Kind, Store};
use crate::data::feedback::category_ids;
use crate::settings::AiSettings;
use crate::text::normalize::words_line;
use meschain_base::{Error, Result};
use meschain_shop::read::{self, Category};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The highest price and quantity that are taken.
const HIGHEST: f64 = 1e9;

impl Store {
    /// The value to write for what was `given` in place of the suggestion `found`.
    pub(super) fn replacement(&self, found: &Value, given: &Value, language_id: u32) -> Result<Value> {
        let given = Given::open(given)?;
        match Kind::parse("kind", found.get("kind").and_then(Value::as_str).unwrap_or_default())? {
            Kind::Price => price(&AiSettings::load(&self.database)?, found, &given),
            Kind::Reorder => quantity(&given),
            Kind::Category => {
                category(&read::categories(&self.database, i64::from(language_id))?, found, &given)
            }
        }
    }

    /// Categories whose path has every word of `search`, by path: `[{"category_id", "path"}]`.
    pub fn categories(&self, search: &str, language_id: u32, limit: usize) -> Result<Value> {
        let wanted = words_line(search);
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        if wanted.is_empty() {
            return Ok(json!([]));
        }
        let all = read::categories(&self.database, i64::from(language_id))?;
        let fits = |category: &&Category| {
            let path = words_line(&category.path);
            wanted.iter().all(|word| path.contains(word))
        };
        let mut found: Vec<&Category> = all.values().filter(fits).collect();
        found.sort_by(|a, b| a.path.cmp(&b.path));
        found.truncate(limit);
        Ok(found.into_iter().map(named).collect())
    }
}

/// An array with one key.
struct Given<'a>(&'a Map<String, Value>);

impl<'a> Given<'a> {
    fn open(given: &'a Value) -> Result<Self> {
        given
            .as_object()
            .map(Self)
            .ok_or_else(|| Error::argument("value", "an array with a key", given.to_string()))
    }

    /// The number under `key`, the only one there is, if it fits.
    fn number(&self, key: &str, expected: &str, fits: impl Fn(f64) -> bool) -> Result<f64> {
        if let Some(other) = self.0.keys().find(|name| *name != key) {
            return Err(Error::argument("value", format!("the key {key}"), format!("key \"{other}\"")));
        }
        let value = self.0.get(key).unwrap_or(&Value::Null);
        let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
        let number = number.filter(|number| number.is_finite() && fits(*number));
        number.ok_or_else(|| Error::argument(format!("value[\"{key}\"]"), expected, value.to_string()))
    }
}

/// Above 0, with four decimals as the catalogue keeps it, and within the shop's own floor and ceiling of the current price; a special stays
/// below the catalogue's price, where that does not move with it.
fn price(settings: &AiSettings, found: &Value, given: &Given<'_>) -> Result<Value> {
    let current = found.pointer("/before/price").and_then(Value::as_f64).filter(|price| *price > 0.0);
    let bound = |ratio: Option<f64>| Some(ratio? * current?);
    let least = bound(settings.price_floor).unwrap_or(0.0).max(0.0001);
    let beside =
        found.pointer("/before/list_price").filter(|_| found.pointer("/before/list_follows").is_none());
    let below = beside.and_then(Value::as_f64).map(|price| price - 0.0001);
    let most = bound(settings.price_ceiling).unwrap_or(HIGHEST).min(below.unwrap_or(HIGHEST)).min(HIGHEST);
    let rounded = |price: f64| (price * 1e4).round() / 1e4;
    let expected = format!("a price from {} to {}", rounded(least), rounded(most));
    let fits = |price: f64| (rounded(least)..=rounded(most)).contains(&rounded(price));
    Ok(json!({ "price": rounded(given.number("price", &expected, fits)?) }))
}

fn quantity(given: &Given<'_>) -> Result<Value> {
    let fits = |quantity: f64| (1.0..=HIGHEST).contains(&quantity) && quantity.fract() == 0.0;
    Ok(json!({ "quantity": given.number("quantity", "a whole number from 1 to 1000000000", fits)? }))
}

/// The chosen category in place of the suggested one. What the suggestion takes the product out of stays as it is, except the chosen
/// category itself.
fn category(all: &BTreeMap<i64, Category>, found: &Value, given: &Given<'_>) -> Result<Value> {
    let expected = "the number of a category of the shop";
    let number =
        given.number("category_id", expected, |id| (1.0..=HIGHEST).contains(&id) && id.fract() == 0.0)?;
    let refused = |expected: &str| Error::argument("value[\"category_id\"]", expected, number.to_string());
    let chosen = all.get(&(number as i64)).ok_or_else(|| refused(expected))?;
    let part = |name: &str| found.get(name).cloned().unwrap_or_default();
    let (suggested, id) = (part("suggested"), chosen.category_id);
    if category_ids(&suggested, "add").contains(&id) {
        return Ok(suggested);
    }
    let other = |one: &&Value| one.get("category_id").and_then(Value::as_i64) != Some(id);
    let remove = suggested.get("remove").and_then(Value::as_array).into_iter().flatten().filter(other);
    let remove: Vec<Value> = remove.cloned().collect();
    let add =
        if category_ids(&part("before"), "categories").contains(&id) { vec![] } else { vec![named(chosen)] };
    if add.is_empty() && remove.is_empty() {
        return Err(refused("a category that the product is not in already"));
    }
    Ok(json!({ "add": add, "remove": remove }))
}

fn named(category: &Category) -> Value {
    json!({ "category_id": category.category_id, "path": category.path })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> BTreeMap<i64, Category> {
        let one = |id: i64, path: &str| Category {
            category_id: id,
            parent_id: 0,
            name: path.to_owned(),
            enabled: true,
            path_ids: vec![id],
            path: path.to_owned(),
        };
        [(3, "Çay"), (4, "Kahve"), (7, "Bardak"), (9, "Demlik")]
            .into_iter()
            .map(|(id, path)| (id, one(id, path)))
            .collect()
    }

    fn moved() -> Value {
        json!({
            "kind": "category", "before": { "categories": [{ "category_id": 3 }, { "category_id": 4 }] },
            "suggested": { "add": [{ "category_id": 7, "path": "Bardak" }], "remove": [{ "category_id": 3, "path": "Çay" }] },
        })
    }

    fn chosen(id: Value) -> Result<Value> {
        let given = json!({ "category_id": id });
        category(&tree(), &moved(), &Given::open(&given)?)
    }

    #[test]
    fn the_chosen_category_takes_the_place_of_the_suggested_one() {
        let after = chosen(json!(9)).unwrap();
        assert_eq!(after["add"], json!([{ "category_id": 9, "path": "Demlik" }]));
        assert_eq!(after["remove"], moved()["suggested"]["remove"]);
        // The suggested one is no change; one it is in already stays, and only the wrong one goes.
        assert_eq!(chosen(json!(7)).unwrap(), moved()["suggested"]);
        assert_eq!(
            chosen(json!("4")).unwrap(),
            json!({ "add": [], "remove": moved()["suggested"]["remove"] })
        );
    }

    #[test]
    fn a_category_that_changes_nothing_or_is_not_there_is_refused_by_name() {
        for (id, expected) in
            [(json!(3), "not in already"), (json!(99), "of the shop"), (json!(1.5), "of the shop")]
        {
            let error = chosen(id).unwrap_err();
            assert!(
                matches!(&error, Error::Argument { name, expected: said, .. }
                if name == "value[\"category_id\"]" && said.contains(expected)),
                "{error:?}"
            );
        }
    }

    #[test]
    fn a_price_keeps_to_the_shops_floor_and_ceiling() {
        let found = json!({ "before": { "price": 100.0 } });
        let settings =
            AiSettings { price_floor: Some(0.8), price_ceiling: Some(1.5), ..AiSettings::default() };
        let ask =
            |settings: &AiSettings, given: Value| price(settings, &found, &Given::open(&given).unwrap());
        assert_eq!(ask(&settings, json!({ "price": "99.99999" })).unwrap(), json!({ "price": 100.0 }));
        for given in [json!(79.99), json!(150.01), json!("x"), json!(null), json!(0), json!(-1)] {
            let error = ask(&settings, json!({ "price": given })).unwrap_err();
            assert!(
                matches!(&error, Error::Argument { name, expected, .. }
                if name == "value[\"price\"]" && expected == "a price from 80 to 150"),
                "{error:?}"
            );
        }
        let free = AiSettings::default();
        let special = json!({ "before": { "price": 80.0, "list_price": 100.0 } });
        let ask_special =
            |price: f64| super::price(&free, &special, &Given::open(&json!({ "price": price })).unwrap());
        assert!(
            ask_special(99.9).is_ok() && ask_special(100.0).is_err(),
            "a special stays below the catalogue's price"
        );
        let tied = json!({ "before": { "price": 80.0, "list_price": 100.0, "list_follows": "share" } });
        assert!(super::price(&free, &tied, &Given::open(&json!({ "price": 110.0 })).unwrap()).is_ok());
        assert!(
            ask(&free, json!({ "price": 5000.0 })).is_ok()
                && ask(&free, json!({ "price": 0.00004 })).is_err()
        );
        assert!(ask(&free, json!({ "price": 5, "add": [] })).is_err());
    }

    #[test]
    fn a_quantity_is_a_whole_number() {
        let ask = |given: Value| quantity(&Given(given.as_object().unwrap()));
        assert_eq!(ask(json!({ "quantity": 17 })).unwrap(), json!({ "quantity": 17.0 }));
        assert!(ask(json!({ "quantity": 1.5 })).is_err() && ask(json!({ "quantity": 0 })).is_err());
    }
}
