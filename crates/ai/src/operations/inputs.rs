//! The inputs of a model: what it was trained on, as it stays with its card, and the newest 28 days.

use super::psi::Reference;
use crate::data::catalogue::Catalogue;
use crate::registry::{Card, Kind};
use crate::training::Workshop;
use crate::training::categorization::{MOST_PRODUCTS, added_second};
use indexmap::IndexMap;
use jiff::Timestamp;
use meschain_base::{Progress, Result};
use meschain_shop::columns::OrderFilter;
use std::ops::RangeInclusive;

/// Days that are held against the training's.
pub const RECENT_DAYS: i64 = 28;
const DAY: i64 = 86_400;
/// Days before a training that prices are held against, where they are enough. Under inflation those of years before are others in any case,
/// which would be told as a drift for ever, whatever is trained.
const PRICE_DAYS: i64 = 91;
/// Price of a line, or of a product.
const PRICE: &str = "price";
/// Rows below which a distribution says nothing: ten bins of ten.
const LEAST: usize = 100;

/// One input in two samples.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name in measures.
    pub feature: String,
    /// Up to the training.
    pub trained: Reference,
    /// In the newest 28 days.
    pub recent: Vec<f64>,
}

/// The inputs that can be compared: those with at least a hundred rows on both sides. What the model was trained on is what its card says;
/// for a card that says nothing it is read from the shop as it is now.
pub fn inputs(workshop: &Workshop<'_>, card: &Card, progress: &Progress) -> Result<Vec<Input>> {
    let now = workshop.clock.now().as_second();
    let since = now - RECENT_DAYS * DAY;
    let kept = if card.inputs.is_empty() {
        let trained = card.trained_at.parse::<Timestamp>().map_or(now, Timestamp::as_second);
        // A row that is both old enough to be trained on and recent is recent: samples read at once do not share rows.
        references_until(workshop, card.kind, trained.min(since - 1), progress)?
    } else {
        card.inputs.clone()
    };
    let mut recent = samples(workshop, card.kind, &(since..=now), progress)?;
    let input = |(feature, trained): (String, Reference)| {
        let recent = recent.swap_remove(feature.as_str()).filter(|recent| recent.len() >= LEAST)?;
        Some(Input { feature, trained, recent })
    };
    Ok(kept.into_iter().filter_map(input).collect())
}

/// What a model that is trained now learns from: the reference of each input with at least a hundred rows.
pub fn references(
    workshop: &Workshop<'_>,
    kind: Kind,
    progress: &Progress,
) -> Result<IndexMap<String, Reference>> {
    references_until(workshop, kind, workshop.clock.now().as_second(), progress)
}

fn references_until(
    workshop: &Workshop<'_>,
    kind: Kind,
    until: i64,
    progress: &Progress,
) -> Result<IndexMap<String, Reference>> {
    let mut samples = samples(workshop, kind, &(i64::MIN..=until), progress)?;
    if kind != Kind::Categorization {
        let newest = of_orders(workshop, &(until.saturating_sub(PRICE_DAYS * DAY)..=until));
        let prices = newest.into_iter().find(|(input, prices)| *input == PRICE && prices.len() >= LEAST);
        samples.extend(prices);
    }
    let enough = samples.into_iter().filter(|(_, values)| values.len() >= LEAST);
    Ok(enough.filter_map(|(feature, values)| Some((feature.to_owned(), Reference::of(&values)?))).collect())
}

/// The rows of each input within a stretch of unix seconds.
fn samples(
    workshop: &Workshop<'_>,
    kind: Kind,
    within: &RangeInclusive<i64>,
    progress: &Progress,
) -> Result<IndexMap<&'static str, Vec<f64>>> {
    match kind {
        Kind::Categorization => of_catalogue(workshop, within, progress),
        Kind::Pricing | Kind::Forecasting | Kind::Recommendation => Ok(of_orders(workshop, within)),
    }
}

fn of_orders(workshop: &Workshop<'_>, within: &RangeInclusive<i64>) -> IndexMap<&'static str, Vec<f64>> {
    let snapshot = workshop.snapshot;
    let (orders, lines) = (snapshot.orders(), snapshot.lines());
    let (mut price, mut quantity, mut basket) = (Vec::new(), Vec::new(), Vec::new());
    let filter = OrderFilter { until: Some(*within.end()), ..OrderFilter::sold(snapshot) };
    for order in snapshot.select(&filter) {
        if !orders.date_added.get(order).is_some_and(|at| within.contains(at)) {
            continue;
        }
        let rows = snapshot.lines_of(order);
        basket.push(rows.len() as f64);
        for row in rows {
            price.push(lines.price.get(row).map_or(0.0, |price| *price as f64 / 1e4));
            quantity.push(lines.quantity.get(row).map_or(0.0, |units| f64::from(*units)));
        }
    }
    IndexMap::from([(PRICE, price), ("quantity", quantity), ("basket_lines", basket)])
}

fn of_catalogue(
    workshop: &Workshop<'_>,
    within: &RangeInclusive<i64>,
    progress: &Progress,
) -> Result<IndexMap<&'static str, Vec<f64>>> {
    let language = workshop.snapshot.dictionaries().default_language_id;
    let catalogue = Catalogue::read(workshop.database, language, MOST_PRODUCTS, progress)?;
    let (mut price, mut name, mut text) = (Vec::new(), Vec::new(), Vec::new());
    let clock = workshop.snapshot.dictionaries().wall_clock();
    for (product, _) in &catalogue.products {
        if !added_second(product, &clock).is_some_and(|at| within.contains(&at)) {
            continue;
        }
        price.push(product.price.to_f64());
        name.push(product.name.chars().count() as f64);
        text.push(product.description.chars().count() as f64);
    }
    Ok(IndexMap::from([("price", price), ("name_length", name), ("description_length", text)]))
}
