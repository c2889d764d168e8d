//! OpenCart's tables where there is no OpenCart: those of `schema.txt`, column for column as 4.0.2.3 has them. Tables
//! that exist are left as they are, whatever version made them.

use super::rows::columns;
use crate::{Database, fault};
use meschain_base::{Error, Result};
use mysql::prelude::Queryable;
use std::collections::BTreeSet;

const TEXT: &str = include_str!("schema.txt");

/// One table of the text.
#[derive(Debug, Default)]
struct Table {
    name: &'static str,
    columns: Vec<&'static str>,
    primary: &'static str,
    indexes: Vec<&'static str>,
}

/// Creates the tables that are missing and returns their names without prefix. DDL commits by itself; a call that fails
/// half way leaves whole tables, and the next call makes the rest.
pub fn create_missing_tables(database: &Database) -> Result<Vec<String>> {
    let present = existing_tables(database)?;
    let mut conn = database.connection()?;
    // OpenCart 4.1 keeps special offers in product_discount; a product_special beside it would be read by nobody.
    let offers_moved =
        columns(database, &mut conn, "product_discount")?.iter().any(|column| column == "special");
    let mut created = Vec::new();
    for table in tables() {
        if present.contains(table.name) || (offers_moved && table.name == "product_special") {
            continue;
        }
        conn.query_drop(create_statement(database, &table)?).map_err(fault)?;
        created.push(table.name.to_owned());
    }
    Ok(created)
}

/// The tables of this database that carry the shop's prefix, named without it.
pub(super) fn existing_tables(database: &Database) -> Result<BTreeSet<String>> {
    let names: Vec<String> = database
        .connection()?
        .exec("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?", (database.name(),))
        .map_err(fault)?;
    let prefix = database.prefix();
    Ok(names.iter().filter_map(|name| name.strip_prefix(prefix)).map(str::to_owned).collect())
}

fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
        let Some(entry) = line.strip_prefix("  ") else {
            tables.push(Table { name: line, ..Table::default() });
            continue;
        };
        let Some(table) = tables.last_mut() else { continue };
        match entry.strip_prefix('!') {
            Some(columns) => table.primary = columns,
            None => match entry.strip_prefix('+') {
                Some(index) => table.indexes.push(index),
                None => table.columns.push(entry),
            },
        }
    }
    tables
}

fn create_statement(database: &Database, table: &Table) -> Result<String> {
    let mut parts =
        table.columns.iter().map(|column| column_definition(column)).collect::<Result<Vec<_>>>()?;
    parts.push(format!("PRIMARY KEY ({})", quoted(table.primary)));
    for index in &table.indexes {
        let (name, columns) = index.split_once(' ').ok_or_else(|| damaged(index))?;
        parts.push(format!("KEY `{name}` ({})", quoted(columns)));
    }
    Ok(format!(
        "CREATE TABLE {} ({}) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC COLLATE=utf8mb4_general_ci",
        database.table(table.name),
        parts.join(", ")
    ))
}

/// `name type[ =default| auto]` as SQL. A text column takes its default as an expression: MySQL refuses a literal there.
fn column_definition(column: &str) -> Result<String> {
    let (name, rest) = column.split_once(' ').ok_or_else(|| damaged(column))?;
    let (kind, extra) = rest.split_once(' ').unwrap_or((rest, ""));
    let tail = match (extra.strip_prefix('='), extra) {
        (Some(default), _) if kind == "text" => format!(" DEFAULT ('{default}')"),
        (Some(default), _) => format!(" DEFAULT '{default}'"),
        (None, "auto") => " AUTO_INCREMENT".to_owned(),
        (None, _) => String::new(),
    };
    Ok(format!("`{name}` {kind} NOT NULL{tail}"))
}

fn quoted(columns: &str) -> String {
    columns.split(' ').map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}

fn damaged(line: &str) -> Error {
    Error::internal("sample schema", line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_testkit::mariadb;

    #[test]
    fn makes_every_table_once_and_touches_none_that_is_there() {
        let database = Database::main(&mariadb().fresh("sample_schema")).unwrap();
        let mut conn = database.connection().unwrap();
        conn.query_drop("CREATE TABLE oc_order (order_id INT PRIMARY KEY, mine INT)").unwrap();
        let created = create_missing_tables(&database).unwrap();
        assert_eq!(created.len(), tables().len() - 1);
        assert!(!created.contains(&"order".to_owned()));
        assert!(create_missing_tables(&database).unwrap().is_empty());
        let columns: Vec<String> = conn
            .query("SHOW COLUMNS FROM oc_order")
            .unwrap()
            .into_iter()
            .map(|row: mysql::Row| row.get(0).unwrap())
            .collect();
        assert_eq!(columns, ["order_id", "mine"]);
    }

    #[test]
    fn a_shop_of_opencart_4_1_gets_no_table_it_has_given_up() {
        let database = Database::main(&mariadb().fresh("sample_schema_41")).unwrap();
        let mut conn = database.connection().unwrap();
        conn.query_drop("CREATE TABLE oc_product_discount (product_id INT PRIMARY KEY, special TINYINT)")
            .unwrap();
        assert!(!create_missing_tables(&database).unwrap().contains(&"product_special".to_owned()));
    }

    #[test]
    fn columns_are_those_of_opencart_4_0_2_3() {
        let database = Database::main(&mariadb().fresh("sample_columns")).unwrap();
        create_missing_tables(&database).unwrap();
        let mut conn = database.connection().unwrap();
        let columns: Vec<(String, String, String)> = conn
            .exec(
                "SELECT COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE FROM information_schema.COLUMNS \
                 WHERE TABLE_SCHEMA = ? AND TABLE_NAME = 'oc_order_product' ORDER BY ORDINAL_POSITION",
                (database.name(),),
            )
            .unwrap();
        let text: Vec<_> = columns.iter().map(|(name, kind, null)| format!("{name} {kind} {null}")).collect();
        assert_eq!(
            text,
            [
                "order_product_id int(11) NO",
                "order_id int(11) NO",
                "product_id int(11) NO",
                "master_id int(11) NO",
                "name varchar(255) NO",
                "model varchar(64) NO",
                "quantity int(4) NO",
                "price decimal(15,4) NO",
                "total decimal(15,4) NO",
                "tax decimal(15,4) NO",
                "reward int(8) NO",
            ]
        );
    }
}
