//! What the category says of a product that has hardly sold yet.

use super::Advisor;
use super::demand::{DemandQuery, Desk};
use super::siblings::{self, Sibling};
use crate::data::calendar::date_of;
use crate::forecast::{Prior, SeriesInput};
use meschain_shop::columns::NO_DATE;

/// Fewest of them that speak for a category.
const LEAST_SIBLINGS: usize = 3;
/// Days over which their sales are counted.
const DAYS: i32 = 182;
/// A product that sold nothing for so many days since it was added is no newcomer.
const NEW_DAYS: i32 = 56;

impl Advisor<'_> {
    /// Units a period that a product of the same categories sells: the median of those that sold within half a year. `None`
    /// without a database or with too few of them.
    pub(super) fn prior(&self, desk: &Desk<'_>, row: usize, query: &DemandQuery) -> Option<Prior> {
        let (database, product_id) = (self.database?, self.product_id(row));
        let categories = siblings::categories_of(database, product_id).ok()?;
        let read = |categories: &[u32]| {
            let members = siblings::members(database, categories)?;
            Ok(members.into_iter().filter_map(|id| self.rate(desk, id)).collect())
        };
        let siblings = desk.siblings().of(categories, read).ok()?;
        let others = siblings.iter().filter(|one| one.product_id != product_id);
        let mut rates: Vec<f64> = others.map(|one| one.daily * query.granularity.days()).collect();
        if rates.len() < LEAST_SIBLINGS {
            return None;
        }
        let middle = rates.len() / 2;
        let (_, median, _) = rates.select_nth_unstable_by(middle, f64::total_cmp);
        Some(Prior { level: *median, profile: Vec::new() })
    }

    /// What a product sells a day; `None` when it sold nothing lately.
    fn rate(&self, desk: &Desk<'_>, product_id: u32) -> Option<Sibling> {
        let last = desk.scope().last_day();
        let sales = desk.scope().sales_of(self.snapshot.products().find(product_id)?).ok()?;
        let first = sales.first()?.day;
        let days = (last - first + 1).clamp(1, DAYS);
        let units: f64 =
            sales.iter().filter(|sale| sale.day > last - DAYS).map(|sale| f64::from(sale.units)).sum();
        (units > 0.0).then(|| Sibling { product_id, daily: units / f64::from(days) })
    }

    /// The empty history of a product that was added lately and has not sold: the periods since then.
    pub(super) fn unsold(&self, desk: &Desk<'_>, row: usize, query: &DemandQuery) -> Option<SeriesInput> {
        let products = self.snapshot.products();
        let added = products.date_added.get(row).copied().filter(|at| *at != NO_DATE)?;
        let on_sale = products.status.get(row) == Some(&1) && products.known.get(row) == Some(&1);
        let last = desk.scope().last_day();
        let day = crate::data::Calendar::new(self.timezone).ok()?.day(added).min(last + 1);
        let age = last + 1 - day;
        if !on_sale || age > NEW_DAYS {
            return None;
        }
        let periods = (f64::from(age) / query.granularity.days()) as usize;
        let mut series = SeriesInput::new(vec![0.0; periods], query.granularity);
        let length = (query.granularity.days() * periods as f64).round() as i32;
        series.start = Some(date_of(last + 1 - length));
        Some(series)
    }
}
