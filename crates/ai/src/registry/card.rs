//! What is known of a trained model: what it does, how well, from how much. Kept as JSON beside its file.

use crate::operations::psi::Reference;
use indexmap::IndexMap;
use meschain_base::{Error, Result};
use serde::{Deserialize, Serialize};

/// The four models, named as `meschain_ai_models.model_type` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Which category.
    Categorization,
    /// What price.
    Pricing,
    /// How much will sell.
    Forecasting,
    /// What goes with it.
    Recommendation,
}

impl Kind {
    /// All, in the order in which they are shown.
    pub const ALL: [Kind; 4] = [Kind::Categorization, Kind::Pricing, Kind::Forecasting, Kind::Recommendation];

    /// The name in tables, paths and answers.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Categorization => "categorization",
            Kind::Pricing => "pricing",
            Kind::Forecasting => "forecasting",
            Kind::Recommendation => "recommendation",
        }
    }

    /// The class that serves it.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Categorization => "ProductCategorizer",
            Kind::Pricing => "PriceOptimizer",
            Kind::Forecasting => "DemandForecaster",
            Kind::Recommendation => "RecommendationEngine",
        }
    }

    /// The format of its files that this version of the library writes, and the only one it reads.
    pub fn format(self) -> u32 {
        match self {
            Kind::Categorization => crate::categorizer::FORMAT,
            Kind::Pricing => crate::pricing::FORMAT,
            Kind::Forecasting => crate::forecast::FORMAT,
            Kind::Recommendation => crate::recommend::FORMAT,
        }
    }

    /// From its name.
    pub fn parse(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            Error::argument("models", format!("one of {names}"), format!("\"{name}\""))
        })
    }
}

/// One figure on held-out data beside the naive way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// Standard name: `accuracy`, `wape`, `ndcg_20`.
    pub name: String,
    /// The model's.
    pub value: f64,
    /// The naive way's, on the same cases.
    pub baseline: f64,
    /// Which naive way.
    pub baseline_name: String,
    /// `higher` or `lower`.
    pub better: String,
    /// How many cases were held out.
    pub held_out: u64,
}

impl Metric {
    /// Whether the model beats the naive way.
    pub fn beats_baseline(&self) -> bool {
        if self.better == "lower" { self.value < self.baseline } else { self.value > self.baseline }
    }
}

/// A trained model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Which of the four.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Ascending in time: `20261122-051500-1a2b3c4d`.
    pub version: String,
    /// File name in the shelf's folder of this kind.
    pub file: String,
    /// BLAKE3 of the file, hexadecimal.
    pub checksum: String,
    /// ISO 8601, UTC.
    pub trained_at: String,
    /// Examples it was trained on.
    pub data_size: u64,
    /// Its main figure.
    pub metric: Option<Metric>,
    /// Further figures.
    pub extra: IndexMap<String, f64>,
    /// Distribution of each input that it was trained on; empty on cards of before there was this.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub inputs: IndexMap<String, Reference>,
    /// When the full training was whose choices an update kept; `None` after a full training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen_at: Option<String>,
}

#[cfg(test)]
impl Card {
    /// A card of a version that nothing is known of.
    pub fn bare(kind: Kind, version: &str) -> Self {
        Self {
            kind,
            version: version.to_owned(),
            file: format!("{version}.model"),
            checksum: String::new(),
            trained_at: "2026-11-01T00:00:00Z".to_owned(),
            data_size: 1,
            metric: None,
            extra: IndexMap::new(),
            inputs: IndexMap::new(),
            chosen_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn kinds_are_named_as_the_table_names_them() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.name()).unwrap(), kind);
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
        }
        assert!(Kind::parse("magic").is_err());
    }

    #[test]
    fn a_card_of_before_is_read_and_says_nothing_of_its_inputs() {
        let old = serde_json::json!({
            "type": "pricing", "version": "1", "file": "1.model", "checksum": "", "trained_at": "2026-11-01T00:00:00Z",
            "data_size": 1, "metric": null, "extra": {},
        });
        let card: Card = serde_json::from_value(old.clone()).unwrap();
        assert_eq!(card, Card::bare(Kind::Pricing, "1"));
        assert_eq!(serde_json::to_value(&card).unwrap(), old);
        let inputs = IndexMap::from([("price".to_owned(), Reference::of(&[1.0, 2.5, 2.5]).unwrap())]);
        let text = serde_json::to_string(&Card { inputs: inputs.clone(), ..card }).unwrap();
        assert_eq!(serde_json::from_str::<Card>(&text).unwrap().inputs["price"].edges, inputs["price"].edges);
    }

    proptest! {
        /// A challenger that is the champion again must not beat it by what reading loses.
        #[test]
        fn a_figure_comes_back_to_the_bit(value in 0.0f64..10.0) {
            let metric = Metric {
                name: "wape".to_owned(),
                value,
                baseline: value,
                baseline_name: String::new(),
                better: "lower".to_owned(),
                held_out: 1,
            };
            let text = serde_json::to_string(&metric).unwrap();
            prop_assert_eq!(serde_json::from_str::<Metric>(&text).unwrap().value.to_bits(), value.to_bits());
        }
    }
}
