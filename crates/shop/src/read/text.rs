//! Text as people read it, out of text as OpenCart stores it.

/// Resolves the entities that OpenCart's forms and editors write. What is no entity stays as it is. One pass:
/// `&amp;lt;` becomes `&lt;`.
pub fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        // The longest entity known here has eight characters between & and ;
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        match entity.and_then(|(name, tail)| Some((character(name)?, tail))) {
            Some((character, tail)) => {
                out.push(character);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|character| *character != '\0');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "bull" => '•',
        "middot" => '·',
        "deg" => '°',
        "reg" => '®',
        "copy" => '©',
        "trade" => '™',
        "euro" => '€',
        "times" => '×',
        "frac12" => '½',
        "laquo" => '«',
        "raquo" => '»',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "ccedil" => 'ç',
        "Ccedil" => 'Ç',
        "acirc" => 'â',
        "icirc" => 'î',
        "ucirc" => 'û',
        "eacute" => 'é',
        _ => return None,
    })
}

/// The words of a stored description: entities decoded (OpenCart stores the tags themselves encoded, and the
/// editor encoded the text before), tags, scripts and styles dropped, white space made single.
pub fn plain_text(stored: &str) -> String {
    let html = decode_entities(stored);
    let mut out = String::with_capacity(html.len());
    let mut rest = html.as_str();
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        if !after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            out.push('<');
            rest = after;
            continue;
        }
        let hidden = ["script", "style"].into_iter().find(|name| begins_with(after, name));
        let end = match hidden {
            Some(name) => format!("</{name}"),
            None if after.starts_with("!--") => "--".to_owned(),
            None => String::new(),
        };
        let inside = after.get(find_ignoring_case(after, &end).unwrap_or(after.len())..).unwrap_or_default();
        rest = inside.split_once('>').map_or("", |(_, rest)| rest);
        out.push(' ');
    }
    out.push_str(rest);
    decode_entities(&out).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn begins_with(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}

fn find_ignoring_case(text: &str, part: &str) -> Option<usize> {
    text.char_indices()
        .map(|(at, _)| at)
        .find(|at| text.get(*at..).is_some_and(|rest| begins_with(rest, part)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn entities_become_characters_once() {
        assert_eq!(
            decode_entities("Tom &amp; Jerry &quot;&#39;&#x131;&quot; &unknown; & co"),
            "Tom & Jerry \"'ı\" &unknown; & co"
        );
        assert_eq!(decode_entities("&amp;lt;p&amp;gt;"), "&lt;p&gt;");
        assert_eq!(decode_entities("&#0;&#xFFFFFFFF;&"), "&#0;&#xFFFFFFFF;&");
    }

    #[test]
    fn descriptions_lose_their_markup() {
        let stored = "&lt;p class=&quot;a&quot;&gt;G&amp;uuml;zel &lt;b&gt;ekmek&lt;/b&gt;&lt;br&gt;taze&lt;/p&gt;\
                      &lt;style&gt;p {color: red}&lt;/style&gt;&lt;!-- no --&gt; 3 &lt; 5";
        assert_eq!(plain_text(stored), "Güzel ekmek taze 3 < 5");
        assert_eq!(plain_text("<script>alert(1)"), "");
        assert_eq!(plain_text("bare"), "bare");
    }

    proptest! {
        #[test]
        fn any_text_is_taken(text in "[<>&;#xa-z!/ ıŞ-]{0,60}") {
            let _ = plain_text(&text);
            let plain: String = text.chars().filter(|c| *c != '&').collect();
            prop_assert_eq!(decode_entities(&plain), plain);
        }
    }
}
