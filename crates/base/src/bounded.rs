//! A queue that never grows past its bound: the oldest entry makes room and is counted as dropped.

use std::collections::VecDeque;

/// A bounded first-in, first-out buffer.
#[derive(Debug)]
pub struct BoundedQueue<T> {
    items: VecDeque<T>,
    capacity: usize,
    dropped: u64,
}

impl<T> BoundedQueue<T> {
    /// A queue of at most `capacity` entries (at least one).
    pub fn new(capacity: usize) -> Self {
        Self { items: VecDeque::new(), capacity: capacity.max(1), dropped: 0 }
    }

    /// Appends, dropping the oldest entry when full.
    pub fn push(&mut self, item: T) {
        if self.items.len() == self.capacity {
            self.items.pop_front();
            self.dropped += 1;
        }
        self.items.push_back(item);
    }

    /// Takes up to `most` entries from the front.
    pub fn drain(&mut self, most: usize) -> Vec<T> {
        self.items.drain(..most.min(self.items.len())).collect()
    }

    /// Entries held now.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Entries dropped since the queue was made.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_the_oldest_and_says_so() {
        let mut queue = BoundedQueue::new(2);
        (1..=3).for_each(|n| queue.push(n));
        assert_eq!((queue.len(), queue.dropped()), (2, 1));
        assert_eq!(queue.drain(9), vec![2, 3]);
        assert!(queue.is_empty());
    }
}
