//! Memcached over its text protocol: one server, by `host:port` or the path of a unix socket.
//!
//! Written by hand: six commands. Every wait is bounded. Answers are checked; after any that is not understood the
//! connection is dropped, since what follows on it cannot be trusted.

use super::tier::{Remote, Tier, Usage};
use meschain_base::{Error, Result};
use parking_lot::Mutex;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

const BACKEND: &str = "memcached";
const DEFAULT_PORT: u16 = 11_211;
const LARGEST: usize = 80 << 20;
const LONGEST_LINE: u64 = 4_096;
/// Beyond thirty days Memcached takes an expiry as a date.
const LONGEST_TTL: u64 = 30 * 24 * 3600;

/// A connection to Memcached, made when first used.
pub struct MemcachedTier {
    address: String,
    connect: Duration,
    answer: Duration,
    connection: Mutex<Option<(u32, Link)>>,
}

/// A key and what is stored for it.
type Item = (Vec<u8>, Arc<[u8]>);

type Link = BufReader<Box<dyn Stream>>;

trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

impl MemcachedTier {
    /// Remembers the address; connects to nothing.
    pub fn new(address: &str, connect: Duration, answer: Duration) -> Result<Self> {
        let address = match address {
            path if path.starts_with('/') => path.to_owned(),
            host if host.is_empty() || host.contains(char::is_whitespace) => {
                return Err(Error::Setting {
                    name: "memcached".to_owned(),
                    expected: "host:port or the path of a socket".to_owned(),
                    given: address.to_owned(),
                });
            }
            host if host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) => {
                host.to_owned()
            }
            host => format!("{host}:{DEFAULT_PORT}"),
        };
        Ok(Self { address, connect, answer, connection: Mutex::new(None) })
    }

    fn run<R>(&self, work: impl Fn(&mut Link) -> std::io::Result<R>) -> Result<R> {
        let mut held = self.connection.lock();
        let pid = std::process::id();
        let mut reused = held.as_ref().is_some_and(|(owner, _)| *owner == pid);
        loop {
            if !reused {
                *held = None;
                *held = Some((pid, self.open().map_err(fault)?));
            }
            let Some((_, link)) = held.as_mut() else { return Err(failed("no connection")) };
            match work(link) {
                Ok(value) => return Ok(value),
                Err(error) => {
                    *held = None;
                    let timed_out = matches!(
                        error.kind(),
                        std::io::ErrorKind::TimedOut
                            | std::io::ErrorKind::WouldBlock
                            | std::io::ErrorKind::InvalidData
                    );
                    if !reused || timed_out {
                        return Err(fault(error));
                    }
                    reused = false;
                }
            }
        }
    }

    fn open(&self) -> std::io::Result<Link> {
        let stream: Box<dyn Stream> = if self.address.starts_with('/') {
            let stream = UnixStream::connect(&self.address)?;
            stream.set_read_timeout(Some(self.answer))?;
            stream.set_write_timeout(Some(self.answer))?;
            Box::new(stream)
        } else {
            let address = self.address.to_socket_addrs()?.next().ok_or(std::io::ErrorKind::NotFound)?;
            let stream = TcpStream::connect_timeout(&address, self.connect)?;
            stream.set_read_timeout(Some(self.answer))?;
            stream.set_write_timeout(Some(self.answer))?;
            stream.set_nodelay(true)?;
            Box::new(stream)
        };
        Ok(BufReader::with_capacity(16 << 10, stream))
    }

    fn store(&self, verb: &str, key: &[u8], bytes: &[u8], ttl_s: u64) -> Result<bool> {
        let head = format!("{verb} {} 0 {ttl_s} {}\r\n", String::from_utf8_lossy(key), bytes.len());
        let message = [head.as_bytes(), bytes, b"\r\n"].concat();
        let answer = self.run(|link| ask(link, &message))?;
        match answer.as_str() {
            "STORED" => Ok(true),
            "NOT_STORED" => Ok(false),
            "SERVER_ERROR object too large for cache" => {
                // The server may close or keep the connection after this; a new one is safe.
                *self.connection.lock() = None;
                Err(Error::Limit { what: "memcached item bytes", limit: 0, found: bytes.len() as u64 })
            }
            other => Err(self.not_understood(other)),
        }
    }

    fn not_understood(&self, answer: &str) -> Error {
        *self.connection.lock() = None;
        failed(&format!("unexpected answer {:?}", answer.chars().take(40).collect::<String>()))
    }

    fn fetch(&self, keys: &[&[u8]]) -> Result<Vec<Item>> {
        let message = [b"get ".as_slice(), &keys.join(b" ".as_slice()), b"\r\n"].concat();
        self.run(|link| {
            link.get_mut().write_all(&message)?;
            let mut found = Vec::new();
            loop {
                let line = read_line(link)?;
                if line == "END" {
                    return Ok(found);
                }
                let (key, length) = parse_value_line(&line).ok_or(std::io::ErrorKind::InvalidData)?;
                let mut bytes = vec![0; length + 2];
                link.read_exact(&mut bytes)?;
                if !bytes.ends_with(b"\r\n") {
                    return Err(std::io::ErrorKind::InvalidData.into());
                }
                bytes.truncate(length);
                found.push((key, Arc::from(bytes)));
            }
        })
    }
}

impl Tier for MemcachedTier {
    fn backend(&self) -> &'static str {
        BACKEND
    }

    fn get(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>> {
        Ok(self.fetch(&[key])?.into_iter().find(|(found, _)| found == key).map(|(_, bytes)| bytes))
    }

    fn get_many(&self, keys: &[Vec<u8>]) -> Result<Vec<Option<Arc<[u8]>>>> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
        let found: std::collections::HashMap<_, _> = self.fetch(&names)?.into_iter().collect();
        Ok(keys.iter().map(|key| found.get(key).cloned()).collect())
    }

    fn set(&self, key: &[u8], entry: &[u8], ttl_ms: u64) -> Result<()> {
        // Longer lives end after thirty days here; the entry itself knows its end.
        let ttl = ttl_ms.div_ceil(1000).clamp(1, LONGEST_TTL);
        match self.store("set", key, entry, ttl)? {
            true => Ok(()),
            false => Err(failed("not stored")),
        }
    }

    fn delete(&self, key: &[u8]) -> Result<()> {
        let message = [b"delete ".as_slice(), key, b"\r\n"].concat();
        let answer = self.run(|link| ask(link, &message))?;
        match answer.as_str() {
            "DELETED" | "NOT_FOUND" => Ok(()),
            other => Err(self.not_understood(other)),
        }
    }

    fn usage(&self) -> Result<Usage> {
        let answer = self.run(|link| ask(link, b"version\r\n"))?;
        if answer.starts_with("VERSION ") { Ok(Usage::default()) } else { Err(self.not_understood(&answer)) }
    }
}

impl Remote for MemcachedTier {
    fn increment(&self, key: &[u8], initial: u64) -> Result<u64> {
        let message = [b"incr ".as_slice(), key, b" 1\r\n"].concat();
        for _ in 0..2 {
            let answer = self.run(|link| ask(link, &message))?;
            if let Ok(number) = answer.trim().parse() {
                return Ok(number);
            }
            if answer != "NOT_FOUND" {
                return Err(self.not_understood(&answer));
            }
            self.store("add", key, initial.to_string().as_bytes(), 0)?;
        }
        Err(failed("the counter does not stay"))
    }

    fn counter(&self, key: &[u8]) -> Result<Option<u64>> {
        let bytes = self.get(key)?;
        let read = |bytes: Arc<[u8]>| std::str::from_utf8(&bytes).ok()?.trim().parse().ok();
        Ok(bytes.and_then(read))
    }
}

fn ask(link: &mut Link, message: &[u8]) -> std::io::Result<String> {
    link.get_mut().write_all(message)?;
    read_line(link)
}

fn read_line(link: &mut Link) -> std::io::Result<String> {
    let mut line = Vec::new();
    link.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    let text = line.strip_suffix(b"\r\n").ok_or(if line.is_empty() {
        std::io::ErrorKind::UnexpectedEof
    } else {
        std::io::ErrorKind::InvalidData
    })?;
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// `VALUE <key> <flags> <bytes>`.
fn parse_value_line(line: &str) -> Option<(Vec<u8>, usize)> {
    let mut parts = line.strip_prefix("VALUE ")?.split(' ');
    let (key, _flags, length) = (parts.next()?, parts.next()?, parts.next()?);
    let length = length.parse::<usize>().ok().filter(|length| *length <= LARGEST)?;
    Some((key.as_bytes().to_vec(), length))
}

fn fault(error: std::io::Error) -> Error {
    let detail = match error.kind() {
        std::io::ErrorKind::TimedOut | std::io::ErrorKind::WouldBlock => "no answer in time".to_owned(),
        std::io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        kind => kind.to_string(),
    };
    failed(&detail)
}

fn failed(detail: &str) -> Error {
    Error::Backend { backend: BACKEND, detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses() {
        let of =
            |address| MemcachedTier::new(address, Duration::ZERO, Duration::ZERO).map(|tier| tier.address);
        assert_eq!(of("cache").unwrap(), "cache:11211");
        assert_eq!(of("cache:1").unwrap(), "cache:1");
        assert_eq!(of("/run/m.sock").unwrap(), "/run/m.sock");
        assert!(of("").is_err() && of("a b").is_err());
    }

    #[test]
    fn refuses_lengths_that_would_exhaust_memory() {
        assert_eq!(parse_value_line("VALUE k 0 12"), Some((b"k".to_vec(), 12)));
        for line in ["VALUE k 0 99999999999", "VALUE k", "VALUE k 0 -1", "STORED"] {
            assert_eq!(parse_value_line(line), None);
        }
    }
}
