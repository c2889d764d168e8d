//! Prices of the whole catalogue: what the optimiser would change, in bounded memory and on all cores.

use super::collect::{keep_best, offer, valid_days};
use super::{Kind, NewSuggestion, Offered, Store};
use crate::inference::market::OWN_SHOP;
use crate::inference::pricer::Pricer;
use crate::inference::{Advisor, price::PriceSettings, price::shown_parts, unavailable};
use crate::pricing::Suggestion;
use meschain_base::{Error, Progress, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Products looked at together: their fees, competitors, tax and categories are read at once.
const TOGETHER: usize = 2_000;
/// Percent of change below which it is not worth a decision.
const LEAST_CHANGE: f64 = 0.5;
/// Stage of the progress.
const STAGE: &str = "suggestions: prices";

/// What the optimiser thinks of a catalogue.
#[derive(Debug, Default)]
pub(super) struct Survey {
    products: u64,
    suggested: u64,
    reasons: BTreeMap<&'static str, u64>,
    gain: f64,
    /// The proposals that gain the most.
    pub best: Vec<NewSuggestion>,
}

/// How a catalogue's prices are gone through.
#[derive(Debug, Clone)]
pub struct OptimiseOptions {
    /// Proposals for the inbox at most, the best ones; with 0 nothing is proposed and only counted.
    pub limit: usize,
    /// The rules.
    pub settings: PriceSettings,
}

/// Goes through the prices of all products on sale and puts the best proposals into the inbox. Answers `{"available": true,
/// "products", "suggested", "unchanged", "by_reason", "expected_profit", "offered": {"new", "refreshed", "muted"}}`; expected_profit is
/// what all suggested changes together gain in a week.
pub fn optimise_prices(
    advisor: &Advisor<'_>,
    options: &OptimiseOptions,
    progress: &Progress,
) -> Result<Value> {
    let Some(mut survey) = survey(advisor, &options.settings, options.limit, progress)? else {
        return Ok(unavailable("no_model"));
    };
    let mut offered = Offered::default();
    if options.limit > 0 {
        let store = Store::new(advisor.database.ok_or(Error::NotConfigured { setting: "database_url" })?);
        store.tidy()?;
        offered = offer(&store, &mut survey.best, options.limit, progress)?;
    }
    Ok(json!({
        "available": true,
        "products": survey.products,
        "suggested": survey.suggested,
        "unchanged": survey.products - survey.suggested,
        "by_reason": survey.reasons,
        "expected_profit": survey.gain,
        "offered": offered,
    }))
}

/// Looks at every product on sale and keeps the best proposals; `None` without a model of prices.
pub(super) fn survey(
    advisor: &Advisor<'_>,
    settings: &PriceSettings,
    limit: usize,
    progress: &Progress,
) -> Result<Option<Survey>> {
    // What is approved goes into the catalogue, which is the own shop's.
    let Some(pricer) = Pricer::new(advisor, OWN_SHOP)? else { return Ok(None) };
    let rows = advisor.on_sale();
    progress.stage(STAGE, rows.len() as u64)?;
    let mut survey = Survey::default();
    for together in rows.chunks(TOGETHER) {
        let found = pricer.suggest(together, settings, progress)?;
        for (row, suggestion) in together.iter().zip(found) {
            survey.take(advisor.product_id(*row), suggestion.as_ref(), &pricer.version);
        }
        keep_best(&mut survey.best, limit);
    }
    Ok(Some(survey))
}

impl Survey {
    fn take(&mut self, product_id: u32, suggestion: Option<&Suggestion>, version: &str) {
        self.products += 1;
        *self.reasons.entry(suggestion.map_or("no_price", |one| one.reason)).or_default() += 1;
        let Some(one) = suggestion.filter(|one| (one.change_percentage * 100.0).abs() >= LEAST_CHANGE) else {
            return;
        };
        self.suggested += 1;
        self.gain += one.weekly_gain;
        self.best.push(proposal(product_id, one, version));
    }
}

/// What the catalogue holds now, as far as it has to be so when the suggestion is written.
fn before(one: &Suggestion) -> Value {
    match (one.list_price, one.list_follows) {
        (Some(list_price), Some(follows)) => {
            json!({ "price": one.current_price, "list_price": list_price, "list_follows": follows })
        }
        (Some(list_price), None) => json!({ "price": one.current_price, "list_price": list_price }),
        _ => json!({ "price": one.current_price }),
    }
}

fn proposal(product_id: u32, one: &Suggestion, version: &str) -> NewSuggestion {
    let (impact, elasticity) = shown_parts(one);
    NewSuggestion {
        kind: Kind::Price,
        product_id,
        marketplace_id: OWN_SHOP,
        before: before(one),
        suggested: json!({ "price": one.suggested_price }),
        reason: json!({
            "code": one.reason, "bound_by": one.bound_by, "change_percentage": one.change_percentage * 100.0,
            "elasticity": elasticity, "expected_impact": impact,
        }),
        confidence: Some(one.confidence),
        expected_gain: Some(one.weekly_gain),
        model_version: Some(version.to_owned()),
        valid_days: valid_days(Kind::Price),
    }
}
