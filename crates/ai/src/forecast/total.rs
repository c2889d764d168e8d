//! Where the catalogue as a whole is going: many products together show a level and a trend that none shows alone.

use super::ets::half_trend;
use super::smoothing::{last, mean, median, smooth};

/// Fewest cycles (weeks, or periods of a series without season) of history for a reference.
pub(crate) const SHORTEST: usize = 18;

/// From cycles and how many are ahead to their mean demand.
type Way = fn(&[f64], usize) -> Option<f64>;

/// Origins at which the ways to a reference are compared, and fewest.
const JUDGED: std::ops::RangeInclusive<usize> = 16..=26;
/// What another way has to err less, as a share, to take the place of [`corrected`].
const LEAST_GAIN: f64 = 0.1;

/// Mean demand a cycle over the next `ahead` cycles. [`corrected`] follows growth that lasts; after a peak (holidays, a campaign) it takes the
/// way down for the way on. Where one of the others would have erred clearly less over the last half year, that one is taken. None when the
/// history is too short or sells nothing.
pub(crate) fn reference(cycles: &[f64], ahead: usize) -> Option<f64> {
    let usual = corrected(cycles, ahead)?;
    let ways: [Way; 3] =
        [corrected, |cycles, ahead| Some(combined(cycles, ahead)), |cycles, _| Some(steady(cycles))];
    let Some(errors) = compared(cycles, ahead, ways) else { return Some(usual) };
    let [bound, ..] = errors.map(|error| error * (1.0 - LEAST_GAIN));
    let others = errors.iter().zip(ways).skip(1).filter(|(error, _)| **error < bound);
    let best = others.min_by(|a, b| a.0.total_cmp(b.0)).and_then(|(_, way)| way(cycles, ahead));
    Some(best.filter(|value| *value > 0.0).unwrap_or(usual))
}

/// Summed error of each way in logarithms; `None` with too few origins.
fn compared<const N: usize>(cycles: &[f64], ahead: usize, ways: [Way; N]) -> Option<[f64; N]> {
    let (mut errors, mut origins) = ([0.0; N], 0);
    // From two cycles more on, the correction has errors to go by.
    let first = SHORTEST + ahead + 2;
    for end in (first..=cycles.len().checked_sub(ahead)?).rev().take(*JUDGED.end()) {
        let (known, rest) = cycles.split_at_checked(end)?;
        let actual = mean(rest.get(..ahead)?);
        let said = ways.map(|way| way(known, ahead));
        if actual > 0.0 && said.iter().flatten().filter(|value| **value > 0.0).count() == N {
            origins += 1;
            let said = said.into_iter().flatten();
            errors.iter_mut().zip(said).for_each(|(sum, value)| *sum += (value / actual).ln().abs());
        }
    }
    (origins >= *JUDGED.start()).then_some(errors)
}

/// The mean of five plain methods, corrected by its own mean error at the last eight origins (shrunk by two pseudo-origins).
fn corrected(cycles: &[f64], ahead: usize) -> Option<f64> {
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

/// The mean of four levels that no single peak moves far, without a trend.
fn steady(cycles: &[f64]) -> f64 {
    let [smoothed] = smooth(cycles, &[0.2], cycles.len().div_ceil(8));
    let recent = last(cycles, 8);
    mean(&[mean(recent), median(recent), smoothed.level, line_end(last(cycles, 26))])
}

/// Where the line of Theil (1950) and Sen (1968) ends: the median of all slopes, through the medians.
fn line_end(values: &[f64]) -> f64 {
    let points = || values.iter().enumerate();
    let slopes: Vec<f64> = points()
        .flat_map(|(at, a)| points().skip(at + 1).map(move |(other, b)| (b - a) / (other - at) as f64))
        .collect();
    let slope = if slopes.is_empty() { 0.0 } else { median(&slopes) };
    let newest = values.len().saturating_sub(1);
    let ends: Vec<f64> = points().map(|(at, value)| value + slope * (newest - at) as f64).collect();
    median(&ends).max(0.0)
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

    #[test]
    fn after_a_peak_demand_goes_on_as_before() {
        // Six weeks of holidays, eighteen weeks ago.
        let weeks: Vec<f64> = (0..104)
            .map(|t| if (80..86).contains(&t) { 400.0 } else { 100.0 + f64::from(t * 7 % 5) })
            .collect();
        let (found, followed) = (reference(&weeks, 8).unwrap(), corrected(&weeks, 8).unwrap());
        assert!((found - 102.0).abs() < 5.0 && followed < 75.0, "{found} {followed}");
    }

    #[test]
    fn a_line_ends_where_it_ends_whatever_one_value_says() {
        let mut values: Vec<f64> = (0..20).map(|t| 10.0 + 3.0 * f64::from(t)).collect();
        values[12] = 900.0;
        assert!((line_end(&values) - 67.0).abs() < 1e-9);
        assert_eq!(line_end(&[4.0]), 4.0);
    }
}
