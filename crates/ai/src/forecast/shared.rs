//! What the catalogue knows and a single series borrows: the season's profile and the effects of events.

use super::events::{self, Effect};
use super::season;
use super::series::SeriesInput;
use indexmap::IndexMap;

/// Profile and event effects shared by all series of a catalogue. The default shares nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Shared {
    /// Season length of `indices`, 0 when none was learned.
    pub season: usize,
    /// Seasonal indices by phase, mean 1; all ones when the catalogue's total shows no season.
    pub indices: Vec<f64>,
    /// Factor at full strength of each event by name.
    pub events: IndexMap<String, f64>,
}

/// Units of evidence with which a series leans on the catalogue's factor of an event.
const EVENT_STRENGTH: f64 = 40.0;

impl Shared {
    /// Learns from a catalogue.
    pub(crate) fn learn(series: &[SeriesInput], horizon: usize) -> Self {
        let season = most_common(series.iter().map(SeriesInput::season));
        let mut shared = Self { season, indices: vec![1.0; season], events: IndexMap::new() };
        shared.learn_season(series);
        shared.learn_events(series, horizon);
        shared
    }

    fn learn_season(&mut self, series: &[SeriesInput]) {
        let season = self.season;
        if season < 2 {
            return;
        }
        let mut totals = vec![(0.0, 0.0); season];
        let mut length = 0;
        for one in series.iter().filter(|one| one.season() == season) {
            length = length.max(one.history.len());
            let sums = season::phase_sums(&one.history, one.first_phase(season), season);
            for (total, sum) in totals.iter_mut().zip(sums) {
                total.0 += sum.0.max(0.0);
            }
        }
        let mut whole = vec![0.0; length];
        for one in series.iter().filter(|one| one.season() == season) {
            for (sum, value) in whole.iter_mut().rev().zip(one.history.iter().rev()) {
                *sum += value.max(0.0);
            }
        }
        if season::is_seasonal(&whole, season) {
            self.indices = season::normalised(&totals.iter().map(|(sum, _)| *sum).collect::<Vec<_>>());
        }
    }

    fn learn_events(&mut self, series: &[SeriesInput], horizon: usize) {
        let mut effects: IndexMap<String, Effect> = IndexMap::new();
        for one in series {
            let season = one.season();
            let profile = self.profile(season);
            let first_phase = one.first_phase(season);
            let all = one.all_events(horizon);
            let known = if all.is_empty() { Vec::new() } else { one.known() };
            for event in all {
                let measured = events::measure(&known, &event, &profile, first_phase);
                let effect = effects.entry(event.name).or_default();
                effect.sold += measured.sold.max(0.0);
                effect.expected += measured.expected.max(0.0);
            }
        }
        self.events =
            effects.into_iter().map(|(name, effect)| (name, effect.factor(1.0, EVENT_STRENGTH))).collect();
    }

    /// The catalogue's indices for a season; ones when it has none of that length.
    pub(crate) fn profile(&self, season: usize) -> Vec<f64> {
        if season == self.season && self.indices.len() == season {
            self.indices.clone()
        } else {
            vec![1.0; season]
        }
    }

    /// Whether the catalogue itself is seasonal.
    pub(crate) fn is_seasonal(&self) -> bool {
        self.indices.iter().any(|index| (index - 1.0).abs() > 1e-9)
    }

    /// Factor to lean on for an event, and with how many units of evidence.
    pub(crate) fn event(&self, name: &str) -> (f64, f64) {
        (self.events.get(name).copied().unwrap_or(1.0), EVENT_STRENGTH)
    }
}

fn most_common(values: impl Iterator<Item = usize>) -> usize {
    let mut counts: IndexMap<usize, usize> = IndexMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(value, count)| (*count, *value)).map_or(1, |(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Event, Granularity};

    #[test]
    fn weekdays_and_promotions_are_learned_from_the_whole_catalogue() {
        let make = |scale: f64| {
            let promoted = |t: usize| t % 20 < 2;
            let value =
                |t: usize| scale * if t % 7 == 6 { 3.0 } else { 1.0 } * if promoted(t) { 2.0 } else { 1.0 };
            let mut series = SeriesInput::new((0..140).map(value).collect(), Granularity::Day);
            let history = (0..140).map(|t| f32::from(u8::from(promoted(t)))).collect();
            series.events.push(Event { name: "promotion".into(), history, future: vec![0.0; 7] });
            series
        };
        let shared = Shared::learn(&[make(3.0), make(10.0), make(1.0)], 7);
        assert_eq!(shared.season, 7);
        assert!(shared.is_seasonal() && shared.indices[6] > 2.0 && shared.indices[0] < 0.9, "{shared:?}");
        assert!((shared.event("promotion").0 - 2.0).abs() < 0.2, "{shared:?}");
        assert_eq!(shared.event("unknown").0, 1.0);
    }

    #[test]
    fn offers_that_sold_out_do_not_lower_what_offers_do() {
        let offered = |t: usize| t % 20 < 2;
        let make = |sold_out: bool| {
            let value = |t: usize| {
                if !offered(t) {
                    100.0
                } else if sold_out {
                    0.0
                } else {
                    200.0
                }
            };
            let mut series = SeriesInput::new((0..140).map(value).collect(), Granularity::Day);
            series.censored = (0..140).map(|t| sold_out && offered(t)).collect();
            let history = (0..140).map(|t| f32::from(u8::from(offered(t)))).collect();
            series.events.push(Event { name: "offer".into(), history, future: vec![0.0; 7] });
            series
        };
        let shared = Shared::learn(&[make(false), make(true), make(true)], 7);
        assert!((shared.event("offer").0 - 2.0).abs() < 0.2, "{shared:?}");
    }
}
