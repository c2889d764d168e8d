//! A model whose file is refused is trained again at once, and not again and again.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shop;

use indexmap::IndexMap;
use meschain_ai::model_file::{Header, ModelWriter};
use meschain_ai::operations::schedule;
use meschain_ai::operations::tend::tend;
use meschain_ai::operations::{Reason, Status};
use meschain_ai::registry::{Card, Kind, distribution};
use meschain_ai::settings::{AiSettings, By};
use meschain_ai::training::Order;
use meschain_shop::rows;
use serde_json::json;
use shop::{NOW, Shop, ZONE};

/// Later on the day of the training, when nothing else is due.
const LATER: &str = "2026-11-22T10:00:00Z";

fn round(shop: &Shop) -> u32 {
    tend(&shop.shelf, &shop.database, ZONE, LATER.parse().unwrap()).unwrap()
}

fn due(shop: &Shop) -> Vec<String> {
    let answer = schedule::schedule(&shop.shelf, &shop.database, ZONE, LATER.parse().unwrap()).unwrap();
    let all = answer.get("next").unwrap().as_array().unwrap();
    let due = all.iter().filter(|next| next["due_at"] == json!(LATER));
    due.map(|next| format!("{} {} {}", next["type"], next["reason"], next["mode"]).replace('"', "")).collect()
}

fn texts(shop: &Shop, sql: &str) -> Vec<String> {
    rows::all(&mut shop.database.connection().unwrap(), sql, ()).unwrap()
}

fn jobs(shop: &Shop) -> Vec<String> {
    texts(shop, "SELECT CAST(payload AS CHAR) FROM meschain_jobs WHERE kind = 'train' ORDER BY job_id")
}

fn alerts(shop: &Shop) -> Vec<String> {
    texts(shop, "SELECT title FROM meschain_system_alerts WHERE is_resolved = 0 ORDER BY alert_id")
}

fn champion(shop: &Shop) -> Card {
    shop.shelf.current(Kind::Pricing).unwrap().unwrap()
}

/// Puts a whole file in place of the champion's, of a format and with nothing in it.
fn replace(shop: &Shop, format: u32) {
    let header = Header {
        kind: Kind::Pricing.name().to_owned(),
        format,
        created: String::new(),
        seed: 1,
        training_size: 1,
        metrics: IndexMap::new(),
        parameters: json!(null),
    };
    ModelWriter::new(header).unwrap().write(&shop.shelf.path(&champion(shop))).unwrap();
}

fn flip(shop: &Shop) {
    let path = shop.shelf.path(&champion(shop));
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 0xFF;
    std::fs::write(&path, bytes).unwrap();
}

fn trained(name: &str) -> Shop {
    let shop = Shop::new(name);
    shop.train(NOW, &[Kind::Pricing], false);
    assert_eq!((round(&shop), due(&shop), alerts(&shop)), (0, vec![], vec![]), "nothing is wrong yet");
    shop
}

#[test]
fn a_file_of_an_older_format_is_trained_again_at_once_and_once() {
    let shop = trained("refused_older");
    // A scheduled training of the same day is no reason to wait.
    shop.run("INSERT INTO meschain_jobs (kind, unique_key, payload, status, max_attempts) VALUES ('train', 'auto:pricing', '{}', 'done', 2)");
    replace(&shop, 0);
    assert_eq!(due(&shop), ["pricing upgrade full"]);
    assert_eq!(round(&shop), 1);
    let wanted = json!({ "models": ["pricing"], "reason": "upgrade", "update": false });
    assert_eq!(jobs(&shop)[1].parse::<serde_json::Value>().unwrap(), wanted);
    assert_eq!(alerts(&shop), ["PriceOptimizer: The current model file is of an older version"]);

    // Neither while it waits nor after it failed does the next minute bring another; the next day does.
    assert_eq!(round(&shop), 0);
    shop.run("UPDATE meschain_jobs SET status = 'dead'");
    assert_eq!((round(&shop), due(&shop)), (0, vec!["pricing upgrade full".to_owned()]));
    shop.run("UPDATE meschain_jobs SET created_at = created_at - INTERVAL 21 HOUR");
    assert_eq!(round(&shop), 1);

    let order = Order { kinds: vec![Kind::Pricing], reason: Reason::Upgrade, ..Order::default() };
    let runs = shop.order(LATER, &order);
    assert_eq!((runs[0].status, runs[0].verdict.is_none()), (Status::Published, true), "{runs:?}");
    assert_eq!((round(&shop), due(&shop), alerts(&shop)), (0, vec![], vec![]));
}

#[test]
fn a_damaged_file_is_fetched_again_or_else_trained_again() {
    let shop = trained("refused_damaged");
    let (version, good) =
        (champion(&shop).version, std::fs::read(shop.shelf.path(&champion(&shop))).unwrap());
    flip(&shop);
    assert_eq!((round(&shop), alerts(&shop), jobs(&shop)), (0, vec![], vec![]), "the fleet has it whole");
    assert_eq!(std::fs::read(shop.shelf.path(&champion(&shop))).unwrap(), good);
    assert_eq!(champion(&shop).version, version);

    shop.run("DELETE FROM meschain_ai_model_chunks");
    flip(&shop);
    assert_eq!(due(&shop), ["pricing upgrade full"]);
    assert_eq!(round(&shop), 1);
    assert_eq!(alerts(&shop), ["PriceOptimizer: The current model file is damaged"]);

    // Nor does a card that cannot be read hide the model for ever.
    shop.run("DELETE FROM meschain_jobs");
    shop.run("DELETE FROM meschain_ai_serving");
    std::fs::write(shop.shelf.pointer(Kind::Pricing), b"torn").unwrap();
    assert_eq!((round(&shop), due(&shop)), (1, vec!["pricing upgrade full".to_owned()]));
}

#[test]
fn nothing_is_trained_where_trainings_are_off_or_a_newer_library_was_at_work() {
    let shop = trained("refused_newer");
    let fleet = distribution::publish(&shop.shelf, &shop.database, &champion(&shop));
    assert_eq!(fleet, Ok(()));
    replace(&shop, Kind::Pricing.format() + 1);
    assert_eq!((round(&shop), due(&shop), jobs(&shop)), (0, vec![], vec![]));
    let newer = "PriceOptimizer: The current model file is of a newer version: upgrade this node";
    assert_eq!(alerts(&shop), [newer]);

    let by = By { user_id: None, user_name: "test".to_owned() };
    let off = json!({ "retrain_enabled": false });
    AiSettings::save(&shop.database, off.as_object().unwrap(), &by).unwrap();
    replace(&shop, 0);
    assert_eq!((round(&shop), jobs(&shop)), (0, vec![]));
}

#[test]
fn a_champion_without_the_shapes_of_its_kind_is_no_champion() {
    let shop = trained("refused_shapes");
    replace(&shop, Kind::Pricing.format());
    let runs = shop.train(LATER, &[Kind::Pricing], false);
    assert_eq!((runs[0].status, runs[0].verdict.is_none()), (Status::Published, true), "{runs:?}");
}
