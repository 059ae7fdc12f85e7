//! `concerted`: finds accounts that act in concert in public posts, and shows the evidence.

mod commands;
mod ui;

use clap::{Parser, Subcommand};
use commands::{compare, detectors, explain, ledger, replay, report, scan, verify, watch};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Find accounts that act in concert in public posts, and show the evidence
///
/// Reads exports of any platform, finds accounts that share the same things together more often than
/// chance allows, and writes a case folder with every post that each finding rests on. It never says
/// who is behind it, never calls a person a bot, and never judges a view.
///
/// Exit codes: 0 done, 1 the question came out negative (`verify` found a difference), 2 could not be
/// done.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    global: ui::Global,
}

const EXAMPLES: &str = "Examples:
  concerted scan posts.csv --case posts.case
  concerted scan exports/ --map account_id=author --time-zone Europe/Berlin --case desk.case
  concerted explain co-link
  concerted verify desk.case";

#[derive(Debug, Subcommand)]
enum Command {
    Scan(scan::Args),
    Watch(watch::Args),
    Replay(replay::Args),
    Explain(explain::Args),
    Detectors(detectors::Args),
    Compare(compare::Args),
    Ledger(ledger::Args),
    Verify(verify::Args),
    Report(report::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ui = ui::Ui::new(&cli.global);
    let done = match &cli.command {
        Command::Scan(args) => scan::run(args, &ui),
        Command::Watch(args) => watch::run(args, &ui),
        Command::Replay(args) => replay::run(args, &ui),
        Command::Explain(args) => explain::run(args, &ui),
        Command::Detectors(args) => detectors::run(args, &ui),
        Command::Compare(args) => compare::run(args, &ui),
        Command::Ledger(args) => ledger::run(args, &ui),
        Command::Verify(args) => verify::run(args, &ui),
        Command::Report(args) => report::run(args, &ui),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            ui.error(&error);
            ExitCode::from(2)
        }
    }
}
