//! Hashes of words and letter groups. Stable for ever: models on disk hold them.

/// A running 64-bit hash; `kind` keeps the features of different fields apart.
#[derive(Debug, Clone, Copy)]
pub struct Hash(u64);

impl Hash {
    /// Begins a hash for features of one kind.
    pub fn new(kind: u64) -> Self {
        Self(0x1234_5678_9abc_def1).with(kind)
    }

    /// Mixes one value in (multiply and xor-shift, as in the MurmurHash family).
    #[must_use]
    pub fn with(self, value: u64) -> Self {
        let mixed = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self(mixed ^ (mixed >> 29))
    }

    /// Mixes the letters of a text in.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        text.chars().fold(self, |hash, c| hash.with(u64::from(c)))
    }

    /// The hash.
    pub fn get(self) -> u64 {
        self.0.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ (self.0 >> 32)
    }
}

/// Calls `each(hash, text)` for all letter groups of `least` to `most` letters in `line`, spaces included.
pub fn letters<'a>(line: &'a str, kind: u64, least: usize, most: usize, mut each: impl FnMut(u64, &'a str)) {
    let seed = Hash::new(kind);
    let mut rest = line;
    while !rest.is_empty() {
        let mut hash = seed;
        for (count, (at, c)) in rest.char_indices().enumerate().take(most) {
            hash = hash.with(u64::from(c));
            if count + 1 >= least {
                let end = at + c.len_utf8();
                each(hash.get(), rest.get(..end).unwrap_or_default());
            }
        }
        let mut left = rest.chars();
        left.next();
        rest = left.as_str();
    }
}

/// As [`letters`], but only groups with letters on both sides of the space at byte `gap`.
pub fn letters_across<'a>(
    text: &'a str,
    gap: usize,
    kind: u64,
    least: usize,
    most: usize,
    mut each: impl FnMut(u64, &'a str),
) {
    let seed = Hash::new(kind);
    let before = text.get(..gap).unwrap_or_default();
    for (start, _) in before.char_indices().rev().take(most.saturating_sub(2)) {
        let rest = text.get(start..).unwrap_or_default();
        let mut hash = seed;
        for (count, (at, c)) in rest.char_indices().enumerate().take(most) {
            hash = hash.with(u64::from(c));
            if count + 1 >= least && start + at > gap {
                each(hash.get(), rest.get(..at + c.len_utf8()).unwrap_or_default());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_comes_once_per_place() {
        let mut seen = Vec::new();
        letters(" süt ", 1, 3, 5, |_, text| seen.push(text.to_owned()));
        assert_eq!(seen, [" sü", " süt", " süt ", "süt", "süt ", "üt "]);
    }

    #[test]
    fn groups_across_a_gap_have_letters_on_both_sides() {
        let mut seen = Vec::new();
        letters_across(" süt 1 ", 5, 1, 3, 5, |_, text| seen.push(text.to_owned()));
        assert_eq!(seen, ["t 1", "t 1 ", "üt 1", "üt 1 ", "süt 1"]);
    }

    #[test]
    fn kinds_and_texts_are_kept_apart() {
        let hash = |kind, text| Hash::new(kind).text(text).get();
        assert_eq!(hash(1, "süt"), hash(1, "süt"));
        assert_ne!(hash(1, "süt"), hash(2, "süt"));
        assert_ne!(hash(1, "ab"), hash(1, "ba"));
    }
}
