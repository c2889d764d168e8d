//! Streams orders and their lines out of the database, row by row, over the binary protocol.

use super::fingerprint::{Fingerprints, RowText, Table, sql};
use super::row::{flag, id, integer, quantity, unsigned, written};
use super::schema::{BUCKET_ORDERS, OrderRow, OrderWriter};
use super::sorter::{RawLine, Sorter};
use super::spool::Columns;
use super::wall::WallClock;
use crate::database::{Connection, Database, fault};
use meschain_base::{Progress, Result};
use mysql::Row;
use mysql::prelude::Queryable;

/// Whether an order is one that somebody tried the shop out with: a customer called Test or Deneme throughout, or who writes from such a
/// mailbox. OpenCart's collations do not tell cases apart.
macro_rules! test {
    () => {
        "COALESCE((`firstname` IN ('test', 'deneme') AND `lastname` IN ('test', 'deneme', '')) \
         OR `email` LIKE 'test@%' OR `email` LIKE 'deneme@%', 0)"
    };
}

/// Columns of an order, in the order the reader and its fingerprint take them. Money as a whole number of ten-thousandths.
const ORDER: &str = concat!(
    "`order_id`, `date_added`, `date_modified`, `order_status_id`, `customer_id`, `store_id`, `currency_id`, \
     CAST(`total` * 10000 AS SIGNED), ",
    test!()
);
const ORDER_COLUMNS: usize = 9;

const LINE: &str = "`order_product_id`, `order_id`, `product_id`, `quantity`, CAST(`price` * 10000 AS SIGNED), \
     CAST(`total` * 10000 AS SIGNED), CAST(`tax` * 10000 AS SIGNED)";
const LINE_COLUMNS: usize = 7;

const ORIGIN: &str = "`order_id`, `marketplace_id`";
const ORIGIN_COLUMNS: usize = 2;

/// Where an order came from when no row says otherwise.
const OWN_SHOP: u32 = 1;

/// Rows between two looks at the progress.
const STEP: u64 = 1 << 14;

/// Order ids to read, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct IdRange {
    pub(super) first: u32,
    pub(super) last: u32,
}

impl IdRange {
    /// Every order there is.
    pub(super) const ALL: Self = Self { first: 1, last: u32::MAX };

    /// The ids of runs of buckets (ascending).
    pub(super) fn of_buckets(buckets: &[u32]) -> Vec<Self> {
        let runs = buckets.chunk_by(|a, b| a.checked_add(1) == Some(*b));
        let range = |run: &[u32]| {
            let first = run.first()?.saturating_mul(BUCKET_ORDERS);
            let last = run.last()?.saturating_mul(BUCKET_ORDERS).saturating_add(BUCKET_ORDERS - 1);
            // Id 0 is no order.
            Some(Self { first: first.max(1), last })
        };
        runs.filter_map(range).collect()
    }

    pub(super) fn condition(&self) -> String {
        match *self {
            // No condition keeps the server on its primary key, which it reads twice as fast as an index and its rows.
            Self::ALL => "1 = 1".to_owned(),
            Self { first, last } => format!("`order_id` BETWEEN {first} AND {last}"),
        }
    }
}

/// One transaction's view of the shop.
pub(super) struct Reader<'a> {
    pub(super) database: &'a Database,
    pub(super) connection: Connection,
    pub(super) progress: &'a Progress,
    /// Whether `meschain_order_origin` is there.
    pub(super) origins: bool,
    /// Whether `order_option` is there.
    pub(super) choices: bool,
    /// What the shop's dates are written by.
    pub(super) clock: WallClock,
}

impl Reader<'_> {
    /// Fingerprints of these orders as the server computes them.
    pub(super) fn fingerprints(&mut self, ranges: &[IdRange]) -> Result<Fingerprints> {
        self.progress.stage("fingerprints", 0)?;
        let mut prints = Fingerprints::default();
        let (orders, lines) = (self.database.table("order"), self.database.table("order_product"));
        for range in ranges {
            let condition = range.condition();
            let mut tables = vec![
                (Table::Orders, sql(&orders, ORDER, "order_id", &condition)),
                (Table::Lines, sql(&lines, LINE, "order_product_id", &condition)),
            ];
            if self.origins {
                tables.push((Table::Origins, sql("`meschain_order_origin`", ORIGIN, "order_id", &condition)));
            }
            for (table, statement) in tables {
                self.rows(&statement, |row| {
                    let rows = u32::try_from(unsigned(row, 1)?).unwrap_or(u32::MAX);
                    prints.merge(table, id(row, 0)?, rows, unsigned(row, 2)?);
                    Ok(())
                })?;
            }
        }
        Ok(prints)
    }

    /// Buckets of orders above the watermark, or changed at or after `modified` (seconds since 1970 UTC).
    pub(super) fn touched(&mut self, watermark: u32, modified: i64) -> Result<Vec<u32>> {
        let orders = self.database.table("order");
        let since = self.clock.text(modified);
        let bucket = format!("SELECT `order_id` DIV {BUCKET_ORDERS} AS `bucket` FROM {orders}");
        let statement = format!(
            "{bucket} WHERE `order_id` > {watermark} UNION {bucket} WHERE `date_modified` >= '{since}' AND `order_id` > 0"
        );
        let mut buckets = Vec::new();
        self.rows(&statement, |row| {
            buckets.push(id(row, 0)?);
            Ok(())
        })?;
        buckets.sort_unstable();
        Ok(buckets)
    }

    /// About how many rows a table of OpenCart has, for the progress.
    pub(super) fn estimate(&mut self, table: &str) -> Result<u64> {
        let statement = "SELECT CAST(`TABLE_ROWS` AS SIGNED) FROM `information_schema`.`TABLES` \
             WHERE `TABLE_SCHEMA` = DATABASE() AND `TABLE_NAME` = ?";
        let name = format!("{}{table}", self.database.prefix());
        let rows: Option<Option<u64>> = self.connection.exec_first(statement, (name,)).map_err(fault)?;
        Ok(rows.flatten().unwrap_or(0))
    }

    /// Reads the orders of `range` into `writer`, by id.
    pub(super) fn orders(
        &mut self,
        range: IdRange,
        scratch: &std::path::Path,
        writer: &mut OrderWriter,
        prints: &mut Fingerprints,
    ) -> Result<u64> {
        let origins = self.read_origins(range, scratch, prints)?;
        let mut origins = origins.pairs()?.peekable();
        let statement = format!(
            "SELECT {ORDER} FROM {} WHERE {} AND `order_id` > 0 ORDER BY `order_id`",
            self.database.table("order"),
            range.condition(),
        );
        let (mut text, clock) = (RowText::default(), self.clock.clone());
        self.rows(&statement, |row| {
            let order_id = id(row, 0)?;
            prints.add(Table::Orders, order_id, order_id, text.checksum(row, ORDER_COLUMNS)?);
            while origins.next_if(|(origin, _)| *origin < order_id).is_some() {}
            let marketplace_id =
                origins.next_if(|(origin, _)| *origin == order_id).map_or(OWN_SHOP, |(_, id)| id);
            writer.push(OrderRow {
                order_id,
                date_added: clock.instant(written(row, 1)?),
                date_modified: clock.instant(written(row, 2)?),
                status: id(row, 3)?,
                customer_id: id(row, 4)?,
                store_id: id(row, 5)?,
                currency_id: id(row, 6)?,
                marketplace_id,
                total: integer(row, 7)?,
                test: flag(row, 8)?,
            })
        })
    }

    fn read_origins(
        &mut self,
        range: IdRange,
        scratch: &std::path::Path,
        prints: &mut Fingerprints,
    ) -> Result<Origins> {
        let mut columns = Columns::new(scratch);
        let mut orders = columns.spool::<u32>(&format!("origin.order.{}", range.first))?;
        let mut places = columns.spool::<u32>(&format!("origin.place.{}", range.first))?;
        if self.origins {
            let condition = range.condition();
            let statement = format!(
                "SELECT {ORIGIN} FROM `meschain_order_origin` WHERE {condition} AND `order_id` > 0 ORDER BY `order_id`"
            );
            let mut text = RowText::default();
            self.rows(&statement, |row| {
                let order_id = id(row, 0)?;
                prints.add(Table::Origins, order_id, order_id, text.checksum(row, ORIGIN_COLUMNS)?);
                orders.push(order_id)?;
                places.push(id(row, 1)?)
            })?;
        }
        columns.add(orders)?;
        columns.add(places)?;
        Ok(Origins { columns, first: range.first })
    }

    /// Reads the lines of the orders of `range`, in whatever order the server finds them.
    pub(super) fn lines(
        &mut self,
        range: IdRange,
        sorter: &mut Sorter<RawLine>,
        prints: &mut Fingerprints,
    ) -> Result<u64> {
        let table = self.database.table("order_product");
        let statement = format!("SELECT {LINE} FROM {table} WHERE {} AND `order_id` > 0", range.condition());
        let mut text = RowText::default();
        self.rows(&statement, |row| {
            let (order_product_id, order_id) = (id(row, 0)?, id(row, 1)?);
            prints.add(Table::Lines, order_id, order_product_id, text.checksum(row, LINE_COLUMNS)?);
            sorter.push(RawLine {
                order_product_id,
                order_id,
                product_id: id(row, 2)?,
                quantity: quantity(row, 3)?,
                price: integer(row, 4)?,
                total: integer(row, 5)?,
                tax: integer(row, 6)?,
            })
        })
    }

    /// Streams the rows of a statement and counts them.
    pub(super) fn rows(&mut self, statement: &str, mut each: impl FnMut(&Row) -> Result<()>) -> Result<u64> {
        let mut count = 0_u64;
        let result = self.connection.exec_iter(statement, ()).map_err(fault)?;
        for row in result {
            each(&row.map_err(fault)?)?;
            count += 1;
            if count.is_multiple_of(STEP) {
                self.progress.advance(STEP)?;
            }
        }
        self.progress.advance(count % STEP)?;
        Ok(count)
    }
}

/// Orders that came from a marketplace, by order id.
struct Origins {
    columns: Columns,
    first: u32,
}

impl Origins {
    fn pairs(&self) -> Result<impl Iterator<Item = (u32, u32)> + '_> {
        let orders = self.columns.get::<u32>(&format!("origin.order.{}", self.first))?;
        let places = self.columns.get::<u32>(&format!("origin.place.{}", self.first))?;
        Ok(orders.iter().copied().zip(places.iter().copied()))
    }
}
