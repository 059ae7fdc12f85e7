//! `concerted ledger export`: the ledger in the forms that others read.

use crate::ui::Ui;
use anyhow::Result;
use concerted_ledger::export::{Profile, csv, schema_org, stix};
use concerted_ledger::render::{Clock, View, timeline_text};
use std::path::PathBuf;
use std::process::ExitCode;

/// Export a ledger
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The ledger: a file, or a case folder
    ledger: PathBuf,
    /// The form
    #[arg(long, value_enum)]
    to: Form,
    /// Who publishes it, as STIX names the creator
    #[arg(long, default_value = "Unnamed publisher", value_name = "NAME")]
    publisher: String,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Form {
    /// STIX 2.1 with the types of the standard only
    Stix,
    /// STIX 2.1 with the types that `OpenCTI` adds
    StixOpencti,
    /// Schema.org as JSON-LD
    SchemaOrg,
    /// A table for people
    Csv,
    /// A timeline in Markdown
    Markdown,
}

pub(super) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let book = super::open(&args.ledger, ui)?;
    let text = match args.to {
        Form::Stix => stix(&book, Profile::Strict, &args.publisher),
        Form::StixOpencti => stix(&book, Profile::OpenCti, &args.publisher),
        Form::SchemaOrg => schema_org(&book),
        Form::Csv => csv(&book),
        Form::Markdown => timeline_text(
            &book,
            View {
                by: Clock::Said,
                as_of: None,
            },
        ),
    };
    ui.result(text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
