//! The machine of one class: its weights and what pulls at them.

use super::super::columns::Columns;

/// Penalty of a margin violation by a product of another class.
pub(super) const PENALTY: f32 = 1.0;

/// What a class keeps between rounds.
pub(super) struct Machine {
    pub(super) weights: Vec<f32>,
    pub(super) bias: f32,
    pub(super) own_penalty: f32,
    pub(super) own: Vec<u32>,
    /// Other classes' products in the working set.
    pub(super) others: Vec<u32>,
    pub(super) alphas: Vec<f32>,
}

impl Machine {
    /// Begins with a row that pulled `alpha` in another part.
    pub(super) fn take_up(&mut self, columns: &Columns, row: u32, alpha: f32, own: bool) {
        let Some(place) = self.alphas.get_mut(row as usize) else { return };
        *place = alpha;
        if !own {
            self.others.push(row);
        }
        self.pull(columns.row(row as usize), if own { alpha } else { -alpha });
    }

    /// Moves the weights along a row.
    #[inline]
    pub(super) fn pull(&mut self, cells: &[(u32, f32)], step: f32) {
        self.bias += step;
        for (column, value) in cells {
            let weight = self.weights.get_mut(*column as usize);
            weight.into_iter().for_each(|weight| *weight += step * value);
        }
    }

    pub(super) fn duals(&self) -> Vec<(u32, f32)> {
        let rows = self.alphas.iter().enumerate().filter(|(_, alpha)| **alpha > 0.0);
        rows.map(|(row, alpha)| (row as u32, *alpha)).collect()
    }

    /// One coordinate step. Returns the violation and whether the product rests at zero.
    pub(super) fn visit(
        &mut self,
        columns: &Columns,
        row_weights: &[f32],
        row: usize,
        own: bool,
    ) -> (f32, bool) {
        let Some(alpha) = self.alphas.get_mut(row) else { return (0.0, true) };
        let cells = columns.row(row);
        let score = self.bias + dot(cells, &self.weights);
        let (sign, penalty) = if own { (1.0, self.own_penalty) } else { (-1.0, PENALTY) };
        let diagonal = 0.5 / (penalty * row_weights.get(row).copied().unwrap_or(1.0));
        let gradient = sign * score - 1.0 + *alpha * diagonal;
        if *alpha == 0.0 && gradient > 0.0 {
            return (0.0, true);
        }
        let next = (*alpha - gradient / (columns.length(row) + diagonal)).max(0.0);
        let step = (next - *alpha) * sign;
        if step != 0.0 {
            *alpha = next;
            self.pull(cells, step);
        }
        (gradient.abs(), false)
    }
}

/// In four sums, so that an addition need not wait for the one before.
#[inline]
fn dot(cells: &[(u32, f32)], weights: &[f32]) -> f32 {
    let part = |(column, value): &(u32, f32)| weights.get(*column as usize).copied().unwrap_or(0.0) * value;
    let (fours, rest) = cells.as_chunks::<4>();
    let mut sums = [0f32; 4];
    for four in fours {
        sums.iter_mut().zip(four).for_each(|(sum, cell)| *sum += part(cell));
    }
    sums.iter().sum::<f32>() + rest.iter().map(part).sum::<f32>()
}
