//! Columns computed from other columns once those are complete: places in dictionaries, bounds, zones, firsts.

use super::id_set::{IdSet, Ranks};
use super::schema::{self, NO_DATE, NO_INDEX, ZONE_ORDERS};
use super::spool::Columns;
use meschain_base::Result;

/// Adds every derived column. `products` and `customers` are the ids of those tables.
pub(super) fn derive(columns: &mut Columns, products: IdSet, customers: IdSet) -> Result<()> {
    line_start(columns)?;
    zones(columns)?;
    let customers = customers.ranks();
    firsts(columns, &customers)?;
    index(columns, "orders.customer_id", "orders.customer_index", &customers)?;
    index(columns, "lines.product_id", "lines.product_index", &products.ranks())?;
    sorted_by(columns, "orders.customer_id", "orders.by_customer")?;
    sorted_by(columns, "lines.product_index", "lines.by_product")?;
    returned_orders(columns)
}

fn index(columns: &mut Columns, from: &str, to: &str, ranks: &Ranks) -> Result<()> {
    let mut spool = columns.spool(to)?;
    for id in columns.get::<u32>(from)? {
        spool.push(ranks.rank(*id).unwrap_or(NO_INDEX))?;
    }
    columns.add(spool)
}

/// The rows of a table in the order of one of its columns, rows of one value in their own order. Holds four bytes a row.
fn sorted_by(columns: &mut Columns, key: &str, to: &str) -> Result<()> {
    let mut spool = columns.spool::<u32>(to)?;
    let keys = columns.get::<u32>(key)?;
    let mut rows: Vec<u32> = (0..u32::try_from(keys.len()).unwrap_or(u32::MAX)).collect();
    rows.sort_by_key(|row| keys.get(*row as usize).copied());
    spool.extend(&rows)?;
    columns.add(spool)
}

fn line_start(columns: &mut Columns) -> Result<()> {
    let mut spool = columns.spool::<u32>(schema::LINE_START)?;
    let orders = columns.get::<u32>("orders.order_id")?.len();
    let lines = columns.get::<u32>("lines.order_index")?;
    let mut next = 0_u32;
    let mut rest = lines.iter().peekable();
    for order in 0..orders {
        spool.push(next)?;
        while rest.next_if(|index| **index as usize == order).is_some() {
            next += 1;
        }
    }
    spool.push(next)?;
    columns.add(spool)
}

fn zones(columns: &mut Columns) -> Result<()> {
    let mut earliest = columns.spool::<i64>(schema::ZONE_EARLIEST)?;
    let mut latest = columns.spool::<i64>(schema::ZONE_LATEST)?;
    for zone in columns.get::<i64>("orders.date_added")?.chunks(ZONE_ORDERS) {
        let dates = || zone.iter().copied().filter(|date| *date != NO_DATE);
        earliest.push(dates().min().unwrap_or(i64::MAX))?;
        latest.push(dates().max().unwrap_or(NO_DATE))?;
    }
    columns.add(earliest)?;
    columns.add(latest)
}

/// First order and number of orders of each customer; orders that were never finished do not count.
fn firsts(columns: &mut Columns, customers: &Ranks) -> Result<()> {
    let count = columns.get::<u32>("customers.customer_id")?.len();
    let (mut first, mut orders) = (vec![i64::MAX; count], vec![0_u32; count]);
    let status = columns.get::<u32>("orders.status")?;
    let dates = columns.get::<i64>("orders.date_added")?;
    for ((customer, status), date) in columns.get::<u32>("orders.customer_id")?.iter().zip(status).zip(dates)
    {
        let Some(index) = customers.rank(*customer).filter(|_| *status > 0) else { continue };
        if let (Some(first), Some(orders)) = (first.get_mut(index as usize), orders.get_mut(index as usize)) {
            *orders += 1;
            if *date != NO_DATE {
                *first = (*first).min(*date);
            }
        }
    }
    let (mut first_order, mut order_count) =
        (columns.spool::<i64>("customers.first_order")?, columns.spool::<u32>("customers.order_count")?);
    for date in first {
        first_order.push(if date == i64::MAX { NO_DATE } else { date })?;
    }
    order_count.extend(&orders)?;
    columns.add(first_order)?;
    columns.add(order_count)
}

fn returned_orders(columns: &mut Columns) -> Result<()> {
    let mut spool = columns.spool::<u32>("returns.order_index")?;
    let orders = columns.get::<u32>("orders.order_id")?;
    for order_id in columns.get::<u32>("returns.order_id")? {
        let found = orders.binary_search(order_id).ok().and_then(|index| u32::try_from(index).ok());
        spool.push(found.unwrap_or(NO_INDEX))?;
    }
    columns.add(spool)
}
