//! Stocks that count nothing: a shop that sells out of its suppliers' warehouses writes 100 or 9999 pieces for every product.

use meschain_shop::columns::{OrderFilter, Snapshot};

/// Pieces from which on a stock may be a placeholder.
const LEAST: i32 = 50;
/// Days up to the newest order that say how fast products sell, and the stretches of so many days that real stock does not last: two years.
const DAYS: i64 = 91;
const STRETCHES: i64 = 8;
/// How many of the products that sold in those days must have more, and which share of them (one in so many).
const FEWEST: usize = 10;
const ONE_IN: usize = 5;

/// Rows of the products whose stock says only that there is enough, ascending: in a shop where a fifth of what sells has pieces for more than
/// two years, all stocks of fifty and more. A shop of real stock has no such fifth; it has products that lie, which nobody buys.
pub fn find(snapshot: &Snapshot) -> Vec<u32> {
    let products = snapshot.products();
    let sold = sold(snapshot);
    let stocks = sold.iter().enumerate().filter_map(|(row, units)| {
        let is_on_sale = products.known.get(row) == Some(&1) && products.status.get(row) == Some(&1);
        Some((row, products.stock(row).filter(|_| is_on_sale)?, *units))
    });
    let stocks: Vec<(usize, i32, i64)> = stocks.collect();
    if !are_placeholders(stocks.iter().map(|(_, stock, units)| (*stock, *units))) {
        return Vec::new();
    }
    let enough = stocks.into_iter().filter(|(_, stock, _)| *stock >= LEAST);
    enough.filter_map(|(row, ..)| u32::try_from(row).ok()).collect()
}

/// Of pieces in stock and units sold in the days of each product.
fn are_placeholders(stocks: impl Iterator<Item = (i32, i64)>) -> bool {
    let (mut selling, mut endless) = (0, 0);
    for (stock, units) in stocks.filter(|(_, units)| *units > 0) {
        selling += 1;
        endless += usize::from(stock >= LEAST && i64::from(stock) > STRETCHES * units);
    }
    endless >= FEWEST && endless * ONE_IN >= selling
}

/// Units of each product row in the days.
fn sold(snapshot: &Snapshot) -> Vec<i64> {
    let mut units = vec![0; snapshot.products().len()];
    let Some(newest) = snapshot.latest_order() else { return units };
    let lines = snapshot.lines();
    let filter = OrderFilter { from: Some(newest - DAYS * 86_400), ..OrderFilter::sold(snapshot) };
    for line in snapshot.select(&filter).flat_map(|order| snapshot.lines_of(order)) {
        let row = lines.product_index.get(line).and_then(|row| units.get_mut(*row as usize));
        row.into_iter().for_each(|sum| *sum += lines.quantity.get(line).map_or(0, |units| i64::from(*units)));
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop(endless: usize, real: usize) -> impl Iterator<Item = (i32, i64)> {
        (0..endless + real).map(move |at| if at < endless { (999, 9) } else { (999, 200) })
    }

    #[test]
    fn a_fifth_of_what_sells_tells() {
        assert!(are_placeholders(shop(20, 80)));
        assert!(!are_placeholders(shop(19, 81)));
        assert!(!are_placeholders(shop(9, 3)), "too few to tell");
    }

    #[test]
    fn what_nobody_buys_and_small_stocks_are_real() {
        assert!(!are_placeholders((0..100).map(|_| (9_999, 0))));
        assert!(!are_placeholders((0..100).map(|_| (LEAST - 1, 1))));
        assert!(!are_placeholders(std::iter::empty()));
    }
}
