//! The weights of a model, used where they lie in its file: from a feature's hash to the classes it speaks for.

use super::quantize::{Table, bucket, key};
use crate::model_file::{ModelFile, ModelWriter, Slice};
use meschain_base::Result;

/// Buckets of features by the upper bits of their hash; a record per feature; its classes with 8-bit weights.
///
/// What is read together lies together, since a prediction costs what its cache misses cost: a record is where the
/// feature's entries begin, how many there are and its 16-bit key in one number, and its scale; an entry is a class in
/// two bytes and a weight in one.
#[derive(Debug, Clone)]
pub struct Weights {
    buckets: Slice<u32>,
    records: Slice<u32>,
    entries: Slice<u8>,
    bits: u32,
}

/// A feature that the model knows: its entries' bytes and its scale.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    entries: &'a [u8],
    scale: f32,
}

impl Weights {
    /// Writes the table.
    pub fn write(table: &Table, writer: &mut ModelWriter) -> Result<()> {
        writer.vector("buckets", &table.buckets)?;
        writer.tensor("records", &[table.records.len(), 3], table.records.as_flattened())?;
        writer.tensor("entries", &[table.entries.len(), 3], table.entries.as_flattened())
    }

    /// Reads the table and checks everything that later reading relies on.
    pub fn read(file: &ModelFile, classes: usize) -> Result<Self> {
        let buckets: Slice<u32> = file.slice("buckets")?;
        let records: Slice<u32> = file.slice("records")?;
        let entries: Slice<u8> = file.slice("entries")?;
        let bits = buckets.len().saturating_sub(1).checked_ilog2().unwrap_or(0);
        let (triples, rest) = records.as_chunks::<3>();
        let (weights, odd) = entries.as_chunks::<3>();
        let inside = |[start, count, scale]: &[u32; 3]| {
            let end = (*start as usize).saturating_add((count >> 16) as usize);
            end <= weights.len() && f32::from_bits(*scale).is_finite()
        };
        let sound = bits > 0
            && rest.is_empty()
            && odd.is_empty()
            && buckets.len() == (1usize << bits) + 1
            && buckets.is_sorted()
            && buckets.last().map(|last| *last as usize) == Some(triples.len())
            && triples.iter().all(inside)
            && weights.iter().all(|[low, high, _]| usize::from(u16::from_le_bytes([*low, *high])) < classes);
        let table = Self { buckets, records, entries, bits };
        if sound { Ok(table) } else { Err(file.corrupt("weights")) }
    }

    /// The feature with this hash, if the model knows it.
    pub fn find(&self, hash: u64) -> Option<Known<'_>> {
        self.known(self.span(hash), hash)
    }

    /// The known ones of `occurrences` (hash and value) with their values. All buckets are read before any record, so
    /// that their cache misses overlap.
    pub fn find_all(&self, occurrences: &[(u64, f32)]) -> Vec<(Known<'_>, f32)> {
        let spans: Vec<(u32, u32)> = occurrences.iter().map(|(hash, _)| self.span(*hash)).collect();
        let both = occurrences.iter().zip(spans);
        both.filter_map(|((hash, value), span)| Some((self.known(span, *hash)?, *value))).collect()
    }

    #[inline]
    fn span(&self, hash: u64) -> (u32, u32) {
        let at = bucket(hash, self.bits) as usize;
        let bound = |at: usize| self.buckets.get(at).copied().unwrap_or(0);
        (bound(at), bound(at + 1))
    }

    #[inline]
    fn known(&self, (first, end): (u32, u32), hash: u64) -> Option<Known<'_>> {
        let (records, _) = self.records.as_chunks::<3>();
        let key = u32::from(key(hash));
        let own = |[_, count, _]: &&[u32; 3]| count & 0xffff == key;
        let [start, count, scale] = records.get(first as usize..end as usize)?.iter().find(own)?;
        let start = (*start as usize).saturating_mul(3);
        let entries = self.entries.get(start..start.saturating_add((count >> 16) as usize * 3))?;
        Some(Known { entries, scale: f32::from_bits(*scale) })
    }
}

impl Known<'_> {
    /// Adds `value` times the feature's weights to the scores of its classes.
    #[inline]
    pub fn add(&self, value: f32, scores: &mut [f32]) {
        let value = value * self.scale;
        for (class, weight) in self.pairs() {
            if let Some(score) = scores.get_mut(usize::from(class)) {
                *score += value * f32::from(weight);
            }
        }
    }

    /// The feature's weight for one class.
    pub fn weight(&self, class: u16) -> f32 {
        self.pairs().find(|(own, _)| *own == class).map_or(0.0, |(_, weight)| self.scale * f32::from(weight))
    }

    fn pairs(&self) -> impl Iterator<Item = (u16, i8)> {
        let (entries, _) = self.entries.as_chunks::<3>();
        entries.iter().map(|[low, high, weight]| (u16::from_le_bytes([*low, *high]), weight.cast_signed()))
    }
}
