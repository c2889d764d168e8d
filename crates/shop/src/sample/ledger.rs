//! Writes sales as rows: order, lines, totals, history, customer, origin, coupon and returns.

use super::bulk::Inserter;
use super::customers::{CHANNELS, CURRENCIES, Population};
use super::order::{CANCELLED, REFUNDED};
use super::own_rows::{COMMISSIONS, marketplaces};
use super::people::{City, Person};
use super::product::Product;
use super::reference::Reference;
use super::rows::{columns_of, money_value, time_value};
use super::sales::{Sale, commission, currency_value};
use super::season::shift;
use super::tables::{Buyer, LineRecord, OrderRecord, OrderTables, ReturnRecord};
use crate::{Database, fault};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use meschain_base::{Error, Result};
use mysql::PooledConn;
use mysql::prelude::Queryable;

/// Names and addresses of the two stores.
pub(super) const STORES: [(&str, &str); 2] =
    [("MesChain Market", "https://market.example.com/"), ("MesChain Outlet", "https://outlet.example.com/")];
/// How it is paid for, as OpenCart 4 stores it.
const PAYMENTS: [&str; 3] = [
    r#"{"name":"Kredi Kartı","code":"credit_card.credit_card"}"#,
    r#"{"name":"Havale / EFT","code":"bank_transfer.bank_transfer"}"#,
    r#"{"name":"Kapıda Ödeme","code":"cod.cod"}"#,
];
const SHIPPING: &str = r#"{"name":"Kargo","code":"flat.flat"}"#;
/// Orders in one transaction.
const COMMIT_EVERY: u64 = 4_000;

/// What the ledger refers to.
pub(super) struct Books<'a> {
    pub database: &'a Database,
    pub reference: &'a Reference,
    pub products: &'a [Product],
    pub product_base: u32,
    pub customer_base: u32,
    pub order_base: u32,
    pub second_store: u32,
    /// Zone by city of the names.
    pub zones: Vec<u32>,
    pub coupon: u32,
    pub timezone: TimeZone,
    pub days: &'a [Date],
}

/// Writes one day of sales after the other.
pub(super) struct Ledger<'a> {
    books: Books<'a>,
    tables: OrderTables,
    origin: Option<(Inserter, [u32; CHANNELS.len()])>,
    coupons: Inserter,
    /// Returns by the day they arrive.
    coming: Vec<Vec<Coming>>,
    next_order: u32,
    uncommitted: u64,
    pub with_origin: u64,
}

/// A return that has not arrived yet.
struct Coming {
    second: u32,
    order_id: u32,
    customer: Option<usize>,
    person: Person,
    product: usize,
    units: u32,
    refunded: bool,
    ordered: DateTime,
}

impl<'a> Ledger<'a> {
    /// Opens the tables. Without MesChain's own tables the origin of orders is left out.
    pub fn open(books: Books<'a>, conn: &mut PooledConn) -> Result<Self> {
        let tables = OrderTables::new(books.database, conn)?;
        let columns = ["coupon_id", "order_id", "customer_id", "amount", "date_added"];
        let coupons = Inserter::new(books.database, conn, "coupon_history", &columns)?;
        let origin = origin(books.database, conn)?;
        let coming = books.days.iter().map(|_| Vec::new()).collect();
        let next_order = books.order_base;
        conn.query_drop("START TRANSACTION").map_err(fault)?;
        Ok(Self { books, tables, origin, coupons, coming, next_order, uncommitted: 0, with_origin: 0 })
    }

    /// Whether marketplaces of orders can be written.
    pub fn has_origin(&self) -> bool {
        self.origin.is_some()
    }

    /// Writes the sales of `day` and the returns that arrive on it.
    pub fn day(
        &mut self,
        conn: &mut PooledConn,
        day: usize,
        sales: &[Sale],
        people: &mut Population,
    ) -> Result<()> {
        let date =
            *self.books.days.get(day).ok_or_else(|| Error::internal("sample ledger", "a day too many"))?;
        let midnight = start_of_day(date, &self.books.timezone)?;
        for sale in sales {
            self.sale(conn, sale, date, midnight, people)?;
        }
        self.arrived(conn, day, midnight, people)?;
        self.uncommitted += sales.len() as u64;
        if self.uncommitted >= COMMIT_EVERY {
            conn.query_drop("COMMIT").map_err(fault)?;
            conn.query_drop("START TRANSACTION").map_err(fault)?;
            self.uncommitted = 0;
        }
        Ok(())
    }

    /// Writes what is held and ends the transaction.
    pub fn close(&mut self, conn: &mut PooledConn) -> Result<()> {
        self.tables.flush(conn)?;
        self.coupons.flush(conn)?;
        if let Some((rows, _)) = &mut self.origin {
            rows.flush(conn)?;
        }
        conn.query_drop("COMMIT").map_err(fault)
    }

    fn sale(
        &mut self,
        conn: &mut PooledConn,
        sale: &Sale,
        date: Date,
        midnight: DateTime,
        people: &mut Population,
    ) -> Result<()> {
        self.next_order += 1;
        let id = self.next_order;
        let placed = after(midnight, i64::from(sale.second))?;
        let buyer = self.buyer(sale.customer, &sale.person, people);
        let store = usize::from(sale.second_store);
        let store_id = if sale.second_store { self.books.second_store } else { 0 };
        let language = if sale.english {
            (self.books.reference.english, "en-gb")
        } else {
            (self.books.reference.turkish, "tr-tr")
        };
        self.customer(conn, sale.customer, &buyer, store_id, language.0, placed, people)?;
        let modified = sale.course.last().map_or(Ok(placed), |(_, seconds)| after(placed, *seconds))?;
        let currency = CURRENCIES.get(sale.currency).map_or("TRY", |(code, _)| *code);
        let number = sale
            .channel
            .checked_sub(1)
            .map(|_| format!("{}-{id:010}", CHANNELS.get(sale.channel).map_or("", |c| c.0)));
        let (name, url) = STORES.get(store).copied().unwrap_or(STORES[0]);
        self.tables.order(
            conn,
            &OrderRecord {
                id,
                store: (store_id, name, url),
                invoice_no: if sale.course.is_empty() { 0 } else { id - self.books.order_base },
                invoice_prefix: "INV-",
                transaction: number.as_deref().unwrap_or(""),
                buyer: &buyer,
                payment: PAYMENTS.get(id as usize % 7 / 3).copied().unwrap_or(PAYMENTS[0]),
                shipping: SHIPPING,
                comment: "",
                total: sale.totals.total,
                status: sale.status(),
                language,
                currency: (
                    self.books.reference.currencies.get(sale.currency).copied().unwrap_or(0),
                    currency,
                    currency_value(sale.currency, date),
                ),
                placed,
                modified,
            },
        )?;
        self.lines(conn, id, sale)?;
        self.totals(conn, id, sale)?;
        for (status, seconds) in &sale.course {
            self.tables.history(conn, id, *status, after(placed, *seconds)?)?;
        }
        self.origin_and_coupon(conn, id, sale, number, buyer.customer_id, placed)?;
        for (at, units, day, second) in &sale.returns {
            let (Some(line), Some(coming)) = (sale.lines.get(*at), self.coming.get_mut(*day)) else {
                continue;
            };
            coming.push(Coming {
                second: *second,
                order_id: id,
                customer: sale.customer,
                person: sale.person,
                product: line.product,
                units: *units,
                refunded: sale.status() == REFUNDED,
                ordered: placed,
            });
        }
        Ok(())
    }

    fn lines(&mut self, conn: &mut PooledConn, order_id: u32, sale: &Sale) -> Result<()> {
        for line in &sale.lines {
            let Some(product) = self.books.products.get(line.product) else { continue };
            let record = LineRecord {
                order_id,
                product_id: self.books.product_base + line.product as u32 + 1,
                name: if sale.english { &product.name_en } else { &product.name_tr },
                model: &product.model,
                units: i64::from(line.units),
                price: line.price,
                total: line.total,
                tax: line.tax,
            };
            self.tables.line(conn, &record)?;
        }
        Ok(())
    }

    fn totals(&mut self, conn: &mut PooledConn, id: u32, sale: &Sale) -> Result<()> {
        let totals = &sale.totals;
        let word = |en: &'static str, tr: &'static str| if sale.english { en } else { tr };
        self.tables.total(conn, id, "sub_total", word("Sub-Total", "Ara Toplam"), totals.sub_total, 1)?;
        if let Some(shipping) = totals.shipping {
            self.tables.total(conn, id, "shipping", word("Shipping", "Kargo"), shipping, 3)?;
        }
        if let Some(coupon) = totals.coupon {
            self.tables.total(
                conn,
                id,
                "coupon",
                word("Coupon (HOSGELDIN10)", "Kupon (HOSGELDIN10)"),
                coupon,
                4,
            )?;
        }
        for (rate, tax) in &totals.taxes {
            self.tables.total(conn, id, "tax", &format!("KDV %{rate}"), *tax, 5)?;
        }
        self.tables.total(conn, id, "total", word("Total", "Toplam"), totals.total, 9)
    }

    fn origin_and_coupon(
        &mut self,
        conn: &mut PooledConn,
        id: u32,
        sale: &Sale,
        number: Option<String>,
        customer: u32,
        placed: DateTime,
    ) -> Result<()> {
        if let (Some(coupon), true) = (sale.totals.coupon, sale.status() != CANCELLED) {
            let cells = [
                self.books.coupon.into(),
                id.into(),
                customer.into(),
                money_value(coupon),
                time_value(placed),
            ];
            self.coupons.push(conn, cells)?;
        }
        let (Some((rows, ids)), false) = (&mut self.origin, sale.course.is_empty()) else { return Ok(()) };
        let marketplace = ids.get(sale.channel).copied().unwrap_or(1);
        let kept = commission(sale, &COMMISSIONS);
        rows.push(
            conn,
            [id.into(), marketplace.into(), number.into(), money_value(kept), time_value(placed)],
        )?;
        self.with_origin += 1;
        Ok(())
    }

    fn arrived(
        &mut self,
        conn: &mut PooledConn,
        day: usize,
        midnight: DateTime,
        people: &Population,
    ) -> Result<()> {
        let mut coming = self.coming.get_mut(day).map(std::mem::take).unwrap_or_default();
        coming.sort_by_key(|one| (one.second, one.order_id, one.product));
        for one in coming {
            let Some(product) = self.books.products.get(one.product) else { continue };
            let buyer = self.buyer(one.customer, &one.person, people);
            let recent = day + 5 > self.books.days.len();
            let record = ReturnRecord {
                order_id: one.order_id,
                product_id: self.books.product_base + one.product as u32 + 1,
                buyer: &buyer,
                name: &product.name_tr,
                model: &product.model,
                units: i64::from(one.units),
                opened: one.second.is_multiple_of(2),
                reason: 1 + one.second % 5,
                action: if recent && !one.refunded { 0 } else { 1 },
                status: if recent && !one.refunded { 1 } else { 3 },
                comment: "",
                ordered: one.ordered,
                returned: after(midnight, i64::from(one.second))?,
            };
            self.tables.returned(conn, &record)?;
        }
        Ok(())
    }

    fn buyer(&self, customer: Option<usize>, person: &Person, people: &Population) -> Buyer {
        let names = people.names();
        let id = customer.map_or(0, |at| self.books.customer_base + at as u32 + 1);
        let city = names.city(person);
        let number = if id > 0 { id as usize } else { self.next_order as usize };
        Buyer {
            customer_id: id,
            group: self.books.reference.customer_group,
            first: names.first(person).to_owned(),
            last: names.last(person).to_owned(),
            email: names.email(person, number),
            telephone: names.telephone(person),
            street: names.street(person),
            district: names.district(person).to_owned(),
            city: city.map_or("", |city| city.name).to_owned(),
            country: "Türkiye".to_owned(),
            country_id: self.books.reference.country,
            zone: city.map_or("", |city| city.name).to_owned(),
            zone_id: self.books.zones.get(usize::from(person.city)).copied().unwrap_or(0),
        }
    }

    /// The account of a customer who has none yet, made a little before the order or long before the sample starts.
    #[allow(clippy::too_many_arguments)]
    fn customer(
        &mut self,
        conn: &mut PooledConn,
        customer: Option<usize>,
        buyer: &Buyer,
        store: u32,
        language: u32,
        placed: DateTime,
        people: &mut Population,
    ) -> Result<()> {
        let Some(customer) = customer.and_then(|at| people.customers.get_mut(at)) else { return Ok(()) };
        if std::mem::replace(&mut customer.written, true) {
            return Ok(());
        }
        let start = self.books.days.first().copied().unwrap_or(placed.date());
        let added = if customer.first < 0 {
            shift(start, customer.first).to_datetime(placed.time())
        } else {
            after(placed, -(60 + i64::from(buyer.customer_id % 900)))?
        };
        self.tables.customer(conn, buyer, store, language, added)
    }
}

/// The rows of order origins and the marketplace ids by channel, when the migrations have made the tables.
fn origin(database: &Database, conn: &mut PooledConn) -> Result<Option<(Inserter, [u32; CHANNELS.len()])>> {
    if columns_of(database, conn, "meschain_order_origin")?.is_empty() {
        return Ok(None);
    }
    let known = marketplaces(conn)?;
    let names = ["order_id", "marketplace_id", "marketplace_order_number", "commission", "created_at"];
    let rows = Inserter::own(database, conn, "meschain_order_origin", &names)?;
    Ok(Some((rows, CHANNELS.map(|(code, _)| known.get(code).copied().unwrap_or(1)))))
}

/// Ids of the zones of the cities, made where they are missing.
pub(super) fn zones(
    database: &Database,
    conn: &mut PooledConn,
    country: u32,
    cities: &[City],
) -> Result<Vec<u32>> {
    let mut ids = Vec::new();
    for city in cities {
        let key = [("country_id", country.into()), ("code", city.zone_code.into())];
        let rest = [("name", city.name.into()), ("status", 1.into())];
        ids.push(super::rows::find_or_add(database, conn, "zone", "zone_id", &key, &rest)?);
    }
    Ok(ids)
}

/// The first instant of a day of the shop, in UTC.
pub(super) fn start_of_day(day: Date, timezone: &TimeZone) -> Result<DateTime> {
    let zoned =
        day.to_zoned(timezone.clone()).map_err(|error| Error::internal("sample day", error.to_string()))?;
    Ok(zoned.with_time_zone(TimeZone::UTC).datetime())
}

/// `at` moved by seconds.
pub(super) fn after(at: DateTime, seconds: i64) -> Result<DateTime> {
    at.checked_add(jiff::SignedDuration::from_secs(seconds))
        .map_err(|error| Error::internal("sample time", error.to_string()))
}
