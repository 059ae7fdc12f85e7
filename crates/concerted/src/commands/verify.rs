//! `concerted verify`: is the case folder as it was written?

use super::ledger;
use crate::ui::Ui;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::ExitCode;

/// Check a case folder against the hashes it carries
///
/// Needs nothing but the folder. Exit code 1 if a file is missing, changed or new.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The case folder
    case: PathBuf,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let differences = concerted_formats::case::verify(&args.case)
        .with_context(|| format!("{} could not be checked", args.case.display()))?;
    if differences.is_empty() {
        ui.result(&format!(
            "{}: every file is as it was written",
            args.case.display()
        ))?;
        // A case that holds records of its own is held by their chain and custody too.
        return match ledger::check_case(&args.case)? {
            None => Ok(ExitCode::SUCCESS),
            Some(Ok(said)) => {
                ui.result(&format!("{}: {said}", args.case.display()))?;
                Ok(ExitCode::SUCCESS)
            }
            Some(Err(wrong)) => {
                ui.result(&wrong)?;
                Ok(ExitCode::from(1))
            }
        };
    }
    for difference in &differences {
        ui.result(&format!("{}: {}", difference.file, difference.detail))?;
    }
    Ok(ExitCode::from(1))
}
