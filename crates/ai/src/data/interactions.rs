//! Who bought what: counted orders of known customers, those of guests, and baskets of everybody.

use crate::recommend::{BasketLine, Interaction};
use meschain_shop::columns::{OrderFilter, Snapshot};
use std::collections::HashMap;
use std::ops::Range;

/// Baskets that are learnt from at most, the newest.
const MOST_BASKETS: usize = 1_000_000;

/// One row per customer and product with the number of orders and the last of them.
pub fn interactions(snapshot: &Snapshot, before: i64) -> Vec<Interaction> {
    let mut pairs: HashMap<(u32, u32), (u32, i64)> = HashMap::new();
    let (orders, lines) = (snapshot.orders(), snapshot.lines());
    for order in counted(snapshot, before) {
        let customer = orders.customer_id.get(order).copied().unwrap_or(0);
        let at = orders.date_added.get(order).copied().unwrap_or(0);
        if customer == 0 {
            continue;
        }
        for product in products_of(lines.product_id, snapshot.lines_of(order)) {
            let (times, last) = pairs.entry((customer, product)).or_insert((0, at));
            *times = times.saturating_add(1);
            *last = at.max(*last);
        }
    }
    let mut rows: Vec<_> = pairs
        .into_iter()
        .map(|((user, item), (times, last))| Interaction {
            user: user.into(),
            item: item.into(),
            times,
            last,
        })
        .collect();
    rows.sort_unstable_by_key(|row| (row.user, row.item));
    rows
}

/// The products of each counted order of a guest, `user` being the order: many shops sell mostly to guests, and all marketplaces do.
pub fn guests(snapshot: &Snapshot, before: i64) -> Vec<Interaction> {
    let (orders, lines) = (snapshot.orders(), snapshot.lines());
    let is_guest = |order: &usize| orders.customer_id.get(*order).is_none_or(|customer| *customer == 0);
    let all: Vec<usize> = counted(snapshot, before).filter(is_guest).collect();
    let newest = all.len().saturating_sub(MOST_BASKETS);
    let bought = all.into_iter().skip(newest).flat_map(|order| {
        let last = orders.date_added.get(order).copied().unwrap_or(0);
        let products = products_of(lines.product_id, snapshot.lines_of(order)).into_iter();
        products.map(move |item| Interaction { user: order as u64, item: item.into(), times: 1, last })
    });
    bought.collect()
}

/// The products of an order, each once.
fn products_of(product_id: &[u32], lines: Range<usize>) -> Vec<u32> {
    let mut products = product_id.get(lines).unwrap_or_default().to_vec();
    products.sort_unstable();
    products.dedup();
    products
}

/// The lines of counted orders, order by order.
pub fn baskets(snapshot: &Snapshot, before: i64) -> Vec<BasketLine> {
    let orders: Vec<usize> = counted(snapshot, before).collect();
    let newest = orders.len().saturating_sub(MOST_BASKETS);
    let items = snapshot.lines().product_id;
    let lines = orders.into_iter().skip(newest).flat_map(|order| {
        let products = items.get(snapshot.lines_of(order)).unwrap_or_default();
        products.iter().map(move |product| BasketLine { order: order as u64, item: u64::from(*product) })
    });
    lines.collect()
}

/// What one customer bought: product, orders with it, time of the last.
pub fn history(snapshot: &Snapshot, customer_id: u32) -> Vec<(u32, u32, i64)> {
    let (orders, lines) = (snapshot.orders(), snapshot.lines());
    let counted = snapshot.dictionaries().counted_statuses();
    let mut bought: HashMap<u32, (u32, i64)> = HashMap::new();
    for order in snapshot.orders_of_customer(customer_id).iter().map(|row| *row as usize) {
        let at = orders.date_added.get(order).copied().unwrap_or(0);
        if !orders.is_sold(order, &counted) {
            continue;
        }
        for product in products_of(lines.product_id, snapshot.lines_of(order)) {
            let (times, last) = bought.entry(product).or_insert((0, at));
            *times = times.saturating_add(1);
            *last = at.max(*last);
        }
    }
    let mut rows: Vec<_> =
        bought.into_iter().map(|(product, (times, last))| (product, times, last)).collect();
    rows.sort_unstable();
    rows
}

fn counted(snapshot: &Snapshot, before: i64) -> impl Iterator<Item = usize> {
    let filter = OrderFilter { until: Some(before), ..OrderFilter::sold(snapshot) };
    snapshot.select(&filter).collect::<Vec<_>>().into_iter()
}
