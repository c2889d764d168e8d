//! The figures shown beside a suggestion.

use super::economics::PriceContext;
use super::history::PriceWeek;
use serde::Serialize;

/// Weeks that count as lately.
const LATELY: i32 = 4;
/// Weeks that lately is compared with.
const HALF_A_YEAR: i32 = 26;

/// Features of one product. Ratios are around 1; prices are in the terms of the context.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct PlanFeatures {
    /// Mean of the competitors' prices; None without any.
    pub competitor_average: Option<f64>,
    /// Least of them.
    pub competitor_min: Option<f64>,
    /// Largest of them.
    pub competitor_max: Option<f64>,
    /// 0 to 1: share of the category's products that sold less a week than this one lately; None for a category the model does not know.
    pub demand_score: Option<f64>,
    /// Weeks of cover at the recent rate; None without tracked stock or sales.
    pub inventory_level: Option<f64>,
    /// Units a week over the last four weeks.
    pub sales_velocity: f64,
    /// Units of the last four weeks over those of the last 26, a week.
    pub seasonality_factor: f64,
    /// Units of the category over the last four weeks over those of the four before, when the model was trained.
    pub category_performance: Option<f64>,
}

/// How the products of a category sold in the last weeks that training saw.
#[derive(Debug, Clone, Copy)]
pub struct CategoryPace<'a> {
    /// The category's products, by ascending `recent`.
    rows: &'a [u32],
    /// Units a week lately, by row.
    recent: &'a [f32],
    /// In as many weeks before.
    before: &'a [f32],
}

impl<'a> CategoryPace<'a> {
    pub(crate) fn new(rows: &'a [u32], recent: &'a [f32], before: &'a [f32]) -> Self {
        Self { rows, recent, before }
    }

    /// The share of its products that sold less than `rate` a week.
    pub(crate) fn share_below(&self, rate: f64) -> f64 {
        let below = self.rows.partition_point(|row| of(self.recent, row) < rate);
        below as f64 / self.rows.len().max(1) as f64
    }

    /// Units lately over those before.
    pub(crate) fn performance(&self) -> f64 {
        let sum = |rates: &[f32]| self.rows.iter().map(|row| of(rates, row)).sum::<f64>();
        ratio(sum(self.recent), sum(self.before))
    }
}

fn of(rates: &[f32], row: &u32) -> f64 {
    rates.get(*row as usize).copied().map_or(0.0, f64::from)
}

/// Computes the features of a product from its weeks up to `newest`, beside its category.
pub fn features(
    weeks: &[PriceWeek],
    newest: i32,
    category: Option<CategoryPace<'_>>,
    context: &PriceContext,
) -> PlanFeatures {
    let units = || weeks.iter().map(|week| (week.week, week.units));
    let velocity = rate(units(), newest, LATELY);
    let long = rate(units(), newest, HALF_A_YEAR);
    let prices = &context.competitors;
    let some = |value: f64| (!prices.is_empty()).then_some(value);
    PlanFeatures {
        competitor_average: some(prices.iter().sum::<f64>() / prices.len().max(1) as f64),
        competitor_min: some(prices.iter().copied().fold(f64::INFINITY, f64::min)),
        competitor_max: some(prices.iter().copied().fold(0.0, f64::max)),
        // A rate is kept in the model in single precision.
        demand_score: category.map(|category| category.share_below(f64::from(velocity as f32))),
        inventory_level: context.stock.filter(|_| velocity > 0.0).map(|stock| stock.max(0.0) / velocity),
        sales_velocity: velocity,
        seasonality_factor: ratio(velocity, long),
        category_performance: category.map(|category| category.performance()),
    }
}

/// Units a week over the last four weeks up to `newest`, and over the four before.
pub(crate) fn paces(weeks: impl Iterator<Item = (i32, f64)> + Clone, newest: i32) -> (f32, f32) {
    let recent = rate(weeks.clone(), newest, LATELY);
    (recent as f32, rate(weeks, newest.saturating_sub(LATELY), LATELY) as f32)
}

fn ratio(a: f64, b: f64) -> f64 {
    if b > 0.0 { a / b } else { 1.0 }
}

/// Units a week over `count` calendar weeks up to `end`; weeks without a row count as zero, weeks before the first row do not
/// count.
fn rate(weeks: impl Iterator<Item = (i32, f64)> + Clone, end: i32, count: i32) -> f64 {
    let first = weeks.clone().next().map_or(end, |(week, _)| week.saturating_sub(1));
    let start = end.saturating_sub(count).max(first);
    let length = end.saturating_sub(start);
    let inside = weeks.filter(|(week, _)| *week > start && *week <= end);
    if length > 0 { inside.map(|(_, units)| units).sum::<f64>() / f64::from(length) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(units: impl Fn(i32) -> f64) -> Vec<PriceWeek> {
        let week = |week| PriceWeek { week, units: units(week), price: 1.0, covariates: Vec::new() };
        (0..30).map(week).collect()
    }

    #[test]
    fn figures_follow_the_last_weeks() {
        let rising = weeks(|week| if week >= 26 { 20.0 } else { 10.0 });
        let slow = weeks(|_| 2.0);
        let pace = |product: &[PriceWeek]| paces(product.iter().map(|week| (week.week, week.units)), 29);
        let (first, second) = (pace(&slow), pace(&rising));
        let (recent, before) = ([first.0, second.0], [first.1, second.1]);
        let category = CategoryPace::new(&[0, 1], &recent, &before);
        let context =
            PriceContext { stock: Some(40.0), competitors: vec![8.0, 12.0], ..PriceContext::new(10.0) };
        let found = features(&rising, 29, Some(category), &context);
        assert_eq!((found.sales_velocity, found.inventory_level), (20.0, Some(2.0)));
        assert_eq!((found.competitor_average, found.competitor_min), (Some(10.0), Some(8.0)));
        assert!(found.seasonality_factor > 1.5 && found.demand_score == Some(0.5));
        assert!((found.category_performance.unwrap() - 22.0 / 12.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let found = features(&[], 29, None, &PriceContext::new(10.0));
        assert_eq!((found.demand_score, found.category_performance), (None, None));
        assert_eq!((found.competitor_average, found.inventory_level), (None, None));
        assert_eq!((found.sales_velocity, found.seasonality_factor), (0.0, 1.0));
    }

    #[test]
    fn weeks_before_the_first_sale_and_after_the_last_row_are_seen_for_what_they_are() {
        let new = [PriceWeek { week: 28, units: 6.0, price: 1.0, covariates: Vec::new() }];
        let at = |newest| features(&new, newest, None, &PriceContext::new(1.0)).sales_velocity;
        assert_eq!((at(28), at(29), at(40)), (6.0, 3.0, 0.0));
    }
}
