//! Chores of the repository that are more than one line: what `just` and `.ci/run` call.

mod budget;
mod corpus_diff;
mod generated;
mod instructions;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Chores of the repository
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Count the dependencies against what was agreed
    Budget,
    /// Write the generated files anew
    Gen {
        /// Only say which files are out of date, and leave them as they are
        #[arg(long)]
        check: bool,
    },
    /// Count the instructions of the kernels under callgrind and keep the counts
    Instructions {
        /// Hold them against the kept counts instead; fails when one costs over 5 % more
        #[arg(long)]
        check: bool,
    },
    /// Print in Markdown what changed between two cases made from the same corpus
    CorpusDiff {
        /// Case folder made before the change
        old: PathBuf,
        /// Case folder made after the change
        new: PathBuf,
        /// End with 1 where results moved
        #[arg(long)]
        same: bool,
    },
}

fn main() -> ExitCode {
    match run(&Args::parse().chore) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Does one chore; returns whether the question it asks came out well.
fn run(chore: &Chore) -> Result<bool> {
    let mut out = std::io::stdout().lock();
    match chore {
        Chore::Budget => {
            let (report, kept) = budget::check(root())?;
            out.write_all(report.as_bytes())?;
            Ok(kept)
        }
        Chore::Gen { check } => {
            let stale = generated::refresh(root(), *check)?;
            for file in &stale {
                let word = if *check { "out of date" } else { "written" };
                writeln!(out, "{word}: {file}")?;
            }
            if *check && !stale.is_empty() {
                writeln!(out, "run `cargo run -p xtask -- gen` and commit the result")?;
            }
            Ok(!*check || stale.is_empty())
        }
        Chore::Instructions { check } => {
            let (report, kept) = instructions::count(root(), *check)?;
            out.write_all(report.as_bytes())?;
            Ok(kept)
        }
        Chore::CorpusDiff { old, new, same } => {
            let old = corpus_diff::Case::open(old)?;
            let new = corpus_diff::Case::open(new)?;
            out.write_all(corpus_diff::compare(&old, &new).as_bytes())?;
            Ok(!same || old.same_findings(&new))
        }
    }
}

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in a folder of the workspace")
}
