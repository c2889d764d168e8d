//! Forecasts for one product, with what they mean for its stock.

use super::models::Pools;
use super::siblings::Siblings;
use super::{Advisor, unavailable};
use crate::data::calendar::date_of;
use crate::data::{Known, Scope, placeholder_stock};
use crate::forecast::stock::{StockInput, StockPlan, plan};
use crate::forecast::{Config, Forecast, Granularity, Pool, SHORTEST, SeriesInput, forecast};
use crate::training::series::{self, period_start};
use jiff::civil::Date;
use meschain_base::{Error, Result};
use serde_json::{Value, json};
use std::sync::Arc;

/// Periods ahead at most.
pub const LONGEST_HORIZON: usize = 366;
/// Periods of history in the answer.
const HISTORY_SHOWN: usize = 90;
/// Periods of history below which nothing is said.
pub(super) const LEAST_PERIODS: usize = 4;

/// From its name.
pub fn granularity(name: &str) -> Result<Granularity> {
    match name {
        "day" => Ok(Granularity::Day),
        "week" => Ok(Granularity::Week),
        "month" => Ok(Granularity::Month),
        _ => Err(Error::argument("granularity", "day, week or month", format!("\"{name}\""))),
    }
}

pub(super) fn name_of(granularity: Granularity) -> &'static str {
    match granularity {
        Granularity::Day => "day",
        Granularity::Week => "week",
        Granularity::Month => "month",
    }
}

/// What is asked about a product's demand. What is not given is as the shop has set it.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandQuery {
    /// Periods ahead, 1 to [`LONGEST_HORIZON`].
    pub horizon: usize,
    /// Length of a period.
    pub granularity: Granularity,
    /// Sales of one marketplace only. The stock is everybody's, so no plan for it is made then.
    pub marketplace_id: Option<u32>,
    /// Days from order to arrival.
    pub lead_days: Option<u32>,
    /// Wanted probability of not running out, 0.5 to 0.995.
    pub service_level: Option<f64>,
    /// Units ordered and not yet here.
    pub on_order: f64,
}

impl DemandQuery {
    /// All marketplaces, as the shop has set it.
    pub fn new(horizon: usize, granularity: Granularity) -> Self {
        Self {
            horizon,
            granularity,
            marketplace_id: None,
            lead_days: None,
            service_level: None,
            on_order: 0.0,
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        if (1..=LONGEST_HORIZON).contains(&self.horizon) {
            return Ok(());
        }
        let expected = format!("an int from 1 to {LONGEST_HORIZON}");
        Err(Error::argument("horizon", expected, format!("int {}", self.horizon)))
    }
}

/// A product's demand, and what it means for the stock.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// What was sold.
    pub series: SeriesInput,
    /// What will be.
    pub forecast: Forecast,
    /// Of the whole stock; `None` for one marketplace, and where the product does not count its stock.
    pub plan: Option<StockPlan>,
}

/// Why there is no forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoForecast {
    /// Nothing was ever sold, and there is no category to speak for it.
    NeverSold,
    /// So many periods of history.
    Short(usize),
}

impl NoForecast {
    /// As an answer.
    pub fn answer(self) -> Value {
        match self {
            Self::NeverSold => unavailable("never_sold"),
            Self::Short(found) => {
                json!({ "available": false, "reason": "not_enough_data", "needed": LEAST_PERIODS, "found": found })
            }
        }
    }
}

/// What a batch of forecasts reads once.
pub struct Desk<'a> {
    scope: Scope<'a>,
    pools: Option<Arc<Pools>>,
    siblings: Siblings,
}

impl<'a> Desk<'a> {
    /// Which sales are looked at.
    pub fn scope(&self) -> &Scope<'a> {
        &self.scope
    }

    /// What newcomers' categories sell, as far as it was read.
    pub(super) fn siblings(&self) -> &Siblings {
        &self.siblings
    }

    fn pool(&self, granularity: Granularity) -> Option<&Pool> {
        let pools = self.pools.as_deref()?;
        match granularity {
            Granularity::Day => Some(&pools.day),
            Granularity::Week => Some(&pools.week),
            Granularity::Month => None,
        }
    }
}

impl<'a> Advisor<'a> {
    /// Reads what forecasts of one product, or of many, go by.
    pub fn desk(&self, marketplace_id: Option<u32>) -> Result<Desk<'a>> {
        // A pool that is refused must not take the forecast with it: the series speaks for itself.
        let pools = self.models.pools().unwrap_or(None).map(|(_, pools)| pools);
        Ok(Desk { scope: self.scope(marketplace_id)?, pools, siblings: Siblings::default() })
    }

    /// The forecast of a product row of the snapshot.
    pub fn forecast(&self, row: usize, query: &DemandQuery) -> Result<Value> {
        query.check()?;
        let desk = self.desk(query.marketplace_id)?;
        Ok(match self.outlook(&desk, row, query)? {
            Ok(outlook) => self.forecast_answer(row, &outlook, query),
            Err(none) => none.answer(),
        })
    }

    /// The demand of a product row, and the plan for its stock.
    pub fn outlook(
        &self,
        desk: &Desk<'_>,
        row: usize,
        query: &DemandQuery,
    ) -> Result<std::result::Result<Outlook, NoForecast>> {
        query.check()?;
        let known = Known::of(self.snapshot, self.product_id(row));
        let sold = self.series(desk, row, known, query)?;
        let Some(mut series) = sold.or_else(|| self.unsold(desk, row, query)) else {
            return Ok(Err(NoForecast::NeverSold));
        };
        if series.history.len() < SHORTEST {
            series.prior = self.prior(desk, row, query);
        }
        if series.history.len() < LEAST_PERIODS && series.prior.is_none() {
            return Ok(Err(NoForecast::Short(series.history.len())));
        }
        let pool = desk.pool(query.granularity);
        let forecast = forecast(&series, query.horizon, &Config::default(), pool)?;
        let plan = match query.marketplace_id {
            None => self.plan(row, &forecast, query, date_of(desk.scope.last_day() + 1))?,
            Some(_) => None,
        };
        Ok(Ok(Outlook { series, forecast, plan }))
    }

    fn series(
        &self,
        desk: &Desk<'_>,
        row: usize,
        known: Known<'_>,
        query: &DemandQuery,
    ) -> Result<Option<SeriesInput>> {
        let sales = desk.scope.sales_of(row)?;
        Ok(series::input(&sales, known, desk.scope.last_day(), query.granularity, query.horizon))
    }

    pub(super) fn forecast_answer(&self, row: usize, outlook: &Outlook, query: &DemandQuery) -> Value {
        let Outlook { series, forecast, plan } = outlook;
        let mut answer = paths(series, forecast, query.granularity);
        let backtest = forecast.backtest.as_ref().map(|test| {
            json!({ "wape": finite(test.wape), "baseline_wape": finite(test.baseline_wape), "baseline": test.baseline })
        });
        if let Some(map) = answer.as_object_mut() {
            map.insert("product_id".to_owned(), json!(self.product_id(row)));
            map.insert("marketplace_id".to_owned(), json!(query.marketplace_id));
            map.insert("backtest".to_owned(), json!(backtest));
            map.insert("stock".to_owned(), json!(plan.as_ref().map(|plan| self.stock(row, plan, query))));
        }
        answer
    }

    fn plan(
        &self,
        row: usize,
        forecast: &Forecast,
        query: &DemandQuery,
        today: Date,
    ) -> Result<Option<StockPlan>> {
        let Some(quantity) = self.on_hand(row) else { return Ok(None) };
        let (settings, days) = (&self.settings, query.granularity.days());
        let lead_days = query.lead_days.map_or(settings.lead_days as f64, f64::from);
        let input = StockInput {
            quantity: f64::from(quantity),
            on_order: query.on_order,
            lead_time: lead_days / days,
            review: settings.review_days as f64 / days,
            service_level: query.service_level.unwrap_or(settings.service_level),
            start: Some(today),
            granularity: query.granularity,
        };
        plan(forecast, &input).map(Some)
    }

    /// Units on hand, as the snapshot has them; below zero what is owed to customers. `None` where the product does not count its stock.
    pub fn on_hand(&self, row: usize) -> Option<i32> {
        self.snapshot.products().stock(row)
    }

    /// As [`Self::on_hand`]; `None` also where the number says only that there is enough ([`placeholder_stock`]).
    pub fn counted(&self, row: usize) -> Option<i32> {
        let is_placeholder =
            u32::try_from(row).is_ok_and(|row| self.placeholders().binary_search(&row).is_ok());
        self.on_hand(row).filter(|_| !is_placeholder)
    }

    /// Rows of products whose stock counts nothing.
    pub fn placeholders(&self) -> &[u32] {
        self.snapshot.rows_once(placeholder_stock::find)
    }

    /// Units that customers have bought and that are not there: stock below zero.
    pub fn owed(&self, row: usize) -> u32 {
        self.on_hand(row).unwrap_or(0).min(0).unsigned_abs()
    }

    /// Whole units to order where nothing can be forecast: what is owed and not among the units on order.
    pub fn still_owed(&self, row: usize, on_order: f64) -> f64 {
        (f64::from(self.owed(row)) - on_order).ceil().max(0.0)
    }

    /// A plan as an answer.
    pub fn stock(&self, row: usize, plan: &StockPlan, query: &DemandQuery) -> Value {
        json!({
            "quantity": self.on_hand(row),
            "days_of_cover": plan.days_of_cover,
            "stock_out_date": plan.stock_out_date.map(|date| date.to_string()),
            "reorder_point": plan.reorder_point,
            "reorder_quantity": plan.reorder_quantity,
            "on_order": query.on_order,
            "lead_days": query.lead_days.map_or(self.settings.lead_days as f64, f64::from),
            "review_days": self.settings.review_days,
            "service_level": query.service_level.unwrap_or(self.settings.service_level),
        })
    }
}

/// Past and future of a series as an answer.
pub(super) fn paths(series: &SeriesInput, forecast: &Forecast, granularity: Granularity) -> Value {
    let start = series.start.unwrap_or_else(|| date_of(0));
    let date = |period: usize| period_start(start, period, granularity).to_string();
    let length = series.history.len();
    let bands = forecast.values.iter().zip(forecast.lower.iter().zip(&forecast.upper));
    let point = |(step, (value, (lower, upper)))| json!({ "date": date(length + step), "value": value, "lower": lower, "upper": upper });
    let points: Vec<Value> = bands.enumerate().map(point).collect();
    let skip = length.saturating_sub(HISTORY_SHOWN);
    let shown = series.history.iter().enumerate().skip(skip);
    let closed = |period: usize| series.censored.get(period).copied().unwrap_or(false);
    let history: Vec<Value> = shown
        .map(
            |(period, units)| json!({ "date": date(period), "value": units, "out_of_stock": closed(period) }),
        )
        .collect();
    json!({
        "available": true,
        "granularity": name_of(granularity),
        "horizon": forecast.values.len(),
        "method": forecast.method,
        "class": forecast.class.code(),
        "season": forecast.season,
        "points": points,
        "total": forecast.total,
        "total_lower": forecast.total_lower,
        "total_upper": forecast.total_upper,
        "history": history,
        "reasons": forecast.reasons,
    })
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
