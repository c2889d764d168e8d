//! The figures in SQL. Everything that goes into a statement is a number made here.

use crate::tally::Scope;
use meschain_base::{Error, Result};
use meschain_shop::columns::WallClock;
use meschain_shop::mysql::prelude::{FromRow, Queryable};
use meschain_shop::{Connection, Database, fault};
use std::collections::BTreeMap;
use std::ops::Range;

/// Orders, pieces and money as the server prints them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) orders: String,
    pub(super) units: String,
    pub(super) revenue: String,
}

impl Row {
    pub(super) fn zero() -> Self {
        Self { orders: "0".to_owned(), units: "0".to_owned(), revenue: "0.0000".to_owned() }
    }
}

/// One transaction on the database.
pub(super) struct Oracle {
    connection: Connection,
    orders: String,
    lines: String,
    returns: String,
    /// Joins the marketplace, where that is known.
    origin: &'static str,
    marketplace: &'static str,
    scope: Scope,
    /// What the shop's dates are written by.
    clock: WallClock,
}

const MONEY: &str = "CAST(CAST(COALESCE(SUM(`o`.`total`), 0) AS DECIMAL(38, 4)) AS CHAR)";

/// Twenty decimals before rounding to four: no order count can bring a quotient that near to a tie without being one.
const AVERAGE: &str = "CAST(CAST(COALESCE(ROUND(CAST(SUM(`o`.`total`) AS DECIMAL(38, 16)) / COUNT(*), 4), 0) \
     AS DECIMAL(38, 4)) AS CHAR)";

impl Oracle {
    pub(super) fn new(database: &Database, scope: Scope, clock: WallClock) -> Result<Self> {
        let mut connection = database.patient().connection()?;
        connection.query_drop("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").map_err(fault)?;
        connection.query_drop("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").map_err(fault)?;
        let statement = "SELECT COUNT(*) FROM `information_schema`.`TABLES` \
             WHERE `TABLE_SCHEMA` = DATABASE() AND `TABLE_NAME` = 'meschain_order_origin'";
        let known: Option<u64> = connection.query_first(statement).map_err(fault)?;
        let (origin, marketplace) = match known {
            Some(1..) => {
                let join = "LEFT JOIN `meschain_order_origin` `g` ON `g`.`order_id` = `o`.`order_id`";
                (join, "COALESCE(`g`.`marketplace_id`, 1)")
            }
            _ => ("", "1"),
        };
        let table = |name: &str| database.table(name);
        let (orders, lines, returns) = (table("order"), table("order_product"), table("return"));
        Ok(Self { connection, orders, lines, returns, origin, marketplace, scope, clock })
    }

    fn place(&self) -> String {
        let store = self.scope.store_id.map(|id| format!(" AND `o`.`store_id` = {id}"));
        let marketplace = self.scope.marketplace_id.map(|id| format!(" AND {} = {id}", self.marketplace));
        store.unwrap_or_default() + &marketplace.unwrap_or_default()
    }

    /// Orders that count, at any time.
    fn counted(&self) -> String {
        let ids: Vec<String> = self.scope.statuses.ids().iter().map(u32::to_string).collect();
        let ids = if ids.is_empty() { "NULL".to_owned() } else { ids.join(", ") };
        format!("`o`.`order_status_id` IN ({ids}) AND `o`.`date_added` >= '1000-01-01'{}", self.place())
    }

    /// The window on `date_added` of a table, as the shop writes it.
    fn within(&self, table: &str, window: &Range<i64>) -> String {
        let (from, until) = (self.clock.text(window.start), self.clock.text(window.end));
        format!("`{table}`.`date_added` >= '{from}' AND `{table}`.`date_added` < '{until}'")
    }

    fn rows<T: FromRow>(&mut self, statement: &str) -> Result<Vec<T>> {
        let result = self.connection.exec_iter(statement, ()).map_err(fault)?;
        let rows = result.map(|row| T::from_row_opt(row.map_err(fault)?).map_err(|e| fault(e.into())));
        rows.collect()
    }

    fn one<T: FromRow>(&mut self, statement: &str) -> Result<T> {
        self.rows(statement)?.pop().ok_or_else(|| Error::internal("verification", "no row of sums"))
    }

    /// The six figures of a window, in the order of the dashboard.
    pub(super) fn figures(&mut self, window: &Range<i64>) -> Result<[String; 6]> {
        let (orders, lines, origin, counted) =
            (self.orders.clone(), self.lines.clone(), self.origin, self.counted());
        let during = self.within("o", window);
        let from = format!("{orders} `o` {origin} WHERE {counted} AND {during}");
        let statement = format!("SELECT {MONEY}, CAST(COUNT(*) AS CHAR), {AVERAGE} FROM {from}");
        let (revenue, count, average): (String, String, String) = self.one(&statement)?;
        let statement = format!(
            "SELECT CAST(COALESCE(SUM(`l`.`quantity`), 0) AS CHAR) FROM {lines} `l` \
             JOIN {orders} `o` ON `o`.`order_id` = `l`.`order_id` {origin} WHERE {counted} AND {during}"
        );
        let units: String = self.one(&statement)?;
        let statement = format!(
            "SELECT CAST(COUNT(*) AS CHAR) FROM (SELECT `o`.`customer_id`, MIN(`o`.`date_added`) AS `date_added` \
             FROM {orders} `o` {origin} WHERE {counted} AND `o`.`customer_id` > 0 GROUP BY `o`.`customer_id`) `f` WHERE {}",
            self.within("f", window)
        );
        let customers: String = self.one(&statement)?;
        let returns = self.returned(window)?;
        Ok([revenue, count, average, units, returns, customers])
    }

    fn returned(&mut self, window: &Range<i64>) -> Result<String> {
        let (place, returns, orders, origin) = (self.place(), &self.returns, &self.orders, self.origin);
        let join = format!("JOIN {orders} `o` ON `o`.`order_id` = `r`.`order_id` {origin}");
        let join = if place.is_empty() { String::new() } else { join };
        let statement = format!(
            "SELECT CAST(COUNT(*) AS CHAR) FROM {returns} `r` {join} WHERE {}{place}",
            self.within("r", window)
        );
        self.one(&statement)
    }

    /// Sums between each start and the next, by place; the last start ends the series.
    pub(super) fn series(&mut self, starts: &[i64]) -> Result<BTreeMap<usize, Row>> {
        let (Some(first), Some(last)) = (starts.first(), starts.last()) else { return Ok(BTreeMap::new()) };
        let list: Vec<String> = starts.iter().map(|start| self.clock.written(*start).to_string()).collect();
        let second = "TIMESTAMPDIFF(SECOND, '1970-01-01 00:00:00', `o`.`date_added`)";
        let point = format!("INTERVAL({second}, {})", list.join(", "));
        let (orders, lines, origin, counted) = (&self.orders, &self.lines, self.origin, self.counted());
        let during = self.within("o", &(*first..*last));
        let sums = format!(
            "SELECT {point} AS `point`, {MONEY}, CAST(COUNT(*) AS CHAR) FROM {orders} `o` {origin} \
             WHERE {counted} AND {during} GROUP BY `point`"
        );
        let units = format!(
            "SELECT {point} AS `point`, CAST(COALESCE(SUM(`l`.`quantity`), 0) AS CHAR) FROM {lines} `l` \
             JOIN {orders} `o` ON `o`.`order_id` = `l`.`order_id` {origin} WHERE {counted} AND {during} GROUP BY `point`"
        );
        let mut found = BTreeMap::new();
        // INTERVAL counts the starts at or before the date: the first point is 1.
        for (point, revenue, orders) in self.rows::<(usize, String, String)>(&sums)? {
            found.insert(point.saturating_sub(1), Row { revenue, orders, ..Row::zero() });
        }
        for (point, units) in self.rows::<(usize, String)>(&units)? {
            found.entry(point.saturating_sub(1)).or_insert_with(Row::zero).units = units;
        }
        Ok(found)
    }

    pub(super) fn top_products(&mut self, window: &Range<i64>, limit: usize) -> Result<Vec<(u32, Row)>> {
        let (orders, lines, origin, counted) = (&self.orders, &self.lines, self.origin, self.counted());
        let statement = format!(
            "SELECT `l`.`product_id`, CAST(COUNT(DISTINCT `l`.`order_id`) AS CHAR), CAST(SUM(`l`.`quantity`) AS CHAR), \
             CAST(CAST(SUM(`l`.`total`) AS DECIMAL(38, 4)) AS CHAR) FROM {lines} `l` \
             JOIN {orders} `o` ON `o`.`order_id` = `l`.`order_id` {origin} WHERE {counted} AND {} GROUP BY `l`.`product_id` \
             ORDER BY SUM(`l`.`total`) DESC, SUM(`l`.`quantity`) DESC, `l`.`product_id` LIMIT {limit}",
            self.within("o", window)
        );
        self.listed(&statement)
    }

    pub(super) fn marketplaces(&mut self, window: &Range<i64>) -> Result<Vec<(u32, Row)>> {
        let (orders, lines, origin, counted) = (&self.orders, &self.lines, self.origin, self.counted());
        let (place, during) = (self.marketplace, self.within("o", window));
        let units = format!(
            "(SELECT COALESCE(SUM(`l`.`quantity`), 0) FROM {lines} `l` WHERE `l`.`order_id` = `o`.`order_id`)"
        );
        let statement = format!(
            "SELECT {place} AS `place`, CAST(COUNT(*) AS CHAR), CAST(SUM({units}) AS CHAR), {MONEY} FROM {orders} `o` {origin} \
             WHERE {counted} AND {during} GROUP BY `place` ORDER BY SUM(`o`.`total`) DESC, `place`"
        );
        self.listed(&statement)
    }

    fn listed(&mut self, statement: &str) -> Result<Vec<(u32, Row)>> {
        let rows = self.rows::<(u32, String, String, String)>(statement)?;
        Ok(rows
            .into_iter()
            .map(|(id, orders, units, revenue)| (id, Row { orders, units, revenue }))
            .collect())
    }
}
