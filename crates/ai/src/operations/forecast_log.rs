//! Forecasts as they were made, and what came of them: `meschain_ai_forecasts`. Product 0 is the whole shop, by day; products
//! are kept by week.

use crate::data::Sales;
use crate::data::calendar::{date_of, day_of};
use crate::data::sales::Sale;
use jiff::civil::Date;
use meschain_base::{Progress, Result};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{TxOpts, Value as Cell};
use meschain_shop::{Database, fault, rows};

/// Rows in one statement.
const BATCH: usize = 500;
/// Rows that one run holds against what sold, at most.
const MOST_SETTLED: u32 = 500_000;
/// Days that forecasts are kept.
const KEPT_DAYS: u32 = 400;

/// One period of a forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// 0 for the whole shop.
    pub product_id: u32,
    /// `day` or `week`.
    pub granularity: &'static str,
    /// Its first day.
    pub start: Date,
    /// Expected, and the interval.
    pub units: [f64; 3],
}

/// Writes what was forecast on a day, all or nothing; the same day's rows are replaced.
pub fn write(database: &Database, made_on: Date, version: Option<&str>, all: &[Logged]) -> Result<()> {
    let mut connection = database.connection()?;
    let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
    for batch in all.chunks(BATCH) {
        let places = vec!["(?, ?, ?, ?, ?, ?, ?, ?)"; batch.len()].join(", ");
        let sql = format!(
            "INSERT INTO meschain_ai_forecasts (product_id, made_on, granularity, period_start, units, lower, upper, \
             model_version) VALUES {places} ON DUPLICATE KEY UPDATE units = VALUES(units), lower = VALUES(lower), \
             upper = VALUES(upper), model_version = VALUES(model_version)"
        );
        let cells = batch.iter().flat_map(|one| -> [Cell; 8] {
            let [units, lower, upper] = one.units;
            [
                one.product_id.into(),
                made_on.to_string().into(),
                one.granularity.into(),
                one.start.to_string().into(),
                units.into(),
                lower.into(),
                upper.into(),
                version.into(),
            ]
        });
        transaction.exec_drop(sql, cells.collect::<Vec<Cell>>()).map_err(fault)?;
    }
    transaction.commit().map_err(fault)
}

/// Whether products were already logged in the week of `today`.
pub fn has_products_since(database: &Database, monday: Date) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM (SELECT 1 FROM meschain_ai_forecasts WHERE granularity = 'week' AND made_on >= ? \
               LIMIT 1) one";
    let found: Option<i64> = rows::first(&mut database.connection()?, sql, (monday.to_string(),))?;
    Ok(found.unwrap_or(0) > 0)
}

/// Puts what sold beside the forecasts whose period is over, and forgets what is old. Returns the rows settled.
pub fn settle(
    database: &Database,
    sales: &Sales,
    row_of: impl Fn(u32) -> Option<usize>,
    progress: &Progress,
) -> Result<usize> {
    let (mut connection, last) = (database.connection()?, sales.last_day());
    let sql = "SELECT product_id, DATE_FORMAT(made_on, '%Y-%m-%d'), CAST(granularity AS CHAR), \
               DATE_FORMAT(period_start, '%Y-%m-%d') FROM meschain_ai_forecasts WHERE actual IS NULL \
               AND ((granularity = 'day' AND period_start <= ?) OR (granularity = 'week' AND period_start <= ?)) LIMIT ?";
    let (day, week) = (date_of(last).to_string(), date_of(last - 6).to_string());
    type Open = (u32, String, String, String);
    let open: Vec<Open> = rows::all(&mut connection, sql, (day, week, MOST_SETTLED))?;
    let shop = by_day(sales.all());
    let sold = |(product, _, granularity, start): &Open| -> Option<f64> {
        let first = start.parse::<Date>().ok().map(day_of)?;
        let last = if granularity == "day" { first } else { first + 6 };
        let within = |sale: &&Sale| (first..=last).contains(&sale.day);
        Some(match *product {
            0 => (first..=last).filter_map(|day| shop.get(&day)).sum(),
            product => {
                let sales = row_of(product).map(|row| sales.of(row)).unwrap_or_default();
                sales.iter().filter(within).map(|sale| f64::from(sale.units)).sum()
            }
        })
    };
    let sql = "UPDATE meschain_ai_forecasts SET actual = ? WHERE product_id = ? AND made_on = ? AND granularity = ? \
               AND period_start = ?";
    for batch in open.chunks(BATCH) {
        progress.check()?;
        let cells = batch.iter().filter_map(|one| {
            let (product, made_on, granularity, start) = one;
            Some((sold(one)?, product, made_on, granularity, start))
        });
        let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
        transaction.exec_batch(sql, cells).map_err(fault)?;
        transaction.commit().map_err(fault)?;
    }
    let sql = "DELETE FROM meschain_ai_forecasts WHERE made_on < UTC_DATE() - INTERVAL ? DAY";
    connection.exec_drop(sql, (KEPT_DAYS,)).map_err(fault)?;
    Ok(open.len())
}

fn by_day(sales: &[Sale]) -> indexmap::IndexMap<i32, f64> {
    let mut days = indexmap::IndexMap::new();
    for sale in sales {
        *days.entry(sale.day).or_default() += f64::from(sale.units);
    }
    days
}
