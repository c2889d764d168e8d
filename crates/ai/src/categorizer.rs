//! Which category does a product belong to?
//!
//! A linear classifier over hashed words, word pairs and letter groups (no morphology engine is needed: letter groups see
//! Turkish suffixes), with brand, price, attributes and images beside them. One-vs-rest support vector machines,
//! pruned and quantised to a few megabytes, calibrated so that a confidence of 0.8 is right four times in five.

mod calibrate;
mod columns;
mod evaluate;
mod explain;
mod fallback;
mod features;
mod importance;
mod label_noise;
mod misplaced;
mod model;
mod phrases;
mod predict;
mod problem;
mod quantize;
mod svm;
#[cfg(test)]
mod tests;
mod title;
mod train;
mod tree;
mod trials;
mod update;
mod weighting;
mod weights;

pub use explain::{Contribution, Explanation};
pub use fallback::FallbackRules;
pub use features::vector as feature_vector;
pub use misplaced::{Misplaced, find_misplaced};
pub use model::Categorizer;
pub use train::train;
pub use update::update;

/// The kind of its model files.
pub const KIND: &str = "categorization";
/// The version of its tensors' layout.
pub const FORMAT: u32 = 3;

/// What is known of a product. Empty texts, no price and zero images mean unknown.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProductText {
    /// The title.
    pub name: String,
    /// The description; HTML tags are ignored.
    pub description: String,
    /// The manufacturer.
    pub brand: String,
    /// Price in the shop's currency.
    pub price: Option<f64>,
    /// Attributes, one text each, e.g. `Colour: red`.
    pub attributes: Vec<String>,
    /// Number of pictures.
    pub images: u32,
}

/// A product whose category is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// OpenCart's product id.
    pub product_id: u64,
    /// The product.
    pub product: ProductText,
    /// Its deepest category.
    pub category_id: u64,
    /// Whether a person has looked at it and said so: it counts more.
    pub confirmed: bool,
}

/// A node of the category tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// OpenCart's category id.
    pub category_id: u64,
    /// The category above; 0 for a root.
    pub parent_id: u64,
    /// Its name, without its parents'.
    pub name: String,
}

/// How to train.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainOptions {
    /// The same data and seed give the same model, with any number of threads.
    pub seed: u64,
    /// Threads to use; 1 starts none.
    pub threads: usize,
    /// When, ISO 8601 UTC; kept in the model's header.
    pub created: String,
    /// Whether to look for products in the wrong category too: three more trainings.
    pub misplaced: bool,
}

/// What to answer.
#[derive(Debug, Clone, PartialEq)]
pub struct PredictOptions {
    /// Confidence from which a category is marked as suggested, 0 to 1.
    pub confidence_threshold: f64,
    /// At most so many answers.
    pub max_categories: usize,
}

impl Default for PredictOptions {
    fn default() -> Self {
        Self { confidence_threshold: 0.5, max_categories: 3 }
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The category.
    pub category_id: u64,
    /// Its names from the root, joined by ` > `.
    pub path: String,
    /// Calibrated probability, 0 to 1.
    pub confidence: f64,
    /// Whether the confidence reaches the threshold.
    pub suggested: bool,
    /// Whether this is a parent, given because no category below it is sure enough on its own.
    pub backed_off: bool,
}
