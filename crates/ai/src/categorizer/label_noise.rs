//! How often labels are wrong, and which ones.
//!
//! That a model is nine tenths sure of another category says little: it errs one time in ten where it is so sure. A label is in doubt where
//! it is less likely than errors of the model make it. Labels are taken for the true category's, but for a share that was drawn
//! evenly from the others (symmetric noise: Angluin and Laird, "Learning from Noisy Examples", 1988). That share is found by
//! expectation and maximisation, and beside it the temperature of greatest likelihood: fitted by itself, the temperature takes wrong labels for
//! errors of the model and finds nothing odd about them.

use super::calibrate::{HeldOut, best, near_exp};

/// What is known of the share before: half a wrong label in a hundred.
const WRONG_BEFORE: f64 = 0.5;
const LABELS_BEFORE: f64 = 100.0;
/// Temperatures tried, as powers of a step around the one that takes every label for right.
const STEP: f64 = 1.083;
const STEPS: std::ops::RangeInclusive<i32> = -3..=12;
const ROUNDS: usize = 100;

/// A fitted share of wrong labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelNoise {
    temperature: f64,
    /// Share of labels that are wrong.
    pub rate: f64,
}

/// What speaks against a label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Doubt {
    /// The likeliest class.
    pub class: usize,
    /// Probability that it is the right one, given the label.
    pub confidence: f64,
    /// Probability that the label is right.
    pub label: f64,
}

impl LabelNoise {
    /// Fits it on held-out products, around the temperature of a calibration that takes every label for right.
    pub fn fit(held_out: &[HeldOut], temperature: f64) -> Self {
        let unknown = Self { temperature, rate: WRONG_BEFORE / LABELS_BEFORE };
        if held_out.is_empty() {
            return unknown;
        }
        let fits = STEPS.map(|step| Self::at(held_out, temperature * STEP.powi(step)));
        let best = fits.max_by(|a, b| a.1.total_cmp(&b.1)).map(|(noise, _)| noise);
        best.unwrap_or(unknown)
    }

    /// The best share at a temperature, and the logarithm of its likelihood.
    fn at(sample: &[HeldOut], temperature: f64) -> (Self, f64) {
        let labels: Vec<(f64, f64)> = sample
            .iter()
            .filter_map(|product| {
                let p = probability(&product.scores, product.class?, temperature)?;
                Some((p, evenly(p, product.scores.len())))
            })
            .collect();
        let mut rate = WRONG_BEFORE / LABELS_BEFORE;
        for _ in 0..ROUNDS {
            let wrong: f64 = labels.iter().map(|(p, other)| rate * other / mixed(rate, *p, *other)).sum();
            rate = (wrong + WRONG_BEFORE) / (labels.len() as f64 + LABELS_BEFORE);
        }
        let likelihood: f64 = labels.iter().map(|(p, other)| mixed(rate, *p, *other).ln()).sum();
        let before = WRONG_BEFORE * rate.ln() + (LABELS_BEFORE - WRONG_BEFORE) * (1.0 - rate).ln();
        (Self { temperature, rate }, likelihood + before)
    }

    /// What speaks against the label of a product; `None` where it is the likeliest class.
    pub fn doubt(&self, product: &HeldOut) -> Option<Doubt> {
        let label = product.class?;
        let (class, _) = best(&product.scores)?;
        if class == label {
            return None;
        }
        let p = probability(&product.scores, label, self.temperature)?;
        let other = evenly(p, product.scores.len());
        let wrong = self.rate * other / mixed(self.rate, p, other);
        let among_others =
            probability(&product.scores, class, self.temperature)? / (1.0 - p).max(f64::MIN_POSITIVE);
        Some(Doubt { class, confidence: (wrong * among_others).clamp(0.0, 1.0), label: 1.0 - wrong })
    }
}

/// Likelihood of a label: that of the right one and that of one drawn from the others.
fn mixed(rate: f64, right: f64, drawn: f64) -> f64 {
    ((1.0 - rate) * right + rate * drawn).max(f64::MIN_POSITIVE)
}

/// Probability of a label that was drawn evenly from the wrong ones, where it is the right one with probability `p`.
fn evenly(p: f64, classes: usize) -> f64 {
    (1.0 - p) / classes.saturating_sub(1).max(1) as f64
}

/// Softmax of one class.
fn probability(scores: &[f32], class: usize, temperature: f64) -> Option<f64> {
    let own = f64::from(*scores.get(class)?);
    let (_, highest) = best(scores)?;
    let highest = f64::from(highest);
    let sum: f64 = scores.iter().map(|score| near_exp((f64::from(*score) - highest) * temperature)).sum();
    Some(((own - highest) * temperature).exp() / sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::random::seeded;
    use rand::RngExt;

    const CLASSES: usize = 20;

    /// Products and their true classes, drawn from a softmax at temperature 4; `wrong` of the labels are others'.
    fn shop(products: usize, wrong: f64) -> Vec<(HeldOut, usize)> {
        let mut random = seeded(7, 1);
        let mut product = || {
            let near = random.random_range(0..CLASSES);
            let mut scores: Vec<f32> = (0..CLASSES).map(|_| random.random_range(-1.3f32..-0.6)).collect();
            scores[near] = random.random_range(-0.5f32..1.0);
            let weights: Vec<f64> = scores.iter().map(|score| (f64::from(*score) * 4.0).exp()).collect();
            let mut left = random.random_range(0.0..weights.iter().sum());
            let truth = weights.iter().position(|weight| {
                left -= weight;
                left < 0.0
            });
            let truth = truth.unwrap_or(near);
            let moved = random.random_bool(wrong);
            let label = if moved { (truth + random.random_range(1..CLASSES)) % CLASSES } else { truth };
            (HeldOut { scores, class: Some(label) }, truth)
        };
        (0..products).map(|_| product()).collect()
    }

    fn doubts(shop: &[(HeldOut, usize)]) -> (LabelNoise, Vec<(Doubt, bool)>) {
        let held_out: Vec<HeldOut> = shop.iter().map(|(product, _)| product.clone()).collect();
        let plain = super::super::calibrate::Calibration::fit(&held_out).temperature;
        let noise = LabelNoise::fit(&held_out, plain);
        let found = shop.iter().filter_map(|(product, truth)| {
            noise.doubt(product).map(|doubt| (doubt, product.class != Some(*truth) && doubt.class == *truth))
        });
        (noise, found.collect())
    }

    #[test]
    fn the_share_of_wrong_labels_is_found() {
        for wrong in [0.0, 0.01, 0.04] {
            let (noise, _) = doubts(&shop(20_000, wrong));
            assert!(
                (noise.rate - wrong).abs() < 0.003 + wrong * 0.2 && (noise.temperature - 4.0).abs() < 0.8,
                "{wrong}: {noise:?}"
            );
        }
    }

    #[test]
    fn doubts_are_right_as_often_as_they_say() {
        let (_, found) = doubts(&shop(40_000, 0.05));
        for (least, most) in [(0.5, 0.75), (0.75, 1.01)] {
            let bin = found.iter().filter(|(doubt, _)| (least..most).contains(&doubt.confidence));
            let (said, right): (Vec<f64>, Vec<bool>) =
                bin.map(|(doubt, right)| (doubt.confidence, *right)).unzip();
            let said = said.iter().sum::<f64>() / said.len() as f64;
            let share = right.iter().filter(|right| **right).count() as f64 / right.len() as f64;
            assert!(
                right.len() > 30 && (said - share).abs() < 0.12,
                "{least}: said {said}, was {share} of {}",
                right.len()
            );
        }
    }

    #[test]
    fn errors_of_the_model_alone_raise_hardly_a_doubt() {
        let shop = shop(6_000, 0.0);
        let (_, found) = doubts(&shop);
        assert!(found.len() > 300, "the model errs: {}", found.len());
        assert!(found.iter().filter(|(doubt, _)| doubt.confidence >= 0.5).count() <= 6);
    }

    #[test]
    fn nothing_to_go_by_is_no_fault() {
        assert_eq!(LabelNoise::fit(&[], 6.0), LabelNoise { temperature: 6.0, rate: 0.005 });
        let noise = LabelNoise { temperature: 6.0, rate: 0.01 };
        assert_eq!(noise.doubt(&HeldOut { scores: vec![], class: None }), None);
        assert_eq!(noise.doubt(&HeldOut { scores: vec![1.0, 0.0], class: Some(0) }), None);
    }
}
