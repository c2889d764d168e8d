use super::*;
use flate2::{Compression, write::GzEncoder};
use meschain_testkit::mariadb;
use mysql::prelude::{FromRow, Queryable};
use std::io::Write;

/// Rows made up for this test: one order with a gift, postage and a manual charge, a guest's order, a return that can be
/// traced, and one of every odd kind.
const FILE: &str = "\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
900001,10001,BLUE KETTLE,2.0,2010-12-01 09:00:00,12.5,70001.0,United Kingdom
900001,10002b,\"TEA TOWEL, STRIPED\",3.0,2010-12-01 09:00:00,1.255,70001.0,United Kingdom
900001,10003,FREE BADGE,1.0,2010-12-01 09:01:00,0.0,70001.0,United Kingdom
900001,POST,POSTAGE,1.0,2010-12-01 09:00:00,18.0,70001.0,United Kingdom
900001,M,Manual,1.0,2010-12-01 09:00:00,4.75,70001.0,United Kingdom
900002,10001,BLUE KETTLE,1.0,12/2/2010 10:30,13.0,,EIRE
900002,10001,BLUE KETTLE,1.0,12/2/2010 10:30,13.0,,EIRE
900003,10002B,towel,1.0,2010-12-03 08:00:00,1.25,70002.0,Atlantis
900004,10002B,\"TEA TOWEL, STRIPED\",4.0,2010-12-03 09:00:00,1.25,70002.0,France
C900005,10002B,\"TEA TOWEL, STRIPED\",-2.0,2010-12-04 09:00:00,1.25,70002.0,France
C900006,10001,BLUE KETTLE,-1.0,2010-12-04 10:00:00,12.5,,EIRE
C900007,POST,POSTAGE,-1.0,2010-12-04 11:00:00,18.0,70001.0,United Kingdom
C900007,D,Discount,-1.0,2010-12-04 11:00:00,5.0,70001.0,United Kingdom
900008,10001,,-7.0,2010-12-05 09:00:00,0.0,,United Kingdom
900009,10001,found,9.0,2010-12-05 09:30:00,0.0,,United Kingdom
900010,10001,BLUE KETTLE,-1.0,2010-12-05 10:00:00,12.5,70001.0,United Kingdom
A900011,B,Adjust bad debt,1.0,2010-12-05 11:00:00,-110.5,,United Kingdom
900012,AMAZONFEE,AMAZON FEE,1.0,2010-12-05 12:00:00,99.0,,United Kingdom
C900013,10001,BLUE KETTLE,1.0,2010-12-05 13:00:00,12.5,70001.0,United Kingdom
900014,10001,BLUE KETTLE,one,2010-12-05 14:00:00,12.5,70001.0,United Kingdom
";

fn load(name: &str, text: &str, packed: bool) -> (Database, Result<RetailReport>) {
    let settings = mariadb().fresh(name);
    let database = Database::main(&settings).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(if packed { "file.csv.gz" } else { "file.csv" });
    if packed {
        let mut out = GzEncoder::new(std::fs::File::create(&path).unwrap(), Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap();
    } else {
        std::fs::write(&path, text).unwrap();
    }
    let loaded =
        load_online_retail(&database, &settings, &path, &RetailOptions::default(), &Progress::silent());
    (database, loaded)
}

fn rows<T: FromRow>(database: &Database, sql: &str) -> Vec<T> {
    database.connection().unwrap().query(sql).unwrap()
}

#[test]
fn every_row_has_one_kind_and_the_counts_add_up() {
    let (_, report) = load("retail_kinds", FILE, true);
    let report = report.unwrap();
    let expected = RowCounts {
        sales: 6,
        gifts: 1,
        shipping: 1,
        handling: 1,
        returns: 2,
        unmarked_returns: 1,
        fee_cancellations: 2,
        fee_only: 1,
        stock_in: 1,
        stock_out: 1,
        accounting: 1,
        senseless: 1,
    };
    assert_eq!(report.kinds, expected);
    assert_eq!(report.rows, 20);
    assert_eq!(report.kinds.total() + report.unreadable, report.rows);
    assert_eq!((report.unreadable, report.first_unreadable_line), (1, Some(21)));
    assert_eq!((report.duplicates, report.anonymous, report.folded_codes), (1, 7, 1));
}

#[test]
fn orders_lines_and_totals_are_those_of_the_file() {
    let (database, report) = load("retail_orders", FILE, false);
    let report = report.unwrap();
    let orders: Vec<(String, String, u32, String, u8, String)> = rows(
        &database,
        "SELECT transaction_id, total, customer_id, date_added, order_status_id, currency_code FROM oc_order ORDER BY order_id",
    );
    let order = |no: &str, total: &str, customer, at: &str| {
        (no.to_owned(), total.to_owned(), customer, at.to_owned(), 5, "GBP".to_owned())
    };
    assert_eq!(
        orders,
        [
            order("900001", "51.5150", 70001, "2010-12-01 09:00:00"),
            order("900002", "26.0000", 0, "2010-12-02 10:30:00"),
            order("900003", "1.2500", 70002, "2010-12-03 08:00:00"),
            order("900004", "5.0000", 70002, "2010-12-03 09:00:00"),
        ]
    );
    assert_eq!((report.orders, report.guest_orders, report.lines, report.units), (4, 1, 7, 13));
    assert_eq!((report.revenue.as_str(), report.orders_with_two_times), ("83.7650", 1));
    let totals: Vec<(String, String)> =
        rows(&database, "SELECT code, value FROM oc_order_total WHERE order_id = 1 ORDER BY sort_order");
    let total = |code: &str, value: &str| (code.to_owned(), value.to_owned());
    assert_eq!(
        totals,
        [
            total("sub_total", "28.7650"),
            total("shipping", "18.0000"),
            total("handling", "4.7500"),
            total("total", "51.5150")
        ]
    );
    let wrong = "SELECT COUNT(*) FROM oc_order o JOIN (SELECT order_id, SUM(total) goods, SUM(price * quantity) again FROM oc_order_product \
         GROUP BY order_id) p USING (order_id) JOIN (SELECT order_id, SUM(IF(code = 'total', 0, value)) parts, \
         SUM(IF(code = 'sub_total', value, 0)) sub FROM oc_order_total GROUP BY order_id) t USING (order_id) \
         WHERE o.total <> t.parts OR p.goods <> t.sub OR p.goods <> p.again";
    assert_eq!(rows::<u64>(&database, wrong), [0]);
    assert_eq!(
        rows::<String>(&database, "SELECT value FROM oc_setting WHERE `key` = 'config_currency'"),
        ["GBP"]
    );
}

#[test]
fn products_and_customers_are_found_once_and_returns_find_their_order() {
    let (database, report) = load("retail_people", FILE, true);
    let report = report.unwrap();
    let products: Vec<(String, String, String)> = rows(
        &database,
        "SELECT p.model, d.name, p.price FROM oc_product p JOIN oc_product_description d USING (product_id) \
         JOIN oc_language l USING (language_id) WHERE l.code = 'en-gb' ORDER BY p.model",
    );
    let product =
        |model: &str, name: &str, price: &str| (model.to_owned(), name.to_owned(), price.to_owned());
    assert_eq!(
        products,
        [
            product("10001", "BLUE KETTLE", "13.0000"),
            product("10002B", "TEA TOWEL, STRIPED", "1.2500"),
            product("10003", "Product 10003", "0.0000"),
        ]
    );
    assert_eq!((report.products, report.customers), (3, 2));
    let returns: Vec<(u32, u32, String, i32, u32)> = rows(
        &database,
        "SELECT order_id, customer_id, comment, quantity, return_status_id FROM oc_return ORDER BY return_id",
    );
    assert_eq!(
        returns,
        [
            (4, 70002, "C900005".to_owned(), 2, 3),
            (0, 0, "C900006".to_owned(), 1, 3),
            (1, 70001, "900010".to_owned(), 1, 3)
        ]
    );
    assert_eq!((report.returns, report.returns_with_order), (3, 2));
}

#[test]
fn wrong_files_are_refused_and_change_nothing() {
    let (database, refused) = load("retail_header", "a,b\n1,2\n", false);
    assert!(matches!(refused, Err(Error::Argument { name, .. }) if name == "file"));
    assert_eq!(rows::<String>(&database, "SHOW TABLES"), Vec::<String>::new());
    let header: String = FILE.lines().take(1).collect();
    let (_, refused) = load("retail_empty", &header, false);
    assert!(matches!(refused, Err(Error::NotEnoughData { .. })));
    let (database, loaded) = load("retail_twice", FILE, false);
    loaded.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("again.csv");
    std::fs::write(&path, FILE).unwrap();
    let settings = Settings::default();
    let again =
        load_online_retail(&database, &settings, &path, &RetailOptions::default(), &Progress::silent());
    assert!(matches!(again, Err(Error::Argument { name, .. }) if name == "force"));
    assert_eq!(rows::<u64>(&database, "SELECT COUNT(*) FROM oc_order"), [4]);
}
