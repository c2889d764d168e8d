//! The byte layout, version 1.
//!
//! First byte [`VERSION`], then one value. Numbers called varint are LEB128, at most ten bytes.
//!
//! | tag | meaning |
//! | --- | --- |
//! | `00 01 02` | null, false, true |
//! | `03` | float: eight bytes, little endian |
//! | `04` | int: zigzag varint |
//! | `05` | text: varint length, bytes |
//! | `06` | text seen before: varint id |
//! | `07` | map: varint count, then key and value by turns; a key is an int or a text |
//! | `08` | list: varint count, then values |
//! | `40..7f` | int 0 to 63 |
//! | `80..9f` | text of 0 to 31 bytes |
//! | `a0..bf` | text seen before, id 0 to 31 |
//! | `c0..df` | map of 0 to 31 entries |
//! | `e0..ff` | list of 0 to 31 values |
//!
//! Every text of [`INTERN_LEAST`] to [`INTERN_MOST`] bytes written out in full gets the next id, until
//! [`INTERN_COUNT`] are given.

/// The first byte.
pub const VERSION: u8 = 1;
/// Null.
pub const NULL: u8 = 0x00;
/// False.
pub const FALSE: u8 = 0x01;
/// True.
pub const TRUE: u8 = 0x02;
/// Float.
pub const FLOAT: u8 = 0x03;
/// Int as zigzag varint.
pub const INT: u8 = 0x04;
/// Long text.
pub const TEXT: u8 = 0x05;
/// Text seen before.
pub const SEEN: u8 = 0x06;
/// Long map.
pub const MAP: u8 = 0x07;
/// Long list.
pub const LIST: u8 = 0x08;
/// Int 0 to 63.
pub const SMALL_INT: u8 = 0x40;
/// Text of up to 31 bytes.
pub const SMALL_TEXT: u8 = 0x80;
/// Text seen before with an id of up to 31.
pub const SMALL_SEEN: u8 = 0xa0;
/// Map of up to 31 entries.
pub const SMALL_MAP: u8 = 0xc0;
/// List of up to 31 values.
pub const SMALL_LIST: u8 = 0xe0;

/// Shortest text that is interned: a reference takes a byte or more itself.
pub const INTERN_LEAST: usize = 2;
/// Longest text that is interned: hashing longer ones costs more than the rare repeat saves.
pub const INTERN_MOST: usize = 64;
/// Ids given in one value.
pub const INTERN_COUNT: usize = 1 << 16;

/// Nesting allowed.
pub const MAX_DEPTH: usize = 128;
/// Encoded bytes allowed.
pub const MAX_BYTES: usize = 64 << 20;
/// Values and keys allowed: bounds what a few bytes of references can blow up to.
pub const MAX_NODES: usize = 8 << 20;

/// Whether a text takes part in interning while fewer than [`INTERN_COUNT`] ids are given.
pub fn is_interned(length: usize) -> bool {
    (INTERN_LEAST..=INTERN_MOST).contains(&length)
}
