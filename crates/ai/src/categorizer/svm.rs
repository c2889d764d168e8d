//! One-vs-rest linear support vector machines by dual coordinate descent over working sets.
//!
//! The method is LIBLINEAR's for the L2-loss dual (Hsieh et al., "A Dual Coordinate Descent Method for Large-scale Linear
//! SVM", ICML 2008). Nearly all products mean nothing to nearly all categories, so each machine works on a small set: its
//! own products and the others that violate its margin. Sixteen categories at a time are scored against all products
//! (their weights lie side by side, so one cache line serves sixteen dot products), the violators join the sets, and
//! each machine goes on by itself. Blocks are independent and draw from their own random stream: the result does not
//! depend on the number of threads.
//!
//! A little multinomial naive Bayes is added to the weights (both are linear, so it costs nothing at prediction): the
//! machines decide who is first, and naive Bayes orders the others better than machines that only know "not this one".

mod machine;
#[cfg(test)]
mod tests;

use super::columns::Columns;
use super::quantize::Entry;
use crate::wide::wide;
use machine::{Machine, PENALTY};
use meschain_base::random::{Random, seeded};
use meschain_base::{Error, Progress, Result};
use rand::seq::SliceRandom;
use rayon::prelude::*;

/// Classes trained together.
pub const LANES: usize = 16;
/// A violation by one of the class itself counts this much more, over the root of the class's size, from 1 to the part's bound.
const OWN_FACTOR: f32 = 35.0;
/// Where a machine stands towards a product it knows nothing of; regularisation pulls the bias to it.
const BIAS_CENTRE: f32 = -1.0;
/// Passes over the working set after each look for violators; the same from a start that is nearly right; the violation that is none.
const PASSES: [usize; 3] = [3, 4, 12];
const PASSES_WARM: [usize; 2] = [4, 12];
const TOLERANCE: f32 = 0.05;
/// The first working set: the hardest other products, so many for each own one, and at least so many.
const FIRST_PER_OWN: usize = 4;
const FIRST_LEAST: usize = 200;

/// Prior of naive Bayes in units of feature mass.
const BAYES_PRIOR: f32 = 2.0;

type Lanes = [f32; LANES];

/// Sparse rows and their classes, of which several machines may be trained on different parts.
#[derive(Debug, Default)]
pub struct Problem {
    /// The rows.
    pub columns: Columns,
    /// Per row: class number.
    pub labels: Vec<u32>,
    /// Per row: how many times it counts.
    pub weights: Vec<f32>,
    /// How many classes there are.
    pub classes: usize,
    /// Per feature: what its values in the rows were multiplied with. Solutions are for the values before. Empty where they were not.
    pub scales: Vec<f32>,
}

/// The rows to train on, and where to begin.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// Per row: whether it is trained on. Nothing of the others is used, but that columns they share with rows that are stay apart.
    pub included: &'a [bool],
    /// Where to begin.
    pub start: Start<'a>,
    /// Weight of naive Bayes beside the machines.
    pub bayes: f32,
    /// How much more a violation by one of the class itself counts at most.
    pub most_own: f32,
}

/// Where machines begin.
#[derive(Debug, Clone, Copy)]
pub enum Start<'a> {
    Nowhere,
    /// With the solution of another part: as good, and found much sooner.
    Near(&'a Duals),
    /// With the solution of this very part: nothing is left to find.
    Solved(&'a Duals),
}

impl<'a> Start<'a> {
    fn duals(self) -> Option<&'a Duals> {
        match self {
            Self::Nowhere => None,
            Self::Near(duals) | Self::Solved(duals) => Some(duals),
        }
    }

    fn passes(self) -> &'static [usize] {
        match self {
            Self::Nowhere => &PASSES,
            Self::Near(_) => &PASSES_WARM,
            Self::Solved(_) => &[],
        }
    }
}

impl Part<'_> {
    fn includes(&self, row: usize) -> bool {
        self.included.get(row).copied().unwrap_or(false)
    }
}

/// Per class its support vectors: rows and how hard each pulls.
pub type Duals = Vec<Vec<(u32, f32)>>;

/// The weights that matter; per class a bias, and a slope on the sum of a row's values (naive Bayes' share for features
/// a class has never seen).
#[derive(Debug, Default)]
pub struct Solution {
    pub entries: Vec<Entry>,
    pub bias: Vec<f32>,
    pub slope: Vec<f32>,
    /// To begin the next part with.
    pub duals: Duals,
}

/// Trains all classes. Weights below `floor` in size are dropped at once, to bound memory.
pub fn solve(
    problem: &Problem,
    part: Part<'_>,
    floor: f32,
    seed: u64,
    threads: usize,
    progress: &Progress,
) -> Result<Solution> {
    let prior = prior(&problem.columns, part);
    let blocks = problem.classes.div_ceil(LANES);
    progress.stage("categorization", blocks as u64)?;
    let block = |number: usize| {
        let random = seeded(seed, number as u64);
        let solved = Block::new(problem, part, number, random).run(progress)?;
        progress.advance(1)?;
        Ok(solved.significant(problem.classes, &prior, floor))
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
        all.duals.extend(part.duals);
    }
    Ok(all)
}

/// Each column's share of all values, times naive Bayes' prior. A share of a column is the same for its members.
fn prior(columns: &Columns, part: Part<'_>) -> Vec<f32> {
    let mut sums = vec![0f32; columns.columns()];
    let mut total = 0f32;
    let rows = (0..columns.rows()).filter(|row| part.includes(*row));
    for (column, value) in rows.flat_map(|row| columns.row(row)) {
        sums.get_mut(*column as usize).into_iter().for_each(|sum| *sum += value);
    }
    for (column, sum) in sums.iter().enumerate() {
        total += columns.members(column).iter().map(|(_, share)| sum * share).sum::<f32>();
    }
    let scale = BAYES_PRIOR / total.max(f32::MIN_POSITIVE);
    sums.into_iter().map(|sum| (sum * scale).max(f32::MIN_POSITIVE)).collect()
}

struct Block<'a> {
    columns: &'a Columns,
    labels: &'a [u32],
    row_weights: &'a [f32],
    scales: &'a [f32],
    part: Part<'a>,
    first_class: usize,
    /// Sums of values by column and class: the classes' means times their sizes.
    sums: Vec<Lanes>,
    machines: Vec<Machine>,
    random: Random,
}

impl<'a> Block<'a> {
    /// Starts from each class's mean: the solution is regularised towards it rather than towards zero.
    fn new(problem: &'a Problem, part: Part<'a>, number: usize, random: Random) -> Self {
        let first_class = number * LANES;
        let columns = &problem.columns;
        let Problem { labels, weights: row_weights, scales, .. } = problem;
        let weight_of = |row: usize| row_weights.get(row).copied().unwrap_or(1.0);
        let mut sums = vec![[0f32; LANES]; columns.columns()];
        let mut own: Vec<Vec<u32>> = vec![Vec::new(); LANES];
        for (row, label) in labels.iter().enumerate().filter(|(row, _)| part.includes(*row)) {
            let Some(lane) = (*label as usize).checked_sub(first_class).filter(|lane| *lane < LANES) else {
                continue;
            };
            own.get_mut(lane).into_iter().for_each(|own| own.push(row as u32));
            let weight = weight_of(row);
            for (column, value) in columns.row(row) {
                let sum = sums.get_mut(*column as usize).and_then(|lanes| lanes.get_mut(lane));
                sum.into_iter().for_each(|sum| *sum += weight * value);
            }
        }
        let machine = |(lane, own): (usize, Vec<u32>)| {
            let size = own.iter().map(|row| weight_of(*row as usize)).sum::<f32>().max(1.0);
            let mean = |lanes: &Lanes| lanes.get(lane).copied().unwrap_or(0.0) / size;
            let own_penalty = PENALTY * (OWN_FACTOR / size.sqrt()).clamp(1.0, part.most_own);
            let weights = sums.iter().map(mean).collect();
            let alphas = vec![0.0; labels.len()];
            let mut machine =
                Machine { weights, bias: BIAS_CENTRE, own_penalty, own, others: Vec::new(), alphas };
            let start = part.start.duals().and_then(|duals| duals.get(first_class + lane));
            for (row, alpha) in start.into_iter().flatten().filter(|(row, _)| part.includes(*row as usize)) {
                let own = labels.get(*row as usize) == Some(&((first_class + lane) as u32));
                machine.take_up(columns, *row, *alpha, own);
            }
            machine
        };
        let machines = own.into_iter().enumerate().map(machine).collect();
        Self { columns, labels, row_weights, scales, part, first_class, sums, machines, random }
    }

    fn run(mut self, progress: &Progress) -> Result<Self> {
        for (round, passes) in self.part.start.passes().iter().copied().enumerate() {
            progress.check()?;
            let found = self.violators(round == 0);
            for (lane, found) in found.into_iter().enumerate() {
                self.improve(lane, found, passes);
            }
        }
        Ok(self)
    }

    /// Per lane the products of other classes that violate its margin and are not in its working set yet.
    fn violators(&self, first: bool) -> Vec<Vec<u32>> {
        let mut found: Vec<Vec<(f32, u32)>> = vec![Vec::new(); LANES];
        let weights = self.side_by_side();
        let biases: Vec<f32> = self.machines.iter().map(|machine| machine.bias).collect();
        let mut limits = [f32::MAX; LANES];
        for ((limit, bias), machine) in limits.iter_mut().zip(&biases).zip(&self.machines) {
            if !machine.own.is_empty() {
                *limit = TOLERANCE - 1.0 - bias;
            }
        }
        for (row, label) in self.labels.iter().enumerate().filter(|(row, _)| self.part.includes(*row)) {
            let scores = lanes_dot(self.columns.row(row), &weights);
            if scores.iter().zip(&limits).all(|(score, limit)| score <= limit) {
                continue;
            }
            let lanes = scores.iter().zip(&limits).zip(&mut found).zip(&self.machines).enumerate();
            for (lane, (((score, limit), found), machine)) in lanes {
                let own = self.first_class + lane == *label as usize;
                let known = machine.alphas.get(row).is_some_and(|alpha| *alpha > 0.0);
                if !own && !known && score > limit {
                    found.push((*score, row as u32));
                }
            }
        }
        let hardest = |(mut found, machine): (Vec<(f32, u32)>, &Machine)| {
            let most = (machine.own.len() * FIRST_PER_OWN).max(FIRST_LEAST);
            if first && found.len() > most {
                found.select_nth_unstable_by(most, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                found.truncate(most);
            }
            found.into_iter().map(|(_, row)| row).collect()
        };
        found.into_iter().zip(&self.machines).map(hardest).collect()
    }

    /// The machines' weights, those of one column next to each other.
    fn side_by_side(&self) -> Vec<Lanes> {
        let mut all = vec![[0f32; LANES]; self.columns.columns()];
        for (lane, machine) in self.machines.iter().enumerate() {
            for (lanes, weight) in all.iter_mut().zip(&machine.weights) {
                lanes.get_mut(lane).into_iter().for_each(|place| *place = *weight);
            }
        }
        all
    }

    /// Coordinate descent for one class over its working set, which the violators join.
    fn improve(&mut self, lane: usize, violators: Vec<u32>, passes: usize) {
        let Some(machine) = self.machines.get_mut(lane).filter(|machine| !machine.own.is_empty()) else {
            return;
        };
        machine.others.retain(|row| machine.alphas.get(*row as usize).is_some_and(|alpha| *alpha > 0.0));
        machine.others.extend(violators);
        let others = machine.others.iter().map(|row| (*row, false));
        let mut active: Vec<(u32, bool)> = machine.own.iter().map(|row| (*row, true)).chain(others).collect();
        for _ in 0..passes {
            active.shuffle(&mut self.random);
            let mut worst = 0f32;
            active.retain(|(row, own)| {
                let (violation, at_rest) = machine.visit(self.columns, self.row_weights, *row as usize, *own);
                worst = worst.max(violation);
                !at_rest
            });
            if worst < TOLERANCE {
                break;
            }
        }
    }

    fn significant(self, classes: usize, prior: &[f32], floor: f32) -> Solution {
        let lanes = LANES.min(classes.saturating_sub(self.first_class));
        let bayes_weight = self.part.bayes;
        let mut entries = Vec::new();
        let mut totals = [0f32; LANES];
        let weights = self.side_by_side();
        let rows = weights.iter().zip(&self.sums).zip(prior).enumerate();
        for (column, ((weights, sums), prior)) in rows {
            let members = self.columns.members(column);
            // Features of one column are in the same rows, and were scaled alike.
            let first = members.first().map_or(0, |(feature, _)| *feature as usize);
            let scale = self.scales.get(first).copied().unwrap_or(1.0);
            let shares: f32 = members.iter().map(|(_, share)| share).sum();
            totals.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum * shares);
            for (lane, (weight, sum)) in weights.iter().zip(sums).take(lanes).enumerate() {
                let weight = weight * scale;
                let seen = *sum > 0.0 && bayes_weight > 0.0;
                let bayes = if seen { bayes_weight * (1.0 + sum / prior).ln() } else { 0.0 };
                if weight.abs() + bayes < floor {
                    continue;
                }
                let class = (self.first_class + lane) as u16;
                let each = members.iter().map(|(feature, share)| (*feature, weight * share + bayes));
                let kept = each.filter(|(_, weight)| weight.abs() >= floor);
                entries.extend(kept.map(|(feature, weight)| Entry { feature, class, weight }));
            }
        }
        let slope = totals.map(|total| bayes_weight * (BAYES_PRIOR / (total + BAYES_PRIOR)).ln());
        let bias = self.machines.iter().map(|machine| machine.bias).take(lanes).collect();
        let duals = self.machines.iter().map(Machine::duals).take(lanes).collect();
        Solution { entries, bias, slope: slope.into_iter().take(lanes).collect(), duals }
    }
}

/// Sixteen dot products at once.
fn lanes_dot(cells: &[(u32, f32)], weights: &[Lanes]) -> Lanes {
    wide(|| {
        let mut sums = [0f32; LANES];
        for (column, value) in cells {
            if let Some(weights) = weights.get(*column as usize) {
                sums.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * value);
            }
        }
        sums
    })
}
