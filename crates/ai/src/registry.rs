//! Which model serves: the shelf of model files on this node, and the ledger in the shop's database.

pub mod card;
pub mod distribution;
pub mod ledger;
pub mod shelf;

pub use card::{Card, Kind, Metric};
pub use shelf::Shelf;
