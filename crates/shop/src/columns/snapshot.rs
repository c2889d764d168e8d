//! A snapshot of the shop: columns of orders, lines, products and customers, mapped and shared by every process of the
//! node.
//!
//! What holds in every snapshot (the builder makes it so; a reader that opened the file may rely on the first three, and
//! uses `get` for the rest, so that a wrong value is a missing row and never a fault):
//! 1. All columns of a table have one length and the type the schema says.
//! 2. `line_start` has one entry more than orders, begins with 0 and ends with the number of lines.
//! 3. The header matches its checksum; the columns matched theirs when the file was published.
//! 4. `orders.order_id`, `products.product_id`, `customers.customer_id`, `returns.return_id` ascend without repeats.
//! 5. `lines.order_index` ascends; the lines of order `i` are `line_start[i]..line_start[i + 1]`.
//! 6. `lines.product_index` is a row of products; `orders.customer_index` a row of customers or [`NO_INDEX`].

use super::conditions::Days;
use super::dictionaries::Dictionaries;
use super::file::ColumnFile;
use super::meta::Meta;
use super::prices::Prices;
use super::schema::{
    self, Buckets, Customers, Lines, ManufacturerColumns, NO_DATE, NO_INDEX, Offers, Orders, PriceColumns,
    ProductColumns, ProductStores, Returns, Specials, StockOuts,
};
use super::specials::SpecialPrices;
use super::statuses::StatusSet;
use super::texts::Texts;
use jiff::Timestamp;
use meschain_base::{Error, Result};
use safetensors::Dtype;
use serde::Serialize;
use std::ops::{Deref, Range};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};

/// An open snapshot. Views borrow from it; keep it in an `Arc`.
#[derive(Debug)]
pub struct Snapshot {
    file: ColumnFile,
    /// Where `line_start` lies and how many lines there are: asked for once per order, so not looked up by name.
    line_start: Range<usize>,
    line_count: usize,
    /// When the shop was last found to agree with it, in seconds since 1970.
    checked: AtomicI64,
    /// See [`Self::days_once`].
    days: OnceLock<Vec<i32>>,
    /// See [`Self::rows_once`].
    rows: OnceLock<Vec<u32>>,
}

/// Products with their names.
#[derive(Debug, Clone, Copy)]
pub struct Products<'a> {
    columns: ProductColumns<'a>,
    /// Name in the shop's default language; of a deleted product, what its last line called it.
    pub name: Texts<'a>,
    /// Model.
    pub model: Texts<'a>,
}

/// Brands with their names.
#[derive(Debug, Clone, Copy)]
pub struct Manufacturers<'a> {
    columns: ManufacturerColumns<'a>,
    /// Name.
    pub name: Texts<'a>,
}

/// What a snapshot holds and how old it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Always true: there is a snapshot.
    pub available: bool,
    /// Orders, abandoned ones too.
    pub orders: usize,
    /// Order lines.
    pub lines: usize,
    /// Products, those only order lines know too.
    pub products: usize,
    /// Customers, those only orders know too.
    pub customers: usize,
    /// Size of the file.
    pub bytes: u64,
    /// When the shop was last read, or found unchanged.
    pub built_at: String,
    /// Seconds since then.
    pub age_seconds: i64,
    /// Highest `order_id`.
    pub watermark: u32,
}

impl Snapshot {
    /// Days that a look at all orders finds, looked for once while this snapshot is open; there is one such look.
    pub fn days_once(&self, find: impl FnOnce(&Self) -> Vec<i32>) -> &[i32] {
        self.days.get_or_init(|| find(self))
    }

    /// Rows of products that a look at the newest orders finds, as [`Self::days_once`].
    pub fn rows_once(&self, find: impl FnOnce(&Self) -> Vec<u32>) -> &[u32] {
        self.rows.get_or_init(|| find(self))
    }

    /// Opens the file at `path` and checks its header, types and lengths. The columns themselves are read when asked for.
    pub fn open(path: &Path) -> Result<Self> {
        let file = ColumnFile::open(path)?;
        let checked = AtomicI64::new(file.meta.built_at.as_second());
        let line_start = file.place(schema::LINE_START);
        let line_count = Lines::of(&file).len();
        let snapshot =
            Self { file, line_start, line_count, checked, days: OnceLock::new(), rows: OnceLock::new() };
        snapshot.check()?;
        Ok(snapshot)
    }

    fn check(&self) -> Result<()> {
        let tables = [
            Orders::NAMES,
            Lines::NAMES,
            ProductColumns::NAMES,
            Customers::NAMES,
            Returns::NAMES,
            ManufacturerColumns::NAMES,
            StockOuts::NAMES,
            Offers::NAMES,
            Specials::NAMES,
            PriceColumns::NAMES,
            ProductStores::NAMES,
            Buckets::NAMES,
        ];
        for table in tables {
            let mut rows = None;
            for (name, dtype) in table {
                rows = Some(self.file.expect(name, *dtype, rows)?);
            }
        }
        for (name, of) in schema::TEXTS {
            let rows = self.file.expect(of, Dtype::U32, None)?;
            self.file.expect(&format!("{name}.offset"), Dtype::U32, Some(rows + 1))?;
            let bytes = self.file.expect(&format!("{name}.bytes"), Dtype::U8, None)?;
            let offset = self.file.column::<u32>(&format!("{name}.offset"));
            self.bounds(name, offset, bytes)?;
        }
        let orders = self.orders().len();
        self.file.expect(schema::LINE_START, Dtype::U32, Some(orders + 1))?;
        self.bounds(schema::LINE_START, self.line_start(), self.lines().len())?;
        let zones = orders.div_ceil(schema::ZONE_ORDERS);
        self.file.expect(schema::ZONE_EARLIEST, Dtype::I64, Some(zones))?;
        self.file.expect(schema::ZONE_LATEST, Dtype::I64, Some(zones))?;
        Ok(())
    }

    fn bounds(&self, name: &str, offsets: &[u32], length: usize) -> Result<()> {
        let ends = (offsets.first().copied(), offsets.last().map(|last| *last as usize));
        if ends == (Some(0), Some(length)) {
            Ok(())
        } else {
            Err(Error::corrupt(self.path(), format!("bounds of {name}")))
        }
    }

    /// Reads the whole file and compares every column with its blake3.
    pub fn verify(&self) -> Result<()> {
        self.file.verify()
    }

    /// Orders by `order_id`.
    pub fn orders(&self) -> Orders<'_> {
        Orders::of(&self.file)
    }

    /// Lines, by order.
    pub fn lines(&self) -> Lines<'_> {
        Lines::of(&self.file)
    }

    /// Products by `product_id`.
    pub fn products(&self) -> Products<'_> {
        let columns = ProductColumns::of(&self.file);
        Products { columns, name: self.texts("products.name"), model: self.texts("products.model") }
    }

    /// Customers by `customer_id`.
    pub fn customers(&self) -> Customers<'_> {
        Customers::of(&self.file)
    }

    /// Return requests by `return_id`.
    pub fn returns(&self) -> Returns<'_> {
        Returns::of(&self.file)
    }

    /// Brands by id.
    pub fn manufacturers(&self) -> Manufacturers<'_> {
        Manufacturers { columns: ManufacturerColumns::of(&self.file), name: self.texts("manufacturers.name") }
    }

    /// Whole days on which a product was out of stock.
    pub fn stock_outs_of(&self, product_id: u32) -> Days<'_> {
        let StockOuts { product_id: ids, first, last } = StockOuts::of(&self.file);
        Days::of(ids, first, last, product_id)
    }

    /// Days on which a product is on special offer, those to come too.
    pub fn offers_of(&self, product_id: u32) -> Days<'_> {
        let Offers { product_id: ids, first, last } = Offers::of(&self.file);
        Days::of(ids, first, last, product_id)
    }

    /// What the shop's usual customers pay for a product in place of the catalogue's price, offers without dates too.
    pub fn specials_of(&self, product_id: u32) -> SpecialPrices<'_> {
        SpecialPrices::of(&Specials::of(&self.file), product_id)
    }

    /// What a product's price in the catalogue was, from the day on which it was first looked at.
    pub fn prices_of(&self, product_id: u32) -> Prices<'_> {
        let PriceColumns { product_id: ids, since, price } = PriceColumns::of(&self.file);
        Prices::of(ids, since, price, product_id)
    }

    /// Which store shows which product.
    pub fn product_stores(&self) -> ProductStores<'_> {
        ProductStores::of(&self.file)
    }

    pub(super) fn buckets(&self) -> Buckets<'_> {
        Buckets::of(&self.file)
    }

    fn texts(&self, name: &str) -> Texts<'_> {
        let (offset, bytes) = (format!("{name}.offset"), format!("{name}.bytes"));
        Texts { offset: self.file.column(&offset), bytes: self.file.column(&bytes) }
    }

    /// First line of each order, and the number of lines at the end.
    pub fn line_start(&self) -> &[u32] {
        self.file.at(&self.line_start)
    }

    /// Lines of an order: a range within `lines().len()`, empty when there is no such order.
    pub fn lines_of(&self, order: usize) -> Range<usize> {
        let start = self.line_start();
        match start.get(order..).and_then(|rest| rest.first_chunk::<2>()) {
            Some([from, to]) if from <= to => *from as usize..(*to as usize).min(self.line_count),
            _ => 0..0,
        }
    }

    /// Orders of a customer, ascending rows; nothing for guests and strangers.
    pub fn orders_of_customer(&self, customer_id: u32) -> &[u32] {
        let orders = self.orders();
        if customer_id == 0 { &[] } else { together(orders.by_customer, orders.customer_id, customer_id) }
    }

    /// Lines of a product row, ascending rows.
    pub fn lines_of_product(&self, product: usize) -> &[u32] {
        let lines = self.lines();
        let wanted = u32::try_from(product).unwrap_or(NO_INDEX);
        together(lines.by_product, lines.product_index, wanted)
    }

    /// The latest `date_added` of an order, found without reading every order.
    pub fn latest_order(&self) -> Option<i64> {
        self.zones().1.iter().copied().max().filter(|latest| *latest != NO_DATE)
    }

    /// Every order that has lines, with the rows of its products. A product bought on two lines is there twice.
    pub fn baskets(&self) -> impl Iterator<Item = (usize, &[u32])> {
        let products = self.lines().product_index;
        self.line_start().windows(2).enumerate().filter_map(move |(order, pair)| {
            let &[from, to] = pair else { return None };
            products
                .get(from as usize..to as usize)
                .filter(|lines| !lines.is_empty())
                .map(|lines| (order, lines))
        })
    }

    /// Earliest and latest order of each zone of [`schema::ZONE_ORDERS`] orders.
    pub(super) fn zones(&self) -> (&[i64], &[i64]) {
        (self.file.column(schema::ZONE_EARLIEST), self.file.column(schema::ZONE_LATEST))
    }

    /// Names and settings.
    pub fn dictionaries(&self) -> &Dictionaries {
        &self.file.meta.dictionaries
    }

    /// When the file was made: the shop as it was at this moment.
    pub fn built_at(&self) -> Timestamp {
        self.file.meta.built_at
    }

    /// When the shop was last read, or found unchanged.
    pub fn checked_at(&self) -> Timestamp {
        Timestamp::from_second(self.checked.load(Ordering::Relaxed)).unwrap_or(self.file.meta.built_at)
    }

    pub(super) fn set_checked_at(&self, instant: Timestamp) {
        self.checked.fetch_max(instant.as_second(), Ordering::Relaxed);
    }

    /// Seconds since the shop was last read, or found unchanged.
    pub fn age_seconds(&self, now: Timestamp) -> i64 {
        (now.as_second() - self.checked_at().as_second()).max(0)
    }

    /// Highest `order_id`.
    pub fn watermark(&self) -> u32 {
        self.file.meta.watermark
    }

    /// Size of the file.
    pub fn bytes(&self) -> u64 {
        self.file.bytes()
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    pub(super) fn meta(&self) -> &Meta {
        &self.file.meta
    }

    /// What is in it, as of `now`.
    pub fn summary(&self, now: Timestamp) -> Summary {
        Summary {
            available: true,
            orders: self.orders().len(),
            lines: self.lines().len(),
            products: self.products().len(),
            customers: self.customers().len(),
            bytes: self.bytes(),
            built_at: super::seconds(self.checked_at()),
            age_seconds: self.age_seconds(now),
            watermark: self.watermark(),
        }
    }
}

impl<'a> Deref for Products<'a> {
    type Target = ProductColumns<'a>;
    fn deref(&self) -> &Self::Target {
        &self.columns
    }
}

impl<'a> Deref for Manufacturers<'a> {
    type Target = ManufacturerColumns<'a>;
    fn deref(&self) -> &Self::Target {
        &self.columns
    }
}

/// The part of `rows`, which are sorted by their `key`, whose key is `wanted`.
fn together<'a>(rows: &'a [u32], key: &[u32], wanted: u32) -> &'a [u32] {
    let key_of = |row: &u32| key.get(*row as usize).copied().unwrap_or(u32::MAX);
    let from = rows.partition_point(|row| key_of(row) < wanted);
    let rest = rows.get(from..).unwrap_or_default();
    rest.get(..rest.partition_point(|row| key_of(row) == wanted)).unwrap_or_default()
}

impl Orders<'_> {
    /// Row of an order.
    pub fn find(&self, order_id: u32) -> Option<usize> {
        self.order_id.binary_search(&order_id).ok()
    }

    /// Whether somebody tried the shop out with this order.
    pub fn is_test(&self, order: usize) -> bool {
        self.test.get(order) == Some(&1)
    }

    /// Whether it was really sold: of one of the statuses that count, and no test.
    pub fn is_sold(&self, order: usize, counted: &StatusSet) -> bool {
        !self.is_test(order) && self.status.get(order).is_some_and(|status| counted.contains(*status))
    }

    /// Row in customers of an order, `None` for guests.
    pub fn customer(&self, order: usize) -> Option<usize> {
        self.customer_index.get(order).filter(|index| **index != NO_INDEX).map(|index| *index as usize)
    }
}

impl ProductColumns<'_> {
    /// Row of a product.
    pub fn find(&self, product_id: u32) -> Option<usize> {
        self.product_id.binary_search(&product_id).ok()
    }

    /// Pieces in stock, below zero what is owed to customers; `None` where the product does not count its stock.
    pub fn stock(&self, row: usize) -> Option<i32> {
        let counts = self.subtract.get(row).is_some_and(|flag| *flag == 1);
        self.quantity.get(row).copied().filter(|_| counts)
    }
}

impl Customers<'_> {
    /// Row of a customer.
    pub fn find(&self, customer_id: u32) -> Option<usize> {
        self.customer_id.binary_search(&customer_id).ok()
    }
}
