//! A title as a row of parts: every word, and every two neighbours.
//!
//! What a part says depends on its own words alone, so a model can add it up beforehand ([`super::phrases`]). Letter groups
//! reach across one gap between words, not across two.

use super::features::{Feature, Kind, word_feature};
use crate::text::ngram::{Hash, letters, letters_across};
use crate::text::normalize::words_line;

/// Words of a title that are looked at, so that a broken title costs no more than a long one.
const WORDS: usize = 60;
/// Letters of a title that are looked at: a title without gaps is bounded too.
const LETTERS: usize = 600;
/// Lengths of letter groups.
const GROUPS: (usize, usize) = (3, 5);
/// Lengths of word beginnings.
const BEGINNINGS: [usize; 2] = [4, 5];

/// The beginning of a product's name as [`words_line`] writes it.
#[derive(Debug)]
pub struct Title(String);

impl Title {
    /// The title of this name.
    pub fn new(name: &str) -> Self {
        Self(shortened(words_line(beginning(name)), WORDS))
    }

    /// Its words, a space before and after each.
    pub fn line(&self) -> &str {
        &self.0
    }

    /// Its parts: each word, before it the pair it makes with the one before.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let line = self.0.as_str();
        let mut parts = Vec::with_capacity(32);
        let (mut before, mut start) = (None, None);
        for end in line.bytes().enumerate().filter(|(_, byte)| *byte == b' ').map(|(at, _)| at) {
            let part = |first: usize, gap| line.get(first..=end).map(|text| Part { text, gap });
            if let Some(start) = start {
                parts.extend(before.and_then(|first| part(first, Some(start - first))));
                parts.extend(part(start, None));
            }
            (before, start) = (start, Some(end));
        }
        parts
    }
}

/// A word or two neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// With the spaces around.
    text: &'a str,
    /// Where the space between two words is.
    gap: Option<usize>,
}

impl<'a> Part<'a> {
    /// Tells parts apart.
    pub fn hash(self) -> u64 {
        let kind = if self.gap.is_some() { Kind::WordPair } else { Kind::Word };
        Hash::new(0x9a27).with(kind as u64).text(self.text).get()
    }

    /// Calls `each` for every occurrence of every feature of this part.
    pub fn visit(self, each: &mut impl FnMut(Feature<'a>)) {
        let (least, most) = GROUPS;
        let group = |hash, text| Feature { hash, weight: 1.0, kind: Kind::Letters, text };
        let words = self.text.trim_matches(' ');
        match self.gap {
            Some(gap) => {
                letters_across(self.text, gap, Kind::Letters as u64, least, most, |hash, text| {
                    each(group(hash, text))
                });
                let hash = Kind::WordPair.hash().text(words).get();
                each(Feature { hash, weight: 1.5, kind: Kind::WordPair, text: words });
            }
            None => {
                letters(self.text, Kind::Letters as u64, least, most, |hash, text| each(group(hash, text)));
                word_feature(words, 1.5, each);
                for length in BEGINNINGS {
                    let end = words.char_indices().nth(length).map_or(words.len(), |(end, _)| end);
                    let text = words.get(..end).unwrap_or(words);
                    let hash = Kind::Prefix.hash().with(length as u64).text(text).get();
                    each(Feature { hash, weight: 1.0, kind: Kind::Prefix, text });
                }
            }
        }
    }
}

/// The first letters of a text.
fn beginning(text: &str) -> &str {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        _ => text,
    }
}

/// The first words of a line.
pub fn shortened(line: String, most: usize) -> String {
    match line.match_indices(' ').nth(most) {
        Some((end, _)) => line.get(..=end).unwrap_or_default().to_owned(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn parts_are_words_and_pairs_of_neighbours() {
        let title = Title::new("Günlük süt 1L");
        let parts: Vec<&str> = title.parts().iter().map(|part| part.text).collect();
        assert_eq!(parts, [" günlük ", " günlük süt ", " süt ", " süt 1l ", " 1l "]);
        assert_eq!(Title::new("").parts().len(), 0);
    }

    #[test]
    fn a_part_says_what_its_words_and_letters_are() {
        let mut seen = Vec::new();
        let title = Title::new("ab c");
        title
            .parts()
            .iter()
            .for_each(|part| part.visit(&mut |feature| seen.push((feature.kind, feature.text))));
        let of = |kind: Kind| -> Vec<&str> {
            seen.iter().filter(|(other, _)| *other == kind).map(|(_, text)| *text).collect()
        };
        assert_eq!(of(Kind::Letters), [" ab", " ab ", "ab ", "b c", "b c ", "ab c", "ab c ", " ab c", " c "]);
        assert_eq!(of(Kind::Word), ["ab", "c"]);
        assert_eq!(of(Kind::WordPair), ["ab c"]);
    }

    proptest! {
        #[test]
        fn all_groups_that_reach_across_at_most_one_gap_are_there(words in prop::collection::vec("[abş]{1,6}", 0..6)) {
            let title = Title::new(&words.join(" "));
            let mut seen = Vec::new();
            title.parts().iter().for_each(|part| part.visit(&mut |feature| {
                if feature.kind == Kind::Letters { seen.push(feature.hash) }
            }));
            let mut expected = Vec::new();
            letters(title.line(), Kind::Letters as u64, 3, 5, |hash, text| {
                let inside = text.char_indices().filter(|(at, c)| *c == ' ' && *at > 0 && *at + 1 < text.len());
                if inside.count() < 2 { expected.push(hash) }
            });
            seen.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(seen, expected);
        }
    }
}
