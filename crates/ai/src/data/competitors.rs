//! What competitors ask: rows that a shop, a feed or a file brings, checked and kept in `meschain_competitor_prices`.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use meschain_base::{Error, Result};
use meschain_shop::mysql::prelude::Queryable;
use meschain_shop::mysql::{Params, TxOpts, Value as Cell};
use meschain_shop::{Database, fault, rows};
use serde_json::{Map, Value};
use std::collections::HashSet;

/// Rows of one call.
pub const MOST_ROWS: usize = 100_000;
/// Rows, or ids, of one statement.
const BATCH: usize = 500;
const KEYS: [&str; 5] = ["product_id", "marketplace_id", "competitor", "price", "seen_at"];
const LONGEST_NAME: usize = 64;
/// Clocks of two machines may differ by so much.
const AHEAD: SignedDuration = SignedDuration::from_mins(10);

/// One competitor's price of one product.
#[derive(Debug, Clone, PartialEq)]
pub struct CompetitorPrice {
    /// OpenCart's product.
    pub product_id: u32,
    /// Where it is asked; 1 is the own shop's market.
    pub marketplace_id: u32,
    /// Who asks it.
    pub competitor: String,
    /// With tax, in the shop's default currency.
    pub price: f64,
    /// When it was seen.
    pub seen_at: Timestamp,
}

/// Reads rows as pages and files bring them: numbers may come as text. The first that does not fit is named and nothing is taken.
pub fn parse(given: &Value, now: Timestamp) -> Result<Vec<CompetitorPrice>> {
    let Some(given) = given.as_array() else {
        return Err(Error::argument("rows", "a list of rows", "something else"));
    };
    if given.is_empty() || given.len() > MOST_ROWS {
        let expected = format!("1 to {MOST_ROWS} rows");
        return Err(Error::argument("rows", expected, format!("{} rows", given.len())));
    }
    given.iter().enumerate().map(|(at, row)| one(at, row, now)).collect()
}

fn one(at: usize, row: &Value, now: Timestamp) -> Result<CompetitorPrice> {
    let Some(row) = row.as_object() else {
        return Err(Error::argument(format!("rows[{at}]"), "an array with keys", "something else"));
    };
    if let Some(key) = row.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let expected = format!("one of the keys {}", KEYS.join(", "));
        return Err(Error::argument(format!("rows[{at}]"), expected, format!("key \"{key}\"")));
    }
    let field = |key: &str, expected: &str| {
        Error::argument(format!("rows[{at}][\"{key}\"]"), expected, shown(row.get(key)))
    };
    let id = |key: &str| {
        number(row, key)
            .filter(|id| id.fract() == 0.0 && (1.0..=2_147_483_647.0).contains(id))
            .map(|id| id as u32)
    };
    let marketplace_id = if is_absent(row, "marketplace_id") { Some(1) } else { id("marketplace_id") };
    let price =
        number(row, "price").map(|price| (price * 1e4).round() / 1e4).filter(|p| (1e-4..=1e9).contains(p));
    let seen_at = if is_absent(row, "seen_at") {
        Some(now)
    } else {
        row.get("seen_at").and_then(Value::as_str).and_then(instant).filter(|at| *at <= now + AHEAD)
    };
    Ok(CompetitorPrice {
        product_id: id("product_id").ok_or_else(|| field("product_id", "an id above 0"))?,
        marketplace_id: marketplace_id.ok_or_else(|| field("marketplace_id", "an id above 0"))?,
        competitor: row.get("competitor").and_then(Value::as_str).and_then(name).ok_or_else(|| {
            field(
                "competitor",
                "a name of 1 to 64 printable characters that does not begin with =, +, - or @",
            )
        })?,
        price: price.ok_or_else(|| field("price", "a price above 0, up to 1e9"))?,
        seen_at: seen_at
            .ok_or_else(|| field("seen_at", "a day or an instant in ISO 8601 (UTC), not in the future"))?,
    })
}

fn is_absent(row: &Map<String, Value>, key: &str) -> bool {
    row.get(key).is_none_or(|value| value.is_null() || value.as_str() == Some(""))
}

fn number(row: &Map<String, Value>, key: &str) -> Option<f64> {
    let value = row.get(key)?;
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    number.filter(|number: &f64| number.is_finite())
}

/// A name that no spreadsheet takes for a formula.
fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = (1..=LONGEST_NAME).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    (fits && !text.starts_with(['=', '+', '-', '@'])).then(|| text.to_owned())
}

fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp()))
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Array(_) | Value::Object(_)) => "array".to_owned(),
        Some(other) => other.to_string().chars().take(80).collect(),
    }
}

/// Keeps them, all or none: the newest price of each competitor for each product and marketplace. Returns how many rows were taken.
pub fn record(database: &Database, prices: &[CompetitorPrice]) -> Result<usize> {
    let mut connection = database.connection()?;
    let marketplaces: HashSet<u32> =
        rows::all(&mut connection, "SELECT marketplace_id FROM meschain_marketplaces", ())?
            .into_iter()
            .collect();
    let mut ids: Vec<u32> = prices.iter().map(|one| one.product_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut products: HashSet<u32> = HashSet::new();
    for ids in ids.chunks(BATCH) {
        let marks = vec!["?"; ids.len()].join(", ");
        let sql =
            format!("SELECT product_id FROM {} WHERE product_id IN ({marks})", database.table("product"));
        let cells = ids.iter().map(|id| Cell::from(*id)).collect();
        products.extend(rows::all::<u32>(&mut connection, &sql, Params::Positional(cells))?);
    }
    for (at, one) in prices.iter().enumerate() {
        let known = [
            ("product_id", one.product_id, &products),
            ("marketplace_id", one.marketplace_id, &marketplaces),
        ];
        if let Some((key, id, _)) = known.into_iter().find(|(_, id, all)| !all.contains(id)) {
            let expected = format!("an id of the shop's {}s", key.trim_end_matches("_id"));
            return Err(Error::argument(format!("rows[{at}][\"{key}\"]"), expected, id.to_string()));
        }
    }
    let mut transaction = connection.start_transaction(TxOpts::default()).map_err(fault)?;
    for batch in prices.chunks(BATCH) {
        let rows = vec!["(?, ?, ?, ?, ?)"; batch.len()].join(", ");
        // What was seen earlier than what is kept changes nothing.
        let sql = format!(
            "INSERT INTO meschain_competitor_prices (product_id, marketplace_id, competitor, price, seen_at) VALUES {rows} \
             ON DUPLICATE KEY UPDATE price = IF(VALUES(seen_at) >= seen_at, VALUES(price), price), \
             seen_at = GREATEST(seen_at, VALUES(seen_at))"
        );
        transaction
            .exec_drop(sql, Params::Positional(batch.iter().flat_map(cells).collect()))
            .map_err(fault)?;
    }
    transaction.commit().map_err(fault)?;
    Ok(prices.len())
}

fn cells(one: &CompetitorPrice) -> [Cell; 5] {
    [
        Cell::from(one.product_id),
        Cell::from(one.marketplace_id),
        Cell::from(one.competitor.as_str()),
        Cell::from(format!("{:.4}", one.price)),
        Cell::from(one.seen_at.strftime("%Y-%m-%d %H:%M:%S").to_string()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::Progress;
    use meschain_testkit::mariadb;
    use serde_json::json;

    fn now() -> Timestamp {
        "2026-11-26T12:00:00Z".parse().unwrap()
    }

    fn shop(name: &str) -> Database {
        let database = Database::main(&mariadb().fresh(name)).unwrap();
        let catalogue = "CREATE TABLE oc_product (product_id int PRIMARY KEY)";
        for statement in [catalogue, "INSERT INTO oc_product VALUES (1), (2)"] {
            rows::change(&mut database.connection().unwrap(), statement, ()).unwrap();
        }
        meschain_shop::migrations::migrate(&database, false, &Progress::silent()).unwrap();
        database
    }

    fn named(error: Error) -> String {
        match error {
            Error::Argument { name, .. } => name,
            other => panic!("{other:?}"),
        }
    }

    fn kept(database: &Database) -> Vec<(u32, u32, String, f64, String)> {
        let sql = "SELECT product_id, marketplace_id, competitor, CAST(price AS DOUBLE), DATE_FORMAT(seen_at, '%Y-%m-%d %H:%i') \
                   FROM meschain_competitor_prices ORDER BY product_id, marketplace_id, competitor";
        rows::all(&mut database.connection().unwrap(), sql, ()).unwrap()
    }

    #[test]
    fn rows_come_as_numbers_or_as_text() {
        let given = json!([
            { "product_id": "7", "competitor": " Çarşı ", "price": "19.90", "seen_at": "2026-11-25 10:30:00" },
            { "product_id": 8, "marketplace_id": 2, "competitor": "B", "price": 5, "seen_at": "" },
        ]);
        let found = parse(&given, now()).unwrap();
        assert_eq!((found[0].product_id, found[0].marketplace_id, found[0].price), (7, 1, 19.9));
        assert_eq!(
            (found[0].competitor.as_str(), found[0].seen_at.to_string()),
            ("Çarşı", "2026-11-25T10:30:00Z".to_owned())
        );
        assert_eq!((found[1].marketplace_id, found[1].seen_at), (2, now()));
    }

    #[test]
    fn the_first_row_that_does_not_fit_is_named() {
        let fits = json!({ "product_id": 1, "competitor": "A", "price": 1.0 });
        let with = |key: &str, value: Value| {
            let mut row = fits.clone();
            row[key] = value;
            parse(&json!([fits, row]), now()).unwrap_err()
        };
        for (key, value) in [
            ("product_id", json!(0)),
            ("product_id", json!("1.5")),
            ("marketplace_id", json!("x")),
            ("competitor", json!("=SUM(A1)")),
            ("competitor", json!(" ")),
            ("competitor", json!("a\nb")),
            ("competitor", json!("x".repeat(65))),
            ("price", json!("NaN")),
            ("price", json!(-1)),
            ("price", json!("1,50")),
            ("seen_at", json!("yesterday")),
            ("seen_at", json!("2026-11-27")),
        ] {
            let said = with(key, value.clone());
            assert_eq!(named(said), format!("rows[1][\"{key}\"]"), "{value}");
        }
        assert_eq!(named(with("colour", json!("red"))), "rows[1]");
        assert!(parse(&json!([]), now()).is_err() && parse(&json!({}), now()).is_err());
        assert!(parse(&Value::Array(vec![fits.clone(); MOST_ROWS + 1]), now()).is_err());
    }

    #[test]
    fn the_newest_price_of_a_competitor_is_kept_and_all_rows_or_none() {
        let database = shop("competitors");
        let take = |rows: Value| record(&database, &parse(&rows, now()).unwrap());
        let row = |product: u32, price: f64, day: &str| json!({ "product_id": product, "competitor": "A", "price": price, "seen_at": day });
        assert_eq!(take(json!([row(1, 10.0, "2026-11-20"), row(2, 8.0, "2026-11-20")])).unwrap(), 2);
        assert_eq!(take(json!([row(1, 11.0, "2026-11-22"), row(2, 9.0, "2026-11-19")])).unwrap(), 2);
        let at = |day: &str| format!("2026-11-{day} 00:00");
        let expected = [(1, 1, "A".to_owned(), 11.0, at("22")), (2, 1, "A".to_owned(), 8.0, at("20"))];
        assert_eq!(kept(&database), expected);
        let unknown = take(json!([row(1, 5.0, "2026-11-23"), row(3, 5.0, "2026-11-23")])).unwrap_err();
        assert_eq!(named(unknown), "rows[1][\"product_id\"]");
        let mut elsewhere = row(1, 5.0, "2026-11-23");
        elsewhere["marketplace_id"] = json!(99);
        assert_eq!(named(take(json!([elsewhere])).unwrap_err()), "rows[0][\"marketplace_id\"]");
        assert_eq!(kept(&database), expected);
    }
}
