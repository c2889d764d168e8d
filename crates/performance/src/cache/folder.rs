//! Where the machine's tier lies: one folder a boot, since what is not synced may be torn when the machine goes down.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Folders of other boots are removed when nobody wrote to them for so long.
const ABANDONED: Duration = Duration::from_secs(3600);

/// `<data_dir>/cache/boot-<id>`.
pub fn of_this_boot(data_dir: &Path) -> PathBuf {
    let id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let id: String = id.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    data_dir.join("cache").join(format!("boot-{}", if id.is_empty() { "unknown" } else { &id }))
}

/// Removes the folders of earlier boots beside `current`. Best effort.
pub fn remove_abandoned(current: &Path, now: SystemTime) {
    let Some(folders) = current.parent().and_then(|parent| std::fs::read_dir(parent).ok()) else { return };
    for folder in folders.flatten() {
        let path = folder.path();
        let ours = folder.file_name().to_string_lossy().starts_with("boot-");
        let files = std::fs::read_dir(&path).into_iter().flatten().flatten();
        let touched = files.filter_map(|file| file.metadata().and_then(|meta| meta.modified()).ok());
        let last = touched.max().unwrap_or(SystemTime::UNIX_EPOCH);
        let old = now.duration_since(last).is_ok_and(|age| age > ABANDONED);
        if ours && path != current && old {
            let _ = std::fs::remove_dir_all(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_folders_of_other_boots_go() {
        let data = tempfile::tempdir().unwrap();
        let current = of_this_boot(data.path());
        let other = current.with_file_name("boot-other");
        let foreign = current.with_file_name("something");
        for folder in [&current, &other, &foreign] {
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join("data.mdb"), b"x").unwrap();
        }
        remove_abandoned(&current, SystemTime::now());
        assert!(other.exists(), "still in use perhaps");
        remove_abandoned(&current, SystemTime::now() + ABANDONED * 2);
        assert!(current.exists() && foreign.exists() && !other.exists());
    }
}
