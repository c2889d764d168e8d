//! Reports over the columnar snapshot: what happened in a period, against the one before and the year before, exactly.
//!
//! Every figure is defined in `docs/reporting.md`, and [`verify`] computes each a second time in SQL.

mod bucket;
mod context;
mod csv;
mod dashboard;
mod figure;
mod json;
mod period;
mod query;
mod tally;
mod verify;

pub use context::Context;
pub use csv::{CsvOptions, SECTIONS, csv};
pub use dashboard::{Dashboard, MarketplaceRow, Point, TopProduct, dashboard, no_snapshot};
pub use figure::{Figure, Kpi};
pub use period::{Days, Preset};
pub use query::{Granularity, Query};
pub use verify::{Check, Verification, verify};

/// Names of the ranges a query may ask for.
pub fn ranges() -> &'static [&'static str] {
    Preset::NAMES
}
