//! What terms do to the prices of a whole store, by matched pairs: slow products have few lines in one week.

use super::{Effects, SHARED, Sale, Terms, are_alike};
use crate::data::Sales;
use crate::data::calendar::monday_of;
use crate::forecast::parallel;
use crate::forecast::smoothing::median;
use crate::model_file::nine_decimals;
use indexmap::IndexMap;
use meschain_base::{Progress, Result};

/// Pairs, and products with pairs, below which nothing is concluded.
const LEAST_PAIRS: usize = 20;
const LEAST_PRODUCTS: usize = 5;
/// Pairs of one product that count, so that no product speaks for the store.
const MOST_OF_ONE: usize = 20;
/// Pairs of terms that are kept.
const MOST: usize = 20_000;
/// Terms that move a price by less do not move it.
const LEAST_EFFECT: f64 = 0.005;

/// Logarithms of ratios, and of how many products.
#[derive(Default)]
struct Pairs {
    products: usize,
    ratios: Vec<f64>,
}

impl Effects {
    /// For each marketplace, customer group and quantity the median ratio of its prices to those at the store's most frequent one, of the same
    /// product in the same week, all other terms being equal.
    pub fn of_store(sales: &Sales, threads: usize, progress: &Progress) -> Result<Self> {
        let usual = Terms::usual(sales.all().iter().map(|sale| &sale.terms));
        let mut found: IndexMap<(usize, u16), Pairs> = IndexMap::new();
        let products: Vec<usize> = (0..sales.products()).collect();
        let of_one = |product: &usize| Ok(pairs(sales.of(*product), &usual));
        for (terms, ratios) in parallel::map(&products, threads, progress, of_one)?.into_iter().flatten() {
            let pairs = found.entry(terms).or_default();
            if pairs.ratios.len() < MOST {
                pairs.products += 1;
                pairs.ratios.extend(ratios);
            }
        }
        let mut effects = Self::default();
        for ((which, value), pairs) in found {
            let enough = pairs.ratios.len() >= LEAST_PAIRS && pairs.products >= LEAST_PRODUCTS;
            let effect = median(&pairs.ratios);
            if enough && effect.abs() > LEAST_EFFECT {
                effects.set(which, value, nine_decimals(effect));
            }
        }
        Ok(effects)
    }
}

/// Some ratios of one product's prices, by which of the terms and its value.
fn pairs(sales: &[Sale], usual: &Terms) -> IndexMap<(usize, u16), Vec<f64>> {
    let mut found: IndexMap<(usize, u16), Vec<f64>> = IndexMap::new();
    if are_alike(sales) {
        return found;
    }
    let mut cells: IndexMap<(i32, Terms), (f64, f64)> = IndexMap::new();
    for sale in sales.iter().filter(|sale| sale.units > 0.0 && sale.price > 0.0) {
        let (lines, sum) = cells.entry((monday_of(sale.day), sale.terms)).or_default();
        *lines += 1.0;
        *sum += f64::from(sale.price).ln();
    }
    for ((week, terms), (lines, sum)) in &cells {
        for which in SHARED {
            let Some((value, base)) = terms.0.get(which).zip(usual.0.get(which)).filter(|(a, b)| a != b)
            else {
                continue;
            };
            if let Some((others, their)) = cells.get(&(*week, terms.with(which, *base))) {
                let ratios = found.entry((which, *value)).or_default();
                if ratios.len() < MOST_OF_ONE {
                    ratios.push(sum / lines - their / others);
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::terms::to_usual;

    /// A product that sells once in three weeks, for less every other time, and twice a year to a dealer, at 15 % off what it costs then.
    fn slow(product: i32) -> Vec<Sale> {
        let mut sales = Vec::new();
        for at in 0..30 {
            let price = if at % 2 == 0 { 10.0 } else { 9.0 };
            let day = 4 + 21 * at;
            let retail = Sale { day, units: 1.0, price, terms: Terms::group(1) };
            match (at + product) % 9 {
                0 => sales.extend([
                    retail,
                    Sale { day: day + 1, price: price * 0.85, terms: Terms::group(2), ..retail },
                ]),
                1 => sales.push(Sale { price: price * 0.85, terms: Terms::group(2), ..retail }),
                _ => sales.push(retail),
            }
        }
        sales
    }

    #[test]
    fn what_a_group_pays_is_known_from_the_whole_store() {
        let products: Vec<Vec<Sale>> = (0..20).map(slow).collect();
        let store = Effects::of_store(&Sales::of_products(&products), 1, &Progress::silent()).unwrap();
        assert!((store.of(&Terms::group(2)) - 0.85_f64.ln()).abs() < 1e-6, "{store:?}");
        assert_eq!(store.of(&Terms::group(1)), 0.0);
        for mut sales in products {
            to_usual(&mut sales, &store);
            let asked = |sale: &Sale| if (sale.day - 4) / 21 % 2 == 0 { 10.0 } else { 9.0 };
            assert!(sales.iter().all(|sale| (sale.price / asked(sale) - 1.0).abs() < 0.01), "{sales:?}");
        }
    }

    #[test]
    fn a_few_pairs_say_nothing_of_the_store() {
        let few: Vec<Vec<Sale>> = (0..4).map(slow).collect();
        for products in [&few[..], &[]] {
            let store = Effects::of_store(&Sales::of_products(products), 1, &Progress::silent());
            assert_eq!(store, Ok(Effects::default()));
        }
    }
}
