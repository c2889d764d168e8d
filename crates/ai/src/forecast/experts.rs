//! The candidate methods, run on one series at its origins.

use super::prepare::{Prepared, View};
use super::shared::Shared;
use super::smoothing::last;
use super::{ets, levels, season};
use crate::wide::wide;

/// Names of the candidates, in the order of [`Candidate`].
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

/// A candidate, by its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Candidate {
    SesVerySlow,
    SesSlow,
    SesMiddle,
    SesFast,
    Ses,
    SesUncapped,
    MedianShort,
    MedianMiddle,
    MedianLong,
    MeanShort,
    /// The candidate that does not lean, also where most periods are zero.
    MeanMiddle,
    HalfTrend,
    DampedTrend,
    DynamicTheta,
    CrostonSba,
    Tsb,
    Imapa,
    /// The baseline of back-tests.
    SeasonalNaive,
    AdditiveSeason,
}

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
    fn new(horizon: usize) -> Self {
        Self { paths: vec![0.0; COUNT * horizon], horizon, index: Vec::new(), scale: 0.0 }
    }

    /// The candidates' paths in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.paths.chunks_exact(self.horizon.max(1))
    }

    /// One candidate's path.
    pub(crate) fn row(&self, candidate: Candidate) -> &[f64] {
        let from = candidate as usize * self.horizon;
        self.paths.get(from..from + self.horizon).unwrap_or(&[])
    }

    /// What a candidate says of the first period.
    pub(crate) fn level(&self, candidate: Candidate) -> f64 {
        self.row(candidate).first().copied().unwrap_or(0.0)
    }

    fn row_mut(&mut self, candidate: Candidate) -> &mut [f64] {
        let from = candidate as usize * self.horizon;
        self.paths.get_mut(from..from + self.horizon).unwrap_or(&mut [])
    }

    /// Says the same for every period.
    pub(crate) fn set(&mut self, candidate: Candidate, level: f64) {
        self.row_mut(candidate).fill(level);
    }

    pub(crate) fn set_path(&mut self, candidate: Candidate, path: impl Iterator<Item = f64>) {
        self.row_mut(candidate).iter_mut().zip(path).for_each(|(value, said)| *value = said);
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

    /// Bounds the levels by twice the largest value, and multiplies the season in.
    fn bound(&mut self, ceiling: f64) {
        let Self { paths, index, horizon, .. } = self;
        for row in paths.chunks_exact_mut((*horizon).max(1)).take(Candidate::SeasonalNaive as usize) {
            row.iter_mut().zip(&*index).for_each(|(level, index)| *level = level.clamp(0.0, ceiling) * index);
        }
    }
}

/// Runs all candidates on what was known at each of the cuts (periods before the end, all different), in the order of the cuts.
pub(crate) fn outlooks(
    prepared: &Prepared,
    cuts: &[usize],
    shared: &Shared,
    horizon: usize,
) -> Vec<(usize, Outlook)> {
    let mut order = cuts.to_vec();
    order.sort_unstable_by(|a, b| b.cmp(a));
    let mut found: Vec<Outlook> = order.iter().map(|_| Outlook::new(horizon)).collect();
    wide(
        #[inline(always)]
        || {
            if is_indexed(prepared, shared) {
                for (cut, outlook) in order.iter().zip(&mut found) {
                    let view = prepared.view(*cut);
                    let index = season::shrunk(
                        view.values,
                        view.first_phase,
                        view.season,
                        &shared.profile(view.season),
                    );
                    run(&[view], &index, std::slice::from_mut(outlook));
                }
            } else {
                let views: Vec<View<'_>> = order.iter().map(|cut| prepared.view(*cut)).collect();
                run(&views, &vec![1.0; prepared.season.max(1)], &mut found);
            }
        },
    );
    let mut found: Vec<(usize, Outlook)> = order.into_iter().zip(found).collect();
    found.sort_by_key(|(cut, _)| cuts.iter().position(|other| other == cut));
    found
}

/// Whether the series has indices other than 1. They differ from origin to origin then.
fn is_indexed(prepared: &Prepared, shared: &Shared) -> bool {
    let known = shared.season == prepared.season && shared.is_seasonal();
    prepared.season > 1 && (known || prepared.seasonal)
}

/// Runs the candidates on views of one series, the shortest first, that share their indices.
#[inline(always)]
fn run(views: &[View<'_>], index: &[f64], outlooks: &mut [Outlook]) {
    let Some(longest) = views.last() else { return };
    // Closed phases and missing periods carry no information on the level: the level methods work without gaps.
    let mut dense = Vec::with_capacity(longest.values.len());
    let mut lengths = Vec::with_capacity(views.len());
    let mut periods = longest.values.iter().zip(index.iter().copied().cycle().skip(longest.first_phase));
    let mut seen = 0;
    for view in views {
        let new = periods.by_ref().take(view.values.len() - seen);
        dense.extend(
            new.filter(|(value, index)| !value.is_nan() && *index >= season::CLOSED)
                .map(|(value, index)| value / index),
        );
        lengths.push(dense.len());
        seen = view.values.len();
    }
    levels::fill(&dense, &lengths, longest.granularity.windows(), outlooks);
    let (mut largest, mut seen) = (0.0, 0);
    for ((view, outlook), length) in views.iter().zip(outlooks).zip(lengths) {
        let new = dense.get(seen..length).unwrap_or(&[]);
        (largest, seen) = (new.iter().copied().fold(largest, f64::max), length);
        finish(view, index, 2.0 * largest, outlook);
    }
}

/// Bounds the levels, multiplies the season in, and adds the candidates that have a season of their own.
fn finish(view: &View<'_>, index: &[f64], ceiling: f64, outlook: &mut Outlook) {
    let phases =
        index.iter().copied().cycle().skip((view.first_phase + view.values.len()) % view.season.max(1));
    outlook.index.extend(phases.take(outlook.horizon));
    let smoothed = outlook.level(Candidate::Ses);
    outlook.bound(ceiling);
    seasonal_naive(view, outlook);
    additive(view, smoothed, 3.0 * ceiling, outlook);
}

/// The last cycle again; a missing value is replaced by the mean of the last cycle.
fn seasonal_naive(view: &View<'_>, outlook: &mut Outlook) {
    let cycle = last(view.values, view.season.max(1));
    let known = cycle.iter().filter(|value| !value.is_nan());
    let (sum, count) = known.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    let filler = if count > 0.0 { sum / count } else { 0.0 };
    let again = cycle.iter().cycle().map(|value| if value.is_nan() { filler } else { *value });
    outlook.set_path(Candidate::SeasonalNaive, again);
}

/// Additive season where the series itself shows one, else plain smoothing.
fn additive(view: &View<'_>, smoothed: f64, ceiling: f64, outlook: &mut Outlook) {
    let path = if view.seasonal {
        let recent = last(view.values, levels::RECENT.max(4 * view.season));
        ets::additive_season(recent, view.season, outlook.horizon)
    } else {
        outlook.index.iter().map(|index| smoothed * index).collect()
    };
    outlook.set_path(Candidate::AdditiveSeason, path.into_iter().map(|value| value.clamp(0.0, ceiling)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Granularity, SeriesInput};
    use proptest::prelude::*;

    #[test]
    fn every_candidate_answers_for_every_period() {
        let history = (0..120).map(|t| f64::from(t % 7) + f64::from(t % 3)).collect();
        let shared = Shared::default();
        let prepared = Prepared::new(&SeriesInput::new(history, Granularity::Day), 9, &shared);
        let (_, outlook) = &outlooks(&prepared, &[0], &shared, 9)[0];
        assert_eq!(outlook.rows().count(), COUNT);
        assert!(outlook.paths.iter().all(|v| v.is_finite() && *v >= 0.0));
        let naive = outlook.row(Candidate::SeasonalNaive);
        assert_eq!(naive[0], naive[7], "the cycle repeats");
        assert_eq!(Candidate::AdditiveSeason as usize, COUNT - 1);
    }

    #[test]
    fn an_empty_history_gives_zeros() {
        let shared = Shared::default();
        let prepared = Prepared::new(&SeriesInput::new(Vec::new(), Granularity::Week), 3, &shared);
        assert_eq!(outlooks(&prepared, &[0], &shared, 3)[0].1.paths, vec![0.0; COUNT * 3]);
    }
    proptest! {
        #[test]
        fn what_is_said_at_a_cut_is_what_is_said_of_the_shortened_series(
            history in prop::collection::vec(prop_oneof![3 => Just(0.0), 4 => 0.0..9.0, 1 => 0.0..400.0], 30..220),
            missing in prop::collection::vec(prop::bool::weighted(0.1), 220),
            seasonal in any::<bool>(),
            weeks in any::<bool>(),
        ) {
            let granularity = if weeks { Granularity::Week } else { Granularity::Day };
            let mut series = SeriesInput::new(history, granularity);
            series.censored = missing.into_iter().take(series.history.len()).collect();
            let shared = Shared::default();
            let mut prepared = Prepared::new(&series, 4, &shared);
            prepared.seasonal = seasonal && prepared.season > 1;
            let cuts = [0, 9, 4, 5, 6, 13];
            let together = outlooks(&prepared, &cuts, &shared, 4);
            prop_assert_eq!(together.iter().map(|(cut, _)| *cut).collect::<Vec<_>>(), cuts);
            for (cut, outlook) in &together {
                let mut shorter = prepared.clone();
                shorter.values.truncate(prepared.values.len().saturating_sub(*cut));
                let (_, alone) = &outlooks(&shorter, &[0], &shared, 4)[0];
                prop_assert_eq!(&outlook.paths, &alone.paths);
                prop_assert_eq!((outlook.scale, &outlook.index), (alone.scale, &alone.index));
            }
        }
    }
}
