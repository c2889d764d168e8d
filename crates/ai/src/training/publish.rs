//! From a trained model to one that serves: file, check, card, pointer, ledger.

use super::Workshop;
use crate::model_file::ModelFile;
use crate::registry::{Card, Kind, Metric, ledger};
use indexmap::IndexMap;
use meschain_base::{Error, Result};
use std::sync::Arc;

/// A model on its way out of training.
pub struct Trained {
    /// The model itself.
    pub model: Arc<ModelFile>,
    /// A second file that serves with it, by the word that goes into its name.
    pub companion: Option<(&'static str, Arc<ModelFile>)>,
    /// Examples it was trained on.
    pub data_size: u64,
    /// Its main figure beside the naive way.
    pub metric: Option<Metric>,
    /// Further figures; those that are not finite are left out.
    pub extra: Vec<(&'static str, f64)>,
}

/// The card of a model that was just trained.
pub fn card(workshop: &Workshop<'_>, kind: Kind, trained: &Trained) -> Card {
    let now = workshop.clock.now();
    let checksum = trained.model.checksum().to_owned();
    let version = format!("{}-{}", now.strftime("%Y%m%d-%H%M%S"), checksum.get(..8).unwrap_or_default());
    Card {
        kind,
        file: format!("{version}.model"),
        version,
        checksum,
        trained_at: now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        data_size: trained.data_size,
        metric: trained.metric.clone(),
        extra: finite(&trained.extra),
        inputs: IndexMap::new(),
        chosen_at: None,
    }
}

/// Puts the model on the shelf, makes it serve and writes it down. A database that is down does not undo a training:
/// the ledger is for people, the shelf is what serves.
pub fn publish(workshop: &Workshop<'_>, card: Card, trained: &Trained) -> Result<Card> {
    if let Some((word, companion)) = &trained.companion {
        companion.write(&workshop.shelf.companion(&card, word))?;
    }
    trained.model.write(&workshop.shelf.path(&card))?;
    workshop.shelf.publish(&card)?;
    match ledger::record(workshop.database, &card) {
        Err(error @ Error::Database { .. }) if !error.is_transient() => Err(error),
        _ => Ok(card),
    }
}

fn finite(extra: &[(&'static str, f64)]) -> IndexMap<String, f64> {
    extra
        .iter()
        .filter(|(_, value)| value.is_finite())
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect()
}

/// The creation time that goes into the model's header.
pub fn created(workshop: &Workshop<'_>) -> String {
    workshop.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
