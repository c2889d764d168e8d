//! Population stability index: how far one sample's distribution is from another's.
//!
//! Sum of (new - old) * ln(new / old) over the deciles of the old sample (Siddiqi, Credit Risk Scorecards, 2006). Below 0.1
//! nothing has changed, above 0.25 much has.

use serde::{Deserialize, Serialize};

const BINS: usize = 10;

/// The old sample, as far as the index needs it: at most nine edges and ten shares, whatever the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Upper edges of all bins but the last, ascending. Equal values stay in one bin, so fewer than ten bins are used where a value is
    /// common.
    pub edges: Vec<f64>,
    /// Share of the rows in each bin. Half a row is added to each, so that an empty one does not make the index infinite.
    pub shares: Vec<f64>,
    /// Rows of the sample.
    pub rows: u64,
}

impl Reference {
    /// The deciles of a sample of finite values; `None` of an empty one.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        let edges = edges(values);
        Some(Self { shares: shares(values, &edges), edges, rows: values.len() as u64 })
    }

    /// The index of `new` against this sample; `None` when `new` is empty, or when this is no sample's (a card that was written by hand).
    pub fn psi(&self, new: &[f64]) -> Option<f64> {
        if new.is_empty() || !self.is_sound() {
            return None;
        }
        let after = shares(new, &self.edges);
        Some(self.shares.iter().zip(&after).map(|(old, new)| (new - old) * (new / old).ln()).sum())
    }

    fn is_sound(&self) -> bool {
        self.shares.len() == self.edges.len() + 1
            && self.edges.is_sorted()
            && self.shares.iter().all(|share| *share > 0.0 && *share <= 1.0)
    }
}

/// Upper edges of all bins but the last.
fn edges(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |bin: usize| sorted.get(bin * sorted.len() / BINS).copied();
    let mut edges: Vec<f64> = (1..BINS).filter_map(at).collect();
    edges.dedup();
    edges
}

fn shares(values: &[f64], edges: &[f64]) -> Vec<f64> {
    let mut counts = vec![0.5; edges.len() + 1];
    for value in values {
        if let Some(count) = counts.get_mut(edges.partition_point(|edge| edge <= value)) {
            *count += 1.0;
        }
    }
    let total: f64 = counts.iter().sum();
    counts.into_iter().map(|count| count / total).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn psi(old: &[f64], new: &[f64]) -> Option<f64> {
        Reference::of(old)?.psi(new)
    }

    #[test]
    fn the_same_is_near_zero_and_a_shift_is_seen() {
        let old: Vec<f64> = (0..1000).map(f64::from).collect();
        assert!(psi(&old, &old).unwrap().abs() < 1e-9);
        let shifted: Vec<f64> = old.iter().map(|value| value + 300.0).collect();
        assert!(psi(&old, &shifted).unwrap() > 0.25);
        assert_eq!((psi(&[], &old), psi(&old, &[])), (None, None));
    }

    #[test]
    fn agrees_with_the_sum_by_hand() {
        // Half below, half above, against three quarters above: 10 000 rows make the half row negligible.
        let old: Vec<f64> = (0..10_000).map(|row| f64::from(row % 2)).collect();
        let new: Vec<f64> = (0..10_000).map(|row| f64::from(u8::from(row % 4 != 0))).collect();
        let expected = 0.25 * (0.75_f64 / 0.5).ln() - 0.25 * (0.25_f64 / 0.5).ln();
        assert!((psi(&old, &new).unwrap() - expected).abs() < 1e-3);
    }

    #[test]
    fn a_reference_is_small_and_comes_back_from_json_as_it_was() {
        let prices: Vec<f64> = (0..100_000).map(|row| f64::from(row % 9_973) / 100.0).collect();
        let reference = Reference::of(&prices).unwrap();
        assert_eq!((reference.edges.len(), reference.shares.len(), reference.rows), (9, 10, 100_000));
        let text = serde_json::to_string(&reference).unwrap();
        assert!(text.len() < 600, "{text}");
        let back: Reference = serde_json::from_str(&text).unwrap();
        assert_eq!(back.edges, reference.edges);
        assert!((back.psi(&prices).unwrap()).abs() < 1e-9);
    }

    #[test]
    fn what_is_no_samples_reference_measures_nothing() {
        let sound = Reference::of(&[1.0, 2.0, 3.0]).unwrap();
        let short = Reference { shares: vec![1.0], ..sound.clone() };
        let empty = Reference { shares: vec![0.0; sound.shares.len()], ..sound.clone() };
        let unsorted = Reference { edges: sound.edges.iter().rev().copied().collect(), ..sound };
        for reference in [short, empty, unsorted] {
            assert_eq!(reference.psi(&[1.0]), None);
        }
    }

    proptest! {
        #[test]
        fn is_never_negative(old in prop::collection::vec(-1e6..1e6f64, 1..200), new in prop::collection::vec(-1e6..1e6f64, 1..200)) {
            let value = psi(&old, &new).unwrap();
            prop_assert!(value.is_finite() && value >= -1e-12);
        }
    }
}
