//! `concerted`: finds accounts that act in concert in public posts, and shows the evidence.

mod commands;
mod ui;

use clap::{Parser, Subcommand};
use commands::{
    compare, detectors, divisions, evaluate, explain, export, ledger, replay, report, scan,
    simulate, verify, watch,
};
use concerted_formats::case::unfinished;
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
    Simulate(simulate::Args),
    Evaluate(evaluate::Args),
    Divisions(divisions::Args),
    Ledger(ledger::Args),
    Verify(verify::Args),
    Report(report::Args),
    Export(export::Args),
}

/// What the program ends with when it is told to stop.
#[cfg(unix)]
const STOPPED: i32 = 130;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let ui = ui::Ui::new(&cli.global);
    #[cfg(unix)]
    stop_on_signals();
    let done = match &cli.command {
        Command::Scan(args) => scan::run(args, &ui),
        Command::Watch(args) => watch::run(args, &ui),
        Command::Replay(args) => replay::run(args, &ui),
        Command::Explain(args) => explain::run(args, &ui),
        Command::Detectors(args) => detectors::run(args, &ui),
        Command::Compare(args) => compare::run(args, &ui),
        Command::Simulate(args) => simulate::run(args, &ui),
        Command::Evaluate(args) => evaluate::run(args, &ui),
        Command::Divisions(args) => divisions::run(args, &ui),
        Command::Ledger(args) => ledger::run(args, &ui),
        Command::Verify(args) => verify::run(args, &ui),
        Command::Report(args) => report::run(args, &ui),
        Command::Export(args) => export::run(args, &ui),
    };
    while unfinished::interrupted() {
        // The program is being ended, and what failed or was done meanwhile is of no interest.
        std::thread::park();
    }
    match done {
        Ok(code) => code,
        Err(error) => {
            ui.error(&error);
            ExitCode::from(2)
        }
    }
}

/// Lets Ctrl-C and a request to end, which would end the program on the spot, clean up first. Where
/// signals cannot be handled it is the next scan that cleans up.
#[cfg(unix)]
fn stop_on_signals() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    if let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) {
        std::thread::spawn(move || {
            if signals.forever().next().is_some() {
                stop();
            }
        });
    }
}

/// Ends the program at once on Ctrl-C or when the system asks it to end.
#[cfg(unix)]
#[expect(
    clippy::exit,
    reason = "other threads are at work and cannot be waited for"
)]
fn stop() {
    use std::io::Write as _;
    let unfinished = unfinished::interrupt();
    let left = if unfinished > 0 {
        "the case it was writing is removed, and an earlier one at its place stands as it was"
    } else {
        "no case was being written"
    };
    let _ = writeln!(anstream::stderr().lock(), "\nconcerted: stopped; {left}");
    std::process::exit(STOPPED);
}
