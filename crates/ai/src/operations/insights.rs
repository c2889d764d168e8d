//! What the forecasts say that a shopkeeper should know: what runs out, what lies too long, what turns.

use crate::forecast::Forecast;
use crate::forecast::stock::StockPlan;
use crate::inference::Advisor;
use crate::inference::demand::Outlook;
use jiff::civil::Date;
use meschain_base::{Error, Result};
use meschain_shop::columns::NO_COST;
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{TxOpts, Value as Cell};
use meschain_shop::{Database, fault, rows};
use serde_json::{Value, json};

/// The kinds there are, besides the shop's total.
pub const KINDS: [&str; 4] = ["stock_out", "overstock", "rising", "falling"];
/// Insights of each kind that are kept, the dearest.
const KEPT: usize = 200;
/// Days of cover beyond which stock lies too long: half a year.
const LONG_COVER: f64 = 182.0;
/// Days that a coming stock-out is told ahead of the time a delivery takes.
const AHEAD: i64 = 7;

/// Units too many from where on they are told: the last piece or two of a slow seller is no overstock.
const LEAST_IDLE: f64 = 5.0;
/// Units in the stretch from where on a turn is told.
const LEAST_UNITS: f64 = 10.0;

/// One of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Insight {
    /// One of [`KINDS`], or `total`.
    pub kind: &'static str,
    /// 0 for the shop.
    pub product_id: u32,
    /// The day it is about.
    pub event_on: Option<Date>,
    /// What it is about in money, without tax.
    pub value: f64,
    /// Figures.
    pub detail: Value,
}

/// What a product's weekly outlook says, as of `today`.
pub fn of(advisor: &Advisor<'_>, row: usize, outlook: &Outlook, today: Date) -> Vec<Insight> {
    let products = advisor.snapshot.products();
    let price = products.price.get(row).map_or(0.0, money);
    let forecast = &outlook.forecast;
    let weeks = forecast.values.len().max(1);
    let recent: f64 = outlook.series.history.iter().rev().take(weeks).sum();
    let turned = turn(recent, forecast).map(|kind| Insight {
        kind,
        product_id: advisor.product_id(row),
        event_on: None,
        value: (forecast.total - recent).abs() * price,
        detail: json!({
            "expected_units": forecast.total, "recent_units": recent, "weeks": weeks,
            "lower": forecast.total_lower, "upper": forecast.total_upper,
        }),
    });
    let stock = outlook.plan.as_ref().map(|plan| of_stock(advisor, row, forecast, plan, today));
    stock.into_iter().flatten().chain(turned).collect()
}

/// What runs out before a delivery that is ordered within a week would be here, and what lies too long.
fn of_stock(
    advisor: &Advisor<'_>,
    row: usize,
    forecast: &Forecast,
    plan: &StockPlan,
    today: Date,
) -> Vec<Insight> {
    let products = advisor.snapshot.products();
    let price = products.price.get(row).map_or(0.0, money);
    let cost = products.cost.get(row).filter(|raw| **raw != NO_COST).map_or(price, money);
    let quantity = f64::from(advisor.on_hand(row).unwrap_or(0));
    let owed = f64::from(advisor.owed(row));
    let rate = forecast.total / forecast.values.len().max(1) as f64;
    let mut found = Vec::new();
    let mut add = |kind, event_on, value, detail| {
        found.push(Insight { kind, product_id: advisor.product_id(row), event_on, value, detail });
    };
    let lead = advisor.settings.lead_days as f64;
    let warning = i64::try_from(advisor.settings.lead_days).unwrap_or(0).saturating_add(AHEAD);
    let near = |date: &Date| *date <= today.saturating_add(jiff::ToSpan::days(warning.min(3_650)));
    let ends = plan.stock_out_date.filter(near).filter(|_| owed > 0.0 || forecast.total >= 1.0);
    if let Some(date) = ends {
        // What would be sold between running out and a delivery that is ordered today; what is owed waits for it, too.
        let missed = (lead - plan.days_of_cover.unwrap_or(0.0)).max(0.0) / 7.0 * rate;
        let detail = json!({
            "quantity": quantity, "weekly_units": rate, "days_of_cover": plan.days_of_cover,
            "reorder_quantity": plan.reorder_quantity, "missed_units": missed, "owed_units": owed,
        });
        add("stock_out", Some(date), (missed + owed) * price, detail);
    }
    let idle = advisor.counted(row).map_or(0.0, f64::from) - rate * LONG_COVER / 7.0;
    if plan.days_of_cover.is_none_or(|days| days > LONG_COVER) && idle >= LEAST_IDLE {
        let detail = json!({
            "quantity": quantity, "weekly_units": rate, "days_of_cover": plan.days_of_cover, "idle_units": idle,
        });
        add("overstock", None, idle * cost, detail);
    }
    found
}

/// What is owed of a product of which nothing can be forecast, and what of it is still to be ordered.
pub fn of_unforecast(advisor: &Advisor<'_>, row: usize, on_order: f64, today: Date) -> Vec<Insight> {
    let owed = f64::from(advisor.owed(row));
    if owed < 1.0 {
        return Vec::new();
    }
    let price = advisor.snapshot.products().price.get(row).map_or(0.0, money);
    vec![Insight {
        kind: "stock_out",
        product_id: advisor.product_id(row),
        event_on: Some(today),
        value: owed * price,
        detail: json!({ "quantity": -owed, "owed_units": owed, "reorder_quantity": advisor.still_owed(row, on_order) }),
    }]
}

fn money(raw: &i64) -> f64 {
    *raw as f64 / 1e4
}

/// Whether the coming weeks differ from the last as many by more than twice the half of the forecast's interval: the sums of two
/// equal stretches differ by so much in about two of a hundred cases.
fn turn(recent: f64, forecast: &Forecast) -> Option<&'static str> {
    if recent.max(forecast.total) < LEAST_UNITS {
        return None;
    }
    match () {
        () if recent < forecast.total - 2.0 * (forecast.total - forecast.total_lower) => Some("rising"),
        () if recent > forecast.total + 2.0 * (forecast.total_upper - forecast.total) => Some("falling"),
        () => None,
    }
}

/// Replaces what is kept, in one transaction.
pub fn keep(database: &Database, made_on: Date, mut all: Vec<Insight>) -> Result<usize> {
    all.sort_by(|a, b| a.kind.cmp(b.kind).then(b.value.total_cmp(&a.value)));
    let mut count = (all.first().map_or("", |one| one.kind), 0);
    all.retain(|one| {
        count = if count.0 == one.kind { (count.0, count.1 + 1) } else { (one.kind, 1) };
        count.1 <= KEPT
    });
    let mut connection = database.connection()?;
    let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
    transaction.query_drop("DELETE FROM meschain_ai_insights").map_err(fault)?;
    let sql = "INSERT INTO meschain_ai_insights (kind, product_id, made_on, event_on, value, detail) \
               VALUES (?, ?, ?, ?, ?, ?)";
    let day = made_on.to_string();
    let cells = all.iter().map(|one| -> [Cell; 6] {
        let event = one.event_on.map(|date| date.to_string());
        [
            one.kind.into(),
            one.product_id.into(),
            day.clone().into(),
            event.into(),
            one.value.into(),
            one.detail.to_string().into(),
        ]
    });
    transaction.exec_batch(sql, cells.map(|cells| cells.to_vec())).map_err(fault)?;
    transaction.commit().map_err(fault)?;
    Ok(all.len())
}

/// The kinds that `names` are, all of them when it names none, in the order of [`KINDS`]. Fails with an argument error for any other name.
pub fn kinds(names: &[String]) -> Result<Vec<&'static str>> {
    if let Some(unknown) = names.iter().find(|name| !KINDS.contains(&name.as_str())) {
        let expected = format!("some of {}", KINDS.join(", "));
        return Err(Error::argument("options[\"kinds\"]", expected, format!("\"{unknown}\"")));
    }
    Ok(KINDS.into_iter().filter(|kind| names.is_empty() || names.iter().any(|name| name == kind)).collect())
}

/// The dearest of the [`kinds`] wanted, and the shop's total. Products that are gone from the catalogue are left out.
pub fn list(advisor: &Advisor<'_>, database: &Database, kinds: &[&'static str], limit: u32) -> Result<Value> {
    let mut connection = database.connection()?;
    type Kept = (String, u32, String, Option<String>, f64, String);
    let columns = "CAST(kind AS CHAR), product_id, DATE_FORMAT(made_on, '%Y-%m-%d'), \
                   DATE_FORMAT(event_on, '%Y-%m-%d'), value, detail FROM meschain_ai_insights";
    let total: Option<Kept> =
        rows::first(&mut connection, &format!("SELECT {columns} WHERE kind = 'total'"), ())?;
    let Some(total) = total else { return Ok(crate::inference::unavailable("not_forecast")) };
    let places = vec!["?"; kinds.len()].join(", ");
    let sql =
        format!("SELECT {columns} WHERE kind IN ({places}) ORDER BY value DESC, product_id LIMIT {limit}");
    let found: Vec<Kept> = rows::all(&mut connection, &sql, kinds.to_vec())?;
    let products = advisor.snapshot.products();
    let detail = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let item = |(kind, product_id, _, event_on, value, text): Kept| {
        let row = products.find(product_id).filter(|row| products.known.get(*row) == Some(&1))?;
        Some(json!({
            "kind": kind, "product_id": product_id, "name": products.name.get(row), "model": products.model.get(row),
            "event_on": event_on, "value": value, "detail": detail(&text),
        }))
    };
    let items: Vec<Value> = found.into_iter().filter_map(item).collect();
    Ok(json!({ "available": true, "made_on": total.2, "total": detail(&total.5), "items": items }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Config, Granularity, SeriesInput, forecast};

    #[test]
    fn kinds_are_all_some_or_refused_by_name() {
        let named = |names: &[&str]| kinds(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(named(&[]).unwrap(), KINDS);
        assert_eq!(named(&["falling", "stock_out", "falling"]).unwrap(), ["stock_out", "falling"]);
        match named(&["stock_out", "total"]).unwrap_err() {
            Error::Argument { name, given, .. } => {
                assert_eq!((name.as_str(), given.as_str()), ("options[\"kinds\"]", "\"total\""));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_a_turn_beyond_chance_is_told() {
        let even: Vec<f64> = (0..40).map(|week| 20.0 + f64::from(week % 3)).collect();
        let series = SeriesInput::new(even, Granularity::Week);
        let found = forecast(&series, 4, &Config::default(), None).unwrap();
        assert_eq!(turn(found.total, &found), None);
        assert_eq!(turn(found.total_upper + 0.5 * (found.total_upper - found.total), &found), None);
        assert_eq!(turn(4.0 * found.total, &found), Some("falling"));
        assert_eq!(turn(0.0, &found), Some("rising"));
        let slow = Forecast { total: 3.0, total_lower: 2.9, total_upper: 3.1, ..found };
        assert_eq!(turn(9.0, &slow), None);
    }
}
