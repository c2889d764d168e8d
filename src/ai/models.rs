//! The four classes of `MesChain\AI\Models`.

mod categorizer;
mod forecaster;
mod pricer;
mod recommender;

pub use categorizer::ProductCategorizer;
pub use forecaster::DemandForecaster;
pub use pricer::{PriceOptimizer, optimise as optimise_prices};
pub use recommender::RecommendationEngine;
