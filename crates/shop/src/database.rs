//! The door to a shop's database: a bounded pool that connects when first used.
//!
//! A [`Database`] belongs to the process that made it. After a fork the child makes its own: two processes on
//! one connection read each other's answers.

mod connection;
mod fault;
pub mod rows;
mod silence;
mod target;

pub use connection::{Connection, Transaction};
pub use fault::fault;
pub(crate) use target::parse as parse_target;
pub use target::{Target, Tls};

use meschain_base::{Error, Result, Settings};
use mysql::{Opts, OptsBuilder, Pool, PoolConstraints, PoolOpts, SslOpts};
use parking_lot::Mutex;
use silence::Silence;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a statement of [`Database::patient`] may be silent: building an index on millions of rows takes
/// minutes.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Run on every new or returned connection. `NO_ZERO_DATE` stays out: OpenCart stores `0000-00-00`.
const SESSION: &str = "SET NAMES utf8mb4, time_zone = '+00:00', \
     sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'";

/// Seconds after which the server closes a connection that nobody uses. Every php-fpm worker that once answered a page of ours
/// holds one, beside those that OpenCart opens for each page; the server's own patience is eight hours. A patient database keeps the
/// server's: a lock lives as long as its silent connection.
const IDLE_SECONDS: u64 = 300;

/// Which server answers, and its version as (major, minor, patch).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavor {
    /// MariaDB.
    MariaDb { version: (u32, u32, u32) },
    /// MySQL, or what says it is (TiDB, Vitess, Percona).
    MySql { version: (u32, u32, u32) },
}

impl Flavor {
    /// Whether this server is new enough: MariaDB 10.6 or MySQL 8.0 (`SKIP LOCKED`, `JSON`, window
    /// functions).
    pub fn is_supported(&self) -> bool {
        match self {
            Self::MariaDb { version } => *version >= (10, 6, 0),
            Self::MySql { version } => *version >= (8, 0, 1),
        }
    }

    /// Reads what `SELECT VERSION()` says, e.g. `10.11.19-MariaDB-log` or `8.0.36`.
    pub fn parse(text: &str) -> Option<Self> {
        let maria = text.to_ascii_lowercase().contains("mariadb");
        // Old replication clients are told 5.5.5- first.
        let text = text.strip_prefix("5.5.5-").filter(|_| maria).unwrap_or(text);
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
        let mut next = || numbers.next()?.ok();
        let version = (next()?, next()?, next().unwrap_or(0));
        Some(if maria { Self::MariaDb { version } } else { Self::MySql { version } })
    }
}

impl std::fmt::Display for Flavor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, (major, minor, patch)) = match self {
            Self::MariaDb { version } => ("MariaDB", version),
            Self::MySql { version } => ("MySQL", version),
        };
        write!(f, "{name} {major}.{minor}.{patch}")
    }
}

/// A database, cheap to clone; all clones share one pool.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    target: Target,
    prefix: String,
    timeout: Duration,
    /// For reaching the server and being greeted.
    greeting: Duration,
    pool_size: usize,
    pool: Mutex<Option<Pool>>,
    flavor: Mutex<Option<Flavor>>,
    silence: Arc<Silence>,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("target", &self.0.target).field("prefix", &self.0.prefix).finish()
    }
}

impl Database {
    /// The main database of `settings`. Reads the URL only; connects when first asked.
    pub fn main(settings: &Settings) -> Result<Self> {
        Self::at(target::parse("database_url", settings.require_database()?)?, settings)
    }

    /// Where reports read: `reporting_database_url`, else the main database.
    pub fn reporting(settings: &Settings) -> Result<Self> {
        match &settings.reporting_database_url {
            Some(url) => Self::at(target::parse("reporting_database_url", url)?, settings),
            None => Self::main(settings),
        }
    }

    fn at(target: Target, settings: &Settings) -> Result<Self> {
        let timeout = Duration::from_millis(settings.database_timeout_ms);
        Ok(Self(Arc::new(Inner {
            target,
            prefix: settings.table_prefix.clone(),
            timeout,
            greeting: timeout,
            pool_size: settings.database_pool.max(1),
            pool: Mutex::new(None),
            flavor: Mutex::new(None),
            silence: Arc::new(Silence::new(timeout)),
        })))
    }

    /// The same database with its own small pool and an hour of patience for one statement, for migrations,
    /// loads and training. Connecting is still bounded by `database_timeout_ms`.
    pub fn patient(&self) -> Self {
        let inner = &self.0;
        Self(Arc::new(Inner {
            target: inner.target.clone(),
            prefix: inner.prefix.clone(),
            timeout: inner.timeout.max(PATIENCE),
            greeting: inner.greeting,
            pool_size: inner.pool_size,
            pool: Mutex::new(None),
            flavor: Mutex::new(None),
            silence: Arc::clone(&inner.silence),
        }))
    }

    /// A connection from the pool: `utf8mb4`, UTC, strict. Waits for a free one no longer than the timeout. A
    /// broken one is replaced. It goes back, reset, when dropped. A server that hangs is waited for once: for a while after that
    /// this fails at once.
    pub fn connection(&self) -> Result<Connection> {
        if self.0.silence.is_doubted(Instant::now())? {
            self.greeted(self.0.silence.brief())?;
        }
        let pool = self.pool()?;
        let mut kept = self.0.pool_size;
        loop {
            let found = pool.try_get_conn(self.0.timeout.min(Duration::from_secs(60)));
            let mut connection = found.map_err(|error| self.met(error))?;
            match connection.as_mut().ping() {
                Ok(()) => return Ok(Connection::new(connection, Arc::clone(&self.0.silence))),
                // The server has closed it meanwhile, as it does with what is idle; there may be more of them.
                Err(error) if kept > 0 && !fault::is_silence(&error) => kept -= 1,
                Err(error) => {
                    connection::hang_up(&mut connection);
                    return Err(self.met(error));
                }
            }
            connection::hang_up(&mut connection);
        }
    }

    /// What a failure to reach the server means for the next who ask.
    fn met(&self, error: mysql::Error) -> Error {
        if fault::is_silence(&error) {
            self.0.silence.hangs(Instant::now());
        }
        fault(error)
    }

    /// Whether the server greets within `time`.
    fn greeted(&self, time: Duration) -> Result<()> {
        mysql::Conn::new(self.0.options(time)?).map_err(|error| self.met(error))?;
        self.0.silence.ended();
        Ok(())
    }

    /// The same for plain reads on a page's path: it goes back as it is, so that the statements it has prepared need not be prepared
    /// again. Whoever changes the session (variables, locks, temporary tables) takes [`Self::connection`].
    pub fn reader(&self) -> Result<Connection> {
        let mut connection = self.connection()?;
        connection.reset_connection(false);
        Ok(connection)
    }

    /// OpenCart's table `name` with the shop's prefix, quoted: `` `oc_order` ``. Takes letters, digits and
    /// underscores; anything else is left out, so that no name can end the quotes.
    pub fn table(&self, name: &str) -> String {
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        format!("`{}{name}`", self.0.prefix)
    }

    /// The table prefix of OpenCart's tables.
    pub fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// The name of the database.
    pub fn name(&self) -> &str {
        &self.0.target.database
    }

    /// Which server answers. Asked once.
    pub fn flavor(&self) -> Result<Flavor> {
        if let Some(flavor) = *self.0.flavor.lock() {
            return Ok(flavor);
        }
        let version =
            rows::first::<String>(&mut self.connection()?, "SELECT VERSION()", ())?.unwrap_or_default();
        let flavor = Flavor::parse(&version)
            .ok_or_else(|| Error::Unsupported { what: "database version", reason: version.clone() })?;
        *self.0.flavor.lock() = Some(flavor);
        Ok(flavor)
    }

    fn pool(&self) -> Result<Pool> {
        let mut pool = self.0.pool.lock();
        if let Some(pool) = pool.as_ref() {
            return Ok(pool.clone());
        }
        if self.0.greeting < self.0.timeout {
            // The driver waits for the greeting as long as for an answer: a server that takes connections and says nothing would hold
            // a page for an hour. One that greets a brief connection greets a patient one.
            self.greeted(self.0.greeting)?;
        }
        let made = Pool::new(self.0.options(self.0.timeout)?).map_err(fault)?;
        *pool = Some(made.clone());
        Ok(made)
    }
}

impl Inner {
    fn options(&self, timeout: Duration) -> Result<Opts> {
        let constraints = PoolConstraints::new(0, self.pool_size)
            .ok_or_else(|| Error::internal("database pool", "a pool of no connections"))?;
        let pool = PoolOpts::new()
            .with_constraints(constraints)
            .with_check_health(false)
            .with_reset_connection(true);
        let connect = self.greeting.min(timeout).min(Duration::from_secs(60));
        let options = OptsBuilder::new()
            .ip_or_hostname(Some(&self.target.host))
            .tcp_port(self.target.port)
            .socket(self.target.socket.as_deref())
            // Otherwise the driver moves a loopback connection to the socket that the server names, TLS or
            // not.
            .prefer_socket(false)
            .user(Some(&self.target.user).filter(|user| !user.is_empty()))
            .pass(Some(self.target.password.expose()))
            .db_name(Some(&self.target.database))
            .tcp_connect_timeout(Some(connect))
            .read_timeout(Some(timeout))
            .write_timeout(Some(timeout))
            // A host that is gone for good is noticed within two minutes, also by a job whose statement may be silent for an hour.
            .tcp_keepalive_time_ms(Some(60_000))
            .tcp_keepalive_probe_interval_secs(Some(15))
            .tcp_keepalive_probe_count(Some(4))
            .init(vec![self.session()])
            .ssl_opts(self.tls())
            .pool_opts(pool);
        Ok(options.into())
    }

    /// In one statement: it goes to the server with every connection handed out.
    fn session(&self) -> String {
        if self.timeout >= PATIENCE {
            return SESSION.to_owned();
        }
        format!("{SESSION}, wait_timeout = {IDLE_SECONDS}")
    }

    fn tls(&self) -> Option<SslOpts> {
        let trust_all = match self.target.tls {
            Tls::Off => return None,
            Tls::Encrypt => true,
            Tls::Verify => false,
        };
        let options = SslOpts::default()
            .with_root_cert_path(self.target.tls_ca.clone())
            .with_danger_accept_invalid_certs(trust_all)
            .with_danger_skip_domain_validation(trust_all);
        Some(options)
    }
}

#[cfg(test)]
mod tests;
