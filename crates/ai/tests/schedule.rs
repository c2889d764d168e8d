//! What the schedule asks the database.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shop;

use meschain_ai::operations::schedule::schedule;
use meschain_ai::registry::Kind;
use shop::{NOW, Shop, ZONE};

/// The settings, the last run, the trainings and drift of all models: three connections handed out, four statements that are prepared
/// already.
const TRIPS: usize = 7;

#[test]
fn the_schedule_of_all_models_is_a_handful_of_questions() {
    let shop = Shop::new("schedule_trips");
    shop.train(NOW, &Kind::ALL, true);
    shop.run(
        "INSERT INTO meschain_ai_drift (day, model_type, measure, value, status) VALUES ('2026-11-30', 'pricing', 'price', 1, 'drifted'), \
         ('2026-11-29', 'forecasting', 'units', 1, 'drifted'), ('2026-11-30', 'forecasting', 'units', 0, 'ok')",
    );
    let (door, database) = shop.through_a_door();
    let ask = || schedule(&shop.shelf, &database, ZONE, NOW.parse().unwrap()).unwrap();
    let first = ask();
    let next = first["next"].as_array().unwrap();
    let said: Vec<_> =
        next.iter().map(|one| (one["type"].as_str().unwrap(), one["reason"].as_str().unwrap())).collect();
    assert_eq!(
        said,
        [
            ("categorization", "schedule"),
            ("pricing", "drift"),
            ("forecasting", "schedule"),
            ("recommendation", "schedule")
        ]
    );
    let before = door.trips();
    assert_eq!(ask(), first);
    assert_eq!(door.trips() - before, TRIPS);
}
