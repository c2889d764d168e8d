//! Small reads and writes by which the samples find or make the rows they refer to.

use crate::{Database, fault};
use meschain_base::{Error, Result};
use mysql::prelude::Queryable;
use mysql::{PooledConn, Value};

/// Columns of one row and their values.
pub(super) type Cells<'a> = &'a [(&'a str, Value)];

/// The id of the row whose `key` columns hold these values, made with `rest` when there is none. Columns the table lacks
/// are neither looked at nor written.
pub(super) fn find_or_add(
    database: &Database,
    conn: &mut PooledConn,
    table: &str,
    id: &str,
    key: Cells,
    rest: Cells,
) -> Result<u32> {
    let name = database.table(table);
    let present = columns(database, conn, table)?;
    let key: Vec<_> = key.iter().filter(|(column, _)| present.iter().any(|name| name == column)).collect();
    let condition = key.iter().map(|(column, _)| format!("`{column}` = ?")).collect::<Vec<_>>().join(" AND ");
    let find = format!("SELECT `{id}` FROM {name} WHERE {condition} ORDER BY `{id}` LIMIT 1");
    let values: Vec<Value> = key.iter().map(|(_, value)| value.clone()).collect();
    if let Some(found) = conn.exec_first::<u32, _, _>(&find, values.clone()).map_err(fault)? {
        return Ok(found);
    }
    let cells: Vec<(&str, Value)> =
        key.iter().map(|cell| (*cell).clone()).chain(rest.iter().cloned()).collect();
    add(database, conn, table, &cells)?;
    conn.exec_first::<u32, _, _>(&find, values)
        .map_err(fault)?
        .ok_or_else(|| Error::internal("sample reference", format!("a row of {table} went missing")))
}

/// Writes one row.
pub(super) fn add(database: &Database, conn: &mut PooledConn, table: &str, cells: Cells) -> Result<()> {
    let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
    let mut inserter = super::bulk::Inserter::new(database, conn, table, &names)?;
    inserter.push_row(conn, cells.iter().map(|(_, value)| value.clone()))?;
    inserter.flush(conn)
}

/// Writes one row unless its `key` is there.
pub(super) fn add_unless(
    database: &Database,
    conn: &mut PooledConn,
    table: &str,
    key: Cells,
    rest: Cells,
) -> Result<bool> {
    let condition = key.iter().map(|(column, _)| format!("`{column}` = ?")).collect::<Vec<_>>().join(" AND ");
    let find = format!("SELECT 1 FROM {} WHERE {condition} LIMIT 1", database.table(table));
    let values: Vec<Value> = key.iter().map(|(_, value)| value.clone()).collect();
    if conn.exec_first::<u8, _, _>(find, values).map_err(fault)?.is_some() {
        return Ok(false);
    }
    let cells: Vec<(&str, Value)> = key.iter().chain(rest).cloned().collect();
    add(database, conn, table, &cells).map(|()| true)
}

/// Names of a table's columns; empty when there is no such table.
pub(super) fn columns(database: &Database, conn: &mut PooledConn, table: &str) -> Result<Vec<String>> {
    let full = format!("{}{table}", database.prefix());
    columns_of(database, conn, &full)
}

/// The same for a table named in full.
pub(super) fn columns_of(database: &Database, conn: &mut PooledConn, full_name: &str) -> Result<Vec<String>> {
    conn.exec(
        "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?",
        (database.name(), full_name),
    )
    .map_err(fault)
}

/// The highest id of a table, 0 when it is empty.
pub(super) fn highest(database: &Database, conn: &mut PooledConn, table: &str, id: &str) -> Result<u32> {
    let sql = format!("SELECT COALESCE(MAX(`{id}`), 0) FROM {}", database.table(table));
    Ok(conn.query_first::<u32, _>(sql).map_err(fault)?.unwrap_or(0))
}

/// A date as the driver takes it.
pub(super) fn day_value(day: jiff::civil::Date) -> Value {
    time_value(day.to_datetime(jiff::civil::Time::midnight()))
}

/// A date and time as the driver takes it.
pub(super) fn time_value(at: jiff::civil::DateTime) -> Value {
    let part = |value: i8| value.unsigned_abs();
    Value::Date(
        at.year().unsigned_abs(),
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
        0,
    )
}

/// An amount as the driver takes it.
pub(super) fn money_value(amount: meschain_base::Money) -> Value {
    Value::Bytes(amount.to_string().into_bytes())
}
