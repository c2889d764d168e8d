//! Sees when products run out of stock and come back, so that forecasts do not take days without stock for days without
//! demand. OpenCart keeps no history of its stock.

use crate::data::calendar::{date_of, day_of};
use crate::data::{Calendar, Sales};
use jiff::Timestamp;
use jiff::civil::Date;
use meschain_base::Result;
use meschain_shop::mysql::TxOpts;
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::{Database, fault, read, rows};

/// Days before the first sight of a stock-out in which its beginning is looked for.
const LOOK_BACK: i32 = 60;

/// One look: notes what ran out and what is back, as of the day in the shop's `timezone`. Where the shop sells without stock nothing runs out;
/// elsewhere OpenCart's basket refuses what has none, whether or not the product counts it. What is switched off cannot be bought either.
pub fn observe(database: &Database, timezone: &str, now: Timestamp) -> Result<()> {
    let today = date_of(Calendar::new(timezone)?.day(now.as_second()));
    let settings = read::shop_settings(database, 0)?;
    let sells_without = settings.get("config_stock_checkout") == Some("1");
    let dry = if sells_without { "p.status = 0" } else { "(p.status = 0 OR p.quantity <= 0)" };
    let (product, today) = (database.table("product"), today.to_string());
    let back = format!(
        "UPDATE meschain_stock_outs o JOIN {product} p ON p.product_id = o.product_id SET o.ended_on = ? \
         WHERE o.ended_on IS NULL AND NOT {dry}"
    );
    let out = format!(
        "INSERT INTO meschain_stock_outs (product_id, started_on) SELECT p.product_id, ? FROM {product} p \
         LEFT JOIN meschain_stock_outs o ON o.product_id = p.product_id AND o.ended_on IS NULL \
         WHERE o.product_id IS NULL AND {dry} ON DUPLICATE KEY UPDATE ended_on = NULL"
    );
    let mut connection = database.connection()?;
    let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
    transaction.exec_drop(back, (&today,)).map_err(fault)?;
    transaction.exec_drop(out, (&today,)).map_err(fault)?;
    transaction.commit().map_err(fault)
}

/// Moves the beginning of stock-outs that were first seen since yesterday back to the product's last sale: that sale took the
/// last piece. Returns how many.
pub fn backdate(database: &Database, sales: &Sales, row_of: impl Fn(u32) -> Option<usize>) -> Result<usize> {
    let sql = "SELECT product_id, DATE_FORMAT(started_on, '%Y-%m-%d') FROM meschain_stock_outs o \
               WHERE ended_on IS NULL AND started_on >= ? AND NOT EXISTS (SELECT 1 FROM meschain_stock_outs e \
               WHERE e.product_id = o.product_id AND e.ended_on >= o.started_on - INTERVAL 60 DAY)";
    let since = date_of(sales.last_day()).to_string();
    let mut connection = database.connection()?;
    let open: Vec<(u32, String)> = rows::all(&mut connection, sql, (since,))?;
    let mut moves = Vec::new();
    for (product, started) in open {
        let Ok(started) = started.parse::<Date>().map(day_of) else { continue };
        let last = row_of(product).and_then(|row| sales.of(row).iter().map(|sale| sale.day).max());
        if let Some(last) = last.filter(|last| *last < started && started - *last <= LOOK_BACK) {
            moves.push((date_of(last).to_string(), product, date_of(started).to_string()));
        }
    }
    let count = moves.len();
    let sql = "UPDATE meschain_stock_outs SET started_on = ? WHERE product_id = ? AND started_on = ?";
    connection.exec_batch(sql, moves).map_err(fault)?;
    Ok(count)
}
