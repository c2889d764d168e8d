//! The columnar snapshot: the shop's orders, lines, products and customers in one memory-mapped file a node, loaded once
//! and read by reports and training alike. The database stays the truth.

mod build;
mod catalogue;
mod choices;
mod conditions;
mod derive;
mod dictionaries;
mod element;
mod file;
mod fingerprint;
mod id_set;
mod lookup;
mod map;
mod meta;
mod plan;
mod prices;
mod read;
mod row;
mod sales;
mod schema;
mod select;
mod snapshot;
mod sorter;
mod specials;
mod spool;
mod stamp;
mod statuses;
mod store;
mod stores;
mod texts;
mod wall;

pub use conditions::Days;
pub use dictionaries::{Currency, Dictionaries, Language, Marketplace, Status, StoreName};
pub use prices::Prices;
pub use schema::{
    Customers, Lines, ManufacturerColumns, NO_COST, NO_DATE, NO_INDEX, Orders, ProductColumns, ProductStores,
    Returns, VERSION,
};
pub use select::OrderFilter;
pub use snapshot::{Manufacturers, Products, Snapshot, Summary};
pub use specials::{Paid, Special, SpecialPrices};
pub use statuses::StatusSet;
pub use store::{Budget, Depth, RefreshOptions, Refreshed, Store};
pub use texts::Texts;
pub use wall::WallClock;

/// An instant as `2026-11-22T05:00:00Z`.
fn seconds(instant: jiff::Timestamp) -> String {
    let whole = jiff::Timestamp::from_second(instant.as_second()).unwrap_or(instant);
    whole.to_string()
}
