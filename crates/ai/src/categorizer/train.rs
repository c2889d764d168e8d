//! Training: features, machines, pruning, calibration and an honest figure on products held out.

use super::calibrate::{Calibration, HeldOut};
use super::evaluate::{Bin, Judged, calibration_error, macro_f1, reliability, top};
use super::misplaced::{self, FOLDS, MOST_JUDGED, Misplaced};
use super::phrases::{self, Candidate};
use super::predict::ranked;
use super::problem::{place, problem};
use super::svm::{Part, Start};
use super::weighting::{Weighting, more_often_right};
use super::weights::Weights;
use super::{Categorizer, Category, Example, FORMAT, FallbackRules, KIND, PredictOptions, TrainOptions};
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
/// How often a share of the products is held out to calibrate and to measure, that share, and how many at most.
pub(super) const TRIALS: u64 = 2;
const HELD_OUT_PERCENT: u64 = 12;
const MOST_HELD_OUT: u64 = 4_000;
/// Weights a model keeps: three bytes each, so that a file stays below 5 MB.
const WEIGHT_BUDGET: usize = 800_000;
/// Bytes that a model's weights and its phrases may take together, and those that phrases always have.
const WEIGHT_BYTES: usize = 4_700_000;
const LEAST_ROOM: usize = 200_000;
/// Weights below this size are not kept: on the measured sets they decide nothing and cost time.
const WEIGHT_FLOOR: f32 = 0.07;

/// Trains a categoriser.
///
/// Twice a part of the products, chosen by their names so that one title is never on both sides, is held out: a model
/// trained on the rest is measured on it. Then a model of all products is trained, calibrated by what the two trials
/// did. The header's metrics are the trials': `top1`, `top3`, `ece` (each trial under a calibration fitted on the
/// other), `macro_f1`, `held_out`, and `baseline_top1`, what [`FallbackRules`] reach on the same products.
///
/// Fails with [`Error::NotEnoughData`] below 50 products or two categories with at least three products each.
pub fn train(
    examples: &[Example],
    categories: &[Category],
    options: &TrainOptions,
    progress: &Progress,
) -> Result<Arc<ModelFile>> {
    let classes = check(examples)?;
    let (trainer, first) =
        weighted(examples, Trainer::new(examples, categories, &classes, options, progress))?;
    let mut trials: Vec<Vec<HeldOut>> = Vec::new();
    let (mut baseline_right, mut judged) = (0usize, 0usize);
    let mut start = None;
    let mut contributions = IndexMap::new();
    for trial in std::iter::once(Ok(first)).chain((1..TRIALS).map(|number| trainer.trial(examples, number))) {
        let trial = trial?;
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

/// The weighting that fits, and the first trial under it.
///
/// Without naive Bayes the machines of a trial need not be trained again. Where it misleads by more than chance, the rare features may be what
/// counts: a trial that weighs them more has to be better still.
fn weighted<'a, 'e>(examples: &'e [Example], usual: Trainer<'a>) -> Result<(Trainer<'a>, Trial<'e>)> {
    let first = usual.trial(examples, 0)?;
    let machines = usual.held_out_scores(examples, 0, &first)?;
    if !more_often_right(&machines, &first.scored) {
        return Ok((usual, first));
    }
    let other = Trainer::weighted(
        examples,
        usual.categories,
        usual.classes,
        Weighting::Rare,
        usual.options,
        usual.progress,
    );
    let trial = other.trial(examples, 0)?;
    Ok(if more_often_right(&trial.scored, &first.scored) { (other, trial) } else { (usual, first) })
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

/// A model of most products, and the others.
pub(super) struct Trial<'e> {
    pub model: Categorizer,
    /// Where the model of all products may begin.
    pub duals: svm::Duals,
    pub held_out: Vec<&'e Example>,
    pub scored: Vec<HeldOut>,
    /// Held-out products that the rules get right.
    pub baseline_right: usize,
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

/// Which of a hundred parts a title belongs to.
fn part_of(name: &str, seed: u64) -> u64 {
    Hash::new(seed).text(&words_line(name)).get() % 100
}

pub(super) struct Trainer<'a> {
    categories: &'a [Category],
    classes: &'a IndexSet<u64>,
    /// Products among the problem's rows, which are its first.
    products: usize,
    problem: svm::Problem,
    hashes: Vec<u64>,
    phrases: Vec<Candidate>,
    weighting: Weighting,
    options: &'a TrainOptions,
    progress: &'a Progress,
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

    /// Holds the `number`th part of the products out and trains on the rest. No two of the first eight share a product.
    pub fn trial<'e>(&self, examples: &'e [Example], number: u64) -> Result<Trial<'e>> {
        self.calibrated_trial(examples, number, Calibration::default())
    }

    /// As [`Self::trial`], with a model of this calibration.
    pub fn calibrated_trial<'e>(
        &self,
        examples: &'e [Example],
        number: u64,
        calibration: Calibration,
    ) -> Result<Trial<'e>> {
        let held = self.held_out(examples, number);
        let (held_out, rest) = divided(examples, &held);
        let included = self.included(held.iter().map(|held| !held));
        let findings = Findings { calibration, ..Findings::default() };
        let (model, duals) = self.fit(self.part(&included, Start::Nowhere), &findings)?;
        let model = Categorizer::of(model)?;
        let scored = held_out.iter().map(|example| scored(&model, example)).collect();
        let baseline_right = baseline(&rest, self.categories, &held_out);
        Ok(Trial { model, duals, held_out, scored, baseline_right })
    }

    /// What the machines of a trial by themselves, without naive Bayes, say of the products that it held out.
    fn held_out_scores(&self, examples: &[Example], number: u64, trial: &Trial<'_>) -> Result<Vec<HeldOut>> {
        let held = self.held_out(examples, number);
        let included = self.included(held.iter().map(|held| !held));
        let part = Part { bayes: 0.0, ..self.part(&included, Start::Solved(&trial.duals)) };
        let model = Categorizer::of(self.fit(part, &Findings::default())?.0)?;
        Ok(trial.held_out.iter().map(|example| scored(&model, example)).collect())
    }

    /// Per product whether the `number`th part holds it.
    fn held_out(&self, examples: &[Example], number: u64) -> Vec<bool> {
        let most = MOST_HELD_OUT.saturating_mul(100) / examples.len().max(1) as u64;
        let percent = HELD_OUT_PERCENT.min(most).max(1);
        let part = number * percent..(number + 1) * percent;
        let held = |example: &Example| part.contains(&part_of(&example.product.name, self.options.seed));
        examples.iter().map(held).collect()
    }

    fn part<'p>(&self, included: &'p [bool], start: Start<'p>) -> Part<'p> {
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
    fn included(&self, products: impl Iterator<Item = bool>) -> Vec<bool> {
        products.chain(std::iter::repeat(true)).take(self.problem.labels.len()).collect()
    }

    fn fit(&self, part: Part<'_>, findings: &Findings) -> Result<(Arc<ModelFile>, svm::Duals)> {
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

/// The products that are held out, and the others.
fn divided<'e>(examples: &'e [Example], held: &[bool]) -> (Vec<&'e Example>, Vec<&'e Example>) {
    let of = |held_out: bool| {
        examples.iter().zip(held).filter(move |(_, held)| **held == held_out).map(|(example, _)| example)
    };
    (of(true).collect(), of(false).collect())
}

pub(super) fn scored(model: &Categorizer, example: &Example) -> HeldOut {
    HeldOut { scores: model.scores(&example.product), class: model.tree.class_of(example.category_id) }
}

/// Calibrates on all trials; the answers of each are under a calibration fitted on the others.
pub(super) fn judge(trials: &[Vec<HeldOut>]) -> (Calibration, Vec<Judged>) {
    let mut judged = Vec::new();
    for (number, trial) in trials.iter().enumerate() {
        let others = trials.iter().enumerate().filter(|(other, _)| *other != number);
        let others: Vec<HeldOut> = others.flat_map(|(_, trial)| trial).cloned().collect();
        judged.extend(answers(&Calibration::fit(&others), trial));
    }
    let all: Vec<HeldOut> = trials.iter().flatten().cloned().collect();
    (Calibration::fit(&all), judged)
}

/// Figures of answers about held-out products.
fn metrics(judged: &[Judged], bins: &[Bin]) -> IndexMap<String, f64> {
    let metrics = [
        ("top1", top(judged, 1)),
        ("top3", top(judged, 3)),
        ("ece", calibration_error(bins)),
        ("macro_f1", macro_f1(judged)),
        ("held_out", judged.len() as f64),
    ];
    metrics.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(super) fn answers(calibration: &Calibration, products: &[HeldOut]) -> Vec<Judged> {
    let answer = |product: &HeldOut| {
        let probabilities = calibration.probabilities(&product.scores);
        let ranked = ranked(&probabilities, 3);
        let confidence = ranked.first().map_or(0.0, |(_, p)| f64::from(*p));
        Judged {
            ranked: ranked.into_iter().map(|(class, _)| class).collect(),
            confidence,
            class: product.class,
        }
    };
    products.iter().map(answer).collect()
}

/// How many of the held-out products the rules get right.
fn baseline(rest: &[&Example], categories: &[Category], held_out: &[&Example]) -> usize {
    let rest: Vec<Example> = rest.iter().map(|example| (*example).clone()).collect();
    let rules = FallbackRules::new(&rest, categories);
    let options = PredictOptions { max_categories: 1, ..PredictOptions::default() };
    let right = held_out.iter().filter(|example| {
        rules
            .predict(&example.product, &options)
            .first()
            .is_some_and(|first| first.category_id == example.category_id)
    });
    right.count()
}
