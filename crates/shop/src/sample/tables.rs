//! The tables an order touches, written in batches: customer, address, order, lines, totals, history, returns.

use super::bulk::Inserter;
use super::rows::{highest, money_value, time_value};
use crate::Database;
use jiff::civil::DateTime;
use meschain_base::{Money, Result};
use mysql::{PooledConn, Value};

/// Somebody who buys, as OpenCart copies it into every order.
#[derive(Debug, Clone, Default)]
pub(super) struct Buyer {
    /// 0 for a guest.
    pub customer_id: u32,
    pub group: u32,
    pub first: String,
    pub last: String,
    pub email: String,
    pub telephone: String,
    pub street: String,
    pub district: String,
    pub city: String,
    pub country: String,
    pub country_id: u32,
    pub zone: String,
    pub zone_id: u32,
}

/// One order; what is not here is empty or 0.
#[derive(Debug)]
pub(super) struct OrderRecord<'a> {
    pub id: u32,
    /// Id, name and address of the store.
    pub store: (u32, &'a str, &'a str),
    pub invoice_no: u32,
    pub invoice_prefix: &'a str,
    pub transaction: &'a str,
    pub buyer: &'a Buyer,
    pub payment: &'a str,
    pub shipping: &'a str,
    pub comment: &'a str,
    pub total: Money,
    pub status: u8,
    /// Id and code of the language.
    pub language: (u32, &'a str),
    /// Id, code and value of the currency.
    pub currency: (u32, &'a str, f64),
    pub placed: DateTime,
    pub modified: DateTime,
}

/// One line of an order.
#[derive(Debug)]
pub(super) struct LineRecord<'a> {
    pub order_id: u32,
    pub product_id: u32,
    pub name: &'a str,
    pub model: &'a str,
    pub units: i64,
    pub price: Money,
    pub total: Money,
    pub tax: Money,
}

/// One returned line.
#[derive(Debug)]
pub(super) struct ReturnRecord<'a> {
    pub order_id: u32,
    pub product_id: u32,
    pub buyer: &'a Buyer,
    pub name: &'a str,
    pub model: &'a str,
    pub units: i64,
    pub opened: bool,
    pub reason: u32,
    pub action: u32,
    pub status: u32,
    pub comment: &'a str,
    pub ordered: DateTime,
    pub returned: DateTime,
}

/// Batches of all of them. Lines, totals, histories, addresses and returns are numbered here, so that the same sample gets
/// the same numbers.
pub(super) struct OrderTables {
    customer: Inserter,
    address: Inserter,
    order: Inserter,
    line: Inserter,
    total: Inserter,
    history: Inserter,
    returned: Inserter,
    next_address: u32,
    next_line: u32,
    next_total: u32,
    next_history: u32,
    next_return: u32,
}

fn count_up(next: &mut u32) -> Value {
    *next += 1;
    (*next).into()
}

impl OrderTables {
    /// Prepares the batches.
    pub fn new(database: &Database, conn: &mut PooledConn) -> Result<Self> {
        let next_address = highest(database, conn, "address", "address_id")?;
        let next_line = highest(database, conn, "order_product", "order_product_id")?;
        let next_total = highest(database, conn, "order_total", "order_total_id")?;
        let next_history = highest(database, conn, "order_history", "order_history_id")?;
        let next_return = highest(database, conn, "return", "return_id")?;
        let mut table = |name: &str, columns: &[&str]| Inserter::new(database, conn, name, columns);
        Ok(Self {
            customer: table("customer", &CUSTOMER)?,
            address: table("address", &ADDRESS)?,
            order: table("order", &ORDER)?,
            line: table("order_product", &LINE)?,
            total: table(
                "order_total",
                &["order_total_id", "order_id", "extension", "code", "title", "value", "sort_order"],
            )?,
            history: table(
                "order_history",
                &["order_history_id", "order_id", "order_status_id", "notify", "date_added"],
            )?,
            returned: table("return", &RETURN)?,
            next_address,
            next_line,
            next_total,
            next_history,
            next_return,
        })
    }

    /// A customer with an account and an address.
    pub fn customer(
        &mut self,
        conn: &mut PooledConn,
        buyer: &Buyer,
        store: u32,
        language: u32,
        added: DateTime,
    ) -> Result<()> {
        let text = |text: &str| Value::from(text);
        let customer = [
            buyer.customer_id.into(),
            buyer.group.into(),
            store.into(),
            language.into(),
            text(&buyer.first),
            text(&buyer.last),
            text(&buyer.email),
            text(&buyer.telephone),
            text("[]"),
            u8::from(buyer.customer_id.is_multiple_of(3)).into(),
            1.into(),
            time_value(added),
        ];
        self.customer.push(conn, customer)?;
        let address = [
            count_up(&mut self.next_address),
            buyer.customer_id.into(),
            text(&buyer.first),
            text(&buyer.last),
            text(&buyer.street),
            text(&buyer.district),
            text(&buyer.city),
            buyer.country_id.into(),
            buyer.zone_id.into(),
            text("[]"),
            1.into(),
        ];
        self.address.push(conn, address)
    }

    /// An order.
    pub fn order(&mut self, conn: &mut PooledConn, order: &OrderRecord<'_>) -> Result<()> {
        let buyer = order.buyer;
        let text = |text: &str| Value::from(text);
        let place = || {
            [
                text(&buyer.first),
                text(&buyer.last),
                text(&buyer.street),
                text(&buyer.district),
                text(&buyer.city),
                text(&buyer.country),
                buyer.country_id.into(),
                text(&buyer.zone),
                buyer.zone_id.into(),
                text("[]"),
            ]
        };
        let head: [Value; 15] = [
            order.id.into(),
            order.invoice_no.into(),
            text(order.invoice_prefix),
            text(order.transaction),
            order.store.0.into(),
            text(order.store.1),
            text(order.store.2),
            buyer.customer_id.into(),
            buyer.group.into(),
            text(&buyer.first),
            text(&buyer.last),
            text(&buyer.email),
            text(&buyer.telephone),
            text("[]"),
            text(order.comment),
        ];
        let tail: [Value; 11] = [
            text(order.payment),
            text(order.shipping),
            money_value(order.total),
            order.status.into(),
            order.language.0.into(),
            text(order.language.1),
            order.currency.0.into(),
            text(order.currency.1),
            Value::from(format!("{:.8}", order.currency.2)),
            time_value(order.placed),
            time_value(order.modified),
        ];
        self.order.push_row(conn, head.into_iter().chain(place()).chain(place()).chain(tail))
    }

    /// A line.
    pub fn line(&mut self, conn: &mut PooledConn, line: &LineRecord<'_>) -> Result<()> {
        let cells = [
            count_up(&mut self.next_line),
            line.order_id.into(),
            line.product_id.into(),
            line.name.into(),
            line.model.into(),
            line.units.into(),
            money_value(line.price),
            money_value(line.total),
            money_value(line.tax),
        ];
        self.line.push(conn, cells)
    }

    /// A row of `order_total`.
    pub fn total(
        &mut self,
        conn: &mut PooledConn,
        order_id: u32,
        code: &str,
        title: &str,
        value: Money,
        sort: u32,
    ) -> Result<()> {
        let number = count_up(&mut self.next_total);
        self.total.push(
            conn,
            [
                number,
                order_id.into(),
                "opencart".into(),
                code.into(),
                title.into(),
                money_value(value),
                sort.into(),
            ],
        )
    }

    /// A change of status.
    pub fn history(&mut self, conn: &mut PooledConn, order_id: u32, status: u8, at: DateTime) -> Result<()> {
        let number = count_up(&mut self.next_history);
        self.history.push(conn, [number, order_id.into(), status.into(), 0.into(), time_value(at)])
    }

    /// A returned line.
    pub fn returned(&mut self, conn: &mut PooledConn, record: &ReturnRecord<'_>) -> Result<()> {
        let text = |text: &str| Value::from(text);
        let cells = [
            count_up(&mut self.next_return),
            record.order_id.into(),
            record.product_id.into(),
            record.buyer.customer_id.into(),
            text(&record.buyer.first),
            text(&record.buyer.last),
            text(&record.buyer.email),
            text(&record.buyer.telephone),
            text(record.name),
            text(record.model),
            record.units.into(),
            u8::from(record.opened).into(),
            record.reason.into(),
            record.action.into(),
            record.status.into(),
            text(record.comment),
            super::rows::day_value(record.ordered.date()),
            time_value(record.returned),
            time_value(record.returned),
        ];
        self.returned.push(conn, cells)
    }

    /// Writes what is held.
    pub fn flush(&mut self, conn: &mut PooledConn) -> Result<()> {
        let all = [
            &mut self.customer,
            &mut self.address,
            &mut self.order,
            &mut self.line,
            &mut self.total,
            &mut self.history,
            &mut self.returned,
        ];
        all.into_iter().try_for_each(|rows| rows.flush(conn))
    }
}

const CUSTOMER: [&str; 12] = [
    "customer_id",
    "customer_group_id",
    "store_id",
    "language_id",
    "firstname",
    "lastname",
    "email",
    "telephone",
    "custom_field",
    "newsletter",
    "status",
    "date_added",
];
const ADDRESS: [&str; 11] = [
    "address_id",
    "customer_id",
    "firstname",
    "lastname",
    "address_1",
    "address_2",
    "city",
    "country_id",
    "zone_id",
    "custom_field",
    "default",
];
const LINE: [&str; 9] =
    ["order_product_id", "order_id", "product_id", "name", "model", "quantity", "price", "total", "tax"];
const RETURN: [&str; 19] = [
    "return_id",
    "order_id",
    "product_id",
    "customer_id",
    "firstname",
    "lastname",
    "email",
    "telephone",
    "product",
    "model",
    "quantity",
    "opened",
    "return_reason_id",
    "return_action_id",
    "return_status_id",
    "comment",
    "date_ordered",
    "date_added",
    "date_modified",
];
const ORDER: [&str; 46] = [
    "order_id",
    "invoice_no",
    "invoice_prefix",
    "transaction_id",
    "store_id",
    "store_name",
    "store_url",
    "customer_id",
    "customer_group_id",
    "firstname",
    "lastname",
    "email",
    "telephone",
    "custom_field",
    "comment",
    "payment_firstname",
    "payment_lastname",
    "payment_address_1",
    "payment_address_2",
    "payment_city",
    "payment_country",
    "payment_country_id",
    "payment_zone",
    "payment_zone_id",
    "payment_custom_field",
    "shipping_firstname",
    "shipping_lastname",
    "shipping_address_1",
    "shipping_address_2",
    "shipping_city",
    "shipping_country",
    "shipping_country_id",
    "shipping_zone",
    "shipping_zone_id",
    "shipping_custom_field",
    "payment_method",
    "shipping_method",
    "total",
    "order_status_id",
    "language_id",
    "language_code",
    "currency_id",
    "currency_code",
    "currency_value",
    "date_added",
    "date_modified",
];
