//! The dashboard against a real database: every figure a second time in SQL, and by hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../../shop/tests/support/mod.rs"]
mod support;

use meschain_base::Clock;
use meschain_reporting::{Context, CsvOptions, Dashboard, Query, csv, dashboard, ranges, verify};
use meschain_shop::columns::{Depth, Snapshot};
use rand::RngExt;
use serde_json::{Value, json};
use std::sync::Arc;
use support::{Shop, clock};

fn context(timezone: &str) -> Context {
    Context { timezone: timezone.to_owned(), now: clock().now() }
}

fn snapshot(shop: &Shop) -> Arc<Snapshot> {
    shop.refresh(Depth::Fingerprints);
    shop.store.open().unwrap().unwrap()
}

fn ask(shop: &Shop, query: Value, timezone: &str) -> Dashboard {
    let query = Query::from_json(&query).unwrap();
    dashboard(&snapshot(shop), &query, &context(timezone)).unwrap()
}

/// Every figure of every query equals SQL; returns how many were compared.
fn all_equal(shop: &Shop, queries: &[Value], timezone: &str) -> usize {
    let snapshot = snapshot(shop);
    let mut compared = 0;
    for query in queries {
        let asked = Query::from_json(query).unwrap();
        let verification = verify(&snapshot, &shop.database, &asked, &context(timezone)).unwrap();
        let wrong: Vec<_> = verification.checks.iter().filter(|check| !check.equal).collect();
        assert!(verification.equal && wrong.is_empty(), "{timezone} {query}: {wrong:#?}");
        compared += verification.checks.len();
    }
    compared
}

fn queries() -> Vec<Value> {
    let mut queries: Vec<Value> =
        ranges().iter().filter(|name| **name != "custom").map(|name| json!({"range": name})).collect();
    for (granularity, from, to) in [
        ("hour", "2026-03-28", "2026-03-30"),
        ("day", "2025-12-20", "2026-01-10"),
        ("week", "2025-01-01", "2026-03-30"),
        ("month", "2024-02-29", "2026-02-28"),
        ("auto", "2026-03-29", "2026-03-29"),
    ] {
        queries.push(json!({"from": from, "to": to, "granularity": granularity, "store_id": 1}));
        queries.push(
            json!({"from": from, "to": to, "granularity": granularity, "marketplace_id": "2", "limit": 3}),
        );
    }
    queries
}

#[test]
fn every_figure_equals_sql_in_every_zone_and_after_edits() {
    let mut shop = Shop::new("figures", true);
    shop.stock(25, 35);
    shop.orders(1, 1_500, 3);
    shop.run("INSERT INTO meschain_order_origin SELECT order_id, 1 + order_id % 4 FROM oc_order WHERE order_id % 3 = 0");
    shop.run("INSERT INTO oc_return (order_id, product_id, customer_id, quantity, return_status_id, date_added) \
              SELECT order_id, 1, customer_id, 1, 1, date_added + INTERVAL 3 DAY FROM oc_order WHERE order_id % 7 = 0");
    let mut compared = 0;
    for timezone in ["Europe/Istanbul", "Europe/Berlin", "America/New_York"] {
        compared += all_equal(&shop, &queries(), timezone);
    }
    for round in 0..5 {
        let pick = shop.random.random_range(1..2_000);
        shop.run(&format!(
            "UPDATE oc_order SET order_status_id = 7 WHERE order_id BETWEEN {pick} AND {pick} + 20"
        ));
        shop.run(&format!(
            "UPDATE oc_order_product SET quantity = 3, total = total / 7 WHERE order_id > {pick} LIMIT 40"
        ));
        shop.run(&format!("DELETE FROM oc_order WHERE order_id BETWEEN {pick} + 30 AND {pick} + 40"));
        shop.orders(6_000 + round * 100, 20, 2);
        compared += all_equal(
            &shop,
            &[json!({"range": "all"}), json!({"range": "year", "store_id": 0})],
            "Europe/Berlin",
        );
    }
    assert!(compared > 3_000, "{compared}");
}

#[test]
fn without_our_tables_or_orders_the_answer_has_the_same_shape() {
    let shop = Shop::new("nothing", false);
    assert!(all_equal(&shop, &queries()[..10], "Europe/Istanbul") > 100);
    let empty = ask(&shop, json!({"range": "all"}), "Europe/Istanbul");
    assert_eq!((empty.range.from, empty.range.to), (empty.range.to, "2026-03-30".parse().unwrap()));
    let value = serde_json::to_value(&empty).unwrap();
    let keys: Vec<_> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "available",
        "range",
        "previous",
        "last_year",
        "currency",
        "timezone",
        "statuses",
        "freshness",
        "kpis",
        "granularity",
        "series",
        "top_products",
        "marketplaces",
    ];
    assert_eq!(keys, expected);
    assert_eq!(value["kpis"][0]["value"], json!("0.0000"));
    assert_eq!(value["kpis"][2]["value"], json!("0.0000"));
    assert_eq!(value["kpis"][0]["change_previous"], json!(null));
    assert_eq!(value["series"].as_array().unwrap().len(), 24);
    assert_eq!((&value["top_products"], &value["marketplaces"]), (&json!([]), &json!([])));
}

fn order(
    shop: &mut Shop,
    id: u32,
    date: &str,
    total: &str,
    status: u32,
    customer: u32,
    lines: &[(u32, i32, &str)],
) {
    shop.run(&format!(
        "INSERT INTO oc_order (order_id, customer_id, total, order_status_id, currency_id, date_added, date_modified) \
         VALUES ({id}, {customer}, {total}, {status}, 1, '{date}', '{date}')"
    ));
    for (product, quantity, total) in lines {
        shop.run(&format!(
            "INSERT INTO oc_order_product (order_id, product_id, name, model, quantity, price, total, tax, reward) \
             VALUES ({id}, {product}, 'x', 'x', {quantity}, {total} / {quantity}, {total}, 0, 0)"
        ));
    }
}

fn values(dashboard: &Dashboard) -> Vec<[String; 3]> {
    dashboard
        .kpis
        .iter()
        .map(|kpi| [kpi.value.to_string(), kpi.previous.to_string(), kpi.last_year.to_string()])
        .collect()
}

#[test]
fn a_day_begins_where_the_shop_is() {
    let mut shop = Shop::new("days", true);
    shop.stock(3, 9);
    // 22:30 UTC on the 28th: the 29th in Istanbul (+3), the 28th in Berlin (+1 before the clock change of that night).
    order(&mut shop, 1, "2026-03-28 22:30:00", "100.0001", 5, 1, &[(1, 2, "60"), (2, 1, "40")]);
    // 22:30 UTC on the 29th: the 30th in both, for Berlin is at +2 by now.
    order(&mut shop, 2, "2026-03-29 22:30:00", "50", 1, 1, &[(1, 1, "30"), (1, 1, "20")]);
    order(&mut shop, 3, "2026-03-29 12:00:00", "7.0002", 2, 0, &[]);
    // Not counted: cancelled, abandoned.
    order(&mut shop, 4, "2026-03-29 12:00:00", "900", 7, 2, &[(1, 9, "900")]);
    order(&mut shop, 5, "2026-03-29 12:00:00", "900", 0, 3, &[(1, 9, "900")]);
    let day = |shop: &Shop, day: &str, zone: &str| values(&ask(shop, json!({"from": day, "to": day}), zone));
    let of = |a: &str, b: &str| [a.to_owned(), b.to_owned(), "0.0000".to_owned()];
    assert_eq!(day(&shop, "2026-03-29", "Europe/Istanbul")[0], of("107.0003", "0.0000"));
    assert_eq!(day(&shop, "2026-03-29", "Europe/Berlin")[0], of("7.0002", "100.0001"));
    assert_eq!(day(&shop, "2026-03-30", "Europe/Berlin")[0], of("50.0000", "7.0002"));
    // 107.0003 / 2 is 53.50015: half goes away from zero.
    assert_eq!(day(&shop, "2026-03-29", "Europe/Istanbul")[2][0], "53.5002");
    let day = day(&shop, "2026-03-29", "Europe/Istanbul");
    let counts: Vec<&str> = [1, 3, 4, 5].iter().map(|kpi| day[*kpi][0].as_str()).collect();
    assert_eq!(
        counts,
        ["2", "3", "0", "1"],
        "orders, units, returns, new customers: a guest is no new customer"
    );
    let top = ask(&shop, json!({"from": "2026-03-28", "to": "2026-03-30"}), "Europe/Istanbul").top_products;
    let shown: Vec<_> =
        top.iter().map(|t| (t.product_id, t.orders.to_string(), t.revenue.to_string(), t.share)).collect();
    let expected = [
        (1, "2".to_owned(), "110.0000".to_owned(), 110.0 / 150.0),
        (2, "1".to_owned(), "40.0000".to_owned(), 40.0 / 150.0),
    ];
    assert_eq!(shown, expected, "a product on two lines of an order is in one order");
}

#[test]
fn the_year_before_and_the_new_year() {
    let mut shop = Shop::new("years", true);
    order(&mut shop, 1, "2024-12-31 21:30:00", "10", 5, 0, &[]);
    order(&mut shop, 2, "2025-12-31 20:59:59", "20", 5, 0, &[]);
    order(&mut shop, 3, "2025-12-31 21:00:00", "40", 5, 0, &[]);
    let year = ask(&shop, json!({"from": "2025-01-01", "to": "2025-12-31"}), "Europe/Istanbul");
    assert_eq!(
        values(&year)[0],
        ["30.0000", "0.0000", "0.0000"],
        "in Istanbul the year is three hours ahead"
    );
    let january = ask(&shop, json!({"from": "2026-01-01", "to": "2026-01-01"}), "Europe/Istanbul");
    assert_eq!(values(&january)[0], ["40.0000", "20.0000", "10.0000"]);
    assert_eq!((january.kpis[0].change_previous, january.kpis[0].change_last_year), (Some(1.0), Some(3.0)));
    let all = ask(&shop, json!({"range": "all"}), "Europe/Istanbul");
    assert_eq!(
        (all.range.from.to_string(), all.range.to.to_string()),
        ("2025-01-01".into(), "2026-01-01".into())
    );
    assert_eq!((all.granularity, all.series.len()), ("month", 13));
}

#[test]
fn a_shop_whose_clock_is_not_utc_counts_its_own_days() {
    let mut shop = Shop::new("zone", true);
    shop.stock(25, 35);
    shop.run("INSERT INTO oc_setting (store_id, code, `key`, value, serialized) VALUES (0, 'config', 'config_timezone', 'Europe/Istanbul', 0)");
    order(&mut shop, 1, "2025-12-31 23:50:00", "20", 5, 1, &[]);
    order(&mut shop, 2, "2026-01-01 00:10:00", "40", 5, 1, &[]);
    let day = |shop: &Shop, day: &str, zone: &str| {
        values(&ask(shop, json!({"from": day, "to": day}), zone))[0][0].clone()
    };
    assert_eq!(day(&shop, "2025-12-31", "Europe/Istanbul"), "20.0000");
    assert_eq!(day(&shop, "2026-01-01", "Europe/Istanbul"), "40.0000");
    assert_eq!(day(&shop, "2025-12-31", "Europe/Berlin"), "60.0000", "two hours behind");
    shop.orders(10, 600, 3);
    for timezone in ["Europe/Istanbul", "Europe/Berlin", "America/New_York"] {
        all_equal(&shop, &queries(), timezone);
    }
}

#[test]
fn says_what_it_counted() {
    let mut shop = Shop::new("says", true);
    order(&mut shop, 1, "2026-03-30 10:00:00", "10", 5, 1, &[]);
    shop.run("INSERT INTO meschain_order_origin VALUES (1, 9)");
    let answer = ask(&shop, json!({"range": "today"}), "Europe/Istanbul");
    assert_eq!(answer.statuses.included, [1, 2, 3, 5]);
    assert_eq!(answer.statuses.names, ["Beklemede", "İşleniyor", "Kargoya Verildi", "Tamamlandı"]);
    assert_eq!((answer.currency.code.as_str(), answer.currency.symbol_right.as_str()), ("TRY", "₺"));
    assert_eq!(answer.freshness.orders, 1);
    let place = &answer.marketplaces[0];
    assert_eq!((place.marketplace_id, place.name.as_str(), place.share), (9, "#9", 1.0));
    let english = ask(&shop, json!({"language": "en-gb"}), "Europe/Istanbul");
    assert_eq!(english.statuses.names, ["Pending", "Processing", "Shipped", "Complete"]);
    shop.run("DELETE FROM oc_setting WHERE `key` IN ('config_complete_status', 'config_processing_status')");
    let by_name = ask(&shop, json!({}), "Europe/Istanbul");
    assert_eq!(by_name.statuses.included, [1, 2, 3, 5], "İptal and İade do not count");
}

#[test]
fn csv_is_exact_harmless_and_in_the_language_asked_for() {
    let mut shop = Shop::new("csv", true);
    shop.run("INSERT INTO oc_product (product_id, model, manufacturer_id, date_added) VALUES (1, '=1+1', 0, '2025-01-01')");
    shop.run("INSERT INTO oc_product_description VALUES (1, 2, 'Şişe; &quot;büyük&quot;', '')");
    order(&mut shop, 1, "2026-03-30 10:00:00", "1234.5", 5, 1, &[(1, 3, "1200.25")]);
    let answer = ask(&shop, json!({"range": "today"}), "Europe/Istanbul");
    let write = |section: &str, options: Value| {
        String::from_utf8(csv(&answer, section, &CsvOptions::from_json(&options).unwrap()).unwrap()).unwrap()
    };
    assert_eq!(
        write("top_products", json!([])),
        "product_id,name,model,units,orders,revenue,share\r\n1,\"Şişe; \"\"büyük\"\"\",'=1+1,3,1,1200.2500,1\r\n"
    );
    let turkish = json!({"separator": ";", "decimal": ",", "bom": true, "language": "tr-tr"});
    let figures = write("kpis", turkish);
    assert!(figures.starts_with("\u{feff}Gösterge;Birim;Değer;"), "{figures}");
    assert!(figures.contains("\r\nCiro;TRY;1234,5000;0,0000;0,0000;;\r\n"), "{figures}");
    assert!(figures.contains("\r\nSiparişler;;1;0;0;;\r\n"), "{figures}");
    assert!(write("series", json!([])).contains("\r\n2026-03-30 13:00,1234.5000,1,3,0.0000\r\n"));
    assert!(write("marketplaces", json!([])).contains("\r\n1,own,Own shop,1,3,1234.5000,1234.5000,1\r\n"));
    let unknown = csv(&answer, "orders", &CsvOptions::default()).unwrap_err();
    assert!(matches!(unknown, meschain_base::Error::Argument { name, .. } if name == "section"));
}
