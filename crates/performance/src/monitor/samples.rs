//! Single requests on their way to the database: records of a [`Ring`] that workers append to and a worker drains.

use meschain_base::Ring;
use meschain_base::ring::{text_words, words_text};
use std::sync::atomic::AtomicU64;

/// Requests the ring holds.
pub const SAMPLES: usize = 16_384;
const ENDPOINT_WORDS: usize = 14;
const METHOD_WORDS: usize = 1;
const ERROR_WORDS: usize = 10;
const NUMBERS: usize = 6;
const RECORD: usize = NUMBERS + ENDPOINT_WORDS + METHOD_WORDS + ERROR_WORDS;
/// Words of the ring.
pub const WORDS: usize = Ring::words(SAMPLES, RECORD);

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
pub struct Samples<'a>(Ring<'a>);

impl<'a> Samples<'a> {
    /// Over [`WORDS`] words.
    pub fn new(words: &'a [AtomicU64]) -> Self {
        Self(Ring::new(words, SAMPLES, RECORD))
    }

    /// Appends a sample.
    pub fn push(&self, sample: &Sample) {
        self.0.push(pack(sample));
    }

    /// Up to `most` samples not drained yet, oldest first, with the turn to go on from and how many were lost since
    /// the last drain. Nothing is taken before [`Samples::advance`].
    pub fn peek(&self, most: usize) -> (Vec<Sample>, u64, u64) {
        let (found, turn, lost) = self.0.peek(most);
        (found.iter().filter_map(|words| unpack(words)).collect(), turn, lost)
    }

    /// Samples waiting.
    pub fn waiting(&self) -> u64 {
        self.0.waiting()
    }

    /// Lost so far: overwritten before they were drained, or left half-written by a killed worker.
    pub fn lost(&self) -> u64 {
        self.0.lost()
    }

    /// Takes what was peeked.
    pub fn advance(&self, turn: u64, lost: u64) {
        self.0.advance(turn, lost);
    }
}

fn pack(sample: &Sample) -> impl Iterator<Item = u64> {
    let id = |id: Option<u32>| id.map_or(0, |id| u64::from(id) + 1);
    let numbers = [
        sample.at_ms,
        sample.micros,
        u64::from(sample.memory_kib) << 16 | u64::from(sample.status_code),
        id(sample.cpu),
        id(sample.user_id),
        id(sample.marketplace_id),
    ];
    let endpoint = text_words(&sample.endpoint, ENDPOINT_WORDS);
    let method = text_words(&sample.method, METHOD_WORDS);
    numbers.into_iter().chain(endpoint).chain(method).chain(text_words(&sample.error, ERROR_WORDS))
}

fn unpack(words: &[u64]) -> Option<Sample> {
    let ([at_ms, micros, packed, cpu, user, marketplace], text) = words.split_first_chunk::<NUMBERS>()?;
    let (endpoint, rest) = text.split_at_checked(ENDPOINT_WORDS)?;
    let (method, error) = rest.split_at_checked(METHOD_WORDS)?;
    let id = |word: &u64| word.checked_sub(1).and_then(|id| u32::try_from(id).ok());
    Some(Sample {
        at_ms: *at_ms,
        micros: *micros,
        memory_kib: (packed >> 16) as u32,
        cpu: id(cpu),
        status_code: (packed & 0xffff) as u16,
        user_id: id(user),
        marketplace_id: id(marketplace),
        endpoint: words_text(endpoint),
        method: words_text(method),
        error: words_text(error),
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

    #[test]
    fn comes_out_as_it_went_in() {
        let words: Vec<AtomicU64> = (0..WORDS).map(|_| AtomicU64::new(0)).collect();
        let ring = Samples::new(&words);
        let long = Sample { endpoint: "ş".repeat(100), error: "e".repeat(100), ..sample(2) };
        ring.push(&sample(1));
        ring.push(&long);
        let (found, turn, lost) = ring.peek(4);
        assert_eq!((&found[0], turn, lost), (&sample(1), 2, 0));
        assert_eq!((found[1].endpoint.len(), found[1].error.len()), (112, 80));
        ring.advance(turn, lost);
        assert_eq!((ring.waiting(), ring.lost()), (0, 0));
    }
}
