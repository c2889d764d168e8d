//! Keeps the history of catalogue prices that OpenCart does not, so that a change is known before a sale tells of it, and the price of
//! weeks without sales is known at all.

use crate::data::Calendar;
use crate::data::calendar::date_of;
use jiff::Timestamp;
use meschain_base::{Money, Result};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{Params, PooledConn, TxOpts, Value};
use meschain_shop::{Database, fault, rows};

/// Products looked at in one statement.
const PAGE: usize = 1_000;
/// Days of history that are kept, besides the price in force before them: a little more than training looks back.
const DAYS_KEPT: i32 = 740;
/// Rows deleted in one transaction.
const PRUNE: usize = 1_000;

/// One look: notes each product whose price is not the newest kept one, as of the day in the shop's `timezone`. The last price of a day is
/// that day's; several nodes write the same rows. Returns how many were noted. With the first of a day, what is too old goes.
pub fn observe(database: &Database, timezone: &str, now: Timestamp) -> Result<u64> {
    let today = Calendar::new(timezone)?.day(now.as_second());
    let (day, horizon) = (date_of(today).to_string(), date_of(today - DAYS_KEPT).to_string());
    let mut connection = database.connection()?;
    let newest = "SELECT COALESCE(MAX(since) >= ?, 0) FROM meschain_price_history";
    let is_first = rows::first::<u8>(&mut connection, newest, (&day,))? == Some(0);
    let product = database.table("product");
    let page = format!(
        "SELECT p.product_id, CAST(p.price * 10000 AS SIGNED), (SELECT CAST(h.price * 10000 AS SIGNED) \
         FROM meschain_price_history h WHERE h.product_id = p.product_id AND h.since <= ? ORDER BY h.since DESC LIMIT 1) \
         FROM {product} p WHERE p.product_id > ? ORDER BY p.product_id LIMIT {PAGE}"
    );
    let (mut after, mut noted) = (0, 0);
    loop {
        // A plain read: no checkout waits for it, as it would for INSERT ... SELECT.
        let seen: Vec<(u32, Option<i64>, Option<i64>)> = rows::all(&mut connection, &page, (&day, after))?;
        let changed =
            seen.iter().filter_map(|(id, price, kept)| price.filter(|_| price != kept).map(|now| (*id, now)));
        noted += note(&mut connection, &day, &changed.collect::<Vec<_>>())?;
        match seen.last() {
            Some((last, ..)) if seen.len() == PAGE => after = *last,
            _ => break,
        }
    }
    if is_first && noted > 0 {
        prune(&mut connection, &product, &horizon)?;
    }
    Ok(noted)
}

/// Writes prices (x 10^4) that hold from `day` on.
fn note(connection: &mut PooledConn, day: &str, prices: &[(u32, i64)]) -> Result<u64> {
    if prices.is_empty() {
        return Ok(0);
    }
    let sql = format!(
        "INSERT INTO meschain_price_history (product_id, since, price) VALUES {} ON DUPLICATE KEY UPDATE price = VALUES(price)",
        vec!["(?, ?, ?)"; prices.len()].join(", ")
    );
    let cells = prices.iter().flat_map(|(id, price)| {
        [Value::from(id), Value::from(day), Value::from(Money::from_raw(*price).to_string())]
    });
    connection.exec_drop(sql, Params::Positional(cells.collect())).map_err(fault)?;
    Ok(prices.len() as u64)
}

/// Deletes what ended before `horizon`: rows with a successor that was in force by then, and old ones of products that are gone.
fn prune(connection: &mut PooledConn, product: &str, horizon: &str) -> Result<u64> {
    let sql = format!(
        "SELECT h.product_id, DATE_FORMAT(h.since, '%Y-%m-%d') FROM meschain_price_history h WHERE h.since < ? AND \
         (EXISTS (SELECT 1 FROM meschain_price_history n WHERE n.product_id = h.product_id AND n.since > h.since AND n.since <= ?) \
         OR NOT EXISTS (SELECT 1 FROM {product} p WHERE p.product_id = h.product_id)) LIMIT {PRUNE}"
    );
    let mut deleted = 0;
    loop {
        let old: Vec<(u32, String)> = rows::all(connection, &sql, (horizon, horizon))?;
        let count = old.len();
        let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
        let delete = "DELETE FROM meschain_price_history WHERE product_id = ? AND since = ?";
        transaction.exec_batch(delete, old).map_err(fault)?;
        transaction.commit().map_err(fault)?;
        deleted += count as u64;
        if count < PRUNE {
            return Ok(deleted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::Progress;
    use meschain_testkit::mariadb;

    const ZONE: &str = "Europe/Istanbul";

    fn shop(name: &str, products: u32) -> Database {
        let database = Database::main(&mariadb().fresh(name)).unwrap();
        meschain_shop::migrations::migrate(&database, false, &Progress::silent()).unwrap();
        run(
            &database,
            "CREATE TABLE oc_product (product_id int PRIMARY KEY, price decimal(15,4) NOT NULL DEFAULT 0)",
        );
        for ids in (1..=products).collect::<Vec<_>>().chunks(1_000) {
            let rows: Vec<String> = ids.iter().map(|id| format!("({id}, {id}.5)")).collect();
            run(&database, &format!("INSERT INTO oc_product VALUES {}", rows.join(", ")));
        }
        database
    }

    fn run(database: &Database, sql: &str) {
        rows::change(&mut database.connection().unwrap(), sql, ()).unwrap();
    }

    fn look(database: &Database, at: &str) -> u64 {
        observe(database, ZONE, at.parse().unwrap()).unwrap()
    }

    fn kept(database: &Database, product: u32) -> Vec<(String, String)> {
        let sql = "SELECT CAST(since AS CHAR), CAST(price AS CHAR) FROM meschain_price_history WHERE product_id = ? ORDER BY since";
        rows::all(&mut database.connection().unwrap(), sql, (product,)).unwrap()
    }

    fn row(since: &str, price: &str) -> (String, String) {
        (since.to_owned(), price.to_owned())
    }

    #[test]
    fn the_first_sight_a_change_and_the_way_back_are_kept_and_nothing_else() {
        let database = shop("price_watch", 3);
        // Past midnight in the shop, not yet in UTC.
        assert_eq!(look(&database, "2026-11-01T22:00:00Z"), 3);
        assert_eq!(look(&database, "2026-11-02T09:00:00Z"), 0, "nothing changed");
        run(&database, "UPDATE oc_product SET price = 2.7501 WHERE product_id = 2");
        assert_eq!(look(&database, "2026-11-04T09:00:00Z"), 1);
        run(&database, "UPDATE oc_product SET price = 2.5 WHERE product_id = 2");
        assert_eq!(look(&database, "2026-11-06T09:00:00Z"), 1);
        assert_eq!(look(&database, "2026-11-07T09:00:00Z"), 0);
        assert_eq!(kept(&database, 1), [row("2026-11-02", "1.5000")]);
        let all = [row("2026-11-02", "2.5000"), row("2026-11-04", "2.7501"), row("2026-11-06", "2.5000")];
        assert_eq!(kept(&database, 2), all);
        run(&database, "INSERT INTO oc_product VALUES (9, 9)");
        assert_eq!(look(&database, "2026-11-08T09:00:00Z"), 1);
        assert_eq!(kept(&database, 9), [row("2026-11-08", "9.0000")]);
    }

    #[test]
    fn of_several_prices_on_a_day_the_last_one_stays() {
        let database = shop("price_watch_day", 1);
        look(&database, "2026-11-02T09:00:00Z");
        for price in ["2", "3", "4"] {
            run(&database, &format!("UPDATE oc_product SET price = {price}"));
            assert_eq!(look(&database, "2026-11-03T09:00:00Z"), 1);
        }
        assert_eq!(kept(&database, 1), [row("2026-11-02", "1.5000"), row("2026-11-03", "4.0000")]);
    }

    #[test]
    fn two_nodes_at_once_write_one_row() {
        let database = shop("price_watch_nodes", 2_500);
        for (at, raise) in [("2026-11-02T09:00:00Z", 0), ("2026-11-03T09:00:00Z", 1)] {
            run(&database, &format!("UPDATE oc_product SET price = price + {raise}"));
            std::thread::scope(|scope| {
                let looks: Vec<_> = (0..4)
                    .map(|_| {
                        let node = database.patient();
                        scope.spawn(move || look(&node, at))
                    })
                    .collect();
                assert!(looks.into_iter().map(|look| look.join().unwrap()).sum::<u64>() >= 2_500);
            });
        }
        let count = "SELECT COUNT(*), COUNT(DISTINCT product_id) FROM meschain_price_history";
        let found: Option<(u32, u32)> = rows::first(&mut database.connection().unwrap(), count, ()).unwrap();
        assert_eq!(found, Some((5_000, 2_500)));
        assert_eq!(kept(&database, 2_500), [row("2026-11-02", "2500.5000"), row("2026-11-03", "2501.5000")]);
    }

    #[test]
    fn what_is_too_old_goes_but_never_the_price_that_was_in_force() {
        let database = shop("price_watch_prune", 1_200);
        run(
            &database,
            "INSERT INTO meschain_price_history SELECT p.product_id, d.since, p.price + d.more FROM oc_product p \
             JOIN (SELECT '2023-01-01' AS since, 1 AS more UNION ALL SELECT '2023-06-01', 2 UNION ALL SELECT '2024-06-01', 0) d",
        );
        run(&database, "DELETE FROM meschain_price_history WHERE product_id = 7 AND since > '2023-01-01'");
        run(&database, "UPDATE oc_product SET price = 8.5 WHERE product_id = 7");
        run(&database, "DELETE FROM oc_product WHERE product_id = 8");
        // Nothing to note, nothing to do; the second look of a day prunes no more than the first.
        assert_eq!(look(&database, "2025-01-01T09:00:00Z"), 0);
        assert_eq!(kept(&database, 1).len(), 3);
        run(&database, "UPDATE oc_product SET price = 5 WHERE product_id = 3");
        assert_eq!(look(&database, "2026-01-01T09:00:00Z"), 1);
        assert_eq!(kept(&database, 1), [row("2023-06-01", "3.5000"), row("2024-06-01", "1.5000")]);
        assert_eq!(kept(&database, 7), [row("2023-01-01", "8.5000")], "the newest stays, however old");
        assert_eq!(
            kept(&database, 8),
            [row("2024-06-01", "8.5000")],
            "of a product that is gone nothing old stays"
        );
        run(&database, "UPDATE oc_product SET price = 6 WHERE product_id = 3");
        look(&database, "2026-12-01T09:00:00Z");
        assert_eq!(kept(&database, 8), []);
        assert_eq!(kept(&database, 1200), [row("2024-06-01", "1200.5000")]);
    }
}
