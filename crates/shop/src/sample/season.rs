//! When people buy: weekly and yearly season, holidays that move, campaigns of the trade, and the shop's growth. All
//! factors multiply the expected demand of a day.

use jiff::civil::{Date, Weekday, date};

/// Growth of demand over 365 days.
pub(super) const YEARLY_GROWTH: f64 = 1.15;

/// Factors of the days Monday to Sunday; their mean is 1.
pub(super) const WEEK: [f64; 7] = [1.06, 0.96, 0.91, 0.92, 0.98, 1.01, 1.16];

/// First day of Ramazan, first day of Ramazan Bayramı (three days), first day of Kurban Bayramı (four days).
const RELIGIOUS: [(Date, Date, Date); 8] = [
    (date(2021, 4, 13), date(2021, 5, 13), date(2021, 7, 20)),
    (date(2022, 4, 2), date(2022, 5, 2), date(2022, 7, 9)),
    (date(2023, 3, 23), date(2023, 4, 21), date(2023, 6, 28)),
    (date(2024, 3, 11), date(2024, 4, 10), date(2024, 6, 16)),
    (date(2025, 3, 1), date(2025, 3, 30), date(2025, 6, 6)),
    (date(2026, 2, 19), date(2026, 3, 20), date(2026, 5, 27)),
    (date(2027, 2, 8), date(2027, 3, 9), date(2027, 5, 16)),
    (date(2028, 1, 28), date(2028, 2, 26), date(2028, 5, 5)),
];

/// The last day whose holidays are known here.
pub(super) const LAST_KNOWN: Date = date(2028, 12, 31);
/// The first day a sample may end: two years of known holidays lie before it.
pub(super) const FIRST_END: Date = date(2023, 1, 1);

/// A stretch of days with its own demand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    pub name: &'static str,
    pub from: Date,
    /// Inclusive.
    pub to: Date,
}

/// How a kind of goods feels the year.
#[derive(Debug)]
pub(super) struct Profile {
    pub name: &'static str,
    /// Factors at the middle of each month, joined by straight lines.
    months: [f64; 12],
    /// Factors during events; one that is not named here is taken from [`COMMON`], else 1.
    events: &'static [(&'static str, f64)],
}

/// What every kind of goods feels unless its profile says otherwise: few orders on the feast days themselves.
const COMMON: [(&str, f64); 4] =
    [("ramazan-bayrami", 0.62), ("kurban-bayrami", 0.60), ("black-friday", 1.30), ("11-11", 1.25)];

const fn profile(name: &'static str, months: [f64; 12], events: &'static [(&'static str, f64)]) -> Profile {
    Profile { name, months, events }
}

/// Every profile there is.
pub(super) const PROFILES: [Profile; 13] = [
    profile(
        "steady",
        [1.0, 1.0, 1.02, 1.0, 1.0, 0.98, 0.97, 0.98, 1.01, 1.02, 1.02, 1.0],
        &[("ramazan", 1.06)],
    ),
    profile(
        "ramazan",
        [1.0, 1.0, 1.0, 1.0, 1.0, 0.95, 0.93, 0.95, 1.0, 1.03, 1.05, 1.06],
        &[("ramazan", 1.40), ("ramazan-eve", 1.25)],
    ),
    profile(
        "hot-drinks",
        [1.22, 1.18, 1.08, 0.98, 0.90, 0.84, 0.82, 0.84, 0.92, 1.03, 1.13, 1.20],
        &[("ramazan", 1.15), ("ramazan-eve", 1.2), ("kurban-eve", 1.15)],
    ),
    profile(
        "gifts",
        [0.95, 1.02, 0.98, 0.98, 1.05, 0.96, 0.93, 0.94, 0.98, 1.0, 1.08, 1.18],
        &[
            ("ramazan-eve", 1.70),
            ("kurban-eve", 1.35),
            ("mothers-day", 1.45),
            ("valentines", 1.35),
            ("new-year", 1.55),
        ],
    ),
    profile(
        "beauty",
        [0.95, 1.0, 1.03, 1.02, 1.06, 1.05, 1.0, 0.97, 0.97, 0.98, 1.02, 1.02],
        &[
            ("mothers-day", 1.60),
            ("valentines", 1.45),
            ("ramazan-eve", 1.25),
            ("black-friday", 1.65),
            ("11-11", 1.55),
        ],
    ),
    profile(
        "gadgets",
        [0.98, 0.96, 0.96, 0.96, 0.97, 1.0, 1.0, 1.02, 1.05, 1.0, 1.10, 1.06],
        &[("black-friday", 2.10), ("11-11", 1.85), ("new-year", 1.30), ("mothers-day", 1.15)],
    ),
    profile(
        "school",
        [0.98, 1.08, 0.95, 0.90, 0.88, 0.82, 0.80, 1.10, 1.62, 1.10, 1.0, 0.95],
        &[("school", 1.55), ("black-friday", 1.45)],
    ),
    profile(
        "fashion",
        [0.86, 0.88, 1.02, 1.10, 1.10, 1.04, 0.94, 0.90, 1.02, 1.08, 1.10, 1.00],
        &[
            ("ramazan-eve", 1.55),
            ("kurban-eve", 1.40),
            ("black-friday", 1.85),
            ("11-11", 1.65),
            ("mothers-day", 1.20),
        ],
    ),
    profile(
        "home",
        [0.96, 0.96, 1.02, 1.05, 1.06, 1.04, 1.02, 1.0, 0.99, 0.97, 1.0, 0.96],
        &[("ramazan-eve", 1.30), ("black-friday", 1.55), ("11-11", 1.45), ("mothers-day", 1.15)],
    ),
    profile(
        "toys",
        [1.08, 0.92, 0.92, 1.05, 0.98, 1.05, 0.96, 0.92, 0.94, 0.96, 1.06, 1.35],
        &[("childrens-day", 1.50), ("ramazan-eve", 1.25), ("new-year", 1.50), ("black-friday", 1.60)],
    ),
    profile(
        "books",
        [1.05, 1.02, 1.0, 0.98, 0.96, 0.92, 0.94, 0.98, 1.16, 1.06, 1.02, 1.0],
        &[("school", 1.35), ("new-year", 1.12)],
    ),
    profile(
        "fitness",
        [1.38, 1.16, 1.08, 1.06, 1.06, 0.98, 0.88, 0.86, 0.98, 0.94, 0.90, 0.84],
        &[("ramazan", 0.82), ("black-friday", 1.45)],
    ),
    profile(
        "summer",
        [0.55, 0.60, 0.85, 1.18, 1.45, 1.55, 1.50, 1.28, 0.95, 0.75, 0.60, 0.54],
        &[("kurban-eve", 1.20)],
    ),
];

impl Profile {
    /// Index into [`PROFILES`] of the profile of that name.
    pub fn index(name: &str) -> Option<usize> {
        PROFILES.iter().position(|profile| profile.name == name)
    }

    /// The factor of one day: month curve times every event of that day.
    pub fn factor(&self, day: Date, events: &[Event]) -> f64 {
        let running = events.iter().filter(|event| event.from <= day && day <= event.to);
        self.month_factor(day) * running.map(|event| self.event_factor(event.name)).product::<f64>()
    }

    /// The factor during one event.
    pub fn event_factor(&self, name: &str) -> f64 {
        let own = self.events.iter().chain(&COMMON).find(|(event, _)| *event == name);
        own.map_or(1.0, |(_, factor)| *factor)
    }

    /// The factors at the middle of each month.
    pub fn months(&self) -> &[f64; 12] {
        &self.months
    }

    fn month_factor(&self, day: Date) -> f64 {
        let position = f64::from(day.day()) / f64::from(day.days_in_month()) - 0.5;
        let month = i32::from(day.month()) - 1;
        let other = if position < 0.0 { month - 1 } else { month + 1 };
        let at = |month: i32| self.months.get(month.rem_euclid(12) as usize).copied().unwrap_or(1.0);
        at(month) * (1.0 - position.abs()) + at(other) * position.abs()
    }
}

/// The weekly factor of a day.
pub(super) fn week_factor(day: Date) -> f64 {
    WEEK.get(day.weekday().to_monday_zero_offset() as usize).copied().unwrap_or(1.0)
}

/// Every event that touches `from..=to`, in order of their first day.
pub(super) fn events(from: Date, to: Date) -> Vec<Event> {
    let mut all: Vec<Event> = (from.year()..=to.year()).flat_map(events_of_year).collect();
    all.retain(|event| event.from <= to && from <= event.to);
    all.sort_by_key(|event| (event.from, event.name));
    all
}

fn events_of_year(year: i16) -> Vec<Event> {
    let fixed = |name, from: (i8, i8), to: (i8, i8)| Event {
        name,
        from: date(year, from.0, from.1),
        to: date(year, to.0, to.1),
    };
    let mut all = vec![
        fixed("valentines", (2, 7), (2, 13)),
        fixed("childrens-day", (4, 14), (4, 22)),
        fixed("school", (9, 1), (9, 20)),
        fixed("11-11", (11, 10), (11, 11)),
        fixed("new-year", (12, 14), (12, 30)),
    ];
    let around = |name, day: Option<Date>, before: i32, after: i32| {
        let day = day?;
        Some(Event { name, from: shift(day, -before), to: shift(day, after) })
    };
    // Anneler Günü is the second Sunday of May; Black Friday the day after November's fourth Thursday.
    let mothers = date(year, 5, 1).nth_weekday_of_month(2, Weekday::Sunday).ok();
    let black = date(year, 11, 1).nth_weekday_of_month(4, Weekday::Thursday).ok().map(|day| shift(day, 1));
    all.extend(around("mothers-day", mothers, 9, -1));
    all.extend(around("black-friday", black, 4, 2));
    for (ramazan, bayram, kurban) in RELIGIOUS.iter().filter(|(ramazan, ..)| ramazan.year() == year) {
        all.push(Event { name: "ramazan", from: *ramazan, to: shift(*bayram, -1) });
        all.extend(around("ramazan-eve", Some(*bayram), 10, -1));
        all.extend(around("ramazan-bayrami", Some(*bayram), 0, 2));
        all.extend(around("kurban-eve", Some(*kurban), 10, -1));
        all.extend(around("kurban-bayrami", Some(*kurban), 0, 3));
    }
    all
}

/// `day` moved by whole days; the day itself at the ends of time.
pub(super) fn shift(day: Date, days: i32) -> Date {
    day.checked_add(jiff::Span::new().days(days)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holidays_fall_on_their_true_days() {
        let all = events(date(2024, 1, 1), date(2026, 12, 31));
        let first = |name: &str, year: i16| {
            all.iter().find(|e| e.name == name && e.from.year() == year).unwrap().clone()
        };
        assert_eq!(first("ramazan-bayrami", 2025).from, date(2025, 3, 30));
        assert_eq!(
            first("kurban-bayrami", 2026),
            Event { name: "kurban-bayrami", from: date(2026, 5, 27), to: date(2026, 5, 30) }
        );
        assert_eq!(first("black-friday", 2024).from, date(2024, 11, 25));
        assert_eq!(first("mothers-day", 2025).to, date(2025, 5, 10));
        assert_eq!(first("ramazan", 2024).to, date(2024, 4, 9));
    }

    #[test]
    fn the_week_is_neutral_and_months_join_without_a_jump() {
        assert!((WEEK.iter().sum::<f64>() / 7.0 - 1.0).abs() < 1e-12);
        for profile in &PROFILES {
            let mut day = date(2025, 1, 1);
            for _ in 0..730 {
                let next = shift(day, 1);
                let step = profile.month_factor(next) - profile.month_factor(day);
                assert!(step.abs() < 0.03, "{} {day} {step}", profile.name);
                day = next;
            }
        }
    }
}
