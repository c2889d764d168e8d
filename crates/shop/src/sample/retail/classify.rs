//! What each row of the file is. Every row gets exactly one kind, so the counts of the report add up to the file.

use super::read::{Row, Source};
use meschain_base::Money;
use serde::Serialize;
use std::collections::HashSet;

/// What a row turns into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line of an order.
    Sale,
    /// A line at price 0 of an order that has paid lines or a known customer.
    Gift,
    /// Postage and carriage of an order: a `shipping` row of `order_total`.
    Shipping,
    /// Manual and other charges of an order: a `handling` row of `order_total`.
    Handling,
    /// A returned line.
    Return,
    /// A returned line whose invoice is not marked as a cancellation.
    UnmarkedReturn,
    /// Charges, postage, discounts or fees that were cancelled or credited: no goods came back.
    FeeCancellation,
    /// Charges on an invoice without goods.
    FeeOnly,
    /// Stock that was found or booked in at price 0, on an invoice that nobody paid.
    StockIn,
    /// Stock written off: a negative quantity at price 0 that is no cancellation.
    StockOut,
    /// Bad debt and other rows of the accounts: invoices starting with A, negative prices.
    Accounting,
    /// A cancellation with a positive quantity, or a quantity of 0: means nothing that can be loaded.
    Senseless,
}

/// How many rows of each kind there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RowCounts {
    pub sales: u64,
    pub gifts: u64,
    pub shipping: u64,
    pub handling: u64,
    pub returns: u64,
    pub unmarked_returns: u64,
    pub fee_cancellations: u64,
    pub fee_only: u64,
    pub stock_in: u64,
    pub stock_out: u64,
    pub accounting: u64,
    pub senseless: u64,
}

impl RowCounts {
    pub(super) fn add(&mut self, kind: Kind) {
        *match kind {
            Kind::Sale => &mut self.sales,
            Kind::Gift => &mut self.gifts,
            Kind::Shipping => &mut self.shipping,
            Kind::Handling => &mut self.handling,
            Kind::Return => &mut self.returns,
            Kind::UnmarkedReturn => &mut self.unmarked_returns,
            Kind::FeeCancellation => &mut self.fee_cancellations,
            Kind::FeeOnly => &mut self.fee_only,
            Kind::StockIn => &mut self.stock_in,
            Kind::StockOut => &mut self.stock_out,
            Kind::Accounting => &mut self.accounting,
            Kind::Senseless => &mut self.senseless,
        } += 1;
    }

    /// All rows that were read.
    pub fn total(&self) -> u64 {
        let orders =
            self.sales + self.gifts + self.shipping + self.handling + self.returns + self.unmarked_returns;
        let rest = self.fee_cancellations
            + self.fee_only
            + self.stock_in
            + self.stock_out
            + self.accounting
            + self.senseless;
        orders + rest
    }
}

/// Codes that stand for no goods: postage and carriage.
pub(super) fn is_postage(code: &str) -> bool {
    matches!(code, "POST" | "DOT" | "C2")
}

/// Codes that stand for no goods at all: the above, manual charges, discounts, samples, bank and marketplace fees.
pub(super) fn is_fee(code: &str) -> bool {
    is_postage(code) || matches!(code, "M" | "D" | "S" | "B" | "BANK CHARGES" | "AMAZONFEE" | "CRUK")
}

/// The kind of every row, in the order of the rows.
pub(super) fn classify(source: &Source) -> Vec<Kind> {
    let code = |row: &Row| source.codes.get(row.code as usize).map_or("", String::as_str);
    let paid_goods =
        |row: &&Row| row.quantity > 0 && row.price > Money::ZERO && !is_fee(code(row)) && plain(source, row);
    let with_goods: HashSet<u32> = source.rows.iter().filter(paid_goods).map(|row| row.invoice).collect();
    source.rows.iter().map(|row| kind(source, row, code(row), with_goods.contains(&row.invoice))).collect()
}

/// Whether the invoice is an ordinary one: it starts with a digit.
fn plain(source: &Source, row: &Row) -> bool {
    mark(source, row).is_none()
}

/// The letter an invoice number starts with.
fn mark(source: &Source, row: &Row) -> Option<char> {
    let number = source.invoices.get(row.invoice as usize)?;
    number.chars().next().filter(|first| first.is_alphabetic()).map(|letter| letter.to_ascii_uppercase())
}

fn kind(source: &Source, row: &Row, code: &str, order_has_goods: bool) -> Kind {
    let free = row.price == Money::ZERO;
    let fee = is_fee(code);
    match mark(source, row) {
        _ if row.price < Money::ZERO => Kind::Accounting,
        Some('C') if row.quantity >= 0 => Kind::Senseless,
        Some('C') if fee => Kind::FeeCancellation,
        Some('C') => Kind::Return,
        Some(_) => Kind::Accounting,
        None if row.quantity == 0 => Kind::Senseless,
        None if row.quantity < 0 && free => Kind::StockOut,
        None if row.quantity < 0 && fee => Kind::FeeCancellation,
        None if row.quantity < 0 => Kind::UnmarkedReturn,
        None if fee && !order_has_goods => Kind::FeeOnly,
        None if is_postage(code) => Kind::Shipping,
        None if fee => Kind::Handling,
        None if free && (order_has_goods || row.customer > 0) => Kind::Gift,
        None if free => Kind::StockIn,
        None => Kind::Sale,
    }
}
