//! What a forecast is made from: one product's history and what is known about its future.

use super::calendar;
use jiff::civil::Date;
use meschain_base::{Error, Result};

/// Length of one period of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Granularity {
    /// Calendar days.
    Day,
    /// Weeks.
    Week,
    /// Calendar months.
    Month,
}

impl Granularity {
    /// Usual season length in periods: 7 days, 12 months; a weekly series has none unless 52 is asked for.
    pub fn season(self) -> usize {
        match self {
            Self::Day => 7,
            Self::Week => 1,
            Self::Month => 12,
        }
    }

    /// Average number of days in one period.
    pub fn days(self) -> f64 {
        match self {
            Self::Day => 1.0,
            Self::Week => 7.0,
            Self::Month => 30.4375,
        }
    }

    /// Short, middle and long window of the level estimates, in periods (about 4, 8 and 16 weeks of days).
    pub(crate) fn windows(self) -> [usize; 3] {
        match self {
            Self::Day => [28, 56, 112],
            Self::Week => [4, 8, 13],
            Self::Month => [3, 6, 12],
        }
    }

    /// Periods without a sale, at least, after which a product may have ended.
    pub(crate) fn silence(self) -> usize {
        match self {
            Self::Day => 56,
            Self::Week => 8,
            Self::Month => 3,
        }
    }

    /// Periods that make one step between back-test origins.
    pub(crate) fn step(self) -> usize {
        match self {
            Self::Day => 7,
            Self::Week | Self::Month => 1,
        }
    }
}

/// A known event, such as a promotion: its strength (0 none, 1 full) in every period of the past and of the future.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Name under which its effect is pooled over the catalogue.
    pub name: String,
    /// One value a period of the history.
    pub history: Vec<f32>,
    /// One value a period of the horizon (at least).
    pub future: Vec<f32>,
}

/// What similar products tell about a new one.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Prior {
    /// Units a period that a new product of the category sells.
    pub level: f64,
    /// Seasonal indices by phase (mean 1); empty: none. Its length is the season.
    pub profile: Vec<f64>,
}

/// One product's sales history, oldest first, and what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesInput {
    /// Units sold in each period. Negative periods (net returns) count as zero.
    pub history: Vec<f64>,
    /// First day of the first period. Anchors weekdays, months and holidays; without it series are aligned at their end.
    pub start: Option<Date>,
    /// Length of a period.
    pub granularity: Granularity,
    /// Season lengths to test, longest useful first; empty: the granularity's own.
    pub seasons: Vec<usize>,
    /// Periods in which the product was out of stock, so that sales are censored; empty: none.
    pub censored: Vec<bool>,
    /// Promotions and other known events.
    pub events: Vec<Event>,
    /// Adds the moving religious holidays of Turkey (needs `start`).
    pub holidays: bool,
    /// Used while the history is short.
    pub prior: Option<Prior>,
}

/// Largest sales value accepted, so that no sum of squares can overflow.
pub const LARGEST_VALUE: f64 = 1e12;
/// Longest horizon accepted, in periods.
pub const LONGEST_HORIZON: usize = 731;
/// Longest history accepted, in periods.
pub const LONGEST_HISTORY: usize = 20_000;

impl SeriesInput {
    /// A series with nothing but its history.
    pub fn new(history: Vec<f64>, granularity: Granularity) -> Self {
        Self {
            history,
            start: None,
            granularity,
            seasons: Vec::new(),
            censored: Vec::new(),
            events: Vec::new(),
            holidays: false,
            prior: None,
        }
    }

    /// Checks lengths and values against a horizon; names the field that is wrong.
    pub fn check(&self, horizon: usize) -> Result<()> {
        if horizon == 0 || horizon > LONGEST_HORIZON {
            return Err(Error::argument("horizon", format!("1 to {LONGEST_HORIZON}"), horizon.to_string()));
        }
        if self.history.len() > LONGEST_HISTORY {
            let given = format!("{} periods", self.history.len());
            return Err(Error::argument("history", format!("at most {LONGEST_HISTORY} periods"), given));
        }
        if let Some(bad) = self.history.iter().find(|v| !v.is_finite() || v.abs() > LARGEST_VALUE) {
            return Err(Error::argument("history", "finite values up to 1e12", bad.to_string()));
        }
        if !self.censored.is_empty() && self.censored.len() != self.history.len() {
            let given = format!("{} flags", self.censored.len());
            return Err(Error::argument("censored", format!("{} flags", self.history.len()), given));
        }
        if let Some(bad) = self.seasons.iter().find(|season| **season == 0 || **season > 366) {
            return Err(Error::argument("seasons", "1 to 366", bad.to_string()));
        }
        self.events.iter().try_for_each(|event| event.check(self.history.len(), horizon))?;
        self.prior.as_ref().map_or(Ok(()), Prior::check)
    }

    /// The season length to try: the first candidate with at least two full cycles of history, else 1.
    pub(crate) fn season(&self) -> usize {
        let own = [self.granularity.season()];
        let candidates = if self.seasons.is_empty() { own.as_slice() } else { self.seasons.as_slice() };
        let enough = |season: &&usize| **season > 1 && self.history.len() >= 2 * **season;
        candidates.iter().find(enough).copied().unwrap_or(1)
    }

    /// What demand is known of: net returns are no sale, and stock-outs (NaN) say nothing.
    pub(crate) fn known(&self) -> Vec<f64> {
        let mut values: Vec<f64> = self.history.iter().map(|value| value.max(0.0)).collect();
        for (value, _) in values.iter_mut().zip(&self.censored).filter(|(_, censored)| **censored) {
            *value = f64::NAN;
        }
        values
    }

    /// Phase (0-based position within the season) of the first period.
    pub(crate) fn first_phase(&self, season: usize) -> usize {
        let aligned_at_end = (season - self.history.len() % season) % season;
        match (self.start, self.granularity, season) {
            (Some(start), Granularity::Day, 7) => {
                start.weekday().to_monday_zero_offset().unsigned_abs().into()
            }
            (Some(start), Granularity::Month, 12) => start.month().unsigned_abs() as usize - 1,
            _ => aligned_at_end,
        }
    }

    /// All events: those given and, when asked for, the moving holidays.
    pub(crate) fn all_events(&self, horizon: usize) -> Vec<Event> {
        let mut events = self.events.clone();
        if let (true, Some(start)) = (self.holidays, self.start) {
            events.extend(calendar::events(start, self.granularity, self.history.len(), horizon));
        }
        events
    }
}

impl Event {
    fn check(&self, history: usize, horizon: usize) -> Result<()> {
        let name = format!("events[{}]", self.name);
        if self.history.len() != history || self.future.len() < horizon {
            let given = format!("{} and {}", self.history.len(), self.future.len());
            return Err(Error::argument(name, format!("{history} past and {horizon} future values"), given));
        }
        match self.history.iter().chain(&self.future).find(|v| !(0.0..=1.0).contains(*v)) {
            Some(bad) => Err(Error::argument(name, "values from 0 to 1", bad.to_string())),
            None => Ok(()),
        }
    }
}

impl Prior {
    fn check(&self) -> Result<()> {
        let fine = |v: &f64| v.is_finite() && (0.0..=LARGEST_VALUE).contains(v);
        match std::iter::once(&self.level).chain(&self.profile).find(|v| !fine(v)) {
            Some(bad) => Err(Error::argument("prior", "finite values of at least 0", bad.to_string())),
            None => Ok(()),
        }
    }
}
