//! The clock a shop's dates are written by. OpenCart sets PHP and its session to `config_timezone`, so its naive datetimes show that
//! zone's wall clock, not UTC.

use super::schema::NO_DATE;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

/// Turns what OpenCart wrote into instants and back.
#[derive(Debug, Clone)]
pub struct WallClock(TimeZone);

impl WallClock {
    /// Of a zone by its IANA name. OpenCart falls back on UTC for a name that PHP does not know; so does this.
    pub fn new(timezone: &str) -> Self {
        Self(TimeZone::get(timezone).unwrap_or(TimeZone::UTC))
    }

    /// The instant at which the clock shows `written`, a datetime counted as if it were UTC. Of an hour that comes twice, the first.
    pub fn instant(&self, written: i64) -> i64 {
        if written == NO_DATE || self.0 == TimeZone::UTC {
            return written;
        }
        let shown = Timestamp::from_second(written).map(|at| Offset::UTC.to_datetime(at));
        let instant = shown.and_then(|shown| self.0.to_timestamp(shown));
        instant.map_or(written, |instant| instant.as_second())
    }

    /// What the clock shows at `instant`, counted as if it were UTC.
    pub fn written(&self, instant: i64) -> i64 {
        let shown = Timestamp::from_second(instant).map(|at| self.0.to_datetime(at));
        let counted = shown.and_then(|shown| Offset::UTC.to_timestamp(shown));
        counted.map_or(instant, |counted| counted.as_second())
    }

    /// The same as a statement has it: `2026-11-22 05:00:00`.
    pub fn text(&self, instant: i64) -> String {
        let instant = Timestamp::from_second(instant).unwrap_or_default();
        self.0.to_datetime(instant).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The day it shows.
    pub(super) fn day(&self, instant: Timestamp) -> jiff::civil::Date {
        self.0.to_datetime(instant).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    #[test]
    fn new_years_eve_in_istanbul_is_three_hours_earlier_in_utc() {
        let clock = WallClock::new("Europe/Istanbul");
        assert_eq!(clock.instant(second("2026-01-01T00:10:00Z")), second("2025-12-31T21:10:00Z"));
        assert_eq!(clock.written(second("2025-12-31T21:10:00Z")), second("2026-01-01T00:10:00Z"));
        assert_eq!(clock.text(second("2025-12-31T21:10:00Z")), "2026-01-01 00:10:00");
        assert_eq!(clock.instant(second("2015-01-01T02:00:00Z")), second("2015-01-01T00:00:00Z"));
        assert_eq!(clock.instant(NO_DATE), NO_DATE);
    }

    #[test]
    fn an_hour_that_comes_twice_is_the_first_and_a_zone_nobody_knows_is_utc() {
        let clock = WallClock::new("Europe/Berlin");
        assert_eq!(clock.instant(second("2025-10-26T02:30:00Z")), second("2025-10-26T00:30:00Z"));
        for unknown in ["", "Mars/Olympus", "UTC"] {
            assert_eq!(WallClock::new(unknown).instant(1_700_000_000), 1_700_000_000);
        }
    }
}
