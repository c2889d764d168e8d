//! What is used up and bought again.

use super::matrix::{Matrix, UNKNOWN_TIMES};

/// Pseudo-buyers that a product's repeat share is shrunk to the shop's by.
const SHRINK: f32 = 10.0;

/// Per product: how often it is bought again, and after how many days.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repeats {
    /// Share of its buyers with at least two orders of it, shrunk.
    pub share: Vec<f32>,
    /// Typical days between two orders.
    pub interval: Vec<f32>,
}

/// Counts repeats of customers: a guest who comes again is not known for one. `span` is the days the data covers.
pub fn repeats(matrix: &Matrix, span: f32) -> Repeats {
    let mut counts = vec![(0f32, 0f32, 0f32); matrix.items];
    for cell in matrix.rows.iter().flatten().filter(|cell| cell.times != UNKNOWN_TIMES) {
        if let Some((buyers, again, orders)) = counts.get_mut(cell.item as usize) {
            *buyers += 1.0;
            if cell.times >= 2 {
                *again += 1.0;
                *orders += cell.times as f32;
            }
        }
    }
    let (buyers, again) = counts.iter().fold((0f32, 0f32), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let usual = again / buyers.max(1.0);
    let share =
        counts.iter().map(|(buyers, again, _)| (again + SHRINK * usual) / (buyers + SHRINK)).collect();
    let interval =
        counts.iter().map(|(_, again, orders)| span / (orders / again.max(1.0) + 1.0).max(2.0)).collect();
    Repeats { share, interval }
}

/// How much a customer who ordered a product `times` times, `age` days ago, is due for it: his own habit times the
/// product's, rising towards its usual interval and fading long after.
pub fn due(share: f32, interval: f32, times: u32, age: f32) -> f32 {
    let interval = interval.max(1.0);
    let habit = (times as f32 + share) / (times as f32 + 2.0);
    let ripe = (age / (0.5 * interval)).min(1.0);
    let faded = (-(age - 2.0 * interval).max(0.0) / (2.0 * interval)).exp();
    share * habit * (0.3 + 0.7 * ripe) * faded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recommend::matrix::Cell;

    #[test]
    fn guests_do_not_thin_out_who_buys_again() {
        let cell = |times| vec![Cell { item: 0, times, age: 5.0 }];
        let customers = vec![cell(3), cell(1)];
        let alone = Matrix { rows: customers.clone(), items: 1 };
        let guests = (0..50).map(|_| cell(UNKNOWN_TIMES));
        let beside = Matrix { rows: customers.into_iter().chain(guests).collect(), items: 1 };
        assert_eq!(repeats(&alone, 100.0), repeats(&beside, 100.0));
    }

    #[test]
    fn a_habit_that_is_due_beats_one_just_met_and_one_long_dropped() {
        let due = |age| due(0.6, 30.0, 4, age);
        assert!(due(30.0) > due(1.0));
        assert!(due(30.0) > due(300.0));
        assert!(super::due(0.6, 30.0, 1, 30.0) < due(30.0));
    }
}
