//! Special offers with dates: `product_special`, or since 4.1 the special rows of `product_discount`.

use super::{Generation, generation};
use crate::database::{Database, rows};
use jiff::ToSpan;
use jiff::civil::Date;
use meschain_base::Result;
use mysql::PooledConn;
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Offers read at most; a shop with more is answered with the newest.
const MOST: u32 = 500_000;

/// The days one offer holds. An open end is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// OpenCart's number of the product.
    pub product_id: i64,
    /// First day.
    pub first: Option<Date>,
    /// Last day. OpenCart's `date_end` is the first moment an offer no longer holds, hence the day before.
    pub last: Option<Date>,
}

/// Offers of the products with these ids, to any customer group. What has neither a beginning nor an end is the product's price,
/// not an offer, and is left out.
pub fn offers(
    database: &Database,
    connection: &mut PooledConn,
    ids: &RangeInclusive<u32>,
) -> Result<Vec<Offer>> {
    let (table, only) = match known(database)? {
        Generation::None => return Ok(Vec::new()),
        Generation::V40 => ("product_special", "1"),
        Generation::V41 => ("product_discount", "special = 1 AND quantity <= 1"),
    };
    // Zero dates of OpenCart come as text, so that no sql_mode minds them.
    let sql = format!(
        "SELECT product_id, CAST(date_start AS CHAR), CAST(date_end AS CHAR) FROM {} \
         WHERE {only} AND product_id BETWEEN ? AND ? ORDER BY 2 DESC LIMIT {MOST}",
        database.table(table)
    );
    type Row = (i64, Option<String>, Option<String>);
    let found: Result<Vec<Row>> = rows::all(connection, &sql, (ids.start(), ids.end()));
    let found = found.inspect_err(|_| forget())?;
    let date = |text: Option<String>| text.and_then(|text| text.parse::<Date>().ok());
    let offer = |(product_id, first, end): Row| {
        let (first, end) = (date(first), date(end));
        (first.is_some() || end.is_some()).then(|| Offer {
            product_id,
            first,
            last: end.map(|end| end.saturating_sub(1.day())),
        })
    };
    Ok(found.into_iter().filter_map(offer).collect())
}

/// Generations by database: a page that asks for one product must not ask for its tables each time.
static GENERATIONS: Mutex<BTreeMap<String, Generation>> = Mutex::new(BTreeMap::new());
/// Databases that are remembered.
const MOST_REMEMBERED: usize = 64;

fn known(database: &Database) -> Result<Generation> {
    let name = format!("{database:?}");
    if let Some(known) = GENERATIONS.lock().get(&name) {
        return Ok(*known);
    }
    let found = generation(database)?;
    let mut all = GENERATIONS.lock();
    if all.len() >= MOST_REMEMBERED {
        all.clear();
    }
    // A shop may still be installed: no tables are no lasting state.
    if found != Generation::None {
        all.insert(name, found);
    }
    Ok(found)
}

/// An upgrade of OpenCart moved the table: the next call looks again.
fn forget() {
    GENERATIONS.lock().clear();
}
