//! Writing a value.

use super::format::{self, *};
use super::{Sink, Source, Text};
use crate::shared::hash::hash;
use meschain_base::{Error, Result};

/// Encodes what `source` describes.
pub fn encode(source: &impl Source) -> Result<Vec<u8>> {
    let mut encoder = Encoder::new();
    source.drive(&mut encoder)?;
    encoder.finish()
}

/// Writes the binary form; a [`Sink`] that checks that what it is told is one well-formed value.
pub struct Encoder {
    out: Vec<u8>,
    open: Vec<Open>,
    texts: Interner,
    nodes: usize,
    done: bool,
}

/// An array being written: entries still due, whether they have keys, and whether a key came and waits for its value.
struct Open {
    left: usize,
    keyed: bool,
    key_given: bool,
}

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Encoder {
    /// An empty encoder.
    pub fn new() -> Self {
        let mut out = Vec::with_capacity(256);
        out.push(VERSION);
        Self { out, open: Vec::new(), texts: Interner::default(), nodes: 0, done: false }
    }

    /// The bytes. Fails when the value is not complete.
    pub fn finish(self) -> Result<Vec<u8>> {
        if self.done && self.open.is_empty() {
            Ok(self.out)
        } else {
            Err(misuse("the value is not complete"))
        }
    }

    /// Accounts for a value about to be written.
    fn value(&mut self) -> Result<()> {
        self.node()?;
        match self.open.last_mut() {
            None if self.done => Err(misuse("a second value")),
            None => {
                self.done = true;
                Ok(())
            }
            Some(array) if array.left == 0 => Err(misuse("more entries than announced")),
            Some(array) if array.keyed != array.key_given => Err(misuse("a map entry without a key")),
            Some(array) => {
                array.left -= 1;
                array.key_given = false;
                Ok(())
            }
        }
    }

    fn key(&mut self) -> Result<()> {
        self.node()?;
        match self.open.last_mut() {
            Some(array) if array.keyed && !array.key_given && array.left > 0 => {
                array.key_given = true;
                Ok(())
            }
            _ => Err(misuse("a key where none belongs")),
        }
    }

    fn node(&mut self) -> Result<()> {
        self.nodes += 1;
        limit("cached value bytes", MAX_BYTES, self.out.len())?;
        limit("cached value entries", MAX_NODES, self.nodes)
    }

    fn array(&mut self, count: usize, small: u8, long: u8, keyed: bool) -> Result<()> {
        self.value()?;
        limit("cached value depth", MAX_DEPTH, self.open.len() + 1)?;
        limit("cached value entries", MAX_NODES, count)?;
        self.tagged(count, small, long);
        self.open.push(Open { left: count, keyed, key_given: false });
        Ok(())
    }

    fn tagged(&mut self, number: usize, small: u8, long: u8) {
        match u8::try_from(number) {
            Ok(number) if number < 32 => self.out.push(small | number),
            _ => {
                self.out.push(long);
                self.varint(number as u64);
            }
        }
    }

    fn write_int(&mut self, value: i64) {
        match u8::try_from(value) {
            Ok(value) if value < 64 => self.out.push(SMALL_INT | value),
            _ => {
                self.out.push(INT);
                self.varint(((value << 1) ^ (value >> 63)) as u64);
            }
        }
    }

    fn write_text(&mut self, bytes: &[u8]) -> Result<()> {
        limit("cached value bytes", MAX_BYTES, self.out.len().saturating_add(bytes.len()))?;
        if format::is_interned(bytes.len()) {
            let start = self.out.len() + 1;
            if let Some(id) = self.texts.id_or_remember(bytes, &self.out, start) {
                self.tagged(id as usize, SMALL_SEEN, SEEN);
                return Ok(());
            }
        }
        self.tagged(bytes.len(), SMALL_TEXT, TEXT);
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.out.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.out.push(value as u8);
    }
}

impl Sink for Encoder {
    fn null(&mut self) -> Result<()> {
        self.value()?;
        self.out.push(NULL);
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Result<()> {
        self.value()?;
        self.out.push(if value { TRUE } else { FALSE });
        Ok(())
    }

    fn int(&mut self, value: i64) -> Result<()> {
        self.value()?;
        self.write_int(value);
        Ok(())
    }

    fn float(&mut self, value: f64) -> Result<()> {
        self.value()?;
        self.out.push(FLOAT);
        self.out.extend_from_slice(&value.to_le_bytes());
        Ok(())
    }

    fn string(&mut self, value: Text<'_>) -> Result<()> {
        self.value()?;
        self.write_text(value.bytes)
    }

    fn list(&mut self, count: usize) -> Result<()> {
        self.array(count, SMALL_LIST, LIST, false)
    }

    fn map(&mut self, count: usize) -> Result<()> {
        self.array(count, SMALL_MAP, MAP, true)
    }

    fn key_int(&mut self, key: i64) -> Result<()> {
        self.key()?;
        self.write_int(key);
        Ok(())
    }

    fn key_string(&mut self, key: Text<'_>) -> Result<()> {
        self.key()?;
        self.write_text(key.bytes)
    }

    fn end(&mut self) -> Result<()> {
        match self.open.pop() {
            Some(Open { left: 0, key_given: false, .. }) => Ok(()),
            _ => Err(misuse("an array that ends early")),
        }
    }
}

fn misuse(detail: &str) -> Error {
    Error::internal("cache encoder", detail)
}

pub(super) fn limit(what: &'static str, limit: usize, found: usize) -> Result<()> {
    if found <= limit { Ok(()) } else { Err(Error::Limit { what, limit: limit as u64, found: found as u64 }) }
}

/// Finds texts already written. Open addressing over positions in the output; a probe looks at a bounded number of
/// places and then gives up (the text is written out again), so chosen texts cannot make it slow.
#[derive(Default)]
struct Interner {
    /// (hash, id + 1); 0 is free. A power of two long.
    slots: Vec<(u32, u32)>,
    /// Position and length in the output, by id.
    texts: Vec<(u32, u8)>,
}

const MAX_PROBES: usize = 8;

impl Interner {
    /// The id of `bytes` when written before; else gives it the next id, as the decoder will. `start` is where
    /// its bytes are about to be written.
    fn id_or_remember(&mut self, bytes: &[u8], out: &[u8], start: usize) -> Option<u32> {
        if self.texts.len() * 2 >= self.slots.len() {
            self.grow(out);
        }
        let hash = hash(bytes) as u32;
        let mask = self.slots.len().wrapping_sub(1);
        let mut free = None;
        for probe in 0..MAX_PROBES {
            let place = (hash as usize).wrapping_add(probe) & mask;
            match self.slots.get(place) {
                Some((_, 0)) | None => {
                    free = Some(place);
                    break;
                }
                Some((known, id)) if *known == hash && self.text(id - 1, out) == Some(bytes) => {
                    return Some(id - 1);
                }
                Some(_) => {}
            }
        }
        self.remember(hash, bytes.len(), start, free);
        None
    }

    fn remember(&mut self, hash: u32, length: usize, start: usize, free: Option<usize>) {
        if self.texts.len() >= INTERN_COUNT {
            return;
        }
        // A text of up to 31 bytes has one tag byte, a longer interned one a tag and one length byte.
        let position = if length < 32 { start } else { start + 1 };
        self.texts.push((position as u32, length as u8));
        let id = self.texts.len() as u32;
        if let Some(slot) = free.and_then(|place| self.slots.get_mut(place)) {
            *slot = (hash, id);
        }
    }

    fn text<'a>(&self, id: u32, out: &'a [u8]) -> Option<&'a [u8]> {
        let (position, length) = *self.texts.get(id as usize)?;
        out.get(position as usize..position as usize + length as usize)
    }

    fn grow(&mut self, out: &[u8]) {
        if self.texts.len() >= INTERN_COUNT && !self.slots.is_empty() {
            return;
        }
        let size = (self.slots.len() * 2).max(64);
        self.slots = vec![(0, 0); size];
        for id in 0..self.texts.len() as u32 {
            let Some(hash) = self.text(id, out).map(|text| hash(text) as u32) else { continue };
            for probe in 0..MAX_PROBES {
                let place = (hash as usize).wrapping_add(probe) & (size - 1);
                if let Some(slot) = self.slots.get_mut(place).filter(|slot| slot.1 == 0) {
                    *slot = (hash, id + 1);
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_not_one_value() {
        assert!(Encoder::new().finish().is_err());
        let mut two = Encoder::new();
        two.null().unwrap();
        assert!(two.null().is_err());
        let mut short = Encoder::new();
        short.list(2).unwrap();
        short.int(1).unwrap();
        assert!(short.end().is_err());
        let mut keyless = Encoder::new();
        keyless.map(1).unwrap();
        assert!(keyless.int(1).is_err());
        let mut keyed_list = Encoder::new();
        keyed_list.list(1).unwrap();
        assert!(keyed_list.key_int(1).is_err());
    }

    #[test]
    fn refuses_nesting_past_the_limit() {
        let mut encoder = Encoder::new();
        (0..MAX_DEPTH).for_each(|_| encoder.list(1).unwrap());
        assert!(matches!(encoder.list(1), Err(Error::Limit { .. })));
    }

    #[test]
    fn a_repeated_text_costs_one_byte() {
        let mut encoder = Encoder::new();
        encoder.list(3).unwrap();
        (0..3).for_each(|_| encoder.string(Text::new(b"product_id")).unwrap());
        encoder.end().unwrap();
        assert_eq!(encoder.finish().unwrap().len(), 1 + 1 + 11 + 1 + 1);
    }
}
