//! Small dense symmetric systems (one price and a few covariates).

/// A symmetric matrix of weighted cross products, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gram {
    pub size: usize,
    pub cells: Vec<f64>,
}

impl Gram {
    pub(crate) fn zero(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    pub(crate) fn diagonal(values: &[f64]) -> Self {
        let mut gram = Self::zero(values.len());
        for (row, (cells, value)) in gram.cells.chunks_exact_mut(values.len().max(1)).zip(values).enumerate()
        {
            if let Some(cell) = cells.get_mut(row) {
                *cell = *value;
            }
        }
        gram
    }

    /// Adds `weight` times the outer product of a row.
    pub(crate) fn add(&mut self, row: &[f64], weight: f64) {
        for (cells, a) in self.cells.chunks_exact_mut(self.size.max(1)).zip(row) {
            for (cell, b) in cells.iter_mut().zip(row) {
                *cell += weight * a * b;
            }
        }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self { size: self.size, cells: self.cells.iter().zip(&other.cells).map(|(a, b)| a + b).collect() }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.size.max(1))
    }

    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [f64] {
        let from = row * self.size;
        self.cells.get_mut(from..from + self.size).unwrap_or_default()
    }

    /// Its columns times these values.
    pub(crate) fn scaled(&self, columns: &[f64]) -> Self {
        let cells = self.rows().flat_map(|row| row.iter().zip(columns).map(|(cell, by)| cell * by)).collect();
        Self { size: self.size, cells }
    }

    pub(crate) fn diagonals(&self) -> Vec<f64> {
        self.rows().enumerate().filter_map(|(at, row)| row.get(at)).copied().collect()
    }

    pub(crate) fn times(&self, vector: &[f64]) -> Vec<f64> {
        self.rows().map(|row| dot(row, vector)).collect()
    }

    /// Solution of `self x = right` for a positive definite matrix, by Cholesky; None when it is not.
    pub(crate) fn solve(&self, right: &[f64]) -> Option<Vec<f64>> {
        substituted(&self.cholesky()?, right)
    }

    /// Inverse of a positive definite matrix; None when it is not.
    pub(crate) fn inverse(&self) -> Option<Self> {
        let lower = self.cholesky()?;
        let mut cells = Vec::with_capacity(self.cells.len());
        for column in 0..self.size {
            cells.extend(substituted(&lower, &unit(self.size, column))?);
        }
        Some(Self { size: self.size, cells })
    }

    /// Logarithm of the determinant of a positive definite matrix; None when it is not.
    pub(crate) fn log_determinant(&self) -> Option<f64> {
        let lower = self.cholesky()?;
        Some(lower.iter().filter_map(|row| row.last()).map(|pivot| 2.0 * pivot.ln()).sum())
    }

    /// First column of the inverse of a positive definite matrix; None when it is not.
    pub(crate) fn first_of_inverse(&self) -> Option<Vec<f64>> {
        self.solve(&unit(self.size, 0))
    }

    /// Rows of the lower triangle, each ending with its diagonal.
    fn cholesky(&self) -> Option<Vec<Vec<f64>>> {
        let mut lower: Vec<Vec<f64>> = Vec::with_capacity(self.size);
        for (at, cells) in self.rows().enumerate() {
            let mut row: Vec<f64> = Vec::with_capacity(at + 1);
            for (other, value) in lower.iter().zip(cells) {
                let (pivot, before) = other.split_last()?;
                row.push((value - dot(&row, before)) / pivot);
            }
            let rest = cells.get(at)? - dot(&row, &row);
            if rest <= 0.0 || !rest.is_finite() {
                return None;
            }
            row.push(rest.sqrt());
            lower.push(row);
        }
        Some(lower)
    }
}

fn unit(size: usize, at: usize) -> Vec<f64> {
    (0..size).map(|place| if place == at { 1.0 } else { 0.0 }).collect()
}

/// Solution of `L L' x = right` for the rows of a lower triangle.
fn substituted(lower: &[Vec<f64>], right: &[f64]) -> Option<Vec<f64>> {
    let size = lower.len();
    let mut forward: Vec<f64> = Vec::with_capacity(size);
    for (row, value) in lower.iter().zip(right) {
        let (pivot, before) = row.split_last()?;
        forward.push((value - dot(before, &forward)) / pivot);
    }
    let mut solution = vec![0.0; size];
    for at in (0..size).rev() {
        let rows = lower.iter().zip(&solution).skip(at + 1);
        let after: f64 = rows.map(|(row, known)| row.get(at).copied().unwrap_or(0.0) * known).sum();
        let pivot = lower.get(at)?.last()?;
        *solution.get_mut(at)? = (forward.get(at)? - after) / pivot;
    }
    solution.iter().all(|v| v.is_finite()).then_some(solution)
}

/// Inner product over the common length.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_what_it_should_and_refuses_the_rest() {
        let mut gram = Gram::zero(3);
        for (row, weight) in [([1.0, 2.0, 0.5], 1.0), ([0.0, 1.0, -1.0], 2.0), ([3.0, 0.0, 1.0], 0.5)] {
            gram.add(&row, weight);
        }
        let truth = [0.3, -2.0, 1.5];
        let found = gram.solve(&gram.times(&truth)).unwrap();
        assert!(found.iter().zip(truth).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        assert_eq!(Gram::zero(2).solve(&[1.0, 1.0]), None);
        assert_eq!(Gram::zero(2).inverse(), None);
        let inverse = gram.inverse().unwrap();
        let once = inverse.times(&gram.times(&truth));
        assert!(once.iter().zip(truth).all(|(a, b)| (a - b).abs() < 1e-9), "{once:?}");
        assert_eq!(Gram::zero(2).log_determinant(), None);
        let diagonal = Gram::diagonal(&[2.0, 3.0]);
        assert!((diagonal.log_determinant().unwrap() - 6.0_f64.ln()).abs() < 1e-12);
        let first = gram.first_of_inverse().unwrap();
        assert!(first.iter().zip(&inverse.cells).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
