//! From a basket to an order: what it costs line by line, the rows of `order_total`, what becomes of it and what comes back.
//!
//! Amounts are in TRY. As in OpenCart, prices and totals of lines are without KDV, `tax` is that of one unit, a coupon
//! lowers the taxes too, and `order.total` is the sum of the other total rows.

use super::demand::Line;
use super::draw::Draw;
use super::price::{Price, percent};
use super::product::Product;
use meschain_base::{Error, Money, Result};

/// Orders below this (with KDV, in TRY) pay for shipping.
const FREE_SHIPPING: i64 = 750;
/// Shipping with KDV, in TRY, and its KDV in percent.
const SHIPPING: f64 = 59.90;
const SHIPPING_KDV: u8 = 20;
/// Percent that the coupon takes off.
pub(super) const COUPON_PERCENT: u8 = 10;
/// Status ids of OpenCart.
pub(super) const ABANDONED: u8 = 0;
pub(super) const PENDING: u8 = 1;
pub(super) const PROCESSING: u8 = 2;
pub(super) const SHIPPED: u8 = 3;
pub(super) const COMPLETE: u8 = 5;
pub(super) const CANCELLED: u8 = 7;
pub(super) const REFUNDED: u8 = 11;

/// KDV rates there are, in percent.
pub(super) const KDV_RATES: [u8; 3] = [1, 10, 20];

/// One line as `order_product` holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OrderLine {
    pub product: usize,
    pub units: u32,
    pub price: Money,
    pub total: Money,
    /// KDV of one unit.
    pub tax: Money,
}

/// The rows of `order_total` and their sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Totals {
    pub sub_total: Money,
    /// Without KDV; `None` when shipping was free or the marketplace's.
    pub shipping: Option<Money>,
    /// Negative.
    pub coupon: Option<Money>,
    /// KDV by rate, in the order of [`KDV_RATES`]; zero rates are left out.
    pub taxes: Vec<(u8, Money)>,
    pub total: Money,
}

/// Prices lines on `day`.
pub(super) fn price_lines(lines: &[Line], products: &[Product], day: usize) -> Result<Vec<OrderLine>> {
    let priced = |line: &Line| {
        let price = products.get(line.product).and_then(|product| product.price_on(day))?;
        let total = price.net.checked_mul(i64::from(line.units))?;
        Some(OrderLine { product: line.product, units: line.units, price: price.net, total, tax: price.tax })
    };
    let all: Option<Vec<_>> = lines.iter().map(priced).collect();
    all.ok_or_else(|| Error::internal("sample order", format!("no price on day {day}")))
}

/// Adds up an order.
pub(super) fn settle(lines: &[OrderLine], products: &[Product], pays_shipping: bool, coupon: bool) -> Totals {
    let kdv_of = |line: &OrderLine| products.get(line.product).map_or(0, |product| product.kdv);
    let tax_of_line = |line: &OrderLine| Money::from_raw(line.tax.raw() * i64::from(line.units));
    let sub_total: Money = lines.iter().map(|line| line.total).sum();
    let gross = sub_total + lines.iter().map(tax_of_line).sum();
    let charged = pays_shipping && gross.raw() < FREE_SHIPPING * Money::SCALE;
    let shipping =
        charged.then(|| Price::from_gross(Money::from_f64(SHIPPING).unwrap_or_default(), SHIPPING_KDV));
    let off = |line: &OrderLine| if coupon { percent(line.total, COUPON_PERCENT) } else { Money::ZERO };
    let mut taxes = Vec::new();
    for rate in KDV_RATES {
        let of_rate = lines.iter().filter(|line| kdv_of(line) == rate);
        let mut tax: Money = of_rate.map(|line| tax_of_line(line) - percent(off(line), rate)).sum();
        tax += shipping.filter(|_| rate == SHIPPING_KDV).map_or(Money::ZERO, |price| price.tax);
        if tax != Money::ZERO {
            taxes.push((rate, tax));
        }
    }
    let coupon = coupon.then(|| -lines.iter().map(off).sum::<Money>());
    let shipping = shipping.map(|price| price.net);
    let extra = shipping.unwrap_or_default() + coupon.unwrap_or_default();
    let total = sub_total + extra + taxes.iter().map(|(_, tax)| *tax).sum();
    Totals { sub_total, shipping, coupon, taxes, total }
}

/// What becomes of an order: statuses and seconds after it was placed, those after `left` seconds (the end of the sample)
/// not yet reached. The last one is the order's status; an abandoned order has none.
pub(super) fn course(left: i64, draw: &mut Draw) -> Vec<(u8, i64)> {
    const HOUR: i64 = 3_600;
    let mut hours = |low: usize, high: usize| draw.days(low, high) as i64 * HOUR + draw.below(3_600) as i64;
    let (shipped, arrived, refund, cancel) = (hours(6, 40), hours(40, 130), hours(150, 400), hours(1, 30));
    let course = match draw.weighted(&[0.965, 0.025, 0.010]) {
        1 => vec![(PENDING, 0), (CANCELLED, cancel)],
        2 => vec![(PENDING, 0), (SHIPPED, shipped), (REFUNDED, refund)],
        _ if left < 4 * 24 * HOUR => {
            vec![(PENDING, 0), (PROCESSING, 2 * HOUR), (SHIPPED, shipped), (COMPLETE, arrived)]
        }
        _ => vec![(PENDING, 0), (SHIPPED, shipped), (COMPLETE, arrived)],
    };
    course.into_iter().filter(|(_, after)| *after <= left).collect()
}

/// A second of the day in the shop's time: few at night, most in the evening.
pub(super) fn second_of_day(draw: &mut Draw) -> u32 {
    const HOURS: [f64; 24] = [
        2.6, 1.4, 0.7, 0.4, 0.3, 0.4, 0.9, 1.8, 3.2, 4.6, 5.4, 5.7, 5.8, 5.6, 5.2, 5.1, 5.2, 5.4, 5.8, 6.6,
        7.8, 8.4, 7.4, 4.9,
    ];
    (draw.weighted(&HOURS) * 3_600 + draw.below(3_600)) as u32
}

#[cfg(test)]
mod tests {
    use super::super::catalogue::Catalogue;
    use super::super::product::{Frame, make};
    use super::*;
    use proptest::prelude::*;

    fn products() -> Vec<Product> {
        let catalogue = Catalogue::read().unwrap();
        make(&Frame { catalogue: &catalogue, count: 120, days: 731, campaigns: &[] }, &mut Draw::new(1, 1))
            .unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn totals_add_up_to_the_last_digit(seed in 0_u64..10_000, shipping: bool, coupon: bool) {
            let products = products();
            let mut draw = Draw::new(seed, 0);
            let day = 400;
            let lines: Vec<Line> = (0..draw.days(1, 6))
                .map(|_| Line { product: draw.below(products.len()), units: draw.days(1, 9) as u32 })
                .filter(|line| products[line.product].price_on(day).is_some())
                .collect();
            let lines = price_lines(&lines, &products, day).unwrap();
            let totals = settle(&lines, &products, shipping, coupon);
            prop_assert!(lines.iter().all(|line| line.total.raw() == line.price.raw() * i64::from(line.units)));
            let taxes: Money = totals.taxes.iter().map(|(_, tax)| *tax).sum();
            let sum = totals.sub_total + totals.shipping.unwrap_or_default() + totals.coupon.unwrap_or_default() + taxes;
            prop_assert_eq!(sum, totals.total);
            prop_assert!(totals.total.raw() >= 0 && totals.coupon.unwrap_or_default().raw() <= 0);
        }
    }

    #[test]
    fn a_course_never_passes_the_end_of_the_sample() {
        let mut draw = Draw::new(2, 2);
        for left in [0, 3_600, 86_400, 400 * 3_600, i64::MAX] {
            for _ in 0..200 {
                let course = course(left, &mut draw);
                assert!(!course.is_empty() && course.iter().all(|(_, after)| *after <= left));
                assert!(course.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{course:?}");
            }
        }
    }
}
