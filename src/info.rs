//! What `php --ri meschain` and `phpinfo()` show: enough for a support person to see why something is off.

use crate::{lifecycle, settings};
use ext_php_rs::ffi;
use ext_php_rs::zend::ModuleEntry;
use meschain_base::settings::ENTRIES;
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The info function of the module. PHP does not catch panics here, so it catches its own.
pub extern "C" fn print(_module: *mut ModuleEntry) {
    let _ = catch_unwind(AssertUnwindSafe(print_tables));
}

fn print_tables() {
    table(&build_rows());
    let settings = settings::from_environment();
    let rows = match &settings {
        Ok(settings) => {
            let shown = |name: &str| match settings.show(name) {
                text if text.is_empty() => "(not set)".to_owned(),
                text => text,
            };
            ENTRIES.iter().map(|entry| (format!("meschain.{}", entry.name), shown(entry.name))).collect()
        }
        Err(error) => vec![("settings".to_owned(), format!("refused: {error:?}"))],
    };
    table(&rows);
    if let Ok(settings) = settings {
        table(&lifecycle::engine(settings).backend_rows());
    }
}

fn build_rows() -> Vec<(String, String)> {
    let threads = if ext_php_rs::ffi::USING_ZTS != 0 { "thread safe (ZTS)" } else { "not thread safe (NTS)" };
    let build = format!("{} ({}, {})", env!("MESCHAIN_COMMIT"), env!("MESCHAIN_PROFILE"), env!("MESCHAIN_RUSTC"));
    [
        ("MesChain", "enabled"),
        ("Version", env!("CARGO_PKG_VERSION")),
        ("Build", &build),
        ("Thread mode", threads),
        ("Threads in a web request", "1 unless meschain.threads says otherwise"),
        ("Panics", "unwind, become MesChain\\Exception\\InternalException"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn table(rows: &[(String, String)]) {
    // SAFETY: PHP's output layer is up whenever it calls the info function.
    unsafe { ffi::php_info_print_table_start() };
    for (name, value) in rows {
        let text = |text: &str| CString::new(text.replace('\0', "")).unwrap_or_default();
        let (name, value) = (text(name), text(value));
        // SAFETY: two columns are announced and two NUL-terminated strings are given, both alive during the call.
        unsafe { ffi::php_info_print_table_row(2, name.as_ptr(), value.as_ptr()) };
    }
    // SAFETY: closes the table opened above.
    unsafe { ffi::php_info_print_table_end() };
}
