//! The generated shops: products with known elasticities, and what makes real shops hard to learn from.

use meschain_ai::pricing::{PriceWeek, ProductHistory};

const PRODUCTS: u64 = 2_000;
const CATEGORIES: u64 = 20;
const BRANDS: u64 = 25;
/// The last week.
const NEWEST: i32 = 77;
/// Prices, as shares of the usual one.
const LEVELS: [f64; 4] = [1.0, 0.9, 0.8, 1.1];
/// Which of them a campaign asks.
const CAMPAIGN: usize = 2;
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
    banners: 0.0,
    is_of_brands: false,
};
pub const SHAPES: [Shape; 11] = [
    KNOWN,
    Shape { name: "generated_alike", products: 0.25, categories: 0.25, ..KNOWN },
    Shape { name: "generated_apart", products: 0.8, ..KNOWN },
    Shape { name: "generated_drifting", noise: 0.3, stays: 0.9, ..KNOWN },
    Shape { name: "generated_with_gaps", gaps: 0.5, ..KNOWN },
    Shape { name: "generated_inflation", inflation: 0.008, ..KNOWN },
    Shape { name: "generated_seasons", season: 0.7, ..KNOWN },
    Shape { name: "generated_clearance", lives: 0.5, ..KNOWN },
    Shape { name: "generated_answering", answers: true, ..KNOWN },
    Shape { name: "generated_campaigns", banners: 0.5, ..KNOWN },
    Shape { name: "generated_brand_campaigns", banners: 0.5, is_of_brands: true, ..KNOWN },
];

/// What a shop is like.
pub struct Shape {
    /// Its name in the rows.
    pub name: &'static str,
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
    /// By how much the logarithm of demand is higher in campaigns of a category, a fortnight in seven with all prices a fifth lower, than they make it.
    banners: f64,
    /// Whether campaigns are those of brands instead.
    is_of_brands: bool,
}

/// What is true of a product.
pub struct Truth {
    pub id: u64,
    pub group: u64,
    pub elasticity: f64,
    pub base: f64,
    pub price: f64,
    pub cost: f64,
}

/// Categories with their own elasticity, products around it, 20 to 77 weeks, two to four price levels kept for about a month, a season
/// that all share, sales that vary more than by chance alone and may drift, and lives if the shape has some.
pub fn shop(random: &mut Random, shape: &Shape) -> (Vec<ProductHistory>, Vec<Truth>) {
    let shifts: Vec<f64> = (0..CATEGORIES).map(|_| shape.categories * random.normal()).collect();
    let (mut histories, mut truths) = (Vec::new(), Vec::new());
    for id in 0..PRODUCTS {
        let group = 1 + id % CATEGORIES;
        let shift = shifts[(group - 1) as usize];
        let elasticity = (-2.0 + shape.products * random.normal() + shift).clamp(-6.0, -0.3);
        let price = (20.0 + 180.0 * random.share()).round();
        let base = (1.5 + 1.1 * random.normal()).exp().clamp(1.5, 200.0);
        let (weeks, choices) = (20 + random.below(58) as i32, 2 + random.below(3));
        let of = if shape.is_of_brands { brand(id) } else { group };
        let campaign = |week: i32| shape.banners > 0.0 && is_campaign(of, week);
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
                let level = if campaign(week) { CAMPAIGN } else { level };
                let banner = if campaign(week) { shape.banners.exp() } else { 1.0 };
                let asked = price * LEVELS[level] * of_then;
                let wave = |from: f64| (f64::from(week) / 8.0 + from).sin();
                let season = (1.0 + 0.2 * wave(0.0)) * (1.0 + shape.season * wave(0.3 * group as f64));
                state = shape.stays * state + fresh * random.normal();
                let lift = (state - shape.noise * shape.noise / 2.0).exp();
                let usual =
                    base * banner * life.demand(week) * (asked / price / money(week)).powf(elasticity);
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

/// The brand of a product; brands go through all categories.
pub fn brand(id: u64) -> u64 {
    1 + id / CATEGORIES % BRANDS
}

/// Whether a category or brand is on offer in a week: one fortnight in seven, at times of its own.
fn is_campaign(group: u64, week: i32) -> bool {
    Random((group << 32) | u64::from(week.unsigned_abs() / 2)).below(7) == 0
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
pub fn lose(random: &mut Random, shape: &Shape, histories: &mut [ProductHistory], counted: &mut [bool]) {
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
pub struct Random(pub u64);

impl Random {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1u32 << 31)
    }

    pub fn below(&mut self, count: usize) -> usize {
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
