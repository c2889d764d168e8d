//! From the caller's key to the one that tiers see, and to the slots of the generation tables.

use super::generations::SLOTS;
use crate::shared::hash::hash_parts;
use meschain_base::{Error, Result};

/// Longest key of a caller in bytes.
pub const MAX_KEY: usize = 64 << 10;
/// Longest key, prefix included, that is passed on as it is. Memcached allows 250 bytes, LMDB 511.
const MAX_PLAIN: usize = 200;
/// Groups of one key: `a.b.c.d` belongs to `a`, `a.b` and `a.b.c`.
const MAX_GROUPS: usize = 3;

/// A namespace of keys: the prefix and its slot.
#[derive(Debug, Clone)]
pub struct Namespace {
    prefix: Vec<u8>,
}

impl Namespace {
    /// A namespace. The prefix holds printable ASCII only and at most 100 bytes.
    pub fn new(prefix: &str) -> Result<Self> {
        let fits = prefix.len() <= 100 && prefix.bytes().all(|byte| byte.is_ascii_graphic());
        if fits {
            Ok(Self { prefix: prefix.as_bytes().to_vec() })
        } else {
            Err(Error::argument("key_prefix", "up to 100 printable ASCII characters without spaces", prefix))
        }
    }

    /// The key that tiers see. A long key, one with bytes that a text protocol cannot carry, and one that looks
    /// like a key of our own is replaced by its 128-bit BLAKE3 hash.
    pub fn full(&self, key: &[u8]) -> Result<Vec<u8>> {
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(Error::argument(
                "key",
                format!("1 to {MAX_KEY} bytes"),
                format!("{} bytes", key.len()),
            ));
        }
        let plain = self.prefix.len() + key.len() <= MAX_PLAIN
            && key.iter().all(u8::is_ascii_graphic)
            && !key.starts_with(b"#")
            && !key.starts_with(b"!");
        if plain {
            return Ok(self.join(key));
        }
        let hash = blake3::hash(key).to_hex();
        let half = hash.as_str().get(..32).unwrap_or_default();
        Ok(self.join(format!("#{half}").as_bytes()))
    }

    /// A key of our own, which no caller's key can equal.
    pub fn own(&self, name: &str) -> Vec<u8> {
        self.join(format!("!{name}").as_bytes())
    }

    fn join(&self, key: &[u8]) -> Vec<u8> {
        [self.prefix.as_slice(), key].concat()
    }

    /// The slot of everything in this namespace.
    pub fn root_slot(&self) -> u32 {
        self.slot(b"root", b"")
    }

    /// The slot of a tag.
    pub fn tag_slot(&self, tag: &[u8]) -> u32 {
        self.slot(b"tag", tag)
    }

    /// The slot of a group, the part of keys in front of a dot.
    pub fn group_slot(&self, group: &[u8]) -> u32 {
        self.slot(b"group", group)
    }

    /// The slot of one key.
    pub fn key_slot(&self, key: &[u8]) -> u32 {
        self.slot(b"key", key)
    }

    fn slot(&self, kind: &[u8], name: &[u8]) -> u32 {
        (hash_parts(&[&self.prefix, kind, name]) % SLOTS as u64) as u32
    }

    /// Every slot whose flush ends an entry: the namespace, the key itself, its groups, its tags.
    pub fn slots(&self, key: &[u8], tags: &[&[u8]]) -> Vec<u32> {
        let dots = key.iter().enumerate().filter(|(_, byte)| **byte == b'.').map(|(place, _)| place);
        let groups =
            dots.take(MAX_GROUPS).filter_map(|end| key.get(..end)).map(|group| self.group_slot(group));
        let tags = tags.iter().map(|tag| self.tag_slot(tag));
        [self.root_slot(), self.key_slot(key)].into_iter().chain(groups).chain(tags).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_keys_stay_readable_and_others_are_hashed() {
        let space = Namespace::new("shop:").unwrap();
        assert_eq!(space.full(b"product.12").unwrap(), b"shop:product.12");
        for odd in [b"with space".as_slice(), b"\0\xff", b"!seq", b"#abc", &[b'x'; 5000]] {
            let full = space.full(odd).unwrap();
            assert_eq!((full.len(), full[5]), (5 + 33, b'#'), "{odd:?}");
        }
        assert_ne!(space.full(b"a b").unwrap(), space.full(b"a c").unwrap());
        assert!(matches!(space.full(b""), Err(Error::Argument { .. })));
        assert!(Namespace::new("with space").is_err());
    }

    #[test]
    fn a_key_belongs_to_its_groups() {
        let space = Namespace::new("shop:").unwrap();
        let slots = space.slots(b"product.12.tr", &[b"catalog"]);
        for slot in [
            space.root_slot(),
            space.group_slot(b"product"),
            space.group_slot(b"product.12"),
            space.tag_slot(b"catalog"),
        ] {
            assert!(slots.contains(&slot));
        }
        assert_eq!(slots.len(), 5);
    }
}
