//! Products lean on their category, categories on the store: the best linear unbiased prediction of nested random effects (Henderson 1975),
//! with what it does not know. A product's estimate leans on its category's and that on the store's; what is not known of them adds to the
//! noise of its own weeks, in a small shop a good part of the whole.

use super::fit::Product;
use super::linear::{Gram, dot};
use super::within::Within;
use indexmap::IndexMap;

/// Prior precisions of the coefficients, at unit noise.
#[derive(Debug, Clone)]
pub(super) struct Priors {
    /// Of a product around its category.
    pub product: Vec<f64>,
    /// Of a category around the store.
    pub category: Vec<f64>,
    /// Of the store around nothing.
    pub store: Vec<f64>,
}

/// What is found of one level.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub coefficients: Vec<f64>,
    covariance: Gram,
}

impl Found {
    pub(super) fn nothing(size: usize) -> Self {
        Self { coefficients: vec![0.0; size], covariance: Gram::zero(size) }
    }

    /// Variance of the first coefficient, the elasticity.
    pub(super) fn variance(&self) -> f64 {
        self.covariance.cells.first().copied().unwrap_or(0.0)
    }

    fn bounded(mut self, bound: impl Fn(f64) -> f64) -> Self {
        if let Some(elasticity) = self.coefficients.first_mut() {
            *elasticity = bound(*elasticity);
        }
        self
    }
}

/// What is found of the store and its categories.
#[derive(Debug, Clone)]
pub(super) struct Hierarchy {
    pub store: Found,
    pub categories: IndexMap<u64, Found>,
}

impl Hierarchy {
    pub(super) fn nothing(size: usize) -> Self {
        Self { store: Found::nothing(size), categories: IndexMap::new() }
    }

    /// Of products with their own weeks, whose noise has this variance; elasticities are kept within `bound`.
    pub(super) fn of(
        products: &[Product],
        within: &[Within],
        priors: &Priors,
        noise: f64,
        bound: impl Fn(f64) -> f64 + Copy,
    ) -> Self {
        let size = priors.store.len();
        let mut sums: IndexMap<u64, Evidence> = IndexMap::new();
        for (one, within) in products.iter().zip(within) {
            let sum = sums.entry(one.group).or_insert_with(|| Evidence::none(size));
            sum.add(Evidence::of(within).above(&priors.product));
        }
        let mut all = Evidence::none(size);
        sums.values().for_each(|sum| all.add(sum.above(&priors.category)));
        let nothing = Found::nothing(size);
        let store = all.found(&priors.store, &nothing, noise).unwrap_or(nothing).bounded(bound);
        let category = |sum: &Evidence| {
            sum.found(&priors.category, &store, noise).unwrap_or_else(|| store.clone()).bounded(bound)
        };
        let categories = sums.iter().map(|(group, sum)| (*group, category(sum))).collect();
        Self { store, categories }
    }

    /// A product with these weeks of its own.
    pub(super) fn product(
        &self,
        group: u64,
        within: &Within,
        priors: &Priors,
        noise: f64,
        bound: impl Fn(f64) -> f64,
    ) -> Found {
        let above = self.categories.get(&group).unwrap_or(&self.store);
        let found = Evidence::of(within).found(&priors.product, above, noise);
        found.unwrap_or_else(|| above.clone()).bounded(bound)
    }
}

/// Precision and weighted sums of a level's coefficients, at unit noise.
struct Evidence {
    gram: Gram,
    right: Vec<f64>,
}

impl Evidence {
    fn of(within: &Within) -> Self {
        Self { gram: within.gram.clone(), right: within.right.clone() }
    }

    fn none(size: usize) -> Self {
        Self { gram: Gram::zero(size), right: vec![0.0; size] }
    }

    fn add(&mut self, other: Option<Self>) {
        let Some(other) = other else { return };
        self.gram = self.gram.plus(&other.gram);
        self.right.iter_mut().zip(&other.right).for_each(|(sum, one)| *sum += one);
    }

    /// What it says of the coefficients above, around which its own ones lie with precision `prior`: with P the prior and G the precision,
    /// P - P (P + G)^-1 P, and P (P + G)^-1 of the sums. None where that cannot be solved.
    fn above(&self, prior: &[f64]) -> Option<Self> {
        let inverse = self.gram.plus(&Gram::diagonal(prior)).inverse()?;
        let leans = inverse.scaled(prior);
        let mut gram = Gram::diagonal(prior);
        for (row, (own, lean)) in prior.iter().zip(leans.rows()).enumerate() {
            gram.row_mut(row).iter_mut().zip(lean).for_each(|(cell, lean)| *cell -= own * lean);
        }
        let right = prior.iter().zip(inverse.times(&self.right)).map(|(own, sum)| own * sum).collect();
        Some(Self { gram, right })
    }

    /// The coefficients, drawn to those above with precision `prior`.
    fn found(&self, prior: &[f64], above: &Found, noise: f64) -> Option<Found> {
        let inverse = self.gram.plus(&Gram::diagonal(prior)).inverse()?;
        let pulls = prior.iter().zip(&above.coefficients).map(|(pull, value)| pull * value);
        let right: Vec<f64> = self.right.iter().zip(pulls).map(|(own, pull)| own + pull).collect();
        let coefficients = inverse.times(&right);
        let leans = inverse.scaled(prior);
        let mut covariance = Gram::zero(prior.len());
        for (row, (own, lean)) in inverse.rows().zip(leans.rows()).enumerate() {
            let through = above.covariance.times(lean);
            for ((cell, own), other) in covariance.row_mut(row).iter_mut().zip(own).zip(leans.rows()) {
                *cell = noise * own + dot(&through, other);
            }
        }
        Some(Found { coefficients, covariance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::{PriceWeek, ProductHistory};

    fn product(id: u64, group: u64) -> Product {
        let week = PriceWeek { week: 0, units: 1.0, price: 1.0, covariates: Vec::new() };
        Product::new(&ProductHistory { id, group, weeks: vec![week] }, 1, 0)
    }

    /// Weeks with this precision that say this elasticity.
    fn weeks(precision: f64, value: f64) -> Within {
        let none = Within::none(1);
        Within { gram: Gram::diagonal(&[precision]), right: vec![precision * value], weeks: 50.0, ..none }
    }

    fn priors(products: f64, categories: f64) -> Priors {
        Priors { product: vec![1.0 / products], category: vec![1.0 / categories], store: vec![1e-6] }
    }

    #[test]
    fn a_level_is_the_mean_of_those_below_by_what_each_knows_and_how_far_they_lie_apart() {
        // A product that is known exactly and one that is not, 0.5 apart in variance.
        let (products, own) = ([product(1, 1), product(2, 1)], [weeks(1e12, -1.0), weeks(2.0, -3.0)]);
        let priors = priors(0.5, 0.1);
        let found = Hierarchy::of(&products, &own, &priors, 1.0, |value| value);
        // Weights 1 / 0.5 and 1 / (0.5 + 0.5).
        let mean = (-2.0 - 3.0) / 3.0;
        assert!((found.store.coefficients[0] - mean).abs() < 1e-3, "{found:?}");
        assert!((found.store.variance() - (1.0 / 3.0 + 0.1)).abs() < 1e-3, "{found:?}");
        assert!((found.categories[&1].variance() - 1.0 / 3.0).abs() < 1e-3);
        let exact = found.product(1, &own[0], &priors, 1.0, |value| value);
        assert!((exact.coefficients[0] + 1.0).abs() < 1e-6 && exact.variance() < 1e-6);
        let rough = found.product(1, &own[1], &priors, 1.0, |value| value);
        assert!((rough.coefficients[0] - f64::midpoint(mean, -3.0)).abs() < 1e-3);
        // Half its own, half the category's: what is not known of that counts too.
        assert!((rough.variance() - (0.25 + 0.25 / 3.0)).abs() < 1e-3, "{}", rough.variance());
    }

    #[test]
    fn the_less_is_known_of_what_is_leant_on_the_wider_the_interval() {
        let of = |count: u64, each: u64| {
            let products: Vec<Product> = (0..count).map(|id| product(id, id / each)).collect();
            let own: Vec<Within> = products.iter().map(|_| weeks(1.0, -2.0)).collect();
            let priors = priors(0.2, 0.2);
            let found = Hierarchy::of(&products, &own, &priors, 0.8, |value| value);
            (found.product(0, &own[0], &priors, 0.8, |value| value).variance(), found.store.variance())
        };
        let (small, large) = (of(2, 1), of(1_000, 50));
        let alone = 0.8 / 6.0;
        assert!(large.0 > alone && large.0 < alone * 1.1, "{large:?}");
        assert!(small.0 > alone * 1.5 && small.1 > large.1, "{small:?}");
    }

    #[test]
    fn elasticities_are_kept_within_their_bound_on_every_level() {
        let (products, own) = ([product(1, 1)], [weeks(5.0, 3.0)]);
        let found = Hierarchy::of(&products, &own, &priors(0.2, 0.2), 1.0, |value| value.min(-0.1));
        let of_product = found.product(1, &own[0], &priors(0.2, 0.2), 1.0, |value| value.min(-0.1));
        let all = [&found.store, &found.categories[&1], &of_product];
        assert!(all.iter().all(|level| level.coefficients == [-0.1]), "{all:?}");
    }
}
