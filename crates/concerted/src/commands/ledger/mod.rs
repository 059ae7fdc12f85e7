//! `concerted ledger`: who promised, claimed, denied what, and who says so?

mod add;
mod assess;
mod export;
mod lint;
mod read;
mod seal;
mod show;
mod timeline;
mod verify;

use crate::ui::Ui;
use anyhow::{Context, Result};
use clap::Subcommand;
use concerted_ledger::book::Book;
use concerted_ledger::chain::TornTail;
use concerted_ledger::custody;
use concerted_ledger::ledger;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Keep the record of who promised, claimed and denied what
///
/// A ledger is a file of hash-chained lines, or a case folder that holds one. Records are never changed: a
/// correction is a new record that supersedes the old one.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Read(read::Args),
    Add(add::Args),
    Show(show::Args),
    Timeline(timeline::Args),
    Assess(assess::Args),
    Verify(verify::Args),
    Export(export::Args),
    Lint(lint::Args),
    Seal(seal::Args),
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    match &args.verb {
        Verb::Read(args) => read::run(args, ui),
        Verb::Add(args) => add::run(args, ui),
        Verb::Show(args) => show::run(args, ui),
        Verb::Timeline(args) => timeline::run(args, ui),
        Verb::Assess(args) => assess::run(args, ui),
        Verb::Verify(args) => verify::run(args, ui),
        Verb::Export(args) => export::run(args, ui),
        Verb::Lint(args) => lint::run(args, ui),
        Verb::Seal(args) => seal::run(args, ui),
    }
}

/// The file of a ledger: the path itself, or the one in a case folder.
fn file_of(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.join(custody::LEDGER)
    } else {
        path.to_owned()
    }
}

/// The log of a case: who did what to it, when.
pub(crate) fn custody_file(case: &Path) -> PathBuf {
    case.join(custody::CUSTODY)
}

/// Notes in the log of a case what another command did to it.
pub(crate) fn note_act(case: &Path, did: &str, ui: &Ui) -> Result<()> {
    let book = if case.join(custody::LEDGER).exists() {
        open(case, ui)?
    } else {
        Book::default()
    };
    take_custody(case, did, &[], &book, "not named")
}

/// So many of something, in words.
fn count(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Says that a piece of a line was found and where it is now.
fn tell_torn(torn: Option<TornTail>, ui: &Ui) {
    if let Some(torn) = torn {
        let aside = torn.set_aside.unwrap_or_default();
        ui.note(&format!(
            "a crash had left {} bytes of a line, which nobody was told was recorded; they were set aside in {}",
            torn.bytes,
            aside.display()
        ));
    }
}

/// Reads a ledger that has to be whole.
fn open(path: &Path, ui: &Ui) -> Result<Book> {
    let file = file_of(path);
    let verified =
        ledger::read(&file)?.with_context(|| format!("{} cannot be relied on", file.display()))?;
    if let Some(torn) = verified.torn {
        ui.note(&format!(
            "{}: a crash left {} bytes of a line at its end; they were never acknowledged and are not shown",
            file.display(),
            torn.bytes
        ));
    }
    Ok(verified.book)
}

/// Takes a case folder under custody; a ledger that lies by itself has none.
fn take_custody(path: &Path, did: &str, inputs: &[PathBuf], book: &Book, by: &str) -> Result<()> {
    if path.is_dir() {
        let hashes: Vec<String> = book.all().iter().map(|held| held.hash.clone()).collect();
        let version = env!("CARGO_PKG_VERSION");
        custody::take(
            path,
            did,
            version,
            inputs,
            &hashes,
            by,
            jiff::Timestamp::now(),
        )?;
    }
    Ok(())
}

/// Checks ledger and custody of a case that has either: what holds, or the first thing that is wrong.
pub(crate) fn check_case(case: &Path) -> Result<Option<Result<String, String>>> {
    if !case.join(custody::LEDGER).exists() && !case.join(custody::CUSTODY).exists() {
        return Ok(None);
    }
    let checked = custody::verify(case)?;
    Ok(Some(
        checked
            .map(|checked| verify::words(&checked))
            .map_err(|wrong| wrong.to_string()),
    ))
}
