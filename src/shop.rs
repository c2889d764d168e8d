//! `MesChain\Shop`: the operations of an installation: health, migrations, sample shop, snapshot and jobs.

use crate::engine::Engine;
use crate::{call, lifecycle, settings};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use std::sync::Arc;

/// See `stubs/Shop.php`.
#[php_class]
#[php(name = "MesChain\\Shop")]
pub struct Shop {
    engine: Arc<Engine>,
}

#[php_impl]
impl Shop {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn version(&self) -> String {
        let _ = &self.engine;
        env!("CARGO_PKG_VERSION").to_owned()
    }
}
