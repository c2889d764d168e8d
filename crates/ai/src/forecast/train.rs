//! Training the pool: the candidates are run on many products at many past origins, and what would have been the best
//! way to combine them is learned for all products at once.

use super::backtest::{self, Blend, Losses};
use super::cases::Cases;
use super::ended::has_ended;
use super::experts::outlooks;
use super::interval::{self, Intervals, Outcome};
use super::outlook::{COUNT, Flat, Moving, Outlook, absolute_error};
use super::pool::{Pool, PoolReport};
use super::prepare::Prepared;
use super::sampled::{ORIGINS, Sampled, cuts, final_cuts, pairs, sold_over_means};
use super::scale::{Level, Share};
use super::series::SeriesInput;
use super::shared::Shared;
use super::spread::Spread;
use super::stack;
use super::{Config, parallel, scale};
use meschain_base::{Error, Progress, Result};

/// Most series the weights are learned on; a larger catalogue is sampled evenly.
const SAMPLE: usize = 1500;
/// Rows the weights are learned on at most; more are thinned evenly.
const ROWS: usize = 25_000;
/// Fewest series with a back-test origin.
const FEWEST: usize = 10;
/// In an update every so many series are run at the cuts that only the held-out figures need.
const MEASURED: usize = 3;
/// Leans the weights a little above the median; the level is set by the catalogue's total afterwards.
const TAU: f64 = 0.65;

/// What all fits of one training share.
#[derive(Debug, Clone, Copy)]
struct Frame {
    horizon: usize,
    /// Periods between two origins.
    step: usize,
    /// The catalogue's; single series may be too short for it.
    season: usize,
}

/// Weights learned from the origins at and before a cut.
struct Fit {
    weights: [f64; COUNT],
    level: Level,
    blend: Blend,
    /// Back-test losses of each sampled series before the cut.
    losses: Vec<Option<Losses>>,
    intervals: Intervals,
    sums: Vec<Vec<f64>>,
}

impl Pool {
    /// Learns a pool from a catalogue of series of one granularity that end at the same period.
    ///
    /// Progress: stages `series` and `weights`. Fails with [`Error::NotEnoughData`] when fewer than ten products have a
    /// history of two seasons (at least eight periods) before the last horizon.
    pub fn train(
        series: &[SeriesInput],
        horizon: usize,
        config: &Config,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self> {
        Self::learn(series, horizon, config, None, threads, progress)
    }

    /// Learns a pool that keeps how a series' own best methods are blended in: the search for it is left out, and the held-out figures
    /// come from weights that were learned on every third series only. Otherwise as [`Pool::train`].
    pub fn update(
        &self,
        series: &[SeriesInput],
        horizon: usize,
        config: &Config,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self> {
        Self::learn(series, horizon, config, Some(self.blend), threads, progress)
    }

    fn learn(
        series: &[SeriesInput],
        horizon: usize,
        config: &Config,
        kept: Option<Blend>,
        threads: usize,
        progress: &Progress,
    ) -> Result<Self> {
        config.check()?;
        series.iter().try_for_each(|one| one.check(horizon))?;
        progress.stage("series", series.len().min(SAMPLE) as u64)?;
        let shared = Shared::learn(series, horizon);
        let step = series.first().map_or(1, |one| one.granularity.step());
        let (whole, final_only) = (cuts(horizon, step), final_cuts(horizon, step));
        let stride = series.len().div_ceil(SAMPLE).max(1);
        let chosen: Vec<(usize, &SeriesInput)> = series.iter().step_by(stride).enumerate().collect();
        let sampled = parallel::map(&chosen, threads, progress, |(number, one)| {
            let prepared = Prepared::new(one, horizon, &shared);
            let is_measured = kept.is_none() || number.is_multiple_of(MEASURED);
            let cuts: Vec<usize> = if is_measured { &whole } else { &final_only }
                .iter()
                .copied()
                .filter(|cut| backtest::long_enough(&prepared, *cut))
                .filter(|cut| !has_ended(&prepared.view(*cut)))
                .collect();
            let at = outlooks(&prepared, &cuts, &shared, horizon);
            Ok(Sampled { prepared, at })
        })?;
        let testable = sampled.iter().filter(|one| one.is_testable(horizon)).count();
        if testable < FEWEST {
            let (what, unit) =
                ("forecasting", "products with two seasons, at least eight periods, before the last horizon");
            return Err(Error::NotEnoughData { what, unit, needed: FEWEST as u64, found: testable as u64 });
        }
        progress.stage("weights", 2)?;
        let (origins, periods) = (sampled.len() * ORIGINS, sampled.len() * ORIGINS * horizon);
        let mut cases = Cases::with_capacity(origins, ROWS.min(periods));
        let mut outcomes = Vec::with_capacity(periods);
        let frame = Frame { horizon, step, season: shared.season.max(1) };
        let held_out = fit(&sampled, &mut cases, &mut outcomes, frame, horizon, kept);
        progress.advance(1)?;
        let mut report = evaluate(&sampled, &held_out, horizon);
        report.series = series.len() as u64;
        let Fit { weights, level, blend, intervals, sums, .. } =
            fit(&sampled, &mut cases, &mut outcomes, frame, 0, Some(held_out.blend));
        progress.advance(1)?;
        Ok(Self { shared, weights, level, blend, intervals, sums, horizon, report })
    }
}

/// Learns from outcomes known `end` periods before the histories' end. Older origins count half for each quarter of a
/// horizon they lie further back.
/// The blend is chosen on the horizon after the cut unless it is given. `cases` and `outcomes` are overwritten.
fn fit(
    sampled: &[Sampled],
    cases: &mut Cases,
    outcomes: &mut Vec<Outcome>,
    frame: Frame,
    end: usize,
    blend: Option<Blend>,
) -> Fit {
    let Frame { horizon, step, season } = frame;
    let half_life = (horizon as f64 / 4.0).max(step as f64);
    let first = end + horizon;
    let origins: Vec<usize> = (0..ORIGINS).map(|origin| first + origin * step).collect();
    let thin = (sampled.len() * ORIGINS * horizon).div_ceil(ROWS);
    cases.clear();
    for (at, (one, cut, outlook)) in pairs(sampled, &origins).enumerate() {
        let importance = 0.5f64.powf((cut - first) as f64 / half_life);
        let actual = one.prepared.actual(cut, horizon);
        let (index, moving) = (outlook.index(), outlook.moving());
        let taken = ((thin - at % thin) % thin..actual.len()).step_by(thin);
        let periods = taken.map(|period| {
            let of = |row: &[f64]| row.get(period).copied().unwrap_or(0.0);
            (of(actual), of(index), moving.map(of))
        });
        cases.push(outlook.levels(), importance, periods);
    }
    let weights = stack::learn(cases, TAU).unwrap_or(stack::DEFAULT);
    let losses = losses(sampled, &weights, first, horizon);
    let blend = blend.unwrap_or_else(|| choose_blend(sampled, &losses, &weights, end, horizon));
    let shares = sampled.iter().zip(&losses).filter_map(|(one, losses)| {
        let outlook = one.outlook(end)?;
        let combined = final_path(outlook, losses.as_ref(), &weights, blend, Level::default()).iter().sum();
        let mean = outlook.index().iter().map(|index| outlook.level(Flat::MeanMiddle) * index).sum();
        Some(Share { prepared: &one.prepared, combined, mean })
    });
    let past = || sold_over_means(sampled, &origins, horizon);
    let level = scale::level(shares, season, end, horizon, past);
    let scaled = level.apply(&weights);
    let (intervals, sums) = uncertainty(sampled, outcomes, &origins, &scaled, horizon);
    Fit { weights, level, blend, losses, intervals, sums }
}

/// Calibrates the intervals of single periods and of sums on the outcomes at the origins.
fn uncertainty(
    sampled: &[Sampled],
    outcomes: &mut Vec<Outcome>,
    origins: &[usize],
    weights: &[f64; COUNT],
    horizon: usize,
) -> (Intervals, Vec<Vec<f64>>) {
    outcomes.clear();
    let mut sums: Vec<Vec<f64>> = vec![Vec::new(); interval::CLASSES];
    let widths = [horizon.div_ceil(4), horizon.div_ceil(2), horizon];
    let mut path = vec![0.0; horizon];
    for (one, cut, outlook) in pairs(sampled, origins) {
        outlook.combine_into(weights, &mut path);
        let actual = one.prepared.actual(cut, horizon);
        let class = one.prepared.class;
        for (period, ((forecast, actual), index)) in path.iter().zip(actual).zip(outlook.index()).enumerate()
        {
            if !actual.is_nan() {
                let bucket = interval::bucket(class, period, horizon);
                let spread = interval::spread(outlook.scale, *index);
                outcomes.push(Outcome { bucket, forecast: *forecast, spread, actual: *actual });
            }
        }
        for width in widths {
            let error: f64 = actual.iter().zip(&path).take(width).map(|(a, f)| a - f).sum();
            if let (false, Some(scores)) = (error.is_nan(), sums.get_mut(class.row())) {
                scores.push(error / (outlook.scale * (width as f64).sqrt()));
            }
        }
    }
    (Intervals::fit(outcomes), sums.into_iter().map(Spread::fit).collect())
}

/// Back-test losses of each sampled series at three origins from `first` on, one horizon apart.
fn losses(sampled: &[Sampled], weights: &[f64; COUNT], first: usize, horizon: usize) -> Vec<Option<Losses>> {
    let cuts: Vec<usize> = (0..3).map(|origin| first + origin * horizon).collect();
    let of = |one: &Sampled| {
        let known =
            cuts.iter().filter_map(|cut| Some((one.outlook(*cut)?, one.prepared.actual(*cut, horizon))));
        Losses::sum(known, weights)
    };
    sampled.iter().map(of).collect()
}

/// The blend with the smallest error on the horizon after the cut, judged by back-tests before it. All options are brought
/// to the same sum, so that none wins by leaning low.
fn choose_blend(
    sampled: &[Sampled],
    losses: &[Option<Losses>],
    weights: &[f64; COUNT],
    end: usize,
    horizon: usize,
) -> Blend {
    const OWN: [f64; 3] = [0.25, 0.5, 0.75];
    let known: Vec<(&Outlook, Option<&Losses>, &[f64])> = sampled
        .iter()
        .zip(losses)
        .filter_map(|(one, losses)| {
            Some((one.outlook(end)?, losses.as_ref(), one.prepared.actual(end, horizon)))
        })
        .collect();
    // Of all series one after the other: the catalogue's paths, and those with each share of the series' own pair.
    let mut common = vec![0.0; known.len() * horizon];
    let mut own = OWN.map(|_| common.clone());
    for ((outlook, _, _), path) in known.iter().zip(common.chunks_exact_mut(horizon.max(1))) {
        outlook.combine_into(weights, path);
    }
    for (share, paths) in OWN.iter().zip(&mut own) {
        for ((outlook, losses, _), path) in known.iter().zip(paths.chunks_exact_mut(horizon.max(1))) {
            if let Some(losses) = losses {
                outlook.combine_into(&losses.with_own(weights, *share), path);
            }
        }
    }
    let sold: f64 =
        sampled.iter().flat_map(|one| one.prepared.actual(end, horizon)).filter(|v| !v.is_nan()).sum();
    let error = |blend: Blend| -> f64 {
        let own =
            OWN.iter().zip(&own).find(|(share, _)| **share == blend.own).map_or(&common, |(_, own)| own);
        let paths = || {
            let both = common.chunks_exact(horizon.max(1)).zip(own.chunks_exact(horizon.max(1)));
            known.iter().zip(both).map(move |((_, losses, actual), (common, own))| {
                let is_better = losses.is_some_and(|losses| losses.is_own_better(blend));
                (if is_better { own } else { common }, *actual)
            })
        };
        let sum: f64 = paths().flat_map(|(path, _)| path).sum();
        let level = if sum > 0.0 { sold / sum } else { 1.0 };
        paths().map(|(path, actual)| absolute_error(path.iter().map(|value| value * level), actual)).sum()
    };
    let options = [(0.0, 0.0), (0.25, 0.05), (0.5, 0.05), (0.25, 0.15), (0.5, 0.15), (0.75, 0.15)];
    let scored = options.map(|(own, margin)| Blend { own, margin }).map(|blend| (blend, error(blend)));
    scored.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).map(|(blend, _)| blend).unwrap_or_default()
}

fn final_path(
    outlook: &Outlook,
    losses: Option<&Losses>,
    weights: &[f64; COUNT],
    blend: Blend,
    level: Level,
) -> Vec<f64> {
    outlook.combine(&level.apply(&weights_of(losses, weights, blend)))
}

/// The catalogue's weights, with the series' own pair blended in where that was clearly better.
fn weights_of(losses: Option<&Losses>, weights: &[f64; COUNT], blend: Blend) -> [f64; COUNT] {
    losses.and_then(|losses| losses.blended(weights, blend)).unwrap_or(*weights)
}

/// Scores the held-out horizon with what was learned before it.
fn evaluate(sampled: &[Sampled], fit: &Fit, horizon: usize) -> PoolReport {
    let (mut error, mut naive, mut sold, mut forecast, mut inside, mut count) =
        (0.0, 0.0, 0.0, 0.0, 0u64, 0u64);
    for (one, losses) in sampled.iter().zip(&fit.losses) {
        let Some(outlook) = one.outlook(horizon) else { continue };
        let actual = one.prepared.actual(horizon, horizon);
        let path = final_path(outlook, losses.as_ref(), &fit.weights, fit.blend, fit.level);
        error += absolute_error(path.iter().copied(), actual);
        naive += absolute_error(outlook.path(Moving::SeasonalNaive).iter().copied(), actual);
        for (period, ((value, actual), index)) in path.iter().zip(actual).zip(outlook.index()).enumerate() {
            if actual.is_nan() {
                continue;
            }
            let bucket = interval::bucket(one.prepared.class, period, horizon);
            let spread = interval::spread(outlook.scale, *index);
            let (low, high) = fit.intervals.bounds(bucket, 0.9, *value, spread);
            inside += u64::from((low..=high).contains(actual));
            count += 1;
            sold += actual;
            forecast += value;
        }
    }
    let share = |value: f64| if sold > 0.0 { value / sold } else { 0.0 };
    PoolReport {
        series: 0,
        sampled: sampled.len() as u64,
        horizon: horizon as u64,
        wape: share(error),
        baseline_wape: share(naive),
        bias: if sold > 0.0 { forecast / sold - 1.0 } else { 0.0 },
        coverage: inside as f64 / count.max(1) as f64,
        held_out: if sold > 0.0 { count } else { 0 },
    }
}
