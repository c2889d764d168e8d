//! Weights of the candidates, learned over the catalogue.
//!
//! Non-negative weights that minimise the pinball loss of the combined forecast over all series, origins and periods:
//! quantile regression (Koenker and Bassett 1978) by iteratively reweighted least squares, each step a non-negative
//! least squares problem on normal equations solved by coordinate descent. The loss is in units, as the error (WAPE) is.

use super::outlook::COUNT;
use crate::wide::wide;

/// Length of a row: what happened, then the candidates.
const ROW: usize = 1 + COUNT;

/// What the candidates forecast, what happened and how much that counts, row by row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    rows: Vec<[f64; ROW]>,
    importance: Vec<f64>,
}

impl Rows {
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self { rows: Vec::with_capacity(rows), importance: Vec::with_capacity(rows) }
    }

    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.importance.clear();
    }

    /// Adds one row; one with an unknown outcome is left out.
    pub(crate) fn push(&mut self, forecasts: [f64; COUNT], actual: f64, importance: f64) {
        if actual.is_nan() {
            return;
        }
        let mut row = [0.0; ROW];
        row.iter_mut().zip(std::iter::once(actual).chain(forecasts)).for_each(|(cell, value)| *cell = value);
        self.rows.push(row);
        self.importance.push(importance);
    }
}

/// Used where there is no catalogue to learn from: a level that follows slowly, half of it robust.
pub(crate) const DEFAULT: [f64; COUNT] =
    [0.0, 0.1, 0.1, 0.0, 0.25, 0.0, 0.0, 0.05, 0.0, 0.0, 0.1, 0.0, 0.1, 0.2, 0.0, 0.0, 0.1, 0.0, 0.0];

/// Passes of reweighting; the loss moves by little after ten.
const PASSES: usize = 12;

/// Learns the weights at `tau` (0.5: least absolute error; above: forecasts lean up). None when nothing was sold.
pub(crate) fn learn(rows: &Rows, tau: f64) -> Option<Vec<f64>> {
    let sold: f64 = rows.rows.iter().map(|[actual, ..]| actual).sum();
    let mean = sold / rows.rows.len().max(1) as f64;
    if mean <= 0.0 {
        return None;
    }
    let floor = 0.01 * mean;
    let mut weights: Option<Weights> = None;
    for _ in 0..PASSES {
        let mut normal = Normal::new();
        wide(
            #[inline(always)]
            || normal.add_all(rows, weights.as_ref(), tau, floor),
        );
        weights = Some(normal.solve(weights));
    }
    let weights = weights?.values.get(1..)?.to_vec();
    (weights.iter().all(|w| w.is_finite()) && weights.iter().sum::<f64>() > 0.0).then_some(weights)
}

/// Weights of the candidates, at their positions in a row. Most are zero: sums go over the others only.
#[derive(Debug, Clone)]
struct Weights {
    values: [f64; ROW],
    /// A bit for each weight above zero.
    above: u32,
}

impl Weights {
    fn even() -> Self {
        let mut even = Self { values: [0.0; ROW], above: 0 };
        (1..ROW).for_each(|at| even.set(at, 1.0 / COUNT as f64));
        even
    }

    fn get(&self, at: usize) -> f64 {
        self.values.get(at).copied().unwrap_or(0.0)
    }

    fn set(&mut self, at: usize, value: f64) {
        if let Some(weight) = self.values.get_mut(at) {
            *weight = value;
            self.above = if value > 0.0 { self.above | 1 << at } else { self.above & !(1 << at) };
        }
    }

    /// Position and weight of each that is above zero.
    fn active(&self) -> Vec<(usize, f64)> {
        self.values.iter().copied().enumerate().filter(|(_, weight)| *weight > 0.0).collect()
    }

    #[inline(always)]
    fn dot(&self, row: &[f64; ROW]) -> f64 {
        let (mut sum, mut left) = (0.0, self.above);
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            if let (Some(value), Some(weight)) = (row.get(at), self.values.get(at)) {
                sum += value * weight;
            }
            left &= left - 1;
        }
        sum
    }
}

/// Pinball loss around what weights make of a row; squared where there are none yet.
struct Loss<'a> {
    /// Position and weight of each candidate that has one.
    active: Option<&'a [(usize, f64)]>,
    tau: f64,
    floor: f64,
}

impl Loss<'_> {
    /// Rows times their importance and the slope of the loss at their error over that error.
    #[inline(always)]
    fn scaled<const N: usize>(&self, rows: &[[f64; ROW]; N], importance: &[f64; N]) -> [[f64; ROW]; N] {
        let mut weights = *importance;
        if let Some(active) = self.active {
            let mut said = [0.0; N];
            for (at, weight) in active {
                for (said, row) in said.iter_mut().zip(rows) {
                    *said += row.get(*at).copied().unwrap_or(0.0) * weight;
                }
            }
            for ((weight, said), [actual, ..]) in weights.iter_mut().zip(said).zip(rows) {
                let error = actual - said;
                let side = if error > 0.0 { self.tau } else { 1.0 - self.tau };
                *weight *= side / error.abs().max(self.floor);
            }
        }
        let mut scaled = *rows;
        for (row, weight) in scaled.iter_mut().zip(&weights) {
            row.iter_mut().for_each(|value| *value *= weight);
        }
        scaled
    }
}

/// Weighted normal equations: sums of products of the candidates with each other and with what happened.
struct Normal {
    /// The lower triangle is summed; [`Normal::mirror`] fills the rest.
    gram: [[f64; ROW]; ROW],
}

/// Rows whose products are summed at once.
const BLOCK: usize = 8;

impl Normal {
    fn new() -> Self {
        Self { gram: [[0.0; ROW]; ROW] }
    }

    /// Adds all rows, each weighted by its importance and by the slope of the loss at its error over its error.
    #[inline(always)]
    fn add_all(&mut self, rows: &Rows, weights: Option<&Weights>, tau: f64, floor: f64) {
        let active = weights.map(Weights::active);
        let loss = Loss { active: active.as_deref(), tau, floor };
        let (blocks, rest) = rows.rows.as_chunks::<BLOCK>();
        let (important, rest_important) = rows.importance.as_chunks::<BLOCK>();
        for (block, importance) in blocks.iter().zip(important) {
            self.add(block, &loss.scaled(block, importance));
        }
        for (row, importance) in rest.iter().zip(rest_important) {
            self.add(&[*row], &loss.scaled(&[*row], &[*importance]));
        }
    }

    /// Adds the products of a block of rows, the rows one after the other, a part of the sums at a time in the registers.
    #[inline(always)]
    fn add<const N: usize>(&mut self, block: &[[f64; ROW]; N], scaled: &[[f64; ROW]; N]) {
        const LANES: usize = 4;
        let parts = block.each_ref().map(|row| row.as_chunks::<LANES>().0);
        for (at, sums) in self.gram.iter_mut().enumerate() {
            let factors = scaled.each_ref().map(|row| row.get(at).copied().unwrap_or(0.0));
            for (part, sums) in sums.as_chunks_mut::<LANES>().0.iter_mut().enumerate().take(at / LANES + 1) {
                let mut running = *sums;
                for (row, factor) in parts.iter().zip(&factors) {
                    let Some(values) = row.get(part) else { continue };
                    running.iter_mut().zip(values).for_each(|(sum, value)| *sum += factor * value);
                }
                *sums = running;
            }
        }
    }

    fn mirror(&mut self) {
        let lower = self.gram;
        for (at, row) in self.gram.iter_mut().enumerate() {
            for (cell, source) in row.iter_mut().zip(&lower).skip(at + 1) {
                *cell = source.get(at).copied().unwrap_or(0.0);
            }
        }
    }

    /// Non-negative solution by cyclic coordinate descent, with a small ridge against twins among the candidates.
    fn solve(&mut self, start: Option<Weights>) -> Weights {
        self.mirror();
        let diagonal = |at: usize, row: &[f64; ROW]| row.get(at).copied().unwrap_or(0.0);
        let candidates = || self.gram.iter().enumerate().skip(1);
        let trace: f64 = candidates().map(|(at, row)| diagonal(at, row)).sum();
        let ridge = 1e-6 * trace / COUNT as f64 + f64::MIN_POSITIVE;
        let mut weights = start.unwrap_or_else(Weights::even);
        for _ in 0..400 {
            let mut moved = 0f64;
            for (at, row) in candidates() {
                let [right, ..] = row;
                let (diagonal, before) = (diagonal(at, row), weights.get(at));
                let next = ((right - weights.dot(row) + diagonal * before) / (diagonal + ridge)).max(0.0);
                moved = moved.max((next - before).abs());
                weights.set(at, next);
            }
            if moved < 1e-6 {
                break;
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::random::seeded;
    use rand::RngExt;

    #[test]
    fn the_right_candidate_gets_the_weight() {
        let mut random = seeded(5, 0);
        let mut rows = Rows::default();
        for _ in 0..2000 {
            let truth: f64 = random.random_range(1.0..50.0);
            let mut row: [f64; COUNT] = std::array::from_fn(|_| random.random_range(0.0..50.0));
            row[3] = truth;
            rows.push(row, truth * random.random_range(0.9..1.1), 1.0);
        }
        rows.push([1.0; COUNT], f64::NAN, 1.0);
        let weights = learn(&rows, 0.5).unwrap();
        assert!((weights[3] - 1.0).abs() < 0.05, "{weights:?}");
        assert!(weights.iter().all(|w| *w >= 0.0));
    }

    #[test]
    fn tau_leans_the_forecast() {
        let mut rows = Rows::default();
        for at in 0..1000 {
            rows.push([1.0; COUNT], f64::from(at % 10), 1.0);
        }
        let total = |tau| learn(&rows, tau).unwrap().iter().sum::<f64>();
        assert!((total(0.5) - 4.5).abs() < 0.6 && total(0.9) > 7.5);
        assert_eq!(learn(&Rows::default(), 0.5), None);
    }

    #[test]
    fn blocks_of_rows_sum_to_the_products_of_all() {
        let mut random = seeded(6, 0);
        let mut rows = Rows::with_capacity(BLOCK * 2 + 3);
        for _ in 0..BLOCK * 2 + 3 {
            let row = std::array::from_fn(|_| random.random_range(0.0..9.0));
            rows.push(row, random.random_range(0.0..9.0), 0.5);
        }
        let mut normal = Normal::new();
        normal.add_all(&rows, None, 0.5, 0.1);
        normal.mirror();
        for (at, sums) in normal.gram.iter().enumerate() {
            for (other, sum) in sums.iter().enumerate() {
                let product = |row: &[f64; ROW]| row[at] * row[other] * 0.5;
                let expected: f64 = rows.rows.iter().map(product).sum();
                assert!((sum - expected).abs() < 1e-9 * expected, "{at}, {other}");
            }
        }
    }
}
