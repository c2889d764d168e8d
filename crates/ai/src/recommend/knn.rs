//! Item neighbours by shrunken cosine, for catalogues too large for EASE.
//!
//! Similarity = buyers of both / (sqrt(buyers a x buyers b) + shrink): Dacrema et al., "Are We Really Making Much
//! Progress?" (RecSys 2019) find it, well tuned, ahead of most neural methods.

use super::matrix::Matrix;
use super::neighbors::{Lists, strongest};
use meschain_base::{Error, Progress, Result};
use rayon::prelude::*;

/// Purchases of one customer that count, the newest: a wholesaler says little about what goes together.
const MOST_PER_CUSTOMER: usize = 500;

/// The `most` nearest neighbours of each product.
pub fn lists(
    matrix: &Matrix,
    shrink: f32,
    most: usize,
    threads: usize,
    progress: &Progress,
) -> Result<Lists> {
    let buyers = matrix.buyers();
    let rows: Vec<Vec<u32>> = matrix.rows.iter().map(|cells| newest(cells)).collect();
    let mut customers: Vec<Vec<u32>> = vec![Vec::new(); matrix.items];
    for (customer, row) in rows.iter().enumerate() {
        for item in row {
            customers.get_mut(*item as usize).into_iter().for_each(|list| list.push(customer as u32));
        }
    }
    let of = |item: usize, counts: &mut Vec<u32>, touched: &mut Vec<u32>| {
        for customer in customers.get(item).into_iter().flatten() {
            for other in rows.get(*customer as usize).into_iter().flatten() {
                let Some(count) = counts.get_mut(*other as usize) else { continue };
                if *count == 0 {
                    touched.push(*other);
                }
                *count += 1;
            }
        }
        let size = |item: usize| buyers.get(item).map_or(0.0, |buyers| *buyers as f32);
        let near = touched.drain(..).filter_map(|other| {
            let count = counts.get_mut(other as usize).map(std::mem::take).unwrap_or_default();
            let cosine = count as f32 / ((size(item) * size(other as usize)).sqrt() + shrink);
            (other as usize != item).then_some((other, cosine))
        });
        strongest(near.collect(), most)
    };
    let work = |items: std::ops::Range<usize>| -> Result<Lists> {
        let (mut counts, mut touched) = (vec![0u32; matrix.items], Vec::new());
        progress.advance(items.len() as u64)?;
        Ok(items.map(|item| of(item, &mut counts, &mut touched)).collect())
    };
    let parts: Vec<_> =
        (0..matrix.items).step_by(256).map(|start| start..(start + 256).min(matrix.items)).collect();
    let done: Vec<Result<Lists>> = if threads <= 1 {
        parts.into_iter().map(work).collect()
    } else {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.map_err(|error| Error::internal("threads", error.to_string()))?;
        pool.install(|| parts.into_par_iter().map(work).collect())
    };
    done.into_iter().collect::<Result<Vec<Lists>>>().map(|parts| parts.into_iter().flatten().collect())
}

fn newest(cells: &[super::matrix::Cell]) -> Vec<u32> {
    let mut cells: Vec<_> = cells.to_vec();
    cells.sort_by(|a, b| a.age.total_cmp(&b.age).then(a.item.cmp(&b.item)));
    cells.into_iter().take(MOST_PER_CUSTOMER).map(|cell| cell.item).collect()
}
