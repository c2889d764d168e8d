//! What the classifier sees of a product, as hashed features with weights.
//!
//! Weights and groups were chosen by cross-validation on training files only (docs/ai-categorisation.md).

use super::ProductText;
use super::title::{Title, shortened};
use crate::text::ngram::Hash;
use crate::text::normalize::{strip_tags, words, words_line};

/// Which field or view a feature belongs to. The discriminants go into hashes: never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word = 1,
    WordPair = 2,
    Letters = 3,
    Prefix = 4,
    Brand = 5,
    Price = 6,
    Attribute = 7,
    Images = 8,
    Description = 9,
    BrandWord = 10,
    PriceWord = 11,
    LastWord = 12,
}

impl Kind {
    /// A machine name for explanations.
    pub fn code(self) -> &'static str {
        match self {
            Self::Word | Self::Prefix | Self::LastWord => "word",
            Self::WordPair => "word_pair",
            Self::Letters => "letters",
            Self::Brand | Self::BrandWord => "brand",
            Self::Price | Self::PriceWord => "price",
            Self::Attribute => "attribute",
            Self::Images => "images",
            Self::Description => "description",
        }
    }

    /// Where the hashes of its features begin.
    pub fn hash(self) -> Hash {
        Hash::new(self as u64)
    }
}

/// One occurrence of a feature. `text` is what it was made of, for explanations.
#[derive(Debug, Clone, Copy)]
pub struct Feature<'a> {
    pub hash: u64,
    pub weight: f32,
    pub kind: Kind,
    pub text: &'a str,
}

/// Words of a description that are looked at; what a thing is is said at the beginning.
const DESCRIPTION_WORDS: usize = 120;
/// Price buckets per factor e; neighbouring buckets share a price by its distance.
const PRICE_BUCKETS: f64 = 3.0;

/// Calls `each` for every occurrence of every feature of `product`.
pub fn visit(product: &ProductText, each: &mut impl FnMut(Feature<'_>)) {
    let title = Title::new(&product.name);
    title.parts().iter().for_each(|part| part.visit(each));
    visit_fields(product, title.line(), each);
}

/// As [`visit`], but for the features of the title by itself; `title` is its line.
pub fn visit_fields(product: &ProductText, title: &str, each: &mut impl FnMut(Feature<'_>)) {
    let price = product.price.filter(|price| price.is_finite() && *price > 0.0).map(|price| price.ln());
    if let Some(price) = price {
        price_features(price, title, each);
    }
    if !product.brand.is_empty() {
        brand_features(&words_line(&product.brand), title, each);
    }
    if !product.description.is_empty() {
        let text = shortened(words_line(&strip_tags(&product.description)), DESCRIPTION_WORDS);
        description_features(&text, each);
    }
    product.attributes.iter().for_each(|attribute| attribute_features(&words_line(attribute), each));
    if product.images > 0 {
        let bucket = u64::from(product.images.min(64).ilog2());
        each(Feature {
            hash: Kind::Images.hash().with(bucket).get(),
            weight: 1.0,
            kind: Kind::Images,
            text: "",
        });
    }
}

/// The part of `line` from the beginning of `first` to the end of `second`, both parts of it.
fn spanning<'a>(line: &'a str, first: &str, second: &str) -> &'a str {
    let offset = |part: &str| (part.as_ptr() as usize).wrapping_sub(line.as_ptr() as usize);
    line.get(offset(first)..offset(second).wrapping_add(second.len())).unwrap_or_default()
}

/// One word.
pub fn word_feature<'a>(word: &'a str, weight: f32, each: &mut impl FnMut(Feature<'a>)) {
    each(Feature { hash: Kind::Word.hash().text(word).get(), weight, kind: Kind::Word, text: word });
}

/// A price falls between two fine buckets and shares itself out; a coarse bucket is also crossed with each word.
fn price_features(log_price: f64, title: &str, each: &mut impl FnMut(Feature<'_>)) {
    let position = (log_price * PRICE_BUCKETS).clamp(-300.0, 300.0) + 400.0;
    let share = position.fract() as f32;
    let fine = position as u64;
    let coarse = (position / 3.0) as u64;
    let hash = |bucket: u64| Kind::Price.hash().with(bucket).get();
    each(Feature { hash: hash(fine), weight: 2.0 * (1.0 - share), kind: Kind::Price, text: "" });
    each(Feature { hash: hash(fine + 1), weight: 2.0 * share, kind: Kind::Price, text: "" });
    each(Feature { hash: hash(coarse + 10_000), weight: 2.0, kind: Kind::Price, text: "" });
    for word in words(title) {
        let hash = Kind::PriceWord.hash().with(coarse).text(word).get();
        each(Feature { hash, weight: 1.0, kind: Kind::PriceWord, text: word });
    }
}

/// The brand as a whole, its words as if they stood in the title, and each title word under that brand.
fn brand_features(brand: &str, title: &str, each: &mut impl FnMut(Feature<'_>)) {
    let whole = Kind::Brand.hash().text(brand);
    each(Feature { hash: whole.get(), weight: 3.0, kind: Kind::Brand, text: brand.trim() });
    words(brand).for_each(|word| word_feature(word, 1.0, each));
    let under = Kind::BrandWord.hash().text(brand);
    for word in words(title) {
        each(Feature { hash: under.text(word).get(), weight: 1.0, kind: Kind::BrandWord, text: word });
    }
}

fn description_features(line: &str, each: &mut impl FnMut(Feature<'_>)) {
    let mut before: Option<&str> = None;
    for word in words(line) {
        let hash = Kind::Description.hash().text(word);
        each(Feature { hash: hash.get(), weight: 0.7, kind: Kind::Description, text: word });
        word_feature(word, 0.3, each);
        if let Some(before) = before {
            let pair = Kind::Description.hash().text(before).with(32).text(word).get();
            each(Feature {
                hash: pair,
                weight: 0.5,
                kind: Kind::Description,
                text: spanning(line, before, word),
            });
        }
        before = Some(word);
    }
}

fn attribute_features(line: &str, each: &mut impl FnMut(Feature<'_>)) {
    let whole = Kind::Attribute.hash().text(line).get();
    each(Feature { hash: whole, weight: 1.5, kind: Kind::Attribute, text: line.trim() });
    for word in words(line).take(20) {
        let hash = Kind::Attribute.hash().with(1).text(word).get();
        each(Feature { hash, weight: 0.7, kind: Kind::Attribute, text: word });
    }
}

/// All features of a product, equal ones added up, by ascending hash, scaled to length one over occurrences.
///
/// The length is that of the occurrences' weights taken one by one (as if all were distinct), so that prediction can
/// stream over occurrences without collecting them.
pub fn vector(product: &ProductText) -> Vec<(u64, f32)> {
    let mut occurrences: Vec<(u64, f32)> = Vec::with_capacity(256);
    visit(product, &mut |feature| occurrences.push((feature.hash, feature.weight)));
    let length = occurrences.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt().max(1e-6);
    occurrences.sort_unstable_by_key(|(hash, weight)| (*hash, weight.to_bits()));
    let mut merged: Vec<(u64, f32)> = Vec::with_capacity(occurrences.len());
    for (hash, weight) in occurrences {
        match merged.last_mut().filter(|(last, _)| *last == hash) {
            Some((_, total)) => *total += weight / length,
            None => merged.push((hash, weight / length)),
        }
    }
    merged
}
