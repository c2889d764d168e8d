//! Seasonal indices: tested before they are used, and shrunk from the product to the catalogue.

/// Below this index a phase counts as closed (no trade on that weekday): it carries no information on the level.
pub(crate) const CLOSED: f64 = 0.05;

/// Sum and count of the known values of each phase over the whole cycles at the end of a series.
///
/// `first_phase` is the phase of `values[0]`; missing values are NaN.
pub(crate) fn phase_sums(values: &[f64], first_phase: usize, season: usize) -> Vec<(f64, f64)> {
    let whole = values.len() / season * season;
    let skipped = values.len() - whole;
    let mut sums = vec![(0.0, 0.0); season];
    for (at, value) in values.iter().enumerate().skip(skipped).filter(|(_, v)| !v.is_nan()) {
        if let Some((sum, count)) = sums.get_mut((first_phase + at) % season) {
            *sum += value;
            *count += 1.0;
        }
    }
    sums
}

/// Multiplicative indices (mean 1) of one product, shrunk to the catalogue's `pooled` indices.
///
/// The pseudo-count is in units and grows with the over-dispersion of the series: a product that sells in bursts tells
/// less about weekdays than one that sells evenly. 30 was chosen on the histories of daily sets by rolling origin.
pub(crate) fn shrunk(values: &[f64], first_phase: usize, season: usize, pooled: &[f64]) -> Vec<f64> {
    const PSEUDO_UNITS: f64 = 30.0;
    let sums = phase_sums(values, first_phase, season);
    let cycles = sums.iter().map(|(_, count)| *count).fold(1.0, f64::max);
    let strength = PSEUDO_UNITS * dispersion(values, season).max(1.0);
    let totals: Vec<f64> = sums
        .iter()
        .zip(pooled)
        .map(|((sum, count), pooled)| if *count > 0.0 { sum / count * cycles } else { 0.0 } + strength * pooled)
        .collect();
    normalised(&totals)
}

/// Scales positive weights to mean 1; all ones when they sum to nothing.
pub(crate) fn normalised(weights: &[f64]) -> Vec<f64> {
    let mean = weights.iter().sum::<f64>() / weights.len().max(1) as f64;
    if mean > 0.0 { weights.iter().map(|w| w / mean).collect() } else { vec![1.0; weights.len()] }
}

/// Variance over mean of the known values, beside what their cycle and their phase explain; 1 for a Poisson count, and where there is too
/// little to tell. With the season in it, a product's own season would be believed the less the stronger it is.
fn dispersion(values: &[f64], season: usize) -> f64 {
    let whole = values.get(values.len() % season..).unwrap_or_default();
    let cycles = || whole.chunks_exact(season).filter_map(|cycle| Some((cycle, known_mean(cycle)?)));
    // Units sold in each phase, and the sum of the levels of their cycles.
    let mut phases = vec![(0.0, 0.0); season];
    for (cycle, level) in cycles() {
        for (value, (sold, levels)) in cycle.iter().zip(&mut phases).filter(|(value, _)| !value.is_nan()) {
            *sold += value;
            *levels += level;
        }
    }
    let (mut squares, mut count) = (0.0, 0.0);
    for (cycle, level) in cycles() {
        for (value, (sold, levels)) in cycle.iter().zip(&phases).filter(|(value, _)| !value.is_nan()) {
            let expected = if *levels > 0.0 { level * sold / levels } else { 0.0 };
            squares += (value - expected).powi(2);
            count += 1.0;
        }
    }
    let sold: f64 = phases.iter().map(|(sold, _)| sold).sum();
    let freedom = count - (cycles().count() + season - 1) as f64;
    if sold > 0.0 && freedom >= 1.0 { squares / freedom * count / sold } else { 1.0 }
}

fn known_mean(values: &[f64]) -> Option<f64> {
    let known = values.iter().filter(|value| !value.is_nan());
    let (sum, count) = known.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// Whether the autocorrelation at the season's lag is significant: the test the theta method uses (Assimakopoulos and
/// Nikolopoulos 2000; 90 %), on the series with its slow movement removed.
pub(crate) fn is_seasonal(values: &[f64], season: usize) -> bool {
    if season < 2 || values.len() < 3 * season {
        return false;
    }
    let detrended = without_trend(values, season);
    let correlation = |lag: usize| autocorrelation(&detrended, lag);
    let spread: f64 = (1..season).map(|lag| correlation(lag).powi(2)).sum();
    let limit = 1.645 * ((1.0 + 2.0 * spread) / detrended.len() as f64).sqrt();
    correlation(season) > limit
}

fn without_trend(values: &[f64], season: usize) -> Vec<f64> {
    let window = season | 1;
    let half = window / 2;
    values
        .windows(window)
        .zip(values.iter().skip(half))
        .map(|(around, value)| if value.is_nan() { 0.0 } else { value - known_mean(around).unwrap_or(0.0) })
        .collect()
}

fn autocorrelation(values: &[f64], lag: usize) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let variance: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    let lagged: f64 = values.iter().zip(values.iter().skip(lag)).map(|(a, b)| (a - mean) * (b - mean)).sum();
    if variance > 0.0 { lagged / variance } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::random::seeded;
    use rand::RngExt;

    #[test]
    fn a_weekly_pattern_is_found_and_noise_is_not() {
        let mut random = seeded(3, 0);
        let noise: Vec<f64> = (0..210).map(|_| random.random_range(0.0..10.0)).collect();
        let weekly: Vec<f64> =
            noise.iter().enumerate().map(|(t, v)| v + if t % 7 == 5 { 15.0 } else { 0.0 }).collect();
        assert!(is_seasonal(&weekly, 7));
        assert!(!is_seasonal(&noise, 7));
    }

    #[test]
    fn an_index_moves_from_the_catalogue_to_the_product_with_volume() {
        let pooled = [1.0; 2];
        let small: Vec<f64> = (0..40).map(|t| f64::from(t % 2) * 0.1).collect();
        let large: Vec<f64> = (0..40).map(|t| f64::from(t % 2) * 2.0 + 1000.0 * f64::from(t % 2)).collect();
        let near = shrunk(&small, 0, 2, &pooled);
        let far = shrunk(&large, 0, 2, &pooled);
        assert!(near[0] > 0.9 && far[0] < near[0], "{near:?} {far:?}");
        assert!((near.iter().sum::<f64>() - 2.0).abs() < 1e-9);
    }

    #[test]
    fn a_strong_season_of_its_own_is_believed_over_the_catalogue() {
        // Swimwear in a shop of winter coats: no noise but that of counts.
        let summer = |t: usize| if t % 12 < 3 { 300.0 } else { 20.0 };
        let values: Vec<f64> = (0..36).map(|t| summer(t) + (t * 7 % 5) as f64).collect();
        let winter = normalised(&(0..12).map(|t| if t > 8 { 4.0 } else { 1.0 }).collect::<Vec<_>>());
        let found = shrunk(&values, 0, 12, &winter);
        assert!(found[0] > 2.9 && found[9] < 0.5, "{found:?}");
    }

    #[test]
    fn counts_of_a_season_have_the_spread_of_counts() {
        let mut random = seeded(5, 0);
        let mut poisson =
            |mean: f64| (0..200).filter(|_| random.random_range(0.0..1.0) < mean / 200.0).count() as f64;
        let values: Vec<f64> = (0..700).map(|t| poisson(if t % 7 == 5 { 40.0 } else { 4.0 })).collect();
        let found = dispersion(&values, 7);
        assert!((0.7..1.3).contains(&found), "{found}");
        assert_eq!((dispersion(&[3.0, 5.0], 7), dispersion(&[0.0; 70], 7)), (1.0, 1.0));
    }

    #[test]
    fn phases_count_from_the_first_phase_over_whole_cycles() {
        let sums = phase_sums(&[9.0, 1.0, 2.0, f64::NAN, 4.0], 1, 2);
        assert_eq!(sums, vec![(1.0, 1.0), (6.0, 2.0)]);
    }
}
