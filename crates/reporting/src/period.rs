//! The days a report is about, and the days they are compared with.

use crate::context::start_of_day;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan, Unit};
use meschain_base::{Error, Result};
use serde::Serialize;
use std::ops::Range;

/// A range of days by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// This day so far.
    Today,
    /// The day before.
    Yesterday,
    /// 7 days up to today.
    Last7,
    /// 30 days up to today.
    Last30,
    /// 90 days up to today.
    Last90,
    /// This calendar month up to today.
    Month,
    /// This calendar quarter up to today.
    Quarter,
    /// This calendar year up to today.
    Year,
    /// The calendar year before this one.
    LastYear,
    /// From the first order to the last one.
    All,
    /// From a day to a day.
    Custom,
}

impl Preset {
    /// Names in the order pages list them.
    pub const NAMES: &'static [&'static str] = &[
        "today",
        "yesterday",
        "last_7",
        "last_30",
        "last_90",
        "month",
        "quarter",
        "year",
        "last_year",
        "all",
        "custom",
    ];

    const ALL: [Self; 11] = [
        Self::Today,
        Self::Yesterday,
        Self::Last7,
        Self::Last30,
        Self::Last90,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::LastYear,
        Self::All,
        Self::Custom,
    ];

    /// By name.
    pub fn parse(name: &str) -> Result<Self> {
        let found = Self::NAMES.iter().zip(Self::ALL).find(|(known, _)| **known == name);
        let expected = || format!("one of {}", Self::NAMES.join(", "));
        found.map(|(_, preset)| preset).ok_or_else(|| Error::argument("range", expected(), name))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .zip(Self::NAMES)
            .find(|(preset, _)| **preset == self)
            .map_or("custom", |(_, name)| name)
    }

    /// The days, given today. [`Preset::All`] and [`Preset::Custom`] take `given`.
    pub(crate) fn days(self, today: Date, given: Option<(Date, Date)>) -> Result<Days> {
        let back = |days: i32| shift(today, (-days).days());
        let (from, to) = match self {
            Self::Today => (today, today),
            Self::Yesterday => (back(1)?, back(1)?),
            Self::Last7 => (back(6)?, today),
            Self::Last30 => (back(29)?, today),
            Self::Last90 => (back(89)?, today),
            Self::Month => (today.first_of_month(), today),
            Self::Quarter => {
                let into = (today.month() - 1) % 3;
                (shift(today.first_of_month(), (-i32::from(into)).months())?, today)
            }
            Self::Year => (today.first_of_year(), today),
            Self::LastYear => {
                let year = shift(today.first_of_year(), (-1).year())?;
                (year, year.last_of_year())
            }
            Self::All | Self::Custom => given.unwrap_or((today, today)),
        };
        Ok(Days { from, to })
    }

    /// The days before, to compare with: for calendar ranges the same days of the month, quarter or year before (a day
    /// that month lacks becomes its last), else as many days directly before.
    pub(crate) fn previous(self, days: Days) -> Result<Days> {
        let step = match self {
            Self::Month => (-1).month(),
            Self::Quarter => (-3).months(),
            Self::Year | Self::LastYear => (-1).year(),
            _ => {
                let to = shift(days.from, (-1).day())?;
                return Ok(Days { from: shift(days.from, (-days.count()).days())?, to });
            }
        };
        days.shifted(step)
    }
}

/// Days from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Days {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Days {
    /// How many.
    pub fn count(self) -> i64 {
        let days = self.from.until((Unit::Day, self.to)).map(|span| i64::from(span.get_days())).unwrap_or(0);
        days + 1
    }

    /// The same days a year before; 29 February becomes the 28th.
    pub(crate) fn year_before(self) -> Result<Self> {
        self.shifted((-1).year())
    }

    fn shifted(self, step: Span) -> Result<Self> {
        Ok(Self { from: shift(self.from, step)?, to: shift(self.to, step)? })
    }

    /// First instant of the first day and of the day after the last, in seconds since 1970 UTC.
    pub(crate) fn bounds(self, zone: &TimeZone) -> Result<Range<i64>> {
        Ok(start_of_day(self.from, zone)?..start_of_day(shift(self.to, 1.day())?, zone)?)
    }
}

pub(crate) fn shift(day: Date, step: Span) -> Result<Date> {
    day.checked_add(step).map_err(|_| Error::argument("from", "a day of this calendar", day.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn of(preset: Preset, today: Date) -> (String, String) {
        let days = preset.days(today, None).unwrap();
        let previous = preset.previous(days).unwrap();
        (format!("{}..{}", days.from, days.to), format!("{}..{}", previous.from, previous.to))
    }

    #[test]
    fn presets_across_the_new_year() {
        let today = date(2026, 1, 2);
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(of(Preset::Today, today), pair("2026-01-02..2026-01-02", "2026-01-01..2026-01-01"));
        assert_eq!(of(Preset::Last7, today), pair("2025-12-27..2026-01-02", "2025-12-20..2025-12-26"));
        assert_eq!(of(Preset::Month, today), pair("2026-01-01..2026-01-02", "2025-12-01..2025-12-02"));
        assert_eq!(
            of(Preset::Quarter, date(2026, 6, 30)),
            pair("2026-04-01..2026-06-30", "2026-01-01..2026-03-30")
        );
        assert_eq!(of(Preset::Year, today), pair("2026-01-01..2026-01-02", "2025-01-01..2025-01-02"));
        assert_eq!(of(Preset::LastYear, today), pair("2025-01-01..2025-12-31", "2024-01-01..2024-12-31"));
    }

    #[test]
    fn days_a_month_lacks_become_its_last() {
        assert_eq!(of(Preset::Month, date(2026, 3, 31)).1, "2026-02-01..2026-02-28");
        let leap = Days { from: date(2024, 2, 29), to: date(2024, 2, 29) };
        assert_eq!(leap.year_before().unwrap().from, date(2023, 2, 28));
    }

    #[test]
    fn days_have_the_hours_their_zone_gives_them() {
        let hours = |zone: &str, day: Date| {
            let bounds = Days { from: day, to: day }.bounds(&TimeZone::get(zone).unwrap()).unwrap();
            (bounds.end - bounds.start) / 3_600
        };
        assert_eq!(hours("Europe/Berlin", date(2026, 3, 29)), 23);
        assert_eq!(hours("Europe/Berlin", date(2026, 10, 25)), 25);
        assert_eq!(hours("Europe/Istanbul", date(2026, 3, 29)), 24);
        // Midnight itself was skipped here.
        assert_eq!(hours("America/Sao_Paulo", date(2018, 11, 4)), 23);
    }

    proptest! {
        #[test]
        fn previous_ends_right_before_and_is_as_long(day in 0_i32..20_000, length in 0_i32..800) {
            let from = shift(date(1990, 1, 1), day.days()).unwrap();
            let days = Days { from, to: shift(from, length.days()).unwrap() };
            let previous = Preset::Custom.previous(days).unwrap();
            prop_assert_eq!(previous.count(), days.count());
            prop_assert_eq!(shift(previous.to, 1.day()).unwrap(), days.from);
        }
    }
}
