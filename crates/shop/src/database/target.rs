//! Where a database is: the URL, taken apart. Read by hand rather than by a URL library, because people put
//! passwords with `@`, `/` and `#` into it unescaped, and because no error may repeat what was given.

use meschain_base::{Error, Result, Secret};
use std::path::PathBuf;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all; the default, for a socket or a private network.
    Off,
    /// Encrypted, whoever the server is (`?ssl=true`).
    Encrypt,
    /// Encrypted, and the server's certificate and name are checked (`?ssl=verify`).
    Verify,
}

/// One database to connect to.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// User name; empty lets the server decide.
    pub user: String,
    /// Password.
    pub password: Secret,
    /// Host name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Database name.
    pub database: String,
    /// Unix socket; wins over host and port.
    pub socket: Option<String>,
    /// Protection.
    pub tls: Tls,
    /// PEM file with the authorities to trust besides the public ones (`?ssl_ca=/path`).
    pub tls_ca: Option<PathBuf>,
}

/// Reads `mysql://user:password@host:port/database?socket=/path&ssl=true|verify&ssl_ca=/path`. User,
/// password, database and values are percent-decoded; `name` is the setting that errors speak of.
pub fn parse(name: &str, url: &Secret) -> Result<Target> {
    let wrong = |part: &str| Error::Setting {
        name: name.to_owned(),
        expected: format!("mysql://user:password@host:port/database?socket=/path with {part}"),
        given: meschain_base::secret::redact_url(url.expose()),
    };
    let (scheme, rest) = url.expose().split_once("://").ok_or_else(|| wrong("a scheme"))?;
    if !matches!(scheme, "mysql" | "mariadb") {
        return Err(wrong("the scheme mysql or mariadb"));
    }
    let (account, place) = rest.rsplit_once('@').unwrap_or(("", rest));
    let (user, password) = account.split_once(':').unwrap_or((account, ""));
    let (place, query) = place.split_once('?').unwrap_or((place, ""));
    let (host, database) = place.split_once('/').unwrap_or((place, ""));
    let (host, port) = host_and_port(host).ok_or_else(|| wrong("a port from 1 to 65535"))?;
    let text = |text: &str, part: &str| percent_decode(text).ok_or_else(|| wrong(part));
    let mut target = Target {
        user: text(user, "a well-formed user")?,
        password: Secret::new(text(password, "a well-formed password")?),
        host: if host.is_empty() { "localhost".to_owned() } else { host.to_owned() },
        port,
        database: text(database, "a well-formed database name")?,
        socket: None,
        tls: Tls::Off,
        tls_ca: None,
    };
    if target.database.is_empty() {
        return Err(wrong("a database name"));
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = text(value, "well-formed values")?;
        match key {
            "socket" => target.socket = (!value.is_empty()).then_some(value),
            "ssl" => target.tls = tls(&value).ok_or_else(|| wrong("ssl=true, ssl=verify or ssl=false"))?,
            "ssl_ca" => target.tls_ca = (!value.is_empty()).then(|| PathBuf::from(value)),
            // OpenCart and others write the character set down; ours is always utf8mb4.
            "charset" => {}
            _ => return Err(wrong("no options but socket, ssl, ssl_ca and charset")),
        }
    }
    Ok(target)
}

fn tls(value: &str) -> Option<Tls> {
    match value {
        "false" | "0" | "off" => Some(Tls::Off),
        "" | "true" | "1" | "on" => Some(Tls::Encrypt),
        "verify" => Some(Tls::Verify),
        _ => None,
    }
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`; `None` when the port is no port.
fn host_and_port(text: &str) -> Option<(&str, u16)> {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, rest)) => (host, Some(rest.strip_prefix(':')?)),
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map_or(Some(3306), |port| port.parse().ok().filter(|port| *port > 0))?;
    Some((host, port))
}

/// A percent sign that is not followed by two hexadecimal digits stands for itself; `None` when the result is
/// not UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let Some((&first, rest)) = bytes.split_first() {
        let code = rest.split_at_checked(2).filter(|_| first == b'%').and_then(|(hex, rest)| {
            let hex =
                std::str::from_utf8(hex).ok().filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
            Some((u8::from_str_radix(hex, 16).ok()?, rest))
        });
        let (byte, rest) = code.unwrap_or((first, rest));
        out.push(byte);
        bytes = rest;
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> Result<Target> {
        parse("database_url", &Secret::new(url))
    }

    #[test]
    fn takes_every_part_apart() {
        let target =
            read("mysql://shop:p%40ss@db.local:3307/opencart?socket=/run/my.sock&ssl=verify&ssl_ca=/ca.pem");
        let target = target.unwrap();
        assert_eq!(target.user, "shop");
        assert_eq!(target.password.expose(), "p@ss");
        assert_eq!((target.host.as_str(), target.port), ("db.local", 3307));
        assert_eq!(target.database, "opencart");
        assert_eq!(target.socket.as_deref(), Some("/run/my.sock"));
        assert_eq!((target.tls, target.tls_ca), (Tls::Verify, Some(PathBuf::from("/ca.pem"))));
    }

    #[test]
    fn takes_unescaped_passwords_and_bare_percent_signs() {
        let target = read("mariadb://u:a@b/c#d%@[::1]/shop").unwrap();
        assert_eq!(target.password.expose(), "a@b/c#d%");
        assert_eq!((target.host.as_str(), target.port), ("::1", 3306));
    }

    #[test]
    fn refusals_name_the_setting_and_hide_the_password() {
        for url in [
            "mysql://u:hunter2@db:port/shop",
            "mysql://u:hunter2@db:0/shop",
            "mysql://u:hunter2@db",
            "mysql://u:hunter2@db/shop?ssl=perhaps",
            "mysql://u:hunter2@db/shop?password=hunter2",
            "mysql://u:hunter2%ff@db/shop",
            "postgres://u:hunter2@db/shop",
        ] {
            let error = read(url).unwrap_err();
            assert!(matches!(&error, Error::Setting { name, .. } if name == "database_url"), "{error:?}");
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
