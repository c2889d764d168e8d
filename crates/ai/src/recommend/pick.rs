//! From candidates to an answer: order, filter, diversity, and filling up with what sells.

use super::Recommender;
use super::engine::Candidate;
use super::query::{Query, Reason, Recommendation};
use indexmap::{IndexMap, IndexSet};

/// A product's recent sales, as a multiple of the shop's usual, from which it is called trending.
const TRENDING: f32 = 1.3;

impl Recommender {
    /// The best `query.limit` candidates that may be shown; `fill` adds what sells when they are too few.
    pub(super) fn answer(
        &self,
        mut candidates: Vec<Candidate>,
        query: &Query<'_>,
        wanted: &dyn Fn(u32) -> bool,
        fill: bool,
    ) -> Vec<Recommendation> {
        if query.limit == 0 {
            return Vec::new();
        }
        candidates.retain(|(_, score, _)| score.is_finite() && *score > 0.0);
        // With diversity a few more than asked for are looked at.
        let pool = query.limit.saturating_mul(3).saturating_add(10);
        let may = |place: u32| wanted(place) && self.item(place).is_some_and(|item| (query.allowed)(item));
        let family = |place: u32| (query.family)(self.item(place).unwrap_or_default());
        let mut chosen: Vec<Candidate> = Vec::with_capacity(pool.min(1_000));
        let mut seen: IndexSet<u64> = IndexSet::new();
        let mut rest = candidates.as_mut_slice();
        while chosen.len() < pool && !rest.is_empty() {
            let (first, others) = split_best(rest, pool);
            let left = pool - chosen.len();
            let mut may_be = |(place, ..): &&Candidate| may(*place) && seen.insert(family(*place));
            chosen.extend(first.iter().filter(&mut may_be).take(left));
            rest = others;
        }
        let mut picked = self.diverse(chosen, query);
        if fill && picked.len() < query.limit {
            self.fill(&mut picked, query, &may, &family);
        }
        picked
            .into_iter()
            .filter_map(|(place, score, reason)| {
                Some(Recommendation { item: self.item(place)?, score: f64::from(score), reason })
            })
            .collect()
    }

    /// Takes the best again and again; each product of a group makes the next of that group count less.
    fn diverse(&self, candidates: Vec<Candidate>, query: &Query<'_>) -> Vec<Candidate> {
        let keep = (1.0 - query.diversity.clamp(0.0, 1.0)) as f32;
        let keep = if keep.is_finite() { keep } else { 1.0 };
        let mut left = candidates;
        let mut taken: IndexMap<u64, i32> = IndexMap::new();
        let mut picked: Vec<Candidate> = Vec::with_capacity(query.limit.min(left.len()));
        let group = |place: u32| self.groups.get(place as usize).copied().unwrap_or(0);
        while picked.len() < query.limit && !left.is_empty() {
            let value = |(place, score, _): &Candidate| {
                let before = taken.get(&group(*place)).copied().unwrap_or(0);
                score * keep.powi(before)
            };
            let values = left.iter().map(value).enumerate();
            let best = values
                .reduce(|best, next| if next.1 > best.1 { next } else { best })
                .map_or(0, |best| best.0);
            let one = left.remove(best);
            let own = group(one.0);
            if own > 0 {
                *taken.entry(own).or_insert(0) += 1;
            }
            picked.push(one);
        }
        picked
    }

    fn fill(
        &self,
        picked: &mut Vec<Candidate>,
        query: &Query<'_>,
        may: &dyn Fn(u32) -> bool,
        family: &dyn Fn(u32) -> u64,
    ) {
        let mut seen: IndexSet<u64> = picked.iter().map(|(place, ..)| family(*place)).collect();
        let floor = picked.last().map_or(1.0, |(_, score, _)| *score);
        let most = self.recent.iter().copied().fold(0f32, f32::max).max(f32::MIN_POSITIVE);
        let usual =
            self.recent.iter().sum::<f32>() / (self.buyers.iter().map(|b| *b as f32).sum::<f32>()).max(1.0);
        let selling =
            self.recent.iter().zip(self.buyers.iter()).zip(0u32..).map(|((recent, buyers), place)| {
                let trending = *recent > TRENDING * usual * (*buyers as f32) && *buyers > 0;
                let reason = if trending { Reason::Trending } else { Reason::Popular };
                // Below everything that was chosen for a better reason, in the order of recent sales.
                (place, floor * 0.5 * (recent / most).max(1e-6), reason)
            });
        let mut selling: Vec<Candidate> = selling.collect();
        let mut rest = selling.as_mut_slice();
        while picked.len() < query.limit && !rest.is_empty() {
            let (first, others) = split_best(rest, query.limit.saturating_mul(2).saturating_add(50));
            for one in first.iter().filter(|(place, ..)| may(*place)) {
                if picked.len() < query.limit && seen.insert(family(one.0)) {
                    picked.push(*one);
                }
            }
            rest = others;
        }
    }
}

/// The best `count` of `candidates`, in order, and the others.
fn split_best(candidates: &mut [Candidate], count: usize) -> (&mut [Candidate], &mut [Candidate]) {
    let order = |a: &Candidate, b: &Candidate| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    let count = count.min(candidates.len());
    if count > 0 && count < candidates.len() {
        candidates.select_nth_unstable_by(count, order);
    }
    let (best, others) = candidates.split_at_mut_checked(count).unwrap_or_default();
    best.sort_unstable_by(order);
    (best, others)
}
