//! What buyers chose of a product's options: a size or a colour may have a price of its own.

use super::element::Element;
use super::read::{IdRange, Reader};
use super::row::id;
use super::sorter::{Keyed, Sorter};
use super::spool::Columns;
use bytemuck::{Pod, Zeroable};
use flate2::Crc;
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

impl Keyed for Choice {
    fn key(&self) -> (u32, u32) {
        (self.order_id, self.order_product_id)
    }
}

impl Element for Choice {
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
        Ok(move |order_id, order_product_id| {
            let line = (order_id, order_product_id);
            while rest.next_if(|choice| choice.key() < line).is_some() {}
            rest.next_if(|choice| choice.key() == line).map_or(0, |choice| choice.options)
        })
    }
}

impl Reader<'_> {
    /// Reads what was chosen in the orders of `range`. Fingerprints leave it out: OpenCart writes a line anew, under another id, when its
    /// options change.
    pub(super) fn choices(&mut self, range: IdRange, scratch: &Path) -> Result<Choices> {
        let (mut columns, name) = (Columns::new(scratch), format!("choices.{}", range.first));
        let mut sorter = Sorter::new(scratch, &format!("values.{}", range.first))?;
        if self.choices {
            // In the order of its primary key: what the server would sort, or look up by an index, took twice as long as all lines.
            let statement = format!(
                "SELECT `order_id`, `order_product_id`, `product_option_value_id` FROM {} WHERE {} AND `product_option_value_id` > 0",
                self.database.table("order_option"),
                range.condition(),
            );
            self.rows(&statement, |row| {
                let options = checksum(id(row, 2)?);
                sorter.push(Choice { order_id: id(row, 0)?, order_product_id: id(row, 1)?, options })
            })?;
        }
        let (mut choices, mut whole) = (columns.spool(&name)?, None::<Choice>);
        sorter.drain(|value| {
            match whole.as_mut().filter(|line| line.key() == value.key()) {
                Some(line) => line.options = line.options.wrapping_add(value.options),
                None => whole.replace(value).map_or(Ok(()), |line| choices.push(line))?,
            }
            Ok(())
        })?;
        whole.map_or(Ok(()), |line| choices.push(line))?;
        columns.add(choices)?;
        Ok(Choices { columns, name })
    }
}

/// Checksums of a line's values are added up, whatever their order: numbers themselves would make 11 and 22 of 12 and 21.
fn checksum(value: u32) -> u32 {
    let mut crc = Crc::new();
    crc.update(&value.to_le_bytes());
    crc.sum()
}
