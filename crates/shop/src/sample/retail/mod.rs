//! Loads a CSV in the layout of UCI Online Retail as a shop. What becomes of each odd row is told in
//! `docs/sample-shop.md` and counted in the report.

mod classify;
mod countries;
mod goods;
mod read;
mod write;

pub use classify::RowCounts;

use super::guard::{Undo, check};
use super::schema::{create_missing_tables, existing_tables};
use crate::Database;
use jiff::civil::DateTime;
use meschain_base::{Error, Progress, Result, Settings};
use serde::Serialize;
use std::path::Path;
use std::time::Instant;

/// How to load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RetailOptions {
    /// Write even into a shop that has orders, customers or products of its own.
    pub force: bool,
}

/// What was loaded, and what the file held.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RetailReport {
    /// Rows of the file; `unreadable` ones and the kinds add up to it.
    pub rows: u64,
    pub kinds: RowCounts,
    /// Rows with a field that is no number, no date or empty where it must not be; the line of the first.
    pub unreadable: u64,
    pub first_unreadable_line: Option<u64>,
    /// Rows that repeat an earlier row in every column. Kept: two scans of one article look the same.
    pub duplicates: u64,
    /// Rows without customer. Their orders are guests'.
    pub anonymous: u64,
    /// Rows whose stock code was written in lower case and taken as the upper-case one.
    pub folded_codes: u64,
    /// Orders whose rows bear different times; the earliest counts.
    pub orders_with_two_times: u64,
    pub products: u64,
    pub customers: u64,
    pub orders: u64,
    pub guest_orders: u64,
    pub lines: u64,
    pub units: u64,
    /// Rows of `return`, and how many could be traced to an order.
    pub returns: u64,
    pub returns_with_order: u64,
    /// Sum of `order.total`, in GBP with four decimals.
    pub revenue: String,
    pub first: Option<DateTime>,
    pub last: Option<DateTime>,
    pub tables_created: usize,
    pub seconds: f64,
}

/// Loads the file at `path` (`.csv` or `.csv.gz`) into the shop of `database`, with GBP as its currency. Refuses a shop
/// with data of its own unless forced; when it fails in a shop that was empty, what was written is taken back.
pub fn load_online_retail(
    database: &Database,
    _settings: &Settings,
    path: &Path,
    options: &RetailOptions,
    progress: &Progress,
) -> Result<RetailReport> {
    let started = Instant::now();
    let database = &database.patient();
    progress.stage("schema", 0)?;
    check(database, options.force)?;
    let source = read::read(path, progress)?;
    if source.rows.is_empty() {
        return Err(Error::NotEnoughData { what: "online retail file", unit: "rows", needed: 1, found: 0 });
    }
    let installed = existing_tables(database)?.contains("setting");
    let created = create_missing_tables(database)?;
    let undo = Undo::note(database)?;
    let loaded = write::load(database, &source, &undo, installed, progress);
    if loaded.is_err() && !options.force {
        undo.run();
    }
    let mut report = loaded?;
    report.tables_created = created.len();
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

#[cfg(test)]
mod tests;
