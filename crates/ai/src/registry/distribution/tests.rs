//! Two nodes with folders of their own over one database.

use super::*;
use crate::model_file::{Header, ModelWriter};
use indexmap::IndexMap;
use meschain_base::{Progress, Settings};
use meschain_testkit::mariadb;

struct Fleet {
    database: Database,
    nodes: Vec<(tempfile::TempDir, Shelf)>,
}

fn fleet(name: &str) -> Fleet {
    let settings = mariadb().fresh(name);
    let database = Database::main(&settings).unwrap();
    meschain_shop::migrations::migrate(&database, false, &Progress::silent()).unwrap();
    let node = || {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings { data_dir: Some(folder.path().to_path_buf()), ..Settings::default() };
        let shelf = Shelf::new(&settings).unwrap();
        (folder, shelf)
    };
    Fleet { database, nodes: vec![node(), node()] }
}

/// A published model of more than one chunk.
fn trained(shelf: &Shelf, version: &str, seed: u64) -> Card {
    let header = Header {
        kind: "pricing".to_owned(),
        format: 1,
        created: String::new(),
        seed,
        training_size: 1,
        metrics: IndexMap::new(),
        parameters: serde_json::Value::Null,
    };
    let card = Card::bare(Kind::Pricing, version);
    let mut writer = ModelWriter::new(header).unwrap();
    let numbers: Vec<f32> = (0..300_000).map(|number| (number as f32) + seed as f32).collect();
    writer.vector("numbers", &numbers).unwrap();
    writer.write(&shelf.path(&card)).unwrap();
    writer.write(&shelf.companion(&card, "week")).unwrap();
    shelf.publish(&card).unwrap();
    card
}

fn count(database: &Database, sql: &str) -> i64 {
    rows::first(&mut database.connection().unwrap(), sql, ()).unwrap().unwrap()
}

#[test]
fn another_node_serves_what_was_published_and_fetches_it_once() {
    let fleet = fleet("fleet_follow");
    let (one, two) = (&fleet.nodes[0].1, &fleet.nodes[1].1);
    let card = trained(one, "1", 1);
    publish(one, &fleet.database, &card).unwrap();
    assert!(follow(two, &fleet.database, Kind::Pricing).unwrap());
    assert_eq!(two.current(Kind::Pricing).unwrap(), Some(card.clone()));
    assert_eq!(fs::read(one.path(&card)).unwrap(), fs::read(two.path(&card)).unwrap());
    assert!(two.companion(&card, "week").exists());
    assert!(!follow(two, &fleet.database, Kind::Pricing).unwrap());
    // Model and companion have the same bytes here: one file, three chunks.
    assert_eq!(count(&fleet.database, "SELECT COUNT(*) FROM meschain_ai_model_files"), 1);
    assert_eq!(count(&fleet.database, "SELECT COUNT(*) FROM meschain_ai_model_chunks"), 3);
}

#[test]
fn a_damaged_chunk_is_refused_and_the_model_before_serves() {
    let fleet = fleet("fleet_damaged");
    let (one, two) = (&fleet.nodes[0].1, &fleet.nodes[1].1);
    let first = trained(one, "1", 1);
    publish(one, &fleet.database, &first).unwrap();
    follow(two, &fleet.database, Kind::Pricing).unwrap();
    let second = trained(one, "2", 2);
    publish(one, &fleet.database, &second).unwrap();
    let damage = "UPDATE meschain_ai_model_chunks SET content = INSERT(content, 100, 1, 'x') WHERE chunk = 1";
    rows::change(&mut fleet.database.connection().unwrap(), damage, ()).unwrap();
    let refused = follow(two, &fleet.database, Kind::Pricing).unwrap_err();
    assert!(matches!(refused, Error::Corrupt { .. }), "{refused:?}");
    assert_eq!(two.current(Kind::Pricing).unwrap(), Some(first));
    assert!(!two.path(&second).exists());
}

#[test]
fn what_the_fleet_does_not_know_is_stored_and_what_nobody_serves_is_removed() {
    let fleet = fleet("fleet_sweep");
    let (one, two) = (&fleet.nodes[0].1, &fleet.nodes[1].1);
    trained(one, "1", 1);
    assert!(!follow(one, &fleet.database, Kind::Pricing).unwrap());
    assert!(follow(two, &fleet.database, Kind::Pricing).unwrap());
    let age = "UPDATE meschain_ai_model_files SET created_at = created_at - INTERVAL 2 HOUR";
    rows::change(&mut fleet.database.connection().unwrap(), age, ()).unwrap();
    publish(one, &fleet.database, &trained(one, "2", 2)).unwrap();
    assert_eq!(count(&fleet.database, "SELECT COUNT(*) FROM meschain_ai_model_files"), 1);
    assert_eq!(count(&fleet.database, "SELECT COUNT(*) FROM meschain_ai_model_chunks"), 3);
}

#[test]
fn a_name_from_the_database_cannot_leave_the_shelf() {
    let fleet = fleet("fleet_names");
    let (one, two) = (&fleet.nodes[0].1, &fleet.nodes[1].1);
    publish(one, &fleet.database, &trained(one, "1", 1)).unwrap();
    let bend = "UPDATE meschain_ai_serving SET files = REPLACE(files, '1.week.model', '../../1.week.model')";
    rows::change(&mut fleet.database.connection().unwrap(), bend, ()).unwrap();
    assert!(matches!(follow(two, &fleet.database, Kind::Pricing), Err(Error::Corrupt { .. })));
    assert_eq!(two.current(Kind::Pricing).unwrap(), None);
}
