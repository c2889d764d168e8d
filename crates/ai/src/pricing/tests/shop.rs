//! Generated shops whose elasticities are known.

use crate::pricing::{PriceWeek, ProductHistory};
use meschain_base::random::{Random, seeded};
use rand::RngExt;

/// A product with a known elasticity.
pub struct Truth {
    pub id: u64,
    pub elasticity: f64,
    pub base: f64,
    pub price: f64,
    pub cost: f64,
}

pub fn normal(random: &mut Random) -> f64 {
    (0..12).map(|_| random.random_range(0.0..1.0)).sum::<f64>() - 6.0
}

/// Poisson draw by inversion for small means, by the normal approximation above 60.
pub fn poisson(random: &mut Random, mean: f64) -> f64 {
    if mean > 60.0 {
        return (mean + mean.sqrt() * normal(random)).round().max(0.0);
    }
    let limit = (-mean).exp();
    let mut product: f64 = random.random_range(0.0..1.0);
    let mut count = 0.0;
    while product > limit {
        product *= random.random_range(0.0..1.0);
        count += 1.0;
    }
    count
}

/// A shop: categories with their own elasticity, products around it, weekly price levels, a shared season, Poisson sales.
pub fn shop(
    count: u64,
    weeks: i32,
    seed: u64,
    make: impl Fn(&mut Random) -> f64,
) -> (Vec<ProductHistory>, Vec<Truth>) {
    let mut random = seeded(seed, 0);
    let mut histories = Vec::new();
    let mut truths = Vec::new();
    let shifts: Vec<f64> = (0..8).map(|_| 0.4 * normal(&mut random)).collect();
    for id in 0..count {
        let group = id % 8;
        let elasticity = (make(&mut random) + shifts[group as usize]).clamp(-6.0, -0.3);
        let price = random.random_range(20.0..200.0f64).round();
        let base = random.random_range(10.0..80.0);
        let mut level = 0usize;
        let row = |week: i32, random: &mut Random| {
            if random.random_bool(0.25) {
                level = random.random_range(0..4);
            }
            let asked = price * [1.0, 0.9, 0.8, 1.1][level];
            let season = 1.0 + 0.2 * (f64::from(week) / 8.0).sin();
            let mean = base * season * (asked / price).powf(elasticity);
            PriceWeek { week, units: poisson(random, mean), price: asked, covariates: Vec::new() }
        };
        let mut row = row;
        let weeks = (0..weeks).map(|week| row(week, &mut random)).collect();
        histories.push(ProductHistory { id, group, weeks });
        truths.push(Truth { id, elasticity, base, price, cost: 0.45 * price });
    }
    (histories, truths)
}
