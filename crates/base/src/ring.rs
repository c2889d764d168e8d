//! Records of one length in shared words, on their way from many writers to one reader: a ring that writers append to and a reader
//! drains.
//!
//! A place is written between two states that name its turn, so a reader knows a half-written one. When the ring is full the oldest
//! are overwritten and counted as lost.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// Turn of the next record, turn of the next one to drain, records lost.
const HEAD: usize = 3;

/// The ring over its words.
#[derive(Clone, Copy)]
pub struct Ring<'a> {
    words: &'a [AtomicU64],
    places: usize,
    record: usize,
}

impl<'a> Ring<'a> {
    /// Words of a ring of `places` records of `record` words.
    pub const fn words(places: usize, record: usize) -> usize {
        HEAD + places * (1 + record)
    }

    /// The ring over `words`, as many as [`Ring::words`] says; with fewer it holds less.
    pub fn new(words: &'a [AtomicU64], places: usize, record: usize) -> Self {
        Self { words, places: places.max(1), record }
    }

    /// Appends a record; words it does not give are zero, words past its length are dropped.
    pub fn push(&self, record: impl IntoIterator<Item = u64>) {
        let Some(head) = self.words.first() else { return };
        let turn = head.fetch_add(1, AcqRel);
        let Some((state, words)) = self.place(turn).and_then(<[AtomicU64]>::split_first) else { return };
        state.store(turn * 2 + 1, Release);
        std::sync::atomic::fence(Release);
        let values = record.into_iter().chain(std::iter::repeat(0));
        words.iter().zip(values).for_each(|(word, value)| word.store(value, Relaxed));
        state.store(turn * 2 + 2, Release);
    }

    /// Up to `most` records not drained yet, oldest first, with the turn to go on from and how many were lost since the last drain.
    /// Nothing is taken before [`Ring::advance`].
    pub fn peek(&self, most: usize) -> (Vec<Vec<u64>>, u64, u64) {
        let (head, tail) = (self.load(0), self.load(1));
        let oldest = head.saturating_sub(self.places as u64).max(tail);
        let mut lost = oldest - tail.min(oldest);
        let end = head.min(oldest + most as u64);
        let mut found = Vec::new();
        for turn in oldest..end {
            match self.settled(turn) {
                Some(record) => found.push(record),
                None => lost += 1,
            }
        }
        (found, end, lost)
    }

    /// Takes what was peeked.
    pub fn advance(&self, turn: u64, lost: u64) {
        if let [_, tail, total, ..] = self.words {
            tail.fetch_max(turn, AcqRel);
            total.fetch_add(lost, Relaxed);
        }
    }

    /// Records waiting.
    pub fn waiting(&self) -> u64 {
        self.load(0).saturating_sub(self.load(1)).min(self.places as u64)
    }

    /// Lost so far: overwritten before they were drained, or left half-written by a killed process.
    pub fn lost(&self) -> u64 {
        let overdue = self.load(0).saturating_sub(self.load(1)).saturating_sub(self.places as u64);
        self.load(2) + overdue
    }

    /// Waits a moment for a record that is being written.
    fn settled(&self, turn: u64) -> Option<Vec<u64>> {
        for _ in 0..3 {
            if let Some(record) = self.read(turn) {
                return Some(record);
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        None
    }

    fn read(&self, turn: u64) -> Option<Vec<u64>> {
        let (state, words) = self.place(turn)?.split_first()?;
        let done = turn * 2 + 2;
        if state.load(Acquire) != done {
            return None;
        }
        let values: Vec<u64> = words.iter().map(|word| word.load(Relaxed)).collect();
        std::sync::atomic::fence(Acquire);
        (state.load(Relaxed) == done).then_some(values)
    }

    fn place(&self, turn: u64) -> Option<&'a [AtomicU64]> {
        let length = 1 + self.record;
        let start = HEAD + (turn % self.places as u64) as usize * length;
        self.words.get(start..start + length)
    }

    fn load(&self, place: usize) -> u64 {
        self.words.get(place).map_or(0, |word| word.load(Acquire))
    }
}

/// `text` as words, zeros behind it, cut between letters to what `words` words hold.
pub fn text_words(text: &str, words: usize) -> impl Iterator<Item = u64> {
    let mut cut = text.len().min(words * 8);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    let bytes = text.as_bytes().get(..cut).unwrap_or_default();
    (0..words).map(move |word| {
        let mut chunk = [0; 8];
        let part = bytes.get(word * 8..).unwrap_or_default();
        chunk.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        u64::from_le_bytes(chunk)
    })
}

/// The text of [`text_words`].
pub fn words_text(words: &[u64]) -> String {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    String::from_utf8_lossy(&bytes).trim_end_matches('\0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACES: usize = 64;

    fn words() -> Vec<AtomicU64> {
        (0..Ring::words(PLACES, 2)).map(|_| AtomicU64::new(0)).collect()
    }

    #[test]
    fn comes_out_as_it_went_in_and_only_once() {
        let words = words();
        let ring = Ring::new(&words, PLACES, 2);
        (0..10).for_each(|n| ring.push([n, n * n]));
        let (found, turn, lost) = ring.peek(4);
        assert_eq!((found.len(), turn, lost), (4, 4, 0));
        assert_eq!(found[3], [3, 9]);
        assert_eq!(ring.peek(4).0, found, "nothing is taken by looking");
        ring.advance(turn, lost);
        assert_eq!((ring.peek(100).0.len(), ring.waiting()), (6, 6));
    }

    #[test]
    fn a_full_ring_keeps_the_newest_and_counts_the_lost() {
        let words = words();
        let ring = Ring::new(&words, PLACES, 2);
        (0..PLACES as u64 + 5).for_each(|n| ring.push([n]));
        let (found, turn, lost) = ring.peek(1);
        assert_eq!((found[0][0], lost, ring.lost()), (5, 5, 5));
        ring.advance(turn, lost);
        assert_eq!(ring.lost(), 5);
    }

    #[test]
    fn one_left_half_written_is_lost_and_the_rest_goes_on() {
        let words = words();
        let ring = Ring::new(&words, PLACES, 2);
        (0..3).for_each(|n| ring.push([n]));
        words[HEAD + 3].store(3, Relaxed);
        let (found, _, lost) = ring.peek(10);
        assert_eq!((found.len(), lost), (2, 1));
    }

    #[test]
    fn texts_are_cut_between_letters() {
        let words: Vec<u64> = text_words("kaşar şarküteri", 2).collect();
        assert_eq!((words.len(), words_text(&words).as_str()), (2, "kaşar şarküte"));
        assert_eq!(words_text(&text_words("", 3).collect::<Vec<_>>()), "");
    }
}
