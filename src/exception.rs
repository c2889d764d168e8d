//! The exceptions PHP sees, and the one place where an error, which is data, becomes a sentence and a class.
//!
//! Registered with `ClassBuilder` at module start, not as `#[php_class]`: only so do they carry file, line, trace and
//! a previous exception.

use ext_php_rs::args::ArgInfoTables;
use ext_php_rs::builders::ClassBuilder;
use ext_php_rs::exception::PhpException;
use ext_php_rs::zend::{ClassEntry, ce};
use meschain_base::{DatabaseFault, Error};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};

/// One exception class: its position in [`TABLE`] is its identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Kind {
    MesChain,
    Argument,
    Setting,
    NotConfigured,
    Database,
    Unreachable,
    Denied,
    Timeout,
    Contention,
    Statement,
    Schema,
    Backend,
    NotFound,
    NotEnoughData,
    File,
    CorruptFile,
    Limit,
    Busy,
    Cancelled,
    Unsupported,
    Internal,
}

/// Kind, class name, parent. Parents stand before their children.
const TABLE: [(Kind, &str, Option<Kind>); 21] = [
    (Kind::MesChain, "MesChain\\Exception\\MesChainException", None),
    (Kind::Argument, "MesChain\\Exception\\ArgumentException", Some(Kind::MesChain)),
    (Kind::Setting, "MesChain\\Exception\\SettingException", Some(Kind::MesChain)),
    (Kind::NotConfigured, "MesChain\\Exception\\NotConfiguredException", Some(Kind::Setting)),
    (Kind::Database, "MesChain\\Exception\\DatabaseException", Some(Kind::MesChain)),
    (Kind::Unreachable, "MesChain\\Exception\\UnreachableException", Some(Kind::Database)),
    (Kind::Denied, "MesChain\\Exception\\DeniedException", Some(Kind::Database)),
    (Kind::Timeout, "MesChain\\Exception\\TimeoutException", Some(Kind::Database)),
    (Kind::Contention, "MesChain\\Exception\\ContentionException", Some(Kind::Database)),
    (Kind::Statement, "MesChain\\Exception\\StatementException", Some(Kind::Database)),
    (Kind::Schema, "MesChain\\Exception\\SchemaException", Some(Kind::Database)),
    (Kind::Backend, "MesChain\\Exception\\BackendException", Some(Kind::MesChain)),
    (Kind::NotFound, "MesChain\\Exception\\NotFoundException", Some(Kind::MesChain)),
    (Kind::NotEnoughData, "MesChain\\Exception\\NotEnoughDataException", Some(Kind::MesChain)),
    (Kind::File, "MesChain\\Exception\\FileException", Some(Kind::MesChain)),
    (Kind::CorruptFile, "MesChain\\Exception\\CorruptFileException", Some(Kind::File)),
    (Kind::Limit, "MesChain\\Exception\\LimitException", Some(Kind::MesChain)),
    (Kind::Busy, "MesChain\\Exception\\BusyException", Some(Kind::MesChain)),
    (Kind::Cancelled, "MesChain\\Exception\\CancelledException", Some(Kind::MesChain)),
    (Kind::Unsupported, "MesChain\\Exception\\UnsupportedException", Some(Kind::MesChain)),
    (Kind::Internal, "MesChain\\Exception\\InternalException", Some(Kind::MesChain)),
];

/// The class entries of this module start. They die when the module restarts, so each start stores its own.
static ENTRIES: [AtomicPtr<ClassEntry>; TABLE.len()] =
    [const { AtomicPtr::new(ptr::null_mut()) }; TABLE.len()];

unsafe extern "C" {
    #[link_name = "spl_ce_RuntimeException"]
    static SPL_RUNTIME_EXCEPTION: *mut ClassEntry;
}

fn runtime_exception() -> &'static ClassEntry {
    // SAFETY: PHP's SPL sets this pointer once, before any other module starts, and never frees the class.
    unsafe { SPL_RUNTIME_EXCEPTION.as_ref() }.unwrap_or_else(|| ce::exception())
}

fn entry(kind: Kind) -> &'static ClassEntry {
    let stored = ENTRIES.get(kind as usize).map_or(ptr::null_mut(), |slot| slot.load(Ordering::Acquire));
    // SAFETY: a stored pointer came from the engine at this module start and lives until module shutdown.
    unsafe { stored.as_ref() }.unwrap_or_else(|| runtime_exception())
}

#[expect(clippy::boxed_local, reason = "the type that `registration` wants")]
fn store<const KIND: usize>(class: &'static mut ClassEntry, _arguments: ArgInfoTables) {
    if let Some(slot) = ENTRIES.get(KIND) {
        slot.store(class, Ordering::Release);
    }
}

/// `ClassBuilder` takes plain functions, so parent and storage are picked through const generics.
fn parent_of<const KIND: usize>() -> &'static ClassEntry {
    TABLE.get(KIND).and_then(|(_, _, parent)| *parent).map_or_else(runtime_exception, entry)
}

fn register_one<const KIND: usize>() -> ext_php_rs::error::Result<()> {
    let Some((_, name, parent)) = TABLE.get(KIND) else { return Ok(()) };
    let parent_name =
        parent.and_then(|kind| TABLE.get(kind as usize)).map_or("\\RuntimeException", |row| row.1);
    ClassBuilder::new(*name).extends((parent_of::<KIND>, parent_name)).registration(store::<KIND>).register()
}

/// Registers every class, parents first. For module start only.
pub fn register() -> ext_php_rs::error::Result<()> {
    macro_rules! each {
        ($($kind:literal)*) => { $(register_one::<$kind>()?;)* };
    }
    each!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20);
    Ok(())
}

/// What the binding's methods fail with: an error on its way to PHP.
pub fn to_php(error: &Error) -> PhpException {
    // A NUL in a message would make PHP refuse the exception itself.
    PhpException::new(message(error).replace('\0', "\\0"), 0, entry(kind(error)))
}

fn kind(error: &Error) -> Kind {
    match error {
        Error::Argument { .. } => Kind::Argument,
        Error::Setting { .. } => Kind::Setting,
        Error::NotConfigured { .. } => Kind::NotConfigured,
        Error::Database { fault, .. } => database_kind(*fault),
        Error::Backend { .. } => Kind::Backend,
        Error::NotFound { .. } => Kind::NotFound,
        Error::NotEnoughData { .. } => Kind::NotEnoughData,
        Error::Corrupt { .. } => Kind::CorruptFile,
        Error::Io { .. } => Kind::File,
        Error::Limit { .. } => Kind::Limit,
        Error::Busy { .. } => Kind::Busy,
        Error::Cancelled => Kind::Cancelled,
        Error::Unsupported { .. } => Kind::Unsupported,
        Error::Internal { .. } => Kind::Internal,
    }
}

fn database_kind(fault: DatabaseFault) -> Kind {
    match fault {
        DatabaseFault::Unreachable => Kind::Unreachable,
        DatabaseFault::Denied => Kind::Denied,
        DatabaseFault::Timeout => Kind::Timeout,
        DatabaseFault::Contention => Kind::Contention,
        DatabaseFault::Statement | DatabaseFault::Value => Kind::Statement,
        DatabaseFault::Schema => Kind::Schema,
    }
}

/// What an error says to people.
pub fn message(error: &Error) -> String {
    match error {
        Error::Argument { name, expected, given } => format!("{name}: expected {expected}, {given} given"),
        Error::Setting { name, expected, given } => {
            format!("Setting meschain.{name}: expected {expected}, \"{given}\" given")
        }
        Error::NotConfigured { setting } => {
            format!("meschain.{setting} is not set: set it in php.ini or pass it to the constructor")
        }
        Error::Database { fault, code, detail } => {
            let code = code.map(|code| format!(" (error {code})")).unwrap_or_default();
            format!("{}{code}: {detail}", database_sentence(*fault))
        }
        Error::Backend { backend, detail } => format!("{backend} failed: {detail}"),
        Error::NotFound { what, id } => format!("There is no {what} {id}"),
        Error::NotEnoughData { what, unit, needed, found } => {
            format!("Not enough data for {what}: {needed} {unit} needed, {found} found")
        }
        Error::Corrupt { file, reason } => format!("File {} is refused: {reason}", file.display()),
        Error::Io { path, action, kind } => format!("Could not {action} {}: {kind}", path.display()),
        Error::Limit { what, limit, found } => format!("Too much {what}: at most {limit}, {found} given"),
        Error::Busy { what } => format!("Somebody else is busy with {what}; try again later"),
        Error::Cancelled => "Cancelled".to_owned(),
        Error::Unsupported { what, reason } => format!("{what} is not possible here: {reason}"),
        Error::Internal { what, detail } => format!("Internal error in {what}: {detail}"),
    }
}

fn database_sentence(fault: DatabaseFault) -> &'static str {
    match fault {
        DatabaseFault::Unreachable => "The database cannot be reached",
        DatabaseFault::Denied => "The database refused access",
        DatabaseFault::Timeout => "The database did not answer in time",
        DatabaseFault::Contention => "The database is busy with the same rows",
        DatabaseFault::Statement => "The database refused a statement",
        DatabaseFault::Schema => "A table or column is missing; run `meschain migrate`",
        DatabaseFault::Value => "The database returned a value that does not fit",
    }
}
