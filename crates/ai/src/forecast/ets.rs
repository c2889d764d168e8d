//! Exponential smoothing with trend or season, after Hyndman, Koehler, Ord and Snyder (2008), optimised on a grid.

use super::smoothing::{last, mean};

/// Damped additive trend (A,Ad,N): the path of the best of 16 parameter sets by squared one-step error. The values have
/// no gaps and no season.
pub(crate) fn damped_trend(values: &[f64], head: usize, horizon: usize) -> Vec<f64> {
    let lanes = lanes();
    let start = mean(values.get(..head.min(values.len())).unwrap_or(values));
    let mut levels = [start; 16];
    let mut trends = [0.0; 16];
    let mut squares = [0.0; 16];
    for value in values {
        let states = levels.iter_mut().zip(&mut trends).zip(&mut squares);
        for (((level, trend), squares), (alpha, beta, phi)) in states.zip(&lanes) {
            let expected = *level + phi * *trend;
            let error = value - expected;
            *squares += error * error;
            *level = expected + alpha * error;
            *trend = phi * *trend + alpha * beta * error;
        }
    }
    let states = levels.iter().zip(&trends).zip(&lanes).zip(&squares);
    let best = states.min_by(|(_, a), (_, b)| a.total_cmp(b));
    let Some((((level, trend), (_, _, phi)), _)) = best else { return vec![start; horizon] };
    let mut damp = 1.0;
    let mut sum = 0.0;
    (0..horizon)
        .map(|_| {
            damp *= phi;
            sum += damp;
            level + trend * sum
        })
        .collect()
}

/// The parameter sets (alpha, beta as a share of alpha, phi).
fn lanes() -> [(f64, f64, f64); 16] {
    let mut lanes = [(0.0, 0.0, 0.0); 16];
    let grid = [0.05, 0.1, 0.2, 0.4].into_iter().flat_map(|alpha| {
        [(0.05, 0.9), (0.05, 0.98), (0.2, 0.9), (0.2, 0.98)].map(|(beta, phi)| (alpha, beta, phi))
    });
    for (lane, set) in lanes.iter_mut().zip(grid) {
        *lane = set;
    }
    lanes
}

/// Additive season without trend (A,N,A): the path of the best of six parameter sets. `values` may hold gaps (NaN);
/// the phase of the first value is 0.
pub(crate) fn additive_season(values: &[f64], season: usize, horizon: usize) -> Vec<f64> {
    let sets = [(0.05, 0.02), (0.1, 0.02), (0.2, 0.02), (0.05, 0.1), (0.1, 0.1), (0.3, 0.1)];
    let start = initial(values, season);
    let fits = sets.map(|(alpha, gamma)| run(values, &start, alpha, gamma));
    let best = fits.into_iter().min_by(|a, b| a.squares.total_cmp(&b.squares));
    let Some(best) = best else { return vec![0.0; horizon] };
    let future = best.indices.iter().cycle().skip(values.len() % season.max(1));
    future.take(horizon).map(|index| best.level + index).collect()
}

struct Seasonal {
    level: f64,
    indices: Vec<f64>,
    squares: f64,
}

fn initial(values: &[f64], season: usize) -> Seasonal {
    let head = values.get(..(4 * season).min(values.len())).unwrap_or(values);
    let known: Vec<f64> = head.iter().copied().filter(|v| !v.is_nan()).collect();
    let level = mean(&known);
    let indices = (0..season)
        .map(|phase| {
            let phase: Vec<f64> =
                head.iter().skip(phase).step_by(season).copied().filter(|v| !v.is_nan()).collect();
            if phase.is_empty() { 0.0 } else { mean(&phase) - level }
        })
        .collect();
    Seasonal { level, indices, squares: 0.0 }
}

fn run(values: &[f64], start: &Seasonal, alpha: f64, gamma: f64) -> Seasonal {
    let mut state = Seasonal { level: start.level, indices: start.indices.clone(), squares: 0.0 };
    for cycle in values.chunks(state.indices.len().max(1)) {
        for (value, index) in cycle.iter().zip(&mut state.indices).filter(|(value, _)| !value.is_nan()) {
            let error = value - state.level - *index;
            state.squares += error * error;
            state.level += alpha * error;
            *index += gamma * error;
        }
    }
    state
}

/// A straight line through the last `window` values, continued with half its slope: the local trend, shrunk.
pub(crate) fn half_trend(values: &[f64], window: usize, horizon: usize) -> Vec<f64> {
    let window = last(values, window);
    let count = window.len() as f64;
    let middle = (count - 1.0) / 2.0;
    let (covariance, variance) = window.iter().enumerate().fold((0.0, 0.0), |(xy, xx), (at, value)| {
        let x = at as f64 - middle;
        (xy + x * value, xx + x * x)
    });
    let slope = if variance > 0.0 { covariance / variance } else { 0.0 };
    let end = mean(window) + slope * (count - 1.0).max(0.0) / 2.0;
    (1..=horizon).map(|ahead| end + 0.5 * slope * ahead as f64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damped_trend_follows_a_line_but_flattens() {
        let line: Vec<f64> = (0..80).map(|t| 10.0 + 2.0 * f64::from(t)).collect();
        let path = damped_trend(&line, 4, 10);
        assert!(path[0] > 165.0 && path[0] < 172.5, "{path:?}");
        assert!(path[9] - path[8] < path[1] - path[0]);
    }

    #[test]
    fn an_additive_season_repeats_with_the_right_phase() {
        let values: Vec<f64> = (0..65).map(|t| if t % 7 == 2 { 20.0 } else { 5.0 }).collect();
        let path = additive_season(&values, 7, 14);
        for (ahead, value) in path.iter().enumerate() {
            let expected = if (65 + ahead) % 7 == 2 { 20.0 } else { 5.0 };
            assert!((value - expected).abs() < 0.5, "{ahead}: {value}");
        }
    }

    #[test]
    fn half_of_the_slope_is_continued() {
        let line: Vec<f64> = (0..30).map(|t| 2.0 * f64::from(t)).collect();
        let path = half_trend(&line, 10, 3);
        assert!((path[0] - 59.0).abs() < 1e-9 && (path[2] - 61.0).abs() < 1e-9, "{path:?}");
        assert_eq!(half_trend(&[], 10, 2), vec![0.0, 0.0]);
    }
}
