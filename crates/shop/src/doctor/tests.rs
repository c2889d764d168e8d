use super::*;
use meschain_base::{FixedClock, Progress, SystemClock};
use meschain_testkit::mariadb;
use mysql::prelude::Queryable;
use std::os::unix::fs::PermissionsExt;

fn find(checks: &[Check], name: &str) -> Check {
    checks.iter().find(|check| check.name == name).unwrap().clone()
}

#[test]
fn a_bare_database_is_told_what_it_lacks_and_a_migrated_one_passes() {
    let mut settings = mariadb().fresh("doctor");
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    settings.set("data_dir", folder.path().to_str().unwrap()).unwrap();
    let checks = doctor(&settings, &SystemClock);
    for name in
        ["database", "database_version", "database_grants", "database_engine", "database_clock", "data_dir"]
    {
        assert_eq!(find(&checks, name).status, Level::Ok, "{checks:?}");
    }
    assert_eq!(find(&checks, "opencart_tables").remedy, "check_table_prefix");
    assert_eq!(find(&checks, "migrations").remedy, "migrate");
    assert_eq!(find(&checks, "reporting_database").status, Level::Off);
    let database = Database::main(&settings).unwrap();
    crate::migrations::migrate(&database, false, &Progress::silent()).unwrap();
    let mut conn = database.connection().unwrap();
    conn.query_drop("CREATE TABLE oc_product (product_id int, sku varchar(64))").unwrap();
    let checks = doctor(&settings, &SystemClock);
    assert!(checks.iter().all(|check| matches!(check.status, Level::Ok | Level::Off)), "{checks:?}");
    assert_eq!(find(&checks, "opencart_tables").value, "4.0");
    let late =
        "INSERT INTO meschain_jobs (kind, payload, due_at) VALUES ('train', '{}', NOW(6) - INTERVAL 1 HOUR)";
    conn.query_drop(late).unwrap();
    assert_eq!(find(&doctor(&settings, &SystemClock), "jobs").remedy, "start_worker");
}

#[test]
fn a_clock_that_is_off_is_seen() {
    let settings = mariadb().fresh("doctor_clock");
    let checks = doctor(&settings, &FixedClock("2020-01-01T00:00:00Z".parse().unwrap()));
    assert_eq!(find(&checks, "database_clock").remedy, "sync_clock");
    assert_eq!(find(&checks, "database_clock").status, Level::Error);
}

#[test]
fn a_dead_database_is_one_error_and_the_rest_is_off() {
    let mut settings = Settings::default();
    let checks = doctor(&settings, &SystemClock);
    assert_eq!(find(&checks, "database").remedy, "set_database_url");
    assert_eq!(find(&checks, "data_dir").remedy, "set_data_dir");
    let port = meschain_testkit::free_port();
    settings.set("database_url", &format!("mysql://shop:hunter2@127.0.0.1:{port}/shop")).unwrap();
    let checks = doctor(&settings, &SystemClock);
    assert_eq!(find(&checks, "database").remedy, "start_database");
    assert_eq!(find(&checks, "jobs").status, Level::Off);
    assert!(!format!("{checks:?}").contains("hunter2"));
    let good = mariadb().fresh("doctor_missing");
    let url = good.database_url.as_ref().unwrap().expose().replace("doctor_missing", "no_such_base");
    settings.set("database_url", &url).unwrap();
    assert_eq!(find(&doctor(&settings, &SystemClock), "database").remedy, "create_database");
}

#[test]
fn data_folders_are_judged_by_trying() {
    let base = tempfile::tempdir().unwrap();
    let judge = |path: &std::path::Path| {
        let mut settings = Settings::default();
        settings.set("data_dir", path.to_str().unwrap()).unwrap();
        let check = folder::check(&settings);
        (check.status, check.remedy)
    };
    assert_eq!(judge(&base.path().join("a/b")), (Level::Warning, "create_data_dir"));
    let file = base.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert_eq!(judge(&file), (Level::Error, "create_data_dir"));
    assert_eq!(judge(&file.join("below")), (Level::Error, "create_data_dir"));
    std::fs::set_permissions(base.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(judge(base.path()), (Level::Warning, "restrict_data_dir"));
    std::fs::set_permissions(base.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(judge(base.path()), (Level::Ok, ""));
}
