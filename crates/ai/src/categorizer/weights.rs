//! The weights of a model, used where they lie in its file: from a feature's hash to the classes it speaks for.

use super::quantize::{DENSE, KEYS_AT_ONCE, Scale, Table, bucket, key};
use crate::model_file::{ModelFile, ModelWriter, Slice};
use meschain_base::Result;

/// Features sought at once.
const AT_ONCE: usize = 32;

/// Buckets of features by the upper bits of their hash; a 16-bit key and a record per feature; its classes with 8-bit weights.
///
/// What is read together lies together, since a prediction costs what its cache misses cost. Many letter groups of a new
/// title are known to no model: they are told by the keys alone. A record is where the feature's weights begin, how many
/// there are, and their scale. Most features speak for few classes: an entry is a class in two bytes and a weight in one.
/// The common ones speak for many: a row holds a weight for every class, which adds up many at a time.
#[derive(Debug, Clone)]
pub struct Weights {
    buckets: Slice<u32>,
    keys: Slice<u16>,
    records: Slice<u32>,
    entries: Slice<u8>,
    rows: Slice<u8>,
    classes: usize,
    bits: u32,
}

/// A feature that the model knows: its weights' bytes and their scale.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    weights: Bytes<'a>,
    scale: f32,
}

#[derive(Debug, Clone, Copy)]
enum Bytes<'a> {
    /// Class, low and high byte, and weight.
    Sparse(&'a [[u8; 3]]),
    /// A weight for each class.
    Dense(&'a [u8]),
}

impl Weights {
    /// Writes the table into tensors whose names begin with `prefix`.
    pub fn write(prefix: &str, table: &Table, writer: &mut ModelWriter) -> Result<()> {
        let name = |part: &str| format!("{prefix}{part}");
        writer.vector(&name("buckets"), &table.buckets)?;
        writer.vector(&name("keys"), &table.keys)?;
        writer.tensor(&name("records"), &[table.records.len(), 2], table.records.as_flattened())?;
        writer.tensor(&name("entries"), &[table.entries.len(), 3], table.entries.as_flattened())?;
        writer.vector(&name("rows"), &table.rows)
    }

    /// Reads the table and checks everything that later reading relies on.
    pub fn read(prefix: &str, file: &ModelFile, classes: usize) -> Result<Self> {
        let name = |part: &str| format!("{prefix}{part}");
        let buckets: Slice<u32> = file.slice(&name("buckets"))?;
        let keys: Slice<u16> = file.slice(&name("keys"))?;
        let records: Slice<u32> = file.slice(&name("records"))?;
        let entries: Slice<u8> = file.slice(&name("entries"))?;
        let rows: Slice<u8> = file.slice(&name("rows"))?;
        let bits = buckets.len().saturating_sub(1).checked_ilog2().unwrap_or(0);
        let (pairs, rest) = records.as_chunks::<2>();
        let (weights, odd) = entries.as_chunks::<3>();
        let inside = |record: &[u32; 2]| {
            let (start, count, scale) = unpacked(*record);
            let fits = if count == DENSE {
                start.saturating_add(1).saturating_mul(classes) <= rows.len()
            } else {
                start.saturating_add(usize::from(count)) <= weights.len()
            };
            fits && scale.is_finite()
        };
        let sound = bits > 0
            && rest.is_empty()
            && odd.is_empty()
            && buckets.len() == (1usize << bits) + 1
            && buckets.is_sorted()
            && buckets.last().map(|last| *last as usize) == Some(pairs.len())
            && keys.len() == pairs.len() + KEYS_AT_ONCE
            && pairs.iter().all(inside)
            && weights.iter().all(|[low, high, _]| usize::from(u16::from_le_bytes([*low, *high])) < classes);
        let table = Self { buckets, keys, records, entries, rows, classes, bits };
        if sound { Ok(table) } else { Err(file.corrupt("weights")) }
    }

    /// The feature with this hash, if the model knows it.
    pub fn find(&self, hash: u64) -> Option<Known<'_>> {
        self.known(self.slot(self.span(hash), key(hash))?)
    }

    /// Adds the known ones of `occurrences` (hash and value) with their values to `known`. Of some occurrences at a time all
    /// buckets are read before any key, and all keys before any record, so that their cache misses overlap.
    pub fn find_all<'a>(&'a self, occurrences: &[(u64, f32)], known: &mut Vec<(Known<'a>, f32)>) {
        for part in occurrences.chunks(AT_ONCE) {
            let mut spans = [(0, 0); AT_ONCE];
            let mut slots = [None; AT_ONCE];
            spans.iter_mut().zip(part).for_each(|(span, (hash, _))| *span = self.span(*hash));
            let sought = slots.iter_mut().zip(&spans).zip(part);
            sought.for_each(|((slot, span), (hash, _))| *slot = self.slot(*span, key(*hash)));
            let found = slots.iter().zip(part);
            known.extend(found.filter_map(|(slot, (_, value))| Some((self.known((*slot)?)?, *value))));
        }
    }

    /// How many features there are.
    pub fn len(&self) -> usize {
        self.records.len() / 2
    }

    /// The slots of a bucket.
    #[inline]
    pub fn span(&self, hash: u64) -> (u32, u32) {
        let at = bucket(hash, self.bits) as usize;
        let bound = |at: usize| self.buckets.get(at).copied().unwrap_or(0);
        (bound(at), bound(at + 1))
    }

    /// The slot of a bucket that holds a key.
    #[inline]
    pub fn slot(&self, (first, end): (u32, u32), key: u16) -> Option<u32> {
        let mut from = first;
        while from < end {
            let keys = self.keys.get(from as usize..)?.first_chunk::<KEYS_AT_ONCE>()?;
            let same = keys.iter().rev().fold(0u32, |bits, other| bits << 1 | u32::from(*other == key));
            let slot = from + same.trailing_zeros();
            if same != 0 {
                return (slot < end).then_some(slot);
            }
            from += KEYS_AT_ONCE as u32;
        }
        None
    }

    /// What the feature in a slot says.
    #[inline]
    pub fn known(&self, slot: u32) -> Option<Known<'_>> {
        let (records, _) = self.records.as_chunks::<2>();
        let (start, count, scale) = unpacked(*records.get(slot as usize)?);
        let weights = if count == DENSE {
            let start = start.saturating_mul(self.classes);
            Bytes::Dense(self.rows.get(start..start.saturating_add(self.classes))?)
        } else {
            let (entries, _) = self.entries.as_chunks::<3>();
            Bytes::Sparse(entries.get(start..start.saturating_add(usize::from(count)))?)
        };
        Some(Known { weights, scale })
    }
}

/// Where a record's weights begin, how many there are, and their scale.
fn unpacked([start, rest]: [u32; 2]) -> (usize, u16, f32) {
    (start as usize, (rest >> 16) as u16, Scale(rest as u16).get())
}

impl Known<'_> {
    /// Adds `value` times the feature's weights to the scores of its classes.
    #[inline(always)]
    pub fn add(&self, value: f32, scores: &mut [f32]) {
        let value = value * self.scale;
        match self.weights {
            Bytes::Dense(row) => {
                for (score, weight) in scores.iter_mut().zip(row) {
                    *score += value * f32::from(weight.cast_signed());
                }
            }
            Bytes::Sparse(entries) => {
                for [low, high, weight] in entries {
                    let class = usize::from(u16::from_le_bytes([*low, *high]));
                    if let Some(score) = scores.get_mut(class) {
                        *score += value * f32::from(weight.cast_signed());
                    }
                }
            }
        }
    }

    /// The feature's weight for one class.
    pub fn weight(&self, class: u16) -> f32 {
        let wanted = class.to_le_bytes();
        let weight = match self.weights {
            Bytes::Dense(row) => row.get(usize::from(class)).copied(),
            Bytes::Sparse(entries) => {
                entries.iter().find(|[low, high, _]| [*low, *high] == wanted).map(|[.., weight]| *weight)
            }
        };
        weight.map_or(0.0, |weight| self.scale * f32::from(weight.cast_signed()))
    }
}
