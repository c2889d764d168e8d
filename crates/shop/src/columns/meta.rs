//! What a column file says about itself, in the metadata of its header, and the checksum that guards the header.

use super::dictionaries::Dictionaries;
use super::schema::VERSION;
use jiff::Timestamp;
use meschain_base::{Error, Result};
use safetensors::Dtype;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

const FORMAT: &str = "meschain columns";
const CHECKSUM: &str = "header";

/// Facts about a snapshot as a whole.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Meta {
    /// When the transaction that read the shop began.
    pub(super) built_at: Timestamp,
    /// Highest `order_id`.
    pub(super) watermark: u32,
    /// Latest `date_modified` of an order.
    pub(super) modified: i64,
    pub(super) dictionaries: Dictionaries,
    /// blake3 of every column by name.
    pub(super) hashes: BTreeMap<String, String>,
}

/// First byte (of the data), name, type and length of every column.
pub(super) type Layout = BTreeSet<(usize, String, Dtype, usize)>;

impl Meta {
    /// The metadata of a file of this layout, its checksum included.
    pub(super) fn write(&self, layout: &Layout) -> Result<HashMap<String, String>> {
        let json = |error: serde_json::Error| Error::internal("column metadata", error.to_string());
        let mut values = HashMap::from([
            ("format".to_owned(), FORMAT.to_owned()),
            ("version".to_owned(), VERSION.to_string()),
            ("built_at".to_owned(), self.built_at.to_string()),
            ("watermark".to_owned(), self.watermark.to_string()),
            ("modified".to_owned(), self.modified.to_string()),
            ("dictionaries".to_owned(), serde_json::to_string(&self.dictionaries).map_err(json)?),
            ("blake3".to_owned(), serde_json::to_string(&self.hashes).map_err(json)?),
        ]);
        let checksum = checksum(&values, layout);
        values.insert(CHECKSUM.to_owned(), checksum);
        Ok(values)
    }

    /// Reads and checks the metadata of the file at `path`.
    pub(super) fn read(values: &HashMap<String, String>, layout: &Layout, path: &Path) -> Result<Self> {
        let corrupt = |reason: &str| Error::corrupt(path, reason);
        let text = |name: &str| values.get(name).ok_or_else(|| corrupt(&format!("no {name} in the header")));
        if text("format")? != FORMAT {
            return Err(corrupt("not a column file"));
        }
        if text("version")? != &VERSION.to_string() {
            return Err(corrupt("another version of the layout"));
        }
        if text(CHECKSUM)? != &checksum(values, layout) {
            return Err(corrupt("the header does not match its checksum"));
        }
        Ok(Self {
            built_at: text("built_at")?.parse().map_err(|_| corrupt("built_at"))?,
            watermark: text("watermark")?.parse().map_err(|_| corrupt("watermark"))?,
            modified: text("modified")?.parse().map_err(|_| corrupt("modified"))?,
            dictionaries: serde_json::from_str(text("dictionaries")?).map_err(|_| corrupt("dictionaries"))?,
            hashes: serde_json::from_str(text("blake3")?).map_err(|_| corrupt("blake3"))?,
        })
    }
}

/// blake3 over the metadata by name and over the columns by place: whatever is changed in a header shows.
fn checksum(values: &HashMap<String, String>, layout: &Layout) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut part = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    let sorted: BTreeMap<_, _> = values.iter().filter(|(name, _)| *name != CHECKSUM).collect();
    for (name, value) in sorted {
        part(name.as_bytes());
        part(value.as_bytes());
    }
    for (start, name, dtype, rows) in layout {
        part(name.as_bytes());
        part(format!("{dtype:?} {rows} {start}").as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
