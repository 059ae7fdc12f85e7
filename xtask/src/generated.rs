//! Which files are written by a program, and are they what it would write today?
//!
//! Every generated file belongs to one test. The test compares the file with what it should be, and
//! writes it instead where the variable `UPDATE` is `1`. So an ordinary test run already notices a stale
//! file; this list is for writing them all at once, and for naming them.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

/// A file and the test that holds it.
#[derive(Debug)]
struct Generated {
    file: &'static str,
    /// The test binary that it stands in.
    binary: &'static str,
    /// Full name of the test, as `cargo test` prints it.
    test: &'static str,
}

const GENERATED: &[Generated] = &[
    Generated {
        file: "docs/decisions/README.md",
        binary: "it",
        test: "documents::decisions_are_indexed",
    },
    Generated {
        file: "docs/formats/case.md",
        binary: "case",
        test: "docs::the_page_on_the_case_folder_is_up_to_date",
    },
];

/// Writes the generated files anew, or with `check` only looks; returns those that were out of date.
pub(crate) fn refresh(root: &Path, check: bool) -> Result<Vec<&'static str>> {
    let mut stale = Vec::new();
    for generated in GENERATED {
        let path = root.join(generated.file);
        let before = std::fs::read(&path).unwrap_or_default();
        let current = run(root, generated, !check)?;
        if check {
            if !current {
                stale.push(generated.file);
            }
            continue;
        }
        ensure!(
            current,
            "the test {} fails even while it writes {}; run it alone to see why",
            generated.test,
            generated.file
        );
        let after = std::fs::read(&path)
            .with_context(|| format!("{} did not write {}", generated.test, generated.file))?;
        if before != after {
            stale.push(generated.file);
        }
    }
    Ok(stale)
}

/// Runs the test of one generated file; returns whether it passed.
fn run(root: &Path, generated: &Generated, write: bool) -> Result<bool> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        // The whole workspace, so that nothing is compiled again with a smaller set of features.
        .args([
            "test",
            "--locked",
            "--workspace",
            "--test",
            generated.binary,
        ])
        .args(["--", "--exact", generated.test])
        .env_remove("UPDATE")
        .current_dir(root);
    if write {
        cargo.env("UPDATE", "1");
    }
    let output = cargo.output().context("could not start `cargo test`")?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    match verdict(&stdout, generated.test) {
        Some(passed) => Ok(passed),
        // No such line: the name is wrong, or the package does not compile.
        None => bail!(
            "the test {} of `{}` did not run: {}",
            generated.test,
            generated.binary,
            String::from_utf8_lossy(&output.stderr).trim()
        ),
    }
}

/// Whether the test passed, from what the test runner printed; nothing if it did not run.
fn verdict(stdout: &str, test: &str) -> Option<bool> {
    let start = format!("test {test} ... ");
    stdout
        .lines()
        .find_map(|line| line.strip_prefix(&start))
        .map(|word| word == "ok")
}

#[cfg(test)]
mod tests {
    use super::verdict;

    #[test]
    fn a_test_that_did_not_run_is_no_success() {
        let printed = "running 1 test\ntest documents::a ... ok\n\ntest result: ok. 1 passed\n";
        assert_eq!(verdict(printed, "documents::a"), Some(true));
        assert_eq!(verdict(printed, "documents::b"), None);
        assert_eq!(
            verdict("test documents::a ... FAILED\n", "documents::a"),
            Some(false)
        );
    }
}
