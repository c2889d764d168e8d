use super::*;
use meschain_base::DatabaseFault;
use meschain_testkit::mariadb;
use mysql::prelude::Queryable;

#[test]
fn reads_versions_of_both_servers() {
    let maria = Flavor::parse("5.5.5-10.11.19-MariaDB-0+deb12u1").unwrap();
    assert_eq!(maria, Flavor::MariaDb { version: (10, 11, 19) });
    assert!(maria.is_supported());
    assert_eq!(Flavor::parse("8.0.36"), Some(Flavor::MySql { version: (8, 0, 36) }));
    assert!(!Flavor::parse("5.7.44-log").unwrap().is_supported());
    assert!(!Flavor::parse("10.5.29-MariaDB").unwrap().is_supported());
    assert_eq!(Flavor::parse("unknown"), None);
}

#[test]
fn table_names_cannot_leave_their_quotes() {
    let database = Database::main(&mariadb().fresh("names")).unwrap();
    assert_eq!(database.table("order"), "`oc_order`");
    assert_eq!(database.table("order` JOIN x -- "), "`oc_orderJOINx`");
}

#[test]
fn sessions_are_utc_strict_and_stay_so_when_reused() {
    let mut settings = mariadb().fresh("session");
    settings.set("database_pool", "1").unwrap();
    let database = Database::main(&settings).unwrap();
    database.connection().unwrap().query_drop("SET time_zone = '+05:00', sql_mode = ''").unwrap();
    let (zone, mode, charset): (String, String, String) = database
        .connection()
        .unwrap()
        .query_first("SELECT @@time_zone, @@sql_mode, @@character_set_client")
        .unwrap()
        .unwrap();
    assert_eq!((zone.as_str(), charset.as_str()), ("+00:00", "utf8mb4"));
    assert!(mode.contains("STRICT_TRANS_TABLES") && !mode.contains("NO_ZERO_DATE"), "{mode}");
    assert!(database.flavor().unwrap().is_supported());
}

#[test]
fn the_pool_is_bounded_and_waits_no_longer_than_the_timeout() {
    let mut settings = mariadb().fresh("bounded");
    settings.set("database_pool", "1").unwrap();
    settings.set("database_timeout_ms", "100").unwrap();
    let database = Database::main(&settings).unwrap();
    let held = database.connection().unwrap();
    let refused = database.connection().unwrap_err();
    assert!(matches!(refused, Error::Database { fault: DatabaseFault::Timeout, .. }), "{refused:?}");
    drop(held);
    database.connection().unwrap();
}

#[test]
fn an_idle_connection_is_closed_by_the_server_and_a_patient_one_is_not() {
    let database = Database::main(&mariadb().fresh("idle")).unwrap();
    let seconds = |database: &Database| -> (u64, u64) {
        let mut connection = database.connection().unwrap();
        connection.query_first("SELECT @@SESSION.wait_timeout, @@GLOBAL.wait_timeout").unwrap().unwrap()
    };
    let (first, server) = seconds(&database);
    assert!(first <= IDLE_SECONDS && server > IDLE_SECONDS, "{first} {server}");
    assert_eq!(seconds(&database), (first, server), "when reused too");
    assert_eq!(seconds(&database.patient()), (server, server));
}

#[test]
fn a_connection_killed_by_the_server_is_replaced() {
    let mut settings = mariadb().fresh("killed");
    settings.set("database_pool", "1").unwrap();
    let database = Database::main(&settings).unwrap();
    let id = database.connection().unwrap().connection_id();
    database.patient().connection().unwrap().query_drop(format!("KILL CONNECTION {id}")).unwrap();
    let mut conn = database.connection().unwrap();
    assert_ne!(conn.connection_id(), id);
    assert_eq!(conn.query_first::<u8, _>("SELECT 1").unwrap(), Some(1));
}

#[test]
fn a_silent_statement_runs_into_the_timeout_and_a_patient_one_does_not() {
    let mut settings = mariadb().fresh("silent");
    settings.set("database_timeout_ms", "200").unwrap();
    let database = Database::main(&settings).unwrap();
    let slow = |database: &Database| database.connection()?.query_drop("SELECT SLEEP(0.6)").map_err(fault);
    let refused = slow(&database).unwrap_err();
    assert!(matches!(refused, Error::Database { fault: DatabaseFault::Timeout, .. }), "{refused:?}");
    slow(&database.patient()).unwrap();
}

#[test]
fn a_server_that_hangs_is_waited_for_once_and_asked_again_after_a_while() {
    let server = mariadb();
    let (door, mut settings) = server.behind_a_door(&server.fresh("hangs"));
    settings.set("database_timeout_ms", "200").unwrap();
    let database = Database::main(&settings).unwrap();
    let fails = |database: &Database| {
        let error = database.connection().unwrap_err();
        assert!(matches!(error, Error::Database { fault: DatabaseFault::Timeout, .. }), "{error}");
    };
    door.hang();
    fails(&database);
    assert_eq!(door.visits(), 1);
    for other in [&database, &database.patient(), &database] {
        fails(other);
    }
    assert_eq!(door.visits(), 1, "one page waits once");
    door.recover();
    eventually(|| database.connection().is_ok());
}

#[test]
fn a_server_that_stops_behind_an_idle_connection_is_waited_for_once() {
    let server = mariadb();
    let (door, mut settings) = server.behind_a_door(&server.fresh("stops_idle"));
    settings.set("database_timeout_ms", "200").unwrap();
    let database = Database::main(&settings).unwrap();
    let held = [database.connection().unwrap(), database.connection().unwrap()];
    drop(held);
    door.hang();
    let before = (door.visits(), door.trips());
    for _ in 0..3 {
        assert!(database.connection().unwrap_err().is_transient());
    }
    assert_eq!((door.visits(), door.trips()), (before.0, before.1 + 1), "one ping");
    door.recover();
    eventually(|| database.connection().is_ok());
}

#[test]
fn what_stops_in_the_middle_is_not_waited_for_again_on_the_way_out() {
    let server = mariadb();
    let (door, mut settings) = server.behind_a_door(&server.fresh("stops"));
    settings.set("database_timeout_ms", "200").unwrap();
    let database = Database::main(&settings).unwrap();
    database.connection().unwrap().query_drop("CREATE TABLE kept (n INT)").unwrap();
    let mut connection = database.connection().unwrap();
    let mut transaction = connection.start_transaction(mysql::TxOpts::default()).unwrap();
    rows::change(&mut transaction, "INSERT INTO kept VALUES (1)", ()).unwrap();
    door.hang();
    let before = (door.visits(), door.trips());
    assert!(
        rows::first::<i64>(&mut transaction, "SELECT COUNT(*) FROM kept", ()).unwrap_err().is_transient()
    );
    drop(transaction);
    drop(connection);
    assert_eq!((door.visits(), door.trips()), (before.0, before.1 + 1), "no rollback, no reset");
    for _ in 0..3 {
        assert!(database.connection().unwrap_err().is_transient());
    }
    assert_eq!((door.visits(), door.trips()), (before.0 + 1, before.1 + 1), "one greeting tells");
    door.recover();
    eventually(|| database.connection().is_ok());
    let kept = || rows::first::<i64>(&mut database.connection().unwrap(), "SELECT COUNT(*) FROM kept", ());
    eventually(|| kept().unwrap() == Some(0));
}

#[test]
fn a_late_answer_is_nobody_elses() {
    let server = mariadb();
    let (door, mut settings) = server.behind_a_door(&server.fresh("late"));
    settings.set("database_timeout_ms", "300").unwrap();
    settings.set("database_pool", "1").unwrap();
    let database = Database::main(&settings).unwrap();
    let ask = |number: i64| rows::first::<i64>(&mut database.reader()?, "SELECT ?", (number,));
    assert_eq!(ask(1).unwrap(), Some(1));
    let mut reader = database.reader().unwrap();
    door.hang();
    assert!(rows::first::<i64>(&mut reader, "SELECT ?", (2,)).unwrap_err().is_transient());
    door.recover();
    drop(reader);
    // A slow statement is no server that hangs: the next question is asked at once, on a new connection.
    assert_eq!((ask(3).unwrap(), ask(4).unwrap()), (Some(3), Some(4)));
}

fn eventually(holds: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < end, "it never came true");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_server_that_never_greets_is_given_up_in_time_also_by_a_patient_one() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut settings = Settings { database_timeout_ms: 200, ..Settings::default() };
    settings.set("database_url", &format!("mysql://shop@{}/shop", silent.local_addr().unwrap())).unwrap();
    let database = Database::main(&settings).unwrap();
    for database in [database.patient(), database] {
        let started = std::time::Instant::now();
        let error = database.connection().unwrap_err();
        assert!(matches!(error, Error::Database { fault: DatabaseFault::Timeout, .. }), "{error}");
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    }
}

#[test]
fn wrong_passwords_dead_servers_and_missing_settings_are_told_apart_without_the_password() {
    let url = |url: &str| {
        let mut settings = Settings::default();
        settings.set("database_url", url).unwrap();
        Database::main(&settings).unwrap().connection().unwrap_err()
    };
    let good = mariadb().url("mysql");
    let (_, place) = good.rsplit_once('@').unwrap();
    let denied = url(&format!("mysql://meschain:hunter2@{place}"));
    assert!(
        matches!(denied, Error::Database { fault: DatabaseFault::Denied, code: Some(1045), .. }),
        "{denied:?}"
    );
    let port = meschain_testkit::free_port();
    let dead = url(&format!("mysql://meschain:hunter2@127.0.0.1:{port}/shop"));
    assert!(matches!(dead, Error::Database { fault: DatabaseFault::Unreachable, .. }), "{dead:?}");
    assert!(!format!("{denied:?}{dead:?}").contains("hunter2"));
    let unset = Database::main(&Settings::default()).unwrap_err();
    assert_eq!(unset, Error::NotConfigured { setting: "database_url" });
}

/// What the session is encrypted with; empty for none.
fn encryption(settings: &Settings, url: &str) -> Result<String> {
    let mut settings = settings.clone();
    settings.set("database_url", url)?;
    let mut conn = Database::main(&settings)?.connection()?;
    let found: Option<(String, String)> =
        rows::first(&mut conn, "SHOW SESSION STATUS LIKE 'Ssl_version'", ())?;
    Ok(found.unwrap().1)
}

#[test]
fn encryption_is_demanded_not_hoped_for() {
    let settings = mariadb().fresh("no_tls");
    let url = settings.database_url.as_ref().unwrap().expose().to_owned();
    let (place, _) = url.split_once('?').unwrap_or((&url, ""));
    assert_eq!(encryption(&settings, place).unwrap(), "");
    let offers: Option<String> =
        Database::main(&settings).unwrap().connection().unwrap().query_first("SELECT @@have_ssl").unwrap();
    let result = encryption(&settings, &format!("{place}?ssl=true"));
    if offers.as_deref() == Some("YES") {
        assert!(result.unwrap().starts_with("TLS"));
    } else {
        let refused = result.unwrap_err();
        assert!(matches!(refused, Error::Database { fault: DatabaseFault::Unreachable, .. }), "{refused:?}");
    }
}

#[test]
fn certificates_and_names_are_checked_when_asked_for() {
    let (server, ca) = meschain_testkit::mariadb_with_tls();
    let settings = server.fresh("tls");
    let url = settings.database_url.as_ref().unwrap().expose().to_owned();
    let (by_address, _) = url.split_once('?').unwrap();
    let by_name = by_address.replace("@127.0.0.1:", "@localhost:");
    let ca = ca.display();
    let asked = |place: &str, query: &str| encryption(&settings, &format!("{place}?{query}"));
    assert!(asked(by_address, "ssl=true").unwrap().starts_with("TLS"));
    assert!(asked(&by_name, &format!("ssl=verify&ssl_ca={ca}")).unwrap().starts_with("TLS"));
    for (place, query) in
        [(&*by_name, "ssl=verify".to_owned()), (by_address, format!("ssl=verify&ssl_ca={ca}"))]
    {
        let refused = asked(place, &query).unwrap_err();
        assert!(
            matches!(refused, Error::Database { fault: DatabaseFault::Unreachable, .. }),
            "{query}: {refused:?}"
        );
    }
    assert_eq!(asked(by_address, "ssl=false").unwrap(), "");
}

#[test]
fn the_reporting_database_is_its_own_when_set() {
    let mut settings = mariadb().fresh("rep_main");
    let other = mariadb().fresh("rep_other");
    assert_eq!(Database::reporting(&settings).unwrap().name(), Database::main(&settings).unwrap().name());
    settings.set("reporting_database_url", other.database_url.as_ref().unwrap().expose()).unwrap();
    let name: Option<String> = Database::reporting(&settings)
        .unwrap()
        .connection()
        .unwrap()
        .query_first("SELECT DATABASE()")
        .unwrap();
    assert!(name.unwrap().starts_with("rep_other"));
}

#[test]
fn a_reader_keeps_what_it_prepared_and_a_connection_does_not() {
    let mut settings = mariadb().fresh("readers");
    settings.set("database_pool", "1").unwrap();
    let database = Database::main(&settings).unwrap();
    let prepared = |connection: &mut Connection| -> u64 {
        let found: (String, String) =
            connection.query_first("SHOW SESSION STATUS LIKE 'Com_stmt_prepare'").unwrap().unwrap();
        found.1.parse().unwrap()
    };
    let ask = |connection: &mut Connection| {
        assert_eq!(rows::first::<u8>(connection, "SELECT ? + 1", (1,)).unwrap(), Some(2));
        prepared(connection)
    };
    let first = ask(&mut database.reader().unwrap());
    assert_eq!(ask(&mut database.reader().unwrap()), first);
    assert_eq!(ask(&mut database.connection().unwrap()), first, "the reader's is still prepared");
    // That one was reset on its way back: nothing of a session is left.
    database.connection().unwrap().query_drop("SET @left = 7").unwrap();
    let mut reader = database.reader().unwrap();
    assert_eq!(rows::first::<Option<u8>>(&mut reader, "SELECT @left", ()).unwrap(), Some(None));
}
