//! How far an elasticity may be off.
//!
//! A product's estimate leans on its category's, and that on the store's: what is not known of them adds to the noise of its own
//! weeks, in the measure in which it leans. In a small shop that is a good part of the whole; without it intervals are too narrow there.

use super::fit::Within;
use super::linear::Gram;
use super::shrinkage::{pooled, store_prior};
use indexmap::IndexMap;

/// Variances of the elasticities of one fit.
pub(super) struct Uncertainty<'a> {
    prior: &'a Gram,
    noise: f64,
    /// Variance between the products of a category, and between categories.
    between: f64,
    store: f64,
    groups: IndexMap<u64, f64>,
}

impl<'a> Uncertainty<'a> {
    /// Of products in groups, drawn with precision `prior` at unit noise, whose elasticities differ by `between`; the last `past` coefficients
    /// are those of past prices.
    pub(super) fn new(
        prior: &'a Gram,
        noise: f64,
        between: f64,
        past: usize,
        products: &[(u64, &Within)],
    ) -> Self {
        let size = prior.diagonals().len();
        let mut members: IndexMap<u64, Vec<&Within>> = IndexMap::new();
        products.iter().for_each(|(group, within)| members.entry(*group).or_default().push(within));
        let all = pooled(products.iter().map(|(_, within)| *within), size);
        let own = noise * all.gram.plus(&store_prior(&all, past)).first_variance().unwrap_or(0.0);
        let store = own + between / members.len().max(1) as f64;
        let alone = Self { prior, noise, between, store, groups: IndexMap::new() };
        let group = |(number, members): (u64, Vec<&Within>)| {
            (number, alone.leaning(&pooled(members.into_iter(), size), store))
        };
        Self { groups: members.into_iter().map(group).collect(), ..alone }
    }

    /// Variance of an estimate that leans on one with variance `on`.
    fn leaning(&self, within: &Within, on: f64) -> f64 {
        let unit = within.gram.plus(self.prior).first_variance().unwrap_or(0.0);
        let lean = self.prior.diagonals().first().map_or(0.0, |precision| (precision * unit).min(1.0));
        self.noise * unit + lean * lean * on
    }

    /// Of a product that the model has not seen, in no category that it knows.
    pub(super) fn of_store(&self) -> f64 {
        2.0 * self.between + self.store
    }

    /// Of a product that the model has not seen, in this category.
    pub(super) fn of_group(&self, group: u64) -> f64 {
        self.between + self.groups.get(&group).copied().unwrap_or(self.store)
    }

    /// Of a product with these weeks.
    pub(super) fn of_product(&self, group: u64, within: &Within) -> f64 {
        self.leaning(within, self.groups.get(&group).copied().unwrap_or(self.store))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(evidence: f64) -> Within {
        Within { gram: Gram::diagonal(&[evidence]), right: vec![0.0], squares: 0.0, weight: 0.0, weeks: 50.0 }
    }

    #[test]
    fn the_less_is_known_of_what_is_leant_on_the_wider_the_interval() {
        let prior = Gram::diagonal(&[4.0]);
        let own = weeks(1.0);
        let small: Vec<(u64, &Within)> = vec![(1, &own), (2, &own)];
        let large: Vec<(u64, &Within)> = (0..1_000).map(|n| (n / 50, &own)).collect();
        let of = |products: &[(u64, &Within)]| Uncertainty::new(&prior, 0.8, 0.2, 0, products);
        let (small, large) = (of(&small), of(&large));
        let alone = 0.8 / 5.0;
        assert!(large.of_product(1, &own) > alone && large.of_product(1, &own) < alone * 1.1);
        assert!(small.of_product(1, &own) > alone * 1.5);
        assert!(small.of_group(1) > small.of_product(1, &own) && small.of_store() > small.of_group(1));
    }

    #[test]
    fn what_does_not_lean_hangs_on_its_own_weeks_alone() {
        let prior = Gram::diagonal(&[0.01]);
        let own = weeks(100.0);
        let variance = Uncertainty::new(&prior, 0.8, 80.0, 0, &[(1, &own)]).of_product(1, &own);
        assert!((variance - 0.008).abs() < 1e-5, "{variance}");
    }
}
