//! When a price last changed, as sales tell and as a worker saw it: OpenCart keeps no history of prices.

use super::sales::Sale;
use meschain_shop::columns::Prices;
use std::collections::BTreeMap;

/// Prices that differ by less are the same: rounding of currencies and of tax.
const SAME: f64 = 0.01;

/// The first day on which a product sold mostly at `price`, after a day on which it sold mostly at another. `None` where sales do
/// not tell: it never sold at this price, or at no other.
pub fn last_change(sales: &[Sale], price: f64) -> Option<i32> {
    // By day: units at this price, less those at another.
    let mut days: BTreeMap<i32, f64> = BTreeMap::new();
    for sale in sales.iter().filter(|sale| sale.units > 0.0 && sale.price > 0.0) {
        let same = (f64::from(sale.price) / price - 1.0).abs() <= SAME;
        *days.entry(sale.day).or_default() += f64::from(sale.units) * if same { 1.0 } else { -1.0 };
    }
    let mut since = None;
    for (day, units) in days.iter().rev() {
        if *units < 0.0 {
            return since;
        }
        if *units > 0.0 {
            since = Some(*day);
        }
    }
    None
}

/// The day, up to `today`, on which the catalogue was last seen to ask another price than before; `None` where it was not. The first look
/// at a product is no change.
pub fn last_seen_change(prices: Prices<'_>, today: i32) -> Option<i32> {
    let mut rows = prices.rows().rev().skip_while(|(since, _)| *since > today);
    let mut after = rows.next()?;
    for before in rows {
        if (after.1 / before.1 - 1.0).abs() > SAME {
            return Some(after.0);
        }
        after = before;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sale(day: i32, units: f32, price: f32) -> Sale {
        Sale { day, units, price, ..Sale::default() }
    }

    #[test]
    fn the_first_day_at_the_price_of_now_is_the_change() {
        let sales = [sale(10, 1.0, 8.0), sale(14, 2.0, 9.99), sale(20, 1.0, 10.0), sale(3, 4.0, 10.0)];
        assert_eq!(last_change(&sales, 10.0), Some(14));
        assert_eq!(last_change(&sales, 8.0), None, "what sold last was another price");
        assert_eq!(last_change(&sales[1..], 10.0), None, "no other price was seen");
        assert_eq!(last_change(&[], 10.0), None);
    }

    #[test]
    fn a_change_is_seen_before_anything_is_sold_at_it() {
        let since = [10, 20, 21, 30, 40];
        let price = [100_000, 120_000, 120_500, 120_000, 90_000];
        let prices = Prices::new(&since, &price);
        assert_eq!(last_seen_change(prices, 40), Some(40));
        assert_eq!(last_seen_change(prices, 39), Some(20), "less than one percent is no change");
        assert_eq!(last_seen_change(prices, 19), None, "the first look");
        assert_eq!(last_seen_change(prices, 9), None);
        assert_eq!(last_seen_change(Prices::default(), 40), None);
        // Tried for some hours and taken back: two rows of one price.
        assert_eq!(last_seen_change(Prices::new(&[10, 20], &[100_000, 100_000]), 40), None);
        assert_eq!(last_seen_change(Prices::new(&[10, 20], &[0, 100_000]), 40), Some(20));
    }

    #[test]
    fn one_odd_line_does_not_make_a_day_another_price() {
        let sales = [sale(10, 1.0, 8.0), sale(14, 2.0, 10.0), sale(16, 5.0, 10.0), sale(16, 1.0, 12.0)];
        assert_eq!(last_change(&sales, 10.0), Some(14));
    }
}
