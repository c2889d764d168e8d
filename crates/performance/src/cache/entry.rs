//! An entry as tiers hold it: a head, then the encoded value.
//!
//! | bytes | meaning |
//! | --- | --- |
//! | 1 | version |
//! | 1 | slots |
//! | 8 | end of life, milliseconds since 1970 |
//! | 8 | until when a copy outside the fleet's tier may be served without asking there again |
//! | 8, 8 | stamp: local, fleet |
//! | 4 | microseconds the value took to compute |
//! | 4 each | slots |
//!
//! Numbers are little endian.

use super::generations::Stamp;
use meschain_base::{Error, Result};
use std::sync::Arc;

const VERSION: u8 = 0xc1;
const FIXED: usize = 38;
/// Slots of one entry: namespace, key, groups and tags.
pub const MAX_SLOTS: usize = 64;

/// What is known of a cached value beside its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    /// End of life, milliseconds since 1970.
    pub expires_ms: u64,
    /// End of life of copies outside the fleet's tier.
    pub local_until_ms: u64,
    /// Both clocks before the value was computed.
    pub stamp: Stamp,
    /// How long computing took; 0 when unknown. Drives early recomputation.
    pub compute_us: u32,
    /// Slots whose flush ends the entry.
    pub slots: Vec<u32>,
}

/// A head and its value, read.
#[derive(Debug)]
pub struct Entry {
    /// The head.
    pub head: Head,
    bytes: Arc<[u8]>,
    payload_at: usize,
}

impl Entry {
    /// Puts an entry together.
    pub fn new(head: Head, payload: &[u8]) -> Self {
        let payload_at = FIXED + head.slots.len() * 4;
        let mut bytes = Vec::with_capacity(payload_at + payload.len());
        bytes.push(VERSION);
        bytes.push(head.slots.len() as u8);
        let numbers = [head.expires_ms, head.local_until_ms, head.stamp.local, head.stamp.fleet];
        numbers.iter().for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
        bytes.extend_from_slice(&head.compute_us.to_le_bytes());
        head.slots.iter().for_each(|slot| bytes.extend_from_slice(&slot.to_le_bytes()));
        bytes.extend_from_slice(payload);
        Self { head, bytes: bytes.into(), payload_at }
    }

    /// Reads an entry; any bytes lead to an entry or an error.
    pub fn read(bytes: Arc<[u8]>) -> Result<Self> {
        let head = read_head(&bytes).ok_or_else(|| Error::Backend {
            backend: "cache entry",
            detail: "damaged or of another version".to_owned(),
        })?;
        let payload_at = FIXED + head.slots.len() * 4;
        Ok(Self { head, bytes, payload_at })
    }

    /// Head and value as tiers store them.
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// The encoded value.
    pub fn payload(&self) -> &[u8] {
        self.bytes.get(self.payload_at..).unwrap_or_default()
    }
}

fn read_head(bytes: &[u8]) -> Option<Head> {
    let ([VERSION, count], rest) = bytes.split_first_chunk::<2>()? else { return None };
    let (expires, rest) = rest.split_first_chunk::<8>()?;
    let (until, rest) = rest.split_first_chunk::<8>()?;
    let (local, rest) = rest.split_first_chunk::<8>()?;
    let (fleet, rest) = rest.split_first_chunk::<8>()?;
    let (compute, rest) = rest.split_first_chunk::<4>()?;
    let (slots, _) = rest.split_at_checked(usize::from(*count) * 4)?;
    Some(Head {
        expires_ms: u64::from_le_bytes(*expires),
        local_until_ms: u64::from_le_bytes(*until),
        stamp: Stamp { local: u64::from_le_bytes(*local), fleet: u64::from_le_bytes(*fleet) },
        compute_us: u32::from_le_bytes(*compute),
        slots: slots.as_chunks::<4>().0.iter().map(|slot| u32::from_le_bytes(*slot)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn comes_back_as_it_went(numbers in any::<[u64; 4]>(), compute_us: u32, slots in prop::collection::vec(any::<u32>(), 0..MAX_SLOTS), payload in prop::collection::vec(any::<u8>(), 0..50)) {
            let [expires_ms, local_until_ms, local, fleet] = numbers;
            let head = Head { expires_ms, local_until_ms, stamp: Stamp { local, fleet }, compute_us, slots };
            let read = Entry::read(Entry::new(head.clone(), &payload).bytes().clone()).unwrap();
            prop_assert_eq!(&read.head, &head);
            prop_assert_eq!(read.payload(), &payload[..]);
        }

        #[test]
        fn any_bytes_are_an_entry_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _ = Entry::read(bytes.into());
        }
    }
}
