//! A champion that was trained weeks ago against a challenger of today, for all four models on the sample shop: the newest slice
//! decides, a worse challenger does not serve, and force does not ask. What people said changes the next training, and never one of a
//! moment before.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

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
        // Nothing was spoilt: rehearsed as of the champion's training it is the champion, and what it learnt since may serve.
        assert_eq!(verdict.challenger, verdict.champion, "{second:?}");
        assert_eq!((second.status, &shop.serving(second.kind)), (Status::Published, &second.version));
    }
}

/// Trains the champion, spoils what came before it and trains a challenger on that. The newest slice is as it was, and decides.
fn is_refused(name: &str, kind: Kind, spoil: &[&str]) -> Shop {
    let shop = Shop::new(name);
    shop.train(THEN, &[kind], false);
    spoil.iter().for_each(|sql| shop.run(sql));
    let spoilt = shop.train(NOW, &[kind], false).remove(0);
    assert_eq!(spoilt.status, Status::NotBetter, "{spoilt:?}");
    let verdict = spoilt.verdict.as_ref().unwrap();
    println!(
        "{}: {} {:.4}, the champion {:.4}",
        kind.name(),
        verdict.metric,
        verdict.challenger,
        verdict.champion
    );
    assert!(verdict.rows > 0);
    assert!(spoilt.champion_version.is_some());
    assert_eq!(shop.serving(kind), spoilt.champion_version);
    assert!(spoilt.error.as_ref().unwrap().contains("does not beat"));
    shop
}

#[test]
fn a_spoilt_challenger_is_refused_and_the_champion_serves_on_unless_forced() {
    // Old products go round the categories.
    let spoil = "UPDATE oc_product_to_category pc JOIN oc_product p ON p.product_id = pc.product_id \
         JOIN (SELECT MIN(category_id) AS least, MAX(category_id) AS most FROM oc_product_to_category) c \
         SET pc.category_id = c.least + (pc.product_id * 7) % (c.most - c.least + 1) WHERE p.date_added < '2026-01-01'";
    let shop = is_refused("rehearsal_spoilt", Kind::Categorization, &[spoil]);
    let forced = shop.train(NOW, &[Kind::Categorization], true).remove(0);
    assert_eq!((forced.status, &forced.verdict), (Status::Published, &None));
    assert_eq!(shop.serving(forced.kind), forced.version);
}

#[test]
fn a_price_model_that_learnt_from_wrong_prices_is_refused() {
    // Until the champion was trained, a tenth cheaper and four times as many: what is learnt is that a little dearer means hardly any.
    let spoil = "UPDATE oc_order_product p JOIN oc_order o ON o.order_id = p.order_id \
         SET p.price = p.price * 0.9, p.quantity = p.quantity * 4 WHERE o.date_added < '2026-09-12'";
    is_refused("rehearsal_prices", Kind::Pricing, &[spoil]);
}

#[test]
fn a_forecaster_that_learnt_from_scaled_units_is_refused() {
    // Four weeks are counted five times over just before the champion was trained: what is learnt is that sales multiply.
    let spoil = "UPDATE oc_order_product p JOIN oc_order o ON o.order_id = p.order_id SET p.quantity = p.quantity * 5 \
         WHERE o.date_added >= '2026-08-15' AND o.date_added < '2026-09-12'";
    is_refused("rehearsal_units", Kind::Forecasting, &[spoil]);
}

#[test]
fn a_recommender_that_learnt_from_shuffled_purchases_is_refused() {
    // Each line of before the champion is of another product. With customers shuffled instead, best sellers would be left to learn, which are
    // no worse in a shop this small.
    let spoil = "UPDATE oc_order_product p JOIN oc_order o ON o.order_id = p.order_id \
         JOIN (SELECT MIN(product_id) AS least, MAX(product_id) AS most FROM oc_product) c \
         SET p.product_id = c.least + CRC32(p.order_product_id) % (c.most - c.least + 1) WHERE o.date_added < '2026-09-12'";
    is_refused("rehearsal_purchases", Kind::Recommendation, &[spoil]);
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
