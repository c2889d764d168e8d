//! Generated shops whose elasticities are known: how near they come, and what following the suggestions would have earned.
//!
//! Peers in the same run: least squares of log units on log price, for each product and pooled, both within the product. They give
//! a number without an interval, so the optimiser takes them at their word.

use crate::round;
use crate::shops::{Random, SHAPES, Shape, Truth, brand, lose, shop};
use meschain_ai::pricing::{
    BRAND_PRICE, CATEGORY_PRICE, Demand, Elasticity, PriceContext, PriceModel, ProductHistory, Rules,
    TrainConfig, add_group_prices, optimise, without_silences,
};
use meschain_base::Progress;
use serde_json::json;

/// What a product must have to be counted.
const LEAST_WEEKS: usize = 26;
const LEAST_LEVELS: usize = 3;
const RESAMPLES: usize = 2_000;

/// Runs them and prints a row for each method.
pub fn measure() {
    SHAPES.iter().for_each(measure_one);
}

fn measure_one(shape: &Shape) {
    let (mut histories, truths) = shop(&mut Random(7), shape);
    let mut counted: Vec<bool> = histories.iter().map(is_counted).collect();
    lose(&mut Random(5), shape, &mut histories, &mut counted);
    let kept = |at: &usize| counted[*at];
    let rows: Vec<usize> = (0..truths.len()).filter(kept).collect();
    // As the shop's training does.
    let learnable = |history: &ProductHistory| ProductHistory {
        weeks: without_silences(history.weeks.clone()),
        ..*history
    };
    let mut known: Vec<ProductHistory> = histories.iter().map(learnable).collect();
    add_group_prices(&mut known, |history| history.group);
    add_group_prices(&mut known, |history| brand(history.id));
    let covariates = [CATEGORY_PRICE, BRAND_PRICE].map(str::to_owned).to_vec();
    let config = TrainConfig { covariates, ..TrainConfig::default() };
    let model = PriceModel::train(&known, &config, 1, &Progress::silent()).expect("train");
    let pooled = slope(&histories.iter().map(logs).collect::<Vec<_>>());
    let plain = |history: &ProductHistory, slope: f64| Demand {
        elasticity: Elasticity::around(slope, 0.0),
        weeks: history.weeks.len() as u32,
        price_levels: levels(history) as u32,
        weekly_units: history.weeks.iter().map(|week| week.units).sum::<f64>() / history.weeks.len() as f64,
        level: None,
    };
    let ours = |at: usize| model.demand(truths[at].id, truths[at].group);
    let each = |at: usize| plain(&histories[at], slope(&[logs(&histories[at])]));
    let all = |at: usize| plain(&histories[at], pooled);
    report((shape, "meschain"), &rows, &truths, &ours);
    report((shape, "ols_per_unit"), &rows, &truths, &each);
    report((shape, "ols_pooled"), &rows, &truths, &all);
}

fn report(
    (shape, method): (&Shape, &str),
    rows: &[usize],
    truths: &[Truth],
    demand: &dyn Fn(usize) -> Demand,
) {
    let rules = Rules::default();
    let mut errors: Vec<f64> =
        rows.iter().map(|at| (demand(*at).elasticity.value / truths[*at].elasticity - 1.0).abs()).collect();
    errors.sort_by(f64::total_cmp);
    let inside = rows.iter().filter(|at| {
        let found = demand(**at).elasticity;
        (found.lower..=found.upper).contains(&truths[**at].elasticity)
    });
    let inside = inside.count() as f64 / rows.len() as f64;
    // Profit a week before, after, and at the best price the rules allow.
    let profits: Vec<(f64, f64, f64)> = rows
        .iter()
        .map(|at| {
            let (truth, context) = (&truths[*at], truths[*at].context());
            let suggested = optimise(&demand(*at), &context, &rules).expect("optimise").suggested_price;
            let best = truth.best(&context, &rules);
            let best = truth.profit(&context, best).max(truth.profit(&context, truth.price));
            (truth.profit(&context, truth.price), truth.profit(&context, suggested), best)
        })
        .collect();
    let sum = |part: fn(&(f64, f64, f64)) -> f64| profits.iter().map(part).sum::<f64>();
    let (before, after, best) = (sum(|p| p.0), sum(|p| p.1), sum(|p| p.2));
    let (lower, upper) = interval(&profits);
    // Above -1 no price is the best: a rise always gains.
    let settled: Vec<usize> = rows.iter().copied().filter(|at| truths[*at].elasticity < -1.05).collect();
    let unchanged = settled.iter().filter(|at| {
        let truth = &truths[**at];
        // The price of now is the best there is: margin = price / -elasticity.
        let cost = truth.price * (1.0 + 1.0 / truth.elasticity);
        let context = PriceContext { cost: Some(cost), ..truth.context() };
        let rules = Rules { margin_min: 0.0, ..rules.clone() };
        optimise(&demand(**at), &context, &rules).expect("optimise").suggested_price == truth.price
    });
    println!(
        "{}",
        json!({
            "set": shape.name, "method": method, "products": rows.len(),
            "median_elasticity_error": round(errors[errors.len() / 2]), "interval_holds": round(inside),
            "profit_of_oracle": round(after / best),
            "profit_uplift": round(after / before - 1.0), "uplift_lower": round(lower), "uplift_upper": round(upper),
            "no_change_without_gain": round(unchanged.count() as f64 / settled.len() as f64),
        })
    );
}

/// The 95 % bootstrap interval of the uplift, over products.
fn interval(profits: &[(f64, f64, f64)]) -> (f64, f64) {
    let mut random = Random(11);
    let mut uplifts: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let draws = (0..profits.len()).map(|_| profits[random.below(profits.len())]);
            let (before, after) = draws.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            after / before - 1.0
        })
        .collect();
    uplifts.sort_by(f64::total_cmp);
    (uplifts[RESAMPLES / 40], uplifts[RESAMPLES - 1 - RESAMPLES / 40])
}

impl Truth {
    fn context(&self) -> PriceContext {
        PriceContext { cost: Some(self.cost), kdv_rate: 0.0, ..PriceContext::new(self.price) }
    }

    fn profit(&self, context: &PriceContext, price: f64) -> f64 {
        self.base * (price / self.price).powf(self.elasticity) * context.unit_profit(price)
    }

    /// What the same optimiser does that knows the truth.
    fn best(&self, context: &PriceContext, rules: &Rules) -> f64 {
        let known = Demand {
            elasticity: Elasticity::around(self.elasticity, 0.0),
            weeks: 1_000,
            price_levels: 1_000,
            weekly_units: self.base,
            level: None,
        };
        let rules = Rules { min_gain: 0.0, confidence: 0.5, ..rules.clone() };
        optimise(&known, context, &rules).expect("optimise").suggested_price
    }
}

fn is_counted(history: &ProductHistory) -> bool {
    history.weeks.len() >= LEAST_WEEKS && levels(history) >= LEAST_LEVELS
}

fn levels(history: &ProductHistory) -> usize {
    let mut cents: Vec<i64> = history.weeks.iter().map(|week| (week.price * 100.0).round() as i64).collect();
    cents.sort_unstable();
    cents.dedup();
    cents.len()
}

fn logs(history: &ProductHistory) -> Vec<(f64, f64)> {
    history.weeks.iter().map(|week| (week.price.ln(), week.units.max(0.5).ln())).collect()
}

/// Slope of the second on the first, both less their means in each part.
fn slope(parts: &[Vec<(f64, f64)>]) -> f64 {
    let (mut cross, mut square) = (0.0, 0.0);
    for part in parts {
        let count = part.len().max(1) as f64;
        let mean =
            (part.iter().map(|p| p.0).sum::<f64>() / count, part.iter().map(|p| p.1).sum::<f64>() / count);
        cross += part.iter().map(|p| (p.0 - mean.0) * (p.1 - mean.1)).sum::<f64>();
        square += part.iter().map(|p| (p.0 - mean.0).powi(2)).sum::<f64>();
    }
    if square > 0.0 { cross / square } else { 0.0 }
}
