//! One error type for the whole library. It is data: the binding turns it into sentences and exception classes.

use std::path::{Path, PathBuf};

/// Shorthand used by every crate.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong with a database, in the terms a caller reacts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseFault {
    /// No connection could be made, or it broke.
    Unreachable,
    /// The server refused the user, password or privilege.
    Denied,
    /// The server did not answer in time, or the pool had no free connection in time.
    Timeout,
    /// A lock or deadlock; the same call may work again.
    Contention,
    /// The statement itself was refused.
    Statement,
    /// A table or column that is expected is not there.
    Schema,
    /// A value came back that does not fit the type that was asked for.
    Value,
}

/// Every failure of the library, as data. Never holds a secret: database URLs and SQL parameters stay out of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Error {
    /// An argument of a public call: which one, what was expected, what came.
    Argument { name: String, expected: String, given: String },
    /// A setting is malformed. `given` is redacted for secret settings.
    Setting { name: String, expected: String, given: String },
    /// A setting that this call needs is not there.
    NotConfigured { setting: &'static str },
    /// A database failure. `code` is the server's error number when there is one; `detail` the server's words.
    Database { fault: DatabaseFault, code: Option<u16>, detail: String },
    /// A cache or other side engine (Redis, Memcached, LMDB) failed.
    Backend { backend: &'static str, detail: String },
    /// A thing that was named is not there.
    NotFound { what: &'static str, id: String },
    /// Too little data to answer honestly.
    NotEnoughData { what: &'static str, unit: &'static str, needed: u64, found: u64 },
    /// A file of ours is damaged, torn, altered or of another version.
    Corrupt { file: PathBuf, reason: String },
    /// The operating system refused a file operation.
    Io { path: PathBuf, action: &'static str, kind: std::io::ErrorKind },
    /// A limit that bounds memory, size or count was reached.
    Limit { what: &'static str, limit: u64, found: u64 },
    /// Somebody else holds the lock that this call needs.
    Busy { what: &'static str },
    /// The caller cancelled.
    Cancelled,
    /// The thing asked for is known but cannot be done here.
    Unsupported { what: &'static str, reason: String },
    /// A state that the library's own logic rules out; reported instead of panicking.
    Internal { what: &'static str, detail: String },
}

impl Error {
    /// An argument error.
    pub fn argument(name: impl Into<String>, expected: impl Into<String>, given: impl Into<String>) -> Self {
        Self::Argument { name: name.into(), expected: expected.into(), given: given.into() }
    }

    /// Wraps an I/O error with the path and the action, e.g. `Error::io(&path, "read")`.
    pub fn io(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { path, action, kind: source.kind() }
    }

    /// A damaged file.
    pub fn corrupt(file: &Path, reason: impl Into<String>) -> Self {
        Self::Corrupt { file: file.to_path_buf(), reason: reason.into() }
    }

    /// A broken invariant of the library itself.
    pub fn internal(what: &'static str, detail: impl Into<String>) -> Self {
        Self::Internal { what, detail: detail.into() }
    }

    /// Whether the same call may succeed when tried again a little later.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database { fault, .. } => {
                matches!(
                    fault,
                    DatabaseFault::Unreachable | DatabaseFault::Timeout | DatabaseFault::Contention
                )
            }
            Self::Backend { .. } | Self::Busy { .. } => true,
            _ => false,
        }
    }
}

/// For logs and tests only; people read the sentence the binding makes.
impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Error {}
