//! `concerted scan`: from exports to evidenced groups.

use super::inputs::InputArgs;
use super::summary;
use crate::ui::{Line, Ui};
use anyhow::{Context, Result, anyhow, bail};
use concerted_engine::caveats::Caveat;
use concerted_engine::controls::ControlPlan;
use concerted_engine::detectors::{self, DETECTORS, Detector};
use concerted_engine::pipeline::{self, Plan, Stage};
use concerted_formats::case::findings::{self, CaseNames, Run};
use concerted_formats::case::unfinished;
use concerted_formats::read::{Reading, Watch};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// Read posts, find groups that act together, and write a case
///
/// Reads CSV, TSV, NDJSON, JSON, Parquet and XLSX, plain or packed with gzip or zstd, recognises the exports
/// of common tools, and says what it recognised. The summary goes to standard output; the case folder
/// holds the groups, their members, every post they rest on, the network and a report.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  concerted scan posts.csv more-posts.ndjson.gz --case posts.case"
)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: InputArgs,
    /// Folder to write; an earlier case there is replaced
    #[arg(long, value_name = "DIR")]
    case: PathBuf,
    /// Look for these behaviours only (see `concerted detectors`)
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    detectors: Vec<String>,
    /// Copies with permuted accounts on which the same search runs; 0 for none
    #[arg(long, value_name = "N", default_value_t = ControlPlan::default().permuted)]
    controls: u32,
    /// Seed of every random choice
    #[arg(long, value_name = "N", default_value_t = ControlPlan::default().seed)]
    seed: u64,
    /// File with the account ids of bodies that coordinate openly, one a line
    #[arg(long, value_name = "FILE")]
    declared: Option<PathBuf>,
    /// The summary as one JSON object a line
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let swept = unfinished::sweep(&args.case);
    for folder in &swept.removed {
        let folder = folder.display();
        ui.note(&format!(
            "removed {folder}, which an interrupted scan had left"
        ));
    }
    if swept.restored {
        let case = args.case.display();
        ui.note(&format!("put back the earlier case {case}"));
    }
    let reading = args.inputs.read(ui)?;
    for input in &reading.inputs {
        ui.note(&summary::input_line(input));
    }
    if reading.posts.is_empty() {
        bail!("no post could be read: {}", summary::why_nothing(&reading));
    }
    let plan = plan(args, &reading)?;
    let mut findings = {
        let line = Arc::new(Mutex::new(Line::default()));
        let looked_at = Arc::clone(&line);
        let _shown = ui.progress(move || {
            let line = looked_at.lock().unwrap_or_else(PoisonError::into_inner);
            line.clone()
        });
        pipeline::scan(&reading.posts, &plan, &|stage| tell(&line, stage))
    };
    let rows: u64 = reading.inputs.iter().map(|input| input.rows).sum();
    let refused: u64 = reading.inputs.iter().map(|input| input.refused).sum();
    if refused > 0 {
        findings.caveats.push(Caveat::RowsRefused {
            rows: refused,
            of: rows,
        });
    }
    let run = Run {
        made_at: now()?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        command: command(std::env::args()),
    };
    let names = CaseNames::new(&findings, plan.pairs.q);
    let written = {
        let watch = Watch::default();
        let looked_at = watch.clone();
        let _shown = ui.progress(move || {
            let shown = looked_at.shown();
            Line {
                what: format!("writing {}", shown.name),
                done: shown.rows,
                of: shown.of_rows,
                rows: Some(shown.rows),
            }
        });
        findings::write_watched(&args.case, &findings, &reading, &plan, &run, &names, &watch)
            .with_context(|| format!("the case {} was not written", args.case.display()))?
    };
    if args.json {
        for line in summary::json(&findings, &reading, &names, &written) {
            ui.result(&line)?;
        }
    } else {
        ui.result(&summary::text(&findings, &reading, &args.case))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn plan(args: &Args, reading: &Reading) -> Result<Plan> {
    // The coarsest clock decides: a window shorter than its step would compare noise.
    let with_posts = reading.inputs.iter().filter(|input| input.posts > 0);
    let resolution = with_posts
        .map(|input| input.clock.resolution_ms)
        .max()
        .unwrap_or(1_000);
    let mut plan = Plan::for_resolution(resolution);
    if !args.detectors.is_empty() {
        plan.detectors = args
            .detectors
            .iter()
            .map(|id| detector(id))
            .collect::<Result<_>>()?;
    }
    plan.controls = ControlPlan {
        seed: args.seed,
        ..ControlPlan::with_copies(args.controls)
    };
    plan.divisions.seed = args.seed;
    if let Some(path) = &args.declared {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the register {} could not be read", path.display()))?;
        plan.declared = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect();
    }
    Ok(plan)
}

fn detector(id: &str) -> Result<&'static Detector> {
    detectors::by_id(id).ok_or_else(|| {
        let known: Vec<&str> = DETECTORS.iter().map(|detector| detector.id).collect();
        anyhow!(
            "no detector is called {id:?}; there are {}",
            known.join(", ")
        )
    })
}

/// Tells those who wait which stage it is.
fn tell(line: &Mutex<Line>, stage: Stage) {
    let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
    let (what, of) = match stage {
        Stage::Understand => ("comparing links and texts", 0),
        Stage::Groups => ("looking for groups", 0),
        Stage::Pairs => ("counting pairs", 0),
        Stage::Control { of } => ("the same search on copies without signal", of),
        Stage::Evidence => ("gathering the evidence", 0),
        Stage::Divisions => ("asking whether the public is divided", 0),
    };
    if line.what != what {
        *line = Line {
            what: what.to_owned(),
            of: u64::from(of),
            ..Line::default()
        };
    }
    line.done += u64::from(of > 0);
}

/// The command line as it stands in the case: what changes the result, and neither where the case was
/// written nor how the summary was printed.
fn command(args: impl Iterator<Item = String>) -> String {
    let mut words = vec!["concerted".to_owned()];
    let mut args = args.skip(1);
    while let Some(word) = args.next() {
        match word.as_str() {
            "--case" | "--threads" => drop(args.next()),
            "--json" | "-q" | "--quiet" => {}
            other if other.starts_with("--case=") || other.starts_with("--threads=") => {}
            plain
                if plain
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-_./=:,+@".contains(c)) =>
            {
                words.push(word);
            }
            _ => words.push(format!("'{}'", word.replace('\'', r"'\''"))),
        }
    }
    words.push("--case CASE".into());
    words.join(" ")
}

/// The time stamp of the case: `SOURCE_DATE_EPOCH` where it is set, so that a build can be repeated to
/// the byte, else the clock.
pub(super) fn now() -> Result<String> {
    let time = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(epoch) => {
            let seconds = epoch.parse().with_context(|| {
                format!("SOURCE_DATE_EPOCH is {epoch:?} and not a number of seconds")
            })?;
            jiff::Timestamp::from_second(seconds)?
        }
        Err(_) => jiff::Timestamp::now(),
    };
    Ok(jiff::fmt::temporal::DateTimePrinter::new()
        .precision(Some(0))
        .timestamp_to_string(&time))
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn the_command_of_a_case_names_what_changes_the_result() {
        let args =
            "concerted scan a.csv|b c'd.csv|--case|/home/x/y.case|--controls|2|--json|--seed=7|-q";
        let args = args.replacen(' ', "|", 1).replacen(' ', "|", 1);
        assert_eq!(
            command(args.split('|').map(str::to_owned)),
            r"concerted scan a.csv b c'd.csv --controls 2 --seed=7 --case CASE"
                .replace("b c'd.csv", r"'b c'\''d.csv'")
        );
        assert_eq!(
            command(
                ["x", "scan", "--case=/tmp/z", "a"]
                    .map(str::to_owned)
                    .into_iter()
            ),
            "concerted scan a --case CASE"
        );
    }
}
