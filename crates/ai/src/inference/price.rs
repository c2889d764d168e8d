//! Price suggestions and the demand curve behind them.

use super::{Advisor, unavailable};
use crate::pricing::{Demand, PriceContext, Rules, Suggestion, optimise, simulate};
use crate::settings::AiSettings;
use meschain_base::{Error, Result};
use meschain_shop::columns::NO_COST;
use meschain_shop::{Database, rows};
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
        let Some(demand) = self.demand_of(row)? else { return Ok(unavailable("no_model")) };
        let context = self.price_context(row, marketplace_id, current)?;
        if context.price <= 0.0 {
            return Ok(unavailable("no_price"));
        }
        let times = |ratio: Option<f64>| ratio.map(|ratio| ratio * context.price);
        let rules = Rules {
            floor: settings.rules.floor.or(times(self.settings.price_floor)),
            ceiling: settings.rules.ceiling.or(times(self.settings.price_ceiling)),
            ..settings.rules.clone()
        };
        let suggestion = optimise(&demand, &context, &rules)?;
        Ok(self.suggestion_answer(&suggestion, settings))
    }

    /// Demand and profit a week of a product row at each price.
    pub fn simulate_prices(&self, row: usize, prices: &[f64]) -> Result<Vec<Value>> {
        if let Some(bad) =
            prices.iter().find(|price| !(price.is_finite() && **price > 0.0 && **price <= HIGHEST_PRICE))
        {
            return Err(Error::argument("prices[]", "a price above 0", bad.to_string()));
        }
        let Some(demand) = self.demand_of(row)? else { return Ok(Vec::new()) };
        let mut context = self.price_context(row, OWN_SHOP, None)?;
        if context.price <= 0.0 {
            // The curve is asked for at given prices; one of them stands in for a catalogue price that is not set.
            context.price = prices.first().copied().unwrap_or(1.0);
        }
        let points = simulate(&demand, &context, prices)?;
        let row = |point: &crate::pricing::PricePoint| json!({ "price": point.price, "units": point.units, "revenue": point.revenue, "profit": point.profit });
        Ok(points.iter().map(row).collect())
    }

    fn demand_of(&self, row: usize) -> Result<Option<Demand>> {
        let model = self.models.prices()?;
        // Group 0: a product the model has not seen sells like the store on average.
        Ok(model.map(|(_, model)| model.demand(u64::from(self.product_id(row)), 0)))
    }

    fn price_context(&self, row: usize, marketplace_id: u32, current: Option<f64>) -> Result<PriceContext> {
        if let Some(price) = current.filter(|price| !(*price > 0.0 && *price <= HIGHEST_PRICE)) {
            return Err(Error::argument("currentPrice", "a price above 0", price.to_string()));
        }
        let products = self.snapshot.products();
        let money = |raw: i64| raw as f64 / 1e4;
        let catalogue = products.price.get(row).map_or(0.0, |raw| money(*raw));
        let mut context = PriceContext::new(current.unwrap_or(catalogue));
        context.cost = products.cost.get(row).filter(|raw| **raw != NO_COST).map(|raw| money(*raw));
        context.stock = products.quantity.get(row).map(|quantity| f64::from((*quantity).max(0)));
        context.weekly_units = self.weekly_units(row);
        context.shipping = self.settings.shipping_cost;
        context.lead_time_weeks = self.settings.lead_days as f64 / 7.0;
        // Catalogue prices, paid prices and costs are all without KDV.
        context.price_includes_kdv = false;
        context.kdv_rate = 0.0;
        if let Some(database) = self.database {
            self.add_market(database, self.product_id(row), marketplace_id, &mut context)?;
        }
        Ok(context)
    }

    /// What the marketplace keeps and what competitors ask. The tax is read only where one of them is of the price with tax.
    fn add_market(
        &self,
        database: &Database,
        product_id: u32,
        marketplace_id: u32,
        context: &mut PriceContext,
    ) -> Result<()> {
        if marketplace_id != OWN_SHOP {
            (context.commission, context.fixed_fee) = fees(database, marketplace_id)?;
        }
        if self.settings.competitor_guard.is_some() {
            context.competitors = competitors(database, product_id, marketplace_id)?;
        }
        if context.commission > 0.0 || !context.competitors.is_empty() {
            context.kdv_rate = tax_rate(database, product_id)?;
            let with_tax = 1.0 + context.kdv_rate;
            context.competitors.iter_mut().for_each(|price| *price /= with_tax);
        }
        Ok(())
    }

    fn suggestion_answer(&self, suggestion: &Suggestion, settings: &PriceSettings) -> Value {
        let until =
            jiff::Timestamp::from_second(self.now.as_second().saturating_add(settings.update_frequency));
        let until = until.unwrap_or(self.now).to_zoned(self.zone());
        json!({
            "available": true,
            "current_price": suggestion.current_price,
            "suggested_price": suggestion.suggested_price,
            "change_percentage": suggestion.change_percentage * 100.0,
            "expected_impact": {
                "demand_change": suggestion.demand_change,
                "profit_change": suggestion.profit_change,
                "profit_change_lower": suggestion.profit_change_lower,
                "weekly_units": suggestion.weekly_units,
                "weekly_profit": suggestion.weekly_profit,
            },
            "confidence": suggestion.confidence,
            "valid_until": until.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            "elasticity": {
                "value": suggestion.elasticity.value,
                "lower": suggestion.elasticity.lower,
                "upper": suggestion.elasticity.upper,
            },
            "reason": suggestion.reason,
            "bound_by": suggestion.bound_by,
        })
    }
}

/// The shop's own marketplace id.
const OWN_SHOP: u32 = 1;

/// The rate of tax on a product: the largest percentage of its tax class, whatever the zone; 0 where it has none.
fn tax_rate(database: &Database, product_id: u32) -> Result<f64> {
    let [product, rule, rate] = ["product", "tax_rule", "tax_rate"].map(|name| database.table(name));
    let sql = format!(
        "SELECT CAST(MAX(r.rate) AS DOUBLE) / 100 FROM {product} p JOIN {rule} u USING (tax_class_id) \
         JOIN {rate} r USING (tax_rate_id) WHERE p.product_id = ? AND r.type = 'P'"
    );
    let found: Option<Option<f64>> = rows::first(&mut database.connection()?, &sql, (product_id,))?;
    Ok(found.flatten().unwrap_or(0.0).clamp(0.0, 1.0))
}

/// What competitors asked in the last thirty days, with tax.
fn competitors(database: &Database, product_id: u32, marketplace_id: u32) -> Result<Vec<f64>> {
    let sql = "SELECT CAST(price AS DOUBLE) FROM meschain_competitor_prices WHERE product_id = ? AND marketplace_id = ? \
               AND seen_at > UTC_TIMESTAMP() - INTERVAL 30 DAY AND price > 0";
    rows::all(&mut database.connection()?, sql, (product_id, marketplace_id))
}

/// Commission (ratio) and fixed fee of a marketplace.
fn fees(database: &Database, marketplace_id: u32) -> Result<(f64, f64)> {
    let sql = "SELECT CAST(commission_rate AS DOUBLE), CAST(fixed_fee AS DOUBLE) FROM meschain_marketplaces \
               WHERE marketplace_id = ?";
    let found: Option<(f64, f64)> = rows::first(&mut database.connection()?, sql, (marketplace_id,))?;
    found.ok_or_else(|| Error::NotFound { what: "marketplace", id: marketplace_id.to_string() })
}
