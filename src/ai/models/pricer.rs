//! `MesChain\AI\Models\PriceOptimizer`: see its stub.

use crate::ai::with;
use crate::engine::Engine;
use crate::options::Options;
use crate::task::Task;
use crate::{arg, call, convert, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_ai::data::competitors;
use meschain_ai::inference::log::Question;
use meschain_ai::inference::price::PriceOverrides;
use meschain_ai::suggestions::{OptimiseOptions, optimise_prices};
use meschain_base::{Error, Progress, Result};
use serde_json::{Value, json};
use std::sync::Arc;

/// Prices of one simulate() call.
const MOST_PRICES: usize = 1_000;
/// Proposals of one run over the catalogue when the caller does not say, and at most.
const DEFAULT_PROPOSALS: usize = 1_000;
const MOST_PROPOSALS: i64 = 10_000;
const OWN: [&str; 3] = ["price_change_limit", "profit_margin_min", "update_frequency"];

#[php_class]
#[php(name = "MesChain\\AI\\Models\\PriceOptimizer")]
pub struct PriceOptimizer {
    engine: Arc<Engine>,
    overrides: PriceOverrides,
}

impl PriceOptimizer {
    pub fn over(engine: Arc<Engine>) -> Self {
        Self { engine, overrides: PriceOverrides::default() }
    }
}

fn ratio(options: &Options<'_>, key: &str, most: f64) -> Result<Option<f64>> {
    let Some(value) = options.float(key)? else { return Ok(None) };
    if (0.0..=most).contains(&value) {
        Ok(Some(value))
    } else {
        Err(Error::argument(options.path(key), format!("a ratio from 0 to {most}"), value.to_string()))
    }
}

fn overrides(own: &Zval) -> Result<PriceOverrides> {
    let own = Options::any("settings", Some(own))?;
    Ok(PriceOverrides {
        change_limit: ratio(&own, "price_change_limit", 0.9)?,
        margin_min: ratio(&own, "profit_margin_min", 10.0)?,
        update_frequency: own.int("update_frequency", 60, 86_400 * 365)?,
    })
}

/// Goes through the catalogue's prices; what a worker does for the job "optimise_prices", with the shop's settings.
pub fn optimise(
    engine: &Engine,
    request: &Value,
    overrides: &PriceOverrides,
    progress: &Progress,
) -> Result<Value> {
    let limit = request.get("limit").and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok());
    let limit = limit.unwrap_or(DEFAULT_PROPOSALS);
    with::job(engine, progress, |advisor| {
        let options = OptimiseOptions { limit, settings: overrides.over(&advisor.settings) };
        optimise_prices(advisor, &options, progress)
    })
}

#[php_impl]
impl PriceOptimizer {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| {
            let (own, rest) = settings::split(settings, &OWN)?;
            let engine = lifecycle::engine(settings::from_argument(rest.as_ref().or(settings))?);
            Ok(Self { engine, overrides: overrides(&own)? })
        })
    }

    pub fn optimize_price(
        &self,
        product_id: &Zval,
        marketplace_id: Option<&Zval>,
        current_price: Option<&Zval>,
    ) -> PhpResult<Zval> {
        call::array(|| {
            let product = arg::id("productId", product_id)?;
            let marketplace = marketplace_id.map_or(Ok(1), |id| arg::id("marketplaceId", id))?;
            let given = current_price.filter(|price| !price.dereference().is_null());
            let price = given.map(|price| arg::float("currentPrice", price)).transpose()?;
            let question = || Question::of_price(product, marketplace, price);
            with::logged(&self.engine, question, || {
                with::advisor(&self.engine, |advisor| {
                    let settings = self.overrides.over(&advisor.settings);
                    advisor.price(advisor.row(product)?, marketplace, price, &settings)
                })
            })
        })
    }

    pub fn simulate(&self, product_id: &Zval, prices: &Zval, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let product = arg::id("productId", product_id)?;
            let prices = arg::floats("prices", prices, MOST_PRICES)?;
            let options = Options::open("options", options, &["marketplace_id"])?;
            let marketplace = options.read("marketplace_id", arg::id)?.unwrap_or(1);
            let answer = with::advisor(&self.engine, |advisor| {
                Ok(Value::Array(advisor.simulate_prices(advisor.row(product)?, marketplace, &prices)?))
            })?;
            Ok(if answer.is_array() { answer } else { json!([]) })
        })
    }

    pub fn optimize_catalogue(&self, options: Option<&Zval>) -> PhpResult<Task> {
        call::run(|| {
            let options = Options::open("options", options, &["limit"])?;
            let request = json!({ "limit": options.int("limit", 0, MOST_PROPOSALS)? });
            let (engine, overrides) = (Arc::clone(&self.engine), self.overrides.clone());
            engine.settings().require_data_dir()?;
            engine.settings().require_database()?;
            Task::start(move |progress| optimise(&engine, &request, &overrides, progress))
        })
    }

    pub fn record_competitor_prices(&self, rows: &Zval) -> PhpResult<Zval> {
        call::array(|| {
            let given = arg::array("rows", rows)?.len();
            if given > competitors::MOST_ROWS {
                let expected = format!("at most {} rows", competitors::MOST_ROWS);
                return Err(Error::argument("rows", expected, format!("{given} rows")));
            }
            let prices = competitors::parse(&convert::from_php("rows", rows)?, self.engine.clock().now())?;
            Ok(json!({ "recorded": competitors::record(&self.engine.database()?, &prices)? }))
        })
    }
}
