//! From an input to clean numbers: censored periods missing, leading zeros off, event effects out.

use super::classify::{self, Class};
use super::ended;
use super::events;
use super::season;
use super::series::{Granularity, SeriesInput};
use super::shared::Shared;

/// A series ready for the methods.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    /// Values from the first sale on, event effects divided out; missing (censored) are NaN.
    pub values: Vec<f64>,
    /// Phase of `values[0]`.
    pub first_phase: usize,
    /// Season length tried, 1 for none.
    pub season: usize,
    /// Whether the series itself shows the season.
    pub seasonal: bool,
    pub class: Class,
    /// See [`ended::has_ended`].
    pub has_ended: bool,
    /// Factor of the known events on each period of the horizon.
    pub future: Vec<f64>,
    pub granularity: Granularity,
    /// Machine words on what was done.
    pub reasons: Vec<&'static str>,
}

/// A series as seen at one origin: everything before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub values: &'a [f64],
    pub first_phase: usize,
    pub season: usize,
    pub seasonal: bool,
    pub granularity: Granularity,
}

impl Prepared {
    /// Prepares a checked input, with the effects and profile the catalogue shares.
    pub(crate) fn new(series: &SeriesInput, horizon: usize, shared: &Shared) -> Self {
        let season = series.season();
        let mut values = series.known();
        let mut reasons = Vec::new();
        if series.censored.contains(&true) {
            reasons.push("stock_outs_ignored");
        }
        let mut first_phase = series.first_phase(season);
        let mut future = vec![1.0; horizon];
        let index = shared.profile(season);
        for event in series.all_events(horizon) {
            let effect = events::measure(&values, &event, &index, first_phase);
            let (towards, strength) = shared.event(&event.name);
            let factor = effect.factor(towards, strength);
            events::apply(&mut values, &mut future, &event, factor);
            if event.future.iter().take(horizon).any(|s| *s > 0.0) && (factor - 1.0).abs() > 0.02 {
                reasons.push("known_event");
            }
        }
        reasons.dedup();
        // Everything before the first sale was a product not yet listed, not a product without demand.
        let unlisted = values.iter().position(|v| *v > 0.0).unwrap_or(0);
        values.drain(..unlisted);
        first_phase = (first_phase + unlisted) % season;
        let seasonal = season::is_seasonal(&values, season);
        let class = classify::classify(&values);
        let has_ended = ended::is_silent(&values, series.granularity.silence());
        Self {
            values,
            first_phase,
            season,
            seasonal,
            class,
            has_ended,
            future,
            granularity: series.granularity,
            reasons,
        }
    }

    /// The series without its last `cut` periods.
    pub(crate) fn view(&self, cut: usize) -> View<'_> {
        let kept = self.values.len().saturating_sub(cut);
        View {
            values: self.values.get(..kept).unwrap_or(&[]),
            first_phase: self.first_phase,
            season: self.season,
            seasonal: self.seasonal,
            granularity: self.granularity,
        }
    }

    /// What happened in the `horizon` periods after the view of `cut` (NaN: unknown).
    pub(crate) fn actual(&self, cut: usize, horizon: usize) -> &[f64] {
        let from = self.values.len().saturating_sub(cut);
        self.values.get(from..(from + horizon).min(self.values.len())).unwrap_or(&[])
    }
}
