//! What is known about the published file, kept beside it: that its columns were checked, and when the shop was last
//! found to agree with it. The stamp names the file by device, inode, length and change time: any write to the file since
//! makes it another file, which is then checked in full before it is used.

use jiff::Timestamp;
use meschain_base::{Error, Result, atomic_file};
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// A file as the operating system tells it from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Identity {
    /// Of the file at `path`; `None` when there is none.
    pub(super) fn of(path: &Path) -> Result<Option<Self>> {
        let data = match fs::metadata(path) {
            Ok(data) => data,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io(path, "look at")(error)),
        };
        Ok(Some(Self {
            device: data.dev(),
            inode: data.ino(),
            length: data.len(),
            modified: (data.mtime(), data.mtime_nsec()),
            changed: (data.ctime(), data.ctime_nsec()),
        }))
    }
}

/// The stamp of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    /// The file whose columns matched their checksums.
    pub(super) file: Identity,
    /// When the shop was last read, or found unchanged.
    pub(super) checked_at: Timestamp,
}

impl Stamp {
    fn path(file: &Path) -> PathBuf {
        file.with_extension("stamp")
    }

    /// The stamp beside `file`; one that cannot be read is none.
    pub(super) fn read(file: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(file)).ok()?).ok()
    }

    /// Puts the stamp beside `file`.
    pub(super) fn write(&self, file: &Path) -> Result<()> {
        let path = Self::path(file);
        let json = serde_json::to_vec(self).map_err(|error| Error::internal("stamp", error.to_string()))?;
        atomic_file::write(&path, |out| out.write_all(&json).map_err(Error::io(&path, "write")))
    }
}
