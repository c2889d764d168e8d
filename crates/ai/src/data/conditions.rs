//! What is known about a product beside its sales: on which days it was out of stock, on which it was on offer.

use meschain_shop::columns::{Days, Snapshot};

/// What is known of one product.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    closed: Days<'a>,
    offers: Days<'a>,
}

impl<'a> Known<'a> {
    /// As the snapshot has it.
    pub fn of(snapshot: &'a Snapshot, product_id: u32) -> Self {
        Self::new(snapshot.stock_outs_of(product_id), snapshot.offers_of(product_id))
    }

    /// Of days that somebody else holds.
    pub fn new(closed: Days<'a>, offers: Days<'a>) -> Self {
        Self { closed, offers }
    }

    /// Whether the product could not be bought all day.
    pub fn is_closed(&self, day: i32) -> bool {
        self.closed.holds(day)
    }

    /// Whether the product was never out of stock, as far as is known.
    pub fn never_closed(&self) -> bool {
        self.closed.is_empty()
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
