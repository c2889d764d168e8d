//! Fingerprints of runs of orders: how a refresh finds edits and deletions that leave no trace in `date_modified`.
//!
//! The database and this code compute the same number: per bucket of [`BUCKET_ORDERS`] order ids, `BIT_XOR` over rows of
//! `CRC32(row as text) * weight`, with a weight that differs from row to row. Without the weight, CRC being linear, the same
//! change made to two rows (two orders moved to the same status) would cancel itself out. A sum of the products would do as
//! well and costs the server half as much again.

use super::schema::{BUCKET_ORDERS, BucketRow};
use flate2::Crc;
use meschain_base::{Error, Result};
use mysql::{Row, Value};
use std::collections::BTreeMap;
use std::io::Write;

/// Weights run from 1 to this; a prime, so that rows of one bucket have different ones.
const WEIGHTS: u32 = 65_521;

/// Which of the tables a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Orders,
    Lines,
    Origins,
}

/// Fingerprints by bucket.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Fingerprints(BTreeMap<u32, BucketRow>);

impl Fingerprints {
    pub(super) fn entry(&mut self, bucket: u32) -> &mut BucketRow {
        let empty = BucketRow {
            bucket,
            orders: 0,
            orders_xor: 0,
            lines: 0,
            lines_xor: 0,
            origins: 0,
            origins_xor: 0,
        };
        self.0.entry(bucket).or_insert(empty)
    }

    pub(super) fn add(&mut self, table: Table, order_id: u32, key: u32, checksum: u32) {
        let weighted = u64::from(checksum) * u64::from(key % WEIGHTS + 1);
        self.merge(table, order_id / BUCKET_ORDERS, 1, weighted);
    }

    pub(super) fn merge(&mut self, table: Table, bucket: u32, rows: u32, weighted: u64) {
        let entry = self.entry(bucket);
        let (count, xor) = match table {
            Table::Orders => (&mut entry.orders, &mut entry.orders_xor),
            Table::Lines => (&mut entry.lines, &mut entry.lines_xor),
            Table::Origins => (&mut entry.origins, &mut entry.origins_xor),
        };
        *count = count.saturating_add(rows);
        *xor ^= weighted;
    }

    pub(super) fn insert(&mut self, row: BucketRow) {
        self.0.insert(row.bucket, row);
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &BucketRow> {
        self.0.values()
    }

    /// Those of these buckets only.
    pub(super) fn only(&self, buckets: &[u32]) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(b, _)| buckets.binary_search(b).is_ok())
                .map(|(b, row)| (*b, *row))
                .collect(),
        )
    }

    /// Puts the buckets of `newer` in place of ours; `dirty` ones that it lacks are gone.
    pub(super) fn replace(&mut self, dirty: &[u32], newer: Self) {
        dirty.iter().for_each(|bucket| {
            self.0.remove(bucket);
        });
        self.0.extend(newer.0);
    }

    /// Buckets that differ between the two.
    pub(super) fn differing(&self, other: &Self) -> Vec<u32> {
        let mut buckets: Vec<u32> = self.0.keys().chain(other.0.keys()).copied().collect();
        buckets.sort_unstable();
        buckets.dedup();
        buckets.retain(|bucket| self.0.get(bucket) != other.0.get(bucket));
        buckets
    }
}

/// SQL that gives bucket, rows and checksum of `table` where `condition`; `columns` are those of the row's text, `key` the weight's
/// column.
pub(super) fn sql(table: &str, columns: &str, key: &str, condition: &str) -> String {
    format!(
        "SELECT `order_id` DIV {BUCKET_ORDERS} AS `bucket`, COUNT(*), \
         BIT_XOR(CRC32(CONCAT_WS(',', {columns})) * (`{key}` % {WEIGHTS} + 1)) \
         FROM {table} WHERE {condition} AND `order_id` > 0 GROUP BY `bucket`"
    )
}

/// Computes what the server's `CRC32(CONCAT_WS(',', ...))` gives for a row.
#[derive(Default)]
pub(super) struct RowText(Vec<u8>);

impl RowText {
    /// Checksum over the first `columns` values of the row. NULL is left out, as `CONCAT_WS` does.
    pub(super) fn checksum(&mut self, row: &Row, columns: usize) -> Result<u32> {
        self.0.clear();
        for column in 0..columns {
            let Some(value) = row.as_ref(column).filter(|value| **value != Value::NULL) else { continue };
            if !self.0.is_empty() {
                self.0.push(b',');
            }
            self.value(value).map_err(|error| Error::internal("fingerprint", error.to_string()))?;
        }
        let mut crc = Crc::new();
        crc.update(&self.0);
        Ok(crc.sum())
    }

    fn value(&mut self, value: &Value) -> std::io::Result<()> {
        match value {
            Value::Int(value) => self.integer(value.is_negative(), value.unsigned_abs()),
            Value::UInt(value) => self.integer(false, *value),
            Value::Date(year, month, day, hour, minute, second, _) => {
                self.pair((year / 100) as u8);
                self.pair((year % 100) as u8);
                for (mark, part) in
                    [(b'-', *month), (b'-', *day), (b' ', *hour), (b':', *minute), (b':', *second)]
                {
                    self.0.push(mark);
                    self.pair(part);
                }
            }
            Value::Bytes(bytes) => self.0.extend_from_slice(bytes),
            Value::Float(value) => write!(self.0, "{value}")?,
            Value::Double(value) => write!(self.0, "{value}")?,
            Value::Time(..) | Value::NULL => {}
        }
        Ok(())
    }

    fn pair(&mut self, value: u8) {
        self.0.extend_from_slice(&[b'0' + value / 10 % 10, b'0' + value % 10]);
    }

    fn integer(&mut self, negative: bool, mut value: u64) {
        if negative {
            self.0.push(b'-');
        }
        let start = self.0.len();
        loop {
            self.0.push(b'0' + (value % 10) as u8);
            value /= 10;
            if value == 0 {
                break;
            }
        }
        if let Some(digits) = self.0.get_mut(start..) {
            digits.reverse();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_change_to_two_rows_does_not_cancel_out() {
        // Two orders that differ in their id only, both moved from status 1 to status 5.
        let sum = |status: u8| {
            let mut prints = Fingerprints::default();
            for id in [10_u32, 11] {
                let mut crc = Crc::new();
                crc.update(format!("{id},{status}").as_bytes());
                prints.add(Table::Orders, id, id, crc.sum());
            }
            prints
        };
        assert_eq!(sum(1).differing(&sum(5)), [0]);
        let xor = |status: u8| {
            [10, 11].iter().fold(0, |xor, id| {
                let mut crc = Crc::new();
                crc.update(format!("{id},{status}").as_bytes());
                xor ^ crc.sum()
            })
        };
        assert_eq!(xor(1), xor(5), "what the weights are for");
    }

    #[test]
    fn buckets_on_one_side_only_differ() {
        let mut a = Fingerprints::default();
        a.merge(Table::Lines, 3, 1, 9);
        a.merge(Table::Orders, 4, 1, 9);
        let mut b = a.clone();
        b.merge(Table::Origins, 7, 1, 1);
        assert_eq!(a.differing(&b), [7]);
        assert_eq!(a.differing(&a), Vec::<u32>::new());
    }

    #[test]
    fn integers_print_as_the_server_prints_them() {
        let mut text = RowText::default();
        for value in [0_i64, 7, -7, 120, i64::MAX, i64::MIN] {
            text.0.clear();
            text.value(&Value::Int(value)).unwrap();
            assert_eq!(text.0, value.to_string().into_bytes());
        }
        text.0.clear();
        text.value(&Value::Date(2026, 11, 2, 5, 0, 9, 0)).unwrap();
        assert_eq!(text.0, b"2026-11-02 05:00:09");
    }
}
