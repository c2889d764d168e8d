//! What applied prices really earned.

use super::Store;
use crate::data::sales::{Sale, Sales};
use crate::inference::Advisor;
use indexmap::IndexMap;
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
/// Share of the shop's profit that must have kept its prices, to compare with.
const LEAST_CONTROL: f64 = 0.05;
/// Quantile of the normal distribution for 90 %.
const NORMAL_90: f64 = 1.645;

/// A price that was applied.
#[derive(Debug, Clone, Copy)]
struct Change {
    /// Row of the product.
    row: usize,
    day: i32,
}

pub(super) fn too_early() -> Value {
    nothing("too_early", 0)
}

fn nothing(reason: &str, found: usize) -> Value {
    json!({ "available": false, "reason": reason, "needed": LEAST_CHANGES, "found": found })
}

/// What applied prices did to profit a week: each product's profit after the change less what it would have been, had it moved
/// like all products together that kept their prices (difference in differences), over up to four weeks before and after. The interval
/// holds 90 %.
pub(super) fn realised(advisor: &Advisor<'_>, store: &Store) -> Result<Value> {
    let sql = "SELECT product_id, TIMESTAMPDIFF(DAY, '1970-01-01', decided_at) FROM meschain_ai_suggestions \
               WHERE kind = 'price' AND status = 'applied' AND decided_at IS NOT NULL ORDER BY decided_at DESC LIMIT ?";
    let applied: Vec<(u32, i32)> = rows::all(&mut store.database.connection()?, sql, (MOST_CHANGES,))?;
    let scope = advisor.scope(None)?;
    let ripe = applied.iter().filter(|(_, day)| scope.last_day() - day >= LEAST_DAYS).count();
    if ripe < LEAST_CHANGES {
        return Ok(too_early());
    }
    let sales = Sales::read(&scope)?;
    let products = advisor.snapshot.products();
    let change = |(product, day): &(u32, i32)| Some(Change { row: products.find(*product)?, day: *day });
    let changes: Vec<Change> = applied.iter().filter_map(change).collect();
    let cost = |row: usize| {
        products.cost.get(row).filter(|raw| **raw != NO_COST).map_or(0.0, |raw| *raw as f64 / 1e4)
    };
    let profits = |row: usize| {
        let cost = cost(row);
        sales.of(row).iter().map(move |sale| (sale.day, profit(sale, cost)))
    };
    let shop = DailyProfit::of((0..sales.products()).flat_map(profits));
    let own = changes.iter().map(|change| (change.row, DailyProfit::of(profits(change.row)))).collect();
    Ok(summary(&gains(&changes, &shop, &own, scope.last_day())))
}

fn profit(sale: &Sale, cost: f64) -> f64 {
    f64::from(sale.units) * (f64::from(sale.price) - cost)
}

/// Profit a week that each change brought, of those that are old enough and have something beside them that kept its price: who approves all
/// suggestions at once would otherwise compare them with one another.
fn gains(
    changes: &[Change],
    shop: &DailyProfit,
    own: &IndexMap<usize, DailyProfit>,
    last_day: i32,
) -> Vec<f64> {
    let of = |change: &Change| {
        let day = change.day;
        let days = WINDOW.min(last_day - day);
        let sums = |profit: &DailyProfit| [profit.sum(day - days, day), profit.sum(day + 1, day + 1 + days)];
        let mut moved: Vec<usize> =
            changes.iter().filter(|other| (other.day - day).abs() <= WINDOW).map(|other| other.row).collect();
        moved.sort_unstable();
        moved.dedup();
        let all = sums(shop);
        let mut kept = all;
        for profit in moved.iter().filter_map(|row| own.get(row)) {
            kept.iter_mut().zip(sums(profit)).for_each(|(sum, moved)| *sum -= moved);
        }
        let ([kept_before, kept_after], [before, after]) = (kept, sums(own.get(&change.row)?));
        let is_enough = kept_before > 0.0 && kept_before >= LEAST_CONTROL * all.first()?;
        is_enough.then(|| (after - before * kept_after / kept_before) / f64::from(days) * 7.0)
    };
    changes.iter().filter(|change| last_day - change.day >= LEAST_DAYS).filter_map(of).collect()
}

fn summary(gains: &[f64]) -> Value {
    if gains.len() < LEAST_CHANGES {
        return nothing("nothing_to_compare", gains.len());
    }
    let count = gains.len() as f64;
    let mean = gains.iter().sum::<f64>() / count;
    let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let (sum, half) = (mean * count, NORMAL_90 * (variance * count).sqrt());
    json!({ "available": true, "changes": gains.len(), "gain_a_week": sum, "lower": sum - half, "upper": sum + half })
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

    /// Ten products that earn 10 a day, from day 50 on 20 % more by themselves; the first `changed` get a new price on day 50, which brings 5 more.
    fn earned(changed: usize) -> Vec<f64> {
        let earns = |row: usize, day: i32| match (day > 50, row < changed) {
            (false, _) => 10.0,
            (true, false) => 12.0,
            (true, true) => 17.0,
        };
        let days = |row: usize| (0..=100).map(move |day| (day, earns(row, day)));
        let shop = DailyProfit::of((0..10).flat_map(days));
        let own = (0..changed).map(|row| (row, DailyProfit::of(days(row)))).collect();
        let changes: Vec<Change> = (0..changed).map(|row| Change { row, day: 50 }).collect();
        gains(&changes, &shop, &own, 100)
    }

    #[test]
    fn prices_that_were_changed_together_are_held_against_those_that_stayed() {
        for changed in [1, 6, 9] {
            let found = earned(changed);
            assert_eq!(found.len(), changed);
            assert!(found.iter().all(|gain| (gain - 35.0).abs() < 1e-9), "{changed}: {found:?}");
        }
    }

    #[test]
    fn where_nothing_stayed_there_is_nothing_to_compare() {
        assert!(earned(10).is_empty());
        assert_eq!(summary(&earned(4))["reason"], "nothing_to_compare");
        assert_eq!(summary(&earned(5))["gain_a_week"], 175.0);
    }
}
