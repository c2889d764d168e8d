//! From the driver's errors to ours: what a caller reacts to, with the server's words and never with
//! parameters.

use meschain_base::{DatabaseFault, Error};
use mysql::DriverError;
use std::cell::Cell;
use std::io::ErrorKind;

/// How often connections broke on this thread, of them how often because no answer came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Breaks {
    pub all: u64,
    pub silent: u64,
}

thread_local! {
    static BREAKS: Cell<Breaks> = const { Cell::new(Breaks { all: 0, silent: 0 }) };
}

/// What [`fault`] counted on this thread.
pub(super) fn breaks() -> Breaks {
    BREAKS.get()
}

/// Maps a driver error. Values and rows that would not convert are left out of the text: they may be personal
/// data.
pub fn fault(error: mysql::Error) -> Error {
    if breaks_connection(&error) {
        let before = BREAKS.get();
        let silent = before.silent + u64::from(is_silence(&error));
        BREAKS.set(Breaks { all: before.all + 1, silent });
    }
    mapped(error)
}

/// Whether what comes next on this connection cannot be told from what was asked before.
fn breaks_connection(error: &mysql::Error) -> bool {
    match error {
        mysql::Error::IoError(_) | mysql::Error::CodecError(_) | mysql::Error::TlsError(_) => true,
        mysql::Error::DriverError(error) => {
            matches!(error, DriverError::PacketOutOfSync | DriverError::UnexpectedPacket)
        }
        _ => false,
    }
}

/// Whether the server was waited for in vain. A pool that has no free connection is none of its doing.
pub(super) fn is_silence(error: &mysql::Error) -> bool {
    let is = |kind: ErrorKind| of_io(kind) == DatabaseFault::Timeout;
    match error {
        mysql::Error::IoError(error) => is(error.kind()),
        mysql::Error::CodecError(error) => source(error).is_some_and(|io| is(io.kind())),
        mysql::Error::DriverError(DriverError::ConnectTimeout) => true,
        mysql::Error::DriverError(DriverError::CouldNotConnect(Some((_, _, kind)))) => is(*kind),
        _ => false,
    }
}

/// A read that times out comes wrapped in the codec's error, whose type the driver does not export.
fn source(error: &dyn std::error::Error) -> Option<&std::io::Error> {
    error.source().and_then(|source| source.downcast_ref())
}

fn mapped(error: mysql::Error) -> Error {
    match error {
        mysql::Error::MySqlError(error) => database(of_code(error.code), Some(error.code), error.message),
        mysql::Error::IoError(error) => database(of_io(error.kind()), None, error.to_string()),
        mysql::Error::DriverError(error) => of_driver(error),
        mysql::Error::TlsError(error) => database(DatabaseFault::Unreachable, None, format!("TLS: {error}")),
        mysql::Error::CodecError(error) => {
            let kind = source(&error).map_or(DatabaseFault::Unreachable, |io| of_io(io.kind()));
            database(kind, None, error.to_string())
        }
        mysql::Error::UrlError(_) => Error::internal("database url", "the driver refused its options"),
        mysql::Error::FromValueError(value) => {
            let kind = match value {
                mysql::Value::NULL => "NULL",
                mysql::Value::Bytes(_) => "text",
                mysql::Value::Int(_) | mysql::Value::UInt(_) => "an integer",
                mysql::Value::Float(_) | mysql::Value::Double(_) => "a float",
                mysql::Value::Date(..) | mysql::Value::Time(..) => "a time",
            };
            database(DatabaseFault::Value, None, format!("{kind} came where another type was expected"))
        }
        mysql::Error::FromRowError(row) => {
            let names: Vec<_> =
                row.columns_ref().iter().map(|column| column.name_str().into_owned()).collect();
            database(DatabaseFault::Value, None, format!("a row does not fit its type: {}", names.join(", ")))
        }
    }
}

fn database(fault: DatabaseFault, code: Option<u16>, detail: String) -> Error {
    Error::Database { fault, code, detail }
}

fn of_driver(error: DriverError) -> Error {
    let kind = match &error {
        DriverError::Timeout | DriverError::ConnectTimeout => DatabaseFault::Timeout,
        DriverError::CouldNotConnect(Some((_, _, kind))) => of_io(*kind),
        DriverError::CouldNotConnect(_)
        | DriverError::TlsNotSupported
        | DriverError::UnsupportedProtocol(_)
        | DriverError::Protocol41NotSet
        | DriverError::PacketOutOfSync
        | DriverError::UnexpectedPacket
        | DriverError::SetupError
        | DriverError::PoisonedPoolMutex
        | DriverError::CouldNotParseVersion => DatabaseFault::Unreachable,
        DriverError::UnknownAuthPlugin(_)
        | DriverError::OldMysqlPasswordDisabled
        | DriverError::CleartextPluginDisabled
        | DriverError::InvalidParsecSalt => DatabaseFault::Denied,
        _ => DatabaseFault::Statement,
    };
    database(kind, None, error.to_string())
}

fn of_io(kind: ErrorKind) -> DatabaseFault {
    match kind {
        ErrorKind::WouldBlock | ErrorKind::TimedOut => DatabaseFault::Timeout,
        _ => DatabaseFault::Unreachable,
    }
}

/// Server error numbers as MySQL 8.0 and MariaDB list them.
fn of_code(code: u16) -> DatabaseFault {
    match code {
        1040 | 1053 | 1077..=1079 | 1129 | 1152..=1161 | 1184 | 1203 | 1226 | 1927 => {
            DatabaseFault::Unreachable
        }
        1044 | 1045 | 1095 | 1130 | 1142 | 1143 | 1227 | 1370 | 1396 | 1410 | 1698 | 3118 => {
            DatabaseFault::Denied
        }
        // 1317: killed; 1969 and 3024: the statement's own time limit.
        1317 | 1969 | 3024 => DatabaseFault::Timeout,
        1020 | 1205 | 1213 | 1614 | 3058 | 3572 => DatabaseFault::Contention,
        1049 | 1051 | 1054 | 1091 | 1109 | 1146 | 1176 | 1932 => DatabaseFault::Schema,
        1264 | 1265 | 1292 | 1366 | 1406 | 3140 | 4025 => DatabaseFault::Value,
        _ => DatabaseFault::Statement,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_a_caller_may_do() {
        assert_eq!(of_code(1045), DatabaseFault::Denied);
        assert_eq!(of_code(1146), DatabaseFault::Schema);
        assert_eq!(of_code(1213), DatabaseFault::Contention);
        assert_eq!(of_code(1064), DatabaseFault::Statement);
        let timeout = fault(mysql::Error::IoError(std::io::Error::from(ErrorKind::WouldBlock)));
        assert!(timeout.is_transient());
        let value = fault(mysql::Error::FromValueError(mysql::Value::Bytes(b"hunter2".to_vec())));
        assert!(!format!("{value:?}").contains("hunter2"));
    }
}
