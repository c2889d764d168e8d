//! Redis or Valkey: one server, a Sentinel group or a Cluster, by the URL's scheme.
//!
//! | scheme | form |
//! | --- | --- |
//! | `redis`, `valkey`, `rediss` (TLS) | `redis://[user:password@]host[:port][/db]` |
//! | `unix`, `redis+unix` | `unix:///path/to/socket[?db=1]` |
//! | `redis-sentinel` | `redis-sentinel://[user:password@]host:port,host:port/master[/db]` |
//! | `redis-cluster` | `redis-cluster://[user:password@]host:port,host:port` |
//!
//! Every wait is bounded by the timeouts, connecting included. A connection belongs to the process that made it and is
//! dropped after any error; a connection that had gone stale is made anew once.

use super::tier::{Remote, Tier, Usage};
use ::redis::cluster::{ClusterClientBuilder, ClusterConnection};
use ::redis::{Client, Cmd, Connection, ConnectionLike, FromRedisValue, Pipeline, RedisError, RedisResult};
use meschain_base::{Error, Result, Secret};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;

const BACKEND: &str = "redis";

/// A connection to Redis, made when first used.
pub struct RedisTier {
    target: Target,
    connect: Duration,
    answer: Duration,
    connection: Mutex<Option<Open>>,
}

enum Target {
    Single(Secret),
    /// URLs of the sentinels, name of the master, credentials in front of `@`, database.
    Sentinel {
        sentinels: Vec<Secret>,
        master: String,
        credentials: Secret,
        database: String,
    },
    Cluster(Vec<Secret>),
}

struct Open {
    pid: u32,
    link: Link,
}

enum Link {
    Single(Connection),
    Cluster(Box<ClusterConnection>),
}

impl Link {
    fn get(&mut self) -> &mut dyn ConnectionLike {
        match self {
            Self::Single(connection) => connection,
            Self::Cluster(connection) => connection.as_mut(),
        }
    }
}

impl RedisTier {
    /// Reads the URL; connects to nothing.
    pub fn new(url: &Secret, connect: Duration, answer: Duration) -> Result<Self> {
        Ok(Self { target: target(url)?, connect, answer, connection: Mutex::new(None) })
    }

    fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T> {
        self.through(|link| command.query(link))
    }

    /// Asks over the connection that is open, or over a new one. `ask` may be repeated.
    fn through<T>(&self, ask: impl Fn(&mut dyn ConnectionLike) -> RedisResult<T>) -> Result<T> {
        let mut held = self.connection.lock();
        let pid = std::process::id();
        let mut reused = held.as_ref().is_some_and(|open| open.pid == pid);
        loop {
            if !reused {
                *held = None;
                *held = Some(Open { pid, link: self.open()? });
            }
            let Some(open) = held.as_mut() else { return Err(failed("no connection")) };
            match ask(open.link.get()) {
                Ok(value) => return Ok(value),
                Err(error) => {
                    *held = None;
                    // A server that was restarted closed the old connection: that is worth a second try, a
                    // timeout is not.
                    if !reused || error.is_timeout() || !error.is_io_error() {
                        return Err(fault(&error));
                    }
                    reused = false;
                }
            }
        }
    }

    fn open(&self) -> Result<Link> {
        match &self.target {
            Target::Single(url) => self.single(url).map(Link::Single),
            Target::Sentinel { sentinels, master, credentials, database } => {
                let (host, port) = self.ask_sentinels(sentinels, master)?;
                let url = format!("redis://{}{host}:{port}/{database}", credentials.expose());
                self.single(&Secret::new(url)).map(Link::Single)
            }
            Target::Cluster(nodes) => {
                let client = ClusterClientBuilder::new(nodes.iter().map(Secret::expose))
                    .connection_timeout(self.connect)
                    .response_timeout(self.answer)
                    .retries(1)
                    .build()
                    .map_err(|error| fault(&error))?;
                let connection = client.get_connection().map_err(|error| fault(&error))?;
                connection.set_read_timeout(Some(self.answer)).map_err(|error| fault(&error))?;
                connection.set_write_timeout(Some(self.answer)).map_err(|error| fault(&error))?;
                Ok(Link::Cluster(Box::new(connection)))
            }
        }
    }

    fn single(&self, url: &Secret) -> Result<Connection> {
        let open = || {
            let connection = Client::open(url.expose())?.get_connection_with_timeout(self.connect)?;
            connection.set_read_timeout(Some(self.answer))?;
            connection.set_write_timeout(Some(self.answer))?;
            Ok(connection)
        };
        open().map_err(|error: RedisError| fault(&error))
    }

    /// The address of the master, from the first sentinel that answers.
    fn ask_sentinels(&self, sentinels: &[Secret], master: &str) -> Result<(String, u16)> {
        let mut last = failed("no sentinel");
        for sentinel in sentinels {
            let mut connection = match self.single(sentinel) {
                Ok(connection) => connection,
                Err(error) => {
                    last = error;
                    continue;
                }
            };
            let mut command = Cmd::new();
            command.arg("SENTINEL").arg("get-master-addr-by-name").arg(master);
            match command.query(&mut connection) {
                Ok(address) => return Ok(address),
                Err(error) => last = fault(&error),
            }
        }
        Err(last)
    }
}

impl Tier for RedisTier {
    fn backend(&self) -> &'static str {
        BACKEND
    }

    fn get(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>> {
        let bytes: Option<Vec<u8>> = self.run(Cmd::new().arg("GET").arg(key))?;
        Ok(bytes.map(Arc::from))
    }

    fn get_many(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Arc<[u8]>>>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        // The keys of one MGET must share a hash slot in a Cluster.
        if matches!(self.target, Target::Cluster(_)) {
            return keys.iter().map(|key| self.get(key)).collect();
        }
        let values: Vec<Option<Vec<u8>>> = self.run(Cmd::new().arg("MGET").arg(keys))?;
        Ok(values.into_iter().map(|bytes| bytes.map(Arc::from)).collect())
    }

    fn set(&self, key: &[u8], entry: &[u8], ttl_ms: u64) -> Result<()> {
        self.run(&setting(key, entry, ttl_ms))
    }

    /// One round trip. The keys of a Cluster lie on several nodes.
    fn set_many(&self, entries: &[(&[u8], &[u8])], ttl_ms: u64) -> Result<()> {
        if entries.len() < 2 || matches!(self.target, Target::Cluster(_)) {
            return entries.iter().try_for_each(|(key, entry)| self.set(key, entry, ttl_ms));
        }
        let mut pipeline = Pipeline::with_capacity(entries.len());
        for (key, entry) in entries {
            pipeline.add_command(setting(key, entry, ttl_ms)).ignore();
        }
        self.through(|link| pipeline.query::<()>(link))
    }

    fn delete(&self, key: &[u8]) -> Result<()> {
        self.run::<i64>(Cmd::new().arg("UNLINK").arg(key)).map(|_| ())
    }

    fn usage(&self) -> Result<Usage> {
        // Others may share the server, and counting our keys would mean scanning it.
        self.run::<::redis::Value>(Cmd::new().arg("PING")).map(|_| Usage::default())
    }
}

impl Remote for RedisTier {
    fn increment(&self, key: &[u8], initial: u64) -> Result<u64> {
        self.run::<::redis::Value>(Cmd::new().arg("SET").arg(key).arg(initial).arg("NX"))?;
        self.run(Cmd::new().arg("INCR").arg(key))
    }

    fn counter(&self, key: &[u8]) -> Result<Option<u64>> {
        self.run(Cmd::new().arg("GET").arg(key))
    }
}

/// Value and expiry in one command: two could leave an immortal key between them.
fn setting(key: &[u8], entry: &[u8], ttl_ms: u64) -> Cmd {
    let mut command = Cmd::new();
    command.arg("SET").arg(key).arg(entry).arg("PX").arg(ttl_ms.max(1));
    command
}

fn target(url: &Secret) -> Result<Target> {
    let wrong = || {
        Error::Setting {
        name: "redis_url".to_owned(),
        expected: "a URL such as redis://host:6379/0, unix:///path, redis-sentinel://host:26379/master or redis-cluster://host:6379".to_owned(),
        given: meschain_base::secret::redact_url(url.expose()),
    }
    };
    let (scheme, rest) = url.expose().split_once("://").ok_or_else(wrong)?;
    let (credentials, place) = rest.rsplit_once('@').map_or(("", rest), |(user, place)| (user, place));
    let credentials = if credentials.is_empty() { String::new() } else { format!("{credentials}@") };
    let (hosts, path) = place.split_once('/').unwrap_or((place, ""));
    let nodes =
        |with: &str| hosts.split(',').map(|host| Secret::new(format!("redis://{with}{host}"))).collect();
    let target = match scheme {
        "redis-cluster" => Target::Cluster(nodes(&credentials)),
        "redis-sentinel" => {
            let (master, database) = path.split_once('/').unwrap_or((path, "0"));
            if master.is_empty() {
                return Err(wrong());
            }
            let (master, database) = (master.to_owned(), database.to_owned());
            Target::Sentinel { sentinels: nodes(""), master, credentials: Secret::new(credentials), database }
        }
        "valkey" => Target::Single(Secret::new(format!("redis://{rest}"))),
        "unix" => Target::Single(Secret::new(format!("redis+unix://{rest}"))),
        _ => Target::Single(url.clone()),
    };
    let urls: &[Secret] = match &target {
        Target::Single(url) => std::slice::from_ref(url),
        Target::Sentinel { sentinels, .. } => sentinels,
        Target::Cluster(nodes) => nodes,
    };
    if urls.iter().all(|url| Client::open(url.expose()).is_ok()) { Ok(target) } else { Err(wrong()) }
}

/// The kind only: the crate's words may hold an address with credentials.
fn fault(error: &RedisError) -> Error {
    let detail = match error.code() {
        Some(code) => format!("the server answered {code}"),
        None if error.is_timeout() => "no answer in time".to_owned(),
        None if error.is_connection_refusal() => "connection refused".to_owned(),
        None => error.category().to_owned(),
    };
    match error.code() {
        Some("OOM") => Error::Limit { what: "redis memory", limit: 0, found: 0 },
        _ => failed(&detail),
    }
}

fn failed(detail: &str) -> Error {
    Error::Backend { backend: BACKEND, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Target> {
        target(&Secret::new(url))
    }

    #[test]
    fn reads_every_scheme() {
        for url in [
            "redis://h",
            "rediss://u:p@h:1/2",
            "valkey://h:6379",
            "unix:///run/redis.sock",
            "redis+unix:///s",
        ] {
            assert!(matches!(read(url), Ok(Target::Single(_))), "{url}");
        }
        assert!(
            matches!(read("redis-cluster://u:p@a:1,b:2"), Ok(Target::Cluster(nodes)) if nodes.len() == 2)
        );
        let sentinel = read("redis-sentinel://u:p@a:1,b:2/shop/3").unwrap();
        let Target::Sentinel { sentinels, master, credentials, database } = sentinel else {
            panic!("sentinel")
        };
        assert_eq!((sentinels.len(), master.as_str(), database.as_str()), (2, "shop", "3"));
        assert_eq!((credentials.expose(), sentinels[0].expose()), ("u:p@", "redis://a:1"));
    }

    #[test]
    fn refuses_nonsense_without_showing_the_password() {
        for url in ["redis-sentinel://a:1", "redis://:hunter2@h:port", "nothing"] {
            let error = read(url).err().unwrap();
            assert!(
                matches!(error, Error::Setting { .. }) && !format!("{error:?}").contains("hunter2"),
                "{url}"
            );
        }
    }
}
