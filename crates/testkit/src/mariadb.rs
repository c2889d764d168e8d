//! A private MariaDB.

use crate::{Door, free_port, keeper};
use meschain_base::Settings;
use mysql::prelude::Queryable;
use mysql::{Conn, Opts, OptsBuilder};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Full of characters that need care in a URL, so that every test also tests that.
const PASSWORD: &str = "te:st/pa@ss#1";

/// A running server with a user that may do everything.
#[derive(Debug)]
pub struct MariaDb {
    account: String,
    place: String,
    query: String,
    admin: Opts,
}

/// The server of this test process.
pub fn mariadb() -> &'static MariaDb {
    static SERVER: OnceLock<MariaDb> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("MESCHAIN_TEST_DATABASE_URL") {
        Ok(url) if !url.is_empty() => MariaDb::running(&url),
        _ => MariaDb::start("mariadb", &["--skip-ssl".to_owned()]),
    })
}

/// A second server of this test process, with a certificate for `localhost` (not for 127.0.0.1) by an
/// authority of its own, whose PEM file comes along. Needs the `openssl` program.
pub fn mariadb_with_tls() -> &'static (MariaDb, PathBuf) {
    static SERVER: OnceLock<(MariaDb, PathBuf)> = OnceLock::new();
    SERVER.get_or_init(|| {
        let folder = keeper::root().join("tls");
        certificates(&folder);
        let option = |name: &str, file: &str| format!("--ssl-{name}={}", folder.join(file).display());
        let options = [option("ca", "ca.pem"), option("cert", "server.pem"), option("key", "server.key")];
        (MariaDb::start("mariadb-tls", &options), folder.join("ca.pem"))
    })
}

fn certificates(folder: &Path) {
    std::fs::create_dir_all(folder).expect("folder for certificates");
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost").expect("names");
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout";
    for arguments in [
        format!("req -x509 {key} ca.key -out ca.pem -days 2 -subj /CN=testkit"),
        format!("req {key} server.key -out server.csr -subj /CN=localhost"),
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile names"
            .to_owned(),
    ] {
        let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().expect("openssl");
        assert!(output.status.success(), "openssl: {}", String::from_utf8_lossy(&output.stderr));
    }
}

impl MariaDb {
    /// Settings for a new, empty database whose name starts with `name`. Time zone UTC, prefix `oc_`.
    pub fn fresh(&self, name: &str) -> Settings {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
        let database = format!("{name}_{}_{count}", std::process::id());
        let mut admin = Conn::new(self.admin.clone()).expect("connect to the test server");
        admin.query_drop(format!("DROP DATABASE IF EXISTS `{database}`")).expect("drop an old database");
        let create = format!("CREATE DATABASE `{database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
        admin.query_drop(create).expect("create a database");
        let mut settings = Settings::default();
        settings.set("database_url", &self.url(&database)).expect("a sound URL");
        settings.set("timezone", "UTC").expect("UTC");
        settings.set("environment", "test").expect("test");
        settings
    }

    /// The URL of a database on this server, password percent-encoded.
    pub fn url(&self, database: &str) -> String {
        format!("mysql://{}@{}/{database}{}", self.account, self.place, self.query)
    }

    /// A door in front of this server, and `settings` through it: by TCP, whatever they were before.
    pub fn behind_a_door(&self, settings: &Settings) -> (Door, Settings) {
        let door = Door::before(&self.place);
        let url = settings
            .database_url
            .as_ref()
            .expect("a URL")
            .expose()
            .replace(&self.place, &format!("127.0.0.1:{}", door.port()));
        let mut settings = settings.clone();
        settings.set("database_url", url.split('?').next().expect("a URL")).expect("a sound URL");
        (door, settings)
    }

    fn running(url: &str) -> Self {
        let (_, rest) = url.split_once("://").expect("MESCHAIN_TEST_DATABASE_URL has a scheme");
        let (account, rest) = rest.rsplit_once('@').expect("MESCHAIN_TEST_DATABASE_URL has a user");
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let place = rest.split_once('/').map_or(rest, |(place, _)| place);
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        let (user, password) = account.split_once(':').unwrap_or((account, ""));
        let socket = query.split(['?', '&']).find_map(|pair| pair.strip_prefix("socket=")).map(decode);
        let (host, port) = place.split_once(':').unwrap_or((place, "3306"));
        let admin = OptsBuilder::new()
            .ip_or_hostname(Some(host))
            .tcp_port(port.parse().expect("MESCHAIN_TEST_DATABASE_URL has a sound port"))
            .socket(socket)
            .prefer_socket(false)
            .user(Some(decode(user)))
            .pass(Some(decode(password)));
        Self { account: account.to_owned(), place: place.to_owned(), query, admin: admin.into() }
    }

    fn start(folder: &str, options: &[String]) -> Self {
        let root = keeper::root().join(folder);
        let data = root.join("data");
        std::fs::create_dir_all(&data).expect("folder for the database");
        install(&data);
        let (port, socket) = (free_port(), root.join("s.sock"));
        let init = root.join("init.sql");
        let user = format!("'meschain'@'%' IDENTIFIED BY '{PASSWORD}'");
        let sql = format!("CREATE USER {user};\nGRANT ALL ON *.* TO 'meschain'@'%' WITH GRANT OPTION;\n");
        std::fs::write(&init, sql).expect("init file");
        let admin = Opts::from(
            OptsBuilder::new()
                .socket(socket.to_str())
                .prefer_socket(false)
                .user(Some("meschain"))
                .pass(Some(PASSWORD)),
        );
        let mut command = server(&root, &data, &socket, &init, port);
        command.args(options);
        keeper::start(command, &root.join("server.log"), || Conn::new(admin.clone()).is_ok());
        Self {
            account: format!("meschain:{}", encode(PASSWORD)),
            place: format!("127.0.0.1:{port}"),
            query: format!("?socket={}", encode(&socket.to_string_lossy())),
            admin,
        }
    }
}

fn install(data: &Path) {
    let output = Command::new(program(&["mariadb-install-db", "mysql_install_db"]))
        .arg("--no-defaults")
        .arg(format!("--datadir={}", data.display()))
        .args(["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"])
        .args(as_root())
        .output()
        .expect("mariadb-install-db");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "mariadb-install-db: {}\n{said}",
        String::from_utf8_lossy(&output.stdout)
    );
}

fn server(root: &Path, data: &Path, socket: &Path, init: &Path, port: u16) -> Command {
    let mut command = Command::new(program(&["mariadbd", "mysqld"]));
    command
        .arg("--no-defaults")
        .arg(format!("--datadir={}", data.display()))
        .arg(format!("--socket={}", socket.display()))
        .arg(format!("--pid-file={}", root.join("pid").display()))
        .arg(format!("--init-file={}", init.display()))
        .arg(format!("--port={port}"))
        .args(["--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin", "--max-connections=200"])
        // Tests are forgotten anyway: nothing is flushed.
        .args([
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-doublewrite=0",
            "--innodb-flush-method=nosync",
        ])
        .args(["--innodb-buffer-pool-size=128M", "--innodb-log-file-size=64M", "--performance-schema=OFF"])
        .args(as_root());
    command
}

/// MariaDB refuses to run as root unless told.
fn as_root() -> Option<&'static str> {
    // SAFETY: `geteuid` takes nothing and cannot fail.
    (unsafe { libc::geteuid() } == 0).then_some("--user=root")
}

/// The first of `names` found on the path or where distributions put servers.
fn program(names: &[&str]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin", "/usr/libexec"].map(PathBuf::from))
        .collect();
    let found = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{} is not installed (package mariadb-server)", names.join(" or ")))
}

fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    text.bytes()
        .map(|b| if plain(b) && b != b'/' { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

fn decode(text: &str) -> String {
    let mut out = Vec::new();
    let mut parts = text.split('%');
    out.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let (hex, rest) = part.split_at_checked(2).expect("two digits after a percent sign");
        out.push(u8::from_str_radix(hex, 16).expect("hexadecimal digits after a percent sign"));
        out.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(out).expect("UTF-8 in the URL")
}
