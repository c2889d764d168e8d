//! Whether the database user may do what the library does.

use super::{Check, Level};
use crate::database::rows;
use meschain_base::Result;
use mysql::PooledConn;

/// What reading, writing and migrating take.
const NEEDED: [&str; 9] =
    ["SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX", "REFERENCES"];

/// Looks through `SHOW GRANTS`. A user whose rights come through roles is not judged but warned of, since the
/// answer names the role only.
pub fn check(conn: &mut PooledConn, database: &str) -> Result<Check> {
    let grants: Vec<String> = rows::all(conn, "SHOW GRANTS FOR CURRENT_USER()", ())?;
    let missing = missing(&grants, database);
    let by_role = grants.iter().any(|grant| !grant.contains(" ON "));
    Ok(match (missing.is_empty(), by_role) {
        (true, _) => Check::ok("database_grants", NEEDED.join(", ")),
        (false, true) => {
            Check::new("database_grants", Level::Warning, missing.join(", "), "grant_privileges")
        }
        (false, false) => Check::new("database_grants", Level::Error, missing.join(", "), "grant_privileges"),
    })
}

fn missing(grants: &[String], database: &str) -> Vec<&'static str> {
    let here: Vec<&str> = grants.iter().filter_map(|grant| privileges_for(grant, database)).collect();
    let granted = |needed: &str| {
        here.iter()
            .any(|list| list.split(',').map(str::trim).any(|one| one == needed || one == "ALL PRIVILEGES"))
    };
    NEEDED.into_iter().filter(|needed| !granted(needed)).collect()
}

/// The list of privileges of one grant, when it covers the whole of `database`.
fn privileges_for<'a>(grant: &'a str, database: &str) -> Option<&'a str> {
    let (list, rest) = grant.strip_prefix("GRANT ")?.split_once(" ON ")?;
    let (scope, _) = rest.split_once(" TO ")?;
    let covers = match scope.strip_suffix(".*")? {
        "*" => true,
        quoted => like(quoted.trim_matches('`'), database),
    };
    covers.then_some(list)
}

/// Matches as the server matches database names in grants: `_` one character, `%` any number, backslash takes
/// their meaning away.
fn like(pattern: &str, text: &str) -> bool {
    let mut pattern = pattern.chars();
    let mut characters = text.chars();
    loop {
        let rest = pattern.as_str();
        match pattern.next() {
            None => return characters.next().is_none(),
            Some('%') => {
                let after = pattern.as_str();
                let tail = characters.as_str();
                let starts = tail.char_indices().map(|(at, _)| at).chain([tail.len()]);
                return starts.filter_map(|at| tail.get(at..)).any(|tail| like(after, tail));
            }
            Some('_') => {
                if characters.next().is_none() {
                    return false;
                }
            }
            Some('\\') if rest.len() > 1 => {
                if pattern.next() != characters.next() {
                    return false;
                }
            }
            Some(other) => {
                if characters.next() != Some(other) {
                    return false;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sees_what_is_granted_where() {
        let missing =
            |grants: &[&str]| missing(&grants.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>(), "my_shop");
        assert!(missing(&["GRANT ALL PRIVILEGES ON *.* TO `a`@`%` IDENTIFIED BY PASSWORD '*X'"]).is_empty());
        assert!(
            missing(&["GRANT USAGE ON *.* TO `a`@`%`", "GRANT ALL PRIVILEGES ON `my\\_shop`.* TO `a`@`%`"])
                .is_empty()
        );
        assert!(missing(&["GRANT ALL PRIVILEGES ON `my%`.* TO `a`@`%`"]).is_empty());
        assert_eq!(missing(&["GRANT ALL PRIVILEGES ON `other`.* TO `a`@`%`"]).len(), NEEDED.len());
        assert_eq!(missing(&["GRANT ALL PRIVILEGES ON `my_shop`.`oc_order` TO `a`@`%`"]).len(), NEEDED.len());
        let some =
            "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, REFERENCES ON `my_shop`.* TO `a`@`%`";
        assert_eq!(missing(&[some]), ["INDEX"]);
    }
}
