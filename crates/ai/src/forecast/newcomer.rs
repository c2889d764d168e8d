//! Products with little or no history: what their category sells, giving way to their own sales as those come in.

use super::Config;
use super::classify::Class;
use super::outlook::{COUNT, Outlook};
use super::pool::Pool;
use super::prepare::Prepared;
use super::series::{Prior, SeriesInput};
use super::single::{Forecast, finish, uncertainty};
use super::smoothing::mean;

/// Periods of own history that weigh as much as the category.
const PSEUDO_PERIODS: f64 = 6.0;

/// The forecast of a series too short for the methods; None when it is long enough.
pub(crate) fn forecast(
    series: &SeriesInput,
    prepared: &Prepared,
    outlook: &Outlook,
    config: &Config,
    pool: Option<&Pool>,
) -> Option<Forecast> {
    let short = prepared.class == Class::New;
    let idle = prepared.class == Class::Empty;
    if !short && !idle {
        return None;
    }
    let known: Vec<f64> = prepared.values.iter().copied().filter(|v| !v.is_nan()).collect();
    let (level, method) = match &series.prior {
        // Listed for long without a sale: the category no longer speaks for it.
        _ if idle => (0.0, "none"),
        Some(prior) => (shrunk(&known, prior), if known.is_empty() { "category" } else { "new_product" }),
        None if known.is_empty() => (0.0, "none"),
        None => (mean(&known), "new_product"),
    };
    let profile = series.prior.as_ref().map_or(&[] as &[f64], |prior| &prior.profile);
    let horizon = outlook.horizon;
    let path: Vec<f64> = match profile.len() {
        0 => outlook.index().iter().map(|index| level * index).collect(),
        season => {
            let phase = (series.first_phase(season) + series.history.len()) % season;
            profile.iter().cycle().skip(phase).take(horizon).map(|index| level * index).collect()
        }
    };
    let mut outlook = outlook.clone();
    // Without a history of its own the error is taken as that of a count with this mean.
    outlook.scale = outlook.scale.max((level + 0.25 * level * level).sqrt());
    let bounds = uncertainty(prepared, &super::shared::Shared::default(), &[0.0; COUNT], horizon, pool);
    let mut finished = finish(prepared, &outlook, &path, config, bounds);
    finished.method = method;
    Some(finished)
}

fn shrunk(known: &[f64], prior: &Prior) -> f64 {
    (known.iter().sum::<f64>() + PSEUDO_PERIODS * prior.level) / (known.len() as f64 + PSEUDO_PERIODS)
}
