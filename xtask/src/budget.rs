//! How many crates do we ask others to trust and to compile?
//!
//! Every dependency is code that a reviewer has to believe and that a laptop has to build. The limits
//! stand here, so that raising one is an edit that somebody reads, with its reason.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

/// Packages in `Cargo.lock`, on all platforms and with what only tests need.
const PACKAGES: usize = 450;

/// Crates that one of ours is built from, itself among them.
const CRATES: &[(&str, usize)] = &[
    // Itself and `libm`: a statistician checks it alone, and its numbers are the same everywhere.
    ("concerted-stats", 2),
    // 59 when the limit was set. 33 of them are `url` with its tables of international domain names, which
    // we could not keep ourselves; the rest is Unicode, hashing, threads and derive macros.
    ("concerted-engine", 60),
];

/// Packages that may compile C, each with the reason.
const C_BUILDS: &[(&str, &str)] = &[
    ("libmimalloc-sys", "the allocator of the program"),
    ("zstd-sys", "Parquet and packed exports use Zstandard"),
    (
        "ring",
        "the watch reads wss:// and posts to https:// webhooks",
    ),
    (
        "iana-time-zone-haiku",
        "never built outside Haiku; comes with arrow",
    ),
];

/// What a package depends on if its build script compiles C or C++.
const C_COMPILERS: &[&str] = &["cc", "cmake", "bindgen", "autotools", "nasm-rs"];

/// Counts the dependencies of the workspace at `root`; returns a line for each limit, and whether all hold.
pub(crate) fn check(root: &Path) -> Result<(String, bool)> {
    let path = root.join("Cargo.lock");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("could not read {}", path.display()))?;
    let lock: Lock =
        toml::from_str(&text).with_context(|| format!("could not parse {}", path.display()))?;

    let mut budget = Budget::default();
    budget.count("packages in Cargo.lock", lock.package.len(), PACKAGES);
    for &(name, limit) in CRATES {
        budget.count(
            &format!("crates under {name}"),
            crates_under(root, name)?,
            limit,
        );
    }
    budget.c_builds(&lock);
    Ok((budget.report, !budget.broken))
}

#[derive(Debug, Default)]
struct Budget {
    report: String,
    broken: bool,
}

impl Budget {
    fn count(&mut self, what: &str, found: usize, limit: usize) {
        let kept = found <= limit;
        self.line(kept, &format!("{what}: {found} of at most {limit}"));
    }

    fn c_builds(&mut self, lock: &Lock) {
        for package in lock.package.iter().filter(|package| package.compiles_c()) {
            let reason = C_BUILDS.iter().find(|(name, _)| *name == package.name);
            match reason {
                Some((name, reason)) => self.line(true, &format!("C in {name}: {reason}")),
                None => self.line(
                    false,
                    &format!("C in {}: not among the packages allowed to", package.name),
                ),
            }
        }
    }

    fn line(&mut self, kept: bool, text: &str) {
        let word = if kept { "ok      " } else { "too much" };
        self.broken |= !kept;
        writeln!(self.report, "{word}  {text}").expect("writing to a string cannot fail");
    }
}

#[derive(Debug, Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Package {
    fn compiles_c(&self) -> bool {
        // A dependency reads "name" or "name version".
        self.dependencies
            .iter()
            .filter_map(|dependency| dependency.split(' ').next())
            .any(|name| C_COMPILERS.contains(&name))
    }
}

/// How many crates are built for `name` on this platform, itself among them, tests not.
fn crates_under(root: &Path, name: &str) -> Result<usize> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["tree", "--locked", "--package", name])
        .args(["--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{p}"])
        .current_dir(root)
        .output()
        .context("could not start `cargo tree`")?;
    ensure!(
        output.status.success(),
        "`cargo tree --package {name}` failed: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(distinct(&String::from_utf8_lossy(&output.stdout)))
}

/// Distinct crates in the listing of `cargo tree`: name and version, without marks for repeats and macros.
fn distinct(listing: &str) -> usize {
    listing
        .lines()
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next().filter(|name| !name.is_empty())?, words.next()?))
        })
        .collect::<BTreeSet<_>>()
        .len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget_of(lock: &str) -> Budget {
        let lock: Lock = toml::from_str(lock).unwrap();
        let mut budget = Budget::default();
        budget.c_builds(&lock);
        budget
    }

    #[test]
    fn a_crate_counts_once() {
        let listing = "a v1.0.0 (folder)\nserde v1.0.1\nserde_derive v1.0.1 (proc-macro)\n\
                       serde v1.0.1 (*)\nsyn v2.0.0\nsyn v3.0.0\n\n";
        assert_eq!(distinct(listing), 5);
    }

    #[test]
    fn compiling_c_needs_a_reason() {
        let known = budget_of("[[package]]\nname = \"zstd-sys\"\ndependencies = [\"cc 1.2\"]\n");
        assert!(!known.broken, "{}", known.report);

        let unknown = budget_of("[[package]]\nname = \"openssl-sys\"\ndependencies = [\"cc\"]\n");
        assert!(unknown.broken);
        assert!(unknown.report.contains("openssl-sys"), "{}", unknown.report);
    }

    #[test]
    fn the_limit_itself_is_allowed() {
        let mut budget = Budget::default();
        budget.count("crates", 2, 2);
        assert!(!budget.broken);
        budget.count("crates", 3, 2);
        assert!(budget.broken);
    }
}
