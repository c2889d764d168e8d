//! `MesChain\AI\Training\*`: see their stubs.

use crate::ai::{operations, start_training, with};
use crate::engine::Engine;
use crate::task::Task;
use crate::{arg, call, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use meschain_ai::training::orders;
use meschain_base::Result;
use meschain_shop::jobs::Queue;
use std::sync::Arc;

#[php_class]
#[php(name = "MesChain\\AI\\Training\\ModelTrainer")]
pub struct ModelTrainer {
    engine: Arc<Engine>,
}

impl ModelTrainer {
    fn queue(&self) -> Result<Queue> {
        self.engine.database().map(Queue::new)
    }
}

#[php_impl]
impl ModelTrainer {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn train(&self, options: Option<&Zval>) -> PhpResult<Task> {
        call::run(|| start_training(&self.engine, options, false))
    }

    pub fn update(&self, options: Option<&Zval>) -> PhpResult<Task> {
        call::run(|| start_training(&self.engine, options, true))
    }

    pub fn cancel(&self, job_id: &Zval) -> PhpResult<bool> {
        call::run(|| orders::cancel(&self.queue()?, arg::int_between("jobId", job_id, 1, i64::MAX)?))
    }

    pub fn resume(&self, job_id: &Zval) -> PhpResult<bool> {
        call::run(|| orders::resume(&self.queue()?, arg::int_between("jobId", job_id, 1, i64::MAX)?))
    }

    pub fn runs(&self, filter: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| operations::runs(&self.engine, filter))
    }

    pub fn schedule(&self) -> PhpResult<Zval> {
        call::array(|| operations::schedule(&self.engine))
    }
}

#[php_class]
#[php(name = "MesChain\\AI\\Training\\DataProcessor")]
pub struct DataProcessor {
    engine: Arc<Engine>,
}

#[php_impl]
impl DataProcessor {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn quality(&self, r#type: &Zval) -> PhpResult<Zval> {
        call::array(|| operations::quality(&self.engine, r#type))
    }
}

#[php_class]
#[php(name = "MesChain\\AI\\Training\\FeatureExtractor")]
pub struct FeatureExtractor {
    engine: Arc<Engine>,
}

#[php_impl]
impl FeatureExtractor {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn extract(&self, r#type: &Zval, product_id: &Zval) -> PhpResult<Zval> {
        call::array(|| {
            let (kind, product) = (operations::kind(r#type)?, arg::id("productId", product_id)?);
            with::advisor(&self.engine, |advisor| advisor.extract(kind, product))
        })
    }

    pub fn importance(&self, r#type: &Zval) -> PhpResult<Zval> {
        call::array(|| operations::importance(&self.engine, r#type))
    }
}
