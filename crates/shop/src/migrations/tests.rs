use super::*;
use crate::database::fault;
use meschain_base::{DatabaseFault, Error};
use meschain_testkit::mariadb;
use mysql::prelude::Queryable;

fn fresh(name: &str) -> Database {
    Database::main(&mariadb().fresh(name)).unwrap()
}

fn tables(database: &Database) -> Vec<String> {
    database.connection().unwrap().query("SHOW TABLES").unwrap()
}

fn ours(database: &Database) -> Vec<String> {
    let sql = "SELECT DISTINCT CONCAT(table_name, '.', index_name) FROM information_schema.statistics \
               WHERE table_schema = DATABASE() AND index_name LIKE 'meschain\\_%' ORDER BY 1";
    database.connection().unwrap().query(sql).unwrap()
}

fn run(database: &Database, scripts: &[Script]) -> Result<Report> {
    runner::migrate(database, scripts, false, &Progress::silent())
}

#[test]
fn is_idempotent_and_tells_its_state() {
    let database = fresh("migrate");
    assert!(status(&database).unwrap().iter().all(|s| s.status == State::Pending && s.applied_at.is_none()));
    let first = migrate(&database, false, &Progress::silent()).unwrap();
    assert_eq!(
        first.applied.iter().map(|a| a.version.as_str()).collect::<Vec<_>>(),
        ["01", "02", "03", "04", "05", "06", "07", "08"]
    );
    let second = migrate(&database, false, &Progress::silent()).unwrap();
    assert_eq!(second, Report { dry_run: false, applied: vec![], pending: vec![] });
    let status = status(&database).unwrap();
    assert!(
        status.iter().all(|s| s.status == State::Applied && s.applied_at.as_ref().unwrap().ends_with('Z'))
    );
    assert_eq!(tables(&database).len(), 9 + 5 + 11 + 1 + 1 + 1);
}

#[test]
fn a_dry_run_lists_and_writes_nothing() {
    let database = fresh("dry");
    let report = migrate(&database, true, &Progress::silent()).unwrap();
    assert_eq!(report.pending, ["01", "02", "03", "04", "05", "06", "07", "08"]);
    assert!(report.dry_run && report.applied.is_empty() && tables(&database).is_empty());
    migrate(&database, false, &Progress::silent()).unwrap();
    assert!(migrate(&database, true, &Progress::silent()).unwrap().pending.is_empty());
}

#[test]
fn a_failed_step_is_backed_out_and_the_ones_before_it_stay() {
    let database = fresh("failed");
    let good = Script::parse("01_good.sql", "-- @table t_good\nCREATE TABLE t_good (a int);").unwrap();
    let bad =
        "-- @table t_one\nCREATE TABLE t_one (a int);\n-- @table t_two\nCREATE TABLE t_two (a int, a int);";
    let bad = Script::parse("02_bad.sql", bad).unwrap();
    let error = run(&database, &[good.clone(), bad.clone()]).unwrap_err();
    assert!(
        matches!(error, Error::Database { fault: DatabaseFault::Statement, code: Some(1060), .. }),
        "{error:?}"
    );
    assert_eq!(tables(&database), ["meschain_migrations", "t_good"]);
    let states: Vec<_> =
        runner::status(&database, &[good, bad]).unwrap().into_iter().map(|s| s.status).collect();
    assert_eq!(states, [State::Applied, State::Pending]);
}

#[test]
fn a_run_that_died_is_undone_by_the_next() {
    let database = fresh("died");
    let text = "-- @table t_one\nCREATE TABLE t_one (a int);\n-- @table t_two\nCREATE TABLE t_two (a int);";
    let script = Script::parse("01_two.sql", text).unwrap();
    let undo = ["DROP TABLE `t_one`".to_owned(), "DROP TABLE `t_two`".to_owned()];
    ledger::locked(&database, |conn| {
        ledger::create(conn)?;
        conn.query_drop("CREATE TABLE t_one (a int)").map_err(fault)?;
        // Killed between the intent and the second statement.
        ledger::intend(conn, &script, &undo)
    })
    .unwrap();
    assert_eq!(runner::status(&database, std::slice::from_ref(&script)).unwrap()[0].status, State::Pending);
    let report = run(&database, std::slice::from_ref(&script)).unwrap();
    assert_eq!(report.applied[0].statements, 2);
    assert_eq!(tables(&database), ["meschain_migrations", "t_one", "t_two"]);
}

#[test]
fn a_table_that_is_not_ours_is_never_touched() {
    let database = fresh("theirs");
    let theirs = "CREATE TABLE meschain_jobs (precious int)";
    database.connection().unwrap().query_drop(theirs).unwrap();
    let error = migrate(&database, false, &Progress::silent()).unwrap_err();
    assert!(matches!(error, Error::Unsupported { what: "migration", .. }), "{error:?}");
    let columns: Vec<String> = database
        .connection()
        .unwrap()
        .query("SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'meschain_jobs'")
        .unwrap();
    assert_eq!(columns, ["precious"]);
}

#[test]
fn two_nodes_cannot_migrate_at_once() {
    let database = fresh("locked");
    ledger::locked(&database, |_| {
        let other = migrate(&database, false, &Progress::silent()).unwrap_err();
        assert_eq!(other, Error::Busy { what: "migrations" });
        Ok(())
    })
    .unwrap();
    migrate(&database, false, &Progress::silent()).unwrap();
}

#[test]
fn a_file_that_was_changed_after_it_was_applied_is_refused() {
    let database = fresh("changed");
    let before = Script::parse("01_a.sql", "-- @table t\nCREATE TABLE t (a int);").unwrap();
    let after = Script::parse("01_a.sql", "-- @table t\nCREATE TABLE t (a bigint);").unwrap();
    run(&database, &[before]).unwrap();
    assert_eq!(runner::status(&database, std::slice::from_ref(&after)).unwrap()[0].status, State::Changed);
    assert!(matches!(run(&database, &[after]).unwrap_err(), Error::Unsupported { .. }));
}

#[test]
fn indexes_follow_opencarts_tables_and_go_again() {
    let database = fresh("indexes");
    migrate(&database, false, &Progress::silent()).unwrap();
    assert!(ours(&database).is_empty(), "no OpenCart, no indexes");
    // OpenCart is installed afterwards; 4.1 has an index on email already.
    let order = "CREATE TABLE oc_order (order_id int PRIMARY KEY, customer_id int, email varchar(96), order_status_id int, \
                 date_added datetime, date_modified datetime, KEY email (email))";
    database.connection().unwrap().query_drop(order).unwrap();
    assert_eq!(migrate(&database, true, &Progress::silent()).unwrap().pending, ["04"]);
    let report = migrate(&database, false, &Progress::silent()).unwrap();
    assert_eq!((report.applied.len(), report.applied[0].statements), (1, 4));
    let expected = ["customer_id", "date_added", "date_modified", "order_status_id"];
    assert_eq!(ours(&database), expected.map(|name| format!("oc_order.meschain_{name}")));
    assert!(migrate(&database, false, &Progress::silent()).unwrap().applied.is_empty());
    // An upgrade of OpenCart dropped one: the next run puts it back and still knows how to undo all of them.
    database.connection().unwrap().query_drop("DROP INDEX meschain_date_added ON oc_order").unwrap();
    assert_eq!(migrate(&database, false, &Progress::silent()).unwrap().applied[0].statements, 1);
    assert_eq!(revert(&database, "04").unwrap(), 4);
    assert!(ours(&database).is_empty());
    assert_eq!(tables(&database).len(), 9 + 5 + 11 + 1 + 1 + 1 + 1);
}

#[test]
fn mended_faults_hold() {
    let database = fresh("mended");
    migrate(&database, false, &Progress::silent()).unwrap();
    let mut conn = database.connection().unwrap();
    let metric = "INSERT INTO meschain_kpi_metrics (metric_name, metric_category, metric_value, measurement_date, \
                  marketplace_id, measurement_hour) VALUES ('revenue', 'sales', 1, '2026-01-01', ?, ?)";
    conn.exec_drop(metric, (None::<i32>, None::<i32>)).unwrap();
    assert!(conn.exec_drop(metric, (None::<i32>, None::<i32>)).is_err(), "the same figure twice");
    conn.exec_drop(metric, (Some(2), None::<i32>)).unwrap();
    conn.exec_drop(metric, (None::<i32>, Some(0))).unwrap();
    let key = "INSERT INTO meschain_cache_stats (cache_key) VALUES (?)";
    let long = "ş".repeat(500);
    for cache_key in ["a", "A", "a ", long.as_str()] {
        conn.exec_drop(key, (cache_key,)).unwrap();
    }
    assert!(conn.exec_drop(key, (long,)).is_err());
    conn.query_drop("INSERT INTO meschain_performance_metrics (endpoint, method, response_time_ms, status_code) VALUES ('/', 'GET', 0.042, 200)")
        .unwrap();
    let ms: Option<String> =
        conn.query_first("SELECT response_time_ms FROM meschain_performance_metrics").unwrap();
    assert_eq!(ms.as_deref(), Some("0.042"));
}

#[test]
fn the_source_plans_listing_query_works() {
    let database = fresh("listings");
    migrate(&database, false, &Progress::silent()).unwrap();
    let mut conn = database.connection().unwrap();
    conn.query_drop("INSERT INTO meschain_products (marketplace_id, product_id, price, quantity, status) VALUES (2, 42, 99.9, 5, 'active')")
        .unwrap();
    let rows: Vec<mysql::Row> = conn
        .query(
            "SELECT p.*, m.marketplace_name FROM meschain_products p JOIN meschain_marketplaces m \
             ON p.marketplace_id = m.marketplace_id WHERE p.status='active' ORDER BY p.updated_at DESC",
        )
        .unwrap();
    assert_eq!(rows[0].get::<String, _>("marketplace_name").as_deref(), Some("Trendyol"));
    let closed: Vec<String> =
        conn.query("SELECT code FROM meschain_marketplaces WHERE status = 'closed'").unwrap();
    assert_eq!(closed, ["gittigidiyor"]);
}
