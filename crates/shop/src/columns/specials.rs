//! What the shop's usual customers pay in place of the catalogue's price: read whole every time, like the catalogue.

use super::conditions::{held, rows_of};
use super::read::Reader;
use super::row::{id, integer};
use super::schema::{SpecialRow, SpecialWriter};
use super::spool::Columns;
use meschain_base::{Money, Result};

/// What is paid on a day in place of the catalogue's price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Special {
    /// Its price (without tax, in the default currency); `None` for a discount, and for a share or an amount off the catalogue's price.
    pub price: Option<f64>,
    /// Its last day, counted from 1970-01-01; `i32::MAX` when it has no end.
    pub last: i32,
}

/// Specials of one product, in the order in which OpenCart asks for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpecialPrices<'a> {
    first: &'a [i32],
    last: &'a [i32],
    price: &'a [i64],
}

impl<'a> SpecialPrices<'a> {
    /// The rows of a product in a table sorted by product.
    pub(super) fn of(
        product_id: &[u32],
        (first, last, price): (&'a [i32], &'a [i32], &'a [i64]),
        wanted: u32,
    ) -> Self {
        let rows = rows_of(product_id, wanted);
        Self {
            first: first.get(rows.clone()).unwrap_or_default(),
            last: last.get(rows.clone()).unwrap_or_default(),
            price: price.get(rows).unwrap_or_default(),
        }
    }

    /// The one that is in force on a day.
    pub fn on(&self, day: i32) -> Option<Special> {
        let mut rows = self.first.iter().zip(self.last).zip(self.price);
        let ((_, last), price) = rows.find(|((first, last), _)| **first <= day && day <= **last)?;
        let price = Some(*price).filter(|price| *price > 0).map(|price| Money::from_raw(price).to_f64());
        Some(Special { price, last: *last })
    }
}

impl Reader<'_> {
    /// Writes what the default customer group pays for a single piece: specials, then discounts from one piece on (or from none: a page shows no
    /// such row, but the basket takes it), each kind by priority and price.
    pub(super) fn specials(&mut self, columns: &mut Columns) -> Result<()> {
        let mut writer = SpecialWriter::create(columns)?;
        let parts = self.special_parts()?;
        if !parts.is_empty() {
            let statement = format!("{} ORDER BY 1, 5, 6, 7, 2, 3", parts.join(" UNION ALL "));
            self.rows(&statement, |row| {
                let (first, last) = held(row)?;
                if first > last {
                    return Ok(());
                }
                writer.push(SpecialRow { product_id: id(row, 0)?, first, last, price: integer(row, 3)? })
            })?;
        }
        writer.finish(columns)
    }

    /// A statement for each table: product, first and last day, price x 10^4 (0 where it has none of its own), rank, priority, price as written.
    fn special_parts(&mut self) -> Result<Vec<String>> {
        let prefix = self.database.prefix().to_owned();
        let group = format!(
            "`customer_group_id` = COALESCE((SELECT CAST(`value` AS UNSIGNED) FROM {} WHERE `store_id` = 0 AND \
             `key` = 'config_customer_group_id' LIMIT 1), 1)",
            self.database.table("setting")
        );
        let select = |table: &str, price: &str, rank: &str, only: &str| {
            let days = "`product_id`, `date_start`, `date_end`";
            format!(
                "SELECT {days}, {price}, {rank}, `priority`, `price` FROM {table} WHERE {only} AND {group}"
            )
        };
        let (own, one) = ("CAST(`price` * 10000 AS SIGNED)", "`quantity` <= 1");
        let mut parts = Vec::new();
        if self.has_table(&format!("{prefix}product_special"))? {
            parts.push(select(&self.database.table("product_special"), own, "0", "1"));
        }
        let discounts = format!("{prefix}product_discount");
        if self.has_table(&discounts)? {
            let table = self.database.table("product_discount");
            parts.push(if self.has_column(&discounts, "special")? {
                // Since 4.1: specials stand among the discounts, and may be a share (P) or an amount (S) off.
                // A page shows those from exactly one piece on only: the price of another is not what shoppers look at.
                let own = format!("IF(`special` = 1 AND `type` = 'F' AND `quantity` = 1, {own}, 0)");
                select(&table, &own, "IF(`special` = 1, 0, 1)", one)
            } else {
                select(&table, "0", "1", one)
            });
        }
        Ok(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_that_holds_is_in_force() {
        let (ids, first, last) = ([3, 5, 5, 5], [1, 10, i32::MIN, 40], [2, 19, 30, i32::MAX]);
        let price = [10_000, 120_000, 90_000, 0];
        let of = |id| SpecialPrices::of(&ids, (&first, &last, &price), id);
        assert_eq!(of(5).on(12), Some(Special { price: Some(12.0), last: 19 }));
        assert_eq!(of(5).on(25), Some(Special { price: Some(9.0), last: 30 }));
        assert_eq!(of(5).on(35), None);
        assert_eq!(of(5).on(99), Some(Special { price: None, last: i32::MAX }), "a share off");
        assert_eq!(of(4).on(1), None);
    }
}
