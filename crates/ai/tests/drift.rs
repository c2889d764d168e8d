//! What a model was trained on stays with its card: a history that is edited or deleted later does not move the yardstick.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shop;

use indexmap::IndexMap;
use meschain_ai::operations::drift::{Measure, check};
use meschain_ai::registry::{Card, Kind};
use meschain_base::Progress;
use shop::{NOW, Shop, THEN};

/// Measures of the inputs by name.
fn inputs(shop: &Shop) -> IndexMap<String, f64> {
    let measures = shop.at(NOW, |workshop| check(workshop, &Progress::silent()).unwrap());
    let is_input = |one: &Measure| one.kind == Kind::Pricing && one.measure.starts_with("psi:");
    measures.into_iter().filter(is_input).map(|one| (one.measure, one.value)).collect()
}

fn card(shop: &Shop) -> Card {
    shop.shelf.current(Kind::Pricing).unwrap().unwrap()
}

#[test]
fn a_changed_history_does_not_change_what_the_model_was_trained_on() {
    let shop = Shop::new("drift_reference");
    shop.train(THEN, &[Kind::Pricing], false);
    let trained = card(&shop);
    let names: Vec<&str> = trained.inputs.keys().map(String::as_str).collect();
    assert_eq!(names, ["price", "quantity", "basket_lines"]);
    assert!(
        trained.inputs.values().all(|one| one.edges.len() <= 9 && one.rows >= 100),
        "{:?}",
        trained.inputs
    );
    let before = inputs(&shop);
    assert_eq!(before.keys().collect::<Vec<_>>(), ["psi:price", "psi:quantity", "psi:basket_lines"]);

    // The old half of the lines is gone, and what is left of the old was dearer than it was.
    shop.run(
        "DELETE p FROM oc_order_product p JOIN oc_order o ON o.order_id = p.order_id \
         WHERE o.date_added < '2026-09-01' AND p.order_product_id % 2 = 0",
    );
    shop.run(
        "UPDATE oc_order_product p JOIN oc_order o ON o.order_id = p.order_id SET p.price = p.price * 5 \
         WHERE o.date_added < '2026-09-01'",
    );
    assert_eq!(inputs(&shop), before);

    // A card of before there was a reference reads it from the shop as it is: then the edited history is all there is.
    shop.shelf.publish(&Card { inputs: IndexMap::new(), ..trained }).unwrap();
    assert!(card(&shop).inputs.is_empty());
    let recomputed = inputs(&shop);
    assert_eq!(recomputed.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>());
    assert!(recomputed["psi:price"] > before["psi:price"] + 0.25, "{recomputed:?} after {before:?}");
}

#[test]
fn what_was_out_of_stock_since_the_training_is_no_error_of_the_prices() {
    let shop = Shop::new("drift_stock");
    shop.train(THEN, &[Kind::Pricing], false);
    let error = || {
        let measures = shop.at(NOW, |workshop| check(workshop, &Progress::silent()).unwrap());
        let is_error = |one: &Measure| one.kind == Kind::Pricing && one.measure == "error";
        measures.into_iter().find(is_error).unwrap()
    };
    let before = error();
    shop.run(
        "DELETE p FROM oc_order_product p JOIN oc_order o ON o.order_id = p.order_id \
         WHERE o.date_added >= '2026-10-05' AND p.product_id % 3 = 0",
    );
    let unknown = error();
    shop.run(
        "INSERT INTO meschain_stock_outs (product_id, started_on) \
         SELECT product_id, '2026-10-05' FROM oc_product WHERE product_id % 3 = 0",
    );
    let known = error();
    assert!(known.rows < unknown.rows && known.value <= unknown.value, "{known:?} {unknown:?}");
    assert!((known.value / before.value - 1.0).abs() < 0.1, "{known:?} {before:?}");
}

#[test]
fn inflation_is_no_drift_for_ever() {
    let shop = Shop::new("drift_inflation");
    // 87 % a year, up to the day.
    shop.run(
        "UPDATE oc_order_product p JOIN oc_order o ON o.order_id = p.order_id \
         SET p.price = p.price * EXP(0.012 / 7 * DATEDIFF(o.date_added, '2026-11-21'))",
    );
    shop.train(THEN, &[Kind::Pricing], false);
    let stable = inputs(&shop)["psi:price"];
    assert!(stable < 0.2, "{stable}");
}
