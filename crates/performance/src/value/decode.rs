//! Reading a value. Any bytes lead to a value or to an error, within bounded time, memory and stack.

use super::encode::limit;
use super::format::{self, *};
use super::{Sink, Text};
use meschain_base::{Error, Result};

/// Reads one value and describes it to `sink`. After an error the sink may have received a part.
pub fn decode(bytes: &[u8], sink: &mut impl Sink) -> Result<()> {
    limit("cached value bytes", MAX_BYTES, bytes.len())?;
    let mut reader = Reader { rest: bytes, texts: Vec::new(), nodes: 0 };
    if reader.byte()? != VERSION {
        return Err(damaged("unknown version"));
    }
    let mut open: Vec<(usize, bool)> = Vec::new();
    loop {
        if let Some((count, keyed)) = reader.value(sink)? {
            limit("cached value depth", MAX_DEPTH, open.len() + 1)?;
            open.push((count, keyed));
        }
        // Close what is complete, then read the key of the next entry when its array has keys.
        loop {
            match open.last_mut() {
                None if reader.rest.is_empty() => return Ok(()),
                None => return Err(damaged("bytes after the value")),
                Some((0, _)) => {
                    open.pop();
                    sink.end()?;
                }
                Some((left, keyed)) => {
                    *left -= 1;
                    if *keyed {
                        reader.key(sink)?;
                    }
                    break;
                }
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    texts: Vec<&'a [u8]>,
    nodes: usize,
}

impl<'a> Reader<'a> {
    /// Reads a value; for an array its head only: entries that follow and whether they have keys.
    fn value(&mut self, sink: &mut impl Sink) -> Result<Option<(usize, bool)>> {
        self.node()?;
        let tag = self.byte()?;
        match tag {
            NULL => sink.null()?,
            FALSE => sink.bool(false)?,
            TRUE => sink.bool(true)?,
            FLOAT => {
                let (bytes, rest) = self.rest.split_first_chunk::<8>().ok_or_else(cut_off)?;
                self.rest = rest;
                sink.float(f64::from_le_bytes(*bytes))?;
            }
            MAP => return self.map(sink, None),
            LIST => return self.list(sink, None),
            SMALL_MAP..SMALL_LIST => return self.map(sink, Some(tag & 31)),
            SMALL_LIST.. => return self.list(sink, Some(tag & 31)),
            _ => match self.scalar(tag)? {
                Scalar::Int(value) => sink.int(value)?,
                Scalar::Text(text) => sink.string(text)?,
            },
        }
        Ok(None)
    }

    fn key(&mut self, sink: &mut impl Sink) -> Result<()> {
        self.node()?;
        let tag = self.byte()?;
        match self.scalar(tag)? {
            Scalar::Int(key) => sink.key_int(key),
            Scalar::Text(key) => sink.key_string(key),
        }
    }

    fn scalar(&mut self, tag: u8) -> Result<Scalar<'a>> {
        Ok(match tag {
            INT => {
                let raw = self.varint()?;
                Scalar::Int((raw >> 1) as i64 ^ -((raw & 1) as i64))
            }
            SMALL_INT..SMALL_TEXT => Scalar::Int(i64::from(tag & 63)),
            TEXT => {
                let length = self.count()?;
                Scalar::Text(self.text(length)?)
            }
            SMALL_TEXT..SMALL_SEEN => Scalar::Text(self.text(usize::from(tag & 31))?),
            SEEN => {
                let id = self.varint()?;
                Scalar::Text(self.seen(id)?)
            }
            SMALL_SEEN..SMALL_MAP => Scalar::Text(self.seen(u64::from(tag & 31))?),
            _ => return Err(damaged("unknown tag")),
        })
    }

    fn map(&mut self, sink: &mut impl Sink, small: Option<u8>) -> Result<Option<(usize, bool)>> {
        let count = small.map_or_else(|| self.count(), |count| Ok(usize::from(count)))?;
        // An entry takes two bytes at least, so a large count cannot make a sink reserve memory for nothing.
        if count > self.rest.len() / 2 {
            return Err(cut_off());
        }
        sink.map(count)?;
        Ok(Some((count, true)))
    }

    fn list(&mut self, sink: &mut impl Sink, small: Option<u8>) -> Result<Option<(usize, bool)>> {
        let count = small.map_or_else(|| self.count(), |count| Ok(usize::from(count)))?;
        if count > self.rest.len() {
            return Err(cut_off());
        }
        sink.list(count)?;
        Ok(Some((count, false)))
    }

    fn text(&mut self, length: usize) -> Result<Text<'a>> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or_else(cut_off)?;
        self.rest = rest;
        let mut id = None;
        if format::is_interned(length) && self.texts.len() < INTERN_COUNT {
            id = Some(self.texts.len() as u32);
            self.texts.push(bytes);
        }
        Ok(Text { bytes, id })
    }

    fn seen(&self, id: u64) -> Result<Text<'a>> {
        let known = usize::try_from(id).ok().and_then(|place| self.texts.get(place));
        let bytes = known.ok_or_else(|| damaged("reference to a text not seen"))?;
        Ok(Text { bytes, id: Some(id as u32) })
    }

    fn node(&mut self) -> Result<()> {
        self.nodes += 1;
        limit("cached value entries", MAX_NODES, self.nodes)
    }

    fn byte(&mut self) -> Result<u8> {
        let (byte, rest) = self.rest.split_first().ok_or_else(cut_off)?;
        self.rest = rest;
        Ok(*byte)
    }

    fn count(&mut self) -> Result<usize> {
        usize::try_from(self.varint()?).map_err(|_| cut_off())
    }

    fn varint(&mut self) -> Result<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                break;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(damaged("number too long"))
    }
}

enum Scalar<'a> {
    Int(i64),
    Text(Text<'a>),
}

fn damaged(detail: &str) -> Error {
    Error::Backend { backend: "cache value", detail: detail.to_owned() }
}

fn cut_off() -> Error {
    damaged("cut off")
}
