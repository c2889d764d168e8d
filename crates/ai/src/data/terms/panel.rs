//! What terms do to one product's price: time dummies and random effects.
//!
//! The logarithm of a price is what its period asks plus what each of its terms adds (the time-product dummy index; Summers 1973, de Haan
//! and Krsinich 2014). Terms are random effects, periods are not: only prices paid within one period at different terms say what terms do,
//! so that a change of the price, whoever bought then, stays what it is.

use super::{Effects, Sale};
use crate::data::calendar::monday_of;

/// How far terms move a price, as the standard deviation of its logarithm; and how far other things do within a period, until the
/// product's own lines tell, which count against so many.
const SPREAD: f64 = 0.1;
const NOISE: f64 = 0.1;
const NOISE_LINES: f64 = 5.0;
/// At most so many sweeps, until nothing moves by more than this.
const SWEEPS: usize = 50;
const SETTLED: f64 = 5e-4;

/// The period, then at most three of the terms.
type Places = [u32; 4];

/// Lines of one period at the same terms.
#[derive(Clone)]
struct Cell {
    places: Places,
    lines: f64,
    /// Mean of the logarithms, less what parts explain of it.
    rest: f64,
}

/// One product's lines by period and terms.
pub(super) struct Panel<'a> {
    periods: usize,
    /// Which of the terms, and their values.
    which: &'a [usize],
    values: Vec<Vec<u16>>,
    cells: Vec<Cell>,
    /// Sum of squares within the cells.
    within: f64,
}

impl<'a> Panel<'a> {
    /// Of `sales`, the logarithms of whose prices are less `added`, in periods of `weeks`.
    pub(super) fn of(sales: &[Sale], added: &[f64], weeks: i32, which: &'a [usize]) -> Self {
        let mut values = vec![Vec::new(); which.len()];
        let period = |sale: &Sale| monday_of(sale.day).div_euclid(7 * weeks);
        let first = sales.iter().map(period).min().unwrap_or_default();
        let sold = |sale: &Sale| sale.units > 0.0 && sale.price > 0.0;
        let mut lines: Vec<(Places, f64)> = Vec::with_capacity(sales.len());
        for (sale, added) in sales.iter().zip(added).filter(|(sale, _)| sold(sale)) {
            let mut places = [0; 4];
            if let Some((time, terms)) = places.split_first_mut() {
                *time = (period(sale) - first).unsigned_abs();
                for ((place, which), values) in terms.iter_mut().zip(which).zip(&mut values) {
                    *place = place_of(sale.terms.0.get(*which).copied().unwrap_or_default(), values);
                }
            }
            lines.push((places, f64::from(sale.price).ln() - added));
        }
        lines.sort_unstable_by_key(|(places, _)| *places);
        let groups = || lines.chunk_by(|a, b| a.0 == b.0);
        let cells: Vec<Cell> = groups().filter_map(Cell::of).collect();
        let around = |(lines, cell): (&[(Places, f64)], &Cell)| -> f64 {
            lines.iter().map(|(_, log)| (log - cell.rest).powi(2)).sum()
        };
        let within = groups().zip(&cells).map(around).sum();
        let periods = cells.last().map_or(0, |cell| cell.places[0] as usize + 1);
        Self { periods, which, values, cells, within }
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
        let counts = std::iter::once(self.periods).chain(self.values.iter().map(Vec::len));
        let mut parts: Vec<Vec<f64>> = counts.map(|count| vec![0.0; count]).collect();
        let mut cells = self.cells.clone();
        let parameters: usize = parts.iter().map(Vec::len).sum();
        let lines: f64 = cells.iter().map(|cell| cell.lines).sum();
        let free = (lines - parameters as f64).max(0.0);
        for _ in 0..SWEEPS {
            // Variance of what neither periods nor terms explain.
            let unexplained =
                cells.iter().map(|cell| cell.lines * cell.rest.powi(2)).sum::<f64>() + self.within;
            let noise = (unexplained + NOISE_LINES * NOISE * NOISE) / (free + NOISE_LINES);
            let mut moved = 0.0_f64;
            for (at, part) in parts.iter_mut().enumerate() {
                let ridge = if at == 0 { 0.0 } else { noise / (SPREAD * SPREAD) };
                moved = moved.max(settle(&mut cells, at, part, ridge));
            }
            if moved < SETTLED {
                break;
            }
        }
        parts
    }
}

/// Gives one part what the others leave of the cells, drawn to none by `ridge` lines. Returns the largest change.
fn settle(cells: &mut [Cell], at: usize, part: &mut [f64], ridge: f64) -> f64 {
    let mut sums: Vec<(f64, f64)> = part.iter().map(|now| (-ridge * now, ridge)).collect();
    let place = |cell: &Cell| cell.places.get(at).map_or(usize::MAX, |place| *place as usize);
    for cell in cells.iter() {
        if let Some((sum, lines)) = sums.get_mut(place(cell)) {
            *sum += cell.lines * cell.rest;
            *lines += cell.lines;
        }
    }
    let steps: Vec<f64> =
        sums.into_iter().map(|(sum, lines)| if lines > 0.0 { sum / lines } else { 0.0 }).collect();
    part.iter_mut().zip(&steps).for_each(|(now, step)| *now += step);
    for cell in cells {
        cell.rest -= steps.get(place(cell)).copied().unwrap_or_default();
    }
    steps.iter().map(|step| step.abs()).fold(0.0, f64::max)
}

impl Cell {
    /// Of lines at one place.
    fn of(lines: &[(Places, f64)]) -> Option<Self> {
        let (places, _) = lines.first()?;
        let count = lines.len() as f64;
        Some(Self {
            places: *places,
            lines: count,
            rest: lines.iter().map(|(_, log)| log).sum::<f64>() / count,
        })
    }
}

/// Products have a handful of each: looking through them beats hashing.
fn place_of(value: u16, values: &mut Vec<u16>) -> u32 {
    let found = values.iter().position(|known| *known == value).unwrap_or_else(|| {
        values.push(value);
        values.len() - 1
    });
    found as u32
}
