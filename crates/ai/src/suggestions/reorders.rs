//! Orders of stock for the inbox, the most urgent first.

use super::collect::{stage, valid_days};
use super::ordered::on_their_way;
use super::{Kind, NewSuggestion};
use crate::forecast::Granularity;
use crate::inference::Advisor;
use crate::inference::demand::{DemandQuery, Outlook};
use meschain_base::{Progress, Result};
use meschain_shop::Database;
use serde_json::{Value, json};

/// Periods of the forecast behind an order, in weeks.
const WEEKS: usize = 4;

/// What the stock plans of all products on sale order. What is owed to customers is ordered also where nothing can be forecast.
pub(super) fn reorders(
    advisor: &Advisor<'_>,
    database: &Database,
    progress: &Progress,
) -> Result<Vec<NewSuggestion>> {
    let Some((card, _)) = advisor.models.pools()? else { return Ok(Vec::new()) };
    let counted = |row: &usize| advisor.on_hand(*row).is_some();
    let rows: Vec<usize> = advisor.on_sale().into_iter().filter(counted).collect();
    progress.stage(stage(Kind::Reorder), rows.len() as u64)?;
    let query = DemandQuery::new(WEEKS, Granularity::Week);
    let coming = on_their_way(advisor, database)?;
    let coming = |product: u32| coming.get(&product).copied().unwrap_or(0.0);
    let found = advisor.outlooks(&rows, &query, coming, progress, |row, outlook| {
        let on_order = coming(advisor.product_id(row));
        let (quantity, reason, sure) = match outlook {
            Ok(outlook) => planned(advisor, row, &outlook, &DemandQuery { on_order, ..query.clone() })?,
            Err(_) => owed(advisor, row, on_order)?,
        };
        Some(NewSuggestion {
            kind: Kind::Reorder,
            product_id: advisor.product_id(row),
            marketplace_id: 1,
            before: json!({ "quantity": advisor.on_hand(row) }),
            suggested: json!({ "quantity": quantity }),
            reason,
            confidence: sure,
            expected_gain: None,
            model_version: Some(card.version.clone()),
            valid_days: valid_days(Kind::Reorder),
        })
    })?;
    let mut found: Vec<NewSuggestion> = found.into_iter().flatten().collect();
    found.sort_by(|a, b| urgency(a).total_cmp(&urgency(b)));
    Ok(found)
}

/// Days that the stock lasts, below zero by the units that are owed: no order has a gain to be ranked by.
fn urgency(one: &NewSuggestion) -> f64 {
    let part = |name: &str| one.reason.get(name).and_then(Value::as_f64);
    part("owed")
        .filter(|owed| *owed > 0.0)
        .map_or(part("days_of_cover").unwrap_or(f64::INFINITY), |owed| -owed)
}

/// What the plan orders, why, and how sure it is to last.
fn planned(
    advisor: &Advisor<'_>,
    row: usize,
    outlook: &Outlook,
    query: &DemandQuery,
) -> Option<(f64, Value, Option<f64>)> {
    let plan = outlook.plan.as_ref().filter(|plan| plan.reorder_quantity >= 1.0)?;
    let stock = advisor.stock(row, plan, query);
    let reason = json!({
        "code": "stock_runs_out", "stock_out_date": stock.get("stock_out_date"), "days_of_cover": stock.get("days_of_cover"),
        "owed": advisor.owed(row), "on_order": query.on_order, "reorder_point": stock.get("reorder_point"),
        "expected_units": outlook.forecast.total, "weeks": WEEKS,
    });
    Some((plan.reorder_quantity, reason, stock.get("service_level").and_then(Value::as_f64)))
}

/// What is owed and not on its way.
fn owed(advisor: &Advisor<'_>, row: usize, on_order: f64) -> Option<(f64, Value, Option<f64>)> {
    let quantity = advisor.still_owed(row, on_order);
    let reason = json!({ "code": "owed", "owed": advisor.owed(row), "on_order": on_order });
    (quantity >= 1.0).then_some((quantity, reason, None))
}
