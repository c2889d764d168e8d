//! Training: data out of the shop, a model, its figures beside the naive way on held-out data, and publication.

pub mod categorization;
pub mod forecasting;
pub mod pricing;
mod publish;
pub mod recommendation;

use crate::registry::{Card, Kind, Shelf};
use indexmap::IndexMap;
use meschain_base::{Clock, Error, Progress, Result};
use meschain_shop::Database;
use meschain_shop::columns::Snapshot;
use serde::Serialize;

/// Versions of each kind that are kept to roll back to.
const KEPT_VERSIONS: usize = 5;

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

/// Trains `kinds` one after the other. A kind with too little data is reported and skipped; any other failure ends the
/// run, and the models that served before still do.
pub fn train(workshop: &Workshop<'_>, kinds: &[Kind], progress: &Progress) -> Result<Vec<ModelRow>> {
    kinds.iter().map(|kind| train_one(workshop, *kind, progress)).collect()
}

fn train_one(workshop: &Workshop<'_>, kind: Kind, progress: &Progress) -> Result<ModelRow> {
    let _lock = workshop.shelf.lock(kind)?;
    let trained = match kind {
        Kind::Forecasting => forecasting::train(workshop, progress),
        Kind::Pricing => pricing::train(workshop, progress),
        Kind::Categorization => categorization::train(workshop, progress),
        Kind::Recommendation => recommendation::train(workshop, progress),
    };
    match trained {
        Ok(trained) => {
            let card = publish::publish(workshop, kind, trained)?;
            workshop.shelf.prune(kind, KEPT_VERSIONS)?;
            Ok(ModelRow::new(kind, Some(card), None))
        }
        Err(Error::NotEnoughData { .. }) => {
            let kept = workshop.shelf.current(kind)?;
            Ok(ModelRow::new(kind, kept, Some("not_enough_data")))
        }
        Err(error) => Err(error),
    }
}
