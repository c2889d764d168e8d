//! Training: data out of the shop, a model, its figures beside the naive way on held-out data, and publication.

pub mod categorization;
pub mod forecasting;
pub mod judge;
mod lifecycle;
pub mod orders;
mod price_days;
pub mod price_weeks;
pub mod pricing;
mod publish;
pub mod recommendation;
pub mod series;
mod update;

pub use lifecycle::{Finished, Order, train};
pub(crate) use update::Extent;
pub use update::Fallback;

use crate::registry::{Card, Kind, Shelf};
use indexmap::IndexMap;
use meschain_base::{Clock, Progress, Result};
use meschain_shop::Database;
use meschain_shop::columns::Snapshot;
use serde::Serialize;

/// What training works with.
pub struct Workshop<'a> {
    /// The shop's orders, lines, products and customers.
    pub snapshot: &'a Snapshot,
    /// For the catalogue's texts and the ledger.
    pub database: &'a Database,
    /// Where models go.
    pub shelf: &'a Shelf,
    /// The shop's zone.
    pub timezone: &'a str,
    /// When it is.
    pub clock: &'a dyn Clock,
    /// Cores to use.
    pub threads: usize,
    /// Same seed, same data: same models.
    pub seed: u64,
}

/// One row of the list of models.
#[derive(Debug, Clone, Serialize)]
pub struct ModelRow {
    /// Which of the four.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The class that serves it.
    pub name: &'static str,
    /// The version that serves.
    pub version: Option<String>,
    /// `active`, `training` or `none`.
    pub status: &'static str,
    /// ISO 8601, UTC.
    pub trained_at: Option<String>,
    /// Examples.
    pub data_size: u64,
    /// Main figure beside the naive way.
    pub metric: Option<crate::registry::Metric>,
    /// Further figures.
    pub extra: IndexMap<String, f64>,
    /// Why there is no model: `not_trained`, `not_enough_data`, `corrupt`.
    pub reason: Option<&'static str>,
}

impl ModelRow {
    /// A row for a card, or for nothing and why.
    pub fn new(kind: Kind, card: Option<Card>, reason: Option<&'static str>) -> Self {
        let status = if card.is_some() { "active" } else { "none" };
        let size = card.as_ref().map_or(0, |card| card.data_size);
        let (version, trained_at) =
            card.as_ref().map(|card| (card.version.clone(), card.trained_at.clone())).unzip();
        let (metric, extra) = card.map_or((None, IndexMap::new()), |card| (card.metric, card.extra));
        Self { kind, name: kind.title(), version, status, trained_at, data_size: size, metric, extra, reason }
    }
}

/// The list of models as they serve on this node. Reads small files only.
pub fn models(shelf: &Shelf) -> Vec<ModelRow> {
    let row = |kind| {
        let mut row = match shelf.current(kind) {
            Ok(Some(card)) => ModelRow::new(kind, Some(card), None),
            Ok(None) => ModelRow::new(kind, None, Some("not_trained")),
            Err(_) => ModelRow::new(kind, None, Some("corrupt")),
        };
        if shelf.is_training(kind) {
            row.status = "training";
        }
        row
    };
    Kind::ALL.into_iter().map(row).collect()
}

/// The list where there can be none, and why.
pub fn no_models(reason: &'static str) -> Vec<ModelRow> {
    Kind::ALL.into_iter().map(|kind| ModelRow::new(kind, None, Some(reason))).collect()
}

/// Learns one kind from the shop as it is, or as of a moment (unix seconds) when the workshop's clock says so too.
pub(crate) fn train_kind(
    workshop: &Workshop<'_>,
    kind: Kind,
    extent: Extent<'_>,
    as_of: Option<i64>,
    progress: &Progress,
) -> Result<publish::Trained> {
    match kind {
        Kind::Forecasting => forecasting::train(workshop, extent, progress),
        Kind::Pricing => pricing::train(workshop, extent, progress),
        Kind::Categorization => categorization::train(workshop, extent, as_of, progress),
        Kind::Recommendation => recommendation::train(workshop, extent, progress),
    }
}
