//! What is known about products beside their sales: on which days they were out of stock, on which they were on offer.

use super::calendar::day_of;
use indexmap::IndexMap;
use jiff::civil::Date;
use meschain_base::Result;
use meschain_shop::mysql::PooledConn;
use meschain_shop::{Database, read, rows};
use std::ops::RangeInclusive;

/// Days of a stock-out or an offer, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub first: i32,
    /// Last day.
    pub last: i32,
}

impl Span {
    fn holds(self, day: i32) -> bool {
        self.first <= day && day <= self.last
    }
}

/// Stock-outs and offers of many products, by product id.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conditions {
    closed: IndexMap<u32, Vec<Span>>,
    offers: IndexMap<u32, Vec<Span>>,
}

/// What is known of one product.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    closed: &'a [Span],
    offers: &'a [Span],
}

impl Conditions {
    /// Reads those of the products with these ids.
    pub fn read(database: &Database, ids: RangeInclusive<u32>) -> Result<Self> {
        Self::over(database, &mut database.connection()?, &ids)
    }

    /// The same over a connection that is lent: one costs as much as a statement.
    pub fn over(database: &Database, connection: &mut PooledConn, ids: &RangeInclusive<u32>) -> Result<Self> {
        let mut all = Self::default();
        for (product, span) in stock_outs(connection, ids)? {
            all.closed.entry(product).or_default().push(span);
        }
        for offer in read::offers(database, connection, ids)? {
            let Ok(product) = u32::try_from(offer.product_id) else { continue };
            let span = Span {
                first: offer.first.map_or(i32::MIN, day_of),
                last: offer.last.map_or(i32::MAX, day_of),
            };
            if span.first <= span.last {
                all.offers.entry(product).or_default().push(span);
            }
        }
        Ok(all)
    }

    /// Of one product.
    pub fn of(&self, product_id: u32) -> Known<'_> {
        Known {
            closed: self.closed.get(&product_id).map(Vec::as_slice).unwrap_or_default(),
            offers: self.offers.get(&product_id).map(Vec::as_slice).unwrap_or_default(),
        }
    }
}

impl<'a> Known<'a> {
    /// Of spans that somebody else holds.
    pub fn new(closed: &'a [Span], offers: &'a [Span]) -> Self {
        Self { closed, offers }
    }

    /// Whether the product could not be bought all day.
    pub fn is_closed(&self, day: i32) -> bool {
        self.closed.iter().any(|span| span.holds(day))
    }

    /// Whether the product was never out of stock, as far as is known.
    pub fn never_closed(&self) -> bool {
        self.closed.is_empty()
    }

    /// Whether the product is on offer.
    pub fn is_offered(&self, day: i32) -> bool {
        self.offers.iter().any(|span| span.holds(day))
    }

    /// Whether an offer is known at all.
    pub fn has_offers(&self) -> bool {
        !self.offers.is_empty()
    }
}

/// The whole days between the day on which the stock ran out and the day on which there was some again: both border days
/// saw some hours of sale.
fn stock_outs(connection: &mut PooledConn, ids: &RangeInclusive<u32>) -> Result<Vec<(u32, Span)>> {
    let sql = "SELECT product_id, DATE_FORMAT(started_on, '%Y-%m-%d'), DATE_FORMAT(ended_on, '%Y-%m-%d') \
               FROM meschain_stock_outs WHERE product_id BETWEEN ? AND ?";
    type Row = (u32, String, Option<String>);
    let found: Vec<Row> = rows::all(connection, sql, (ids.start(), ids.end()))?;
    let day = |text: &str| text.parse::<Date>().ok().map(day_of);
    let span = |(product, started, ended): Row| {
        let first = day(&started)?.saturating_add(1);
        let last = ended.as_deref().map_or(Some(i32::MAX), day)?.saturating_sub(1);
        (first <= last).then_some((product, Span { first, last }))
    };
    Ok(found.into_iter().filter_map(span).collect())
}
