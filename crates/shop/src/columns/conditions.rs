//! Stock-outs and offers of products, as days: read whole every time, like the catalogue.

use super::read::Reader;
use super::row::{id, written};
use super::schema::{NO_DATE, OfferRow, OfferWriter, StockOutRow, StockOutWriter};
use super::spool::Columns;
use meschain_base::Result;
use mysql::Row;
use std::ops::Range;

const SECONDS_A_DAY: i64 = 86_400;

/// Days of one product, each run inclusive at both ends and counted from 1970-01-01.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Days<'a> {
    first: &'a [i32],
    last: &'a [i32],
}

impl<'a> Days<'a> {
    /// Of runs that somebody else holds; both of one length.
    pub fn new(first: &'a [i32], last: &'a [i32]) -> Self {
        Self { first, last }
    }

    /// The rows of a product in a table sorted by product.
    pub(super) fn of(product_id: &[u32], first: &'a [i32], last: &'a [i32], wanted: u32) -> Self {
        let rows = rows_of(product_id, wanted);
        Self { first: first.get(rows.clone()).unwrap_or_default(), last: last.get(rows).unwrap_or_default() }
    }

    /// Whether no day is known.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    /// Whether `day` is one of them.
    pub fn holds(&self, day: i32) -> bool {
        self.first.iter().zip(self.last).any(|(first, last)| *first <= day && day <= *last)
    }
}

impl Reader<'_> {
    /// Writes the whole days without stock. The day on which the stock ran out and the day on which there was some again both saw
    /// some hours of sale.
    pub(super) fn stock_outs(&mut self, columns: &mut Columns) -> Result<()> {
        let mut writer = StockOutWriter::create(columns)?;
        if self.has_table("meschain_stock_outs")? {
            let statement = "SELECT `product_id`, `started_on`, `ended_on` FROM `meschain_stock_outs` \
                             ORDER BY `product_id`, `started_on`";
            self.rows(statement, |row| {
                let Some(started) = day(row, 1)? else { return Ok(()) };
                let first = started.saturating_add(1);
                let last = day(row, 2)?.map_or(i32::MAX, |ended| ended.saturating_sub(1));
                if first > last {
                    return Ok(());
                }
                writer.push(StockOutRow { product_id: id(row, 0)?, first, last })
            })?;
        }
        writer.finish(columns)
    }

    /// Writes the days of special offers, to any customer group. OpenCart's `date_end` is the first moment an offer no longer holds,
    /// hence the day before. What has neither a beginning nor an end is the product's price, not an offer, and is left out.
    pub(super) fn offers(&mut self, columns: &mut Columns) -> Result<()> {
        let mut writer = OfferWriter::create(columns)?;
        if let Some((table, only)) = self.offer_table()? {
            let statement = format!(
                "SELECT `product_id`, `date_start`, `date_end` FROM {table} WHERE {only} ORDER BY `product_id`, `date_start`, `date_end`"
            );
            self.rows(&statement, |row| {
                let (first, last) = held(row)?;
                if (first, last) == (i32::MIN, i32::MAX) || first > last {
                    return Ok(());
                }
                writer.push(OfferRow { product_id: id(row, 0)?, first, last })
            })?;
        }
        writer.finish(columns)
    }

    /// `product_special`, or since 4.1 the special rows of `product_discount`.
    fn offer_table(&mut self) -> Result<Option<(String, &'static str)>> {
        let prefix = self.database.prefix().to_owned();
        if self.has_table(&format!("{prefix}product_special"))? {
            return Ok(Some((self.database.table("product_special"), "1")));
        }
        let found = self.has_column(&format!("{prefix}product_discount"), "special")?;
        Ok(found.then(|| (self.database.table("product_discount"), "`special` = 1 AND `quantity` <= 1")))
    }
}

/// First and last day of an offer, from the columns 1 and 2.
pub(super) fn held(row: &Row) -> Result<(i32, i32)> {
    let (start, end) = (day(row, 1)?, day(row, 2)?);
    Ok((start.unwrap_or(i32::MIN), end.map_or(i32::MAX, |end| end.saturating_sub(1))))
}

/// Where the rows of a product are in a table sorted by product.
pub(super) fn rows_of(product_id: &[u32], wanted: u32) -> Range<usize> {
    product_id.partition_point(|id| *id < wanted)..product_id.partition_point(|id| *id <= wanted)
}

/// A `date` as a day counted from 1970-01-01.
pub(super) fn day(row: &Row, column: usize) -> Result<Option<i32>> {
    let at = written(row, column)?;
    Ok((at != NO_DATE).then(|| i32::try_from(at.div_euclid(SECONDS_A_DAY)).unwrap_or(i32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_one_product() {
        let (ids, first, last) = ([3, 5, 5, 9], [1, 10, 30, 7], [2, 19, i32::MAX, 8]);
        let of = |id| Days::of(&ids, &first, &last, id);
        assert!(of(4).is_empty() && !of(4).holds(10));
        let held: Vec<i32> =
            [9, 10, 19, 20, 29, 30, 99].into_iter().filter(|day| of(5).holds(*day)).collect();
        assert_eq!(held, [10, 19, 30, 99]);
        assert_eq!(of(9), Days::new(&[7], &[8]));
    }
}
