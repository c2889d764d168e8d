//! From trained weights to the small table a model file holds.
//!
//! The strongest weights are kept, up to a budget; each becomes eight bits on its feature's own scale. Measured: eight
//! bits lose nothing, and the budget of a 5 MB file loses next to nothing (docs/ai-categorisation.md).

use super::svm::Solution;
use std::cmp::Reverse;
use std::collections::HashMap;

/// One weight of a linear classifier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    pub feature: u32,
    pub class: u16,
    pub weight: f32,
}

/// The columns of the table; see [`super::weights::Weights`] for what they mean.
#[derive(Debug, Default, PartialEq)]
pub struct Table {
    pub buckets: Vec<u32>,
    pub records: Vec<[u32; 3]>,
    pub entries: Vec<[u8; 3]>,
}

/// Keeps the strongest `budget` weights and lays them out. `hashes` holds each feature's hash.
pub fn build(solution: &Solution, hashes: &[u64], budget: usize) -> Table {
    let mut kept = strongest(&solution.entries, budget);
    let bits = bucket_bits(hashes.len());
    let place = |entry: &Entry| {
        let hash = hashes.get(entry.feature as usize).copied().unwrap_or_default();
        (bucket(hash, bits), key(hash), entry.feature, entry.class)
    };
    kept.sort_unstable_by_key(place);
    let mut table = Table::default();
    let mut counts = vec![0u32; 1 << bits];
    // Features that only come together say the same: they share their entries.
    let mut places: HashMap<Vec<[u8; 3]>, u32> = HashMap::new();
    for feature in kept.chunk_by(|a, b| a.feature == b.feature) {
        let Some((at, key, ..)) = feature.first().map(place) else { continue };
        counts.get_mut(at as usize).into_iter().for_each(|count| *count += 1);
        let largest = feature.iter().map(|entry| entry.weight.abs()).fold(0f32, f32::max);
        let scale = largest.max(f32::MIN_POSITIVE) / 127.0;
        // A class has at most one weight a feature, so the count fits its sixteen bits.
        let count = (feature.len() as u32) << 16;
        let entry = |entry: &Entry| {
            let [low, high] = entry.class.to_le_bytes();
            let weight = (entry.weight / scale).round().clamp(-127.0, 127.0) as i8;
            [low, high, weight.cast_unsigned()]
        };
        let entries: Vec<[u8; 3]> = feature.iter().map(entry).collect();
        let start = *places.entry(entries).or_insert_with_key(|entries| {
            let start = table.entries.len() as u32;
            table.entries.extend(entries);
            start
        });
        table.records.push([start, count | u32::from(key), scale.to_bits()]);
    }
    table.buckets.push(0);
    let mut total = 0u32;
    table.buckets.extend(counts.iter().map(|count| {
        total = total.saturating_add(*count);
        total
    }));
    table
}

fn strongest(entries: &[Entry], budget: usize) -> Vec<Entry> {
    let mut kept = entries.to_vec();
    let strength =
        |entry: &Entry| Reverse((entry.weight.abs().to_bits(), Reverse((entry.feature, entry.class))));
    if kept.len() > budget && budget > 0 {
        kept.select_nth_unstable_by_key(budget, strength);
        kept.truncate(budget);
    }
    kept
}

/// About two features a bucket.
fn bucket_bits(features: usize) -> u32 {
    (features / 2).max(1).ilog2().clamp(4, 22)
}

/// The bucket of a hash, out of `2^bits`: its upper bits.
pub fn bucket(hash: u64, bits: u32) -> u32 {
    (hash >> (64 - bits)) as u32
}

/// What is compared within a bucket: the lower sixteen bits. With some two keys a bucket, a letter group never seen in
/// training is mistaken for a known one about once in 30,000.
pub fn key(hash: u64) -> u16 {
    hash as u16
}
