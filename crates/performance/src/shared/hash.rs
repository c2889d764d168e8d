//! A quick hash of short bytes: multiply and fold, eight bytes a step. The same on every machine, so that slots of
//! the generation tables agree across a fleet. Not for anything that must resist an attacker.

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of `bytes`.
pub fn hash(bytes: &[u8]) -> u64 {
    hash_parts(&[bytes])
}

/// The hash of several texts, each counted with its length.
pub fn hash_parts(parts: &[&[u8]]) -> u64 {
    let state = parts.iter().fold(MULTIPLIER, |state, part| absorb(state ^ part.len() as u64, part));
    fold(state ^ (state >> 32), MULTIPLIER)
}

fn absorb(mut state: u64, bytes: &[u8]) -> u64 {
    let mut chunks = bytes.chunks_exact(8);
    for chunk in chunks.by_ref() {
        let word = chunk.try_into().map_or(0, u64::from_le_bytes);
        state = fold(state ^ word, MULTIPLIER);
    }
    let rest = chunks.remainder().iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
    fold(state ^ rest, MULTIPLIER)
}

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differs_by_content_and_by_split() {
        assert_ne!(hash(b"product"), hash(b"products"));
        assert_ne!(hash_parts(&[b"ab", b"c"]), hash_parts(&[b"a", b"bc"]));
    }

    #[test]
    fn spreads_numbered_keys_over_slots() {
        let slots: std::collections::HashSet<u64> =
            (0..10_000).map(|n| hash(format!("product.{n}").as_bytes()) % 32_768).collect();
        // 10,000 balls into 32,768 bins fill about 8,614 of them.
        assert!(slots.len() > 8_400, "{}", slots.len());
    }
}
