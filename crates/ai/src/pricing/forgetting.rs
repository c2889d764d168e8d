//! How fast the level of demand forgets, chosen by the shop's own weeks.

use super::fit::Product;
use super::linear::dot;
use super::week_effects::WeekEffects;

/// By how much less a week counts than the one after it, in the two middles that a level lies between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Forgetting(pub [f64; 2]);

/// What is tried. The first, a middle that remembers and one that follows, errs least where demand neither drifts nor stays; it is
/// kept unless another one errs less by [`LEAST_GAIN`].
const CANDIDATES: [Forgetting; 4] =
    [Forgetting([0.03, 0.3]), Forgetting([0.03, 0.03]), Forgetting([0.14, 0.14]), Forgetting([0.3, 0.3])];
const LEAST_GAIN: f64 = 0.01;
/// Weeks before the last at which levels are set and what follows is predicted; how many weeks after each, and fewest before.
const ORIGINS: [usize; 3] = [12, 18, 24];
const AHEAD: usize = 12;
const FEWEST: usize = 8;

impl Default for Forgetting {
    fn default() -> Self {
        let [first, ..] = CANDIDATES;
        first
    }
}

impl Forgetting {
    /// The candidate whose levels predict the weeks after three rolling origins best. Slow products, whose level is a ratio, do not
    /// vote, nor do those with few weeks.
    pub(crate) fn chosen(products: &[Product], effects: &WeekEffects, dispersion: f64) -> Self {
        let error = |candidate: Self| -> f64 {
            products.iter().filter(|p| !p.is_slow()).map(|p| candidate.error(p, effects, dispersion)).sum()
        };
        let usual = Self::default();
        let bound = error(usual) * (1.0 - LEAST_GAIN);
        let others = CANDIDATES.into_iter().skip(1).map(|candidate| (error(candidate), candidate));
        let best = others.filter(|(error, _)| *error < bound).min_by(|a, b| a.0.total_cmp(&b.0));
        best.map_or(usual, |(_, candidate)| candidate)
    }

    /// Sum of absolute errors in units.
    fn error(self, product: &Product, effects: &WeekEffects, dispersion: f64) -> f64 {
        let weeks = product.units.len();
        let origins = ORIGINS.iter().filter_map(|back| weeks.checked_sub(*back)).filter(|at| *at >= FEWEST);
        let after = |origin: usize| {
            let level = product.level_after(origin, self, effects, dispersion).unwrap_or(product.level);
            let rows = product.rows.chunks_exact(product.size.max(1)).zip(&product.units);
            let error = |(row, units): (&[f64], &f64)| {
                ((level + dot(row, &product.coefficients)).clamp(-40.0, 40.0).exp() - units).abs()
            };
            rows.skip(origin).take(AHEAD).map(error).sum::<f64>()
        };
        origins.map(after).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::price_index::PriceIndex;
    use crate::pricing::{PriceWeek, ProductHistory};

    /// Thirty products whose demand moves from week to week by `drift`, measured with `noise`, both in logs.
    fn products(drift: f64, noise: f64) -> Vec<Product> {
        let mut state = 7u64;
        let mut random = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1u32 << 31) * 2.0 - 1.0
        };
        let mut product = |id: u64| {
            let mut level = 5.0;
            let week = |week: i32| {
                level += drift * random();
                let units = (level + noise * random()).exp();
                PriceWeek { week, units, price: 1.0, covariates: Vec::new() }
            };
            Product::new(
                &ProductHistory { id, group: 0, weeks: (0..60).map(week).collect() },
                1,
                0,
                &PriceIndex::default(),
            )
        };
        (0..30).map(&mut product).collect()
    }

    fn chosen(drift: f64, noise: f64) -> [f64; 2] {
        Forgetting::chosen(&products(drift, noise), &WeekEffects::default(), 0.1).0
    }

    #[test]
    fn a_shop_that_drifts_is_followed_and_one_that_stays_is_remembered() {
        assert_eq!(chosen(0.0, 0.8), [0.03, 0.03]);
        assert_eq!(chosen(0.4, 0.1), [0.3, 0.3]);
    }

    #[test]
    fn with_too_few_weeks_the_usual_is_kept() {
        assert_eq!(Forgetting::chosen(&[], &WeekEffects::default(), 0.1), Forgetting::default());
    }
}
