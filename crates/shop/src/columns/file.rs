//! A column file: safetensors, mapped, its header checked before anything is handed out.

use super::element::Element;
use super::map::map;
use super::meta::{Layout, Meta};
use super::spool::Columns;
use memmap2::Mmap;
use meschain_base::{Error, Result};
use safetensors::Dtype;
use safetensors::tensor::{SafeTensors, View};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// An open file. Columns that it does not hold read as empty; [`ColumnFile::expect`] says so where that matters.
#[derive(Debug)]
pub(super) struct ColumnFile {
    path: PathBuf,
    map: Mmap,
    columns: HashMap<String, (Dtype, Range<usize>)>,
    pub(super) meta: Meta,
}

impl ColumnFile {
    /// Maps the file and checks its header: version, checksum, and that the columns fill the file exactly.
    pub(super) fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(Error::io(path, "open"))?;
        let map = map(&file, path)?;
        let (header, metadata) =
            SafeTensors::read_metadata(&map).map_err(|e| Error::corrupt(path, e.to_string()))?;
        let start = header + size_of::<u64>();
        let mut layout = Layout::new();
        let mut columns = HashMap::new();
        for name in metadata.offset_keys() {
            let Some(info) = metadata.info(&name) else { continue };
            let &[rows] = info.shape.as_slice() else {
                return Err(Error::corrupt(path, format!("shape of {name}")));
            };
            let (from, to) = info.data_offsets;
            columns.insert(name.clone(), (info.dtype, start + from..start + to));
            layout.insert((from, name, info.dtype, rows));
        }
        let values = metadata.metadata().as_ref().ok_or_else(|| Error::corrupt(path, "no metadata"))?;
        let meta = Meta::read(values, &layout, path)?;
        Ok(Self { path: path.to_owned(), map, columns, meta })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn bytes(&self) -> u64 {
        self.map.len() as u64
    }

    /// A column; empty when it is not there or of another type. Never reads outside the mapping.
    pub(super) fn column<T: Element>(&self, name: &str) -> &[T] {
        let column = self.columns.get(name).filter(|(dtype, _)| *dtype == T::DTYPE);
        column.map_or(&[], |(_, range)| self.at(range))
    }

    /// Bytes of a column, for [`ColumnFile::at`].
    pub(super) fn place(&self, name: &str) -> Range<usize> {
        self.columns.get(name).map_or(0..0, |(_, range)| range.clone())
    }

    /// The numbers at a place.
    pub(super) fn at<T: Element>(&self, place: &Range<usize>) -> &[T] {
        bytemuck::try_cast_slice(self.map.get(place.clone()).unwrap_or_default()).unwrap_or_default()
    }

    /// Fails unless the column is there, of this type, aligned and of this length.
    pub(super) fn expect(&self, name: &str, dtype: Dtype, rows: Option<usize>) -> Result<usize> {
        let corrupt = |reason: &str| Error::corrupt(&self.path, format!("column {name}: {reason}"));
        let (found, range) = self.columns.get(name).ok_or_else(|| corrupt("missing"))?;
        if *found != dtype {
            return Err(corrupt("type"));
        }
        let width = dtype.bitsize() / 8;
        if width == 0 || range.start % width != 0 {
            return Err(corrupt("alignment"));
        }
        let length = range.len() / width;
        if rows.is_some_and(|rows| rows != length) {
            return Err(corrupt("length"));
        }
        Ok(length)
    }

    /// Reads every column and compares its blake3 with the header.
    pub(super) fn verify(&self) -> Result<()> {
        if self.columns.len() != self.meta.hashes.len() {
            return Err(Error::corrupt(&self.path, "columns without a checksum"));
        }
        for (name, (_, range)) in &self.columns {
            let bytes = self.map.get(range.clone()).unwrap_or_default();
            let hash = blake3::hash(bytes).to_hex();
            if self.meta.hashes.get(name).map(String::as_str) != Some(hash.as_str()) {
                return Err(Error::corrupt(&self.path, format!("column {name} does not match its checksum")));
            }
        }
        Ok(())
    }
}

/// A finished column as the safetensors writer wants it.
struct Tensor<'a> {
    dtype: Dtype,
    shape: [usize; 1],
    bytes: &'a [u8],
}

impl View for Tensor<'_> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self.bytes)
    }
    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

/// Where the safetensors writer puts the tensors: widest type first, then by name, without gaps.
fn layout(tensors: &[(&str, Tensor<'_>)]) -> Layout {
    let mut sorted: Vec<_> =
        tensors.iter().map(|(name, tensor)| (Reverse(tensor.dtype), *name, tensor)).collect();
    sorted.sort_by_key(|(dtype, name, _)| (*dtype, *name));
    let mut next = 0;
    let place = |(_, name, tensor): (_, &str, &Tensor<'_>)| {
        let start = next;
        next += tensor.bytes.len();
        let [rows] = tensor.shape;
        (start, name.to_owned(), tensor.dtype, rows)
    };
    sorted.into_iter().map(place).collect()
}

/// Writes finished columns into one file, synced. Bytes stream from the spool files; none is held.
pub(super) fn write(path: &Path, columns: &Columns, meta: &Meta) -> Result<()> {
    let tensors = columns.finished().iter().map(|(name, column)| {
        (name.as_str(), Tensor { dtype: column.dtype, shape: [column.rows], bytes: &column.map })
    });
    let tensors: Vec<_> = tensors.collect();
    let metadata = meta.write(&layout(&tensors))?;
    safetensors::serialize_to_file(tensors, Some(metadata), path)
        .map_err(|error| Error::internal("column file", error.to_string()))?;
    let file = File::open(path).map_err(Error::io(path, "open"))?;
    file.sync_all().map_err(Error::io(path, "sync"))
}
