//! Answers for pages: models as they serve now, composed with what the snapshot and the catalogue say.

pub mod ask;
pub mod batch;
pub mod category;
pub mod demand;
pub mod log;
pub(crate) mod market;
pub mod models;
mod newcomer;
pub mod price;
pub(crate) mod pricer;
pub mod process;
pub mod product;
pub mod related;
mod siblings;
mod slot;

pub use models::Models;
pub use product::Advisor;

use serde_json::{Value, json};

/// The answer where there is no honest one.
pub fn unavailable(reason: &str) -> Value {
    json!({ "available": false, "reason": reason })
}
