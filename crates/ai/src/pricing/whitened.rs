//! Weeks that repeat one another, as innovations that do not.
//!
//! A filter (Kalman 1960) takes from each week what the weeks before it led to expect of a [`Drift`]; least squares of what is left are
//! generalised least squares of the weeks (Harvey, "Forecasting, structural time series models and the Kalman filter", 1989, section 3.4).

use super::drift::Drift;
use super::fit::Product;
use super::linear::dot;
use super::noise::Noise;
use super::response::of_drift;
use super::week_effects::WeekEffects;

/// Weeks of a product, as regressors of `size` and responses with weights; after [`Self::filtered`] their innovations.
#[derive(Debug, Clone)]
pub(super) struct Whitened {
    size: usize,
    pub rows: Vec<f64>,
    pub values: Vec<f64>,
    pub weights: Vec<f64>,
    /// What the level is multiplied by.
    ones: Vec<f64>,
    weeks: Vec<i32>,
}

impl Whitened {
    /// The regressors and responses that slopes are learned from.
    pub(super) fn of_slopes(product: &Product, effects: &WeekEffects, noise: &Noise) -> Self {
        let mut all = Self::empty(product, product.size);
        for (row, value, weight) in product.of_slopes(effects, noise) {
            all.rows.extend_from_slice(row);
            all.values.push(value);
            all.weights.push(weight);
        }
        all
    }

    /// What the product's coefficients leave over, without regressors.
    pub(super) fn left_over(product: &Product, effects: &WeekEffects, dispersion: f64) -> Self {
        let mut all = Self::empty(product, 0);
        let response = |units, mean, log| of_drift(units, mean, log, dispersion);
        for (row, value, weight) in product.responses(effects, dispersion, response) {
            all.values.push(value - dot(row, &product.coefficients));
            all.weights.push(weight);
        }
        all
    }

    fn empty(product: &Product, size: usize) -> Self {
        let weeks = product.weeks.clone();
        let (rows, values, weights) = (Vec::new(), Vec::new(), Vec::new());
        Self { size, rows, values, weights, ones: vec![1.0; weeks.len()], weeks }
    }

    /// Innovations, with the weights of their variances.
    pub(super) fn filtered(mut self, dispersion: f64, drift: Drift) -> Self {
        let persists = dispersion * drift.share;
        if persists <= 0.0 {
            return self;
        }
        let mut state = vec![0.0; self.size + 2];
        let (mut variance, mut last) = (persists, None);
        for at in 0..self.values.len() {
            let (from, to) = (at * self.size, (at + 1) * self.size);
            let week = self.weeks.get(at).copied();
            if let (Some(week), Some(last)) = (week, last) {
                let stays = drift.stays.powi(i32::max(week - last, 0));
                state.iter_mut().for_each(|part| *part *= stays);
                variance = stays * stays * variance + (1.0 - stays * stays) * persists;
            }
            last = week;
            let (Some(row), Some(value), Some(one), Some(weight)) = (
                self.rows.get_mut(from..to),
                self.values.get_mut(at),
                self.ones.get_mut(at),
                self.weights.get_mut(at),
            ) else {
                continue;
            };
            // Of the variance of a week, what does not persist.
            let spread = variance + (1.0 / weight.max(1e-12) - persists).max(1e-9);
            let gain = variance / spread;
            for (known, part) in state.iter_mut().zip([value, one].into_iter().chain(row)) {
                *part -= *known;
                *known += gain * *part;
            }
            variance -= gain * variance;
            *weight = 1.0 / spread;
        }
        self
    }

    /// Takes the level out: rows and values less what a level explains.
    pub(super) fn without_level(mut self) -> Self {
        let size = self.size;
        let (mut total, mut value) = (0.0, 0.0);
        let mut means = vec![0.0; size];
        for ((weight, one), (at, own)) in
            self.weights.iter().zip(&self.ones).zip(self.values.iter().enumerate())
        {
            total += weight * one * one;
            value += weight * one * own;
            let row = self.rows.iter().skip(at * size).take(size);
            means.iter_mut().zip(row).for_each(|(mean, x)| *mean += weight * one * x);
        }
        let total = f64::max(total, f64::MIN_POSITIVE);
        self.values.iter_mut().zip(&self.ones).for_each(|(own, one)| *own -= one * value / total);
        for (row, one) in self.rows.chunks_exact_mut(size.max(1)).zip(&self.ones) {
            row.iter_mut().zip(&means).for_each(|(x, mean)| *x -= one * mean / total);
        }
        self
    }

    /// Logarithms of the determinants, squares and degrees of freedom of a restricted likelihood.
    pub(super) fn deviance(self) -> (f64, f64, f64) {
        let logs: f64 = self.weights.iter().map(|weight| -weight.ln()).sum();
        let level: f64 = self.weights.iter().zip(&self.ones).map(|(weight, one)| weight * one * one).sum();
        let freedom = self.values.len() as f64 - 1.0;
        let all = self.without_level();
        let squares: f64 =
            all.weights.iter().zip(&all.values).map(|(weight, value)| weight * value * value).sum();
        (logs + level.max(f64::MIN_POSITIVE).ln(), squares, freedom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::linear::Gram;
    use proptest::prelude::*;

    const DISPERSION: f64 = 0.2;

    /// A row of one regressor a week; the variance of a week is more than what persists of it.
    fn weeks(rows: &[f64], values: &[f64], extra: &[f64], gaps: &[i32], persists: f64) -> Whitened {
        let weeks = gaps.iter().scan(0, |week, gap| {
            *week += gap;
            Some(*week)
        });
        Whitened {
            size: 1,
            rows: rows.to_vec(),
            values: values.to_vec(),
            weights: extra.iter().map(|extra| 1.0 / (persists + extra)).collect(),
            ones: vec![1.0; rows.len()],
            weeks: weeks.collect(),
        }
    }

    /// The covariances of the weeks written out.
    fn covariance(all: &Whitened, persists: f64, stays: f64) -> Gram {
        let mut gram = Gram::zero(all.weeks.len());
        for (row, (week, weight)) in all.weeks.iter().zip(&all.weights).enumerate() {
            for (column, other) in all.weeks.iter().enumerate() {
                let own = if row == column { 1.0 / weight - persists } else { 0.0 };
                gram.row_mut(row)[column] = own + persists * stays.powi((week - other).abs());
            }
        }
        gram
    }

    proptest! {
        #[test]
        fn innovations_are_the_weeks_under_their_whole_covariance(
            rows in prop::collection::vec(-1.0f64..1.0, 7),
            values in prop::collection::vec(-1.0f64..1.0, 7),
            extra in prop::collection::vec(0.01f64..2.0, 7),
            gaps in prop::collection::vec(1i32..4, 7),
            share in 0.1f64..1.0,
            stays in 0.3f64..0.98,
        ) {
            let persists = DISPERSION * share;
            let all = weeks(&rows, &values, &extra, &gaps, persists);
            let inverse = covariance(&all, persists, stays).inverse().unwrap();
            let filtered = all.clone().filtered(DISPERSION, Drift { share, stays });
            let ones = vec![1.0; 7];
            let pairs = [
                (&rows, &rows, &filtered.rows, &filtered.rows),
                (&rows, &values, &filtered.rows, &filtered.values),
                (&values, &ones, &filtered.values, &filtered.ones),
                (&ones, &ones, &filtered.ones, &filtered.ones),
            ];
            for (a, b, left, right) in pairs {
                let whole = dot(a, &inverse.times(b));
                let products = filtered.weights.iter().zip(left).zip(right);
                let sum: f64 = products.map(|((weight, a), b)| weight * a * b).sum();
                prop_assert!((whole - sum).abs() < 1e-8 * (1.0 + whole.abs()), "{whole} {sum}");
            }
        }
    }

    #[test]
    fn without_a_drift_weeks_stay_as_they_are_and_a_level_goes() {
        let all = weeks(&[1.0, 2.0, 6.0], &[5.0, 7.0, 15.0], &[1.0, 1.0, 0.5], &[1, 1, 1], 0.0);
        let same = all.clone().filtered(DISPERSION, Drift::default());
        assert_eq!((&same.rows, &same.values, &same.weights), (&all.rows, &all.values, &all.weights));
        let level = all.without_level();
        // Weights 1, 1, 2: the means are 3.75 and 10.5.
        assert_eq!(level.rows, [-2.75, -1.75, 2.25]);
        assert_eq!(level.values, [-5.5, -3.5, 4.5]);
    }
}
