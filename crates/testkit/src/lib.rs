//! Private servers for tests, and what benchmarks share ([`bench`]). The servers: a MariaDB, a Redis and a Memcached on free ports under a temporary folder, one
//! of each for a test process, started when first asked for and gone with the process, however it ends.
//!
//! `MESCHAIN_TEST_DATABASE_URL` (a URL with any database name, whose user may create databases),
//! `MESCHAIN_TEST_REDIS_URL` and `MESCHAIN_TEST_MEMCACHED` (`host:port`) make the tests use servers that run
//! already.

// Only tests use this crate; a panic is how a test says that its server does not start.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod bench;
mod door;
mod keeper;
mod mariadb;
mod small;

pub use door::Door;
pub use mariadb::{MariaDb, mariadb, mariadb_with_tls};
pub use small::{Memcached, Redis, memcached, redis};

/// A TCP port on 127.0.0.1 that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("bind to a free port");
    listener.local_addr().expect("address of the listener").port()
}
