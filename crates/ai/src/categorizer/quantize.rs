//! From trained weights to the small table a model file holds.
//!
//! The strongest weights are kept, up to a budget; each becomes eight bits on its feature's own scale. Measured: eight
//! bits lose nothing, and the budget of a 5 MB file loses next to nothing (docs/ai-categorisation.md).

use std::cmp::Reverse;
use std::collections::HashMap;

/// One weight of a linear classifier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    pub feature: u32,
    pub class: u16,
    pub weight: f32,
}

/// What a record says instead of a count when the feature has a row.
pub const DENSE: u16 = u16::MAX;
/// Keys are compared so many at a time; the last bucket's are followed by as many that are no feature's.
pub const KEYS_AT_ONCE: usize = 4;
/// A feature that speaks for at least one class in so many has a row: it takes up to twice the room of its entries and adds up three
/// times as fast.
const ROW_FROM: usize = 6;

/// The columns of the table; see [`super::weights::Weights`] for what they mean.
#[derive(Debug, Default, PartialEq)]
pub struct Table {
    pub buckets: Vec<u32>,
    pub keys: Vec<u16>,
    pub records: Vec<[u32; 2]>,
    pub entries: Vec<[u8; 3]>,
    pub rows: Vec<u8>,
    /// Which feature each record is of.
    pub features: Vec<u32>,
}

impl Table {
    /// What it takes in a file.
    pub fn bytes(&self) -> usize {
        self.buckets.len() * 4
            + self.keys.len() * 2
            + self.records.len() * 8
            + self.entries.len() * 3
            + self.rows.len()
    }
}

/// Lays weights out for `classes` classes. `hashes` holds each feature's hash.
pub fn build(mut entries: Vec<Entry>, hashes: &[u64], classes: usize) -> Table {
    let bits = bucket_bits(hashes.len());
    let place = |entry: &Entry| {
        let hash = hashes.get(entry.feature as usize).copied().unwrap_or_default();
        (bucket(hash, bits), key(hash), entry.feature, entry.class)
    };
    entries.sort_unstable_by_key(place);
    let mut layout = Layout { classes, ..Layout::default() };
    let mut counts = vec![0u32; 1 << bits];
    for feature in entries.chunk_by(|a, b| a.feature == b.feature) {
        let Some((at, key, ..)) = feature.first().map(place) else { continue };
        counts.get_mut(at as usize).into_iter().for_each(|count| *count += 1);
        layout.push(feature, key);
    }
    let mut table = layout.table;
    table.keys.extend([0; KEYS_AT_ONCE]);
    table.buckets.push(0);
    let mut total = 0u32;
    table.buckets.extend(counts.iter().map(|count| {
        total = total.saturating_add(*count);
        total
    }));
    table
}

/// A table in the making. Features that only come together say the same: they share their weights.
#[derive(Default)]
struct Layout {
    table: Table,
    classes: usize,
    entries: HashMap<Vec<[u8; 3]>, u32>,
    rows: HashMap<Vec<u8>, u32>,
}

impl Layout {
    /// Adds the weights of one feature.
    fn push(&mut self, feature: &[Entry], key: u16) {
        let largest = feature.iter().map(|entry| entry.weight.abs()).fold(0f32, f32::max);
        let scale = Scale::at_least(largest.max(f32::MIN_POSITIVE) / 127.0);
        let byte =
            |entry: &Entry| ((entry.weight / scale.get()).round().clamp(-127.0, 127.0) as i8).cast_unsigned();
        let (start, count) = if has_row(feature.len(), self.classes) {
            let mut row = vec![0u8; self.classes];
            for entry in feature {
                row.get_mut(usize::from(entry.class)).into_iter().for_each(|place| *place = byte(entry));
            }
            (self.row(row), DENSE)
        } else {
            let entry = |entry: &Entry| {
                let [low, high] = entry.class.to_le_bytes();
                [low, high, byte(entry)]
            };
            (self.sparse(feature.iter().map(entry).collect()), feature.len() as u16)
        };
        self.table.keys.push(key);
        self.table.records.push([start, u32::from(count) << 16 | u32::from(scale.0)]);
        self.table.features.extend(feature.first().map(|entry| entry.feature));
    }

    fn row(&mut self, row: Vec<u8>) -> u32 {
        let (table, classes) = (&mut self.table, self.classes.max(1));
        *self.rows.entry(row).or_insert_with_key(|row| {
            let start = (table.rows.len() / classes) as u32;
            table.rows.extend(row);
            start
        })
    }

    fn sparse(&mut self, entries: Vec<[u8; 3]>) -> u32 {
        let table = &mut self.table;
        *self.entries.entry(entries).or_insert_with_key(|entries| {
            let start = table.entries.len() as u32;
            table.entries.extend(entries);
            start
        })
    }
}

/// Whether a feature that speaks for so many classes has a row.
fn has_row(weights: usize, classes: usize) -> bool {
    weights * ROW_FROM >= classes
}

/// Bytes that the weights of a feature take, where no other shares them.
pub fn bytes_of(weights: usize, classes: usize) -> usize {
    if has_row(weights, classes) { classes } else { weights * size_of::<[u8; 3]>() }
}

/// The strongest `budget` weights, ascending by feature and class.
pub fn strongest(mut kept: Vec<Entry>, budget: usize) -> Vec<Entry> {
    let strength =
        |entry: &Entry| Reverse((entry.weight.abs().to_bits(), Reverse((entry.feature, entry.class))));
    if kept.len() > budget && budget > 0 {
        kept.select_nth_unstable_by_key(budget, strength);
        kept.truncate(budget);
    }
    kept.sort_unstable_by_key(|entry| (entry.feature, entry.class));
    kept
}

/// The upper half of a float's bits: a scale needs no more, since weights are rounded by what it says.
#[derive(Debug, Clone, Copy)]
pub struct Scale(pub u16);

impl Scale {
    /// The least scale that is not below `wanted`, a positive number.
    fn at_least(wanted: f32) -> Self {
        Self((wanted.to_bits().saturating_add(0xffff) >> 16) as u16)
    }

    /// As a number.
    pub fn get(self) -> f32 {
        f32::from_bits(u32::from(self.0) << 16)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_take_the_bytes_that_are_counted() {
        let classes = 60;
        for weights in [1u16, 9, 10, 20, 60] {
            let entry = |class: u16| Entry { feature: 0, class, weight: 1.0 };
            let table = build((0..weights).map(entry).collect(), &[7], classes);
            assert_eq!(
                table.entries.len() * 3 + table.rows.len(),
                bytes_of(weights.into(), classes),
                "{weights}"
            );
        }
    }
}
