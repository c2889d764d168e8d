//! What prices are learned from.

use meschain_base::{Error, Result};

/// Weeks before a week whose prices matter in it.
pub const PAST: usize = 2;

/// One product in one week.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceWeek {
    /// Number of the week, the same for all products (e.g. weeks since an epoch).
    pub week: i32,
    /// Units sold.
    pub units: f64,
    /// List price, in the unit in which prices are shown.
    pub price: f64,
    /// Values of the covariates, in the order of [`TrainConfig::covariates`].
    pub covariates: Vec<f32>,
}

/// One product's weeks, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductHistory {
    /// Key of the product.
    pub id: u64,
    /// Key of its category.
    pub group: u64,
    /// The weeks with a known price in which the product was in stock.
    pub weeks: Vec<PriceWeek>,
}

/// How demand is learned.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainConfig {
    /// Names of the covariates (display, promotion, competitor gap, ...).
    pub covariates: Vec<String>,
    /// Lets the prices of the two weeks before matter: what was bought cheap is in the cupboard. The elasticity is then that of a price
    /// that lasts.
    pub past_prices: bool,
    /// Takes out what all products share in a week (season, campaigns). Needs weeks on one calendar.
    pub week_effects: bool,
    /// Whether each product's level bends over its life; None asks the products' weeks. An update keeps its model's answer.
    pub has_course: Option<bool>,
    /// Kept in the model file; training draws no random numbers.
    pub seed: u64,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self { covariates: Vec::new(), past_prices: true, week_effects: true, has_course: None, seed: 1 }
    }
}

impl TrainConfig {
    /// Weeks before whose prices matter.
    pub(crate) fn past(&self) -> usize {
        if self.past_prices { PAST } else { 0 }
    }
}

impl ProductHistory {
    /// Prices of the weeks before row `at`, the nearest first; before the first row its own.
    pub fn prices_before(&self, at: usize) -> [f64; PAST] {
        let price = |back: usize| self.weeks.get(at.saturating_sub(back)).map_or(0.0, |week| week.price);
        std::array::from_fn(|back| price(back + 1))
    }

    pub(crate) fn check(&self, covariates: usize) -> Result<()> {
        for (at, week) in self.weeks.iter().enumerate() {
            let name = |field: &str| format!("products[{}].weeks[{at}].{field}", self.id);
            if !(0.0..=1e12).contains(&week.units) {
                return Err(Error::argument(name("units"), "0 to 1e12", week.units.to_string()));
            }
            if !(1e-6..=1e12).contains(&week.price) {
                return Err(Error::argument(name("price"), "above 0, up to 1e12", week.price.to_string()));
            }
            if week.covariates.len() != covariates
                || !week.covariates.iter().all(|v| v.is_finite() && v.abs() < 1e6)
            {
                let expected = format!("{covariates} finite values below 1e6");
                return Err(Error::argument(name("covariates"), expected, format!("{:?}", week.covariates)));
            }
        }
        Ok(())
    }
}
