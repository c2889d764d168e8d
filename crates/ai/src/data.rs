//! What the models learn from, read out of the shop: sales by product, interactions by customer, the catalogue's texts.

pub mod calendar;
pub mod catalogue;
pub mod cleaning;
pub mod closures;
pub mod competitors;
pub mod conditions;
pub mod feedback;
pub mod interactions;
pub mod placeholder_stock;
pub mod price_change;
pub mod price_slips;
pub mod sales;
pub mod terms;

pub use calendar::Calendar;
pub use conditions::Known;
pub use sales::{Sales, Scope};
