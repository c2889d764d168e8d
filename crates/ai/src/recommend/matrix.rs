//! Purchases as a sparse matrix: customers, and orders of guests, by products.

use super::{DAY, Interaction};

/// How often a guest bought: nobody knows whether he came before.
pub const UNKNOWN_TIMES: u32 = 0;

/// Products in an order of a guest from which on it is wholesale and tells nothing of taste. Chosen by making guests of seven and of nine in ten
/// customers of online_retail: flat from 30 to 60; without a bound a third of the gain is lost.
const LARGEST_ORDER: usize = 40;

/// One purchase: the product's place, how often ([`UNKNOWN_TIMES`] by a guest), and its age in days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    pub item: u32,
    pub times: u32,
    pub age: f32,
}

/// Rows are customers by ascending id, then orders of guests; cells ascend by product.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Matrix {
    pub rows: Vec<Vec<Cell>>,
    pub items: usize,
}

impl Matrix {
    /// What `customers` and `guests` bought, as seen at `now`; products not in `items` (ascending) are left out.
    pub fn new(customers: &[Interaction], guests: &[Interaction], items: &[u64], now: i64) -> Self {
        let mut rows = rows(customers, items, now);
        let unknown = |cells: Vec<Cell>| -> Vec<Cell> {
            cells.into_iter().map(|cell| Cell { times: UNKNOWN_TIMES, ..cell }).collect()
        };
        let orders = self::rows(guests, items, now).into_iter();
        rows.extend(orders.filter(|cells| cells.len() <= LARGEST_ORDER).map(unknown));
        Self { rows, items: items.len() }
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

fn rows(interactions: &[Interaction], items: &[u64], now: i64) -> Vec<Vec<Cell>> {
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
    rows.filter(|cells| !cells.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_of_guests_follow_the_customers_and_wholesale_is_left_out() {
        let bought = |user, item, times| Interaction { user, item, times, last: 0 };
        let items: Vec<u64> = (0..100).collect();
        let customers = [bought(7, 3, 2), bought(7, 5, 1)];
        let orders: Vec<Interaction> =
            (0..41).map(|item| bought(1, item, 1)).chain([bought(2, 3, 1), bought(2, 9, 1)]).collect();
        let matrix = Matrix::new(&customers, &orders, &items, 86_400);
        let cells = |row: usize| matrix.rows[row].iter().map(|c| (c.item, c.times)).collect::<Vec<_>>();
        assert_eq!(matrix.rows.len(), 2);
        assert_eq!(
            (cells(0), cells(1)),
            (vec![(3, 2), (5, 1)], vec![(3, UNKNOWN_TIMES), (9, UNKNOWN_TIMES)])
        );
        assert_eq!(matrix.buyers()[3], 2);
    }
}
