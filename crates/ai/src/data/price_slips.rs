//! Prices that were mistyped for a day: "1.299" for 1299, a digit too few, a trial at 1. Nobody's usual demand is that of such a day, and one point so
//! far away outweighs all others of a product.

use super::sales::Sale;
use crate::forecast::smoothing::median;
use indexmap::{IndexMap, IndexSet};

/// A price farther from those around it than this factor is no price of theirs. Clearance seldom goes below a fifth.
const FAR: f64 = 5.0;
/// Days with sales, before and after, that count as around.
const AROUND: usize = 7;
/// Of the days that sold something one, or one in so many, can have been mistyped: more often it is another way of selling. Fewer days
/// say nothing.
const ONE_IN: usize = 10;
const FEWEST: usize = 4;

/// Places of the lines of one product that were sold at a mistyped price, ascending: far from the middle of the days around, to which prices
/// came back later, which a new price for good never does. Lines are held against those of the same options, for a sack is no mistyped bag.
pub fn slips(sales: &[Sale]) -> Vec<usize> {
    if !reach_far(sales.iter().filter(|sale| is_priced(sale)).map(|sale| f64::from(sale.price))) {
        return Vec::new();
    }
    let mut groups: IndexMap<u16, Vec<usize>> = IndexMap::new();
    for (at, sale) in sales.iter().enumerate().filter(|(_, sale)| is_priced(sale)) {
        groups.entry(sale.terms.options()).or_default().push(at);
    }
    let mut found: Vec<usize> = groups.values().flat_map(|lines| of_lines(sales, lines)).collect();
    found.sort_unstable();
    found
}

/// Whether any two of `prices` are far apart; only those above zero are any.
pub(super) fn reach_far(prices: impl Iterator<Item = f64>) -> bool {
    let ends = prices
        .filter(|price| *price > 0.0)
        .fold((f64::INFINITY, 0.0_f64), |(low, high), price| (low.min(price), high.max(price)));
    ends.1 > FAR * ends.0
}

/// Whether two logarithms of prices are too far apart to be of one price.
pub fn is_far(one: f64, other: f64) -> bool {
    (one - other).abs() > FAR.ln()
}

fn is_priced(sale: &Sale) -> bool {
    sale.units > 0.0 && sale.price > 0.0
}

fn of_lines(sales: &[Sale], lines: &[usize]) -> Vec<usize> {
    let of = |at: &usize| sales.get(*at).map(|sale| (sale.day, f64::from(sale.price).ln()));
    let days = Days::of(lines.iter().filter_map(of).collect());
    let is_slip = |at: &&usize| of(at).is_some_and(|(day, log)| days.is_slip(day, log));
    let found: Vec<usize> = lines.iter().filter(is_slip).copied().collect();
    let mistyped: IndexSet<i32> = found.iter().filter_map(of).map(|(day, _)| day).collect();
    let most = if days.0.len() < FEWEST { 0 } else { (days.0.len() / ONE_IN).max(1) };
    if mistyped.len() > most { Vec::new() } else { found }
}

/// The days that sold something, ascending, with the middle of the logarithms of their prices.
struct Days(Vec<(i32, f64)>);

impl Days {
    fn of(mut lines: Vec<(i32, f64)>) -> Self {
        lines.sort_unstable_by_key(|(day, _)| *day);
        let of_day = |lines: &[(i32, f64)]| {
            let logs: Vec<f64> = lines.iter().map(|(_, log)| *log).collect();
            Some((lines.first()?.0, median(&logs)))
        };
        Self(lines.chunk_by(|a, b| a.0 == b.0).filter_map(of_day).collect())
    }

    fn is_slip(&self, day: i32, log: f64) -> bool {
        let at = self.0.partition_point(|(known, _)| *known < day);
        let after = (at + 1 + AROUND).min(self.0.len());
        let around = self.0.get(at.saturating_sub(AROUND)..after).unwrap_or_default();
        let level = median(&around.iter().map(|(_, log)| *log).collect::<Vec<_>>());
        is_far(log, level) && self.0.iter().skip(at + 1).any(|(_, log)| !is_far(*log, level))
    }
}

#[cfg(test)]
mod tests {
    use super::super::terms::Terms;
    use super::*;

    fn sale(day: i32, price: f32) -> Sale {
        Sale { day, units: 1.0, price, ..Sale::default() }
    }

    /// Sixty days at 1299, but for what `other` says.
    fn shop(other: impl Fn(i32) -> Option<f32>) -> Vec<Sale> {
        (0..60).map(|day| sale(day, other(day).unwrap_or(1299.0))).collect()
    }

    #[test]
    fn a_point_for_a_comma_is_a_slip_also_on_the_first_day() {
        let mut sales = shop(|day| (day == 20).then_some(1.299));
        assert_eq!(slips(&sales), [20]);
        // Sold at both prices on that day.
        sales.push(sale(20, 1299.0));
        sales.push(sale(0, 12.99));
        assert_eq!(slips(&sales), [20, 61]);
    }

    #[test]
    fn discounts_and_new_prices_are_none() {
        assert!(slips(&shop(|day| (20..25).contains(&day).then_some(270.0))).is_empty());
        assert!(slips(&shop(|day| (day >= 30).then_some(129.9))).is_empty(), "a smaller pack from then on");
        assert!(slips(&shop(|day| (day == 59).then_some(1.299))).is_empty(), "nobody knows yet");
    }

    #[test]
    fn another_way_of_selling_is_none_and_few_days_say_nothing() {
        assert!(slips(&shop(|day| (day % 9 == 0).then_some(1.0))).is_empty());
        assert_eq!(
            slips(&[sale(0, 9.0), sale(60, 90.0), sale(120, 88.0), sale(180, 99.0)]),
            [0],
            "a slow product"
        );
        assert!(slips(&[sale(0, 9.0), sale(60, 90.0), sale(120, 88.0)]).is_empty());
        let sack = |day: i32| Sale { terms: Terms::option(7), ..sale(day, 9000.0) };
        assert!(
            slips(&shop(|_| None).into_iter().chain((0..3).map(|at| sack(20 * at))).collect::<Vec<_>>())
                .is_empty()
        );
    }

    #[test]
    fn without_prices_there_are_none() {
        assert!(slips(&[]).is_empty());
        assert!(slips(&shop(|_| Some(0.0))).is_empty());
    }
}
