//! The inputs of a model, as they were up to its training and in the newest 28 days.

use crate::data::catalogue::Catalogue;
use crate::registry::{Card, Kind};
use crate::training::Workshop;
use crate::training::categorization::{MOST_PRODUCTS, added_second};
use jiff::Timestamp;
use meschain_base::{Progress, Result};
use meschain_shop::columns::OrderFilter;

/// Days that are held against the training's.
pub const RECENT_DAYS: i64 = 28;
const DAY: i64 = 86_400;
/// Rows below which a distribution says nothing: ten bins of ten.
const LEAST: usize = 100;

/// One input in two samples.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name in measures.
    pub feature: &'static str,
    /// Up to the training.
    pub trained: Vec<f64>,
    /// In the newest 28 days.
    pub recent: Vec<f64>,
}

/// The inputs that can be compared: those with at least a hundred rows on both sides.
pub fn inputs(workshop: &Workshop<'_>, card: &Card, progress: &Progress) -> Result<Vec<Input>> {
    let now = workshop.clock.now().as_second();
    let trained = card.trained_at.parse::<Timestamp>().map_or(now, Timestamp::as_second);
    let recent = now - RECENT_DAYS * DAY;
    let split = Split { trained: trained.min(now), recent };
    let all = match card.kind {
        Kind::Categorization => of_catalogue(workshop, &split, progress)?,
        Kind::Pricing | Kind::Forecasting | Kind::Recommendation => of_orders(workshop, &split, now),
    };
    Ok(all.into_iter().filter(|input| input.trained.len() >= LEAST && input.recent.len() >= LEAST).collect())
}

struct Split {
    trained: i64,
    recent: i64,
}

impl Split {
    fn put(&self, input: &mut Input, at: i64, value: f64) {
        // A row that is both old enough to be trained on and recent is recent: samples do not share rows.
        if at >= self.recent {
            input.recent.push(value);
        } else if at <= self.trained {
            input.trained.push(value);
        }
    }
}

fn input(feature: &'static str) -> Input {
    Input { feature, trained: Vec::new(), recent: Vec::new() }
}

fn of_orders(workshop: &Workshop<'_>, split: &Split, now: i64) -> Vec<Input> {
    let snapshot = workshop.snapshot;
    let (orders, lines) = (snapshot.orders(), snapshot.lines());
    let (mut price, mut quantity, mut basket) = (input("price"), input("quantity"), input("basket_lines"));
    let filter = OrderFilter {
        until: Some(now),
        statuses: Some(snapshot.dictionaries().counted_statuses()),
        ..OrderFilter::default()
    };
    for order in snapshot.select(&filter) {
        let at = orders.date_added.get(order).copied().unwrap_or(0);
        let rows = snapshot.lines_of(order);
        split.put(&mut basket, at, rows.len() as f64);
        for row in rows {
            split.put(&mut price, at, lines.price.get(row).map_or(0.0, |price| *price as f64 / 1e4));
            split.put(&mut quantity, at, lines.quantity.get(row).map_or(0.0, |units| f64::from(*units)));
        }
    }
    vec![price, quantity, basket]
}

fn of_catalogue(workshop: &Workshop<'_>, split: &Split, progress: &Progress) -> Result<Vec<Input>> {
    let language = workshop.snapshot.dictionaries().default_language_id;
    let catalogue = Catalogue::read(workshop.database, language, MOST_PRODUCTS, progress)?;
    let (mut price, mut name, mut text) = (input("price"), input("name_length"), input("description_length"));
    for (product, _) in &catalogue.products {
        let Some(at) = added_second(product, workshop.timezone) else { continue };
        split.put(&mut price, at, product.price.to_f64());
        split.put(&mut name, at, product.name.chars().count() as f64);
        split.put(&mut text, at, product.description.chars().count() as f64);
    }
    Ok(vec![price, name, text])
}
