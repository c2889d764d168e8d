//! Columns of text: bytes one after another, and where each begins.

/// Text of every row of a table.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'a> {
    pub(super) offset: &'a [u32],
    pub(super) bytes: &'a [u8],
}

impl<'a> Texts<'a> {
    /// Text of one row; empty when there is no such row.
    pub fn get(&self, row: usize) -> &'a str {
        let text = || {
            let start = usize::try_from(*self.offset.get(row)?).ok()?;
            let end = usize::try_from(*self.offset.get(row.checked_add(1)?)?).ok()?;
            std::str::from_utf8(self.bytes.get(start..end)?).ok()
        };
        text().unwrap_or("")
    }

    /// Rows.
    pub fn len(&self) -> usize {
        self.offset.len().saturating_sub(1)
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Text of every row in order.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let texts = *self;
        (0..texts.len()).map(move |row| texts.get(row))
    }
}

/// OpenCart stores text as it goes into HTML. A snapshot holds plain text.
pub(super) fn plain(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let pairs =
        [("&quot;", "\""), ("&#039;", "'"), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_text_by_row_and_nothing_past_the_end() {
        let bytes = "çayşeker".as_bytes();
        let texts = Texts { offset: &[0, 4, 4, 10], bytes };
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["çay", "", "şeker"]);
        assert_eq!(texts.get(3), "");
        assert_eq!(texts.get(usize::MAX), "");
    }

    #[test]
    fn survives_offsets_that_are_wrong() {
        let texts = Texts { offset: &[3, 1, 900], bytes: "çay".as_bytes() };
        assert_eq!(texts.iter().collect::<String>(), "");
    }

    #[test]
    fn entities_become_text_once() {
        assert_eq!(plain("Kalem &amp; Defter &quot;A4&quot;"), "Kalem & Defter \"A4\"");
        assert_eq!(plain("&amp;lt;"), "&lt;");
    }
}
