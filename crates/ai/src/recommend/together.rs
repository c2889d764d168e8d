//! What is bought in the same order.

use super::BasketLine;
use super::neighbors::{Lists, strongest};
use indexmap::IndexMap;

/// Products of one order that count; larger ones are wholesale.
const LARGEST_BASKET: usize = 60;
/// Orders a pair must share, unless a product has no such pair.
const LEAST_TOGETHER: u32 = 2;
/// Pseudo-orders that a pair's share is shrunk by.
const SHRINK: f32 = 5.0;

/// For each of `items` (ascending ids) the `most` products likeliest to be in an order that holds it, where that is
/// likelier than in any order (lift above one). Weight: share of its orders times the root of the lift, both shrunk.
pub fn lists(items: &[u64], baskets: &[BasketLine], most: usize) -> Lists {
    let mut lines: Vec<(u64, u32)> = baskets
        .iter()
        .filter_map(|line| Some((line.order, items.binary_search(&line.item).ok()? as u32)))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    let mut orders_of = vec![Vec::new(); items.len()];
    let mut orders: Vec<&[(u64, u32)]> = Vec::new();
    for order in lines.chunk_by(|a, b| a.0 == b.0).filter(|order| (2..=LARGEST_BASKET).contains(&order.len()))
    {
        for (_, item) in order {
            orders_of
                .get_mut(*item as usize)
                .into_iter()
                .for_each(|list: &mut Vec<u32>| list.push(orders.len() as u32));
        }
        orders.push(order);
    }
    let size = |item: u32| orders_of.get(item as usize).map_or(0.0, |list| list.len() as f32);
    let all = orders.len() as f32;
    let of = |(item, own): (usize, &Vec<u32>)| {
        let mut counts: IndexMap<u32, u32> = IndexMap::new();
        for (_, other) in own.iter().filter_map(|order| orders.get(*order as usize)).copied().flatten() {
            *counts.entry(*other).or_default() += 1;
        }
        counts.swap_remove(&(item as u32));
        let known = counts.values().any(|count| *count >= LEAST_TOGETHER);
        let least = if known { LEAST_TOGETHER } else { 1 };
        let pairs = counts.into_iter().filter(|(_, count)| *count >= least).filter_map(|(other, count)| {
            let share = count as f32 / (own.len() as f32 + SHRINK);
            let lift = share * all / size(other).max(1.0);
            (lift > 1.0 || !known).then(|| (other, share * lift.max(1e-3).sqrt()))
        });
        strongest(pairs.collect(), most)
    };
    orders_of.iter().enumerate().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_beat_what_is_in_every_order() {
        // Item 9 is in every order; 1 and 2 always come together, in half of them.
        let baskets: Vec<BasketLine> = (0..40u64)
            .flat_map(|order| {
                let pair = if order % 2 == 0 { [1, 2] } else { [3, 4 + order % 3] };
                [pair[0], pair[1], 9].map(|item| BasketLine { order, item })
            })
            .collect();
        let items = [1, 2, 3, 4, 5, 6, 9];
        let lists = lists(&items, &baskets, 5);
        assert_eq!(lists[0][0].0, 1);
        assert!(lists[0].iter().all(|(other, _)| *other != 0));
    }
}
