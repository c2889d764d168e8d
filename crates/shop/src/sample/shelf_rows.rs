//! Writes the catalogue: categories, brands, products in two languages, prices, special offers, costs, listings, reviews.

use super::bulk::Inserter;
use super::catalogue::{Bilingual, Catalogue};
use super::customers::CHANNELS;
use super::demand::Calendar;
use super::describe;
use super::draw::Draw;
use super::product::Product;
use super::reference::{LONG_AGO, Reference};
use super::rows::{Cells, columns, columns_of, day_value, find_or_add, money_value, time_value};
use super::season::shift;
use crate::{Database, fault};
use meschain_base::{Money, Result};
use mysql::prelude::Queryable;
use mysql::{PooledConn, Value};
use std::collections::BTreeMap;

/// Commission of each marketplace as a share of the price with KDV, in the order of [`CHANNELS`]; invented, of usual size.
pub(super) const COMMISSIONS: [f64; 6] = [0.0, 0.18, 0.165, 0.14, 0.15, 0.12];

/// Where the catalogue is written to and what its rows refer to.
pub(super) struct Shelves<'a> {
    pub database: &'a Database,
    pub catalogue: &'a Catalogue,
    pub calendar: &'a Calendar,
    pub products: &'a [Product],
    pub reference: &'a Reference,
    /// Tax class by KDV rate.
    pub tax_classes: &'a [(u8, u32)],
    pub category_base: u32,
    pub product_base: u32,
    pub second_store: u32,
    pub seed: u64,
}

/// Ids of the categories that were written.
pub(super) struct CategoryIds {
    /// By leaf of the catalogue.
    pub leaves: Vec<u32>,
}

/// What was left out and why; shown in the report.
pub(super) type Skipped = Vec<String>;

impl Shelves<'_> {
    /// The id of a product.
    pub fn product_id(&self, at: usize) -> u32 {
        self.product_base + at as u32 + 1
    }

    /// Writes the category tree.
    pub fn categories(&self, conn: &mut PooledConn) -> Result<CategoryIds> {
        let mut next = self.category_base;
        let mut number = |count: usize| -> Vec<u32> {
            let ids = (0..count as u32).map(|at| next + at + 1).collect();
            next += count as u32;
            ids
        };
        let tops = number(self.catalogue.tops.len());
        let middles = number(self.catalogue.middles.len());
        let leaves = number(self.catalogue.leaves.len());
        let mut rows = CategoryRows::new(self, conn)?;
        for (id, name) in tops.iter().zip(&self.catalogue.tops) {
            rows.add(conn, *id, name, &[*id])?;
        }
        for (id, middle) in middles.iter().zip(&self.catalogue.middles) {
            let top = tops.get(middle.top).copied().unwrap_or(0);
            rows.add(conn, *id, &middle.name, &[top, *id])?;
        }
        for (id, leaf) in leaves.iter().zip(&self.catalogue.leaves) {
            let middle = middles.get(leaf.middle).copied().unwrap_or(0);
            let top = self
                .catalogue
                .middles
                .get(leaf.middle)
                .and_then(|middle| tops.get(middle.top))
                .copied()
                .unwrap_or(0);
            rows.add(conn, *id, &leaf.name, &[top, middle, *id])?;
        }
        rows.flush(conn)?;
        Ok(CategoryIds { leaves })
    }

    /// Writes products and everything that hangs on them.
    pub fn products(&self, conn: &mut PooledConn, categories: &CategoryIds) -> Result<()> {
        let brands = self.brands(conn)?;
        let attributes = self.attributes(conn)?;
        let mut rows = ProductRows::new(self, conn)?;
        let mut draw = Draw::new(self.seed, 40);
        for (at, product) in self.products.iter().enumerate() {
            let id = self.product_id(at);
            let brand = brands.get(product.brand).copied().unwrap_or(0);
            rows.product(self, conn, id, product, brand, &mut draw)?;
            rows.texts(self, conn, id, product, &attributes)?;
            rows.places(self, conn, id, product, categories, &mut draw)?;
            rows.offers(self, conn, id, product)?;
        }
        rows.flush(conn)
    }

    fn brands(&self, conn: &mut PooledConn) -> Result<BTreeMap<&'static str, u32>> {
        let names: BTreeMap<&str, ()> = self.products.iter().map(|product| (product.brand, ())).collect();
        let mut ids = BTreeMap::new();
        for name in names.into_keys() {
            let key: Cells = &[("name", name.into())];
            let id = find_or_add(
                self.database,
                conn,
                "manufacturer",
                "manufacturer_id",
                key,
                &[("sort_order", 0.into())],
            )?;
            let place: Cells = &[("manufacturer_id", id.into()), ("store_id", 0.into())];
            super::rows::add_unless(self.database, conn, "manufacturer_to_store", place, &[])?;
            ids.insert(name, id);
        }
        Ok(ids)
    }

    /// Ids of the attributes size and kind.
    fn attributes(&self, conn: &mut PooledConn) -> Result<[u32; 2]> {
        let name = |conn: &mut PooledConn, table: &str, id: u32, text: Bilingual| -> Result<()> {
            for (language, name) in [(self.reference.english, text.en), (self.reference.turkish, text.tr)] {
                let column = format!("{table}_id");
                let key: Cells = &[(&column, id.into()), ("language_id", language.into())];
                super::rows::add_unless(
                    self.database,
                    conn,
                    &format!("{table}_description"),
                    key,
                    &[("name", name.into())],
                )?;
            }
            Ok(())
        };
        let next = super::rows::highest(self.database, conn, "attribute_group", "attribute_group_id")? + 1;
        super::rows::add(
            self.database,
            conn,
            "attribute_group",
            &[("attribute_group_id", next.into()), ("sort_order", 1.into())],
        )?;
        name(conn, "attribute_group", next, Bilingual { tr: "Özellikler", en: "Properties" })?;
        let first = super::rows::highest(self.database, conn, "attribute", "attribute_id")? + 1;
        for (id, text) in [
            (first, Bilingual { tr: "Boyut", en: "Size" }),
            (first + 1, Bilingual { tr: "Çeşit", en: "Kind" }),
        ] {
            let cells: Cells = &[
                ("attribute_id", id.into()),
                ("attribute_group_id", next.into()),
                ("sort_order", id.into()),
            ];
            super::rows::add(self.database, conn, "attribute", cells)?;
            name(conn, "attribute", id, text)?;
        }
        Ok([first, first + 1])
    }

    /// What each product costs, and what the marketplaces list and keep. Skips what the migrations have not made.
    pub fn own_tables(&self, conn: &mut PooledConn) -> Result<(u64, Skipped)> {
        let mut skipped = Skipped::new();
        let mut costs = 0;
        if columns_of(self.database, conn, "meschain_product_costs")?.is_empty() {
            skipped.push("meschain_product_costs".to_owned());
        } else {
            costs = self.costs(conn)?;
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

struct CategoryRows {
    category: Inserter,
    text: Inserter,
    path: Inserter,
    store: Inserter,
    english: u32,
    turkish: u32,
    second_store: u32,
}

impl CategoryRows {
    fn new(shelves: &Shelves<'_>, conn: &mut PooledConn) -> Result<Self> {
        let mut table = |name: &str, columns: &[&str]| Inserter::new(shelves.database, conn, name, columns);
        Ok(Self {
            category: table(
                "category",
                &[
                    "category_id",
                    "parent_id",
                    "top",
                    "column",
                    "sort_order",
                    "status",
                    "date_added",
                    "date_modified",
                ],
            )?,
            text: table("category_description", &["category_id", "language_id", "name", "meta_title"])?,
            path: table("category_path", &["category_id", "path_id", "level"])?,
            store: table("category_to_store", &["category_id", "store_id"])?,
            english: shelves.reference.english,
            turkish: shelves.reference.turkish,
            second_store: shelves.second_store,
        })
    }

    /// `path` runs from the top down to the category itself.
    fn add(&mut self, conn: &mut PooledConn, id: u32, name: &Bilingual, path: &[u32]) -> Result<()> {
        let parent = path.iter().rev().nth(1).copied().unwrap_or(0);
        let (added, top) = (time_value(LONG_AGO), u8::from(path.len() == 1));
        let cells =
            [id.into(), parent.into(), top.into(), 1.into(), 0.into(), 1.into(), added.clone(), added];
        self.category.push(conn, cells)?;
        for (language, name) in [(self.english, name.en), (self.turkish, name.tr)] {
            self.text.push(conn, [id.into(), language.into(), name.into(), name.into()])?;
        }
        for (level, ancestor) in path.iter().enumerate() {
            self.path.push(conn, [id.into(), (*ancestor).into(), (level as u32).into()])?;
        }
        for store in [0, self.second_store] {
            self.store.push(conn, [id.into(), store.into()])?;
        }
        Ok(())
    }

    fn flush(&mut self, conn: &mut PooledConn) -> Result<()> {
        [&mut self.category, &mut self.text, &mut self.path, &mut self.store]
            .into_iter()
            .try_for_each(|rows| rows.flush(conn))
    }
}

struct ProductRows {
    product: Inserter,
    text: Inserter,
    code: Option<Inserter>,
    category: Inserter,
    store: Inserter,
    attribute: Inserter,
    offer: Inserter,
    viewed: Inserter,
    review: Inserter,
}

impl ProductRows {
    fn new(shelves: &Shelves<'_>, conn: &mut PooledConn) -> Result<Self> {
        let database = shelves.database;
        // OpenCart 4.1 moved codes into a table of their own, and special offers into product_discount.
        let codes = !columns(database, conn, "product_code")?.is_empty();
        let specials = !columns(database, conn, "product_special")?.is_empty();
        let mut table = |name: &str, columns: &[&str]| Inserter::new(database, conn, name, columns);
        let offer = [
            "product_id",
            "customer_group_id",
            "quantity",
            "priority",
            "price",
            "type",
            "special",
            "date_start",
            "date_end",
        ];
        Ok(Self {
            product: table(
                "product",
                &[
                    "product_id",
                    "model",
                    "sku",
                    "ean",
                    "quantity",
                    "stock_status_id",
                    "manufacturer_id",
                    "price",
                    "tax_class_id",
                    "date_available",
                    "weight",
                    "weight_class_id",
                    "length_class_id",
                    "status",
                    "date_added",
                    "date_modified",
                ],
            )?,
            text: table(
                "product_description",
                &[
                    "product_id",
                    "language_id",
                    "name",
                    "description",
                    "tag",
                    "meta_title",
                    "meta_description",
                ],
            )?,
            code: if codes { Some(table("product_code", &["product_id", "code", "value"])?) } else { None },
            category: table("product_to_category", &["product_id", "category_id"])?,
            store: table("product_to_store", &["product_id", "store_id"])?,
            attribute: table("product_attribute", &["product_id", "attribute_id", "language_id", "text"])?,
            offer: table(if specials { "product_special" } else { "product_discount" }, &offer)?,
            viewed: table("product_viewed", &["product_id", "viewed"])?,
            review: table(
                "review",
                &["product_id", "author", "text", "rating", "status", "date_added", "date_modified"],
            )?,
        })
    }

    fn product(
        &mut self,
        shelves: &Shelves<'_>,
        conn: &mut PooledConn,
        id: u32,
        product: &Product,
        brand: u32,
        draw: &mut Draw,
    ) -> Result<()> {
        let end = shelves.calendar.days.len().saturating_sub(1);
        let on_sale = product.last >= end;
        let cover = product.base_lines * product.units_per_line * draw.between(4.0, 75.0);
        let quantity = if product.in_stock(end) { 1 + cover.round() as u32 } else { 0 };
        let price = product.regular_price().map_or(Money::ZERO, |period| period.price.net);
        let day = shelves.calendar.days.get(product.first).copied().unwrap_or(LONG_AGO.date());
        let added = if product.first == 0 { LONG_AGO.date() } else { day };
        let changed =
            product.regular_price().and_then(|period| shelves.calendar.days.get(period.first)).copied();
        let tax =
            shelves.tax_classes.iter().find(|(rate, _)| *rate == product.kdv).map_or(0, |(_, class)| *class);
        let weight = format!("{:.2}", draw.between(0.05, 3.0));
        let midnight = jiff::civil::Time::midnight();
        self.product.push(
            conn,
            [
                id.into(),
                product.model.clone().into(),
                product.model.clone().into(),
                product.ean.clone().into(),
                quantity.into(),
                if quantity > 0 { 7 } else { 5 }.into(),
                brand.into(),
                money_value(price),
                tax.into(),
                day_value(added),
                weight.into(),
                shelves.reference.weight_class.into(),
                shelves.reference.length_class.into(),
                u8::from(on_sale).into(),
                time_value(added.to_datetime(midnight)),
                time_value(changed.unwrap_or(added).to_datetime(midnight)),
            ],
        )?;
        if let Some(codes) = &mut self.code {
            codes.push(conn, [id.into(), "sku".into(), product.model.clone().into()])?;
            codes.push(conn, [id.into(), "ean".into(), product.ean.clone().into()])?;
        }
        let days_on_sale = (product.last + 1).saturating_sub(product.first) as f64;
        let views = product.base_lines * days_on_sale * draw.between(12.0, 60.0);
        self.viewed.push(conn, [id.into(), (views.round() as u32).into()])?;
        self.reviews(shelves, conn, id, product, draw)
    }

    fn reviews(
        &mut self,
        shelves: &Shelves<'_>,
        conn: &mut PooledConn,
        id: u32,
        product: &Product,
        draw: &mut Draw,
    ) -> Result<()> {
        let liking = draw.normal(4.1, 0.5);
        for _ in 0..draw.below(4) {
            let rating = draw.normal(liking, 0.9).round().clamp(1.0, 5.0) as u8;
            let at = draw.days(product.first, product.last);
            let day = shelves.calendar.days.get(at).copied().unwrap_or(LONG_AGO.date());
            let written = time_value(day.at(draw.below(24) as i8, draw.below(60) as i8, 0, 0));
            let (author, text) = describe::review(rating, draw);
            let cells =
                [id.into(), author.into(), text.into(), rating.into(), 1.into(), written.clone(), written];
            self.review.push(conn, cells)?;
        }
        Ok(())
    }

    fn texts(
        &mut self,
        shelves: &Shelves<'_>,
        conn: &mut PooledConn,
        id: u32,
        product: &Product,
        [size, kind]: &[u32; 2],
    ) -> Result<()> {
        let reference = shelves.reference;
        let tr = (reference.turkish, &product.name_tr, describe::turkish(product), product.variant_tr);
        let en = (reference.english, &product.name_en, describe::english(product), product.variant_en);
        for (language, name, description, variant) in [en, tr] {
            let meta: String = description.chars().take(160).collect();
            let tag = product.brand.to_owned();
            let cells: [Value; 7] = [
                id.into(),
                language.into(),
                name.clone().into(),
                format!("<p>{description}</p>").into(),
                tag.into(),
                name.clone().into(),
                meta.into(),
            ];
            self.text.push(conn, cells)?;
            for (attribute, text) in [(size, product.size), (kind, variant)] {
                if !text.is_empty() {
                    self.attribute
                        .push(conn, [id.into(), (*attribute).into(), language.into(), text.into()])?;
                }
            }
        }
        Ok(())
    }

    fn places(
        &mut self,
        shelves: &Shelves<'_>,
        conn: &mut PooledConn,
        id: u32,
        product: &Product,
        categories: &CategoryIds,
        draw: &mut Draw,
    ) -> Result<()> {
        let category = categories.leaves.get(product.leaf).copied().unwrap_or(0);
        self.category.push(conn, [id.into(), category.into()])?;
        self.store.push(conn, [id.into(), 0.into()])?;
        if draw.chance(0.6) {
            self.store.push(conn, [id.into(), shelves.second_store.into()])?;
        }
        Ok(())
    }

    /// OpenCart's `date_end` is the first moment an offer no longer holds, hence the day after its last.
    fn offers(
        &mut self,
        shelves: &Shelves<'_>,
        conn: &mut PooledConn,
        id: u32,
        product: &Product,
    ) -> Result<()> {
        for period in product.periods.iter().filter(|period| period.offer) {
            let day = |at: usize| shelves.calendar.days.get(at).copied();
            let (Some(from), Some(to)) = (day(period.first), day(period.last)) else { continue };
            let group = shelves.reference.customer_group;
            let cells: [Value; 9] = [
                id.into(),
                group.into(),
                1.into(),
                1.into(),
                money_value(period.price.net),
                "F".into(),
                1.into(),
                day_value(from),
                day_value(shift(to, 1)),
            ];
            self.offer.push(conn, cells)?;
        }
        Ok(())
    }

    fn flush(&mut self, conn: &mut PooledConn) -> Result<()> {
        let all = [
            &mut self.product,
            &mut self.text,
            &mut self.category,
            &mut self.store,
            &mut self.attribute,
            &mut self.offer,
            &mut self.viewed,
            &mut self.review,
        ];
        all.into_iter().chain(&mut self.code).try_for_each(|rows| rows.flush(conn))
    }
}
