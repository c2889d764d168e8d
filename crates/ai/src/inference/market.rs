//! What the database knows about the prices of products, read for one product or for a run of them at once.

use meschain_base::{Error, Result};
use meschain_shop::mysql::PooledConn;
use meschain_shop::{Database, rows};
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// The shop's own marketplace id.
pub(crate) const OWN_SHOP: u32 = 1;

/// Which facts count, and which of them a price may not be set without.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted {
    /// Whose fees and competitors.
    pub marketplace_id: u32,
    /// Competitors bound the price.
    pub guard: bool,
    /// Prices end as the shop wants it.
    pub ending: bool,
    /// Categories, for products that the model has not seen.
    pub categories: bool,
}

/// What competitors ask, by product.
type Competitors = HashMap<u32, Vec<f64>>;

/// The facts, by product.
#[derive(Debug, Default)]
pub(crate) struct Market {
    /// The marketplace's share of the price with tax.
    pub commission: f64,
    /// What it takes for each unit.
    pub fixed_fee: f64,
    /// Whether shoppers see prices with tax.
    pub shows_tax: bool,
    competitors: Competitors,
    tax_rates: HashMap<u32, f64>,
    changed_at: HashMap<u32, i64>,
    categories: HashMap<u32, Vec<u64>>,
}

impl Market {
    /// Reads them for all products from the first to the last id of `ids`. Without a database, or with one that does not answer, there
    /// are none, unless a rule cannot be kept without them.
    pub(crate) fn read(
        database: Option<&Database>,
        ids: RangeInclusive<u32>,
        wanted: &Wanted,
    ) -> Result<Self> {
        let Some(database) = database else { return Ok(Self::default()) };
        let needed = wanted.marketplace_id != OWN_SHOP || wanted.guard || wanted.ending;
        let found = database.reader().and_then(|mut connection| of(database, &mut connection, ids, wanted));
        match found {
            Err(_) if !needed => Ok(Self::default()),
            other => other,
        }
    }

    /// What competitors asked for a product in the last thirty days, with tax.
    pub(crate) fn competitors(&self, product_id: u32) -> &[f64] {
        self.competitors.get(&product_id).map_or(&[], Vec::as_slice)
    }

    /// The rate of tax on a product; 0 where it has none or nothing asked for it.
    pub(crate) fn tax_rate(&self, product_id: u32) -> f64 {
        self.tax_rates.get(&product_id).copied().unwrap_or(0.0)
    }

    /// When MesChain last wrote a price of this product, in epoch seconds.
    pub(crate) fn changed_at(&self, product_id: u32) -> Option<i64> {
        self.changed_at.get(&product_id).copied()
    }

    /// A product's deepest category, then those above it.
    pub(crate) fn categories(&self, product_id: u32) -> &[u64] {
        self.categories.get(&product_id).map_or(&[], Vec::as_slice)
    }
}

fn of(
    database: &Database,
    connection: &mut PooledConn,
    ids: RangeInclusive<u32>,
    wanted: &Wanted,
) -> Result<Market> {
    let mut market = Market::default();
    let (from, to) = (*ids.start(), *ids.end());
    if wanted.marketplace_id != OWN_SHOP {
        (market.commission, market.fixed_fee) = fees(connection, wanted.marketplace_id)?;
    }
    (market.competitors, market.changed_at) = prices(connection, (from, to), wanted.marketplace_id)?;
    if wanted.ending {
        market.shows_tax = shows_tax(database, connection)?;
    }
    if market.commission > 0.0 || !market.competitors.is_empty() || market.shows_tax {
        market.tax_rates = tax_rates(database, connection, (from, to))?;
    }
    if wanted.categories {
        market.categories = categories(database, connection, (from, to))?;
    }
    Ok(market)
}

/// Commission (ratio) and fixed fee of a marketplace.
fn fees(connection: &mut PooledConn, marketplace_id: u32) -> Result<(f64, f64)> {
    let sql = "SELECT CAST(commission_rate AS DOUBLE), CAST(fixed_fee AS DOUBLE) FROM meschain_marketplaces \
               WHERE marketplace_id = ?";
    let found: Option<(f64, f64)> = rows::first(connection, sql, (marketplace_id,))?;
    found.ok_or_else(|| Error::NotFound { what: "marketplace", id: marketplace_id.to_string() })
}

/// Competitors' prices of the last thirty days, and when a price suggestion was last written into the catalogue or taken back. In
/// one statement: the way to the server and back costs more than either.
fn prices(
    connection: &mut PooledConn,
    (from, to): (u32, u32),
    marketplace_id: u32,
) -> Result<(Competitors, HashMap<u32, i64>)> {
    let sql = "SELECT product_id, CAST(price AS DOUBLE), NULL FROM meschain_competitor_prices \
               WHERE product_id BETWEEN ? AND ? AND marketplace_id = ? \
               AND seen_at > UTC_TIMESTAMP() - INTERVAL 30 DAY AND price > 0 UNION ALL \
               SELECT product_id, NULL, TIMESTAMPDIFF(SECOND, '1970-01-01', MAX(decided_at)) FROM meschain_ai_suggestions \
               WHERE product_id BETWEEN ? AND ? AND kind = 'price' AND status IN ('applied', 'undoing', 'undone') \
               AND marketplace_id = ? AND decided_at IS NOT NULL GROUP BY product_id";
    let (mut asked, mut changed) = (Competitors::new(), HashMap::new());
    let values = (from, to, marketplace_id, from, to, marketplace_id);
    let all: Vec<(u32, Option<f64>, Option<i64>)> = rows::all(connection, sql, values)?;
    for (product, price, at) in all {
        if let Some(price) = price {
            asked.entry(product).or_default().push(price);
        }
        if let Some(at) = at {
            changed.insert(product, at);
        }
    }
    Ok((asked, changed))
}

/// Whether the shop shows its prices with tax (`config_tax`).
fn shows_tax(database: &Database, connection: &mut PooledConn) -> Result<bool> {
    let setting = database.table("setting");
    let sql = format!("SELECT value FROM {setting} WHERE store_id = 0 AND `key` = 'config_tax' LIMIT 1");
    let found: Option<Option<String>> = rows::first(connection, &sql, ())?;
    Ok(found.flatten().is_some_and(|value| !matches!(value.as_str(), "" | "0")))
}

/// The largest percentage of each product's tax class, whatever the zone.
fn tax_rates(
    database: &Database,
    connection: &mut PooledConn,
    range: (u32, u32),
) -> Result<HashMap<u32, f64>> {
    let [product, rule, rate] = ["product", "tax_rule", "tax_rate"].map(|name| database.table(name));
    let sql = format!(
        "SELECT p.product_id, c.rate FROM {product} p JOIN (SELECT u.tax_class_id, CAST(MAX(r.rate) AS DOUBLE) / 100 AS rate \
         FROM {rule} u JOIN {rate} r USING (tax_rate_id) WHERE r.type = 'P' GROUP BY u.tax_class_id) c USING (tax_class_id) \
         WHERE p.product_id BETWEEN ? AND ?"
    );
    let found: Vec<(u32, Option<f64>)> = rows::all(connection, &sql, range)?;
    Ok(found.into_iter().map(|(id, rate)| (id, rate.unwrap_or(0.0).clamp(0.0, 1.0))).collect())
}

/// The deepest category of each product (of equally deep ones the first, as in training), followed by those above it.
fn categories(
    database: &Database,
    connection: &mut PooledConn,
    range: (u32, u32),
) -> Result<HashMap<u32, Vec<u64>>> {
    let [place, path] = ["product_to_category", "category_path"].map(|name| database.table(name));
    let sql = format!(
        "SELECT p.product_id, p.category_id, c.path_id, c.level FROM {place} p JOIN {path} c USING (category_id) \
         WHERE p.product_id BETWEEN ? AND ? ORDER BY p.product_id, p.category_id, c.level DESC"
    );
    let all: Vec<(u32, u64, u64, u32)> = rows::all(connection, &sql, range)?;
    let mut found: HashMap<u32, Vec<u64>> = HashMap::new();
    let same = |a: &(u32, u64, u64, u32), b: &(u32, u64, u64, u32)| (a.0, a.1) == (b.0, b.1);
    for one in all.chunk_by(same) {
        let Some((product, ..)) = one.first() else { continue };
        let ids = one.iter().map(|(_, _, id, _)| *id);
        let kept = found.entry(*product).or_default();
        if one.len() > kept.len() {
            *kept = ids.collect();
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::Progress;
    use meschain_testkit::mariadb;

    fn shop(name: &str) -> Database {
        let database = Database::main(&mariadb().fresh(name)).unwrap();
        let tables = [
            "CREATE TABLE oc_product (product_id int PRIMARY KEY, tax_class_id int)",
            "CREATE TABLE oc_tax_rule (tax_rule_id int PRIMARY KEY, tax_class_id int, tax_rate_id int)",
            "CREATE TABLE oc_tax_rate (tax_rate_id int PRIMARY KEY, rate decimal(15,4), type char(1))",
            "CREATE TABLE oc_setting (setting_id int PRIMARY KEY, store_id int, `key` varchar(64), value text)",
            "CREATE TABLE oc_product_to_category (product_id int, category_id int)",
            "CREATE TABLE oc_category_path (category_id int, path_id int, level int)",
            "INSERT INTO oc_product VALUES (1, 9), (2, 0), (3, 9)",
            "INSERT INTO oc_tax_rule VALUES (1, 9, 1), (2, 9, 2), (3, 9, 3)",
            "INSERT INTO oc_tax_rate VALUES (1, 10, 'P'), (2, 20, 'P'), (3, 50, 'F')",
            "INSERT INTO oc_setting VALUES (1, 0, 'config_tax', '1'), (2, 1, 'config_tax', '0')",
            // 30 under 20 under 10, and 40 under 10.
            "INSERT INTO oc_category_path VALUES (10, 10, 0), (20, 10, 0), (20, 20, 1), (30, 10, 0), (30, 20, 1), (30, 30, 2), \
             (40, 10, 0), (40, 40, 1)",
            "INSERT INTO oc_product_to_category VALUES (1, 10), (1, 40), (1, 20), (3, 30), (3, 10)",
        ];
        for statement in tables {
            rows::change(&mut database.connection().unwrap(), statement, ()).unwrap();
        }
        meschain_shop::migrations::migrate(&database, false, &Progress::silent()).unwrap();
        let ours = [
            "INSERT INTO meschain_competitor_prices VALUES (1, 1, 'A', 12, UTC_TIMESTAMP()), \
             (1, 1, 'B', 11, UTC_TIMESTAMP() - INTERVAL 40 DAY), (1, 2, 'A', 9, UTC_TIMESTAMP()), (3, 1, 'A', 5, UTC_TIMESTAMP())",
            "UPDATE meschain_marketplaces SET commission_rate = 0.15, fixed_fee = 2 WHERE marketplace_id = 2",
            "INSERT INTO meschain_ai_suggestions (kind, product_id, status, before_value, suggested_value, reason, decided_at) VALUES \
             ('price', 1, 'applied', '{}', '{}', '{}', '2026-11-20 00:00:00'), \
             ('price', 1, 'undone', '{}', '{}', '{}', '2026-11-21 00:00:00'), \
             ('price', 1, 'rejected', '{}', '{}', '{}', '2026-11-22 00:00:00'), \
             ('reorder', 2, 'applied', '{}', '{}', '{}', '2026-11-22 00:00:00')",
        ];
        for statement in ours {
            rows::change(&mut database.connection().unwrap(), statement, ()).unwrap();
        }
        database
    }

    fn wanted() -> Wanted {
        Wanted { marketplace_id: 1, guard: true, ending: true, categories: true }
    }

    #[test]
    fn facts_are_those_of_each_product() {
        let database = shop("market");
        let market = Market::read(Some(&database), 1..=2, &wanted()).unwrap();
        assert_eq!(
            (market.competitors(1), market.competitors(2), market.competitors(3)),
            (&[12.0][..], &[][..], &[][..])
        );
        assert_eq!((market.tax_rate(1), market.tax_rate(2), market.shows_tax), (0.2, 0.0, true));
        assert_eq!((market.changed_at(1), market.changed_at(2)), (Some(1_795_219_200), None));
        assert_eq!((market.categories(1), market.categories(2)), (&[20, 10][..], &[][..]));
        let far = Market::read(Some(&database), 3..=3, &wanted()).unwrap();
        assert_eq!(far.categories(3), [30, 20, 10]);
        let elsewhere = Wanted { marketplace_id: 2, ..wanted() };
        let other = Market::read(Some(&database), 1..=3, &elsewhere).unwrap();
        assert_eq!((other.commission, other.fixed_fee, other.competitors(1)), (0.15, 2.0, &[9.0][..]));
        assert_eq!(other.changed_at(1), None, "written on the own shop");
        let nowhere = Wanted { marketplace_id: 77, ..wanted() };
        assert!(matches!(Market::read(Some(&database), 1..=3, &nowhere), Err(Error::NotFound { .. })));
    }

    #[test]
    fn what_no_rule_needs_may_be_missing() {
        let empty = Database::main(&mariadb().fresh("market_empty")).unwrap();
        let free = Wanted { guard: false, ending: false, ..wanted() };
        let market = Market::read(Some(&empty), 1..=9, &free).unwrap();
        assert_eq!((market.competitors(1), market.changed_at(1), market.tax_rate(1)), (&[][..], None, 0.0));
        assert!(Market::read(Some(&empty), 1..=9, &wanted()).is_err());
        assert!(Market::read(None, 1..=9, &wanted()).is_ok());
    }
}
