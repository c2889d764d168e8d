//! Trains the recommender on who bought what.

use super::publish::{Trained, created};
use super::{Extent, Workshop};
use crate::data::catalogue::Catalogue;
use crate::data::interactions::{baskets, guests, interactions};
use crate::recommend::{self, ItemContent, TrainData, TrainOptions};
use crate::registry::Metric;
use meschain_base::{Progress, Result};

/// Memory the training may take for its item-by-item matrix.
const MEMORY: u64 = 1 << 30;
/// Products whose texts are read at most.
const MOST_PRODUCTS: usize = 500_000;

/// Trains on all counted orders.
pub(crate) fn train(workshop: &Workshop<'_>, extent: Extent<'_>, progress: &Progress) -> Result<Trained> {
    progress.stage("recommendation: orders", 0)?;
    let now = workshop.clock.now().as_second();
    let language = workshop.snapshot.dictionaries().default_language_id;
    let catalogue = Catalogue::read(workshop.database, language, MOST_PRODUCTS, progress)?;
    let data = TrainData {
        interactions: interactions(workshop.snapshot, now),
        guests: guests(workshop.snapshot, now),
        baskets: baskets(workshop.snapshot, now),
        content: content(&catalogue),
        // A shop that stopped selling is judged from its last order on.
        now: workshop.snapshot.orders().date_added.iter().copied().max().unwrap_or(now).min(now),
    };
    progress.stage("recommendation: model", 0)?;
    let options = TrainOptions {
        seed: workshop.seed,
        threads: workshop.threads,
        created: created(workshop),
        memory_bytes: MEMORY,
    };
    let model = match extent {
        Extent::Full => recommend::train(&data, &options, progress)?,
        Extent::Update(previous) => recommend::update(&previous.model, &data, &options, progress)?,
    };
    let figure = |name: &str| model.header().metrics.get(name).copied();
    let metric = figure("ndcg20").zip(figure("baseline_ndcg20")).map(|(value, baseline)| Metric {
        name: "ndcg_20".to_owned(),
        value,
        baseline,
        baseline_name: "popularity".to_owned(),
        better: "higher".to_owned(),
        held_out: figure("held_out").unwrap_or(0.0) as u64,
    });
    let extra = figure("recall20").into_iter().map(|value| ("recall_20", value)).collect();
    Ok(Trained { data_size: model.header().training_size, metric, extra, companion: None, model })
}

fn content(catalogue: &Catalogue) -> Vec<ItemContent> {
    let path = |id: &i64| catalogue.categories.get(id).map_or("", |category| category.path.as_str());
    let row = |(product, category): &(meschain_shop::read::Product, i64)| ItemContent {
        item: product.product_id.unsigned_abs(),
        text: [&product.name, &product.manufacturer, path(category), &product.attributes.join(" ")].join(" "),
        group: category.unsigned_abs(),
    };
    catalogue.products.iter().map(row).collect()
}
