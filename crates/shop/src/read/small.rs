//! The small tables: languages, currencies, stores, order statuses.

use super::name;
use crate::database::{Database, rows};
use meschain_base::Result;
use mysql::Row;

/// A language of the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// OpenCart's number.
    pub language_id: i64,
    /// E.g. `tr-tr`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether shoppers may choose it.
    pub enabled: bool,
}

/// A currency of the shop.
#[derive(Debug, Clone, PartialEq)]
pub struct Currency {
    /// OpenCart's number.
    pub currency_id: i64,
    /// E.g. `TRY`.
    pub code: String,
    /// Before the amount.
    pub symbol_left: String,
    /// After the amount.
    pub symbol_right: String,
    /// Digits after the point.
    pub decimals: u32,
    /// Units of this currency for one unit of the default currency.
    pub value: f64,
    /// Whether shoppers may choose it.
    pub enabled: bool,
}

/// A store of the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// OpenCart's number; 0 is the default store, which has no row of its own.
    pub store_id: i64,
    /// Its name.
    pub name: String,
}

/// An order status in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderStatus {
    /// OpenCart's number.
    pub order_status_id: i64,
    /// Its name.
    pub name: String,
}

/// All languages, in the shop's order.
pub fn languages(database: &Database) -> Result<Vec<Language>> {
    let columns = "language_id, COALESCE(code, '') AS code, name, COALESCE(status, 0) <> 0 AS status";
    read(database, columns, "language", "ORDER BY sort_order, language_id", |row| {
        Ok(Language {
            language_id: rows::take(row, "language_id")?,
            code: rows::take(row, "code")?,
            name: name(row, "name")?,
            enabled: rows::take(row, "status")?,
        })
    })
}

/// All currencies, by code.
pub fn currencies(database: &Database) -> Result<Vec<Currency>> {
    let columns = "currency_id, COALESCE(code, '') AS code, symbol_left, symbol_right, \
                   COALESCE(decimal_place, 2) AS decimal_place, COALESCE(value, 1) AS value, COALESCE(status, 0) <> 0 AS status";
    read(database, columns, "currency", "ORDER BY code", |row| {
        Ok(Currency {
            currency_id: rows::take(row, "currency_id")?,
            code: rows::take(row, "code")?,
            symbol_left: name(row, "symbol_left")?,
            symbol_right: name(row, "symbol_right")?,
            decimals: rows::take::<u32>(row, "decimal_place")?.min(8),
            value: rows::take(row, "value")?,
            enabled: rows::take(row, "status")?,
        })
    })
}

/// All stores, the default one (number 0, named by `config_name`) first.
pub fn stores(database: &Database) -> Result<Vec<Store>> {
    let default = super::shop_settings(database, 0)?.name();
    let mut stores = vec![Store { store_id: 0, name: default }];
    stores.extend(read(
        database,
        "store_id, name",
        "store",
        "WHERE store_id > 0 ORDER BY store_id",
        |row| Ok(Store { store_id: rows::take(row, "store_id")?, name: name(row, "name")? }),
    )?);
    Ok(stores)
}

/// All order statuses, by number, each in `language_id` or else in any language.
pub fn order_statuses(database: &Database, language_id: i64) -> Result<Vec<OrderStatus>> {
    let table = database.table("order_status");
    let sql = format!(
        "SELECT order_status_id, name FROM {table} s WHERE language_id = ? OR NOT EXISTS (SELECT 1 FROM {table} o \
         WHERE o.order_status_id = s.order_status_id AND (o.language_id = ? OR o.language_id < s.language_id)) \
         ORDER BY order_status_id"
    );
    let found: Vec<Row> = rows::all(&mut database.connection()?, &sql, (language_id, language_id))?;
    let status = |mut row: Row| {
        Ok(OrderStatus {
            order_status_id: rows::take(&mut row, "order_status_id")?,
            name: name(&mut row, "name")?,
        })
    };
    found.into_iter().map(status).collect()
}

/// `columns`, `table` and `tail` are constants of this file.
fn read<T>(
    database: &Database,
    columns: &str,
    table: &str,
    tail: &str,
    convert: impl Fn(&mut Row) -> Result<T>,
) -> Result<Vec<T>> {
    let sql = format!("SELECT {columns} FROM {} {tail}", database.table(table));
    let found: Vec<Row> = rows::all(&mut database.connection()?, &sql, ())?;
    found.into_iter().map(|mut row| convert(&mut row)).collect()
}
