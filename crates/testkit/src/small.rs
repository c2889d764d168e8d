//! Private Redis and Memcached.

use crate::{free_port, keeper};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

/// A running Redis. Give every test a key prefix of its own.
#[derive(Debug)]
pub struct Redis {
    url: String,
}

impl Redis {
    /// `redis://127.0.0.1:port/0`.
    pub fn url(&self) -> String {
        self.url.clone()
    }
}

/// The Redis of this test process.
pub fn redis() -> &'static Redis {
    static SERVER: OnceLock<Redis> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("MESCHAIN_TEST_REDIS_URL") {
        Ok(url) if !url.is_empty() => Redis { url },
        _ => {
            let port = free_port();
            let mut command = Command::new("redis-server");
            command.arg("--port").arg(port.to_string());
            command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
            command.arg("--dir").arg(keeper::root());
            keeper::start(command, &keeper::root().join("redis.log"), || {
                answers(port, b"PING\r\n", b"+PONG")
            });
            Redis { url: format!("redis://127.0.0.1:{port}/0") }
        }
    })
}

/// A running Memcached.
#[derive(Debug)]
pub struct Memcached {
    address: String,
}

impl Memcached {
    /// `127.0.0.1:port`.
    pub fn address(&self) -> String {
        self.address.clone()
    }
}

/// The Memcached of this test process.
pub fn memcached() -> &'static Memcached {
    static SERVER: OnceLock<Memcached> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("MESCHAIN_TEST_MEMCACHED") {
        Ok(address) if !address.is_empty() => Memcached { address },
        _ => {
            let port = free_port();
            let mut command = Command::new("memcached");
            command.arg("-p").arg(port.to_string()).args([
                "-l",
                "127.0.0.1",
                "-m",
                "32",
                "-U",
                "0",
                "-u",
                "nobody",
            ]);
            let ready = || answers(port, b"version\r\n", b"VERSION");
            keeper::start(command, &keeper::root().join("memcached.log"), ready);
            Memcached { address: format!("127.0.0.1:{port}") }
        }
    })
}

/// Whether what listens on `port` answers `question` with something that starts with `answer`.
fn answers(port: u16, question: &[u8], answer: &[u8]) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(question)?;
        let mut got = vec![0; answer.len()];
        stream.read_exact(&mut got)?;
        Ok(got == answer)
    };
    ask().unwrap_or(false)
}
