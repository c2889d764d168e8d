//! Exponential smoothing with trend or season, after Hyndman, Koehler, Ord and Snyder (2008), optimised on a grid.

use super::beginnings::Recursion;
use super::smoothing::mean;

/// Parameter sets of the damped trend.
const SETS: usize = 16;

/// Damped additive trend (A,Ad,N) with [`SETS`] parameter sets at once. The values have no gaps and no season.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DampedTrend {
    levels: [f64; SETS],
    trends: [f64; SETS],
    squares: [f64; SETS],
}

impl DampedTrend {
    /// Starts at the mean of the first values.
    pub(crate) fn new(head: &[f64]) -> Self {
        Self { levels: [mean(head); SETS], trends: [0.0; SETS], squares: [0.0; SETS] }
    }

    /// Path of the set with the smallest squared one-step error.
    pub(crate) fn path(&self) -> impl Iterator<Item = f64> {
        let states = self.levels.iter().zip(&self.trends).zip(&LANES.phi).zip(&self.squares);
        let mut best = (f64::INFINITY, (0.0, 0.0, 0.0));
        for (((level, trend), phi), squares) in states {
            best = if *squares < best.0 { (*squares, (*level, *trend, *phi)) } else { best };
        }
        let (level, trend, phi) = best.1;
        let (mut damp, mut sum) = (1.0, 0.0);
        std::iter::repeat_with(move || {
            damp *= phi;
            sum += damp;
            level + trend * sum
        })
    }
}

impl Recursion for DampedTrend {
    #[inline(always)]
    fn step(&mut self, value: f64) {
        let states = self.levels.iter_mut().zip(&mut self.trends).zip(&mut self.squares);
        let sets = LANES.alpha.iter().zip(&LANES.beta).zip(&LANES.phi);
        for (((level, trend), squares), ((alpha, beta), phi)) in states.zip(sets) {
            let continued = phi * *trend;
            let expected = *level + continued;
            let error = value - expected;
            *squares += error * error;
            *level = expected + alpha * error;
            *trend = continued + beta * error;
        }
    }
}

/// Constants of the level, of the trend and of its damping.
struct Lanes {
    alpha: [f64; SETS],
    beta: [f64; SETS],
    phi: [f64; SETS],
}

/// Four constants of the level, each with a twentieth and a fifth of it for the trend, each with two dampings.
#[rustfmt::skip]
const LANES: Lanes = Lanes {
    alpha: [
        0.05, 0.05, 0.05, 0.05,
        0.1, 0.1, 0.1, 0.1,
        0.2, 0.2, 0.2, 0.2,
        0.4, 0.4, 0.4, 0.4,
    ],
    beta: [
        0.05 * 0.05, 0.05 * 0.05, 0.05 * 0.2, 0.05 * 0.2,
        0.1 * 0.05, 0.1 * 0.05, 0.1 * 0.2, 0.1 * 0.2,
        0.2 * 0.05, 0.2 * 0.05, 0.2 * 0.2, 0.2 * 0.2,
        0.4 * 0.05, 0.4 * 0.05, 0.4 * 0.2, 0.4 * 0.2,
    ],
    phi: [
        0.9, 0.98, 0.9, 0.98,
        0.9, 0.98, 0.9, 0.98,
        0.9, 0.98, 0.9, 0.98,
        0.9, 0.98, 0.9, 0.98,
    ],
};

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

/// A straight line through the values of a window, continued with half its slope: the local trend, shrunk.
pub(crate) fn half_trend(window: &[f64]) -> impl Iterator<Item = f64> {
    let count = window.len() as f64;
    let middle = (count - 1.0) / 2.0;
    let (covariance, variance) = window.iter().enumerate().fold((0.0, 0.0), |(xy, xx), (at, value)| {
        let x = at as f64 - middle;
        (xy + x * value, xx + x * x)
    });
    let slope = if variance > 0.0 { covariance / variance } else { 0.0 };
    let end = mean(window) + slope * (count - 1.0).max(0.0) / 2.0;
    (1u32..).map(move |ahead| end + 0.5 * slope * f64::from(ahead))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damped_trend_follows_a_line_but_flattens() {
        let line: Vec<f64> = (0..80).map(|t| 10.0 + 2.0 * f64::from(t)).collect();
        let mut trend = DampedTrend::new(&line[..4]);
        line.iter().for_each(|value| trend.step(*value));
        let path: Vec<f64> = trend.path().take(10).collect();
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
        let path: Vec<f64> = half_trend(&line[20..]).take(3).collect();
        assert!((path[0] - 59.0).abs() < 1e-9 && (path[2] - 61.0).abs() < 1e-9, "{path:?}");
        assert_eq!(half_trend(&[]).take(2).collect::<Vec<_>>(), [0.0, 0.0]);
    }
}
