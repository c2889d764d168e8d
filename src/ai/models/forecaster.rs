//! `MesChain\AI\Models\DemandForecaster`: see its stub.

use crate::ai::with;
use crate::engine::Engine;
use crate::options::Options;
use crate::{arg, call, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_ai::inference::batch::{MOST_PRODUCTS, Measure};
use meschain_ai::inference::demand::{DemandQuery, LONGEST_HORIZON, granularity};
use meschain_ai::inference::log::Question;
use meschain_base::Result;
use std::sync::Arc;

/// Periods ahead when the caller does not say.
const DEFAULT_HORIZON: i64 = 28;
/// Longest time from order to arrival, in days.
const LONGEST_LEAD: i64 = 3_650;

#[php_class]
#[php(name = "MesChain\\AI\\Models\\DemandForecaster")]
pub struct DemandForecaster {
    engine: Arc<Engine>,
}

impl DemandForecaster {
    pub fn over(engine: Arc<Engine>) -> Self {
        Self { engine }
    }
}

fn query(horizon: Option<&Zval>, granularity: Option<&Zval>, options: &Options<'_>) -> Result<DemandQuery> {
    let most = i64::try_from(LONGEST_HORIZON).unwrap_or(i64::MAX);
    let horizon = horizon.map_or(Ok(DEFAULT_HORIZON), |value| arg::int_between("horizon", value, 1, most))?;
    let name = granularity.map_or(Ok("day".to_owned()), |value| arg::string("granularity", value))?;
    let lead = options.int("lead_days", 0, LONGEST_LEAD)?;
    Ok(DemandQuery {
        marketplace_id: options.read("marketplace_id", arg::id)?,
        lead_days: lead.and_then(|days| u32::try_from(days).ok()),
        service_level: options.float_between("service_level", 0.5, 0.995)?,
        on_order: options.float_between("on_order", 0.0, 1e9)?.unwrap_or(0.0),
        ..DemandQuery::new(usize::try_from(horizon).unwrap_or(1), self::granularity(&name)?)
    })
}

/// What may be said about a product's stock.
const STOCK: [&str; 4] = ["marketplace_id", "lead_days", "service_level", "on_order"];

#[php_impl]
impl DemandForecaster {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self::over(lifecycle::engine(settings::from_argument(settings)?))))
    }

    pub fn forecast(
        &self,
        product_id: &Zval,
        horizon: Option<&Zval>,
        granularity: Option<&Zval>,
        options: Option<&Zval>,
    ) -> PhpResult<Zval> {
        call::array(|| {
            let product = arg::id("productId", product_id)?;
            let query = query(horizon, granularity, &Options::open("options", options, &STOCK)?)?;
            with::logged(
                &self.engine,
                || Question::of_forecast(product, &query),
                || with::advisor(&self.engine, |advisor| advisor.forecast(advisor.row(product)?, &query)),
            )
        })
    }

    pub fn forecast_batch(
        &self,
        product_ids: &Zval,
        horizon: Option<&Zval>,
        granularity: Option<&Zval>,
        options: Option<&Zval>,
    ) -> PhpResult<Zval> {
        call::array(|| {
            let products = arg::ids("productIds", product_ids, MOST_PRODUCTS)?;
            let query = query(horizon, granularity, &Options::open("options", options, &STOCK[..3])?)?;
            with::advisor(&self.engine, |advisor| advisor.forecast_batch(&products, &query))
        })
    }

    pub fn forecast_total(
        &self,
        horizon: Option<&Zval>,
        granularity: Option<&Zval>,
        options: Option<&Zval>,
    ) -> PhpResult<Zval> {
        call::array(|| {
            let options = Options::open("options", options, &["marketplace_id", "measure"])?;
            let query = query(horizon, granularity, &options)?;
            let measure = options.string("measure")?.map(|name| Measure::parse(&name)).transpose()?;
            let measure = measure.unwrap_or(Measure::Units);
            with::advisor(&self.engine, |advisor| advisor.forecast_total(&query, measure))
        })
    }
}
