//! One call that fills a shop with a made-up one.

use super::basket::{Packer, Shelf};
use super::catalogue::Catalogue;
use super::customers::{CURRENCIES, Population};
use super::demand::{Calendar, Stream, scale};
use super::draw::Draw;
use super::guard::{Undo, check};
use super::ledger::{Books, Ledger, STORES, zones};
use super::order::{COUPON_PERCENT, KDV_RATES};
use super::people::Names;
use super::product::{Frame, Group, Product, STYLES, group, make};
use super::reference::{Currency, LONG_AGO, Setup, prepare, tax_classes};
use super::rows::{add_unless, day_value, find_or_add, time_value};
use super::sales::{Counts, Seller, currency_value};
use super::schema::{create_missing_tables, existing_tables};
use super::season::{FIRST_END, LAST_KNOWN, shift};
use super::shelf_rows::{CategoryIds, Shelves};
use super::size::{DAYS, Size};
use super::truth::{self, Truth};
use crate::{Database, fault};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use meschain_base::{Clock, Error, Progress, Result, Settings};
use mysql::PooledConn;
use mysql::prelude::Queryable;
use serde::Serialize;
use std::path::PathBuf;
use std::time::Instant;

/// Mean lines of a basket before complements are added; with them about three.
const BASKET_LINES: f64 = 2.85;

/// What to make.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleOptions {
    /// How large.
    pub size: Size,
    /// Same seed and options: same shop, to the byte.
    pub seed: u64,
    /// Last day with orders, 2023-01-01 to 2028-12-31 (moving holidays are known that far); `None` is yesterday in the
    /// shop's time zone.
    pub end: Option<Date>,
    /// Write even into a shop that has orders, customers or products of its own.
    pub force: bool,
    /// Where the truth is written; `None` is `<data_dir>/sample/truth.json`.
    pub truth_path: Option<PathBuf>,
}

impl Default for SampleOptions {
    fn default() -> Self {
        Self { size: Size::Medium, seed: 1, end: None, force: false, truth_path: None }
    }
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleReport {
    /// `small`, `medium` or `large`.
    pub size: &'static str,
    pub seed: u64,
    /// First and last day with orders.
    pub start: Date,
    pub end: Date,
    /// Categories of all three levels.
    pub categories: usize,
    pub products: usize,
    pub affinity_groups: usize,
    /// Customers with an account.
    pub customers: u64,
    /// Orders that were placed, whatever became of them; abandoned ones are not among them.
    pub orders: u64,
    pub abandoned: u64,
    pub cancelled: u64,
    pub refunded: u64,
    /// Lines and units of placed orders.
    pub lines: u64,
    pub units: u64,
    /// Units nobody could buy for want of stock.
    pub lost_units: u64,
    /// Rows of `return`.
    pub returns: u64,
    pub orders_with_origin: u64,
    pub products_with_cost: u64,
    /// OpenCart tables that were missing and were made.
    pub tables_created: usize,
    /// MesChain tables that are missing (run the migrations) and were therefore left out.
    pub skipped: Vec<String>,
    pub truth_path: PathBuf,
    pub seconds: f64,
}

/// Fills the shop of `database` with a made-up one: see `docs/sample-shop.md`. Refuses a shop with data of its own unless
/// forced. When it fails or is cancelled in a shop that was empty, what was written is taken back.
pub fn sample(
    database: &Database,
    settings: &Settings,
    clock: &dyn Clock,
    options: &SampleOptions,
    progress: &Progress,
) -> Result<SampleReport> {
    let started = Instant::now();
    let timezone = TimeZone::get(&settings.timezone).map_err(|_| Error::Setting {
        name: "timezone".to_owned(),
        expected: "an IANA time zone".to_owned(),
        given: settings.timezone.clone(),
    })?;
    let end = last_day(options.end, clock, &timezone)?;
    let truth_path = match &options.truth_path {
        Some(path) => path.clone(),
        None => settings.require_data_dir()?.join("sample").join("truth.json"),
    };
    let database = &database.patient();
    progress.stage("schema", 0)?;
    check(database, options.force)?;
    let installed = existing_tables(database)?.contains("setting");
    let created = create_missing_tables(database)?;
    let undo = Undo::note(database)?;
    let shop =
        Shop { database, timezone, end, installed, undo: &undo, options, zone_name: &settings.timezone };
    let made = shop.fill(progress, &truth_path);
    if made.is_err() && !options.force {
        undo.run();
    }
    let mut report = made?;
    report.tables_created = created.len();
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

fn last_day(wanted: Option<Date>, clock: &dyn Clock, timezone: &TimeZone) -> Result<Date> {
    let yesterday = || shift(clock.now().to_zoned(timezone.clone()).date(), -1).clamp(FIRST_END, LAST_KNOWN);
    let end = wanted.unwrap_or_else(yesterday);
    if (FIRST_END..=LAST_KNOWN).contains(&end) {
        return Ok(end);
    }
    Err(Error::argument("end", format!("a day from {FIRST_END} to {LAST_KNOWN}"), end.to_string()))
}

struct Shop<'a> {
    database: &'a Database,
    timezone: TimeZone,
    end: Date,
    installed: bool,
    undo: &'a Undo,
    options: &'a SampleOptions,
    zone_name: &'a str,
}

/// What is drawn before anything is written.
struct Plan {
    catalogue: Catalogue,
    calendar: Calendar,
    products: Vec<Product>,
    groups: Vec<Group>,
}

impl Plan {
    fn draw(size: Size, seed: u64, end: Date) -> Result<Self> {
        let catalogue = Catalogue::read()?;
        let calendar = Calendar::ending(end, DAYS);
        let campaigns = calendar.spans("black-friday");
        let frame =
            Frame { catalogue: &catalogue, count: size.products(), days: DAYS, campaigns: &campaigns };
        let mut products = make(&frame, &mut Draw::new(seed, 10))?;
        let groups = group(&catalogue, &mut products, &mut Draw::new(seed, 11));
        scale(&catalogue, &calendar, &mut products, size.lines());
        Ok(Self { catalogue, calendar, products, groups })
    }
}

impl Shop<'_> {
    fn fill(&self, progress: &Progress, truth_path: &std::path::Path) -> Result<SampleReport> {
        let (size, seed) = (self.options.size, self.options.seed);
        let plan = Plan::draw(size, seed, self.end)?;
        let mut conn = self.database.connection()?;
        let conn = &mut conn;
        conn.query_drop("SET SESSION unique_checks = 0, SESSION foreign_key_checks = 0").map_err(fault)?;
        progress.stage("catalogue", plan.products.len() as u64)?;
        let currencies = self.currencies();
        let setup = Setup {
            name: STORES[0].0,
            currencies: &currencies,
            country: ("TR", "TUR", "Türkiye"),
            default_language: "tr-tr",
            installed: self.installed,
        };
        let reference = prepare(self.database, conn, &setup)?;
        let classes = tax_classes(self.database, conn, &reference, &KDV_RATES)?;
        let tax_classes: Vec<(u8, u32)> = KDV_RATES.into_iter().zip(classes).collect();
        let second_store = self.second_store(conn)?;
        let shelves = Shelves {
            database: self.database,
            catalogue: &plan.catalogue,
            calendar: &plan.calendar,
            products: &plan.products,
            reference: &reference,
            tax_classes: &tax_classes,
            category_base: self.undo.base("category"),
            product_base: self.undo.base("product"),
            second_store,
            seed,
        };
        conn.query_drop("START TRANSACTION").map_err(fault)?;
        let categories = shelves.categories(conn)?;
        shelves.products(conn, &categories)?;
        let (costs, mut skipped) = shelves.own_tables(conn)?;
        conn.query_drop("COMMIT").map_err(fault)?;
        let names = Names::read()?;
        let books = Books {
            database: self.database,
            reference: &reference,
            products: &plan.products,
            product_base: shelves.product_base,
            customer_base: self.undo.base("customer"),
            order_base: self.undo.base("order"),
            second_store,
            zones: zones(self.database, conn, reference.country, &names.cities)?,
            coupon: self.coupon(conn, &plan.calendar)?,
            timezone: self.timezone.clone(),
            days: &plan.calendar.days,
        };
        let mut ledger = Ledger::open(books, conn)?;
        if !ledger.has_origin() {
            skipped.push("meschain_order_origin".to_owned());
        }
        let sold = self.sell(conn, &plan, names, &mut ledger, progress)?;
        progress.stage("truth", 0)?;
        let report = self.report(&plan, &categories, &sold, &ledger, (costs, skipped), truth_path);
        self.write_truth(&plan, &shelves, &categories, &sold, &report)?;
        Ok(report)
    }

    fn sell(
        &self,
        conn: &mut PooledConn,
        plan: &Plan,
        names: Names,
        ledger: &mut Ledger<'_>,
        progress: &Progress,
    ) -> Result<Sold> {
        let (seed, products) = (self.options.seed, &plan.products);
        let tastes = plan.catalogue.middles.len() * STYLES;
        let mut seller = Seller {
            products,
            calendar: &plan.calendar,
            packer: Packer { products, groups: &plan.groups, mean_lines: BASKET_LINES, days: DAYS },
            shelf: Shelf::new(products.len(), tastes, plan.groups.len()),
            people: Population::new(names, tastes, DAYS, products.len()),
            stream: Stream::new(&plan.catalogue, products, seed),
            draw: Draw::new(seed, 30),
            counts: Counts::default(),
        };
        progress.stage("orders", DAYS as u64)?;
        for day in 0..DAYS {
            let sales = seller.day(day)?;
            ledger.day(conn, day, &sales, &mut seller.people)?;
            progress.advance(1)?;
        }
        ledger.close(conn)?;
        let customers = seller.people.customers.iter().filter(|customer| customer.written).count() as u64;
        Ok(Sold { counts: seller.counts, lost_units: seller.stream.lost_units, customers })
    }

    fn currencies(&self) -> Vec<Currency> {
        let text = |code: &str| match code {
            "USD" => ("US Dollar", "$", ""),
            "EUR" => ("Euro", "", "€"),
            _ => ("Türk Lirası", "₺", ""),
        };
        let currency = |(at, (code, _)): (usize, &(&'static str, f64))| {
            let (title, left, right) = text(code);
            Currency { code, title, left, right, value: currency_value(at, self.end) }
        };
        CURRENCIES.iter().enumerate().map(currency).collect()
    }

    fn second_store(&self, conn: &mut PooledConn) -> Result<u32> {
        let (name, url) = STORES[1];
        let store = find_or_add(
            self.database,
            conn,
            "store",
            "store_id",
            &[("url", url.into())],
            &[("name", name.into())],
        )?;
        for (key, value) in [("config_name", name), ("config_url", url), ("config_currency", "TRY")] {
            let of_key = [("store_id", store.into()), ("code", "config".into()), ("key", key.into())];
            add_unless(self.database, conn, "setting", &of_key, &[("value", value.into())])?;
        }
        Ok(store)
    }

    fn coupon(&self, conn: &mut PooledConn, calendar: &Calendar) -> Result<u32> {
        let start = calendar.days.first().copied().unwrap_or(self.end);
        let rest = [
            ("name", "Hoş geldin indirimi".into()),
            ("type", "P".into()),
            ("discount", format!("{COUPON_PERCENT}.0000").into()),
            ("status", 1.into()),
            ("date_start", day_value(start)),
            ("date_end", day_value(shift(self.end, 365))),
            ("date_added", time_value(LONG_AGO)),
        ];
        find_or_add(self.database, conn, "coupon", "coupon_id", &[("code", "HOSGELDIN10".into())], &rest)
    }

    fn report(
        &self,
        plan: &Plan,
        categories: &CategoryIds,
        sold: &Sold,
        ledger: &Ledger<'_>,
        (costs, skipped): (u64, Vec<String>),
        truth_path: &std::path::Path,
    ) -> SampleReport {
        let counts = &sold.counts;
        SampleReport {
            size: self.options.size.name(),
            seed: self.options.seed,
            start: plan.calendar.days.first().copied().unwrap_or(self.end),
            end: self.end,
            categories: categories.leaves.len() + plan.catalogue.middles.len() + plan.catalogue.tops.len(),
            products: plan.products.len(),
            affinity_groups: plan.groups.len(),
            customers: sold.customers,
            orders: counts.orders,
            abandoned: counts.abandoned,
            cancelled: counts.cancelled,
            refunded: counts.refunded,
            lines: counts.lines,
            units: counts.units,
            lost_units: sold.lost_units.iter().sum(),
            returns: counts.returns,
            orders_with_origin: ledger.with_origin,
            products_with_cost: costs,
            tables_created: 0,
            skipped,
            truth_path: truth_path.to_path_buf(),
            seconds: 0.0,
        }
    }

    fn write_truth(
        &self,
        plan: &Plan,
        shelves: &Shelves<'_>,
        categories: &CategoryIds,
        sold: &Sold,
        report: &SampleReport,
    ) -> Result<()> {
        let mut facts = serde_json::to_value(report)
            .map_err(|error| Error::internal("sample truth", error.to_string()))?;
        if let Some(facts) = facts.as_object_mut() {
            for name in ["truth_path", "seconds", "tables_created", "skipped"] {
                facts.shift_remove(name);
            }
        }
        let truth = Truth {
            shelves,
            categories,
            groups: &plan.groups,
            lost_units: &sold.lost_units,
            report: facts,
            timezone: self.zone_name,
        };
        truth::write(&report.truth_path, &truth)
    }
}

struct Sold {
    counts: Counts,
    lost_units: Vec<u64>,
    customers: u64,
}
