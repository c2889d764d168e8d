//! Levels: simple exponential smoothing on many constants at once, windows, and capping of outliers.
//!
//! All functions take values without gaps, oldest first.

/// Level after the last value and sum of squared one-step errors, for one smoothing constant.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Smoothed {
    pub level: f64,
    pub squares: f64,
}

/// Constants tried when the constant is optimised.
pub(crate) const GRID: [f64; 8] = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.65];

/// Simple exponential smoothing (Brown 1956; Hyndman et al. 2008, ANN) for `N` constants in one pass. The level starts at
/// the mean of the first `head` values.
pub(crate) fn smooth<const N: usize>(values: &[f64], constants: [f64; N], head: usize) -> [Smoothed; N] {
    let start = mean(values.get(..head.min(values.len())).unwrap_or(values));
    let mut levels = [start; N];
    let mut squares = [0.0; N];
    for value in values {
        for ((level, squares), constant) in levels.iter_mut().zip(&mut squares).zip(&constants) {
            let error = value - *level;
            *squares += error * error;
            *level += constant * error;
        }
    }
    let mut result = [Smoothed::default(); N];
    for ((result, level), squares) in result.iter_mut().zip(levels).zip(squares) {
        *result = Smoothed { level, squares };
    }
    result
}

/// The constant of [`GRID`] with the smallest squared error.
pub(crate) fn optimised(values: &[f64], head: usize) -> Smoothed {
    least(&smooth(values, GRID, head))
}

/// The result with the smallest squared error.
pub(crate) fn least(results: &[Smoothed]) -> Smoothed {
    results.iter().copied().min_by(|a, b| a.squares.total_cmp(&b.squares)).unwrap_or_default()
}

/// Mean; 0 of nothing.
pub(crate) fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
}

/// The last `count` values (all when there are fewer).
pub(crate) fn last(values: &[f64], count: usize) -> &[f64] {
    values.get(values.len().saturating_sub(count)..).unwrap_or(values)
}

/// Median (mean of the two middle values); 0 of nothing.
pub(crate) fn median(values: &[f64]) -> f64 {
    quantile_in_place(&mut values.to_vec(), 0.5)
}

/// Quantile by linear interpolation (Hyndman and Fan's type 7), reordering the values; 0 of nothing.
pub(crate) fn quantile_in_place(values: &mut [f64], share: f64) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let position = share.clamp(0.0, 1.0) * (values.len() - 1) as f64;
    let below = position.floor() as usize;
    let (_, low, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    let low = *low;
    let fraction = position - below as f64;
    if fraction <= 0.0 {
        return low;
    }
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(low);
    low + fraction * (high - low)
}

/// As [`quantile_in_place`], of values in ascending order.
pub(crate) fn sorted_quantile(values: &[f64], share: f64) -> f64 {
    let position = share.clamp(0.0, 1.0) * values.len().saturating_sub(1) as f64;
    let below = position.floor() as usize;
    let low = values.get(below).copied().unwrap_or(0.0);
    let high = values.get(below + 1).copied().unwrap_or(low);
    low + (position - below as f64) * (high - low)
}

/// Caps outliers at the median of the sales plus six times their median absolute deviation (at least a quarter of the
/// median), so that one wholesale order does not lift the level for weeks.
pub(crate) fn capped(values: &[f64]) -> Vec<f64> {
    const SPREADS: f64 = 6.0;
    let mut sold: Vec<f64> = values.iter().copied().filter(|v| *v > 0.0).collect();
    let middle = quantile_in_place(&mut sold, 0.5);
    for value in &mut sold {
        *value = (*value - middle).abs();
    }
    let spread = quantile_in_place(&mut sold, 0.5).max(0.25 * middle);
    let cap = middle + SPREADS * spread;
    values.iter().map(|v| v.min(cap)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constant_stays_and_a_step_is_followed_by_the_fast_constant() {
        let [slow, fast] = smooth(&[4.0; 20], [0.1, 0.5], 5);
        assert_eq!((slow.level, fast.level, slow.squares), (4.0, 4.0, 0.0));
        let step: Vec<f64> = (0..60).map(|t| if t < 30 { 1.0 } else { 9.0 }).collect();
        let best = optimised(&step, 8);
        assert!((best.level - 9.0).abs() < 0.01, "{best:?}");
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(quantile_in_place(&mut [10.0, 0.0], 0.9), 9.0);
        assert_eq!(sorted_quantile(&[0.0, 10.0], 0.9), 9.0);
        assert_eq!(median(&[]), 0.0);
    }

    #[test]
    fn only_outliers_are_capped() {
        let values = [10.0, 12.0, 9.0, 11.0, 500.0, 0.0];
        let result = capped(&values);
        assert_eq!(&result[..4], &values[..4]);
        assert!(result[4] < 40.0 && result[5] == 0.0);
    }
}
