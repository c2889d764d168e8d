//! Sparse rows with features that always come together merged into one.
//!
//! A rare word brings dozens of letter groups with it that occur nowhere else. Columns of the design matrix that are
//! multiples of one another get weights in the same proportion from any machine that is regularised by the length of
//! its weights, so they may be trained as one column of their common length and taken apart afterwards: the solution is
//! the same, the matrix a fraction.

use std::cmp::Reverse;

/// How finely proportions are told apart.
const GRAIN: f32 = 8192.0;

/// The merged matrix, and what each column is made of.
#[derive(Debug, Default)]
pub struct Columns {
    starts: Vec<usize>,
    cells: Vec<(u32, f32)>,
    /// Per column: where its members begin; one more at the end.
    member_starts: Vec<usize>,
    /// Feature number and its share of the column's weight.
    members: Vec<(u32, f32)>,
    /// Per row: one more than its squared length.
    lengths: Vec<f32>,
}

#[derive(Clone, Copy, Default)]
struct Seen {
    signature: u64,
    first: f32,
    rows: u32,
}

impl Columns {
    /// Merges the `features` columns of `rows`. Columns that occur most come first, so that they share cache lines.
    pub fn new(rows: &[Vec<(u32, f32)>], features: usize) -> Self {
        let seen = signatures(rows, features);
        let mut order: Vec<u32> = (0..features as u32).collect();
        let of = |feature: u32| seen.get(feature as usize).copied().unwrap_or_default();
        order.sort_unstable_by_key(|feature| {
            let one = of(*feature);
            (Reverse(one.rows), one.signature, *feature)
        });
        let mut result = Self { member_starts: vec![0], ..Self::default() };
        // Only the first member of a column carries it; the others are left out of the rows.
        let mut carrier: Vec<Option<(u32, f32)>> = vec![None; features];
        for same in order.chunk_by(|a, b| (of(*a).rows, of(*a).signature) == (of(*b).rows, of(*b).signature))
        {
            let length =
                same.iter().map(|one| of(*one).first.powi(2)).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            let column = result.member_starts.len() as u32 - 1;
            if let Some(first) = same.first() {
                let cell = (column, length / of(*first).first);
                carrier.get_mut(*first as usize).into_iter().for_each(|carrier| *carrier = Some(cell));
            }
            result.members.extend(same.iter().map(|one| (*one, of(*one).first / length)));
            result.member_starts.push(result.members.len());
        }
        result.starts.push(0);
        for row in rows {
            let cells = row.iter().filter_map(|(feature, value)| {
                let (column, scale) = carrier.get(*feature as usize).copied().flatten()?;
                Some((column, value * scale))
            });
            result.cells.extend(cells);
            let from = result.starts.last().copied().unwrap_or(0);
            if let Some(cells) = result.cells.get_mut(from..) {
                cells.sort_unstable_by_key(|(column, _)| *column);
            }
            result.starts.push(result.cells.len());
            result.lengths.push(1.0 + row.iter().map(|(_, value)| value * value).sum::<f32>());
        }
        result
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.lengths.len()
    }

    /// How many columns are left.
    pub fn columns(&self) -> usize {
        self.member_starts.len().saturating_sub(1)
    }

    /// The cells of a row: column and value.
    #[inline]
    pub fn row(&self, row: usize) -> &[(u32, f32)] {
        let bound = |at: usize| self.starts.get(at).copied().unwrap_or(0);
        self.cells.get(bound(row)..bound(row + 1)).unwrap_or_default()
    }

    /// One more than a row's squared length: the constant counts as a feature.
    #[inline]
    pub fn length(&self, row: usize) -> f32 {
        self.lengths.get(row).copied().unwrap_or(1.0)
    }

    /// The features a column stands for, each with its share of the column's weight.
    pub fn members(&self, column: usize) -> &[(u32, f32)] {
        let bound = |at: usize| self.member_starts.get(at).copied().unwrap_or(0);
        self.members.get(bound(column)..bound(column + 1)).unwrap_or_default()
    }
}

/// Per feature a hash over its rows and its values in proportion to the first.
fn signatures(rows: &[Vec<(u32, f32)>], features: usize) -> Vec<Seen> {
    let mut seen = vec![Seen::default(); features];
    for (number, row) in rows.iter().enumerate() {
        for (feature, value) in row {
            let Some(seen) = seen.get_mut(*feature as usize) else { continue };
            if seen.rows == 0 {
                seen.first = *value;
            }
            let proportion = (value / seen.first * GRAIN).round() as u64;
            let mixed =
                (seen.signature ^ (number as u64) << 24 ^ proportion).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            seen.signature = mixed ^ (mixed >> 29);
            seen.rows += 1;
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_in_proportion_become_one_of_their_common_length() {
        let rows = vec![
            vec![(0, 0.3), (1, 0.4), (2, 1.0)],
            vec![(2, 1.0)],
            vec![(0, 0.6), (1, 0.8)],
            vec![(3, 2.0)],
        ];
        let columns = Columns::new(&rows, 4);
        assert_eq!((columns.rows(), columns.columns()), (4, 3));
        let merged = (0..3).find(|column| columns.members(*column).len() == 2).unwrap();
        let shares: Vec<f32> = columns.members(merged).iter().map(|(_, share)| *share).collect();
        assert!((shares[0] - 0.6).abs() < 1e-6 && (shares[1] - 0.8).abs() < 1e-6, "{shares:?}");
        for (number, row) in rows.iter().enumerate() {
            let squared = |cells: &[(u32, f32)]| cells.iter().map(|(_, value)| value * value).sum::<f32>();
            assert!((squared(columns.row(number)) - squared(row)).abs() < 1e-5);
            assert!((columns.length(number) - 1.0 - squared(row)).abs() < 1e-5);
        }
    }
}
