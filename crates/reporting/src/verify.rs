//! The same figures a second time, by SQL over the shop's own tables: the oracle of every report.

mod sql;

use crate::context::Context;
use crate::dashboard::{Dashboard, Periods, dashboard, scope};
use crate::figure::KPIS;
use crate::query::Query;
use meschain_base::Result;
use meschain_shop::Database;
use meschain_shop::columns::Snapshot;
use serde::Serialize;
use sql::{Oracle, Row};
use std::collections::BTreeMap;

/// One figure, from both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which, e.g. `revenue.previous` or `series.2026-11-22.units`.
    pub figure: String,
    /// As the report has it.
    pub snapshot: String,
    /// As SQL has it.
    pub sql: String,
    /// Whether the two are the same text, to the last decimal.
    pub equal: bool,
}

/// Every figure of a dashboard, from both sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Whether all are the same.
    pub equal: bool,
    /// One by one.
    pub checks: Vec<Check>,
}

/// Computes the dashboard of `query` from the snapshot and from the database. They differ where the shop changed since the
/// snapshot was made, and nowhere else.
pub fn verify(
    snapshot: &Snapshot,
    database: &Database,
    query: &Query,
    context: &Context,
) -> Result<Verification> {
    let shown = dashboard(snapshot, query, context)?;
    let periods = Periods::of(snapshot, query, context)?;
    let mut oracle = Oracle::new(database, scope(snapshot, query), snapshot.dictionaries().wall_clock())?;
    let mut checks = Vec::new();
    kpis(&shown, &periods, &mut oracle, &mut checks)?;
    series(&shown, &periods, &mut oracle, &mut checks)?;
    let [now, ..] = &periods.bounds;
    let top = oracle.top_products(now, query.limit)?;
    listed("top_products", products(&shown), top, &mut checks);
    listed("marketplaces", marketplaces(&shown), oracle.marketplaces(now)?, &mut checks);
    Ok(Verification { equal: checks.iter().all(|check| check.equal), checks })
}

fn push(checks: &mut Vec<Check>, figure: String, snapshot: String, sql: String) {
    let equal = snapshot == sql;
    checks.push(Check { figure, snapshot, sql, equal });
}

fn kpis(shown: &Dashboard, periods: &Periods, oracle: &mut Oracle, checks: &mut Vec<Check>) -> Result<()> {
    for (place, (name, window)) in ["value", "previous", "last_year"].iter().zip(&periods.bounds).enumerate()
    {
        let figures = oracle.figures(window)?;
        for ((kpi, sql), (id, _)) in shown.kpis.iter().zip(figures).zip(KPIS) {
            let ours = [kpi.value, kpi.previous, kpi.last_year].get(place).map(ToString::to_string);
            push(checks, format!("{id}.{name}"), ours.unwrap_or_default(), sql);
        }
    }
    Ok(())
}

fn series(shown: &Dashboard, periods: &Periods, oracle: &mut Oracle, checks: &mut Vec<Check>) -> Result<()> {
    let starts: Vec<i64> = periods.buckets.starts().collect();
    let found: BTreeMap<usize, Row> = oracle.series(&starts)?;
    for (place, point) in shown.series.iter().enumerate() {
        let sql = found.get(&place).cloned().unwrap_or_else(Row::zero);
        let ours = Row {
            orders: point.orders.to_string(),
            units: point.units.to_string(),
            revenue: point.revenue.to_string(),
        };
        for (name, ours, sql) in [
            ("revenue", ours.revenue, sql.revenue),
            ("orders", ours.orders, sql.orders),
            ("units", ours.units, sql.units),
        ] {
            push(checks, format!("series.{}.{name}", point.key), ours, sql);
        }
    }
    Ok(())
}

type Listed = Vec<(u32, Row)>;

fn products(shown: &Dashboard) -> Listed {
    let row = |product: &crate::dashboard::TopProduct| {
        let (orders, units, revenue) =
            (product.orders.to_string(), product.units.to_string(), product.revenue.to_string());
        (product.product_id, Row { orders, units, revenue })
    };
    shown.top_products.iter().map(row).collect()
}

fn marketplaces(shown: &Dashboard) -> Listed {
    let row = |place: &crate::dashboard::MarketplaceRow| {
        let (orders, units, revenue) =
            (place.orders.to_string(), place.units.to_string(), place.revenue.to_string());
        (place.marketplace_id, Row { orders, units, revenue })
    };
    shown.marketplaces.iter().map(row).collect()
}

/// Compares two lists place by place: who is there, and with what.
fn listed(name: &str, ours: Listed, sql: Listed, checks: &mut Vec<Check>) {
    let text = |row: Option<&(u32, Row)>| {
        let shown = |(id, row): &(u32, Row)| format!("{id}: {} {} {}", row.orders, row.units, row.revenue);
        row.map_or_else(|| "-".to_owned(), shown)
    };
    for place in 0..ours.len().max(sql.len()) {
        push(checks, format!("{name}.{}", place + 1), text(ours.get(place)), text(sql.get(place)));
    }
}
