//! The program as a user runs it: arguments in, words, exit codes and a case folder out.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on stops, and one that is skipped says so"
)]

mod bad_input;
mod bars;
mod cases;
mod compare;
mod divisions;
mod evaluate;
mod export;
mod interrupt;
mod ledger;
mod progress;
mod simulate;
mod watch;
mod words;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs the program.
fn concerted(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_concerted"))
        .args(args)
        .env_remove("SOURCE_DATE_EPOCH")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program starts")
}

/// Runs the program, which must succeed, and returns what it says on standard output.
fn succeed(args: &[&str]) -> String {
    let output = concerted(args);
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("the program speaks UTF-8")
}

/// Runs the program, which must refuse with exit code 2, and returns what it says on standard error.
fn refuse(args: &[&str]) -> String {
    let output = concerted(args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    said
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A file of the development corpora, which are not part of the repository.
fn shared(path: &str) -> Option<PathBuf> {
    let path = repository().join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not here", path.display());
    None
}

fn text(path: &Path) -> &str {
    path.to_str().expect("test paths are UTF-8")
}
