//! How good answers are on products that training has not seen.

use indexmap::IndexMap;

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

/// Expected calibration error over fifteen equal bins of confidence (Guo et al. 2017).
pub fn calibration_error(judged: &[Judged]) -> f64 {
    const BINS: f64 = 15.0;
    let mut bins: IndexMap<u64, (f64, f64)> = IndexMap::new();
    for one in judged {
        let (confidence, right) = bins.entry((one.confidence * BINS).min(BINS - 1.0) as u64).or_default();
        *confidence += one.confidence;
        *right += f64::from(u8::from(one.class.is_some() && one.ranked.first().copied() == one.class));
    }
    bins.values().map(|(confidence, right)| (confidence - right).abs()).sum::<f64>()
        / judged.len().max(1) as f64
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
        assert!((calibration_error(&all) - 0.2).abs() < 1e-9);
        assert!((macro_f1(&all) - 0.5).abs() < 1e-9);
    }
}
