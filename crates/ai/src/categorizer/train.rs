//! Training: features, machines, pruning, calibration and an honest figure on products held out.

use super::calibrate::{Calibration, HeldOut};
use super::evaluate::{Bin, Judged, metrics, reliability};
use super::misplaced::{self, FOLDS, MOST_JUDGED, Misplaced};
use super::phrases::{self, Candidate};
use super::problem::{place, problem};
use super::svm::{Part, Start};
use super::trials::{TRIALS, judge, weighted};
use super::weighting::Weighting;
use super::weights::Weights;
use super::{Categorizer, Category, Example, FORMAT, KIND, TrainOptions};
use super::{quantize, svm, tree};
use crate::model_file::{FeatureShare, Header, ModelFile, ModelWriter, shares};
use crate::text::ngram::Hash;
use crate::text::normalize::words_line;
use indexmap::{IndexMap, IndexSet};
use meschain_base::{Error, Progress, Result};
use std::sync::Arc;

/// Fewest products to learn from, and fewest categories that have [`LEAST_PER_CATEGORY`] of them.
const LEAST_PRODUCTS: usize = 50;
const LEAST_CATEGORIES: usize = 2;
const LEAST_PER_CATEGORY: usize = 3;
/// Weights a model keeps: three bytes each, so that a file stays below 5 MB.
const WEIGHT_BUDGET: usize = 800_000;
/// Bytes that a model's weights and its phrases may take together, and those that phrases always have.
const WEIGHT_BYTES: usize = 4_700_000;
const LEAST_ROOM: usize = 200_000;
/// Weights below this size are not kept: on the measured sets they decide nothing and cost time.
const WEIGHT_FLOOR: f32 = 0.07;

/// Trains a categoriser.
///
/// Twice, in small catalogues up to seven times, a part of the products, chosen by their names so that one title is never on both sides,
/// is held out: a model trained on the rest is measured on it. Then a model of all products is trained, calibrated by what the trials
/// did. The header's metrics are the trials': `top1`, `top3`, `ece` (each trial under a calibration fitted on the
/// others), `macro_f1`, `held_out`, and `baseline_top1`, what [`super::FallbackRules`] reach on the same products.
///
/// Fails with [`Error::NotEnoughData`] below 50 products or two categories with at least three products each.
pub fn train(
    examples: &[Example],
    categories: &[Category],
    options: &TrainOptions,
    progress: &Progress,
) -> Result<Arc<ModelFile>> {
    let classes = check(examples)?;
    let (trainer, mut done) =
        weighted(examples, Trainer::new(examples, categories, &classes, options, progress))?;
    for number in done.len() as u64..TRIALS {
        done.push(trainer.trial(examples, number)?);
    }
    let mut trials: Vec<Vec<HeldOut>> = Vec::new();
    let (mut baseline_right, mut judged) = (0usize, 0usize);
    let mut start = None;
    let mut contributions = IndexMap::new();
    for trial in done {
        trial.model.add_contributions(&trial.held_out, &mut contributions);
        baseline_right += trial.baseline_right;
        judged += trial.held_out.len();
        trials.push(trial.scored);
        start = Some(trial.duals);
    }
    let (calibration, answers) = judge(&trials);
    let mut findings = Findings { importance: shares(contributions), ..Findings::of(calibration, &answers) };
    findings.metrics.insert("baseline_top1".to_owned(), baseline_right as f64 / judged.max(1) as f64);
    if options.misplaced && examples.len() <= MOST_JUDGED {
        findings.misplaced = trainer.misplaced(examples, &findings)?;
    }
    trainer.whole(start.as_ref(), &findings)
}

/// What training found out besides the weights.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings {
    pub calibration: Calibration,
    pub metrics: IndexMap<String, f64>,
    /// How often the answers about held-out products were right, by how sure they were.
    pub reliability: Vec<Bin>,
    pub importance: Vec<FeatureShare>,
    pub misplaced: Vec<Misplaced>,
}

impl Findings {
    /// What the answers about held-out products say.
    pub fn of(calibration: Calibration, answers: &[Judged]) -> Self {
        let reliability = reliability(answers);
        Self { calibration, metrics: metrics(answers, &reliability), reliability, ..Self::default() }
    }
}

pub(super) fn check(examples: &[Example]) -> Result<IndexSet<u64>> {
    let classes = tree::classes_of(examples);
    let mut sizes: IndexMap<u64, usize> = IndexMap::new();
    examples.iter().for_each(|example| *sizes.entry(example.category_id).or_default() += 1);
    let filled = sizes.values().filter(|size| **size >= LEAST_PER_CATEGORY).count();
    let short = |unit, needed: usize, found: usize| {
        Err(Error::NotEnoughData { what: "categorization", unit, needed: needed as u64, found: found as u64 })
    };
    // A name without a letter says nothing.
    let named = examples.iter().filter(|example| !words_line(&example.product.name).is_empty()).count();
    if named < LEAST_PRODUCTS {
        return short("products", LEAST_PRODUCTS, named);
    }
    if filled < LEAST_CATEGORIES {
        return short("categories", LEAST_CATEGORIES, filled);
    }
    if classes.len() > usize::from(u16::MAX) {
        let (limit, found) = (u64::from(u16::MAX), classes.len() as u64);
        return Err(Error::Limit { what: "categories", limit, found });
    }
    Ok(classes)
}

pub(super) struct Trainer<'a> {
    pub categories: &'a [Category],
    pub classes: &'a IndexSet<u64>,
    /// Products among the problem's rows, which are its first.
    products: usize,
    problem: svm::Problem,
    hashes: Vec<u64>,
    phrases: Vec<Candidate>,
    weighting: Weighting,
    pub options: &'a TrainOptions,
    pub progress: &'a Progress,
}

impl<'a> Trainer<'a> {
    pub fn new(
        examples: &[Example],
        categories: &'a [Category],
        classes: &'a IndexSet<u64>,
        options: &'a TrainOptions,
        progress: &'a Progress,
    ) -> Self {
        Self::weighted(examples, categories, classes, Weighting::default(), options, progress)
    }

    /// As [`Self::new`], with a weighting that another training found to fit.
    pub fn weighted(
        examples: &[Example],
        categories: &'a [Category],
        classes: &'a IndexSet<u64>,
        weighting: Weighting,
        options: &'a TrainOptions,
        progress: &'a Progress,
    ) -> Self {
        let (problem, hashes) = problem(examples, categories, classes, weighting);
        let names = examples.iter().map(|example| example.product.name.as_str());
        let phrases = phrases::candidates(names, |hash| place(&hashes, hash));
        Self {
            categories,
            classes,
            products: examples.len(),
            problem,
            hashes,
            phrases,
            weighting,
            options,
            progress,
        }
    }

    pub fn part<'p>(&self, included: &'p [bool], start: Start<'p>) -> Part<'p> {
        Part { included, start, bayes: self.weighting.bayes(), most_own: self.weighting.most_own() }
    }

    /// The model that serves: it holds nothing out, so it may begin where a trial ended.
    pub fn whole(&self, start: Option<&svm::Duals>, findings: &Findings) -> Result<Arc<ModelFile>> {
        let start = start.map_or(Start::Nowhere, Start::Near);
        let included = self.included(std::iter::repeat_n(true, self.products));
        Ok(self.fit(self.part(&included, start), findings)?.0)
    }

    /// Products that seem to sit in the wrong category; each is judged by a model that has not seen its title.
    fn misplaced(&self, examples: &[Example], findings: &Findings) -> Result<Vec<Misplaced>> {
        let fold = |example: &Example| {
            Hash::new(self.options.seed).with(77).text(&words_line(&example.product.name)).get() % FOLDS
        };
        let folds: Vec<u64> = examples.iter().map(fold).collect();
        let mut found = Vec::new();
        for part in 0..FOLDS {
            let included = self.included(folds.iter().map(|fold| *fold != part));
            let (model, _) = self.fit(self.part(&included, Start::Nowhere), findings)?;
            let model = Categorizer::of(model)?;
            let judged: Vec<&Example> =
                examples.iter().zip(&folds).filter(|(_, fold)| **fold == part).map(|(one, _)| one).collect();
            found.extend(misplaced::judge(&model, examples, &judged));
        }
        Ok(misplaced::surest(found))
    }

    /// The rows of a part of the products, and the categories' own, which are always there.
    pub fn included(&self, products: impl Iterator<Item = bool>) -> Vec<bool> {
        products.chain(std::iter::repeat(true)).take(self.problem.labels.len()).collect()
    }

    /// Trains on a part and writes the model.
    pub fn fit(&self, part: Part<'_>, findings: &Findings) -> Result<(Arc<ModelFile>, svm::Duals)> {
        let TrainOptions { seed, threads, .. } = *self.options;
        let solution = svm::solve(&self.problem, part, WEIGHT_FLOOR, seed, threads, self.progress)?;
        let entries = quantize::strongest(solution.entries, WEIGHT_BUDGET);
        let size = part.included.iter().take(self.products).filter(|one| **one).count();
        let header = Header {
            kind: KIND.to_owned(),
            format: FORMAT,
            created: self.options.created.clone(),
            seed: self.options.seed,
            training_size: size as u64,
            metrics: findings.metrics.clone(),
            parameters: serde_json::json!({
                "calibration": findings.calibration,
                "importance": findings.importance,
                "reliability": findings.reliability,
                "weighting": self.weighting,
            }),
        };
        let mut writer = ModelWriter::new(header)?;
        let table = quantize::build(entries.clone(), &self.hashes, self.classes.len());
        let room = WEIGHT_BYTES.saturating_sub(table.bytes()).max(LEAST_ROOM);
        Weights::write("", &table, &mut writer)?;
        // A model that only judges held-out products is soon done: phrases would save it less than they cost.
        let phrases: &[Candidate] = if matches!(part.start, Start::Solved(_)) { &[] } else { &self.phrases };
        phrases::write(phrases, &entries, self.classes.len(), room, &mut writer)?;
        writer.vector("bias", &solution.bias)?;
        writer.vector("slope", &solution.slope)?;
        tree::write(self.categories, self.classes, &mut writer)?;
        misplaced::write(&findings.misplaced, &mut writer)?;
        Ok((writer.in_memory()?, solution.duals))
    }
}
