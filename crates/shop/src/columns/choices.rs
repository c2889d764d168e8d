//! What buyers chose of a product's options: a size or a colour may have a price of its own.

use super::read::{IdRange, Reader};
use super::row::{id, unsigned};
use super::spool::Columns;
use bytemuck::{Pod, Zeroable};
use meschain_base::Result;
use std::path::Path;

/// What was chosen in one line.
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Choice {
    order_id: u32,
    order_product_id: u32,
    options: u32,
}

impl super::element::Element for Choice {
    // Never leaves the scratch folder; the type only says that they are bytes.
    const DTYPE: safetensors::Dtype = safetensors::Dtype::U8;
}

/// Choices in a range of orders, by order and line.
pub(super) struct Choices {
    columns: Columns,
    name: String,
}

impl Choices {
    /// What was chosen in lines that are asked for by ascending (order, line); 0 where nothing was.
    pub(super) fn in_order(&self) -> Result<impl FnMut(u32, u32) -> u32 + '_> {
        let mut rest = self.columns.get::<Choice>(&self.name)?.iter().peekable();
        let key = |choice: &Choice| (choice.order_id, choice.order_product_id);
        Ok(move |order_id, order_product_id| {
            let line = (order_id, order_product_id);
            while rest.next_if(|choice| key(choice) < line).is_some() {}
            rest.next_if(|choice| key(choice) == line).map_or(0, |choice| choice.options)
        })
    }
}

impl Reader<'_> {
    /// Reads what was chosen in the orders of `range`. Fingerprints leave it out: OpenCart writes a line anew, under another id, when its
    /// options change.
    pub(super) fn choices(&mut self, range: IdRange, scratch: &Path) -> Result<Choices> {
        let (mut columns, name) = (Columns::new(scratch), format!("choices.{}", range.first));
        let mut choices = columns.spool(&name)?;
        if self.choices {
            // A sum, not the XOR of checksums: CRC is linear, 11 with 22 would be 12 with 21.
            let statement = format!(
                "SELECT `order_id`, `order_product_id`, CAST(SUM(CRC32(`product_option_value_id`)) AS SIGNED) FROM {} \
                 WHERE {} AND `product_option_value_id` > 0 GROUP BY `order_id`, `order_product_id` \
                 ORDER BY `order_id`, `order_product_id`",
                self.database.table("order_option"),
                range.condition(),
            );
            self.rows(&statement, |row| {
                let options = unsigned(row, 2)? as u32;
                choices.push(Choice { order_id: id(row, 0)?, order_product_id: id(row, 1)?, options })
            })?;
        }
        columns.add(choices)?;
        Ok(Choices { columns, name })
    }
}
