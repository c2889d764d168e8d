//! A set of ids that also tells the place of each id among them: the dictionary behind index columns.

/// Ids of one chunk.
const CHUNK: usize = 1 << 16;
const WORDS: usize = CHUNK / 64;

/// A set of `u32`, in chunks of 65,536 that exist only where ids are: auto-increment ids take one bit each.
pub(super) struct IdSet {
    chunks: Vec<Option<Box<[u64; WORDS]>>>,
}

impl IdSet {
    pub(super) fn new() -> Self {
        Self { chunks: Vec::new() }
    }

    pub(super) fn insert(&mut self, id: u32) {
        let (chunk, word, bit) = place(id);
        if chunk >= self.chunks.len() {
            self.chunks.resize_with(chunk + 1, || None);
        }
        let Some(slot) = self.chunks.get_mut(chunk) else { return };
        let words = slot.get_or_insert_with(|| Box::new([0; WORDS]));
        if let Some(word) = words.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    pub(super) fn extend(&mut self, ids: impl IntoIterator<Item = u32>) {
        ids.into_iter().for_each(|id| self.insert(id));
    }

    /// Every id, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        let words =
            self.chunks.iter().enumerate().filter_map(|(chunk, words)| Some((chunk, words.as_ref()?)));
        words.flat_map(|(chunk, words)| {
            words.iter().enumerate().filter(|(_, bits)| **bits != 0).flat_map(move |(word, bits)| {
                let base = (chunk * CHUNK + word * 64) as u32;
                Bits(*bits).map(move |bit| base + bit)
            })
        })
    }

    /// Makes the set ready to tell ranks.
    pub(super) fn ranks(self) -> Ranks {
        let mut before = 0;
        let chunks = self.chunks.into_iter().map(|chunk| {
            let words = chunk?;
            let starts = words.iter().map(|word| {
                let start = before;
                before += word.count_ones();
                start
            });
            let starts: Box<[u32]> = starts.collect();
            Some((words, starts))
        });
        Ranks { chunks: chunks.collect() }
    }
}

fn place(id: u32) -> (usize, usize, u32) {
    ((id >> 16) as usize, ((id & 0xFFFF) >> 6) as usize, id & 63)
}

struct Bits(u64);

impl Iterator for Bits {
    type Item = u32;
    fn next(&mut self) -> Option<u32> {
        let bit = self.0.trailing_zeros();
        (bit < 64).then(|| {
            self.0 &= self.0 - 1;
            bit
        })
    }
}

/// Bits of a chunk, and how many ids come before each of its words.
type RankedChunk = (Box<[u64; WORDS]>, Box<[u32]>);

/// A set of ids that tells how many smaller ids it holds.
pub(super) struct Ranks {
    chunks: Vec<Option<RankedChunk>>,
}

impl Ranks {
    /// Place of `id` among the ids, from 0; `None` when it is not one of them.
    pub(super) fn rank(&self, id: u32) -> Option<u32> {
        let (chunk, word, bit) = place(id);
        let (words, starts) = self.chunks.get(chunk)?.as_ref()?;
        let bits = *words.get(word)?;
        let below = bits & ((1_u64 << bit) - 1);
        ((bits >> bit) & 1 == 1).then_some(starts.get(word)? + below.count_ones())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn ranks_are_places_in_sorted_order(
            near in proptest::collection::vec(0_u32..200_000, 0..300),
            far in proptest::collection::vec(any::<u32>(), 0..5),
        ) {
            let truth: BTreeSet<u32> = near.iter().chain(&far).copied().collect();
            let mut set = IdSet::new();
            set.extend(near.iter().chain(&far).copied());
            prop_assert!(set.iter().eq(truth.iter().copied()));
            let ranks = set.ranks();
            for (place, id) in truth.iter().enumerate() {
                prop_assert_eq!(ranks.rank(*id), Some(place as u32));
            }
            for id in (0..200_000).step_by(977) {
                prop_assert_eq!(ranks.rank(id).is_some(), truth.contains(&id));
            }
        }
    }
}
