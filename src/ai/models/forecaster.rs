//! `MesChain\AI\Models\DemandForecaster`: see its stub.

use crate::ai::with;
use crate::engine::Engine;
use crate::{arg, call, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_ai::inference::demand::{LONGEST_HORIZON, granularity};
use std::sync::Arc;

/// Periods ahead when the caller does not say.
const DEFAULT_HORIZON: i64 = 28;

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
    ) -> PhpResult<Zval> {
        call::array(|| {
            let product = arg::id("productId", product_id)?;
            let most = i64::try_from(LONGEST_HORIZON).unwrap_or(i64::MAX);
            let horizon =
                horizon.map_or(Ok(DEFAULT_HORIZON), |value| arg::int_between("horizon", value, 1, most))?;
            let name = granularity.map_or(Ok("day".to_owned()), |value| arg::string("granularity", value))?;
            let granularity = self::granularity(&name)?;
            let horizon = usize::try_from(horizon).unwrap_or(1);
            with::advisor(&self.engine, |advisor| {
                advisor.forecast(advisor.row(product)?, horizon, granularity)
            })
        })
    }
}
