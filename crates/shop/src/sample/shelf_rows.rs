//! Writes the catalogue: the category tree, brands, attributes and products.

use super::catalogue::{Bilingual, Catalogue};
use super::category_rows::CategoryRows;
use super::demand::Calendar;
use super::draw::Draw;
use super::product::Product;
use super::product_rows::ProductRows;
use super::reference::Reference;
use super::rows::{Cells, find_or_add};
use crate::Database;
use meschain_base::Result;
use mysql::PooledConn;
use std::collections::BTreeMap;

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
}
