//! Trains the categoriser on the products that are in a category.

use super::publish::{Trained, created};
use super::{Extent, Workshop};
use crate::categorizer::{self, TrainOptions};
use crate::data::catalogue::Catalogue;
use crate::data::{cleaning, feedback};
use crate::registry::Metric;
use jiff::tz::Offset;
use meschain_base::{Progress, Result};
use meschain_shop::columns::WallClock;
use meschain_shop::read::Product;

/// Products learnt from at most.
pub(crate) const MOST_PRODUCTS: usize = 500_000;

/// When a product was added; `None` when that is unknown.
pub(crate) fn added_second(product: &Product, clock: &WallClock) -> Option<i64> {
    let added: jiff::civil::DateTime = product.date_added.parse().ok()?;
    Some(clock.instant(Offset::UTC.to_timestamp(added).ok()?.as_second()))
}

/// Trains on the catalogue in the shop's default language; with `as_of` (unix seconds) only on products that were there
/// then.
pub(crate) fn train(
    workshop: &Workshop<'_>,
    extent: Extent<'_>,
    as_of: Option<i64>,
    progress: &Progress,
) -> Result<Trained> {
    progress.stage("categorization: catalogue", 0)?;
    let language = workshop.snapshot.dictionaries().default_language_id;
    let mut catalogue = Catalogue::read(workshop.database, language, MOST_PRODUCTS, progress)?;
    if let Some(then) = as_of {
        let clock = workshop.snapshot.dictionaries().wall_clock();
        catalogue
            .products
            .retain(|(product, _)| added_second(product, &clock).is_none_or(|added| added <= then));
    }
    cleaning::clean(&mut catalogue);
    let now = as_of.unwrap_or_else(|| workshop.clock.now().as_second());
    catalogue.confirmed = feedback::confirmed(workshop.database, &catalogue, now)?;
    let examples = catalogue.examples();
    let options = TrainOptions {
        seed: workshop.seed,
        threads: workshop.threads,
        created: created(workshop),
        misplaced: true,
    };
    let tree = catalogue.tree();
    let model = match extent {
        Extent::Full => categorizer::train(&examples, &tree, &options, progress)?,
        Extent::Update(previous) => {
            categorizer::update(&previous.model, &examples, &tree, &options, progress)?
        }
    };
    let figure = |name: &str| model.header().metrics.get(name).copied();
    let metric = figure("top1").zip(figure("baseline_top1")).map(|(value, baseline)| Metric {
        name: "accuracy".to_owned(),
        value,
        baseline,
        baseline_name: "word_overlap".to_owned(),
        better: "higher".to_owned(),
        held_out: figure("held_out").unwrap_or(0.0) as u64,
    });
    let extra =
        ["top3", "ece", "macro_f1"].into_iter().filter_map(|name| Some((name, figure(name)?))).collect();
    Ok(Trained { data_size: examples.len() as u64, metric, extra, companion: None, model })
}
