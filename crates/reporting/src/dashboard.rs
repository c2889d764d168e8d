//! The dashboard: figures of a period against the one before and the year before, as a series, by product and by
//! marketplace.

use crate::bucket::Buckets;
use crate::context::Context;
use crate::figure::{Figure, Figures, Kpi, average, kpis, share};
use crate::period::{Days, Preset};
use crate::query::Query;
use crate::tally::{self, Scope, Sum, Tally};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use meschain_base::Result;
use meschain_shop::columns::{Currency, Snapshot};
use serde::Serialize;
use std::cmp::Reverse;
use std::ops::Range;

/// Answer to a dashboard query. Serialises in the order its keys are documented.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dashboard {
    /// Always true.
    pub available: bool,
    /// The days asked for.
    pub range: NamedDays,
    /// The days before.
    pub previous: CountedDays,
    /// The same days a year before.
    pub last_year: CountedDays,
    /// Currency of every amount.
    pub currency: ShownCurrency,
    /// Time zone of every day.
    pub timezone: String,
    /// Order statuses counted.
    pub statuses: Statuses,
    /// How old the figures are.
    pub freshness: Freshness,
    /// The figures.
    pub kpis: Vec<Kpi>,
    /// Width of a point of the series.
    pub granularity: &'static str,
    /// The figures over time.
    pub series: Vec<Point>,
    /// Products by revenue.
    pub top_products: Vec<TopProduct>,
    /// Marketplaces by revenue.
    pub marketplaces: Vec<MarketplaceRow>,
}

/// Days and what they are called.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NamedDays {
    /// Name of the range.
    pub preset: &'static str,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// How many.
    pub days: i64,
}

/// Days and how many.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CountedDays {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// How many.
    pub days: i64,
}

/// How to show an amount.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownCurrency {
    /// ISO 4217 code.
    pub code: String,
    /// What stands before an amount.
    pub symbol_left: String,
    /// What stands after an amount.
    pub symbol_right: String,
    /// Digits after the point.
    pub decimals: u32,
}

/// Order statuses counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statuses {
    /// Their ids, ascending.
    pub included: Vec<u32>,
    /// Their names in the same order.
    pub names: Vec<String>,
}

/// How old the figures are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Freshness {
    /// When the shop was last read, or found unchanged.
    pub built_at: String,
    /// Seconds since then.
    pub age_seconds: i64,
    /// Orders in the snapshot, counted or not.
    pub orders: usize,
}

/// A point of the series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Point {
    /// `2026-11-22`, `2026-11-22 14:00`, `2026-W47` or `2026-11`.
    pub key: String,
    /// Money taken.
    pub revenue: Figure,
    /// Orders.
    pub orders: Figure,
    /// Pieces.
    pub units: Figure,
    /// Revenue of the point in the same place of the period before; `None` when that one has fewer points.
    pub previous_revenue: Option<Figure>,
}

/// A product of the top list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TopProduct {
    /// OpenCart's id.
    pub product_id: u32,
    /// Name in the shop's language.
    pub name: String,
    /// Model.
    pub model: String,
    /// Pieces.
    pub units: Figure,
    /// Orders it was in.
    pub orders: Figure,
    /// Its lines, without tax.
    pub revenue: Figure,
    /// Of the lines of all products.
    pub share: f64,
}

/// A marketplace.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarketplaceRow {
    /// Its id; 1 is the own shop.
    pub marketplace_id: u32,
    /// Machine name.
    pub code: String,
    /// Name.
    pub name: String,
    /// Orders.
    pub orders: Figure,
    /// Pieces.
    pub units: Figure,
    /// Money taken.
    pub revenue: Figure,
    /// Revenue for an order.
    pub average_order_value: Figure,
    /// Of the revenue of all.
    pub share: f64,
}

/// The three periods of a query, resolved.
pub(crate) struct Periods {
    pub(crate) zone: TimeZone,
    pub(crate) days: [Days; 3],
    pub(crate) bounds: [Range<i64>; 3],
    pub(crate) buckets: Buckets,
    pub(crate) granularity: crate::query::Granularity,
}

impl Periods {
    /// The days of `query`, those before and those a year before.
    pub(crate) fn of(snapshot: &Snapshot, query: &Query, context: &Context) -> Result<Self> {
        let zone = context.zone()?;
        let given = match query.preset {
            Preset::All => {
                tally::span(snapshot).map(|(first, last)| (local(first, &zone), local(last, &zone)))
            }
            _ => query.custom,
        };
        let days = query.preset.days(context.today(&zone), given)?;
        let granularity = query.granularity_for(days.count())?;
        let all = [days, query.preset.previous(days)?, days.year_before()?];
        let [now, previous, last_year] = all;
        let bounds = [now.bounds(&zone)?, previous.bounds(&zone)?, last_year.bounds(&zone)?];
        let buckets = Buckets::of(days, granularity, &zone)?;
        Ok(Self { zone, days: all, bounds, buckets, granularity })
    }
}

fn local(instant: i64, zone: &TimeZone) -> Date {
    zone.to_datetime(Timestamp::from_second(instant).unwrap_or_default()).date()
}

/// Answers `query` from the snapshot.
pub fn dashboard(snapshot: &Snapshot, query: &Query, context: &Context) -> Result<Dashboard> {
    let periods = Periods::of(snapshot, query, context)?;
    let scope = scope(snapshot, query);
    let [now, before, year_before] = &periods.bounds;
    let earlier = Buckets::of(periods.days[1], periods.granularity, &periods.zone)?;
    let none = Buckets::of(periods.days[2], crate::query::Granularity::Month, &periods.zone)?;
    let mut current = tally::tally(snapshot, &scope, now, &periods.buckets, true)?;
    let mut previous = tally::tally(snapshot, &scope, before, &earlier, false)?;
    let mut last_year = tally::tally(snapshot, &scope, year_before, &none, false)?;
    let firsts = tally::new_customers(snapshot, &scope, &[now, before, year_before]);
    for (tally, firsts) in [&mut current, &mut previous, &mut last_year].into_iter().zip(firsts) {
        tally.new_customers = firsts;
    }
    let [days, days_before, days_year_before] = periods.days;
    Ok(Dashboard {
        available: true,
        range: NamedDays { preset: query.preset.name(), from: days.from, to: days.to, days: days.count() },
        previous: counted(days_before),
        last_year: counted(days_year_before),
        currency: currency(snapshot.dictionaries().currency()),
        timezone: context.timezone.clone(),
        statuses: statuses(snapshot, &scope, query),
        freshness: freshness(snapshot, context.now),
        kpis: kpis(figures(&current), figures(&previous), figures(&last_year)),
        granularity: periods.granularity.name(),
        series: series(&periods.buckets, &current, &previous),
        top_products: top_products(snapshot, &current, query.limit),
        marketplaces: marketplaces(snapshot, &current),
    })
}

/// The answer where there is no snapshot yet; `orders` when it is known how many there are to read.
pub fn no_snapshot(orders: Option<u64>) -> serde_json::Value {
    let mut answer = serde_json::json!({"available": false, "reason": "no_snapshot"});
    if let (Some(orders), Some(map)) = (orders, answer.as_object_mut()) {
        map.insert("orders".to_owned(), orders.into());
    }
    answer
}

pub(crate) fn scope(snapshot: &Snapshot, query: &Query) -> Scope {
    let statuses = snapshot.dictionaries().counted_statuses();
    Scope { statuses, store_id: query.store_id, marketplace_id: query.marketplace_id }
}

fn counted(days: Days) -> CountedDays {
    CountedDays { from: days.from, to: days.to, days: days.count() }
}

fn currency(currency: Currency) -> ShownCurrency {
    let Currency { code, symbol_left, symbol_right, decimals, .. } = currency;
    ShownCurrency { code, symbol_left, symbol_right, decimals }
}

fn statuses(snapshot: &Snapshot, scope: &Scope, query: &Query) -> Statuses {
    let dictionaries = snapshot.dictionaries();
    let language = dictionaries.language_id(query.language.as_deref());
    let included = scope.statuses.ids().to_vec();
    let names = included.iter().map(|id| dictionaries.status_name(*id, language).to_owned()).collect();
    Statuses { included, names }
}

fn freshness(snapshot: &Snapshot, now: Timestamp) -> Freshness {
    let summary = snapshot.summary(now);
    Freshness { built_at: summary.built_at, age_seconds: summary.age_seconds, orders: summary.orders }
}

fn figures(tally: &Tally) -> Figures {
    let Sum { orders, units, revenue } = tally.total;
    [
        Figure::Money(revenue),
        Figure::count(orders),
        Figure::Money(average(revenue, orders)),
        Figure::Count(units),
        Figure::count(tally.returns),
        Figure::count(tally.new_customers),
    ]
}

fn series(buckets: &Buckets, current: &Tally, previous: &Tally) -> Vec<Point> {
    let points = buckets.list.iter().zip(&current.points).enumerate();
    let point = |(place, (bucket, sum)): (usize, (&crate::bucket::Bucket, &Sum))| Point {
        key: bucket.key.clone(),
        revenue: Figure::Money(sum.revenue),
        orders: Figure::count(sum.orders),
        units: Figure::Count(sum.units),
        previous_revenue: previous.points.get(place).map(|sum| Figure::Money(sum.revenue)),
    };
    points.map(point).collect()
}

fn top_products(snapshot: &Snapshot, tally: &Tally, limit: usize) -> Vec<TopProduct> {
    let whole = tally.products.iter().map(|product| product.sum.revenue).sum();
    let mut sold: Vec<(usize, Sum)> = tally
        .products
        .iter()
        .map(|product| product.sum)
        .enumerate()
        .filter(|(_, sum)| sum.orders > 0)
        .collect();
    // Rows are in the order of product ids, so equal products come by id.
    let rank = |(row, sum): &(usize, Sum)| (Reverse(sum.revenue), Reverse(sum.units), *row);
    if sold.len() > limit {
        sold.select_nth_unstable_by_key(limit, rank);
        sold.truncate(limit);
    }
    sold.sort_unstable_by_key(rank);
    let products = snapshot.products();
    let top = |(row, sum): (usize, Sum)| TopProduct {
        product_id: products.product_id.get(row).copied().unwrap_or_default(),
        name: products.name.get(row).to_owned(),
        model: products.model.get(row).to_owned(),
        units: Figure::Count(sum.units),
        orders: Figure::count(sum.orders),
        revenue: Figure::Money(sum.revenue),
        share: share(sum.revenue, whole),
    };
    sold.into_iter().map(top).collect()
}

fn marketplaces(snapshot: &Snapshot, tally: &Tally) -> Vec<MarketplaceRow> {
    let names = &snapshot.dictionaries().marketplaces;
    let row = |(id, sum): (&u32, &Sum)| {
        let known = names.iter().find(|marketplace| marketplace.marketplace_id == *id);
        MarketplaceRow {
            marketplace_id: *id,
            code: known.map_or_else(String::new, |marketplace| marketplace.code.clone()),
            name: known.map_or_else(|| format!("#{id}"), |marketplace| marketplace.name.clone()),
            orders: Figure::count(sum.orders),
            units: Figure::Count(sum.units),
            revenue: Figure::Money(sum.revenue),
            average_order_value: Figure::Money(average(sum.revenue, sum.orders)),
            share: share(sum.revenue, tally.total.revenue),
        }
    };
    let mut sums: Vec<_> = tally.marketplaces.iter().collect();
    sums.sort_by_key(|(id, sum)| (Reverse(sum.revenue), **id));
    sums.into_iter().map(row).collect()
}
