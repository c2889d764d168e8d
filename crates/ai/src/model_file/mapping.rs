//! The bytes of a model: a mapped file, or memory for a model that was just trained.

use super::element::Element;
use meschain_base::{Error, Result};
use std::ops::{Deref, Range};
use std::path::Path;
use std::ptr::NonNull;
use std::sync::Arc;

/// Bytes that never move or change while this lives, aligned to 8.
#[derive(Debug)]
pub enum Mapping {
    /// A file of ours, mapped. Files are only ever replaced by rename, never written in place or cut, so the pages
    /// stay valid.
    File(memmap2::Mmap),
    /// The same bytes in memory, and how many of them count.
    Memory(Vec<u64>, usize),
}

impl Mapping {
    /// Maps `path` for reading.
    pub fn open(path: &Path) -> Result<Self> {
        let file = std::fs::File::open(path).map_err(Error::io(path, "open"))?;
        // SAFETY: model files are published by rename and never altered afterwards (see `Mapping::File`); the
        // checksum is verified before anything is read.
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(Error::io(path, "map"))?;
        Ok(Self::File(map))
    }

    /// Keeps `bytes` in memory, aligned.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        let words = bytes.chunks(8).map(|chunk| {
            let mut word = [0u8; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            u64::from_ne_bytes(word)
        });
        Self::Memory(words.collect(), bytes.len())
    }

    /// All bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::File(map) => map,
            Self::Memory(words, length) => super::element::bytes_of(words).get(..*length).unwrap_or_default(),
        }
    }
}

/// A typed part of a mapping that keeps the mapping alive. Nothing is copied, and reading costs no more than a plain
/// slice: the start is kept as a pointer.
#[derive(Debug)]
pub struct Slice<T: Element> {
    /// Keeps the bytes where they are.
    mapping: Arc<Mapping>,
    start: NonNull<T>,
    length: usize,
}

impl<T: Element> Slice<T> {
    /// The elements in `range` (bytes) of `mapping`; `None` when out of bounds, misaligned or not whole elements.
    pub(super) fn new(mapping: Arc<Mapping>, range: Range<usize>) -> Option<Self> {
        let bytes = mapping.bytes().get(range)?;
        if bytes.is_empty() {
            return Some(Self { mapping, start: NonNull::dangling(), length: 0 });
        }
        let start = NonNull::new(bytes.as_ptr().cast_mut())?.cast::<T>();
        let whole = bytes.len().is_multiple_of(size_of::<T>());
        let length = bytes.len() / size_of::<T>();
        (start.is_aligned() && whole).then_some(Self { mapping, start, length })
    }
}

impl<T: Element> Slice<T> {
    /// A copy of `values` in memory, to stand where a part of a file would.
    pub fn of(values: &[T]) -> Self {
        let bytes = super::element::bytes_of(values);
        let mapping = Arc::new(Mapping::of_bytes(bytes));
        let start =
            NonNull::new(mapping.bytes().as_ptr().cast_mut()).map_or(NonNull::dangling(), NonNull::cast);
        // An empty mapping may lie anywhere, and no number is wider than the eight bytes to which it is aligned.
        let start = if values.is_empty() { NonNull::dangling() } else { start };
        Self { mapping, start, length: values.len() }
    }
}

impl<T: Element + PartialEq> PartialEq for Slice<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Element> Clone for Slice<T> {
    fn clone(&self) -> Self {
        Self { mapping: self.mapping.clone(), start: self.start, length: self.length }
    }
}

impl<T: Element> Deref for Slice<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: `new` checked that `start` is aligned for `T` and followed by `length` elements within the mapping (or
        // that there are none). The mapping's bytes do not move or change while `self.mapping` lives, and `Element`
        // accepts every bit pattern.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

// SAFETY: the pointer leads to bytes that nobody writes, kept alive by the `Arc` that travels along; `Element` is `Send`
// and `Sync`.
unsafe impl<T: Element> Send for Slice<T> {}
// SAFETY: as above; sharing a slice shares only reads.
unsafe impl<T: Element> Sync for Slice<T> {}
