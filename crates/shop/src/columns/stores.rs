//! Which store shows which product: read whole every time, like the catalogue.

use super::conditions::rows_of;
use super::read::Reader;
use super::row::id;
use super::schema::{ProductStoreRow, ProductStoreWriter, ProductStores};
use super::spool::Columns;
use meschain_base::Result;

impl ProductStores<'_> {
    /// Whether a store shows a product. Where nothing says who shows what, every store shows everything.
    pub fn holds(&self, product_id: u32, store_id: u32) -> bool {
        let stores = self.store_id.get(rows_of(self.product_id, product_id)).unwrap_or_default();
        self.product_id.is_empty() || stores.binary_search(&store_id).is_ok()
    }
}

impl Reader<'_> {
    /// Writes the products of each store.
    pub(super) fn stores(&mut self, columns: &mut Columns) -> Result<()> {
        let mut writer = ProductStoreWriter::create(columns)?;
        if self.has_table(&format!("{}product_to_store", self.database.prefix()))? {
            let statement = format!(
                "SELECT `product_id`, `store_id` FROM {} WHERE `product_id` >= 0 AND `store_id` >= 0 \
                 ORDER BY `product_id`, `store_id`",
                self.database.table("product_to_store")
            );
            self.rows(&statement, |row| {
                writer.push(ProductStoreRow { product_id: id(row, 0)?, store_id: id(row, 1)? })
            })?;
        }
        writer.finish(columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_shown_where_it_is_listed_or_everywhere_where_nothing_is() {
        let listed = ProductStores { product_id: &[3, 5, 5, 9], store_id: &[0, 0, 2, 1] };
        let shown = |id| [0, 1, 2].map(|store| listed.holds(id, store));
        assert_eq!(shown(5), [true, false, true]);
        assert_eq!(shown(9), [false, true, false]);
        assert_eq!(shown(4), [false; 3]);
        assert!(ProductStores { product_id: &[], store_id: &[] }.holds(4, 7));
    }
}
