//! Answers: the likeliest categories, and a parent where only the parent is sure.

use super::{Categorizer, PredictOptions, ProductText, Suggestion};
use crate::wide::lanes_largest;
use indexmap::IndexMap;
use meschain_base::{Error, Result};
use rayon::prelude::*;

/// Classes less likely than this do not count towards their parents.
const NEGLIGIBLE: f32 = 1e-4;
/// Classes compared at once.
const PART: usize = 32;
/// Products from which threads pay: starting them costs about as much as fifty predictions.
const WORTH_THREADS: usize = 256;

impl Categorizer {
    /// The likeliest categories, best first. When none reaches the threshold but a parent of several does, that parent
    /// (the deepest that does) comes first.
    pub fn predict(&self, product: &ProductText, options: &PredictOptions) -> Vec<Suggestion> {
        let probabilities = self.probabilities(product);
        let ranked = ranked(&probabilities, options.max_categories);
        let sure = ranked.first().is_some_and(|(_, p)| f64::from(*p) >= options.confidence_threshold);
        let parent = if sure { None } else { self.back_off(&probabilities, options.confidence_threshold) };
        let leaves = ranked.iter().filter_map(|(class, p)| {
            let category = self.tree.category_of(*class)?;
            self.suggestion(category, f64::from(*p), options.confidence_threshold, false)
        });
        let parent =
            parent.and_then(|(category, p)| self.suggestion(category, p, options.confidence_threshold, true));
        parent.into_iter().chain(leaves).take(options.max_categories).collect()
    }

    /// Answers for many products, in their order.
    pub fn predict_batch(
        &self,
        products: &[ProductText],
        options: &PredictOptions,
        threads: usize,
    ) -> Result<Vec<Vec<Suggestion>>> {
        if threads <= 1 || products.len() < WORTH_THREADS {
            return Ok(products.iter().map(|product| self.predict(product, options)).collect());
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|error| Error::internal("threads", error.to_string()))?;
        Ok(pool.install(|| products.par_iter().map(|product| self.predict(product, options)).collect()))
    }

    fn suggestion(
        &self,
        category: u32,
        confidence: f64,
        threshold: f64,
        backed_off: bool,
    ) -> Option<Suggestion> {
        let category_id = self.tree.id(category)?;
        let confidence = confidence.clamp(0.0, 1.0);
        let suggested = confidence >= threshold;
        Some(Suggestion { category_id, path: self.tree.path(category), confidence, suggested, backed_off })
    }

    /// The deepest category above the classes whose classes together reach the threshold.
    fn back_off(&self, probabilities: &[f32], threshold: f64) -> Option<(u32, f64)> {
        let mut mass: IndexMap<u32, (f64, usize)> = IndexMap::new();
        for (class, p) in probabilities.iter().enumerate().filter(|(_, p)| **p > NEGLIGIBLE) {
            let Some(category) = self.tree.category_of(class) else { continue };
            for above in self.tree.upwards(category).skip(1) {
                let depth = self.tree.upwards(above).count();
                let entry = mass.entry(above).or_insert((0.0, depth));
                entry.0 += f64::from(*p);
            }
        }
        let sure = mass.into_iter().filter(|(_, (p, _))| *p >= threshold);
        let deepest = sure
            .max_by(|a, b| (a.1.1, a.1.0).partial_cmp(&(b.1.1, b.1.0)).unwrap_or(std::cmp::Ordering::Equal));
        deepest.map(|(category, (p, _))| (category, p))
    }
}

/// The `most` likeliest classes, best first, the lower number first among equals.
pub(super) fn ranked(probabilities: &[f32], most: usize) -> Vec<(usize, f32)> {
    let mut best: Vec<(usize, f32)> = Vec::with_capacity(most.min(probabilities.len()).saturating_add(1));
    let least = reached_by(probabilities, most);
    let parts = probabilities.chunks(PART).enumerate().filter(|_| most > 0);
    // Nearly all parts hold none.
    for (number, part) in parts.filter(|(_, part)| part.iter().fold(false, |any, p| any | (*p >= least))) {
        for (place, p) in part.iter().copied().enumerate().filter(|(_, p)| *p >= least) {
            let rank = best.iter().position(|(_, other)| p > *other).unwrap_or(best.len());
            best.insert(rank, (number * PART + place, p));
            best.truncate(most);
        }
    }
    best
}

/// A bound that at least `most` of the numbers reach: the `most`th of the lanes' largest.
fn reached_by(probabilities: &[f32], most: usize) -> f32 {
    let mut largest = lanes_largest(probabilities);
    largest.sort_unstable_by(|a, b| b.total_cmp(a));
    most.checked_sub(1).and_then(|at| largest.get(at)).copied().unwrap_or(f32::NEG_INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_as_a_stable_sort_does(numbers in prop::collection::vec(0u8..20, 0..100), most in 0usize..30) {
            let numbers: Vec<f32> = numbers.into_iter().map(f32::from).collect();
            let mut expected: Vec<(usize, f32)> = numbers.iter().copied().enumerate().collect();
            expected.sort_by(|a, b| b.1.total_cmp(&a.1));
            expected.truncate(most);
            prop_assert_eq!(ranked(&numbers, most), expected);
        }
    }
}
