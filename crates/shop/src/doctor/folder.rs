//! Whether the data folder is there, ours to write to, and closed to others: models and exports lie in it.

use super::{Check, Level};
use meschain_base::Settings;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const NAME: &str = "data_dir";

pub fn check(settings: &Settings) -> Check {
    let Some(folder) = settings.data_dir.as_deref() else {
        return Check::new(NAME, Level::Error, "", "set_data_dir");
    };
    let shown = folder.display().to_string();
    match fs::metadata(folder) {
        // It is made when first needed, as long as the folder above is there.
        Err(error) if error.kind() == ErrorKind::NotFound && can_be_made(folder) => {
            Check::new(NAME, Level::Warning, shown, "create_data_dir")
        }
        Err(_) => Check::new(NAME, Level::Error, shown, "create_data_dir"),
        Ok(meta) if !meta.is_dir() => Check::new(NAME, Level::Error, shown, "create_data_dir"),
        Ok(_) if !writable(folder) => Check::new(NAME, Level::Error, shown, "make_data_dir_writable"),
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
            let value = format!("{shown} ({:04o})", meta.permissions().mode() & 0o7777);
            Check::new(NAME, Level::Warning, value, "restrict_data_dir")
        }
        Ok(_) => Check::ok(NAME, shown),
    }
}

fn can_be_made(folder: &Path) -> bool {
    folder
        .ancestors()
        .skip(1)
        .find(|above| above.exists())
        .is_some_and(|above| above.is_dir() && writable(above))
}

/// Tried, not guessed from the mode: the file system may be read-only, or access lists may say otherwise.
fn writable(folder: &Path) -> bool {
    let probe = folder.join(format!(".meschain-probe-{}", std::process::id()));
    let made = fs::OpenOptions::new().write(true).create_new(true).open(&probe).is_ok();
    made && fs::remove_file(&probe).is_ok()
}
