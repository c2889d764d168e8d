//! Training: choose settings on the newest slice, then learn from everything.

use super::matrix::Matrix;
use super::neighbors::{Lists, Neighbors, loudest, parted};
use super::rank::Settings;
use super::slice::Slice;
use super::tune::Chosen;
use super::{DAY, FORMAT, KIND, TrainData, TrainOptions, content, ease, knn, repeat, together};
use crate::model_file::{Header, ModelFile, ModelWriter};
use indexmap::IndexMap;
use meschain_base::{Error, Progress, Result};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Fewest purchases (pairs of customer, or order of a guest, and product) and products to learn from.
const LEAST_PURCHASES: usize = 50;
const LEAST_ITEMS: usize = 5;
/// Neighbours kept per product.
const NEIGHBORS: usize = 100;
/// EASE's weights kept per product, of either sign. What a purchase speaks against tells as much as what it speaks for: without the negative
/// ones, or with half as many, held-out NDCG falls by two to five per cent; with more it grows less than the time of an answer.
const LOUDEST: usize = 200;
const CONTENT_NEIGHBORS: usize = 30;
const TOGETHER_NEIGHBORS: usize = 30;
/// EASE's regularisation, in multiples of a product's mean number of buyers, ascending. Headers hold the place.
const LAMBDAS: [f32; 8] = [1.25, 3.0, 6.0, 12.0, 25.0, 50.0, 100.0, 200.0];
/// Shrinkage of item neighbours.
const SHRINKS: [f32; 3] = [0.0, 10.0, 50.0];
/// EASE takes time by the cube of the catalogue; beyond this many products neighbours serve, whatever the memory.
const LARGEST_EASE: usize = 12_000;

/// How co-purchases are learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Method {
    Ease,
    ItemNeighbors,
}

/// Trains a recommender. Fails with [`Error::NotEnoughData`] below 50 pairs of customer and product or 5 products.
///
/// The header's metrics are `ndcg20` and `recall20` on customers of the newest slice that were not used to choose
/// settings, `baseline_ndcg20` and `baseline_recall20` of best sellers on the same, and `held_out` customers; absent
/// when the slice is too thin. Products the customer had before do not count.
pub fn train(data: &TrainData, options: &TrainOptions, progress: &Progress) -> Result<Arc<ModelFile>> {
    learn(data, options, None, progress)
}

/// Trains a recommender with the settings that `previous` chose; nothing is tried. They are measured on the newest slice of today's data, on
/// the customers that choose nothing. A catalogue that has outgrown the method of `previous` chooses anew. Fails as [`train`] does.
pub fn update(
    previous: &ModelFile,
    data: &TrainData,
    options: &TrainOptions,
    progress: &Progress,
) -> Result<Arc<ModelFile>> {
    learn(data, options, choices(previous), progress)
}

/// Whether a model says what its training chose.
pub(crate) fn has_choices(previous: &ModelFile) -> bool {
    choices(previous).is_some()
}

/// What a training chose, as the header keeps it.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Choices {
    settings: Settings,
    method: Method,
    candidate: usize,
}

fn choices(previous: &ModelFile) -> Option<Choices> {
    let choices: Choices = serde_json::from_value(previous.header().parameters.clone()).ok()?;
    choices.settings.is_sound().then_some(choices)
}

fn learn(
    data: &TrainData,
    options: &TrainOptions,
    kept: Option<Choices>,
    progress: &Progress,
) -> Result<Arc<ModelFile>> {
    let items = items_of(data)?;
    progress.stage("recommendation", 0)?;
    let matrix = Matrix::new(&data.interactions, &data.guests, &items, data.now);
    let buyers = matrix.buyers();
    // A product with one buyer says nothing about others: it is left to its text.
    let active: Vec<u32> =
        (0u32..).zip(&buyers).filter(|(_, buyers)| **buyers >= 2).map(|(item, _)| item).collect();
    let core = matrix.restricted(&active);
    let method = choose_method(active.len(), options.memory_bytes);
    let learner = Learner { method, mean_buyers: mean_buyers(&core), options, progress };
    let chosen = learner.choose(&core, kept.filter(|kept| kept.method == method))?;
    progress.stage("recommendation", active.len() as u64)?;
    let collaborative = widen(learner.lists(&core, chosen.candidate)?, &active, items.len());
    let settings = chosen.settings;
    let recent = matrix.recent(settings.trend_days);
    let span = matrix.rows.iter().flatten().map(|cell| cell.age).fold(1f32, f32::max);
    let repeats = repeat::repeats(&matrix, span);
    let header = Header {
        kind: KIND.to_owned(),
        format: FORMAT,
        created: options.created.clone(),
        seed: options.seed,
        training_size: (data.interactions.len() + data.guests.len()) as u64,
        metrics: chosen.metrics,
        parameters: serde_json::json!({
            "settings": settings,
            "method": method,
            "candidate": chosen.candidate,
            "strength": learner.strength(chosen.candidate),
            "importance": chosen.importance,
            "days": span,
            "until": data.now,
        }),
    };
    let mut writer = ModelWriter::new(header)?;
    writer.vector("items", &items)?;
    writer.vector("groups", &groups(data, &items))?;
    writer.vector("buyers", &buyers)?;
    writer.vector("recent", &recent)?;
    writer.vector("lift", &settings.lift(&recent, &buyers))?;
    writer.vector("repeat_share", &repeats.share)?;
    writer.vector("repeat_interval", &repeats.interval)?;
    let (collaborative, against) = parted(collaborative);
    Neighbors::write("collaborative", &collaborative, &mut writer)?;
    Neighbors::write("against", &against, &mut writer)?;
    Neighbors::write(
        "content",
        &content::lists(&items, &data.content, &recent, CONTENT_NEIGHBORS),
        &mut writer,
    )?;
    Neighbors::write("together", &together::lists(&items, &data.baskets, TOGETHER_NEIGHBORS), &mut writer)?;
    writer.in_memory()
}

fn items_of(data: &TrainData) -> Result<Vec<u64>> {
    let short = |unit, needed: usize, found: usize| {
        Err(Error::NotEnoughData { what: "recommendation", unit, needed: needed as u64, found: found as u64 })
    };
    let purchases = || data.interactions.iter().chain(&data.guests).filter(|one| one.times > 0);
    if purchases().count() < LEAST_PURCHASES {
        return short("purchases", LEAST_PURCHASES, purchases().count());
    }
    let mut bought: Vec<u64> = purchases().map(|one| one.item).collect();
    bought.sort_unstable();
    bought.dedup();
    if bought.len() < LEAST_ITEMS {
        return short("products", LEAST_ITEMS, bought.len());
    }
    bought.extend(data.content.iter().map(|one| one.item));
    bought.sort_unstable();
    bought.dedup();
    Ok(bought)
}

fn choose_method(items: usize, memory_bytes: u64) -> Method {
    let fits = items <= LARGEST_EASE && ease::memory(items) <= memory_bytes;
    if fits { Method::Ease } else { Method::ItemNeighbors }
}

fn mean_buyers(matrix: &Matrix) -> f32 {
    let purchases: usize = matrix.rows.iter().map(Vec::len).sum();
    (purchases as f32 / matrix.items.max(1) as f32).max(1.0)
}

struct Learner<'a> {
    method: Method,
    mean_buyers: f32,
    options: &'a TrainOptions,
    progress: &'a Progress,
}

impl Learner<'_> {
    /// Regularisation or shrinkage of a candidate.
    fn strength(&self, candidate: usize) -> f32 {
        match self.method {
            Method::Ease => self.mean_buyers * LAMBDAS.get(candidate).copied().unwrap_or(3.0),
            Method::ItemNeighbors => SHRINKS.get(candidate).copied().unwrap_or(10.0),
        }
    }

    /// The best settings on the newest slice, or those that are kept, measured there.
    fn choose(&self, core: &Matrix, kept: Option<Choices>) -> Result<Chosen> {
        let newest = Slice::cut(core);
        if let Some(kept) = kept {
            let Some(slice) = newest else { return Ok(Chosen::unmeasured(kept.settings, kept.candidate)) };
            let near = self.lists(slice.history(), kept.candidate)?;
            return Ok(slice.measured(&near, kept.settings, kept.candidate));
        }
        let Some(slice) = newest.or_else(|| Slice::part(core)) else {
            return Ok(Chosen::unmeasured(Settings::default(), 1));
        };
        let candidates = match self.method {
            Method::Ease => LAMBDAS.len(),
            Method::ItemNeighbors => SHRINKS.len(),
        };
        slice.choose(candidates, |candidate| self.lists(slice.history(), candidate), self.progress)
    }

    fn lists(&self, matrix: &Matrix, candidate: usize) -> Result<Lists> {
        let strength = self.strength(candidate);
        match self.method {
            Method::Ease => {
                let weights = ease::solve(&ease::gram(matrix), strength)?;
                Ok(transposed(&weights, LOUDEST))
            }
            Method::ItemNeighbors => {
                knn::lists(matrix, strength, NEIGHBORS, self.options.threads, self.progress)
            }
        }
    }
}

/// For each product the products it speaks for and against: the rows of EASE's weights, each cut to its largest.
fn transposed(weights: &faer::Mat<f32>, most: usize) -> Lists {
    const STRIPE: usize = 64;
    let n = weights.ncols();
    let mut lists = Lists::with_capacity(n);
    for first in (0..n).step_by(STRIPE) {
        let mut stripe: Lists = vec![Vec::with_capacity(n); STRIPE.min(n - first)];
        for item in 0..n {
            let column = ease::column(weights, item).iter().skip(first);
            for (list, weight) in stripe.iter_mut().zip(column) {
                list.push((item as u32, *weight));
            }
        }
        lists.extend(stripe.into_iter().map(|list| loudest(list, most)));
    }
    lists
}

/// Lists over `active` products as lists over all of them.
fn widen(lists: Lists, active: &[u32], items: usize) -> Lists {
    let mut wide: Lists = vec![Vec::new(); items];
    for (list, place) in lists.into_iter().zip(active) {
        let renamed =
            list.into_iter().filter_map(|(item, weight)| Some((*active.get(item as usize)?, weight)));
        if let Some(own) = wide.get_mut(*place as usize) {
            own.extend(renamed);
        }
    }
    wide
}

fn groups(data: &TrainData, items: &[u64]) -> Vec<u64> {
    let known: IndexMap<u64, u64> = data.content.iter().map(|one| (one.item, one.group)).collect();
    items.iter().map(|item| known.get(item).copied().unwrap_or(0)).collect()
}

/// Days between two unix times.
pub(super) fn days_between(from: i64, to: i64) -> f32 {
    (to.saturating_sub(from).max(0) as f64 / DAY) as f32
}
