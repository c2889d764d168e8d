//! Orders and lines of a new file: read where the shop changed, copied where it did not.

use super::choices::Choices;
use super::fingerprint::Fingerprints;
use super::plan::Segment;
use super::read::{IdRange, Reader};
use super::schema::{LineRow, LineWriter, OrderWriter};
use super::snapshot::Snapshot;
use super::sorter::{RawLine, Sorter};
use super::spool::{Columns, Spool};
use meschain_base::{Error, Result};
use std::ops::Range;
use std::path::Path;

/// Writes orders and lines of the segments. Returns how many orders were read and the fingerprints of what was read.
pub(super) fn write(
    reader: &mut Reader<'_>,
    segments: &[Segment],
    previous: Option<&Snapshot>,
    columns: &mut Columns,
    scratch: &Path,
) -> Result<(u64, Fingerprints)> {
    let mut prints = Fingerprints::default();
    let full = segments.contains(&Segment::Read(IdRange::ALL));
    let total = if full { reader.estimate("order")? } else { 0 };
    reader.progress.stage("orders", total)?;
    let mut orders = OrderWriter::create(columns)?;
    let mut read = 0;
    for segment in segments {
        match segment {
            Segment::Read(range) => read += reader.orders(*range, scratch, &mut orders, &mut prints)?,
            Segment::Copy(rows) => orders.copy(&old(previous)?.orders(), rows.clone())?,
        }
    }
    orders.finish(columns)?;
    let total = if full { reader.estimate("order_product")? } else { 0 };
    reader.progress.stage("lines", total)?;
    let mut lines = Lines::create(columns)?;
    let order_ids = columns.get::<u32>("orders.order_id")?;
    if u32::try_from(order_ids.len()).is_err() {
        return Err(Error::Limit {
            what: "orders",
            limit: u64::from(u32::MAX),
            found: order_ids.len() as u64,
        });
    }
    for segment in segments {
        match segment {
            Segment::Read(range) => {
                let mut sorter = Sorter::new(scratch, &format!("lines.{}", range.first))?;
                reader.lines(*range, &mut sorter, &mut prints)?;
                let choices = reader.choices(*range, scratch)?;
                lines.join(sorter, &choices, order_ids, range.first)?;
            }
            Segment::Copy(rows) => lines.copy(old(previous)?, rows, order_ids)?,
        }
    }
    lines.finish(columns)?;
    Ok((read, prints))
}

fn old(previous: Option<&Snapshot>) -> Result<&Snapshot> {
    previous.ok_or_else(|| Error::internal("snapshot plan", "nothing to copy from"))
}

struct Lines {
    rows: LineWriter,
    order_index: Spool<u32>,
}

impl Lines {
    fn create(columns: &Columns) -> Result<Self> {
        Ok(Self { rows: LineWriter::create(columns)?, order_index: columns.spool("lines.order_index")? })
    }

    /// Writes sorted lines beside the orders they belong to, with what was chosen in them; those of no order are dropped.
    fn join(
        &mut self,
        sorter: Sorter<RawLine>,
        choices: &Choices,
        order_ids: &[u32],
        first: u32,
    ) -> Result<()> {
        let mut options = choices.in_order()?;
        let start = order_ids.partition_point(|id| *id < first);
        let mut orders = (start..).zip(order_ids.get(start..).unwrap_or_default()).peekable();
        let mut written = self.order_index.rows() as u64;
        sorter.drain(|line| {
            while orders.next_if(|(_, id)| **id < line.order_id).is_some() {}
            let Some((index, _)) = orders.peek().filter(|(_, id)| **id == line.order_id) else {
                return Ok(());
            };
            written += 1;
            if written > u64::from(u32::MAX) {
                return Err(Error::Limit { what: "order lines", limit: u64::from(u32::MAX), found: written });
            }
            self.order_index.push(*index as u32)?;
            self.rows.push(LineRow {
                order_product_id: line.order_product_id,
                product_id: line.product_id,
                quantity: line.quantity,
                price: line.price,
                total: line.total,
                tax: line.tax,
                options: options(line.order_id, line.order_product_id),
            })
        })
    }

    /// Copies the lines of these rows of orders of the file before; the orders may have moved.
    fn copy(&mut self, from: &Snapshot, orders: &Range<usize>, order_ids: &[u32]) -> Result<()> {
        let starts = from.line_start();
        let start = |order: usize| starts.get(order).map(|line| *line as usize);
        let lost = || Error::internal("snapshot plan", "lines to copy are not there");
        let lines = start(orders.start).ok_or_else(lost)?..start(orders.end).ok_or_else(lost)?;
        let first = from.orders().order_id.get(orders.start).copied().ok_or_else(lost)?;
        let moved_to = order_ids.binary_search(&first).map_err(|_| lost())?;
        for index in from.lines().order_index.get(lines.clone()).ok_or_else(lost)? {
            let index = (*index as usize).checked_sub(orders.start).ok_or_else(lost)? + moved_to;
            self.order_index.push(index as u32)?;
        }
        self.rows.copy(&from.lines(), lines)
    }

    fn finish(self, columns: &mut Columns) -> Result<()> {
        self.rows.finish(columns)?;
        columns.add(self.order_index)
    }
}
