//! What all prices of the store do over the years: inflation.

use super::history::ProductHistory;
use super::linear::Gram;
use crate::model_file::nine_decimals;
use serde::{Deserialize, Serialize};

/// Weeks a product must span to say how its price moves in the long run, and fewest such products.
const LEAST_SPAN: i32 = 26;
const FEWEST: usize = 5;
/// By how many standard errors the products' mean trend must differ from none.
const SURE: f64 = 3.0;
/// Slope of the index, in logs a week, below which it is none: five percent a year.
const LEAST_SLOPE: f64 = 0.001;
/// Products that are asked at most, and weeks.
const MOST_PRODUCTS: usize = 2_000;
const MOST_WEEKS: usize = 260;
/// Weeks on either side that a week is smoothed over, so that a campaign is no deflation.
const REACH: usize = 8;

/// Logarithm of the store's price level by week, 0 in the newest: prices less it are in today's money.
///
/// Where all prices rise by a half in a year, demand does not fall by what elasticities say: customers, competitors and wages go along. Only
/// a price beside the others counts. Week effects say the same, but found in turns with the elasticities they come far too slowly: the fit starts
/// with the trend of prices against a demand that has none, and takes it for indifference.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct PriceIndex {
    first: i32,
    logs: Vec<f64>,
}

impl PriceIndex {
    /// What weeks add to the products' own mean prices (time-product dummies; Summers 1973), smoothed by lines through the weeks around each;
    /// nothing where products do not move together. Chained changes of price would add up what every product does in its first weeks.
    pub(super) fn of(products: &[ProductHistory]) -> Self {
        if !moves_together(products) {
            return Self::default();
        }
        let weeks = || products.iter().flat_map(|product| &product.weeks).map(|week| week.week);
        let Some((oldest, newest)) = weeks().min().zip(weeks().max()) else { return Self::default() };
        let first = oldest.max(newest.saturating_sub(MOST_WEEKS as i32 - 1));
        let Some(dummies) = dummies(products, first, newest) else { return Self::default() };
        let smooth: Vec<f64> = (0..dummies.len()).map(|at| line_at(&dummies, at)).collect();
        let slope = line((0..).map(f64::from).zip(smooth.iter().copied())).map_or(0.0, |(_, slope)| slope);
        if slope.abs() < LEAST_SLOPE {
            return Self::default();
        }
        let today = smooth.last().copied().unwrap_or(0.0);
        Self { first, logs: smooth.into_iter().map(|log| nine_decimals(log - today)).collect() }
    }

    /// In a week that was not seen, that of the nearest one.
    pub(super) fn at(&self, week: i32) -> f64 {
        let place = usize::try_from(week.saturating_sub(self.first)).unwrap_or(0);
        self.logs.get(place).or(self.logs.last()).copied().unwrap_or(0.0)
    }
}

/// Whether the mean slope of the products' log prices is clearly not nothing.
fn moves_together(products: &[ProductHistory]) -> bool {
    let slopes: Vec<f64> = products.iter().filter_map(slope).collect();
    let count = slopes.len() as f64;
    let mean = slopes.iter().sum::<f64>() / count.max(1.0);
    let variance = slopes.iter().map(|slope| (slope - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    slopes.len() >= FEWEST && mean.abs() > SURE * (variance / count).sqrt()
}

/// Change of a product's log price a week.
fn slope(product: &ProductHistory) -> Option<f64> {
    let (first, last) = (product.weeks.first()?, product.weeks.last()?);
    if last.week.saturating_sub(first.week) < LEAST_SPAN {
        return None;
    }
    let points =
        product.weeks.iter().map(|week| (f64::from(week.week) - f64::from(first.week), week.price.ln()));
    Some(line(points)?.1)
}

/// Least squares of log prices on a constant for each product and one for each of the weeks `first` to `newest`, those of the products
/// eliminated; None for a week that nobody has. At most [`MOST_PRODUCTS`] are asked, evenly.
fn dummies(products: &[ProductHistory], first: i32, newest: i32) -> Option<Vec<Option<f64>>> {
    let size = usize::try_from(newest - first + 1).ok()?;
    let (mut gram, mut right) = (Gram::zero(size), vec![0.0; size]);
    for product in products.iter().step_by(products.len().div_ceil(MOST_PRODUCTS).max(1)) {
        let place = |week: i32| usize::try_from(week.checked_sub(first)?).ok();
        let known: Vec<(usize, f64)> =
            product.weeks.iter().filter_map(|week| Some((place(week.week)?, week.price.ln()))).collect();
        let share = 1.0 / known.len().max(1) as f64;
        let mean = share * known.iter().map(|(_, log)| log).sum::<f64>();
        for (at, log) in &known {
            *right.get_mut(*at)? += log - mean;
            let row = gram.row_mut(*at);
            *row.get_mut(*at)? += 1.0;
            for (other, _) in &known {
                *row.get_mut(*other)? -= share;
            }
        }
    }
    let diagonals = gram.diagonals();
    // Only differences between weeks are known; a trace of ridge makes their mean nothing.
    let ridge = 1e-6 * diagonals.iter().sum::<f64>() / size as f64;
    let solved = gram.plus(&Gram::diagonal(&vec![ridge; size])).solve(&right)?;
    Some(solved.into_iter().zip(diagonals).map(|(log, known)| (known > 0.0).then_some(log)).collect())
}

/// The value at `at` of the line through the known points around it.
fn line_at(values: &[Option<f64>], at: usize) -> f64 {
    let reach = |reach: usize| {
        let from = at.saturating_sub(reach);
        let around = values.iter().enumerate().skip(from).take(at + reach + 1 - from);
        line(around.filter_map(|(place, value)| Some((place as f64 - at as f64, (*value)?))))
    };
    // A gap as long as that is bridged by what lies on both of its sides.
    reach(REACH).or_else(|| reach(values.len())).map_or(0.0, |(value, _)| value)
}

/// Value at zero and slope of the least squares line; None through fewer than two points.
fn line(points: impl Iterator<Item = (f64, f64)>) -> Option<(f64, f64)> {
    let mut sums = [0.0; 5];
    for (x, y) in points {
        for (sum, value) in sums.iter_mut().zip([1.0, x, y, x * x, x * y]) {
            *sum += value;
        }
    }
    let [count, x, y, xx, xy] = sums;
    let square = count * xx - x * x;
    let slope = (square > 0.0).then(|| (count * xy - x * y) / square)?;
    Some(((y - slope * x) / count, slope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::PriceWeek;

    /// Products that reprice every six weeks, each in another week, by `a_week` for the time since; a fifth of them are on offer in any week.
    fn shop(a_week: f64, campaign: std::ops::Range<i32>) -> Vec<ProductHistory> {
        let product = |id: u64| {
            let shift = (id % 6) as i32;
            let week = |week: i32| {
                let repriced = (week + shift) / 6 * 6 - shift;
                let offer = if (week + id as i32) % 5 == 0 { 0.9 } else { 1.0 };
                let campaign = if campaign.contains(&week) { 0.8 } else { 1.0 };
                let price = 10.0 * (a_week * f64::from(repriced)).exp() * offer * campaign;
                PriceWeek { week, units: 1.0, price, covariates: Vec::new() }
            };
            ProductHistory { id, group: 0, weeks: (100..200).map(week).collect() }
        };
        (0..30).map(product).collect()
    }

    #[test]
    fn inflation_is_seen_through_repricing_and_offers() {
        let index = PriceIndex::of(&shop(0.01, 0..0));
        assert!((index.at(199)).abs() < 1e-9 && (index.at(900)).abs() < 1e-9, "today's money");
        for week in [110, 140, 170] {
            let expected = 0.01 * f64::from(week - 199);
            assert!((index.at(week) - expected).abs() < 0.02, "{week}: {}", index.at(week));
        }
        assert_eq!(index.at(0), index.at(100), "before the first week");
    }

    #[test]
    fn a_campaign_is_no_deflation_and_a_shop_without_a_trend_has_no_index() {
        let with = PriceIndex::of(&shop(0.01, 150..151));
        let without = PriceIndex::of(&shop(0.01, 0..0));
        assert!((with.at(150) - without.at(150)).abs() < 0.02, "{} {}", with.at(150), without.at(150));
        assert_eq!(PriceIndex::of(&shop(0.0, 150..151)), PriceIndex::default());
        assert_eq!(PriceIndex::of(&[]), PriceIndex::default());
    }

    #[test]
    fn what_every_product_does_in_its_first_weeks_does_not_add_up() {
        let product = |id: u64| {
            let start = (id % 20) as i32 * 3;
            let price = |week: i32| if week < start + 6 { 12.0 } else { 10.0 };
            let week = |week: i32| PriceWeek { week, units: 1.0, price: price(week), covariates: Vec::new() };
            ProductHistory { id, group: 0, weeks: (start..100).map(week).collect() }
        };
        let index = PriceIndex::of(&(0..40).map(product).collect::<Vec<_>>());
        assert!(index.at(50).abs() < 0.06, "{}", index.at(50));
    }

    #[test]
    fn weeks_that_are_missing_are_bridged() {
        let mut shop = shop(0.01, 0..0);
        shop.iter_mut().for_each(|product| product.weeks.retain(|week| !(130..140).contains(&week.week)));
        let index = PriceIndex::of(&shop);
        assert!((index.at(110) + 0.89).abs() < 0.03, "{}", index.at(110));
    }
}
