//! Generated shops whose elasticities are known: how near they come, and what following the suggestions would have earned.
//!
//! Peers in the same run: least squares of log units on log price, for each product and pooled, both within the product. They give
//! a number without an interval, so the optimiser takes them at their word.

use crate::round;
use meschain_ai::pricing::{
    Demand, Elasticity, PriceContext, PriceModel, PriceWeek, ProductHistory, Rules, TrainConfig, optimise,
    without_silences,
};
use meschain_base::Progress;
use serde_json::json;

const PRODUCTS: u64 = 2_000;
const CATEGORIES: u64 = 20;
/// The last week.
const NEWEST: i32 = 77;
/// What the shops are like.
const KNOWN: Shape = Shape {
    name: "generated_known",
    products: 0.5,
    categories: 0.4,
    noise: 0.2,
    stays: 0.0,
    gaps: 0.0,
    inflation: 0.0,
    season: 0.0,
    lives: 0.0,
    answers: false,
};
const SHAPES: [Shape; 9] = [
    KNOWN,
    Shape { name: "generated_alike", products: 0.25, categories: 0.25, ..KNOWN },
    Shape { name: "generated_apart", products: 0.8, ..KNOWN },
    Shape { name: "generated_drifting", noise: 0.3, stays: 0.9, ..KNOWN },
    Shape { name: "generated_with_gaps", gaps: 0.5, ..KNOWN },
    Shape { name: "generated_inflation", inflation: 0.008, ..KNOWN },
    Shape { name: "generated_seasons", season: 0.7, ..KNOWN },
    Shape { name: "generated_clearance", lives: 0.5, ..KNOWN },
    Shape { name: "generated_answering", answers: true, ..KNOWN },
];
/// Prices, as shares of the usual one.
const LEVELS: [f64; 4] = [1.0, 0.9, 0.8, 1.1];
/// What a product must have to be counted.
const LEAST_WEEKS: usize = 26;
const LEAST_LEVELS: usize = 3;
const RESAMPLES: usize = 2_000;

struct Shape {
    name: &'static str,
    /// Standard deviations of the elasticities of a category's products, and of the categories'.
    products: f64,
    categories: f64,
    /// Standard deviation of log demand beyond Poisson, and how much of it is left a week later.
    noise: f64,
    stays: f64,
    /// Share of the products that were out of stock for six weeks, and again of those that ended half way; nobody wrote it down.
    gaps: f64,
    /// Growth a week of the logarithm of all prices, which customers do not mind; a product follows when its price is changed.
    inflation: f64,
    /// Height of the seasons that categories have beside the one all share, at different times.
    season: f64,
    /// Share of the products that come and go, and are cleared at a lower price as they go.
    lives: f64,
    /// Whether prices are cut where sales of the last weeks were poor, and raised where they were good.
    answers: bool,
}

struct Truth {
    id: u64,
    group: u64,
    elasticity: f64,
    base: f64,
    price: f64,
    cost: f64,
}

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
    let known: Vec<ProductHistory> = histories.iter().map(learnable).collect();
    let model = PriceModel::train(&known, &TrainConfig::default(), 1, &Progress::silent()).expect("train");
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

/// Categories with their own elasticity, products around it, 20 to 77 weeks, two to four price levels kept for about a month, a season
/// that all share, sales that vary more than by chance alone and may drift, and lives if the shape has some.
fn shop(random: &mut Random, shape: &Shape) -> (Vec<ProductHistory>, Vec<Truth>) {
    let shifts: Vec<f64> = (0..CATEGORIES).map(|_| shape.categories * random.normal()).collect();
    let (mut histories, mut truths) = (Vec::new(), Vec::new());
    for id in 0..PRODUCTS {
        let group = 1 + id % CATEGORIES;
        let shift = shifts[(group - 1) as usize];
        let elasticity = (-2.0 + shape.products * random.normal() + shift).clamp(-6.0, -0.3);
        let price = (20.0 + 180.0 * random.share()).round();
        let base = (1.5 + 1.1 * random.normal()).exp().clamp(1.5, 200.0);
        let (weeks, choices) = (20 + random.below(58) as i32, 2 + random.below(3));
        let life = Life::of(random, shape, NEWEST + 1 - weeks);
        let (mut level, mut state, mut lately) = (0, 0.0, 1.0);
        let money = |week: i32| (shape.inflation * f64::from(week - NEWEST)).exp();
        let first = life.born.max(0);
        let mut of_then = money(first);
        let fresh = (1.0 - shape.stays * shape.stays).sqrt() * shape.noise;
        let weeks = (first..=NEWEST)
            .map(|week| {
                if random.share() < 0.25 {
                    level = life.level(week, random.below(choices));
                    level = if shape.answers { answer(lately) } else { level };
                    of_then = money(week);
                }
                let asked = price * LEVELS[level] * of_then;
                let wave = |from: f64| (f64::from(week) / 8.0 + from).sin();
                let season = (1.0 + 0.2 * wave(0.0)) * (1.0 + shape.season * wave(0.3 * group as f64));
                state = shape.stays * state + fresh * random.normal();
                let lift = (state - shape.noise * shape.noise / 2.0).exp();
                let usual = base * life.demand(week) * (asked / price / money(week)).powf(elasticity);
                let units = random.poisson(usual * season * lift);
                lately = f64::midpoint(lately, units / usual.max(1e-9));
                PriceWeek { week, units, price: asked, covariates: Vec::new() }
            })
            .collect();
        histories.push(ProductHistory { id, group, weeks });
        truths.push(Truth {
            id,
            group,
            elasticity,
            base,
            price,
            cost: price * (0.35 + 0.25 * random.share()),
        });
    }
    (histories, truths)
}

/// The level of the price where sales were this multiple of the usual lately.
fn answer(lately: f64) -> usize {
    match lately {
        poor if poor < 0.8 => 2,
        poor if poor < 0.95 => 1,
        good if good > 1.25 => 3,
        _ => 0,
    }
}

/// When a product came out, and in how many weeks it is gone if it goes.
struct Life {
    born: i32,
    weeks: Option<f64>,
}

impl Life {
    fn of(random: &mut Random, shape: &Shape, born: i32) -> Self {
        if shape.lives == 0.0 || random.share() >= shape.lives {
            return Self { born, weeks: None };
        }
        let weeks = 30 + random.below(48) as i32;
        Self { born: NEWEST - 19 - random.below(90) as i32, weeks: Some(f64::from(weeks)) }
    }

    /// What is left of it, 1 to 0.
    fn left(&self, week: i32) -> Option<f64> {
        Some((1.0 - f64::from(week - self.born) / self.weeks?).max(0.0))
    }

    /// Demand in its prime is 1; it comes in a tenth of its life and goes in the last four.
    fn demand(&self, week: i32) -> f64 {
        match self.left(week) {
            None => 1.0,
            Some(0.0) => 0.0,
            Some(left) => (left / 0.4).clamp(0.1, 1.0) * ((1.0 - left) / 0.1).clamp(0.2, 1.0),
        }
    }

    /// The level of the price instead of a `chosen` one: what goes is cleared near its end and not cut before.
    fn level(&self, week: i32, chosen: usize) -> usize {
        match self.left(week) {
            None => chosen,
            Some(left) if left < 0.15 => 2,
            Some(left) if left < 0.3 => 1,
            Some(_) if chosen == 0 => 0,
            Some(_) => 3,
        }
    }
}

/// Takes sales away; what ended is counted no longer.
fn lose(random: &mut Random, shape: &Shape, histories: &mut [ProductHistory], counted: &mut [bool]) {
    let silent = |week: &mut PriceWeek| week.units = 0.0;
    for (history, counted) in histories.iter_mut().zip(counted) {
        if random.share() < shape.gaps {
            let from = random.below(history.weeks.len() - 6);
            history.weeks.iter_mut().skip(from).take(6).for_each(silent);
        }
        if random.share() < shape.gaps {
            let half = history.weeks.len() / 2;
            history.weeks.iter_mut().skip(half).for_each(silent);
            *counted = false;
        }
    }
}

/// Repeatable numbers.
struct Random(u64);

impl Random {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1u32 << 31)
    }

    fn below(&mut self, count: usize) -> usize {
        ((self.share() * count as f64) as usize).min(count - 1)
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    fn poisson(&mut self, mean: f64) -> f64 {
        if mean > 60.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0);
        }
        let (limit, mut product, mut count) = ((-mean).exp(), self.share(), 0.0);
        while product > limit {
            product *= self.share();
            count += 1.0;
        }
        count
    }
}
