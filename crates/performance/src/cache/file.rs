//! A tier of plain files, for hosts where nothing else may be used: 256 folders, one file a key named by its hash,
//! written beside and renamed into place, so a reader sees the old entry or the new one. Reading opens one file and
//! lists nothing. Each folder holds at most a 256th of the bytes; now and then a write looks after its folder.

use super::entry::Entry;
use super::tier::{Tier, Usage};
use meschain_base::atomic_file::{create_private_dir, temporary_beside};
use meschain_base::{Error, Result};
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::SystemTime;

const SHARDS: u64 = 256;
/// One write of so many looks after its folder.
const TIDY_EVERY: u32 = 32;
const LARGEST_FILE: u64 = 80 << 20;

/// Files in sharded folders.
pub struct FileTier {
    folder: PathBuf,
    shard_bytes: u64,
    writes: AtomicU32,
}

struct Stored {
    path: PathBuf,
    bytes: u64,
    modified: SystemTime,
}

impl FileTier {
    /// Files under `folder`, at most `most_bytes` in all.
    pub fn new(folder: &Path, most_bytes: u64) -> Self {
        Self { folder: folder.to_path_buf(), shard_bytes: most_bytes / SHARDS, writes: AtomicU32::new(0) }
    }

    fn path(&self, key: &[u8]) -> PathBuf {
        let hash = blake3::hash(key).to_hex();
        let (shard, name) = hash.as_str().split_at_checked(2).unwrap_or(("00", "none"));
        self.folder.join(shard).join(name)
    }

    /// Removes leftovers and, oldest first, what is over the folder's share.
    fn tidy(&self, shard: &Path) -> Result<()> {
        let mut files = stored(shard)?;
        files.sort_by_key(|file| std::cmp::Reverse(file.modified));
        let mut bytes = 0u64;
        for file in files {
            bytes = bytes.saturating_add(file.bytes);
            if bytes > self.shard_bytes {
                let _ = fs::remove_file(&file.path);
            }
        }
        Ok(())
    }

    fn shards(&self) -> Result<Vec<PathBuf>> {
        match fs::read_dir(&self.folder) {
            Ok(folders) => {
                Ok(folders.flatten().map(|folder| folder.path()).filter(|path| path.is_dir()).collect())
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(fault(&self.folder, "list", error)),
        }
    }
}

impl Tier for FileTier {
    fn backend(&self) -> &'static str {
        "file"
    }

    fn get(&self, key: &[u8]) -> Result<Option<Arc<[u8]>>> {
        let path = self.path(key);
        match fs::read(&path) {
            Ok(bytes) => Ok(strip_key(&bytes, key).map(Arc::from)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(fault(&path, "read", error)),
        }
    }

    fn set(&self, key: &[u8], entry: &[u8], _ttl_ms: u64) -> Result<()> {
        let bytes = (key.len() + entry.len() + 2) as u64;
        let limit = self.shard_bytes.min(LARGEST_FILE);
        if bytes > limit {
            return Err(Error::Limit { what: "cache file bytes", limit, found: bytes });
        }
        let path = self.path(key);
        let shard = path.parent().unwrap_or(&self.folder);
        create_private_dir(shard)?;
        let temporary = temporary_beside(&path);
        let written = write(&temporary, key, entry).and_then(|()| fs::rename(&temporary, &path));
        if let Err(error) = written {
            let _ = fs::remove_file(&temporary);
            return Err(fault(&path, "write", error));
        }
        if self.writes.fetch_add(1, Relaxed).is_multiple_of(TIDY_EVERY) {
            self.tidy(shard)?;
        }
        Ok(())
    }

    fn delete(&self, key: &[u8]) -> Result<()> {
        let path = self.path(key);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(fault(&path, "remove", error)),
            _ => Ok(()),
        }
    }

    fn usage(&self) -> Result<Usage> {
        let mut usage = Usage::default();
        for shard in self.shards()? {
            for file in stored(&shard)? {
                usage.entries += 1;
                usage.bytes += file.bytes;
            }
        }
        Ok(usage)
    }

    fn sweep(&self, now_ms: u64, most: usize) -> Result<u64> {
        let mut removed = 0;
        for shard in self.shards()? {
            for file in stored(&shard)? {
                if removed as usize >= most {
                    return Ok(removed);
                }
                let alive = fs::read(&file.path)
                    .ok()
                    .and_then(|bytes| expiry(&bytes))
                    .is_some_and(|end| end > now_ms);
                if !alive && fs::remove_file(&file.path).is_ok() {
                    removed += 1;
                }
            }
        }
        Ok(removed)
    }
}

fn write(path: &Path, key: &[u8], entry: &[u8]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    let mut bytes = Vec::with_capacity(key.len() + entry.len() + 2);
    bytes.extend_from_slice(&(key.len() as u16).to_le_bytes());
    bytes.extend_from_slice(key);
    bytes.extend_from_slice(entry);
    file.write_all(&bytes)
}

/// The entry, if the file is of this key.
fn strip_key<'a>(bytes: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let (found, entry) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
    (found == key).then_some(entry)
}

fn expiry(bytes: &[u8]) -> Option<u64> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    let entry = rest.get(usize::from(u16::from_le_bytes(*length))..)?;
    Entry::read(Arc::from(entry)).ok().map(|entry| entry.head.expires_ms)
}

fn stored(shard: &Path) -> Result<Vec<Stored>> {
    let files = fs::read_dir(shard).map_err(|error| fault(shard, "list", error))?;
    let read = files.flatten().filter_map(|file| {
        let meta = file.metadata().ok()?;
        Some(Stored { path: file.path(), bytes: meta.len(), modified: meta.modified().ok()? })
    });
    Ok(read.collect())
}

fn fault(path: &Path, action: &str, error: std::io::Error) -> Error {
    Error::Backend { backend: "file", detail: format!("{action} {}: {:?}", path.display(), error.kind()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_replaces_and_removes_without_leftovers() {
        let folder = tempfile::tempdir().unwrap();
        let tier = FileTier::new(&folder.path().join("cache"), 64 << 20);
        assert_eq!(tier.get(b"k").unwrap(), None);
        tier.set(b"k", b"one", 0).unwrap();
        tier.set(b"k", b"two", 0).unwrap();
        assert_eq!(tier.get(b"k").unwrap().as_deref(), Some(b"two".as_slice()));
        assert_eq!(tier.usage().unwrap().entries, 1);
        tier.delete(b"k").unwrap();
        tier.delete(b"k").unwrap();
        assert_eq!(tier.usage().unwrap(), Usage::default());
    }

    #[test]
    fn stays_within_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let tier = FileTier::new(folder.path(), SHARDS * 4_000);
        let path = tier.path(b"0");
        let shard = path.parent().unwrap();
        fs::create_dir_all(shard).unwrap();
        for n in 0..20 {
            fs::write(shard.join(format!("f{n}")), [0; 1_000]).unwrap();
        }
        tier.tidy(shard).unwrap();
        assert_eq!(stored(shard).unwrap().len(), 4);
        assert!(matches!(tier.set(b"k", &[0; 5_000], 0), Err(Error::Limit { .. })));
    }
}
