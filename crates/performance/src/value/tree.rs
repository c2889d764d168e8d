//! A cached value as a tree, for callers that have no form of their own.

use super::{Sink, Source, Text, decode};
use meschain_base::{Error, Result};

/// A value that can be cached.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Null; cached null is a hit.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text of any bytes.
    Bytes(Vec<u8>),
    /// An ordered map; a list has the keys 0, 1, 2, ...
    Array(Vec<(Key, Value)>),
}

/// The key of an array entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A number.
    Int(i64),
    /// A text of any bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// A list: keys 0, 1, 2, ...
    pub fn list(values: impl IntoIterator<Item = Value>) -> Self {
        Self::Array((0..).map(Key::Int).zip(values).collect())
    }

    /// A text.
    pub fn text(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }

    /// Reads the binary form.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let mut builder = Builder::default();
        decode(bytes, &mut builder)?;
        builder.root.ok_or_else(|| Error::internal("cache decoder", "no value"))
    }

    /// Writes the binary form.
    pub fn encode(&self) -> Result<Vec<u8>> {
        super::encode(self)
    }
}

impl Source for Value {
    fn drive<S: Sink>(&self, sink: &mut S) -> Result<()> {
        match self {
            Self::Null => sink.null(),
            Self::Bool(value) => sink.bool(*value),
            Self::Int(value) => sink.int(*value),
            Self::Float(value) => sink.float(*value),
            Self::Bytes(bytes) => sink.string(Text::new(bytes)),
            Self::Array(entries) if is_list(entries) => {
                sink.list(entries.len())?;
                entries.iter().try_for_each(|(_, value)| value.drive(sink))?;
                sink.end()
            }
            Self::Array(entries) => {
                sink.map(entries.len())?;
                for (key, value) in entries {
                    match key {
                        Key::Int(key) => sink.key_int(*key)?,
                        Key::Bytes(key) => sink.key_string(Text::new(key))?,
                    }
                    value.drive(sink)?;
                }
                sink.end()
            }
        }
    }
}

fn is_list(entries: &[(Key, Value)]) -> bool {
    entries.iter().zip(0i64..).all(|((key, _), place)| *key == Key::Int(place))
}

/// Builds the tree. What it reserves ahead is bounded: the decoder checks counts against the bytes that are there.
#[derive(Default)]
struct Builder {
    open: Vec<Frame>,
    root: Option<Value>,
}

struct Frame {
    entries: Vec<(Key, Value)>,
    key: Option<Key>,
}

impl Builder {
    fn put(&mut self, value: Value) -> Result<()> {
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some(frame) => {
                let key = frame.key.take().unwrap_or(Key::Int(frame.entries.len() as i64));
                frame.entries.push((key, value));
            }
        }
        Ok(())
    }

    fn begin(&mut self, count: usize) -> Result<()> {
        self.open.push(Frame { entries: Vec::with_capacity(count.min(4096)), key: None });
        Ok(())
    }

    fn key(&mut self, key: Key) -> Result<()> {
        if let Some(frame) = self.open.last_mut() {
            frame.key = Some(key);
        }
        Ok(())
    }
}

impl Sink for Builder {
    fn null(&mut self) -> Result<()> {
        self.put(Value::Null)
    }
    fn bool(&mut self, value: bool) -> Result<()> {
        self.put(Value::Bool(value))
    }
    fn int(&mut self, value: i64) -> Result<()> {
        self.put(Value::Int(value))
    }
    fn float(&mut self, value: f64) -> Result<()> {
        self.put(Value::Float(value))
    }
    fn string(&mut self, value: Text<'_>) -> Result<()> {
        self.put(Value::Bytes(value.bytes.to_vec()))
    }
    fn list(&mut self, count: usize) -> Result<()> {
        self.begin(count)
    }
    fn map(&mut self, count: usize) -> Result<()> {
        self.begin(count)
    }
    fn key_int(&mut self, key: i64) -> Result<()> {
        self.key(Key::Int(key))
    }
    fn key_string(&mut self, key: Text<'_>) -> Result<()> {
        self.key(Key::Bytes(key.bytes.to_vec()))
    }
    fn end(&mut self) -> Result<()> {
        let frame = self.open.pop().ok_or_else(|| Error::internal("cache decoder", "end without begin"))?;
        self.put(Value::Array(frame.entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        // Few letters, so that texts repeat and references are used; now and then a long one.
        prop_oneof![prop::collection::vec(97u8..100, 0..4), prop::collection::vec(any::<u8>(), 0..80)]
    }

    fn any_value() -> impl Strategy<Value = super::Value> {
        let leaf = prop_oneof![
            Just(super::Value::Null),
            any::<bool>().prop_map(super::Value::Bool),
            any::<i64>().prop_map(super::Value::Int),
            (0i64..100).prop_map(super::Value::Int),
            any::<f64>()
                .prop_filter("NaN is not equal to itself", |f| !f.is_nan())
                .prop_map(super::Value::Float),
            bytes().prop_map(super::Value::Bytes),
        ];
        let key = prop_oneof![any::<i64>().prop_map(Key::Int), bytes().prop_map(Key::Bytes)];
        leaf.prop_recursive(6, 256, 40, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..40).prop_map(super::Value::list),
                prop::collection::vec((key.clone(), inner), 0..12).prop_map(super::Value::Array),
            ]
        })
    }

    proptest! {
        #[test]
        fn comes_back_as_it_went(value in any_value()) {
            let bytes = value.encode().unwrap();
            prop_assert_eq!(super::Value::decode(&bytes).unwrap(), value);
        }

        #[test]
        fn any_bytes_are_a_value_or_an_error(mut bytes in prop::collection::vec(any::<u8>(), 0..400), versioned in any::<bool>()) {
            if versioned { bytes.insert(0, super::super::format::VERSION); }
            if let Ok(value) = super::Value::decode(&bytes) {
                prop_assert!(value.encode().is_ok());
            }
        }

        #[test]
        fn a_changed_or_cut_value_never_panics(value in any_value(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = value.encode().unwrap();
            let place = place.index(bytes.len());
            prop_assert!(super::Value::decode(&bytes[..place]).is_err());
            bytes[place] = byte;
            let _ = super::Value::decode(&bytes);
        }
    }

    #[test]
    fn nan_and_the_largest_numbers_survive() {
        for number in [i64::MIN, i64::MAX, -1, 63, 64] {
            assert_eq!(Value::decode(&Value::Int(number).encode().unwrap()).unwrap(), Value::Int(number));
        }
        let nan = Value::decode(&Value::Float(f64::NAN).encode().unwrap()).unwrap();
        assert!(matches!(nan, Value::Float(f) if f.is_nan()));
    }

    #[test]
    fn many_distinct_texts_survive_past_the_last_id() {
        let value =
            Value::list((0..70_000).flat_map(|n| [Value::text(&format!("text {n}")), Value::text("text 3")]));
        assert_eq!(Value::decode(&value.encode().unwrap()).unwrap(), value);
    }

    #[test]
    fn a_count_larger_than_the_bytes_is_refused_before_anything_is_reserved() {
        let bytes = [1, 0x08, 0xff, 0xff, 0xff, 0xff, 0x7f];
        assert!(Value::decode(&bytes).is_err());
    }

    #[test]
    fn endless_nesting_is_refused_without_a_stack_overflow() {
        let mut bytes = vec![1];
        bytes.extend(std::iter::repeat_n(0xe1, 1 << 20));
        assert!(matches!(Value::decode(&bytes), Err(Error::Limit { .. })));
    }

    #[test]
    fn rows_of_a_table_shrink() {
        let row = |n: i64| {
            Value::Array(vec![
                (Key::Bytes(b"product_id".to_vec()), Value::Int(n)),
                (Key::Bytes(b"manufacturer".to_vec()), Value::text("Anadolu")),
                (Key::Bytes(b"price".to_vec()), Value::text("149.9000")),
            ])
        };
        let encoded = Value::list((0..500).map(row)).encode().unwrap();
        assert!(encoded.len() < 500 * 11, "{}", encoded.len());
    }
}
