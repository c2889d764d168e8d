//! What the snapshot brings of products beside the catalogue: days without stock, offers, specials, kept prices.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use meschain_shop::columns::{Depth, Paid};
use support::shop_of;

#[test]
fn stock_outs_and_offers_are_days_of_a_product() {
    let day = |text: &str| {
        let date: jiff::civil::Date = text.parse().unwrap();
        date.since((jiff::Unit::Day, jiff::civil::date(1970, 1, 1))).unwrap().get_days()
    };
    let old = "CREATE TABLE oc_product_special (product_special_id int PRIMARY KEY AUTO_INCREMENT, product_id int NOT NULL, \
               customer_group_id int NOT NULL DEFAULT 1, priority int NOT NULL DEFAULT 1, price decimal(15,4) NOT NULL DEFAULT 8, \
               date_start date NOT NULL DEFAULT '0000-00-00', date_end date NOT NULL DEFAULT '0000-00-00')";
    let old_rows = "INSERT INTO oc_product_special (product_id, date_start, date_end, priority) VALUES (2, '0000-00-00', '2027-01-01', 1), \
               (1, '2026-11-01', '2026-11-10', 1), (3, '0000-00-00', '0000-00-00', 1), (5, '2026-11-10', '2026-11-10', 1)";
    let new = "CREATE TABLE oc_product_discount (product_discount_id int PRIMARY KEY AUTO_INCREMENT, product_id int, \
               quantity int, special tinyint(1), date_start date, date_end date, customer_group_id int NOT NULL DEFAULT 1, \
               priority int NOT NULL DEFAULT 1, type char(1) NOT NULL DEFAULT 'F', price decimal(15,4) NOT NULL DEFAULT 8)";
    let new_rows = "INSERT INTO oc_product_discount (product_id, quantity, special, date_start, date_end, priority, type) VALUES \
               (1, 1, 1, '2026-11-01', '2026-11-10', 1, 'F'), (2, 1, 1, NULL, '2027-01-01', 1, 'P'), (3, 1, 1, NULL, NULL, 1, 'F'), \
               (4, 1, 0, '2026-11-01', '2026-11-10', 1, 'F'), (5, 10, 1, '2026-11-01', '2026-11-10', 1, 'F'), \
               (3, 1, 0, NULL, NULL, 0, 'F'), (6, 0, 1, NULL, NULL, 1, 'F'), (7, 1, 1, NULL, NULL, 1, 'S')";
    for (name, table, rows) in [("days_40", old, old_rows), ("days_41", new, new_rows)] {
        let mut shop = shop_of(name, 3);
        assert!(shop.rebuild().changed);
        let before = shop.store.open().unwrap().unwrap();
        assert!(before.offers_of(1).is_empty() && before.stock_outs_of(1).is_empty(), "no tables, no days");
        shop.run("SET SESSION sql_mode = ''");
        shop.run(table);
        shop.run(rows);
        shop.run("CREATE TABLE meschain_stock_outs (product_id int NOT NULL, started_on date NOT NULL, ended_on date NULL)");
        shop.run("INSERT INTO meschain_stock_outs VALUES (7, '2026-03-20', NULL), (7, '2026-02-01', '2026-02-04'), \
                  (8, '2026-02-01', '2026-02-02')");
        assert!(shop.refresh(Depth::Watermark).changed, "{name}: days alone are a change");
        assert!(!shop.refresh(Depth::Watermark).changed);
        let snapshot = shop.store.open().unwrap().unwrap();
        let holds = |id: u32, text: &str| snapshot.offers_of(id).holds(day(text));
        assert!(holds(1, "2026-11-01") && holds(1, "2026-11-09"));
        assert!(!holds(1, "2026-10-31") && !holds(1, "2026-11-10"));
        assert!(holds(2, "1999-01-01") && holds(2, "2026-12-31") && !holds(2, "2027-01-01"));
        let price = |id: u32, text: &str| snapshot.specials_of(id).on(day(text)).map(|special| special.paid);
        let paid = |id: u32, text: &str| price(id, text).is_some();
        assert!(paid(1, "2026-11-09") && !paid(1, "2026-11-10") && paid(2, "2026-11-10"));
        assert!(paid(3, "2026-11-10"), "without dates it is always in force");
        assert_eq!(paid(4, "2026-11-09"), name == "days_41", "a discount from one piece on");
        assert!(!paid(5, "2026-11-09"), "from ten pieces on");
        assert_eq!(price(3, "2026-11-10"), Some(Paid::Price(8.0)), "{name}: specials go before discounts");
        let new = name == "days_41";
        let share = if new { Paid::Share(0.08) } else { Paid::Price(8.0) };
        assert_eq!(price(2, "2026-11-10"), Some(share));
        assert_eq!(price(7, "2026-11-10"), new.then_some(Paid::Amount(8.0)));
        assert_eq!(price(4, "2026-11-09"), new.then_some(Paid::Unknown), "a discount");
        assert_eq!(
            price(6, "2026-11-10"),
            new.then_some(Paid::Unknown),
            "from no piece on: the basket takes it, no page shows it"
        );
        assert!([3, 4, 5, 6].into_iter().all(|id| snapshot.offers_of(id).is_empty()), "{name}");
        let out = |text: &str| snapshot.stock_outs_of(7).holds(day(text));
        assert!(!out("2026-02-01") && out("2026-02-02") && out("2026-02-03") && !out("2026-02-04"));
        assert!(!out("2026-03-20") && out("2026-03-21") && out("2030-01-01"));
        assert!(snapshot.stock_outs_of(8).is_empty(), "a night is no day");
    }
}

#[test]
fn kept_prices_come_with_the_snapshot() {
    let mut shop = shop_of("kept_prices", 3);
    assert!(shop.rebuild().changed);
    assert!(shop.store.open().unwrap().unwrap().prices_of(7).is_empty(), "no table, no prices");
    shop.run("CREATE TABLE meschain_price_history (product_id int NOT NULL, since date NOT NULL, price decimal(15,4) NOT NULL)");
    shop.run(
        "INSERT INTO meschain_price_history VALUES (7, '1970-02-01', 12.3456), (7, '1970-01-11', 10), (9, '1970-01-02', 3)",
    );
    assert!(shop.refresh(Depth::Watermark).changed, "a price alone is a change");
    assert!(!shop.refresh(Depth::Watermark).changed);
    let snapshot = shop.store.open().unwrap().unwrap();
    assert_eq!(snapshot.prices_of(7).rows().collect::<Vec<_>>(), [(10, 10.0), (31, 12.3456)]);
    assert!(snapshot.prices_of(8).is_empty());
}
