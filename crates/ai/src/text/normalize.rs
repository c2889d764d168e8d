//! One spelling for one word, at training and at prediction alike.
//!
//! Turkish has two letters where other languages have one: I/ı and İ/i. A title in capitals may have been typed on
//! either keyboard, so all four become `i`; the circumflex (â, î, û), which is written or left out at will, is dropped.
//! Everything else is lower-cased after Unicode NFKC.

use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// The combining dot that lower-casing `İ` leaves behind.
const DOT_ABOVE: char = '\u{307}';

/// Lower-cased text: words (runs of letters and digits) separated by one space, with a space before the first and after
/// the last. Empty when there is no word.
pub fn words_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().saturating_add(2));
    let plain = text.chars().all(|c| match PLAIN.get(c as usize) {
        Some('\0') | None => false,
        Some(letter) => {
            if *letter == ' ' {
                gap(&mut line)
            } else {
                letter_or_digit(&mut line, *letter)
            }
            true
        }
    });
    if !plain {
        line.clear();
        text.nfkc().for_each(|c| fold(c, &mut line));
    }
    if !line.is_empty() && !line.ends_with(' ') {
        line.push(' ');
    }
    line
}

/// The words of a line made by [`words_line`].
pub fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(' ').filter(|word| !word.is_empty())
}

/// Text without its HTML tags, each a gap between words.
pub fn strip_tags(html: &str) -> String {
    let mut inside = false;
    let visible = html.chars().map(|c| {
        let tag = inside || c == '<';
        inside = tag && c != '>';
        if tag { ' ' } else { c }
    });
    visible.collect::<String>().replace("&nbsp;", " ").replace("&amp;", "&")
}

/// Whether NFKC leaves a letter as it is, for the Latin letters up to U+017F; false beyond. Saves most titles the tables.
fn is_plain(c: char) -> bool {
    match c {
        '\u{a0}'
        | '\u{a8}'
        | '\u{aa}'
        | '\u{af}'
        | '\u{b2}'..='\u{b5}'
        | '\u{b8}'..='\u{ba}'
        | '\u{bc}'..='\u{be}' => false,
        '\u{132}' | '\u{133}' | '\u{13f}' | '\u{140}' | '\u{149}' | '\u{17f}' => false,
        _ => c < '\u{180}',
    }
}

/// What each letter up to U+017F becomes, a space for what ends a word; nothing where NFKC has a say.
static PLAIN: LazyLock<[char; 0x180]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let mut line = String::new();
        let c = char::from_u32(code as u32).filter(|c| is_plain(*c));
        c.into_iter().for_each(|c| fold(c, &mut line));
        match c {
            Some(_) => line.chars().last().unwrap_or(' '),
            None => '\0',
        }
    })
});

fn fold(c: char, line: &mut String) {
    match c {
        'ı' | 'İ' | 'î' | 'Î' => push(line, 'i'),
        'â' | 'Â' => push(line, 'a'),
        'û' | 'Û' => push(line, 'u'),
        DOT_ABOVE => {}
        _ => c.to_lowercase().filter(|lower| *lower != DOT_ABOVE).for_each(|lower| push(line, lower)),
    }
}

/// Appends a letter or digit; anything else ends the word.
fn push(line: &mut String, c: char) {
    if c.is_alphanumeric() { letter_or_digit(line, c) } else { gap(line) }
}

fn letter_or_digit(line: &mut String, c: char) {
    if line.is_empty() {
        line.push(' ');
    }
    line.push(c);
}

fn gap(line: &mut String) {
    if !line.is_empty() && !line.ends_with(' ') {
        line.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_four_letters_i_are_one() {
        for spelling in ["IŞIK", "ışık", "Işık", "İŞIK", "i\u{307}şık", "I\u{307}ŞIK"] {
            assert_eq!(words_line(spelling), " işik ", "{spelling}");
        }
        assert_eq!(words_line("Kâğıt"), words_line("KAĞIT"));
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words_line("  Süt 3,1% (1L) "), " süt 3 1 1l ");
        assert_eq!(words(&words_line("a-b")).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(words_line("--"), "");
        assert_eq!(words_line(&strip_tags("<p class=x>Taze</p><b>Süt</b>&nbsp;1L")), " taze süt 1l ");
    }

    #[test]
    fn plain_letters_are_those_that_nfkc_leaves() {
        for c in '\u{0}'..'\u{180}' {
            assert_eq!(is_plain(c), c.nfkc().eq(std::iter::once(c)), "{c:?}");
        }
    }

    proptest! {
        #[test]
        fn normal_text_stays_as_it_is(text in any::<String>()) {
            let once = words_line(&text);
            prop_assert_eq!(words_line(&once), once);
        }
    }
}
