//! The five questions a shop asks.

use super::matrix::Cell;
use super::query::{History, Query, Reason, Recommendation};
use super::rank::{repeats, spread};
use super::train::days_between;
use super::{Recommender, neighbors};
use indexmap::IndexMap;
use std::borrow::Cow;

/// Purchases of a customer that speak for others, the newest. What he has is never new to him, however long ago.
const MOST_HISTORY: usize = 300;
/// Products with fewer buyers are reached through their texts too.
const NEW_BELOW: u32 = 5;
/// What the likest new product counts beside the best bought one.
const NEW_WEIGHT: f32 = 0.5;
/// Share of buyers that buy again from which a product is offered again.
const REPEAT_SHARE: f32 = 0.15;
/// Buyers at which purchases and text weigh the same in what is similar.
const EVEN_AT: f32 = 10.0;

/// A product that may be answered: place, score, reason.
pub(super) type Candidate = (u32, f32, Reason);

/// Scores by place, each with the strongest part and where that came from. Dense: a customer's purchases touch most
/// of what is ever touched, and an array is several times faster than a map.
struct Scores(Vec<Score>);

#[derive(Clone, Copy, Default)]
struct Score {
    sum: f32,
    strongest: f32,
    source: u32,
}

impl Scores {
    fn new(places: usize) -> Self {
        Self(vec![Score::default(); places])
    }

    #[inline]
    fn add(&mut self, place: u32, part: f32, source: u32) {
        if let Some(score) = self.0.get_mut(place as usize) {
            score.sum += part;
            // Chosen without a branch, which nobody could foretell.
            let (strongest, kept) = (score.strongest, score.source);
            score.source = if part > strongest { source } else { kept };
            score.strongest = if part > strongest { part } else { strongest };
        }
    }

    #[inline]
    fn take(&mut self, place: u32, part: f32) {
        self.0.get_mut(place as usize).into_iter().for_each(|score| score.sum -= part);
    }

    fn clear(&mut self, place: u32) {
        self.0.get_mut(place as usize).into_iter().for_each(|score| *score = Score::default());
    }

    fn best(&self) -> f32 {
        let larger = |a: f32, b: f32| if b > a { b } else { a };
        let (eights, rest) = self.0.as_chunks::<8>();
        let mut best = [0f32; 8];
        for eight in eights {
            best.iter_mut().zip(eight).for_each(|(best, score)| *best = larger(*best, score.sum));
        }
        rest.iter().map(|score| score.sum).chain(best).fold(0.0, larger)
    }

    fn candidates(self, scale: f32, reason: impl Fn(u32) -> Reason) -> Vec<Candidate> {
        let scored = self.0.into_iter().zip(0u32..).filter(|(score, _)| score.sum > 0.0);
        scored.map(|(score, place)| (place, score.sum * scale, reason(score.source))).collect()
    }
}

impl Recommender {
    /// What a customer with this history would want next: products new to him, and with `query.repeat` those due again.
    /// Without a history, what sells.
    pub fn recommend(&self, history: &[History], query: &Query<'_>) -> Vec<Recommendation> {
        let all = self.cells(history, query.now);
        let cells = newest(&all);
        let mut scores = Scores::new(self.items.len());
        let near = |item| self.collaborative.of(item);
        spread(&cells, &self.settings, near, |place, part, source| scores.add(place, part, source));
        spread(&cells, &self.settings, |item| self.against(item), |place, part, _| scores.take(place, part));
        scores.0.iter_mut().zip(self.lift.iter()).for_each(|(score, lift)| score.sum *= lift);
        all.iter().for_each(|cell| scores.clear(cell.item));
        let own = |place: u32| all.binary_search_by_key(&place, |cell| cell.item).is_ok();
        let best = scores.best();
        let mut candidates = scores.candidates(1.0, |source| Reason::SimilarTo { item: self.id(source) });
        candidates.extend(self.new_products(&cells, best, &own));
        let consumable = |place: u32| self.habits(place).filter(|(share, _)| *share >= REPEAT_SHARE);
        if query.repeat {
            let again = repeats(&cells, &self.settings, best, consumable);
            candidates.extend(again.into_iter().map(|(place, score)| (place, score, Reason::BuyAgain)));
        }
        self.answer(
            candidates,
            query,
            &|place| !own(place) || (query.repeat && consumable(place).is_some()),
            true,
        )
    }

    /// Products like this one: bought by the same customers, and the less it was bought the more alike by text.
    pub fn similar(&self, item: u64, query: &Query<'_>) -> Vec<Recommendation> {
        let Some(own) = self.place(item) else { return Vec::new() };
        let buyers = self.buyers_of(own) as f32;
        let bought = buyers / (buyers + EVEN_AT);
        let bought = if self.collaborative.of(own).next().is_none() { 0.0 } else { bought };
        let by_purchase =
            unit(self.collaborative.of(own)).into_iter().map(|(place, w)| (place, bought * w, 0.0));
        let by_text =
            unit(self.content.of(own)).into_iter().map(|(place, w)| (place, 0.0, (1.0 - bought) * w));
        let mut parts: Vec<(u32, f32, f32)> = by_purchase.chain(by_text).collect();
        parts.sort_unstable_by_key(|(place, ..)| *place);
        let sums = parts.chunk_by(|a, b| a.0 == b.0).filter_map(|same| {
            let (place, ..) = same.first()?;
            Some((
                *place,
                same.iter().map(|part| part.1).sum::<f32>(),
                same.iter().map(|part| part.2).sum::<f32>(),
            ))
        });
        let candidates = sums.map(|(place, by_purchase, by_text)| {
            let reason = if by_purchase >= by_text {
                Reason::SimilarTo { item }
            } else {
                Reason::ContentLike { item }
            };
            (place, by_purchase + by_text, reason)
        });
        self.answer(candidates.collect(), query, &|place| place != own, false)
    }

    /// What is in the same orders as these products; where orders say nothing, what their buyers bought.
    pub fn bought_together(&self, items: &[u64], query: &Query<'_>) -> Vec<Recommendation> {
        let own = self.places(items);
        let mut scores = Scores::new(self.items.len());
        for place in &own {
            self.together.of(*place).for_each(|(other, weight)| scores.add(other, weight, *place));
        }
        let candidates = if scores.best() <= 0.0 {
            self.near(&own).candidates(1.0, |source| Reason::SimilarTo { item: self.id(source) })
        } else {
            scores.candidates(1.0, |source| Reason::BoughtTogether { with: self.id(source) })
        };
        self.answer(candidates, query, &|place| !own.contains(&place), false)
    }

    /// What to offer beside a basket: from the same orders and from the same buyers alike, filled up with what sells.
    pub fn for_basket(&self, items: &[u64], query: &Query<'_>) -> Vec<Recommendation> {
        let own = self.places(items);
        let mut together = Scores::new(self.items.len());
        for place in &own {
            self.together.of(*place).for_each(|(other, weight)| together.add(other, weight, *place));
        }
        let near = self.near(&own);
        let (by_order, by_buyer) = (scale_to_one(together.best()), scale_to_one(near.best()));
        let mut merged: IndexMap<u32, (f32, Reason)> = IndexMap::new();
        for (place, score, reason) in
            together.candidates(by_order, |source| Reason::BoughtTogether { with: self.id(source) })
        {
            merged.insert(place, (score, reason));
        }
        for (place, score, reason) in
            near.candidates(by_buyer, |source| Reason::SimilarTo { item: self.id(source) })
        {
            let known = merged.entry(place).or_insert((0.0, reason));
            known.1 = if score > known.0 { reason } else { known.1 };
            known.0 += score;
        }
        let candidates = merged.into_iter().map(|(place, (score, reason))| (place, score, reason)).collect();
        self.answer(candidates, query, &|place| !own.contains(&place), true)
    }

    /// What the shop sells lately, before what it sells at all.
    pub fn trending(&self, query: &Query<'_>) -> Vec<Recommendation> {
        self.answer(Vec::new(), query, &|_| true, true)
    }

    fn near(&self, own: &[u32]) -> Scores {
        let mut scores = Scores::new(self.items.len());
        for place in own {
            self.collaborative.of(*place).for_each(|(other, weight)| scores.add(other, weight, *place));
            self.against(*place).for_each(|(other, weight)| scores.take(other, weight));
            if self.buyers_of(*place) < NEW_BELOW {
                self.content.of(*place).for_each(|(other, weight)| scores.add(other, weight * 0.1, *place));
            }
        }
        scores
    }

    /// Products hardly anybody bought yet, by their texts; `best` is the best bought product's score.
    fn new_products(&self, cells: &[Cell], best: f32, own: &impl Fn(u32) -> bool) -> Vec<Candidate> {
        if self.content.is_empty() {
            return Vec::new();
        }
        let mut scores = Scores::new(self.items.len());
        spread(
            cells,
            &self.settings,
            |item| self.content.of(item),
            |place, part, source| {
                if (best <= 0.0 || self.buyers_of(place) < NEW_BELOW) && !own(place) {
                    scores.add(place, part, source);
                }
            },
        );
        let scale = scale_to_one(scores.best()) * NEW_WEIGHT * if best > 0.0 { best } else { 1.0 };
        scores.candidates(scale, |source| Reason::ContentLike { item: self.id(source) })
    }

    /// Everything the customer bought, by ascending place.
    fn cells(&self, history: &[History], now: i64) -> Vec<Cell> {
        let known = history.iter().filter_map(|one| {
            Some(Cell { item: self.place(one.item)?, times: one.times, age: days_between(one.last, now) })
        });
        let mut cells: Vec<Cell> = known.collect();
        cells.sort_by(|a, b| a.item.cmp(&b.item).then(a.age.total_cmp(&b.age)));
        cells.dedup_by_key(|cell| cell.item);
        cells
    }

    fn places(&self, items: &[u64]) -> Vec<u32> {
        let mut places: Vec<u32> = items.iter().filter_map(|item| self.place(*item)).collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    fn id(&self, place: u32) -> u64 {
        self.item(place).unwrap_or_default()
    }
}

/// The newest of a customer's purchases, by ascending place.
fn newest(cells: &[Cell]) -> Cow<'_, [Cell]> {
    if cells.len() <= MOST_HISTORY {
        return Cow::Borrowed(cells);
    }
    let mut newest = cells.to_vec();
    newest.sort_by(|a, b| a.age.total_cmp(&b.age));
    newest.truncate(MOST_HISTORY);
    newest.sort_unstable_by_key(|cell| cell.item);
    Cow::Owned(newest)
}

/// Weights scaled so that the strongest is one.
fn unit(neighbors: impl Iterator<Item = (u32, f32)>) -> Vec<(u32, f32)> {
    let all = neighbors::strongest(neighbors.collect(), usize::MAX);
    let scale = scale_to_one(all.first().map_or(0.0, |(_, weight)| *weight));
    all.into_iter().map(|(place, weight)| (place, weight * scale)).collect()
}

fn scale_to_one(best: f32) -> f32 {
    if best > 0.0 { 1.0 / best } else { 0.0 }
}
