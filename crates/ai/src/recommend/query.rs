//! Questions and answers.

/// What a customer bought before: one row a product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct History {
    /// The product.
    pub item: u64,
    /// Orders with it.
    pub times: u32,
    /// The last of them, unix seconds.
    pub last: i64,
}

/// What may be answered.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// At most so many products.
    pub limit: usize,
    /// 0 to 1: how strongly a list is kept from holding only one group of products.
    pub diversity: f64,
    /// Whether products the customer has may come again, where they are of the kind that is bought again.
    pub repeat: bool,
    /// Now, unix seconds.
    pub now: i64,
    /// Whether a product may be shown: in stock, enabled, in this store.
    pub allowed: &'a dyn Fn(u64) -> bool,
    /// The product that this one is a version of, itself where it is of none: at most one of a family is answered.
    pub family: &'a dyn Fn(u64) -> u64,
}

impl<'a> Query<'a> {
    /// Without diversity and repeats; every product is a family of its own.
    pub fn new(limit: usize, now: i64, allowed: &'a dyn Fn(u64) -> bool) -> Self {
        Self { limit, diversity: 0.0, repeat: false, now, allowed, family: &|item| item }
    }
}

impl std::fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query").field("limit", &self.limit).field("now", &self.now).finish_non_exhaustive()
    }
}

/// One answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recommendation {
    /// The product.
    pub item: u64,
    /// Higher is better; comparable within one answer only.
    pub score: f64,
    /// Why.
    pub reason: Reason,
}

/// Why a product is recommended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Often in one order with this product.
    BoughtTogether { with: u64 },
    /// Bought by those who bought this product.
    SimilarTo { item: u64 },
    /// Like this product by its text.
    ContentLike { item: u64 },
    /// Bought before, and due again.
    BuyAgain,
    /// Sells more than usual.
    Trending,
    /// Sells well.
    Popular,
}

impl Reason {
    /// A machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::BoughtTogether { .. } => "bought_together",
            Self::SimilarTo { .. } => "similar",
            Self::ContentLike { .. } => "content",
            Self::BuyAgain => "buy_again",
            Self::Trending => "trending",
            Self::Popular => "popular",
        }
    }

    /// The product it stems from, if from one.
    pub fn source(self) -> Option<u64> {
        match self {
            Self::BoughtTogether { with: item } | Self::SimilarTo { item } | Self::ContentLike { item } => {
                Some(item)
            }
            _ => None,
        }
    }
}
