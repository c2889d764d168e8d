//! Scoring a customer from what he bought: shared by training (to choose settings) and by answering.

use super::matrix::Cell;
use super::repeat::due;
use serde::{Deserialize, Serialize};

/// What is chosen on the newest slice of the training data.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// A purchase counts e times less each so many days.
    pub history_days: f32,
    /// What the shop sold lately counts e times less each so many days ...
    pub trend_days: f32,
    /// ... and lifts a product by its recent share of all its sales to this power.
    pub trend_power: f32,
    /// Weight of what is due again beside the best new product.
    pub repeat_weight: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { history_days: 60.0, trend_days: 30.0, trend_power: 0.5, repeat_weight: 1.0 }
    }
}

impl Settings {
    /// Whether all numbers make sense; used when a model is read.
    pub fn is_sound(&self) -> bool {
        let all = [self.history_days, self.trend_days, self.trend_power, self.repeat_weight];
        all.iter().all(|number| number.is_finite() && *number >= 0.0)
            && self.history_days > 0.0
            && self.trend_days > 0.0
    }

    /// Lift of each product by its recent sales, from those sums and its number of buyers.
    pub fn lift(&self, recent: &[f32], buyers: &[u32]) -> Vec<f32> {
        let lift =
            |(recent, buyers): (&f32, &u32)| ((recent + 1.0) / (*buyers as f32 + 5.0)).powf(self.trend_power);
        recent.iter().zip(buyers).map(lift).collect()
    }

    /// Weights of purchases by age; the newest one has weight one.
    pub fn weights<'a>(&self, cells: &'a [Cell]) -> impl Iterator<Item = (&'a Cell, f32)> {
        let newest = cells.iter().map(|cell| cell.age).fold(f32::INFINITY, f32::min);
        let days = self.history_days;
        cells.iter().map(move |cell| (cell, (-(cell.age - newest) / days).exp()))
    }
}

/// Purchases that count less than this, beside the newest, are passed over: there are many, and they decide nothing.
const NEGLIGIBLE: f32 = 0.03;

/// Adds what each purchase says about other products; `each(product, part, source)` is called per pair.
pub fn spread<I: Iterator<Item = (u32, f32)>>(
    cells: &[Cell],
    settings: &Settings,
    neighbors: impl Fn(u32) -> I,
    mut each: impl FnMut(u32, f32, u32),
) {
    for (cell, weight) in settings.weights(cells).filter(|(_, weight)| *weight > NEGLIGIBLE) {
        neighbors(cell.item).for_each(|(other, strength)| each(other, weight * strength, cell.item));
    }
}

/// Scores of a customer's own products that are due again, on the scale of `best`, the best new product's score.
pub fn repeats(
    cells: &[Cell],
    settings: &Settings,
    best: f32,
    habits: impl Fn(u32) -> Option<(f32, f32)>,
) -> Vec<(u32, f32)> {
    let scale = settings.repeat_weight * if best > 0.0 { best } else { 1.0 };
    let score = |cell: &Cell| {
        let (share, interval) = habits(cell.item)?;
        Some((cell.item, scale * due(share, interval, cell.times, cell.age)))
    };
    cells.iter().filter_map(score).collect()
}
