//! Brings the sum of all forecasts to where the catalogue as a whole is going.

use super::like_for_like::LikeForLike;
use super::outlook::{COUNT, MEAN};
use super::prepare::Prepared;
use super::total;
use serde::{Deserialize, Serialize};

/// Factor by which a combination is scaled at most; what is missing beyond it is filled with means.
const MOST_FACTOR: f64 = 2.0;
/// Most that a catalogue too young for a reference is believed to drift from its means within a horizon: after the first peak of a shop the
/// way down is steeper than what follows.
const MOST_DRIFT: f64 = 1.25;
/// Least factor.
const LEAST_FACTOR: f64 = 0.5;

/// How a combination of the candidates is brought to the catalogue's expected total.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Level {
    /// The combination times this ...
    pub factor: f64,
    /// ... plus each product's own mean times this. Above 0 where products are so slow that the best guess for a single
    /// period is near nothing: scaling nothing does not make the sum right.
    pub mean: f64,
}

impl Default for Level {
    fn default() -> Self {
        Self { factor: 1.0, mean: 0.0 }
    }
}

impl Level {
    /// Weights of the candidates with the level in them.
    pub(crate) fn apply(self, weights: &[f64; COUNT]) -> [f64; COUNT] {
        let mut scaled = [0.0; COUNT];
        for (at, (scaled, weight)) in scaled.iter_mut().zip(weights).enumerate() {
            *scaled = weight * self.factor + if at == MEAN { self.mean } else { 0.0 };
        }
        scaled
    }

    /// Whether the parts are what [`level`] gives.
    pub(crate) fn is_sound(self) -> bool {
        (0.1..=10.0).contains(&self.factor) && (0.0..=10.0).contains(&self.mean)
    }
}

/// One product's part in the sum of all forecasts, before any level.
pub(crate) struct Share<'a> {
    pub prepared: &'a Prepared,
    /// Sum of its combined path over the horizon.
    pub combined: f64,
    /// Sum of its mean over the horizon.
    pub mean: f64,
}

/// The level at which all forecasts sum up to the reference for what the catalogue of now sells; `season` is the catalogue's, which a
/// product may be too young for. A catalogue that is too young for a reference goes on as it went at past origins: `past` is what was sold there over what
/// its means said. No change when there is too little to say.
pub(crate) fn level<'a>(
    shares: impl Iterator<Item = Share<'a>>,
    season: usize,
    end: usize,
    horizon: usize,
    past: impl FnOnce() -> Option<f64>,
) -> Level {
    let mut total = LikeForLike::new(season);
    let (mut combined, mut means) = (0.0, 0.0);
    for share in shares {
        combined += share.combined;
        means += share.mean;
        total.add(share.prepared.view(end).values);
    }
    let reference = total::reference(&total.cycles(), horizon.div_ceil(season).max(1));
    let by_reference = reference.map(|reference| reference * horizon as f64 / season as f64);
    let Some(expected) = by_reference.or_else(|| Some(past()?.clamp(1.0 / MOST_DRIFT, MOST_DRIFT) * means))
    else {
        return Level::default();
    };
    let wanted = if combined > 0.0 { expected / combined } else { f64::INFINITY };
    let factor = wanted.clamp(LEAST_FACTOR, MOST_FACTOR);
    let missing = (expected - factor * combined).max(0.0);
    let mean = if wanted > MOST_FACTOR && means > 0.0 { (missing / means).min(1.5) } else { 0.0 };
    Level { factor, mean }
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
        let share = Share { prepared: &prepared, combined: 32.0, mean: 40.0 };
        let found = level(std::iter::once(share), 1, 0, 4, || None);
        assert!((found.factor - 1.25).abs() < 0.02 && found.mean == 0.0, "{found:?}");
    }

    #[test]
    fn what_scaling_cannot_reach_is_filled_with_means() {
        let prepared = made(|_| 10.0, 60);
        let share = Share { prepared: &prepared, combined: 4.0, mean: 40.0 };
        let found = level(std::iter::once(share), 1, 0, 4, || None);
        assert!((found.factor * 4.0 + found.mean * 40.0 - 40.0).abs() < 1.0, "{found:?}");
        let silent = Share { prepared: &prepared, combined: 0.0, mean: 40.0 };
        assert!((level(std::iter::once(silent), 1, 0, 4, || None).mean - 1.0).abs() < 0.02);
    }

    #[test]
    fn a_young_catalogue_goes_on_from_its_means_as_it_went() {
        let prepared = made(|_| 10.0, 15);
        let share = || std::iter::once(Share { prepared: &prepared, combined: 32.0, mean: 40.0 });
        assert_eq!(level(share(), 1, 0, 4, || None), Level::default());
        assert!((level(share(), 1, 0, 4, || Some(1.1)).factor - 1.375).abs() < 1e-9);
        let (steep, most) = (level(share(), 1, 0, 4, || Some(0.2)), MOST_DRIFT);
        assert!(
            (steep.factor - 40.0 / most / 32.0).abs() < 1e-9,
            "after a peak the way down ends: {steep:?}"
        );
        let slow = || std::iter::once(Share { prepared: &prepared, combined: 10.0, mean: 40.0 });
        let found = level(slow(), 1, 0, 4, || Some(1.0));
        assert!(
            (found.factor * 10.0 + found.mean * 40.0 - 40.0).abs() < 1e-9 && found.mean > 0.0,
            "{found:?}"
        );
    }
}
