//! One shape for all four questions about a product, and what a model saw of it.

use super::demand::DemandQuery;
use super::price::PriceSettings;
use super::related::{Ask, Wanted};
use super::{Advisor, unavailable};
use crate::data::catalogue::text_of;
use crate::forecast::Granularity;
use crate::registry::Kind;
use meschain_base::{Error, Result};
use meschain_shop::read;
use serde_json::{Value, json};

/// Weeks of the forecast.
const WEEKS: usize = 4;
/// Related products.
const RELATED: usize = 10;

impl Advisor<'_> {
    /// What the model of this kind says of a product: `type`, `product_id`, `version` of the model that answered (none without one)
    /// and `result`, shaped as that model's own calls shape it.
    pub fn predict(&self, kind: Kind, product_id: u32) -> Result<Value> {
        let row = self.row(product_id)?;
        let (version, result) = match kind {
            Kind::Categorization => (
                self.version(self.models.categorizer()?),
                self.category(product_id, &self.category_options())?,
            ),
            Kind::Pricing => {
                let settings = PriceSettings::of(&self.settings);
                (self.version(self.models.prices()?), self.price(row, 1, None, &settings)?)
            }
            Kind::Forecasting => (
                self.version(self.models.pools()?),
                self.forecast(row, &DemandQuery::new(WEEKS, Granularity::Week))?,
            ),
            Kind::Recommendation => {
                let items = self.recommend(&Ask::Similar(product_id), Wanted::most(RELATED))?;
                (self.version(self.models.recommender()?), json!({ "available": true, "items": items }))
            }
        };
        Ok(json!({ "type": kind.name(), "product_id": product_id, "version": version, "result": result }))
    }

    fn version<T>(&self, serving: super::models::Serving<T>) -> Option<String> {
        serving.map(|(card, _)| card.version)
    }

    /// What the model of this kind goes by when it looks at a product.
    pub fn extract(&self, kind: Kind, product_id: u32) -> Result<Value> {
        let part = |answer: &Value, keys: &[&str]| -> Value {
            let found = keys.iter().filter_map(|key| Some(((*key).to_owned(), answer.get(*key)?.clone())));
            Value::Object(found.collect())
        };
        let answer = match kind {
            Kind::Categorization => return self.extract_text(product_id),
            _ => self.predict(kind, product_id)?.get("result").cloned().unwrap_or_default(),
        };
        let keys: &[&str] = match kind {
            Kind::Pricing => &["available", "reason", "current_price", "elasticity", "confidence"],
            Kind::Forecasting => &["available", "reason", "class", "season", "method", "history", "reasons"],
            _ => &["available", "reason", "items"],
        };
        Ok(part(&answer, keys))
    }

    fn extract_text(&self, product_id: u32) -> Result<Value> {
        let Some(database) = self.database else { return Ok(unavailable("database_down")) };
        match read::product(database, i64::from(product_id), i64::from(self.language_id())) {
            Err(Error::NotFound { .. }) => Ok(unavailable("not_in_catalogue")),
            product => self.explain_category(&text_of(&product?)),
        }
    }
}
