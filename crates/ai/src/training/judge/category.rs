//! The categoriser on products that were added since.

use super::{Scored, Since};
use crate::categorizer::{Categorizer, PredictOptions};
use crate::data::catalogue::{Catalogue, text_of};
use crate::model_file::ModelFile;
use crate::training::categorization::{MOST_PRODUCTS, added_second};
use meschain_base::{Progress, Result};
use std::sync::Arc;

/// New products below which nothing is concluded: 40 tell 0.9 from 0.75, not from 0.88.
const LEAST: usize = 40;

/// Share of the new products whose likeliest category is theirs.
pub fn score(since: &Since<'_>, model: &Arc<ModelFile>, progress: &Progress) -> Result<Option<Scored>> {
    let workshop = since.workshop;
    let language = workshop.snapshot.dictionaries().default_language_id;
    let catalogue = Catalogue::read(workshop.database, language, MOST_PRODUCTS, progress)?;
    let clock = workshop.snapshot.dictionaries().wall_clock();
    let new = catalogue.products.iter().filter(|(product, category)| {
        *category != 0 && added_second(product, &clock).is_some_and(|second| second > since.second)
    });
    let (texts, categories): (Vec<_>, Vec<u64>) =
        new.map(|(product, category)| (text_of(product), category.unsigned_abs())).unzip();
    if texts.len() < LEAST {
        return Ok(None);
    }
    // No threshold: the likeliest leaf counts, never a parent.
    let options = PredictOptions { confidence_threshold: 0.0, max_categories: 1 };
    let answers = Categorizer::of(Arc::clone(model))?.predict_batch(&texts, &options, workshop.threads)?;
    let right = answers.iter().zip(&categories);
    let right =
        right.filter(|(answer, category)| answer.first().is_some_and(|one| one.category_id == **category));
    Ok(Some(Scored { value: right.count() as f64 / texts.len() as f64, rows: texts.len() as u64 }))
}
