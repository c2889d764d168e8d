//! Religious holidays that move through the year, with their true dates in Turkey.
//!
//! First days as announced by the Presidency of Religious Affairs up to 2026; later years follow its rule (crescent
//! visible anywhere on earth), computed from the astronomical new moon (Meeus, chapter 49) with 8 to 13 hours between
//! conjunction and visibility, which agrees with every announced date since 2017.

use super::series::{Event, Granularity};
use jiff::ToSpan;
use jiff::civil::{Date, date};

/// One year's moving holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holiday {
    /// First day of the month of fasting.
    pub ramazan: Date,
    /// First of the three days of Ramazan Bayrami.
    pub ramazan_bayrami: Date,
    /// First of the four days of Kurban Bayrami that follows.
    pub kurban_bayrami: Date,
}

const fn year(ramazan: Date, ramazan_bayrami: Date, kurban_bayrami: Date) -> Holiday {
    Holiday { ramazan, ramazan_bayrami, kurban_bayrami }
}

/// Lunar years from 2009 to 2035.
pub const HOLIDAYS: [Holiday; 28] = [
    year(date(2009, 8, 21), date(2009, 9, 20), date(2009, 11, 27)),
    year(date(2010, 8, 11), date(2010, 9, 9), date(2010, 11, 16)),
    year(date(2011, 8, 1), date(2011, 8, 30), date(2011, 11, 6)),
    year(date(2012, 7, 20), date(2012, 8, 19), date(2012, 10, 25)),
    year(date(2013, 7, 9), date(2013, 8, 8), date(2013, 10, 15)),
    year(date(2014, 6, 28), date(2014, 7, 28), date(2014, 10, 4)),
    year(date(2015, 6, 18), date(2015, 7, 17), date(2015, 9, 24)),
    year(date(2016, 6, 6), date(2016, 7, 5), date(2016, 9, 12)),
    year(date(2017, 5, 27), date(2017, 6, 25), date(2017, 9, 1)),
    year(date(2018, 5, 16), date(2018, 6, 15), date(2018, 8, 21)),
    year(date(2019, 5, 6), date(2019, 6, 4), date(2019, 8, 11)),
    year(date(2020, 4, 24), date(2020, 5, 24), date(2020, 7, 31)),
    year(date(2021, 4, 13), date(2021, 5, 13), date(2021, 7, 20)),
    year(date(2022, 4, 2), date(2022, 5, 2), date(2022, 7, 9)),
    year(date(2023, 3, 23), date(2023, 4, 21), date(2023, 6, 28)),
    year(date(2024, 3, 11), date(2024, 4, 10), date(2024, 6, 16)),
    year(date(2025, 3, 1), date(2025, 3, 30), date(2025, 6, 6)),
    year(date(2026, 2, 19), date(2026, 3, 20), date(2026, 5, 27)),
    year(date(2027, 2, 8), date(2027, 3, 9), date(2027, 5, 16)),
    year(date(2028, 1, 28), date(2028, 2, 26), date(2028, 5, 5)),
    year(date(2029, 1, 16), date(2029, 2, 14), date(2029, 4, 24)),
    year(date(2030, 1, 5), date(2030, 2, 4), date(2030, 4, 13)),
    year(date(2030, 12, 26), date(2031, 1, 24), date(2031, 4, 2)),
    year(date(2031, 12, 15), date(2032, 1, 14), date(2032, 3, 22)),
    year(date(2032, 12, 4), date(2033, 1, 2), date(2033, 3, 11)),
    year(date(2033, 11, 23), date(2033, 12, 23), date(2034, 3, 1)),
    year(date(2034, 11, 12), date(2034, 12, 12), date(2035, 2, 18)),
    year(date(2035, 11, 1), date(2035, 12, 1), date(2036, 2, 7)),
];

/// A run of days that counts as one event.
struct Span {
    name: &'static str,
    /// Whether they are the feast itself.
    feast: bool,
    first: fn(&Holiday) -> Date,
    /// Days from `first` at which the run begins, and its length.
    from: i64,
    days: i64,
}

impl Span {
    fn dates(&self, year: &Holiday) -> impl Iterator<Item = Date> + use<> {
        let first = (self.first)(year);
        (self.from..self.from + self.days).map(move |offset| first.saturating_add(offset.days()))
    }
}

/// People buy in the week before a feast and stay away on its days, so both are events of their own.
const SPANS: [Span; 5] = [
    Span { name: "ramazan", feast: false, first: |h| h.ramazan, from: 0, days: 22 },
    Span {
        name: "ramazan_bayrami_week_before",
        feast: false,
        first: |h| h.ramazan_bayrami,
        from: -7,
        days: 7,
    },
    Span { name: "ramazan_bayrami", feast: true, first: |h| h.ramazan_bayrami, from: 0, days: 3 },
    Span { name: "kurban_bayrami_week_before", feast: false, first: |h| h.kurban_bayrami, from: -7, days: 7 },
    Span { name: "kurban_bayrami", feast: true, first: |h| h.kurban_bayrami, from: 0, days: 4 },
];

/// The moving holidays as events over `history` periods from `start` and `horizon` periods after them. A period's
/// strength is the share of its days that fall into the event. Events that never occur in the range are left out.
pub fn events(start: Date, granularity: Granularity, history: usize, horizon: usize) -> Vec<Event> {
    let days = |periods: usize| (periods as f64 * granularity.days()).ceil() as i64;
    let end = start.saturating_add(days(history + horizon).days());
    let mut found = Vec::new();
    for span in &SPANS {
        let mut strength = vec![0f32; history + horizon];
        for day in HOLIDAYS.iter().flat_map(|year| span.dates(year)) {
            if day >= start && day < end {
                mark(&mut strength, start, day, granularity);
            }
        }
        let future = strength.split_off(history);
        if strength.iter().chain(&future).any(|s| *s > 0.0) {
            found.push(Event { name: span.name.to_owned(), history: strength, future });
        }
    }
    found
}

/// Whether a day is one of the feasts themselves, on which people stay away.
pub fn is_feast(day: Date) -> bool {
    let feasts = SPANS.iter().filter(|span| span.feast);
    feasts.flat_map(|span| HOLIDAYS.iter().flat_map(|year| span.dates(year))).any(|date| date == day)
}

fn mark(strength: &mut [f32], start: Date, day: Date, granularity: Granularity) {
    let since = start.until(day).map_or(0, |span| span.get_days());
    let (at, share) = match granularity {
        Granularity::Day => (since, 1.0),
        Granularity::Week => (since.div_euclid(7), 1.0 / 7.0),
        Granularity::Month => {
            let months = i32::from(day.year() - start.year()) * 12 + i32::from(day.month() - start.month());
            (months, 1.0 / f32::from(day.days_in_month()))
        }
    };
    if let Some(value) = usize::try_from(at).ok().and_then(|at| strength.get_mut(at)) {
        *value = (*value + share).min(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feasts_have_three_days_and_four() {
        let feasts = |month: i8| (1..=31).filter(|day| is_feast(date(2026, month, *day))).collect::<Vec<_>>();
        assert_eq!((feasts(3), feasts(5)), (vec![20, 21, 22], vec![27, 28, 29, 30]));
    }

    #[test]
    fn every_year_has_a_lunar_distance_to_the_next_and_the_feasts_follow_the_fast() {
        for pair in HOLIDAYS.windows(2) {
            let apart = pair[0].ramazan_bayrami.until(pair[1].ramazan_bayrami).unwrap().get_days();
            assert!((353..=356).contains(&apart), "{:?}", pair[1]);
        }
        for holiday in HOLIDAYS {
            let fast = holiday.ramazan.until(holiday.ramazan_bayrami).unwrap().get_days();
            let gap = holiday.ramazan_bayrami.until(holiday.kurban_bayrami).unwrap().get_days();
            assert!((29..=30).contains(&fast) && (67..=70).contains(&gap), "{holiday:?}");
        }
    }

    #[test]
    fn a_feast_marks_its_days_and_the_week_before() {
        let found = events(date(2026, 3, 10), Granularity::Day, 12, 14);
        let feast = found.iter().find(|e| e.name == "ramazan_bayrami").unwrap();
        assert_eq!(feast.history.iter().filter(|s| **s > 0.0).count(), 2, "20 and 21 March");
        assert_eq!(feast.future.iter().filter(|s| **s > 0.0).count(), 1, "22 March");
        let before = found.iter().find(|e| e.name == "ramazan_bayrami_week_before").unwrap();
        assert_eq!(before.history.iter().map(|s| *s as usize).sum::<usize>(), 7);
        assert!(found.iter().all(|e| !e.name.starts_with("kurban")));
    }

    #[test]
    fn weeks_and_months_carry_shares_of_days() {
        let weeks = events(date(2026, 3, 16), Granularity::Week, 1, 1);
        let feast = weeks.iter().find(|e| e.name == "ramazan_bayrami").unwrap();
        assert!((feast.history[0] - 3.0 / 7.0).abs() < 1e-6);
        let months = events(date(2026, 3, 1), Granularity::Month, 1, 1);
        let feast = months.iter().find(|e| e.name == "ramazan_bayrami").unwrap();
        assert!((feast.history[0] - 3.0 / 31.0).abs() < 1e-6);
    }
}
