//! How much each family of features (`word`, `word_pair`, `letters`, `brand`, `price`, `attribute`, `images`, `description`) has to say:
//! its share of the absolute contributions to the best category's score.

use super::features::visit;
use super::predict::ranked;
use super::{Categorizer, Example};
use crate::model_file::FeatureShare;
use indexmap::IndexMap;

impl Categorizer {
    /// Families of features, the weightiest first, as measured in training on products that were held out. Empty for
    /// a model whose training did not measure it.
    pub fn importance(&self) -> Vec<FeatureShare> {
        let stored = self.file.header().parameters.get("importance").cloned().unwrap_or_default();
        serde_json::from_value(stored).unwrap_or_default()
    }

    /// Adds what each family contributes to the best category of `examples`, in size.
    pub(super) fn add_contributions(&self, examples: &[&Example], totals: &mut IndexMap<&'static str, f64>) {
        for example in examples {
            let Some((class, _)) = ranked(&self.scores(&example.product), 1).first().copied() else {
                continue;
            };
            visit(&example.product, &mut |feature| {
                let Some(known) = self.weights.find(feature.hash) else { return };
                let part = f64::from(feature.weight * known.weight(class as u16)).abs();
                *totals.entry(feature.kind.code()).or_default() += part;
            });
        }
    }
}
