//! Catalogue prices over time, as the worker has seen them: read whole every time, like the catalogue.

use super::conditions::{day, rows_of};
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
        let rows = rows_of(product_id, wanted);
        Self {
            since: since.get(rows.clone()).unwrap_or_default(),
            price: price.get(rows).unwrap_or_default(),
        }
    }

    /// Whether no price is known.
    pub fn is_empty(&self) -> bool {
        self.since.is_empty()
    }

    /// Each first day with its price (without tax, in the default currency), oldest first.
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
    fn prices_are_those_of_one_product() {
        let (ids, since, price) = ([3, 5, 5, 9], [1, 10, 20, 7], [10_000, 95_000, 105_000, 1]);
        let of = |id| Prices::of(&ids, &since, &price, id);
        assert!(of(4).is_empty() && of(4).rows().next().is_none());
        assert_eq!(of(5).rows().collect::<Vec<_>>(), [(10, 9.5), (20, 10.5)]);
        assert_eq!(of(3), Prices::new(&[1], &[10_000]));
    }
}
