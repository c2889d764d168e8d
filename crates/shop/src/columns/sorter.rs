//! Puts order lines, and what was chosen in them, into the order of their orders, in bounded memory.
//!
//! They come by their own id, which is almost the order of their orders: only those of orders that were edited come late.
//! What comes in order goes to one long run on disk; what comes late is sorted in blocks. Reading merges the runs.

use super::element::Element;
use super::spool::{Columns, Spool};
use bytemuck::{Pod, Zeroable};
use meschain_base::{Error, Result};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;

/// What comes late is held in memory up to so many rows, 40 bytes each at most, before it becomes a run of its own.
const BLOCK: usize = 1 << 18;

/// What belongs to a line of an order.
pub(super) trait Keyed: Element {
    /// Order and line.
    fn key(&self) -> (u32, u32);
}

/// An order line with its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(super) struct RawLine {
    pub(super) price: i64,
    pub(super) total: i64,
    pub(super) tax: i64,
    pub(super) order_id: u32,
    pub(super) order_product_id: u32,
    pub(super) product_id: u32,
    pub(super) quantity: i32,
}

impl Keyed for RawLine {
    fn key(&self) -> (u32, u32) {
        (self.order_id, self.order_product_id)
    }
}

impl Element for RawLine {
    // Runs never leave the scratch folder; the type only says that they are bytes.
    const DTYPE: safetensors::Dtype = safetensors::Dtype::U8;
}

/// Takes rows in any order.
pub(super) struct Sorter<T> {
    columns: Columns,
    main: Spool<T>,
    last: (u32, u32),
    late: Vec<T>,
    runs: Vec<String>,
    block: usize,
}

impl<T: Keyed> Sorter<T> {
    /// A sorter that keeps its runs in `folder`, under names beginning with `name`.
    pub(super) fn new(folder: &std::path::Path, name: &str) -> Result<Self> {
        Self::with_block(folder, name, BLOCK)
    }

    fn with_block(folder: &std::path::Path, name: &str, block: usize) -> Result<Self> {
        let columns = Columns::new(folder);
        let main = columns.spool(name)?;
        Ok(Self { columns, main, last: (0, 0), late: Vec::new(), runs: vec![name.to_owned()], block })
    }

    pub(super) fn push(&mut self, line: T) -> Result<()> {
        if line.key() >= self.last {
            self.last = line.key();
            return self.main.push(line);
        }
        self.late.push(line);
        if self.late.len() < self.block { Ok(()) } else { self.spill() }
    }

    fn spill(&mut self) -> Result<()> {
        self.late.sort_unstable_by_key(T::key);
        let name = format!("{}.{}", self.runs.first().map_or("", String::as_str), self.runs.len());
        let mut run = self.columns.spool(&name)?;
        run.extend(&self.late)?;
        self.columns.add(run)?;
        self.late.clear();
        self.runs.push(name);
        Ok(())
    }

    /// Hands over every row, by order and line id.
    pub(super) fn drain(mut self, mut each: impl FnMut(T) -> Result<()>) -> Result<()> {
        if !self.late.is_empty() {
            self.spill()?;
        }
        let Self { mut columns, main, runs, .. } = self;
        columns.add(main)?;
        let mut slices = Vec::with_capacity(runs.len());
        for name in &runs {
            slices.push(columns.get::<T>(name)?);
        }
        if let [only] = slices.as_slice() {
            return only.iter().try_for_each(|line| each(*line));
        }
        merge(slices, each)
    }
}

fn merge<T: Keyed>(slices: Vec<&[T]>, mut each: impl FnMut(T) -> Result<()>) -> Result<()> {
    let mut rest: Vec<std::slice::Iter<'_, T>> = slices.into_iter().map(<[T]>::iter).collect();
    let mut heap = BinaryHeap::with_capacity(rest.len());
    let lost = || Error::internal("line sorter", "a run that is not there");
    for (run, lines) in rest.iter_mut().enumerate() {
        if let Some(line) = lines.as_slice().first() {
            heap.push(Reverse((line.key(), run)));
        }
    }
    while let Some(mut top) = heap.peek_mut() {
        let Reverse((_, run)) = *top;
        let lines = rest.get_mut(run).ok_or_else(lost)?;
        each(*lines.next().ok_or_else(lost)?)?;
        match lines.as_slice().first() {
            Some(next) => *top = Reverse((next.key(), run)),
            None => {
                PeekMut::pop(top);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(order_id: u32, order_product_id: u32) -> RawLine {
        RawLine { price: 1, total: 2, tax: 3, order_id, order_product_id, product_id: 4, quantity: 5 }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn comes_out_sorted_whatever_went_in(orders in proptest::collection::vec(1_u32..40, 0..200), block in 1_usize..20) {
            let folder = tempfile::tempdir().unwrap();
            let mut sorter = Sorter::with_block(folder.path(), "lines", block).unwrap();
            let lines: Vec<RawLine> = orders.iter().zip(1..).map(|(order, id)| line(*order, id)).collect();
            lines.iter().for_each(|line| sorter.push(*line).unwrap());
            let mut sorted = Vec::new();
            sorter.drain(|line| { sorted.push(line); Ok(()) }).unwrap();
            let mut expected = lines;
            expected.sort_by_key(RawLine::key);
            prop_assert_eq!(sorted, expected);
        }
    }
}
