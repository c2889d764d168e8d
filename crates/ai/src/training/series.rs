//! From a product's sales, and what is known about them, to what the forecaster takes.

use crate::data::Known;
use crate::data::calendar::{date_of, day_of};
use crate::data::sales::{Sale, Series, daily, monthly, weekly};
use crate::forecast::{Event, Granularity, SeriesInput};
use jiff::civil::Date;

/// Periods of history that are used: two years.
const MOST_DAYS: usize = 731;
const MOST_WEEKS: usize = 105;
/// Name of the event that a special offer is.
const OFFER: &str = "offer";
/// A period of which the product was out of stock for more than this share is left out; of a shorter gap, the days that
/// there were speak for it.
const CLOSED_SHARE: f64 = 0.5;

/// A product's periods up to the last complete one, and `horizon` of what is known ahead; `None` when it never sold.
pub fn input(
    sales: &[Sale],
    known: Known<'_>,
    last_day: i32,
    granularity: Granularity,
    horizon: usize,
) -> Option<SeriesInput> {
    let series = match granularity {
        Granularity::Day => cut(daily(sales, last_day)?, MOST_DAYS, 1),
        Granularity::Week => cut(weekly(sales, last_day)?, MOST_WEEKS, 7),
        Granularity::Month => monthly(sales, last_day)?,
    };
    let start = date_of(series.start);
    let mut input = SeriesInput::new(series.units, granularity);
    input.start = Some(start);
    input.holidays = matches!(granularity, Granularity::Day);
    if !known.never_closed() {
        censor(&mut input, sales, known, start);
    }
    if known.has_offers() {
        let length = input.history.len();
        let share = |period: usize| share_of(start, period, granularity, |day| known.is_offered(day)) as f32;
        let event = Event {
            name: OFFER.to_owned(),
            history: (0..length).map(share).collect(),
            future: (length..length + horizon).map(share).collect(),
        };
        // What always holds is no event.
        let differs = |strengths: &[f32]| strengths.iter().any(|one| Some(one) != event.history.first());
        if differs(&event.history) || differs(&event.future) {
            input.events.push(event);
        }
    }
    Some(input)
}

/// The last `most` periods of a series.
fn cut(series: Series, most: usize, length: i32) -> Series {
    let skip = series.units.len().saturating_sub(most);
    let start = series.start + i32::try_from(skip).unwrap_or(0) * length;
    Series { start, units: series.units.into_iter().skip(skip).collect() }
}

/// Takes the days without stock out of the history. A day on which something was sold all the same was no such day.
fn censor(input: &mut SeriesInput, sales: &[Sale], known: Known<'_>, start: Date) {
    let mut sold: Vec<i32> = sales.iter().filter(|sale| sale.units > 0.0).map(|sale| sale.day).collect();
    sold.sort_unstable();
    let closed = |day: i32| known.is_closed(day) && sold.binary_search(&day).is_err();
    let mut censored = vec![false; input.history.len()];
    for (period, (units, censored)) in input.history.iter_mut().zip(&mut censored).enumerate() {
        let share = share_of(start, period, input.granularity, closed);
        if share > CLOSED_SHARE {
            *censored = true;
        } else {
            *units /= 1.0 - share;
        }
    }
    if censored.contains(&true) {
        input.censored = censored;
    }
}

/// The share of a period's days that `holds`.
fn share_of(start: Date, period: usize, granularity: Granularity, holds: impl Fn(i32) -> bool) -> f64 {
    let first = day_of(period_start(start, period, granularity));
    let next = day_of(period_start(start, period + 1, granularity));
    let count = (first..next).filter(|day| holds(*day)).count();
    count as f64 / f64::from((next - first).max(1))
}

/// The first day of a period counted from `start`.
pub fn period_start(start: Date, period: usize, granularity: Granularity) -> Date {
    let count = i64::try_from(period).unwrap_or(0);
    let span = match granularity {
        Granularity::Day => jiff::Span::new().try_days(count),
        Granularity::Week => jiff::Span::new().try_weeks(count),
        Granularity::Month => jiff::Span::new().try_months(count),
    };
    span.map_or(start, |span| start.saturating_add(span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_shop::columns::Days;

    fn every_day(from: i32, to: i32) -> Vec<Sale> {
        (from..=to).map(|day| Sale { day, units: 2.0, price: 1.0, ..Sale::default() }).collect()
    }

    #[test]
    fn days_without_stock_are_missing_and_not_zero() {
        // Day 4 is a Monday; nothing sold from 20 to 29.
        let sales: Vec<Sale> =
            every_day(4, 45).into_iter().filter(|sale| !(20..30).contains(&sale.day)).collect();
        let known = Known::new(Days::new(&[20], &[29]), Days::default());
        let days = input(&sales, known, 45, Granularity::Day, 7).unwrap();
        let missing: Vec<usize> = (0..days.history.len()).filter(|at| days.censored[*at]).collect();
        assert_eq!(missing, (16..26).collect::<Vec<_>>());
        // The week of day 18 has two open days, the week of day 25 two as well: both say too little.
        let weeks = input(&sales, known, 45, Granularity::Week, 4).unwrap();
        assert_eq!(weeks.censored, [false, false, true, true, false, false]);
        assert_eq!(weeks.history[0], 14.0);
    }

    #[test]
    fn a_short_gap_is_filled_with_the_rate_of_the_other_days() {
        let sales: Vec<Sale> =
            every_day(4, 31).into_iter().filter(|sale| !(13..15).contains(&sale.day)).collect();
        let known = Known::new(Days::new(&[13], &[14]), Days::default());
        let weeks = input(&sales, known, 31, Granularity::Week, 4).unwrap();
        assert!(weeks.censored.is_empty());
        assert!(weeks.history.iter().all(|units| (units - 14.0).abs() < 1e-9), "{:?}", weeks.history);
    }

    #[test]
    fn a_day_that_sold_was_not_without_stock() {
        let known = Known::new(Days::new(&[10], &[20]), Days::default());
        let days = input(&every_day(4, 30), known, 30, Granularity::Day, 7).unwrap();
        assert!(days.censored.is_empty());
    }

    #[test]
    fn offers_are_known_ahead_and_weeks_take_their_share() {
        let known = Known::new(Days::default(), Days::new(&[11, 32], &[17, 34]));
        let days = input(&every_day(4, 31), known, 31, Granularity::Day, 5).unwrap();
        assert_eq!(days.events[0].future, [1.0, 1.0, 1.0, 0.0, 0.0]);
        assert_eq!(days.events[0].history.iter().sum::<f32>(), 7.0);
        let weeks = input(&every_day(4, 31), known, 31, Granularity::Week, 2).unwrap();
        assert_eq!(weeks.events[0].history, [0.0, 1.0, 0.0, 0.0]);
        assert!((weeks.events[0].future[0] - 3.0 / 7.0).abs() < 1e-6);
        assert!(weeks.check(2).is_ok() && days.check(5).is_ok());
    }

    #[test]
    fn an_offer_that_always_holds_is_the_price() {
        let known = Known::new(Days::default(), Days::new(&[i32::MIN], &[i32::MAX]));
        let days = input(&every_day(4, 31), known, 31, Granularity::Day, 5).unwrap();
        assert!(days.events.is_empty());
    }
}
