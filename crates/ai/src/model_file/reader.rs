//! Opening, verifying and reading a model file.

use super::element::Element;
use super::mapping::{Mapping, Slice};
use super::{Header, Strings, checksum};
use meschain_base::{Error, Result};
use safetensors::SafeTensors;
use safetensors::tensor::{Metadata, TensorInfo};
use serde::Deserialize;
use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A model file is refused beyond this size, before it is read.
const LARGEST: u64 = 2 << 30;

/// A verified model file, mapped. Cheap to share; slices taken from it keep the mapping alive.
#[derive(Debug)]
pub struct ModelFile {
    path: PathBuf,
    mapping: Arc<Mapping>,
    header: Header,
    checksum: String,
    data_start: usize,
    tensors: HashMap<String, TensorInfo>,
}

#[derive(Deserialize)]
struct Envelope {
    checksum: String,
    header: Header,
}

impl ModelFile {
    /// Maps and verifies `path`: checksum of every byte, structure, kind and format version. Fails with
    /// [`Error::Corrupt`] when anything differs, [`Error::Io`] when it cannot be read.
    pub fn open(path: &Path, kind: &str, format: u32) -> Result<Arc<Self>> {
        let size = std::fs::metadata(path).map_err(Error::io(path, "open"))?.len();
        if size > LARGEST {
            return Err(Error::Limit { what: "model file bytes", limit: LARGEST, found: size });
        }
        if size == 0 {
            return Err(Error::corrupt(path, "empty"));
        }
        Self::verified(path.to_path_buf(), Mapping::open(path)?, Some((kind, format)))
    }

    /// The header of a file of any kind, after the same verification. For lists and registries.
    pub fn inspect(path: &Path) -> Result<Header> {
        let size = std::fs::metadata(path).map_err(Error::io(path, "open"))?.len();
        if size == 0 || size > LARGEST {
            return Err(Error::corrupt(path, "size"));
        }
        Self::verified(path.to_path_buf(), Mapping::open(path)?, None).map(|file| file.header.clone())
    }

    /// The same for bytes in memory (a model fetched from the database, or just trained).
    pub fn from_bytes(bytes: &[u8], kind: &str, format: u32) -> Result<Arc<Self>> {
        Self::verified(PathBuf::new(), Mapping::of_bytes(bytes), Some((kind, format)))
    }

    fn verified(path: PathBuf, mapping: Mapping, wanted: Option<(&str, u32)>) -> Result<Arc<Self>> {
        let corrupt = |reason: &str| Error::corrupt(&path, reason);
        let bytes = mapping.bytes();
        let digits = checksum::position(bytes).ok_or_else(|| corrupt("no checksum"))?;
        let checksum = checksum::compute(bytes, &digits);
        if bytes.get(digits) != Some(checksum.as_bytes()) {
            return Err(corrupt("checksum"));
        }
        let (header_length, metadata) =
            SafeTensors::read_metadata(bytes).map_err(|error| corrupt(&error.to_string()))?;
        let envelope = envelope(&metadata).ok_or_else(|| corrupt("header"))?;
        if envelope.checksum != checksum {
            return Err(corrupt("checksum"));
        }
        let header = envelope.header;
        if wanted.is_some_and(|(kind, _)| kind != header.kind) {
            return Err(corrupt(&format!("kind {}", header.kind)));
        }
        if wanted.is_some_and(|(_, format)| format != header.format) {
            return Err(corrupt(&format!("format {}", header.format)));
        }
        let tensors = metadata.tensors().into_iter().map(|(name, info)| (name, info.clone())).collect();
        let data_start = header_length.saturating_add(8);
        Ok(Arc::new(Self { path, mapping: Arc::new(mapping), header, checksum, data_start, tensors }))
    }

    /// What the file says about itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The blake3 checksum that names this content, 64 hexadecimal digits.
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// All bytes, e.g. to copy the file to another node.
    pub fn bytes(&self) -> &[u8] {
        self.mapping.bytes()
    }

    /// The error for content that passed the checksum but does not fit the model's code.
    pub fn corrupt(&self, reason: impl Into<String>) -> Error {
        Error::corrupt(&self.path, reason)
    }

    /// Writes the bytes to `path` by atomic rename.
    pub fn write(&self, path: &Path) -> Result<()> {
        meschain_base::atomic_file::write(path, |out| {
            out.write_all(self.bytes()).map_err(Error::io(path, "write"))
        })
    }

    /// The shape of tensor `name`.
    pub fn shape(&self, name: &str) -> Result<&[usize]> {
        self.tensors
            .get(name)
            .map(|info| info.shape.as_slice())
            .ok_or_else(|| self.corrupt(format!("no {name}")))
    }

    /// Tensor `name` where it lies, in row-major order. Its element type must be `T`.
    pub fn slice<T: Element>(&self, name: &str) -> Result<Slice<T>> {
        let info = self.tensors.get(name).ok_or_else(|| self.corrupt(format!("no {name}")))?;
        if info.dtype != T::DTYPE {
            return Err(self.corrupt(format!("{name} is {}", info.dtype)));
        }
        let (start, end) = info.data_offsets;
        let range = self.data_start.saturating_add(start)..self.data_start.saturating_add(end);
        Slice::new(self.mapping.clone(), range).ok_or_else(|| self.corrupt(format!("{name} misplaced")))
    }

    /// Tensor `name`, which must have exactly `length` elements.
    pub fn slice_of<T: Element>(&self, name: &str, length: usize) -> Result<Slice<T>> {
        let slice = self.slice(name)?;
        if slice.len() == length {
            Ok(slice)
        } else {
            Err(self.corrupt(format!("{name} has {}", slice.len())))
        }
    }

    /// The texts written by [`super::ModelWriter::strings`] under `name`.
    pub fn strings(&self, name: &str) -> Result<Strings> {
        let (offsets, bytes) =
            (self.slice(&format!("{name}.offsets"))?, self.slice(&format!("{name}.bytes"))?);
        Strings::new(offsets, bytes).ok_or_else(|| self.corrupt(format!("{name} is not text")))
    }
}

fn envelope(metadata: &Metadata) -> Option<Envelope> {
    let text = metadata.metadata().as_ref()?.get("meschain")?;
    serde_json::from_str(text).ok()
}
