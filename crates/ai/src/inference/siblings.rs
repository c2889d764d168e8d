//! What the products of the same categories sell, read once a batch of forecasts for all newcomers of those categories.

use meschain_base::Result;
use meschain_shop::{Database, rows};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// Products of the same categories that are asked at most.
const MOST_SIBLINGS: usize = 300;
/// Sets of categories that are kept at most; what is beyond is read for each newcomer.
const MOST_KEPT: usize = 1_000;

/// A product and the units it sells a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sibling {
    pub product_id: u32,
    pub daily: f64,
}

/// Those that sold, by the set of categories (ascending) that they share a member of.
#[derive(Debug, Default)]
pub(super) struct Siblings(Mutex<HashMap<Vec<u32>, Arc<[Sibling]>>>);

impl Siblings {
    /// What is kept of these categories, else what `read` gives. A failure is not kept.
    pub(super) fn of(
        &self,
        categories: Vec<u32>,
        read: impl FnOnce(&[u32]) -> Result<Vec<Sibling>>,
    ) -> Result<Arc<[Sibling]>> {
        if let Some(known) = self.0.lock().get(&categories) {
            return Ok(Arc::clone(known));
        }
        // Without the lock: threads that ask for the same at once may read it twice, and none waits for another's.
        let found: Arc<[Sibling]> = read(&categories)?.into();
        let mut kept = self.0.lock();
        if kept.len() < MOST_KEPT {
            kept.insert(categories, Arc::clone(&found));
        }
        Ok(found)
    }
}

/// The categories of a product, ascending.
pub(super) fn categories_of(database: &Database, product_id: u32) -> Result<Vec<u32>> {
    let sql = format!(
        "SELECT category_id FROM {} WHERE product_id = ? ORDER BY category_id",
        database.table("product_to_category")
    );
    rows::all(&mut database.connection()?, &sql, (product_id,))
}

/// Products of any of these categories, the newest first; one more than are asked, for the newcomer is among them.
pub(super) fn members(database: &Database, categories: &[u32]) -> Result<Vec<u32>> {
    if categories.is_empty() {
        return Ok(Vec::new());
    }
    let places = vec!["?"; categories.len()].join(", ");
    let sql = format!(
        "SELECT DISTINCT product_id FROM {} WHERE category_id IN ({places}) ORDER BY product_id DESC LIMIT {}",
        database.table("product_to_category"),
        MOST_SIBLINGS + 1
    );
    rows::all(&mut database.connection()?, &sql, categories.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use meschain_base::Error;
    use std::cell::Cell;

    #[test]
    fn categories_are_read_once_and_a_failure_is_tried_again() {
        let (siblings, reads) = (Siblings::default(), Cell::new(0));
        let read = |categories: &[u32]| {
            reads.set(reads.get() + 1);
            Ok(vec![Sibling { product_id: categories[0], daily: 0.5 }])
        };
        assert_eq!(siblings.of(vec![3, 7], |_| Err(Error::Cancelled)).unwrap_err(), Error::Cancelled);
        for _ in 0..3 {
            assert_eq!(siblings.of(vec![3, 7], read).unwrap()[0].product_id, 3);
        }
        assert_eq!(siblings.of(vec![7], read).unwrap()[0].product_id, 7);
        assert_eq!(reads.get(), 2);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let siblings = Siblings::default();
        for category in 0..2 * MOST_KEPT as u32 {
            siblings.of(vec![category], |_| Ok(Vec::new())).unwrap();
        }
        assert_eq!(siblings.0.lock().len(), MOST_KEPT);
    }
}
