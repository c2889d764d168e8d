//! Levels: simple exponential smoothing on many constants at once, windows and quantiles.
//!
//! All functions take values without gaps, oldest first.

use super::beginnings::Recursion;

/// Level after the last value and sum of squared one-step errors, for one smoothing constant.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Smoothed {
    pub level: f64,
    pub squares: f64,
}

/// Constants tried when the constant is optimised.
pub(crate) const GRID: [f64; 8] = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.65];

/// Simple exponential smoothing (Brown 1956; Hyndman et al. 2008, ANN) with `N` constants at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Smoothing<const N: usize> {
    constants: &'static [f64; N],
    levels: [f64; N],
    squares: [f64; N],
}

impl<const N: usize> Smoothing<N> {
    /// Starts at the mean of the first values.
    pub(crate) fn new(constants: &'static [f64; N], head: &[f64]) -> Self {
        Self { constants, levels: [mean(head); N], squares: [0.0; N] }
    }

    /// The result with the smallest squared error.
    #[inline(always)]
    pub(crate) fn best(&self) -> Smoothed {
        least(&self.results())
    }

    #[inline(always)]
    pub(crate) fn results(&self) -> [Smoothed; N] {
        let mut results = [Smoothed::default(); N];
        for ((result, level), squares) in results.iter_mut().zip(self.levels).zip(self.squares) {
            *result = Smoothed { level, squares };
        }
        results
    }
}

impl<const N: usize> Recursion for Smoothing<N> {
    #[inline(always)]
    fn step(&mut self, value: f64) {
        for ((level, squares), constant) in self.levels.iter_mut().zip(&mut self.squares).zip(self.constants)
        {
            let error = value - *level;
            *squares += error * error;
            *level += constant * error;
        }
    }
}

/// Smooths all values; starts at the mean of the first `head`.
pub(crate) fn smooth<const N: usize>(
    values: &[f64],
    constants: &'static [f64; N],
    head: usize,
) -> [Smoothed; N] {
    let mut smoothing = Smoothing::new(constants, values.get(..head.min(values.len())).unwrap_or(values));
    values.iter().for_each(|value| smoothing.step(*value));
    smoothing.results()
}

/// The result with the smallest squared error.
#[inline(always)]
pub(crate) fn least(results: &[Smoothed]) -> Smoothed {
    let none = Smoothed { level: 0.0, squares: f64::INFINITY };
    results.iter().fold(none, |best, one| if one.squares < best.squares { *one } else { best })
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

/// Puts values in ascending order. They are compared as whole numbers, made once; [`f64::total_cmp`] makes them at every step.
pub(crate) fn sort(values: &mut [f64]) {
    let mut keys: Vec<i64> = values.iter().map(|value| sort_key(*value)).collect();
    keys.sort_unstable();
    for (value, key) in values.iter_mut().zip(keys) {
        *value = f64::from_bits((key ^ (key >> 63 & i64::MAX)).cast_unsigned());
    }
}

/// A whole number in the order of [`f64::total_cmp`].
pub(crate) fn sort_key(value: f64) -> i64 {
    let bits = value.to_bits().cast_signed();
    bits ^ (bits >> 63 & i64::MAX)
}

/// As [`quantile_in_place`], of values in ascending order.
pub(crate) fn sorted_quantile(values: &[f64], share: f64) -> f64 {
    let position = share.clamp(0.0, 1.0) * values.len().saturating_sub(1) as f64;
    let below = position.floor() as usize;
    let low = values.get(below).copied().unwrap_or(0.0);
    let high = values.get(below + 1).copied().unwrap_or(low);
    low + (position - below as f64) * (high - low)
}

/// Medians of the last values in windows of three sizes, the narrowest first.
#[inline(always)]
pub(crate) fn medians(values: &[f64], windows: [usize; 3]) -> [f64; 3] {
    /// Up to here values are put in order one by one, without a branch.
    const FEW: usize = 16;
    let mut sorted = [f64::INFINITY; FEW];
    let mut seen = 0;
    windows.map(|window| {
        let window = last(values, window);
        if window.len() > FEW {
            return median(window);
        }
        for value in window.iter().rev().skip(seen) {
            let mut carried = *value;
            for cell in sorted.iter_mut().take(seen + 1) {
                (*cell, carried) = if *cell < carried { (*cell, carried) } else { (carried, *cell) };
            }
            seen += 1;
        }
        sorted_quantile(sorted.get(..seen).unwrap_or(&sorted), 0.5)
    })
}

/// Median of the absolute distances from `middle`, of values in ascending order; 0 of nothing.
pub(crate) fn median_deviation(values: &[f64], middle: f64) -> f64 {
    let Some(highest) = values.len().checked_sub(1) else { return 0.0 };
    let position = 0.5 * highest as f64;
    let below = position.floor() as usize;
    let distance = |at: usize| values.get(at).map_or(f64::INFINITY, |value| (value - middle).abs());
    // The values nearest to the middle are neighbours: `below` + 1 of them begin at `start`.
    let (mut start, mut end) = (0, values.len() - below - 1);
    while start < end {
        let tried = usize::midpoint(start, end);
        let nearer_above = distance(tried) > distance(tried + below + 1);
        (start, end) = if nearer_above && values.get(tried).is_some_and(|v| *v < middle) {
            (tried + 1, end)
        } else {
            (start, tried)
        };
    }
    let low = distance(start).max(distance(start + below));
    let high = distance(start.wrapping_sub(1)).min(distance(start + below + 1));
    let fraction = position - below as f64;
    if fraction > 0.0 { low + fraction * (high - low) } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_constant_stays_and_a_step_is_followed_by_the_fast_constant() {
        let [slow, fast] = smooth(&[4.0; 20], &[0.1, 0.5], 5);
        assert_eq!((slow.level, fast.level, slow.squares), (4.0, 4.0, 0.0));
        let step: Vec<f64> = (0..60).map(|t| if t < 30 { 1.0 } else { 9.0 }).collect();
        let best = least(&smooth(&step, &GRID, 8));
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

    proptest! {
        #[test]
        fn sorting_is_by_size(some in prop::collection::vec(prop_oneof![any::<f64>(), Just(0.0), Just(-0.0)], 0..60)) {
            let (mut sorted, mut expected) = (some.clone(), some);
            sort(&mut sorted);
            expected.sort_unstable_by(f64::total_cmp);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&sorted), bits(&expected));
        }

        #[test]
        fn the_median_deviation_is_the_median_of_the_distances(
            mut values in prop::collection::vec(prop_oneof![(0u8..9).prop_map(f64::from), 0.0..50.0], 1..60),
        ) {
            values.sort_unstable_by(f64::total_cmp);
            let middle = sorted_quantile(&values, 0.5);
            let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
            prop_assert_eq!(median_deviation(&values, middle), median(&distances));
        }

        #[test]
        fn the_medians_of_windows_are_those_of_their_values(
            values in prop::collection::vec(prop_oneof![(0u8..5).prop_map(f64::from), 0.0..50.0], 0..40),
            mut windows in prop::array::uniform3(0usize..30),
        ) {
            windows.sort_unstable();
            prop_assert_eq!(medians(&values, windows), windows.map(|window| median(last(&values, window))));
        }
    }
}
