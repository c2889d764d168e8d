//! One-vs-rest linear support vector machines by dual coordinate descent, sixteen classes at a time.
//!
//! The method is LIBLINEAR's for the L2-loss dual (Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear
//! SVM", ICML 2008) with its shrinking. The classes of a block share the pass over a product's features: their weights
//! lie side by side, so one cache line serves sixteen dot products. Blocks are independent and draw from their own
//! random stream: the result does not depend on the number of threads.
//!
//! A little multinomial naive Bayes is added to the weights (both are linear, so it costs nothing at prediction): the
//! machines decide who is first, and naive Bayes orders the others better than machines that only know "not this one".

use super::quantize::Entry;
use meschain_base::random::{Random, seeded};
use meschain_base::{Error, Progress, Result};
use rand::seq::SliceRandom;
use rayon::prelude::*;

/// Classes trained together.
pub const LANES: usize = 16;
/// Penalty of a margin violation by a product of another class.
const PENALTY: f32 = 1.0;
/// A violation by one of the class itself counts this much more, over the root of the class's size, within 1 and 12.
const OWN_FACTOR: f32 = 35.0;
const MOST_OWN: f32 = 12.0;
/// Passes at most, and the violation at which a block is done.
const PASSES: usize = 12;
const TOLERANCE: f32 = 0.05;
/// Passes before shrinking starts.
const WARM_UP: usize = 3;

/// Weight of naive Bayes beside the machines, and its prior in units of feature mass.
const BAYES_WEIGHT: f32 = 0.015;
const BAYES_PRIOR: f32 = 2.0;

type Lanes = [f32; LANES];

/// Sparse rows and their classes.
#[derive(Debug, Default)]
pub struct Problem {
    /// Per row: feature number and value.
    pub rows: Vec<Vec<(u32, f32)>>,
    /// Per row: class number.
    pub labels: Vec<u32>,
    /// How many features and classes there are.
    pub features: usize,
    pub classes: usize,
}

/// The weights that matter; per class a bias, and a slope on the sum of a row's values (naive Bayes' share for features
/// a class has never seen).
#[derive(Debug, Default)]
pub struct Solution {
    pub entries: Vec<Entry>,
    pub bias: Vec<f32>,
    pub slope: Vec<f32>,
}

/// Trains all classes. Weights below `floor` in size are dropped at once, to bound memory.
pub fn solve(
    problem: &Problem,
    floor: f32,
    seed: u64,
    threads: usize,
    progress: &Progress,
) -> Result<Solution> {
    let lengths: Vec<f32> = problem
        .rows
        .iter()
        .map(|row| 1.0 + row.iter().map(|(_, value)| value * value).sum::<f32>())
        .collect();
    let prior = prior(problem);
    let blocks = problem.classes.div_ceil(LANES);
    progress.stage("categorization", blocks as u64)?;
    let block = |number: usize| {
        let solved = Block::new(problem, number, seeded(seed, number as u64)).run(&lengths, progress)?;
        progress.advance(1)?;
        Ok(solved.significant(&prior, floor))
    };
    let solved: Vec<Result<Solution>> = if threads <= 1 {
        (0..blocks).map(block).collect()
    } else {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|error| Error::internal("threads", error.to_string()))?;
        pool.install(|| (0..blocks).into_par_iter().map(block).collect())
    };
    let mut all = Solution::default();
    for part in solved {
        let part = part?;
        all.entries.extend(part.entries);
        all.bias.extend(part.bias);
        all.slope.extend(part.slope);
    }
    Ok(all)
}

/// Each feature's share of all values, times naive Bayes' prior.
fn prior(problem: &Problem) -> Vec<f32> {
    let mut sums = vec![0f32; problem.features];
    for (feature, value) in problem.rows.iter().flatten() {
        sums.get_mut(*feature as usize).into_iter().for_each(|sum| *sum += value);
    }
    let scale = BAYES_PRIOR / sums.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    sums.into_iter().map(|sum| (sum * scale).max(f32::MIN_POSITIVE)).collect()
}

struct Block<'a> {
    problem: &'a Problem,
    first_class: usize,
    /// Sums of values by feature and class: the classes' means times their sizes.
    sums: Vec<Lanes>,
    weights: Vec<Lanes>,
    bias: Lanes,
    own_penalty: Lanes,
    alphas: Vec<Lanes>,
    random: Random,
}

impl<'a> Block<'a> {
    /// Starts from each class's mean: the solution is regularised towards it rather than towards zero.
    fn new(problem: &'a Problem, number: usize, random: Random) -> Self {
        let first_class = number * LANES;
        let mut sums = vec![[0f32; LANES]; problem.features];
        let mut counts = [0f32; LANES];
        let lane_of = |label: u32| (label as usize).checked_sub(first_class).filter(|lane| *lane < LANES);
        for (row, label) in problem.rows.iter().zip(&problem.labels) {
            let Some(lane) = lane_of(*label) else { continue };
            counts.get_mut(lane).into_iter().for_each(|count| *count += 1.0);
            for (feature, value) in row {
                let sum = sums.get_mut(*feature as usize).and_then(|lanes| lanes.get_mut(lane));
                sum.into_iter().for_each(|sum| *sum += value);
            }
        }
        let shares = counts.map(|count| 1.0 / count.max(1.0));
        let mut weights = sums.clone();
        for lanes in &mut weights {
            lanes.iter_mut().zip(shares).for_each(|(weight, share)| *weight *= share);
        }
        let own_penalty =
            counts.map(|count| PENALTY * (OWN_FACTOR / count.max(1.0).sqrt()).clamp(1.0, MOST_OWN));
        let alphas = vec![[0f32; LANES]; problem.rows.len()];
        Self { problem, first_class, sums, weights, bias: [0.0; LANES], own_penalty, alphas, random }
    }

    fn run(mut self, lengths: &[f32], progress: &Progress) -> Result<Self> {
        let mut active: Vec<usize> = (0..self.problem.rows.len()).collect();
        for pass in 0..PASSES {
            progress.check()?;
            active.shuffle(&mut self.random);
            let mut worst = 0f32;
            active.retain(|row| {
                let length = lengths.get(*row).copied().unwrap_or(1.0);
                let (violation, at_rest) = self.visit(*row, length);
                worst = worst.max(violation);
                pass < WARM_UP || !at_rest
            });
            if worst < TOLERANCE {
                break;
            }
        }
        Ok(self)
    }

    /// One coordinate step for all lanes of a row. Returns the largest violation and whether every lane rests at zero.
    fn visit(&mut self, row: usize, length: f32) -> (f32, bool) {
        let (Some(features), Some(alphas)) = (self.problem.rows.get(row), self.alphas.get_mut(row)) else {
            return (0.0, true);
        };
        let label = self.problem.labels.get(row).map_or(usize::MAX, |label| *label as usize);
        let mut scores = self.bias;
        for (feature, value) in features {
            if let Some(weights) = self.weights.get(*feature as usize) {
                scores.iter_mut().zip(weights).for_each(|(score, weight)| *score += weight * value);
            }
        }
        let (mut worst, mut at_rest, mut moved) = (0f32, true, false);
        let mut steps = [0f32; LANES];
        let lanes = alphas.iter_mut().zip(scores).zip(&mut steps).zip(self.own_penalty).enumerate();
        for (lane, (((alpha, score), step), own_penalty)) in lanes {
            let own = self.first_class + lane == label;
            let (sign, penalty) = if own { (1.0, own_penalty) } else { (-1.0, PENALTY) };
            let diagonal = 0.5 / penalty;
            let gradient = sign * score - 1.0 + *alpha * diagonal;
            let resting = *alpha == 0.0 && gradient > 0.0;
            if !resting {
                at_rest = false;
                worst = worst.max(gradient.abs());
            }
            let next = (*alpha - gradient / (length + diagonal)).max(0.0);
            if next != *alpha {
                *step = (next - *alpha) * sign;
                *alpha = next;
                moved = true;
            }
        }
        if moved {
            self.bias.iter_mut().zip(&steps).for_each(|(bias, step)| *bias += step);
            for (feature, value) in features {
                if let Some(weights) = self.weights.get_mut(*feature as usize) {
                    weights.iter_mut().zip(&steps).for_each(|(weight, step)| *weight += step * value);
                }
            }
        }
        (worst, at_rest)
    }

    fn significant(self, prior: &[f32], floor: f32) -> Solution {
        let lanes = LANES.min(self.problem.classes.saturating_sub(self.first_class));
        let mut entries = Vec::new();
        let mut totals = [0f32; LANES];
        let rows = self.weights.iter().zip(&self.sums).zip(prior).zip(0u32..);
        for (((weights, sums), prior), feature) in rows {
            totals.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
            for (lane, (weight, sum)) in weights.iter().zip(sums).take(lanes).enumerate() {
                let bayes = if *sum > 0.0 { BAYES_WEIGHT * (1.0 + sum / prior).ln() } else { 0.0 };
                let weight = weight + bayes;
                if weight.abs() >= floor {
                    entries.push(Entry { feature, class: (self.first_class + lane) as u16, weight });
                }
            }
        }
        let slope = totals.map(|total| BAYES_WEIGHT * (BAYES_PRIOR / (total + BAYES_PRIOR)).ln());
        let first = |lanes_of: Lanes| lanes_of.into_iter().take(lanes).collect();
        Solution { entries, bias: first(self.bias), slope: first(slope) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corners() -> Problem {
        let rows = (0..60).map(|n| vec![(n % 3, 1.0f32), (3 + n % 5, 0.3)]).collect();
        Problem { rows, labels: (0..60).map(|n| n % 3).collect(), features: 8, classes: 3 }
    }

    #[test]
    fn separates_what_can_be_separated_and_does_so_alike_on_any_number_of_threads() {
        let problem = corners();
        let one = solve(&problem, 0.0, 7, 1, &Progress::silent()).unwrap();
        let two = solve(&problem, 0.0, 7, 2, &Progress::silent()).unwrap();
        assert_eq!((&one.entries, &one.bias, &one.slope), (&two.entries, &two.bias, &two.slope));
        for (row, label) in problem.rows.iter().zip(&problem.labels) {
            let score = |class: u16| {
                let weight = |feature| {
                    one.entries
                        .iter()
                        .find(|e| e.feature == feature && e.class == class)
                        .map_or(0.0, |e| e.weight)
                };
                one.bias[class as usize]
                    + row.iter().map(|(feature, value)| weight(*feature) * value).sum::<f32>()
            };
            let best = (0..3u16).max_by(|a, b| score(*a).total_cmp(&score(*b))).unwrap();
            assert_eq!(u32::from(best), *label);
        }
    }

    #[test]
    fn stops_when_cancelled() {
        let progress = Progress::silent();
        progress.cancel();
        assert_eq!(solve(&corners(), 0.0, 7, 1, &progress).err(), Some(Error::Cancelled));
    }
}
