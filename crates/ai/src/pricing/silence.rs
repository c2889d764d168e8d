//! Weeks without sales that neither chance nor the price explains: the product was out of stock or taken off sale, and nobody wrote it down.

use super::history::PriceWeek;
use std::ops::Range;

/// Occasions to sell that are to be expected in a silence which is none of demand: by chance it comes once in a thousand times.
const EXPECTED_OCCASIONS: f64 = 7.0;
/// A dearer price is held to explain as much as this elasticity would.
const STEEPEST: f64 = -6.0;

/// Sold weeks before a silence, and after it, whose price its own is compared with. Nearer ones than the whole history: under inflation the last
/// price of all is always the dearest.
const NEIGHBOURS: usize = 26;

/// Takes out the runs of weeks without sales that are too long for the product's pace.
///
/// Such weeks say nothing of prices, and much that is wrong: they look like demand that scatters and drifts, which widens the intervals of the
/// whole store. How often the product sells is counted in the other weeks; silence at a dearer price than before and after stays, for that is
/// what elasticity looks like.
pub fn without_silences(weeks: Vec<PriceWeek>) -> Vec<PriceWeek> {
    let sold = weeks.iter().filter(|week| sells(week)).count();
    if sold == 0 || sold == weeks.len() {
        return weeks;
    }
    let mut kept = Vec::with_capacity(weeks.len());
    let mut at = 0;
    for run in weeks.chunk_by(|one, next| sells(one) == sells(next)) {
        let others = weeks.len() - run.len();
        // The chance of a sale in a week by the rule of succession, as occasions of a Poisson process.
        let chance = (sold as f64 + 1.0) / (others as f64 + 2.0);
        let occasions = -(1.0 - chance).ln();
        let usual = price_around(&weeks, at..at + run.len());
        let explained = |week: &PriceWeek| (STEEPEST * (week.price.ln() - usual)).exp().min(1.0);
        let expected = occasions * run.iter().map(explained).sum::<f64>();
        if run.first().is_some_and(sells) || expected < EXPECTED_OCCASIONS {
            kept.extend_from_slice(run);
        }
        at += run.len();
    }
    kept
}

fn sells(week: &PriceWeek) -> bool {
    week.units > 0.0
}

/// Mean log price of the sold weeks next to those of `run`.
fn price_around(weeks: &[PriceWeek], run: Range<usize>) -> f64 {
    let before = weeks.iter().take(run.start).rev().filter(|week| sells(week)).take(NEIGHBOURS);
    let after = weeks.iter().skip(run.end).filter(|week| sells(week)).take(NEIGHBOURS);
    let logs: Vec<f64> = before.chain(after).map(|week| week.price.ln()).collect();
    logs.iter().sum::<f64>() / logs.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks at these units; those of `dear` at a fifth more.
    fn weeks(units: &[f64], dear: std::ops::Range<i32>) -> Vec<PriceWeek> {
        priced(units, |week| if dear.contains(&week) { 12.0 } else { 10.0 })
    }

    fn priced(units: &[f64], price: impl Fn(i32) -> f64) -> Vec<PriceWeek> {
        let week = |(week, units): (i32, &f64)| PriceWeek {
            week,
            units: *units,
            price: price(week),
            covariates: Vec::new(),
        };
        (0..).zip(units).map(week).collect()
    }

    fn kept(units: &[f64], dear: std::ops::Range<i32>) -> Vec<i32> {
        without_silences(weeks(units, dear)).iter().map(|week| week.week).collect()
    }

    #[test]
    fn what_sold_every_week_and_then_no_more_was_taken_off_sale() {
        let units = [vec![3.0; 30], vec![0.0; 20]].concat();
        assert_eq!(kept(&units, 0..0), (0..30).collect::<Vec<_>>());
    }

    #[test]
    fn a_gap_is_out_of_stock_where_the_product_never_pauses() {
        let units = [vec![5.0; 20], vec![0.0; 4], vec![5.0; 20]].concat();
        assert_eq!(kept(&units, 0..0), (0..20).chain(24..44).collect::<Vec<_>>());
        let single = [vec![5.0; 20], vec![0.0], vec![5.0; 20]].concat();
        assert_eq!(kept(&single, 0..0).len(), 41, "one week may be chance");
    }

    #[test]
    fn a_slow_seller_keeps_its_pauses() {
        let units = [1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0].repeat(4);
        assert_eq!(kept(&units, 0..0).len(), 48);
        assert_eq!((kept(&[0.0; 9], 0..0).len(), kept(&[], 0..0).len()), (9, 0), "nothing to go by");
    }

    #[test]
    fn what_a_dearer_price_may_have_done_stays() {
        let units = [vec![3.0; 30], vec![0.0; 4]].concat();
        assert_eq!(kept(&units, 30..34).len(), 34);
        assert_eq!(kept(&units, 0..30).len(), 30, "a cheaper one explains nothing");
    }

    #[test]
    fn the_last_price_under_inflation_is_no_dear_one() {
        let units = [vec![3.0; 60], vec![0.0; 12]].concat();
        let weeks = priced(&units, |week| 10.0 * (0.01 * f64::from(week.min(59))).exp());
        assert_eq!(without_silences(weeks).len(), 60);
    }
}
