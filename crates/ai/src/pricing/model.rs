//! The pricing model: demand curves of products, categories and the store.

use super::demand::{Demand, Elasticity};
use super::drift::Drift;
use super::features::{CategoryPace, paces};
use super::fit::Product;
use super::forgetting::Forgetting;
use super::history::{PAST, PriceWeek, TrainConfig};
use super::linear::dot;
use super::noise::Noise;
use super::price_index::PriceIndex;
use super::shrinkage::Pull;
use super::spread::Spread;
use super::table::{CATEGORY, PRODUCT, STORE, Table};
use super::train::Start;
use crate::data::terms::Effects;
use crate::model_file::{FeatureShare, Header, ModelFile, ModelWriter};
use meschain_base::{Error, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;

/// Kind of the model file.
pub const KIND: &str = "pricing";
/// Version of the model file's layout.
pub const FORMAT: u32 = 1;

/// Figures on the last weeks of every product, held out before the final fit.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct PriceReport {
    /// Products of the catalogue.
    pub products: u64,
    /// Weighted absolute percentage error of predicted units, at the prices that were asked.
    pub wape: f64,
    /// The same of the mean of the last eight weeks.
    pub baseline_wape: f64,
    /// Product weeks held out; 0 when nothing was sold in them, which measures nothing.
    pub held_out: u64,
}

/// What the width of the elasticities' intervals, and with it the confidence of a suggestion, rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Variance of units beyond Poisson, relative to the squared mean.
    pub dispersion: f64,
    /// The part of it that persists from week to week.
    #[serde(default)]
    pub drift: Drift,
    /// Whether each product's level bends over its life, because prices go along with that; false in a model whose file does not say.
    #[serde(default)]
    pub has_course: bool,
    /// Variance of log demand that nothing explains, at unit weight, as estimates really scatter.
    pub noise: f64,
    /// Variance of elasticities between the products of a category.
    pub between: f64,
    /// Variance of elasticities between categories; 0 in a model whose file does not say.
    #[serde(default)]
    pub between_categories: f64,
    /// Weeks of a product's own data that its category is worth, for each coefficient.
    pub category_weeks: Vec<f64>,
    /// By how much less a week counts than the one after it, in the two middles that a product's level lies between.
    #[serde(default = "usual_forgetting")]
    pub forgetting: [f64; 2],
}

impl Calibration {
    pub(super) fn noise_of_weeks(&self) -> Noise {
        let Self { dispersion, drift, has_course, .. } = *self;
        Noise { dispersion, drift, has_course, ..Noise::default() }
    }

    pub(super) fn pull(&self) -> Pull {
        Pull { weeks: self.category_weeks.clone(), spread: self.spread() }
    }

    fn spread(&self) -> Spread {
        Spread { products: self.between, categories: self.between_categories }
    }

    /// Whether a training of `size` coefficients can begin with it.
    fn is_sound(&self, size: usize) -> bool {
        self.dispersion > 0.0
            && self.drift.is_sound()
            && self.spread().is_sound()
            && self.category_weeks.len() == size
            && self.category_weeks.iter().all(|weeks| *weeks > 0.0)
            && self.forgetting.iter().all(|fall| (0.0..=1.0).contains(fall))
    }
}

fn usual_forgetting() -> [f64; 2] {
    Forgetting::default().0
}

/// What training found out besides the coefficients. Models of before there were the last four serve on without.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Findings {
    pub report: PriceReport,
    #[serde(default)]
    pub importance: Vec<FeatureShare>,
    #[serde(default)]
    pub calibration: Option<Calibration>,
    #[serde(default)]
    pub terms: Effects,
    #[serde(default)]
    pub index: PriceIndex,
}

/// One row of the model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Coefficients {
    /// Product, or group, or 0 for the store.
    pub key: u64,
    /// 0 store, 1 group, 2 product.
    pub kind: u8,
    /// Log demand at zero regressors; meaningful for products only.
    pub level: f64,
    pub variance: f64,
    pub weeks: u32,
    pub price_levels: u32,
    pub units: f64,
    /// Category of a product.
    pub group: u64,
    /// Units a week in the last four weeks, and in the four before.
    pub pace: (f32, f32),
    /// Elasticity, the covariates, then the prices before.
    pub values: Vec<f64>,
}

impl Coefficients {
    pub(crate) fn shared(group: Option<u64>, values: &[f64], variance: f64) -> Self {
        Self {
            key: group.unwrap_or(0),
            kind: u8::from(group.is_some()),
            level: 0.0,
            variance,
            weeks: 0,
            price_levels: 0,
            units: 0.0,
            group: 0,
            pace: (0.0, 0.0),
            values: values.to_vec(),
        }
    }

    /// `newest` is the last week that any product has.
    pub(crate) fn product(product: &Product, variance: f64, newest: i32) -> Self {
        let weeks = product.units.len();
        let units = product.weeks.iter().copied().zip(product.units.iter().copied());
        Self {
            key: product.id,
            kind: 2,
            level: product.level_at_zero(),
            variance,
            weeks: u32::try_from(weeks).unwrap_or(u32::MAX),
            price_levels: product.price_levels,
            units: product.units.iter().sum::<f64>() / weeks.max(1) as f64,
            group: product.group,
            pace: paces(units, newest),
            values: product.coefficients.clone(),
        }
    }
}

/// Demand of all products of a shop at any price.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceModel {
    covariates: Vec<String>,
    /// Weeks before whose prices matter.
    past: usize,
    table: Table,
    findings: Findings,
    seed: u64,
}

#[derive(Serialize, Deserialize)]
struct Parameters {
    covariates: Vec<String>,
    #[serde(default)]
    past_prices: usize,
    #[serde(flatten)]
    findings: Findings,
}

impl PriceModel {
    pub(crate) fn new(
        (covariates, past): (Vec<String>, usize),
        rows: Vec<Coefficients>,
        findings: Findings,
        seed: u64,
    ) -> Self {
        let table = Table::new(rows, 1 + covariates.len() + past);
        Self { covariates, past, table, findings, seed }
    }

    /// Figures on the held-out weeks.
    pub fn report(&self) -> &PriceReport {
        &self.findings.report
    }

    /// What the confidence of suggestions rests on; `None` in a model whose file does not say.
    pub fn calibration(&self) -> Option<&Calibration> {
        self.findings.calibration.as_ref()
    }

    /// With what terms of a sale do to prices in the store whose weeks this model was trained on.
    #[must_use]
    pub fn with_terms(mut self, terms: Effects) -> Self {
        self.findings.terms = terms;
        self
    }

    /// What terms of a sale do to prices in the store; nothing in a model whose file does not say.
    pub fn terms(&self) -> &Effects {
        &self.findings.terms
    }

    /// What moves demand over the product weeks of the training, the weightiest first; empty in a model whose file does not say.
    pub fn importance(&self) -> &[FeatureShare] {
        &self.findings.importance
    }

    /// Names of the covariates, in order.
    pub fn covariates(&self) -> &[String] {
        &self.covariates
    }

    /// Number of products with a demand curve of their own.
    pub fn products(&self) -> usize {
        self.table.products()
    }

    /// Where an update of this model begins; `None` for a model that does not say what its training found, or was made another way.
    pub(super) fn start(&self, config: &TrainConfig) -> Option<Start<'_>> {
        let calibration = self.calibration()?;
        let size = 1 + config.covariates.len() + config.past();
        let fits = self.covariates == config.covariates && self.past == config.past();
        (fits && calibration.is_sound(size)).then_some(Start { model: self, calibration })
    }

    /// The coefficients of a category, or of the store.
    pub(super) fn shared(&self, group: u64) -> Option<&[f64]> {
        self.table.row(CATEGORY, group).or_else(|| self.table.row(STORE, 0)).map(|row| row.values)
    }

    /// The category of a product that training saw; None for others, and in a model whose file does not say.
    pub fn category_of(&self, id: u64) -> Option<u64> {
        self.table.row(PRODUCT, id).map(|row| row.group).filter(|group| *group != 0)
    }

    /// Whether a product has a demand curve of its own.
    pub fn has_product(&self, id: u64) -> bool {
        self.table.row(PRODUCT, id).is_some()
    }

    /// Whether products of this category were seen.
    pub fn has_category(&self, group: u64) -> bool {
        self.table.row(CATEGORY, group).is_some()
    }

    /// How a category sold when the model was trained.
    pub fn category(&self, group: u64) -> Option<CategoryPace<'_>> {
        self.table.category(group)
    }

    /// What is known about a product's demand; a product not seen in training has its category's elasticity, an unknown
    /// category the store's.
    pub fn demand(&self, id: u64, group: u64) -> Demand {
        let own = self.table.row(PRODUCT, id);
        let is_own = own.is_some();
        let shared = || self.table.row(CATEGORY, group).or_else(|| self.table.row(STORE, 0));
        let Some(row) = own.or_else(shared) else { return Demand::unknown() };
        let value = row.values.first().copied().unwrap_or(-1.0);
        Demand {
            elasticity: Elasticity::around(value, row.variance.max(0.0).sqrt()),
            weeks: row.weeks,
            price_levels: row.price_levels,
            weekly_units: row.units,
            level: is_own.then_some(row.level),
        }
    }

    /// Units of a product in a week of this price and these covariates, after weeks of the prices `before` (the nearest first); 0 for a
    /// product without history. Covariates that the week does not say are zero, and those that the model does not know are left out.
    pub fn predict(&self, id: u64, week: &PriceWeek, before: [f64; PAST]) -> f64 {
        let Some(row) = self.table.row(PRODUCT, id).filter(|_| week.price > 0.0) else { return 0.0 };
        let log = week.price.ln();
        let before = before.iter().take(self.past);
        let before = before.map(|price| if *price > 0.0 { price.ln() - log } else { 0.0 });
        let covariates = week.covariates.iter().map(|value| f64::from(*value)).chain(std::iter::repeat(0.0));
        let regressors: Vec<f64> = std::iter::once(log - self.findings.index.at(week.week))
            .chain(covariates.take(self.covariates.len()))
            .chain(before)
            .collect();
        (row.level + dot(row.values, &regressors)).clamp(-40.0, 40.0).exp()
    }

    /// The model as a file to be written. `created` is ISO 8601 UTC.
    pub fn writer(&self, created: String, seed: u64) -> Result<ModelWriter> {
        let parameters = Parameters {
            covariates: self.covariates.clone(),
            past_prices: self.past,
            findings: self.findings.clone(),
        };
        let report = self.report();
        let metrics = [
            ("wape", report.wape),
            ("baseline_wape", report.baseline_wape),
            ("held_out", report.held_out as f64),
        ];
        let mut writer = ModelWriter::new(Header {
            kind: KIND.to_owned(),
            format: FORMAT,
            created,
            seed,
            training_size: report.products,
            metrics: metrics.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            parameters: serde_json::to_value(parameters)
                .map_err(|error| Error::internal("price parameters", error.to_string()))?,
        })?;
        self.table.write(&mut writer)?;
        Ok(writer)
    }

    /// Opens and verifies a model file.
    pub fn open(path: &Path) -> Result<Self> {
        Self::of(ModelFile::open(path, KIND, FORMAT)?)
    }

    /// Reads an opened model file; refuses sizes and values that no training writes.
    pub fn of(file: Arc<ModelFile>) -> Result<Self> {
        let Parameters { covariates, past_prices: past, findings } =
            serde_json::from_value(file.header().parameters.clone())
                .map_err(|error| file.corrupt(error.to_string()))?;
        let past = past.min(PAST);
        let table = Table::read(&file, 1 + covariates.len() + past)?;
        Ok(Self { covariates, past, table, findings, seed: file.header().seed })
    }
}
