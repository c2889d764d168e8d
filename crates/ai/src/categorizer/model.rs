//! A trained categoriser, opened from its file.

use super::calibrate::Calibration;
use super::features::visit;
use super::tree::Tree;
use super::weights::Weights;
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
    pub(super) calibration: Calibration,
    bias: Slice<f32>,
    slope: Slice<f32>,
}

impl Categorizer {
    /// Opens and verifies a model file.
    pub fn open(path: &Path) -> Result<Self> {
        Self::of(ModelFile::open(path, KIND, FORMAT)?)
    }

    /// The model in `file`, checked for everything that answering relies on.
    pub fn of(file: Arc<ModelFile>) -> Result<Self> {
        let tree = Tree::read(&file)?;
        let weights = Weights::read(&file, tree.classes())?;
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
        Ok(Self { file, tree, weights, calibration, bias, slope })
    }

    /// The file it reads from.
    pub fn file(&self) -> &Arc<ModelFile> {
        &self.file
    }

    /// Raw scores of all classes. Only features the model knows count, also towards the length.
    pub(super) fn scores(&self, product: &ProductText) -> Vec<f32> {
        let mut occurrences: Vec<(u64, f32)> = Vec::with_capacity(256);
        visit(product, &mut |feature| occurrences.push((feature.hash, feature.weight)));
        let mut sums = vec![0f32; self.tree.classes()];
        let (mut squares, mut length) = (0f32, 0f32);
        let known = self.weights.find_all(&occurrences);
        wide(|| known.iter().for_each(|(known, value)| known.add(*value, &mut sums)));
        for (_, value) in &known {
            squares += value * value;
            length += value;
        }
        let scale = 1.0 / squares.sqrt().max(1e-6);
        let constants =
            self.bias.iter().zip(self.slope.iter()).map(|(bias, slope)| bias + slope * length * scale);
        sums.iter_mut().zip(constants).for_each(|(sum, constant)| *sum = *sum * scale + constant);
        sums
    }

    /// Calibrated probabilities of all classes, summing to one.
    pub(super) fn probabilities(&self, product: &ProductText) -> Vec<f32> {
        self.calibration.probabilities(&self.scores(product))
    }
}
