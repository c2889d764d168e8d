//! Methods for demand with gaps. All take values without missing periods and return a flat level.

use super::smoothing::{mean, optimised};

/// Croston's method with the correction of Syntetos and Boylan (2005): size over interval, both smoothed by 0.1.
pub(crate) fn croston_sba(values: &[f64]) -> f64 {
    const CONSTANT: f64 = 0.1;
    let mut state: Option<(f64, f64)> = None;
    let mut interval = 1.0;
    for value in values {
        if *value <= 0.0 {
            interval += 1.0;
            continue;
        }
        state = Some(match state {
            None => (*value, interval),
            Some((size, gap)) => (size + CONSTANT * (value - size), gap + CONSTANT * (interval - gap)),
        });
        interval = 1.0;
    }
    state.map_or(0.0, |(size, gap)| (1.0 - CONSTANT / 2.0) * size / gap.max(1.0))
}

/// Teunter, Syntetos and Babai (2011): the probability of a sale is updated every period, so that a dying product's
/// forecast decays. Constants 0.1 for the size, 0.05 for the probability.
pub(crate) fn tsb(values: &[f64]) -> f64 {
    let sold = values.iter().filter(|v| **v > 0.0);
    let count = sold.clone().count() as f64;
    if count == 0.0 {
        return 0.0;
    }
    let mut size = sold.clone().sum::<f64>() / count;
    let mut probability = count / values.len() as f64;
    for value in values {
        let happened = f64::from(u8::from(*value > 0.0));
        probability += 0.05 * (happened - probability);
        size += happened * 0.1 * (value - size);
    }
    size * probability
}

/// Intermittent multiple aggregation (Petropoulos and Kourentzes 2015): mean of the optimised smoothing levels of sums over
/// 1 to `widest` periods, each brought back to one period.
pub(crate) fn imapa(values: &[f64], widest: usize) -> f64 {
    let levels: Vec<f64> = (1..=widest)
        .filter_map(|width| {
            let skipped = values.len() % width;
            let sums: Vec<f64> = values.get(skipped..)?.chunks_exact(width).map(|c| c.iter().sum()).collect();
            (sums.len() >= 4).then(|| optimised(&sums, 4).level / width as f64)
        })
        .collect();
    if levels.is_empty() { mean(values) } else { mean(&levels) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_fourth(size: f64, periods: usize) -> Vec<f64> {
        (0..periods).map(|t| if t % 4 == 3 { size } else { 0.0 }).collect()
    }

    #[test]
    fn all_three_find_the_rate() {
        let values = every_fourth(8.0, 200);
        assert!((croston_sba(&values) - 1.9).abs() < 0.01, "2 less the correction of a twentieth");
        assert!((tsb(&values) - 2.0).abs() < 0.25);
        assert!((imapa(&values, 7) - 2.0).abs() < 0.5);
    }

    #[test]
    fn a_dying_product_decays_in_tsb_only() {
        let mut values = every_fourth(8.0, 200);
        values.extend([0.0; 60]);
        assert!(tsb(&values) < 0.2 && croston_sba(&values) > 1.5);
        assert_eq!((tsb(&[]), croston_sba(&[]), imapa(&[], 3)), (0.0, 0.0, 0.0));
    }
}
