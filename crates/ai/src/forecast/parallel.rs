//! Work on many items with a bounded number of threads of its own.

use meschain_base::{Error, Progress, Result};
use rayon::prelude::*;

/// Maps `items` in order. One thread starts none; more run in a pool that lives as long as the call. Progress counts
/// items and cancellation is seen between blocks of them.
pub(crate) fn map<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    progress: &Progress,
    work: impl Fn(&T) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    const BLOCK: usize = 32;
    let block = |chunk: &[T]| -> Result<Vec<R>> {
        let done: Result<Vec<R>> = chunk.iter().map(&work).collect();
        progress.advance(chunk.len() as u64)?;
        done
    };
    let parts: Result<Vec<Vec<R>>> = if threads <= 1 {
        items.chunks(BLOCK).map(block).collect()
    } else {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|error| Error::internal("thread pool", error.to_string()))?;
        pool.install(|| items.par_chunks(BLOCK).map(block).collect())
    };
    Ok(parts?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_kept_on_any_number_of_threads_and_cancelling_stops() {
        let items: Vec<u32> = (0..1000).collect();
        let progress = Progress::silent();
        let one = map(&items, 1, &progress, |v| Ok(v * 2)).unwrap();
        let two = map(&items, 2, &progress, |v| Ok(v * 2)).unwrap();
        assert_eq!(one, two);
        assert_eq!(progress.snapshot().done, 2000);
        progress.cancel();
        assert_eq!(map(&items, 1, &progress, |v| Ok(*v)), Err(Error::Cancelled));
    }
}
