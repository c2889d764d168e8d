//! Demand that drifts: what is above its level this week is likely to be above it in the next.
//!
//! Weeks then repeat one another, and so do prices, which stand for weeks: taken one by one they teach elasticities that are not there, and
//! intervals come out far too narrow. The drift of a store is a first-order autoregression that all its products share in kind;
//! [`super::whitened`] takes it out.

use super::fit::Product;
use super::week_effects::WeekEffects;
use super::whitened::Whitened;
use serde::{Deserialize, Serialize};

/// What is tried: the share of the dispersion, and how much of it stays from week to week.
const SHARES: [f64; 5] = [0.15, 0.3, 0.5, 0.7, 0.9];
const STAYS: [f64; 6] = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98];
/// Most products that the drift is read from, and fewest weeks of each.
const MOST_PRODUCTS: usize = 1_000;
const FEWEST_WEEKS: usize = 8;

/// The part of the dispersion that persists.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Drift {
    /// Share of the dispersion; 0 is no drift.
    pub share: f64,
    /// What is left of it a week later, 0 to 1.
    pub stays: f64,
}

impl Drift {
    /// The likeliest one of what the coefficients and effects leave over, by restricted likelihood with each product's level and course unknown
    /// (Patterson and Thompson 1971).
    pub(super) fn measured(
        products: &[Product],
        effects: &WeekEffects,
        dispersion: f64,
        has_course: bool,
    ) -> Self {
        let step = products.len().div_ceil(MOST_PRODUCTS).max(1);
        let series: Vec<Whitened> = products
            .iter()
            .step_by(step)
            .filter(|product| product.units.len() >= FEWEST_WEEKS)
            .map(|product| Whitened::left_over(product, effects, dispersion, has_course))
            .collect();
        let tried = SHARES.into_iter().flat_map(|share| STAYS.map(|stays| Self { share, stays }));
        let deviance = |drift: Self| {
            let parts = series.iter().map(|one| one.clone().filtered(dispersion, drift).deviance());
            let (logs, squares, freedom) =
                parts.fold((0.0, 0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
            logs + freedom * (squares / f64::max(freedom, 1.0)).max(f64::MIN_POSITIVE).ln()
        };
        let none = (deviance(Self::default()), Self::default());
        let best = tried
            .map(|drift| (deviance(drift), drift))
            .fold(none, |best, one| if one.0 < best.0 { one } else { best });
        best.1
    }

    /// Whether it is one.
    pub(super) fn is_sound(self) -> bool {
        (0.0..=1.0).contains(&self.share) && (0.0..1.0).contains(&self.stays)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::price_index::PriceIndex;
    use crate::pricing::tests::normal;
    use crate::pricing::{PriceWeek, ProductHistory};
    use meschain_base::random::seeded;

    /// Products of some 500 units a week whose logarithms scatter with a variance of 0.09, of which this share persists.
    fn products(drift: Drift) -> Vec<Product> {
        let mut random = seeded(8, 0);
        let (persists, rest) = (0.3 * drift.share.sqrt(), 0.3 * (1.0 - drift.share).sqrt());
        let product = |id: u64| {
            let mut state = normal(&mut random);
            let week = |week: i32| {
                state = drift.stays * state + (1.0 - drift.stays.powi(2)).sqrt() * normal(&mut random);
                let units = (500.0_f64.ln() + persists * state + rest * normal(&mut random)).exp().round();
                PriceWeek { week, units, price: 10.0, covariates: Vec::new() }
            };
            let history = ProductHistory { id, group: 0, weeks: (0..60).map(week).collect() };
            let mut product = Product::new(&history, 1, 0, &PriceIndex::default());
            product.level = 500.0_f64.ln();
            product
        };
        (0..100).map(product).collect()
    }

    #[test]
    fn a_drift_is_found_and_independent_weeks_have_none() {
        let found = |drift| Drift::measured(&products(drift), &WeekEffects::default(), 0.09, false);
        let half = found(Drift { share: 0.5, stays: 0.9 });
        assert!((0.3..=0.7).contains(&half.share) && (0.8..=0.95).contains(&half.stays), "{half:?}");
        let all = found(Drift { share: 0.9, stays: 0.7 });
        assert!(all.share >= 0.7 && (0.5..=0.8).contains(&all.stays), "{all:?}");
        let none = found(Drift::default());
        assert!(none.share <= 0.15, "{none:?}");
    }

    #[test]
    fn too_few_weeks_have_no_drift() {
        let mut short = products(Drift { share: 0.9, stays: 0.9 });
        for product in &mut short {
            product.weeks.truncate(5);
            product.units.truncate(5);
        }
        assert_eq!(Drift::measured(&short, &WeekEffects::default(), 0.09, false), Drift::default());
        assert_eq!(Drift::measured(&[], &WeekEffects::default(), 0.09, false), Drift::default());
    }
}
