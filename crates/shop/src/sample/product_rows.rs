//! Rows of the products: codes, texts in two languages, places, special offers, reviews.

use super::bulk::Inserter;
use super::describe;
use super::draw::Draw;
use super::product::Product;
use super::reference::LONG_AGO;
use super::rows::{columns, day_value, money_value, time_value};
use super::season::shift;
use super::shelf_rows::{CategoryIds, Shelves};
use meschain_base::{Money, Result};
use mysql::{PooledConn, Value};

/// Batches of the tables a product touches.
pub(super) struct ProductRows {
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
    /// Prepares the batches.
    pub fn new(shelves: &Shelves<'_>, conn: &mut PooledConn) -> Result<Self> {
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
                    "meta_keyword",
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

    /// The product itself, its codes, views and reviews.
    pub fn product(
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

    /// Names, descriptions and attributes.
    pub fn texts(
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
            let cells: [Value; 8] = [
                id.into(),
                language.into(),
                name.clone().into(),
                format!("<p>{description}</p>").into(),
                tag.into(),
                name.clone().into(),
                meta.into(),
                // A shop page of OpenCart 4.1 dies of a NULL here.
                "".into(),
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

    /// Category and stores.
    pub fn places(
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

    /// Special offers. OpenCart's `date_end` is the first moment an offer no longer holds, hence the day after its last.
    pub fn offers(
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

    /// Writes what is held.
    pub fn flush(&mut self, conn: &mut PooledConn) -> Result<()> {
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
