//! Writes the rows of the file as products, customers, orders and returns.

use super::super::bulk::Inserter;
use super::super::guard::Undo;
use super::super::reference::{Currency, LONG_AGO, Reference, Setup, prepare};
use super::super::rows::{day_value, find_or_add, money_value, time_value};
use super::super::tables::{Buyer, LineRecord, OrderRecord, OrderTables, ReturnRecord};
use super::RetailReport;
use super::classify::{Kind, RowCounts, classify};
use super::read::{Row, Source};
use crate::{Database, fault};
use jiff::civil::DateTime;
use meschain_base::{Error, Money, Progress, Result, money};
use mysql::PooledConn;
use mysql::prelude::Queryable;
use std::collections::{BTreeMap, BTreeSet};

const STORE: (u32, &str, &str) = (0, "Online Retail", "https://retail.example.com/");
const CURRENCY: &str = "GBP";
const COMPLETE: u8 = 5;
/// Orders in one transaction.
const COMMIT_EVERY: usize = 2_000;
/// Days before the last one whose sales stand in for the stock, which the file does not know.
const STOCK_DAYS: i64 = 28;

/// Countries of the file by ISO code; the others get no row of `country`.
const COUNTRIES: [(&str, &str, &str); 36] = [
    ("United Kingdom", "GB", "GBR"),
    ("France", "FR", "FRA"),
    ("Australia", "AU", "AUS"),
    ("Netherlands", "NL", "NLD"),
    ("Germany", "DE", "DEU"),
    ("Norway", "NO", "NOR"),
    ("EIRE", "IE", "IRL"),
    ("Switzerland", "CH", "CHE"),
    ("Spain", "ES", "ESP"),
    ("Poland", "PL", "POL"),
    ("Portugal", "PT", "PRT"),
    ("Italy", "IT", "ITA"),
    ("Belgium", "BE", "BEL"),
    ("Lithuania", "LT", "LTU"),
    ("Japan", "JP", "JPN"),
    ("Iceland", "IS", "ISL"),
    ("Channel Islands", "JE", "JEY"),
    ("Denmark", "DK", "DNK"),
    ("Cyprus", "CY", "CYP"),
    ("Sweden", "SE", "SWE"),
    ("Austria", "AT", "AUT"),
    ("Israel", "IL", "ISR"),
    ("Finland", "FI", "FIN"),
    ("Bahrain", "BH", "BHR"),
    ("Greece", "GR", "GRC"),
    ("Hong Kong", "HK", "HKG"),
    ("Singapore", "SG", "SGP"),
    ("Lebanon", "LB", "LBN"),
    ("United Arab Emirates", "AE", "ARE"),
    ("Saudi Arabia", "SA", "SAU"),
    ("Czech Republic", "CZ", "CZE"),
    ("Canada", "CA", "CAN"),
    ("Brazil", "BR", "BRA"),
    ("USA", "US", "USA"),
    ("Malta", "MT", "MLT"),
    ("RSA", "ZA", "ZAF"),
];

/// Loads everything and counts it.
pub(super) fn load(
    database: &Database,
    source: &Source,
    undo: &Undo,
    installed: bool,
    progress: &Progress,
) -> Result<RetailReport> {
    let kinds = classify(source);
    let mut conn = database.connection()?;
    let conn = &mut conn;
    conn.query_drop("SET SESSION unique_checks = 0, SESSION foreign_key_checks = 0").map_err(fault)?;
    let pound = Currency { code: CURRENCY, title: "Pound Sterling", left: "£", right: "", value: 1.0 };
    let setup = Setup {
        name: STORE.1,
        url: STORE.2,
        currencies: &[pound],
        country: ("GB", "GBR", "United Kingdom"),
        default_language: "en-gb",
        installed,
    };
    let reference = prepare(database, conn, &setup)?;
    let mut loader = Loader::new(database, source, &kinds, undo, reference, conn)?;
    conn.query_drop("START TRANSACTION").map_err(fault)?;
    progress.stage("catalogue", 0)?;
    loader.products(conn)?;
    loader.orders(conn, progress)?;
    loader.returns(conn, progress)?;
    loader.tables.flush(conn)?;
    conn.query_drop("COMMIT").map_err(fault)?;
    Ok(loader.report())
}

/// What of an order a later return may come from.
struct Sold {
    order_id: u32,
    at: DateTime,
    left: i32,
}

struct Loader<'a> {
    database: &'a Database,
    source: &'a Source,
    kinds: &'a [Kind],
    reference: Reference,
    tables: OrderTables,
    product_base: u32,
    customer_base: u32,
    order_base: u32,
    /// Names by code; empty for codes that are no product.
    names: Vec<String>,
    country_ids: Vec<u32>,
    written_customers: BTreeSet<u32>,
    /// By customer and code, in order of time.
    sold: BTreeMap<(u32, u32), Vec<Sold>>,
    counts: RetailReport,
    revenue: i128,
}

impl<'a> Loader<'a> {
    fn new(
        database: &'a Database,
        source: &'a Source,
        kinds: &'a [Kind],
        undo: &Undo,
        reference: Reference,
        conn: &mut PooledConn,
    ) -> Result<Self> {
        let country_ids = countries(database, conn, source)?;
        Ok(Self {
            database,
            source,
            kinds,
            reference,
            tables: OrderTables::new(database, conn)?,
            product_base: undo.base("product"),
            customer_base: undo.base("customer"),
            order_base: undo.base("order"),
            names: vec![String::new(); source.codes.len()],
            country_ids,
            written_customers: BTreeSet::new(),
            sold: BTreeMap::new(),
            counts: tally(source, kinds),
            revenue: 0,
        })
    }

    fn rows_of(&self, wanted: impl Fn(Kind) -> bool) -> impl Iterator<Item = &'a Row> {
        self.source.rows.iter().zip(self.kinds).filter(move |(_, kind)| wanted(**kind)).map(|(row, _)| row)
    }

    fn product_id(&self, code: u32) -> u32 {
        self.product_base + code + 1
    }

    /// Every code with a sale, gift or return is a product. Its price is the one most often paid, its stock what the last
    /// four weeks sold: the file has neither.
    fn products(&mut self, conn: &mut PooledConn) -> Result<()> {
        let mut prices: Vec<BTreeMap<i64, u32>> = vec![BTreeMap::new(); self.source.codes.len()];
        let mut recent: Vec<i64> = vec![0; self.source.codes.len()];
        let mut first: Vec<Option<DateTime>> = vec![None; self.source.codes.len()];
        let goods = |kind| matches!(kind, Kind::Sale | Kind::Gift | Kind::Return | Kind::UnmarkedReturn);
        let end = self.source.rows.iter().map(|row| row.at).max().unwrap_or(LONG_AGO);
        for row in self.rows_of(goods) {
            let at = row.code as usize;
            if let (Some(prices), true) = (prices.get_mut(at), row.quantity > 0) {
                *prices.entry(row.price.raw()).or_default() += 1;
            }
            if let Some(first) = first.get_mut(at) {
                *first = Some(first.map_or(row.at, |first| first.min(row.at)));
            }
            let age = end.duration_since(row.at).as_hours() / 24;
            if let (Some(recent), true) = (recent.get_mut(at), row.quantity > 0 && age < STOCK_DAYS) {
                *recent += i64::from(row.quantity);
            }
        }
        let category = self.category(conn)?;
        let mut rows = ProductTables::new(self.database, conn)?;
        for (code, first) in first.into_iter().enumerate() {
            let Some(first) = first else { continue };
            let id = self.product_id(code as u32);
            let name = self.source.name(code);
            let often =
                prices.get(code).into_iter().flatten().max_by_key(|(price, times)| (**times, -**price));
            let price = often.map_or(Money::ZERO, |(price, _)| Money::from_raw(*price));
            let stock = recent.get(code).copied().unwrap_or(0);
            let model = self.source.codes.get(code).map_or("", String::as_str);
            rows.add(conn, &self.reference, category, id, model, &name, price, stock, first)?;
            if let Some(slot) = self.names.get_mut(code) {
                *slot = name;
            }
            self.counts.products += 1;
        }
        rows.flush(conn)
    }

    /// The file has no categories: one holds everything.
    fn category(&mut self, conn: &mut PooledConn) -> Result<u32> {
        use super::super::rows::{add, highest};
        let id = highest(self.database, conn, "category", "category_id")? + 1;
        let added = time_value(LONG_AGO);
        let cells = [
            ("category_id", id.into()),
            ("top", 1.into()),
            ("column", 1.into()),
            ("status", 1.into()),
            ("date_added", added.clone()),
            ("date_modified", added),
        ];
        add(self.database, conn, "category", &cells)?;
        for (language, name) in
            [(self.reference.english, "All products"), (self.reference.turkish, "Tüm ürünler")]
        {
            let cells = [
                ("category_id", id.into()),
                ("language_id", language.into()),
                ("name", name.into()),
                ("meta_title", name.into()),
            ];
            add(self.database, conn, "category_description", &cells)?;
        }
        add(
            self.database,
            conn,
            "category_path",
            &[("category_id", id.into()), ("path_id", id.into()), ("level", 0.into())],
        )?;
        add(self.database, conn, "category_to_store", &[("category_id", id.into()), ("store_id", 0.into())])?;
        Ok(id)
    }

    fn orders(&mut self, conn: &mut PooledConn, progress: &Progress) -> Result<()> {
        let of_order = |kind| matches!(kind, Kind::Sale | Kind::Gift | Kind::Shipping | Kind::Handling);
        let mut by_invoice: BTreeMap<u32, Vec<(&Row, Kind)>> = BTreeMap::new();
        for (row, kind) in self.source.rows.iter().zip(self.kinds).filter(|(_, kind)| of_order(**kind)) {
            by_invoice.entry(row.invoice).or_default().push((row, *kind));
        }
        let earliest = |rows: &[(&Row, Kind)]| rows.iter().map(|(row, _)| row.at).min().unwrap_or(LONG_AGO);
        let mut invoices: Vec<_> =
            by_invoice.into_iter().map(|(invoice, rows)| (earliest(&rows), invoice, rows)).collect();
        invoices.sort_by_key(|(at, invoice, _)| (*at, *invoice));
        progress.stage("orders", invoices.len() as u64)?;
        for (at, (placed, invoice, rows)) in invoices.iter().enumerate() {
            let order_id = self.order_base + at as u32 + 1;
            self.order(conn, order_id, *invoice, *placed, rows)?;
            progress.advance(1)?;
            if (at + 1) % COMMIT_EVERY == 0 {
                conn.query_drop("COMMIT").map_err(fault)?;
                conn.query_drop("START TRANSACTION").map_err(fault)?;
            }
        }
        Ok(())
    }

    fn order(
        &mut self,
        conn: &mut PooledConn,
        id: u32,
        invoice: u32,
        placed: DateTime,
        rows: &[(&Row, Kind)],
    ) -> Result<()> {
        let too_much =
            || Error::Limit { what: "amount of an order", limit: i64::MAX as u64, found: u64::from(id) };
        let Some((first, _)) = rows.first() else { return Ok(()) };
        let buyer = self.buyer(first);
        self.customer(conn, &buyer, placed)?;
        let (mut goods, mut shipping, mut handling) = (Money::ZERO, Money::ZERO, Money::ZERO);
        for (row, kind) in rows {
            let amount = row.price.checked_mul(i64::from(row.quantity)).ok_or_else(too_much)?;
            let sum = match kind {
                Kind::Shipping => &mut shipping,
                Kind::Handling => &mut handling,
                _ => {
                    self.line(conn, id, row, amount, buyer.customer_id)?;
                    &mut goods
                }
            };
            *sum = sum.checked_add(amount).ok_or_else(too_much)?;
        }
        let total =
            goods.checked_add(shipping).and_then(|sum| sum.checked_add(handling)).ok_or_else(too_much)?;
        let number = self.source.invoices.get(invoice as usize).map_or("", String::as_str);
        let currency = (self.reference.currencies.first().copied().unwrap_or(0), CURRENCY, 1.0);
        self.tables.order(
            conn,
            &OrderRecord {
                id,
                store: STORE,
                invoice_no: number.parse().unwrap_or(0),
                invoice_prefix: "",
                transaction: number,
                buyer: &buyer,
                payment: "",
                shipping: "",
                comment: "",
                total,
                status: COMPLETE,
                language: (self.reference.english, "en-gb"),
                currency,
                placed,
                modified: placed,
            },
        )?;
        self.tables.total(conn, id, "sub_total", "Sub-Total", goods, 1)?;
        for (code, title, amount, sort) in
            [("shipping", "Postage", shipping, 3), ("handling", "Other charges", handling, 4)]
        {
            if amount != Money::ZERO {
                self.tables.total(conn, id, code, title, amount, sort)?;
            }
        }
        self.tables.total(conn, id, "total", "Total", total, 9)?;
        self.tables.history(conn, id, COMPLETE, placed)?;
        self.counts.orders += 1;
        self.counts.guest_orders += u64::from(buyer.customer_id == 0);
        self.counts.orders_with_two_times += u64::from(rows.iter().any(|(row, _)| row.at != placed));
        self.counts.first = Some(self.counts.first.map_or(placed, |first| first.min(placed)));
        self.counts.last = Some(self.counts.last.map_or(placed, |last| last.max(placed)));
        self.revenue += i128::from(total.raw());
        Ok(())
    }

    fn line(
        &mut self,
        conn: &mut PooledConn,
        order_id: u32,
        row: &Row,
        total: Money,
        customer: u32,
    ) -> Result<()> {
        let record = LineRecord {
            order_id,
            product_id: self.product_id(row.code),
            name: self.names.get(row.code as usize).map_or("", String::as_str),
            model: self.source.codes.get(row.code as usize).map_or("", String::as_str),
            units: i64::from(row.quantity),
            price: row.price,
            total,
            tax: Money::ZERO,
        };
        self.tables.line(conn, &record)?;
        self.counts.lines += 1;
        self.counts.units += u64::from(row.quantity.unsigned_abs());
        if customer > 0 {
            self.sold.entry((customer, row.code)).or_default().push(Sold {
                order_id,
                at: row.at,
                left: row.quantity,
            });
        }
        Ok(())
    }

    /// Cancelled lines as returns, traced to the customer's latest earlier order of the product that still has units left.
    fn returns(&mut self, conn: &mut PooledConn, progress: &Progress) -> Result<()> {
        let mut rows: Vec<&Row> =
            self.rows_of(|kind| matches!(kind, Kind::Return | Kind::UnmarkedReturn)).collect();
        rows.sort_by_key(|row| (row.at, row.invoice));
        progress.stage("returns", rows.len() as u64)?;
        for row in rows {
            let buyer = self.buyer(row);
            self.customer(conn, &buyer, row.at)?;
            let units = row.quantity.saturating_abs();
            let origin = self.trace(buyer.customer_id, row, units);
            let record = ReturnRecord {
                order_id: origin.map_or(0, |(order, _)| order),
                product_id: self.product_id(row.code),
                buyer: &buyer,
                name: self.names.get(row.code as usize).map_or("", String::as_str),
                model: self.source.codes.get(row.code as usize).map_or("", String::as_str),
                units: i64::from(units),
                opened: false,
                reason: 5,
                action: 1,
                status: 3,
                comment: self.source.invoices.get(row.invoice as usize).map_or("", String::as_str),
                ordered: origin.map_or(row.at, |(_, at)| at),
                returned: row.at,
            };
            self.tables.returned(conn, &record)?;
            self.counts.returns += 1;
            self.counts.returns_with_order += u64::from(origin.is_some());
            progress.advance(1)?;
        }
        Ok(())
    }

    fn trace(&mut self, customer: u32, row: &Row, units: i32) -> Option<(u32, DateTime)> {
        let sold = self.sold.get_mut(&(customer, row.code))?;
        let best = sold.iter_mut().rev().find(|sold| sold.at <= row.at && sold.left > 0)?;
        best.left = best.left.saturating_sub(units);
        Some((best.order_id, best.at))
    }

    /// The customer number of the file is the customer id here, after the highest there was.
    fn buyer(&self, row: &Row) -> Buyer {
        let country = self.source.countries.get(usize::from(row.country)).cloned().unwrap_or_default();
        let known = row.customer > 0;
        Buyer {
            customer_id: if known { self.customer_base.saturating_add(row.customer) } else { 0 },
            group: self.reference.customer_group,
            first: if known { "Customer" } else { "Guest" }.to_owned(),
            last: if known { row.customer.to_string() } else { String::new() },
            email: if known {
                format!("customer-{}@example.com", row.customer)
            } else {
                "guest@example.com".to_owned()
            },
            country,
            country_id: self.country_ids.get(usize::from(row.country)).copied().unwrap_or(0),
            ..Buyer::default()
        }
    }

    fn customer(&mut self, conn: &mut PooledConn, buyer: &Buyer, seen: DateTime) -> Result<()> {
        if buyer.customer_id == 0 || !self.written_customers.insert(buyer.customer_id) {
            return Ok(());
        }
        self.counts.customers += 1;
        self.tables.customer(conn, buyer, STORE.0, self.reference.english, seen)
    }

    fn report(mut self) -> RetailReport {
        self.counts.revenue = money::format_raw_i128(self.revenue);
        self.counts
    }
}

/// Counts of the file itself.
fn tally(source: &Source, kinds: &[Kind]) -> RetailReport {
    let mut counts = RowCounts::default();
    kinds.iter().for_each(|kind| counts.add(*kind));
    RetailReport {
        rows: source.rows.len() as u64 + source.unreadable,
        kinds: counts,
        unreadable: source.unreadable,
        first_unreadable_line: source.first_unreadable_line,
        duplicates: source.duplicates,
        anonymous: source.rows.iter().filter(|row| row.customer == 0).count() as u64,
        folded_codes: source.folded_codes,
        orders_with_two_times: 0,
        products: 0,
        customers: 0,
        orders: 0,
        guest_orders: 0,
        lines: 0,
        units: 0,
        returns: 0,
        returns_with_order: 0,
        revenue: String::new(),
        first: None,
        last: None,
        tables_created: 0,
        seconds: 0.0,
    }
}

fn countries(database: &Database, conn: &mut PooledConn, source: &Source) -> Result<Vec<u32>> {
    let mut ids = Vec::new();
    for name in &source.countries {
        let Some((_, iso2, iso3)) = COUNTRIES.iter().find(|(known, ..)| known == name) else {
            ids.push(0);
            continue;
        };
        let rest = [
            ("name", name.as_str().into()),
            ("iso_code_3", (*iso3).into()),
            ("address_format_id", 1.into()),
            ("status", 1.into()),
        ];
        ids.push(find_or_add(
            database,
            conn,
            "country",
            "country_id",
            &[("iso_code_2", (*iso2).into())],
            &rest,
        )?);
    }
    Ok(ids)
}

struct ProductTables {
    product: Inserter,
    text: Inserter,
    category: Inserter,
    store: Inserter,
}

impl ProductTables {
    fn new(database: &Database, conn: &mut PooledConn) -> Result<Self> {
        let mut table = |name: &str, columns: &[&str]| Inserter::new(database, conn, name, columns);
        let product = [
            "product_id",
            "model",
            "sku",
            "quantity",
            "stock_status_id",
            "price",
            "weight_class_id",
            "length_class_id",
            "status",
            "date_available",
            "date_added",
            "date_modified",
        ];
        Ok(Self {
            product: table("product", &product)?,
            text: table("product_description", &["product_id", "language_id", "name", "meta_title"])?,
            category: table("product_to_category", &["product_id", "category_id"])?,
            store: table("product_to_store", &["product_id", "store_id"])?,
        })
    }

    #[allow(clippy::too_many_arguments)]
    fn add(
        &mut self,
        conn: &mut PooledConn,
        reference: &Reference,
        category: u32,
        id: u32,
        model: &str,
        name: &str,
        price: Money,
        stock: i64,
        first: DateTime,
    ) -> Result<()> {
        let cells = [
            id.into(),
            model.into(),
            model.into(),
            stock.min(i64::from(i32::MAX)).into(),
            if stock > 0 { 7 } else { 5 }.into(),
            money_value(price),
            reference.weight_class.into(),
            reference.length_class.into(),
            1.into(),
            day_value(first.date()),
            time_value(first),
            time_value(first),
        ];
        self.product.push(conn, cells)?;
        // The descriptions are English; the Turkish pages show them too rather than nothing.
        for language in [reference.english, reference.turkish] {
            self.text.push(conn, [id.into(), language.into(), name.into(), name.into()])?;
        }
        self.category.push(conn, [id.into(), category.into()])?;
        self.store.push(conn, [id.into(), 0.into()])
    }

    fn flush(&mut self, conn: &mut PooledConn) -> Result<()> {
        [&mut self.product, &mut self.text, &mut self.category, &mut self.store]
            .into_iter()
            .try_for_each(|rows| rows.flush(conn))
    }
}
