//! Weights of the candidates, learned over the catalogue.
//!
//! Non-negative weights that minimise the pinball loss of the combined forecast over all series, origins and periods:
//! quantile regression (Koenker and Bassett 1978) by iteratively reweighted least squares, each step a non-negative
//! least squares problem on normal equations solved by coordinate descent. The loss is in units, as the error (WAPE) is.

use super::experts::COUNT;

/// Rows of `COUNT` candidate forecasts with what happened and how much the row counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    pub forecasts: Vec<f64>,
    pub actual: Vec<f64>,
    pub importance: Vec<f64>,
}

impl Rows {
    /// Adds one row; one with an unknown outcome is left out.
    pub(crate) fn push(&mut self, forecasts: impl Iterator<Item = f64>, actual: f64, importance: f64) {
        if !actual.is_nan() {
            self.forecasts.extend(forecasts);
            self.actual.push(actual);
            self.importance.push(importance);
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&[f64], f64, f64)> {
        let rows = self.forecasts.chunks_exact(COUNT);
        rows.zip(&self.actual).zip(&self.importance).map(|((row, actual), weight)| (row, *actual, *weight))
    }
}

/// Used where there is no catalogue to learn from: a level that follows slowly, half of it robust.
pub(crate) const DEFAULT: [f64; COUNT] =
    [0.0, 0.1, 0.1, 0.0, 0.25, 0.0, 0.0, 0.05, 0.0, 0.0, 0.1, 0.0, 0.1, 0.2, 0.0, 0.0, 0.1, 0.0, 0.0];

/// Passes of reweighting; the loss moves by little after ten.
const PASSES: usize = 12;

/// Learns the weights at `tau` (0.5: least absolute error; above: forecasts lean up). None when nothing was sold.
pub(crate) fn learn(rows: &Rows, tau: f64) -> Option<Vec<f64>> {
    let mean = rows.actual.iter().sum::<f64>() / rows.actual.len().max(1) as f64;
    if mean <= 0.0 {
        return None;
    }
    let floor = 0.01 * mean;
    let mut weights: Option<Vec<f64>> = None;
    for _ in 0..PASSES {
        let mut normal = Normal::new();
        for (row, actual, importance) in rows.iter() {
            let error = weights.as_ref().map(|weights| actual - dot(row, weights));
            let slope = error.map_or(1.0, |error| {
                if error > 0.0 { tau / error.max(floor) } else { (1.0 - tau) / (-error).max(floor) }
            });
            normal.add(row, actual, slope * importance);
        }
        weights = Some(normal.solve(weights));
    }
    weights.filter(|weights| weights.iter().all(|w| w.is_finite()) && weights.iter().sum::<f64>() > 0.0)
}

fn dot(row: &[f64], weights: &[f64]) -> f64 {
    row.iter().zip(weights).map(|(a, b)| a * b).sum()
}

/// Weighted normal equations.
struct Normal {
    gram: [[f64; COUNT]; COUNT],
    right: [f64; COUNT],
}

impl Normal {
    fn new() -> Self {
        Self { gram: [[0.0; COUNT]; COUNT], right: [0.0; COUNT] }
    }

    fn add(&mut self, row: &[f64], actual: f64, weight: f64) {
        for (at, ((gram, right), value)) in self.gram.iter_mut().zip(&mut self.right).zip(row).enumerate() {
            let scaled = value * weight;
            *right += scaled * actual;
            // The lower triangle; `solve` mirrors it.
            for (cell, other) in gram.iter_mut().zip(row).take(at + 1) {
                *cell += scaled * other;
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
    fn solve(&mut self, start: Option<Vec<f64>>) -> Vec<f64> {
        self.mirror();
        let diagonal: Vec<f64> =
            self.gram.iter().enumerate().filter_map(|(at, row)| row.get(at)).copied().collect();
        let ridge = 1e-6 * diagonal.iter().sum::<f64>() / COUNT as f64 + f64::MIN_POSITIVE;
        let mut weights = start.unwrap_or_else(|| vec![1.0 / COUNT as f64; COUNT]);
        for _ in 0..400 {
            let mut moved = 0f64;
            for (at, ((row, right), diagonal)) in self.gram.iter().zip(&self.right).zip(&diagonal).enumerate()
            {
                let rest = right - dot(row, &weights);
                if let Some(weight) = weights.get_mut(at) {
                    let next = ((rest + diagonal * *weight) / (diagonal + ridge)).max(0.0);
                    moved = moved.max((next - *weight).abs());
                    *weight = next;
                }
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
            let noise: Vec<f64> = (0..COUNT).map(|_| random.random_range(0.0..50.0)).collect();
            let row = noise.iter().enumerate().map(|(at, n)| if at == 3 { truth } else { *n });
            rows.push(row, truth * random.random_range(0.9..1.1), 1.0);
        }
        rows.push(std::iter::repeat_n(1.0, COUNT), f64::NAN, 1.0);
        let weights = learn(&rows, 0.5).unwrap();
        assert!((weights[3] - 1.0).abs() < 0.05, "{weights:?}");
        assert!(weights.iter().all(|w| *w >= 0.0));
    }

    #[test]
    fn tau_leans_the_forecast() {
        let mut rows = Rows::default();
        for at in 0..1000 {
            rows.push(std::iter::repeat_n(1.0, COUNT), f64::from(at % 10), 1.0);
        }
        let total = |tau| learn(&rows, tau).unwrap().iter().sum::<f64>();
        assert!((total(0.5) - 4.5).abs() < 0.6 && total(0.9) > 7.5);
        assert_eq!(learn(&Rows::default(), 0.5), None);
    }
}
