//! A list of texts in a model file: one tensor with all bytes, one with where each begins.

use super::mapping::Slice;

/// Texts that lie in the mapping.
#[derive(Debug, Clone)]
pub struct Strings {
    offsets: Slice<u32>,
    bytes: Slice<u8>,
}

impl Strings {
    /// Texts from their parts; `None` when the offsets are not ascending within the bytes or a text is not UTF-8.
    pub(super) fn new(offsets: Slice<u32>, bytes: Slice<u8>) -> Option<Self> {
        let ends_well =
            offsets.first() == Some(&0) && offsets.last().copied() == u32::try_from(bytes.len()).ok();
        let ascending = offsets.is_sorted();
        let strings = Self { offsets, bytes };
        let readable = ends_well && ascending && (0..strings.len()).all(|index| strings.get(index).is_some());
        readable.then_some(strings)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text at `index`.
    pub fn get(&self, index: usize) -> Option<&str> {
        let start = *self.offsets.get(index)? as usize;
        let end = *self.offsets.get(index.checked_add(1)?)? as usize;
        std::str::from_utf8(self.bytes.get(start..end)?).ok()
    }

    /// All texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}
