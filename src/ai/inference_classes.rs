//! `MesChain\AI\Inference\*`: see their stubs.

use crate::ai::{operations, with};
use crate::engine::Engine;
use crate::options::Options;
use crate::{arg, call, convert, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_ai::inference::log::Question;
use meschain_ai::inference::process::{Narrow, narrow};
use meschain_ai::registry::Shelf;
use meschain_ai::training;
use meschain_base::{Error, Result};
use serde_json::Value;
use std::sync::Arc;

/// Products of one predictBatch() call, answers of one process() call.
const MOST: usize = 1_000;

#[php_class]
#[php(name = "MesChain\\AI\\Inference\\PredictionEngine")]
pub struct PredictionEngine {
    engine: Arc<Engine>,
}

#[php_impl]
impl PredictionEngine {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn predict(&self, r#type: &Zval, product_id: &Zval) -> PhpResult<Zval> {
        call::array(|| {
            let (kind, product) = (operations::kind(r#type)?, arg::id("productId", product_id)?);
            with::logged(
                &self.engine,
                || Question::of(kind, product),
                || with::advisor(&self.engine, |advisor| advisor.predict(kind, product)),
            )
        })
    }

    pub fn predict_batch(&self, r#type: &Zval, product_ids: &Zval) -> PhpResult<Zval> {
        call::array(|| {
            let (kind, products) = (operations::kind(r#type)?, arg::ids("productIds", product_ids, MOST)?);
            let question = |at: usize| Question::of(kind, products.get(at).copied().unwrap_or(0));
            with::logged_all(&self.engine, products.len(), question, || {
                with::advisor(&self.engine, |advisor| {
                    let all = products.iter().map(|product| advisor.predict(kind, *product));
                    all.collect::<Result<Vec<_>>>().map(Value::Array)
                })
            })
        })
    }
}

#[php_class]
#[php(name = "MesChain\\AI\\Inference\\ModelLoader")]
pub struct ModelLoader {
    engine: Arc<Engine>,
}

#[php_impl]
impl ModelLoader {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn serving(&self) -> PhpResult<Zval> {
        call::array(|| {
            let shelf = Shelf::new(self.engine.settings());
            Ok(shelf.map_or_else(|_| training::no_models("no_data_dir"), |shelf| training::models(&shelf)))
        })
    }

    pub fn versions(&self, r#type: &Zval) -> PhpResult<Zval> {
        call::array(|| operations::versions(&self.engine, r#type))
    }

    pub fn check(&self, r#type: &Zval) -> PhpResult<Zval> {
        call::array(|| operations::check(&self.engine, r#type))
    }

    pub fn roll_back(&self, r#type: &Zval, version: &Zval, by: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| operations::roll_back(&self.engine, r#type, version, by))
    }
}

#[php_class]
#[php(name = "MesChain\\AI\\Inference\\ResultProcessor")]
pub struct ResultProcessor {
    engine: Arc<Engine>,
}

#[php_impl]
impl ResultProcessor {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn process(&self, answers: &Zval, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            if arg::array("answers", answers)?.len() > MOST {
                return Err(Error::argument("answers", format!("at most {MOST} answers"), "more"));
            }
            let options = Options::open("options", options, &["confidence_threshold", "limit"])?;
            let shop = self.engine.ai_settings();
            let threshold = options.float("confidence_threshold")?.unwrap_or(shop.confidence_threshold);
            if !(0.0..=1.0).contains(&threshold) {
                let name = options.path("confidence_threshold");
                return Err(Error::argument(name, "a number from 0 to 1", threshold.to_string()));
            }
            let limit = options.int("limit", 1, 1_000)?.and_then(|limit| usize::try_from(limit).ok());
            let by = Narrow { confidence_threshold: threshold, limit: limit.unwrap_or(shop.max_categories) };
            let answers = convert::from_php("answers", answers)?;
            Ok(narrow(answers.as_array().map_or(&[][..], Vec::as_slice), by))
        })
    }
}
