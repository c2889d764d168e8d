//! Orders that pass a filter. Runs of orders whose dates lie outside are skipped unread.

use super::schema::{NO_DATE, ZONE_ORDERS};
use super::snapshot::Snapshot;
use super::statuses::StatusSet;
use std::ops::Range;

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
    /// Leaves out orders that the shop made to try itself.
    pub without_tests: bool,
}

fn part<'a, T>(column: &'a [T], rows: &Range<usize>) -> &'a [T] {
    column.get(rows.clone()).unwrap_or_default()
}

impl OrderFilter {
    /// What was really sold: orders of a status that counts, none of them a test.
    pub fn sold(snapshot: &Snapshot) -> Self {
        let statuses = Some(snapshot.dictionaries().counted_statuses());
        Self { statuses, without_tests: true, ..Self::default() }
    }

    /// Earliest and latest date that pass, both included. An unknown date passes only when no date is asked for.
    fn dates(&self) -> (i64, i64) {
        let asked = self.from.is_some() || self.until.is_some();
        let earliest = self.from.unwrap_or(i64::MIN).max(if asked { NO_DATE + 1 } else { NO_DATE });
        (earliest, self.until.map_or(i64::MAX, |until| until.saturating_sub(1)))
    }
}

impl Snapshot {
    /// Rows of the orders that pass, ascending.
    pub fn select(&self, filter: &OrderFilter) -> impl Iterator<Item = usize> {
        let orders = self.orders();
        let (earliest, latest) = filter.dates();
        let (store, marketplace) = (filter.store_id, filter.marketplace_id);
        let (statuses, without_tests) = (filter.statuses.as_ref(), filter.without_tests);
        self.zone_rows(filter.from, filter.until).flat_map(move |rows| {
            let dates = part(orders.date_added, &rows);
            let status = part(orders.status, &rows).iter();
            let places = part(orders.store_id, &rows).iter().zip(part(orders.marketplace_id, &rows));
            rows.clone().zip(dates).zip(status).zip(places).filter_map(
                move |(((row, date), status), (s, m))| {
                    let passes = (earliest..=latest).contains(date)
                        && statuses.is_none_or(|set| set.contains(*status))
                        && (!without_tests || !orders.is_test(row))
                        && store.is_none_or(|wanted| wanted == *s)
                        && marketplace.is_none_or(|wanted| wanted == *m);
                    passes.then_some(row)
                },
            )
        })
    }

    /// Runs of rows that may hold orders of `from..until`; together all of them.
    pub fn zone_rows(&self, from: Option<i64>, until: Option<i64>) -> impl Iterator<Item = Range<usize>> {
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
