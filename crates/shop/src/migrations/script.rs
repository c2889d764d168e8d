//! A migration file as text: its statements, and what each makes. The directives are explained on top of
//! `migrations/01_ai_tables.sql`.

use meschain_base::{Error, Result};

/// What a statement makes, and thereby how it is checked first and undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// A table of ours.
    Table(String),
    /// An index on one of OpenCart's tables (named without the shop's prefix).
    Index { table: String, name: String, columns: Vec<String> },
    /// Rows in a table that the same file creates; undone with that table.
    Data(String),
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// SQL without its semicolon and leading comments; `{prefix}` stands for OpenCart's table prefix.
    pub sql: String,
    /// What it makes.
    pub effect: Effect,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The number in front of the file name, e.g. `04`.
    pub version: String,
    /// The rest of the name, e.g. `indexes`.
    pub name: String,
    /// BLAKE3 of the text with line ends made equal, hexadecimal.
    pub checksum: String,
    /// Whether every run looks at it again.
    pub repeat: bool,
    /// In order.
    pub statements: Vec<Statement>,
}

impl Script {
    /// Reads a file called `04_indexes.sql`.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let wrong = |detail: String| Error::internal("migration file", format!("{file}: {detail}"));
        let (version, name) = file
            .strip_suffix(".sql")
            .and_then(|stem| stem.split_once('_'))
            .filter(|(version, _)| !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()))
            .ok_or_else(|| wrong("not called NUMBER_NAME.sql".to_owned()))?;
        let text = text.replace("\r\n", "\n");
        let mut script = Self {
            version: version.to_owned(),
            name: name.to_owned(),
            checksum: blake3::hash(text.as_bytes()).to_hex().to_string(),
            repeat: false,
            statements: Vec::new(),
        };
        for piece in split(&text).map_err(&wrong)? {
            script.repeat |= piece.comments.iter().any(|comment| comment == "@repeat");
            if piece.sql.is_empty() {
                continue;
            }
            let mut effects = piece.comments.iter().filter_map(|comment| effect(comment));
            let found = effects.next().ok_or_else(|| wrong(format!("no directive before: {}", piece.sql)))?;
            if effects.next().is_some() {
                return Err(wrong(format!("two directives before: {}", piece.sql)));
            }
            script.statements.push(Statement { sql: piece.sql, effect: found });
        }
        Ok(script)
    }
}

fn effect(comment: &str) -> Option<Effect> {
    let mut words = comment.split_whitespace();
    let kind = words.next()?;
    let mut word = || words.next().map(str::to_owned);
    match kind {
        "@table" => Some(Effect::Table(word()?)),
        "@data" => Some(Effect::Data(word()?)),
        "@index" => {
            let (table, name) = (word()?, word()?);
            Some(Effect::Index { table, name, columns: word()?.split(',').map(str::to_owned).collect() })
        }
        _ => None,
    }
}

/// One statement with the line comments before it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Piece {
    comments: Vec<String>,
    sql: String,
}

/// Cuts at semicolons outside of quotes and comments. Comments are dropped from the SQL, those before a
/// statement are kept aside. Executable comments (`/*! ... */`) are SQL and stay.
fn split(text: &str) -> std::result::Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut piece = Piece::default();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if line_comment(rest) {
            let length = rest.find('\n').unwrap_or(rest.len());
            let comment = rest.get(..length).unwrap_or_default();
            if piece.sql.trim().is_empty() {
                piece.comments.push(comment.trim_start_matches(['-', '#']).trim().to_owned());
            }
            length
        } else if rest.starts_with("/*") {
            let length = rest.find("*/").map(|end| end + 2).ok_or("a comment that does not end")?;
            if rest.starts_with("/*!") {
                piece.sql.push_str(rest.get(..length).unwrap_or_default());
            }
            length
        } else if matches!(first, '\'' | '"' | '`') {
            let length = quoted(rest, first).ok_or("a quote that does not end")?;
            piece.sql.push_str(rest.get(..length).unwrap_or_default());
            length
        } else if first == ';' {
            pieces.push(finish(&mut piece));
            1
        } else {
            piece.sql.push(first);
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    pieces.push(finish(&mut piece));
    pieces.retain(|piece| !piece.sql.is_empty() || !piece.comments.is_empty());
    Ok(pieces)
}

fn finish(piece: &mut Piece) -> Piece {
    let done = std::mem::take(piece);
    Piece { comments: done.comments, sql: done.sql.trim().to_owned() }
}

/// `--` begins a comment only when white space or the end follows: `1--1` is arithmetic.
fn line_comment(rest: &str) -> bool {
    let dashes =
        rest.strip_prefix("--").is_some_and(|after| after.chars().next().is_none_or(char::is_whitespace));
    dashes || rest.starts_with('#')
}

/// Bytes of the quoted text at the start of `rest`, both quotes included. A doubled quote and, except in back
/// quotes, a backslash keep it open.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character == '\\' && quote != '`' {
            characters.next();
        } else if character == quote {
            if characters.peek().is_some_and(|(_, next)| *next == quote) {
                characters.next();
            } else {
                return Some(at + quote.len_utf8());
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn statements(text: &str) -> Vec<String> {
        split(text).unwrap().into_iter().map(|piece| piece.sql).filter(|sql| !sql.is_empty()).collect()
    }

    #[test]
    fn quotes_and_comments_hide_semicolons() {
        let text = "INSERT INTO t VALUES ('a;b', \"c;\\\"d\", 'it''s;'); -- no; end\n# nor; here\n\
                    /* nor; here */ SELECT 1--1, `a;``b`; SELECT /*! 2 */";
        let expected = [
            "INSERT INTO t VALUES ('a;b', \"c;\\\"d\", 'it''s;')",
            "SELECT 1--1, `a;``b`",
            "SELECT /*! 2 */",
        ];
        assert_eq!(statements(text), expected);
    }

    #[test]
    fn open_quotes_and_comments_are_refused() {
        for text in ["SELECT 'a", "SELECT `a", "/* a", "SELECT 'a\\'"] {
            assert!(split(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_statement_needs_one_directive() {
        assert!(Script::parse("01_a.sql", "CREATE TABLE t (a int);").is_err());
        assert!(Script::parse("01_a.sql", "-- @table t\n-- @data t\nCREATE TABLE t (a int);").is_err());
        assert!(Script::parse("a.sql", "").is_err());
        let script =
            Script::parse("01_a.sql", "-- about\n-- @repeat\n-- @index t i a,b\nCREATE INDEX i ON t (a, b);");
        let script = script.unwrap();
        assert!(script.repeat);
        let columns = vec!["a".to_owned(), "b".to_owned()];
        let index = Effect::Index { table: "t".into(), name: "i".into(), columns };
        assert_eq!(script.statements.iter().map(|s| &s.effect).collect::<Vec<_>>(), [&index]);
    }

    #[test]
    fn line_ends_do_not_change_the_checksum() {
        let checksum = |text| Script::parse("01_a.sql", text).unwrap().checksum;
        assert_eq!(checksum("-- a\n-- b\n"), checksum("-- a\r\n-- b\r\n"));
        assert_ne!(checksum("-- a\n"), checksum("-- b\n"));
    }

    proptest! {
        #[test]
        fn any_text_is_cut_or_refused(text in "[a-c;'\"`\\\\\n/* !#-]{0,60}") {
            let _ = split(&text);
        }

        #[test]
        fn quoted_values_come_out_as_they_went_in(values in prop::collection::vec("[a-z;#*/ -]{0,12}", 1..6)) {
            let all: Vec<String> = values.iter().map(|value| format!("SELECT '{value}'")).collect();
            prop_assert_eq!(statements(&all.join(";\n")), all);
        }
    }
}
