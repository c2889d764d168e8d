//! Price suggestions and the demand curve behind them.

use super::pricer::Pricer;
use super::{Advisor, unavailable};
use crate::pricing::{PlanFeatures, PricePoint, Rules, Suggestion, optimise, simulate};
use crate::settings::AiSettings;
use meschain_base::{Error, Result};
use serde_json::{Value, json};

/// Highest price that is looked at, in units of the default currency.
const HIGHEST_PRICE: f64 = 1e9;

/// What a shop sets for its prices.
#[derive(Debug, Clone)]
pub struct PriceSettings {
    /// The rules of the optimiser.
    pub rules: Rules,
    /// Seconds a suggestion holds.
    pub update_frequency: i64,
}

impl PriceSettings {
    /// As the shop has set them. Floor and ceiling are ratios of the price now and are made prices in [`Advisor::price`].
    pub fn of(settings: &AiSettings) -> Self {
        let rules = Rules {
            change_limit: settings.price_change_limit,
            margin_min: settings.profit_margin_min,
            min_gain: settings.price_min_gain,
            ending: settings.price_ending.parse().ok(),
            competitor_band: settings.competitor_guard,
            ..Rules::default()
        };
        Self { rules, update_frequency: i64::try_from(settings.price_update_seconds).unwrap_or(3_600) }
    }
}

/// What one caller wants otherwise than the shop has set.
#[derive(Debug, Clone, Default)]
pub struct PriceOverrides {
    /// Largest change at once.
    pub change_limit: Option<f64>,
    /// Least margin over cost.
    pub margin_min: Option<f64>,
    /// Seconds a suggestion holds.
    pub update_frequency: Option<i64>,
}

impl PriceOverrides {
    /// The shop's settings with these in their place.
    pub fn over(&self, settings: &AiSettings) -> PriceSettings {
        let mut found = PriceSettings::of(settings);
        found.rules.change_limit = self.change_limit.unwrap_or(found.rules.change_limit);
        found.rules.margin_min = self.margin_min.unwrap_or(found.rules.margin_min);
        found.update_frequency = self.update_frequency.unwrap_or(found.update_frequency);
        found
    }
}

impl Default for PriceSettings {
    fn default() -> Self {
        Self { rules: Rules::default(), update_frequency: 3_600 }
    }
}

impl Advisor<'_> {
    /// The suggestion for a product row on a marketplace; `current` is the price now, the catalogue's when not given.
    pub fn price(
        &self,
        row: usize,
        marketplace_id: u32,
        current: Option<f64>,
        settings: &PriceSettings,
    ) -> Result<Value> {
        if let Some(price) = current.filter(|price| !(*price > 0.0 && *price <= HIGHEST_PRICE)) {
            return Err(Error::argument("currentPrice", "a price above 0", price.to_string()));
        }
        let Some(pricer) = Pricer::new(self, marketplace_id)? else { return Ok(unavailable("no_model")) };
        let id = self.product_id(row);
        // A rule that needs the database is not broken while it is away: there is no suggestion then.
        let market = match pricer.market(id..=id, &settings.rules, pricer.is_unseen(row)) {
            Err(Error::Database { .. }) => return Ok(unavailable("database_down")),
            other => other?,
        };
        let case = pricer.case(row, current, &market)?;
        if case.context.price <= 0.0 {
            return Ok(unavailable("no_price"));
        }
        let rules = self.rules_at(case.context.price, settings);
        let suggestion = optimise(&case.demand, &case.context, &rules)?;
        Ok(self.suggestion_answer(&suggestion, settings, &pricer.features(&case)))
    }

    /// The rules with floor and ceiling as prices.
    pub(super) fn rules_at(&self, price: f64, settings: &PriceSettings) -> Rules {
        let times = |ratio: Option<f64>| ratio.map(|ratio| ratio * price);
        Rules {
            floor: settings.rules.floor.or(times(self.settings.price_floor)),
            ceiling: settings.rules.ceiling.or(times(self.settings.price_ceiling)),
            ..settings.rules.clone()
        }
    }

    /// Demand and profit a week of a product row at each price, on a marketplace.
    pub fn simulate_prices(&self, row: usize, marketplace_id: u32, prices: &[f64]) -> Result<Vec<Value>> {
        if let Some(bad) =
            prices.iter().find(|price| !(price.is_finite() && **price > 0.0 && **price <= HIGHEST_PRICE))
        {
            return Err(Error::argument("prices[]", "a price above 0", bad.to_string()));
        }
        let Some(pricer) = Pricer::new(self, marketplace_id)? else { return Ok(Vec::new()) };
        let id = self.product_id(row);
        let rules = Rules { min_days_between: 0.0, ..Rules::default() };
        let market = pricer.market(id..=id, &rules, pricer.is_unseen(row))?;
        let mut case = pricer.case(row, None, &market)?;
        if case.context.price <= 0.0 {
            // The curve is asked for at given prices; one of them stands in for a catalogue price that is not set.
            case.context.price = prices.first().copied().unwrap_or(1.0);
        }
        let points = simulate(&case.demand, &case.context, prices)?;
        let row = |point: &PricePoint| {
            json!({
                "price": point.price, "units": point.units, "revenue": point.revenue, "profit": point.profit,
                "units_lower": point.units_range.0, "units_upper": point.units_range.1,
                "profit_lower": point.profit_range.0, "profit_upper": point.profit_range.1,
            })
        };
        Ok(points.iter().map(row).collect())
    }

    fn suggestion_answer(
        &self,
        suggestion: &Suggestion,
        settings: &PriceSettings,
        features: &PlanFeatures,
    ) -> Value {
        let until =
            jiff::Timestamp::from_second(self.now.as_second().saturating_add(settings.update_frequency));
        let until = until.unwrap_or(self.now).to_zoned(self.zone());
        let (impact, elasticity) = shown_parts(suggestion);
        json!({
            "available": true,
            "current_price": suggestion.current_price,
            "suggested_price": suggestion.suggested_price,
            "change_percentage": suggestion.change_percentage * 100.0,
            "expected_impact": impact,
            "confidence": suggestion.confidence,
            "valid_until": until.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            "list_price": suggestion.list_price,
            "list_follows": suggestion.list_follows,
            "elasticity": elasticity,
            "reason": suggestion.reason,
            "bound_by": suggestion.bound_by,
            "features": features,
        })
    }
}

/// What a suggestion is expected to do, and the elasticity behind it, as pages take them.
pub(crate) fn shown_parts(suggestion: &Suggestion) -> (Value, Value) {
    let impact = json!({
        "demand_change": suggestion.demand_change,
        "profit_change": suggestion.profit_change,
        "profit_change_lower": suggestion.profit_change_lower,
        "weekly_units": suggestion.weekly_units,
        "weekly_profit": suggestion.weekly_profit,
    });
    let elasticity = suggestion.elasticity;
    (impact, json!({ "value": elasticity.value, "lower": elasticity.lower, "upper": elasticity.upper }))
}
