//! What a product's own weeks say of its coefficients.

use super::fit::Product;
use super::linear::{Gram, dot};
use super::noise::Noise;
use super::week_effects::WeekEffects;
use super::whitened::Whitened;

/// Products that are taken to scatter as the noise says before any is looked at.
const PSEUDO_PRODUCTS: f64 = 20.0;
/// Fewest weeks of a product that counts in what is said of all.
const FEWEST_WEEKS: f64 = 8.0;

/// Cross products within a product: of its weeks' innovations, less its level and course.
#[derive(Debug, Clone)]
pub(crate) struct Within {
    pub gram: Gram,
    pub right: Vec<f64>,
    pub squares: f64,
    pub weeks: f64,
    /// Cross products of the scores at the product's present coefficients: how far the weeks really scatter (White 1980).
    pub scores: Gram,
}

impl Within {
    pub(super) fn of(product: &Product, effects: &WeekEffects, noise: &Noise) -> Self {
        let size = product.size;
        let weeks = Whitened::of_slopes(product, effects, noise)
            .filtered(noise.dispersion, noise.drift)
            .without_level();
        let mut all = Self::none(size);
        all.weeks = product.units.len() as f64;
        for ((row, value), weight) in
            weeks.rows.chunks_exact(size.max(1)).zip(&weeks.values).zip(&weeks.weights)
        {
            all.gram.add(row, *weight);
            all.right.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x * value);
            all.squares += weight * value.powi(2);
            let left = value - dot(row, &product.coefficients);
            all.scores.add(row, (weight * left).powi(2));
        }
        all
    }

    /// Whether its price moved.
    pub(super) fn has_moved(&self) -> bool {
        self.gram.cells.first().is_some_and(|evidence| *evidence > 1e-6)
    }

    pub(super) fn none(size: usize) -> Self {
        let gram = Gram::zero(size);
        Self { scores: gram.clone(), gram, right: vec![0.0; size], squares: 0.0, weeks: 0.0 }
    }

    /// What all say together; scores are each product's own and are not.
    pub(super) fn pooled<'a>(parts: impl Iterator<Item = &'a Self>, size: usize) -> Self {
        parts.fold(Self::none(size), |mut sum, part| {
            sum.gram = sum.gram.plus(&part.gram);
            sum.right.iter_mut().zip(&part.right).for_each(|(a, b)| *a += b);
            sum.squares += part.squares;
            sum.weeks += part.weeks;
            sum
        })
    }
}

/// What a product's weeks alone say of its elasticity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    pub value: f64,
    /// Its variance at unit noise.
    pub variance: f64,
    /// Its variance by how its weeks really scatter.
    scatter: f64,
}

impl Own {
    /// With the other coefficients drawn `towards` these with precision `others`, whose first is not looked at. None where prices did not
    /// move, and of too few weeks.
    pub(super) fn of(within: &Within, others: &[f64], towards: &[f64]) -> Option<Self> {
        if !within.has_moved() || within.weeks < FEWEST_WEEKS {
            return None;
        }
        let alone = |(at, pull): (usize, &f64)| if at == 0 { 0.0 } else { *pull };
        let prior = Gram::diagonal(&others.iter().enumerate().map(alone).collect::<Vec<_>>());
        let right: Vec<f64> =
            within.right.iter().zip(prior.times(towards)).map(|(own, pull)| own + pull).collect();
        let influence = within.gram.plus(&prior).first_of_inverse()?;
        let freedom = within.weeks / (within.weeks - 2.0);
        Some(Self {
            value: dot(&influence, &right),
            variance: *influence.first()?,
            scatter: freedom * dot(&influence, &within.scores.times(&influence)),
        })
    }

    /// How much wider estimates scatter than `noise` says, those the most that say the most of how far elasticities lie apart, which is
    /// about `between`.
    pub(super) fn inflation<'a>(all: impl Iterator<Item = &'a Self>, noise: f64, between: f64) -> f64 {
        let (mut scatter, mut expected, mut count) = (0.0, 0.0, 0.0);
        for own in all {
            let variance = noise * own.variance;
            let weight = (variance + between).powi(-2);
            scatter += weight * own.scatter;
            expected += weight * variance;
            count += 1.0;
        }
        let prior = PSEUDO_PRODUCTS * expected / f64::max(count, 1.0);
        if expected > 0.0 { (scatter + prior) / (expected + prior) } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::drift::Drift;
    use crate::pricing::price_index::PriceIndex;
    use crate::pricing::tests::normal;
    use crate::pricing::{PriceWeek, ProductHistory};
    use meschain_base::random::seeded;
    use rand::RngExt;

    /// Products of elasticity -2 and about 500 units a week whose level drifts with a standard deviation of 0.3, and whose prices stay for some
    /// weeks: estimates and their standard errors.
    fn estimates(drift: Drift) -> Vec<(f64, f64)> {
        let mut random = seeded(5, 0);
        let stays: f64 = 0.9;
        let noise = Noise { dispersion: 0.09, drift, ..Noise::default() };
        let product = |id: u64| {
            let (mut state, mut price) = (0.3 * normal(&mut random), 10.0);
            let week = |week: i32| {
                if random.random_bool(0.2) {
                    price = [8.0, 9.0, 10.0, 11.0][random.random_range(0..4)];
                }
                state = stays * state + 0.3 * (1.0 - stays * stays).sqrt() * normal(&mut random);
                let units = (500.0_f64.ln() - 2.0 * f64::ln(price / 10.0) + state).exp().round();
                PriceWeek { week, units, price, covariates: Vec::new() }
            };
            let history = ProductHistory { id, group: 0, weeks: (0..60).map(week).collect() };
            let mut product = Product::new(&history, 1, 0, &PriceIndex::default());
            product.coefficients = vec![-2.0];
            let own =
                Own::of(&Within::of(&product, &WeekEffects::default(), &noise), &[0.0], &[0.0]).unwrap();
            (own.value, own.variance.sqrt())
        };
        (0..200).map(product).collect()
    }

    #[test]
    fn where_demand_drifts_innovations_find_elasticities_and_know_how_well() {
        let error = |found: &[(f64, f64)]| {
            (found.iter().map(|(value, _)| (value + 2.0).powi(2)).sum::<f64>() / found.len() as f64).sqrt()
        };
        let claimed =
            |found: &[(f64, f64)]| found.iter().map(|(_, error)| error).sum::<f64>() / found.len() as f64;
        let (without, with) = (estimates(Drift::default()), estimates(Drift { share: 1.0, stays: 0.9 }));
        assert!(error(&with) < 0.6 * error(&without), "{} {}", error(&with), error(&without));
        assert!(claimed(&without) < 0.7 * error(&without), "weeks that repeat one another look like news");
        assert!((0.8..1.3).contains(&(claimed(&with) / error(&with))), "{} {}", claimed(&with), error(&with));
    }

    #[test]
    fn estimates_that_scatter_wider_than_the_noise_say_so() {
        let own = |scatter: f64| Own { value: -2.0, variance: 0.1, scatter };
        let of = |scatter: f64, count: usize| Own::inflation(vec![own(scatter); count].iter(), 1.0, 0.2);
        assert!((of(0.2, 10_000) - 2.0).abs() < 0.01);
        assert!((of(0.2, 20) - 1.5).abs() < 1e-9, "few products hardly say");
        assert!((Own::inflation(std::iter::empty(), 1.0, 0.2) - 1.0).abs() < 1e-12);
    }
}
