//! Looks at what the shop's side of the library needs, and says in machine words what to do about what is
//! missing.
//!
//! Remedies: `set_database_url`, `start_database`, `check_credentials`, `create_database`, `wait_and_retry`,
//! `check_database`, `upgrade_database`, `grant_privileges`, `enable_innodb`, `sync_clock`, `migrate`,
//! `restore_migrations`, `check_table_prefix`, `start_worker`, `look_at_dead_jobs`, `set_data_dir`,
//! `create_data_dir`, `make_data_dir_writable`, `restrict_data_dir`, `check_reporting_database`.

mod folder;
mod grants;
#[cfg(test)]
mod tests;

use crate::database::{Connection, Database, Flavor, rows};
use crate::migrations::{self, State};
use crate::read::{Generation, generation};
use meschain_base::{Clock, DatabaseFault, Error, Result, Settings};
use serde::Serialize;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// Works, but not as well as it could.
    Warning,
    /// Does not work.
    Error,
    /// Not in use, or cannot be looked at because of an earlier error.
    Off,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Machine name, e.g. `database_version`.
    pub name: &'static str,
    /// How it stands.
    pub status: Level,
    /// What was found: a version, a path, a list. Never a secret.
    pub value: String,
    /// Machine word for what to do; empty when nothing.
    pub remedy: &'static str,
}

impl Check {
    fn new(name: &'static str, status: Level, value: impl Into<String>, remedy: &'static str) -> Self {
        Self { name, status, value: value.into(), remedy }
    }

    fn ok(name: &'static str, value: impl Into<String>) -> Self {
        Self::new(name, Level::Ok, value, "")
    }
}

/// Whether nothing is broken; warnings and what is off do not count.
pub fn healthy(checks: &[Check]) -> bool {
    checks.iter().all(|check| check.status != Level::Error)
}

/// Runs every check, in a fixed order. Never fails and never writes to the database.
pub fn doctor(settings: &Settings, clock: &dyn Clock) -> Vec<Check> {
    let mut checks = vec![];
    match connect(settings) {
        Ok((database, mut conn, flavor)) => {
            checks.push(Check::ok("database", database.name()));
            checks.extend(of_database(&database, &mut conn, flavor, clock));
        }
        Err(check) => {
            checks.push(check);
            let names = [
                "database_version",
                "database_grants",
                "database_engine",
                "database_encryption",
                "database_clock",
                "opencart_tables",
                "migrations",
                "jobs",
            ];
            checks.extend(names.map(|name| Check::new(name, Level::Off, "", "")));
        }
    }
    checks.push(reporting(settings));
    checks.push(folder::check(settings));
    checks
}

fn connect(settings: &Settings) -> std::result::Result<(Database, Connection, Flavor), Check> {
    let open = || {
        let database = Database::main(settings)?;
        let conn = database.connection()?;
        let flavor = database.flavor()?;
        Ok((database, conn, flavor))
    };
    open().map_err(|error: Error| unreachable_check("database", &error))
}

fn unreachable_check(name: &'static str, error: &Error) -> Check {
    let remedy = match error {
        Error::NotConfigured { .. } | Error::Setting { .. } => "set_database_url",
        Error::Unsupported { .. } => "upgrade_database",
        Error::Database { fault, .. } => match fault {
            DatabaseFault::Unreachable => "start_database",
            DatabaseFault::Denied => "check_credentials",
            DatabaseFault::Timeout | DatabaseFault::Contention => "wait_and_retry",
            DatabaseFault::Schema => "create_database",
            DatabaseFault::Statement | DatabaseFault::Value => "check_database",
        },
        _ => "check_database",
    };
    Check::new(name, Level::Error, words(error), remedy)
}

/// What the server or the setting says, without the wrapping.
fn words(error: &Error) -> String {
    match error {
        Error::Database { detail, .. } => detail.clone(),
        Error::Setting { name, given, .. } => format!("{name}: {given}"),
        Error::NotConfigured { setting } => (*setting).to_owned(),
        Error::Unsupported { reason, .. } => reason.clone(),
        other => other.to_string(),
    }
}

fn of_database(database: &Database, conn: &mut Connection, flavor: Flavor, clock: &dyn Clock) -> Vec<Check> {
    let version = match flavor.is_supported() {
        true => Check::ok("database_version", flavor.to_string()),
        false => Check::new("database_version", Level::Error, flavor.to_string(), "upgrade_database"),
    };
    vec![
        version,
        settle("database_grants", grants::check(conn, database.name())),
        settle("database_engine", engine(conn)),
        settle("database_encryption", encryption(conn)),
        settle("database_clock", skew(conn, clock)),
        settle("opencart_tables", opencart(database)),
        settle("migrations", schema(database)),
        settle("jobs", jobs(conn)),
    ]
}

fn settle(name: &'static str, result: Result<Check>) -> Check {
    result.unwrap_or_else(|error| Check::new(name, Level::Error, words(&error), "check_database"))
}

fn engine(conn: &mut Connection) -> Result<Check> {
    let sql = "SELECT support FROM information_schema.engines WHERE engine = 'InnoDB'";
    let support = rows::first::<String>(conn, sql, ())?.unwrap_or_default();
    Ok(match support.as_str() {
        "DEFAULT" | "YES" => Check::ok("database_engine", "InnoDB"),
        _ => Check::new("database_engine", Level::Error, support, "enable_innodb"),
    })
}

fn encryption(conn: &mut Connection) -> Result<Check> {
    let version: Option<(String, String)> = rows::first(conn, "SHOW SESSION STATUS LIKE 'Ssl_version'", ())?;
    Ok(match version.map(|(_, version)| version).filter(|version| !version.is_empty()) {
        Some(version) => Check::ok("database_encryption", version),
        None => Check::new("database_encryption", Level::Off, "", ""),
    })
}

/// Seconds between this machine's clock and the database's. Order dates come from one, "today" from the
/// other.
fn skew(conn: &mut Connection, clock: &dyn Clock) -> Result<Check> {
    let sql = "SELECT CAST(UNIX_TIMESTAMP(CURRENT_TIMESTAMP(6)) AS DOUBLE)";
    let theirs = rows::first::<f64>(conn, sql, ())?.unwrap_or_default();
    let difference = clock.now().as_microsecond() as f64 / 1e6 - theirs;
    let value = format!("{difference:+.1} s");
    Ok(match difference.abs() {
        0.0..=2.0 => Check::ok("database_clock", value),
        2.0..=60.0 => Check::new("database_clock", Level::Warning, value, "sync_clock"),
        _ => Check::new("database_clock", Level::Error, value, "sync_clock"),
    })
}

fn opencart(database: &Database) -> Result<Check> {
    Ok(match generation(database)? {
        Generation::None => {
            Check::new("opencart_tables", Level::Error, database.prefix(), "check_table_prefix")
        }
        Generation::V40 => Check::ok("opencart_tables", "4.0"),
        Generation::V41 => Check::ok("opencart_tables", "4.1"),
    })
}

fn schema(database: &Database) -> Result<Check> {
    let all = migrations::status(database)?;
    let of = |state| -> Vec<&str> {
        all.iter().filter(|one| one.status == state).map(|one| one.version.as_str()).collect()
    };
    let (pending, changed) = (of(State::Pending), of(State::Changed));
    Ok(if !changed.is_empty() {
        Check::new("migrations", Level::Error, changed.join(", "), "restore_migrations")
    } else if !pending.is_empty() {
        Check::new("migrations", Level::Error, pending.join(", "), "migrate")
    } else {
        Check::ok("migrations", all.last().map(|one| one.version.clone()).unwrap_or_default())
    })
}

/// Whether jobs lie about: nobody takes them, or some are dead.
fn jobs(conn: &mut Connection) -> Result<Check> {
    let sql = "SELECT 1 FROM information_schema.tables \
               WHERE table_schema = DATABASE() AND table_name = 'meschain_jobs'";
    if rows::first::<u8>(conn, sql, ())?.is_none() {
        return Ok(Check::new("jobs", Level::Off, "", ""));
    }
    let late = "SELECT COUNT(*) FROM meschain_jobs WHERE due_at < CURRENT_TIMESTAMP(6) - INTERVAL 10 MINUTE";
    let dead = "SELECT COUNT(*) FROM meschain_jobs WHERE status = 'dead'";
    let late = rows::first::<u64>(conn, late, ())?.unwrap_or_default();
    let dead = rows::first::<u64>(conn, dead, ())?.unwrap_or_default();
    Ok(match (late, dead) {
        (0, 0) => Check::ok("jobs", ""),
        (0, _) => Check::new("jobs", Level::Warning, dead.to_string(), "look_at_dead_jobs"),
        _ => Check::new("jobs", Level::Warning, late.to_string(), "start_worker"),
    })
}

fn reporting(settings: &Settings) -> Check {
    if settings.reporting_database_url.is_none() {
        return Check::new("reporting_database", Level::Off, "", "");
    }
    let open = || Database::reporting(settings).and_then(|database| Ok((database.flavor()?, database)));
    match open() {
        Ok((flavor, database)) => Check::ok("reporting_database", format!("{} ({flavor})", database.name())),
        Err(error) => {
            Check { remedy: "check_reporting_database", ..unreachable_check("reporting_database", &error) }
        }
    }
}
