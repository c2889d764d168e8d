//! Population stability index: how far one sample's distribution is from another's.
//!
//! Sum of (new - old) * ln(new / old) over the deciles of the old sample (Siddiqi, Credit Risk Scorecards, 2006). Below 0.1
//! nothing has changed, above 0.25 much has.

const BINS: usize = 10;

/// The index of `new` against `old`; `None` when either is empty. Equal values stay in one bin, so fewer than ten bins are
/// used where a value is common. Half a row is added to each bin, so that an empty one does not make it infinite.
pub fn psi(old: &[f64], new: &[f64]) -> Option<f64> {
    if old.is_empty() || new.is_empty() {
        return None;
    }
    let edges = edges(old);
    let (before, after) = (shares(old, &edges), shares(new, &edges));
    Some(before.iter().zip(&after).map(|(old, new)| (new - old) * (new / old).ln()).sum())
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

    #[test]
    fn the_same_is_near_zero_and_a_shift_is_seen() {
        let old: Vec<f64> = (0..1000).map(f64::from).collect();
        assert!(psi(&old, &old).unwrap().abs() < 1e-9);
        let shifted: Vec<f64> = old.iter().map(|value| value + 300.0).collect();
        assert!(psi(&old, &shifted).unwrap() > 0.25);
        assert_eq!(psi(&[], &old), None);
    }

    #[test]
    fn agrees_with_the_sum_by_hand() {
        // Half below, half above, against three quarters above: 10 000 rows make the half row negligible.
        let old: Vec<f64> = (0..10_000).map(|row| f64::from(row % 2)).collect();
        let new: Vec<f64> = (0..10_000).map(|row| f64::from(u8::from(row % 4 != 0))).collect();
        let expected = 0.25 * (0.75_f64 / 0.5).ln() - 0.25 * (0.25_f64 / 0.5).ln();
        assert!((psi(&old, &new).unwrap() - expected).abs() < 1e-3);
    }

    proptest! {
        #[test]
        fn is_never_negative(old in prop::collection::vec(-1e6..1e6f64, 1..200), new in prop::collection::vec(-1e6..1e6f64, 1..200)) {
            let value = psi(&old, &new).unwrap();
            prop_assert!(value.is_finite() && value >= -1e-12);
        }
    }
}
