//! Trials: a part of the products is held out, a model trained on the others answers about them.
//!
//! What they tell: how good the answers are, how sure they may be, and which weighting fits.

use super::calibrate::{Calibration, HeldOut};
use super::evaluate::Judged;
use super::predict::ranked;
use super::svm::{self, Part, Start};
use super::train::{Findings, Trainer};
use super::weighting::{ERRORS, Weighting, more_often_right};
use super::{Categorizer, Category, Example, FallbackRules, PredictOptions};
use crate::text::ngram::Hash;
use crate::text::normalize::words_line;
use meschain_base::Result;
use std::ops::Range;

/// How often a share of the products is held out to calibrate and to measure, at least and at most, that share, and how many at most.
pub const TRIALS: u64 = 2;
const MOST_TRIALS: u64 = 7;
const HELD_OUT_PERCENT: u64 = 12;
const MOST_HELD_OUT: u64 = 4_000;
/// Answers about held-out products that tell one weighting from another: a small catalogue holds out more parts until it has so many.
const ENOUGH_HELD_OUT: u64 = 1_000;
/// The part that an update holds out: no training has calibrated on it.
pub const UPDATE_PART: u64 = MOST_TRIALS;

/// A model of most products, and the others.
pub struct Trial<'e> {
    pub model: Categorizer,
    /// Where the model of all products may begin.
    pub duals: svm::Duals,
    pub held_out: Vec<&'e Example>,
    pub scored: Vec<HeldOut>,
    /// Held-out products that the rules get right.
    pub baseline_right: usize,
}

/// The weighting that fits, and the first trials under it.
///
/// Without naive Bayes the machines of a trial need not be trained again. Where it misleads more often than it helps, the rare features may be
/// what counts: trials that weigh them more are made, and have to be better by more than chance.
pub fn weighted<'a, 'e>(
    examples: &'e [Example],
    usual: Trainer<'a>,
) -> Result<(Trainer<'a>, Vec<Trial<'e>>)> {
    let numbers = 0..telling_trials(examples.len());
    let trials = usual.trials(examples, numbers.clone())?;
    let mut machines = Vec::new();
    for (number, trial) in numbers.clone().zip(&trials) {
        machines.extend(usual.held_out_scores(examples, number, trial)?);
    }
    let usually = all_scored(&trials);
    if more_often_right(&machines, &usually) <= 0.0 {
        return Ok((usual, trials));
    }
    let other = Trainer::weighted(
        examples,
        usual.categories,
        usual.classes,
        Weighting::Rare,
        usual.options,
        usual.progress,
    );
    let others = other.trials(examples, numbers)?;
    Ok(if more_often_right(&all_scored(&others), &usually) > ERRORS {
        (other, others)
    } else {
        (usual, trials)
    })
}

/// Trials that hold out enough of so many products to tell one weighting from another.
fn telling_trials(products: usize) -> u64 {
    let held_out = (products as u64 * held_out_percent(products) / 100).max(1);
    ENOUGH_HELD_OUT.div_ceil(held_out).clamp(1, MOST_TRIALS)
}

/// The share of so many products that a trial holds out.
fn held_out_percent(products: usize) -> u64 {
    let most = MOST_HELD_OUT.saturating_mul(100) / products.max(1) as u64;
    HELD_OUT_PERCENT.min(most).max(1)
}

/// What all trials said of the products that they held out.
fn all_scored(trials: &[Trial<'_>]) -> Vec<HeldOut> {
    trials.iter().flat_map(|trial| &trial.scored).cloned().collect()
}

impl Trainer<'_> {
    /// The trials of these numbers.
    fn trials<'e>(&self, examples: &'e [Example], numbers: Range<u64>) -> Result<Vec<Trial<'e>>> {
        numbers.map(|number| self.trial(examples, number)).collect()
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
        let percent = held_out_percent(examples.len());
        let part = number * percent..(number + 1) * percent;
        let held = |example: &Example| part.contains(&part_of(&example.product.name, self.options.seed));
        examples.iter().map(held).collect()
    }
}

/// Which of a hundred parts a title belongs to.
fn part_of(name: &str, seed: u64) -> u64 {
    Hash::new(seed).text(&words_line(name)).get() % 100
}

/// The products that are held out, and the others.
fn divided<'e>(examples: &'e [Example], held: &[bool]) -> (Vec<&'e Example>, Vec<&'e Example>) {
    let of = |held_out: bool| {
        examples.iter().zip(held).filter(move |(_, held)| **held == held_out).map(|(example, _)| example)
    };
    (of(true).collect(), of(false).collect())
}

pub fn scored(model: &Categorizer, example: &Example) -> HeldOut {
    HeldOut { scores: model.scores(&example.product), class: model.tree.class_of(example.category_id) }
}

/// Calibrates on all trials; the answers of each are under a calibration fitted on the others.
pub fn judge(trials: &[Vec<HeldOut>]) -> (Calibration, Vec<Judged>) {
    let mut judged = Vec::new();
    for (number, trial) in trials.iter().enumerate() {
        let others = trials.iter().enumerate().filter(|(other, _)| *other != number);
        let others: Vec<HeldOut> = others.flat_map(|(_, trial)| trial).cloned().collect();
        judged.extend(answers(&Calibration::fit(&others), trial));
    }
    let all: Vec<HeldOut> = trials.iter().flatten().cloned().collect();
    (Calibration::fit(&all), judged)
}

pub fn answers(calibration: &Calibration, products: &[HeldOut]) -> Vec<Judged> {
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

#[cfg(test)]
mod tests {
    use super::telling_trials;

    #[test]
    fn small_catalogues_hold_out_more_parts() {
        let trials = [50, 1_000, 1_400, 3_000, 4_200, 9_098, 35_473, 1_000_000].map(telling_trials);
        assert_eq!(trials, [7, 7, 6, 3, 2, 1, 1, 1]);
    }
}
