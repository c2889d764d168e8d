//! From a product's sales to weeks with a price, as the price model takes them.

use super::price_days::{Hints, PriceDays};
use crate::data::Known;
use crate::data::calendar::monday_of;
use crate::data::sales::Sale;
use crate::pricing::{
    BRAND_PRICE, CATEGORY_PRICE, PriceWeek, ProductHistory, add_group_prices, without_silences,
};
use meschain_shop::columns::Snapshot;

/// Weeks of history that are used: two years.
const MOST_WEEKS: usize = 104;
/// The Monday of week 0, counted from 1970-01-01.
const FIRST_MONDAY: i32 = 4;

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

/// The same weeks with the price that their days asked, at about this `elasticity`; with `offers`, one covariate says how much of a week was on
/// offer.
pub fn asked(
    sales: &[Sale],
    hints: &Hints<'_>,
    last_day: i32,
    elasticity: f64,
    offers: bool,
) -> Vec<PriceWeek> {
    let mut weeks = weeks(sales, last_day);
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else { return weeks };
    let path = PriceDays::of(sales, monday(first.week), monday(last.week) + 6, hints, elasticity);
    for week in &mut weeks {
        let monday = monday(week.week);
        week.price = path.week(monday).unwrap_or(week.price);
        if offers {
            week.covariates.push(path.offered(monday, &hints.known) as f32);
        }
    }
    weeks
}

/// The weeks that teach something about prices: without those in which the product was out of stock for a day or more, or must have been though
/// nobody wrote it down.
pub fn learnable(mut weeks: Vec<PriceWeek>, known: &Known<'_>) -> Vec<PriceWeek> {
    if !known.never_closed() {
        weeks.retain(|week| (0..7).all(|day| !known.is_closed(monday(week.week) + day)));
    }
    without_silences(weeks)
}

/// Names of the covariates that [`add_groups`] adds, in their order.
pub const GROUPS: [&str; 2] = [CATEGORY_PRICE, BRAND_PRICE];

/// Adds to every week what the other products of its category and of its brand asked.
pub fn add_groups(histories: &mut [ProductHistory], snapshot: &Snapshot) {
    add_group_prices(histories, |history| history.group);
    let products = snapshot.products();
    let brand =
        |id: u64| u32::try_from(id).ok().and_then(|id| products.manufacturer_id.get(products.find(id)?));
    add_group_prices(histories, |history| brand(history.id).copied().map_or(0, u64::from));
}

/// The first day of a week.
fn monday(week: i32) -> i32 {
    week.saturating_mul(7).saturating_add(FIRST_MONDAY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::terms::{Effects, Terms, to_usual};
    use crate::pricing::{PriceModel, TrainConfig};
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
    fn weeks_without_stock_teach_nothing() {
        let sales: Vec<Sale> = (0..6).map(|week| sale(4 + 7 * week, 1.0, 10.0)).collect();
        let known = Known::new(Days::new(&[12, 31], &[13, 32]), Days::default());
        let kept: Vec<i32> =
            learnable(weeks(&sales, 45), &known).iter().map(|week| week.week - last_week(45)).collect();
        // Days 11 to 17 and 25 to 31 and 32 to 38.
        assert_eq!(kept, [-5, -3, 0]);
    }

    /// Twenty products of elasticity -2 that sell about once a day at 10; three weeks of ten have three or four days at a fifth less.
    fn offers(product: u64) -> Vec<Sale> {
        let mut random = seeded(product, 1);
        let mut sales = Vec::new();
        for week in 0..100 {
            let cheap = if random.random_bool(0.3) { 3 + random.random_range(0..2) } else { 0 };
            for day in 0..7 {
                let price = if day < cheap { 8.0_f32 } else { 10.0 };
                // Poisson by its gaps.
                let (mut left, rate) = (1.0_f64, f64::from(price / 10.0).powi(-2));
                let bought = (0..20).take_while(|_| {
                    left *= random.random_range(0.0..1.0);
                    left > (-rate).exp()
                });
                let units = bought.count() as f32;
                if units > 0.0 {
                    sales.push(sale(4 + 7 * week + day, units, price));
                }
            }
        }
        sales
    }

    #[test]
    fn weeks_of_two_prices_make_demand_look_no_less_elastic() {
        let last = 4 + 7 * 100 - 1;
        let elasticity = |weeks: &dyn Fn(&[Sale]) -> Vec<PriceWeek>| {
            let history = |id: u64| ProductHistory { id, group: 0, weeks: weeks(&offers(id)) };
            let histories: Vec<_> = (0..20).map(history).collect();
            let found =
                PriceModel::sketch(&histories, &TrainConfig::default(), 1, &Progress::silent()).unwrap();
            found.demand(u64::MAX, u64::MAX).elasticity.value
        };
        let paid = elasticity(&|sales| weeks(sales, last));
        let asked = elasticity(&|sales| super::asked(sales, &Hints::default(), last, -2.0, false));
        assert!(paid > -1.6, "the mean price paid leans to the cheap days: {paid}");
        assert!((asked + 2.0).abs() < 0.2, "{asked}");
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
                weeks: asked(&sales_with_dealers(id, put), &Hints::default(), 4 + 7 * 60 - 1, -2.0, false),
            };
            let histories: Vec<_> = (0..12).map(history).collect();
            let found =
                PriceModel::sketch(&histories, &TrainConfig::default(), 1, &Progress::silent()).unwrap();
            found.demand(u64::MAX, u64::MAX).elasticity.value
        };
        let (paid, usual) = (elasticity(false), elasticity(true));
        assert!(paid < -2.2, "dealers look like shoppers who wait for a price: {paid}");
        assert!((usual + 2.0).abs() < 0.2, "{usual}");
    }
}
