//! Counted sales by product, read out of the snapshot: all products in one pass for training, one product for a page.

use super::Calendar;
use super::calendar::{date_of, day_of, monday_of};
use super::cleaning::{retail_limit, retail_limits};
use super::price_slips::{reach_far, slips};
use super::terms::{Effects, Terms, TermsReader, to_usual};
use crate::forecast::parallel;
use meschain_base::{Progress, Result};
use meschain_shop::columns::{Lines, OrderFilter, Snapshot, StatusSet};

/// One line of a counted order.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sale {
    /// Local day, days since 1970-01-01.
    pub day: i32,
    /// Units.
    pub units: f32,
    /// Paid price a unit without tax, in the default currency.
    pub price: f32,
    /// What else decided the price.
    pub terms: Terms,
}

/// Units a period, without gaps.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Day number of the first period's first day.
    pub start: i32,
    /// Units of each period.
    pub units: Vec<f64>,
}

/// Which sales count: statuses as the reports count them, no test orders, days before today, and perhaps one marketplace.
pub struct Scope<'a> {
    snapshot: &'a Snapshot,
    statuses: StatusSet,
    marketplace_id: Option<u32>,
    timezone: &'a str,
    today: i32,
}

impl<'a> Scope<'a> {
    /// Sales of complete days before `now` (epoch seconds) in `timezone`.
    pub fn new(
        snapshot: &'a Snapshot,
        timezone: &'a str,
        now: i64,
        marketplace_id: Option<u32>,
    ) -> Result<Self> {
        let statuses = snapshot.dictionaries().counted_statuses();
        let today = Calendar::new(timezone)?.day(now);
        // A shop that stopped selling is looked at from its last order on, not from a silent today.
        let latest = snapshot.latest_order().unwrap_or(now);
        let today = today.min(Calendar::new(timezone)?.day(latest) + 1);
        Ok(Self { snapshot, statuses, marketplace_id, timezone, today })
    }

    /// The snapshot this reads.
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The last complete day.
    pub fn last_day(&self) -> i32 {
        self.today - 1
    }

    /// The days of the orders that count, by order row; `None` where an order does not.
    fn order_days(&self) -> Result<Vec<Option<i32>>> {
        let mut calendar = Calendar::new(self.timezone)?;
        let mut days = vec![None; self.snapshot.orders().len()];
        let filter = OrderFilter { marketplace_id: self.marketplace_id, ..OrderFilter::sold(self.snapshot) };
        let orders = self.snapshot.orders();
        for order in self.snapshot.select(&filter) {
            let day =
                orders.date_added.get(order).map(|at| calendar.day(*at)).filter(|day| *day < self.today);
            if let Some(slot) = days.get_mut(order) {
                *slot = day;
            }
        }
        Ok(days)
    }

    /// The counted sales of one product row, in order of order id, without wholesale lines and mistyped prices. Reads that product's lines
    /// only.
    pub fn sales_of(&self, product: usize) -> Result<Vec<Sale>> {
        let mut sales: Vec<Sale> = self.retail_of(product)?.into_iter().map(|(_, sale)| sale).collect();
        let mistyped = slips(&sales);
        drop_at(&mut sales, &mistyped);
        Ok(sales)
    }

    /// Rows of the lines of one product row that were sold at a mistyped price.
    pub fn slips_of(&self, product: usize) -> Result<Vec<usize>> {
        let all = self.snapshot.lines().price;
        let rows = self.snapshot.lines_of_product(product).iter();
        if !reach_far(rows.filter_map(|row| all.get(*row as usize)).map(|price| *price as f64)) {
            return Ok(Vec::new());
        }
        let (rows, sales): (Vec<usize>, Vec<Sale>) = self.retail_of(product)?.into_iter().unzip();
        Ok(slips(&sales).into_iter().filter_map(|at| rows.get(at)).copied().collect())
    }

    /// The lines of one product row that are neither wholesale nor of orders that do not count.
    fn retail_of(&self, product: usize) -> Result<Vec<(usize, Sale)>> {
        let (orders, lines) = (self.snapshot.orders(), self.snapshot.lines());
        let mut calendar = Calendar::new(self.timezone)?;
        let rows = self.snapshot.lines_of_product(product).iter().map(|row| *row as usize);
        let counted = rows.filter_map(|row| {
            let order = *lines.order_index.get(row)? as usize;
            let counted = orders.is_sold(order, &self.statuses)
                && self.marketplace_id.is_none_or(|id| orders.marketplace_id.get(order) == Some(&id));
            let day = calendar.day(*orders.date_added.get(order)?);
            (counted && day < self.today).then_some((row, day))
        });
        let all: Vec<(usize, i32)> = counted.collect();
        let quantity = |row: usize| lines.quantity.get(row).copied().unwrap_or_default();
        let limit = retail_limit(all.iter().map(|(row, _)| quantity(*row)).collect());
        let retail = all.into_iter().filter(|(row, _)| quantity(*row) <= limit);
        let terms = TermsReader::new(self.snapshot);
        Ok(retail.filter_map(|(row, day)| Some((row, sale(&lines, &terms, row, day)?))).collect())
    }
}

fn sale(lines: &Lines<'_>, terms: &TermsReader<'_>, line: usize, day: i32) -> Option<Sale> {
    let order = *lines.order_index.get(line)? as usize;
    let units = (*lines.quantity.get(line)?).max(0) as f32;
    let price = (*lines.price.get(line)? as f64 / 1e4) as f32;
    Some(Sale { day, units, price, terms: terms.terms(order, line) })
}

/// Drops the sales at these places, which ascend.
fn drop_at(sales: &mut Vec<Sale>, places: &[usize]) {
    let (mut at, mut gone) = (0, places.iter().peekable());
    sales.retain(|_| {
        let is_gone = gone.next_if_eq(&&at).is_some();
        at += 1;
        !is_gone
    });
}

/// All counted sales grouped by product row of the snapshot, without wholesale lines and mistyped prices; 20 bytes a line.
pub struct Sales {
    starts: Vec<u32>,
    sales: Vec<Sale>,
    last_day: i32,
}

impl Sales {
    /// Those of some products, for tests.
    #[cfg(test)]
    pub(crate) fn of_products(products: &[Vec<Sale>]) -> Self {
        let mut starts = vec![0];
        for sales in products {
            starts.push(starts.last().copied().unwrap_or_default() + sales.len() as u32);
        }
        let sales = products.concat();
        let last_day = sales.iter().map(|sale| sale.day).max().unwrap_or_default();
        Self { starts, sales, last_day }
    }

    /// Reads and groups them.
    pub fn read(scope: &Scope<'_>) -> Result<Self> {
        let days = scope.order_days()?;
        let (lines, terms) = (scope.snapshot.lines(), TermsReader::new(scope.snapshot));
        let limits = retail_limits(scope.snapshot, |order| days.get(order).is_some_and(Option::is_some));
        let rows = || {
            let columns = lines.order_index.iter().zip(lines.product_index).zip(lines.quantity).enumerate();
            columns.filter_map(|(line, ((order, product), quantity))| {
                let day = (*days.get(*order as usize)?)?;
                // A wholesale line is no demand of the shop's customers.
                let retail = *quantity <= *limits.get(*product as usize)?;
                retail.then(|| Some((*product as usize, sale(&lines, &terms, line, day)?)))?
            })
        };
        let mut starts = vec![0_u32; scope.snapshot.products().len() + 1];
        for (product, _) in rows() {
            if let Some(count) = starts.get_mut(product + 1) {
                *count += 1;
            }
        }
        let mut sum = 0_u32;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut sales = vec![Sale::default(); sum as usize];
        for (product, sale) in rows() {
            let Some(slot) = next.get_mut(product) else { continue };
            if let Some(place) = sales.get_mut(*slot as usize) {
                *place = sale;
            }
            *slot += 1;
        }
        Ok(Self { starts, sales, last_day: scope.last_day() }.without_slips())
    }

    fn without_slips(mut self) -> Self {
        let of = |(product, start): (usize, &u32)| {
            let start = *start as usize;
            slips(self.of(product)).into_iter().map(move |at| start + at)
        };
        let gone: Vec<usize> = self.starts.iter().enumerate().flat_map(of).collect();
        let before = |end: usize| gone.partition_point(|at| *at < end);
        for start in &mut self.starts {
            *start -= before(*start as usize) as u32;
        }
        drop_at(&mut self.sales, &gone);
        self
    }

    /// The sales of a product row, in order of order id; empty for a row that is not there.
    pub fn of(&self, product: usize) -> &[Sale] {
        let bounds = self.starts.get(product).zip(self.starts.get(product + 1));
        bounds.and_then(|(start, end)| self.sales.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    /// With each product's prices at the terms of most of its lines; `store` is what terms do in the whole store.
    pub fn at_usual_terms(mut self, store: &Effects, threads: usize, progress: &Progress) -> Result<Self> {
        let products: Vec<usize> = (0..self.products()).collect();
        let put = parallel::map(&products, threads, progress, |product| {
            let mut sales = self.of(*product).to_vec();
            to_usual(&mut sales, store);
            Ok(sales)
        })?;
        self.sales = put.concat();
        Ok(self)
    }

    /// The sales of all products.
    pub fn all(&self) -> &[Sale] {
        &self.sales
    }

    /// Product rows.
    pub fn products(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Lines in all.
    pub fn len(&self) -> usize {
        self.sales.len()
    }

    /// Whether nothing was sold.
    pub fn is_empty(&self) -> bool {
        self.sales.is_empty()
    }

    /// The last complete day.
    pub fn last_day(&self) -> i32 {
        self.last_day
    }
}

/// Units a day from the first sale to `last_day`; `None` when nothing was ever sold.
pub fn daily(sales: &[Sale], last_day: i32) -> Option<Series> {
    series(sales, last_day, 1, |day| day)
}

/// Units a week, Monday to Sunday, from the week of the first sale to the last complete week.
pub fn weekly(sales: &[Sale], last_day: i32) -> Option<Series> {
    let last_sunday = monday_of(last_day + 1) - 1;
    series(sales, last_sunday, 7, monday_of)
}

/// Units a calendar month, from the month of the first sale to the last complete month.
pub fn monthly(sales: &[Sale], last_day: i32) -> Option<Series> {
    let index = |day: i32| {
        let date = date_of(day);
        i32::from(date.year()) * 12 + i32::from(date.month()) - 1
    };
    let first = index(sales.iter().map(|sale| sale.day).min()?);
    let last = index(last_day.checked_add(1)?) - 1;
    let mut units = vec![0.0; usize::try_from(last - first + 1).ok().filter(|count| *count > 0)?];
    for sale in sales {
        let place = usize::try_from(index(sale.day) - first).ok();
        if let Some(slot) = place.and_then(|place| units.get_mut(place)) {
            *slot += f64::from(sale.units);
        }
    }
    let (year, month) =
        (i16::try_from(first.div_euclid(12)).ok()?, i8::try_from(first.rem_euclid(12) + 1).ok()?);
    let start = day_of(jiff::civil::Date::new(year, month, 1).ok()?);
    Some(Series { start, units })
}

fn series(sales: &[Sale], last_day: i32, length: i32, begin: impl Fn(i32) -> i32) -> Option<Series> {
    let start = begin(sales.iter().map(|sale| sale.day).min()?);
    let count = usize::try_from((last_day - start).div_euclid(length) + 1).ok().filter(|count| *count > 0)?;
    let mut units = vec![0.0_f64; count];
    for sale in sales {
        let place = usize::try_from((sale.day - start).div_euclid(length)).ok();
        if let Some(slot) = place.and_then(|place| units.get_mut(place)) {
            *slot += f64::from(sale.units);
        }
    }
    Some(Series { start, units })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sale_on(day: i32, units: f32) -> Sale {
        Sale { day, units, price: 1.0, terms: Terms::default() }
    }

    #[test]
    fn sales_at_mistyped_prices_are_dropped_and_the_other_products_stay_where_they_are() {
        let mistyped = |slip: i32| {
            let sale = |day| Sale { price: if day == slip { 0.01 } else { 10.0 }, ..sale_on(day, 1.0) };
            (0..12).map(sale).collect::<Vec<Sale>>()
        };
        let products = [mistyped(3), mistyped(-1), Vec::new(), mistyped(5), mistyped(-1)];
        let sales = Sales::of_products(&products).without_slips();
        let days = |product: usize| sales.of(product).iter().map(|sale| sale.day).collect::<Vec<i32>>();
        let all_but = |slip: i32| (0..12).filter(|day| *day != slip).collect::<Vec<i32>>();
        let expected = [all_but(3), all_but(-1), Vec::new(), all_but(5), all_but(-1)];
        assert_eq!((0..5).map(days).collect::<Vec<_>>(), expected);
        assert_eq!(sales.len(), 46);
    }

    #[test]
    fn days_without_sales_are_zeros_up_to_the_last_day() {
        let series = daily(&[sale_on(10, 2.0), sale_on(12, 1.0), sale_on(10, 3.0)], 13).unwrap();
        assert_eq!(series, Series { start: 10, units: vec![5.0, 0.0, 1.0, 0.0] });
        assert_eq!(daily(&[], 13), None);
        assert_eq!(daily(&[sale_on(14, 1.0)], 13), None);
    }

    #[test]
    fn only_complete_weeks_count() {
        // Day 4 is Monday 1970-01-05; day 17 is a Sunday, day 18 a Monday.
        let sales = [sale_on(4, 1.0), sale_on(10, 1.0), sale_on(11, 5.0), sale_on(18, 9.0)];
        assert_eq!(weekly(&sales, 18).unwrap(), Series { start: 4, units: vec![2.0, 5.0] });
        assert_eq!(weekly(&sales, 17).unwrap().units, vec![2.0, 5.0]);
        assert_eq!(weekly(&sales, 16).unwrap().units, vec![2.0]);
    }

    #[test]
    fn only_complete_months_count() {
        let day = |text: &str| day_of(text.parse().unwrap());
        let sales = [
            sale_on(day("2025-12-15"), 1.0),
            sale_on(day("2026-02-28"), 2.0),
            sale_on(day("2026-03-01"), 9.0),
        ];
        let series = monthly(&sales, day("2026-03-30")).unwrap();
        assert_eq!(series, Series { start: day("2025-12-01"), units: vec![1.0, 0.0, 2.0] });
        assert_eq!(monthly(&sales, day("2026-03-31")).unwrap().units, vec![1.0, 0.0, 2.0, 9.0]);
        assert_eq!(monthly(&sales, day("2025-12-20")), None);
    }

    proptest! {
        #[test]
        fn no_unit_is_lost(days in proptest::collection::vec((0_i32..400, 1_u8..9), 1..60)) {
            let sales: Vec<_> = days.iter().map(|(day, units)| sale_on(*day, f32::from(*units))).collect();
            let sold: f64 = sales.iter().map(|sale| f64::from(sale.units)).sum();
            let counted: f64 = daily(&sales, 400).unwrap().units.iter().sum();
            prop_assert_eq!(sold, counted);
        }
    }
}
