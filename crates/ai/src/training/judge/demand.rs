//! The forecaster on the days since: forecast from what was known then, held against what sold.

use super::{Scored, Since};
use crate::data::{Known, Sales, Scope};
use crate::forecast::{Config, Granularity, Pool, forecast_batch};
use crate::model_file::ModelFile;
use crate::training::forecasting::{HORIZON_DAYS, choose};
use crate::training::series;
use meschain_base::{Progress, Result};
use std::sync::Arc;

/// Days since the champion's training below which nothing is concluded.
const LEAST_DAYS: usize = 7;
/// Product days below which nothing is concluded.
const LEAST: u64 = 200;

/// WAPE over all product days of the slice, at most the horizon that the pool is fitted for.
pub fn score(since: &Since<'_>, model: &Arc<ModelFile>, progress: &Progress) -> Result<Option<Scored>> {
    let workshop = since.workshop;
    let then = Scope::new(workshop.snapshot, workshop.timezone, since.second, None)?;
    let now = Scope::new(workshop.snapshot, workshop.timezone, workshop.clock.now().as_second(), None)?;
    let days = usize::try_from(now.last_day() - then.last_day()).unwrap_or(0).min(HORIZON_DAYS);
    if days < LEAST_DAYS {
        return Ok(None);
    }
    let (known, all) = (Sales::read(&then)?, Sales::read(&now)?);
    let products = choose(&known);
    let ids = workshop.snapshot.products().product_id;
    let of = |product: usize| Known::of(workshop.snapshot, ids.get(product).copied().unwrap_or(0));
    let input = |product: usize| {
        series::input(known.of(product), of(product), known.last_day(), Granularity::Day, days)
    };
    let (products, inputs): (Vec<usize>, Vec<_>) =
        products.into_iter().filter_map(|product| Some((product, input(product)?))).unzip();
    if (products.len() * days) as u64 <= LEAST {
        return Ok(None);
    }
    let pool = Pool::of(Arc::clone(model))?;
    let answers = forecast_batch(&inputs, days, &Config::default(), Some(&pool), workshop.threads, progress)?;
    let (mut missed, mut sold) = (0.0, 0.0);
    for (product, answer) in products.iter().zip(&answers) {
        let mut actual = vec![0.0; days];
        for sale in all.of(*product) {
            let place = usize::try_from(sale.day - known.last_day() - 1).ok();
            if let Some(units) = place.and_then(|place| actual.get_mut(place)) {
                *units += f64::from(sale.units);
            }
        }
        let conditions = of(*product);
        let closed = |step: usize| conditions.is_closed(known.last_day() + 1 + step as i32);
        let open = |(step, (_, sold)): &(usize, (&f64, &f64))| **sold > 0.0 || !closed(*step);
        for (_, (forecast, actual)) in answer.values.iter().zip(&actual).enumerate().filter(open) {
            missed += (forecast - actual).abs();
            sold += actual;
        }
    }
    Ok((sold > 0.0).then(|| Scored { value: missed / sold, rows: (products.len() * days) as u64 }))
}
