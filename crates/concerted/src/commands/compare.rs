//! `concerted compare`: what the published tools would have said of the same posts.

use super::inputs::InputArgs;
use crate::ui::Ui;
use anyhow::{Context, Result};
use concerted_engine::detectors::DETECTORS;
use concerted_engine::normalize::near_duplicates::TextPlan;
use concerted_engine::normalize::understand;
use concerted_engine::presets;
use concerted_formats::case::tables::RulePairRow;
use concerted_formats::case::write_table;
use std::path::PathBuf;
use std::process::ExitCode;

/// Run a published rule on the same posts
///
/// `cooRTweet` counts every pair of accounts that share an object within the window (both ends
/// included), as CooRTweet 2.1.3 does without its filters. The pairs go to pairs.parquet in the folder
/// given by --out.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  concerted compare shares.csv --preset cooRTweet --time-window 10 --min-participation 1 --out ref"
)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: InputArgs,
    /// The published rule
    #[arg(long, value_name = "NAME", value_parser = ["cooRTweet"])]
    preset: String,
    /// Longest time between two shares, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    time_window: u32,
    /// Least number of shares of an account, and of coordinated shares
    #[arg(long, value_name = "N", default_value_t = 2)]
    min_participation: u32,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let reading = args.inputs.read(ui)?;
    let understood = understand(&reading.posts, &TextPlan::default());
    let resolution = reading
        .inputs
        .iter()
        .map(|input| input.clock.resolution_ms)
        .max()
        .unwrap_or(1_000);
    let corpus = understood.corpus(&DETECTORS.iter().collect::<Vec<_>>(), resolution);
    let rule = presets::CoorTweet {
        time_window_s: i64::from(args.time_window),
        min_participation: args.min_participation,
    };
    let pairs = rule.pairs(&understood, &corpus);
    let mut rows: Vec<RulePairRow<'_>> = pairs
        .iter()
        .map(|pair| {
            let (a, b) = (
                corpus.accounts.name(pair.accounts.0),
                corpus.accounts.name(pair.accounts.1),
            );
            RulePairRow {
                account_a: a.min(b).into(),
                account_b: a.max(b).into(),
                weight: u64::from(pair.weight),
            }
        })
        .collect();
    rows.sort_by(|x, y| (&x.account_a, &x.account_b).cmp(&(&y.account_a, &y.account_b)));
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("the folder {} could not be made", args.out.display()))?;
    let path = args.out.join("pairs.parquet");
    let count =
        write_table(&path, rows).with_context(|| format!("{} was not written", path.display()))?;
    ui.result(&format!(
        "{count} pairs of accounts share an object within {} s ({}, at least {} shares each): {}",
        args.time_window,
        args.preset,
        args.min_participation,
        path.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
