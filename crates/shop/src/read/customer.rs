//! Customers, without what only the shop needs to know of them.

use super::PAGE;
use crate::database::{Database, rows};
use meschain_base::{Progress, Result};
use mysql::Row;

/// A customer: no name, no address, no password. Whoever needs those asks OpenCart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// OpenCart's number.
    pub customer_id: i64,
    /// Group.
    pub customer_group_id: i64,
    /// Store of registration.
    pub store_id: i64,
    /// Language.
    pub language_id: i64,
    /// Whether the account is open.
    pub enabled: bool,
    /// When it was opened, as OpenCart wrote it: `2026-11-22 05:00:00`; empty when unknown.
    pub date_added: String,
}

/// Hands every customer to `with`, in the order of their numbers.
pub fn customers(
    database: &Database,
    progress: &Progress,
    mut with: impl FnMut(Customer) -> Result<()>,
) -> Result<()> {
    let sql = format!(
        "SELECT customer_id, COALESCE(customer_group_id, 0) AS customer_group_id, COALESCE(store_id, 0) AS store_id, \
         COALESCE(language_id, 0) AS language_id, COALESCE(status, 0) <> 0 AS status, \
         DATE_FORMAT(date_added, '%Y-%m-%d %H:%i:%s') AS date_added \
         FROM {} WHERE customer_id > ? ORDER BY customer_id LIMIT {PAGE}",
        database.table("customer")
    );
    let mut last = i64::MIN;
    loop {
        progress.check()?;
        let page: Vec<Row> = rows::all(&mut database.connection()?, &sql, (last,))?;
        let count = page.len();
        for mut row in page {
            let date_added: Option<String> = rows::take(&mut row, "date_added")?;
            let customer = Customer {
                customer_id: rows::take(&mut row, "customer_id")?,
                customer_group_id: rows::take(&mut row, "customer_group_id")?,
                store_id: rows::take(&mut row, "store_id")?,
                language_id: rows::take(&mut row, "language_id")?,
                enabled: rows::take(&mut row, "status")?,
                date_added: date_added.filter(|date| !date.starts_with("0000")).unwrap_or_default(),
            };
            last = customer.customer_id;
            with(customer)?;
        }
        if count < PAGE as usize {
            return Ok(());
        }
    }
}
