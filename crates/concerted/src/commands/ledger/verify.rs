//! `concerted ledger verify`: is the record as it was written?

use crate::ui::Ui;
use anyhow::Result;
use concerted_ledger::custody::{self, CaseChecked};
use concerted_ledger::ledger;
use std::path::PathBuf;
use std::process::ExitCode;

/// Check a ledger, or a case folder with its custody
///
/// Every line, hash and rule; in a case folder also every file, root, seal, signature and stamp. Exit code 1
/// if something is wrong, and the first thing that is wrong is named.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The ledger: a file, or a case folder
    ledger: PathBuf,
}

pub(super) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let path = &args.ledger;
    let said = if path.is_dir() {
        custody::verify(path)?
            .map(|checked| words(&checked))
            .map_err(|wrong| wrong.to_string())
    } else {
        match ledger::read(path)? {
            Ok(verified) => match verified.torn {
                None => Ok(format!(
                    "{}, every line and rule holds",
                    super::count(verified.head.lines, "record", "records")
                )),
                Some(torn) => Err(format!(
                    "{} bytes from byte {} on are a torn line; the next `add` sets it aside",
                    torn.bytes, torn.at
                )),
            },
            Err(wrong) => Err(wrong.to_string()),
        }
    };
    let (text, code) = match said {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(text) => (text, ExitCode::from(1)),
    };
    ui.result(&format!("{}: {text}", path.display()))?;
    Ok(code)
}

/// What was found to hold.
pub(super) fn words(checked: &CaseChecked) -> String {
    let mut text = format!(
        "{}, {} and {} are as they were",
        super::count(checked.records, "record", "records"),
        super::count(checked.entries, "entry of custody", "entries of custody"),
        super::count(checked.files as u64, "file", "files")
    );
    text += if checked.signed {
        "; the signature holds"
    } else {
        "; there is no signature"
    };
    for stamp in &checked.stamps {
        text.push_str("; ");
        text.push_str(stamp);
        text.push_str(" is of this seal (its issuer was not checked)");
    }
    text
}
