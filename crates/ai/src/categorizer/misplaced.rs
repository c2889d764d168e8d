//! Products that seem to sit in the wrong category.

use super::{Categorizer, Category, Example, ProductText, TrainOptions, train};
use crate::text::ngram::Hash;
use crate::text::normalize::words_line;
use meschain_base::{Progress, Result};

/// Parts the products are split into; each is judged by a model of the others.
const FOLDS: u64 = 3;

/// A product and where it seems to belong.
#[derive(Debug, Clone, PartialEq)]
pub struct Misplaced {
    /// OpenCart's product id.
    pub product_id: u64,
    /// The category it is in.
    pub current: u64,
    /// The category it seems to belong to.
    pub suggested: u64,
    /// That category's names from the root.
    pub path: String,
    /// Probability of the suggested category.
    pub confidence: f64,
    /// Probability of the current one.
    pub current_confidence: f64,
}

/// Products whose category differs from one suggested with at least `least_confidence`, surest first.
///
/// A model that has learned a product where it sits finds nothing odd about it, so each product is judged by a model
/// that has not seen it: three trainings on two thirds each. A job's work, not a page's.
pub fn find_misplaced(
    examples: &[Example],
    categories: &[Category],
    least_confidence: f64,
    options: &TrainOptions,
    progress: &Progress,
) -> Result<Vec<Misplaced>> {
    let fold = |product: &ProductText| {
        Hash::new(options.seed).with(77).text(&words_line(&product.name)).get() % FOLDS
    };
    let mut found = Vec::new();
    for part in 0..FOLDS {
        let (judged, rest): (Vec<&Example>, Vec<&Example>) =
            examples.iter().partition(|example| fold(&example.product) == part);
        let rest: Vec<Example> = rest.into_iter().cloned().collect();
        let model = Categorizer::of(train(&rest, categories, options, progress)?)?;
        found.extend(judged.into_iter().filter_map(|example| misplaced(&model, example, least_confidence)));
    }
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.product_id.cmp(&b.product_id)));
    Ok(found)
}

fn misplaced(model: &Categorizer, example: &Example, least_confidence: f64) -> Option<Misplaced> {
    let probabilities = model.probabilities(&example.product);
    let (class, confidence) = super::calibrate::best(&probabilities)?;
    let category = model.tree.category_of(class)?;
    let suggested = model.tree.id(category)?;
    let confidence = f64::from(confidence);
    let current = model.tree.class_of(example.category_id).and_then(|class| probabilities.get(class));
    let odd = suggested != example.category_id && confidence >= least_confidence;
    odd.then(|| Misplaced {
        product_id: example.product_id,
        current: example.category_id,
        suggested,
        path: model.tree.path(category),
        confidence,
        current_confidence: current.map_or(0.0, |p| f64::from(*p)),
    })
}
