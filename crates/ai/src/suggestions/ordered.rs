//! Orders of stock that were approved and are not here yet. OpenCart knows nothing of them: an order is on its way until the stock shows
//! that it came, or twice the lead time has passed; then it is taken for lost and proposed again.

use super::json_of;
use crate::inference::Advisor;
use meschain_base::Result;
use meschain_shop::{Database, rows};
use std::collections::BTreeMap;

/// Orders looked at, the newest.
const MOST_ORDERS: u32 = 50_000;
/// Longest that one may be on its way, in lead times.
const LEAD_TIMES: i64 = 2;

/// What was ordered of a product since a day.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ordered {
    /// Day of the oldest order, counted from 1970-01-01, and the stock then.
    since: i32,
    before: f64,
    quantity: f64,
}

impl Ordered {
    fn and(self, newer: Self) -> Self {
        Self { quantity: self.quantity + newer.quantity, ..self }
    }

    /// Units that are still to come: what the stock holds beyond what it held less what was sold came in.
    fn to_come(self, here: f64, sold: f64) -> f64 {
        let came = (here - (self.before - sold)).max(0.0);
        (self.quantity - came).max(0.0)
    }
}

/// Units on their way by product.
pub(crate) fn on_their_way(advisor: &Advisor<'_>, database: &Database) -> Result<BTreeMap<u32, f64>> {
    let days = LEAD_TIMES * advisor.settings.lead_days as i64;
    let scope = advisor.scope(None)?;
    let mut coming = BTreeMap::new();
    for (product, ordered) in approved(database, days)? {
        // Of a product that is gone, or that does not count its stock, nothing is ordered again.
        let Some(row) = advisor.snapshot.products().find(product) else { continue };
        let Some(here) = advisor.on_hand(row) else { continue };
        let sales = scope.sales_of(row)?;
        let sold: f64 =
            sales.iter().filter(|sale| sale.day >= ordered.since).map(|sale| f64::from(sale.units)).sum();
        coming.insert(product, ordered.to_come(f64::from(here), sold));
    }
    Ok(coming)
}

/// What was approved within so many days, by product.
fn approved(database: &Database, days: i64) -> Result<BTreeMap<u32, Ordered>> {
    let sql = "SELECT product_id, before_value, COALESCE(after_value, suggested_value), TIMESTAMPDIFF(DAY, '1970-01-01', decided_at) \
               FROM meschain_ai_suggestions WHERE kind = 'reorder' AND status = 'applied' \
               AND decided_at > UTC_TIMESTAMP() - INTERVAL ? DAY ORDER BY decided_at DESC LIMIT ?";
    let found: Vec<(u32, Option<String>, Option<String>, i32)> =
        rows::all(&mut database.reader()?, sql, (days, MOST_ORDERS))?;
    let mut orders: BTreeMap<u32, Ordered> = BTreeMap::new();
    for (product, before, after, since) in found {
        let quantity =
            |text| json_of(text).get("quantity").and_then(serde_json::Value::as_f64).unwrap_or(0.0);
        let older = Ordered { since, before: quantity(before), quantity: quantity(after) };
        orders.entry(product).and_modify(|newer| *newer = older.and(*newer)).or_insert(older);
    }
    Ok(orders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_to_come_until_the_stock_shows_it() {
        let ordered = Ordered { since: 20_000, before: 4.0, quantity: 30.0 };
        assert_eq!(ordered.to_come(4.0, 0.0), 30.0);
        assert_eq!(ordered.to_come(1.0, 3.0), 30.0, "what was sold is no delivery");
        assert_eq!(ordered.to_come(21.0, 3.0), 10.0, "a part of it came");
        assert_eq!(ordered.to_come(31.0, 3.0), 0.0);
        assert_eq!(ordered.to_come(200.0, 3.0), 0.0);
        assert_eq!(ordered.to_come(-9.0, 0.0), 30.0, "what was lost or counted anew is not ordered twice");
        let both = ordered.and(Ordered { since: 20_005, before: 2.0, quantity: 5.0 });
        assert_eq!(both, Ordered { quantity: 35.0, ..ordered });
    }
}
