//! A category that a person put in place of the suggested one, from the inbox to the next training.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shop;

use meschain_ai::registry::Kind as Model;
use meschain_ai::settings::By;
use meschain_ai::suggestions::{Approval, Filter, Kind, NewSuggestion, Store};
use meschain_shop::rows;
use serde_json::{Value, json};
use shop::{NOW, Shop};

#[test]
fn a_category_chosen_instead_is_confirmed_while_the_catalogue_holds_it() {
    let shop = Shop::new("feedback_chosen");
    let confirmed = || shop.train(NOW, &[Model::Categorization], true).remove(0).quality["confirmed"].clone();
    let now = ids(&shop, "SELECT category_id FROM oc_product_to_category WHERE product_id = 1");
    let others = ids(
        &shop,
        "SELECT category_id FROM oc_category c WHERE parent_id > 0 AND NOT EXISTS (SELECT 1 FROM oc_category d \
         WHERE d.parent_id = c.category_id) AND category_id NOT IN \
         (SELECT category_id FROM oc_product_to_category WHERE product_id = 1) ORDER BY category_id LIMIT 2",
    );
    let (suggested, chosen) = (others[0], others[1]);
    let store = Store::new(&shop.database);
    store.offer(&[moved(&now, suggested)]).unwrap();
    let waiting = store.list(&Filter { limit: 1, ..Filter::default() }, 1).unwrap();
    let id = waiting["items"][0]["suggestion_id"].as_u64().unwrap();
    let by = By { user_id: Some(1), user_name: "Ayşe".to_owned() };
    let instead =
        Approval { value: Some(json!({ "category_id": chosen })), language_id: 1, ..Approval::default() };
    let taken = store.begin(id, &instead, &by).unwrap();
    assert_eq!((&taken["changed"], &taken["after"]["add"][0]["category_id"]), (&json!(true), &json!(chosen)));
    store.applied(id, None, &by).unwrap();
    shop.run("UPDATE meschain_ai_suggestions SET decided_at = '2026-11-22 08:00:00'");

    assert_eq!(confirmed(), 0, "the catalogue does not hold it yet");
    shop.run("DELETE FROM oc_product_to_category WHERE product_id = 1");
    shop.run(&format!("INSERT INTO oc_product_to_category SET product_id = 1, category_id = {suggested}"));
    assert_eq!(confirmed(), 0, "the suggested one was not what the person said");
    shop.run(&format!("UPDATE oc_product_to_category SET category_id = {chosen} WHERE product_id = 1"));
    assert_eq!(confirmed(), 1);
    let kept: Option<String> = rows::first(
        &mut shop.database.connection().unwrap(),
        "SELECT expected_output FROM meschain_ai_training_data WHERE data_source = 'feedback'",
        (),
    )
    .unwrap();
    let kept: Value = serde_json::from_str(&kept.unwrap()).unwrap();
    assert_eq!(kept["add"][0]["category_id"], chosen);
}

fn ids(shop: &Shop, sql: &str) -> Vec<i64> {
    rows::all(&mut shop.database.connection().unwrap(), sql, ()).unwrap()
}

fn moved(from: &[i64], to: i64) -> NewSuggestion {
    let named: Vec<Value> = from.iter().map(|id| json!({ "category_id": id, "path": "" })).collect();
    NewSuggestion {
        kind: Kind::Category,
        product_id: 1,
        marketplace_id: 1,
        before: json!({ "categories": named }),
        suggested: json!({ "add": [{ "category_id": to, "path": "" }], "remove": named }),
        reason: json!({ "code": "wrong_category" }),
        confidence: Some(0.9),
        expected_gain: None,
        model_version: None,
        valid_days: 90,
    }
}
