//! One kept answer, as words of the ring.

use crate::registry::Kind;
use meschain_base::ring::{text_words, words_text};
use serde_json::Value;

const NUMBERS: usize = 6;
const VERSION_WORDS: usize = 4;
const INPUT_WORDS: usize = 16;
const RESULT_WORDS: usize = 48;
/// Room for what was asked.
pub const INPUT_BYTES: usize = INPUT_WORDS * 8;
/// Room for what was answered.
pub const RESULT_BYTES: usize = RESULT_WORDS * 8;
/// Words of one answer.
pub const RECORD: usize = NUMBERS + VERSION_WORDS + INPUT_WORDS + RESULT_WORDS;

/// An answer as the database takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Milliseconds since 1970.
    pub at_ms: u64,
    /// Which model.
    pub kind: Kind,
    /// Its version.
    pub version: String,
    /// About which product.
    pub product_id: Option<u32>,
    /// For which marketplace.
    pub marketplace_id: Option<u32>,
    /// How sure it was, 0 to 1.
    pub confidence: Option<f64>,
    /// What the answer took.
    pub nanos: Option<u64>,
    /// JSON.
    pub input: String,
    /// JSON.
    pub result: String,
}

impl Row {
    /// As the ring keeps it.
    pub fn words(&self) -> impl Iterator<Item = u64> {
        let id = |id: Option<u32>| id.map_or(0, |id| u64::from(id) + 1);
        let kind = Kind::ALL.iter().position(|kind| *kind == self.kind).unwrap_or(0) as u64;
        let numbers = [
            self.at_ms,
            kind,
            id(self.product_id),
            id(self.marketplace_id),
            self.confidence.unwrap_or(f64::NAN).to_bits(),
            self.nanos.map_or(0, |nanos| nanos.saturating_add(1)),
        ];
        let version = text_words(&self.version, VERSION_WORDS);
        let input = text_words(&self.input, INPUT_WORDS);
        numbers.into_iter().chain(version).chain(input).chain(text_words(&self.result, RESULT_WORDS))
    }

    /// Out of the ring.
    pub fn of(words: &[u64]) -> Option<Self> {
        let ([at_ms, kind, product, marketplace, confidence, nanos], text) =
            words.split_first_chunk::<NUMBERS>()?;
        let (version, text) = text.split_at_checked(VERSION_WORDS)?;
        let (input, result) = text.split_at_checked(INPUT_WORDS)?;
        let id = |word: &u64| word.checked_sub(1).and_then(|id| u32::try_from(id).ok());
        Some(Self {
            at_ms: *at_ms,
            kind: *Kind::ALL.get(usize::try_from(*kind).ok()?)?,
            version: words_text(version),
            product_id: id(product),
            marketplace_id: id(marketplace),
            confidence: Some(f64::from_bits(*confidence)).filter(|confidence| confidence.is_finite()),
            nanos: nanos.checked_sub(1),
            input: words_text(input),
            result: words_text(result),
        })
    }
}

/// JSON that fits; half a value would be none, so what is too long goes whole.
pub fn fitted(value: &Value, bytes: usize) -> String {
    let text = value.to_string();
    if text.len() <= bytes { text } else { r#"{"too_long":true}"#.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn comes_out_as_it_went_in() {
        let row = Row {
            at_ms: 1_700_000_000_123,
            kind: Kind::Recommendation,
            version: "20261122-051500-1a2b3c4d".to_owned(),
            product_id: Some(u32::MAX),
            marketplace_id: None,
            confidence: None,
            nanos: Some(0),
            input: json!({ "name": "Kaşar" }).to_string(),
            result: json!({ "items": [1, 2] }).to_string(),
        };
        let words: Vec<u64> = row.words().collect();
        assert_eq!(words.len(), RECORD);
        assert_eq!(Row::of(&words).unwrap(), row);
        assert_eq!(Row::of(&words[1..]), None);
    }

    #[test]
    fn what_does_not_fit_is_still_json() {
        let long = json!({ "name": "ş".repeat(200) });
        for room in [INPUT_BYTES, RESULT_BYTES] {
            assert!(serde_json::from_str::<Value>(&fitted(&long, room)).is_ok());
        }
        assert_eq!(fitted(&json!([1]), 16), "[1]");
    }
}
