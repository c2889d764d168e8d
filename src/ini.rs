//! The INI entries and what they say. All are `System`: fixed for the life of the process, so a page cannot point the
//! library at another database.

use ext_php_rs::flags::IniEntryPermission;
use ext_php_rs::zend::{ExecutorGlobals, IniEntryDef, IniEntryDefs};
use meschain_base::settings::ENTRIES;
use parking_lot::Mutex;

macro_rules! entries {
    ($($name:literal = $default:literal,)*) => {
        IniEntryDefs::new([
            $(IniEntryDef::new($name, $default, IniEntryPermission::System),)*
            IniEntryDef::end(),
        ])
    };
}

/// The same names and defaults as `meschain_base::settings::ENTRIES`; PHP wants them as C strings.
/// `tests/phpt/ini_entries.phpt` holds the two together.
static DEFINITIONS: IniEntryDefs<15> = entries! {
    c"meschain.database_url" = c"",
    c"meschain.reporting_database_url" = c"",
    c"meschain.redis_url" = c"",
    c"meschain.memcached" = c"",
    c"meschain.data_dir" = c"",
    c"meschain.threads" = c"0",
    c"meschain.table_prefix" = c"oc_",
    c"meschain.environment" = c"production",
    c"meschain.timezone" = c"Europe/Istanbul",
    c"meschain.database_timeout_ms" = c"5000",
    c"meschain.database_pool" = c"4",
    c"meschain.cache_bytes" = c"268435456",
    c"meschain.key_file" = c"",
    c"meschain.monitor_sample" = c"1",
};

/// Tells PHP about the entries. For module start only.
pub fn register(module_number: i32) {
    IniEntryDef::register(DEFINITIONS.as_slice(), module_number);
}

/// Name (without `meschain.`) and text of every entry, in the order of the settings table.
pub type Values = Vec<(&'static str, String)>;

/// The values are fixed for the process, and reading them clones PHP's whole table: read once.
static READ: Mutex<Option<Values>> = Mutex::new(None);

/// What the INI says.
pub fn values() -> Values {
    READ.lock().get_or_insert_with(read).clone()
}

fn read() -> Values {
    let mut all = ExecutorGlobals::get().ini_values();
    let value = |name: &str| all.remove(&format!("meschain.{name}")).flatten().unwrap_or_default();
    ENTRIES
        .iter()
        .map(|entry| entry.name)
        .map({
            let mut value = value;
            move |name| (name, value(name))
        })
        .collect()
}
