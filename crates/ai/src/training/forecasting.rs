//! Trains the demand forecaster's pool: what the catalogue's series have in common, by day and by week.

use super::publish::{Trained, created};
use super::series;
use super::{Extent, Workshop};
use crate::data::sales::daily;
use crate::data::{Known, Sales, Scope};
use crate::forecast::{Config, Granularity, Pool, PoolReport, SeriesInput};
use crate::model_file::ModelFile;
use crate::registry::Metric;
use meschain_base::{Error, Progress, Result};
use std::sync::Arc;

/// Days and weeks ahead that the pool is fitted for.
pub const HORIZON_DAYS: usize = 28;
/// See [`HORIZON_DAYS`].
pub const HORIZON_WEEKS: usize = 4;
/// The word in the name of the weekly pool's file.
pub const WEEKLY: &str = "week";
/// Series the pool learns from at most; it holds what series have in common, so more add nothing.
const MOST_SERIES: usize = 3_000;
/// Days a product must have been on sale to teach anything.
const LEAST_DAYS: usize = 2 * HORIZON_DAYS;
/// Days since the last sale after which a product takes no place among them: what sells less than once a year has nothing to teach.
const LONGEST_SILENCE: i32 = 365;
/// Products the pool needs.
const LEAST_SERIES: usize = 10;

/// Trains on every product with enough history, or an even choice of them.
pub(crate) fn train(workshop: &Workshop<'_>, extent: Extent<'_>, progress: &Progress) -> Result<Trained> {
    progress.stage("forecasting: sales", 0)?;
    let scope = Scope::new(workshop.snapshot, workshop.timezone, workshop.clock.now().as_second(), None)?;
    let sales = Sales::read(&scope)?;
    let chosen = choose(&sales);
    if chosen.len() < LEAST_SERIES {
        let found = chosen.len() as u64;
        let (what, unit) = ("a demand forecast", "products sold for eight weeks");
        return Err(Error::NotEnoughData { what, unit, needed: LEAST_SERIES as u64, found });
    }
    let config = Config::default();
    let ids = workshop.snapshot.products().product_id;
    let inputs = |granularity: Granularity, horizon: usize| -> Vec<SeriesInput> {
        let input = |product: &usize| {
            let known = Known::of(workshop.snapshot, ids.get(*product).copied().unwrap_or(0));
            series::input(sales.of(*product), known, sales.last_day(), granularity, horizon)
        };
        chosen.iter().filter_map(input).collect()
    };
    progress.stage("forecasting: days", 0)?;
    let days = inputs(Granularity::Day, HORIZON_DAYS);
    let (before, before_weekly) = match extent {
        Extent::Full => (None, None),
        Extent::Update(previous) => (Some(&previous.model), previous.companion.as_ref()),
    };
    let learn = |before: Option<&Arc<ModelFile>>, series: &[SeriesInput], horizon: usize| match before {
        None => Pool::train(series, horizon, &config, workshop.threads, progress),
        Some(file) => {
            Pool::of(Arc::clone(file))?.update(series, horizon, &config, workshop.threads, progress)
        }
    };
    let pool = learn(before, &days, HORIZON_DAYS)?;
    progress.stage("forecasting: weeks", 0)?;
    let weeks = inputs(Granularity::Week, HORIZON_WEEKS);
    let weekly = learn(before_weekly, &weeks, HORIZON_WEEKS)?;
    let (daily, weekly_report) = (*pool.report(), *weekly.report());
    Ok(Trained {
        model: pool.writer(created(workshop), workshop.seed)?.in_memory()?,
        companion: Some((WEEKLY, weekly.writer(created(workshop), workshop.seed)?.in_memory()?)),
        data_size: days.len() as u64,
        metric: metric(&weekly_report),
        extra: vec![
            ("bias", weekly_report.bias),
            ("coverage_90", weekly_report.coverage),
            ("daily_wape", daily.wape),
            ("daily_baseline_wape", daily.baseline_wape),
            ("daily_bias", daily.bias),
            ("daily_coverage_90", daily.coverage),
        ],
    })
}

/// The figure that speaks for the model is that of weeks: of a day on which a slow product sells nothing or one, no forecast
/// is good, and every method looks alike. None where nothing was sold to measure it on: an error of nothing would never be beaten.
fn metric(report: &PoolReport) -> Option<Metric> {
    (report.held_out > 0).then(|| Metric {
        name: "wape".to_owned(),
        value: report.wape,
        baseline: report.baseline_wape,
        baseline_name: "seasonal_naive".to_owned(),
        better: "lower".to_owned(),
        held_out: report.held_out,
    })
}

/// Product rows with enough history that still sell, thinned evenly to the most the pool takes.
pub(super) fn choose(sales: &Sales) -> Vec<usize> {
    let today = sales.last_day();
    let long = |product: &usize| {
        daily(sales.of(*product), today).is_some_and(|series| series.units.len() >= LEAST_DAYS)
    };
    let sells = |product: &usize| {
        let newest = sales.of(*product).iter().map(|sale| sale.day).max();
        newest.is_some_and(|day| today - day <= LONGEST_SILENCE)
    };
    let all: Vec<usize> = (0..sales.products()).filter(|one| sells(one) && long(one)).collect();
    let step = all.len().div_ceil(MOST_SERIES).max(1);
    all.into_iter().step_by(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::sales::Sale;

    #[test]
    fn what_sold_last_years_ago_takes_no_place() {
        let product = |from: i32, to: i32| -> Vec<Sale> {
            (from..=to).map(|day| Sale { day, units: 1.0, ..Sale::default() }).collect()
        };
        let sales =
            Sales::of_products(&[product(0, 100), product(0, 700), product(990, 1_000), product(640, 645)]);
        let late = Sales::of_products(&[product(0, 1_000), product(500, 634), product(500, 635)]);
        assert_eq!((choose(&sales), choose(&late)), (vec![1, 3], vec![0, 2]));
    }

    #[test]
    fn an_error_of_nothing_is_no_figure() {
        let report = |held_out| PoolReport {
            series: 20,
            sampled: 20,
            horizon: 4,
            wape: 0.0,
            baseline_wape: 0.0,
            bias: 0.0,
            coverage: 1.0,
            held_out,
        };
        assert!(metric(&report(0)).is_none());
        assert_eq!(metric(&report(80)).map(|metric| metric.held_out), Some(80));
    }
}
