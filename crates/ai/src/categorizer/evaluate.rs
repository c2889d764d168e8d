//! How good answers are on products that training has not seen.

use indexmap::IndexMap;
use serde::Serialize;
use std::collections::BTreeMap;

/// One judged answer: the classes by falling probability (at least the first three), the best one's probability, and
/// the true class (`None`: training never saw it).
#[derive(Debug, Clone)]
pub struct Judged {
    pub ranked: Vec<usize>,
    pub confidence: f64,
    pub class: Option<usize>,
}

/// Share of `judged` whose true class is among the first `k` answers.
pub fn top(judged: &[Judged], k: usize) -> f64 {
    let hit = |one: &&Judged| {
        one.class.is_some_and(|class| one.ranked.iter().take(k).any(|answer| *answer == class))
    };
    judged.iter().filter(hit).count() as f64 / judged.len().max(1) as f64
}

/// Answers of about the same confidence: how sure they were on average, how many were right, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bin {
    /// Mean confidence.
    pub confidence: f64,
    /// Share that was right.
    pub accuracy: f64,
    /// Answers.
    pub count: u64,
}

/// Answers by confidence, in fifteen equal steps of it; empty ones are left out, the least sure come first.
pub fn reliability(judged: &[Judged]) -> Vec<Bin> {
    const BINS: f64 = 15.0;
    let mut bins: BTreeMap<u64, (f64, f64, u64)> = BTreeMap::new();
    for one in judged {
        let (confidence, right, count) =
            bins.entry((one.confidence * BINS).min(BINS - 1.0) as u64).or_default();
        *confidence += one.confidence;
        *right += f64::from(u8::from(one.class.is_some() && one.ranked.first().copied() == one.class));
        *count += 1;
    }
    let bin = |(confidence, right, count): (f64, f64, u64)| Bin {
        confidence: confidence / count as f64,
        accuracy: right / count as f64,
        count,
    };
    bins.into_values().map(bin).collect()
}

/// Expected calibration error over fifteen equal bins of confidence (Guo et al. 2017).
pub fn calibration_error(bins: &[Bin]) -> f64 {
    let all: u64 = bins.iter().map(|bin| bin.count).sum();
    let away = |bin: &Bin| (bin.confidence - bin.accuracy).abs() * bin.count as f64;
    bins.iter().map(away).sum::<f64>() / all.max(1) as f64
}

/// F1 averaged over the true classes, each counting once.
pub fn macro_f1(judged: &[Judged]) -> f64 {
    let mut counts: IndexMap<usize, (f64, f64, f64)> = IndexMap::new();
    for one in judged {
        let answer = one.ranked.first().copied();
        if let Some(class) = one.class {
            counts.entry(class).or_default().0 += 1.0;
        }
        if let Some(answer) = answer {
            counts.entry(answer).or_default().1 += 1.0;
        }
        if let (Some(class), true) = (one.class, one.class == answer) {
            counts.entry(class).or_default().2 += 1.0;
        }
    }
    let scores: Vec<f64> = counts
        .values()
        .filter(|(true_count, ..)| *true_count > 0.0)
        .map(|(true_count, answered, right)| 2.0 * right / (true_count + answered))
        .collect();
    scores.iter().sum::<f64>() / scores.len().max(1) as f64
}

/// Figures of answers about held-out products.
pub fn metrics(judged: &[Judged], bins: &[Bin]) -> IndexMap<String, f64> {
    let metrics = [
        ("top1", top(judged, 1)),
        ("top3", top(judged, 3)),
        ("ece", calibration_error(bins)),
        ("macro_f1", macro_f1(judged)),
        ("held_out", judged.len() as f64),
    ];
    metrics.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(ranked: [usize; 2], confidence: f64, class: usize) -> Judged {
        Judged { ranked: ranked.to_vec(), confidence, class: Some(class) }
    }

    #[test]
    fn counts_as_the_definitions_say() {
        let all =
            [judged([0, 1], 0.9, 0), judged([0, 1], 0.9, 1), judged([1, 0], 0.5, 1), judged([1, 2], 0.5, 0)];
        assert_eq!((top(&all, 1), top(&all, 2)), (0.5, 0.75));
        let bins = reliability(&all);
        let bin = |confidence| Bin { confidence, accuracy: 0.5, count: 2 };
        assert_eq!(bins, [bin(0.5), bin(0.9)]);
        assert!((calibration_error(&bins) - 0.2).abs() < 1e-9);
        assert!((macro_f1(&all) - 0.5).abs() < 1e-9);
    }
}
