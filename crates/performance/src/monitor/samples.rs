//! Single requests on their way to the database: a ring in shared words that workers append to and a worker drains.
//!
//! A place is written between two states that name its turn, so a reader knows a half-written one. When the ring is
//! full the oldest are overwritten and counted as lost.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// Requests the ring holds.
pub const SAMPLES: usize = 16_384;
const ENDPOINT_BYTES: usize = 112;
const METHOD_BYTES: usize = 8;
const ERROR_BYTES: usize = 80;
const TEXT_WORDS: usize = (ENDPOINT_BYTES + METHOD_BYTES + ERROR_BYTES) / 8;
const NUMBERS: usize = 6;
const PLACE: usize = 1 + NUMBERS + TEXT_WORDS;
const HEAD: usize = 3;
/// Words of the ring.
pub const WORDS: usize = HEAD + SAMPLES * PLACE;

/// A request as the database takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// End of the request, milliseconds since 1970.
    pub at_ms: u64,
    /// Duration in microseconds.
    pub micros: u64,
    /// Memory in KiB.
    pub memory_kib: u32,
    /// CPU in hundredths of a percent.
    pub cpu: Option<u32>,
    /// HTTP status.
    pub status_code: u16,
    /// Administrator or customer.
    pub user_id: Option<u32>,
    /// Marketplace.
    pub marketplace_id: Option<u32>,
    /// Route, cut to 112 bytes.
    pub endpoint: String,
    /// HTTP method.
    pub method: String,
    /// Message, cut to 80 bytes; empty when there is none.
    pub error: String,
}

/// The ring.
#[derive(Clone, Copy)]
pub struct Samples<'a>(pub &'a [AtomicU64]);

impl Samples<'_> {
    /// Appends a sample.
    pub fn push(&self, sample: &Sample) {
        let Some(head) = self.0.first() else { return };
        let turn = head.fetch_add(1, AcqRel);
        let Some((state, words)) = self.place(turn).and_then(<[AtomicU64]>::split_first) else { return };
        state.store(turn * 2 + 1, Release);
        std::sync::atomic::fence(Release);
        words.iter().zip(pack(sample)).for_each(|(word, value)| word.store(value, Relaxed));
        state.store(turn * 2 + 2, Release);
    }

    /// Up to `most` samples not drained yet, oldest first, with the turn to go on from and how many were lost since
    /// the last drain. Nothing is taken before [`Samples::advance`].
    pub fn peek(&self, most: usize) -> (Vec<Sample>, u64, u64) {
        let (head, tail) = (self.load(0), self.load(1));
        let oldest = head.saturating_sub(SAMPLES as u64).max(tail);
        let mut lost = oldest - tail.min(oldest);
        let end = head.min(oldest + most as u64);
        let mut found = Vec::new();
        for turn in oldest..end {
            match self.settled(turn) {
                Some(sample) => found.push(sample),
                None => lost += 1,
            }
        }
        (found, end, lost)
    }

    /// Samples waiting.
    pub fn waiting(&self) -> u64 {
        self.load(0).saturating_sub(self.load(1)).min(SAMPLES as u64)
    }

    /// Lost so far: overwritten before they were drained, or left half-written by a killed worker.
    pub fn lost(&self) -> u64 {
        let overdue = self.load(0).saturating_sub(self.load(1)).saturating_sub(SAMPLES as u64);
        self.load(2) + overdue
    }

    /// Takes what was peeked.
    pub fn advance(&self, turn: u64, lost: u64) {
        if let [_, tail, total, ..] = self.0 {
            tail.fetch_max(turn, AcqRel);
            total.fetch_add(lost, Relaxed);
        }
    }

    /// Waits a moment for a sample that is being written.
    fn settled(&self, turn: u64) -> Option<Sample> {
        for _ in 0..3 {
            if let Some(sample) = self.read(turn) {
                return Some(sample);
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        None
    }

    fn read(&self, turn: u64) -> Option<Sample> {
        let (state, words) = self.place(turn)?.split_first()?;
        let done = turn * 2 + 2;
        if state.load(Acquire) != done {
            return None;
        }
        let values: Vec<u64> = words.iter().map(|word| word.load(Relaxed)).collect();
        std::sync::atomic::fence(Acquire);
        if state.load(Relaxed) != done {
            return None;
        }
        unpack(&values)
    }

    fn place(&self, turn: u64) -> Option<&[AtomicU64]> {
        let start = HEAD + (turn % SAMPLES as u64) as usize * PLACE;
        self.0.get(start..start + PLACE)
    }

    fn load(&self, place: usize) -> u64 {
        self.0.get(place).map_or(0, |word| word.load(Acquire))
    }
}

fn pack(sample: &Sample) -> Vec<u64> {
    let id = |id: Option<u32>| id.map_or(0, |id| u64::from(id) + 1);
    let mut words = vec![
        sample.at_ms,
        sample.micros,
        u64::from(sample.memory_kib) << 16 | u64::from(sample.status_code),
        id(sample.cpu),
        id(sample.user_id),
        id(sample.marketplace_id),
    ];
    let mut text = Vec::with_capacity(TEXT_WORDS * 8);
    push_text(&mut text, &sample.endpoint, ENDPOINT_BYTES);
    push_text(&mut text, &sample.method, METHOD_BYTES);
    push_text(&mut text, &sample.error, ERROR_BYTES);
    words.extend(text.as_chunks::<8>().0.iter().map(|chunk| u64::from_le_bytes(*chunk)));
    words
}

fn push_text(to: &mut Vec<u8>, text: &str, room: usize) {
    let end = to.len() + room;
    let mut cut = text.len().min(room);
    while !text.is_char_boundary(cut) {
        cut -= 1;
    }
    to.extend_from_slice(text.get(..cut).unwrap_or_default().as_bytes());
    to.resize(end, 0);
}

fn unpack(words: &[u64]) -> Option<Sample> {
    let ([at_ms, micros, packed, cpu, user, marketplace], text) = words.split_first_chunk::<NUMBERS>()?;
    let bytes: Vec<u8> = text.iter().flat_map(|word| word.to_le_bytes()).collect();
    let (endpoint, rest) = bytes.split_at_checked(ENDPOINT_BYTES)?;
    let (method, error) = rest.split_at_checked(METHOD_BYTES)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end_matches('\0').to_owned();
    let id = |word: &u64| word.checked_sub(1).and_then(|id| u32::try_from(id).ok());
    Some(Sample {
        at_ms: *at_ms,
        micros: *micros,
        memory_kib: (packed >> 16) as u32,
        cpu: id(cpu),
        status_code: (packed & 0xffff) as u16,
        user_id: id(user),
        marketplace_id: id(marketplace),
        endpoint: text(endpoint),
        method: text(method),
        error: text(error),
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn sample(n: u64) -> Sample {
        Sample {
            at_ms: 1_700_000_000_000 + n,
            micros: n,
            memory_kib: 2_048,
            cpu: Some(9_950),
            status_code: 200,
            user_id: Some(0),
            marketplace_id: None,
            endpoint: format!("report/{n}"),
            method: "GET".into(),
            error: String::new(),
        }
    }

    fn words() -> Vec<AtomicU64> {
        (0..WORDS).map(|_| AtomicU64::new(0)).collect()
    }

    #[test]
    fn comes_out_as_it_went_in_and_only_once() {
        let words = words();
        let ring = Samples(&words);
        (0..10).for_each(|n| ring.push(&sample(n)));
        let (found, turn, lost) = ring.peek(4);
        assert_eq!((found.len(), turn, lost), (4, 4, 0));
        assert_eq!(found[3], sample(3));
        assert_eq!(ring.peek(4).0, found, "nothing is taken by looking");
        ring.advance(turn, lost);
        assert_eq!((ring.peek(100).0.len(), ring.waiting()), (6, 6));
    }

    #[test]
    fn a_full_ring_keeps_the_newest_and_counts_the_lost() {
        let words = words();
        let ring = Samples(&words);
        (0..SAMPLES as u64 + 5).for_each(|n| ring.push(&sample(n)));
        let (found, turn, lost) = ring.peek(1);
        assert_eq!((found[0].micros, lost, ring.lost()), (5, 5, 5));
        ring.advance(turn, lost);
        assert_eq!(ring.lost(), 5);
    }

    #[test]
    fn one_left_half_written_is_lost_and_the_rest_goes_on() {
        let words = words();
        let ring = Samples(&words);
        (0..3).for_each(|n| ring.push(&sample(n)));
        words[HEAD + PLACE].store(3, Relaxed);
        let (found, _, lost) = ring.peek(10);
        assert_eq!((found.len(), lost), (2, 1));
    }
}
