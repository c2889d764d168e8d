//! Mapping a file that nobody writes to any more.

use memmap2::Mmap;
use meschain_base::{Error, Result};
use std::fs::File;
use std::path::Path;

/// Maps the whole of `file` for reading. An empty file maps to an empty slice.
pub(super) fn map(file: &File, path: &Path) -> Result<Mmap> {
    // SAFETY: the files mapped here are our own, readable by their owner only (0600 in a 0700 folder). Published ones are
    // replaced by rename, never written or truncated in place; spool files are mapped after their last write by the process
    // that made them. So the bytes do not change while they are mapped.
    unsafe { Mmap::map(file) }.map_err(Error::io(path, "map"))
}
