//! What moves demand: shares of the explained variance of log demand over the product weeks that were learned from.
//!
//! A prediction is a sum of parts: what the category usually sells, what the product does beyond its category, its own price beside its own
//! mean price, its prices of the weeks before, each covariate, and what all products share in the week (season, campaigns). The share of a
//! part is its covariance with the sum: of a game whose value is the variance of a sum, that is the Shapley value (Owen and Prieur, "On
//! Shapley value for measuring importance of dependent inputs", 2017). Product weeks count as they do in the fit.

use super::fit::Product;
use super::train::Fit;
use crate::model_file::{FeatureShare, shares};
use indexmap::IndexMap;

/// Parts before those of the covariates.
const FIXED: [&str; 5] = ["category", "product", "price", "past_prices", "week"];

/// Shares of the parts, the largest first; what goes against the rest (a covariance below zero) explains nothing.
pub(super) fn importance(fit: &Fit, covariates: &[String]) -> Vec<FeatureShare> {
    let usual: Vec<Usual> = fit.products.iter().map(|product| Usual::of(product, fit)).collect();
    let categories = categories(&fit.products, &usual);
    let mut covariance = Covariance::new(FIXED.len() + covariates.len());
    for (product, usual) in fit.products.iter().zip(&usual) {
        let category = categories.get(&product.group).copied().unwrap_or(0.0);
        let rows = product.working(&fit.effects, fit.noise.dispersion).zip(&product.weeks);
        let effects = fit.effects.of_category(product.group);
        for ((row, _, weight), week) in rows {
            let moved: Vec<f64> = row
                .iter()
                .zip(&usual.means)
                .zip(&product.coefficients)
                .map(|((value, mean), coefficient)| coefficient * (value - mean))
                .collect();
            let past = moved.len().saturating_sub(fit.past);
            let (price, past) = (moved.first().copied().unwrap_or(0.0), moved.iter().skip(past).sum());
            let week = effects.at(*week);
            let fixed = [category, usual.log - category, price, past, week];
            let others = moved.iter().skip(1).take(covariates.len()).copied();
            covariance.add(fixed.into_iter().chain(others), weight);
        }
    }
    let names = FIXED.into_iter().chain(covariates.iter().map(String::as_str));
    shares(names.zip(covariance.with_the_sum()))
}

/// A product at its own mean regressors.
struct Usual {
    means: Vec<f64>,
    /// Log demand there.
    log: f64,
    weight: f64,
}

impl Usual {
    fn of(product: &Product, fit: &Fit) -> Self {
        let mut means = vec![0.0; product.size];
        let mut total = 0.0;
        for (row, _, weight) in product.working(&fit.effects, fit.noise.dispersion) {
            total += weight;
            means.iter_mut().zip(row).for_each(|(mean, value)| *mean += weight * value);
        }
        means.iter_mut().for_each(|mean| *mean /= f64::max(total, f64::MIN_POSITIVE));
        let log = product.level + super::linear::dot(&means, &product.coefficients);
        Self { means, log, weight: total }
    }
}

/// Mean usual log demand of each category.
fn categories(products: &[Product], usual: &[Usual]) -> IndexMap<u64, f64> {
    let mut sums: IndexMap<u64, (f64, f64)> = IndexMap::new();
    for (product, usual) in products.iter().zip(usual) {
        let sum = sums.entry(product.group).or_default();
        sum.0 += usual.weight * usual.log;
        sum.1 += usual.weight;
    }
    sums.into_iter().map(|(group, (sum, weight))| (group, sum / weight.max(f64::MIN_POSITIVE))).collect()
}

/// Weighted covariance of parts with their sum.
struct Covariance {
    weight: f64,
    sum: f64,
    parts: Vec<f64>,
    products: Vec<f64>,
}

impl Covariance {
    fn new(parts: usize) -> Self {
        Self { weight: 0.0, sum: 0.0, parts: vec![0.0; parts], products: vec![0.0; parts] }
    }

    fn add(&mut self, parts: impl Iterator<Item = f64> + Clone, weight: f64) {
        let sum: f64 = parts.clone().sum();
        self.weight += weight;
        self.sum += weight * sum;
        for ((own, product), part) in self.parts.iter_mut().zip(&mut self.products).zip(parts) {
            *own += weight * part;
            *product += weight * part * sum;
        }
    }

    fn with_the_sum(&self) -> impl Iterator<Item = f64> + '_ {
        let weight = self.weight.max(f64::MIN_POSITIVE);
        let mean = self.sum / weight;
        self.parts
            .iter()
            .zip(&self.products)
            .map(move |(part, product)| product / weight - part / weight * mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_covariances_of_the_parts_are_the_variance_of_the_sum() {
        let rows = [([1.0, 2.0], 1.0), ([3.0, -1.0], 2.0), ([0.5, 0.5], 0.5), ([2.0, 2.0], 1.0)];
        let mut covariance = Covariance::new(2);
        rows.iter().for_each(|(parts, weight)| covariance.add(parts.iter().copied(), *weight));
        let total: f64 = rows.iter().map(|(_, weight)| weight).sum();
        let sum = |parts: &[f64; 2]| parts.iter().sum::<f64>();
        let mean = rows.iter().map(|(parts, weight)| weight * sum(parts)).sum::<f64>() / total;
        let variance = rows.iter().map(|(p, w)| w * (sum(p) - mean).powi(2)).sum::<f64>() / total;
        assert!((covariance.with_the_sum().sum::<f64>() - variance).abs() < 1e-12);
    }
}
