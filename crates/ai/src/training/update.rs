//! Updates between full trainings: the data as it is now, learnt from with the choices that the last full training made. What each model
//! keeps is in its own `update`.

use super::judge::opened;
use super::{Workshop, forecasting};
use crate::model_file::ModelFile;
use crate::pricing::PriceModel;
use crate::recommend;
use crate::registry::{Card, Kind};
use crate::settings::AiSettings;
use jiff::Timestamp;
use meschain_base::Result;
use serde::Serialize;
use std::sync::Arc;

/// Days that choices hold, or `retrain_days` where that is more.
const MOST_DAYS: i64 = 30;
const DAY: i64 = 86_400;

/// How much of a training is done anew.
#[derive(Clone, Copy)]
pub(crate) enum Extent<'a> {
    /// Everything.
    Full,
    /// All but what the model before has found.
    Update(&'a Previous),
}

/// The model whose choices are kept.
pub(crate) struct Previous {
    pub model: Arc<ModelFile>,
    /// The second file that serves with it.
    pub companion: Option<Arc<ModelFile>>,
    /// When the full training was that found them.
    pub chosen_at: String,
}

/// Why an update that was asked for became a full training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// Nothing serves that could be kept.
    NoModel,
    /// This version of the library does not read the file of what serves.
    Format,
    /// The file is of before choices were kept in it.
    NoChoices,
    /// The choices are older than 30 days, or than `retrain_days` where that is more.
    OldChoices,
}

/// What an update of `champion` keeps, or why there can be none.
pub(super) fn previous(
    workshop: &Workshop<'_>,
    champion: Option<&Card>,
    settings: &AiSettings,
) -> Result<std::result::Result<Previous, Fallback>> {
    let Some(card) = champion else { return Ok(Err(Fallback::NoModel)) };
    let chosen_at = card.chosen_at.as_ref().unwrap_or(&card.trained_at);
    let Ok(chosen) = chosen_at.parse::<Timestamp>() else { return Ok(Err(Fallback::NoChoices)) };
    let age = workshop.clock.now().as_second() - chosen.as_second();
    if age > MOST_DAYS.max(i64::from(settings.retrain_days)) * DAY {
        return Ok(Err(Fallback::OldChoices));
    }
    let Some(model) = opened(&workshop.shelf.path(card), card.kind)? else {
        return Ok(Err(Fallback::Format));
    };
    let companion = match card.kind {
        Kind::Forecasting => opened(&workshop.shelf.companion(card, forecasting::WEEKLY), card.kind)?,
        Kind::Categorization | Kind::Pricing | Kind::Recommendation => None,
    };
    let has_choices = match card.kind {
        Kind::Categorization => true,
        Kind::Pricing => PriceModel::of(Arc::clone(&model)).is_ok_and(|model| model.calibration().is_some()),
        Kind::Forecasting => companion.is_some(),
        Kind::Recommendation => recommend::has_choices(&model),
    };
    let previous = Previous { model, companion, chosen_at: chosen_at.clone() };
    Ok(if has_choices { Ok(previous) } else { Err(Fallback::NoChoices) })
}
