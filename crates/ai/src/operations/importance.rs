//! What a model goes by, from what its file holds.

use crate::forecast::Pool;
use crate::model_file::ModelFile;
use crate::registry::{Kind, Shelf};
use meschain_base::Result;
use serde_json::{Value, json};

/// Parts of a forecast or features of a model, summing to one, the largest first. A model file names its own under
/// `importance` (a list of `{feature, importance}`) in its header's parameters; forecasters of before they did so are opened for the weight
/// that each method has in the pool.
pub fn importance(shelf: &Shelf, kind: Kind) -> Result<Value> {
    let Some(card) = shelf.current(kind)? else { return Ok(crate::inference::unavailable("not_trained")) };
    let path = shelf.path(&card);
    let header = ModelFile::inspect(&path)?;
    let named = header.parameters.get("importance").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut found: Vec<(String, f64)> = named
        .iter()
        .filter_map(|one| Some((one.get("feature")?.as_str()?.to_owned(), one.get("importance")?.as_f64()?)))
        .collect();
    if found.is_empty() && kind == Kind::Forecasting {
        found = Pool::open(&path)?
            .weights()
            .into_iter()
            .map(|(name, weight)| (name.to_owned(), weight))
            .collect();
    }
    let total: f64 = found.iter().map(|(_, weight)| weight.max(0.0)).sum();
    if total <= 0.0 {
        return Ok(crate::inference::unavailable("not_in_model"));
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rows: Vec<Value> = found
        .iter()
        .filter(|(_, weight)| *weight > 0.0)
        .map(|(feature, weight)| json!({ "feature": feature, "importance": weight / total }))
        .collect();
    Ok(json!({ "available": true, "features": rows }))
}
