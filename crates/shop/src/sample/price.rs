//! Prices over time. Changes are scheduled by the calendar and by chance, never by what sells, so that price is
//! exogenous and the elasticity of the truth file is what a regression should find.

use super::draw::Draw;
use meschain_base::Money;

/// Extra demand while a product is on special offer, as a factor on top of what its lower price brings.
pub(super) const OFFER_LIFT: f64 = 1.22;

/// Regular price levels around the base price, as shares of it.
const LEVELS: [f64; 9] = [-0.24, -0.18, -0.12, -0.06, 0.0, 0.06, 0.12, 0.18, 0.24];

/// One price and the days it holds, first and last inclusive, counted from the first day of the shop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Period {
    pub first: usize,
    pub last: usize,
    pub price: Price,
    /// Whether it is a special offer (a row of `product_special`).
    pub offer: bool,
}

/// A price as the customer sees it and as OpenCart stores it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Price {
    /// With KDV.
    pub gross: Money,
    /// Without KDV: what `product.price` and `order_product.price` hold.
    pub net: Money,
    /// KDV of one unit: what `order_product.tax` holds.
    pub tax: Money,
}

impl Price {
    /// From a price with KDV at `kdv` percent.
    pub fn from_gross(gross: Money, kdv: u8) -> Self {
        let hundred = i128::from(gross.raw()) * 100;
        let net = Money::from_raw(divide(hundred, 100 + i128::from(kdv)));
        Self { gross, net, tax: percent(net, kdv) }
    }
}

/// `amount` times `rate` percent, rounded half up to a ten-thousandth, as OpenCart's tax library does before storing.
pub(super) fn percent(amount: Money, rate: u8) -> Money {
    Money::from_raw(divide(i128::from(amount.raw()) * i128::from(rate), 100))
}

/// Integer division rounded half up, for amounts of either sign.
fn divide(value: i128, by: i128) -> i64 {
    i64::try_from((2 * value + by).div_euclid(2 * by)).unwrap_or(i64::MAX)
}

/// The nearest price with a usual ending: 24,90; 124,90 or 129,90; 1.299,00.
pub(super) fn shelf_price(gross: f64) -> Money {
    let shelf = if gross < 100.0 {
        gross.round().max(2.0) - 0.10
    } else if gross < 1_000.0 {
        (gross / 5.0).round() * 5.0 - 0.10
    } else {
        (gross / 10.0).round() * 10.0 - 1.0
    };
    Money::from_f64(shelf).unwrap_or(Money::from_raw(19_000))
}

/// What decides a product's price history.
pub(super) struct Plan {
    /// Middle of its prices, with KDV.
    pub base: f64,
    pub kdv: u8,
    /// First day it is sold.
    pub first: usize,
    /// Last day of the shop.
    pub last: usize,
    /// A product whose regular price never moves and that is never on offer.
    pub constant: bool,
    /// Days of the campaign weeks, as (first, last).
    pub campaigns: Vec<(usize, usize)>,
}

/// The price of every day from `plan.first` to `plan.last`, without gaps.
pub(super) fn schedule(plan: &Plan, draw: &mut Draw) -> Vec<Period> {
    let price = |share: f64| Price::from_gross(shelf_price(plan.base * share), plan.kdv);
    if plan.constant {
        return vec![Period { first: plan.first, last: plan.last, price: price(1.0), offer: false }];
    }
    let regular = regular_periods(plan, draw);
    let mut all = Vec::with_capacity(regular.len() * 2);
    for (first, last, share) in regular {
        let mut day = first;
        for (from, to) in offers_within(plan, first, last, draw) {
            if from < day {
                continue;
            }
            if from > day {
                all.push(Period { first: day, last: from - 1, price: price(share), offer: false });
            }
            let cut = draw.between(0.12, 0.32);
            all.push(Period { first: from, last: to, price: price(share * (1.0 - cut)), offer: true });
            day = to + 1;
        }
        if day <= last {
            all.push(Period { first: day, last, price: price(share), offer: false });
        }
    }
    all
}

/// Weeks-long stretches at one regular level; two neighbours differ.
fn regular_periods(plan: &Plan, draw: &mut Draw) -> Vec<(usize, usize, f64)> {
    let mut periods = Vec::new();
    let (mut day, mut level) = (plan.first, draw.below(LEVELS.len()));
    while day <= plan.last {
        let end = (day + draw.days(21, 63) - 1).min(plan.last);
        periods.push((day, end, 1.0 + LEVELS.get(level).copied().unwrap_or(0.0)));
        level = (level + 1 + draw.below(LEVELS.len() - 1)) % LEVELS.len();
        day = end + 1;
    }
    periods
}

/// Special offers of 4 to 10 days inside one regular period: about six a year, and more often in campaign weeks.
fn offers_within(plan: &Plan, first: usize, last: usize, draw: &mut Draw) -> Vec<(usize, usize)> {
    let mut offers = Vec::new();
    for (from, to) in &plan.campaigns {
        let inside = *from >= first && *to <= last;
        if draw.chance(0.2) && inside {
            offers.push((*from, *to));
        }
    }
    let mut day = first + draw.days(5, 60);
    while day + 4 <= last {
        let to = (day + draw.days(3, 9)).min(last);
        if offers.iter().all(|(from, until)| to < *from || day > *until) {
            offers.push((day, to));
        }
        day = to + draw.days(25, 95);
    }
    offers.sort_unstable();
    offers
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stored_price_and_tax_are_the_shelf_price() {
        for kdv in [0, 1, 10, 20] {
            let price = Price::from_gross(shelf_price(1234.0), kdv);
            assert_eq!(price.gross, Money::from_raw(12_290_000));
            assert!((price.net + price.tax - price.gross).raw().abs() <= 1, "{kdv} {price:?}");
        }
        assert_eq!(percent(Money::from_raw(-15), 10), Money::from_raw(-1));
    }

    #[test]
    fn endings_are_usual() {
        let shown: Vec<String> =
            [3.2, 24.3, 126.0, 1_296.0].iter().map(|p| shelf_price(*p).to_string()).collect();
        assert_eq!(shown, ["2.9000", "23.9000", "124.9000", "1299.0000"]);
    }

    proptest! {
        #[test]
        fn a_schedule_covers_every_day_once(seed in 0_u64..500, first in 0_usize..700, base in 5.0_f64..5000.0) {
            let plan = Plan { base, kdv: 20, first, last: 730, constant: false, campaigns: vec![(100, 106), (465, 471)] };
            let periods = schedule(&plan, &mut Draw::new(seed, 0));
            prop_assert_eq!(periods.first().map(|p| p.first), Some(first));
            prop_assert_eq!(periods.last().map(|p| p.last), Some(730));
            for pair in periods.windows(2) {
                prop_assert_eq!(pair[0].last + 1, pair[1].first);
            }
            prop_assert!(periods.iter().all(|p| p.first <= p.last && p.price.net.raw() > 0));
        }
    }
}
