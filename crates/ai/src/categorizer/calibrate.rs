//! From scores to probabilities that mean what they say.
//!
//! Scores of one-vs-rest machines are not probabilities. A softmax with a temperature (Guo et al., "On Calibration of
//! Modern Neural Networks", ICML 2017) turns them into a distribution; the probability of the best class is then
//! corrected by a logistic regression (Platt 1999) on its log-odds and its raw score, since a product unlike
//! everything seen before has low scores throughout and deserves less trust than its lead over the next class tells.
//! All of it is fitted on held-out products.

use crate::wide::{largest, sum, wide};
use serde::{Deserialize, Serialize};

/// The fitted numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Multiplies scores before the softmax.
    pub temperature: f64,
    /// Intercept, slope on the log-odds, slope on the best score.
    pub top: [f64; 3],
}

/// Where a temperature is looked for, and how often the range is halved: to half a hundredth.
const LEAST_TEMPERATURE: f64 = 0.5;
const MOST_TEMPERATURE: f64 = 40.0;
const HALVINGS: usize = 9;

/// How much likelier than the next class the best one is at least.
const ABOVE: f32 = 1.0001;

impl Default for Calibration {
    fn default() -> Self {
        Self { temperature: 6.0, top: [0.0, 1.0, 0.0] }
    }
}

/// A held-out product: its scores and its class, `None` when training never saw that class.
#[derive(Debug, Clone)]
pub struct HeldOut {
    pub scores: Vec<f32>,
    pub class: Option<usize>,
}

impl HeldOut {
    /// The scores and that of its own class, where training saw that.
    fn own_score(&self) -> Option<(&[f32], f64)> {
        Some((self.scores.as_slice(), f64::from(*self.scores.get(self.class?)?)))
    }
}

/// The class with the highest score and that score; the first one among equals.
pub fn best(scores: &[f32]) -> Option<(usize, f32)> {
    let highest = largest(scores);
    let place = scores.iter().position(|score| *score == highest).unwrap_or(0);
    Some((place, *scores.get(place)?))
}

impl Calibration {
    /// Finite for any parameters; used when a model is read.
    pub fn is_sound(&self) -> bool {
        self.temperature.is_finite()
            && self.temperature > 0.0
            && self.top.iter().all(|number| number.is_finite())
    }

    /// Probabilities of all classes: finite, between 0 and 1, summing to one, in the order of the scores.
    pub fn probabilities(&self, scores: &[f32]) -> Vec<f32> {
        self.probabilities_of(scores.to_vec())
    }

    /// As [`Self::probabilities`], in the place of the scores.
    pub fn probabilities_of(&self, scores: Vec<f32>) -> Vec<f32> {
        let Some((top, highest)) = best(&scores) else { return Vec::new() };
        let temperature = self.temperature as f32;
        let mut mass = scores;
        wide(|| mass.iter_mut().for_each(|mass| *mass = exp((*mass - highest) * temperature)));
        mass.get_mut(top).into_iter().for_each(|mass| *mass = 0.0);
        let others = sum(&mass);
        let runner_up = largest(&mass);
        let lead = if others > 0.0 {
            let corrected = self.corrected(f64::from(others), f64::from(highest)) as f32;
            let rest = mass.len().saturating_sub(1).max(1) as f32;
            let lead = corrected.max(ABOVE / (rest + ABOVE));
            let even = even_part(runner_up / others, lead, rest);
            let scale = (1.0 - lead) * (1.0 - even) / others;
            let floor = (1.0 - lead) * even / rest;
            mass.iter_mut().for_each(|mass| *mass = *mass * scale + floor);
            lead
        } else {
            1.0
        };
        mass.get_mut(top).into_iter().for_each(|mass| *mass = lead);
        mass
    }

    /// Probability of the best class, whose own mass is 1 against `others`.
    fn corrected(&self, others: f64, score: f64) -> f64 {
        let log_odds = -others.max(1e-30).ln();
        let [intercept, slope, on_score] = self.top;
        logistic(intercept + slope * log_odds + on_score * score).clamp(1e-4, 1.0 - 1e-6)
    }

    /// Fits both steps. With few products the numbers stay near the plain softmax.
    pub fn fit(held_out: &[HeldOut]) -> Self {
        let temperature = best_temperature(held_out);
        let plain = Self { temperature, ..Self::default() };
        let samples: Vec<([f64; 3], f64)> =
            held_out.iter().filter_map(|product| plain.sample(product)).collect();
        Self { top: logistic_regression(&samples, [0.0, 1.0, 0.0]), ..plain }
    }

    fn sample(&self, product: &HeldOut) -> Option<([f64; 3], f64)> {
        let (top, highest) = best(&product.scores)?;
        let others: f64 = product
            .scores
            .iter()
            .enumerate()
            .filter(|(class, _)| *class != top)
            .map(|(_, score)| (f64::from(score - highest) * self.temperature).exp())
            .sum();
        let right = f64::from(u8::from(product.class == Some(top)));
        Some(([1.0, -others.max(1e-30).ln(), f64::from(highest)], right))
    }
}

/// How much of what the best class leaves is spread evenly over the `rest` classes, so that the next one, whose share of it is
/// `runner_up`, stays below `lead`. Two classes that are much alike may both be wrong: their likeness is no reason to raise the best one to
/// one half.
fn even_part(runner_up: f32, lead: f32, rest: f32) -> f32 {
    let most = lead / (ABOVE * (1.0 - lead)).max(f32::MIN_POSITIVE);
    if runner_up <= most {
        0.0
    } else {
        ((runner_up - most) / (runner_up - 1.0 / rest).max(f32::EPSILON)).min(1.0)
    }
}

/// `exp` of a number that is not above zero, to six digits, many at a time; zero below -20, which no sum of ours would notice.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const LEAST: f32 = -20.0;
    /// Added and taken away again, it rounds to a whole number; in between that number is in the last bits.
    const ROUND: f32 = 12_582_912.0;
    let twos = x.max(LEAST) * std::f32::consts::LOG2_E;
    let rounded = twos + ROUND;
    let whole = rounded - ROUND;
    // 2^y for y within a half, by its Taylor series.
    let y = (twos - whole) * std::f32::consts::LN_2;
    let part = 1.0
        + y * (1.0 + y * (0.5 + y * (1.0 / 6.0 + y * (1.0 / 24.0 + y * (1.0 / 120.0 + y * (1.0 / 720.0))))));
    let power = f32::from_bits((rounded.to_bits() << 23).wrapping_add(1f32.to_bits()));
    if x < LEAST { 0.0 } else { part * power }
}

/// `exp` for sums that hold a term of one: what is too small to change them is cut to zero.
pub(super) fn near_exp(x: f64) -> f64 {
    if x < -25.0 { 0.0 } else { x.exp() }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// The temperature of least negative log-likelihood, from 0.5 to 40. The likelihood is concave in it: its slope says on which side the
/// best one lies. Where the highest temperature leaves nothing to err on, there is none to find, and the default stays.
fn best_temperature(held_out: &[HeldOut]) -> f64 {
    let known: Vec<(&[f32], f64)> = held_out.iter().filter_map(HeldOut::own_score).collect();
    let slope = |temperature: f64| -> f64 {
        known.iter().map(|(scores, own)| expected(scores, temperature) - own).sum()
    };
    if slope(MOST_TEMPERATURE).abs() < f64::EPSILON {
        return Calibration::default().temperature;
    }
    let (mut low, mut high) = (LEAST_TEMPERATURE, MOST_TEMPERATURE);
    for _ in 0..HALVINGS {
        let middle = (low * high).sqrt();
        if slope(middle) < 0.0 { low = middle } else { high = middle }
    }
    (low * high).sqrt()
}

/// The mean score under the distribution that a temperature makes of the scores.
fn expected(scores: &[f32], temperature: f64) -> f64 {
    let highest = f64::from(largest(scores));
    let (mut mass, mut total) = (0f64, 0f64);
    for score in scores.iter().copied().map(f64::from) {
        let share = near_exp((score - highest) * temperature);
        mass += share;
        total += share * score;
    }
    total / mass.max(f64::MIN_POSITIVE)
}

/// A ridge of ten pseudo-products towards the prior.
const RIDGE: f64 = 2.5;

/// Newton's method with a ridge towards `prior`; the slope on the log-odds stays positive. Whole steps overshoot where most samples are far out:
/// one that makes things worse is halved until it does not.
fn logistic_regression(samples: &[([f64; 3], f64)], prior: [f64; 3]) -> [f64; 3] {
    let mut weights = prior;
    let mut loss = logistic_loss(samples, weights, prior);
    for _ in 0..30 {
        let mut step = newton_step(samples, weights, prior);
        let reached = (0..20).find_map(|_| {
            let next = std::array::from_fn(|at| moved(&weights, &step, at));
            let next_loss = logistic_loss(samples, next, prior);
            step.iter_mut().for_each(|step| *step *= 0.5);
            (next_loss < loss).then_some((next, next_loss))
        });
        let Some((next, next_loss)) = reached else { break };
        let gained = loss - next_loss;
        (weights, loss) = (next, next_loss);
        if gained < 1e-12 {
            break;
        }
    }
    let sound = weights.iter().all(|weight| weight.is_finite());
    let [intercept, slope, on_score] = if sound { weights } else { prior };
    [intercept, slope.max(0.05), on_score]
}

fn moved(weights: &[f64; 3], step: &[f64; 3], at: usize) -> f64 {
    weights.get(at).zip(step.get(at)).map_or(0.0, |(weight, step)| weight - step)
}

/// The negative log-likelihood of the samples and the ridge.
fn logistic_loss(samples: &[([f64; 3], f64)], weights: [f64; 3], prior: [f64; 3]) -> f64 {
    let ridge: f64 = weights.iter().zip(&prior).map(|(weight, prior)| (weight - prior).powi(2)).sum();
    let of = |(x, y): &([f64; 3], f64)| {
        let z: f64 = x.iter().zip(&weights).map(|(x, w)| x * w).sum();
        // ln(1 + e^z) without overflow.
        z.max(0.0) + (-z.abs()).exp().ln_1p() - y * z
    };
    samples.iter().map(of).sum::<f64>() + 0.5 * RIDGE * ridge
}

fn newton_step(samples: &[([f64; 3], f64)], weights: [f64; 3], prior: [f64; 3]) -> [f64; 3] {
    let mut gradient = [0f64; 3];
    let mut hessian = [[0f64; 3]; 3];
    for (x, y) in samples {
        let p = logistic(x.iter().zip(&weights).map(|(x, w)| x * w).sum());
        let curve = (p * (1.0 - p)).max(1e-9);
        for ((gradient, row), xi) in gradient.iter_mut().zip(&mut hessian).zip(x) {
            *gradient += (p - y) * xi;
            row.iter_mut().zip(x).for_each(|(cell, xj)| *cell += curve * xi * xj);
        }
    }
    for (at, (gradient, row)) in gradient.iter_mut().zip(&mut hessian).enumerate() {
        *gradient += RIDGE * moved(&weights, &prior, at);
        row.get_mut(at).into_iter().for_each(|cell| *cell += RIDGE);
    }
    solve3(hessian, gradient)
}

/// Solves a symmetric positive definite system by Cramer's rule.
fn solve3(m: [[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
    let det = |[a, b, c]: [[f64; 3]; 3]| {
        let ([a0, a1, a2], [b0, b1, b2], [c0, c1, c2]) = (a, b, c);
        a0 * (b1 * c2 - b2 * c1) - a1 * (b0 * c2 - b2 * c0) + a2 * (b0 * c1 - b1 * c0)
    };
    let [a, b, c] = m;
    let whole = det(m);
    if whole.abs() < 1e-12 {
        return [0.0; 3];
    }
    [det([v, b, c]) / whole, det([a, v, c]) / whole, det([a, b, v]) / whole]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn exp_is_exp(x in -20.0f32..=0.0) {
            prop_assert!((exp(x) / x.exp() - 1.0).abs() < 1e-5);
        }

        #[test]
        fn probabilities_are_finite_and_sum_to_one(
            scores in prop::collection::vec(-1e4f32..1e4, 1..40),
            temperature in 0.01f64..50.0,
            top in prop::array::uniform3(-20.0f64..20.0),
        ) {
            let p = Calibration { temperature, top }.probabilities(&scores);
            prop_assert!(p.iter().all(|p| p.is_finite() && (0.0..=1.0).contains(p)));
            prop_assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            prop_assert_eq!(best(&p).unwrap().0, best(&scores).unwrap().0);
        }
    }

    #[test]
    fn the_temperature_is_the_likeliest_one() {
        // Two classes of scores 1 and 0; four of five are of the first: the softmax says so at a temperature of ln 4.
        let product =
            |n: usize| HeldOut { scores: vec![1.0, 0.0], class: Some(usize::from(n.is_multiple_of(5))) };
        let held_out: Vec<HeldOut> = (0..100).map(product).collect();
        assert!((best_temperature(&held_out) / 4f64.ln() - 1.0).abs() < 0.01);
        let unknown = HeldOut { scores: vec![1.0, 0.0], class: None };
        assert_eq!(best_temperature(&[unknown]), Calibration::default().temperature);
        let always = HeldOut { scores: vec![1.0, 0.0], class: Some(0) };
        assert_eq!(best_temperature(&[always]), Calibration::default().temperature, "nothing to err on");
    }

    #[test]
    fn two_classes_alike_are_not_half_sure_each_where_both_are_often_wrong() {
        // The two best are equal; one answer in five is the first, half of them neither.
        let scores = [1.0, 1.0, 0.2, 0.2, 0.2, 0.2];
        let held_out: Vec<HeldOut> = (0..1000)
            .map(|n| HeldOut { scores: scores.to_vec(), class: Some([0, 1, 2, 3, 4][n % 5]) })
            .collect();
        let p = Calibration::fit(&held_out).probabilities(&scores);
        assert!((p[0] - 0.2).abs() < 0.02 && p[0] > p[1] && p[1] > p[2], "{p:?}");
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-5, "{p:?}");
    }

    #[test]
    fn the_regression_comes_down_from_far_leads() {
        // Leads of thirty that are always right, and small ones that are right half the time.
        let sample = |n: usize| match n % 10 {
            0..6 => ([1.0, 30.0 + n as f64 / 50.0, 0.5], 1.0),
            _ => ([1.0, 0.3 + (n % 7) as f64 / 5.0, -0.4], f64::from(u8::from(n % 4 < 2))),
        };
        let samples: Vec<_> = (0..1000).map(sample).collect();
        let fitted = logistic_regression(&samples, [0.0, 1.0, 0.0]);
        let loss = |weights| logistic_loss(&samples, weights, [0.0, 1.0, 0.0]);
        for at in 0..3 {
            for step in [-0.02, 0.02] {
                let mut other = fitted;
                other[at] += step;
                assert!(loss(other) > loss(fitted) - 1e-6, "{fitted:?} {other:?}");
            }
        }
    }

    #[test]
    fn overconfident_scores_are_brought_down_to_the_truth() {
        // Seven of ten are right, whatever the (large) lead says.
        let held_out: Vec<HeldOut> = (0..1000)
            .map(|n| HeldOut { scores: vec![2.0, -2.0, -2.0], class: Some(usize::from(n % 10 >= 7)) })
            .collect();
        let p = Calibration::fit(&held_out).probabilities(&[2.0, -2.0, -2.0]);
        assert!((p[0] - 0.7).abs() < 0.02, "{p:?}");
    }
}
