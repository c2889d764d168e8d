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

/// What is found of one product.
#[derive(Debug, Clone)]
pub(super) struct OfProduct {
    pub coefficients: Vec<f64>,
    /// Variance of the first coefficient, the elasticity.
    pub variance: f64,
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

    /// Of products with their own weeks, whose noise has this variance, and what is found of each of them, in their order; elasticities are kept
    /// within `bound`.
    pub(super) fn of(
        products: &[Product],
        within: &[Within],
        priors: &Priors,
        noise: f64,
        bound: impl Fn(f64) -> f64 + Copy,
    ) -> (Self, Vec<OfProduct>) {
        let size = priors.store.len();
        let own: Vec<Option<Level>> =
            within.iter().map(|within| Level::of(Evidence::of(within), &priors.product)).collect();
        let mut sums: IndexMap<u64, Evidence> = IndexMap::new();
        for (one, level) in products.iter().zip(&own) {
            let sum = sums.entry(one.group).or_insert_with(|| Evidence::none(size));
            sum.add(level.as_ref().map(Level::above));
        }
        let categories: IndexMap<u64, Option<Level>> =
            sums.into_iter().map(|(group, sum)| (group, Level::of(sum, &priors.category))).collect();
        let mut all = Evidence::none(size);
        categories.values().for_each(|level| all.add(level.as_ref().map(Level::above)));
        let nothing = Found::nothing(size);
        let store =
            Level::of(all, &priors.store).map_or(nothing.clone(), |level| level.found(&nothing, noise));
        let store = store.bounded(bound);
        let found =
            |level: &Option<Level>| level.as_ref().map_or(store.clone(), |level| level.found(&store, noise));
        let categories =
            categories.iter().map(|(group, level)| (*group, found(level).bounded(bound))).collect();
        let shared = Self { store, categories };
        let of_product = |(one, level): (&Product, &Option<Level>)| {
            shared.product(one.group, level.as_ref(), noise, bound)
        };
        let found = products.iter().zip(&own).map(of_product).collect();
        (shared, found)
    }

    /// A product with what its own weeks say; as its category where they say nothing that can be solved.
    fn product(&self, group: u64, own: Option<&Level>, noise: f64, bound: impl Fn(f64) -> f64) -> OfProduct {
        let above = self.categories.get(&group).unwrap_or(&self.store);
        let mut found = own.map_or_else(
            || OfProduct { coefficients: above.coefficients.clone(), variance: above.variance() },
            |own| OfProduct { coefficients: own.coefficients(above), variance: own.variance(above, noise) },
        );
        found.coefficients.iter_mut().take(1).for_each(|elasticity| *elasticity = bound(*elasticity));
        found
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
}

/// A product, a category or the store: weighted sums of its coefficients, which lie around those above with precision `prior`.
struct Level<'a> {
    right: Vec<f64>,
    prior: &'a [f64],
    /// Of its precision and the prior's together.
    inverse: Gram,
    /// How much of each coefficient above is in its own: the inverse times the prior.
    leans: Gram,
}

impl<'a> Level<'a> {
    /// None where it cannot be solved.
    fn of(evidence: Evidence, prior: &'a [f64]) -> Option<Self> {
        let inverse = evidence.gram.plus(&Gram::diagonal(prior)).inverse()?;
        let leans = inverse.scaled(prior);
        Some(Self { right: evidence.right, prior, inverse, leans })
    }

    /// What it says of the coefficients above: with P the prior and G the precision, P - P (P + G)^-1 P, and P (P + G)^-1 of the sums.
    fn above(&self) -> Evidence {
        let mut gram = Gram::diagonal(self.prior);
        for (row, (own, lean)) in self.prior.iter().zip(self.leans.rows()).enumerate() {
            gram.row_mut(row).iter_mut().zip(lean).for_each(|(cell, lean)| *cell -= own * lean);
        }
        let right =
            self.prior.iter().zip(self.inverse.times(&self.right)).map(|(own, sum)| own * sum).collect();
        Evidence { gram, right }
    }

    /// Its coefficients, drawn to those above.
    fn coefficients(&self, above: &Found) -> Vec<f64> {
        let pulls = self.prior.iter().zip(&above.coefficients).map(|(pull, value)| pull * value);
        self.inverse.times(&self.right.iter().zip(pulls).map(|(own, pull)| own + pull).collect::<Vec<_>>())
    }

    /// The variance of its first coefficient.
    fn variance(&self, above: &Found, noise: f64) -> f64 {
        let lean = self.leans.rows().next().unwrap_or_default();
        let own = self.inverse.cells.first().copied().unwrap_or(0.0);
        noise * own + dot(&above.covariance.times(lean), lean)
    }

    fn found(&self, above: &Found, noise: f64) -> Found {
        let mut covariance = Gram::zero(self.prior.len());
        for (row, (own, lean)) in self.inverse.rows().zip(self.leans.rows()).enumerate() {
            let through = above.covariance.times(lean);
            for ((cell, own), other) in covariance.row_mut(row).iter_mut().zip(own).zip(self.leans.rows()) {
                *cell = noise * own + dot(&through, other);
            }
        }
        Found { coefficients: self.coefficients(above), covariance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::price_index::PriceIndex;
    use crate::pricing::{PriceWeek, ProductHistory};

    fn product(id: u64, group: u64) -> Product {
        let week = PriceWeek { week: 0, units: 1.0, price: 1.0, covariates: Vec::new() };
        Product::new(&ProductHistory { id, group, weeks: vec![week] }, 1, 0, &PriceIndex::default())
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
        let (found, each) = Hierarchy::of(&products, &own, &priors, 1.0, |value| value);
        // Weights 1 / 0.5 and 1 / (0.5 + 0.5).
        let mean = (-2.0 - 3.0) / 3.0;
        assert!((found.store.coefficients[0] - mean).abs() < 1e-3, "{found:?}");
        assert!((found.store.variance() - (1.0 / 3.0 + 0.1)).abs() < 1e-3, "{found:?}");
        assert!((found.categories[&1].variance() - 1.0 / 3.0).abs() < 1e-3);
        let [exact, rough] = each.as_slice() else { panic!("{each:?}") };
        assert!((exact.coefficients[0] + 1.0).abs() < 1e-6 && exact.variance < 1e-6);
        assert!((rough.coefficients[0] - f64::midpoint(mean, -3.0)).abs() < 1e-3);
        // Half its own, half the category's: what is not known of that counts too.
        assert!((rough.variance - (0.25 + 0.25 / 3.0)).abs() < 1e-3, "{rough:?}");
    }

    #[test]
    fn the_less_is_known_of_what_is_leant_on_the_wider_the_interval() {
        let of = |count: u64, each: u64| {
            let products: Vec<Product> = (0..count).map(|id| product(id, id / each)).collect();
            let own: Vec<Within> = products.iter().map(|_| weeks(1.0, -2.0)).collect();
            let priors = priors(0.2, 0.2);
            let (found, each) = Hierarchy::of(&products, &own, &priors, 0.8, |value| value);
            (each[0].variance, found.store.variance())
        };
        let (small, large) = (of(2, 1), of(1_000, 50));
        let alone = 0.8 / 6.0;
        assert!(large.0 > alone && large.0 < alone * 1.1, "{large:?}");
        assert!(small.0 > alone * 1.5 && small.1 > large.1, "{small:?}");
    }

    #[test]
    fn elasticities_are_kept_within_their_bound_on_every_level() {
        let (products, own) = ([product(1, 1)], [weeks(5.0, 3.0)]);
        let (found, each) = Hierarchy::of(&products, &own, &priors(0.2, 0.2), 1.0, |value| value.min(-0.1));
        let all = [&found.store.coefficients, &found.categories[&1].coefficients, &each[0].coefficients];
        assert!(all.iter().all(|level| **level == [-0.1]), "{all:?}");
    }
}
