//! What to read and how to read it: the arguments that every reading verb takes.

use crate::ui::{Line, Ui};
use anyhow::{Context, Result, anyhow};
use concerted_formats::read::bytes::Limits;
use concerted_formats::read::{Input, ReadOptions, Reading, Watch, read_watched};
use std::path::PathBuf;

/// Files to read, and what the recognition cannot know.
#[derive(Debug, clap::Args)]
pub(crate) struct InputArgs {
    /// Files or folders to read; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    how: ReadArgs,
}

/// How to read, where the recognition cannot know.
#[derive(Debug, clap::Args)]
pub(crate) struct ReadArgs {
    /// Read as this format and do not guess
    #[arg(long, value_name = "NAME")]
    format: Option<String>,
    /// Take a field from this column, for example --map time=posted
    #[arg(long, value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// Zone of times that carry none: UTC, Europe/Berlin, +02:00
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Order of day and month in dates like 03/04/2024
    #[arg(long, value_name = "ORDER", value_parser = ["dmy", "mdy"])]
    date_order: Option<String>,
    /// A cell that means "nothing", beside the empty one; may be repeated
    #[arg(long, value_name = "VALUE")]
    missing: Vec<String>,
}

impl InputArgs {
    /// The inputs.
    pub(crate) fn inputs(&self) -> Vec<Input> {
        self.files
            .iter()
            .map(|file| {
                if file.as_os_str() == "-" {
                    Input::Stdin
                } else {
                    Input::Path(file.clone())
                }
            })
            .collect()
    }

    /// Reads everything, and shows how far it is.
    pub(crate) fn read(&self, ui: &Ui) -> Result<Reading> {
        let watch = Watch::default();
        let looked_at = watch.clone();
        let _shown = ui.progress(move || {
            let shown = looked_at.shown();
            Line {
                what: format!("reading {}", shown.name),
                done: shown.bytes,
                of: shown.of_bytes,
                rows: Some(shown.rows),
            }
        });
        read_watched(
            &self.inputs(),
            &self.how.options()?,
            &Limits::default(),
            &watch,
        )
        .context("nothing was scanned")
    }
}

impl ReadArgs {
    /// How to read.
    pub(crate) fn options(&self) -> Result<ReadOptions> {
        let map = self
            .map
            .iter()
            .map(|pair| {
                let (field, column) = pair
                    .split_once('=')
                    .ok_or_else(|| anyhow!("--map {pair} has no '='; write --map FIELD=COLUMN, for example --map time=posted_at"))?;
                Ok((field.trim().to_owned(), column.trim().to_owned()))
            })
            .collect::<Result<_>>()?;
        Ok(ReadOptions {
            format: self.format.clone(),
            map,
            time_zone: self.time_zone.clone(),
            date_order: self.date_order.clone(),
            missing: self.missing.clone(),
        })
    }
}
