//! Answers where no model is there yet: rules from the shop's own categories.

use super::{Category, Example, PredictOptions, ProductText, Suggestion};
use crate::text::normalize::{words, words_line};
use indexmap::{IndexMap, IndexSet};

/// How many products a category's own name counts as.
const NAME_COUNTS_AS: f64 = 2.0;
/// Ancestors at most in a path.
const DEEPEST: usize = 32;

/// Which words occur in which categories, counted from product titles and category names.
#[derive(Debug, Clone, Default)]
pub struct FallbackRules {
    /// Per word: how often in each category.
    words: IndexMap<String, IndexMap<u64, f64>>,
    categories: IndexMap<u64, (u64, String)>,
    products: f64,
}

impl FallbackRules {
    /// Counts the words of the shop's products and categories. Both may be empty.
    pub fn new(examples: &[Example], categories: &[Category]) -> Self {
        let named =
            categories.iter().map(|one| (one.category_id, (one.parent_id, one.name.clone()))).collect();
        let mut rules = Self { categories: named, products: examples.len() as f64, ..Self::default() };
        for example in examples {
            rules.count(&example.product.name, example.category_id, 1.0);
        }
        for category in categories {
            rules.count(&category.name, category.category_id, NAME_COUNTS_AS);
        }
        rules
    }

    fn count(&mut self, text: &str, category: u64, times: f64) {
        let line = words_line(text);
        for word in words(&line).collect::<IndexSet<_>>() {
            *self.words.entry(word.to_owned()).or_default().entry(category).or_default() += times;
        }
    }

    /// Categories by the share of the title's words (rare words count more) that point to them. The confidence is that
    /// share: honest as an order, not calibrated.
    pub fn predict(&self, product: &ProductText, options: &PredictOptions) -> Vec<Suggestion> {
        let line = words_line(&product.name);
        let mut scores: IndexMap<u64, f64> = IndexMap::new();
        let mut whole = 0.0;
        for word in words(&line).collect::<IndexSet<_>>() {
            let found = self.words.get(word);
            let total: f64 = found.map_or(0.0, |counts| counts.values().sum());
            let rarity = ((self.products + 2.0) / (total + 1.0)).ln().max(0.1);
            whole += rarity;
            for (category, count) in found.into_iter().flatten() {
                *scores.entry(*category).or_default() += rarity * count / (total + 0.5);
            }
        }
        let mut ranked: Vec<(u64, f64)> = scores.into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let answer = |(category_id, score): (u64, f64)| {
            let confidence = (score / f64::max(whole, 1e-9)).clamp(0.0, 1.0);
            let suggested = confidence >= options.confidence_threshold;
            Suggestion { category_id, path: self.path(category_id), confidence, suggested, backed_off: false }
        };
        ranked.into_iter().take(options.max_categories).map(answer).collect()
    }

    fn path(&self, category: u64) -> String {
        let parent = |id: &u64| self.categories.get(id).map(|(parent, _)| *parent);
        let upwards = std::iter::successors(Some(category), parent).take(DEEPEST);
        let mut names: Vec<&str> =
            upwards.filter_map(|id| self.categories.get(&id)).map(|(_, name)| name.as_str()).collect();
        names.reverse();
        names.join(" > ")
    }
}
