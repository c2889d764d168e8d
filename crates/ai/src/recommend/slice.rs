//! The newest slice of the training data: what was known at its beginning, and what came.
//!
//! The slice is the last eighth of the time covered (7 to 42 days). A product bought once, within the slice, is new to
//! its customer then; one bought more often and again within the slice counts as known before (its earlier purchases
//! are not dated, so it is taken as bought three weeks before the slice).
//!
//! Where too few customers came back within the slice, those who came for the first time stand for them: half of what they bought is known,
//! the other half is new. Where these are too few as well, or nothing is dated, a fifth of all purchases is held out, which
//! says what goes together and nothing about time.

use super::matrix::{Cell, Matrix};
use super::neighbors::strongest;
use super::repeat::{self, Repeats};

/// Best-selling products the settings are chosen on; keeps choosing cheap beside training.
const MOST_ITEMS: usize = 1_200;
/// Customers the settings are chosen on, and as many again to measure them.
const MOST_CUSTOMERS: usize = 600;
/// Fewer customers than this choose nothing.
const LEAST_CUSTOMERS: usize = 30;
/// Where time tells too little, one purchase of so many is held out.
const ONE_OF: usize = 5;
/// A customer at the beginning of the slice.
pub(super) struct Case {
    pub known: Vec<Cell>,
    /// New to him within the slice.
    pub new: Vec<u32>,
    /// Known to him, and bought again within the slice.
    pub again: Vec<u32>,
}

/// What the cases of a slice can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tells {
    /// What goes together.
    Company,
    /// How much what sells is lifted, too.
    Sales,
    /// And how fast a purchase is forgotten, and when it is made again.
    Habits,
}

/// The slice: what was known at its beginning, and what came.
pub struct Slice {
    pub(super) history: Matrix,
    pub(super) cases: Vec<Case>,
    pub(super) buyers: Vec<u32>,
    pub(super) repeats: Repeats,
    pub(super) tells: Tells,
}

impl Case {
    /// Of a customer who was known before the slice; `None` when he bought nothing new.
    fn returned(known: &[Cell], bought: Vec<Cell>) -> Option<Self> {
        let (new, again): (Vec<Cell>, Vec<Cell>) = bought.into_iter().partition(|cell| cell.times <= 1);
        (!new.is_empty()).then(|| Self { known: known.to_vec(), new: places(&new), again: places(&again) })
    }

    /// One of `of` purchases is new, the others are known; `None` when one of both is nothing.
    fn parted(bought: Vec<Cell>, of: usize, shift: usize) -> Option<Self> {
        let (new, known): (Vec<_>, Vec<_>) =
            bought.into_iter().enumerate().partition(|(at, _)| (at + shift).is_multiple_of(of));
        let cells = |part: Vec<(usize, Cell)>| part.into_iter().map(|(_, cell)| cell).collect::<Vec<_>>();
        let (new, known) = (places(&cells(new)), cells(known));
        (!new.is_empty() && !known.is_empty()).then(|| Self { known, new, again: Vec::new() })
    }
}

fn places(cells: &[Cell]) -> Vec<u32> {
    cells.iter().map(|cell| cell.item).collect()
}

impl Slice {
    /// Cuts the slice off; `None` when there are too few customers to choose on.
    pub fn cut(matrix: &Matrix) -> Option<Self> {
        let span = matrix.rows.iter().flatten().map(|cell| cell.age).fold(0f32, f32::max);
        let days = (span / 8.0).clamp(7.0, 42.0);
        let within = |cell: &Cell| cell.age < days;
        let before = |cell: &Cell| match (within(cell), cell.times) {
            (false, _) => Some(Cell { age: cell.age - days, ..*cell }),
            (true, 0 | 1) => None,
            (true, times) => Some(Cell { times: times - 1, age: 21.0, ..*cell }),
        };
        let history = Matrix { rows: matrix.mapped(before), items: matrix.items };
        let keep = best_sellers(&history);
        let history = history.restricted(&keep);
        let newest =
            Matrix { rows: matrix.mapped(|cell| within(cell).then_some(*cell)), items: matrix.items };
        let newest = newest.restricted(&keep);
        let (returned, first): (Vec<_>, Vec<_>) =
            history.rows.iter().zip(newest.rows).partition(|(known, _)| !known.is_empty());
        let returned: Vec<Case> =
            returned.into_iter().filter_map(|(known, bought)| Case::returned(known, bought)).collect();
        let (cases, tells) = if returned.len() >= LEAST_CUSTOMERS {
            (returned, Tells::Habits)
        } else {
            (first.into_iter().filter_map(|(_, bought)| Case::parted(bought, 2, 0)).collect(), Tells::Sales)
        };
        Self::of(history, cases, span - days, tells)
    }

    /// Holds out a fifth of every customer's purchases, whenever they were; `None` as for [`Slice::cut`].
    pub fn part(matrix: &Matrix) -> Option<Self> {
        let span = matrix.rows.iter().flatten().map(|cell| cell.age).fold(0f32, f32::max);
        let core = matrix.restricted(&best_sellers(matrix));
        let parted = |(row, cells): (usize, &Vec<Cell>)| Case::parted(cells.clone(), ONE_OF, row);
        let cases: Vec<Option<Case>> = core.rows.iter().enumerate().map(parted).collect();
        let known =
            core.rows.iter().zip(&cases).map(|(cells, case)| case.as_ref().map_or(cells, |case| &case.known));
        let history = Matrix { rows: known.cloned().collect(), items: core.items };
        // Without any dates, lately is ever.
        let tells = if span > 0.0 { Tells::Company } else { Tells::Sales };
        Self::of(history, cases.into_iter().flatten().collect(), span, tells)
    }

    fn of(history: Matrix, cases: Vec<Case>, days: f32, tells: Tells) -> Option<Self> {
        let step = cases.len().div_ceil(2 * MOST_CUSTOMERS).max(1);
        let cases: Vec<Case> = cases.into_iter().step_by(step).collect();
        let (buyers, repeats) = (history.buyers(), repeat::repeats(&history, days));
        let is_enough = cases.len() >= LEAST_CUSTOMERS && history.rows.iter().any(|row| !row.is_empty());
        is_enough.then_some(Self { history, cases, buyers, repeats, tells })
    }

    /// What was bought before the slice, of its best-selling products.
    pub fn history(&self) -> &Matrix {
        &self.history
    }
}

fn best_sellers(matrix: &Matrix) -> Vec<u32> {
    let buyers = matrix.buyers();
    let counted = buyers.iter().enumerate().map(|(item, buyers)| (item as u32, *buyers as f32)).collect();
    let mut keep: Vec<u32> = strongest(counted, MOST_ITEMS).into_iter().map(|(item, _)| item).collect();
    keep.sort_unstable();
    keep
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Customers who each buy `count` of 40 products, each so many days ago.
    pub fn matrix(customers: usize, count: u32, age: impl Fn(usize, u32) -> f32) -> Matrix {
        let row = |customer: usize| {
            let cell = |step: u32| Cell {
                item: (customer as u32 * 3 + step) % 40,
                times: 1,
                age: age(customer, step),
            };
            let mut cells: Vec<Cell> = (0..count).map(cell).collect();
            cells.sort_by_key(|cell| cell.item);
            cells
        };
        Matrix { rows: (0..customers).map(row).collect(), items: 40 }
    }

    #[test]
    fn customers_who_come_back_tell_of_their_habits() {
        let slice = Slice::cut(&matrix(100, 8, |customer, step| (customer % 20 + 10 * step as usize) as f32))
            .unwrap();
        assert_eq!(slice.tells, Tells::Habits);
        let known = slice.cases.iter().flat_map(|case| &case.known);
        assert!(known.clone().count() > 0 && known.clone().all(|cell| cell.age >= 0.0));
    }

    #[test]
    fn where_nobody_comes_back_newcomers_tell_what_sells() {
        let slice = Slice::cut(&matrix(400, 4, |customer, _| customer as f32)).unwrap();
        assert_eq!(slice.tells, Tells::Sales);
        assert!(slice.cases.iter().all(|case| case.known.len() == 2 && case.new.len() == 2));
        let seen = slice.history.rows.iter().filter(|row| !row.is_empty()).count();
        assert!(seen < 400, "what they buy in the slice is not known before it");
    }

    #[test]
    fn without_dates_a_part_of_all_purchases_is_held_out() {
        let undated = matrix(100, 5, |_, _| 0.0);
        assert!(Slice::cut(&undated).is_none());
        let slice = Slice::part(&undated).unwrap();
        assert_eq!(slice.tells, Tells::Sales);
        assert_eq!(slice.cases.len(), 100);
        for (known, case) in slice.history.rows.iter().zip(&slice.cases) {
            assert!(*known == case.known && known.len() == 4 && case.new.len() == 1);
        }
        let few = matrix(10, 5, |_, _| 0.0);
        assert!(Slice::part(&few).is_none());
    }
}
