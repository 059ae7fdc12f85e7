//! `concerted report`: the report of a case, with what people say, and with names where they must be.

use super::ledger;
use crate::ui::Ui;
use anyhow::{Context, Result, bail};
use concerted_formats::case::Case;
use concerted_formats::report::judgments::Judgments;
use concerted_formats::report::{self, Options};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Write the report of a case again
///
/// The report is made from the case folder alone. Without options it is, byte by byte, the one that the
/// scan wrote. `--judgments` adds what only people can say; `--reveal` shows account ids and is
/// written to the case's log; `--groups` says how many groups have a dossier with figures. None
/// overwrites the scan's report.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  concerted report desk.case --judgments desk.toml\n  concerted report desk.case --reveal \"referral to the platform, case 14\""
)]
pub(crate) struct Args {
    /// The case folder
    case: PathBuf,
    /// What people judge, as TOML (see docs/formats/judgments.md)
    #[arg(long, value_name = "FILE")]
    judgments: Option<PathBuf>,
    /// Show account ids in place of pseudonyms, for this reason
    #[arg(long, value_name = "REASON")]
    reveal: Option<String>,
    /// How many groups have a dossier with figures: a number or `all`; 20 by default
    #[arg(long, value_name = "N|all", value_parser = groups)]
    groups: Option<usize>,
    /// File to write; by default one in the case folder
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let case = Case::open(&args.case)?;
    let reason = args.reveal.as_deref().map(str::trim);
    if reason == Some("") {
        bail!("--reveal needs a reason; say for whom or for what the accounts are shown");
    }
    let judgments = args
        .judgments
        .as_deref()
        .map(|path| judgments(path, &case))
        .transpose()?;
    let judged = judgments.is_some();
    let page = report::page(
        &case,
        &Options {
            judgments,
            reveal: reason.is_some(),
            full: args.groups.unwrap_or(report::FULL),
        },
    )?;
    let out = args.out.clone().unwrap_or_else(|| {
        case.dir().join(match (reason, judged) {
            (Some(_), _) => "report-revealed.html",
            (None, true) => "report-judged.html",
            (None, false) if args.groups.is_some() => "report-groups.html",
            (None, false) => "report.html",
        })
    });
    if let Some(reason) = reason {
        // The log comes first: no page with names may stand without its line.
        let did = format!("accounts revealed in {}: {reason}", out.display());
        ledger::note_act(case.dir(), &did, ui)?;
        ui.note(&format!(
            "accounts are shown by their ids; the reason stands in {}",
            ledger::custody_file(case.dir()).display()
        ));
    }
    write(
        &out,
        &page,
        args.out.is_some() || reason.is_some() || judged || args.groups.is_some(),
    )?;
    if reason.is_some() {
        ledger::note_act(case.dir(), &format!("wrote {}", out.display()), ui)?;
    }
    ui.result(&out.display().to_string())?;
    Ok(ExitCode::SUCCESS)
}

/// A number of groups, or all of them.
fn groups(text: &str) -> Result<usize, String> {
    match text {
        "all" => Ok(usize::MAX),
        number => number
            .parse()
            .map_err(|_| format!("`{number}` is neither a number nor `all`")),
    }
}

fn judgments(path: &Path, case: &Case) -> Result<Judgments> {
    let groups: Vec<String> = case
        .groups()?
        .into_iter()
        .map(|group| group.group_id.into_owned())
        .collect();
    Judgments::read(path, &groups).context("the judgments were not used")
}

/// Writes the page; the scan's own report is in the manifest of the case and is never changed.
fn write(out: &Path, page: &str, may_replace: bool) -> Result<()> {
    if !may_replace {
        match std::fs::read(out) {
            Ok(there) if there == page.as_bytes() => return Ok(()),
            Ok(_) => bail!(
                "{} differs from the report of this version of the program and is part of the case as scanned; name another file with --out",
                out.display()
            ),
            Err(_) => {}
        }
    }
    std::fs::write(out, page).with_context(|| format!("{} was not written", out.display()))
}
