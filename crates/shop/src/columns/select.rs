//! Orders that pass a filter. Runs of orders whose dates lie outside are skipped unread.

use super::schema::{NO_DATE, ZONE_ORDERS};
use super::snapshot::Snapshot;
use super::statuses::StatusSet;

/// Which orders to take. The default takes every order, those of unknown date too.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    /// Placed at or after, in seconds since 1970 UTC.
    pub from: Option<i64>,
    /// Placed before.
    pub until: Option<i64>,
    /// Only of this store.
    pub store_id: Option<u32>,
    /// Only of this marketplace.
    pub marketplace_id: Option<u32>,
    /// Only of these statuses.
    pub statuses: Option<StatusSet>,
}

impl OrderFilter {
    /// Whether an order placed at `date` may pass. An unknown date passes only when no date is asked for.
    fn dated(&self, date: i64) -> bool {
        let asked = self.from.is_some() || self.until.is_some();
        !(asked && date == NO_DATE)
            && self.from.is_none_or(|from| date >= from)
            && self.until.is_none_or(|until| date < until)
    }
}

impl Snapshot {
    /// Rows of the orders that pass, ascending.
    pub fn select(&self, filter: &OrderFilter) -> impl Iterator<Item = usize> {
        let orders = self.orders();
        let passes = move |row: &usize| -> bool {
            let row = *row;
            let is = |column: &[u32], wanted: Option<u32>| {
                wanted.is_none_or(|wanted| column.get(row).is_some_and(|value| *value == wanted))
            };
            orders.date_added.get(row).is_some_and(|date| filter.dated(*date))
                && filter
                    .statuses
                    .as_ref()
                    .is_none_or(|set| orders.status.get(row).is_some_and(|s| set.contains(*s)))
                && is(orders.store_id, filter.store_id)
                && is(orders.marketplace_id, filter.marketplace_id)
        };
        self.zone_rows(filter.from, filter.until).flatten().filter(passes)
    }

    /// Runs of rows that may hold orders of `from..until`; together all of them.
    pub fn zone_rows(
        &self,
        from: Option<i64>,
        until: Option<i64>,
    ) -> impl Iterator<Item = std::ops::Range<usize>> {
        let (earliest, latest) = self.zones();
        let orders = self.orders().len();
        let overlaps = move |(_, (earliest, latest)): &(usize, (&i64, &i64))| {
            // A zone without any date has NO_DATE as its latest: it is skipped once a range is asked for.
            from.is_none_or(|from| **latest >= from) && until.is_none_or(|until| **earliest < until)
        };
        let zones = earliest.iter().zip(latest).enumerate().filter(overlaps);
        zones.map(move |(zone, _)| zone * ZONE_ORDERS..((zone + 1) * ZONE_ORDERS).min(orders))
    }
}
