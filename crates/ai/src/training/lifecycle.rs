//! From an order to what serves: train, compare with the champion, publish or not, and write down what became of it.

use super::judge::{Verdict, judge};
use super::{Extent, Fallback, ModelRow, Workshop, publish, train_kind, update};
use crate::operations::{Mode, Outcome, Reason, Run, Status};
use crate::operations::{inputs, quality, runs};
use crate::registry::{Card, Kind, distribution};
use crate::settings::AiSettings;
use meschain_base::{Error, Progress, Result};

/// What is to be trained.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// Which models, one after the other.
    pub kinds: Vec<Kind>,
    /// Why.
    pub reason: Reason,
    /// Whether the choices of the last full training are kept where they can be.
    pub update: bool,
    /// Whether the challenger goes live whatever the champion does.
    pub force: bool,
    /// The job this is, so that another attempt does not redo what this one finished.
    pub job: Option<i64>,
}

/// What an order came to.
#[derive(Debug)]
pub struct Finished {
    /// The models of the order as they serve now.
    pub models: Vec<ModelRow>,
    /// What became of each training.
    pub runs: Vec<Outcome>,
}

/// Trains what is ordered. A kind with too little data, or that does not beat the one that serves, is reported and the
/// next one is trained; any other failure ends the order, and the models that served before still do.
pub fn train(workshop: &Workshop<'_>, order: &Order, progress: &Progress) -> Result<Finished> {
    let settings = AiSettings::load(workshop.database)?;
    let done = order.job.map(|job| runs::finished_by(workshop.database, job)).transpose();
    let done = done.ok().flatten().unwrap_or_default();
    let mut finished = Finished { models: Vec::new(), runs: Vec::new() };
    for kind in &order.kinds {
        if done.contains(kind) {
            finished.models.push(ModelRow::new(*kind, workshop.shelf.current(*kind)?, None));
            continue;
        }
        let outcome = train_one(workshop, *kind, order, &settings, progress)?;
        let short = (outcome.status == Status::NotEnoughData).then_some("not_enough_data");
        let reason = short.or((outcome.status == Status::NotBetter).then_some("not_better"));
        finished.models.push(ModelRow::new(*kind, workshop.shelf.current(*kind).unwrap_or(None), reason));
        finished.runs.push(outcome);
    }
    Ok(finished)
}

fn train_one(
    workshop: &Workshop<'_>,
    kind: Kind,
    order: &Order,
    settings: &AiSettings,
    progress: &Progress,
) -> Result<Outcome> {
    let _lock = workshop.shelf.lock(kind)?;
    // A card that cannot be read is no champion.
    let champion = workshop.shelf.current(kind).unwrap_or(None);
    let mode = if order.update { Mode::Update } else { Mode::Full };
    let run = Run::open(workshop.database, kind, (order.reason, mode), champion.as_ref(), order.job)?;
    let result = challenge(workshop, kind, order, champion.as_ref(), settings, progress);
    let mut outcome = match &result {
        Ok(outcome) => outcome.clone(),
        Err(Error::Cancelled) => Outcome::new(kind, Status::Cancelled),
        Err(error @ Error::NotEnoughData { .. }) => failed(kind, Status::NotEnoughData, error),
        Err(error) => failed(kind, Status::Failed, error),
    };
    outcome.champion_version = champion.map(|card| card.version);
    if result.is_err() {
        outcome.mode = mode;
    }
    run.close(&outcome);
    match result {
        Ok(_) | Err(Error::NotEnoughData { .. }) => Ok(outcome),
        Err(error) => Err(error),
    }
}

fn failed(kind: Kind, status: Status, error: &Error) -> Outcome {
    let rows_used = if let Error::NotEnoughData { found, .. } = error { *found } else { 0 };
    Outcome { error: Some(words(error)), rows_used, ..Outcome::new(kind, status) }
}

/// A failure in the words of the training log.
fn words(error: &Error) -> String {
    match error {
        Error::NotEnoughData { unit, needed, found, .. } => format!("needs {needed} {unit}, found {found}"),
        other => other.to_string(),
    }
}

fn challenge(
    workshop: &Workshop<'_>,
    kind: Kind,
    order: &Order,
    champion: Option<&Card>,
    settings: &AiSettings,
    progress: &Progress,
) -> Result<Outcome> {
    let kept = order.update.then(|| update::previous(workshop, champion, settings)).transpose()?;
    let full_because: Option<Fallback> = kept.as_ref().and_then(|kept| kept.as_ref().err()).copied();
    let kept = kept.and_then(std::result::Result::ok);
    let extent = kept.as_ref().map_or(Extent::Full, Extent::Update);
    let trained = train_kind(workshop, kind, extent, None, progress)?;
    let chosen_at = kept.as_ref().map(|kept| kept.chosen_at.clone());
    let card = Card { chosen_at, ..publish::card(workshop, kind, &trained) };
    let quality = quality::measure(workshop, kind, progress)?;
    let compared = champion.filter(|_| !order.force);
    let judged = |champion| judge(workshop, champion, &trained, extent, progress);
    let verdict = compared.map(judged).transpose()?.flatten();
    let wins = verdict.as_ref().is_none_or(|verdict| verdict.challenger_wins(settings.challenger_margin));
    let mut outcome = Outcome::new(kind, if wins { Status::Published } else { Status::NotBetter });
    outcome.mode = if kept.is_some() { Mode::Update } else { Mode::Full };
    outcome.full_because = full_because;
    outcome.version = Some(card.version.clone());
    outcome.metric = card.metric.clone();
    outcome.rows_used = quality.used;
    outcome.rows_seen = quality.rows;
    outcome.quality = quality.summary();
    // What is kept of the data is for people; a database that does not take it does not undo a training.
    let _ = quality::keep(workshop.database, kind, &quality);
    if wins {
        progress.check()?;
        let card = Card { inputs: inputs::references(workshop, kind, progress)?, ..card };
        let card = publish::publish(workshop, card, &trained)?;
        // Where the database does not take it now, a worker does it later.
        let _ = distribution::publish(workshop.shelf, workshop.database, &card);
        workshop.shelf.prune(kind, settings.keep_versions)?;
    } else {
        outcome.error = verdict.as_ref().map(|verdict| why_not(verdict, settings.challenger_margin));
    }
    outcome.verdict = verdict;
    Ok(outcome)
}

fn why_not(verdict: &Verdict, margin: f64) -> String {
    let Verdict { metric, challenger, champion, rows, .. } = verdict;
    let on = if *rows > 0 { format!("on the newest {rows} rows") } else { "on held-out data".to_owned() };
    let by = if margin > 0.0 { format!(" by more than {:.1} %", margin * 100.0) } else { String::new() };
    format!("{metric} {challenger:.4} {on} does not beat the champion's {champion:.4}{by}")
}
