//! What is known about a product beside its sales: on which days it was out of stock, on which it was on offer.

use super::closures;
use meschain_shop::columns::{Days, Snapshot};

/// What is known of one product.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    closed: Days<'a>,
    offers: Days<'a>,
    /// Days on which the whole shop was closed, ascending.
    shut: &'a [i32],
}

impl<'a> Known<'a> {
    /// As the snapshot has it.
    pub fn of(snapshot: &'a Snapshot, product_id: u32) -> Self {
        let of_product = Self::new(snapshot.stock_outs_of(product_id), snapshot.offers_of(product_id));
        Self { shut: Self::of_shop(snapshot).shut, ..of_product }
    }

    /// What is known of the shop as a whole.
    pub fn of_shop(snapshot: &'a Snapshot) -> Self {
        Self { shut: snapshot.days_once(closures::find), ..Self::default() }
    }

    /// Of days that somebody else holds.
    pub fn new(closed: Days<'a>, offers: Days<'a>) -> Self {
        Self { closed, offers, shut: &[] }
    }

    /// Whether the product could not be bought all day.
    pub fn is_closed(&self, day: i32) -> bool {
        self.closed.holds(day) || self.shut.binary_search(&day).is_ok()
    }

    /// Whether the product could be bought on every day, as far as is known.
    pub fn never_closed(&self) -> bool {
        self.closed.is_empty() && self.shut.is_empty()
    }

    /// Whether the product is on offer.
    pub fn is_offered(&self, day: i32) -> bool {
        self.offers.holds(day)
    }

    /// Whether an offer is known at all.
    pub fn has_offers(&self) -> bool {
        !self.offers.is_empty()
    }
}
