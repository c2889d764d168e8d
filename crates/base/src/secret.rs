//! Text that must never be shown: prints as `***` everywhere.

/// A password, token or URL that holds one.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself. Every call of this is a place to look at in a review.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing is hidden here.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A URL with its user and password replaced by `***`, fit for `--ri`, logs and exceptions.
pub fn redact_url(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "***".to_owned() };
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    // A password may itself hold an unescaped `/` or `@`: everything up to the last `@` is dropped.
    let host_start = rest.rfind('@').map_or(0, |at| at + 1);
    let tail = rest.get(host_start..).unwrap_or_default();
    let tail = tail.split_once('?').map_or(tail, |(path, _)| path);
    let mark = if host_start > 0 || end == 0 { "***@" } else { "" };
    format!("{scheme}://{mark}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_prints_itself() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "***");
    }

    #[test]
    fn redacts_user_password_and_query() {
        assert_eq!(redact_url("mysql://u:p@db:3306/shop?password=x"), "mysql://***@db:3306/shop");
        assert_eq!(redact_url("mysql://u:p/a@ss@db/shop"), "mysql://***@db/shop");
        assert_eq!(redact_url("redis://localhost:6379"), "redis://localhost:6379");
        assert_eq!(redact_url("no url"), "***");
    }
}
