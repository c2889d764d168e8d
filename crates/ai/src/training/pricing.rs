//! Trains the price model: weekly units and paid prices of each product, pooled by category.

use super::price_days::Hints;
use super::price_weeks::{GROUPS, add_groups, asked, learnable};
use super::publish::{Trained, created};
use super::{Extent, Workshop};
use crate::data::terms::Effects;
use crate::data::{Sales, Scope, catalogue};
use crate::forecast::parallel;
use crate::pricing::{PriceModel, ProductHistory, TrainConfig};
use crate::registry::Metric;
use meschain_base::{Error, Progress, Result};
use std::sync::Arc;

/// Weeks a product must have to teach anything.
const LEAST_WEEKS: usize = 8;
/// Products the model needs.
const LEAST_PRODUCTS: usize = 5;
/// The elasticity by which the prices of weeks without sales are guessed at first, and how often the guess is bettered by what each product
/// shows under it (expectation and maximisation). Measured: after two, the third decimal moves.
const FIRST_ELASTICITY: f64 = -2.0;
const GUESSES: usize = 2;
/// What the covariate is called that says how much of a week was on offer.
pub(super) const OFFER: &str = "offer";

/// Trains on every product with at least eight weeks on sale.
pub(crate) fn train(workshop: &Workshop<'_>, extent: Extent<'_>, progress: &Progress) -> Result<Trained> {
    progress.stage("pricing: sales", 0)?;
    let scope = Scope::new(workshop.snapshot, workshop.timezone, workshop.clock.now().as_second(), None)?;
    let sales = Sales::read(&scope)?;
    let terms = Effects::of_store(&sales, workshop.threads, progress)?;
    let sales = sales.at_usual_terms(&terms, workshop.threads, progress)?;
    let groups = catalogue::main_categories(
        workshop.database,
        workshop.snapshot.dictionaries().default_language_id,
        progress,
    )?;
    let ids = workshop.snapshot.products().product_id;
    let offers = ids.iter().any(|id| !workshop.snapshot.offers_of(*id).is_empty());
    let rows: Vec<(usize, u32)> = ids.iter().copied().enumerate().collect();
    let under = |elasticity: &(dyn Fn(u64, u64) -> f64 + Sync)| -> Result<Vec<ProductHistory>> {
        let history = |(row, id): &(usize, u32)| {
            let hints = Hints::of(workshop.snapshot, *id);
            let group = groups.get(id).map_or(0, |category| u64::from(*category));
            let id = u64::from(*id);
            let weeks = asked(sales.of(*row), &hints, sales.last_day(), elasticity(id, group), offers);
            let weeks = learnable(weeks, &hints.known);
            Ok((weeks.len() >= LEAST_WEEKS).then_some(ProductHistory { id, group, weeks }))
        };
        progress.stage("pricing: weeks", rows.len() as u64)?;
        let histories = parallel::map(&rows, workshop.threads, progress, history)?;
        let mut histories: Vec<ProductHistory> = histories.into_iter().flatten().collect();
        add_groups(&mut histories, workshop.snapshot);
        Ok(histories)
    };
    let mut histories = under(&|_, _| FIRST_ELASTICITY)?;
    if histories.len() < LEAST_PRODUCTS {
        let (what, unit) = ("price suggestions", "products sold for eight weeks");
        return Err(Error::NotEnoughData {
            what,
            unit,
            needed: LEAST_PRODUCTS as u64,
            found: histories.len() as u64,
        });
    }
    let offer = offers.then_some(OFFER);
    let covariates: Vec<String> = offer.into_iter().chain(GROUPS).map(str::to_owned).collect();
    let before = match extent {
        Extent::Full => None,
        Extent::Update(previous) => Some(PriceModel::of(Arc::clone(&previous.model))?),
    };
    let says = |model: &PriceModel| Some(model.calibration()?.has_course);
    // Of a model with other covariates nothing is kept.
    let has_course = before.as_ref().filter(|model| model.covariates() == covariates).and_then(says);
    let mut config = TrainConfig { seed: workshop.seed, covariates, has_course, ..TrainConfig::default() };
    for _ in 0..GUESSES {
        let found = PriceModel::sketch(&histories, &config, workshop.threads, progress)?;
        config.has_course = says(&found);
        histories = under(&|id, group| found.demand(id, group).elasticity.value)?;
    }
    let model = match before {
        None => PriceModel::train(&histories, &config, workshop.threads, progress)?,
        Some(before) => before.update(&histories, &config, workshop.threads, progress)?,
    };
    let model = model.with_terms(terms);
    let report = model.report();
    Ok(Trained {
        metric: (report.held_out > 0).then(|| Metric {
            name: "wape".to_owned(),
            value: report.wape,
            baseline: report.baseline_wape,
            baseline_name: "recent_mean".to_owned(),
            better: "lower".to_owned(),
            held_out: report.held_out,
        }),
        extra: Vec::new(),
        data_size: histories.len() as u64,
        companion: None,
        model: model.writer(created(workshop), workshop.seed)?.in_memory()?,
    })
}
