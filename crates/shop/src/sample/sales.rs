//! Day by day from demand to rows: draws what is bought, packs it, prices it, and hands it to the tables. Holds one day at
//! a time, the customers and the returns that are on their way.

use super::basket::{Basket, Packer, Shelf};
use super::customers::{CHANNELS, CURRENCIES, Population};
use super::demand::{Calendar, Line, Stream};
use super::draw::Draw;
use super::order::{
    ABANDONED, CANCELLED, COMPLETE, OrderLine, REFUNDED, Totals, course, price_lines, second_of_day, settle,
};
use super::product::Product;
use meschain_base::{Money, Result};

/// Abandoned orders for each placed one.
const ABANDONMENT: f64 = 0.06;
/// Share of orders of the own shop that use the coupon.
const COUPONS: f64 = 0.06;
/// Days after a day within which its returns arrive.
const RETURN_DAYS: (usize, usize) = (4, 24);

/// An order as it will be written.
#[derive(Debug)]
pub(super) struct Sale {
    pub customer: Option<usize>,
    pub person: super::people::Person,
    pub lines: Vec<OrderLine>,
    pub totals: Totals,
    /// Second of the day in the shop's time.
    pub second: u32,
    /// Status and seconds after the order; empty for an abandoned one.
    pub course: Vec<(u8, i64)>,
    /// Index into [`CHANNELS`].
    pub channel: usize,
    /// Index into [`CURRENCIES`].
    pub currency: usize,
    pub second_store: bool,
    pub english: bool,
    /// Lines that come back: index, units, day of return and second of that day.
    pub returns: Vec<(usize, u32, usize, u32)>,
}

impl Sale {
    /// The status it has at the end.
    pub fn status(&self) -> u8 {
        self.course.last().map_or(ABANDONED, |(status, _)| *status)
    }
}

/// Counts over all days.
#[derive(Debug, Default, Clone)]
pub(super) struct Counts {
    pub orders: u64,
    pub abandoned: u64,
    pub cancelled: u64,
    pub refunded: u64,
    pub lines: u64,
    pub units: u64,
    pub returns: u64,
}

/// Produces the sales of one day after the other.
pub(super) struct Seller<'a> {
    pub products: &'a [Product],
    pub calendar: &'a Calendar,
    pub packer: Packer<'a>,
    pub shelf: Shelf,
    pub people: Population,
    pub stream: Stream,
    pub draw: Draw,
    pub counts: Counts,
}

impl Seller<'_> {
    /// The sales of `day`, in order of their time.
    pub fn day(&mut self, day: usize) -> Result<Vec<Sale>> {
        let lines = self.stream.day(self.calendar, self.products, day);
        let baskets = self.packer.pack(&mut self.shelf, lines, day, &mut self.people, &mut self.draw);
        let mut sales = Vec::with_capacity(baskets.len() + baskets.len() / 10);
        for basket in &baskets {
            sales.push(self.sale(basket, day, false)?);
        }
        for _ in 0..self.draw.poisson(baskets.len() as f64 * ABANDONMENT) {
            let Some(like) = self.draw.one(&baskets) else { break };
            let taste = like
                .lines
                .first()
                .and_then(|line| self.products.get(line.product))
                .map_or(0, |product| product.taste);
            let customer =
                (!self.draw.chance(0.5)).then(|| self.people.choose(taste, day, 0.0, &mut self.draw));
            let kept = 1 + self.draw.below(like.lines.len());
            let lines: Vec<Line> = like.lines.iter().take(kept).copied().collect();
            sales.push(self.sale(&Basket { customer, lines }, day, true)?);
        }
        sales.sort_by_key(|sale| sale.second);
        for sale in &sales {
            self.count(sale);
        }
        Ok(sales)
    }

    fn sale(&mut self, basket: &Basket, day: usize, abandoned: bool) -> Result<Sale> {
        let draw = &mut self.draw;
        let lines = price_lines(&basket.lines, self.products, day)?;
        let known = basket.customer.and_then(|at| self.people.customers.get(at));
        let person = known.map(|customer| customer.person);
        let habit = known.map_or((0, 0, false, false), |c| (c.channel, c.currency, c.store > 0, c.english));
        // One order in seven is placed elsewhere than usual: in the own shop.
        let channel = if abandoned || draw.chance(0.14) { 0 } else { habit.0 };
        let person = person.unwrap_or_else(|| self.people.guest(draw));
        let coupon = channel == 0 && !abandoned && draw.chance(COUPONS);
        let totals = settle(&lines, self.products, channel == 0, coupon);
        let second = second_of_day(draw);
        let days_left = (self.calendar.days.len() - 1).saturating_sub(day) as i64;
        let left = days_left * 86_400 + 86_399 - i64::from(second);
        let course = if abandoned { Vec::new() } else { course(left, draw) };
        let mut sale = Sale {
            customer: basket.customer,
            person,
            lines,
            totals,
            second,
            course,
            channel,
            currency: habit.1,
            second_store: channel == 0 && habit.2,
            english: habit.3,
            returns: Vec::new(),
        };
        self.returns(&mut sale, day);
        Ok(sale)
    }

    /// Draws which lines come back: all of a refunded order's, a share of a complete one's.
    fn returns(&mut self, sale: &mut Sale, day: usize) {
        let status = sale.status();
        if status != COMPLETE && status != REFUNDED {
            return;
        }
        let draw = &mut self.draw;
        for (at, line) in sale.lines.iter().enumerate() {
            let rate = self.products.get(line.product).map_or(0.0, |product| product.return_rate);
            if status != REFUNDED && !draw.chance(rate) {
                continue;
            }
            let units = if status == REFUNDED || draw.chance(0.7) {
                line.units
            } else {
                1 + draw.below(line.units as usize) as u32
            };
            let when = day + draw.days(RETURN_DAYS.0, RETURN_DAYS.1);
            if when < self.calendar.days.len() {
                sale.returns.push((at, units, when, second_of_day(draw)));
            }
        }
    }

    fn count(&mut self, sale: &Sale) {
        let counts = &mut self.counts;
        match sale.status() {
            ABANDONED => {
                counts.abandoned += 1;
                return;
            }
            CANCELLED => counts.cancelled += 1,
            REFUNDED => counts.refunded += 1,
            _ => {}
        }
        counts.orders += 1;
        counts.lines += sale.lines.len() as u64;
        counts.units += sale.lines.iter().map(|line| u64::from(line.units)).sum::<u64>();
        counts.returns += sale.returns.len() as u64;
    }
}

/// Price of the dollar in TRY on a day: an invented smooth path through the true order of magnitude of 2023 to 2026.
pub(super) fn dollar(day: jiff::civil::Date) -> f64 {
    let epoch = jiff::civil::date(2024, 1, 1);
    let days = epoch.until(day).map_or(0, |span| span.get_days());
    let years = f64::from(days) / 365.25;
    30.0 * (0.19 * years).exp() * (1.0 + 0.012 * (years * 9.0).sin())
}

/// What one TRY is worth in the currency at that index of [`CURRENCIES`], as `currency_value` holds it: 8 decimals.
pub(super) fn currency_value(currency: usize, day: jiff::civil::Date) -> f64 {
    let rate = match CURRENCIES.get(currency).map(|(code, _)| *code) {
        Some("USD") => dollar(day),
        Some("EUR") => dollar(day) * 1.09,
        _ => return 1.0,
    };
    (1e8 / rate).round() / 1e8
}

/// Commission of a sale: the marketplace's share of the price with KDV of its goods.
pub(super) fn commission(sale: &Sale, shares: &[f64; CHANNELS.len()]) -> Money {
    let share = shares.get(sale.channel).copied().unwrap_or(0.0);
    let goods = sale.totals.total - sale.totals.shipping.unwrap_or_default();
    Money::from_f64(goods.to_f64() * share).unwrap_or_default()
}
