//! The shop: its database, migrations, OpenCart's tables as typed rows, jobs, and the columnar snapshot of its orders.

pub mod columns;
pub mod database;
pub mod doctor;
mod folder;
pub mod jobs;
pub mod migrations;
pub mod read;
pub mod sample;

pub use database::{Connection, Database, Flavor, Transaction, fault, rows};
pub use folder::folder;
/// The database driver, for callers that run statements of their own.
pub use mysql;
