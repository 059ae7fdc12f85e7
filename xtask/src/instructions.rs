//! Did a change make a kernel dearer? Instructions counted under callgrind, held against the last count.
//!
//! Instructions and not seconds: a count is the same on a busy machine and repeats to a few parts in a
//! thousand, so that 5 % is a change of the code. It depends on the compiler, which the file therefore
//! names, and says nothing of memory that is waited for; times are measured by the programs in `bench/`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

/// Where the counts are kept.
const BASELINE: &str = "bench/kernels/baseline.csv";

/// How many times the kept count a kernel may cost.
const MOST: f64 = 1.05;

/// Counts every kernel. With `check` compares with the kept counts, and says whether none is dearer than
/// allowed; without, keeps the new ones.
pub(crate) fn count(root: &Path, check: bool) -> Result<(String, bool)> {
    let program = build(root)?;
    let names = output(Command::new(&program), "the kernels")?.0;
    let mut counts = BTreeMap::new();
    for name in names.lines() {
        let with = instructions(&program, name, 1)?;
        let without = instructions(&program, name, 0)?;
        ensure!(with > without, "{name} did nothing that could be counted");
        counts.insert(name.to_owned(), with - without);
    }
    let path = root.join(BASELINE);
    if check {
        let kept = std::fs::read_to_string(&path)
            .with_context(|| format!("could not read {}", path.display()))?;
        return Ok(compare(&parse(&kept)?, &counts));
    }
    let compiler = output(rustc(), "the compiler")?.0;
    let mut text = format!(
        "# instructions of one run, counted by callgrind; {}\n",
        compiler.trim()
    );
    text.push_str("kernel,instructions\n");
    for (name, count) in &counts {
        let _ = writeln!(text, "{name},{count}");
    }
    std::fs::write(&path, &text).with_context(|| format!("could not write {}", path.display()))?;
    Ok((text, true))
}

fn rustc() -> Command {
    let mut rustc = Command::new("rustc");
    rustc.arg("--version");
    rustc
}

fn build(root: &Path) -> Result<PathBuf> {
    let built = Command::new("cargo")
        .args([
            "build",
            "--release",
            "--package",
            "concerted-bench",
            "--bin",
            "kernels",
        ])
        .current_dir(root)
        .status()
        .context("could not run cargo")?;
    ensure!(built.success(), "the kernels could not be built");
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release/kernels"))
}

/// Instructions of a kernel's program that does its work so many times.
fn instructions(program: &Path, name: &str, times: u32) -> Result<u64> {
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([name, &times.to_string()])
        .env("RAYON_NUM_THREADS", "1");
    let (_, said) = output(valgrind, "valgrind (Debian: apt install valgrind)")?;
    let count = said
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .with_context(|| format!("callgrind gave no count for {name}:\n{said}"))?;
    count
        .1
        .trim()
        .parse()
        .with_context(|| format!("callgrind counted {:?}", count.1))
}

/// What a program says on both outputs, if it ends well.
fn output(mut command: Command, name: &str) -> Result<(String, String)> {
    let output = command
        .output()
        .with_context(|| format!("could not run {name}"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        bail!("{name} ended with {}:\n{said}", output.status);
    }
    Ok((String::from_utf8_lossy(&output.stdout).into_owned(), said))
}

fn parse(kept: &str) -> Result<BTreeMap<String, u64>> {
    kept.lines()
        .filter(|line| !line.starts_with('#') && *line != "kernel,instructions")
        .map(|line| {
            let (name, count) = line
                .split_once(',')
                .with_context(|| format!("{BASELINE} has the line {line:?}"))?;
            Ok((name.to_owned(), count.parse()?))
        })
        .collect()
}

fn compare(kept: &BTreeMap<String, u64>, counts: &BTreeMap<String, u64>) -> (String, bool) {
    let (mut report, mut good) = (String::new(), true);
    for (name, &now) in counts {
        let Some(&then) = kept.get(name) else {
            good = false;
            let _ = writeln!(
                report,
                "{name}: {now} instructions, and none kept; run `just bench-keep`"
            );
            continue;
        };
        let ratio = now as f64 / then as f64;
        let dearer = ratio > MOST;
        good &= !dearer;
        let word = if dearer {
            "dearer than allowed"
        } else {
            "fine"
        };
        let _ = writeln!(
            report,
            "{name}: {now} instructions, {then} kept, {ratio:.3} times: {word}"
        );
    }
    for name in kept.keys().filter(|name| !counts.contains_key(*name)) {
        good = false;
        let _ = writeln!(report, "{name} is kept and no longer there");
    }
    (report, good)
}

#[cfg(test)]
mod tests {
    use super::{compare, parse};

    #[test]
    fn five_percent_more_is_allowed_and_no_more() {
        let kept = parse("# a compiler\nkernel,instructions\njoin,1000\nsort,1000\n").unwrap();
        let counts = |join, sort| [("join".into(), join), ("sort".into(), sort)].into();
        assert!(compare(&kept, &counts(1050, 10)).1);
        assert!(!compare(&kept, &counts(1051, 10)).1);
        assert!(
            !compare(&kept, &[("join".into(), 1000)].into()).1,
            "one is gone"
        );
        let more = [("join".into(), 1), ("sort".into(), 1), ("new".into(), 1)].into();
        assert!(
            !compare(&kept, &more).1,
            "one has no count to be held against"
        );
    }
}
