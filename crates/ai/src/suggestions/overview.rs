//! What the models did for the shop: what waits, what was decided, what it earned.

use super::Store;
use crate::data::sales::{Sale, Sales};
use crate::inference::Advisor;
use meschain_base::Result;
use meschain_shop::columns::NO_COST;
use meschain_shop::rows;
use serde_json::{Value, json};

/// Days before and after a price change that are compared.
const WINDOW: i32 = 28;
/// Days after a change from which there is something to compare.
const LEAST_DAYS: i32 = 14;
/// Changes below which a sum says nothing.
const LEAST_CHANGES: usize = 5;
/// Changes that are looked at, the newest.
const MOST_CHANGES: u32 = 500;
/// Quantile of the normal distribution for 90 %.
const NORMAL_90: f64 = 1.645;

/// The figures of the dashboard: `counts`, `decided` (30 and 90 days), `acceptance`, `estimated_gain`, `realised`, `alerts`.
pub fn overview(advisor: Option<&Advisor<'_>>, store: &Store) -> Result<Value> {
    store.tidy()?;
    let decided = |days: u32| -> Result<Value> {
        let sql = "SELECT COALESCE(SUM(status = 'applied'), 0), COALESCE(SUM(status = 'applied' AND is_changed), 0), \
                   COALESCE(SUM(status = 'rejected'), 0), COALESCE(SUM(status = 'undone'), 0), \
                   COALESCE(CAST(SUM(IF(status = 'applied', expected_gain, 0)) AS DOUBLE), 0) \
                   FROM meschain_ai_suggestions WHERE decided_at >= UTC_TIMESTAMP() - INTERVAL ? DAY";
        let found: Option<(u64, u64, u64, u64, f64)> =
            rows::first(&mut store.database.connection()?, sql, (days,))?;
        let (applied, changed, rejected, undone, gain) = found.unwrap_or_default();
        let all = applied + rejected + undone;
        let acceptance = (all > 0).then(|| applied as f64 / all as f64);
        Ok(
            json!({ "days": days, "applied": applied, "changed": changed, "rejected": rejected, "undone": undone,
            "acceptance": acceptance, "estimated_gain": gain }),
        )
    };
    let alerts: Vec<(u64, String, String, String)> = rows::all(
        &mut store.database.connection()?,
        "SELECT alert_id, severity, title, DATE_FORMAT(created_at, '%Y-%m-%dT%TZ') FROM meschain_system_alerts \
         WHERE is_resolved = 0 ORDER BY alert_id DESC LIMIT 10",
        (),
    )?;
    let alerts: Vec<Value> = alerts
        .into_iter()
        .map(|(id, severity, title, at)| json!({ "alert_id": id, "severity": severity, "title": title, "at": at }))
        .collect();
    Ok(json!({
        "counts": store.counts()?,
        "decided": [decided(30)?, decided(90)?],
        "realised": advisor.map(|advisor| realised(advisor, store)).transpose()?.unwrap_or_else(too_early),
        "alerts": alerts,
    }))
}

fn too_early() -> Value {
    json!({ "available": false, "reason": "too_early", "needed": LEAST_CHANGES, "found": 0 })
}

/// What applied prices did to profit a week: each product's profit after the change less what it would have been, had it moved
/// like all other products together (difference in differences), over up to four weeks before and after. The interval holds 90 %.
fn realised(advisor: &Advisor<'_>, store: &Store) -> Result<Value> {
    let sql = "SELECT product_id, TIMESTAMPDIFF(DAY, '1970-01-01', decided_at) FROM meschain_ai_suggestions \
               WHERE kind = 'price' AND status = 'applied' AND decided_at IS NOT NULL ORDER BY decided_at DESC LIMIT ?";
    let changes: Vec<(u32, i32)> = rows::all(&mut store.database.connection()?, sql, (MOST_CHANGES,))?;
    let scope = advisor.scope(None)?;
    let ripe = |day: &i32| scope.last_day() - day >= LEAST_DAYS;
    if changes.iter().filter(|(_, day)| ripe(day)).count() < LEAST_CHANGES {
        return Ok(too_early());
    }
    let sales = Sales::read(&scope)?;
    let products = advisor.snapshot.products();
    let cost = |row: usize| {
        products.cost.get(row).filter(|raw| **raw != NO_COST).map_or(0.0, |raw| *raw as f64 / 1e4)
    };
    let shop = DailyProfit::of((0..sales.products()).flat_map(|row| {
        let cost = cost(row);
        sales.of(row).iter().map(move |sale| (sale.day, profit(sale, cost)))
    }));
    let gains: Vec<f64> = changes
        .iter()
        .filter(|(_, day)| ripe(day))
        .filter_map(|(product, day)| {
            let row = products.find(*product)?;
            let own = DailyProfit::of(sales.of(row).iter().map(|sale| (sale.day, profit(sale, cost(row)))));
            let days = WINDOW.min(scope.last_day() - day);
            let (before, after) = (own.sum(day - days, *day), own.sum(day + 1, day + 1 + days));
            let others = |from, to| shop.sum(from, to) - own.sum(from, to);
            let (shop_before, shop_after) = (others(day - days, *day), others(day + 1, day + 1 + days));
            let usual = if shop_before > 0.0 { before * shop_after / shop_before } else { before };
            Some((after - usual) / f64::from(days) * 7.0)
        })
        .collect();
    if gains.len() < LEAST_CHANGES {
        return Ok(too_early());
    }
    let count = gains.len() as f64;
    let mean = gains.iter().sum::<f64>() / count.max(1.0);
    let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (count - 1.0).max(1.0);
    let (sum, half) = (mean * count, NORMAL_90 * (variance * count).sqrt());
    Ok(
        json!({ "available": true, "changes": gains.len(), "gain_a_week": sum, "lower": sum - half, "upper": sum + half }),
    )
}

fn profit(sale: &Sale, cost: f64) -> f64 {
    f64::from(sale.units) * (f64::from(sale.price) - cost)
}

/// Profit by day, to be summed over ranges of days.
struct DailyProfit {
    first: i32,
    /// Sum of everything before each day.
    before: Vec<f64>,
}

impl DailyProfit {
    fn of(sales: impl Iterator<Item = (i32, f64)>) -> Self {
        let mut days: Vec<(i32, f64)> = sales.collect();
        days.sort_unstable_by_key(|(day, _)| *day);
        let first = days.first().map_or(0, |(day, _)| *day);
        let last = days.last().map_or(-1, |(day, _)| *day);
        let mut before = vec![0.0; usize::try_from(last - first + 2).unwrap_or(1)];
        for (day, profit) in days {
            if let Some(sum) = usize::try_from(day - first + 1).ok().and_then(|at| before.get_mut(at)) {
                *sum += profit;
            }
        }
        let mut sum = 0.0;
        for day in &mut before {
            sum += *day;
            *day = sum;
        }
        Self { first, before }
    }

    /// Profit of the days from `from` to the day before `to`.
    fn sum(&self, from: i32, to: i32) -> f64 {
        let until = |day: i32| {
            let at = usize::try_from((day - self.first).max(0)).unwrap_or(0);
            self.before.get(at.min(self.before.len().saturating_sub(1))).copied().unwrap_or(0.0)
        };
        until(to) - until(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profit_is_summed_over_any_range() {
        let days = DailyProfit::of([(10, 1.0), (12, 4.0), (10, 2.0)].into_iter());
        assert_eq!(days.sum(10, 11), 3.0);
        assert_eq!(days.sum(11, 13), 4.0);
        assert_eq!(days.sum(0, 100), 7.0);
        assert_eq!(DailyProfit::of(std::iter::empty()).sum(0, 5), 0.0);
    }
}
