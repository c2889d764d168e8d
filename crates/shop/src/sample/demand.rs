//! How many lines of each product are bought on a day.
//!
//! Expected lines of product p on day t, while it is on sale:
//! `base_p * week(t) * growth(t) * season_p(t) * (price_pt / base_price_p)^elasticity_p * lift^offer_pt * shocks`.
//! The count is negative binomial around it; a line holds 1 + Poisson units. Demand on days without stock is drawn too,
//! and lost.

use super::catalogue::Catalogue;
use super::draw::Draw;
use super::price::{OFFER_LIFT, Period};
use super::product::Product;
use super::season::{Event, PROFILES, Profile, YEARLY_GROWTH, events, shift, week_factor};
use jiff::civil::Date;

/// Negative-binomial size parameter: variance = mean + mean^2 / 4.
pub(super) const DISPERSION: f64 = 4.0;
/// Standard deviation of the log of a shock that a whole day shares.
pub(super) const DAY_SHOCK: f64 = 0.05;
/// The same for a leaf category within a week.
pub(super) const CATEGORY_WEEK_SHOCK: f64 = 0.08;
/// Units of one line at most.
const MOST_UNITS: u32 = 24;

/// The days of the shop and what each does to demand.
#[derive(Debug)]
pub(super) struct Calendar {
    pub days: Vec<Date>,
    pub events: Vec<Event>,
    /// Week factor times growth, by day.
    common: Vec<f64>,
    /// Season factor by profile (in the order of [`PROFILES`]) and day.
    seasons: Vec<Vec<f64>>,
}

impl Calendar {
    /// `count` days, the last of which is `end`.
    pub fn ending(end: Date, count: usize) -> Self {
        let back = i32::try_from(count).unwrap_or(730) - 1;
        let days: Vec<Date> = (0..=back).map(|at| shift(end, at - back)).collect();
        let start = days.first().copied().unwrap_or(end);
        let events = events(start, end);
        let growth = |at: usize| YEARLY_GROWTH.powf((at as f64 - count as f64 / 2.0) / 365.0);
        let common = days.iter().enumerate().map(|(at, day)| week_factor(*day) * growth(at)).collect();
        let season =
            |day: &Date, at: usize| PROFILES.get(at).map_or(1.0, |profile| profile.factor(*day, &events));
        let seasons =
            (0..PROFILES.len()).map(|at| days.iter().map(|day| season(day, at)).collect()).collect();
        Self { days, common, seasons, events }
    }

    /// Week, growth and season of a profile on a day.
    pub fn factor(&self, profile: usize, day: usize) -> f64 {
        let common = self.common.get(day).copied().unwrap_or(0.0);
        common * self.seasons.get(profile).and_then(|days| days.get(day)).copied().unwrap_or(0.0)
    }

    /// The first and last day of every event of that name that lies wholly within the shop's days.
    pub fn spans(&self, name: &str) -> Vec<(usize, usize)> {
        let index = |date: Date| self.days.iter().position(|day| *day == date);
        let named = self.events.iter().filter(|event| event.name == name);
        named.filter_map(|event| Some((index(event.from)?, index(event.to)?))).collect()
    }
}

/// A product on one day in a basket: how many units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub product: usize,
    pub units: u32,
}

/// What a price does to expected lines.
pub(super) fn price_effect(product: &Product, period: &Period) -> f64 {
    let lift = if period.offer { OFFER_LIFT } else { 1.0 };
    (period.price.gross.to_f64() / product.base_price).powf(product.elasticity) * lift
}

/// Index of a product's season profile.
pub(super) fn profile_of(catalogue: &Catalogue, product: &Product) -> usize {
    let middle = catalogue.leaves.get(product.leaf).and_then(|leaf| catalogue.middles.get(leaf.middle));
    middle.and_then(|middle| Profile::index(middle.season)).unwrap_or(0)
}

/// Scales every product's base demand so that `target` lines are expected over all days with stock.
pub(super) fn scale(catalogue: &Catalogue, calendar: &Calendar, products: &mut [Product], target: f64) {
    let expected = |product: &Product| -> f64 {
        let profile = profile_of(catalogue, product);
        let of_period = |period: &Period| {
            let days = (period.first..=period.last).filter(|day| product.in_stock(*day));
            days.map(|day| calendar.factor(profile, day)).sum::<f64>() * price_effect(product, period)
        };
        product.base_lines * product.periods.iter().map(of_period).sum::<f64>()
    };
    let total: f64 = products.iter().map(expected).sum();
    for product in products {
        product.base_lines *= target / total.max(1e-9);
    }
}

/// Draws the demand of one day after the other.
pub(super) struct Stream {
    draw: Draw,
    /// By product: season profile, current period and its price effect.
    cursors: Vec<Cursor>,
    week_shocks: Vec<f64>,
    /// Units by product that nobody could buy.
    pub lost_units: Vec<u64>,
}

struct Cursor {
    profile: usize,
    period: usize,
    effect: f64,
}

impl Stream {
    /// Starts before the first day.
    pub fn new(catalogue: &Catalogue, products: &[Product], seed: u64) -> Self {
        let cursor = |product: &Product| Cursor {
            profile: profile_of(catalogue, product),
            period: usize::MAX,
            effect: 0.0,
        };
        Self {
            draw: Draw::new(seed, 20),
            cursors: products.iter().map(cursor).collect(),
            week_shocks: vec![1.0; catalogue.leaves.len()],
            lost_units: vec![0; products.len()],
        }
    }

    /// The lines bought on `day`; days must come in order.
    pub fn day(&mut self, calendar: &Calendar, products: &[Product], day: usize) -> Vec<Line> {
        let day_shock = shock(&mut self.draw, DAY_SHOCK);
        if day.is_multiple_of(7) {
            for category in &mut self.week_shocks {
                *category = shock(&mut self.draw, CATEGORY_WEEK_SHOCK);
            }
        }
        let mut lines = Vec::new();
        let cursors = self.cursors.iter_mut().zip(products).zip(&mut self.lost_units).enumerate();
        for (at, ((cursor, product), lost)) in cursors {
            if day < product.first || day > product.last || !cursor.reach(product, day) {
                continue;
            }
            let category = self.week_shocks.get(product.leaf).copied().unwrap_or(1.0);
            let mean = product.base_lines
                * calendar.factor(cursor.profile, day)
                * cursor.effect
                * category
                * day_shock;
            let in_stock = product.in_stock(day);
            for _ in 0..self.draw.negative_binomial(mean, DISPERSION) {
                let units = (1 + self.draw.poisson(product.units_per_line - 1.0)).min(MOST_UNITS);
                if in_stock { lines.push(Line { product: at, units }) } else { *lost += u64::from(units) }
            }
        }
        lines
    }
}

impl Cursor {
    /// Moves to the period of that day; false when there is none.
    fn reach(&mut self, product: &Product, day: usize) -> bool {
        if product.periods.get(self.period).is_some_and(|period| period.first <= day && day <= period.last) {
            return true;
        }
        let Some(at) = product.periods.iter().position(|period| period.first <= day && day <= period.last)
        else {
            return false;
        };
        self.period = at;
        self.effect = product.periods.get(at).map_or(0.0, |period| price_effect(product, period));
        true
    }
}

/// A log-normal factor with mean 1.
fn shock(draw: &mut Draw, deviation: f64) -> f64 {
    draw.normal(-deviation * deviation / 2.0, deviation).exp()
}

#[cfg(test)]
mod tests {
    use super::super::product::{Frame, make};
    use super::*;
    use jiff::civil::date;

    #[test]
    fn sells_about_the_target_and_nothing_without_stock() {
        let catalogue = Catalogue::read().unwrap();
        let calendar = Calendar::ending(date(2026, 11, 21), 730);
        let campaigns = calendar.spans("black-friday");
        assert_eq!(campaigns.len(), 2);
        let frame = Frame { catalogue: &catalogue, count: 170, days: 730, campaigns: &campaigns };
        let mut products = make(&frame, &mut Draw::new(4, 1)).unwrap();
        scale(&catalogue, &calendar, &mut products, 20_000.0);
        let mut stream = Stream::new(&catalogue, &products, 4);
        let mut sold = 0;
        for day in 0..730 {
            let lines = stream.day(&calendar, &products, day);
            assert!(lines.iter().all(|line| products[line.product].in_stock(day) && line.units >= 1));
            sold += lines.len();
        }
        assert!((18_500..21_500).contains(&sold), "{sold}");
        assert!(stream.lost_units.iter().sum::<u64>() > 0);
    }
}
