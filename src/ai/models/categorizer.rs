//! `MesChain\AI\Models\ProductCategorizer`: see its stub.

use crate::ai::with;
use crate::engine::Engine;
use crate::options::Options;
use crate::{arg, call, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_ai::categorizer::{PredictOptions, ProductText};
use meschain_ai::inference::category::suggestion_row;
use meschain_ai::inference::log::Question;
use meschain_base::{Error, Result};
use serde_json::{Value, json};
use std::sync::Arc;

/// Products of one predictBatch() call.
const MOST_PRODUCTS: usize = 10_000;
/// Attributes of one product.
const MOST_ATTRIBUTES: usize = 200;
/// The plan's name for how sure a suggestion must be, and what it is unless set.
const DEFAULT_THRESHOLD: f64 = 0.8;

/// Rows of one misplaced() call, and how many unless asked.
const MOST_MISPLACED: i64 = 200;
const DEFAULT_MISPLACED: i64 = 50;

#[php_class]
#[php(name = "MesChain\\AI\\Models\\ProductCategorizer")]
pub struct ProductCategorizer {
    engine: Arc<Engine>,
    options: PredictOptions,
}

impl ProductCategorizer {
    pub fn over(engine: Arc<Engine>) -> Self {
        let options = PredictOptions { confidence_threshold: DEFAULT_THRESHOLD, ..PredictOptions::default() };
        Self { engine, options }
    }

    fn predict_all(&self, products: &[ProductText]) -> Result<Vec<Value>> {
        let question = |at: usize| Question::of_text(products.get(at));
        let answer = with::logged_all(&self.engine, products.len(), question, || {
            with::shopper(&self.engine, |advisor| {
                let all = advisor.predict_categories(products, &self.options)?;
                Ok(json!(
                    all.iter().map(|one| one.iter().map(suggestion_row).collect()).collect::<Vec<Vec<_>>>()
                ))
            })
        })?;
        // With no snapshot there is no catalogue to suggest from: nothing is suggested.
        Ok(answer.as_array().cloned().unwrap_or_else(|| vec![json!([]); products.len()]))
    }
}

fn product(name: &'static str, value: &Zval) -> Result<ProductText> {
    let options = Options::any(name, Some(value))?;
    let title = options.string("name")?;
    let images = options.get("images").map(|images| match images.array() {
        Some(list) => Ok(i64::try_from(list.len()).unwrap_or(0)),
        None => arg::int_between(&options.path("images"), images, 0, 100_000),
    });
    Ok(ProductText {
        name: title.ok_or_else(|| Error::argument(options.path("name"), "a product name", "nothing"))?,
        description: options.string("description")?.unwrap_or_default(),
        brand: options.string("brand")?.unwrap_or_default(),
        price: options.float("price")?.filter(|price| *price > 0.0),
        attributes: options
            .read("attributes", |name, value| arg::strings(name, value, MOST_ATTRIBUTES))?
            .unwrap_or_default(),
        images: u32::try_from(images.transpose()?.unwrap_or(0)).unwrap_or(0),
    })
}

#[php_impl]
impl ProductCategorizer {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| {
            let (own, rest) = settings::split(settings, &["confidence_threshold", "max_categories"])?;
            let mut result =
                Self::over(lifecycle::engine(settings::from_argument(rest.as_ref().or(settings))?));
            let own = Options::any("settings", Some(&own))?;
            if let Some(threshold) = own.float("confidence_threshold")? {
                if !(0.0..=1.0).contains(&threshold) {
                    let name = own.path("confidence_threshold");
                    return Err(Error::argument(name, "a number from 0 to 1", threshold.to_string()));
                }
                result.options.confidence_threshold = threshold;
            }
            if let Some(most) = own.int("max_categories", 1, 50)? {
                result.options.max_categories = usize::try_from(most).unwrap_or(1);
            }
            Ok(result)
        })
    }

    pub fn predict(&self, product: &Zval) -> PhpResult<Zval> {
        call::array(|| {
            Ok(self.predict_all(&[self::product("product", product)?])?.pop().unwrap_or_else(|| json!([])))
        })
    }

    pub fn predict_batch(&self, products: &Zval) -> PhpResult<Zval> {
        call::array(|| {
            let list = arg::array("products", products)?;
            if list.len() > MOST_PRODUCTS {
                let given = format!("{} products", list.len());
                return Err(Error::argument("products", format!("at most {MOST_PRODUCTS} products"), given));
            }
            let texts: Vec<_> =
                list.values().map(|value| product("products[]", value)).collect::<Result<_>>()?;
            self.predict_all(&texts)
        })
    }

    pub fn explain(&self, product: &Zval) -> PhpResult<Zval> {
        call::array(|| {
            let product = self::product("product", product)?;
            with::advisor(&self.engine, |advisor| advisor.explain_category(&product))
        })
    }

    pub fn misplaced(&self, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let options = Options::open("options", options, &["limit", "min_confidence"])?;
            let least = options.float("min_confidence")?.unwrap_or(DEFAULT_THRESHOLD);
            if !(0.0..=1.0).contains(&least) {
                let name = options.path("min_confidence");
                return Err(Error::argument(name, "a number from 0 to 1", least.to_string()));
            }
            let most = options.int("limit", 1, MOST_MISPLACED)?.unwrap_or(DEFAULT_MISPLACED);
            let limit = usize::try_from(most).unwrap_or(1);
            let rows = with::shopper(&self.engine, |advisor| advisor.misplaced(least, limit))?;
            // With no snapshot there is no shop to look at.
            Ok(if rows.is_array() { rows } else { json!([]) })
        })
    }
}
