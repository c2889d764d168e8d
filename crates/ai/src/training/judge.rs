//! Champion against challenger on the newest slice of the shop.
//!
//! A model must not be scored on rows it was trained on. The champion has seen everything up to its training, so the
//! newest slice is what came after. The challenger is trained once more as of that moment (the rehearsal), fully or as an update of the
//! champion as it was itself, and asked for the same rows. Only then the challenger, trained on everything, may go live. Where too little has come since, the two
//! held-out figures of the trainings are compared instead: each is of a model that had not seen its slice.

mod category;
mod demand;
mod price;
mod related;

use super::publish::Trained;
use super::{Extent, Workshop, train_kind};
use crate::inference::models::fits;
use crate::model_file::ModelFile;
use crate::registry::{Card, Kind};
use jiff::Timestamp;
use meschain_base::{Error, FixedClock, Progress, Result};
use serde::Serialize;
use std::path::Path;
use std::sync::Arc;

/// How the two compare.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// Name of the figure.
    pub metric: String,
    /// `higher` or `lower`.
    pub better: String,
    /// The challenger's; the rehearsal's where there was a newest slice.
    pub challenger: f64,
    /// The champion's on the same rows.
    pub champion: f64,
    /// Rows of the newest slice; 0 when the held-out figures of the trainings were compared.
    pub rows: u64,
}

impl Verdict {
    /// Whether the challenger beats the champion by more than `margin` of the champion's figure. On a newest slice, without a margin, a
    /// tie is enough: rehearsed as of the champion's training, the same way of training gives the same model, and the challenger has
    /// learnt from what came since. Demanding more would keep the first champion for ever.
    pub fn challenger_wins(&self, margin: f64) -> bool {
        let (challenger, champion) = (self.challenger, self.champion);
        if self.rows > 0 && margin == 0.0 && challenger == champion {
            return true;
        }
        if self.better == "lower" {
            challenger < champion * (1.0 - margin)
        } else {
            challenger > champion * (1.0 + margin)
        }
    }
}

/// A figure on the newest slice.
pub(super) struct Scored {
    value: f64,
    rows: u64,
}

/// The slice: from the champion's training to now.
pub(super) struct Since<'a> {
    workshop: &'a Workshop<'a>,
    second: i64,
}

/// Compares `trained` with the champion. `None` when there is no fair comparison: the champion's file does not open with
/// this version of the library, or its figure is of another kind. Then the challenger is taken.
pub(super) fn judge(
    workshop: &Workshop<'_>,
    champion: &Card,
    trained: &Trained,
    extent: Extent<'_>,
    progress: &Progress,
) -> Result<Option<Verdict>> {
    let kind = champion.kind;
    let path = workshop.shelf.path(champion);
    let Ok(second) = champion.trained_at.parse::<Timestamp>().map(Timestamp::as_second) else {
        return Ok(None);
    };
    let since = Since { workshop, second };
    let Some(served) = opened(&path, kind)? else { return Ok(None) };
    progress.stage(&format!("{}: champion", kind.name()), 0)?;
    // The champion first: the rehearsal is dear, and without enough rows it tells nothing.
    if let Some(old) = score(&since, kind, &served, progress)? {
        progress.stage(&format!("{}: rehearsal", kind.name()), 0)?;
        let clock = FixedClock(Timestamp::from_second(second).unwrap_or_default());
        let then = Workshop { clock: &clock, ..*workshop };
        let rehearsed = match train_kind(&then, kind, extent, Some(second), progress) {
            Err(Error::NotEnoughData { .. }) => None,
            other => Some(other?),
        };
        let new =
            rehearsed.map(|rehearsed| score(&since, kind, &rehearsed.model, progress)).transpose()?.flatten();
        if let (Some(new), Some((metric, better))) = (new, figure(kind)) {
            return Ok(Some(Verdict {
                metric: metric.to_owned(),
                better: better.to_owned(),
                challenger: new.value,
                champion: old.value,
                rows: old.rows.min(new.rows),
            }));
        }
    }
    Ok(held_out(champion, trained))
}

/// The figure of a model that serves on what came after its training, and the rows that was; `None` while that is too little.
pub fn since_training(
    workshop: &Workshop<'_>,
    card: &Card,
    progress: &Progress,
) -> Result<Option<(f64, u64)>> {
    let Ok(second) = card.trained_at.parse::<Timestamp>().map(Timestamp::as_second) else { return Ok(None) };
    let Some(model) = opened(&workshop.shelf.path(card), card.kind)? else { return Ok(None) };
    let scored = score(&Since { workshop, second }, card.kind, &model, progress)?;
    Ok(scored.map(|scored| (scored.value, scored.rows)))
}

fn held_out(champion: &Card, trained: &Trained) -> Option<Verdict> {
    let (old, new) = (champion.metric.as_ref()?, trained.metric.as_ref()?);
    (old.name == new.name && old.better == new.better).then(|| Verdict {
        metric: new.name.clone(),
        better: new.better.clone(),
        challenger: new.value,
        champion: old.value,
        rows: 0,
    })
}

/// The champion's file, if this library reads it.
pub(super) fn opened(path: &Path, kind: Kind) -> Result<Option<Arc<ModelFile>>> {
    let open = || {
        let file = ModelFile::open(path, kind.name(), kind.format())?;
        fits(Arc::clone(&file), kind).map(|()| file)
    };
    match open() {
        Ok(file) => Ok(Some(file)),
        Err(Error::Corrupt { .. } | Error::Io { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn figure(kind: Kind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        Kind::Categorization => ("accuracy", "higher"),
        Kind::Pricing | Kind::Forecasting => ("wape", "lower"),
        Kind::Recommendation => ("ndcg_20", "higher"),
    })
}

/// A model's figure on the newest slice; `None` when the slice is too thin to tell two models apart.
fn score(
    since: &Since<'_>,
    kind: Kind,
    model: &Arc<ModelFile>,
    progress: &Progress,
) -> Result<Option<Scored>> {
    match kind {
        Kind::Categorization => category::score(since, model, progress),
        Kind::Pricing => price::score(since, model, progress),
        Kind::Forecasting => demand::score(since, model, progress),
        Kind::Recommendation => related::score(since, model),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(better: &str, challenger: f64, champion: f64) -> Verdict {
        Verdict { metric: "m".to_owned(), better: better.to_owned(), challenger, champion, rows: 100 }
    }

    #[test]
    fn the_challenger_wins_by_more_than_the_margin_only() {
        assert!(verdict("lower", 0.69, 0.70).challenger_wins(0.0));
        assert!(!verdict("lower", 0.71, 0.70).challenger_wins(0.0));
        assert!(!verdict("lower", 0.69, 0.70).challenger_wins(0.05));
        assert!(verdict("higher", 0.92, 0.90).challenger_wins(0.0));
        assert!(!verdict("higher", 0.92, 0.90).challenger_wins(0.05));
        assert!(!verdict("higher", f64::NAN, 0.90).challenger_wins(0.0));
    }

    #[test]
    fn a_tie_on_the_newest_slice_goes_to_the_challenger_so_that_models_do_not_grow_old() {
        let tie = verdict("lower", 0.70, 0.70);
        assert!(tie.challenger_wins(0.0) && !tie.challenger_wins(0.05));
        assert!(!Verdict { rows: 0, ..tie }.challenger_wins(0.0));
    }
}
