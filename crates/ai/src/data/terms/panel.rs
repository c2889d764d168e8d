//! What terms do to one product's price: time dummies and random effects.
//!
//! The logarithm of a price is what its period asks plus what each of its terms adds (the time-product dummy index; Summers 1973, de Haan
//! and Krsinich 2014). Terms are random effects, periods are not: only prices paid within one period at different terms say what terms do,
//! so that a change of the price, whoever bought then, stays what it is.

use super::{Effects, Sale};
use crate::data::calendar::monday_of;
use indexmap::{IndexMap, IndexSet};

/// How far terms move a price, as the standard deviation of its logarithm; and how far other things do within a period, until the
/// product's own lines tell, which count against so many.
const SPREAD: f64 = 0.1;
const NOISE: f64 = 0.1;
const NOISE_LINES: f64 = 5.0;
/// At most so many sweeps, until nothing moves by more than this.
const SWEEPS: usize = 50;
const SETTLED: f64 = 1e-4;

/// Lines of one period at the same terms.
struct Cell {
    /// The period, then each of the terms.
    places: Vec<usize>,
    lines: f64,
    sum: f64,
    squares: f64,
}

/// One product's lines by period and terms.
pub(super) struct Panel<'a> {
    periods: usize,
    /// Which of the terms, and their values.
    which: &'a [usize],
    values: Vec<IndexSet<u16>>,
    cells: Vec<Cell>,
}

impl<'a> Panel<'a> {
    /// Of `sales`, the logarithms of whose prices are less `added`, in periods of `weeks`.
    pub(super) fn of(sales: &[Sale], added: &[f64], weeks: i32, which: &'a [usize]) -> Self {
        let (mut periods, mut values) = (IndexSet::new(), vec![IndexSet::new(); which.len()]);
        let mut cells: IndexMap<Vec<usize>, Cell> = IndexMap::new();
        let sold = |sale: &Sale| sale.units > 0.0 && sale.price > 0.0;
        for (sale, added) in sales.iter().zip(added).filter(|(sale, _)| sold(sale)) {
            let mut places = vec![periods.insert_full(monday_of(sale.day).div_euclid(7 * weeks)).0];
            for (which, values) in which.iter().zip(&mut values) {
                places.push(values.insert_full(sale.terms.0.get(*which).copied().unwrap_or_default()).0);
            }
            let log = f64::from(sale.price).ln() - added;
            let empty = || Cell { places: places.clone(), lines: 0.0, sum: 0.0, squares: 0.0 };
            let cell = cells.entry(places.clone()).or_insert_with(empty);
            cell.lines += 1.0;
            cell.sum += log;
            cell.squares += log * log;
        }
        Self { periods: periods.len(), which, values, cells: cells.into_values().collect() }
    }

    /// What each value of the terms adds, found by turns with what each period asks (Gauss-Seidel).
    pub(super) fn effects(&self) -> Effects {
        let mut found = Effects::default();
        if self.values.iter().all(|values| values.len() < 2) {
            return found;
        }
        let parts = self.parts();
        for ((which, values), part) in self.which.iter().zip(&self.values).zip(parts.iter().skip(1)) {
            values.iter().zip(part).for_each(|(value, effect)| found.set(*which, *value, *effect));
        }
        found
    }

    /// What each period asks, then what each value of each of the terms adds.
    fn parts(&self) -> Vec<Vec<f64>> {
        let counts = std::iter::once(self.periods).chain(self.values.iter().map(IndexSet::len));
        let mut parts: Vec<Vec<f64>> = counts.map(|count| vec![0.0; count]).collect();
        for _ in 0..SWEEPS {
            let ridge = self.noise(&parts) / (SPREAD * SPREAD);
            let mut moved = 0.0_f64;
            for at in 0..parts.len() {
                let next = self.part(&parts, at, if at == 0 { 0.0 } else { ridge });
                let Some(now) = parts.get_mut(at) else { continue };
                moved = next.iter().zip(now.iter()).map(|(a, b)| (a - b).abs()).fold(moved, f64::max);
                *now = next;
            }
            if moved < SETTLED {
                break;
            }
        }
        parts
    }

    /// The means of what the other parts leave, drawn to none by `ridge` lines.
    fn part(&self, parts: &[Vec<f64>], at: usize, ridge: f64) -> Vec<f64> {
        let now = parts.get(at).map_or(&[][..], Vec::as_slice);
        let mut sums = vec![(0.0, ridge); now.len()];
        for cell in &self.cells {
            let Some(place) = cell.places.get(at) else { continue };
            let own = now.get(*place).copied().unwrap_or_default();
            if let Some((sum, lines)) = sums.get_mut(*place) {
                *sum += cell.sum - (cell.said(parts) - own) * cell.lines;
                *lines += cell.lines;
            }
        }
        sums.into_iter().map(|(sum, lines)| if lines > 0.0 { sum / lines } else { 0.0 }).collect()
    }

    /// Variance of what neither periods nor terms explain.
    fn noise(&self, parts: &[Vec<f64>]) -> f64 {
        let rest = |cell: &Cell| {
            let said = cell.said(parts);
            (cell.squares - 2.0 * said * cell.sum + said * said * cell.lines).max(0.0)
        };
        let lines: f64 = self.cells.iter().map(|cell| cell.lines).sum();
        let parameters: usize = parts.iter().map(Vec::len).sum();
        let free = (lines - parameters as f64).max(0.0);
        (self.cells.iter().map(rest).sum::<f64>() + NOISE_LINES * NOISE * NOISE) / (free + NOISE_LINES)
    }
}

impl Cell {
    fn said(&self, parts: &[Vec<f64>]) -> f64 {
        parts.iter().zip(&self.places).filter_map(|(values, place)| values.get(*place)).sum()
    }
}
