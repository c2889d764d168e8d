//! Why a category was chosen: which words, letters and facts spoke for it.

use super::calibrate::best;
use super::features::visit;
use super::{Categorizer, ProductText};
use indexmap::IndexMap;

/// The chosen category and what spoke for and against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The likeliest category.
    pub category_id: u64,
    /// Its names from the root.
    pub path: String,
    /// Its calibrated probability.
    pub confidence: f64,
    /// Strongest first; positive weights speak for the category, negative ones against it.
    pub contributions: Vec<Contribution>,
}

/// One thing that spoke for or against a category.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// `word`, `word_pair`, `letters`, `brand`, `price`, `attribute`, `images` or `description`.
    pub kind: &'static str,
    /// The word or letters, lower-cased; empty for price and images.
    pub text: String,
    /// Its part of the score.
    pub weight: f64,
}

impl Categorizer {
    /// The likeliest category of a product and the `limit` strongest contributions; `None` only for models
    /// without classes, which cannot be opened.
    pub fn explain(&self, product: &ProductText, limit: usize) -> Option<Explanation> {
        let probabilities = self.probabilities(product);
        let (class, confidence) = best(&probabilities)?;
        let category = self.tree.category_of(class)?;
        let mut found: IndexMap<(&'static str, String), f64> = IndexMap::new();
        let mut squares = 0f32;
        visit(product, &mut |feature| {
            let Some(known) = self.weights.find(feature.hash) else { return };
            squares += feature.weight * feature.weight;
            let part = f64::from(feature.weight * known.weight(class as u16));
            *found.entry((feature.kind.code(), feature.text.trim().to_owned())).or_insert(0.0) += part;
        });
        let length = f64::from(squares.sqrt().max(1e-6));
        let mut contributions: Vec<Contribution> = found
            .into_iter()
            .filter(|(_, part)| *part != 0.0)
            .map(|((kind, text), part)| Contribution { kind, text, weight: part / length })
            .collect();
        contributions.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        contributions.truncate(limit);
        let category_id = self.tree.id(category)?;
        Some(Explanation {
            category_id,
            path: self.tree.path(category),
            confidence: f64::from(confidence),
            contributions,
        })
    }
}
