//! Forecasts for one product, with what they mean for its stock.

use super::{Advisor, unavailable};
use crate::data::calendar::date_of;
use crate::data::sales::Sale;
use crate::forecast::stock::{StockInput, plan};
use crate::forecast::{Config, Forecast, Granularity, Pool, SeriesInput, forecast};
use crate::training::forecasting::{daily_input, monthly_input, weekly_input};
use jiff::civil::Date;
use meschain_base::{Error, Result};
use serde_json::{Value, json};

/// Periods ahead at most.
pub const LONGEST_HORIZON: usize = 366;
/// Periods of history in the answer.
const HISTORY_SHOWN: usize = 90;
/// Periods of history below which nothing is said.
const LEAST_PERIODS: usize = 4;

/// From its name.
pub fn granularity(name: &str) -> Result<Granularity> {
    match name {
        "day" => Ok(Granularity::Day),
        "week" => Ok(Granularity::Week),
        "month" => Ok(Granularity::Month),
        _ => Err(Error::argument("granularity", "day, week or month", format!("\"{name}\""))),
    }
}

fn name_of(granularity: Granularity) -> &'static str {
    match granularity {
        Granularity::Day => "day",
        Granularity::Week => "week",
        Granularity::Month => "month",
    }
}

fn days_of(granularity: Granularity) -> f64 {
    match granularity {
        Granularity::Day => 1.0,
        Granularity::Week => 7.0,
        Granularity::Month => 30.4375,
    }
}

impl Advisor<'_> {
    /// The forecast of a product row of the snapshot.
    pub fn forecast(&self, row: usize, horizon: usize, granularity: Granularity) -> Result<Value> {
        if !(1..=LONGEST_HORIZON).contains(&horizon) {
            let expected = format!("an int from 1 to {LONGEST_HORIZON}");
            return Err(Error::argument("horizon", expected, format!("int {horizon}")));
        }
        let scope = self.scope(None)?;
        let sales = scope.sales_of(row)?;
        let Some(series) = series(&sales, scope.last_day(), granularity) else {
            return Ok(unavailable("never_sold"));
        };
        if series.history.len() < LEAST_PERIODS {
            let found = series.history.len();
            return Ok(
                json!({ "available": false, "reason": "not_enough_data", "needed": LEAST_PERIODS, "found": found }),
            );
        }
        // A pool that is refused must not take the forecast with it: the series can speak for itself.
        let pools = self.models.pools().unwrap_or(None);
        let pool: Option<&Pool> = pools.as_ref().and_then(|(_, pools)| match granularity {
            Granularity::Day => Some(&pools.day),
            Granularity::Week => Some(&pools.week),
            Granularity::Month => None,
        });
        let result = forecast(&series, horizon, &Config::default(), pool)?;
        self.forecast_answer(row, &series, &result, granularity, date_of(scope.last_day() + 1))
    }

    fn forecast_answer(
        &self,
        row: usize,
        series: &SeriesInput,
        result: &Forecast,
        granularity: Granularity,
        today: Date,
    ) -> Result<Value> {
        let start = series.start.unwrap_or_else(|| date_of(0));
        let date = |period: usize| period_date(start, period, granularity).to_string();
        let length = series.history.len();
        let bands = result.values.iter().zip(result.lower.iter().zip(&result.upper));
        let points: Vec<Value> = bands
            .enumerate()
            .map(|(step, (value, (lower, upper)))| {
                json!({ "date": date(length + step), "value": value, "lower": lower, "upper": upper })
            })
            .collect();
        let skip = length.saturating_sub(HISTORY_SHOWN);
        let history: Vec<Value> = series
            .history
            .iter()
            .enumerate()
            .skip(skip)
            .map(|(period, units)| json!({ "date": date(period), "value": units }))
            .collect();
        let backtest = result.backtest.as_ref().map(|test| {
            json!({ "wape": finite(test.wape), "baseline_wape": finite(test.baseline_wape), "baseline": test.baseline })
        });
        Ok(json!({
            "available": true,
            "product_id": self.product_id(row),
            "granularity": name_of(granularity),
            "horizon": result.values.len(),
            "method": result.method,
            "class": result.class.code(),
            "season": result.season,
            "points": points,
            "total": result.total,
            "total_lower": result.total_lower,
            "total_upper": result.total_upper,
            "history": history,
            "backtest": backtest,
            "stock": self.stock(row, result, today, granularity)?,
            "reasons": result.reasons,
        }))
    }

    fn stock(&self, row: usize, result: &Forecast, today: Date, granularity: Granularity) -> Result<Value> {
        let quantity = self.snapshot.products().quantity.get(row).copied().unwrap_or(0);
        let input = StockInput {
            quantity: f64::from(quantity.max(0)),
            on_order: 0.0,
            lead_time: self.settings.lead_days as f64 / days_of(granularity),
            review: self.settings.review_days as f64 / days_of(granularity),
            service_level: self.settings.service_level,
            start: Some(today),
            granularity,
        };
        let plan = plan(result, &input)?;
        Ok(json!({
            "quantity": quantity,
            "days_of_cover": plan.days_of_cover,
            "stock_out_date": plan.stock_out_date.map(|date| date.to_string()),
            "reorder_point": plan.reorder_point,
            "reorder_quantity": plan.reorder_quantity,
            "lead_days": self.settings.lead_days,
            "review_days": self.settings.review_days,
            "service_level": self.settings.service_level,
        }))
    }

    /// Units a week that are expected of a product row, for pricing; `None` where there is no telling.
    pub fn weekly_units(&self, row: usize) -> Option<f64> {
        let scope = self.scope(None).ok()?;
        let series = weekly_input(&scope.sales_of(row).ok()?, scope.last_day())?;
        let pools = self.models.pools().unwrap_or(None);
        let pool = pools.as_ref().map(|(_, pools)| &pools.week);
        let result = forecast(&series, 4, &Config::default(), pool).ok()?;
        Some(result.total / 4.0)
    }
}

fn series(sales: &[Sale], last_day: i32, granularity: Granularity) -> Option<SeriesInput> {
    match granularity {
        Granularity::Day => daily_input(sales, last_day),
        Granularity::Week => weekly_input(sales, last_day),
        Granularity::Month => monthly_input(sales, last_day),
    }
}

fn period_date(start: Date, period: usize, granularity: Granularity) -> Date {
    let count = i64::try_from(period).unwrap_or(0);
    let span = match granularity {
        Granularity::Day => jiff::Span::new().try_days(count),
        Granularity::Week => jiff::Span::new().try_weeks(count),
        Granularity::Month => jiff::Span::new().try_months(count),
    };
    span.map_or(start, |span| start.saturating_add(span))
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
