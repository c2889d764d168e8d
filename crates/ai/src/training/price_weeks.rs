//! From a product's sales to weeks with a price, as the price model takes them.

use crate::data::Known;
use crate::data::calendar::monday_of;
use crate::data::sales::Sale;
use crate::pricing::PriceWeek;

/// Weeks of history that are used: two years.
const MOST_WEEKS: usize = 104;
/// The Monday of week 0, counted from 1970-01-01.
const FIRST_MONDAY: i32 = 4;
/// Prices nearer than this ratio are the same.
const SAME: f64 = 0.005;
/// Share of weeks with sales above which a product counts as selling in nearly every week.
const NEARLY_ALL: f64 = 0.99;

/// Number of the last complete week, as [`weeks`] counts.
pub fn last_week(last_day: i32) -> i32 {
    monday_of(last_day + 1).div_euclid(7) - 1
}

/// A product's complete weeks with units and the mean price paid; a week without sales keeps the price before it.
pub fn weeks(sales: &[Sale], last_day: i32) -> Vec<PriceWeek> {
    let Some(first) = sales.iter().map(|sale| monday_of(sale.day)).min() else { return Vec::new() };
    let count = usize::try_from((monday_of(last_day + 1) - first).div_euclid(7)).unwrap_or(0);
    let mut sums = vec![(0.0_f64, 0.0_f64); count];
    for sale in sales.iter().filter(|sale| sale.units > 0.0 && sale.price > 0.0) {
        let place = usize::try_from((sale.day - first).div_euclid(7)).ok();
        if let Some((units, paid)) = place.and_then(|place| sums.get_mut(place)) {
            *units += f64::from(sale.units);
            *paid += f64::from(sale.units) * f64::from(sale.price);
        }
    }
    let mut price = sums.iter().find(|(units, _)| *units > 0.0).map_or(0.0, |(units, paid)| paid / units);
    let mut weeks = Vec::with_capacity(count);
    for (index, (units, paid)) in (0_i32..).zip(sums) {
        if units > 0.0 {
            price = paid / units;
        }
        weeks.push(PriceWeek { week: first / 7 + index, units, price, covariates: Vec::new() });
    }
    let skip = weeks.len().saturating_sub(MOST_WEEKS);
    weeks.split_off(skip)
}

/// The weeks that teach something about prices, at about this `elasticity`: without those in which the product was out of stock for a
/// day or more, and with a likelier price where nothing was sold.
///
/// Nobody knows the price of a week without sales. Where the next sale is at another price, the change fell somewhere into the gap;
/// giving all of it the price before would count the silence after a rise against the old price, and the slower a product, the less
/// elastic it would look. Each week gets the logarithm of the price that is to be expected, the likelier the dearer, as it sold nothing:
/// with either price instead, errors of the guess would make demand look less elastic (regression calibration; Carroll and others,
/// "Measurement error in nonlinear models", 2006, chapter 4).
pub fn learnable(sales: &[Sale], known: Known<'_>, last_day: i32, elasticity: f64) -> Vec<PriceWeek> {
    let mut weeks = weeks(sales, last_day);
    part_gaps(&mut weeks, elasticity);
    if !known.never_closed() {
        let monday = |week: &PriceWeek| week.week.saturating_mul(7).saturating_add(FIRST_MONDAY);
        weeks.retain(|week| (0..7).all(|day| !known.is_closed(monday(week).saturating_add(day))));
    }
    weeks
}

fn part_gaps(weeks: &mut [PriceWeek], elasticity: f64) {
    let count = weeks.len().max(1) as f64;
    let sold = weeks.iter().filter(|week| week.units > 0.0).count() as f64 / count;
    // Of Poisson sales, the share of silent weeks tells the rate.
    let rate = -(1.0 - sold.min(NEARLY_ALL)).ln();
    let usual = weeks.iter().map(|week| week.price.max(f64::MIN_POSITIVE).ln()).sum::<f64>() / count;
    let rate_at = |price: f64| rate * ((price.ln() - usual) * elasticity).clamp(-2.3, 2.3).exp();
    let mut from = 0;
    while let Some(silent) = weeks.get(from..).and_then(|rest| rest.iter().position(|week| week.units <= 0.0))
    {
        let start = from + silent;
        let rest = weeks.get(start..).unwrap_or_default();
        let length = rest.iter().position(|week| week.units > 0.0).unwrap_or(rest.len());
        from = start + length;
        let before = start.checked_sub(1).and_then(|at| weeks.get(at)).map(|week| week.price);
        let after = weeks.get(from).map(|week| week.price);
        let (Some(before), Some(after)) = (before, after) else { continue };
        if (before / after - 1.0).abs() <= SAME {
            continue;
        }
        let shares = changed(length, rate_at(before), rate_at(after));
        let silent = weeks.get_mut(start..from).unwrap_or_default();
        for (week, share) in silent.iter_mut().zip(shares) {
            week.price = (before.ln() + share * (after / before).ln()).exp();
        }
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
    use crate::data::terms::{Effects, Terms, to_usual};
    use crate::pricing::{PriceModel, ProductHistory, TrainConfig};
    use meschain_base::Progress;
    use meschain_base::random::seeded;
    use meschain_shop::columns::Days;
    use rand::RngExt;

    fn sale(day: i32, units: f32, price: f32) -> Sale {
        Sale { day, units, price, ..Sale::default() }
    }

    #[test]
    fn a_week_without_sales_keeps_the_price() {
        // Day 4 is a Monday.
        let sales = [sale(4, 1.0, 10.0), sale(5, 3.0, 6.0), sale(18, 2.0, 8.0)];
        let weeks = weeks(&sales, 24);
        let shown: Vec<_> = weeks.iter().map(|week| (week.units, week.price)).collect();
        assert_eq!(shown, [(4.0, 7.0), (0.0, 7.0), (2.0, 8.0)]);
        assert_eq!(weeks.last().unwrap().week, last_week(24));
        assert!(weeks.windows(2).all(|pair| pair[1].week == pair[0].week + 1));
    }

    #[test]
    fn silence_is_the_dearer_prices() {
        let prices = |from: f32, to: f32, elasticity: f64| -> Vec<f64> {
            let sales = [sale(4, 1.0, from), sale(11, 1.0, from), sale(60, 1.0, to), sale(67, 1.0, to)];
            let weeks = learnable(&sales, Known::default(), 73, elasticity);
            weeks.iter().map(|week| week.price).collect()
        };
        // Six silent weeks between two that sold at each price: how many of them are 20's.
        let dear =
            |prices: Vec<f64>| prices.iter().skip(2).take(6).map(|one| (one / 10.0).log2()).sum::<f64>();
        assert!((dear(prices(10.0, 20.0, 0.0)) - 3.0).abs() < 1e-6);
        let (rise, fall) = (dear(prices(10.0, 20.0, -2.0)), dear(prices(20.0, 10.0, -2.0)));
        assert!(rise > 4.0 && (rise - fall).abs() < 1.0, "{rise} {fall}");
        assert!(prices(10.0, 20.0, -2.0).is_sorted() && prices(20.0, 10.0, -2.0).iter().rev().is_sorted());
        assert_eq!(prices(10.0, 10.0, -2.0), [10.0; 10]);
        assert_eq!(changed(0, 1.0, 2.0), [0.0; 0]);
        assert!(changed(100, 1e6, 1.0).iter().all(|share| *share > 0.999));
    }

    #[test]
    fn weeks_without_stock_teach_nothing() {
        let sales: Vec<Sale> = (0..6).map(|week| sale(4 + 7 * week, 1.0, 10.0)).collect();
        let known = Known::new(Days::new(&[12, 31], &[13, 32]), Days::default());
        let kept: Vec<i32> =
            learnable(&sales, known, 45, -2.0).iter().map(|week| week.week - last_week(45)).collect();
        // Days 11 to 17 and 25 to 31 and 32 to 38.
        assert_eq!(kept, [-5, -3, 0]);
    }

    /// Twelve products of elasticity -2 whose price changes now and then; every other week somebody buys two dozen at a fifth less.
    fn sales_with_dealers(product: u64, put: bool) -> Vec<Sale> {
        let mut random = seeded(product, 0);
        let (mut sales, mut asked) = (Vec::new(), 10.0_f32);
        for week in 0..60 {
            if week % 10 == 0 {
                asked = [8.0, 9.0, 10.0, 11.0][random.random_range(0..4)];
            }
            let units = 20.0 * (asked / 10.0).powi(-2);
            let buyers = (units * random.random_range(0.7..1.3)).round() as i32;
            let retail =
                |at: i32| Sale { day: 4 + 7 * week + at % 7, units: 1.0, price: asked, ..Sale::default() };
            sales.extend((0..buyers).map(retail));
            if random.random_bool(0.5) {
                let terms = Terms::group(2);
                sales.push(Sale { day: 10 + 7 * week, units: units.round(), price: asked * 0.8, terms });
            }
        }
        if put {
            to_usual(&mut sales, &Effects::default());
        }
        sales
    }

    #[test]
    fn what_dealers_pay_is_no_elasticity() {
        let elasticity = |put: bool| {
            let history = |id: u64| ProductHistory {
                id,
                group: 0,
                weeks: learnable(&sales_with_dealers(id, put), Known::default(), 4 + 7 * 60 - 1, -2.0),
            };
            let histories: Vec<_> = (0..12).map(history).collect();
            let found =
                PriceModel::sketch(&histories, &TrainConfig::default(), 1, &Progress::silent()).unwrap();
            found.demand(u64::MAX, u64::MAX).elasticity.value
        };
        let (paid, usual) = (elasticity(false), elasticity(true));
        assert!(paid < -2.3, "dealers look like shoppers who wait for a price: {paid}");
        assert!((usual + 2.0).abs() < 0.2, "{usual}");
    }
}
