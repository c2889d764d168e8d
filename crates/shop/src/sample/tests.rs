use super::*;
use crate::Database;
use crate::migrations::migrate;
use jiff::civil::date;
use meschain_base::{Error, FixedClock, Progress, Settings};
use meschain_testkit::mariadb;
use mysql::prelude::{FromRow, Queryable};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A small shop, made once for the tests that only look at it.
struct Made {
    database: Database,
    report: SampleReport,
    truth: Value,
}

fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| make("sample_small", 7))
}

fn options(seed: u64) -> SampleOptions {
    SampleOptions { size: Size::Small, seed, end: Some(date(2026, 11, 21)), ..SampleOptions::default() }
}

fn clock() -> FixedClock {
    FixedClock("2026-11-22T08:00:00Z".parse().unwrap())
}

fn make(name: &str, seed: u64) -> Made {
    let mut settings = mariadb().fresh(name);
    let folder = tempfile::tempdir().unwrap();
    settings.set("data_dir", folder.path().to_str().unwrap()).unwrap();
    settings.set("timezone", "Europe/Istanbul").unwrap();
    let database = Database::main(&settings).unwrap();
    migrate(&database, false, &Progress::silent()).unwrap();
    let report = sample(&database, &settings, &clock(), &options(seed), &Progress::silent()).unwrap();
    assert_eq!(report.truth_path, folder.path().join("sample/truth.json"));
    let truth = serde_json::from_slice(&std::fs::read(&report.truth_path).unwrap()).unwrap();
    Made { database, report, truth }
}

fn rows<T: FromRow>(sql: &str) -> Vec<T> {
    made().database.connection().unwrap().query(sql).unwrap()
}

fn one<T: FromRow>(sql: &str) -> T {
    rows(sql).pop().unwrap()
}

fn products() -> BTreeMap<u32, &'static Value> {
    let products = made().truth["products"].as_array().unwrap();
    products.iter().map(|product| (product["product_id"].as_u64().unwrap() as u32, product)).collect()
}

#[test]
fn the_report_is_what_sql_counts() {
    let report = &made().report;
    assert_eq!(one::<u64>("SELECT COUNT(*) FROM oc_order WHERE order_status_id > 0"), report.orders);
    assert_eq!(one::<u64>("SELECT COUNT(*) FROM oc_order WHERE order_status_id = 0"), report.abandoned);
    assert_eq!(one::<u64>("SELECT COUNT(*) FROM oc_order WHERE order_status_id = 7"), report.cancelled);
    let lines = "FROM oc_order_product p JOIN oc_order o USING (order_id) WHERE o.order_status_id > 0";
    assert_eq!(
        one::<(u64, u64)>(&format!("SELECT COUNT(*), SUM(quantity) {lines}")),
        (report.lines, report.units)
    );
    assert_eq!(one::<u64>("SELECT COUNT(*) FROM oc_return"), report.returns);
    assert_eq!(one::<u64>("SELECT COUNT(*) FROM oc_customer"), report.customers);
    assert_eq!(one::<u64>("SELECT COUNT(*) FROM meschain_order_origin"), report.orders_with_origin);
    assert_eq!(one::<u64>("SELECT COUNT(*) FROM meschain_product_costs"), report.products_with_cost);
    assert_eq!(report.orders_with_origin, report.orders);
    assert!((9_000..11_500).contains(&report.lines), "{}", report.lines);
    assert!(report.skipped.is_empty() && report.refunded > 0 && report.lost_units > 0);
    assert_eq!(made().truth["sample"]["orders"].as_u64(), Some(report.orders));
    assert_eq!(
        one::<(String, String)>("SELECT MIN(code), MAX(code) FROM oc_language"),
        ("en-gb".into(), "tr-tr".into())
    );
}

#[test]
fn every_total_adds_up_to_the_last_digit() {
    let wrong_orders = "SELECT COUNT(*) FROM oc_order o JOIN (SELECT order_id, SUM(IF(code = 'total', 0, value)) parts, \
         SUM(IF(code = 'total', value, 0)) total, SUM(IF(code = 'sub_total', value, 0)) sub FROM oc_order_total GROUP BY order_id) t \
         USING (order_id) JOIN (SELECT order_id, SUM(total) goods FROM oc_order_product GROUP BY order_id) p USING (order_id) \
         WHERE o.total <> t.parts OR o.total <> t.total OR p.goods <> t.sub";
    assert_eq!(one::<u64>(wrong_orders), 0);
    assert_eq!(one::<u64>("SELECT COUNT(*) FROM oc_order_product WHERE total <> price * quantity"), 0);
    let wrong_tax = "SELECT COUNT(*) FROM oc_order_product l JOIN oc_product p USING (product_id) \
         LEFT JOIN oc_tax_rule u USING (tax_class_id) LEFT JOIN oc_tax_rate r USING (tax_rate_id) \
         WHERE l.tax <> ROUND(l.price * COALESCE(r.rate, 0) / 100, 4)";
    assert_eq!(one::<u64>(wrong_tax), 0);
    let wrong_tax_total = "SELECT COUNT(*) FROM (SELECT order_id, SUM(tax * quantity) tax FROM oc_order_product GROUP BY order_id) p \
         JOIN (SELECT order_id, SUM(IF(code = 'tax', value, 0)) tax, MAX(code IN ('shipping', 'coupon')) other FROM oc_order_total \
         GROUP BY order_id) t USING (order_id) WHERE NOT t.other AND p.tax <> t.tax";
    assert_eq!(one::<u64>(wrong_tax_total), 0);
    assert!(one::<u64>("SELECT COUNT(*) FROM oc_order_total WHERE code = 'coupon'") > 20);
    assert_eq!(
        one::<u64>(
            "SELECT COUNT(*) FROM oc_order o WHERE order_status_id > 0 AND NOT EXISTS (SELECT 1 FROM oc_order_total t WHERE t.order_id = o.order_id AND code = 'total')"
        ),
        0
    );
}

#[test]
fn statuses_follow_their_history_and_times_their_order() {
    let last = "SELECT COUNT(*) FROM oc_order o JOIN (SELECT order_id, MAX(order_history_id) last FROM oc_order_history GROUP BY order_id) h \
         USING (order_id) JOIN oc_order_history s ON s.order_history_id = h.last \
         WHERE s.order_status_id <> o.order_status_id OR s.date_added <> o.date_modified";
    assert_eq!(one::<u64>(last), 0);
    assert_eq!(
        one::<u64>(
            "SELECT COUNT(*) FROM oc_order a JOIN oc_order b ON b.order_id = a.order_id + 1 WHERE b.date_added < a.date_added"
        ),
        0
    );
    // The last day ends at midnight in Istanbul, 21:00 UTC.
    let (first, last): (String, String) = one("SELECT MIN(date_added), MAX(date_modified) FROM oc_order");
    assert!(
        first.as_str() >= "2024-11-20 21:00:00" && last.as_str() < "2026-11-21 21:00:00",
        "{first} {last}"
    );
    assert_eq!(
        one::<u64>(
            "SELECT COUNT(*) FROM oc_return r JOIN oc_order o USING (order_id) WHERE r.date_added <= o.date_added"
        ),
        0
    );
    assert_eq!(
        one::<u64>(
            "SELECT COUNT(*) FROM oc_order o JOIN oc_customer c USING (customer_id) WHERE c.date_added > o.date_added"
        ),
        0
    );
}

#[test]
fn nothing_is_sold_without_stock_and_prices_are_those_of_the_truth() {
    let sold: Vec<(u32, String, String)> = rows(
        "SELECT p.product_id, DATE(o.date_added + INTERVAL 3 HOUR), p.price FROM oc_order_product p JOIN oc_order o USING (order_id)",
    );
    let truth = products();
    for (product, day, price) in &sold {
        let truth = truth[product];
        let within = |span: &&Value| {
            span["from"].as_str().unwrap() <= day.as_str() && day.as_str() <= span["to"].as_str().unwrap()
        };
        assert!(
            truth["stock_outs"].as_array().unwrap().iter().find(within).is_none(),
            "{product} sold on {day}"
        );
        let period = truth["prices"].as_array().unwrap().iter().find(within).unwrap();
        assert_eq!(period["net"].as_str().unwrap(), price, "{product} on {day}");
    }
    let outs: usize = truth.values().map(|product| product["stock_outs"].as_array().unwrap().len()).sum();
    assert!(outs > 40, "{outs}");
    let offers = truth
        .values()
        .flat_map(|product| product["prices"].as_array().unwrap())
        .filter(|p| p["offer"] == true)
        .count();
    assert_eq!(one::<u64>("SELECT COUNT(*) FROM oc_product_special"), offers as u64);
}

/// Pooled within-product regression of log weekly lines on log price, by the category elasticity the truth names: steep
/// categories must come out steeper than flat ones, and all of them negative.
#[test]
fn a_regression_finds_the_elasticities() {
    let mut by_steepness: BTreeMap<bool, (f64, f64, f64, f64)> = BTreeMap::new();
    let lines: Vec<(u32, String)> = rows(
        "SELECT p.product_id, DATE(o.date_added + INTERVAL 3 HOUR) FROM oc_order_product p JOIN oc_order o USING (order_id) WHERE o.order_status_id > 0",
    );
    let mut sold: BTreeMap<(u32, String), f64> = BTreeMap::new();
    for line in lines {
        *sold.entry(line).or_default() += 1.0;
    }
    for (id, product) in products() {
        if product["kind"] != "regular" {
            continue;
        }
        // Poisson moment condition within the product: sum of (sold - expected * (price/base)^e) * log price = 0 is linearised
        // around the truth's own scale: lines per day in each regular price period against its price.
        let day = |text: &Value| text.as_str().unwrap().parse::<jiff::civil::Date>().unwrap();
        let outs: Vec<_> = product["stock_outs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|out| (day(&out["from"]), day(&out["to"])))
            .collect();
        let mut periods = Vec::new();
        for period in product["prices"].as_array().unwrap().iter().filter(|period| period["offer"] == false) {
            let (mut at, to) = (day(&period["from"]), day(&period["to"]));
            let (mut count, mut days) = (0.0, 0.0);
            while at <= to {
                if !outs.iter().any(|(from, to)| *from <= at && at <= *to) {
                    days += 1.0;
                    count += sold.get(&(id, at.to_string())).copied().unwrap_or(0.0);
                }
                at = at.tomorrow().unwrap();
            }
            let price: f64 = period["gross"].as_str().unwrap().parse().unwrap();
            periods.push((price.ln(), count, days));
        }
        let (total, days) =
            periods.iter().fold((0.0, 0.0), |sum, (_, count, days)| (sum.0 + count, sum.1 + days));
        let mean = periods.iter().map(|(price, _, days)| price * days).sum::<f64>() / days;
        let truth = product["elasticity"].as_f64().unwrap();
        let entry = by_steepness.entry(truth < -2.0).or_default();
        for (price, count, days) in periods {
            let expected = total * days / f64::max(1.0, periods_days(product));
            entry.0 += (price - mean) * (count - expected);
            entry.1 += (price - mean) * (price - mean) * expected;
            entry.2 += truth * expected;
            entry.3 += expected;
        }
    }
    let estimate = |steep: bool| {
        let (covariance, variance, truth, weight) = by_steepness[&steep];
        (covariance / variance, truth / weight)
    };
    let ((flat, flat_truth), (steep, steep_truth)) = (estimate(false), estimate(true));
    assert!(flat < 0.0 && steep < 0.0, "{flat} {steep}");
    assert!((flat - flat_truth).abs() < 0.6, "found {flat}, truth {flat_truth}");
    assert!((steep - steep_truth).abs() < 0.6, "found {steep}, truth {steep_truth}");
    assert!(steep < flat);
}

/// Days of a product's regular prices with stock.
fn periods_days(product: &Value) -> f64 {
    let day = |text: &Value| text.as_str().unwrap().parse::<jiff::civil::Date>().unwrap();
    let outs: Vec<_> = product["stock_outs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|out| (day(&out["from"]), day(&out["to"])))
        .collect();
    let mut days = 0.0;
    for period in product["prices"].as_array().unwrap().iter().filter(|period| period["offer"] == false) {
        let (mut at, to) = (day(&period["from"]), day(&period["to"]));
        while at <= to {
            days += f64::from(u8::from(!outs.iter().any(|(from, to)| *from <= at && at <= *to)));
            at = at.tomorrow().unwrap();
        }
    }
    days
}

#[test]
fn complements_lie_in_one_basket_more_often_than_chance() {
    let orders = one::<f64>("SELECT COUNT(*) FROM oc_order WHERE order_status_id > 0");
    let mut together = 0.0;
    let mut expected = 0.0;
    for group in made().truth["affinity_groups"].as_array().unwrap() {
        let ids: Vec<u64> =
            group["products"].as_array().unwrap().iter().map(|id| id.as_u64().unwrap()).collect();
        let (a, b) = (ids[0], ids[1]);
        let holding = |id: u64| {
            one::<f64>(&format!(
                "SELECT COUNT(DISTINCT order_id) FROM oc_order_product WHERE product_id = {id}"
            ))
        };
        expected += holding(a) * holding(b) / orders;
        together += one::<f64>(&format!(
            "SELECT COUNT(*) FROM oc_order_product x JOIN oc_order_product y USING (order_id) WHERE x.product_id = {a} AND y.product_id = {b}"
        ));
    }
    assert!(together > 2.0 * expected, "together {together}, by chance {expected}");
}

#[test]
fn consumables_are_bought_again_by_the_same_customers() {
    let again = |cycle: &str| -> f64 {
        let ids: Vec<String> = products()
            .into_iter()
            .filter(|(_, product)| {
                if cycle == "none" {
                    product["cycle_days"] == 0
                } else {
                    product["cycle_days"].as_u64().unwrap() > 0
                }
            })
            .map(|(id, _)| id.to_string())
            .collect();
        let of = format!(
            "FROM oc_order_product p JOIN oc_order o USING (order_id) WHERE o.customer_id > 0 AND p.product_id IN ({})",
            ids.join(",")
        );
        one(&format!("SELECT 1 - COUNT(DISTINCT o.customer_id, p.product_id) / COUNT(*) {of}"))
    };
    let (consumables, others) = (again("some"), again("none"));
    assert!(consumables > others + 0.1, "{consumables} {others}");
}

#[test]
fn the_same_seed_makes_the_same_shop_and_another_one_does_not() {
    let again = make("sample_again", 7);
    let other = make("sample_other", 8);
    let tables: Vec<String> = rows("SHOW TABLES");
    let skip = |table: &str| table == "meschain_migrations" || table == "meschain_marketplaces";
    let sums = |made: &Made| -> Vec<(String, String)> {
        let mut conn = made.database.connection().unwrap();
        let sum = |table: &String| {
            let (_, sum): (String, Option<u64>) =
                conn.query_first(format!("CHECKSUM TABLE `{table}`")).unwrap().unwrap();
            (table.clone(), format!("{sum:?}"))
        };
        tables.iter().filter(|table| !skip(table)).map(sum).collect()
    };
    assert_eq!(sums(made()), sums(&again));
    assert_eq!(made().truth, again.truth);
    assert_ne!(made().truth["products"], other.truth["products"]);
}

#[test]
fn a_shop_with_data_is_left_alone_unless_forced() {
    let mut settings = mariadb().fresh("sample_taken");
    let folder = tempfile::tempdir().unwrap();
    settings.set("data_dir", folder.path().to_str().unwrap()).unwrap();
    let database = Database::main(&settings).unwrap();
    create_missing_tables(&database).unwrap();
    let mut conn = database.connection().unwrap();
    conn.query_drop("INSERT INTO oc_manufacturer VALUES (9, 'Mine', '', 0)").unwrap();
    conn.query_drop("SET sql_mode = ''; ").unwrap();
    conn.query_drop("INSERT INTO oc_product (product_id, model) VALUES (5, 'MINE')").unwrap();
    let run = |force: bool, settings: &Settings| {
        sample(&database, settings, &clock(), &SampleOptions { force, ..options(1) }, &Progress::silent())
    };
    let refused = run(false, &settings).unwrap_err();
    assert!(
        matches!(&refused, Error::Argument { name, given, .. } if name == "force" && given.contains("1 products")),
        "{refused:?}"
    );
    assert_eq!(conn.query_first::<u64, _>("SELECT COUNT(*) FROM oc_product").unwrap(), Some(1));
    let report = run(true, &settings).unwrap();
    assert_eq!(
        conn.query_first::<u64, _>("SELECT COUNT(*) FROM oc_product WHERE model = 'MINE'").unwrap(),
        Some(1)
    );
    assert_eq!(conn.query_first::<u64, _>("SELECT MIN(product_id) FROM oc_order_product").unwrap(), Some(6));
    assert_eq!(report.skipped.len(), 4, "{:?}", report.skipped);
    settings.set("data_dir", "").unwrap();
    assert_eq!(run(true, &settings).unwrap_err(), Error::NotConfigured { setting: "data_dir" });
}

#[test]
fn a_cancelled_sample_takes_itself_back() {
    let mut settings = mariadb().fresh("sample_cancelled");
    let folder = tempfile::tempdir().unwrap();
    settings.set("data_dir", folder.path().to_str().unwrap()).unwrap();
    let database = Database::main(&settings).unwrap();
    let progress = Progress::silent();
    let watched = progress.clone();
    let watcher = std::thread::spawn(move || {
        while watched.snapshot().stage != "orders" || watched.snapshot().done < 20 {
            std::thread::yield_now();
        }
        watched.cancel();
    });
    let cancelled = sample(&database, &settings, &clock(), &options(1), &progress).unwrap_err();
    watcher.join().unwrap();
    assert_eq!(cancelled, Error::Cancelled);
    let mut conn = database.connection().unwrap();
    for table in ["product", "order", "order_product", "order_total", "customer", "category", "review"] {
        let left: Option<u64> = conn.query_first(format!("SELECT COUNT(*) FROM oc_{table}")).unwrap();
        assert_eq!(left, Some(0), "{table}");
    }
    sample(&database, &settings, &clock(), &options(1), &Progress::silent()).unwrap();
}

#[test]
fn wrong_days_and_sizes_are_named() {
    assert!(matches!(Size::parse("huge"), Err(Error::Argument { name, .. }) if name == "size"));
    let settings = mariadb().fresh("sample_end");
    let database = Database::main(&settings).unwrap();
    let late = SampleOptions { end: Some(date(2031, 1, 1)), ..options(1) };
    let refused = sample(&database, &settings, &clock(), &late, &Progress::silent()).unwrap_err();
    assert!(matches!(refused, Error::Argument { name, .. } if name == "end"));
}
