//! The forecast of one product, and of many.

use super::backtest::{self, Blend, Losses};
use super::classify::Class;
use super::experts::outlooks;
use super::interval::{self, Intervals, Outcome};
use super::outlook::{COUNT, Moving, NAMES, Outlook};
use super::pool::Pool;
use super::prepare::Prepared;
use super::scale::Level;
use super::series::{LARGEST_VALUE, SeriesInput};
use super::shared::Shared;
use super::spread::Spread;
use super::{Config, ended, newcomer, parallel, stack};
use meschain_base::{Error, Progress, Result};
use std::borrow::Cow;

/// Error of the final weights at past origins of this series. The candidates saw only what was known at each origin, but the
/// weights and the pool were learned with these periods in view, so it leans to the good side; the blind figure is
/// [`PoolReport`](super::PoolReport).
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// Sum of absolute errors over sum of sales.
    pub wape: f64,
    /// The same of the baseline.
    pub baseline_wape: f64,
    /// `naive` or `seasonal_naive`.
    pub baseline: &'static str,
    /// Origins tested.
    pub origins: usize,
}

/// What will sell. All vectors have one entry a period of the horizon; units; finite and at least 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// `pooled`, `pooled_and_own`, `combined`, `new_product`, `category` or `none`.
    pub method: &'static str,
    /// Demand class of the history.
    pub class: Class,
    /// Season length used, 1 for none.
    pub season: usize,
    /// Expected units of each period.
    pub values: Vec<f64>,
    /// Lower end of the interval.
    pub lower: Vec<f64>,
    /// Upper end of the interval.
    pub upper: Vec<f64>,
    /// Sum of `values`.
    pub total: f64,
    /// Lower end of the interval of the sum.
    pub total_lower: f64,
    /// Upper end of the interval of the sum.
    pub total_upper: f64,
    /// Nominal coverage of the intervals.
    pub level: f64,
    /// The candidates combined, by name, the heaviest first.
    pub weights: Vec<(&'static str, f64)>,
    /// None when the history is too short to test.
    pub backtest: Option<Backtest>,
    /// Distribution of the error of summed demand.
    pub spread: Spread,
    /// Machine words on what was found and done.
    pub reasons: Vec<&'static str>,
}

/// Forecasts one series `horizon` periods ahead. Without a pool the series stands alone.
pub fn forecast(
    series: &SeriesInput,
    horizon: usize,
    config: &Config,
    pool: Option<&Pool>,
) -> Result<Forecast> {
    config.check()?;
    series.check(horizon)?;
    let alone = Shared::default();
    let shared = pool.map_or(&alone, |pool| &pool.shared);
    let prepared = Prepared::new(series, horizon, shared);
    let cuts =
        std::iter::once(0).chain(backtest::cuts(&prepared, horizon, config.origins)).collect::<Vec<_>>();
    let mut outlooks = outlooks(&prepared, &cuts, shared, horizon);
    let Some(((_, outlook), past)) = outlooks.split_first_mut() else {
        return Err(Error::internal("forecast", "no outlook"));
    };
    let pooled = pool.map_or(&stack::DEFAULT, |pool| &pool.weights);
    if let Some(new) = newcomer::forecast(series, &prepared, outlook, config, pool) {
        return Ok(new);
    }
    let known = || past.iter().map(|(cut, outlook)| (outlook, prepared.actual(*cut, horizon)));
    let losses = Losses::sum(known(), pooled);
    let blend = pool.map_or_else(Blend::default, |pool| pool.blend);
    let own = losses.as_ref().and_then(|losses| losses.blended(pooled, blend));
    let method = match (pool, &own) {
        (Some(_), None) => "pooled",
        (Some(_), Some(_)) => "pooled_and_own",
        (None, _) => "combined",
    };
    let level = pool.map_or_else(Level::default, |pool| pool.level);
    let weights = level.apply(own.as_ref().map_or(pooled, |own| own));
    let path = outlook.combine(&weights);
    outlook.scale *= ended::fade(&prepared, &path);
    let mut finished =
        finish(&prepared, outlook, &path, config, uncertainty(&prepared, shared, &weights, horizon, pool));
    finished.method = method;
    finished.weights = named(&weights);
    finished.backtest =
        losses.map(|losses| summary(&losses, backtest::error_of(known(), &weights), prepared.season));
    Ok(finished)
}

/// Forecasts many series, in order. Progress counts series in the stage `forecasts`.
pub fn forecast_batch(
    series: &[SeriesInput],
    horizon: usize,
    config: &Config,
    pool: Option<&Pool>,
    threads: usize,
    progress: &Progress,
) -> Result<Vec<Forecast>> {
    progress.stage("forecasts", series.len() as u64)?;
    parallel::map(series, threads, progress, |one| forecast(one, horizon, config, pool))
}

/// Where the intervals come from.
pub(crate) struct Uncertainty<'a> {
    pub intervals: Cow<'a, Intervals>,
    pub sums: Vec<f64>,
    /// Horizon the tables were calibrated for.
    pub horizon: usize,
}

pub(crate) fn uncertainty<'a>(
    prepared: &Prepared,
    shared: &Shared,
    weights: &[f64; COUNT],
    horizon: usize,
    pool: Option<&'a Pool>,
) -> Uncertainty<'a> {
    if let Some(pool) = pool {
        let sums = pool.sums.get(prepared.class.row()).cloned().unwrap_or_else(Spread::normal);
        return Uncertainty { intervals: Cow::Borrowed(&pool.intervals), sums, horizon: pool.horizon };
    }
    let mut outcomes = Vec::new();
    let cuts: Vec<usize> = backtest::cuts(prepared, horizon, 3).collect();
    for (cut, seen) in outlooks(prepared, &cuts, shared, horizon) {
        let path = seen.combine(weights);
        for ((forecast, actual), index) in path.iter().zip(prepared.actual(cut, horizon)).zip(seen.index()) {
            if !actual.is_nan() {
                let spread = interval::spread(seen.scale, *index);
                outcomes.push(Outcome { bucket: 0, forecast: *forecast, spread, actual: *actual });
            }
        }
    }
    Uncertainty { intervals: Cow::Owned(Intervals::fit(&outcomes)), sums: Spread::normal(), horizon }
}

/// Puts events and intervals around a path.
pub(crate) fn finish(
    prepared: &Prepared,
    outlook: &Outlook,
    path: &[f64],
    config: &Config,
    uncertainty: Uncertainty<'_>,
) -> Forecast {
    let [mut values, mut lower, mut upper] = [(); 3].map(|()| Vec::with_capacity(path.len()));
    for (period, ((value, index), factor)) in
        path.iter().zip(outlook.index()).zip(&prepared.future).enumerate()
    {
        let value = value.clamp(0.0, LARGEST_VALUE);
        let bucket = interval::bucket(prepared.class, period, uncertainty.horizon);
        let spread = interval::spread(outlook.scale, *index);
        let (low, high) = uncertainty.intervals.bounds(bucket, config.level, value, spread);
        values.push(value * factor);
        lower.push(low * factor);
        upper.push(high * factor);
    }
    let total: f64 = values.iter().sum();
    let factor = prepared.future.iter().sum::<f64>() / prepared.future.len().max(1) as f64;
    let spread = Spread { scale: outlook.scale * factor, quantiles: uncertainty.sums };
    let periods = values.len() as f64;
    let tail = (1.0 - config.level) / 2.0;
    Forecast {
        method: "none",
        class: prepared.class,
        season: if outlook.index().iter().any(|index| (index - 1.0).abs() > 1e-9) {
            prepared.season
        } else {
            1
        },
        total,
        total_lower: (total + spread.error(tail, periods)).clamp(0.0, total),
        total_upper: (total + spread.error(1.0 - tail, periods)).max(total),
        values,
        lower,
        upper,
        level: config.level,
        weights: Vec::new(),
        backtest: None,
        spread,
        reasons: reasons(prepared, outlook),
    }
}

fn reasons(prepared: &Prepared, outlook: &Outlook) -> Vec<&'static str> {
    let mut reasons = vec![if prepared.has_ended { "ended" } else { prepared.class.code() }];
    if prepared.season > 1 {
        let used = outlook.index().iter().any(|index| (index - 1.0).abs() > 1e-9);
        reasons.push(match (used, prepared.seasonal) {
            (true, true) => "own_season",
            (true, false) => "catalogue_season",
            (false, _) => "no_season",
        });
    }
    reasons.extend(&prepared.reasons);
    let trend = outlook.path(Moving::HalfTrend);
    if let (Some(first), Some(last), 1) = (trend.first(), trend.last(), prepared.season) {
        let change = (last - first) / first.max(1e-9);
        if change.abs() > 0.05 {
            reasons.push(if change > 0.0 { "rising" } else { "falling" });
        }
    }
    reasons
}

fn named(weights: &[f64; COUNT]) -> Vec<(&'static str, f64)> {
    let sum = weights.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    let mut named: Vec<_> = NAMES
        .into_iter()
        .zip(weights)
        .map(|(name, weight)| (name, weight / sum))
        .filter(|(_, w)| *w > 0.01)
        .collect();
    named.sort_by(|a, b| b.1.total_cmp(&a.1));
    named
}

fn summary(losses: &Losses, error: f64, season: usize) -> Backtest {
    let share = |error: f64| if losses.sold > 0.0 { error / losses.sold } else { 0.0 };
    Backtest {
        wape: share(error),
        baseline_wape: share(losses.naive()),
        baseline: if season > 1 { "seasonal_naive" } else { "naive" },
        origins: losses.origins,
    }
}
