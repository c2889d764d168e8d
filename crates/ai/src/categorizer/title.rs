//! A title as a row of parts: every word, every two neighbours, and the last word once more.
//!
//! What a thing is stands last, in Turkish as in English ("Men's Blue Canvas *Shoes*", "Sütlü *Çikolata* 80 G").
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
/// Lengths of beginnings and ends of the last word, and the letters that a word has at least to be taken for it: units have fewer.
const LAST_PARTS: [usize; 3] = [3, 4, 5];
const LAST_LETTERS: usize = 3;

/// The beginning of a product's name as [`words_line`] writes it.
#[derive(Debug)]
pub struct Title(String);

impl Title {
    /// The title of this name.
    pub fn new(name: &str) -> Self {
        Self(shortened(words_line(first_letters(name, LETTERS)), WORDS))
    }

    /// Its words, a space before and after each.
    pub fn line(&self) -> &str {
        &self.0
    }

    /// Its parts: each word, before it the pair it makes with the one before; then the last word that is none of digits or a unit.
    pub fn parts(&self) -> Vec<Part<'_>> {
        let line = self.0.as_str();
        let mut parts = Vec::with_capacity(32);
        let (mut before, mut start) = (None, None);
        for end in line.bytes().enumerate().filter(|(_, byte)| *byte == b' ').map(|(at, _)| at) {
            let part = |first: usize, shape| line.get(first..=end).map(|text| Part { text, shape });
            if let Some(start) = start {
                parts.extend(before.and_then(|first| part(first, Shape::Pair { gap: start - first })));
                parts.extend(part(start, Shape::Word));
            }
            (before, start) = (start, Some(end));
        }
        let last = parts.iter().rev().find(|part| part.shape == Shape::Word && is_lettered(part.text));
        parts.extend(last.map(|part| Part { shape: Shape::Last, ..*part }));
        parts
    }
}

fn is_lettered(word: &str) -> bool {
    word.chars().filter(|letter| letter.is_alphabetic()).nth(LAST_LETTERS - 1).is_some()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Word,
    /// Two neighbours, with the place of the space between.
    Pair {
        gap: usize,
    },
    Last,
}

/// A word, two neighbours, or the last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// With the spaces around.
    text: &'a str,
    shape: Shape,
}

impl<'a> Part<'a> {
    /// Tells parts apart.
    pub fn hash(self) -> u64 {
        let kind = match self.shape {
            Shape::Word => Kind::Word,
            Shape::Pair { .. } => Kind::WordPair,
            Shape::Last => Kind::LastWord,
        };
        Hash::new(0x9a27).with(kind as u64).text(self.text).get()
    }

    /// Calls `each` for every occurrence of every feature of this part.
    pub fn visit(self, each: &mut impl FnMut(Feature<'a>)) {
        let (least, most) = GROUPS;
        let group = |hash, text| Feature { hash, weight: 1.0, kind: Kind::Letters, text };
        let words = self.text.trim_matches(' ');
        match self.shape {
            Shape::Pair { gap } => {
                letters_across(self.text, gap, Kind::Letters as u64, least, most, |hash, text| {
                    each(group(hash, text))
                });
                let hash = Kind::WordPair.hash().text(words).get();
                each(Feature { hash, weight: 1.5, kind: Kind::WordPair, text: words });
            }
            Shape::Word => {
                letters(self.text, Kind::Letters as u64, least, most, |hash, text| each(group(hash, text)));
                word_feature(words, 1.5, each);
                for length in BEGINNINGS {
                    let text = first_letters(words, length);
                    let hash = Kind::Prefix.hash().with(length as u64).text(text).get();
                    each(Feature { hash, weight: 1.0, kind: Kind::Prefix, text });
                }
            }
            Shape::Last => {
                for length in LAST_PARTS {
                    let ends = [first_letters(words, length), last_letters(words, length)];
                    for (end, text) in ends.into_iter().enumerate() {
                        let hash = Kind::LastWord.hash().with((length * 2 + end) as u64).text(text).get();
                        each(Feature { hash, weight: 1.0, kind: Kind::LastWord, text: words });
                    }
                }
            }
        }
    }
}

fn first_letters(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

fn last_letters(text: &str, most: usize) -> &str {
    let start = text.char_indices().rev().nth(most.saturating_sub(1)).map_or(0, |(start, _)| start);
    text.get(start..).unwrap_or(text)
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
        assert_eq!(parts, [" günlük ", " günlük süt ", " süt ", " süt 1l ", " 1l ", " süt "]);
        assert_eq!(title.parts().last().unwrap().shape, Shape::Last);
        assert_eq!(Title::new("12 cm").parts().len(), 3, "no word for a thing");
        assert_eq!(Title::new("").parts().len(), 0);
    }

    #[test]
    fn the_last_word_says_how_it_begins_and_ends() {
        let title = Title::new("Beyaz Ayakkabı 42 No");
        let last = *title.parts().last().unwrap();
        let mut seen = Vec::new();
        last.visit(&mut |feature| seen.push((feature.hash, feature.text)));
        let distinct: std::collections::BTreeSet<u64> = seen.iter().map(|(hash, _)| *hash).collect();
        assert_eq!((seen.len(), distinct.len()), (6, 6));
        assert!(seen.iter().all(|(_, text)| *text == "ayakkabi"));
        assert_eq!((first_letters("şapka", 3), last_letters("şapka", 3)), ("şap", "pka"));
        assert_eq!((first_letters("şa", 3), last_letters("şa", 3)), ("şa", "şa"));
        let word = title.parts().into_iter().find(|part| part.text == last.text).unwrap();
        assert!(word.hash() != last.hash());
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
