//! Weeks that repeat one another, as innovations that do not.
//!
//! A filter (Kalman 1960) takes from each week what the weeks before it led to expect of a [`Drift`]; least squares of what is left are
//! generalised least squares of the weeks (Harvey, "Forecasting, structural time series models and the Kalman filter", 1989, section 3.4).

use super::course::{bends, lines, precision};
use super::drift::Drift;
use super::fit::Product;
use super::linear::{Gram, dot};
use super::noise::Noise;
use super::response::of_drift;
use super::week_effects::WeekEffects;

/// Weeks of a product, as regressors of `size` and responses with weights; after [`Self::filtered`] their innovations.
#[derive(Debug, Clone)]
pub(super) struct Whitened {
    size: usize,
    /// How many of the last regressors are bends of the product's course.
    bends: usize,
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
        Self::of(product, product.size, noise.has_course, product.of_slopes(effects, noise))
    }

    /// What the product's coefficients leave over, without regressors: of these responses a drift is read.
    pub(super) fn left_over(
        product: &Product,
        effects: &WeekEffects,
        dispersion: f64,
        has_course: bool,
    ) -> Self {
        let response = |units, mean, log| of_drift(units, mean, log, dispersion);
        let weeks = product.responses(effects, dispersion, response);
        Self::of(product, 0, has_course, product.less_coefficients(weeks))
    }

    /// The same by the responses that slopes are learned from, for a course.
    pub(super) fn for_course(product: &Product, effects: &WeekEffects, noise: &Noise) -> Self {
        Self::of(product, 0, true, product.less_coefficients(product.of_slopes(effects, noise)))
    }

    /// With the first `regressors` of each row.
    fn of<'a>(
        product: &Product,
        regressors: usize,
        has_course: bool,
        responses: impl Iterator<Item = (&'a [f64], f64, f64)>,
    ) -> Self {
        let weeks = product.weeks.clone();
        let bends = if has_course { bends(&weeks) } else { 0 };
        let (mut rows, mut values, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        for ((row, value, weight), week) in responses.zip(&weeks) {
            rows.extend(row.iter().take(regressors));
            rows.extend(lines(*week, &weeks).take(bends));
            values.push(value);
            weights.push(weight);
        }
        Self { size: regressors + bends, bends, rows, values, weights, ones: vec![1.0; weeks.len()], weeks }
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

    /// The product's level in each week; None where its weeks do not say.
    pub(super) fn course(self, noise: &Noise) -> Option<Vec<f64>> {
        let (size, lines) = (self.size, self.rows.clone());
        let solved = self.filtered(noise.dispersion, noise.drift).with_prior().levels().solved()?;
        let (level, bends) = solved.split_first()?;
        Some(lines.chunks_exact(size.max(1)).map(|lines| level + dot(lines, bends)).collect())
    }

    /// Takes level and course out: rows and values less what these explain, without the regressors of the course.
    pub(super) fn without_level(self) -> Self {
        let all = self.with_prior();
        let levels = all.levels();
        all.less(&levels)
    }

    fn less(mut self, levels: &Levels) -> Self {
        let inverse = levels.gram.inverse().unwrap_or_else(|| Gram::zero(levels.size()));
        let (size, weights) = (self.size, &self.weights);
        for at in 0..size - self.bends {
            levels.take_from(self.rows.iter_mut().skip(at).step_by(size), weights, &inverse);
        }
        levels.take_from(self.values.iter_mut(), weights, &inverse);
        self.without_lines()
    }

    /// Without the regressors of the course.
    fn without_lines(self) -> Self {
        if self.bends == 0 {
            return self;
        }
        let size = self.size - self.bends;
        let rows = self.rows.chunks_exact(self.size).flat_map(|row| row.iter().take(size)).copied().collect();
        Self { rows, size, bends: 0, ..self }
    }

    /// Logarithms of the determinants, squares and degrees of freedom of a restricted likelihood.
    pub(super) fn deviance(self) -> (f64, f64, f64) {
        let all = self.with_prior();
        let logs: f64 = all.weights.iter().map(|weight| -weight.ln()).sum();
        let levels = all.levels();
        let level = levels.gram.log_determinant().unwrap_or(f64::MIN_POSITIVE.ln());
        let freedom = all.weeks.len() as f64 - 1.0;
        let left = all.less(&levels);
        let squares: f64 =
            left.weights.iter().zip(&left.values).map(|(weight, value)| weight * value * value).sum();
        (logs + level, squares, freedom)
    }

    /// With a row for each bend that says that there is none.
    fn with_prior(mut self) -> Self {
        for bend in self.size - self.bends..self.size {
            self.rows.extend((0..self.size).map(|at| if at == bend { 1.0 } else { 0.0 }));
            self.values.push(0.0);
            self.ones.push(0.0);
            self.weights.push(precision());
        }
        self
    }

    fn levels(&self) -> Levels {
        let size = self.bends + 1;
        let mut rows = Vec::with_capacity(self.ones.len() * size);
        let (mut gram, mut right) = (Gram::zero(size), vec![0.0; size]);
        for (at, one) in self.ones.iter().enumerate() {
            rows.push(*one);
            rows.extend(self.rows.iter().skip((at + 1) * self.size - self.bends).take(self.bends));
        }
        for ((row, value), weight) in rows.chunks_exact(size).zip(&self.values).zip(&self.weights) {
            gram.add(row, *weight);
            right.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x * value);
        }
        Levels { rows, gram, right }
    }
}

/// What level and course are multiplied by in each week, with the weighted cross products.
struct Levels {
    rows: Vec<f64>,
    gram: Gram,
    right: Vec<f64>,
}

impl Levels {
    fn size(&self) -> usize {
        self.right.len()
    }

    fn solved(&self) -> Option<Vec<f64>> {
        self.gram.solve(&self.right)
    }

    /// Takes off `column` what they explain of it.
    fn take_from<'a>(&self, column: impl Iterator<Item = &'a mut f64>, weights: &[f64], inverse: &Gram) {
        let mut column: Vec<&mut f64> = column.collect();
        let mut sums = vec![0.0; self.size()];
        for ((row, value), weight) in self.rows.chunks_exact(self.size()).zip(&column).zip(weights) {
            sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x * **value);
        }
        let explained = inverse.times(&sums);
        for (row, value) in self.rows.chunks_exact(self.size()).zip(&mut column) {
            **value -= dot(row, &explained);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            bends: 0,
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
    fn a_course_is_a_level_that_bends_by_its_prior() {
        let (rows, values) = ([1.0, 0.5, -0.3, 0.8, -1.0, 0.2], [0.3, -0.7, 0.4, 1.1, -0.2, 0.6]);
        let (persists, stays) = (0.1, 0.8);
        let mut all = weeks(&rows, &values, &[0.2; 6], &[1, 1, 2, 1, 3, 1], persists);
        let mut covariance = covariance(&all, persists, stays);
        let line: Vec<f64> = all.weeks.iter().flat_map(|week| lines(*week, &all.weeks)).collect();
        covariance.add(&line, 1.0 / precision());
        (all.size, all.bends) = (2, bends(&all.weeks));
        all.rows = rows.iter().zip(&line).flat_map(|(x, line)| [*x, *line]).collect();

        let inverse = covariance.inverse().unwrap();
        let product = |a: &[f64], b: &[f64]| dot(a, &inverse.times(b));
        let one = [1.0; 6];
        let beside_level =
            |a: &[f64], b: &[f64]| product(a, b) - product(a, &one) * product(&one, b) / product(&one, &one);
        let left = all.filtered(DISPERSION, Drift { share: persists / DISPERSION, stays }).without_level();
        let weighted = |a: &[f64], b: &[f64]| -> f64 {
            left.weights.iter().zip(a).zip(b).map(|((weight, a), b)| weight * a * b).sum()
        };
        for (found, expected) in [
            (weighted(&left.rows, &left.rows), beside_level(&rows, &rows)),
            (weighted(&left.rows, &left.values), beside_level(&rows, &values)),
            (weighted(&left.values, &left.values), beside_level(&values, &values)),
        ] {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
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
