//! Learning anew from today's products with what the last full training found: one trial in place of two, and no search for products in the
//! wrong category among those that were judged before.

use super::calibrate::{Calibration, HeldOut};
use super::misplaced::{self, Misplaced};
use super::train::{Findings, Trainer, check};
use super::trials::{Trial, UPDATE_PART, answers, judge};
use super::{Categorizer, Category, Example, TrainOptions};
use crate::model_file::{ModelFile, shares};
use indexmap::{IndexMap, IndexSet};
use meschain_base::{Progress, Result};
use std::sync::Arc;

/// By how much the calibration error may exceed the one at its fitting before it is fitted again.
const MOST_WORSE: f64 = 0.02;

/// Trains a categoriser that keeps the weighting of `previous`, and its calibration where it still holds.
///
/// One part of the products, none of those that `previous` was calibrated on, is held out and judged by a model of the rest: the header's
/// metrics and importances are this trial's. Where the kept calibration errs on it by more than two points beyond what it did, it is fitted
/// on the trial. Products noted as misplaced stay so while they are where they were; those held out are judged again.
///
/// Fails as [`super::train`] does.
pub fn update(
    previous: &Arc<ModelFile>,
    examples: &[Example],
    categories: &[Category],
    options: &TrainOptions,
    progress: &Progress,
) -> Result<Arc<ModelFile>> {
    let before = Categorizer::of(Arc::clone(previous))?;
    let classes = check(examples)?;
    let trainer = Trainer::weighted(examples, categories, &classes, before.weighting(), options, progress);
    let trial = trainer.calibrated_trial(examples, UPDATE_PART, before.calibration)?;
    let bound = previous.header().metrics.get("ece").copied().unwrap_or(0.0) + MOST_WORSE;
    let mut findings = calibrated(before.calibration, &trial.scored, bound);
    let right = trial.baseline_right as f64 / trial.held_out.len().max(1) as f64;
    findings.metrics.insert("baseline_top1".to_owned(), right);
    let mut contributions = IndexMap::new();
    trial.model.add_contributions(&trial.held_out, &mut contributions);
    let misplaced = still_misplaced(&before, examples, &trial)?;
    let findings = Findings { importance: shares(contributions), misplaced, ..findings };
    trainer.whole(Some(&trial.duals), &findings)
}

/// The kept calibration and its figures; one fitted on the trial, each half measured under the other's, where the kept one does not hold.
fn calibrated(kept: Calibration, trial: &[HeldOut], bound: f64) -> Findings {
    let found = Findings::of(kept, &answers(&kept, trial));
    if found.metrics.get("ece").is_none_or(|error| *error <= bound) {
        return found;
    }
    let (even, odd): (Vec<_>, Vec<_>) = trial.iter().cloned().enumerate().partition(|(at, _)| at % 2 == 0);
    let halves = [even, odd].map(|half| half.into_iter().map(|(_, product)| product).collect());
    let (calibration, answers) = judge(&halves);
    Findings::of(calibration, &answers)
}

fn still_misplaced(before: &Categorizer, examples: &[Example], trial: &Trial<'_>) -> Result<Vec<Misplaced>> {
    let judged: IndexSet<u64> = trial.held_out.iter().map(|example| example.product_id).collect();
    let places: IndexMap<u64, u64> =
        examples.iter().map(|example| (example.product_id, example.category_id)).collect();
    let stays = |one: &Misplaced| {
        !judged.contains(&one.product_id) && places.get(&one.product_id) == Some(&one.current)
    };
    let mut found: Vec<Misplaced> = before.misplaced()?.into_iter().filter(stays).collect();
    found.extend(misplaced::judge(&trial.model, examples, &trial.held_out));
    Ok(misplaced::surest(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_calibration_that_holds_is_kept_and_one_that_does_not_is_fitted_again() {
        // Seven of ten are right, whatever the lead says.
        let trial: Vec<HeldOut> = (0..1000)
            .map(|n| HeldOut { scores: vec![2.0, -2.0, -2.0], class: Some(usize::from(n / 2 % 10 >= 7)) })
            .collect();
        let sure = Calibration::default();
        let fitted = calibrated(sure, &trial, 0.02);
        assert_ne!(fitted.calibration, sure);
        assert!(fitted.metrics["ece"] < 0.05, "{fitted:?}");
        let kept = calibrated(fitted.calibration, &trial, 0.02);
        assert_eq!(kept.calibration, fitted.calibration);
        assert!(kept.metrics["ece"] <= 0.02 && kept.metrics["held_out"] == 1000.0, "{kept:?}");
    }
}
