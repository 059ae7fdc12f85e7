//! The programs behind the measured pages of the documentation: each prints one page, from the data and the
//! seeds it names, so that every figure there can be made again.
//!
//! `cargo run --release -p concerted-studies -- calibration > docs/methods/calibration.md`, and the same for
//! `power` and `hiding`.

mod calibration;
mod hiding;
mod planted;
mod power;
mod table;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Measure what the documentation says, and print the page
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    study: Study,
}

#[derive(Debug, Subcommand)]
enum Study {
    /// P-values and groups on copies without signal, against what they should be
    Calibration {
        /// Exports to measure on; without any, the corpora that come with the project and a simulated one
        corpora: Vec<PathBuf>,
        /// Copies of each corpus
        #[arg(long, default_value_t = 10)]
        copies: u32,
    },
    /// Which groups are seen: by size, number of joint acts and tempo
    Power {
        /// Write the table that `concerted explain power` reads here
        #[arg(long)]
        csv: Option<PathBuf>,
        /// Corpora for each cell
        #[arg(long, default_value_t = 2)]
        seeds: u64,
    },
    /// What it costs a campaign to hide: one tactic after the other, more and more of it
    Hiding {
        /// Corpora for each cell
        #[arg(long, default_value_t = 2)]
        seeds: u64,
    },
}

fn main() -> ExitCode {
    match run(&Args::parse().study) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(study: &Study) -> Result<()> {
    let page = match study {
        Study::Calibration { corpora, copies } => calibration::page(corpora, *copies)?,
        Study::Power { csv, seeds } => {
            let cells = power::grid(*seeds)?;
            if let Some(path) = csv {
                std::fs::write(path, power::csv(&cells))
                    .with_context(|| format!("{} could not be written", path.display()))?;
            }
            power::page(&cells, *seeds)
        }
        Study::Hiding { seeds } => hiding::page(&hiding::curves(*seeds)?, *seeds),
    };
    std::io::stdout().write_all(page.as_bytes())?;
    Ok(())
}
