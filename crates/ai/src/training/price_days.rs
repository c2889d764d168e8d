//! What a product asked day by day, as far as its sales tell.
//!
//! The mean price paid in a week leans to the days that sold most, which are the cheap ones: a week that was half on offer looks as if nearly all
//! of it had been, and demand less elastic than it is; the slower a product, the more. So a week's price is taken over its days instead.
//!
//! No line of an order says what a day without sales asked. Where a worker kept the catalogue's prices, those tell, and where the shop
//! keeps the dates of its special offers, those tell which days were on offer. Elsewhere, between two sales at different prices, the change fell
//! somewhere into the gap; giving all of it the price before would count the silence after a rise against the old price. Each day then gets
//! the logarithm of the price that is to be expected, the likelier the dearer, as it sold nothing: with either price instead, errors of the
//! guess would make demand look less elastic (regression calibration; Carroll and others, "Measurement error in nonlinear models", 2006,
//! chapter 4).

use crate::data::Known;
use crate::data::price_slips::is_far;
use crate::data::sales::Sale;
use meschain_shop::columns::{Prices, Snapshot, SpecialPrices};
use std::ops::Range;

/// Prices nearer than this ratio are the same.
const SAME: f64 = 0.005;
/// How near, in logs, a change of the kept prices comes to that of the paid ones where it explains it: terms and rounding move it a little.
const EXPLAINS: f64 = 0.02;
/// Days after which a price far from those before and after it is no slip any more.
const TAKEN_BACK: i32 = 45;
/// Share of days with sales above which a product counts as selling on nearly every day.
const NEARLY_ALL: f64 = 0.99;

/// An elasticity nearer to zero than this would divide by nothing.
const LEAST_ELASTIC: f64 = -1e-3;

/// What else is known of a product's prices.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints<'a> {
    /// The catalogue's prices as a worker kept them.
    pub kept: Prices<'a>,
    /// When it was on offer.
    pub known: Known<'a>,
    /// What it cost then.
    pub specials: SpecialPrices<'a>,
}

impl<'a> Hints<'a> {
    /// As the snapshot has them.
    pub fn of(snapshot: &'a Snapshot, product_id: u32) -> Self {
        Self {
            kept: snapshot.prices_of(product_id),
            known: Known::of(snapshot, product_id),
            specials: snapshot.specials_of(product_id),
        }
    }
}

/// Logarithms of a product's prices, a day each, from `first` on.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceDays {
    first: i32,
    logs: Vec<f64>,
    elasticity: f64,
}

impl PriceDays {
    /// From `first` to `last`, at about this `elasticity`, which is below zero; empty without sales.
    pub fn of(sales: &[Sale], first: i32, last: i32, hints: &Hints<'_>, elasticity: f64) -> Self {
        let elasticity = elasticity.min(LEAST_ELASTIC);
        let sold = days_with_sales(sales, first, last, &hints.known);
        let count = usize::try_from(last - first + 1).unwrap_or(0);
        let start = sold.first().map_or(0.0, |first| first.log);
        let mut path = Self { first, logs: vec![start; if sold.is_empty() { 0 } else { count }], elasticity };
        let guess = Guess {
            hints,
            kept: Kept::of(hints.kept),
            rate: Rate::of(&sold, count, elasticity),
            cut: cut(&sold),
        };
        for (at, own) in sold.iter().enumerate() {
            path.set(own.day, own.log);
            let next = sold.get(at + 1);
            let silent = own.day + 1..next.map_or(last + 1, |next| next.day);
            for (day, log) in silent.clone().zip(guess.gap(silent, own, next)) {
                path.set(day, log);
            }
        }
        path
    }

    /// What the week from `monday` on asked: the one price at which it would have sold what its days' prices sell. None beyond the days.
    pub fn week(&self, monday: i32) -> Option<f64> {
        let days = self.days(monday)?;
        let (base, demand) = self.demand(days);
        Some((base + (demand.sum::<f64>() / days.len() as f64).ln() / self.elasticity).exp())
    }

    /// The share of a week's demand that fell on days on offer, but for what being on offer does by itself.
    pub fn offered(&self, monday: i32, known: &Known<'_>) -> f64 {
        let Some(days) = self.days(monday).filter(|_| known.has_offers()) else { return 0.0 };
        let (offered, all) =
            (monday..).zip(self.demand(days).1).fold((0.0, 0.0), |(offered, all), (day, demand)| {
                (offered + if known.is_offered(day) { demand } else { 0.0 }, all + demand)
            });
        offered / all
    }

    fn days(&self, monday: i32) -> Option<&[f64]> {
        let from = usize::try_from(monday - self.first).ok()?;
        self.logs.get(from..from.checked_add(7)?)
    }

    /// The mean logarithm, and the demand of each day beside that at the mean.
    fn demand<'d>(&self, days: &'d [f64]) -> (f64, impl Iterator<Item = f64> + 'd) {
        let (base, elasticity) = (days.iter().sum::<f64>() / days.len().max(1) as f64, self.elasticity);
        (base, days.iter().map(move |log| ((log - base) * elasticity).exp()))
    }

    fn set(&mut self, day: i32, log: f64) {
        let place = usize::try_from(day - self.first).ok().and_then(|at| self.logs.get_mut(at));
        place.into_iter().for_each(|place| *place = log);
    }
}

/// A day with sales.
#[derive(Debug, Clone, Copy)]
struct Sold {
    day: i32,
    log: f64,
    offered: bool,
}

/// The days that sold something, with the mean price paid.
fn days_with_sales(sales: &[Sale], first: i32, last: i32, known: &Known<'_>) -> Vec<Sold> {
    let mut rows: Vec<(i32, f64, f64)> = sales
        .iter()
        .filter(|sale| sale.units > 0.0 && sale.price > 0.0 && (first..=last).contains(&sale.day))
        .map(|sale| (sale.day, f64::from(sale.units), f64::from(sale.units) * f64::from(sale.price)))
        .collect();
    rows.sort_unstable_by_key(|(day, ..)| *day);
    let of_day = |rows: &[(i32, f64, f64)]| {
        let (day, ..) = *rows.first()?;
        let (units, paid) = rows.iter().fold((0.0, 0.0), |sum, row| (sum.0 + row.1, sum.1 + row.2));
        Some(Sold { day, log: f64::ln(paid / units), offered: known.is_offered(day) })
    };
    rows.chunk_by(|a, b| a.0 == b.0).filter_map(of_day).collect()
}

/// By how much offers were cheaper than what sold next before or after them, in logs, in the middle of all; nothing where none did.
fn cut(sold: &[Sold]) -> f64 {
    let cut = |pair: &[Sold]| match pair {
        [a, b] if a.offered && !b.offered => Some(b.log - a.log),
        [a, b] if !a.offered && b.offered => Some(a.log - b.log),
        _ => None,
    };
    let mut cuts: Vec<f64> = sold.windows(2).filter_map(cut).collect();
    cuts.sort_unstable_by(f64::total_cmp);
    cuts.get(cuts.len() / 2).map_or(0.0, |middle| middle.max(0.0))
}

/// What fills the gaps between days with sales.
struct Guess<'a> {
    hints: &'a Hints<'a>,
    kept: Kept,
    rate: Rate,
    cut: f64,
}

impl Guess<'_> {
    /// Logarithms of the prices of the `silent` days between two that sold; of all days after the last one.
    fn gap(&self, silent: Range<i32>, before: &Sold, after: Option<&Sold>) -> Vec<f64> {
        let usual = self.usual(silent.clone(), before, after);
        let known = &self.hints.known;
        if !known.has_offers() {
            return usual;
        }
        // Offers that a sale before or after the gap was part of reach into it this far.
        let mut others = silent.clone().filter(|day| !known.is_offered(*day));
        let first = others.next();
        let last = others.next_back().or(first);
        let before = Some(before).filter(|before| before.offered);
        let after = after.filter(|after| after.offered);
        let price = |(day, usual): (i32, f64)| {
            if !known.is_offered(day) {
                usual
            } else if let Some(before) = before.filter(|_| first.is_none_or(|first| day < first)) {
                before.log
            } else if let Some(after) = after.filter(|_| last.is_none_or(|last| day > last)) {
                after.log
            } else {
                let special = self.hints.specials.on(day).and_then(|one| one.paid.beside(usual.exp()));
                special
                    .filter(|paid| !is_far(paid.ln(), usual))
                    .map_or(usual - self.cut, |paid| paid.ln().min(usual))
            }
        };
        silent.zip(usual).map(price).collect()
    }

    /// The same, as if nothing had been on offer.
    fn usual(&self, silent: Range<i32>, before: &Sold, after: Option<&Sold>) -> Vec<f64> {
        let length = silent.len();
        let of = |sold: &Sold| if sold.offered { sold.log + self.cut } else { sold.log };
        let (from, to) = match after {
            // What an offer was cheaper by is known about; the price beside it is known.
            Some(after) if before.offered && !after.offered => (after.log, after.log),
            Some(after) if !before.offered && after.offered => (before.log, before.log),
            Some(after) => (of(before), of(after)),
            None => (of(before), of(before)),
        };
        let whole =
            after.filter(|after| !before.offered && !after.offered).map(|after| (after.day, to - from));
        if let Some(kept) = (!before.offered).then(|| self.kept.moves(silent, before.day, whole)).flatten() {
            return kept.into_iter().map(|moved| from + moved).collect();
        }
        if (to - from).abs() <= SAME {
            return vec![from; length];
        }
        let shares = changed(length, self.rate.at(from), self.rate.at(to));
        shares.into_iter().map(|share| from + share * (to - from)).collect()
    }
}

/// What the catalogue was seen to ask: first days and logarithms of prices, oldest first.
struct Kept(Vec<(i32, f64)>);

impl Kept {
    /// Without mistyped ones, which were taken back.
    fn of(kept: Prices<'_>) -> Self {
        let rows: Vec<(i32, f64)> =
            kept.rows().filter(|(_, price)| *price > 0.0).map(|(day, price)| (day, price.ln())).collect();
        let is_slip = |at: usize| {
            let around = at.checked_sub(1).and_then(|before| rows.get(before)).zip(rows.get(at + 1));
            around.zip(rows.get(at)).is_some_and(|((before, after), slip)| {
                after.0 - slip.0 <= TAKEN_BACK
                    && is_far(before.1, slip.1)
                    && is_far(slip.1, after.1)
                    && !is_far(before.1, after.1)
            })
        };
        Self(rows.iter().enumerate().filter(|(at, _)| !is_slip(*at)).map(|(_, row)| *row).collect())
    }

    /// By how much the prices of some days are above that of the day `origin`. None where that is not known: it was not kept yet, or what was paid
    /// on a later day, so much more, is not explained by it (a special price).
    fn moves(&self, days: Range<i32>, origin: i32, later: Option<(i32, f64)>) -> Option<Vec<f64>> {
        let origin = self.on(origin)?;
        if let Some((day, more)) = later {
            self.on(day).filter(|log| (log - origin - more).abs() <= EXPLAINS)?;
        }
        days.map(|day| self.on(day).map(|log| log - origin)).collect()
    }

    fn on(&self, day: i32) -> Option<f64> {
        let next = self.0.partition_point(|(since, _)| *since <= day);
        next.checked_sub(1).and_then(|at| self.0.get(at)).map(|(_, log)| *log)
    }
}

/// How fast a product sells.
struct Rate {
    /// Sales a day at the usual price.
    usual: f64,
    log_price: f64,
    elasticity: f64,
}

impl Rate {
    fn of(sold: &[Sold], days: usize, elasticity: f64) -> Self {
        // Of Poisson sales, the share of silent days tells the rate.
        let share = sold.len() as f64 / days.max(1) as f64;
        let usual = -(1.0 - share.min(NEARLY_ALL)).ln();
        let log_price = sold.iter().map(|one| one.log).sum::<f64>() / sold.len().max(1) as f64;
        Self { usual, log_price, elasticity }
    }

    fn at(&self, log_price: f64) -> f64 {
        self.usual * ((log_price - self.log_price) * self.elasticity).clamp(-2.3, 2.3).exp()
    }
}

/// How likely it is on each of `length` silent days that the rate of sales has changed; every place of the change is as likely
/// beforehand.
fn changed(length: usize, before: f64, after: f64) -> Vec<f64> {
    let silence = |days: usize| before * days as f64 + after * (length - days) as f64;
    let least = silence(0).min(silence(length));
    let likely: Vec<f64> = (0..=length).map(|days| (least - silence(days)).exp()).collect();
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
    use meschain_shop::columns::Days;

    /// One unit on each of these days.
    fn sales(sold: &[(i32, f32)]) -> Vec<Sale> {
        sold.iter()
            .map(|(day, price)| Sale { day: *day, units: 1.0, price: *price, ..Sale::default() })
            .collect()
    }

    /// Prices of days 0 to `last`.
    fn days(sold: &[(i32, f32)], last: i32, hints: &Hints<'_>, elasticity: f64) -> Vec<f64> {
        let path = PriceDays::of(&sales(sold), 0, last, hints, elasticity);
        path.logs.iter().map(|log| (log.exp() * 1e6).round() / 1e6).collect()
    }

    fn kept<'a>(since: &'a [i32], price: &'a [i64]) -> Hints<'a> {
        Hints { kept: Prices::new(since, price), ..Hints::default() }
    }

    fn offered<'a>(first: &'a [i32], last: &'a [i32]) -> Hints<'a> {
        Hints { known: Known::new(Days::default(), Days::new(first, last)), ..Hints::default() }
    }

    #[test]
    fn a_week_asks_what_its_days_asked_however_much_each_sold() {
        // Four days at 10; on the other three, at 8, five times as many.
        let mut sold = sales(&[(0, 10.0), (1, 10.0), (2, 10.0), (3, 10.0)]);
        sold.extend((4..7).flat_map(|day| sales(&[(day, 8.0); 5])));
        let path = PriceDays::of(&sold, 0, 6, &Hints::default(), -2.0);
        let demand = (4.0 * 10f64.powi(-2) + 3.0 * 8f64.powi(-2)) / 7.0;
        assert!((path.week(0).unwrap() - demand.powf(-0.5)).abs() < 1e-6, "{path:?}");
        assert_eq!((path.week(1), path.week(-1)), (None, None), "no whole week");
        let known = offered(&[4], &[6]).known;
        let share = 3.0 * 8f64.powi(-2) / (7.0 * demand);
        assert!((path.offered(0, &known) - share).abs() < 1e-6);
        assert_eq!(path.offered(0, &Known::default()), 0.0);
    }

    #[test]
    fn silence_is_the_dearer_prices() {
        // Six silent days between two that sold at each price: how many of them are 20's.
        let gap = |from: f32, to: f32, elasticity: f64| {
            let sold = [(0, from), (1, from), (8, to), (9, to)];
            days(&sold, 9, &Hints::default(), elasticity)
        };
        let dear =
            |prices: Vec<f64>| prices.iter().skip(2).take(6).map(|one| (one / 10.0).log2()).sum::<f64>();
        assert!((dear(gap(10.0, 20.0, 0.0)) - 3.0).abs() < 0.01);
        let (rise, fall) = (dear(gap(10.0, 20.0, -2.0)), dear(gap(20.0, 10.0, -2.0)));
        assert!(rise > 3.5 && (rise - fall).abs() < 1.0, "{rise} {fall}");
        assert!(gap(10.0, 20.0, -2.0).is_sorted() && gap(20.0, 10.0, -2.0).iter().rev().is_sorted());
        assert_eq!(gap(10.0, 10.0, -2.0), [10.0; 10]);
        assert_eq!(changed(0, 1.0, 2.0), [0.0; 0]);
        assert!(changed(100, 1e6, 1.0).iter().all(|share| *share > 0.999));
    }

    #[test]
    fn a_mistyped_price_that_was_taken_back_was_asked_on_no_day() {
        let of_days = |price: &[i64]| days(&[(0, 10.0), (9, 10.0)], 9, &kept(&[0, 3, 5], price), -2.0);
        assert_eq!(of_days(&[100_000, 100, 100_000]), [10.0; 10]);
        assert_eq!(of_days(&[100_000, 80_000, 100_000])[3..6], [8.0, 8.0, 10.0]);
    }

    #[test]
    fn kept_prices_tell_when_it_changed_in_whatever_tax_they_are() {
        // Without tax: 10 until day 3, then 20; from day 7 on 5.
        let found = days(&[(1, 12.0), (5, 24.0)], 8, &kept(&[0, 4, 7], &[100_000, 200_000, 50_000]), -2.0);
        assert_eq!(found, [12.0, 12.0, 12.0, 12.0, 24.0, 24.0, 24.0, 6.0, 6.0]);
    }

    #[test]
    fn a_price_that_was_tried_and_taken_back_in_silence_is_seen() {
        let found = days(&[(0, 10.0), (4, 10.0)], 4, &kept(&[0, 1, 3], &[100_000, 150_000, 100_000]), -2.0);
        assert_eq!(found, [10.0, 15.0, 15.0, 10.0, 10.0]);
    }

    #[test]
    fn what_kept_prices_do_not_explain_is_to_be_expected_as_without_them() {
        let sold = [(0, 10.0), (5, 8.0)];
        let without = days(&sold, 5, &Hints::default(), -2.0);
        let with = |since: [i32; 2], price: [i64; 2]| days(&sold, 5, &kept(&since, &price), -2.0);
        assert_eq!(with([0, 60], [100_000, 100_000]), without, "a special price");
        assert_eq!(with([1, 3], [100_000, 80_000]), without, "kept too late");
    }

    #[test]
    fn known_offers_tell_which_silent_days_were_cheap() {
        let hints = offered(&[2, 8], &[4, 9]);
        // One offer sold, the other, as much cheaper for all that is known, did not.
        let found = days(&[(0, 10.0), (3, 8.0), (6, 10.0)], 10, &hints, -2.0);
        assert_eq!(found, [10.0, 10.0, 8.0, 8.0, 8.0, 10.0, 10.0, 10.0, 8.0, 8.0, 10.0]);
        assert_eq!(days(&[(0, 10.0)], 2, &offered(&[1], &[2]), -2.0), [10.0; 3], "no offer ever sold");
        assert_eq!(days(&[], 2, &hints, -2.0), [0.0; 0]);
    }
}
