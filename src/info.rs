//! What `php --ri meschain` and `phpinfo()` show: enough for a support person to see why something is off.

use crate::engine::Engine;
use crate::{lifecycle, settings};
use ext_php_rs::ffi;
use ext_php_rs::zend::ModuleEntry;
use meschain_base::settings::ENTRIES;
use meschain_performance::cache::{CacheOptions, TierStatus};
use meschain_shop::doctor;
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
        table(&backend_rows(&lifecycle::engine(settings)));
    }
}

/// What each backend does, or why it is off. Connects to the database, as it is asked for by a person.
fn backend_rows(engine: &Engine) -> Vec<(String, String)> {
    let word = |check: &doctor::Check| match check.remedy {
        "" => format!("{:?} {}", check.status, check.value),
        remedy => format!("{:?} {} ({remedy})", check.status, check.value),
    };
    let checks = doctor::doctor(engine.settings(), engine.clock().as_ref());
    let mut rows: Vec<_> = checks.iter().map(|check| (check.name.replace('_', " "), word(check))).collect();
    let snapshot = engine.columns().and_then(|store| store.open());
    rows.push((
        "snapshot".to_owned(),
        match snapshot {
            Ok(Some(snapshot)) => format!("{} orders", snapshot.orders().len()),
            Ok(None) => "none (refresh)".to_owned(),
            Err(error) => format!("off: {error:?}"),
        },
    ));
    match engine.cache(CacheOptions::default()) {
        Ok(cache) => {
            rows.extend(cache.status().iter().map(|tier| (format!("cache {}", tier.tier), tier_text(tier))))
        }
        Err(error) => rows.push(("cache".to_owned(), format!("off: {error:?}"))),
    }
    rows
}

fn tier_text(tier: &TierStatus) -> String {
    format!("{} {} {}", tier.backend, tier.state, tier.reason).trim_end().to_owned()
}

fn build_rows() -> Vec<(String, String)> {
    let threads = if ext_php_rs::ffi::USING_ZTS != 0 { "thread safe (ZTS)" } else { "not thread safe (NTS)" };
    let build =
        format!("{} ({}, {})", env!("MESCHAIN_COMMIT"), env!("MESCHAIN_PROFILE"), env!("MESCHAIN_RUSTC"));
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
