//! Who buys: people with tastes, a habit of one sales channel, a time after which they stay away, and goods they buy
//! again when these run out.

use super::draw::Draw;
use super::people::{Names, Person};
use super::product::Product;

/// Tastes of one customer.
const TASTES: usize = 3;
/// Most customers that are known for one taste; the newest push out the oldest, which bounds a long run.
const MOST_PER_TASTE: usize = 60_000;
/// Days a customer looks again for goods that were sold out to others.
const PATIENCE_DAYS: usize = 4;

/// Where orders come from: code of the marketplace, share of customers, whether it has its own checkout.
pub(super) const CHANNELS: [(&str, f64); 6] = [
    ("own", 0.46),
    ("trendyol", 0.25),
    ("hepsiburada", 0.14),
    ("n11", 0.06),
    ("amazon", 0.06),
    ("pazarama", 0.03),
];
/// Currencies customers are shown, TRY first, with the share of customers.
pub(super) const CURRENCIES: [(&str, f64); 3] = [("TRY", 0.93), ("EUR", 0.04), ("USD", 0.03)];
/// Share of customers of the second store.
const SECOND_STORE: f64 = 0.18;

/// One customer.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub person: Person,
    tastes: [u16; TASTES],
    activity: f32,
    /// First and last day this customer may come.
    pub first: i32,
    last: i32,
    pub store: u8,
    /// Index into [`CURRENCIES`].
    pub currency: usize,
    /// Index into [`CHANNELS`].
    pub channel: usize,
    pub english: bool,
    /// Whether a row of `customer` was made.
    pub written: bool,
}

/// Everybody, by number.
pub(super) struct Population {
    pub customers: Vec<Customer>,
    names: Names,
    by_taste: Vec<Vec<u32>>,
    /// By day: who wants which product again.
    due: Vec<Vec<(u32, u32)>>,
    /// By product: customers who buy it again and again.
    subscribers: Vec<u32>,
    days: usize,
}

impl Population {
    /// Nobody yet, over `tastes` tastes, `days` days and `products` products.
    pub fn new(names: Names, tastes: usize, days: usize, products: usize) -> Self {
        Self {
            customers: Vec::new(),
            names,
            by_taste: vec![Vec::new(); tastes],
            due: vec![Vec::new(); days],
            subscribers: vec![0; products],
            days,
        }
    }

    /// The customer for a basket that starts with a product of `taste`: with chance `newcomer` a new one, else one known for
    /// that taste, the busier of two.
    pub fn choose(&mut self, taste: usize, day: usize, newcomer: f64, draw: &mut Draw) -> usize {
        if !draw.chance(newcomer) {
            let two = (self.known(taste, day, draw), self.known(taste, day, draw));
            let activity = |at: usize| self.customers.get(at).map_or(0.0, |customer| customer.activity);
            match two {
                (Some(one), Some(other)) => {
                    return if activity(one) >= activity(other) { one } else { other };
                }
                (Some(one), None) | (None, Some(one)) => return one,
                (None, None) => {}
            }
        }
        self.add(taste, day, draw)
    }

    /// A customer of that taste who still comes; those who stay away are forgotten on the way.
    fn known(&mut self, taste: usize, day: usize, draw: &mut Draw) -> Option<usize> {
        let pool = self.by_taste.get_mut(taste)?;
        while !pool.is_empty() {
            let at = draw.below(pool.len());
            let customer = *pool.get(at)? as usize;
            if self.customers.get(customer).is_some_and(|c| c.last >= day as i32) {
                return Some(customer);
            }
            pool.swap_remove(at);
        }
        None
    }

    fn add(&mut self, taste: usize, day: usize, draw: &mut Draw) -> usize {
        let number = self.customers.len();
        let all = self.by_taste.len();
        let mut other = || draw.below(all) as u16;
        let tastes = [taste as u16, other(), other()];
        let stay = if draw.chance(0.35) {
            draw.days(0, 20)
        } else {
            40 + (draw.normal(5.6, 0.9).exp() as usize).min(1_500)
        };
        // Two in five registered before the shop's first day are in it from its start.
        let first = if day < 60 && draw.chance(0.6) { -(draw.days(1, 500) as i32) } else { day as i32 };
        let share = |shares: &[f64], draw: &mut Draw| draw.weighted(shares);
        let currency = share(&CURRENCIES.map(|(_, share)| share), draw);
        let channel = if currency > 0 { 0 } else { share(&CHANNELS.map(|(_, share)| share), draw) };
        self.customers.push(Customer {
            person: self.names.person(draw),
            tastes,
            activity: draw.unit() as f32,
            first,
            last: (day + stay) as i32,
            store: u8::from(channel == 0 && draw.chance(SECOND_STORE)),
            currency,
            channel,
            english: currency > 0 || draw.chance(0.02),
            written: false,
        });
        for taste in tastes {
            let Some(pool) = self.by_taste.get_mut(usize::from(taste)) else { continue };
            if pool.len() >= MOST_PER_TASTE {
                pool.swap_remove(0);
            }
            pool.push(number as u32);
        }
        number
    }

    /// A person without an account.
    pub fn guest(&self, draw: &mut Draw) -> Person {
        self.names.person(draw)
    }

    /// The names persons are made of.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// One of a customer's tastes.
    pub fn taste(&self, customer: usize, draw: &mut Draw) -> Option<usize> {
        let tastes = &self.customers.get(customer)?.tastes;
        draw.one(tastes).map(|taste| usize::from(*taste))
    }

    /// Takes who wants something again today, by customer.
    pub fn take_due(&mut self, day: usize) -> Vec<(u32, u32)> {
        let mut due = self.due.get_mut(day).map(std::mem::take).unwrap_or_default();
        due.sort_unstable();
        due
    }

    /// A customer did not get what was due: looks again tomorrow, for a few days on average, then gives it up.
    pub fn postpone(&mut self, customer: u32, product: u32, day: usize, draw: &mut Draw) {
        if draw.below(PATIENCE_DAYS) > 0 && day + 1 < self.days {
            self.remind(customer, product, day + 1);
        } else if let Some(count) = self.subscribers.get_mut(product as usize) {
            *count = count.saturating_sub(1);
        }
    }

    /// Notes a purchase: one that was due comes again after a cycle; a first one may become a habit while the product has
    /// demand to spare (at most 60 % of `lines_per_day` are repeats).
    pub fn bought(
        &mut self,
        customer: usize,
        at: usize,
        product: &Product,
        due: bool,
        day: usize,
        draw: &mut Draw,
    ) {
        if product.cycle_days == 0 {
            return;
        }
        let cycle = f64::from(product.cycle_days);
        let room = 0.6 * product.base_lines * cycle;
        let Some(count) = self.subscribers.get_mut(at) else { return };
        if !due {
            if f64::from(*count) >= room || !draw.chance(0.5) {
                return;
            }
            *count += 1;
        }
        let next = day + (cycle * draw.normal(0.0, 0.15).exp()).round().max(1.0) as usize;
        let stays = self.customers.get(customer).is_some_and(|c| c.last >= next as i32);
        if stays && next < self.days {
            self.remind(customer as u32, at as u32, next);
        } else if let Some(count) = self.subscribers.get_mut(at) {
            *count = count.saturating_sub(1);
        }
    }

    fn remind(&mut self, customer: u32, product: u32, day: usize) {
        if let Some(list) = self.due.get_mut(day) {
            list.push((customer, product));
        }
    }
}
