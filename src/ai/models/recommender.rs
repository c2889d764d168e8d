//! `MesChain\AI\Models\RecommendationEngine`: see its stub.

use crate::ai::with;
use crate::engine::Engine;
use crate::options::Options;
use crate::{arg, call, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_ai::inference::log::Question;
use meschain_ai::inference::related::{Ask, Wanted};
use meschain_base::Result;
use serde_json::{Value, json};
use std::sync::Arc;

/// Products of one basket.
const MOST_PRODUCTS: usize = 200;
/// Recommendations when the caller does not say.
const DEFAULT_LIMIT: usize = 10;

#[php_class]
#[php(name = "MesChain\\AI\\Models\\RecommendationEngine")]
pub struct RecommendationEngine {
    engine: Arc<Engine>,
}

impl RecommendationEngine {
    pub fn over(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    fn answer(&self, ask: &Ask<'_>, options: Option<&Zval>) -> Result<Value> {
        let options = Options::open("options", options, &["limit", "store_id"])?;
        let limit = options.int("limit", 1, 100)?.and_then(|limit| usize::try_from(limit).ok());
        let store_id = options.int("store_id", 0, u32::MAX.into())?.and_then(|id| u32::try_from(id).ok());
        let wanted = Wanted { limit: limit.unwrap_or(DEFAULT_LIMIT), store_id };
        let answer = with::logged(
            &self.engine,
            || Question::of_related(ask),
            || with::shopper(&self.engine, |advisor| advisor.recommend(ask, wanted).map(Value::Array)),
        )?;
        Ok(if answer.is_array() { answer } else { json!([]) })
    }
}

#[php_impl]
impl RecommendationEngine {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self::over(lifecycle::engine(settings::from_argument(settings)?))))
    }

    pub fn recommend(&self, customer_id: &Zval, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| self.answer(&Ask::Customer(arg::id("customerId", customer_id)?), options))
    }

    pub fn similar(&self, product_id: &Zval, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| self.answer(&Ask::Similar(arg::id("productId", product_id)?), options))
    }

    pub fn bought_together(&self, product_ids: &Zval, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            self.answer(&Ask::Together(&arg::ids("productIds", product_ids, MOST_PRODUCTS)?), options)
        })
    }

    pub fn for_basket(&self, product_ids: &Zval, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            self.answer(&Ask::Basket(&arg::ids("productIds", product_ids, MOST_PRODUCTS)?), options)
        })
    }

    pub fn trending(&self, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| self.answer(&Ask::Trending, options))
    }
}
