//! EASE: the item-to-item weights that best rebuild each customer's purchases from the others, in closed form.
//!
//! Steck, "Embarrassingly Shallow Autoencoders for Sparse Data", WWW 2019. With the Gram matrix G of the purchases,
//! P = (G + lambda I)^-1 and B = I - P / diag(P) column by column. One Cholesky and one inverse of an n by n matrix.

use super::matrix::Matrix;
use faer::linalg::solvers::DenseSolveCore;
use faer::{Mat, Side};
use meschain_base::{Error, Result};

/// Bytes a catalogue of `items` takes while it is trained (the matrix, its factor, the inverse and scratch).
pub fn memory(items: usize) -> u64 {
    (items as u64).saturating_mul(items as u64).saturating_mul(16)
}

/// How many customers bought both products of a pair.
pub fn gram(matrix: &Matrix) -> Mat<f32> {
    let mut counts = Mat::<f32>::zeros(matrix.items, matrix.items);
    for row in &matrix.rows {
        for one in row {
            let Some(column) = counts.as_mut().col_mut(one.item as usize).try_as_col_major_mut() else {
                continue;
            };
            let column = column.as_slice_mut();
            for other in row {
                column.get_mut(other.item as usize).into_iter().for_each(|count| *count += 1.0);
            }
        }
    }
    counts
}

/// The weights B: column j says how much each product speaks for product j. The diagonal is zero.
pub fn solve(gram: &Mat<f32>, lambda: f32) -> Result<Mat<f32>> {
    let n = gram.nrows();
    let mut system = gram.clone();
    system.as_mut().diagonal_mut().column_vector_mut().iter_mut().for_each(|cell| *cell += lambda);
    let factor = system.llt(Side::Lower).map_err(|error| Error::internal("EASE", format!("{error:?}")))?;
    drop(system);
    let mut weights = factor.inverse();
    for j in 0..n {
        let Some(column) = weights.as_mut().col_mut(j).try_as_col_major_mut() else { continue };
        let column = column.as_slice_mut();
        let own = column.get(j).copied().unwrap_or(1.0);
        let scale = if own.abs() > f32::MIN_POSITIVE { -1.0 / own } else { 0.0 };
        column.iter_mut().for_each(|cell| *cell *= scale);
        column.get_mut(j).into_iter().for_each(|cell| *cell = 0.0);
    }
    Ok(weights)
}

/// One column of weights.
pub fn column(weights: &Mat<f32>, item: usize) -> &[f32] {
    weights.as_ref().col(item).try_as_col_major().map_or(&[], |column| column.as_slice())
}

#[cfg(test)]
mod tests {
    use super::super::matrix::Cell;
    use super::*;

    #[test]
    fn the_inverse_leaves_nothing_of_the_normal_equations() {
        let cell = |item| Cell { item, times: 1, age: 0.0 };
        let rows = vec![
            vec![cell(0), cell(1)],
            vec![cell(0), cell(1), cell(2)],
            vec![cell(2)],
            vec![cell(0), cell(1)],
        ];
        let matrix = Matrix { rows, items: 3 };
        let gram = gram(&matrix);
        assert_eq!((gram[(0, 1)], gram[(0, 0)], gram[(0, 2)]), (3.0, 3.0, 1.0));
        let b = solve(&gram, 1.0).unwrap();
        // Optimality: (G + lambda I) B differs from G only on the diagonal.
        for i in 0..3 {
            assert_eq!(b[(i, i)], 0.0);
            for j in (0..3).filter(|j| *j != i) {
                let left: f32 =
                    (0..3).map(|k| (gram[(i, k)] + f32::from(u8::from(i == k))) * b[(k, j)]).sum();
                assert!((left - gram[(i, j)]).abs() < 1e-4);
            }
        }
        assert!(b[(0, 1)] > b[(2, 1)]);
    }
}
