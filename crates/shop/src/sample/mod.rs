//! Shops to look at and to measure on: a made-up one whose truth is known, and the loader of a public retail data set.
//! `docs/sample-shop.md` tells what is in them.

mod basket;
mod bulk;
mod catalogue;
mod category_rows;
mod customers;
mod demand;
mod describe;
mod draw;
mod generate;
mod guard;
mod ledger;
mod order;
mod own_rows;
mod people;
mod price;
mod product;
mod product_rows;
mod reference;
mod retail;
mod rows;
mod sales;
mod schema;
mod season;
mod shelf_rows;
mod size;
mod tables;
mod truth;

pub use generate::{SampleOptions, SampleReport, sample};
pub use retail::{RetailOptions, RetailReport, RowCounts, load_online_retail};
pub use schema::create_missing_tables;
pub use size::Size;

#[cfg(test)]
mod tests;
