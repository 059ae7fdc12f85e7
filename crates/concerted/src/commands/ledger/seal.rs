//! `concerted ledger seal`: take a case folder under custody as it is now.

use crate::ui::Ui;
use anyhow::{Result, bail};
use concerted_ledger::book::Book;
use concerted_ledger::custody;
use concerted_ledger::ledger::Ledger;
use std::path::PathBuf;
use std::process::ExitCode;

/// Take a case folder under custody as it is now
///
/// Writes the SHA-256 of every file into `custody.jsonl` and closes it with `custody.seal`, which can be signed
/// with `minisign -Sm custody.seal` or stamped; keep signature and stamp beside it.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The case folder
    case: PathBuf,
    /// An input from elsewhere whose hash is to be kept, may be repeated
    #[arg(long = "input", value_name = "FILE")]
    inputs: Vec<PathBuf>,
    /// What was done
    #[arg(
        long,
        default_value = "took the folder under custody",
        value_name = "WORDS"
    )]
    did: String,
    /// Who did it
    #[arg(long, value_name = "NAME")]
    by: String,
}

pub(super) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    if !args.case.is_dir() {
        bail!("{} is no folder", args.case.display());
    }
    let has_ledger = args.case.join(custody::LEDGER).exists();
    let book = if has_ledger {
        // Appending nothing sets a torn tail aside, so that what is sealed is whole.
        let mut ledger = Ledger::open(&args.case.join(custody::LEDGER))?;
        let done = ledger.append(Vec::new(), &args.by, jiff::Timestamp::now())?;
        super::tell_torn(done.torn, ui);
        super::open(&args.case, ui)?
    } else {
        Book::default()
    };
    super::take_custody(&args.case, &args.did, &args.inputs, &book, &args.by)?;
    ui.note(&format!("{} is under custody", args.case.display()));
    Ok(ExitCode::SUCCESS)
}
