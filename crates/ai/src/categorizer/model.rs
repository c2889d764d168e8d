//! A trained categoriser, opened from its file.

use super::calibrate::Calibration;
use super::features::{Feature, visit_fields};
use super::phrases::{Phrase, Phrases};
use super::title::Title;
use super::tree::Tree;
use super::weighting::Weighting;
use super::weights::{Known, Weights};
use super::{FORMAT, KIND, ProductText};
use crate::model_file::{ModelFile, Slice};
use crate::wide::wide;
use meschain_base::Result;
use std::path::Path;
use std::sync::Arc;

/// A categoriser over a mapped model file. Holds no weights of its own: processes share the pages.
#[derive(Debug, Clone)]
pub struct Categorizer {
    pub(super) file: Arc<ModelFile>,
    pub(super) tree: Tree,
    pub(super) weights: Weights,
    pub(super) phrases: Phrases,
    pub(super) calibration: Calibration,
    pub(super) bias: Slice<f32>,
    pub(super) slope: Slice<f32>,
}

impl Categorizer {
    /// Opens and verifies a model file.
    pub fn open(path: &Path) -> Result<Self> {
        Self::of(ModelFile::open(path, KIND, FORMAT)?)
    }

    /// The model in `file`, checked for everything that answering relies on.
    pub fn of(file: Arc<ModelFile>) -> Result<Self> {
        let tree = Tree::read(&file)?;
        let weights = Weights::read("", &file, tree.classes())?;
        let phrases = Phrases::read(&file, tree.classes())?;
        let bias: Slice<f32> = file.slice_of("bias", tree.classes())?;
        let slope: Slice<f32> = file.slice_of("slope", tree.classes())?;
        let parameters = file.header().parameters.get("calibration").cloned().unwrap_or_default();
        let calibration: Calibration =
            serde_json::from_value(parameters).map_err(|_| file.corrupt("calibration"))?;
        let sound = tree.classes() > 0
            && calibration.is_sound()
            && bias.iter().chain(slope.iter()).all(|number| number.is_finite());
        if !sound {
            return Err(file.corrupt("calibration"));
        }
        Ok(Self { file, tree, weights, phrases, calibration, bias, slope })
    }

    /// The file it reads from.
    pub fn file(&self) -> &Arc<ModelFile> {
        &self.file
    }

    /// How its training weighed features; the usual way where the file does not say.
    pub(super) fn weighting(&self) -> Weighting {
        let stored = self.file.header().parameters.get("weighting").cloned().unwrap_or_default();
        serde_json::from_value(stored).unwrap_or_default()
    }

    /// Raw scores of all classes. Only features the model knows count, also towards the length.
    pub(super) fn scores(&self, product: &ProductText) -> Vec<f32> {
        let evidence = self.evidence(product);
        let mut sums = vec![0f32; self.tree.classes()];
        wide(|| evidence.known.iter().for_each(|(known, value)| known.add(*value, &mut sums)));
        let scale = 1.0 / evidence.squares.sqrt().max(1e-6);
        let length = evidence.length * scale;
        let constants = self.bias.iter().zip(self.slope.iter()).map(|(bias, slope)| bias + slope * length);
        sums.iter_mut().zip(constants).for_each(|(sum, constant)| *sum = *sum * scale + constant);
        sums
    }

    /// The phrases of the title that the model has, and the features of all else.
    fn evidence(&self, product: &ProductText) -> Evidence<'_> {
        let title = Title::new(&product.name);
        let parts = title.parts();
        let mut evidence = Evidence::default();
        let mut occurrences: Vec<(u64, f32)> = Vec::with_capacity(256);
        let mut each = |feature: Feature<'_>| occurrences.push((feature.hash, feature.weight));
        for (part, phrase) in parts.iter().zip(self.phrases.find_all(&parts)) {
            match phrase {
                Some(phrase) => evidence.add(phrase),
                None => part.visit(&mut each),
            }
        }
        visit_fields(product, title.line(), &mut each);
        let phrases = evidence.known.len();
        evidence.known.reserve(occurrences.len());
        self.weights.find_all(&occurrences, &mut evidence.known);
        for (_, value) in evidence.known.iter().skip(phrases) {
            evidence.length += value;
            evidence.squares += value * value;
        }
        evidence
    }

    /// Calibrated probabilities of all classes, summing to one.
    pub(super) fn probabilities(&self, product: &ProductText) -> Vec<f32> {
        self.calibration.probabilities_of(self.scores(product))
    }
}

/// What a model knows of a product: the sum of its features' values, that of their squares, and what they say.
#[derive(Default)]
struct Evidence<'a> {
    known: Vec<(Known<'a>, f32)>,
    length: f32,
    squares: f32,
}

impl<'a> Evidence<'a> {
    fn add(&mut self, phrase: Phrase<'a>) {
        self.known.push((phrase.known, 1.0));
        self.length += phrase.sum;
        self.squares += phrase.squares;
    }
}
