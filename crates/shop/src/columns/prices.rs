//! Catalogue prices over time, as the worker has seen them: read whole every time, like the catalogue.

use super::conditions::day;
use super::read::Reader;
use super::row::{id, integer};
use super::schema::{PriceRow, PriceWriter};
use super::spool::Columns;
use meschain_base::{Money, Result};

/// Prices of one product, each from its day (counted from 1970-01-01) until the next one's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prices<'a> {
    since: &'a [i32],
    price: &'a [i64],
}

impl<'a> Prices<'a> {
    /// Of rows that somebody else holds, by ascending day; both of one length, prices x 10^4.
    pub fn new(since: &'a [i32], price: &'a [i64]) -> Self {
        Self { since, price }
    }

    /// The rows of a product in a table sorted by product.
    pub(super) fn of(product_id: &[u32], since: &'a [i32], price: &'a [i64], wanted: u32) -> Self {
        let from = product_id.partition_point(|id| *id < wanted);
        let to = product_id.partition_point(|id| *id <= wanted);
        Self {
            since: since.get(from..to).unwrap_or_default(),
            price: price.get(from..to).unwrap_or_default(),
        }
    }

    /// Whether no price is known.
    pub fn is_empty(&self) -> bool {
        self.since.is_empty()
    }

    /// The price on a day, without tax, in the default currency; of the day of a change the one after it. `None` before the first look,
    /// and where the product had no price.
    pub fn on(&self, day: i32) -> Option<f64> {
        let row = self.since.partition_point(|since| *since <= day).checked_sub(1)?;
        self.price.get(row).filter(|price| **price > 0).map(|price| Money::from_raw(*price).to_f64())
    }

    /// Whether a price begins on a day: part of it was sold at another.
    pub fn begins(&self, day: i32) -> bool {
        self.since.binary_search(&day).is_ok()
    }

    /// Each first day with its price, oldest first.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = (i32, f64)> + use<'a> {
        self.since.iter().copied().zip(self.price.iter().map(|price| Money::from_raw(*price).to_f64()))
    }
}

impl Reader<'_> {
    /// Writes the prices that were seen.
    pub(super) fn prices(&mut self, columns: &mut Columns) -> Result<()> {
        let mut writer = PriceWriter::create(columns)?;
        if self.has_table("meschain_price_history")? {
            let statement = "SELECT `product_id`, `since`, CAST(`price` * 10000 AS SIGNED) FROM `meschain_price_history` \
                             ORDER BY `product_id`, `since`";
            self.rows(statement, |row| {
                let Some(since) = day(row, 1)? else { return Ok(()) };
                writer.push(PriceRow { product_id: id(row, 0)?, since, price: integer(row, 2)? })
            })?;
        }
        writer.finish(columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_holds_until_the_next_one() {
        let (ids, since, price) = ([3, 5, 5, 5, 9], [1, 10, 20, 30, 7], [10_000, 95_000, 0, 105_000, 1]);
        let of = |id| Prices::of(&ids, &since, &price, id);
        assert!(of(4).is_empty() && of(4).on(10).is_none());
        let known: Vec<Option<f64>> = [9, 10, 19, 20, 29, 30, 999].map(|day| of(5).on(day)).into();
        assert_eq!(known, [None, Some(9.5), Some(9.5), None, None, Some(10.5), Some(10.5)]);
        assert!(of(5).begins(20) && !of(5).begins(21));
        assert_eq!(of(3), Prices::new(&[1], &[10_000]));
        assert_eq!(of(5).rows().next_back(), Some((30, 10.5)));
    }
}
