//! `meschain_migrations`: what was applied, and what a run was about to make when it stopped.
//!
//! Data definition cannot be rolled back, so before each statement its intent is written down and committed.
//! Whoever finds a row that is still `running` while holding the lock knows that its run died, and undoes
//! what the row names.

use super::script::Script;
use crate::database::{Database, fault, rows};
use meschain_base::{Error, Result};
use mysql::PooledConn;
use mysql::prelude::Queryable;
use std::collections::BTreeMap;

const CREATE: &str = "CREATE TABLE IF NOT EXISTS `meschain_migrations` (
  `version` varchar(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `name` varchar(128) NOT NULL,
  `checksum` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `state` enum('running','applied') NOT NULL,
  `undo_statements` mediumtext NOT NULL,
  `statements` int(11) NOT NULL DEFAULT 0,
  `milliseconds` decimal(12,3) NOT NULL DEFAULT 0,
  `applied_at` datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  PRIMARY KEY (`version`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci";

/// What the database remembers of one migration.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Checksum of the file as it was applied.
    pub checksum: String,
    /// False while a run is at it, or died at it.
    pub applied: bool,
    /// Statements that undo it, in the order in which they were earned.
    pub undo: Vec<String>,
    /// ISO 8601, UTC.
    pub applied_at: String,
}

/// Makes the table where it is missing.
pub fn create(conn: &mut PooledConn) -> Result<()> {
    conn.query_drop(CREATE).map_err(fault)
}

/// Everything remembered, by version. Empty where the table is missing; writes nothing.
pub fn read(conn: &mut PooledConn) -> Result<BTreeMap<String, Row>> {
    if !table_exists(conn, "meschain_migrations")? {
        return Ok(BTreeMap::new());
    }
    let found: Vec<(String, String, String, String, String)> = rows::all(
        conn,
        "SELECT version, checksum, CAST(state AS CHAR), undo_statements, DATE_FORMAT(applied_at, '%Y-%m-%dT%H:%i:%sZ') \
             FROM meschain_migrations ORDER BY version",
        (),
    )?;
    found
        .into_iter()
        .map(|(version, checksum, state, text, applied_at)| {
            let undo = serde_json::from_str(&text).map_err(|error| {
                Error::internal("meschain_migrations", format!("undo of {version}: {error}"))
            })?;
            Ok((version, Row { checksum, applied: state == "applied", undo, applied_at }))
        })
        .collect()
}

/// Writes down that `script` is being applied and how to undo what has been and is about to be made.
pub fn intend(conn: &mut PooledConn, script: &Script, undo: &[String]) -> Result<()> {
    conn.exec_drop(
        "INSERT INTO meschain_migrations (version, name, checksum, state, undo_statements) \
         VALUES (?, ?, ?, 'running', ?) ON DUPLICATE KEY UPDATE state = 'running', undo_statements = VALUES(undo_statements)",
        (&script.version, &script.name, &script.checksum, json(undo)?),
    )
    .map_err(fault)
}

/// Writes down more to undo for a migration that is applied and looked at again.
pub fn remember(conn: &mut PooledConn, version: &str, undo: &[String]) -> Result<()> {
    conn.exec_drop(
        "UPDATE meschain_migrations SET undo_statements = ? WHERE version = ?",
        (json(undo)?, version),
    )
    .map_err(fault)
}

/// Writes down that `script` is applied.
pub fn complete(conn: &mut PooledConn, script: &Script, undo: &[String], ran: usize, ms: f64) -> Result<()> {
    conn.exec_drop(
        "INSERT INTO meschain_migrations \
         (version, name, checksum, state, undo_statements, statements, milliseconds) \
         VALUES (?, ?, ?, 'applied', ?, ?, ?) ON DUPLICATE KEY UPDATE name = VALUES(name), \
         checksum = VALUES(checksum), state = 'applied', undo_statements = VALUES(undo_statements), \
         statements = VALUES(statements), milliseconds = VALUES(milliseconds), \
         applied_at = CURRENT_TIMESTAMP(6)",
        (&script.version, &script.name, &script.checksum, json(undo)?, ran, ms),
    )
    .map_err(fault)
}

/// Forgets a migration that was undone.
pub fn forget(conn: &mut PooledConn, version: &str) -> Result<()> {
    conn.exec_drop("DELETE FROM meschain_migrations WHERE version = ?", (version,)).map_err(fault)
}

/// Whether the current database has a table of this full name.
pub fn table_exists(conn: &mut PooledConn, table: &str) -> Result<bool> {
    Ok(rows::first::<u8>(
        conn,
        "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ? LIMIT 1",
        (table,),
    )?
    .is_some())
}

/// Holds the lock of all migrations of this database for as long as `work` runs. [`Error::Busy`] when another
/// node has it. The lock belongs to the connection: it goes with it if this process dies.
pub fn locked<T>(database: &Database, work: impl FnOnce(&mut PooledConn) -> Result<T>) -> Result<T> {
    // A lock name holds 64 characters and is one for the whole server.
    let digest = blake3::hash(database.name().as_bytes()).to_hex();
    let lock = format!("meschain:migrate:{}", digest.get(..32).unwrap_or_default());
    let mut conn = database.connection()?;
    let got = rows::first::<Option<i64>>(&mut conn, "SELECT GET_LOCK(?, 0)", (&lock,))?.flatten();
    if got != Some(1) {
        return Err(Error::Busy { what: "migrations" });
    }
    let result = work(&mut conn);
    // When this fails the connection is broken, and the lock with it.
    let _ = conn.exec_drop("DO RELEASE_LOCK(?)", (&lock,));
    result
}

fn json(undo: &[String]) -> Result<String> {
    serde_json::to_string(undo).map_err(|error| Error::internal("meschain_migrations", error.to_string()))
}
