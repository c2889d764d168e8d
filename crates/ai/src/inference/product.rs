//! Everything a product page shows, each part answered or honestly not.

use super::demand::DemandQuery;
use super::price::PriceSettings;
use super::related::{Ask, Wanted};
use super::{Models, slot, unavailable};
use crate::categorizer::PredictOptions;
use crate::data::Scope;
use crate::forecast::Granularity;
use crate::settings::AiSettings;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use meschain_base::{Error, Money, Result};
use meschain_shop::Database;
use meschain_shop::columns::Snapshot;
use serde_json::{Value, json};
use std::sync::Arc;

/// Answers from the models that serve, the snapshot, and the database where it is up.
pub struct Advisor<'a> {
    /// The models.
    pub models: &'a Models,
    /// The shop.
    pub snapshot: &'a Snapshot,
    /// For the catalogue's texts; answers that need none work without it.
    pub database: Option<&'a Database>,
    /// What the shop has set for its models.
    pub settings: Arc<AiSettings>,
    /// The shop's zone.
    pub timezone: &'a str,
    /// When it is.
    pub now: Timestamp,
    /// Cores a batch may use.
    pub threads: usize,
}

/// What a product page asks for.
#[derive(Debug, Clone, Copy)]
pub struct ProductOptions {
    /// Weeks of forecast, 1 to 52.
    pub horizon_weeks: usize,
    /// Whose commission the price takes into account.
    pub marketplace_id: u32,
    /// Related products, 1 to 100.
    pub limit: usize,
}

impl Default for ProductOptions {
    fn default() -> Self {
        Self { horizon_weeks: 4, marketplace_id: 1, limit: 8 }
    }
}

impl<'a> Advisor<'a> {
    /// Which sales count, for all marketplaces or one.
    pub fn scope(&self, marketplace_id: Option<u32>) -> Result<Scope<'a>> {
        Scope::new(self.snapshot, self.timezone, self.now.as_second(), marketplace_id)
    }

    /// The row of a product in the snapshot.
    pub fn row(&self, product_id: u32) -> Result<usize> {
        let row = self.snapshot.products().find(product_id);
        row.ok_or_else(|| Error::NotFound { what: "product", id: product_id.to_string() })
    }

    pub(super) fn category_options(&self) -> PredictOptions {
        PredictOptions {
            confidence_threshold: self.settings.confidence_threshold,
            max_categories: self.settings.max_categories,
        }
    }

    pub(crate) fn product_id(&self, row: usize) -> u32 {
        self.snapshot.products().product_id.get(row).copied().unwrap_or(0)
    }

    pub(crate) fn language_id(&self) -> u32 {
        self.snapshot.dictionaries().default_language_id
    }

    pub(crate) fn zone(&self) -> TimeZone {
        TimeZone::get(self.timezone).unwrap_or(TimeZone::UTC)
    }

    /// The page of a product. A part whose model or database fails says so; the others still answer.
    pub fn product(&self, product_id: u32, options: &ProductOptions) -> Result<Value> {
        let row = self.row(product_id)?;
        let products = self.snapshot.products();
        let price = Money::from_raw(products.price.get(row).copied().unwrap_or(0));
        let related = self.recommend(&Ask::Similar(product_id), Wanted::most(options.limit));
        Ok(json!({
            "product_id": product_id,
            "name": products.name.get(row),
            "model": products.model.get(row),
            "price": price.to_string(),
            "quantity": products.stock(row),
            "category": part(self.category(product_id, &self.category_options()))?,
            "price_suggestion": part(self.price(row, options.marketplace_id, None, &PriceSettings::of(&self.settings)))?,
            "forecast": part(self.forecast(row, &DemandQuery::new(options.horizon_weeks, Granularity::Week)))?,
            "related": part(related.map(|items| json!({ "available": true, "items": items })))?,
        }))
    }
}

/// A part that could not be had becomes a reason; bad input stays an error.
fn part(answer: Result<Value>) -> Result<Value> {
    match answer {
        Err(Error::Database { .. } | Error::NotConfigured { .. }) => Ok(unavailable("database_down")),
        Err(error) if slot::is_refused(&error) => Ok(unavailable("model_refused")),
        Err(Error::NotEnoughData { .. }) => Ok(unavailable("not_enough_data")),
        other => other,
    }
}
