//! The rows that machines are trained on: products and categories' names as features, numbered and weighed.

use super::columns::Columns;
use super::features::vector;
use super::weighting::Weighting;
use super::{Category, Example, ProductText, svm};
use indexmap::IndexSet;

/// Features at most; beyond, those seen once go.
const MOST_FEATURES: usize = 400_000;
/// A product whose category a person has confirmed counts so many times.
const CONFIRMED_WEIGHT: f32 = 3.0;

/// Products as sparse rows, in their order; then each category's own name as one more row, for it says what belongs there. With the hash
/// of each feature.
pub(super) fn problem(
    examples: &[Example],
    categories: &[Category],
    classes: &IndexSet<u64>,
    weighting: Weighting,
) -> (svm::Problem, Vec<u64>) {
    let class = |id: &u64| classes.get_index_of(id).unwrap_or_default() as u32;
    let mut rows: Vec<Vec<(u64, f32)>> = Vec::with_capacity(examples.len());
    let mut labels: Vec<u32> = Vec::with_capacity(examples.len());
    let mut weights: Vec<f32> = Vec::with_capacity(examples.len());
    for example in examples {
        rows.push(vector(&example.product));
        labels.push(class(&example.category_id));
        weights.push(if example.confirmed { CONFIRMED_WEIGHT } else { 1.0 });
    }
    for category in categories.iter().filter(|one| classes.contains(&one.category_id)) {
        rows.push(vector(&ProductText { name: category.name.clone(), ..ProductText::default() }));
        labels.push(class(&category.category_id));
        weights.push(1.0);
    }
    let hashes = vocabulary(&rows);
    let mut rows: Vec<Vec<(u32, f32)>> = rows
        .into_iter()
        .map(|row| row.iter().filter_map(|(hash, value)| Some((place(&hashes, *hash)?, *value))).collect())
        .collect();
    let scales = weighting.scales(&rows, hashes.len());
    for (feature, value) in rows.iter_mut().flatten() {
        *value *= scales.get(*feature as usize).copied().unwrap_or(1.0);
    }
    let columns = Columns::new(&rows, hashes.len());
    (svm::Problem { columns, labels, weights, classes: classes.len(), scales }, hashes)
}

/// The number of a feature.
pub(super) fn place(hashes: &[u64], hash: u64) -> Option<u32> {
    hashes.binary_search(&hash).ok().map(|place| place as u32)
}

/// All hashes that occur, ascending; only those of at least two rows when there are too many.
fn vocabulary(rows: &[Vec<(u64, f32)>]) -> Vec<u64> {
    let mut all: Vec<u64> = rows.iter().flatten().map(|(hash, _)| *hash).collect();
    all.sort_unstable();
    let distinct = all.chunk_by(|a, b| a == b).count();
    let least = if distinct > MOST_FEATURES { 2 } else { 1 };
    all.chunk_by(|a, b| a == b)
        .filter(|same| same.len() >= least)
        .filter_map(|same| same.first().copied())
        .collect()
}
