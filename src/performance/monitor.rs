//! `MesChain\Performance\Monitoring\PerformanceMonitor`: see `stubs/Performance/Monitoring/PerformanceMonitor.php`.

use crate::engine::Engine;
use crate::options::Options;
use crate::{arg, call, convert, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_base::{Error, Result};
use meschain_performance::monitor::{Finish, Started};
use serde_json::json;
use std::sync::Arc;

/// Rows that one flush() writes at most.
const MOST_FLUSHED: usize = 100_000;

#[php_class]
#[php(name = "MesChain\\Performance\\Monitoring\\PerformanceMonitor")]
pub struct PerformanceMonitor {
    engine: Arc<Engine>,
}

impl PerformanceMonitor {
    pub fn over(engine: Arc<Engine>) -> Self {
        Self { engine }
    }
}

fn memory_in_use() -> u64 {
    // SAFETY: reads a counter of PHP's allocator on the thread that runs PHP.
    let bytes = unsafe { zend_memory_usage(true) };
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

unsafe extern "C" {
    fn zend_memory_usage(real_usage: bool) -> usize;
}

fn started_to_php(started: &Started) -> Result<Zval> {
    convert::json_to_php(&json!({
        "start_time": started.start_time,
        "start_memory": started.memory_bytes,
        "endpoint": started.endpoint,
        "method": started.method,
        "start_nanos": started.start_nanos,
        "cpu_nanos": started.cpu_nanos,
        "sampled": started.sampled,
    }))
}

fn whole(options: &Options<'_>, key: &str) -> Result<u64> {
    let number = options.int(key, 0, i64::MAX)?.unwrap_or(0);
    u64::try_from(number).map_err(|_| Error::argument(options.path(key), "an int", "a negative int"))
}

fn started_from_php(context: &Zval) -> Result<Started> {
    let options = Options::any("context", Some(context))?;
    let endpoint = options.string("endpoint")?;
    Ok(Started {
        endpoint: endpoint
            .ok_or_else(|| Error::argument("context", "what startRequest() returned", "no endpoint"))?,
        method: options.string("method")?.unwrap_or_else(|| "GET".to_owned()),
        memory_bytes: whole(&options, "start_memory")?,
        start_nanos: whole(&options, "start_nanos")?,
        cpu_nanos: whole(&options, "cpu_nanos")?,
        start_time: options.float("start_time")?.unwrap_or(0.0),
        sampled: options.boolean("sampled")?.unwrap_or(true),
    })
}

#[php_impl]
impl PerformanceMonitor {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self::over(lifecycle::engine(settings::from_argument(settings)?))))
    }

    pub fn start_request(&self, endpoint: &Zval, method: Option<&Zval>) -> PhpResult<Zval> {
        call::run(|| {
            let endpoint = arg::string("endpoint", endpoint)?;
            let method = method.map_or(Ok("GET".to_owned()), |method| arg::string("method", method))?;
            started_to_php(&self.engine.monitor().start(&endpoint, &method, memory_in_use()))
        })
    }

    pub fn end_request(
        &self,
        context: &Zval,
        status_code: Option<&Zval>,
        error: Option<&Zval>,
    ) -> PhpResult<Zval> {
        call::array(|| {
            let started = started_from_php(context)?;
            let status =
                status_code.map_or(Ok(200), |code| arg::int_between("statusCode", code, 100, 599))?;
            let error = error.filter(|error| !error.dereference().is_null());
            let finish = Finish {
                status_code: u16::try_from(status).unwrap_or(200),
                error: error.map(|error| arg::string("error", error)).transpose()?,
                memory_bytes: memory_in_use(),
                user_id: None,
                marketplace_id: None,
            };
            Ok(self.engine.monitor().finish(started, finish))
        })
    }

    pub fn get_performance_report(&self, time_range: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let range = time_range.map_or(Ok("24h".to_owned()), |range| arg::string("timeRange", range))?;
            let database = self.engine.database().ok();
            self.engine.monitor().report(&range, database.as_ref())
        })
    }

    pub fn flush(&self) -> PhpResult<i64> {
        call::run(|| {
            let drained = self.engine.monitor().drain(&self.engine.database()?, MOST_FLUSHED)?;
            Ok(i64::try_from(drained.written).unwrap_or(i64::MAX))
        })
    }
}
