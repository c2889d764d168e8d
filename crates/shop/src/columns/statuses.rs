//! Which order statuses count.

/// A set of order statuses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusSet {
    ids: Vec<u32>,
    /// Bit per small id, so that a test per order costs a shift.
    small: [u64; 4],
}

impl StatusSet {
    /// A set of these ids.
    pub fn new(ids: impl IntoIterator<Item = u32>) -> Self {
        let mut ids: Vec<u32> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut small = [0; 4];
        for id in &ids {
            if let Some(word) = small.get_mut((id / 64) as usize) {
                *word |= 1 << (id % 64);
            }
        }
        Self { ids, small }
    }

    /// Whether `id` is in the set.
    pub fn contains(&self, id: u32) -> bool {
        match self.small.get((id / 64) as usize) {
            Some(word) => (word >> (id % 64)) & 1 == 1,
            None => self.ids.binary_search(&id).is_ok(),
        }
    }

    /// The ids, ascending.
    pub fn ids(&self) -> &[u32] {
        &self.ids
    }
}

/// Beginnings of words that name an order that came to nothing, in English and Turkish, folded by [`fold`].
const LOST: [&str; 15] = [
    "cancel",
    "denied",
    "fail",
    "refund",
    "void",
    "expired",
    "chargeback",
    "declined",
    "iptal",
    "reddedil",
    "basarisiz",
    "iade",
    "gecersiz",
    "suresi dol",
    "ters ibraz",
];

/// Whether a status of this name is one of an order that came to nothing.
pub(super) fn is_lost(name: &str) -> bool {
    let name = fold(name);
    LOST.iter().any(|word| name.contains(word))
}

/// Lower case without Turkish marks: dotted and dotless i fall together, as people write either.
fn fold(text: &str) -> String {
    let letter = |c: char| match c {
        'İ' | 'I' | 'ı' => 'i',
        'Ş' | 'ş' => 's',
        'Ğ' | 'ğ' => 'g',
        'Ç' | 'ç' => 'c',
        'Ö' | 'ö' => 'o',
        'Ü' | 'ü' => 'u',
        other => other.to_ascii_lowercase(),
    };
    text.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn contains_what_it_was_given(ids in proptest::collection::vec(0_u32..400, 0..20), probe in 0_u32..400) {
            let set = StatusSet::new(ids.iter().copied());
            prop_assert_eq!(set.contains(probe), ids.contains(&probe));
        }
    }
}
