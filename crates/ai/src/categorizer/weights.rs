//! The weights of a model, used where they lie in its file: from a feature's hash to the classes it speaks for.

use super::quantize::{Table, bucket, key};
use crate::model_file::{ModelFile, ModelWriter, Slice};
use meschain_base::Result;

/// Buckets of features by the upper bits of their hash; per feature a 16-bit key, a scale and its classes with 8-bit
/// weights. A prediction touches only the features its product has.
#[derive(Debug, Clone)]
pub struct Weights {
    buckets: Slice<u32>,
    keys: Slice<u16>,
    starts: Slice<u32>,
    scales: Slice<f32>,
    classes: Slice<u16>,
    weights: Slice<i8>,
    bits: u32,
}

impl Weights {
    /// Writes the table.
    pub fn write(table: &Table, writer: &mut ModelWriter) -> Result<()> {
        writer.vector("buckets", &table.buckets)?;
        writer.vector("keys", &table.keys)?;
        writer.vector("starts", &table.starts)?;
        writer.vector("scales", &table.scales)?;
        writer.vector("entry_classes", &table.classes)?;
        writer.vector("entry_weights", &table.weights)
    }

    /// Reads the table and checks everything that later reading relies on.
    pub fn read(file: &ModelFile, classes: usize) -> Result<Self> {
        let buckets: Slice<u32> = file.slice("buckets")?;
        let keys: Slice<u16> = file.slice("keys")?;
        let starts: Slice<u32> = file.slice_of("starts", keys.len().saturating_add(1))?;
        let scales: Slice<f32> = file.slice_of("scales", keys.len())?;
        let entry_classes: Slice<u16> = file.slice("entry_classes")?;
        let weights: Slice<i8> = file.slice_of("entry_weights", entry_classes.len())?;
        let bits = buckets.len().saturating_sub(1).checked_ilog2().unwrap_or(0);
        let sound = bits > 0
            && buckets.len() == (1usize << bits) + 1
            && ascending(&buckets, keys.len())
            && ascending(&starts, entry_classes.len())
            && entry_classes.iter().all(|class| usize::from(*class) < classes)
            && scales.iter().all(|scale| scale.is_finite());
        let table = Self { buckets, keys, starts, scales, classes: entry_classes, weights, bits };
        if sound { Ok(table) } else { Err(file.corrupt("weights")) }
    }

    /// The feature with this hash, if the model knows it.
    pub fn find(&self, hash: u64) -> Option<usize> {
        let at = bucket(hash, self.bits) as usize;
        let (start, end) = (*self.buckets.get(at)? as usize, *self.buckets.get(at + 1)? as usize);
        let key = key(hash);
        self.keys.get(start..end)?.iter().position(|candidate| *candidate == key).map(|offset| start + offset)
    }

    /// Adds `value` times the feature's weights to the scores of its classes.
    #[inline]
    pub fn add(&self, feature: usize, value: f32, scores: &mut [f32]) {
        let Some((scale, classes, weights)) = self.entries(feature) else { return };
        let value = value * scale;
        for (class, weight) in classes.iter().zip(weights) {
            if let Some(score) = scores.get_mut(usize::from(*class)) {
                *score += value * f32::from(*weight);
            }
        }
    }

    /// The feature's weight for one class.
    pub fn weight(&self, feature: usize, class: u16) -> f32 {
        let Some((scale, classes, weights)) = self.entries(feature) else { return 0.0 };
        let place = classes.binary_search(&class).ok().and_then(|place| weights.get(place));
        place.map_or(0.0, |weight| scale * f32::from(*weight))
    }

    fn entries(&self, feature: usize) -> Option<(f32, &[u16], &[i8])> {
        let (start, end) = (*self.starts.get(feature)? as usize, *self.starts.get(feature + 1)? as usize);
        Some((*self.scales.get(feature)?, self.classes.get(start..end)?, self.weights.get(start..end)?))
    }
}

fn ascending(offsets: &[u32], end: usize) -> bool {
    offsets.is_sorted()
        && offsets.first() == Some(&0)
        && offsets.last().map(|last| *last as usize) == Some(end)
}
