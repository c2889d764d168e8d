//! The snapshot against a real database: what is in it, what a refresh finds, what a damaged file does.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use meschain_base::{Error, Progress};
use meschain_shop::columns::{
    Budget, Depth, NO_COST, NO_DATE, NO_INDEX, OrderFilter, RefreshOptions, Snapshot, StatusSet,
};
use meschain_shop::mysql::prelude::Queryable;
use rand::RngExt;
use std::collections::BTreeSet;
use std::os::unix::fs::{FileExt, PermissionsExt};
use support::{Shop, clock, shop_of};

/// Everything in a snapshot that describes the shop, as text.
fn content(snapshot: &Snapshot) -> String {
    let (products, manufacturers) = (snapshot.products(), snapshot.manufacturers());
    let names: Vec<_> = products.name.iter().zip(products.model.iter()).collect();
    let brands: Vec<_> = manufacturers.name.iter().collect();
    format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{names:?}\n{brands:?}\n{:?}\n{:?}\n{}",
        snapshot.orders(),
        snapshot.lines(),
        snapshot.line_start(),
        products,
        snapshot.customers(),
        snapshot.returns(),
        snapshot.dictionaries(),
        snapshot.watermark(),
    )
}

#[test]
fn holds_what_the_database_holds() {
    let mut shop = shop_of("holds", 300);
    shop.run("INSERT INTO oc_order_product VALUES (999999, 888888, 3, 'orphan', 'x', 1, 1, 1, 0, 0)");
    shop.run("UPDATE oc_order SET date_added = '0000-00-00 00:00:00' WHERE order_id = 1");
    shop.run("INSERT INTO oc_return VALUES (4, 1, 3, 2, 6, 1, '2026-03-01 10:00:00'), (9, 777777, 3, 0, 1, 2, '2026-03-02 10:00:00')");
    shop.run("INSERT INTO meschain_product_costs VALUES (1, '2025-01-01', 3.5, 'TRY'), (1, '2026-01-01', 4.25, 'TRY'), \
              (1, '2027-01-01', 9, 'TRY'), (2, '2026-01-01', 1, 'EUR'), (3, '2026-01-01', 1, 'XXX')");
    shop.run(
        "DELETE FROM oc_product_description WHERE (product_id = 4 AND language_id = 2) OR product_id = 5",
    );
    shop.run("UPDATE oc_order SET firstname = 'TEST', lastname = 'Deneme' WHERE order_id = 5");
    shop.run("UPDATE oc_order SET firstname = 'Test', lastname = 'Yılmaz', email = 'attest@example.com' WHERE order_id = 7");
    shop.run("UPDATE oc_order SET email = 'deneme@example.com' WHERE order_id = 10");
    shop.run("UPDATE oc_product SET quantity = -4 WHERE product_id IN (1, 2)");
    shop.run("UPDATE oc_product SET subtract = 0 WHERE product_id = 2");
    let refreshed = shop.rebuild();
    assert_eq!((refreshed.rebuilt, refreshed.orders_read), (true, 300));
    let snapshot = shop.store.open().unwrap().unwrap();
    let orders = snapshot.orders();
    let rows: Vec<(u32, String, u32, u32, u32, String, u32)> = shop
        .connection
        .query(
            "SELECT o.order_id, CAST(o.date_added AS CHAR), o.order_status_id, o.customer_id, o.store_id, CAST(o.total AS CHAR), \
             COALESCE(g.marketplace_id, 1) FROM oc_order o LEFT JOIN meschain_order_origin g USING (order_id) ORDER BY o.order_id",
        )
        .unwrap();
    assert_eq!(rows.len(), orders.len());
    for (row, (id, date, status, customer, store, total, marketplace)) in rows.into_iter().enumerate() {
        let ours = (orders.order_id[row], orders.status[row], orders.customer_id[row], orders.store_id[row]);
        assert_eq!(ours, (id, status, customer, store));
        assert_eq!(orders.marketplace_id[row], marketplace);
        assert_eq!(meschain_base::Money::from_raw(orders.total[row]).to_string(), total);
        let date = date.replace(' ', "T") + "Z";
        let expected = date.parse::<jiff::Timestamp>().map_or(NO_DATE, |instant| instant.as_second());
        assert_eq!(orders.date_added[row], expected);
        let buyer = orders.customer(row).map_or(0, |index| snapshot.customers().customer_id[index]);
        assert_eq!(buyer, customer);
    }
    let tested = [1, 5, 7, 10].map(|id| orders.find(id).map(|row| orders.is_test(row)));
    assert_eq!(tested, [Some(false), Some(true), Some(false), Some(true)]);
    lines_equal(&mut shop, &snapshot);
    chosen(&mut shop, &snapshot);
    let products = snapshot.products();
    let deleted = products.find(27).unwrap();
    assert_eq!((products.known[deleted], products.name.get(deleted)), (0, "Eski ad 27"));
    assert_eq!(products.name.get(products.find(4).unwrap()), "other", "described in another language only");
    assert_eq!(products.name.get(products.find(5).unwrap()), "", "in none");
    assert!(
        products.name.iter().any(|name| name.starts_with("Ürün & Parça")),
        "text is plain, in the default language"
    );
    assert_eq!(products.cost[products.find(1).unwrap()], 42_500);
    assert_eq!(products.cost[products.find(2).unwrap()], 400_000, "a euro is 40 lira here");
    assert_eq!(products.cost[products.find(3).unwrap()], NO_COST);
    let stock = [1, 2, 27].map(|id| products.stock(products.find(id).unwrap()));
    assert_eq!(stock, [Some(-4), None, None], "counted, not counted, deleted");
    let returns = snapshot.returns();
    assert_eq!((returns.len(), returns.order_index[0], returns.order_index[1]), (2, 0, NO_INDEX));
    snapshot.verify().unwrap();
}

fn lines_equal(shop: &mut Shop, snapshot: &Snapshot) {
    let rows: Vec<(u32, u32, u32, i32, i64, i64, i64)> = shop
        .connection
        .query(
            "SELECT p.order_id, p.order_product_id, p.product_id, p.quantity, CAST(p.price * 10000 AS SIGNED), \
             CAST(p.total * 10000 AS SIGNED), CAST(p.tax * 10000 AS SIGNED) FROM oc_order_product p JOIN oc_order USING (order_id) \
             ORDER BY p.order_id, p.order_product_id",
        )
        .unwrap();
    let (orders, lines, products) = (snapshot.orders(), snapshot.lines(), snapshot.products());
    assert_eq!(rows.len(), lines.len());
    let mut walked = 0;
    for order in 0..orders.len() {
        for line in snapshot.lines_of(order) {
            assert_eq!((line, lines.order_index[line] as usize), (walked, order));
            let ours = (
                orders.order_id[order],
                lines.order_product_id[line],
                products.product_id[lines.product_index[line] as usize],
                lines.quantity[line],
                lines.price[line],
                lines.total[line],
                lines.tax[line],
            );
            assert_eq!(ours, rows[line]);
            assert_eq!(lines.product_id[line], rows[line].2);
            walked += 1;
        }
    }
    assert_eq!(walked, lines.len());
    let in_baskets: usize = snapshot.baskets().map(|(_, products)| products.len()).sum();
    assert_eq!(in_baskets, lines.len());
}

/// Whether anything was chosen, by line; the same in any two lines means the same checksum, and the other way round.
fn chosen(shop: &mut Shop, snapshot: &Snapshot) {
    let values: Vec<String> = shop
        .connection
        .query(
            "SELECT COALESCE(GROUP_CONCAT(NULLIF(v.product_option_value_id, 0) ORDER BY v.product_option_value_id), '') \
             FROM oc_order_product p JOIN oc_order USING (order_id) LEFT JOIN oc_order_option v USING (order_id, order_product_id) \
             GROUP BY p.order_id, p.order_product_id ORDER BY p.order_id, p.order_product_id",
        )
        .unwrap();
    let checksums = snapshot.lines().options;
    assert_eq!(values.len(), checksums.len());
    let pairs: BTreeSet<(&String, &u32)> = values.iter().zip(checksums).collect();
    let count = |one: BTreeSet<&String>, other: BTreeSet<&u32>| (one.len(), other.len());
    let parts =
        count(pairs.iter().map(|(text, _)| *text).collect(), pairs.iter().map(|(_, sum)| *sum).collect());
    assert!(pairs.len() > 8 && parts == (pairs.len(), pairs.len()), "{pairs:?}");
    assert!(pairs.iter().all(|(text, sum)| text.is_empty() == (**sum == 0)), "{pairs:?}");
}

/// One change at random, of a kind that leaves no trace in `date_modified` half of the time.
fn change(shop: &mut Shop, next: &mut u32) {
    let pick = shop.random.random_range(1..*next);
    let near = format!(
        "(SELECT * FROM (SELECT order_id FROM oc_order WHERE order_id >= {pick} ORDER BY order_id LIMIT 2) n)"
    );
    match shop.random.random_range(0..14) {
        0 => *next = shop.orders(*next, 3, 400),
        1 => shop.run(&format!("UPDATE oc_order SET order_status_id = 7 WHERE order_id IN {near}")),
        2 => shop.run(&format!("UPDATE oc_order SET order_status_id = 5, date_modified = '2026-03-30 11:59:00' WHERE order_id IN {near}")),
        3 => shop.run(&format!("DELETE FROM oc_order WHERE order_id IN {near}")),
        4 => shop.run(&format!("UPDATE oc_order_product SET quantity = quantity + 1 WHERE order_id IN {near}")),
        5 => shop.run(&format!("DELETE FROM oc_order_product WHERE order_id IN {near}")),
        6 => shop.line(pick),
        7 => shop.run(&format!("UPDATE oc_order SET total = total + 0.0001 WHERE order_id IN {near}")),
        8 => shop.run(&format!("REPLACE INTO meschain_order_origin VALUES ({pick}, 3)")),
        9 => shop.run(&format!("DELETE FROM meschain_order_origin WHERE order_id >= {pick} LIMIT 2")),
        10 => shop.run(&format!("UPDATE oc_product SET price = price + 1 WHERE product_id = {}", 1 + pick % 25)),
        11 => shop.run(&format!("UPDATE oc_order SET customer_id = {} WHERE order_id IN {near}", pick % 60)),
        12 => shop.run(&format!("UPDATE oc_order_product SET product_id = {} WHERE order_id IN {near}", pick % 45)),
        _ => shop.run(&format!("INSERT INTO oc_return (order_id, product_id, customer_id, quantity, return_status_id, date_added) \
                                VALUES ({pick}, 1, 1, 1, 1, '2026-03-03 03:03:03')")),
    }
}

#[test]
fn a_refresh_after_any_edits_equals_a_rebuild() {
    let mut shop = shop_of("edits", 1_500);
    shop.rebuild();
    let mut next = shop.number("SELECT MAX(order_id) + 1 FROM oc_order") as u32;
    let mut partial = 0;
    for round in 0..25 {
        for _ in 0..shop.random.random_range(1..4) {
            change(&mut shop, &mut next);
        }
        let refreshed = shop.refresh(Depth::Fingerprints);
        partial += u32::from(refreshed.changed && !refreshed.rebuilt);
        let incremental = content(&shop.store.open().unwrap().unwrap());
        shop.rebuild();
        let rebuilt = content(&shop.store.open().unwrap().unwrap());
        assert!(incremental == rebuilt, "round {round}: refresh and rebuild differ");
        assert!(
            !shop.refresh(Depth::Fingerprints).changed,
            "round {round}: fingerprints of both sides agree"
        );
    }
    assert!(partial > 15, "most refreshes copy");
}

#[test]
fn nothing_changed_means_nothing_written_and_young_again() {
    let shop = shop_of("same", 200);
    shop.rebuild();
    let inode = || std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(shop.store.path()).unwrap());
    let before = (inode(), shop.store.open().unwrap().unwrap());
    let later = meschain_base::FixedClock("2026-03-30T13:00:00Z".parse().unwrap());
    for depth in [Depth::Fingerprints, Depth::Watermark] {
        let options = RefreshOptions { rebuild: false, depth };
        let refreshed = shop.store.refresh(&shop.database, &options, &later, &Progress::silent()).unwrap();
        assert_eq!((refreshed.changed, refreshed.rebuilt, refreshed.orders_read), (false, false, 0));
        assert_eq!(
            (refreshed.summary.age_seconds, refreshed.summary.built_at.as_str()),
            (0, "2026-03-30T13:00:00Z")
        );
    }
    assert_eq!(inode(), before.0);
    assert_eq!(before.1.built_at().to_string(), "2026-03-30T12:00:00Z", "the data is that of the build");
}

#[test]
fn two_orders_moved_to_the_same_status_behind_our_back_are_found() {
    let mut shop = shop_of("twins", 100);
    shop.run("UPDATE oc_order SET order_status_id = 1, total = 10, customer_id = 7, date_added = '2026-01-01', date_modified = '2026-01-01'");
    shop.rebuild();
    shop.run("UPDATE oc_order SET order_status_id = 5 ORDER BY order_id LIMIT 2");
    assert!(shop.refresh(Depth::Fingerprints).changed);
    let snapshot = shop.store.open().unwrap().unwrap();
    assert_eq!(snapshot.orders().status.iter().filter(|status| **status == 5).count(), 2);
}

#[test]
fn the_watermark_finds_new_and_touched_orders() {
    let mut shop = shop_of("mark", 3_000);
    shop.rebuild();
    let last = shop.number("SELECT MAX(order_id) FROM oc_order") as u32;
    shop.order(last + 1, "2026-03-30 11:00:00", 5);
    shop.run(
        "UPDATE oc_order SET order_status_id = 7, date_modified = '2026-03-30 11:59:00' WHERE order_id = 1",
    );
    let refreshed = shop.refresh(Depth::Watermark);
    assert!(refreshed.changed && !refreshed.rebuilt && refreshed.orders_read < 2_000, "{refreshed:?}");
    let incremental = content(&shop.store.open().unwrap().unwrap());
    shop.rebuild();
    assert!(incremental == content(&shop.store.open().unwrap().unwrap()));
}

#[test]
fn dates_are_what_the_shops_own_clock_shows() {
    let mut shop = shop_of("clock", 3_000);
    shop.rebuild();
    let utc = shop.store.open().unwrap().unwrap();
    shop.run("INSERT INTO oc_setting (store_id, code, `key`, value, serialized) VALUES (0, 'config', 'config_timezone', 'Europe/Istanbul', 0)");
    let refreshed = shop.refresh(Depth::Watermark);
    assert!(
        refreshed.rebuilt && refreshed.changed,
        "in another zone every date is another instant: {refreshed:?}"
    );
    let ours = shop.store.open().unwrap().unwrap();
    let earlier = |utc: &[i64], ours: &[i64]| utc.iter().zip(ours).all(|(utc, ours)| utc - ours == 10_800);
    assert!(earlier(utc.orders().date_added, ours.orders().date_added));
    assert!(earlier(utc.orders().date_modified, ours.orders().date_modified));
    assert!(earlier(&utc.products().date_added[1..25], &ours.products().date_added[1..25]));
    // 15:00 in Istanbul is 12:00 UTC, which is now.
    let last = shop.number("SELECT MAX(order_id) FROM oc_order") as u32;
    shop.order(last + 1, "2026-03-30 14:59:00", 5);
    shop.run(
        "UPDATE oc_order SET order_status_id = 7, date_modified = '2026-03-30 14:59:00' WHERE order_id = 1",
    );
    let refreshed = shop.refresh(Depth::Watermark);
    assert!(refreshed.changed && !refreshed.rebuilt, "{refreshed:?}");
    let incremental = content(&shop.store.open().unwrap().unwrap());
    shop.rebuild();
    assert!(incremental == content(&shop.store.open().unwrap().unwrap()));
    assert!(!shop.refresh(Depth::Fingerprints).changed);
}

#[test]
fn an_empty_shop_without_our_tables_is_a_shop() {
    let shop = Shop::new("empty", false);
    assert!(shop.store.open().unwrap().is_none());
    let refreshed = shop.rebuild();
    assert_eq!((refreshed.summary.orders, refreshed.summary.lines, refreshed.summary.watermark), (0, 0, 0));
    let snapshot = shop.store.open().unwrap().unwrap();
    assert_eq!(snapshot.select(&OrderFilter::default()).count(), 0);
    assert_eq!(snapshot.dictionaries().marketplaces.len(), 1);
    assert_eq!(snapshot.lines_of(0), 0..0);
    assert!(!shop.refresh(Depth::Fingerprints).changed);
}

#[test]
fn without_our_tables_every_order_is_the_own_shops() {
    let mut shop = Shop::new("bare", false);
    shop.stock(5, 5);
    shop.orders(1, 50, 1);
    shop.rebuild();
    let snapshot = shop.store.open().unwrap().unwrap();
    assert!(snapshot.orders().marketplace_id.iter().all(|id| *id == 1));
    assert!(snapshot.products().cost.iter().all(|cost| *cost == NO_COST));
}

#[test]
fn selects_by_date_store_marketplace_and_status() {
    let shop = shop_of("select", 9_000);
    shop.rebuild();
    let snapshot = shop.store.open().unwrap().unwrap();
    let orders = snapshot.orders();
    let filter = OrderFilter {
        from: Some(1_730_000_000),
        until: Some(1_760_000_000),
        store_id: Some(0),
        marketplace_id: Some(2),
        statuses: Some(StatusSet::new([5, 3])),
        without_tests: false,
    };
    let expected: Vec<usize> = (0..orders.len())
        .filter(|i| {
            (1_730_000_000..1_760_000_000).contains(&orders.date_added[*i])
                && orders.store_id[*i] == 0
                && orders.marketplace_id[*i] == 2
                && [3, 5].contains(&orders.status[*i])
        })
        .collect();
    assert!(!expected.is_empty());
    assert!(snapshot.select(&filter).eq(expected));
    assert_eq!(snapshot.select(&OrderFilter::default()).count(), orders.len());
}

#[test]
fn a_damaged_file_is_refused_wherever_the_damage_is_and_rebuilt() {
    let shop = shop_of("damage", 120);
    shop.rebuild();
    let good = std::fs::read(shop.store.path()).unwrap();
    let step = (good.len() / 150).max(1);
    for at in (0..good.len()).step_by(step) {
        let mut bad = good.clone();
        bad[at] ^= 0x41;
        std::fs::write(shop.store.path(), &bad).unwrap();
        assert!(matches!(shop.store.open(), Err(Error::Corrupt { .. })), "byte {at} of {}", good.len());
    }
    for length in [0, 7, 8, 100, good.len() / 2, good.len() - 1] {
        std::fs::write(shop.store.path(), &good[..length]).unwrap();
        assert!(matches!(shop.store.open(), Err(Error::Corrupt { .. })), "cut to {length}");
    }
    assert!(shop.refresh(Depth::Watermark).rebuilt);
    shop.store.open().unwrap().unwrap().verify().unwrap();
}

#[test]
fn a_file_altered_under_an_open_store_is_noticed() {
    let shop = shop_of("altered", 50);
    shop.rebuild();
    shop.store.open().unwrap().unwrap();
    let file = std::fs::OpenOptions::new().write(true).open(shop.store.path()).unwrap();
    let length = file.metadata().unwrap().len();
    // Not mapped and read afterwards: only opened again.
    file.write_all_at(b"!", length - 1).unwrap();
    assert!(matches!(shop.store.open(), Err(Error::Corrupt { .. })));
}

#[test]
fn readers_keep_what_they_hold_and_files_are_private() {
    let mut shop = shop_of("held", 100);
    shop.rebuild();
    let held = shop.store.open().unwrap().unwrap();
    let before = content(&held);
    shop.orders(10_000, 20, 2);
    shop.refresh(Depth::Fingerprints);
    assert_eq!(content(&held), before);
    assert_eq!(shop.store.open().unwrap().unwrap().orders().len(), 120);
    let folder = shop.store.path().parent().unwrap();
    assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.path());
        assert!(entry.metadata().unwrap().is_file(), "nothing is left over: {:?}", entry.path());
    }
}

#[test]
fn one_builder_at_a_time_and_a_cancelled_one_leaves_nothing() {
    let shop = shop_of("lock", 100);
    let progress = Progress::silent();
    progress.cancel();
    let cancelled = shop.store.refresh(&shop.database, &RefreshOptions::default(), &clock(), &progress);
    assert_eq!(cancelled.unwrap_err(), Error::Cancelled);
    assert!(shop.store.open().unwrap().is_none());
    let lock = std::fs::File::open(shop.store.path().with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let busy = shop.store.refresh(&shop.database, &RefreshOptions::default(), &clock(), &Progress::silent());
    assert_eq!(busy.unwrap_err(), Error::Busy { what: "columns" });
}

#[test]
fn a_page_builds_small_shops_only() {
    let shop = shop_of("ensure", 60);
    let small = Budget { orders: 59, max_age_seconds: 0 };
    assert!(shop.store.ensure(&shop.database, &small, &clock()).unwrap().is_none());
    let enough = Budget { orders: 60, max_age_seconds: 300 };
    assert_eq!(shop.store.ensure(&shop.database, &enough, &clock()).unwrap().unwrap().orders().len(), 60);
    let mut shop = shop;
    shop.orders(1_000, 1, 1);
    assert_eq!(
        shop.store.ensure(&shop.database, &enough, &clock()).unwrap().unwrap().orders().len(),
        60,
        "young enough"
    );
    let later = meschain_base::FixedClock("2026-03-30T13:00:00Z".parse().unwrap());
    assert_eq!(shop.store.ensure(&shop.database, &enough, &later).unwrap().unwrap().orders().len(), 61);
    assert_eq!(
        shop.store.ensure(&shop.database, &small, &later).unwrap().unwrap().orders().len(),
        61,
        "served as it is"
    );
}
