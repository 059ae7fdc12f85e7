//! `concerted ledger read`: what does this article say that somebody said?

use crate::ui::Ui;
use anyhow::{Context, Result};
use concerted_ledger::day::Day;
use concerted_ledger::read::{Origin, article};
use std::path::PathBuf;
use std::process::ExitCode;

/// Propose records from a news article
///
/// Reads plain text or HTML, English so far, and prints proposals as JSON: who said what, with which hedge,
/// told by whom. Nothing enters a ledger; `concerted ledger add --from` asks about each.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  concerted ledger read article.html --url https://example.org/a > proposals.json"
)]
pub(super) struct Args {
    /// The article
    article: PathBuf,
    /// Where it was published
    #[arg(long)]
    url: Option<String>,
    /// Who published it, where the text does not say
    #[arg(long)]
    publisher: Option<String>,
    /// The day it was published, where the text does not say
    #[arg(long, value_name = "DAY")]
    published_on: Option<Day>,
}

pub(super) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let bytes = std::fs::read(&args.article).with_context(|| args.article.display().to_string())?;
    let name = args
        .article
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let origin = Origin {
        name,
        url: args.url.clone(),
        publisher: args.publisher.clone(),
        published_on: args.published_on,
    };
    let proposals = article(&bytes, &origin);
    if proposals.document.published_on.is_none() {
        ui.note("the day of publication is not known; give it with --published-on");
    }
    if !proposals.document.source_flags.is_empty() {
        ui.note("warning: the host of this article is on the list of known manipulation sites");
    }
    ui.note(&format!(
        "{} proposals, {} parties",
        proposals.candidates.len(),
        proposals.agents.len()
    ));
    ui.result(&serde_json::to_string_pretty(&proposals)?)?;
    Ok(ExitCode::SUCCESS)
}
