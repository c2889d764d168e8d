//! Applies scripts: checks first, writes each intent down, and undoes a script that fails midway.

use super::ledger::{self, Row};
use super::script::{Effect, Script, Statement};
use super::{Applied, Report, State, Status};
use crate::database::{Database, fault, rows};
use meschain_base::{Error, Progress, Result};
use mysql::PooledConn;
use mysql::prelude::Queryable;
use std::collections::BTreeMap;
use std::time::Instant;

/// Applies what is pending of `scripts`, oldest first.
pub fn migrate(
    database: &Database,
    scripts: &[Script],
    dry_run: bool,
    progress: &Progress,
) -> Result<Report> {
    let database = database.patient();
    if dry_run {
        let mut conn = database.connection()?;
        let known = ledger::read(&mut conn)?;
        refuse_changed(scripts, &known)?;
        let pending = scripts.iter().filter_map(|script| match work(&mut conn, &database, script, &known) {
            Ok(statements) if statements.is_empty() && known.contains_key(&script.version) => None,
            Ok(_) => Some(Ok(script.version.clone())),
            Err(error) => Some(Err(error)),
        });
        return Ok(Report { dry_run, applied: Vec::new(), pending: pending.collect::<Result<_>>()? });
    }
    ledger::locked(&database, |conn| {
        ledger::create(conn)?;
        recover(conn)?;
        let known = ledger::read(conn)?;
        refuse_changed(scripts, &known)?;
        let mut applied = Vec::new();
        for script in scripts {
            progress.stage(&script.name, script.statements.len() as u64)?;
            applied.extend(apply(conn, &database, script, &known, progress)?);
        }
        Ok(Report { dry_run, applied, pending: Vec::new() })
    })
}

/// What every script is to this database.
pub fn status(database: &Database, scripts: &[Script]) -> Result<Vec<Status>> {
    let mut conn = database.connection()?;
    let known = ledger::read(&mut conn)?;
    let status = |script: &Script| {
        let row = known.get(&script.version).filter(|row| row.applied);
        Status {
            version: script.version.clone(),
            name: script.name.clone(),
            checksum: script.checksum.clone(),
            status: match row {
                None => State::Pending,
                Some(row) if row.checksum == script.checksum => State::Applied,
                Some(_) => State::Changed,
            },
            applied_at: row.map(|row| row.applied_at.clone()),
        }
    };
    Ok(scripts.iter().map(status).collect())
}

/// Undoes one applied migration and gives back how many statements that took. Tables go with all that is in
/// them.
pub fn revert(database: &Database, version: &str) -> Result<usize> {
    ledger::locked(&database.patient(), |conn| {
        let known = ledger::read(conn)?;
        let row = known
            .get(version)
            .ok_or_else(|| Error::NotFound { what: "migration", id: version.to_owned() })?;
        undo(conn, &row.undo)?;
        ledger::forget(conn, version)?;
        Ok(row.undo.len())
    })
}

/// A file that was applied and then edited would leave two shops with one version and two schemas. One that
/// is looked at again by every run may change.
fn refuse_changed(scripts: &[Script], known: &BTreeMap<String, Row>) -> Result<()> {
    let changed = scripts.iter().find(|script| {
        let row = known.get(&script.version).filter(|row| row.applied);
        !script.repeat && row.is_some_and(|row| row.checksum != script.checksum)
    });
    match changed {
        None => Ok(()),
        Some(script) => Err(Error::Unsupported {
            what: "migration",
            reason: format!("{}_{} was changed after it was applied", script.version, script.name),
        }),
    }
}

/// Undoes what runs that died have left.
fn recover(conn: &mut PooledConn) -> Result<()> {
    for (version, row) in ledger::read(conn)?.iter().rev().filter(|(_, row)| !row.applied) {
        undo(conn, &row.undo)?;
        ledger::forget(conn, version)?;
    }
    Ok(())
}

fn undo(conn: &mut PooledConn, statements: &[String]) -> Result<()> {
    for statement in statements.iter().rev() {
        match conn.query_drop(statement).map_err(fault) {
            // Gone already (1051, 1091, 1146): the statement was intended but never ran, or somebody undid it
            // by hand.
            Err(Error::Database { code: Some(1051 | 1091 | 1146), .. }) => {}
            other => other?,
        }
    }
    Ok(())
}

/// The statements of `script` that this database still needs. Refuses a table that is there without being
/// ours to make.
fn work<'a>(
    conn: &mut PooledConn,
    database: &Database,
    script: &'a Script,
    known: &BTreeMap<String, Row>,
) -> Result<Vec<&'a Statement>> {
    let row = known.get(&script.version);
    let applied = row.is_some_and(|row| row.applied);
    if applied && !script.repeat {
        return Ok(Vec::new());
    }
    let mut needed = Vec::new();
    for statement in &script.statements {
        let wanted = match &statement.effect {
            Effect::Data(_) => !applied,
            Effect::Index { table, columns, .. } => {
                index_is_missing(conn, &format!("{}{table}", database.prefix()), columns)?
            }
            Effect::Table(table) => match (ledger::table_exists(conn, table)?, row) {
                (false, _) => true,
                (true, Some(_)) => !applied,
                (true, None) => {
                    let reason = format!("table {table} is there already, and no migration of ours made it");
                    return Err(Error::Unsupported { what: "migration", reason });
                }
            },
        };
        if wanted {
            needed.push(statement);
        }
    }
    Ok(needed)
}

/// Whether `table` has all of `columns` and no index that begins with them in this order.
fn index_is_missing(conn: &mut PooledConn, table: &str, columns: &[String]) -> Result<bool> {
    let present: Vec<String> = rows::all(
        conn,
        "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?",
        (table,),
    )?;
    if !columns.iter().all(|column| present.contains(column)) {
        return Ok(false);
    }
    let found: Vec<(String, String)> = rows::all(
        conn,
        "SELECT index_name, column_name FROM information_schema.statistics WHERE table_schema = DATABASE() \
             AND table_name = ? AND sub_part IS NULL AND column_name IS NOT NULL ORDER BY index_name, seq_in_index",
        (table,),
    )?;
    let mut indexes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (index, column) in found {
        indexes.entry(index).or_default().push(column);
    }
    Ok(!indexes.values().any(|index| index.starts_with(columns)))
}

fn apply(
    conn: &mut PooledConn,
    database: &Database,
    script: &Script,
    known: &BTreeMap<String, Row>,
    progress: &Progress,
) -> Result<Option<Applied>> {
    let row = known.get(&script.version);
    let needed = work(conn, database, script, known)?;
    if needed.is_empty() && row.is_some_and(|row| row.checksum == script.checksum || !script.repeat) {
        return Ok(None);
    }
    let kept = row.map(|row| row.undo.clone()).unwrap_or_default();
    let start = Instant::now();
    let mut made = Vec::new();
    let result = needed.iter().try_for_each(|statement| {
        progress.check()?;
        made.extend(undo_of(&statement.effect, database));
        match row {
            None => ledger::intend(conn, script, &made)?,
            Some(_) => ledger::remember(conn, &script.version, &joined(&kept, &made))?,
        }
        let sql = statement.sql.replace("{prefix}", database.prefix());
        conn.query_drop(sql).map_err(fault)?;
        progress.advance(1)
    });
    if let Err(error) = result {
        undo(conn, &made)?;
        if row.is_none() {
            ledger::forget(conn, &script.version)?;
        }
        return Err(error);
    }
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    ledger::complete(conn, script, &joined(&kept, &made), needed.len(), milliseconds)?;
    let (version, name) = (script.version.clone(), script.name.clone());
    Ok(Some(Applied { version, name, statements: needed.len(), milliseconds }))
}

/// What earlier runs of a repeated script made, and what this one made, each once.
fn joined(kept: &[String], made: &[String]) -> Vec<String> {
    kept.iter().filter(|old| !made.contains(old)).chain(made).cloned().collect()
}

fn undo_of(effect: &Effect, database: &Database) -> Option<String> {
    match effect {
        Effect::Table(table) => Some(format!("DROP TABLE `{table}`")),
        Effect::Index { table, name, .. } => {
            Some(format!("DROP INDEX `{name}` ON {}", database.table(table)))
        }
        Effect::Data(_) => None,
    }
}
