//! How much will sell: forecasts of single products from what the whole catalogue teaches.
//!
//! [`Pool::train`] runs a set of candidate methods on many products at many past origins and learns, for the catalogue as
//! a whole, how to combine them, the season's profile, the effects of events and how far off forecasts are.
//! [`forecast`] runs the candidates on one product, back-tests them there, and answers with the catalogue's combination,
//! blended with the product's own best pair where that was clearly better.

mod backtest;
mod beginnings;
pub mod calendar;
mod cases;
mod classify;
mod ended;
mod ets;
mod events;
mod experts;
mod intermittent;
mod interval;
mod levels;
mod like_for_like;
mod newcomer;
mod outlook;
pub(crate) mod parallel;
mod pool;
mod prepare;
mod sampled;
mod scale;
mod season;
mod series;
mod shared;
mod single;
pub(crate) mod smoothing;
mod spread;
mod stack;
pub mod stock;
#[cfg(test)]
mod tests;
mod theta;
mod total;
mod train;

pub use classify::{Class, Profile, SHORTEST, classify, profile};
pub use outlook::NAMES;
pub use pool::{FORMAT, KIND, Pool, PoolReport};
pub use series::{Event, Granularity, LARGEST_VALUE, LONGEST_HISTORY, LONGEST_HORIZON, Prior, SeriesInput};
pub use single::{Backtest, Forecast, forecast, forecast_batch};
pub use spread::Spread;

use meschain_base::{Error, Result};

/// What may be chosen about a forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Nominal coverage of the intervals, 0.5 to 0.98.
    pub level: f64,
    /// Back-test origins of each series, 0 to 12.
    pub origins: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self { level: 0.9, origins: 3 }
    }
}

impl Config {
    pub(crate) fn check(&self) -> Result<()> {
        if !(0.5..=0.98).contains(&self.level) {
            return Err(Error::argument("level", "0.5 to 0.98", self.level.to_string()));
        }
        if self.origins > 12 {
            return Err(Error::argument("origins", "0 to 12", self.origins.to_string()));
        }
        Ok(())
    }
}
