//! `concerted ledger show`: everything that bears on one record.

use crate::ui::Ui;
use anyhow::{Result, bail};
use concerted_ledger::day::Day;
use concerted_ledger::render::{Clock, View, show};
use std::path::PathBuf;
use std::process::ExitCode;

/// Show a commitment with all that bears on it
///
/// Reaffirmations, demands, claims, denials, and assessments under each definition, every one with its
/// "according to".
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The ledger: a file, or a case folder
    ledger: PathBuf,
    /// The id of the record
    id: String,
    /// Only what was known on this day
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
}

pub(super) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let book = super::open(&args.ledger, ui)?;
    let view = View {
        by: Clock::Said,
        as_of: args.as_of,
    };
    let Some(text) = show(&book, &args.id, view) else {
        bail!("{} holds no record `{}`", args.ledger.display(), args.id)
    };
    ui.result(text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
