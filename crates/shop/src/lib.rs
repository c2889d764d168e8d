//! The shop: its database, migrations, OpenCart's tables as typed rows, jobs, and the columnar snapshot of its orders.

pub mod database;

pub use database::{Database, Flavor, fault};
/// The database driver, for callers that run statements of their own.
pub use mysql;
