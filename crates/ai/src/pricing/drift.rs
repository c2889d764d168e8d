//! Demand that drifts: what is above its level this week is likely to be above it in the next.
//!
//! Weeks then repeat one another, and so do prices, which stand for weeks: taken one by one they teach elasticities that are not there, and
//! intervals come out far too narrow. The drift of a store is a first-order autoregression that all its products share in kind; a filter
//! (Kalman 1960) turns a product's weeks into innovations, which do not repeat one another, and least squares of those are generalised
//! least squares of the weeks (Harvey, "Forecasting, structural time series models and the Kalman filter", 1989, section 3.4).

use super::fit::Product;
use super::linear::dot;
use super::noise::Noise;
use super::response::of_drift;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What is tried: the share of the dispersion, and how much of it stays from week to week.
const SHARES: [f64; 5] = [0.15, 0.3, 0.5, 0.7, 0.9];
const STAYS: [f64; 6] = [0.5, 0.7, 0.8, 0.9, 0.95, 0.98];
/// Most products that the drift is read from, and fewest weeks of each.
const MOST_PRODUCTS: usize = 1_000;
const FEWEST_WEEKS: usize = 8;

/// The part of the dispersion that persists.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Drift {
    /// Share of the dispersion; 0 is no drift.
    pub share: f64,
    /// What is left of it a week later, 0 to 1.
    pub stays: f64,
}

impl Drift {
    /// The likeliest one of what the coefficients and effects leave over, by restricted likelihood with each product's level unknown
    /// (Patterson and Thompson 1971).
    pub(super) fn measured(products: &[Product], effects: &IndexMap<i32, f64>, dispersion: f64) -> Self {
        let step = products.len().div_ceil(MOST_PRODUCTS).max(1);
        let series: Vec<Whitened> = products
            .iter()
            .step_by(step)
            .filter(|product| product.units.len() >= FEWEST_WEEKS)
            .map(|product| Whitened::left_over(product, effects, dispersion))
            .collect();
        let tried = SHARES.into_iter().flat_map(|share| STAYS.map(|stays| Self { share, stays }));
        let deviance = |drift: Self| {
            let parts = series.iter().map(|one| one.clone().filtered(dispersion, drift).deviance());
            let (logs, squares, freedom) =
                parts.fold((0.0, 0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2));
            logs + freedom * (squares / f64::max(freedom, 1.0)).max(f64::MIN_POSITIVE).ln()
        };
        let none = (deviance(Self::default()), Self::default());
        let best = tried
            .map(|drift| (deviance(drift), drift))
            .fold(none, |best, one| if one.0 < best.0 { one } else { best });
        best.1
    }

    /// Whether it is one.
    pub(super) fn is_sound(self) -> bool {
        (0.0..=1.0).contains(&self.share) && (0.0..1.0).contains(&self.stays)
    }
}

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
    pub(super) fn of_slopes(product: &Product, effects: &IndexMap<i32, f64>, noise: &Noise) -> Self {
        let mut all = Self::empty(product, product.size);
        for (row, value, weight) in product.of_slopes(effects, noise) {
            all.rows.extend_from_slice(row);
            all.values.push(value);
            all.weights.push(weight);
        }
        all
    }

    /// What the product's coefficients leave over, without regressors.
    fn left_over(product: &Product, effects: &IndexMap<i32, f64>, dispersion: f64) -> Self {
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
    fn deviance(self) -> (f64, f64, f64) {
        let logs: f64 = self.weights.iter().map(|weight| -weight.ln()).sum();
        let level: f64 = self.weights.iter().zip(&self.ones).map(|(weight, one)| weight * one * one).sum();
        let freedom = self.values.len() as f64 - 1.0;
        let all = self.without_level();
        let squares: f64 =
            all.weights.iter().zip(&all.values).map(|(weight, value)| weight * value * value).sum();
        (logs + level.max(f64::MIN_POSITIVE).ln(), squares, freedom)
    }
}
