//! Products that seem to sit in the wrong category.

use super::calibrate::HeldOut;
use super::label_noise::LabelNoise;
use super::trials::scored;
use super::{Categorizer, Category, Example, TrainOptions, train};
use crate::model_file::{ModelFile, ModelWriter};
use indexmap::IndexMap;
use meschain_base::{Progress, Result};
use std::sync::Arc;

/// Parts the products are split into; each is judged by a model of the others.
pub(super) const FOLDS: u64 = 3;
/// Products judged at most, and probability from which a training notes a product.
pub(super) const MOST_JUDGED: usize = 100_000;
const LEAST_CONFIDENCE: f64 = 0.5;
/// A category of which the judge has seen fewer products cannot speak for itself.
const LEAST_SEEN: usize = 2;
/// Products that the share of wrong labels is fitted on at most.
const MOST_FITTED: usize = 4_000;
/// Rows kept in a model file, the surest; words that give the reason; contributions they are picked from.
const MOST_KEPT: usize = 1_000;
const REASON_WORDS: usize = 3;
const LOOKED_AT: usize = 60;

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
    /// Probability that it belongs there, given that somebody put it where it is.
    pub confidence: f64,
    /// Probability that it is where it belongs.
    pub current_confidence: f64,
    /// The words that spoke for the suggested category, strongest first.
    pub reasons: Vec<String>,
}

/// Products whose category differs from one suggested with at least `least_confidence`, surest first; the 1,000 surest.
///
/// A model that has learned a product where it sits finds nothing odd about it, so each product is judged by a model
/// that has not seen it. Trains a whole model with that in it: a job's work, not a page's.
pub fn find_misplaced(
    examples: &[Example],
    categories: &[Category],
    least_confidence: f64,
    options: &TrainOptions,
    progress: &Progress,
) -> Result<Vec<Misplaced>> {
    let options = TrainOptions { misplaced: true, ..options.clone() };
    let model = Categorizer::of(train(examples, categories, &options, progress)?)?;
    let sure = model.misplaced()?.into_iter().filter(|one| one.confidence >= least_confidence);
    Ok(sure.collect())
}

/// Those of `judged`, which `model` has not seen, that seem to sit in the wrong category. `examples` are these and those it has seen.
pub(super) fn judge(model: &Categorizer, examples: &[Example], judged: &[&Example]) -> Vec<Misplaced> {
    let mut seen: IndexMap<u64, usize> = IndexMap::new();
    examples.iter().for_each(|example| *seen.entry(example.category_id).or_default() += 1);
    for example in judged {
        seen.entry(example.category_id).and_modify(|count| *count = count.saturating_sub(1));
    }
    let known =
        |example: &&&Example| seen.get(&example.category_id).is_some_and(|count| *count >= LEAST_SEEN);
    let judged: Vec<&Example> = judged.iter().filter(known).copied().collect();
    let stride = judged.len().div_ceil(MOST_FITTED).max(1);
    let sample: Vec<HeldOut> = judged.iter().step_by(stride).map(|example| scored(model, example)).collect();
    let noise = LabelNoise::fit(&sample, model.calibration.temperature);
    judged.iter().filter_map(|example| misplaced(model, &noise, example)).collect()
}

fn misplaced(model: &Categorizer, noise: &LabelNoise, example: &Example) -> Option<Misplaced> {
    let doubt = noise.doubt(&scored(model, example))?;
    let category = model.tree.category_of(doubt.class)?;
    if doubt.confidence < LEAST_CONFIDENCE || example.confirmed {
        return None;
    }
    Some(Misplaced {
        product_id: example.product_id,
        current: example.category_id,
        suggested: model.tree.id(category)?,
        path: model.tree.path(category),
        confidence: doubt.confidence,
        current_confidence: doubt.label,
        reasons: reasons(model, example),
    })
}

fn reasons(model: &Categorizer, example: &Example) -> Vec<String> {
    let Some(why) = model.explain(&example.product, LOOKED_AT) else { return Vec::new() };
    let spoken = why.contributions.into_iter().filter(|part| {
        part.weight > 0.0 && !part.text.is_empty() && matches!(part.kind, "word" | "word_pair" | "brand")
    });
    let mut words: Vec<String> = Vec::new();
    for part in spoken {
        if words.len() < REASON_WORDS && !words.contains(&part.text) {
            words.push(part.text);
        }
    }
    words
}

/// Sorts by falling confidence and keeps the surest.
pub(super) fn surest(mut found: Vec<Misplaced>) -> Vec<Misplaced> {
    found.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.product_id.cmp(&b.product_id)));
    found.truncate(MOST_KEPT);
    found
}

/// Writes the rows into a model file.
pub(super) fn write(found: &[Misplaced], writer: &mut ModelWriter) -> Result<()> {
    let ids = found.iter().flat_map(|one| [one.product_id, one.current, one.suggested]);
    let sureness = found.iter().flat_map(|one| [one.confidence as f32, one.current_confidence as f32]);
    writer.tensor("misplaced_ids", &[found.len(), 3], &ids.collect::<Vec<u64>>())?;
    writer.tensor("misplaced_confidences", &[found.len(), 2], &sureness.collect::<Vec<f32>>())?;
    writer.strings("misplaced_reasons", found.iter().map(|one| one.reasons.join("\n")))
}

fn read(model: &Categorizer, file: &Arc<ModelFile>) -> Result<Vec<Misplaced>> {
    let ids = file.slice::<u64>("misplaced_ids")?;
    let sureness = file.slice::<f32>("misplaced_confidences")?;
    let reasons = file.strings("misplaced_reasons")?;
    let rows = ids.as_chunks::<3>().0.iter().zip(sureness.as_chunks::<2>().0).enumerate();
    let row =
        |(number, ([product_id, current, suggested], [confidence, own])): (usize, (&[u64; 3], &[f32; 2]))| {
            let category = model.tree.class_of(*suggested).and_then(|class| model.tree.category_of(class))?;
            let words = reasons.get(number).unwrap_or_default();
            Some(Misplaced {
                product_id: *product_id,
                current: *current,
                suggested: *suggested,
                path: model.tree.path(category),
                confidence: f64::from(*confidence),
                current_confidence: f64::from(*own),
                reasons: words.split('\n').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            })
        };
    Ok(rows.filter_map(row).collect())
}

impl Categorizer {
    /// Products that seemed to sit in the wrong category when the model was trained, the surest first, at most 1,000;
    /// each was judged by a model that had not seen it. Empty when training was not asked to look.
    pub fn misplaced(&self) -> Result<Vec<Misplaced>> {
        if self.file.shape("misplaced_ids").is_err() {
            return Ok(Vec::new());
        }
        read(self, &self.file)
    }
}
