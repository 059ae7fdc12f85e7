//! `concerted explain`: what a detector, label, caveat, problem or column means.

use crate::ui::Ui;
use anyhow::{Result, bail};
use concerted_engine::caveats::Caveat;
use concerted_engine::detectors::{self, DETECTORS};
use concerted_engine::labels::LABELS;
use concerted_formats::case::docs;
use concerted_formats::read::problem::ProblemKind;
use std::fmt::Write as _;
use std::process::ExitCode;

/// The table behind the page on power, made by the program of the studies.
const POWER: &str = include_str!("power.csv");

/// Explain a detector, an innocent reading, a caution, a problem or a column
///
/// `power` tells which groups would have been seen. Without a name it lists what can be explained.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  concerted explain expected")]
pub(crate) struct Args {
    /// What to explain, for example co-link, page-network, coarse-clock, no-zone, expected
    name: Option<String>,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let Some(name) = &args.name else {
        ui.result(&everything())?;
        return Ok(ExitCode::SUCCESS);
    };
    let found = explain(name);
    if found.is_empty() {
        bail!("nothing is called {name:?}; `concerted explain` lists what can be explained");
    }
    ui.result(&found.join("\n\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Every explanation of a name: it may be a column of several tables.
fn explain(name: &str) -> Vec<String> {
    let mut found = Vec::new();
    if name == "power" {
        found.push(power());
    }
    if let Some(detector) = detectors::by_id(name) {
        found.push(format!(
            "{} (detector): {}\n\n{}",
            detector.id,
            detector.question,
            page(detector.doc)
        ));
    }
    for label in LABELS.iter().filter(|label| label.id == name) {
        found.push(format!(
            "{} (innocent reading)\n\n{}.\n\nRule: {}.\nA label explains, it never acquits: a covert group can look the same.",
            label.id, label.reading, label.rule
        ));
    }
    for caveat in Caveat::all().iter().filter(|caveat| caveat.id() == name) {
        found.push(format!("{} (caution)\n\n{}", caveat.id(), caveat.advice()));
    }
    for kind in ProblemKind::ALL.iter().filter(|kind| kind.word() == name) {
        found.push(format!(
            "{} (problem of an input)\n\n{}",
            kind.word(),
            kind.advice()
        ));
    }
    for column in docs::explain(name) {
        let unit = if column.unit.is_empty() {
            String::new()
        } else {
            format!(", in {}", column.unit)
        };
        found.push(format!(
            "{} ({} of {}{unit})\n\n{}",
            column.name,
            column.type_word,
            column.file,
            column.description()
        ));
    }
    found
}

/// Which groups are seen at the default error rate, as one table for each tempo.
fn power() -> String {
    let mut text = String::from(
        "power: which groups are seen\n\nShare of planted campaigns found with the defaults in simulated elections of 20,000 posts, by accounts \
         (down) and joint acts (across); in each act seven of ten members take part. A denser stream needs fewer acts. See docs/methods/power.md.",
    );
    let rows: Vec<Vec<&str>> = POWER
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect();
    let mut tempos: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    tempos.dedup();
    for tempo in tempos {
        let of_tempo: Vec<&Vec<&str>> = rows.iter().filter(|row| row[0] == tempo).collect();
        let mut acts: Vec<&str> = of_tempo.iter().map(|row| row[2]).collect();
        acts.truncate(
            of_tempo
                .iter()
                .take_while(|row| row[1] == of_tempo[0][1])
                .count(),
        );
        let _ = write!(text, "\n\nmean delay {tempo} s\n  accounts");
        for act in &acts {
            let _ = write!(text, "{:>9}", format!("{act} acts"));
        }
        for line in of_tempo.chunks(acts.len()) {
            let _ = write!(text, "\n  {:>8}", line[0][1]);
            for row in line {
                let count = |cell: &str| cell.parse::<f64>().unwrap_or(f64::NAN);
                let _ = write!(text, "{:>9.2}", count(row[4]) / count(row[3]));
            }
        }
    }
    text
}

/// A page as a terminal shows it: headings as they are, without the marks.
fn page(doc: &str) -> String {
    let lines: Vec<&str> = doc
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .map(|line| line.trim_start_matches("# "))
        .collect();
    lines.join("\n").trim().to_owned()
}

fn everything() -> String {
    let mut text = String::from("Detectors:");
    for detector in DETECTORS {
        let _ = write!(text, "\n  {:<24}{}", detector.id, detector.question);
    }
    text.push_str("\n\nInnocent readings:");
    for label in LABELS {
        let _ = write!(text, "\n  {:<24}{}", label.id, label.reading);
    }
    text.push_str("\n\nCautions:");
    for caveat in Caveat::all() {
        let _ = write!(text, "\n  {:<24}{}", caveat.id(), caveat.advice());
    }
    text.push_str("\n\nProblems of an input:");
    for kind in ProblemKind::ALL {
        let _ = write!(text, "\n  {:<24}{}", kind.word(), kind.advice());
    }
    text.push_str("\n\nPower: which groups would have been seen (power).");
    text.push_str("\n\nColumns: any column of the case folder, for example score, expected, lag_s, p_own_tail.");
    text
}
