//! Purchases as a sparse matrix: customers by products.

use super::{DAY, Interaction};

/// One purchase of a customer: the product's place, how often, and its age in days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    pub item: u32,
    pub times: u32,
    pub age: f32,
}

/// Rows are customers by ascending id, cells by ascending product.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matrix {
    pub rows: Vec<Vec<Cell>>,
    pub items: usize,
}

impl Matrix {
    /// The matrix of `interactions` as seen at `now`; products not in `items` (ascending) are left out.
    pub fn new(interactions: &[Interaction], items: &[u64], now: i64) -> Self {
        let mut sorted: Vec<&Interaction> = interactions.iter().filter(|one| one.times > 0).collect();
        sorted.sort_unstable_by_key(|one| (one.user, one.item, one.last));
        let rows = sorted.chunk_by(|a, b| a.user == b.user).map(|purchases| {
            let cells = purchases.iter().filter_map(|one| {
                let item = items.binary_search(&one.item).ok()? as u32;
                let age = (now.saturating_sub(one.last).max(0) as f64 / DAY) as f32;
                Some(Cell { item, times: one.times, age })
            });
            let mut cells: Vec<Cell> = cells.collect();
            cells.dedup_by_key(|cell| cell.item);
            cells
        });
        Self { rows: rows.filter(|cells| !cells.is_empty()).collect(), items: items.len() }
    }

    /// How many customers bought each product.
    pub fn buyers(&self) -> Vec<u32> {
        let mut counts = vec![0u32; self.items];
        for cell in self.rows.iter().flatten() {
            counts.get_mut(cell.item as usize).into_iter().for_each(|count| *count += 1);
        }
        counts
    }

    /// Purchases per product, each counting less the older it is (by e in `days`).
    pub fn recent(&self, days: f32) -> Vec<f32> {
        let mut sums = vec![0f32; self.items];
        for cell in self.rows.iter().flatten() {
            let weight = (-cell.age / days).exp();
            sums.get_mut(cell.item as usize).into_iter().for_each(|sum| *sum += weight);
        }
        sums
    }

    /// What `of` makes of every customer's cells.
    pub fn mapped(&self, of: impl Fn(&Cell) -> Option<Cell>) -> Vec<Vec<Cell>> {
        self.rows.iter().map(|cells| cells.iter().filter_map(&of).collect()).collect()
    }

    /// The same customers with only the products in `keep` (ascending places), renumbered.
    pub fn restricted(&self, keep: &[u32]) -> Self {
        let renumber = |cell: &Cell| {
            keep.binary_search(&cell.item).ok().map(|place| Cell { item: place as u32, ..*cell })
        };
        let rows = self.rows.iter().map(|cells| cells.iter().filter_map(renumber).collect()).collect();
        Self { rows, items: keep.len() }
    }
}
