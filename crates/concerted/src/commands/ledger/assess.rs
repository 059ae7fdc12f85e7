//! `concerted ledger assess`: one record against several definitions, criterion by criterion.

use crate::ui::Ui;
use anyhow::{Context, Result, bail};
use concerted_ledger::assess::grid;
use concerted_ledger::packs::{self, Pack};
use std::path::PathBuf;
use std::process::ExitCode;

/// Lay a record against named definitions, criterion by criterion
///
/// Met, not met, or unknown, which is what stands where nobody has answered. No total, no verdict. What only a
/// person can judge, such as state direction and intent, carries that person's name.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The ledger: a file, or a case folder
    ledger: PathBuf,
    /// The id of the record
    id: String,
    /// A definition pack, may be repeated; all eight if none is named
    #[arg(long = "pack", value_name = "NAME")]
    packs: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
    Html,
    Json,
}

pub(super) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let book = super::open(&args.ledger, ui)?;
    if book.get(&args.id).is_none() {
        bail!("{} holds no record `{}`", args.ledger.display(), args.id);
    }
    let chosen: Vec<&Pack> = if args.packs.is_empty() {
        packs::all().iter().collect()
    } else {
        let find = |name: &String| {
            packs::resolve(name).with_context(|| {
                format!(
                    "there is no pack `{name}`; there are {}",
                    packs::names().join(", ")
                )
            })
        };
        args.packs.iter().map(find).collect::<Result<_>>()?
    };
    let grid = grid(&book, &args.id, &chosen);
    let text = match args.format {
        Format::Text => grid.text(),
        Format::Markdown => grid.markdown(),
        Format::Html => grid.html(),
        Format::Json => grid.json(),
    };
    ui.result(text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
