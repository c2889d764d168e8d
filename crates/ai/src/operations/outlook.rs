//! The daily forecasts of the shop: kept to be held against what happens, and read for what a shopkeeper should know.

use super::forecast_log::{self, Logged};
use super::insights::{self, Insight};
use super::stock_watch;
use crate::data::Sales;
use crate::data::calendar::{date_of, day_of, monday_of};
use crate::forecast::{Forecast, Granularity, SeriesInput};
use crate::inference::Advisor;
use crate::inference::batch::Measure;
use crate::inference::demand::DemandQuery;
use crate::suggestions::on_their_way;
use crate::training::series::period_start;
use jiff::civil::Date;
use meschain_base::{Error, Progress, Result};
use serde_json::{Value, json};

/// Weeks ahead for products.
const WEEKS: usize = 4;
/// Days ahead for the shop.
const DAYS: usize = 28;
/// Products whose forecasts are kept, those that sell most.
const MOST_PRODUCTS: usize = 20_000;

/// Makes them. Returns `products` forecast, `kept` rows, `settled` rows of earlier forecasts, `insights`.
pub fn make(advisor: &Advisor<'_>, progress: &Progress) -> Result<Value> {
    let database = advisor.database.ok_or(Error::NotConfigured { setting: "database_url" })?;
    let today = advisor.now.to_zoned(advisor.zone()).date();
    let row_of = |product: u32| advisor.snapshot.products().find(product);
    progress.stage("forecasts: what came of the last", 0)?;
    let sales = Sales::read(&advisor.scope(None)?)?;
    stock_watch::observe(database, advisor.timezone, advisor.now)?;
    stock_watch::backdate(database, &sales, row_of)?;
    let settled = forecast_log::settle(database, &sales, row_of, progress)?;
    drop(sales);

    let rows = advisor.on_sale();
    progress.stage("forecasts: products", rows.len() as u64)?;
    let query = DemandQuery::new(WEEKS, Granularity::Week);
    let coming = on_their_way(advisor, database)?;
    let mut logs = Vec::new();
    let mut found: Vec<Insight> = Vec::new();
    let coming = |product: u32| coming.get(&product).copied().unwrap_or(0.0);
    let outlooks = advisor.outlooks(&rows, &query, coming, progress, |row, outlook| {
        let product = advisor.product_id(row);
        let Ok(outlook) = outlook else {
            return (None, insights::of_unforecast(advisor, row, coming(product), today));
        };
        let log = logged(product, "week", &outlook.series, &outlook.forecast);
        (Some((outlook.forecast.total, log)), insights::of(advisor, row, &outlook, today))
    })?;
    for (log, insight) in outlooks {
        logs.extend(log);
        found.extend(insight);
    }
    let products = logs.len();

    progress.stage("forecasts: shop", 0)?;
    let mut kept = Vec::new();
    found.extend(shop(advisor, &mut kept)?);
    let monday = date_of(monday_of(day_of(today)));
    if !forecast_log::has_products_since(database, monday)? {
        logs.sort_by(|a, b| b.0.total_cmp(&a.0));
        kept.extend(logs.into_iter().take(MOST_PRODUCTS).flat_map(|(_, log)| log));
    }
    let version = advisor.models.pools().unwrap_or(None).map(|(card, _)| card.version);
    forecast_log::write(database, today, version.as_deref(), &kept)?;
    let insights = insights::keep(database, today, found)?;
    Ok(json!({ "products": products, "kept": kept.len(), "settled": settled, "insights": insights }))
}

/// The whole shop: its days go into the log, its sum beside the same days before is what the total says.
fn shop(advisor: &Advisor<'_>, kept: &mut Vec<Logged>) -> Result<Option<Insight>> {
    let query = DemandQuery::new(DAYS, Granularity::Day);
    let total = |measure| advisor.total(&query, measure);
    let (Ok((series, units)), Ok((_, revenue))) = (total(Measure::Units)?, total(Measure::Revenue)?) else {
        return Ok(None);
    };
    kept.extend(logged(0, "day", &series, &units));
    let recent: f64 = series.history.iter().rev().take(DAYS).sum();
    let detail = json!({
        "days": DAYS, "units": units.total, "units_lower": units.total_lower, "units_upper": units.total_upper,
        "recent_units": recent, "revenue": revenue.total, "revenue_lower": revenue.total_lower,
        "revenue_upper": revenue.total_upper, "placeholder_stocks": advisor.placeholders().len(),
    });
    Ok(Some(Insight { kind: "total", product_id: 0, event_on: None, value: revenue.total, detail }))
}

fn logged(
    product_id: u32,
    granularity: &'static str,
    series: &SeriesInput,
    forecast: &Forecast,
) -> Vec<Logged> {
    let start: Date = series.start.unwrap_or_default();
    let bands = forecast.values.iter().zip(forecast.lower.iter().zip(&forecast.upper));
    let row = |(step, (units, (lower, upper))): (usize, (&f64, (&f64, &f64)))| Logged {
        product_id,
        granularity,
        start: period_start(start, series.history.len() + step, series.granularity),
        units: [*units, *lower, *upper],
    };
    bands.enumerate().map(row).collect()
}
