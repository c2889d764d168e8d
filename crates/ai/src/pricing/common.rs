//! What is found of a store before the demand of its products.

use super::endogeneity;
use super::history::{ProductHistory, TrainConfig};
use super::price_index::PriceIndex;
use super::train::Start;
use meschain_base::Result;

/// What holds for all products and is found before the passes.
pub(super) struct Common {
    /// Nothing where weeks are not on one calendar.
    pub index: PriceIndex,
    /// Whether each product's level bends.
    pub has_course: bool,
}

impl Common {
    /// Whether levels bend a model to start from says, then `config`; otherwise the products' own weeks are asked.
    pub(super) fn of(
        products: &[ProductHistory],
        config: &TrainConfig,
        start: Option<Start<'_>>,
        threads: usize,
    ) -> Result<Self> {
        let index = if config.week_effects { PriceIndex::of(products) } else { PriceIndex::default() };
        let known = start.map(|start| start.calibration.has_course).or(config.has_course);
        let has_course =
            known.map_or_else(|| endogeneity::has_course(products, &index, config, threads), Ok)?;
        Ok(Self { index, has_course })
    }
}
