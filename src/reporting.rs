//! `MesChain\Reporting`: see `stubs/Reporting.php`.

use crate::engine::Engine;
use crate::{call, convert, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_base::{Error, Result};
use meschain_reporting::{Context, CsvOptions, Dashboard, Query};
use serde_json::{Value, json};
use std::sync::Arc;

#[php_class]
#[php(name = "MesChain\\Reporting")]
pub struct Reporting {
    engine: Arc<Engine>,
}

impl Reporting {
    pub fn over(engine: Arc<Engine>) -> Self {
        Self { engine }
    }

    fn context(&self) -> Context {
        Context { timezone: self.engine.settings().timezone.clone(), now: self.engine.clock().now() }
    }

    fn dashboard_of(&self, query: Option<&Zval>) -> Result<Option<Dashboard>> {
        let query = query_from(query)?;
        let Some(snapshot) = self.engine.snapshot()? else { return Ok(None) };
        meschain_reporting::dashboard(&snapshot, &query, &self.context()).map(Some)
    }
}

fn query_from(value: Option<&Zval>) -> Result<Query> {
    Query::from_json(&json_or_null("query", value)?)
}

fn json_or_null(name: &str, value: Option<&Zval>) -> Result<Value> {
    value.map_or(Ok(Value::Null), |value| convert::from_php(name, value))
}

fn no_snapshot() -> Error {
    Error::NotFound { what: "snapshot", id: "of this shop; run `meschain refresh`".to_owned() }
}

#[php_impl]
impl Reporting {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self::over(lifecycle::engine(settings::from_argument(settings)?))))
    }

    pub fn dashboard(&self, query: Option<&Zval>) -> PhpResult<Zval> {
        call::run(|| match self.dashboard_of(query)? {
            Some(dashboard) => convert::to_php(&dashboard),
            None => convert::json_to_php(&meschain_reporting::no_snapshot(None)),
        })
    }

    pub fn csv(&self, section: &str, query: Option<&Zval>, options: Option<&Zval>) -> PhpResult<String> {
        call::run(|| {
            let options = CsvOptions::from_json(&json_or_null("options", options)?)?;
            let dashboard = self.dashboard_of(query)?.ok_or_else(no_snapshot)?;
            let bytes = meschain_reporting::csv(&dashboard, section, &options)?;
            String::from_utf8(bytes).map_err(|error| Error::internal("csv", error.to_string()))
        })
    }

    pub fn verify(&self, query: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let query = query_from(query)?;
            let snapshot = self.engine.snapshot()?.ok_or_else(no_snapshot)?;
            meschain_reporting::verify(&snapshot, &self.engine.reporting_database()?, &query, &self.context())
        })
    }

    pub fn ranges(&self) -> PhpResult<Zval> {
        call::array(|| Ok(json!(meschain_reporting::ranges())))
    }
}
