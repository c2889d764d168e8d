//! Writing a model file.

use super::checksum;
use super::element::{Element, bytes_of};
use super::{Header, ModelFile};
use meschain_base::{Error, Result, atomic_file};
use safetensors::tensor::TensorView;
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Collects tensors and writes them as one file. The same header and tensors give the same bytes.
#[derive(Debug)]
pub struct ModelWriter {
    header: Header,
    tensors: BTreeMap<String, Tensor>,
}

#[derive(Debug)]
struct Tensor {
    dtype: safetensors::Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl ModelWriter {
    /// A file without tensors. Fails with [`Error::Argument`] when a metric is not finite.
    pub fn new(header: Header) -> Result<Self> {
        if let Some((name, value)) = header.metrics.iter().find(|(_, value)| !value.is_finite()) {
            return Err(Error::argument(name, "a finite number", value.to_string()));
        }
        Ok(Self { header, tensors: BTreeMap::new() })
    }

    /// Adds a tensor; `values` in row-major order, as many as the product of `shape`. Names are unique.
    pub fn tensor<T: Element>(&mut self, name: &str, shape: &[usize], values: &[T]) -> Result<()> {
        let expected = shape.iter().try_fold(1usize, |product, side| product.checked_mul(*side));
        if expected != Some(values.len()) {
            return Err(Error::internal(
                "model tensor",
                format!("{name}: {shape:?} for {} values", values.len()),
            ));
        }
        let tensor = Tensor { dtype: T::DTYPE, shape: shape.to_vec(), bytes: bytes_of(values).to_vec() };
        match self.tensors.insert(name.to_owned(), tensor) {
            None => Ok(()),
            Some(_) => Err(Error::internal("model tensor", format!("{name}: written twice"))),
        }
    }

    /// Adds a one-dimensional tensor.
    pub fn vector<T: Element>(&mut self, name: &str, values: &[T]) -> Result<()> {
        self.tensor(name, &[values.len()], values)
    }

    /// Adds a list of texts (at most 4 GiB of them), as the tensors `name.bytes` and `name.offsets`.
    pub fn strings<S: AsRef<str>>(&mut self, name: &str, texts: impl IntoIterator<Item = S>) -> Result<()> {
        let (mut bytes, mut offsets) = (Vec::new(), vec![0u32]);
        for text in texts {
            bytes.extend_from_slice(text.as_ref().as_bytes());
            let end = u32::try_from(bytes.len());
            offsets.push(end.map_err(|_| Error::Limit {
                what: "model texts",
                limit: u64::from(u32::MAX),
                found: bytes.len() as u64,
            })?);
        }
        self.vector(&format!("{name}.bytes"), &bytes)?;
        self.vector(&format!("{name}.offsets"), &offsets)
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let refused = |error: safetensors::SafeTensorError| Error::internal("model file", error.to_string());
        let header = serde_json::to_string(&self.header)
            .map_err(|error| Error::internal("model header", error.to_string()))?;
        let zeros = "0".repeat(checksum::DIGITS);
        let metadata = HashMap::from([(
            "meschain".to_owned(),
            format!(r#"{{"checksum":"{zeros}","header":{header}}}"#),
        )]);
        let views: Vec<(&str, TensorView<'_>)> = self
            .tensors
            .iter()
            .map(|(name, tensor)| {
                let view = TensorView::new(tensor.dtype, tensor.shape.clone(), &tensor.bytes)?;
                Ok((name.as_str(), view))
            })
            .collect::<std::result::Result<_, _>>()
            .map_err(refused)?;
        let mut file = safetensors::serialize(views, Some(metadata)).map_err(refused)?;
        let digits = checksum::position(&file).ok_or_else(|| Error::internal("model file", "no checksum"))?;
        let sum = checksum::compute(&file, &digits);
        let place = file.get_mut(digits).unwrap_or_default();
        place.iter_mut().zip(sum.bytes()).for_each(|(to, from)| *to = from);
        Ok(file)
    }

    /// Publishes the file at `path` by atomic rename (mode 0600) and returns its checksum.
    pub fn write(&self, path: &Path) -> Result<String> {
        let model = self.in_memory()?;
        atomic_file::write(path, |out| out.write_all(model.bytes()).map_err(Error::io(path, "write")))?;
        Ok(model.checksum().to_owned())
    }

    /// The model as if it had been written and opened, without a file.
    pub fn in_memory(&self) -> Result<Arc<ModelFile>> {
        ModelFile::from_bytes(&self.to_bytes()?, &self.header.kind, self.header.format)
    }
}
