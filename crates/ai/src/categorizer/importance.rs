//! How much each family of features has to say.

use super::features::visit;
use super::predict::ranked;
use super::{Categorizer, Example};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// A family of features and its part in the answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureShare {
    /// `word`, `word_pair`, `letters`, `brand`, `price`, `attribute`, `images` or `description`.
    pub feature: String,
    /// Share of the absolute contributions to the best category's score; all shares sum to one.
    pub importance: f64,
}

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

/// Totals as shares, the largest first; none when nothing contributed.
pub(super) fn shares(totals: &IndexMap<&'static str, f64>) -> Vec<FeatureShare> {
    let whole: f64 = totals.values().sum();
    let share = |(feature, part): (&&'static str, &f64)| FeatureShare {
        feature: (*feature).to_owned(),
        importance: part / whole,
    };
    let mut shares: Vec<FeatureShare> =
        if whole > 0.0 { totals.iter().map(share).collect() } else { Vec::new() };
    shares.sort_by(|a, b| b.importance.total_cmp(&a.importance).then_with(|| a.feature.cmp(&b.feature)));
    shares
}
