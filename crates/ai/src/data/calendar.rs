//! Instants to the shop's local days, as plain numbers of days since 1970-01-01.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use meschain_base::{Error, Result};

const SECONDS_A_DAY: i64 = 86_400;

/// Turns instants into local days. Asks the time zone database once a UTC hour at the most.
pub struct Calendar {
    zone: TimeZone,
    hour: i64,
    offset: i64,
}

impl Calendar {
    /// The calendar of an IANA zone.
    pub fn new(timezone: &str) -> Result<Self> {
        let zone = TimeZone::get(timezone)
            .map_err(|_| Error::argument("timezone", "an IANA time zone", format!("\"{timezone}\"")))?;
        Ok(Self { zone, hour: i64::MIN, offset: 0 })
    }

    /// The local day of an instant in epoch seconds.
    pub fn day(&mut self, instant: i64) -> i32 {
        // Offsets change on whole or half hours of UTC; a quarter of an hour is fine enough for every zone there is.
        let quarter = instant.div_euclid(900);
        if quarter != self.hour {
            self.hour = quarter;
            let known = Timestamp::from_second(instant).ok();
            self.offset = known.map_or(0, |instant| i64::from(self.zone.to_offset(instant).seconds()));
        }
        i32::try_from((instant + self.offset).div_euclid(SECONDS_A_DAY)).unwrap_or(i32::MAX)
    }
}

/// A day number as a date; days outside the calendar become its nearest end.
pub fn date_of(day: i32) -> Date {
    let epoch = Date::constant(1970, 1, 1);
    epoch.saturating_add(i64::from(day).days())
}

/// A date as a day number.
pub fn day_of(date: Date) -> i32 {
    let since = date.since((jiff::Unit::Day, Date::constant(1970, 1, 1)));
    since.map_or(0, |span| span.get_days())
}

/// The Monday on or before `day`.
pub fn monday_of(day: i32) -> i32 {
    // 1970-01-01 was a Thursday.
    day - (day + 3).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_local_midnight() {
        let mut istanbul = Calendar::new("Europe/Istanbul").unwrap();
        let midnight = "2026-11-21T21:00:00Z".parse::<Timestamp>().unwrap().as_second();
        assert_eq!(date_of(istanbul.day(midnight - 1)), Date::constant(2026, 11, 21));
        assert_eq!(date_of(istanbul.day(midnight)), Date::constant(2026, 11, 22));
    }

    #[test]
    fn summer_time_moves_the_day() {
        let mut berlin = Calendar::new("Europe/Berlin").unwrap();
        let day = |calendar: &mut Calendar, text: &str| {
            date_of(calendar.day(text.parse::<Timestamp>().unwrap().as_second())).to_string()
        };
        assert_eq!(day(&mut berlin, "2026-01-10T22:30:00Z"), "2026-01-10");
        assert_eq!(day(&mut berlin, "2026-07-10T22:30:00Z"), "2026-07-11");
    }

    #[test]
    fn mondays_and_round_trips() {
        for day in [-10, 0, 3, 4, 20_000] {
            assert_eq!(day_of(date_of(day)), day);
            assert_eq!(date_of(monday_of(day)).weekday(), jiff::civil::Weekday::Monday);
            assert!((0..7).contains(&(day - monday_of(day))));
        }
    }
}
