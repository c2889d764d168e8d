//! What a week without sales asked.
//!
//! No line of an order says it. Where a worker kept the catalogue's prices, those tell. Elsewhere, where the next sale is at another price, the
//! change fell somewhere into the gap; giving all of it the price before would count the silence after a rise against the old price, and the
//! slower a product, the less elastic it would look. Each week then gets the logarithm of the price that is to be expected, the likelier the
//! dearer, as it sold nothing: with either price instead, errors of the guess would make demand look less elastic (regression calibration;
//! Carroll and others, "Measurement error in nonlinear models", 2006, chapter 4).

use super::price_weeks::days_of;
use crate::pricing::PriceWeek;
use meschain_shop::columns::Prices;

/// Prices nearer than this ratio are the same.
const SAME: f64 = 0.005;
/// How near, in logs, a change of the kept prices comes to that of the paid ones where it explains it: terms and rounding move it a little.
const EXPLAINS: f64 = 0.02;
/// Share of weeks with sales above which a product counts as selling in nearly every week.
const NEARLY_ALL: f64 = 0.99;

/// Prices the weeks without sales, of which each has the price before it.
pub(super) fn price(weeks: &mut [PriceWeek], kept: Prices<'_>, elasticity: f64) {
    let (kept, rate) = (Kept::of(kept), Rate::of(weeks, elasticity));
    let mut from = 0;
    while let Some(silent) = weeks.get(from..).and_then(|rest| rest.iter().position(|week| week.units <= 0.0))
    {
        let start = from + silent;
        let rest = weeks.get(start..).unwrap_or_default();
        let length = rest.iter().position(|week| week.units > 0.0).unwrap_or(rest.len());
        from = start + length;
        let Some(before) = start.checked_sub(1).and_then(|at| weeks.get(at)).cloned() else { continue };
        let after = weeks.get(from).cloned();
        let silent = weeks.get_mut(start..from).unwrap_or_default();
        if kept.price(silent, &before, after.as_ref()) {
            continue;
        }
        let (before, after) = (before.price, after.map_or(before.price, |week| week.price));
        if (before / after - 1.0).abs() <= SAME {
            continue;
        }
        let shares = changed(length, rate.at(before), rate.at(after));
        for (week, share) in silent.iter_mut().zip(shares) {
            week.price = (before.ln() + share * (after / before).ln()).exp();
        }
    }
}

/// What the catalogue was seen to ask: first days and logarithms of prices, oldest first.
struct Kept(Vec<(i32, f64)>);

impl Kept {
    fn of(kept: Prices<'_>) -> Self {
        Self(kept.rows().filter(|(_, price)| *price > 0.0).map(|(day, price)| (day, price.ln())).collect())
    }

    /// Prices weeks by how the kept price moved since the week before them. False, and nothing is changed, where that is not known: it was not
    /// kept yet, it changed within a week that sold, or what was paid after the gap is not explained by it (a special price).
    fn price(&self, silent: &mut [PriceWeek], before: &PriceWeek, after: Option<&PriceWeek>) -> bool {
        let Some(origin) = self.all_week(before.week) else { return false };
        let explained = after.is_none_or(|after| {
            let moved = self.all_week(after.week).map(|log| log - origin);
            moved.is_some_and(|moved| (moved - (after.price / before.price).ln()).abs() <= EXPLAINS)
        });
        if explained {
            for week in silent {
                let days = days_of(week.week).filter_map(|day| self.on(day));
                week.price = before.price * (days.sum::<f64>() / 7.0 - origin).exp();
            }
        }
        explained
    }

    fn on(&self, day: i32) -> Option<f64> {
        let next = self.0.partition_point(|(since, _)| *since <= day);
        next.checked_sub(1).and_then(|at| self.0.get(at)).map(|(_, log)| *log)
    }

    /// The one price of a week.
    fn all_week(&self, week: i32) -> Option<f64> {
        let mut days = days_of(week).map(|day| self.on(day));
        let first = days.next()??;
        days.all(|day| day.is_some_and(|log| (log - first).abs() <= SAME)).then_some(first)
    }
}

/// How fast a product sells.
struct Rate {
    /// Sales a week at the usual price.
    usual: f64,
    log_price: f64,
    elasticity: f64,
}

impl Rate {
    fn of(weeks: &[PriceWeek], elasticity: f64) -> Self {
        let count = weeks.len().max(1) as f64;
        let sold = weeks.iter().filter(|week| week.units > 0.0).count() as f64 / count;
        // Of Poisson sales, the share of silent weeks tells the rate.
        let usual = -(1.0 - sold.min(NEARLY_ALL)).ln();
        let log_price = weeks.iter().map(|week| week.price.max(f64::MIN_POSITIVE).ln()).sum::<f64>() / count;
        Self { usual, log_price, elasticity }
    }

    fn at(&self, price: f64) -> f64 {
        self.usual * ((price.ln() - self.log_price) * self.elasticity).clamp(-2.3, 2.3).exp()
    }
}

/// How likely it is in each of `length` silent weeks that the rate of sales has changed; every place of the change is as likely
/// beforehand.
fn changed(length: usize, before: f64, after: f64) -> Vec<f64> {
    let silence = |weeks: usize| before * weeks as f64 + after * (length - weeks) as f64;
    let least = silence(0).min(silence(length));
    let likely: Vec<f64> = (0..=length).map(|weeks| (least - silence(weeks)).exp()).collect();
    let sum: f64 = likely.iter().sum();
    let add = |done: &mut f64, one: &f64| {
        *done += one / sum;
        Some(*done)
    };
    likely.iter().take(length).scan(0.0, add).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weeks of day 4 on, by units and price; without units, with the price before.
    fn weeks(sold: &[(f64, f64)]) -> Vec<PriceWeek> {
        let mut last = 0.0;
        let week = |(week, (units, price)): (i32, &(f64, f64))| {
            last = if *units > 0.0 { *price } else { last };
            PriceWeek { week, units: *units, price: last, covariates: Vec::new() }
        };
        (0..).zip(sold).map(week).collect()
    }

    fn priced(sold: &[(f64, f64)], kept: Prices<'_>, elasticity: f64) -> Vec<f64> {
        let mut weeks = weeks(sold);
        price(&mut weeks, kept, elasticity);
        weeks.iter().map(|week| week.price).collect()
    }

    const NONE: (f64, f64) = (0.0, 0.0);

    #[test]
    fn silence_is_the_dearer_prices() {
        // Six silent weeks between two that sold at each price: how many of them are 20's.
        let gap = |from: f64, to: f64, elasticity: f64| {
            let sold = [(1.0, from), (1.0, from), NONE, NONE, NONE, NONE, NONE, NONE, (1.0, to), (1.0, to)];
            priced(&sold, Prices::default(), elasticity)
        };
        let dear =
            |prices: Vec<f64>| prices.iter().skip(2).take(6).map(|one| (one / 10.0).log2()).sum::<f64>();
        assert!((dear(gap(10.0, 20.0, 0.0)) - 3.0).abs() < 1e-6);
        let (rise, fall) = (dear(gap(10.0, 20.0, -2.0)), dear(gap(20.0, 10.0, -2.0)));
        assert!(rise > 4.0 && (rise - fall).abs() < 1.0, "{rise} {fall}");
        assert!(gap(10.0, 20.0, -2.0).is_sorted() && gap(20.0, 10.0, -2.0).iter().rev().is_sorted());
        assert_eq!(gap(10.0, 10.0, -2.0), [10.0; 10]);
        assert_eq!(changed(0, 1.0, 2.0), [0.0; 0]);
        assert!(changed(100, 1e6, 1.0).iter().all(|share| *share > 0.999));
    }

    #[test]
    fn kept_prices_tell_when_it_changed_in_whatever_tax_they_are() {
        let sold = [(1.0, 12.0), NONE, NONE, NONE, (2.0, 24.0), NONE, NONE];
        // Without tax: 10 until the second silent week's Sunday (day 24), then 20; from the last week's Monday (day 46) on 5.
        let (since, price) = ([1, 25, 46], [100_000, 200_000, 50_000]);
        let found = priced(&sold, Prices::new(&since, &price), -2.0);
        let expected = [12.0, 12.0, 12.0, 24.0, 24.0, 24.0, 6.0];
        assert!(found.iter().zip(expected).all(|(a, b)| (a / b - 1.0).abs() < 1e-9), "{found:?}");
    }

    #[test]
    fn a_price_that_was_tried_and_taken_back_in_silence_is_seen() {
        let sold = [(1.0, 10.0), NONE, NONE, (1.0, 10.0)];
        let (since, price) = ([1, 11, 18], [100_000, 150_000, 100_000]);
        let found = priced(&sold, Prices::new(&since, &price), -2.0);
        assert!((found[1] - 15.0).abs() < 1e-9 && (found[2] - 10.0).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn what_kept_prices_do_not_explain_is_to_be_expected_as_without_them() {
        let sold = [(1.0, 10.0), NONE, NONE, (1.0, 8.0)];
        let without = priced(&sold, Prices::default(), -2.0);
        let since = |since: [i32; 2], price: [i64; 2]| priced(&sold, Prices::new(&since, &price), -2.0);
        assert_eq!(since([1, 60], [100_000, 100_000]), without, "a special price");
        assert_eq!(since([12, 18], [100_000, 80_000]), without, "kept too late");
        assert_eq!(since([1, 7], [100_000, 80_000]), without, "changed in a week that sold");
    }
}
