//! Points of a series: where each begins on the clock, and which one an instant falls into.

use crate::context::start_of_day;
use crate::period::{Days, shift};
use crate::query::Granularity;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use meschain_base::{Error, Result};

/// One point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bucket {
    /// `2026-11-22`, `2026-11-22 14:00`, `2026-W47` or `2026-11`.
    pub(crate) key: String,
    /// First instant, in seconds since 1970 UTC.
    pub(crate) start: i64,
}

/// The points of some days, without gaps, by time.
#[derive(Debug, Clone)]
pub(crate) struct Buckets {
    pub(crate) list: Vec<Bucket>,
    starts: Vec<i64>,
    end: i64,
    /// For each hour since the first instant, the point it begins in.
    by_hour: Vec<u32>,
}

const HOUR: i64 = 3_600;

impl Buckets {
    /// The points of `days`. A week or month that the range cuts is cut.
    pub(crate) fn of(days: Days, granularity: Granularity, zone: &TimeZone) -> Result<Self> {
        let mut list = Vec::new();
        let mut day = days.from;
        while day <= days.to {
            match granularity {
                Granularity::Hour => hours(day, zone, &mut list)?,
                _ if day == days.from || begins(day, granularity) => {
                    list.push(Bucket { key: key(day, granularity), start: start_of_day(day, zone)? });
                }
                _ => {}
            }
            day = shift(day, 1.day())?;
        }
        Ok(Self::from_list(list, days.bounds(zone)?.end))
    }

    fn from_list(list: Vec<Bucket>, end: i64) -> Self {
        let starts: Vec<i64> = list.iter().map(|bucket| bucket.start).collect();
        let first = starts.first().copied().unwrap_or(end);
        let mut by_hour = Vec::new();
        let mut next = 0;
        for hour in (first..end).step_by(HOUR as usize) {
            while starts.get(next + 1).is_some_and(|start| *start <= hour) {
                next += 1;
            }
            by_hour.push(next as u32);
        }
        Self { list, starts, end, by_hour }
    }

    /// First instants of the points, and the instant after the last.
    pub(crate) fn starts(&self) -> impl Iterator<Item = i64> + '_ {
        self.starts.iter().copied().chain([self.end])
    }

    /// The point an instant falls into; `None` outside.
    pub(crate) fn find(&self, instant: i64) -> Option<usize> {
        let since = instant.checked_sub(*self.starts.first()?).filter(|since| *since >= 0)?;
        if instant >= self.end {
            return None;
        }
        let mut point = *self.by_hour.get(usize::try_from(since / HOUR).ok()?)? as usize;
        while self.starts.get(point + 1).is_some_and(|start| *start <= instant) {
            point += 1;
        }
        Some(point)
    }
}

fn begins(day: Date, granularity: Granularity) -> bool {
    match granularity {
        Granularity::Week => day.weekday() == Weekday::Monday,
        Granularity::Month => day.day() == 1,
        _ => true,
    }
}

fn key(day: Date, granularity: Granularity) -> String {
    match granularity {
        Granularity::Week => {
            let week = day.iso_week_date();
            format!("{:04}-W{:02}", week.year(), week.week())
        }
        Granularity::Month => day.strftime("%Y-%m").to_string(),
        _ => day.to_string(),
    }
}

/// Hours as the clock on the wall shows them: the hour a clock change skips is not there, the one it repeats is one point
/// of two hours.
fn hours(day: Date, zone: &TimeZone, list: &mut Vec<Bucket>) -> Result<()> {
    for hour in 0..24 {
        let wall = day.at(hour, 0, 0, 0);
        let start = zone.to_ambiguous_timestamp(wall).compatible();
        let start = start.map_err(|error| Error::internal("hour", error.to_string()))?.as_second();
        let real = zone.to_datetime(jiff::Timestamp::from_second(start).unwrap_or_default());
        if real.date() == day && real.hour() == hour {
            list.push(Bucket { key: format!("{day} {hour:02}:00"), start });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn buckets(from: Date, to: Date, granularity: Granularity, zone: &str) -> Buckets {
        Buckets::of(Days { from, to }, granularity, &TimeZone::get(zone).unwrap()).unwrap()
    }

    #[test]
    fn hours_of_a_clock_change() {
        let spring = buckets(date(2026, 3, 29), date(2026, 3, 29), Granularity::Hour, "Europe/Berlin");
        let keys: Vec<_> = spring.list.iter().map(|bucket| bucket.key.as_str()).collect();
        assert_eq!((keys.len(), keys[1], keys[2]), (23, "2026-03-29 01:00", "2026-03-29 03:00"));
        let autumn = buckets(date(2026, 10, 25), date(2026, 10, 25), Granularity::Hour, "Europe/Berlin");
        assert_eq!(autumn.list.len(), 24);
        assert_eq!(autumn.list[3].start - autumn.list[2].start, 2 * HOUR);
    }

    #[test]
    fn weeks_and_months_are_cut_by_the_range_and_named_by_iso() {
        let weeks = buckets(date(2025, 12, 27), date(2026, 1, 6), Granularity::Week, "Europe/Istanbul");
        let keys: Vec<_> = weeks.list.iter().map(|bucket| bucket.key.as_str()).collect();
        assert_eq!(keys, ["2025-W52", "2026-W01", "2026-W02"]);
        let months = buckets(date(2025, 12, 31), date(2026, 2, 1), Granularity::Month, "Europe/Istanbul");
        let keys: Vec<_> = months.list.iter().map(|bucket| bucket.key.as_str()).collect();
        assert_eq!(keys, ["2025-12", "2026-01", "2026-02"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn find_agrees_with_the_calendar(start in 0_i32..9_000, length in 0_i32..60, instant in -200_000_i64..5_500_000, zone in 0_usize..4) {
            let name = ["Europe/Berlin", "Europe/Istanbul", "Australia/Lord_Howe", "Asia/Kathmandu"][zone];
            let zone = TimeZone::get(name).unwrap();
            let from = shift(date(2001, 1, 1), start.days()).unwrap();
            let days = Days { from, to: shift(from, length.days()).unwrap() };
            let buckets = Buckets::of(days, Granularity::Day, &zone).unwrap();
            let instant = buckets.starts().next().unwrap() + instant;
            let local = jiff::Timestamp::from_second(instant).unwrap().to_zoned(zone).date();
            let expected = (days.from..=days.to).contains(&local).then(|| local.to_string());
            let found = buckets.find(instant).map(|point| buckets.list[point].key.clone());
            prop_assert_eq!(found, expected);
        }
    }
}
