//! Text as the models see it: one spelling for one word, and hashed n-grams of it.

pub mod ngram;
pub mod normalize;
