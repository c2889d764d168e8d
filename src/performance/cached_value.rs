//! PHP values into the cache's encoding and back, straight, without a value in between.

use crate::arg;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ArrayKey, ZendHashTable, ZendStr, Zval};
use meschain_base::{Error, Result};
use meschain_performance::value::{Sink, Source, Text, decode, encode};

/// A PHP value as cache bytes. Objects, resources and closures are refused.
pub fn to_bytes(value: &Zval) -> Result<Vec<u8>> {
    encode(&PhpSource(value))
}

/// Cache bytes as a PHP value.
pub fn from_bytes(bytes: &[u8]) -> Result<Zval> {
    let mut builder = Builder::default();
    decode(bytes, &mut builder)?;
    builder.root.ok_or_else(|| Error::internal("a cached value", "it is empty"))
}

struct PhpSource<'a>(&'a Zval);

impl Source for PhpSource<'_> {
    fn drive<S: Sink>(&self, sink: &mut S) -> Result<()> {
        drive(self.0, sink)
    }
}

fn drive<S: Sink>(value: &Zval, sink: &mut S) -> Result<()> {
    let value = value.dereference();
    if value.is_null() {
        return sink.null();
    }
    if value.is_true() || value.is_false() {
        return sink.bool(value.is_true());
    }
    if let Some(number) = value.long() {
        return sink.int(number);
    }
    if let Some(number) = value.double() {
        return sink.float(number);
    }
    if let Some(text) = value.zend_str() {
        return sink.string(Text::new(text.as_bytes()));
    }
    match value.array() {
        Some(table) => drive_table(table, sink),
        None => Err(Error::argument(
            "value",
            "null, bool, int, float, string or an array of those",
            arg::describe(value),
        )),
    }
}

fn drive_table<S: Sink>(table: &ZendHashTable, sink: &mut S) -> Result<()> {
    if table.has_sequential_keys() {
        sink.list(table.len())?;
        for value in table.values() {
            drive(value, sink)?;
        }
        return sink.end();
    }
    sink.map(table.len())?;
    for (key, value) in table.iter() {
        match &key {
            ArrayKey::Long(index) => sink.key_int(*index)?,
            ArrayKey::String(text) => sink.key_string(Text::new(text.as_bytes()))?,
            ArrayKey::Str(text) => sink.key_string(Text::new(text.as_bytes()))?,
            ArrayKey::ZendString(text) => sink.key_string(Text::new(text.as_bytes()))?,
        }
        drive(value, sink)?;
    }
    sink.end()
}

enum Key {
    Next,
    Int(i64),
    Text(ZBox<ZendStr>),
}

struct Open {
    table: ZBox<ZendHashTable>,
    /// Where this table goes in its parent.
    place: Key,
    next: Key,
}

/// Builds PHP arrays from the decoder's calls.
#[derive(Default)]
struct Builder {
    root: Option<Zval>,
    open: Vec<Open>,
}

impl Builder {
    fn take_place(&mut self) -> Key {
        self.open.last_mut().map_or(Key::Next, |open| std::mem::replace(&mut open.next, Key::Next))
    }

    fn put(&mut self, value: Zval) -> Result<()> {
        let place = self.take_place();
        self.put_at(place, value)
    }

    fn put_at(&mut self, place: Key, value: Zval) -> Result<()> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(value);
            return Ok(());
        };
        let inserted = match place {
            Key::Next => open.table.push(value),
            Key::Int(index) => open.table.insert_at_index(index, value),
            Key::Text(text) => open.table.insert(ArrayKey::ZendString(&text), value),
        };
        inserted.map_err(|error| Error::internal("a cached array", error.to_string()))
    }

    fn begin(&mut self, count: usize) {
        let place = self.take_place();
        let capacity = u32::try_from(count).unwrap_or(u32::MAX).min(1 << 16);
        self.open.push(Open { table: ZendHashTable::with_capacity(capacity), place, next: Key::Next });
    }
}

impl Sink for Builder {
    fn null(&mut self) -> Result<()> {
        self.put(Zval::null())
    }

    fn bool(&mut self, value: bool) -> Result<()> {
        let mut zval = Zval::new();
        zval.set_bool(value);
        self.put(zval)
    }

    fn int(&mut self, value: i64) -> Result<()> {
        let mut zval = Zval::new();
        zval.set_long(value);
        self.put(zval)
    }

    fn float(&mut self, value: f64) -> Result<()> {
        let mut zval = Zval::new();
        zval.set_double(value);
        self.put(zval)
    }

    fn string(&mut self, value: Text<'_>) -> Result<()> {
        let mut zval = Zval::new();
        zval.set_zend_string(ZendStr::new(value.bytes, false));
        self.put(zval)
    }

    fn list(&mut self, count: usize) -> Result<()> {
        self.begin(count);
        Ok(())
    }

    fn map(&mut self, count: usize) -> Result<()> {
        self.begin(count);
        Ok(())
    }

    fn key_int(&mut self, key: i64) -> Result<()> {
        if let Some(open) = self.open.last_mut() {
            open.next = Key::Int(key);
        }
        Ok(())
    }

    fn key_string(&mut self, key: Text<'_>) -> Result<()> {
        if let Some(open) = self.open.last_mut() {
            open.next = Key::Text(ZendStr::new(key.bytes, false));
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        let Some(done) = self.open.pop() else { return Ok(()) };
        let mut zval = Zval::new();
        zval.set_hashtable(done.table);
        self.put_at(done.place, zval)
    }
}
