//! Trains the price model: weekly units and paid prices of each product, pooled by category.

use super::publish::{Trained, created};
use super::{Extent, Workshop};
use crate::data::calendar::monday_of;
use crate::data::sales::Sale;
use crate::data::{Sales, Scope, catalogue};
use crate::pricing::{PriceModel, PriceWeek, ProductHistory, TrainConfig};
use crate::registry::Metric;
use meschain_base::{Error, Progress, Result};
use std::sync::Arc;

/// Weeks of history that are used: two years.
const MOST_WEEKS: usize = 104;
/// Weeks a product must have to teach anything.
const LEAST_WEEKS: usize = 8;
/// Products the model needs.
const LEAST_PRODUCTS: usize = 5;

/// Trains on every product with at least eight weeks on sale.
pub(crate) fn train(workshop: &Workshop<'_>, extent: Extent<'_>, progress: &Progress) -> Result<Trained> {
    progress.stage("pricing: sales", 0)?;
    let scope = Scope::new(workshop.snapshot, workshop.timezone, workshop.clock.now().as_second(), None)?;
    let sales = Sales::read(&scope)?;
    let groups = catalogue::main_categories(
        workshop.database,
        workshop.snapshot.dictionaries().default_language_id,
        progress,
    )?;
    let ids = workshop.snapshot.products().product_id;
    let histories: Vec<ProductHistory> = ids
        .iter()
        .enumerate()
        .map(|(row, id)| ProductHistory {
            id: u64::from(*id),
            group: groups.get(id).map_or(0, |category| u64::from(*category)),
            weeks: weeks(sales.of(row), sales.last_day()),
        })
        .filter(|history| history.weeks.len() >= LEAST_WEEKS)
        .collect();
    if histories.len() < LEAST_PRODUCTS {
        let (what, unit) = ("price suggestions", "products sold for eight weeks");
        return Err(Error::NotEnoughData {
            what,
            unit,
            needed: LEAST_PRODUCTS as u64,
            found: histories.len() as u64,
        });
    }
    progress.stage("pricing: elasticities", histories.len() as u64)?;
    let config = TrainConfig { seed: workshop.seed, ..TrainConfig::default() };
    let model = match extent {
        Extent::Full => PriceModel::train(&histories, &config, workshop.threads, progress)?,
        Extent::Update(previous) => {
            let before = PriceModel::of(Arc::clone(&previous.model))?;
            before.update(&histories, &config, workshop.threads, progress)?
        }
    };
    let report = model.report();
    Ok(Trained {
        metric: Some(Metric {
            name: "wape".to_owned(),
            value: report.wape,
            baseline: report.baseline_wape,
            baseline_name: "recent_mean".to_owned(),
            better: "lower".to_owned(),
            held_out: report.held_out,
        }),
        extra: Vec::new(),
        data_size: histories.len() as u64,
        companion: None,
        model: model.writer(created(workshop), workshop.seed)?.in_memory()?,
    })
}

/// Number of the last complete week, as [`weeks`] counts.
pub fn last_week(last_day: i32) -> i32 {
    monday_of(last_day + 1).div_euclid(7) - 1
}

/// A product's complete weeks with units and the price paid; a week without sales keeps the price before it.
pub fn weeks(sales: &[Sale], last_day: i32) -> Vec<PriceWeek> {
    let Some(first) = sales.iter().map(|sale| monday_of(sale.day)).min() else { return Vec::new() };
    let count = usize::try_from((monday_of(last_day + 1) - first).div_euclid(7)).unwrap_or(0);
    let mut sums = vec![(0.0_f64, 0.0_f64); count];
    for sale in sales.iter().filter(|sale| sale.units > 0.0 && sale.price > 0.0) {
        let place = usize::try_from((sale.day - first).div_euclid(7)).ok();
        if let Some((units, paid)) = place.and_then(|place| sums.get_mut(place)) {
            *units += f64::from(sale.units);
            *paid += f64::from(sale.units) * f64::from(sale.price);
        }
    }
    let mut price = sums.iter().find(|(units, _)| *units > 0.0).map_or(0.0, |(units, paid)| paid / units);
    let mut weeks = Vec::with_capacity(count);
    for (index, (units, paid)) in (0_i32..).zip(sums) {
        if units > 0.0 {
            price = paid / units;
        }
        weeks.push(PriceWeek { week: first / 7 + index, units, price, covariates: Vec::new() });
    }
    let skip = weeks.len().saturating_sub(MOST_WEEKS);
    weeks.split_off(skip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_without_sales_keeps_the_price() {
        let sale = |day, units, price| Sale { day, units, price };
        // Day 4 is a Monday.
        let sales = [sale(4, 1.0, 10.0), sale(5, 3.0, 6.0), sale(18, 2.0, 8.0)];
        let weeks = weeks(&sales, 24);
        let shown: Vec<_> = weeks.iter().map(|week| (week.units, week.price)).collect();
        assert_eq!(shown, [(4.0, 7.0), (0.0, 7.0), (2.0, 8.0)]);
        assert_eq!(weeks.last().unwrap().week, last_week(24));
        assert!(weeks.windows(2).all(|pair| pair[1].week == pair[0].week + 1));
    }
}
