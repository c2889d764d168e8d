//! Says at build time what `--ri meschain` later shows: commit, compiler and profile.

use std::process::Command;

fn main() {
    let commit = first_line("git", &["rev-parse", "--short=12", "HEAD"]);
    let rustc = first_line(&std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned()), &["--version"]);
    let profile = std::env::var("PROFILE").unwrap_or_default();
    println!("cargo:rustc-env=MESCHAIN_COMMIT={}", commit.unwrap_or_else(|| "unknown".to_owned()));
    println!("cargo:rustc-env=MESCHAIN_RUSTC={}", rustc.unwrap_or_else(|| "unknown".to_owned()));
    println!("cargo:rustc-env=MESCHAIN_PROFILE={profile}");
    // PHP unloads modules at the end; a thread of ours that is still running must not lose its code under its feet.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo:rerun-if-changed=.git/HEAD");
    println!("cargo:rerun-if-changed=build.rs");
}

fn first_line(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(str::to_owned).filter(|line| output.status.success() && !line.is_empty())
}
