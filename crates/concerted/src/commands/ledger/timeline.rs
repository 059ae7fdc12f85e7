//! `concerted ledger timeline`: what was said, in order, as it was known on a day.

use crate::ui::Ui;
use anyhow::Result;
use concerted_ledger::day::Day;
use concerted_ledger::render::{Clock, View, timeline, timeline_text};
use std::path::PathBuf;
use std::process::ExitCode;

/// Tell what was said, in order
///
/// A denial stands beside its claim. With `--as-of` only what was known on that day is shown, as it was known
/// then.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The ledger: a file, or a case folder
    ledger: PathBuf,
    /// Order by the day it was said, or the day it became known
    #[arg(long, value_enum, default_value_t = By::Said)]
    by: By,
    /// Only what was known on this day
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
    /// Print the records as JSON Lines
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum By {
    Said,
    Known,
}

pub(super) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let book = super::open(&args.ledger, ui)?;
    let by = match args.by {
        By::Said => Clock::Said,
        By::Known => Clock::Known,
    };
    let view = View {
        by,
        as_of: args.as_of,
    };
    let text = if args.json {
        let lines: Result<Vec<String>, _> = timeline(&book, view)
            .iter()
            .map(|held| serde_json::to_string(&held.record))
            .collect();
        lines?.join("\n")
    } else {
        timeline_text(&book, view)
    };
    ui.result(text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
