//! The recommender on what known customers bought since and had not bought before.

use super::{Scored, Since};
use crate::data::interactions::interactions;
use crate::model_file::ModelFile;
use crate::recommend::{History, Query, Recommender, at_20};
use indexmap::IndexMap;
use meschain_base::Result;
use std::collections::HashSet;
use std::sync::Arc;

/// Customers below which nothing is concluded.
const LEAST: usize = 50;
/// Customers asked for at most.
const MOST: usize = 20_000;

/// Mean NDCG@20 over customers with new purchases. Products that nobody had bought before do not count: the champion
/// cannot know them.
pub fn score(since: &Since<'_>, model: &Arc<ModelFile>) -> Result<Option<Scored>> {
    let workshop = since.workshop;
    let before = interactions(workshop.snapshot, since.second);
    let after = interactions(workshop.snapshot, workshop.clock.now().as_second());
    let known: HashSet<u64> = before.iter().map(|row| row.item).collect();
    let had: HashSet<(u64, u64)> = before.iter().map(|row| (row.user, row.item)).collect();
    let mut histories: IndexMap<u64, Vec<History>> = IndexMap::new();
    for row in &before {
        let history = History { item: row.item, times: row.times, last: row.last };
        histories.entry(row.user).or_default().push(history);
    }
    let mut wanted: IndexMap<u64, Vec<u32>> = IndexMap::new();
    for row in after.iter().filter(|row| known.contains(&row.item) && !had.contains(&(row.user, row.item))) {
        if histories.contains_key(&row.user) {
            wanted.entry(row.user).or_default().push(u32::try_from(row.item).unwrap_or(u32::MAX));
        }
    }
    if wanted.len() < LEAST {
        return Ok(None);
    }
    let model = Recommender::of(Arc::clone(model))?;
    let query = Query::new(20, since.second, &|_| true);
    let scores: Vec<f64> = wanted
        .iter()
        .take(MOST)
        .map(|(user, wanted)| {
            let history = histories.get(user).map_or(&[][..], Vec::as_slice);
            let ranked = model.recommend(history, &query);
            let ranked: Vec<u32> =
                ranked.iter().map(|one| u32::try_from(one.item).unwrap_or(u32::MAX)).collect();
            at_20(&ranked, wanted).0
        })
        .collect();
    Ok(Some(Scored { value: scores.iter().sum::<f64>() / scores.len() as f64, rows: scores.len() as u64 }))
}
