//! The candidate methods, run on one series at its origins.

use super::prepare::{Prepared, View};
use super::shared::Shared;
use super::smoothing::last;
use super::{ets, levels, season};
use crate::wide::wide;

/// Names of the candidates.
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

/// A candidate that says the same for every period, the season aside: its position among these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flat {
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
    CrostonSba,
    Tsb,
    Imapa,
}

/// A candidate with a path of its own: its position among these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moving {
    HalfTrend,
    DampedTrend,
    DynamicTheta,
    /// The baseline of back-tests.
    SeasonalNaive,
    AdditiveSeason,
}

const FLATS: usize = 14;
const MOVING: usize = 5;
/// In [`NAMES`] the first flats come before the first paths, the other flats between those and the other paths.
const FIRST_FLATS: usize = Flat::MeanMiddle as usize + 1;
const FIRST_MOVING: usize = Moving::DynamicTheta as usize + 1;

/// Position of [`Flat::MeanMiddle`] among all.
pub(crate) const MEAN: usize = Flat::MeanMiddle as usize;
/// Position of [`Moving::SeasonalNaive`] among all.
pub(crate) const NAIVE: usize = FLATS + Moving::SeasonalNaive as usize;

/// What the candidates said at one origin. All values are finite and at least 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outlook {
    levels: [f64; FLATS],
    /// `MOVING` paths of `horizon` values.
    paths: Vec<f64>,
    pub horizon: usize,
    /// Seasonal index of each period of the horizon.
    pub index: Vec<f64>,
    /// Typical one-step error at index 1, at least a small positive number.
    pub scale: f64,
}

/// What one candidate said.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Said<'a> {
    /// This level times the season's indices.
    Level(f64, &'a [f64]),
    Path(&'a [f64]),
}

impl Said<'_> {
    /// Calls `each` with the value of every period, in order.
    #[inline(always)]
    pub(crate) fn with(self, mut each: impl FnMut(f64)) {
        match self {
            Self::Level(level, index) => index.iter().for_each(|index| each(level * index)),
            Self::Path(path) => path.iter().for_each(|value| each(*value)),
        }
    }

    /// The value of a period (0-based).
    #[inline(always)]
    pub(crate) fn at(self, period: usize) -> f64 {
        match self {
            Self::Level(level, index) => level * index.get(period).copied().unwrap_or(0.0),
            Self::Path(path) => path.get(period).copied().unwrap_or(0.0),
        }
    }

    /// Sum of the absolute errors where it is known what happened.
    #[inline(always)]
    pub(crate) fn error(self, actual: &[f64]) -> f64 {
        match self {
            Self::Level(level, index) => absolute_error(index.iter().map(|index| level * index), actual),
            Self::Path(path) => absolute_error(path.iter().copied(), actual),
        }
    }
}

/// Sum of the absolute errors of a path where it is known what happened.
#[inline(always)]
pub(crate) fn absolute_error(path: impl Iterator<Item = f64>, actual: &[f64]) -> f64 {
    path.zip(actual).map(|(said, actual)| if actual.is_nan() { 0.0 } else { (said - actual).abs() }).sum()
}

impl Outlook {
    fn new(horizon: usize) -> Self {
        let paths = vec![0.0; MOVING * horizon];
        Self { levels: [0.0; FLATS], paths, horizon, index: Vec::new(), scale: 0.0 }
    }

    /// What each candidate said, in the order of [`NAMES`].
    #[inline(always)]
    pub(crate) fn said(&self) -> impl Iterator<Item = Said<'_>> {
        let (flats, other_flats) = self.levels.split_at(FIRST_FLATS);
        let (paths, other_paths) = self.paths.split_at(FIRST_MOVING * self.horizon);
        let level = |level: &f64| Said::Level(*level, &self.index);
        let horizon = self.horizon.max(1);
        let flats = flats.iter().map(level).chain(paths.chunks_exact(horizon).map(Said::Path));
        flats.chain(other_flats.iter().map(level)).chain(other_paths.chunks_exact(horizon).map(Said::Path))
    }

    /// Level of a candidate at index 1.
    pub(crate) fn level(&self, candidate: Flat) -> f64 {
        self.levels.get(candidate as usize).copied().unwrap_or(0.0)
    }

    pub(crate) fn flat(&self, candidate: Flat) -> Said<'_> {
        Said::Level(self.level(candidate), &self.index)
    }

    pub(crate) fn path(&self, candidate: Moving) -> &[f64] {
        let from = candidate as usize * self.horizon;
        self.paths.get(from..from + self.horizon).unwrap_or(&[])
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, candidate: Flat, level: f64) {
        if let Some(known) = self.levels.get_mut(candidate as usize) {
            *known = level;
        }
    }

    #[inline(always)]
    pub(crate) fn set_path(&mut self, candidate: Moving, path: impl Iterator<Item = f64>) {
        let from = candidate as usize * self.horizon;
        let row = self.paths.get_mut(from..from + self.horizon).unwrap_or(&mut []);
        row.iter_mut().zip(path).for_each(|(value, said)| *value = said);
    }

    /// The path of a weighted combination of candidates.
    pub(crate) fn combine(&self, weights: &[f64]) -> Vec<f64> {
        let mut sum = vec![0.0; self.horizon];
        self.said().zip(weights).filter(|(_, weight)| **weight != 0.0).for_each(|(said, weight)| {
            let mut periods = sum.iter_mut();
            said.with(|value| {
                if let Some(sum) = periods.next() {
                    *sum += weight * value;
                }
            });
        });
        sum
    }

    /// Bounds levels and the paths of levels, and multiplies the season into the latter.
    #[inline(always)]
    fn bound(&mut self, ceiling: f64) {
        self.levels.iter_mut().for_each(|level| *level = level.clamp(0.0, ceiling));
        for path in self.paths.chunks_exact_mut(self.horizon.max(1)).take(FIRST_MOVING) {
            path.iter_mut()
                .zip(&self.index)
                .for_each(|(level, index)| *level = level.clamp(0.0, ceiling) * index);
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
    let smoothed = outlook.level(Flat::Ses);
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
    outlook.set_path(Moving::SeasonalNaive, again);
}

/// Additive season where the series itself shows one, else plain smoothing.
fn additive(view: &View<'_>, smoothed: f64, ceiling: f64, outlook: &mut Outlook) {
    let path = if view.seasonal {
        let recent = last(view.values, levels::RECENT.max(4 * view.season));
        ets::additive_season(recent, view.season, outlook.horizon)
    } else {
        outlook.index.iter().map(|index| smoothed * index).collect()
    };
    outlook.set_path(Moving::AdditiveSeason, path.into_iter().map(|value| value.clamp(0.0, ceiling)));
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
        assert_eq!(outlook.said().count(), COUNT);
        assert!(outlook.said().all(|said| (0..9).all(|at| said.at(at).is_finite() && said.at(at) >= 0.0)));
        let naive = outlook.path(Moving::SeasonalNaive);
        assert_eq!(naive[0], naive[7], "the cycle repeats");
        let of = |position: usize| {
            (0..9).map(|at| outlook.said().nth(position).unwrap().at(at)).collect::<Vec<_>>()
        };
        assert_eq!((NAMES[NAIVE], of(NAIVE)), ("seasonal_naive", naive.to_vec()));
        assert_eq!((NAMES[MEAN], of(MEAN)[0]), ("mean_middle", outlook.flat(Flat::MeanMiddle).at(0)));
    }

    #[test]
    fn an_empty_history_gives_zeros() {
        let shared = Shared::default();
        let prepared = Prepared::new(&SeriesInput::new(Vec::new(), Granularity::Week), 3, &shared);
        let (_, outlook) = &outlooks(&prepared, &[0], &shared, 3)[0];
        assert_eq!(outlook.combine(&[1.0; COUNT]), [0.0; 3]);
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
                prop_assert_eq!(outlook, alone);
            }
        }
    }
}
