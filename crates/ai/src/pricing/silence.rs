//! Weeks without sales that neither chance nor the price explains: the product was out of stock or taken off sale, and nobody wrote it down.

use super::history::PriceWeek;

/// Occasions to sell that are to be expected in a silence which is none of demand: by chance it comes once in a thousand times.
const EXPECTED_OCCASIONS: f64 = 7.0;
/// A dearer price is held to explain as much as this elasticity would.
const STEEPEST: f64 = -6.0;

/// Takes out the runs of weeks without sales that are too long for the product's pace.
///
/// Such weeks say nothing of prices, and much that is wrong: they look like demand that scatters and drifts, which widens the intervals of the
/// whole store. How often the product sells is counted in the other weeks; silence at a dearer price than usual stays, for that is what
/// elasticity looks like.
pub fn without_silences(weeks: Vec<PriceWeek>) -> Vec<PriceWeek> {
    let sells = |week: &PriceWeek| week.units > 0.0;
    let sold = weeks.iter().filter(|week| sells(week)).count();
    if sold == 0 || sold == weeks.len() {
        return weeks;
    }
    let logs = weeks.iter().filter(|week| sells(week)).map(|week| week.price.ln());
    let usual = logs.sum::<f64>() / sold as f64;
    let mut kept = Vec::with_capacity(weeks.len());
    for run in weeks.chunk_by(|one, next| sells(one) == sells(next)) {
        let others = weeks.len() - run.len();
        // The chance of a sale in a week by the rule of succession, as occasions of a Poisson process.
        let chance = (sold as f64 + 1.0) / (others as f64 + 2.0);
        let occasions = -(1.0 - chance).ln();
        let explained = |week: &PriceWeek| (STEEPEST * (week.price.ln() - usual)).exp().min(1.0);
        let expected = occasions * run.iter().map(explained).sum::<f64>();
        if run.first().is_some_and(sells) || expected < EXPECTED_OCCASIONS {
            kept.extend_from_slice(run);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks at these units; those of `dear` at a fifth more.
    fn weeks(units: &[f64], dear: std::ops::Range<i32>) -> Vec<PriceWeek> {
        let price = |week: i32| if dear.contains(&week) { 12.0 } else { 10.0 };
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
}
