//! What goes with it, what comes next, what would this customer want?
//!
//! Co-purchase patterns are learned by EASE (a linear model with a closed form) where the catalogue fits the memory
//! budget, by item neighbours above; new products are reached through their texts; what is used up is offered again. What
//! a customer bought lately counts more, and so does what the shop sells lately: how much is chosen on the newest slice
//! of the training data.

mod content;
mod ease;
mod engine;
mod evaluate;
mod importance;
mod knn;
mod matrix;
mod model;
mod neighbors;
mod pick;
mod query;
mod rank;
mod repeat;
mod slice;
#[cfg(test)]
mod tests;
mod together;
mod train;
mod tune;

pub use evaluate::at_20;
pub use model::Recommender;
pub use query::{History, Query, Reason, Recommendation};
pub(crate) use train::has_choices;
pub use train::{train, update};

/// The kind of its model files.
pub const KIND: &str = "recommendation";
/// The version of its tensors' layout.
pub const FORMAT: u32 = 1;

/// Seconds of a day.
pub(crate) const DAY: f64 = 86_400.0;

/// One customer and one product he bought. One row a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interaction {
    /// The customer.
    pub user: u64,
    /// The product.
    pub item: u64,
    /// Orders with it, at least 1.
    pub times: u32,
    /// The last of them, unix seconds.
    pub last: i64,
}

/// One product in one order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BasketLine {
    /// The order.
    pub order: u64,
    /// The product.
    pub item: u64,
}

/// What a product is, for products nobody bought yet.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemContent {
    /// The product.
    pub item: u64,
    /// Its name, brand, category path, attributes.
    pub text: String,
    /// Its main category, 0 when unknown. Lists are kept from holding only one of these.
    pub group: u64,
}

/// All there is to learn from. The lists may be in any order.
#[derive(Debug, Clone, Default)]
pub struct TrainData {
    /// Purchases, one row a customer and product.
    pub interactions: Vec<Interaction>,
    /// What guests bought, `user` being the order: who comes again is not recognised.
    pub guests: Vec<Interaction>,
    /// Order lines, of guests too.
    pub baskets: Vec<BasketLine>,
    /// The products that may be recommended, sold or not.
    pub content: Vec<ItemContent>,
    /// End of the data, unix seconds.
    pub now: i64,
}

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// Kept in the header. Training draws nothing at random: the same data gives the same model.
    pub seed: u64,
    /// Threads to use; 1 starts none.
    pub threads: usize,
    /// When, ISO 8601 UTC; kept in the header.
    pub created: String,
    /// Memory the co-purchase model may take while training; decides between EASE and item neighbours.
    pub memory_bytes: u64,
}
