//! The candidate methods, run on one series at one origin.

use super::prepare::View;
use super::season;
use super::shared::Shared;
use super::smoothing::{capped, last, mean, median, optimised, smooth};
use super::{ets, intermittent, theta};

/// Names of the candidates, in the order in which [`paths`] returns them.
pub const NAMES: [&str; COUNT] = [
    "ses_very_slow",
    "ses_slow",
    "ses_middle",
    "ses_fast",
    "ses",
    "ses_uncapped",
    "median_short",
    "median_middle",
    "median_long",
    "mean_short",
    "mean_middle",
    "half_trend",
    "ets_damped_trend",
    "dynamic_theta",
    "croston_sba",
    "tsb",
    "imapa",
    "seasonal_naive",
    "ets_additive_season",
];

/// Number of candidates.
pub const COUNT: usize = 19;

/// Position of the (seasonal) naive forecast, the baseline of back-tests.
pub(crate) const NAIVE: usize = 17;

/// Position of the mean of the middle window: the candidate that does not lean, also where most periods are zero.
pub(crate) const MEAN: usize = 10;

/// Values looked at by the methods that cost more than one pass.
const RECENT: usize = 182;

/// What the candidates said at one origin.
#[derive(Debug, Clone)]
pub(crate) struct Outlook {
    /// `COUNT` rows of `horizon` values, all finite and at least 0.
    pub paths: Vec<f64>,
    pub horizon: usize,
    /// Seasonal index of each period of the horizon.
    pub index: Vec<f64>,
    /// Typical one-step error at index 1, at least a small positive number.
    pub scale: f64,
}

impl Outlook {
    /// The candidates' paths in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.paths.chunks_exact(self.horizon.max(1))
    }

    /// The path of a weighted combination of candidates.
    pub(crate) fn combine(&self, weights: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.horizon];
        for (row, weight) in self.rows().zip(weights).filter(|(_, weight)| **weight != 0.0) {
            for (sum, value) in sum.iter_mut().zip(row) {
                *sum += weight * value;
            }
        }
        sum
    }
}

/// Runs all candidates on what is known at the view's end.
pub(crate) fn outlook(view: &View<'_>, shared: &Shared, horizon: usize) -> Outlook {
    let index = indices(view, shared);
    let phases =
        index.iter().copied().cycle().skip((view.first_phase + view.values.len()) % view.season.max(1));
    let future: Vec<f64> = phases.take(horizon).collect();
    // Closed phases and missing periods carry no information on the level: the level methods work without gaps.
    let dense: Vec<f64> = view
        .values
        .iter()
        .zip(index.iter().copied().cycle().skip(view.first_phase))
        .filter(|(value, index)| !value.is_nan() && *index >= season::CLOSED)
        .map(|(value, index)| value / index)
        .collect();
    let levels = Levels::new(&dense, view, horizon);
    let ceiling = 2.0 * dense.iter().copied().fold(0.0, f64::max);
    let mut paths = Vec::with_capacity(COUNT * horizon);
    for path in levels.all() {
        paths.extend(path.iter().zip(&future).map(|(level, index)| level.clamp(0.0, ceiling) * index));
    }
    paths.extend(seasonal_naive(view, horizon));
    paths.extend(
        additive(view, &levels.smoothed, &future, horizon).iter().map(|v| v.clamp(0.0, 3.0 * ceiling)),
    );
    Outlook { paths, horizon, index: future, scale: levels.scale }
}

fn indices(view: &View<'_>, shared: &Shared) -> Vec<f64> {
    let known = shared.season == view.season && shared.is_seasonal();
    if view.season < 2 || !(known || view.seasonal) {
        return vec![1.0; view.season.max(1)];
    }
    season::shrunk(view.values, view.first_phase, view.season, &shared.profile(view.season))
}

/// The paths of the methods that forecast a level without a season.
struct Levels {
    flat: Vec<f64>,
    moving: [Vec<f64>; 3],
    intermittent: [f64; 3],
    smoothed: Vec<f64>,
    scale: f64,
    horizon: usize,
}

impl Levels {
    fn new(dense: &[f64], view: &View<'_>, horizon: usize) -> Self {
        let [short, middle, long] = view.granularity.windows();
        let head = short.min(14);
        let calm = capped(dense);
        let recent = last(&calm, RECENT);
        let fixed = smooth(&calm, [0.02, 0.1, 0.2, 0.4], head);
        let best = optimised(&calm, head);
        let raw = optimised(dense, head);
        let mut flat: Vec<f64> = fixed.iter().map(|fit| fit.level).collect();
        flat.extend([best.level, raw.level]);
        flat.extend([short, middle, long].map(|window| median(last(dense, window))));
        flat.extend([short, middle].map(|window| mean(last(&calm, window))));
        let scale = (best.squares / calm.len().max(1) as f64).sqrt();
        Self {
            flat,
            moving: [
                ets::half_trend(&calm, long, horizon),
                ets::damped_trend(recent, head, horizon),
                theta::dynamic_theta(recent, horizon),
            ],
            intermittent: [
                intermittent::croston_sba(&calm),
                intermittent::tsb(&calm),
                intermittent::imapa(recent, short.min(7)),
            ],
            smoothed: vec![best.level; horizon],
            scale: scale.max(0.05 * best.level).max(0.02),
            horizon,
        }
    }

    fn all(&self) -> impl Iterator<Item = Vec<f64>> {
        let flat = self.flat.iter().map(|level| vec![*level; self.horizon]);
        let gaps = self.intermittent.iter().map(|level| vec![*level; self.horizon]);
        flat.chain(self.moving.iter().cloned()).chain(gaps)
    }
}

/// The last cycle again; a missing value is replaced by the mean of the last cycle.
fn seasonal_naive(view: &View<'_>, horizon: usize) -> Vec<f64> {
    let cycle = last(view.values, view.season.max(1));
    let known: Vec<f64> = cycle.iter().copied().filter(|v| !v.is_nan()).collect();
    let filler = mean(&known);
    if cycle.is_empty() {
        return vec![0.0; horizon];
    }
    cycle.iter().cycle().take(horizon).map(|v| if v.is_nan() { filler } else { *v }).collect()
}

/// Additive season where the series itself shows one, else plain smoothing.
fn additive(view: &View<'_>, smoothed: &[f64], index: &[f64], horizon: usize) -> Vec<f64> {
    if !view.seasonal {
        return smoothed.iter().zip(index).map(|(level, index)| level * index).collect();
    }
    ets::additive_season(last(view.values, RECENT.max(4 * view.season)), view.season, horizon)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::prepare::Prepared;
    use crate::forecast::{Granularity, SeriesInput};

    #[test]
    fn every_candidate_answers_for_every_period() {
        let history = (0..120).map(|t| f64::from(t % 7) + f64::from(t % 3)).collect();
        let shared = Shared::default();
        let prepared = Prepared::new(&SeriesInput::new(history, Granularity::Day), 9, &shared);
        let outlook = outlook(&prepared.view(0), &shared, 9);
        assert_eq!(outlook.rows().count(), COUNT);
        assert!(outlook.paths.iter().all(|v| v.is_finite() && *v >= 0.0));
        let naive = outlook.rows().nth(NAIVE).unwrap();
        assert_eq!(naive[0], naive[7], "the cycle repeats");
    }

    #[test]
    fn an_empty_history_gives_zeros() {
        let shared = Shared::default();
        let prepared = Prepared::new(&SeriesInput::new(Vec::new(), Granularity::Week), 3, &shared);
        let outlook = outlook(&prepared.view(0), &shared, 3);
        assert_eq!(outlook.paths, vec![0.0; COUNT * 3]);
    }
}
