//! The price model on the complete weeks since: units at the prices that were asked.

use super::{Scored, Since};
use crate::data::calendar::monday_of;
use crate::data::{Calendar, Sales, Scope};
use crate::model_file::ModelFile;
use crate::pricing::{PriceModel, PriceWeek, ProductHistory};
use crate::training::price_days::Hints;
use crate::training::price_weeks::{GROUPS, add_groups, asked, learnable};
use crate::training::pricing::OFFER;
use meschain_base::{Progress, Result};
use std::sync::Arc;

/// Product weeks below which nothing is concluded.
const LEAST: u64 = 50;

/// WAPE over the product weeks of the slice, of products that the model knows; weeks that training leaves out, too, say nothing of a model.
pub fn score(since: &Since<'_>, model: &Arc<ModelFile>, progress: &Progress) -> Result<Option<Scored>> {
    let workshop = since.workshop;
    let scope = Scope::new(workshop.snapshot, workshop.timezone, workshop.clock.now().as_second(), None)?;
    let first = monday_of(Calendar::new(workshop.timezone)?.day(since.second)) / 7 + 1;
    let model = PriceModel::of(Arc::clone(model))?;
    let sales = Sales::read(&scope)?.at_usual_terms(model.terms(), workshop.threads, progress)?;
    let knows = |covariate: &str| model.covariates().iter().any(|name| name == covariate);
    let mut histories = Vec::new();
    for (row, id) in workshop.snapshot.products().product_id.iter().enumerate() {
        progress.check()?;
        let (hints, id) = (Hints::of(workshop.snapshot, *id), u64::from(*id));
        let group = model.category_of(id).unwrap_or_default();
        let elasticity = model.demand(id, group).elasticity.value;
        let weeks = asked(sales.of(row), &hints, sales.last_day(), elasticity, knows(OFFER));
        histories.push(ProductHistory { id, group, weeks: learnable(weeks, &hints.known) });
    }
    if GROUPS.into_iter().all(knows) {
        add_groups(&mut histories, workshop.snapshot);
    }
    let (mut missed, mut sold, mut rows) = (0.0, 0.0, 0);
    for history in &histories {
        let since = |week: &PriceWeek| week.week >= first && week.price > 0.0;
        for (at, week) in history.weeks.iter().enumerate().filter(|(_, week)| since(week)) {
            missed += (model.predict(history.id, week, history.prices_before(at)) - week.units).abs();
            sold += week.units;
            rows += 1;
        }
    }
    Ok((rows >= LEAST && sold > 0.0).then(|| Scored { value: missed / sold, rows }))
}
