//! The candidate methods, run on one series at its origins.

use super::outlook::{Flat, Moving, Outlook};
use super::prepare::{Prepared, View};
use super::shared::Shared;
use super::smoothing::last;
use super::{ets, levels, season};
use crate::wide::wide;

/// Runs all candidates on what was known at each of the cuts (periods before the end, ascending).
pub(crate) fn outlooks(
    prepared: &Prepared,
    cuts: &[usize],
    shared: &Shared,
    horizon: usize,
) -> Vec<(usize, Outlook)> {
    // The shortest first.
    let mut found: Vec<(usize, Outlook)> =
        cuts.iter().rev().map(|cut| (*cut, Outlook::new(horizon))).collect();
    wide(
        #[inline(always)]
        || {
            if is_indexed(prepared, shared) {
                let profile = shared.profile(prepared.season);
                for one in &mut found {
                    let view = prepared.view(one.0);
                    let index = season::shrunk(view.values, view.first_phase, view.season, &profile);
                    run(&[view], &index, std::slice::from_mut(one));
                }
            } else {
                let views: Vec<View<'_>> = found.iter().map(|(cut, _)| prepared.view(*cut)).collect();
                run(&views, &vec![1.0; prepared.season.max(1)], &mut found);
            }
        },
    );
    found.reverse();
    found
}

/// Whether the series has indices other than 1. They differ from origin to origin then.
fn is_indexed(prepared: &Prepared, shared: &Shared) -> bool {
    let known = shared.season == prepared.season && shared.is_seasonal();
    prepared.season > 1 && (known || prepared.seasonal)
}

/// Runs the candidates on views of one series, the shortest first, that share their indices.
#[inline(always)]
fn run(views: &[View<'_>], index: &[f64], outlooks: &mut [(usize, Outlook)]) {
    let Some(longest) = views.last() else { return };
    // Closed phases and missing periods carry no information on the level: the level methods work without gaps.
    let mut dense = Vec::with_capacity(longest.values.len());
    let mut lengths = Vec::with_capacity(views.len());
    let mut periods = longest.values.iter().zip(index.iter().copied().cycle().skip(longest.first_phase));
    let mut seen = 0;
    for view in views {
        let new = periods.by_ref().take(view.values.len().saturating_sub(seen));
        dense.extend(
            new.filter(|(value, index)| !value.is_nan() && *index >= season::CLOSED)
                .map(|(value, index)| value / index),
        );
        lengths.push(dense.len());
        seen = view.values.len();
    }
    levels::fill(&dense, &lengths, longest.granularity.windows(), outlooks);
    let (mut largest, mut seen) = (0.0, 0);
    for ((view, (_, outlook)), length) in views.iter().zip(outlooks).zip(lengths) {
        let new = dense.get(seen..length).unwrap_or(&[]);
        (largest, seen) = (new.iter().copied().fold(largest, f64::max), length);
        finish(view, index, 2.0 * largest, outlook);
    }
}

/// Bounds the levels, multiplies the season in, and adds the candidates that have a season of their own.
fn finish(view: &View<'_>, index: &[f64], ceiling: f64, outlook: &mut Outlook) {
    let phases =
        index.iter().copied().cycle().skip((view.first_phase + view.values.len()) % view.season.max(1));
    let smoothed = outlook.level(Flat::Ses);
    outlook.bound(phases, ceiling);
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
    if view.seasonal {
        let recent = last(view.values, levels::RECENT.max(4 * view.season));
        let path = ets::additive_season(recent, view.season, outlook.horizon);
        outlook.set_path(Moving::AdditiveSeason, path.into_iter().map(|value| value.clamp(0.0, ceiling)));
    } else {
        outlook.set_level_path(Moving::AdditiveSeason, smoothed, ceiling);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::outlook::{COUNT, MEAN, NAIVE, NAMES};
    use crate::forecast::{Granularity, SeriesInput};
    use proptest::prelude::*;

    #[test]
    fn every_candidate_answers_for_every_period() {
        let history = (0..120).map(|t| f64::from(t % 7) + f64::from(t % 3)).collect();
        let shared = Shared::default();
        let prepared = Prepared::new(&SeriesInput::new(history, Granularity::Day), 9, &shared);
        let (_, outlook) = &outlooks(&prepared, &[0], &shared, 9)[0];
        let paths = outlook.said();
        assert!(paths.iter().all(|path| path.len() == 9 && path.iter().all(|v| v.is_finite() && *v >= 0.0)));
        let naive = outlook.path(Moving::SeasonalNaive);
        assert_eq!(naive[0], naive[7], "the cycle repeats");
        assert_eq!((NAMES[NAIVE], &paths[NAIVE][..]), ("seasonal_naive", naive));
        assert_eq!(NAMES[MEAN], "mean_middle");
        assert_eq!(paths[MEAN][0], outlook.level(Flat::MeanMiddle) * outlook.index()[0]);
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
            let cuts = [0, 4, 5, 6, 9, 13];
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
