//! Uncertainty of demand summed over several periods, which is what stock has to cover.

use super::smoothing::{sort, sorted_quantile};

/// Probabilities at which the pooled distribution is kept.
pub(crate) const GRID: [f64; 13] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995];

/// Normal quantiles at [`GRID`].
const NORMAL: [f64; 13] =
    [-2.576, -2.326, -1.960, -1.645, -1.282, -0.674, 0.0, 0.674, 1.282, 1.645, 1.960, 2.326, 2.576];

/// Distribution of the error of a sum of `k` periods' forecasts, in units of scale times the square root of `k`.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// The product's typical one-period error, in units.
    pub scale: f64,
    /// Quantiles of the scaled error.
    pub(crate) quantiles: Vec<f64>,
}

impl Spread {
    /// The normal distribution, for when nothing was measured.
    pub(crate) fn normal() -> Vec<f64> {
        NORMAL.to_vec()
    }

    /// Quantiles of measured scaled errors; the normal ones when there are fewer than 100.
    pub(crate) fn fit(mut scores: Vec<f64>) -> Vec<f64> {
        if scores.len() < 100 {
            return Self::normal();
        }
        sort(&mut scores);
        GRID.map(|share| sorted_quantile(&scores, share)).to_vec()
    }

    /// Error of the sum of `periods` forecasts that is not exceeded with probability `share`, in units.
    pub fn error(&self, share: f64, periods: f64) -> f64 {
        let mut below: Option<(f64, f64)> = None;
        let mut value = None;
        for (known, quantile) in GRID.iter().zip(&self.quantiles) {
            if *known >= share {
                value = Some(match below {
                    Some((before, low)) => low + (quantile - low) * (share - before) / (known - before),
                    None => *quantile,
                });
                break;
            }
            below = Some((*known, *quantile));
        }
        let score = value.or(below.map(|(_, quantile)| quantile)).unwrap_or(0.0);
        score * self.scale * periods.max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_grow_with_the_root_of_the_periods() {
        let spread = Spread { scale: 3.0, quantiles: Spread::normal() };
        assert!((spread.error(0.95, 4.0) - 1.645 * 6.0).abs() < 1e-9);
        assert_eq!(spread.error(0.5, 9.0), 0.0);
        assert!((spread.error(0.9999, 1.0) - 2.576 * 3.0).abs() < 1e-9, "clamped to what was measured");
    }

    #[test]
    fn measured_errors_replace_the_normal_ones() {
        let scores: Vec<f64> = (0..=200).map(|at| f64::from(at) / 100.0).collect();
        let spread = Spread { scale: 1.0, quantiles: Spread::fit(scores) };
        assert!((spread.error(0.5, 1.0) - 1.0).abs() < 1e-9);
        assert!((spread.error(0.9, 1.0) - 1.8).abs() < 1e-9);
    }
}
