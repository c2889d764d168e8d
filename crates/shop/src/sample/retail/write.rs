//! Writes the rows of the file as products, customers, orders and returns.

use super::super::guard::Undo;
use super::super::reference::{Currency, LONG_AGO, Reference, Setup, prepare};
use super::super::tables::{Buyer, LineRecord, OrderRecord, OrderTables, ReturnRecord};
use super::RetailReport;
use super::classify::{Kind, RowCounts, classify};
use super::countries::countries;
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

    fn products(&mut self, conn: &mut PooledConn) -> Result<()> {
        let (source, kinds) = (self.source, self.kinds);
        self.names =
            super::goods::products(self.database, conn, source, kinds, &self.reference, self.product_base)?;
        self.counts.products = self.names.iter().filter(|name| !name.is_empty()).count() as u64;
        Ok(())
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
