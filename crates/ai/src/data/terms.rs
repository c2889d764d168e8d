//! What a product's price was, whoever bought it: marketplaces, customer groups, larger quantities and the sizes of a product have prices of
//! their own.

mod effects;
mod panel;
mod store;

use super::sales::Sale;
pub use effects::Effects;
use indexmap::IndexMap;
use meschain_shop::columns::{Customers, Lines, Orders, Snapshot};
use panel::Panel;

/// Marketplace, customer group, quantity, options.
const TERMS: usize = 4;
/// Those that may mean the same for every product of a store.
const SHARED: [usize; 3] = [0, 1, 2];
const OPTIONS: usize = 3;

/// What besides the day decides what a buyer is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Terms([u16; TERMS]);

/// Reads the terms of lines; made once, for finding a column costs more than reading a row of it.
pub struct TermsReader<'a> {
    orders: Orders<'a>,
    lines: Lines<'a>,
    customers: Customers<'a>,
}

impl<'a> TermsReader<'a> {
    /// Of the lines of a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        Self { orders: snapshot.orders(), lines: snapshot.lines(), customers: snapshot.customers() }
    }

    /// Of a line of an order. Only equal or not equal means anything; what little is mixed up by the narrow numbers is a rougher price.
    pub fn terms(&self, order: usize, line: usize) -> Terms {
        let marketplace = self.orders.marketplace_id.get(order).copied().unwrap_or_default();
        let customer = self.orders.customer(order);
        let group = customer.and_then(|row| self.customers.customer_group_id.get(row).copied());
        // Shops part quantities somewhere: powers of two are near enough.
        let quantity = self.lines.quantity.get(line).map_or(0, |quantity| (*quantity).max(1).ilog2());
        let options = self.lines.options.get(line).copied().unwrap_or_default();
        let parts = [marketplace, group.unwrap_or_default(), quantity, options ^ (options >> 16)];
        Terms(parts.map(|part| part as u16))
    }
}

impl Terms {
    /// Those of one customer group, for tests.
    #[cfg(test)]
    pub(crate) fn group(group: u16) -> Self {
        Self([0, group, 0, 0])
    }

    /// Those of some options alone, for tests.
    #[cfg(test)]
    pub(crate) fn option(options: u16) -> Self {
        Self([0, 0, 0, options])
    }

    /// Which options; only equal or not equal means anything.
    pub(super) fn options(self) -> u16 {
        self.0.get(OPTIONS).copied().unwrap_or_default()
    }

    /// The most frequent value of each; of several the first met.
    fn usual<'a>(lines: impl Iterator<Item = &'a Self>) -> Self {
        let mut counts = [(); TERMS].map(|()| IndexMap::new());
        for line in lines {
            for (counts, value) in counts.iter_mut().zip(line.0) {
                *counts.entry(value).or_insert(0_usize) += 1;
            }
        }
        Self(
            counts
                .map(|counts| counts.into_iter().rev().max_by_key(|(_, lines)| *lines).unwrap_or_default().0),
        )
    }

    fn with(mut self, which: usize, value: u16) -> Self {
        if let Some(slot) = self.0.get_mut(which) {
            *slot = value;
        }
        self
    }
}

/// Puts the prices of one product's lines to what they would have been at the terms of most of its lines, so that a week in which a
/// dealer bought a hundred pieces for less shows no lower price. What terms mean in the whole store comes first, then what they mean for this
/// product: its options by four weeks, for which size is bought hardly hangs on the price; the rest by week, for who buys a dozen may.
pub fn to_usual(sales: &mut [Sale], store: &Effects) {
    if are_alike(sales) {
        return;
    }
    let usual = Terms::usual(sales.iter().map(|sale| &sale.terms));
    let mut added = vec![0.0; sales.len()];
    add(&mut added, sales, store, &usual);
    for (weeks, which) in [(4, &[OPTIONS][..]), (1, &SHARED[..])] {
        let found = Panel::of(sales, &added, weeks, which).effects();
        add(&mut added, sales, &found, &usual);
    }
    for (sale, added) in sales.iter_mut().zip(added) {
        sale.price = (f64::from(sale.price) * (-added).exp()) as f32;
    }
}

/// Whether all lines are at the same terms.
fn are_alike(sales: &[Sale]) -> bool {
    sales.windows(2).all(|pair| matches!(pair, [a, b] if a.terms == b.terms))
}

fn add(added: &mut [f64], sales: &[Sale], effects: &Effects, usual: &Terms) {
    let usual = effects.of(usual);
    added.iter_mut().zip(sales).for_each(|(added, sale)| *added += effects.of(&sale.terms) - usual);
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::random::seeded;
    use proptest::prelude::*;
    use rand::RngExt;

    fn line(day: i32, units: f32, price: f32, terms: u16) -> Sale {
        Sale { day, units, price, terms: Terms([1, 0, terms, 0]) }
    }

    /// Forty weeks, the price of which falls by a fifth halfway; every third week a dealer buys, at 15 % less.
    fn with_dealers() -> Vec<Sale> {
        let week = |week: i32| {
            let price = if week < 20 { 10.0 } else { 8.0 };
            let retail = [0, 2, 5].map(|day| line(4 + 7 * week + day, 1.0, price, 1));
            let dealer = (week % 3 == 0).then(|| line(4 + 7 * week + 3, 50.0, price * 0.85, 2));
            retail.into_iter().chain(dealer)
        };
        (0..40).flat_map(week).collect()
    }

    #[test]
    fn a_dealers_price_is_no_change_of_the_price() {
        let mut sales = with_dealers();
        to_usual(&mut sales, &Effects::default());
        for sale in &sales {
            let asked = if sale.day < 4 + 7 * 20 { 10.0 } else { 8.0 };
            assert!((sale.price / asked - 1.0).abs() < 0.01, "{sale:?}");
        }
    }

    #[test]
    fn sizes_marketplaces_and_quantities_each_add_their_own() {
        // A large one costs a third more, the marketplace a tenth, and two pieces 5 % less; what is bought where, and how many, comes by
        // chance, and large ones come into fashion.
        let mut random = seeded(7, 0);
        let mut sales: Vec<Sale> = Vec::new();
        for place in 0..240 {
            let [large, market, two] =
                [f64::from(place) / 500.0, 0.3, 0.3].map(|share| u16::from(random.random_bool(share)));
            let times = 1.333_f32.powi(i32::from(large))
                * 1.1_f32.powi(i32::from(market))
                * 0.95_f32.powi(i32::from(two));
            let terms = Terms([1 + market, 0, two, large]);
            sales.push(Sale { day: 4 + place, units: f32::from(1 + two), price: 10.0 * times, terms });
        }
        to_usual(&mut sales, &Effects::default());
        let worst = sales.iter().map(|sale| (sale.price / 10.0 - 1.0).abs()).fold(0.0, f32::max);
        assert!(worst < 0.01, "{worst}");
    }

    #[test]
    fn a_change_of_the_price_stays_what_it_is() {
        // Whoever buys more does so because it costs less: terms and price move together, and no week has both.
        let change = |week: i32| match week % 4 {
            0 => line(4 + 7 * week, 8.0, 8.0, 3),
            _ => line(4 + 7 * week, 1.0, 10.0, 1),
        };
        let sales: Vec<Sale> = (0..40).map(change).collect();
        let mut put = sales.clone();
        to_usual(&mut put, &Effects::default());
        assert_eq!(put, sales);
        // One week in which the price changed between two of them says little.
        put.insert(1, line(6, 1.0, 10.0, 1));
        to_usual(&mut put, &Effects::default());
        let cheap = put.iter().filter(|sale| sale.terms == Terms([1, 0, 3, 0]));
        assert!(cheap.map(|sale| sale.price).fold(0.0, f32::max) < 9.0, "{put:?}");
    }

    #[test]
    fn one_price_for_all_is_left_as_it_is() {
        let sales: Vec<Sale> = (0..60).map(|day| line(day, 1.0, 9.99, day as u16 % 4)).collect();
        let mut put = sales.clone();
        to_usual(&mut put, &Effects::default());
        assert_eq!(put, sales);
        to_usual(&mut [], &Effects::default());
    }

    proptest! {
        #[test]
        fn prices_stay_prices(lines in proptest::collection::vec((0_i32..60, 0_u8..9, 0.0_f32..1e9, 0_u16..6), 0..80)) {
            let mut sales: Vec<Sale> =
                lines.iter().map(|(day, units, price, terms)| line(*day, f32::from(*units), *price, *terms)).collect();
            let before = sales.clone();
            to_usual(&mut sales, &Effects::default());
            for (put, sale) in sales.iter().zip(&before) {
                prop_assert!(put.price.is_finite() && (put.price > 0.0) == (sale.price > 0.0));
                prop_assert_eq!((put.day, put.units, put.terms), (sale.day, sale.units, sale.terms));
            }
        }
    }
}
