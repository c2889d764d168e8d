//! The checksum over a whole file, whose own digits lie inside that file and are hashed as zeros.

use std::ops::Range;

/// Hexadecimal digits of a blake3 checksum.
pub const DIGITS: usize = 64;

/// How the checksum begins inside the file: a JSON text inside a JSON string, hence the backslashes.
const MARK: &[u8] = br#"{\"checksum\":\""#;

/// Where the digits lie: after the first mark. `None` when there is no mark or the file ends within the digits.
pub fn position(file: &[u8]) -> Option<Range<usize>> {
    let start = file.windows(MARK.len()).position(|window| window == MARK)?.checked_add(MARK.len())?;
    let end = start.checked_add(DIGITS)?;
    (end <= file.len()).then_some(start..end)
}

/// The checksum of `file` with the digits at `digits` taken as zeros, in lower-case hexadecimal.
pub fn compute(file: &[u8], digits: &Range<usize>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(file.get(..digits.start).unwrap_or_default());
    hasher.update(&[b'0'; DIGITS]);
    hasher.update(file.get(digits.end..).unwrap_or_default());
    hasher.finalize().to_hex().to_string()
}
