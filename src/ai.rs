//! `MesChain\AI`: see `stubs/AI.php`.

pub mod inbox;
pub mod inference_classes;
pub mod models;
mod operations;
pub mod training_classes;
pub mod with;

use crate::engine::Engine;
use crate::options::Options;
use crate::task::Task;
use crate::{arg, call, lifecycle, settings, work};
use ext_php_rs::prelude::*;
use ext_php_rs::types::Zval;
use inbox::SuggestionInbox;
use meschain_ai::inference::product::ProductOptions;
use meschain_ai::operations::{Reason, drift, outlook};
use meschain_ai::registry::{Kind, Shelf};
use meschain_ai::suggestions::{self, Store};
use meschain_ai::training::{self, Workshop};
use meschain_base::{Progress, Result};
use models::{DemandForecaster, PriceOptimizer, ProductCategorizer, RecommendationEngine};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Instant;

/// The seed of a training that does not name one.
const DEFAULT_SEED: u64 = 1;

#[php_class]
#[php(name = "MesChain\\AI")]
pub struct AI {
    engine: Arc<Engine>,
}

/// Trains what `request` (`models`, `seed`, `update`, `force`, `reason`) names, all four when it names none. `job` is the job's
/// number when a worker does it.
pub fn train(engine: &Engine, request: &Value, job: Option<i64>, progress: &Progress) -> Result<Value> {
    let started = Instant::now();
    let (kinds, seed) =
        (kinds_of(request)?, request.get("seed").and_then(Value::as_u64).unwrap_or(DEFAULT_SEED));
    let reason = Reason::parse(request.get("reason").and_then(Value::as_str).unwrap_or_default());
    let flag = |name: &str| request.get(name).and_then(Value::as_bool).unwrap_or(false);
    let order = training::Order { kinds, reason, update: flag("update"), force: flag("force"), job };
    let done = workshop(engine, seed, progress, |workshop| training::train(workshop, &order, progress))?;
    let seconds = started.elapsed().as_secs_f64();
    Ok(
        json!({ "models": work::to_json(&done.models)?, "runs": work::to_json(&done.runs)?, "seconds": seconds }),
    )
}

/// Lends what training and the watch over models work with: the snapshot, the database, the shelf.
pub fn workshop<T>(
    engine: &Engine,
    seed: u64,
    progress: &Progress,
    with: impl FnOnce(&Workshop<'_>) -> Result<T>,
) -> Result<T> {
    let database = engine.database()?;
    let snapshot = engine.snapshot_for_work(progress)?;
    let (shelf, clock) = (Shelf::new(engine.settings())?, engine.clock());
    with(&Workshop {
        snapshot: &snapshot,
        database: &database,
        shelf: &shelf,
        timezone: &engine.settings().timezone,
        clock: clock.as_ref(),
        threads: engine.threads(),
        seed,
    })
}

/// Measures how far the shop has moved away from its models.
pub fn check_drift(engine: &Engine, progress: &Progress) -> Result<Value> {
    let measures = workshop(engine, DEFAULT_SEED, progress, |workshop| drift::check(workshop, progress))?;
    Ok(json!({ "measures": work::to_json(&measures)? }))
}

/// Makes the day's forecasts; what a worker does for the job "forecast".
pub fn make_forecasts(engine: &Engine, progress: &Progress) -> Result<Value> {
    with::job(engine, progress, |advisor| outlook::make(advisor, progress))
}

fn kinds_of(request: &Value) -> Result<Vec<Kind>> {
    let Some(names) = request.get("models").and_then(Value::as_array).filter(|names| !names.is_empty())
    else {
        return Ok(Kind::ALL.to_vec());
    };
    names.iter().map(|name| Kind::parse(name.as_str().unwrap_or_default())).collect()
}

/// With `update` whatever the options say of it.
fn train_request(options: Option<&Zval>, update: bool) -> Result<Value> {
    let options = Options::open("options", options, &["models", "seed", "update", "force"])?;
    let models = options.read("models", |name, value| arg::strings(name, value, Kind::ALL.len()))?;
    let seed = options.int("seed", 0, i64::MAX)?.and_then(|seed| u64::try_from(seed).ok());
    let force = options.boolean("force")?.unwrap_or(false);
    let seed = seed.unwrap_or(DEFAULT_SEED);
    let update = options.boolean("update")?.unwrap_or(false) || update;
    let models = models.unwrap_or_default();
    let request = json!({ "models": models, "seed": seed, "update": update, "force": force });
    kinds_of(&request).map(|_| request)
}

fn product_options(value: Option<&Zval>) -> Result<ProductOptions> {
    let options = Options::open("options", value, &["horizon_weeks", "marketplace_id", "limit"])?;
    let default = ProductOptions::default();
    let size = |number: Option<i64>, otherwise: usize| {
        number.and_then(|number| usize::try_from(number).ok()).unwrap_or(otherwise)
    };
    Ok(ProductOptions {
        horizon_weeks: size(options.int("horizon_weeks", 1, 52)?, default.horizon_weeks),
        marketplace_id: options.read("marketplace_id", arg::id)?.unwrap_or(default.marketplace_id),
        limit: size(options.int("limit", 1, 100)?, default.limit),
    })
}

/// Starts what AI::train(), ModelTrainer::train() and, with `update`, ModelTrainer::update() hand out.
fn start_training(engine: &Arc<Engine>, options: Option<&Zval>, update: bool) -> Result<Task> {
    let request = train_request(options, update)?;
    let engine = Arc::clone(engine);
    engine.settings().require_data_dir()?;
    engine.settings().require_database()?;
    Task::start(move |progress| train(&engine, &request, None, progress))
}

#[php_impl]
impl AI {
    pub fn __construct(settings: Option<&Zval>) -> PhpResult<Self> {
        call::run(|| Ok(Self { engine: lifecycle::engine(settings::from_argument(settings)?) }))
    }

    pub fn models(&self) -> PhpResult<Zval> {
        call::array(|| {
            // Without a data folder there is nothing trained; that is an answer, not a failure.
            let shelf = Shelf::new(self.engine.settings());
            Ok(shelf.map_or_else(|_| training::no_models("no_data_dir"), |shelf| training::models(&shelf)))
        })
    }

    pub fn settings(&self) -> PhpResult<Zval> {
        call::array(|| operations::settings(&self.engine))
    }

    pub fn save_settings(&self, changes: &Zval, by: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| operations::save_settings(&self.engine, changes, by))
    }

    pub fn runs(&self, filter: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| operations::runs(&self.engine, filter))
    }

    pub fn versions(&self, r#type: &Zval) -> PhpResult<Zval> {
        call::array(|| operations::versions(&self.engine, r#type))
    }

    pub fn roll_back(&self, r#type: &Zval, version: &Zval, by: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| operations::roll_back(&self.engine, r#type, version, by))
    }

    pub fn importance(&self, r#type: &Zval) -> PhpResult<Zval> {
        call::array(|| operations::importance(&self.engine, r#type))
    }

    pub fn quality(&self, r#type: &Zval) -> PhpResult<Zval> {
        call::array(|| operations::quality(&self.engine, r#type))
    }

    pub fn analytics(&self, r#type: &Zval, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| operations::analytics(&self.engine, r#type, options))
    }

    pub fn schedule(&self) -> PhpResult<Zval> {
        call::array(|| operations::schedule(&self.engine))
    }

    pub fn check_drift(&self) -> PhpResult<Task> {
        call::run(|| {
            let engine = Arc::clone(&self.engine);
            engine.settings().require_data_dir()?;
            engine.settings().require_database()?;
            Task::start(move |progress| check_drift(&engine, progress))
        })
    }

    pub fn make_forecasts(&self) -> PhpResult<Task> {
        call::run(|| {
            let engine = Arc::clone(&self.engine);
            engine.settings().require_data_dir()?;
            engine.settings().require_database()?;
            Task::start(move |progress| make_forecasts(&engine, progress))
        })
    }

    pub fn insights(&self, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| operations::insights(&self.engine, options))
    }

    pub fn train(&self, options: Option<&Zval>) -> PhpResult<Task> {
        call::run(|| start_training(&self.engine, options, false))
    }

    pub fn product(&self, product_id: &Zval, options: Option<&Zval>) -> PhpResult<Zval> {
        call::array(|| {
            let (id, options) = (arg::id("productId", product_id)?, product_options(options)?);
            let models = self.engine.models()?;
            let about = (id, options.marketplace_id);
            self.engine.predictions().answered_page(&models, self.engine.clock().now(), about, || {
                with::advisor(&self.engine, |advisor| advisor.product(id, &options))
            })
        })
    }

    pub fn flush_predictions(&self) -> PhpResult<i64> {
        call::run(|| operations::flush_predictions(&self.engine))
    }

    pub fn overview(&self) -> PhpResult<Zval> {
        call::array(|| {
            let store = Store::new(&self.engine.database()?);
            let answer = with::advisor(&self.engine, |advisor| suggestions::overview(Some(advisor), &store))?;
            let unread = answer.get("available").is_some();
            if unread { suggestions::overview(None, &store) } else { Ok(answer) }
        })
    }

    pub fn suggestions(&self) -> SuggestionInbox {
        SuggestionInbox::over(Arc::clone(&self.engine))
    }

    pub fn categorizer(&self) -> ProductCategorizer {
        ProductCategorizer::over(Arc::clone(&self.engine))
    }

    pub fn price_optimizer(&self) -> PriceOptimizer {
        PriceOptimizer::over(Arc::clone(&self.engine))
    }

    pub fn demand_forecaster(&self) -> DemandForecaster {
        DemandForecaster::over(Arc::clone(&self.engine))
    }

    pub fn recommendation_engine(&self) -> RecommendationEngine {
        RecommendationEngine::over(Arc::clone(&self.engine))
    }
}
