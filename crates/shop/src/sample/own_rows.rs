//! Writes what OpenCart does not know of the catalogue: what products cost and where they are listed.

use super::bulk::Inserter;
use super::customers::CHANNELS;
use super::draw::Draw;
use super::reference::LONG_AGO;
use super::rows::{columns_of, day_value, money_value, time_value};
use super::shelf_rows::Shelves;
use crate::fault;
use meschain_base::{Money, Result};
use mysql::prelude::Queryable;
use mysql::{PooledConn, Value};
use std::collections::BTreeMap;

/// Commission of each marketplace as a share of the price with KDV, in the order of [`CHANNELS`]; invented, of usual size.
pub(super) const COMMISSIONS: [f64; 6] = [0.0, 0.18, 0.165, 0.14, 0.15, 0.12];

/// What was left out and why; shown in the report.
pub(super) type Skipped = Vec<String>;

impl Shelves<'_> {
    /// What each product costs, and what the marketplaces list and keep. Skips what the migrations have not made.
    pub fn own_tables(&self, conn: &mut PooledConn) -> Result<(u64, Skipped)> {
        let mut skipped = Skipped::new();
        let mut costs = 0;
        if columns_of(self.database, conn, "meschain_product_costs")?.is_empty() {
            skipped.push("meschain_product_costs".to_owned());
        } else {
            costs = self.costs(conn)?;
        }
        if columns_of(self.database, conn, "meschain_stock_outs")?.is_empty() {
            skipped.push("meschain_stock_outs".to_owned());
        } else {
            self.stock_outs(conn)?;
        }
        if columns_of(self.database, conn, "meschain_products")?.is_empty() {
            skipped.push("meschain_products".to_owned());
        } else {
            self.listings(conn)?;
        }
        Ok((costs, skipped))
    }

    fn costs(&self, conn: &mut PooledConn) -> Result<u64> {
        let names = ["product_id", "valid_from", "cost", "currency_code", "created_at"];
        let mut rows = Inserter::own(self.database, conn, "meschain_product_costs", &names)?;
        let created = time_value(LONG_AGO);
        for (at, product) in self.products.iter().enumerate() {
            let from = self.calendar.days.get(product.first).copied().unwrap_or(LONG_AGO.date());
            let cells = [
                self.product_id(at).into(),
                day_value(from),
                money_value(product.cost),
                "TRY".into(),
                created.clone(),
            ];
            rows.push(conn, cells)?;
        }
        rows.flush(conn)?;
        Ok(rows.written())
    }

    /// Stock-outs as a watcher would have seen them: from the day on which the last piece went to the day of the delivery.
    fn stock_outs(&self, conn: &mut PooledConn) -> Result<()> {
        let names = ["product_id", "started_on", "ended_on"];
        let mut rows = Inserter::own(self.database, conn, "meschain_stock_outs", &names)?;
        let day = |at: usize| self.calendar.days.get(at).copied();
        for (at, product) in self.products.iter().enumerate() {
            for (from, to) in &product.stock_outs {
                let Some(started) = from.checked_sub(1).and_then(day) else { continue };
                let ended = day(to + 1).map_or(Value::NULL, day_value);
                rows.push(conn, [self.product_id(at).into(), day_value(started), ended])?;
            }
        }
        rows.flush(conn)
    }

    fn listings(&self, conn: &mut PooledConn) -> Result<()> {
        let ids = marketplaces(conn)?;
        for (place, commission) in CHANNELS.iter().zip(COMMISSIONS).skip(1) {
            // A commission the shop has set itself stays.
            let update = "UPDATE `meschain_marketplaces` SET `commission_rate` = ?, `status` = 'active', \
                 `updated_at` = `updated_at` WHERE `code` = ? AND `commission_rate` = 0";
            conn.exec_drop(update, (commission, place.0)).map_err(fault)?;
        }
        let names = [
            "marketplace_id",
            "product_id",
            "marketplace_sku",
            "barcode",
            "title",
            "price",
            "quantity",
            "status",
            "created_at",
            "updated_at",
        ];
        let mut rows = Inserter::own(self.database, conn, "meschain_products", &names)?;
        let created = time_value(LONG_AGO);
        let mut draw = Draw::new(self.seed, 41);
        for (at, product) in self.products.iter().enumerate() {
            for code in CHANNELS.iter().skip(1).map(|(code, _)| *code) {
                let (true, Some(marketplace)) = (draw.chance(0.7), ids.get(code)) else { continue };
                let price = product.regular_price().map_or(Money::ZERO, |period| period.price.gross);
                rows.push(
                    conn,
                    [
                        (*marketplace).into(),
                        self.product_id(at).into(),
                        product.model.clone().into(),
                        product.ean.clone().into(),
                        product.name_tr.clone().into(),
                        money_value(price),
                        (draw.below(80) as u32).into(),
                        "active".into(),
                        created.clone(),
                        created.clone(),
                    ],
                )?;
            }
        }
        rows.flush(conn)
    }
}

/// Marketplaces by code; empty when the migrations have not run.
pub(super) fn marketplaces(conn: &mut PooledConn) -> Result<BTreeMap<String, u32>> {
    let rows: Vec<(String, u32)> =
        conn.query("SELECT `code`, `marketplace_id` FROM `meschain_marketplaces`").map_err(fault)?;
    Ok(rows.into_iter().collect())
}
