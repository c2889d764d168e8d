//! `MesChain\Performance`: see `stubs/Performance.php`.

pub mod cache;
pub mod cached_value;
pub mod monitor;
pub mod tagged;

use crate::engine::Engine;
use crate::options::Options;
use crate::{call, lifecycle, settings};
use cache::CacheManager;
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_performance::cache::CacheOptions;
use monitor::PerformanceMonitor;
use serde_json::json;
use std::sync::Arc;

/// Minutes of requests shown when the query does not say.
const DEFAULT_MINUTES: u32 = 60;

#[php_class]
#[php(name = "MesChain\\Performance")]
pub struct Performance {
    engine: Arc<Engine>,
}

#[php_impl]
impl Performance {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn cache(&self, options: Option<&Zval>) -> PhpResult<CacheManager> {
        call::run(|| CacheManager::over(&self.engine, cache::options_from("options", options)?))
    }

    pub fn monitor(&self) -> PerformanceMonitor {
        PerformanceMonitor::over(Arc::clone(&self.engine))
    }

    pub fn requests(&self, query: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let minutes = Options::open("query", query, &["minutes"])?.int("minutes", 1, 1440)?;
            let minutes = minutes.and_then(|minutes| u32::try_from(minutes).ok()).unwrap_or(DEFAULT_MINUTES);
            Ok(self.engine.monitor().requests(minutes))
        })
    }

    pub fn status(&self) -> PhpResult<Zval> {
        call::array(|| Ok(json!({ "tiers": self.engine.cache(CacheOptions::default())?.status() })))
    }
}
