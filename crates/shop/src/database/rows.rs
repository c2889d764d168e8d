//! Rows without panics. The driver's own `query`, `exec`, `query_first` and their kin panic when a value does
//! not fit the type asked for (a NULL for a `String`, say); shipping code goes through these instead. All use
//! prepared statements.

use super::fault;
use meschain_base::{DatabaseFault, Error, Result};
use mysql::prelude::{FromRow, FromValue, Queryable};
use mysql::{Params, Row, from_row_opt};

/// All rows of a small answer.
pub fn all<T: FromRow>(conn: &mut impl Queryable, sql: &str, params: impl Into<Params>) -> Result<Vec<T>> {
    let rows = conn.exec_iter(sql, params.into()).map_err(fault)?;
    rows.map(|row| convert(row.map_err(fault)?)).collect()
}

/// The first row, if any.
pub fn first<T: FromRow>(
    conn: &mut impl Queryable,
    sql: &str,
    params: impl Into<Params>,
) -> Result<Option<T>> {
    let mut rows = conn.exec_iter(sql, params.into()).map_err(fault)?;
    rows.next().map(|row| convert(row.map_err(fault)?)).transpose()
}

/// Runs a statement and returns the number of rows it changed.
pub fn change(conn: &mut impl Queryable, sql: &str, params: impl Into<Params>) -> Result<u64> {
    Ok(conn.exec_iter(sql, params.into()).map_err(fault)?.affected_rows())
}

/// Hands the rows to `with` one by one as they arrive. When `with` fails the rest of the answer is still read
/// and dropped, so ask for a bounded number of rows.
pub fn each(
    conn: &mut impl Queryable,
    sql: &str,
    params: impl Into<Params>,
    mut with: impl FnMut(Row) -> Result<()>,
) -> Result<()> {
    let mut rows = conn.exec_iter(sql, params.into()).map_err(fault)?;
    rows.try_for_each(|row| with(row.map_err(fault)?))
}

/// Moves one column out of a row.
pub fn take<T: FromValue>(row: &mut Row, column: &str) -> Result<T> {
    match row.take_opt(column) {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(named(fault(mysql::Error::from(error)), column)),
        None => Err(value_error(DatabaseFault::Schema, format!("the answer has no column {column}"))),
    }
}

fn convert<T: FromRow>(row: Row) -> Result<T> {
    from_row_opt(row).map_err(|error| fault(mysql::Error::from(error)))
}

fn named(error: Error, column: &str) -> Error {
    match error {
        Error::Database { fault, detail, .. } => value_error(fault, format!("column {column}: {detail}")),
        other => other,
    }
}

fn value_error(fault: DatabaseFault, detail: String) -> Error {
    Error::Database { fault, code: None, detail }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;
    use meschain_testkit::mariadb;

    #[test]
    fn values_that_do_not_fit_are_errors_not_panics() {
        let mut conn = Database::main(&mariadb().fresh("rows")).unwrap().connection().unwrap();
        let wrong = first::<String>(&mut conn, "SELECT NULL", ()).unwrap_err();
        assert!(matches!(wrong, Error::Database { fault: DatabaseFault::Value, .. }), "{wrong:?}");
        assert!(all::<(u8, u8)>(&mut conn, "SELECT 1, 300", ()).is_err());
        assert_eq!(first::<Option<String>>(&mut conn, "SELECT NULL", ()).unwrap(), Some(None));
        let mut row: Row = first(&mut conn, "SELECT 'secret text' AS a, 7 AS b", ()).unwrap().unwrap();
        let error = take::<i64>(&mut row, "a").unwrap_err();
        assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        assert_eq!(take::<i64>(&mut row, "b").unwrap(), 7);
        assert!(take::<i64>(&mut row, "c").is_err());
        // The connection is of use after all of that.
        assert_eq!(first::<u8>(&mut conn, "SELECT ?", (1,)).unwrap(), Some(1));
    }
}
