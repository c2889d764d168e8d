//! Counted sales grouped by product: the one pass over the snapshot that forecasting and pricing start from.

use super::Calendar;
use meschain_base::Result;
use meschain_shop::columns::{OrderFilter, Snapshot};

/// One line of a counted order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sale {
    /// Local day, days since 1970-01-01.
    pub day: i32,
    /// Units.
    pub units: f32,
    /// Paid price a unit without tax, in the default currency.
    pub price: f32,
}

/// All counted sales, by product row of the snapshot. 12 bytes a line.
pub struct Sales {
    starts: Vec<u32>,
    sales: Vec<Sale>,
    /// The first day with an order.
    pub first_day: i32,
    /// The last day that is complete; sales of the day in progress are left out.
    pub last_day: i32,
}

impl Sales {
    /// Groups the counted lines that `filter` lets through (its statuses are set here) and that lie before `today`.
    pub fn read(snapshot: &Snapshot, mut filter: OrderFilter, timezone: &str, today: i32) -> Result<Self> {
        filter.statuses = Some(snapshot.dictionaries().counted_statuses());
        let mut calendar = Calendar::new(timezone)?;
        let (orders, lines) = (snapshot.orders(), snapshot.lines());
        let day_of_order = |order: usize, calendar: &mut Calendar| orders.date_added.get(order).map(|at| calendar.day(*at));
        let mut chosen = Vec::new();
        let (mut first_day, mut last_day) = (i32::MAX, i32::MIN);
        for order in snapshot.select(&filter) {
            let Some(day) = day_of_order(order, &mut calendar).filter(|day| *day < today) else { continue };
            first_day = first_day.min(day);
            last_day = last_day.max(day);
            chosen.push((order, day));
        }
        let mut counts = vec![0_u32; snapshot.products().len() + 1];
        let product_of = |line: usize| lines.product_index.get(line).map(|index| *index as usize);
        let each_line = chosen.iter().flat_map(|(order, day)| snapshot.lines_of(*order).map(move |line| (line, *day)));
        for product in each_line.clone().filter_map(|(line, _)| product_of(line)) {
            if let Some(count) = counts.get_mut(product + 1) {
                *count += 1;
            }
        }
        let starts: Vec<u32> = counts.iter().scan(0_u32, |sum, count| { *sum += count; Some(*sum) }).collect();
        let mut next = starts.clone();
        let nothing = Sale { day: 0, units: 0.0, price: 0.0 };
        let mut sales = vec![nothing; starts.last().copied().unwrap_or(0) as usize];
        for (line, day) in each_line {
            let slot = product_of(line).and_then(|product| next.get_mut(product));
            let (Some(slot), Some(units), Some(price)) = (slot, lines.quantity.get(line), lines.price.get(line)) else {
                continue;
            };
            if let Some(sale) = sales.get_mut(*slot as usize) {
                *sale = Sale { day, units: *units as f32, price: (*price as f64 / 1e4) as f32 };
            }
            *slot += 1;
        }
        // With no complete day there is an empty range that ends yesterday.
        let (first_day, last_day) = if chosen.is_empty() { (today, today - 1) } else { (first_day, last_day.max(today - 1)) };
        Ok(Self { starts, sales, first_day, last_day })
    }

    /// The sales of a product row, roughly in time order; empty for a row that is not there.
    pub fn of(&self, product: usize) -> &[Sale] {
        let bounds = self.starts.get(product).zip(self.starts.get(product + 1));
        bounds.and_then(|(start, end)| self.sales.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    /// Units a day from the product's first sale to the last complete day; empty when it never sold.
    pub fn daily(&self, product: usize) -> DailySeries {
        self.periods(product, 1, |day| day)
    }

    /// Units a week (Monday to Sunday) from the week of the first sale to the last complete week.
    pub fn weekly(&self, product: usize) -> DailySeries {
        let last_complete = super::calendar::monday_of(self.last_day + 1);
        let mut series = self.periods(product, 7, super::calendar::monday_of);
        let complete = usize::try_from((last_complete - series.start) / 7).unwrap_or(0);
        series.units.truncate(complete);
        series
    }

    fn periods(&self, product: usize, length: i32, begin: impl Fn(i32) -> i32) -> DailySeries {
        let sales = self.of(product);
        let Some(first) = sales.iter().map(|sale| sale.day).min() else {
            return DailySeries { start: self.last_day + 1, units: Vec::new() };
        };
        let start = begin(first);
        let count = usize::try_from((begin(self.last_day) - start) / length + 1).unwrap_or(0);
        let mut units = vec![0.0_f64; count];
        for sale in sales {
            let at = usize::try_from((begin(sale.day) - start) / length).ok();
            if let Some(slot) = at.and_then(|at| units.get_mut(at)) {
                *slot += f64::from(sale.units);
            }
        }
        DailySeries { start, units }
    }

    /// How many lines there are in all.
    pub fn len(&self) -> usize {
        self.sales.len()
    }

    /// Whether nothing was sold.
    pub fn is_empty(&self) -> bool {
        self.sales.is_empty()
    }
}

/// Units a period, without gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct DailySeries {
    /// Day number of the first period's first day.
    pub start: i32,
    /// Units of each period.
    pub units: Vec<f64>,
}
