//! What the benchmarks share: where data lies, how time and memory are taken.

use std::path::{Path, PathBuf};
use std::time::Instant;

/// The folder of data sets: `--data DIR`, else `MESCHAIN_DATA`, else `../shared/data`.
pub fn data_folder() -> PathBuf {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--data").skip(1);
    let named = arguments.next().or_else(|| std::env::var("MESCHAIN_DATA").ok());
    PathBuf::from(named.unwrap_or_else(|| "../shared/data".to_owned()))
}

/// The names that stand before `ending` in a folder's files, ascending.
pub fn sets(folder: &Path, ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names =
        entries.filter_map(|entry| entry.file_name().to_str()?.strip_suffix(ending).map(str::to_owned));
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Seconds for all parts: seven passes over everything, and of each part the quickest one. Passes keep caches honest;
/// short parts keep other work on the machine out.
pub fn quickest<T: Copy>(parts: Vec<T>, work: impl Fn(T)) -> f64 {
    let mut best = vec![f64::MAX; parts.len()];
    for _ in 0..7 {
        for (part, best) in parts.iter().zip(&mut best) {
            let started = Instant::now();
            work(*part);
            *best = best.min(started.elapsed().as_secs_f64());
        }
    }
    best.iter().sum()
}

/// Most memory this process ever held, in MiB.
pub fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or_default();
    let kib: f64 = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0.0);
    kib / 1024.0
}

/// To four decimals.
pub fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
