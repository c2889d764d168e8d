//! What a refresh reads again and what it copies from the file before.

use super::fingerprint::Fingerprints;
use super::read::IdRange;
use super::snapshot::Snapshot;
use std::ops::Range;

/// A run of orders of the new file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Segment {
    /// Read from the database.
    Read(IdRange),
    /// Rows of orders of the file before.
    Copy(Range<usize>),
}

/// Fingerprints the file before was made with.
pub(super) fn stored(snapshot: &Snapshot) -> Fingerprints {
    let buckets = snapshot.buckets();
    let mut prints = Fingerprints::default();
    for row in 0..buckets.len() {
        let number = |column: &[u32]| column.get(row).copied().unwrap_or_default();
        let sum = |column: &[u64]| column.get(row).copied().unwrap_or_default();
        prints.insert(super::schema::BucketRow {
            bucket: number(buckets.bucket),
            orders: number(buckets.orders),
            orders_xor: sum(buckets.orders_xor),
            lines: number(buckets.lines),
            lines_xor: sum(buckets.lines_xor),
            origins: number(buckets.origins),
            origins_xor: sum(buckets.origins_xor),
        });
    }
    prints
}

/// Segments, by order id, that read the buckets of `dirty` (ascending) and copy the rest of `order_ids` (ascending).
pub(super) fn segments(order_ids: &[u32], dirty: &[u32]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut copied = 0;
    for range in IdRange::of_buckets(dirty) {
        let from = order_ids.partition_point(|id| *id < range.first);
        if copied < from {
            segments.push(Segment::Copy(copied..from));
        }
        segments.push(Segment::Read(range));
        copied = order_ids.partition_point(|id| *id <= range.last);
    }
    if copied < order_ids.len() {
        segments.push(Segment::Copy(copied..order_ids.len()));
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::super::schema::BUCKET_ORDERS;
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn every_clean_order_is_copied_once_and_every_dirty_bucket_read_once(
            ids in proptest::collection::btree_set(1_u32..20_000, 0..300),
            dirty in proptest::collection::btree_set(0_u32..22, 0..10),
        ) {
            let ids: Vec<u32> = ids.into_iter().collect();
            let dirty_list: Vec<u32> = dirty.iter().copied().collect();
            let (mut copied, mut read, mut last) = (Vec::new(), BTreeSet::new(), 0);
            for segment in segments(&ids, &dirty_list) {
                let start = match segment {
                    Segment::Copy(rows) => { copied.extend_from_slice(&ids[rows.clone()]); ids[rows.start] }
                    Segment::Read(range) => {
                        for bucket in range.first / BUCKET_ORDERS..=range.last / BUCKET_ORDERS {
                            prop_assert!(read.insert(bucket));
                        }
                        range.first
                    }
                };
                prop_assert!(start >= last);
                last = start;
            }
            prop_assert_eq!(&read, &dirty);
            let clean: Vec<u32> = ids.iter().copied().filter(|id| !dirty.contains(&(id / BUCKET_ORDERS))).collect();
            prop_assert_eq!(copied, clean);
        }
    }
}
