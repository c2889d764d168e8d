//! Columns on their way: each grows in a temporary file through a fixed buffer, hashed as it goes, and is mapped when done.

use super::element::Element;
use super::map::map;
use blake3::Hasher;
use memmap2::Mmap;
use meschain_base::{Error, Result};
use safetensors::Dtype;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::marker::PhantomData;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Bytes a column holds in memory before they go to its file.
const BUFFER: usize = 1 << 16;

/// A column being written.
pub(super) struct Spool<T> {
    name: String,
    path: PathBuf,
    file: File,
    buffer: Vec<u8>,
    hasher: Hasher,
    rows: usize,
    element: PhantomData<T>,
}

impl<T: Element> Spool<T> {
    pub(super) fn push(&mut self, value: T) -> Result<()> {
        self.buffer.extend_from_slice(bytemuck::bytes_of(&value));
        self.rows += 1;
        if self.buffer.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    pub(super) fn extend(&mut self, values: &[T]) -> Result<()> {
        for part in values.chunks(BUFFER / size_of::<T>()) {
            self.buffer.extend_from_slice(bytemuck::cast_slice(part));
            self.flush()?;
        }
        self.rows += values.len();
        Ok(())
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    fn flush(&mut self) -> Result<()> {
        self.hasher.update(&self.buffer);
        self.file.write_all(&self.buffer).map_err(Error::io(&self.path, "write"))?;
        self.buffer.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<(String, Finished)> {
        self.flush()?;
        let map = map(&self.file, &self.path)?;
        let hash = self.hasher.finalize().to_hex().to_string();
        Ok((self.name, Finished { dtype: T::DTYPE, rows: self.rows, hash, map }))
    }
}

/// A column that is complete.
pub(super) struct Finished {
    pub(super) dtype: Dtype,
    pub(super) rows: usize,
    /// blake3 of its bytes, in hexadecimal.
    pub(super) hash: String,
    pub(super) map: Mmap,
}

/// The columns of one file in the making, in a folder of their own.
pub(super) struct Columns {
    folder: PathBuf,
    finished: BTreeMap<String, Finished>,
}

impl Columns {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), finished: BTreeMap::new() }
    }

    /// Starts the column `name`.
    pub(super) fn spool<T: Element>(&self, name: &str) -> Result<Spool<T>> {
        let path = self.folder.join(name);
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
        let file = file.map_err(Error::io(&path, "create"))?;
        let buffer = Vec::with_capacity(BUFFER + 64);
        let (hasher, element) = (Hasher::new(), PhantomData);
        Ok(Spool { name: name.to_owned(), path, file, buffer, hasher, rows: 0, element })
    }

    /// Takes a column that is complete.
    pub(super) fn add<T: Element>(&mut self, spool: Spool<T>) -> Result<()> {
        let (name, finished) = spool.finish()?;
        self.finished.insert(name, finished);
        Ok(())
    }

    /// A complete column.
    pub(super) fn get<T: Element>(&self, name: &str) -> Result<&[T]> {
        let column = self.finished.get(name).ok_or_else(|| Error::internal("column not spooled", name))?;
        bytemuck::try_cast_slice(&column.map)
            .map_err(|error| Error::internal("column", format!("{name}: {error}")))
    }

    /// Takes over the columns of another set.
    pub(super) fn absorb(&mut self, other: Self) {
        self.finished.extend(other.finished);
    }

    pub(super) fn finished(&self) -> &BTreeMap<String, Finished> {
        &self.finished
    }

    /// Hash of each complete column by name.
    pub(super) fn hashes(&self) -> BTreeMap<String, String> {
        self.finished.iter().map(|(name, column)| (name.clone(), column.hash.clone())).collect()
    }
}

/// A column of text being written.
pub(super) struct TextSpool {
    offset: Spool<u32>,
    bytes: Spool<u8>,
}

impl TextSpool {
    pub(super) fn create(columns: &Columns, name: &str) -> Result<Self> {
        let mut offset = columns.spool(&format!("{name}.offset"))?;
        offset.push(0)?;
        Ok(Self { offset, bytes: columns.spool(&format!("{name}.bytes"))? })
    }

    pub(super) fn push(&mut self, text: &str) -> Result<()> {
        self.bytes.extend(text.as_bytes())?;
        let end = u32::try_from(self.bytes.rows()).map_err(|_| Error::Limit {
            what: "bytes of text in a column",
            limit: u64::from(u32::MAX),
            found: self.bytes.rows() as u64,
        })?;
        self.offset.push(end)
    }

    pub(super) fn finish(self, columns: &mut Columns) -> Result<()> {
        columns.add(self.offset)?;
        columns.add(self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_reads_back_as_written_and_hashes_the_same_either_way() {
        let folder = tempfile::tempdir().unwrap();
        let mut columns = Columns::new(folder.path());
        let values: Vec<i64> = (0..100_000).map(|n| n * n - 5).collect();
        let mut one_by_one = columns.spool("a").unwrap();
        values.iter().for_each(|value| one_by_one.push(*value).unwrap());
        let mut at_once = columns.spool("b").unwrap();
        at_once.extend(&values).unwrap();
        columns.add(one_by_one).unwrap();
        columns.add(at_once).unwrap();
        assert_eq!(columns.get::<i64>("a").unwrap(), values);
        let hashes = columns.hashes();
        assert_eq!(hashes["a"], hashes["b"]);
        assert_eq!(hashes["a"], blake3::hash(bytemuck::cast_slice(&values)).to_hex().to_string());
    }

    #[test]
    fn an_empty_column_is_a_column() {
        let folder = tempfile::tempdir().unwrap();
        let mut columns = Columns::new(folder.path());
        let empty = columns.spool::<u32>("empty").unwrap();
        columns.add(empty).unwrap();
        assert!(columns.get::<u32>("empty").unwrap().is_empty());
    }
}
