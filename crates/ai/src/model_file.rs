//! The container all models are kept in: safetensors with JSON metadata, checksummed as a whole, memory-mapped.
//!
//! The layout is plain safetensors (any reader of that format opens it). One metadata entry, `meschain`, holds JSON:
//! the blake3 checksum of the file (with the checksum's own 64 digits as zeros) and the [`Header`]. A file is verified
//! before anything is read out of it, so one altered byte anywhere refuses it; weights are then used where they lie in
//! the mapping, shared by every process that maps the file.

mod checksum;
mod element;
mod mapping;
mod reader;
mod share;
mod strings;
#[cfg(test)]
mod tests;
mod writer;

pub use element::Element;
pub use mapping::Slice;
pub use reader::ModelFile;
pub use share::{FeatureShare, nine_decimals, shares};
pub use strings::Strings;
pub use writer::ModelWriter;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What a model file says about itself, readable without knowing the model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// Which model it is, e.g. `categorization`. Opening asks for one kind and refuses others.
    pub kind: String,
    /// Version of the tensors' layout. Opening asks for one version and refuses others.
    pub format: u32,
    /// When training ended, ISO 8601 UTC.
    pub created: String,
    /// Seed of the training; the same data and seed give the same tensors.
    pub seed: u64,
    /// Rows (products, series, interactions) it was trained on.
    pub training_size: u64,
    /// Held-out figures by name. Only finite numbers.
    pub metrics: IndexMap<String, f64>,
    /// What else the model needs, small: hyper-parameters, calibration. Big things belong into tensors.
    pub parameters: serde_json::Value,
}
