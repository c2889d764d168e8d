//! The figures shown beside a suggestion.

use super::economics::PriceContext;
use super::history::ProductHistory;

/// Features of one product. Ratios are around 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PlanFeatures {
    /// Mean of the competitors' prices; None without any.
    pub competitor_average: Option<f64>,
    /// Least of them.
    pub competitor_min: Option<f64>,
    /// Largest of them.
    pub competitor_max: Option<f64>,
    /// 0 to 1: share of the category's products that sell less a week than this one lately.
    pub demand_score: f64,
    /// Weeks of cover at the recent rate; None without tracked stock or sales.
    pub inventory_level: Option<f64>,
    /// Units a week over the last four weeks.
    pub sales_velocity: f64,
    /// Units of the last four weeks over those of the last 26, a week.
    pub seasonality_factor: f64,
    /// Units of the category over the last four weeks over those of the four before.
    pub category_performance: f64,
}

/// Computes the features of a product beside its category (which may include the product).
pub fn features(
    product: &ProductHistory,
    category: &[&ProductHistory],
    context: &PriceContext,
) -> PlanFeatures {
    let newest =
        category.iter().chain([&product]).filter_map(|one| one.weeks.last()).map(|week| week.week).max();
    let Some(newest) = newest else { return PlanFeatures::default() };
    let velocity = rate(product, newest, 0, 4);
    let slower = category.iter().filter(|one| rate(one, newest, 0, 4) < velocity).count();
    let long = rate(product, newest, 0, 26);
    let ratio = |a: f64, b: f64| if b > 0.0 { a / b } else { 1.0 };
    let sum = |from: i32| category.iter().map(|one| rate(one, newest, from, 4)).sum::<f64>();
    let prices = &context.competitors;
    let some = |value: f64| (!prices.is_empty()).then_some(value);
    PlanFeatures {
        competitor_average: some(prices.iter().sum::<f64>() / prices.len().max(1) as f64),
        competitor_min: some(prices.iter().copied().fold(f64::INFINITY, f64::min)),
        competitor_max: some(prices.iter().copied().fold(0.0, f64::max)),
        demand_score: slower as f64 / category.len().max(1) as f64,
        inventory_level: context.stock.filter(|_| velocity > 0.0).map(|stock| stock.max(0.0) / velocity),
        sales_velocity: velocity,
        seasonality_factor: ratio(velocity, long),
        category_performance: ratio(sum(0), sum(4)),
    }
}

/// Units a week over `count` calendar weeks ending `back` weeks before `newest`; weeks without a row count as zero, weeks
/// before the first row do not count.
fn rate(product: &ProductHistory, newest: i32, back: i32, count: i32) -> f64 {
    let end = newest.saturating_sub(back);
    let start = end.saturating_sub(count);
    let first = product.weeks.first().map_or(end, |week| week.week.saturating_sub(1));
    let weeks = end.saturating_sub(start.max(first));
    let inside = product.weeks.iter().filter(|week| week.week > start && week.week <= end);
    if weeks > 0 { inside.map(|week| week.units).sum::<f64>() / f64::from(weeks) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::PriceWeek;

    fn product(units: impl Fn(i32) -> f64) -> ProductHistory {
        let week = |week| PriceWeek { week, units: units(week), price: 1.0, covariates: Vec::new() };
        ProductHistory { id: 1, group: 1, weeks: (0..30).map(week).collect() }
    }

    #[test]
    fn figures_follow_the_last_weeks() {
        let rising = product(|week| if week >= 26 { 20.0 } else { 10.0 });
        let slow = product(|_| 2.0);
        let context =
            PriceContext { stock: Some(40.0), competitors: vec![8.0, 12.0], ..PriceContext::new(10.0) };
        let found = features(&rising, &[&rising, &slow], &context);
        assert_eq!((found.sales_velocity, found.inventory_level), (20.0, Some(2.0)));
        assert_eq!((found.competitor_average, found.competitor_min), (Some(10.0), Some(8.0)));
        assert!(found.seasonality_factor > 1.5 && found.demand_score == 0.5);
        assert!((found.category_performance - 22.0 / 12.0).abs() < 1e-9);
    }
}
