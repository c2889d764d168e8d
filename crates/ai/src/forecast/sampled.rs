//! The series that a pool is learned on, looked at from past origins.

use super::outlook::{Flat, Outlook};
use super::prepare::Prepared;

/// Origins that train the weights, one step apart.
pub(super) const ORIGINS: usize = 4;

/// What one sampled series contributes.
pub(super) struct Sampled {
    pub prepared: Prepared,
    /// Outlooks at the cuts (periods before the end), the newest first; missing where the series is too short.
    pub at: Vec<(usize, Outlook)>,
}

impl Sampled {
    pub(super) fn outlook(&self, cut: usize) -> Option<&Outlook> {
        self.at.iter().find(|(at, _)| *at == cut).map(|(_, outlook)| outlook)
    }

    /// Whether the last horizon, of which something is known, can be held against what was known before it.
    pub(super) fn is_testable(&self, horizon: usize) -> bool {
        let is_known = |values: &[f64]| values.iter().any(|value| !value.is_nan());
        self.outlook(horizon).is_some()
            && is_known(self.prepared.actual(horizon, horizon))
            && is_known(self.prepared.view(horizon).values)
    }
}

/// All cuts at which the candidates are run.
pub(super) fn cuts(horizon: usize, step: usize) -> Vec<usize> {
    let from = |start: usize| (0..ORIGINS).map(move |origin| start + origin * step);
    let mut cuts: Vec<usize> = std::iter::once(0).chain(from(horizon)).chain(from(2 * horizon)).collect();
    cuts.extend([3 * horizon, 4 * horizon]);
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// The cuts that the final fit alone needs.
pub(super) fn final_cuts(horizon: usize, step: usize) -> Vec<usize> {
    let origins = (0..ORIGINS).map(|origin| horizon + origin * step);
    let mut cuts: Vec<usize> = std::iter::once(0).chain(origins).chain([2 * horizon, 3 * horizon]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Each series with its outlooks at these origins.
pub(super) fn pairs<'a>(
    sampled: &'a [Sampled],
    cuts: &'a [usize],
) -> impl Iterator<Item = (&'a Sampled, usize, &'a Outlook)> + 'a {
    let of = |one: &'a Sampled, cut: &usize| one.outlook(*cut).map(|outlook| (one, *cut, outlook));
    sampled.iter().flat_map(move |one| cuts.iter().filter_map(move |cut| of(one, cut)))
}

/// What all products sold after the origins over what their means there said; None where one of both is nothing. Means, not the
/// forecasts: what is best for a single slow product is less the longer its history, and says nothing of the sum.
pub(super) fn sold_over_means(sampled: &[Sampled], origins: &[usize], horizon: usize) -> Option<f64> {
    let (mut sold, mut said) = (0.0, 0.0);
    for (one, cut, outlook) in pairs(sampled, origins) {
        let level = outlook.level(Flat::MeanMiddle);
        let actual = one.prepared.actual(cut, horizon);
        for (actual, index) in actual.iter().zip(outlook.index()).filter(|(actual, _)| !actual.is_nan()) {
            sold += actual;
            said += level * index;
        }
    }
    (sold > 0.0 && said > 0.0).then(|| sold / said)
}
