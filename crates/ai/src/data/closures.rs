//! Days on which the whole shop took no order although it usually does: closed for a holiday, moved, down.

use super::Calendar;
use super::calendar::date_of;
use crate::forecast::calendar::is_feast;
use meschain_shop::columns::{NO_DATE, Snapshot};

/// Orders that were to be expected in a silence that is none of demand: by chance it does not happen in a shop's life.
const EXPECTED: f64 = 10.0;
/// Weeks before and after a silence whose same weekdays say what was to be expected.
const WEEKS: usize = 8;
/// Days that are looked at: three years.
const MOST_DAYS: i32 = 1_096;

/// The days, ascending, up to the last order. A day without any order, counted or abandoned, is one on which nothing could be bought.
///
/// The days of the moving feasts are left out: what becomes of sales on them is an event's effect, which comes again.
pub fn find(snapshot: &Snapshot) -> Vec<i32> {
    let Ok(mut calendar) = Calendar::new(snapshot.dictionaries().zone()) else { return Vec::new() };
    let dates = snapshot.orders().date_added;
    let Some(newest) = dates.iter().max().filter(|at| **at != NO_DATE) else { return Vec::new() };
    let first = calendar.day(*newest).saturating_sub(MOST_DAYS - 1);
    let mut orders = vec![0; MOST_DAYS as usize];
    for at in dates.iter().filter(|at| **at != NO_DATE) {
        let place = usize::try_from(calendar.day(*at).saturating_sub(first)).ok();
        if let Some(count) = place.and_then(|place| orders.get_mut(place)) {
            *count += 1;
        }
    }
    let closed = silences(&orders).into_iter().filter_map(|at| i32::try_from(at).ok());
    closed.map(|at| first + at).filter(|day| !is_feast(date_of(*day))).collect()
}

/// Places of the days in silences that are too long for the shop's pace around them.
fn silences(orders: &[u32]) -> Vec<usize> {
    let opened = orders.iter().position(|count| *count > 0).unwrap_or(orders.len());
    let mut found = Vec::new();
    let mut at = 0;
    for run in orders.chunk_by(|one, next| (*one == 0) == (*next == 0)) {
        let days = at..at + run.len();
        at = days.end;
        let silent = run.first() == Some(&0) && days.start > opened;
        if silent && days.clone().map(|day| usual(orders, day, &days)).sum::<f64>() >= EXPECTED {
            found.extend(days);
        }
    }
    found
}

/// Mean orders of the same weekday in the weeks around `day`, those of the silence left out.
fn usual(orders: &[u32], day: usize, silence: &std::ops::Range<usize>) -> f64 {
    let before = (1..=WEEKS).filter_map(|weeks| day.checked_sub(7 * weeks));
    let after = (1..=WEEKS).map(|weeks| day + 7 * weeks);
    let around = before.chain(after).filter(|other| !silence.contains(other));
    let known: Vec<u32> = around.filter_map(|other| orders.get(other)).copied().collect();
    f64::from(known.iter().sum::<u32>()) / known.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Days at `pace` orders but for Sundays, of which there are none, and the days of `closed`.
    fn shop(pace: u32, closed: std::ops::Range<usize>) -> Vec<u32> {
        (0..200).map(|day| if day % 7 == 6 || closed.contains(&day) { 0 } else { pace }).collect()
    }

    #[test]
    fn a_shop_that_closes_for_ten_days_is_seen_and_sundays_are_not() {
        let found = silences(&shop(4, 90..100));
        assert_eq!(found, (90..100).collect::<Vec<_>>());
        assert!(silences(&shop(4, 0..0)).is_empty());
    }

    #[test]
    fn a_busy_shop_is_missed_for_a_day_and_a_small_one_is_not() {
        assert_eq!(silences(&shop(30, 92..93)), [92]);
        assert!(silences(&shop(2, 92..96)).is_empty());
    }

    #[test]
    fn before_the_first_order_there_was_no_shop() {
        assert!(silences(&shop(9, 0..120)).is_empty());
        assert!(silences(&[]).is_empty() && silences(&[0; 40]).is_empty());
    }
}
