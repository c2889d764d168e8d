//! Words and pairs of words that titles often hold, with what all their features say added up.
//!
//! A title's letter groups, word beginnings and words say the same wherever its words stand, so for the common ones the sum is
//! made in training: one look-up in place of twenty, and the same answer but for the rounding to eight bits.

use super::features::Feature;
use super::quantize::{self, Entry};
use super::title::{Part, Title};
use super::weights::{Known, Weights};
use crate::model_file::{ModelFile, ModelWriter, Slice};
use indexmap::IndexMap;
use meschain_base::Result;
use std::cmp::Reverse;

/// Bytes a phrase takes besides its weights.
const OVERHEAD: usize = 24;
/// Phrases looked at, at most; seen fewer times than [`LEAST_SEEN`], one is left to its features.
const MOST: usize = 60_000;
const LEAST_SEEN: u32 = 2;

/// A phrase and the features it is made of, each a number among the model's and how often it counts.
#[derive(Debug)]
pub struct Candidate {
    hash: u64,
    features: Vec<(u32, f32)>,
}

/// The phrases that save the most look-ups, first those. `place` finds a feature's number by its hash.
pub fn candidates<'a>(
    names: impl Iterator<Item = &'a str>,
    place: impl Fn(u64) -> Option<u32>,
) -> Vec<Candidate> {
    let mut seen: IndexMap<u64, (u32, Vec<(u32, f32)>)> = IndexMap::new();
    for name in names {
        let title = Title::new(name);
        for part in title.parts() {
            let (count, features) = seen.entry(part.hash()).or_default();
            *count += 1;
            if *count == LEAST_SEEN {
                part.visit(&mut |Feature { hash, weight, .. }| {
                    features.extend(place(hash).map(|feature| (feature, weight)));
                });
            }
        }
    }
    let often = seen.into_iter().filter(|(_, (count, _))| *count >= LEAST_SEEN);
    let mut often: Vec<(usize, Candidate)> = often
        .map(|(hash, (count, features))| (count as usize * features.len(), Candidate { hash, features }))
        .collect();
    often.sort_unstable_by_key(|(saved, candidate)| (Reverse(*saved), candidate.hash));
    often.into_iter().take(MOST).map(|(_, candidate)| candidate).collect()
}

/// Writes the first of `candidates`, as many as there is `room` for, in bytes. `entries` are the model's weights, ascending by feature.
pub fn write(
    candidates: &[Candidate],
    entries: &[Entry],
    classes: usize,
    mut room: usize,
    writer: &mut ModelWriter,
) -> Result<()> {
    let mut adder = Adder { entries, row: vec![0f32; classes] };
    let (mut hashes, mut sizes, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for candidate in candidates {
        let size = adder.add_up(candidate);
        let before = sums.len();
        adder.take(hashes.len() as u32, &mut sums);
        let taken = OVERHEAD + quantize::bytes_of(sums.len() - before, classes);
        if taken > room {
            sums.truncate(before);
            break;
        }
        room -= taken;
        hashes.push(candidate.hash);
        sizes.push(size);
    }
    let table = quantize::build(sums, &hashes, classes);
    let of = |feature: &u32| *feature as usize;
    let sizes: Vec<f32> =
        table.features.iter().filter_map(|feature| sizes.get(of(feature))).flatten().copied().collect();
    let checks: Vec<u32> = table
        .features
        .iter()
        .filter_map(|feature| hashes.get(of(feature)))
        .map(|hash| check(*hash))
        .collect();
    Weights::write("phrase_", &table, writer)?;
    writer.tensor("phrase_sizes", &[checks.len(), 2], &sizes)?;
    writer.vector("phrase_checks", &checks)
}

/// Bits of a hash that neither tell the bucket nor the key. With them, one phrase is taken for another once in a lifetime.
fn check(hash: u64) -> u32 {
    (hash >> 16) as u32
}

struct Adder<'a> {
    entries: &'a [Entry],
    row: Vec<f32>,
}

impl Adder<'_> {
    /// Fills the row. Returns the sum of the values of the features that the model knows, and that of their squares.
    fn add_up(&mut self, candidate: &Candidate) -> [f32; 2] {
        self.row.fill(0.0);
        let mut size = [0f32; 2];
        for (feature, value) in &candidate.features {
            let first = self.entries.partition_point(|entry| entry.feature < *feature);
            let own = self.entries.get(first..).unwrap_or_default();
            let mut known = false;
            for entry in own.iter().take_while(|entry| entry.feature == *feature) {
                let place = self.row.get_mut(usize::from(entry.class));
                place.into_iter().for_each(|sum| *sum += value * entry.weight);
                known = true;
            }
            if known {
                size = [size[0] + value, size[1] + value * value];
            }
        }
        size
    }

    /// Appends what does not round to zero in eight bits.
    fn take(&self, feature: u32, sums: &mut Vec<Entry>) {
        let largest = self.row.iter().fold(0f32, |largest, weight| largest.max(weight.abs()));
        let kept = self.row.iter().enumerate().filter(|(_, weight)| weight.abs() > largest / 254.0);
        sums.extend(kept.map(|(class, weight)| Entry { feature, class: class as u16, weight: *weight }));
    }
}

/// The phrases of a model, used where they lie in its file.
#[derive(Debug, Clone)]
pub struct Phrases {
    weights: Weights,
    sizes: Slice<f32>,
    checks: Slice<u32>,
}

/// A phrase that the model has: what it says, the sum of its features' values and that of their squares.
#[derive(Debug, Clone, Copy)]
pub struct Phrase<'a> {
    pub known: Known<'a>,
    pub sum: f32,
    pub squares: f32,
}

impl Phrases {
    /// Reads them and checks everything that later reading relies on.
    pub fn read(file: &ModelFile, classes: usize) -> Result<Self> {
        let weights = Weights::read("phrase_", file, classes)?;
        let checks: Slice<u32> = file.slice_of("phrase_checks", weights.len())?;
        let sizes: Slice<f32> = file.slice_of("phrase_sizes", weights.len() * 2)?;
        let sound = sizes.iter().all(|size| size.is_finite() && *size >= 0.0);
        if sound { Ok(Self { weights, sizes, checks }) } else { Err(file.corrupt("phrases")) }
    }

    /// How many phrases there are.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.checks.len()
    }

    /// For each part the phrase it is, if the model has it.
    pub fn find_all(&self, parts: &[Part<'_>]) -> Vec<Option<Phrase<'_>>> {
        let hashes: Vec<u64> = parts.iter().map(|part| part.hash()).collect();
        let spans: Vec<(u32, u32)> = hashes.iter().map(|hash| self.weights.span(*hash)).collect();
        hashes.iter().zip(spans).map(|(hash, span)| self.find(*hash, span)).collect()
    }

    fn find(&self, hash: u64, span: (u32, u32)) -> Option<Phrase<'_>> {
        let slot = self.weights.slot(span, quantize::key(hash))?;
        let at = slot as usize;
        self.checks.get(at).filter(|other| **other == check(hash))?;
        let [sum, squares] = *self.sizes.as_chunks::<2>().0.get(at)?;
        Some(Phrase { known: self.weights.known(slot)?, sum, squares })
    }
}
