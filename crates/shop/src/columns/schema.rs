//! What a snapshot holds: one list of tables and typed columns, from which the views, the rows and the writers are made.

use super::element::Element;
use super::file::ColumnFile;
use super::spool::{Columns, Spool};
use meschain_base::Result;
use std::ops::Range;

/// Layout version. A file of another version is refused and rebuilt.
pub const VERSION: u32 = 8;

/// Orders whose ids share `order_id / BUCKET_ORDERS` are fingerprinted, and read again, together.
pub const BUCKET_ORDERS: u32 = 1024;

/// Index of nothing: a guest's customer, a return whose order is gone.
pub const NO_INDEX: u32 = u32::MAX;

/// An instant that is not known: OpenCart's `0000-00-00`, a product that was never added. Earlier than every real one.
pub const NO_DATE: i64 = i64::MIN;

/// A cost that is not known. Zero is a cost.
pub const NO_COST: i64 = i64::MIN;

/// Describes one table: `source` columns are read from the database, `derived` ones computed when the file is made.
macro_rules! table {
    ($(#[$doc:meta])* $view:ident, $row:ident, $writer:ident, $table:literal,
     source { $($(#[$source_doc:meta])* $source:ident: $source_type:ty,)* }
     derived { $($(#[$derived_doc:meta])* $derived:ident: $derived_type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $view<'a> {
            $($(#[$source_doc])* pub $source: &'a [$source_type],)*
            $($(#[$derived_doc])* pub $derived: &'a [$derived_type],)*
        }

        impl<'a> $view<'a> {
            /// Names of the columns in the file, all of one length, with their types.
            pub(super) const NAMES: &'static [(&'static str, safetensors::Dtype)] = &[
                $((concat!($table, ".", stringify!($source)), <$source_type as Element>::DTYPE),)*
                $((concat!($table, ".", stringify!($derived)), <$derived_type as Element>::DTYPE),)*
            ];

            pub(super) fn of(file: &'a ColumnFile) -> Self {
                Self {
                    $($source: file.column(concat!($table, ".", stringify!($source))),)*
                    $($derived: file.column(concat!($table, ".", stringify!($derived))),)*
                }
            }

            /// Rows.
            pub fn len(&self) -> usize {
                [$(self.$source.len(),)*].into_iter().min().unwrap_or(0)
            }

            /// Whether there is no row.
            #[allow(dead_code, reason = "every table has it")]
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }
        }

        #[doc = concat!("One row of ", $table, " as it is read from the database.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) struct $row {
            $(pub $source: $source_type,)*
        }

        #[doc = concat!("Writes the source columns of ", $table, ".")]
        pub(super) struct $writer {
            $($source: Spool<$source_type>,)*
        }

        impl $writer {
            pub(super) fn create(columns: &Columns) -> Result<Self> {
                Ok(Self { $($source: columns.spool(concat!($table, ".", stringify!($source)))?,)* })
            }

            pub(super) fn push(&mut self, row: $row) -> Result<()> {
                $(self.$source.push(row.$source)?;)*
                Ok(())
            }

            /// Copies rows of an older snapshot.
            #[allow(dead_code, reason = "only orders and lines are copied")]
            pub(super) fn copy(&mut self, from: &$view<'_>, rows: Range<usize>) -> Result<()> {
                $(self.$source.extend(from.$source.get(rows.clone()).unwrap_or_default())?;)*
                Ok(())
            }

            pub(super) fn finish(self, columns: &mut Columns) -> Result<()> {
                $(columns.add(self.$source)?;)*
                Ok(())
            }
        }
    };
}

table! {
    /// Orders by ascending `order_id`. Every order of the shop is here, abandoned ones (`status` 0) too.
    Orders, OrderRow, OrderWriter, "orders",
    source {
        /// OpenCart's id; ascending, without repeats, above 0.
        order_id: u32,
        /// When the order was placed, in seconds since 1970 UTC; [`NO_DATE`] when not known.
        date_added: i64,
        /// When it was last changed.
        date_modified: i64,
        /// `order_status_id`; 0 is an order that was never finished.
        status: u32,
        /// OpenCart's customer; 0 is a guest.
        customer_id: u32,
        /// Store; 0 is the default one.
        store_id: u32,
        /// Currency the customer saw. Amounts here are in the default currency all the same.
        currency_id: u32,
        /// Marketplace the order came from; 1 is the own shop.
        marketplace_id: u32,
        /// `order.total` x 10^4: what was charged, with tax and shipping, in the default currency.
        total: i64,
        /// 1 when somebody tried the shop out: see `test!` in `read.rs`. Reports count such orders, models do not learn from them.
        test: u8,
    }
    derived {
        /// Row in [`Customers`]; [`NO_INDEX`] for guests.
        customer_index: u32,
        /// Every row of this table by (`customer_id`, row): the orders of one customer stand together.
        by_customer: u32,
    }
}

table! {
    /// Order lines by ascending (`order_index`, `order_product_id`). Lines without an order are left out.
    Lines, LineRow, LineWriter, "lines",
    source {
        /// OpenCart's id of the line.
        order_product_id: u32,
        /// OpenCart's product, which may have been deleted since.
        product_id: u32,
        /// Pieces.
        quantity: i32,
        /// Price of a piece without tax x 10^4, as it was charged.
        price: i64,
        /// Price of the line without tax x 10^4.
        total: i64,
        /// Tax of a piece x 10^4.
        tax: i64,
        /// Checksum of the option values that were chosen; 0 where nothing was. Only equal or not equal means anything.
        options: u32,
    }
    derived {
        /// Row in [`Orders`]; ascending.
        order_index: u32,
        /// Row in [`super::Products`]; always one, deleted products included.
        product_index: u32,
        /// Every row of this table by (`product_index`, row): the lines of one product stand together.
        by_product: u32,
    }
}

table! {
    /// Products by ascending `product_id`: those of the catalogue, and those that only order lines still know.
    ProductColumns, ProductRow, ProductWriter, "products",
    source {
        /// OpenCart's id.
        product_id: u32,
        /// 1 when the product is in the catalogue, 0 when only order lines know it.
        known: u8,
        /// 1 when it is for sale.
        status: u8,
        /// Price without tax x 10^4.
        price: i64,
        /// Cost x 10^4 in force when the file was made; [`NO_COST`] when not known.
        cost: i64,
        /// Pieces in stock; may be negative. Says something only where `subtract` is 1: see [`ProductColumns::stock`].
        quantity: i32,
        /// 1 when what is sold is taken off `quantity`.
        subtract: u8,
        /// Brand; 0 for none. Names: [`super::Snapshot::manufacturers`].
        manufacturer_id: u32,
        /// Product this one is a variant of; 0 for none.
        master_id: u32,
        /// When it was added, in seconds since 1970 UTC; [`NO_DATE`] when not known.
        date_added: i64,
        /// First day it may be sold, at midnight UTC; [`NO_DATE`] when not known.
        date_available: i64,
    }
    derived {}
}

table! {
    /// Customers by ascending `customer_id`: registered ones, and those that only orders still know.
    Customers, CustomerRow, CustomerWriter, "customers",
    source {
        /// OpenCart's id, above 0.
        customer_id: u32,
        /// 1 when the account exists, 0 when only orders know it.
        known: u8,
        /// 1 when the account is enabled.
        status: u8,
        /// Customer group.
        customer_group_id: u32,
        /// Store the account was made in.
        store_id: u32,
        /// When the account was made, in seconds since 1970 UTC; [`NO_DATE`] when not known.
        date_added: i64,
    }
    derived {
        /// Earliest `date_added` of an order with a status above 0; [`NO_DATE`] when there is none.
        first_order: i64,
        /// Orders with a status above 0.
        order_count: u32,
    }
}

table! {
    /// Return requests by ascending `return_id`.
    Returns, ReturnRow, ReturnWriter, "returns",
    source {
        /// OpenCart's id.
        return_id: u32,
        /// Order it belongs to; 0 when not given.
        order_id: u32,
        /// Product that comes back.
        product_id: u32,
        /// Customer; 0 is a guest.
        customer_id: u32,
        /// Pieces.
        quantity: i32,
        /// `return_status_id`.
        status: u32,
        /// When it was asked for, in seconds since 1970 UTC; [`NO_DATE`] when not known.
        date_added: i64,
    }
    derived {
        /// Row in [`Orders`]; [`NO_INDEX`] when the order is not there.
        order_index: u32,
    }
}

table! {
    /// Brands by ascending id.
    ManufacturerColumns, ManufacturerRow, ManufacturerWriter, "manufacturers",
    source {
        /// OpenCart's id.
        manufacturer_id: u32,
    }
    derived {}
}

table! {
    /// Whole days without stock by ascending (`product_id`, `first`), as far as the worker has seen them.
    StockOuts, StockOutRow, StockOutWriter, "stock_outs",
    source {
        /// OpenCart's product.
        product_id: u32,
        /// First day, counted from 1970-01-01.
        first: i32,
        /// Last day; `i32::MAX` while the stock is still out.
        last: i32,
    }
    derived {}
}

table! {
    /// Days of special offers by ascending (`product_id`, `first`). Offers without any date are prices and not here.
    Offers, OfferRow, OfferWriter, "offers",
    source {
        /// OpenCart's product.
        product_id: u32,
        /// First day, counted from 1970-01-01; `i32::MIN` when it has always held.
        first: i32,
        /// Last day; `i32::MAX` when it has no end.
        last: i32,
    }
    derived {}
}

table! {
    /// What the shop's usual customers pay in place of the catalogue's price, by ascending `product_id`; of one product in the order in which
    /// OpenCart asks for them.
    Specials, SpecialRow, SpecialWriter, "specials",
    source {
        /// OpenCart's product.
        product_id: u32,
        /// First day, counted from 1970-01-01; `i32::MIN` when it has always held.
        first: i32,
        /// Last day; `i32::MAX` when it has no end.
        last: i32,
        /// What `value` is: 0 nothing (a discount, or what no page shows), 1 the price, 2 a share in percent, 3 an amount off the catalogue's price.
        kind: u8,
        /// Price or amount without tax, or percent, x 10^4.
        value: i64,
    }
    derived {}
}

table! {
    /// Catalogue prices by ascending (`product_id`, `since`), as far as the worker has seen them.
    PriceColumns, PriceRow, PriceWriter, "prices",
    source {
        /// OpenCart's product.
        product_id: u32,
        /// First day of the price, counted from 1970-01-01; it holds until the product's next row.
        since: i32,
        /// Price without tax x 10^4.
        price: i64,
    }
    derived {}
}

table! {
    /// Stores that show a product by ascending (`product_id`, `store_id`).
    ProductStores, ProductStoreRow, ProductStoreWriter, "product_stores",
    source {
        /// OpenCart's product.
        product_id: u32,
        /// Store; 0 is the default one.
        store_id: u32,
    }
    derived {}
}

table! {
    /// Fingerprints by ascending bucket, one row for each bucket in which any of the three tables has a row.
    Buckets, BucketRow, BucketWriter, "buckets",
    source {
        /// `order_id / BUCKET_ORDERS`.
        bucket: u32,
        /// Rows of `order`.
        orders: u32,
        /// Weighted checksum of the rows of `order`.
        orders_xor: u64,
        /// Rows of `order_product`, those without an order too.
        lines: u32,
        /// Weighted checksum of the rows of `order_product`.
        lines_xor: u64,
        /// Rows of `meschain_order_origin`.
        origins: u32,
        /// Weighted checksum of the rows of `meschain_order_origin`.
        origins_xor: u64,
    }
    derived {}
}

/// First line of each order, and one more entry with the number of lines.
pub(super) const LINE_START: &str = "orders.line_start";

/// Earliest and latest `date_added` of each run of [`ZONE_ORDERS`] orders, [`NO_DATE`] left out.
pub(super) const ZONE_EARLIEST: &str = "zones.earliest";
/// See [`ZONE_EARLIEST`].
pub(super) const ZONE_LATEST: &str = "zones.latest";

/// Orders in a zone.
pub const ZONE_ORDERS: usize = 4096;

/// Text columns: `<name>.offset` has one entry more than rows, `<name>.bytes` is UTF-8.
pub(super) const TEXTS: [(&str, &str); 3] = [
    ("products.name", "products.product_id"),
    ("products.model", "products.product_id"),
    ("manufacturers.name", "manufacturers.manufacturer_id"),
];
