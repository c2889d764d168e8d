//! A fixed number of 64-bit words, in a file mapped by every process of the machine or, without a folder, in this
//! process alone. Words are only ever read and written atomically; a process killed at any instant leaves each word
//! whole.

use crate::atomic_file::{create_private_dir, temporary_beside};
use crate::{Error, Result};
use memmap2::{MmapOptions, MmapRaw};
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::AtomicU64;

/// Words shared by processes.
pub struct Region {
    backing: Backing,
    /// Stands in for a word that does not exist, so that no access can fail.
    nowhere: AtomicU64,
}

enum Backing {
    Process(Box<[AtomicU64]>),
    Mapped { map: MmapRaw, words: usize, file: File },
}

impl Region {
    /// Words of this process only, all zero.
    pub fn process(words: usize) -> Self {
        let backing = Backing::Process((0..words).map(|_| AtomicU64::new(0)).collect());
        Self { backing, nowhere: AtomicU64::new(0) }
    }

    /// Maps the file, making it first when it is not there: zeros, then what `first` gives for the leading words.
    /// Of several processes that make it at once one wins and all map the same file. A file of another size is
    /// refused. The blocks are written out, not left sparse: a full disk is an error here instead of a signal later.
    pub fn open(path: &Path, words: usize, first: &[u64]) -> Result<Self> {
        let file = match open_existing(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                make(path, words, first)?;
                open_existing(path).map_err(Error::io(path, "open"))?
            }
            Err(error) => return Err(Error::io(path, "open")(error)),
        };
        let length = file.metadata().map_err(Error::io(path, "inspect"))?.len();
        if length != words as u64 * 8 {
            return Err(Error::corrupt(path, "another size than this version uses"));
        }
        let map = MmapOptions::new().len(words * 8).map_raw(&file).map_err(Error::io(path, "map"))?;
        Ok(Self { backing: Backing::Mapped { map, words, file }, nowhere: AtomicU64::new(0) })
    }

    /// Whether other processes see these words.
    pub fn is_shared(&self) -> bool {
        matches!(self.backing, Backing::Mapped { .. })
    }

    /// Whether the file is still there for others to map; true for words of this process.
    pub fn is_in_place(&self) -> bool {
        match &self.backing {
            Backing::Process(_) => true,
            Backing::Mapped { file, .. } => file.metadata().is_ok_and(|file| file.nlink() > 0),
        }
    }

    /// All words.
    pub fn words(&self) -> &[AtomicU64] {
        match &self.backing {
            Backing::Process(words) => words,
            Backing::Mapped { map, words, .. } => {
                // SAFETY: the map is `words` * 8 bytes long, page-aligned, readable and writable, and lives as long
                // as `self`; AtomicU64 has the layout of u64 and every process touches the bytes only as such.
                unsafe { std::slice::from_raw_parts(map.as_ptr().cast::<AtomicU64>(), *words) }
            }
        }
    }

    /// One word; one past the end is a word of its own that nobody reads.
    pub fn word(&self, place: usize) -> &AtomicU64 {
        self.words().get(place).unwrap_or(&self.nowhere)
    }
}

fn open_existing(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).open(path)
}

fn make(path: &Path, words: usize, first: &[u64]) -> Result<()> {
    if let Some(folder) = path.parent() {
        create_private_dir(folder)?;
    }
    let temporary = temporary_beside(path);
    let made = fill(&temporary, words, first).and_then(|()| match fs::hard_link(&temporary, path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(Error::io(path, "publish")(error))
        }
        _ => Ok(()),
    });
    let _ = fs::remove_file(&temporary);
    made
}

fn fill(path: &Path, words: usize, first: &[u64]) -> Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(Error::io(path, "create"))?;
    let mut bytes: Vec<u8> = first.iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.resize(words * 8, 0);
    file.write_all(&bytes).map_err(Error::io(path, "write"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::Ordering::Relaxed;

    #[test]
    fn two_maps_of_one_file_see_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/words");
        let one = Region::open(&path, 1000, &[7]).unwrap();
        let two = Region::open(&path, 1000, &[8]).unwrap();
        assert_eq!(two.word(0).load(Relaxed), 7, "the second does not start over");
        one.word(999).store(5, Relaxed);
        assert_eq!(two.word(999).load(Relaxed), 5);
        assert!(one.is_shared() && std::fs::read_dir(path.parent().unwrap()).unwrap().count() == 1);
    }

    #[test]
    fn a_removed_file_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words");
        let region = Region::open(&path, 10, &[]).unwrap();
        assert!(region.is_in_place() && Region::process(10).is_in_place());
        std::fs::remove_file(&path).unwrap();
        assert!(!region.is_in_place());
    }

    #[test]
    fn refuses_a_file_of_another_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("words");
        std::fs::write(&path, b"short").unwrap();
        assert!(matches!(Region::open(&path, 10, &[]), Err(Error::Corrupt { .. })));
    }
}
