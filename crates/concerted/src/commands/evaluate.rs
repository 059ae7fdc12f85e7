//! `concerted evaluate`: a case beside what is known of its accounts.

use crate::ui::Ui;
use anyhow::{Context, Result, anyhow, bail};
use concerted_engine::evaluate::{Evaluation, EvaluationPlan, Known, Named, Part, evaluate};
use concerted_formats::case::Case;
use concerted_formats::figures::evaluation;
use concerted_formats::truth::{self, TruthOptions};
use concerted_formats::words::count;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Say how well a case agrees with what is known
///
/// Reads the groups of a case and a table of truth (`account_id`, and where known `group_id`, role, label) and
/// gives precision, recall and their like for accounts and for groups, with intervals, and the same by
/// role, by label and by innocent reading. There is no accuracy: of many accounts few act in concert, and
/// naming nobody would be right on nearly all.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  concerted evaluate sim.case --truth truth.csv\n  concerted evaluate debate.case --truth planted.csv --where overlay=easy-1 --figure agreement.svg"
)]
pub(crate) struct Args {
    /// The case folder
    case: PathBuf,
    /// What is known, as CSV
    #[arg(long, value_name = "FILE")]
    truth: PathBuf,
    /// Only rows of the truth with this value in this column; may be repeated
    #[arg(long = "where", value_name = "COLUMN=VALUE")]
    only: Vec<String>,
    /// The labels that are sought; by default campaign, 1, true and yes, or every row if there are no labels
    #[arg(long, value_name = "LABEL", value_delimiter = ',')]
    sought: Vec<String>,
    /// Numbers of false alarms at which recall is told
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = EvaluationPlan::default().false_alarms)]
    false_alarms: Vec<u64>,
    /// Draws for the intervals; 0 for none
    #[arg(long, value_name = "N", default_value_t = EvaluationPlan::default().draws)]
    draws: u32,
    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = EvaluationPlan::default().seed)]
    seed: u64,
    /// Draw the figures to this SVG file
    #[arg(long, value_name = "FILE")]
    figure: Option<PathBuf>,
    /// The result as one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let case = Case::open(&args.case)?;
    let mut only = Vec::new();
    for pair in &args.only {
        let (column, value) = pair.split_once('=').ok_or_else(|| {
            anyhow!(
                "--where {pair} has no '='; write --where COLUMN=VALUE, for example --where seed=1"
            )
        })?;
        only.push((column.trim().to_lowercase(), value.trim().to_owned()));
    }
    let options = TruthOptions {
        only,
        sought: args.sought.clone(),
    };
    let mut known = truth::read(&args.truth, &options)?;
    reveal(&case, &mut known)?;
    let mut posts: BTreeMap<String, u64> = BTreeMap::new();
    case.each_post(|post| {
        if let Some(count) = posts.get_mut(post.account_id) {
            *count += 1;
        } else {
            posts.insert(post.account_id.to_owned(), 1);
        }
    })?;
    let here = known
        .iter()
        .filter(|known| posts.contains_key(&known.account))
        .count();
    if here == 0 {
        bail!(
            "no account of {} posted in {}; the account ids of the two must be the same",
            args.truth.display(),
            args.case.display()
        );
    }
    let named = named(&case)?;
    let plan = EvaluationPlan {
        draws: args.draws,
        seed: args.seed,
        false_alarms: args.false_alarms.clone(),
    };
    let core: Vec<Named> = named.iter().filter(|named| named.core).cloned().collect();
    let (all, core) = (
        evaluate(&named, &known, &posts, &plan),
        evaluate(&core, &known, &posts, &plan),
    );
    if let Some(path) = &args.figure {
        let figure = evaluation::figure(&all, "");
        std::fs::write(path, evaluation::standalone(&figure))
            .with_context(|| format!("{} was not written", path.display()))?;
        ui.note(&format!("the figure: {}", path.display()));
    }
    let absent = known
        .iter()
        .filter(|known| known.sought && !posts.contains_key(&known.account))
        .count();
    if args.json {
        let line = json!({ "type": "evaluation", "accounts_in_case": posts.len(), "sought_without_a_post": absent,
            "all": as_json(&all), "core": as_json(&core) });
        ui.result(&line.to_string())?;
    } else {
        ui.result(&text(&all, &core, posts.len(), absent))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A table of truth may be written in the pseudonyms of the case.
fn reveal(case: &Case, known: &mut [Known]) -> Result<()> {
    let accounts: BTreeMap<String, String> = case
        .pseudonyms()?
        .into_iter()
        .map(|row| (row.pseudonym.into_owned(), row.account_id.into_owned()))
        .collect();
    for known in known {
        if let Some(account) = accounts.get(&known.account) {
            known.account.clone_from(account);
        }
    }
    Ok(())
}

/// The members of the groups of a case.
fn named(case: &Case) -> Result<Vec<Named>> {
    let groups: BTreeMap<String, (f64, Vec<String>)> = case
        .groups()?
        .into_iter()
        .map(|group| {
            let readings = group
                .looks_like
                .iter()
                .map(|reading| reading.clone().into_owned());
            (
                group.group_id.into_owned(),
                (group.score, readings.collect()),
            )
        })
        .collect();
    Ok(case
        .members()?
        .into_iter()
        .map(|member| {
            let (score, looks_like) = groups
                .get(member.group_id.as_ref())
                .cloned()
                .unwrap_or_default();
            Named {
                account: member.account_id.into_owned(),
                group: member.group_id.into_owned(),
                core: member.role == "core",
                score,
                looks_like,
            }
        })
        .collect())
}

fn text(all: &Evaluation, core: &Evaluation, accounts: usize, absent: usize) -> String {
    let tally = &all.tally;
    let mut text = format!(
        "Accounts in the case: {}. Sought: {}; of these named: {}, not named: {}. Named and not sought: {}.\n",
        count(accounts as u64),
        tally.hits + tally.missed,
        tally.hits,
        tally.missed,
        tally.false_alarms
    );
    if absent > 0 {
        let _ = writeln!(
            text,
            "Sought and without a post in the case: {absent}; they count as missed."
        );
    }
    let mut row = |what: &str, all: &str, core: &str| {
        let _ = writeln!(text, "{what:<34}{all:>24}{core:>24}");
    };
    row("", "core and probable", "core alone");
    for (all, core) in all.list().iter().zip(core.list()) {
        let told = |value: Option<f64>, middle: Option<(f64, f64)>| match (value, middle) {
            (Some(value), Some((low, high))) => format!("{value:.2} ({low:.2}–{high:.2})"),
            (Some(value), None) => format!("{value:.2}"),
            _ => "–".into(),
        };
        row(
            all.name,
            &told(all.value, all.middle),
            &told(core.value, core.middle),
        );
    }
    for (all, core) in all.recall_at.iter().zip(&core.recall_at) {
        row(
            &format!("recall at {} false alarms", all.0),
            &format!("{:.2}", all.1),
            &format!("{:.2}", core.1),
        );
    }
    let of = |pair: (usize, usize)| format!("{} of {}", pair.1, pair.0);
    row(
        "known groups found",
        &of(all.groups_found),
        &of(core.groups_found),
    );
    row(
        "named groups right",
        &of(all.groups_right),
        &of(core.groups_right),
    );
    for (title, parts, core) in [
        ("Named, by role of those sought", &all.roles, &core.roles),
        ("Named, by label", &all.labels, &core.labels),
        (
            "Sought among the named, by what their group looks like",
            &all.readings,
            &core.readings,
        ),
    ] {
        table(&mut text, title, parts, core);
    }
    if let Some([..]) = all.intervals {
        let _ = write!(
            text,
            "\nIn brackets the middle 95% of draws of whole groups with replacement ({} blocks). Weighted precision\n\
             counts each account as often as it posted. A group is found, or right, by half of its members.",
            all.blocks
        );
    }
    text.trim_end().to_owned()
}

fn table(text: &mut String, title: &str, parts: &[Part], core: &[Part]) {
    let named = |part: &&Part| !part.name.is_empty();
    if !parts.iter().any(|part| named(&part)) {
        return;
    }
    let _ = writeln!(text, "\n{title}:");
    for part in parts.iter().filter(named) {
        let told = |part: &Part| format!("{} of {}", part.part, part.of);
        let core = core
            .iter()
            .find(|core| (&core.name, core.sought) == (&part.name, part.sought))
            .map_or_else(|| "–".into(), told);
        let name = if part.sought {
            part.name.clone()
        } else {
            format!("{} (not sought)", part.name)
        };
        let _ = writeln!(text, "  {name:<32}{:>24}{core:>24}", told(part));
    }
}

fn as_json(evaluation: &Evaluation) -> serde_json::Value {
    let figures: serde_json::Map<String, serde_json::Value> = evaluation
        .list()
        .into_iter()
        .map(|figure| {
            let key = figure.name.to_lowercase().replace([' ', '-'], "_");
            let value = json!({ "value": figure.value, "low": figure.middle.map(|middle| middle.0),
                "high": figure.middle.map(|middle| middle.1) });
            (key, value)
        })
        .collect();
    let parts = |parts: &[Part]| -> Vec<serde_json::Value> {
        parts
            .iter()
            .map(|part| json!({ "name": part.name, "sought": part.sought, "of": part.of, "part": part.part }))
            .collect()
    };
    json!({ "hits": evaluation.tally.hits, "false_alarms": evaluation.tally.false_alarms,
        "missed": evaluation.tally.missed, "blocks": evaluation.blocks, "figures": figures,
        "recall_at_false_alarms": evaluation.recall_at.iter().map(|(alarms, recall)| json!([alarms, recall])).collect::<Vec<_>>(),
        "groups_known": evaluation.groups_found.0, "groups_found": evaluation.groups_found.1,
        "groups_named": evaluation.groups_right.0, "groups_right": evaluation.groups_right.1,
        "named_by_role": parts(&evaluation.roles), "named_by_label": parts(&evaluation.labels),
        "sought_by_reading": parts(&evaluation.readings) })
}
