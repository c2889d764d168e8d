//! One pass over the orders of a period: everything the dashboard says about it.

use crate::bucket::Buckets;
use meschain_base::Result;
use meschain_shop::columns::{Lines, OrderFilter, Snapshot, StatusSet};
use std::collections::BTreeMap;
use std::ops::Range;

/// Which orders of the shop a report is about.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    pub(crate) statuses: StatusSet,
    pub(crate) store_id: Option<u32>,
    pub(crate) marketplace_id: Option<u32>,
}

impl Scope {
    fn filter(&self, window: Option<&Range<i64>>, until: Option<i64>) -> OrderFilter {
        OrderFilter {
            from: window.map(|window| window.start),
            until: window.map(|window| window.end).or(until),
            store_id: self.store_id,
            marketplace_id: self.marketplace_id,
            statuses: Some(self.statuses.clone()),
            without_tests: false,
        }
    }

    fn is_everywhere(&self) -> bool {
        self.store_id.is_none() && self.marketplace_id.is_none()
    }
}

/// Orders, pieces and money. Money is ten-thousandths of the default currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) orders: u64,
    pub(crate) units: i64,
    pub(crate) revenue: i128,
}

impl Sum {
    fn order(&mut self, units: i64, revenue: i64) {
        self.orders += 1;
        self.units = self.units.saturating_add(units);
        self.revenue += i128::from(revenue);
    }
}

/// What a product sold; `revenue` is of its lines, without tax.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ProductSum {
    pub(crate) sum: Sum,
    last_order: usize,
}

/// What a period came to.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) total: Sum,
    /// By point of the series.
    pub(crate) points: Vec<Sum>,
    /// By row of products; empty when not asked for.
    pub(crate) products: Vec<ProductSum>,
    /// By marketplace.
    pub(crate) marketplaces: BTreeMap<u32, Sum>,
    pub(crate) returns: u64,
    pub(crate) new_customers: u64,
}

/// Columns a pass reads, looked up once.
struct Pass<'a> {
    lines: Lines<'a>,
    line_start: &'a [u32],
}

impl<'a> Pass<'a> {
    fn lines_of(&self, order: usize) -> Range<usize> {
        match self.line_start.get(order..).and_then(|rest| rest.first_chunk::<2>()) {
            Some([from, to]) => *from as usize..*to as usize,
            None => 0..0,
        }
    }

    fn units(&self, lines: Range<usize>) -> i64 {
        self.lines.quantity.get(lines).unwrap_or_default().iter().map(|quantity| i64::from(*quantity)).sum()
    }

    /// Counts the lines of an order by product.
    fn products(&self, order: usize, lines: Range<usize>, into: &mut [ProductSum]) {
        let slice = |column: &'a [u32]| column.get(lines.clone()).unwrap_or_default();
        let quantities = self.lines.quantity.get(lines.clone()).unwrap_or_default();
        let totals = self.lines.total.get(lines.clone()).unwrap_or_default();
        for ((product, quantity), total) in slice(self.lines.product_index).iter().zip(quantities).zip(totals)
        {
            let Some(product) = into.get_mut(*product as usize) else { continue };
            // Orders come one after the other, so a product's last order tells whether this one was counted.
            product.sum.orders += u64::from(product.last_order != order + 1);
            product.last_order = order + 1;
            product.sum.units = product.sum.units.saturating_add(i64::from(*quantity));
            product.sum.revenue += i128::from(*total);
        }
    }
}

/// Adds up the orders of `window`; by product only when `products`.
pub(crate) fn tally(
    snapshot: &Snapshot,
    scope: &Scope,
    window: &Range<i64>,
    buckets: &Buckets,
    products: bool,
) -> Result<Tally> {
    let orders = snapshot.orders();
    let pass = Pass { lines: snapshot.lines(), line_start: snapshot.line_start() };
    let mut tally = Tally { points: vec![Sum::default(); buckets.list.len()], ..Tally::default() };
    if products {
        tally.products = vec![ProductSum::default(); snapshot.products().len()];
    }
    let filter = scope.filter(Some(window), None);
    let mut place = (u32::MAX, Sum::default());
    for order in snapshot.select(&filter) {
        let row = (orders.total.get(order), orders.date_added.get(order), orders.marketplace_id.get(order));
        let (Some(total), Some(date), Some(marketplace)) = row else { continue };
        let lines = pass.lines_of(order);
        let units = pass.units(lines.clone());
        tally.total.order(units, *total);
        if let Some(point) = buckets.find(*date).and_then(|point| tally.points.get_mut(point)) {
            point.order(units, *total);
        }
        if products {
            pass.products(order, lines, &mut tally.products);
            // Orders of one marketplace often follow one another: the map is touched when it changes.
            if place.0 != *marketplace {
                flush(&mut tally.marketplaces, place);
                place = (*marketplace, Sum::default());
            }
            place.1.order(units, *total);
        }
    }
    flush(&mut tally.marketplaces, place);
    tally.returns = returns(snapshot, scope, window);
    Ok(tally)
}

fn flush(into: &mut BTreeMap<u32, Sum>, (marketplace, sum): (u32, Sum)) {
    if sum.orders > 0 {
        let entry = into.entry(marketplace).or_default();
        entry.orders += sum.orders;
        entry.units = entry.units.saturating_add(sum.units);
        entry.revenue += sum.revenue;
    }
}

/// Return requests of the window; with a store or marketplace chosen, those of its orders, whatever their status.
fn returns(snapshot: &Snapshot, scope: &Scope, window: &Range<i64>) -> u64 {
    let (returns, orders) = (snapshot.returns(), snapshot.orders());
    let within = |order: u32| {
        let is = |column: &[u32], wanted: Option<u32>| {
            wanted.is_none_or(|wanted| column.get(order as usize).is_some_and(|value| *value == wanted))
        };
        scope.is_everywhere()
            || (is(orders.store_id, scope.store_id) && is(orders.marketplace_id, scope.marketplace_id))
    };
    let rows = returns.date_added.iter().zip(returns.order_index);
    rows.filter(|(date, order)| window.contains(date) && within(**order)).count() as u64
}

/// For each window, the customers whose first order in scope falls into it. Guests are nobody in particular and not counted.
pub(crate) fn new_customers(snapshot: &Snapshot, scope: &Scope, windows: &[&Range<i64>]) -> Vec<u64> {
    let mut first = vec![i64::MAX; snapshot.customers().len()];
    let orders = snapshot.orders();
    let until = windows.iter().map(|window| window.end).max();
    for order in snapshot.select(&scope.filter(None, until)) {
        let (Some(customer), Some(date)) = (orders.customer_index.get(order), orders.date_added.get(order))
        else {
            continue;
        };
        if let Some(first) = first.get_mut(*customer as usize) {
            *first = (*first).min(*date);
        }
    }
    windows.iter().map(|window| first.iter().filter(|date| window.contains(date)).count() as u64).collect()
}

/// First and last instant of an order that was finished, whatever became of it; `None` in an empty shop.
pub(crate) fn span(snapshot: &Snapshot) -> Option<(i64, i64)> {
    let orders = snapshot.orders();
    let dates = || {
        let rows = orders.date_added.iter().zip(orders.status);
        rows.filter(|(date, status)| **status > 0 && **date > i64::MIN).map(|(date, _)| *date)
    };
    Some((dates().min()?, dates().max()?))
}
