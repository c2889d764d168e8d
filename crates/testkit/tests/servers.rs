//! The servers come up, answer, and are told apart by database.

use mysql::prelude::Queryable;
use std::io::Write;

#[test]
fn databases_are_fresh_and_apart() {
    let (one, two) = (meschain_testkit::mariadb().fresh("kit"), meschain_testkit::mariadb().fresh("kit"));
    assert_ne!(one.database_url, two.database_url);
    let url = one.database_url.unwrap();
    let mut conn = mysql::Conn::new(mysql::Opts::from_url(url.expose()).unwrap()).unwrap();
    let tables: Vec<String> = conn.query("SHOW TABLES").unwrap();
    assert!(tables.is_empty());
}

#[test]
fn redis_and_memcached_listen() {
    let redis = meschain_testkit::redis().url();
    let place = redis.rsplit(['@', '/']).find(|part| part.contains(':')).unwrap().to_owned();
    for address in [place, meschain_testkit::memcached().address()] {
        std::net::TcpStream::connect(address).unwrap().write_all(b"quit\r\n").unwrap();
    }
}
