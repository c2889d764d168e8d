//! Brings the sum of all forecasts to where the catalogue as a whole is going.

use super::prepare::Prepared;
use super::smoothing::mean;
use super::total;

/// Factor for the paths (unscaled forecasts of the horizon) so that all forecasts sum up to the reference for the catalogue's total. Products listed later
/// than others count as zero before, so growth by new products is part of the total. 1 when there is too little to say;
/// bounded to 1/2 .. 2.
pub(crate) fn factor<'a>(
    series: impl Iterator<Item = (&'a Prepared, Vec<f64>)>,
    end: usize,
    horizon: usize,
) -> f64 {
    let mut totals = Vec::new();
    let (mut forecast, mut season) = (0.0, 1);
    for (prepared, path) in series {
        season = prepared.season;
        forecast += path.iter().sum::<f64>();
        add_cycles(&mut totals, prepared.view(end).values, season);
    }
    totals.reverse();
    match total::reference(&totals, horizon.div_ceil(season).max(1)) {
        Some(reference) if forecast > 0.0 => {
            let expected = reference * horizon as f64 / season as f64;
            (expected / forecast).clamp(0.5, 2.0)
        }
        _ => 1.0,
    }
}

/// Adds a series' cycle sums to the totals, the newest cycle first. Missing periods count as the series' mean.
fn add_cycles(totals: &mut Vec<f64>, values: &[f64], season: usize) {
    let known: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
    let filler = mean(&known);
    let cycles = values.rchunks_exact(season.max(1));
    totals.resize(totals.len().max(cycles.len()), 0.0);
    for (sum, cycle) in totals.iter_mut().zip(cycles) {
        *sum += cycle.iter().map(|v| if v.is_nan() { filler } else { *v }).sum::<f64>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::shared::Shared;
    use crate::forecast::{Granularity, SeriesInput};

    fn made(value: impl Fn(usize) -> f64, periods: usize) -> Prepared {
        let history = (0..periods).map(value).collect();
        Prepared::new(&SeriesInput::new(history, Granularity::Week), 4, &Shared::default())
    }

    #[test]
    fn forecasts_that_are_too_low_in_sum_are_raised() {
        let prepared = made(|_| 10.0, 60);
        let found = factor(std::iter::once((&prepared, vec![8.0; 4])), 0, 4);
        assert!((found - 1.25).abs() < 0.02, "{found}");
    }

    #[test]
    fn a_young_catalogue_is_left_alone() {
        let prepared = made(|_| 10.0, 15);
        assert_eq!(factor(std::iter::once((&prepared, vec![8.0; 4])), 0, 4), 1.0);
    }

    #[test]
    fn totals_are_aligned_at_the_newest_cycle() {
        let mut totals = Vec::new();
        add_cycles(&mut totals, &[1.0, 2.0, 3.0, 4.0, 5.0], 2);
        add_cycles(&mut totals, &[10.0, f64::NAN], 2);
        assert_eq!(totals, vec![29.0, 5.0]);
    }
}
