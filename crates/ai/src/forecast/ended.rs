//! Products that stopped selling for good, as far as is known at an origin.

use super::prepare::{Prepared, View};
use super::smoothing::mean;

/// A silence that the product's own pace would bring once in a thousand times: periods with sales that were to be expected in it.
const EXPECTED_SALES: f64 = 7.0;
/// How many times longer than any silence before.
const LONGEST_TIMES: usize = 2;

/// Whether what was known is silent at its end for eight weeks or longer, for longer than chance explains and than any pause before, such as a
/// winter. Periods without stock are no silence.
///
/// What was taken off sale goes on as zeros, which any forecast of zero hits and any interval holds. Learnt from such series, the intervals of
/// those that sell are far too narrow. Judged by what was known at each origin, so that nothing is left out for what became of it later.
pub(crate) fn has_ended(view: &View<'_>) -> bool {
    is_silent(view.values, view.granularity.silence())
}

/// By what the error of a product that has ended is less than it was: the variance of rare sales is proportional to their mean, and without
/// this, safety stock would be ordered of what nobody buys. 1 for a product that goes on.
pub(crate) fn fade(prepared: &Prepared, path: &[f64]) -> f64 {
    if !prepared.has_ended {
        return 1.0;
    }
    let known: Vec<f64> = prepared.values.iter().copied().filter(|value| !value.is_nan()).collect();
    (mean(path) / mean(&known)).clamp(0.0, 1.0).sqrt()
}

/// Whether `values` end in such a silence of at least `least` periods.
pub(crate) fn is_silent(values: &[f64], least: usize) -> bool {
    let mut known = values.iter().rev().filter(|value| !value.is_nan());
    let Some(silence) = known.by_ref().position(|value| *value > 0.0) else { return false };
    if silence < least {
        return false;
    }
    // The newest of the periods with sales has been taken.
    let (mut sales, mut periods, mut pause, mut longest) = (1_usize, 1_usize, 0, 0);
    for value in known {
        periods += 1;
        if *value > 0.0 {
            (sales, pause) = (sales + 1, 0);
        } else {
            pause += 1;
            longest = longest.max(pause);
        }
    }
    let expected = silence as f64 * sales as f64 / periods as f64;
    expected >= EXPECTED_SALES && silence >= LONGEST_TIMES * longest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(pattern: &[f64], times: usize, silence: usize) -> Vec<f64> {
        let mut values = pattern.repeat(times);
        values.extend(vec![0.0; silence]);
        values
    }

    #[test]
    fn a_long_silence_ends_what_sold_often() {
        assert!(is_silent(&series(&[1.0, 0.0], 30, 60), 56));
        assert!(!is_silent(&series(&[1.0, 0.0], 30, 50), 56), "not yet");
        assert!(!is_silent(&[], 56) && !is_silent(&[0.0; 90], 56), "nothing ever sold");
    }

    #[test]
    fn a_slow_seller_is_given_its_time() {
        let slow: Vec<f64> = series(&[1.0], 1, 29).repeat(5);
        assert!(!is_silent(&[slow.clone(), vec![0.0; 60]].concat(), 56));
        assert!(is_silent(&[slow, vec![0.0; 210]].concat(), 56));
    }

    #[test]
    fn a_winter_without_sales_is_no_end_the_second_time() {
        let summer = series(&[2.0], 120, 0);
        let year = [summer.clone(), vec![0.0; 245]].concat();
        assert!(!is_silent(&[year.clone(), summer, vec![0.0; 245]].concat(), 56));
    }

    #[test]
    fn days_without_stock_are_no_silence() {
        let mut values = series(&[1.0], 60, 10);
        values.extend(vec![f64::NAN; 200]);
        assert!(!is_silent(&values, 56));
    }
}
