//! The price to suggest, and "no change" where that is the better answer.

use super::demand::{Demand, Elasticity};
use super::economics::{Off, PriceContext};
use super::model::PriceModel;
use super::rules::{Range, Rules, range};
use crate::forecast::parallel;
use meschain_base::{Error, Progress, Result};

/// A suggestion. Ratios: 0.12 is 12 %; money a week.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// Price asked now.
    pub current_price: f64,
    /// Price suggested; the current one when no change is.
    pub suggested_price: f64,
    /// The catalogue's price, where both are those of a special beside it.
    pub list_price: Option<f64>,
    /// How that one moves with the special's.
    pub list_follows: Option<Off>,
    /// Change of the price.
    pub change_percentage: f64,
    /// Expected change of units.
    pub demand_change: f64,
    /// Expected change of profit.
    pub profit_change: f64,
    /// Change of profit at the unfavourable end of the elasticity's interval.
    pub profit_change_lower: f64,
    /// Expected units a week at the suggested price.
    pub weekly_units: f64,
    /// Expected profit a week at the suggested price.
    pub weekly_profit: f64,
    /// Expected gain of profit a week.
    pub weekly_gain: f64,
    /// 0 to 1: the probability that the change gains; without a change, how sure the elasticity is.
    pub confidence: f64,
    /// Days the suggestion stands.
    pub valid_days: u32,
    /// The elasticity used.
    pub elasticity: Elasticity,
    /// Machine word: `raise_price`, `lower_price`, `clear_stock`, `restore_margin`, `uncertain_gain`, `no_gain`,
    /// `too_few_sales`, `too_little_price_variation`, `too_little_history`, `recently_changed`, `no_cost`,
    /// `rules_conflict`, `on_offer`.
    pub reason: &'static str,
    /// The rule that kept the price from going further.
    pub bound_by: Option<&'static str>,
}

/// One point of the demand and profit curve, a week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PricePoint {
    /// Price.
    pub price: f64,
    /// Units.
    pub units: f64,
    /// Units at the ends of the elasticity's interval, the fewer first.
    pub units_range: (f64, f64),
    /// Price times units, as shown (with KDV where prices include it).
    pub revenue: f64,
    /// Profit.
    pub profit: f64,
    /// Profit at the ends of the elasticity's interval, the lower first.
    pub profit_range: (f64, f64),
}

/// Share of the cost that counts for stock that would otherwise lie: what is tied up is not lost by selling it.
const CLEARING_COST: f64 = 0.7;

/// Suggests a price for one product: the one with the largest expected gain of profit, among those the rules allow that gain even at
/// the unfavourable end of the elasticity's interval.
pub fn optimise(demand: &Demand, context: &PriceContext, rules: &Rules) -> Result<Suggestion> {
    context.check()?;
    rules.check()?;
    let units = base_units(demand, context);
    let curve = Curve { context, units, elasticity: demand.elasticity, clearing: false };
    let keep = |reason: &'static str| Ok(suggestion(&curve, rules, context.price, reason, None));
    let cover = context.stock.filter(|_| units > 0.0).map(|stock| stock.max(0.0) / units);
    if context.on_offer {
        return keep("on_offer");
    }
    if context.last_change_days.is_some_and(|days| days < rules.min_days_between) {
        return keep("recently_changed");
    }
    if context.cost.is_none() {
        return keep("no_cost");
    }
    let Some(range) = range(context, rules, cover) else { return keep("rules_conflict") };
    let grid = range.grid(rules, context);
    if grid.is_empty() {
        return keep("rules_conflict");
    }
    if range.low.price > context.price || range.high.price < context.price {
        return Ok(forced(&curve, &range, rules, &grid));
    }
    if units < rules.min_weekly_units {
        return keep("too_few_sales");
    }
    if demand.weeks < rules.min_weeks {
        return keep("too_little_history");
    }
    if demand.price_levels < rules.min_price_levels {
        return keep("too_little_price_variation");
    }
    let clearing = cover.is_some_and(|cover| cover > rules.clear_after_weeks);
    Ok(best(&Curve { clearing, ..curve }, &range, rules, &grid))
}

/// The demand and profit curve at given prices (at most 10,000), from the expected elasticity.
pub fn simulate(demand: &Demand, context: &PriceContext, prices: &[f64]) -> Result<Vec<PricePoint>> {
    context.check()?;
    if prices.len() > 10_000 {
        return Err(Error::argument("prices", "at most 10000 prices", prices.len().to_string()));
    }
    if let Some(bad) = prices.iter().find(|price| !(1e-6..=1e12).contains(*price)) {
        return Err(Error::argument("prices", "above 0, up to 1e12", bad.to_string()));
    }
    let units = base_units(demand, context);
    let curve = Curve { context, units, elasticity: demand.elasticity, clearing: false };
    let point = |price: &f64| {
        let Elasticity { value, lower, upper } = demand.elasticity;
        let [units, at_lower, at_upper] =
            [value, lower, upper].map(|elasticity| curve.units(*price, elasticity));
        let each = context.unit_profit(*price);
        let sorted = |a: f64, b: f64| (a.min(b), a.max(b));
        PricePoint {
            price: *price,
            units,
            units_range: sorted(at_lower, at_upper),
            revenue: price * units,
            profit: units * each,
            profit_range: sorted(at_lower * each, at_upper * each),
        }
    };
    Ok(prices.iter().map(point).collect())
}

/// Suggestions for a whole catalogue of (product, category, context), in order. Progress: stage `prices`.
pub fn optimise_catalogue(
    items: &[(u64, u64, PriceContext)],
    model: &PriceModel,
    rules: &Rules,
    threads: usize,
    progress: &Progress,
) -> Result<Vec<Suggestion>> {
    rules.check()?;
    progress.stage("prices", items.len() as u64)?;
    parallel::map(items, threads, progress, |(id, group, context)| {
        optimise(&model.demand(*id, *group), context, rules)
    })
}

fn base_units(demand: &Demand, context: &PriceContext) -> f64 {
    context
        .weekly_units
        .or_else(|| demand.units(context.price))
        .unwrap_or(demand.weekly_units)
        .clamp(0.0, 1e12)
}

/// Demand around the current price.
#[derive(Clone, Copy)]
struct Curve<'a> {
    context: &'a PriceContext,
    units: f64,
    elasticity: Elasticity,
    clearing: bool,
}

impl Curve<'_> {
    fn units(&self, price: f64, elasticity: f64) -> f64 {
        self.units * (price / self.context.price).powf(elasticity)
    }

    /// What the optimiser maximises: profit, with a part of the cost of stock that must go anyway left out.
    fn value(&self, price: f64, elasticity: f64) -> f64 {
        let spared =
            if self.clearing { (1.0 - CLEARING_COST) * self.context.cost.unwrap_or(0.0) } else { 0.0 };
        self.units(price, elasticity) * (self.context.unit_profit(price) + spared)
    }

    fn gain(&self, price: f64, elasticity: f64) -> f64 {
        self.value(price, elasticity) - self.value(self.context.price, elasticity)
    }

    /// The probability that a price gains, over the distribution of the elasticity: the share of its percentiles at which it does.
    fn confidence(&self, price: f64) -> f64 {
        const PERCENTILES: u32 = 99;
        let deviation = (self.elasticity.value - self.elasticity.lower) / 1.96;
        if price == self.context.price {
            return 1.0 / (1.0 + (deviation / self.elasticity.value.abs()).powi(2) * 4.0);
        }
        let at = |percentile: u32| self.elasticity.at(f64::from(percentile) / f64::from(PERCENTILES + 1));
        let gains = (1..=PERCENTILES).filter(|percentile| self.gain(price, at(*percentile)) > 0.0).count();
        gains as f64 / f64::from(PERCENTILES)
    }

    /// Gain at the end of the interval that hurts: much elasticity for a rise, little for a cut.
    fn safe_gain(&self, price: f64, confidence: f64) -> f64 {
        let sign = if price > self.context.price { -1.0 } else { 1.0 };
        self.gain(price, self.elasticity.end(confidence, sign)).min(self.gain(price, self.elasticity.value))
    }
}

/// The current price breaks a rule: the nearest allowed price.
fn forced(curve: &Curve<'_>, range: &Range, rules: &Rules, grid: &[f64]) -> Suggestion {
    let current = curve.context.price;
    let nearest = grid.iter().copied().min_by(|a, b| (a - current).abs().total_cmp(&(b - current).abs()));
    let rule = if range.low.price > current { range.low.rule } else { range.high.rule };
    let reason = if rule == "margin_min" { "restore_margin" } else { "keep_rules" };
    suggestion(curve, rules, nearest.unwrap_or(current), reason, Some(rule))
}

fn best(curve: &Curve<'_>, range: &Range, rules: &Rules, grid: &[f64]) -> Suggestion {
    let current = curve.context.price;
    let needed = rules.min_gain * curve.value(current, curve.elasticity.value).abs();
    let is_sure = |price: &f64| curve.safe_gain(*price, rules.confidence) > needed.max(1e-9);
    let expected = |price: f64| curve.gain(price, curve.elasticity.value);
    let sure = grid.iter().copied().filter(|price| *price != current && is_sure(price));
    match sure.max_by(|a, b| expected(*a).total_cmp(&expected(*b))) {
        Some(price) => {
            let reason = match (curve.clearing, price > current) {
                (true, false) => "clear_stock",
                (_, true) => "raise_price",
                (_, false) => "lower_price",
            };
            suggestion(curve, rules, price, reason, range.bound_by(price, rules))
        }
        None => {
            let most = grid.iter().map(|price| expected(*price)).fold(0.0, f64::max);
            let reason = if most > needed { "uncertain_gain" } else { "no_gain" };
            suggestion(curve, rules, current, reason, None)
        }
    }
}

fn suggestion(
    curve: &Curve<'_>,
    rules: &Rules,
    price: f64,
    reason: &'static str,
    bound_by: Option<&'static str>,
) -> Suggestion {
    let context = curve.context;
    let profit = |price: f64, elasticity: f64| curve.units(price, elasticity) * context.unit_profit(price);
    let now = profit(context.price, curve.elasticity.value);
    let relative = |gain: f64| if now.abs() > 1e-9 { gain / now.abs() } else { 0.0 };
    let sign = if price > context.price { -1.0 } else { 1.0 };
    let unfavourable = curve.elasticity.end(rules.confidence, sign);
    let expected = profit(price, curve.elasticity.value) - now;
    let lower = (profit(price, unfavourable) - now).min(expected);
    let units = curve.units(price, curve.elasticity.value);
    Suggestion {
        current_price: context.price,
        suggested_price: price,
        list_price: context.list_price,
        list_follows: context.list_follows,
        change_percentage: price / context.price - 1.0,
        demand_change: if curve.units > 0.0 { units / curve.units - 1.0 } else { 0.0 },
        profit_change: relative(expected),
        profit_change_lower: relative(lower),
        weekly_units: units,
        weekly_profit: units * context.unit_profit(price),
        weekly_gain: expected,
        confidence: curve.confidence(price),
        valid_days: 7,
        elasticity: curve.elasticity,
        reason,
        bound_by,
    }
}
