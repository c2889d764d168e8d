//! What the shop's usual customers pay in place of the catalogue's price: read whole every time, like the catalogue.

use super::conditions::{held, rows_of};
use super::read::Reader;
use super::row::{id, integer};
use super::schema::{SpecialRow, SpecialWriter, Specials};
use super::spool::Columns;
use meschain_base::{Money, Result};

/// What is paid in place of the catalogue's price (without tax, in the default currency).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Paid {
    /// This price.
    Price(f64),
    /// The catalogue's price less this share of it, 0 to 1.
    Share(f64),
    /// The catalogue's price less this amount.
    Amount(f64),
    /// Not known: a discount, or what no page shows.
    Unknown,
}

impl Paid {
    fn of(kind: u8, value: i64) -> Self {
        let value = Money::from_raw(value).to_f64();
        match kind {
            1 => Self::Price(value),
            2 => Self::Share(value / 100.0),
            3 => Self::Amount(value),
            _ => Self::Unknown,
        }
    }

    /// The price that is paid beside one of the catalogue; `None` where that is not known, or nothing.
    pub fn beside(self, catalogue: f64) -> Option<f64> {
        let paid = match self {
            Self::Price(price) => price,
            Self::Share(share) => catalogue * (1.0 - share),
            Self::Amount(amount) => catalogue - amount,
            Self::Unknown => return None,
        };
        (paid > 0.0).then_some(paid)
    }
}

/// What is paid on a day in place of the catalogue's price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Special {
    /// What is paid.
    pub paid: Paid,
    /// Its last day, counted from 1970-01-01; `i32::MAX` when it has no end.
    pub last: i32,
}

/// Specials of one product, in the order in which OpenCart asks for them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SpecialPrices<'a> {
    first: &'a [i32],
    last: &'a [i32],
    kind: &'a [u8],
    value: &'a [i64],
}

impl<'a> SpecialPrices<'a> {
    /// The rows of a product in a table sorted by product.
    pub(super) fn of(table: &Specials<'a>, wanted: u32) -> Self {
        let rows = rows_of(table.product_id, wanted);
        Self {
            first: table.first.get(rows.clone()).unwrap_or_default(),
            last: table.last.get(rows.clone()).unwrap_or_default(),
            kind: table.kind.get(rows.clone()).unwrap_or_default(),
            value: table.value.get(rows).unwrap_or_default(),
        }
    }

    /// The one that is in force on a day.
    pub fn on(&self, day: i32) -> Option<Special> {
        let mut rows = self.first.iter().zip(self.last).zip(self.kind.iter().zip(self.value));
        let ((_, last), (kind, value)) = rows.find(|((first, last), _)| **first <= day && day <= **last)?;
        Some(Special { paid: Paid::of(*kind, *value), last: *last })
    }
}

impl Reader<'_> {
    /// Writes what the default customer group pays for a single piece: specials, then discounts from one piece on (or from none: a page shows no
    /// such row, but the basket takes it), each kind by priority and price.
    pub(super) fn specials(&mut self, columns: &mut Columns) -> Result<()> {
        let mut writer = SpecialWriter::create(columns)?;
        let parts = self.special_parts()?;
        if !parts.is_empty() {
            let statement = format!("{} ORDER BY 1, 6, 7, 8, 2, 3", parts.join(" UNION ALL "));
            self.rows(&statement, |row| {
                let (first, last) = held(row)?;
                if first > last {
                    return Ok(());
                }
                let kind = u8::try_from(integer(row, 3)?).unwrap_or_default();
                writer.push(SpecialRow {
                    product_id: id(row, 0)?,
                    first,
                    last,
                    kind,
                    value: integer(row, 4)?,
                })
            })?;
        }
        writer.finish(columns)
    }

    /// A statement for each table: product, first and last day, kind, value x 10^4, rank, priority, price as written.
    fn special_parts(&mut self) -> Result<Vec<String>> {
        let prefix = self.database.prefix().to_owned();
        let group = format!(
            "`customer_group_id` = COALESCE((SELECT CAST(`value` AS UNSIGNED) FROM {} WHERE `store_id` = 0 AND \
             `key` = 'config_customer_group_id' LIMIT 1), 1)",
            self.database.table("setting")
        );
        let select = |table: &str, kind: &str, rank: &str, only: &str| {
            let (days, value) = ("`product_id`, `date_start`, `date_end`", "CAST(`price` * 10000 AS SIGNED)");
            format!(
                "SELECT {days}, {kind}, {value}, {rank}, `priority`, `price` FROM {table} WHERE {only} AND {group}"
            )
        };
        let one = "`quantity` <= 1";
        let mut parts = Vec::new();
        if self.has_table(&format!("{prefix}product_special"))? {
            parts.push(select(&self.database.table("product_special"), "1", "0", "1"));
        }
        let discounts = format!("{prefix}product_discount");
        if self.has_table(&discounts)? {
            let table = self.database.table("product_discount");
            parts.push(if self.has_column(&discounts, "special")? {
                // Since 4.1: specials stand among the discounts, and may be a share (P) or an amount (S) off. A page shows those from exactly one
                // piece on only: the price of another is not what shoppers look at.
                let kind = "IF(`special` = 1 AND `quantity` = 1, FIELD(`type`, 'F', 'P', 'S'), 0)";
                select(&table, kind, "IF(`special` = 1, 0, 1)", one)
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
        let (kind, value) = ([1, 1, 3, 2], [10_000, 120_000, 90_000, 250_000]);
        let table = Specials { product_id: &ids, first: &first, last: &last, kind: &kind, value: &value };
        let of = |id| SpecialPrices::of(&table, id);
        assert_eq!(of(5).on(12), Some(Special { paid: Paid::Price(12.0), last: 19 }));
        assert_eq!(of(5).on(25), Some(Special { paid: Paid::Amount(9.0), last: 30 }));
        assert_eq!(of(5).on(35), None);
        assert_eq!(of(5).on(99), Some(Special { paid: Paid::Share(0.25), last: i32::MAX }));
        assert_eq!(of(4).on(1), None);
    }

    #[test]
    fn what_is_paid_follows_the_catalogue_or_does_not() {
        let beside = |paid: Paid| paid.beside(40.0);
        assert_eq!(beside(Paid::Price(12.0)), Some(12.0));
        assert_eq!(beside(Paid::Share(0.25)), Some(30.0));
        assert_eq!(beside(Paid::Amount(9.0)), Some(31.0));
        let nothing = [Paid::Unknown, Paid::Price(0.0), Paid::Share(1.0), Paid::Amount(40.0)];
        assert!(nothing.into_iter().all(|paid| beside(paid).is_none()));
    }
}
