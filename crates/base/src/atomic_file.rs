//! Files that are either the old one or the new one, never half of each, and readable by their owner only.

use crate::{Error, Result};
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Makes `path` and its parents, readable by the owner only (0700).
pub fn create_private_dir(path: &Path) -> Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(Error::io(path, "create the folder"))
}

/// Writes `path` through a temporary file in the same folder, synced and renamed into place (mode 0600).
/// On failure the old file stands untouched and the temporary one is removed.
pub fn write(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> Result<()>) -> Result<()> {
    let temporary = temporary_beside(path);
    let result = write_and_rename(path, &temporary, fill);
    if result.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    result
}

fn write_and_rename(
    path: &Path,
    temporary: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> Result<()>,
) -> Result<()> {
    if let Some(folder) = path.parent() {
        create_private_dir(folder)?;
    }
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(temporary)
        .map_err(Error::io(temporary, "create"))?;
    let mut writer = BufWriter::with_capacity(1 << 18, file);
    fill(&mut writer)?;
    writer.flush().map_err(Error::io(temporary, "write"))?;
    writer.get_ref().sync_all().map_err(Error::io(temporary, "sync"))?;
    fs::rename(temporary, path).map_err(Error::io(path, "publish"))?;
    sync_folder(path);
    Ok(())
}

/// Makes the rename itself durable. Best effort: some file systems refuse to sync a folder.
fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
}

/// A lock that one process of the machine holds as long as it keeps the file open; [`Error::Busy`] says that another does `what`.
pub fn lock(path: &Path, what: &'static str) -> Result<File> {
    if let Some(folder) = path.parent() {
        create_private_dir(folder)?;
    }
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    let file = file.map_err(Error::io(path, "open"))?;
    file.try_lock().map_err(|_| Error::Busy { what })?;
    Ok(file)
}

/// A name no other thread or process of this machine uses, in the same folder.
pub fn temporary_beside(path: &Path) -> PathBuf {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    path.with_file_name(format!(".{name}.{}.{count}.tmp", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_no_rubbish() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/model.bin");
        write(&path, |out| out.write_all(b"old").map_err(Error::io(&path, "write"))).unwrap();
        assert!(write(&path, |_| Err(Error::Cancelled)).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn one_holds_the_lock_until_it_lets_go() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/drain.lock");
        let held = lock(&path, "draining").unwrap();
        assert!(matches!(lock(&path, "draining"), Err(Error::Busy { what: "draining" })));
        drop(held);
        assert!(lock(&path, "draining").is_ok());
    }
}
