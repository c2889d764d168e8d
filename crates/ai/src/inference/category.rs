//! Category suggestions for a product of the catalogue or for one that is being typed in.

use super::{Advisor, unavailable};
use crate::categorizer::{Contribution, FallbackRules, PredictOptions, ProductText, Suggestion};
use crate::data::catalogue::{Catalogue, text_of};
use meschain_base::{Error, Progress, Result};
use meschain_shop::read;
use serde_json::{Value, json};

/// Products that the rules look at where there is no model.
const FALLBACK_PRODUCTS: usize = 5_000;
/// Features that explain() lists.
const MOST_FEATURES: usize = 12;

impl Advisor<'_> {
    /// Suggestions for each product, best first, with the model or, without one, with rules over the shop's categories.
    pub fn predict_categories(
        &self,
        products: &[ProductText],
        options: &PredictOptions,
    ) -> Result<Vec<Vec<Suggestion>>> {
        if let Some((_, model)) = self.models.categorizer()? {
            return model.predict_batch(products, options, self.threads);
        }
        let Some(database) = self.database else { return Ok(vec![Vec::new(); products.len()]) };
        let catalogue =
            Catalogue::read(database, self.language_id(), FALLBACK_PRODUCTS, &Progress::silent())?;
        let rules = FallbackRules::new(&catalogue.examples(), &catalogue.tree());
        Ok(products.iter().map(|product| rules.predict(product, options)).collect())
    }

    /// What spoke for the best category.
    pub fn explain_category(&self, product: &ProductText) -> Result<Value> {
        let Some((_, model)) = self.models.categorizer()? else { return Ok(unavailable("no_model")) };
        let Some(why) = model.explain(product, MOST_FEATURES) else {
            return Ok(unavailable("unknown_words"));
        };
        let row =
            |part: &Contribution| json!({ "feature": part.text, "kind": part.kind, "weight": part.weight });
        let features = why.contributions.iter().map(row);
        Ok(json!({
            "available": true,
            "category": why.path,
            "category_id": why.category_id,
            "confidence": why.confidence,
            "features": features.collect::<Vec<_>>(),
        }))
    }

    /// Products that seemed to sit in the wrong category when the model was trained and still sit there, the surest first.
    pub fn misplaced(&self, least_confidence: f64, limit: usize) -> Result<Value> {
        let (Some((_, model)), Some(database)) = (self.models.categorizer()?, self.database) else {
            return Ok(json!([]));
        };
        let paths = read::categories(database, i64::from(self.language_id()))?;
        let named = |id: &i64| json!({ "category_id": id, "category": paths.get(id).map(|one| &one.path) });
        let mut rows = Vec::new();
        for one in model.misplaced()? {
            if rows.len() >= limit || one.confidence < least_confidence {
                break;
            }
            let (Ok(id), Ok(from), Ok(to)) =
                (i64::try_from(one.product_id), i64::try_from(one.current), i64::try_from(one.suggested))
            else {
                continue;
            };
            let current: Vec<i64> = read::categories_of(database, id)?;
            if !current.contains(&from) || current.contains(&to) {
                continue;
            }
            let row = u32::try_from(id).ok().and_then(|id| self.snapshot.products().find(id));
            rows.push(json!({
                "product_id": id,
                "name": row.map(|row| self.snapshot.products().name.get(row)),
                "current": current.iter().map(named).collect::<Vec<_>>(),
                "category_id": to,
                "category": one.path,
                "confidence": one.confidence,
                "current_confidence": one.current_confidence,
                "reasons": one.reasons,
            }));
        }
        Ok(Value::Array(rows))
    }

    /// Where a catalogue product is and where it could be.
    pub fn category(&self, product_id: u32, options: &PredictOptions) -> Result<Value> {
        let Some(database) = self.database else { return Ok(unavailable("database_down")) };
        let (id, language) = (i64::from(product_id), i64::from(self.language_id()));
        let product = match read::product(database, id, language) {
            Err(Error::NotFound { .. }) => return Ok(unavailable("not_in_catalogue")),
            other => other?,
        };
        let paths = read::categories(database, language)?;
        let current = read::categories_of(database, id)?.into_iter().filter_map(|category| {
            let path = &paths.get(&category)?.path;
            Some(json!({ "category_id": category, "path": path }))
        });
        let current: Vec<Value> = current.collect();
        let suggestions = self.predict_categories(&[text_of(&product)], options)?.pop().unwrap_or_default();
        let suggestions: Vec<Value> = suggestions.iter().map(suggestion_row).collect();
        Ok(json!({ "available": true, "current": current, "suggestions": suggestions }))
    }
}

/// A suggestion as pages take it.
pub fn suggestion_row(suggestion: &Suggestion) -> Value {
    json!({
        "category": suggestion.path,
        "category_id": suggestion.category_id,
        "confidence": suggestion.confidence,
        "suggested": suggestion.suggested,
    })
}
