//! Many rows into one table with few round trips: multi-row prepared `INSERT`s.
//!
//! The caller names the columns it has values for. Columns the table lacks (OpenCart 4.1 moved and dropped some) are left
//! out; columns the caller does not name but the table demands get an empty literal of their type.

use crate::{Database, fault};
use meschain_base::{Error, Result};
use mysql::prelude::Queryable;
use mysql::{PooledConn, Value};

/// Rows in one statement, largest first; a remainder is split into these. A prepared statement takes at most 65,535
/// parameters.
const STEPS: [usize; 3] = [256, 16, 1];
const MOST_PARAMETERS: usize = 60_000;

/// Collects rows of one table and writes them in batches.
pub(super) struct Inserter {
    table: String,
    head: String,
    row: String,
    /// For each value of a pushed row: whether the table has such a column.
    wanted: Vec<bool>,
    /// Parameters one row takes.
    width: usize,
    rows_per_batch: usize,
    values: Vec<Value>,
    written: u64,
}

impl Inserter {
    /// Reads the table's columns and prepares for rows of `columns`. `name` is a table name without prefix, or, with
    /// `own`, one of MesChain's own tables.
    pub fn new(database: &Database, conn: &mut PooledConn, name: &str, columns: &[&str]) -> Result<Self> {
        Self::build(database, conn, &format!("{}{name}", database.prefix()), columns)
    }

    /// The same for a table that carries no prefix.
    pub fn own(database: &Database, conn: &mut PooledConn, name: &str, columns: &[&str]) -> Result<Self> {
        Self::build(database, conn, name, columns)
    }

    fn build(database: &Database, conn: &mut PooledConn, full_name: &str, columns: &[&str]) -> Result<Self> {
        let known = table_columns(database, conn, full_name)?;
        let wanted: Vec<bool> = columns.iter().map(|name| known.iter().any(|c| c.name == *name)).collect();
        let given = columns.iter().zip(&wanted).filter(|(_, wanted)| **wanted).map(|(name, _)| *name);
        let width = given.clone().count();
        let demanded: Vec<&Column> =
            known.iter().filter(|c| c.demanded && !columns.contains(&c.name.as_str())).collect();
        let names = given.chain(demanded.iter().map(|column| column.name.as_str()));
        let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
        let cells =
            std::iter::repeat_n("?", width).chain(demanded.iter().map(|column| column.empty_literal()));
        let rows_per_batch = STEPS.into_iter().find(|rows| rows * width <= MOST_PARAMETERS).unwrap_or(1);
        Ok(Self {
            table: full_name.to_owned(),
            head: format!("INSERT INTO `{full_name}` ({}) VALUES ", names.join(",")),
            row: format!("({})", cells.collect::<Vec<_>>().join(",")),
            wanted,
            width,
            rows_per_batch,
            values: Vec::with_capacity(rows_per_batch * width),
            written: 0,
        })
    }

    /// Adds one row, in the order of the columns given to [`Inserter::new`]; writes a batch when one is full.
    pub fn push<const N: usize>(&mut self, conn: &mut PooledConn, row: [Value; N]) -> Result<()> {
        self.push_row(conn, row)
    }

    /// As [`Inserter::push`] for rows whose width is not known when compiling.
    pub fn push_row(&mut self, conn: &mut PooledConn, row: impl IntoIterator<Item = Value>) -> Result<()> {
        let before = self.values.len();
        let cells = row.into_iter().zip(&self.wanted).filter(|(_, wanted)| **wanted).map(|(value, _)| value);
        self.values.extend(cells);
        if self.values.len() - before != self.width {
            return Err(Error::internal("bulk insert", format!("a row of {} is too short", self.table)));
        }
        if self.values.len() >= self.rows_per_batch * self.width { self.flush(conn) } else { Ok(()) }
    }

    /// Writes what is held.
    pub fn flush(&mut self, conn: &mut PooledConn) -> Result<()> {
        let mut values = std::mem::take(&mut self.values);
        for step in STEPS {
            while self.width > 0 && values.len() >= step * self.width && step <= self.rows_per_batch {
                let rest = values.split_off(step * self.width);
                conn.exec_drop(self.statement(step), values).map_err(fault)?;
                self.written += step as u64;
                values = rest;
            }
        }
        values.reserve(self.rows_per_batch * self.width);
        self.values = values;
        Ok(())
    }

    /// Rows written so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    fn statement(&self, rows: usize) -> String {
        let mut text = String::with_capacity(self.head.len() + rows * (self.row.len() + 1));
        text.push_str(&self.head);
        for at in 0..rows {
            if at > 0 {
                text.push(',');
            }
            text.push_str(&self.row);
        }
        text
    }
}

struct Column {
    name: String,
    kind: String,
    /// NOT NULL, without default and not counted up by the server.
    demanded: bool,
}

impl Column {
    fn empty_literal(&self) -> &'static str {
        match self.kind.as_str() {
            "date" => "'1970-01-01'",
            "datetime" | "timestamp" => "'1970-01-01 00:00:00'",
            "json" => "'{}'",
            kind if kind.ends_with("int") || matches!(kind, "decimal" | "double" | "float") => "0",
            _ => "''",
        }
    }
}

fn table_columns(database: &Database, conn: &mut PooledConn, full_name: &str) -> Result<Vec<Column>> {
    let rows: Vec<(String, String, String, Option<String>, String)> = conn
        .exec(
            "SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE, COLUMN_DEFAULT, EXTRA FROM information_schema.COLUMNS \
             WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION",
            (database.name(), full_name),
        )
        .map_err(fault)?;
    if rows.is_empty() {
        return Err(Error::NotFound { what: "table", id: full_name.to_owned() });
    }
    let column = |(name, kind, null, default, extra): (String, String, String, Option<String>, String)| {
        let extra = extra.to_ascii_lowercase();
        let filled = null == "YES"
            || default.is_some()
            || extra.contains("auto_increment")
            || extra.contains("generated");
        Column { name, kind: kind.to_ascii_lowercase(), demanded: !filled }
    };
    Ok(rows.into_iter().map(column).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_testkit::mariadb;

    #[test]
    fn writes_every_row_once_whatever_the_remainder_and_the_columns() {
        let database = Database::main(&mariadb().fresh("bulk")).unwrap();
        let mut conn = database.connection().unwrap();
        conn.query_drop(
            "CREATE TABLE oc_thing (id INT PRIMARY KEY, name TEXT NOT NULL, added DATETIME NOT NULL, \
             extra VARCHAR(9) NOT NULL, n INT NOT NULL, maybe INT NULL)",
        )
        .unwrap();
        let mut rows = Inserter::new(&database, &mut conn, "thing", &["id", "gone", "name"]).unwrap();
        for id in 1..=(256 + 16 * 2 + 3) {
            rows.push(&mut conn, [Value::from(id), Value::from("x"), Value::from(format!("n{id}"))]).unwrap();
        }
        rows.flush(&mut conn).unwrap();
        assert_eq!(rows.written(), 291);
        let (count, sum, names): (u64, u64, u64) =
            conn.query_first("SELECT COUNT(*), SUM(id), COUNT(DISTINCT name) FROM oc_thing WHERE extra = '' AND n = 0 AND maybe IS NULL").unwrap().unwrap();
        assert_eq!((count, sum, names), (291, 291 * 292 / 2, 291));
    }

    #[test]
    fn a_missing_table_is_named() {
        let database = Database::main(&mariadb().fresh("bulk_missing")).unwrap();
        let mut conn = database.connection().unwrap();
        let refused = Inserter::new(&database, &mut conn, "nothing", &["id"]).err().unwrap();
        assert_eq!(refused, Error::NotFound { what: "table", id: "oc_nothing".to_owned() });
    }
}
