//! Where the catalogue as a whole is going: many products together show a level and a trend that none shows alone.

use super::ets::half_trend;
use super::smoothing::{last, mean, smooth};

/// Fewest cycles (weeks, or periods of a series without season) of history for a reference.
pub(crate) const SHORTEST: usize = 18;

/// Mean demand a cycle over the next `ahead` cycles: the mean of five plain methods, corrected by its own mean error at
/// the last eight origins (shrunk by two pseudo-origins). None when the history is too short or sells nothing.
pub(crate) fn reference(cycles: &[f64], ahead: usize) -> Option<f64> {
    const ORIGINS: usize = 8;
    const PSEUDO: f64 = 2.0;
    let mut errors = Vec::new();
    for back in 0..ORIGINS {
        let Some(end) = cycles.len().checked_sub(ahead + back).filter(|end| *end >= SHORTEST) else { break };
        let (known, rest) = cycles.split_at_checked(end)?;
        let actual = mean(rest.get(..ahead)?);
        if actual > 0.0 {
            errors.push(combined(known, ahead) / actual - 1.0);
        }
    }
    let shrunk = errors.iter().sum::<f64>() / (errors.len() as f64 + PSEUDO);
    let forecast = combined(cycles, ahead) / (1.0 + shrunk.clamp(-0.25, 0.25));
    (cycles.len() >= SHORTEST && forecast > 0.0 && !errors.is_empty()).then_some(forecast)
}

fn combined(cycles: &[f64], ahead: usize) -> f64 {
    let [smoothed] = smooth(cycles, &[0.2], cycles.len().div_ceil(8));
    mean(&[
        mean(last(cycles, 8)),
        damped(cycles, ahead),
        theta(cycles, ahead),
        smoothed.level,
        mean(&half_trend(last(cycles, 26)).take(ahead).collect::<Vec<_>>()),
    ])
}

/// Damped trend with fixed constants (0.2, 0.2, 0.9).
fn damped(cycles: &[f64], ahead: usize) -> f64 {
    const PHI: f64 = 0.9;
    let mut level = mean(cycles.get(..4).unwrap_or(cycles));
    let mut trend = 0.0;
    for value in cycles {
        let error = value - (level + PHI * trend);
        level += PHI * trend + 0.2 * error;
        trend = PHI * trend + 0.2 * 0.2 * error;
    }
    let path: Vec<f64> = (1..=ahead)
        .map(|h| {
            level
                + trend * (1..=h).map(|power| PHI.powi(i32::try_from(power).unwrap_or(i32::MAX))).sum::<f64>()
        })
        .collect();
    mean(&path)
}

/// The theta method (Assimakopoulos and Nikolopoulos 2000): smoothing by 0.3 plus half of the slope over the history.
fn theta(cycles: &[f64], ahead: usize) -> f64 {
    const ALPHA: f64 = 0.3;
    let [smoothed] = smooth(cycles, &[ALPHA], cycles.len().div_ceil(8));
    let middle = (cycles.len() as f64 - 1.0) / 2.0;
    let (covariance, variance) = cycles.iter().enumerate().fold((0.0, 0.0), |(xy, xx), (at, value)| {
        let x = at as f64 - middle;
        (xy + x * value, xx + x * x)
    });
    let slope = if variance > 0.0 { covariance / variance } else { 0.0 };
    smoothed.level + slope / 2.0 * ((ahead as f64 - 1.0) / 2.0 + 1.0 / ALPHA)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_is_kept_and_growth_is_followed() {
        let flat = reference(&[100.0; 40], 4).unwrap();
        assert!((flat - 100.0).abs() < 1e-6);
        let growing: Vec<f64> = (0..40).map(|t| 100.0 + 2.0 * f64::from(t)).collect();
        let next = reference(&growing, 4).unwrap();
        assert!((next - 185.0).abs() < 6.0, "{next}");
        assert_eq!(reference(&[5.0; 10], 4), None);
        assert_eq!(reference(&[0.0; 40], 4), None);
    }
}
