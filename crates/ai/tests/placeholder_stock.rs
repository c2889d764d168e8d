//! Stocks that count nothing, found in a shop.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod shop;

use meschain_ai::data::placeholder_stock::find;
use shop::Shop;

#[test]
fn endless_stocks_are_found_and_orders_without_a_date_say_nothing() {
    let shop = Shop::new("placeholder_stock");
    assert!(find(&shop.snapshot()).is_empty());
    shop.run("UPDATE oc_product SET subtract = 1, quantity = 9999");
    assert!(find(&shop.snapshot()).len() > 100);
    shop.run("UPDATE oc_order SET date_added = '0000-00-00 00:00:00'");
    assert!(find(&shop.snapshot()).is_empty());
}
