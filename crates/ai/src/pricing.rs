//! What it should cost: demand learned from past prices, and the price with the best profit that the rules allow.
//!
//! [`PriceModel::train`] learns, within each product, how units follow the price (log-log, with covariates and week
//! effects), drawing products to their category and categories to the store. [`optimise`] looks for the price whose profit
//! is larger even if the elasticity is at the unfavourable end of its interval, and answers "no change" where there is none.

mod common;
mod course;
mod demand;
mod drift;
mod economics;
mod endogeneity;
mod features;
mod fit;
mod forgetting;
mod group_price;
mod hierarchy;
mod history;
mod importance;
mod level;
mod linear;
mod model;
mod noise;
mod optimise;
mod price_index;
mod response;
mod rules;
mod shrinkage;
mod silence;
mod spread;
mod table;
#[cfg(test)]
mod tests;
mod train;
mod week_effects;
mod whitened;
mod within;

pub use demand::{Demand, Elasticity};
pub use drift::Drift;
pub use economics::{Off, PriceContext};
pub use features::{CategoryPace, PlanFeatures, features};
pub use group_price::{BRAND_PRICE, CATEGORY_PRICE, add_group_prices};
pub use history::{PAST, PriceWeek, ProductHistory, TrainConfig};
pub use model::{Calibration, FORMAT, KIND, PriceModel, PriceReport};
pub use optimise::{PricePoint, Suggestion, optimise, optimise_catalogue, simulate};
pub(crate) use rules::LEAST_SAVING;
pub use rules::Rules;
pub use silence::without_silences;
