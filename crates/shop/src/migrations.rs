//! The schema: what the files in `migrations/` make of a database, once and on one node at a time.

mod ledger;
mod runner;
mod script;

#[cfg(test)]
mod tests;

use crate::database::Database;
use meschain_base::{Progress, Result};
use script::Script;
use serde::Serialize;

/// The files, in order of version, as they were when the library was built.
const FILES: [(&str, &str); 8] = [
    ("01_ai_tables.sql", include_str!("../../../migrations/01_ai_tables.sql")),
    ("02_reporting_tables.sql", include_str!("../../../migrations/02_reporting_tables.sql")),
    ("03_performance_tables.sql", include_str!("../../../migrations/03_performance_tables.sql")),
    ("04_indexes.sql", include_str!("../../../migrations/04_indexes.sql")),
    ("05_shop_tables.sql", include_str!("../../../migrations/05_shop_tables.sql")),
    ("06_ai_operations.sql", include_str!("../../../migrations/06_ai_operations.sql")),
    ("07_ai_insights.sql", include_str!("../../../migrations/07_ai_insights.sql")),
    ("08_price_history.sql", include_str!("../../../migrations/08_price_history.sql")),
];

/// One migration that a run applied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Applied {
    /// E.g. `04`.
    pub version: String,
    /// E.g. `indexes`.
    pub name: String,
    /// Statements that ran; those whose work was done already are not counted.
    pub statements: usize,
    /// How long they took.
    pub milliseconds: f64,
}

/// What a run did, or would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Whether nothing was to be written.
    pub dry_run: bool,
    /// What was applied, in order. Empty in a dry run.
    pub applied: Vec<Applied>,
    /// Versions that are still to be applied. Empty after a real run.
    pub pending: Vec<String>,
}

/// How a migration file and a database stand to one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Applied as the file is now.
    Applied,
    /// Not applied yet.
    Pending,
    /// Applied, but the file was another one then.
    Changed,
}

/// One migration and its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// E.g. `04`.
    pub version: String,
    /// E.g. `indexes`.
    pub name: String,
    /// BLAKE3 of the file as this library has it.
    pub checksum: String,
    /// Its state.
    pub status: State,
    /// ISO 8601, UTC; `None` while pending.
    pub applied_at: Option<String>,
}

/// Brings the database up to date. A dry run writes nothing and lists what is pending.
///
/// Errors: [`meschain_base::Error::Busy`] while another node migrates; `Unsupported` when an applied file was
/// changed or a table of our name is there that we did not make; whatever a statement fails with, after the
/// failed migration was undone.
pub fn migrate(database: &Database, dry_run: bool, progress: &Progress) -> Result<Report> {
    runner::migrate(database, &scripts()?, dry_run, progress)
}

/// The state of every migration. Writes nothing; works on a database that was never migrated.
pub fn status(database: &Database) -> Result<Vec<Status>> {
    runner::status(database, &scripts()?)
}

/// Undoes one migration: drops the indexes or tables that it made, **with all that is in them**. Returns the
/// number of statements.
pub fn revert(database: &Database, version: &str) -> Result<usize> {
    runner::revert(database, version)
}

fn scripts() -> Result<Vec<Script>> {
    FILES.iter().map(|(file, text)| Script::parse(file, text)).collect()
}
