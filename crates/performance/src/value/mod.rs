//! The cached value and its compact binary form.
//!
//! The form follows igbinary's two ideas: small numbers and short texts take one tag byte, and a text seen before is
//! a number (rows of a table repeat their column names). It holds no objects and no code, so bytes from a shared
//! cache can at worst be a wrong value. Layout in [`format`].

mod decode;
mod encode;
pub mod format;
mod tree;

pub use decode::decode;
pub use encode::{Encoder, encode};
pub use tree::{Key, Value};

use meschain_base::Result;

/// A text of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// The bytes; any bytes.
    pub bytes: &'a [u8],
    /// Set by the decoder for interned texts. Ids are handed out 0, 1, 2, ... at first sight within one value, so a
    /// sink may keep what it built in a list: `id == list.len()` means new, a smaller id means reuse.
    pub id: Option<u32>,
}

impl<'a> Text<'a> {
    /// A text for the encoder, which interns by itself.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, id: None }
    }
}

/// Receives a value piece by piece. The decoder drives it; [`Encoder`] and the builder of [`Value`] implement it.
pub trait Sink {
    /// Null.
    fn null(&mut self) -> Result<()>;
    /// A boolean.
    fn bool(&mut self, value: bool) -> Result<()>;
    /// A whole number.
    fn int(&mut self, value: i64) -> Result<()>;
    /// A float, NaN and infinities included.
    fn float(&mut self, value: f64) -> Result<()>;
    /// A text.
    fn string(&mut self, value: Text<'_>) -> Result<()>;
    /// An array with the keys 0 to `count` - 1 in order; `count` values follow, then [`Sink::end`].
    fn list(&mut self, count: usize) -> Result<()>;
    /// An ordered map; `count` times a key and a value follow, then [`Sink::end`].
    fn map(&mut self, count: usize) -> Result<()>;
    /// The next key of the open map.
    fn key_int(&mut self, key: i64) -> Result<()>;
    /// The next key of the open map.
    fn key_string(&mut self, key: Text<'_>) -> Result<()>;
    /// The open list or map is complete.
    fn end(&mut self) -> Result<()>;
}

/// Something that can describe itself to a [`Sink`] as exactly one value.
pub trait Source {
    /// Describes the value.
    fn drive<S: Sink>(&self, sink: &mut S) -> Result<()>;
}
