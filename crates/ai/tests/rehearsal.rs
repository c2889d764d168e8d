//! A champion that was trained weeks ago against a challenger of today, for all four models on the sample shop: the newest slice
//! decides, a worse challenger does not serve, and force does not ask. What people said changes the next training, and never one of a
//! moment before.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shop;

use meschain_ai::operations::Status;
use meschain_ai::registry::Kind;
use shop::{NOW, Shop, THEN};

#[test]
fn every_model_is_compared_on_what_came_after_its_champion() {
    let shop = Shop::new("rehearsal_all");
    for first in shop.train(THEN, &Kind::ALL, false) {
        assert_eq!((first.status, &first.verdict), (Status::Published, &None), "{first:?}");
    }
    for second in shop.train(NOW, &Kind::ALL, false) {
        let verdict = second.verdict.as_ref().expect("there is a champion");
        assert!(verdict.rows > 0, "{:?}: the newest slice decides: {verdict:?}", second.kind);
        assert!(verdict.challenger.is_finite() && verdict.champion.is_finite(), "{verdict:?}");
        let wins = verdict.challenger_wins(0.0);
        assert_eq!(second.status, if wins { Status::Published } else { Status::NotBetter }, "{second:?}");
        let serves = if wins { &second.version } else { &second.champion_version };
        assert_eq!(&shop.serving(second.kind), serves);
    }
}

#[test]
fn a_spoilt_challenger_is_refused_and_the_champion_serves_on_unless_forced() {
    let kinds = [Kind::Categorization];
    let shop = Shop::new("rehearsal_spoilt");
    shop.train(THEN, &kinds, false);
    // What the challenger learns from is spoilt: old products go round the categories. The newest slice is as it was.
    shop.run(
        "UPDATE oc_product_to_category pc JOIN oc_product p ON p.product_id = pc.product_id \
         JOIN (SELECT MIN(category_id) AS least, MAX(category_id) AS most FROM oc_product_to_category) c \
         SET pc.category_id = c.least + (pc.product_id * 7) % (c.most - c.least + 1) WHERE p.date_added < '2026-01-01'",
    );
    for spoilt in shop.train(NOW, &kinds, false) {
        assert_eq!(spoilt.status, Status::NotBetter, "{spoilt:?}");
        assert!(spoilt.verdict.as_ref().unwrap().rows > 0);
        assert_eq!(shop.serving(spoilt.kind), spoilt.champion_version);
        assert!(spoilt.error.as_ref().unwrap().contains("does not beat"));
    }
    for forced in shop.train(NOW, &kinds, true) {
        assert_eq!((forced.status, &forced.verdict), (Status::Published, &None));
        assert_eq!(shop.serving(forced.kind), forced.version);
    }
}

#[test]
fn what_a_person_confirmed_counts_more_and_never_before_it_was_said() {
    let shop = Shop::new("rehearsal_confirmed");
    let train_at = |at: &str| {
        let outcome = shop.train(at, &[Kind::Categorization], true).remove(0);
        (shop.shelf.current(Kind::Categorization).unwrap().unwrap().checksum, outcome.quality)
    };
    let (before, quality) = train_at(NOW);
    assert_eq!(quality["confirmed"], 0);
    // Twenty refused suggestions: these products are where they belong.
    shop.run(
        "INSERT INTO meschain_ai_suggestions (kind, product_id, status, before_value, suggested_value, reason, decided_at) \
         SELECT 'category', product_id, 'rejected', \
         CONCAT('{\"categories\": [', GROUP_CONCAT(CONCAT('{\"category_id\": ', category_id, '}')), ']}'), \
         '{\"add\": []}', '{}', '2026-11-22 08:00:00' FROM oc_product_to_category WHERE product_id <= 20 GROUP BY product_id",
    );
    let (after, quality) = train_at(NOW);
    assert_eq!(quality["confirmed"], 20);
    assert_ne!(before, after);
    // They were refused at eight; a training of seven does not know.
    let (unaware, quality) = train_at("2026-11-22T07:00:00Z");
    assert_eq!(quality["confirmed"], 0);
    shop.run("DELETE FROM meschain_ai_suggestions");
    assert_eq!(train_at("2026-11-22T07:00:00Z").0, unaware);
}
