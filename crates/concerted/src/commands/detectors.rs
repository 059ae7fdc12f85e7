//! `concerted detectors`: the behaviours it looks for.

use crate::ui::Ui;
use anyhow::Result;
use concerted_engine::detectors::DETECTORS;
use std::process::ExitCode;

/// List the behaviours to look for
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    for detector in DETECTORS {
        if args.json {
            let card = serde_json::json!({ "type": "detector", "id": detector.id, "question": detector.question, "doc": detector.doc });
            ui.result(&card.to_string())?;
        } else {
            ui.result(&format!("{:<22}{}", detector.id, detector.question))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
