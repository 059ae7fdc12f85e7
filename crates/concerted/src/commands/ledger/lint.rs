//! `concerted ledger lint`: does a text keep to words a reader can trust?

use crate::ui::Ui;
use anyhow::{Context, Result};
use concerted_ledger::lint::check;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check a text for verdicts, missing chains and missing denials
///
/// With a ledger it also sees where a claim is told by its id without the denial beside it. Exit code 1 if
/// something was found.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The text
    text: PathBuf,
    /// The ledger whose denials are to be shown
    #[arg(long)]
    ledger: Option<PathBuf>,
}

pub(super) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let text =
        std::fs::read_to_string(&args.text).with_context(|| args.text.display().to_string())?;
    let mut denied = Vec::new();
    if let Some(path) = &args.ledger {
        let book = super::open(path, ui)?;
        for held in book.all() {
            let id = held.record.id();
            denied.extend(
                book.denials_of(id)
                    .iter()
                    .map(|denial| (id.to_owned(), denial.record.id().to_owned())),
            );
        }
    }
    let slips = check(&text, &denied);
    for slip in &slips {
        ui.result(&format!("{}: {slip}", args.text.display()))?;
    }
    Ok(if slips.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
}
