//! From a forecast to stock: cover, the day it runs out, when and how much to order.

use super::series::Granularity;
use super::single::Forecast;
use jiff::ToSpan;
use jiff::civil::Date;
use meschain_base::{Error, Result};

/// What is in stock and how it is replenished. Times are in periods of the forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct StockInput {
    /// Units on hand; below zero what is owed to customers.
    pub quantity: f64,
    /// Units ordered and not yet here.
    pub on_order: f64,
    /// Periods from order to arrival.
    pub lead_time: f64,
    /// Periods between two looks at the stock (0: watched all the time).
    pub review: f64,
    /// Wanted probability of not running out before the next delivery, 0.5 to 0.995.
    pub service_level: f64,
    /// First day of the forecast; gives the stock-out a date.
    pub start: Option<Date>,
    /// Length of a period.
    pub granularity: Granularity,
}

/// What follows for the stock.
#[derive(Debug, Clone, PartialEq)]
pub struct StockPlan {
    /// Periods until the units on hand are sold at the expected rate; 0 while units are owed. None when nothing is expected to sell.
    pub cover: Option<f64>,
    /// The same in days.
    pub days_of_cover: Option<f64>,
    /// Day on which the last unit is expected to go, the first day when it has gone already; None without a start or a cover.
    pub stock_out_date: Option<Date>,
    /// Order when units on hand and on order fall to this.
    pub reorder_point: f64,
    /// Whole units to order now; 0 while above the reorder point.
    pub reorder_quantity: f64,
}

/// Plans the stock of one product: an order-up-to policy with periodic review (Silver, Pyke and Thomas 2017), the safety
/// stock read from the measured distribution of summed forecast errors instead of a normal one.
pub fn plan(forecast: &Forecast, stock: &StockInput) -> Result<StockPlan> {
    check(stock)?;
    let cover = cover(&forecast.values, stock.quantity);
    let days = cover.map(|periods| periods * stock.granularity.days());
    let date =
        stock.start.zip(days).map(|(start, days)| start.saturating_add((days.min(36_500.0) as i64).days()));
    let needed = |periods: f64| -> f64 {
        let expected = demand(&forecast.values, periods);
        (expected + forecast.spread.error(stock.service_level, periods)).max(0.0)
    };
    let reorder_point = needed(stock.lead_time + stock.review);
    let position = stock.quantity + stock.on_order;
    // Ordered for one horizon: up to the need of lead time, review and what is sold until the next order.
    let cycle = stock.review.max(1.0).max(forecast.values.len() as f64 / 2.0);
    let reorder_quantity = if position > reorder_point {
        0.0
    } else {
        (needed(stock.lead_time + stock.review + cycle) - position).max(0.0).ceil()
    };
    Ok(StockPlan { cover, days_of_cover: days, stock_out_date: date, reorder_point, reorder_quantity })
}

fn check(stock: &StockInput) -> Result<()> {
    let amounts = [
        ("quantity", stock.quantity, 1e12),
        ("on_order", stock.on_order, 1e12),
        ("lead_time", stock.lead_time, 10_000.0),
        ("review", stock.review, 10_000.0),
    ];
    for (name, value, most) in amounts {
        // OpenCart lets stock go below zero (back orders).
        let least = if name == "quantity" { -most } else { 0.0 };
        if !value.is_finite() || value < least || value > most {
            return Err(Error::argument(name, format!("{least} to {most}"), value.to_string()));
        }
    }
    if !(0.5..=0.995).contains(&stock.service_level) {
        return Err(Error::argument("service_level", "0.5 to 0.995", stock.service_level.to_string()));
    }
    Ok(())
}

/// Expected demand of the first `periods` periods; beyond the horizon the mean goes on.
fn demand(values: &[f64], periods: f64) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let whole = periods.floor().max(0.0) as usize;
    let within: f64 = values.iter().take(whole).sum();
    let beyond = whole.saturating_sub(values.len()) as f64 * mean;
    let part = periods - periods.floor();
    within + beyond + part * values.get(whole).copied().unwrap_or(mean)
}

/// Periods until `quantity` units are sold.
fn cover(values: &[f64], quantity: f64) -> Option<f64> {
    if quantity < 0.0 {
        return Some(0.0);
    }
    let mut left = quantity;
    let mut periods = 0.0;
    for value in values {
        if *value >= left && *value > 0.0 {
            return Some(periods + left / value);
        }
        left -= value;
        periods += 1.0;
    }
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    (mean > 0.0).then(|| periods + left / mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{Config, SeriesInput, forecast};
    use jiff::civil::date;

    fn steady() -> Forecast {
        let series = SeriesInput::new(vec![4.0; 100], Granularity::Day);
        forecast(&series, 14, &Config::default(), None).unwrap()
    }

    fn input(quantity: f64) -> StockInput {
        StockInput {
            quantity,
            on_order: 0.0,
            lead_time: 5.0,
            review: 0.0,
            service_level: 0.95,
            start: Some(date(2026, 11, 22)),
            granularity: Granularity::Day,
        }
    }

    #[test]
    fn steady_sales_run_out_when_they_should() {
        let plan = plan(&steady(), &input(40.0)).unwrap();
        assert!((plan.days_of_cover.unwrap() - 10.0).abs() < 0.3, "{plan:?}");
        assert!(plan.stock_out_date.unwrap() >= date(2026, 12, 1));
        assert!(plan.reorder_point >= 19.5 && plan.reorder_point < 24.0, "{plan:?}");
        assert_eq!(plan.reorder_quantity, 0.0);
        let beyond = super::plan(&steady(), &input(400.0)).unwrap();
        assert!((beyond.cover.unwrap() - 100.0).abs() < 3.0);
    }

    #[test]
    fn a_low_stock_is_ordered_and_a_higher_service_level_orders_more() {
        let low = plan(&steady(), &input(3.0)).unwrap();
        assert!(low.reorder_quantity > 20.0 && low.reorder_quantity.fract() == 0.0);
        let safer = plan(&steady(), &StockInput { service_level: 0.99, ..input(3.0) }).unwrap();
        assert!(safer.reorder_point > low.reorder_point);
        let fewer = plan(&steady(), &StockInput { on_order: 10.0, ..input(3.0) }).unwrap();
        let enough = plan(&steady(), &StockInput { on_order: 500.0, ..input(3.0) }).unwrap();
        assert_eq!(enough.reorder_quantity, 0.0);
        assert_eq!(fewer.reorder_quantity, low.reorder_quantity - 10.0);
    }

    #[test]
    fn what_is_owed_is_ordered_too_and_the_stock_has_run_out() {
        let none = plan(&steady(), &input(0.0)).unwrap();
        let owed = plan(&steady(), &input(-7.0)).unwrap();
        assert_eq!(owed.reorder_quantity, none.reorder_quantity + 7.0);
        assert_eq!(owed.reorder_point, none.reorder_point);
        assert_eq!((owed.days_of_cover, owed.stock_out_date), (Some(0.0), input(0.0).start));
        // What is on its way goes to those who wait first.
        let coming = plan(&steady(), &StockInput { on_order: 17.0, ..input(-7.0) }).unwrap();
        assert_eq!(coming.reorder_quantity, plan(&steady(), &input(10.0)).unwrap().reorder_quantity);
    }

    #[test]
    fn no_demand_needs_no_stock_and_bad_input_is_named() {
        let none = forecast(&SeriesInput::new(vec![0.0; 60], Granularity::Day), 14, &Config::default(), None)
            .unwrap();
        let plan = plan(&none, &input(5.0)).unwrap();
        assert_eq!((plan.cover, plan.stock_out_date), (None, None));
        let owed = super::plan(&none, &input(-7.0)).unwrap();
        assert!(owed.reorder_quantity >= 7.0 && owed.cover == Some(0.0), "{owed:?}");
        let wrong = super::plan(&none, &StockInput { service_level: 2.0, ..input(5.0) });
        assert!(matches!(wrong, Err(Error::Argument { name, .. }) if name == "service_level"));
    }
}
