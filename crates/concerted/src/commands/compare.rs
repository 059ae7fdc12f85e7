//! `concerted compare`: what the published tools would have said of the same posts, beside ours.

use super::inputs::InputArgs;
use super::summary;
use crate::ui::Ui;
use anyhow::{Context, Result, anyhow, bail};
use clap::builder::PossibleValuesParser;
use concerted_engine::controls::{ControlPlan, controls};
use concerted_engine::groups;
use concerted_engine::normalize::{Understood, understand};
use concerted_engine::pipeline::Plan;
use concerted_engine::presets::{self, Knob, PRESETS, Preset, Settings, ShareTable, Tie};
use concerted_formats::case::tables::RuleTieRow;
use concerted_formats::case::write_table;
use concerted_formats::words::{count, ratio};
use rayon::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Run a published rule on the same posts and lay it beside ours
///
/// Reads posts, runs the rule of a published tool and the search of `concerted scan` on them, and says how
/// many accounts each flags, how many both do, and how many each flags on copies of the same posts with
/// the accounts permuted within six hours, where nobody acts in concert. Each rule has a page under
/// docs/methods/ that says what is reproduced.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = rules())]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: InputArgs,
    /// The published rule
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(PRESETS.iter().map(|preset| preset.name)))]
    preset: String,
    /// The network of the rule, by its published name; without it the first (--help lists them)
    #[arg(long, value_name = "NAME")]
    network: Option<String>,
    /// Longest time between two shares, in seconds
    #[arg(long, value_name = "SECONDS")]
    time_window: Option<u32>,
    /// A second, shorter window in seconds for a second weight (`flag_speed_share` of cooRTweet)
    #[arg(long, value_name = "SECONDS")]
    speed: Option<u32>,
    /// Least number of shares of an account
    #[arg(long, value_name = "N")]
    min_participation: Option<u32>,
    /// Least weight of a tie
    #[arg(long, value_name = "N")]
    min_edge_weight: Option<u32>,
    /// Quantile of the cut, from 0 to 1: of the weights (cooRTweet, coornet), of the cosines (pacheco), of the centralities (luceri)
    #[arg(long, value_name = "SHARE")]
    quantile: Option<f64>,
    /// Least likeness of two texts, from 0 to 1
    #[arg(long, value_name = "SHARE")]
    similarity: Option<f64>,
    /// Least number of different words of a text that is compared
    #[arg(long, value_name = "N")]
    min_words: Option<u32>,
    /// Least number of different objects two accounts have in common; the papers ask for one
    #[arg(long, value_name = "N")]
    shared_objects: Option<u32>,
    /// Tie accounts to themselves as well
    #[arg(long)]
    self_ties: bool,
    /// Copies with permuted accounts; 0 for none
    #[arg(long, value_name = "N", default_value_t = 5)]
    copies: u32,
    /// Seed of the copies
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Write the ties of the rule to this file, CSV or Parquet by its ending
    #[arg(long, value_name = "FILE")]
    edges: Option<PathBuf>,
    /// The result as one JSON object
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "Examples:
  concerted compare posts.csv --preset cooRTweet --network urls --time-window 60
  concerted compare posts.csv --preset qut --network co_link --edges links.csv";

/// What one side said.
struct Side {
    flagged: BTreeSet<u32>,
    /// Accounts flagged on each copy.
    by_chance: Vec<u64>,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let preset = presets::by_name(&args.preset)
        .ok_or_else(|| anyhow!("no preset is called {:?}", args.preset))?;
    let settings = settings(args, preset)?;
    let reading = args.inputs.read(ui)?;
    for input in &reading.inputs {
        ui.note(&summary::input_line(input));
    }
    if reading.posts.is_empty() {
        bail!("no post could be read: {}", summary::why_nothing(&reading));
    }
    let resolution = reading
        .inputs
        .iter()
        .filter(|input| input.posts > 0)
        .map(|input| input.clock.resolution_ms)
        .max()
        .unwrap_or(1_000);
    let plan = Plan::for_resolution(resolution);
    let understood = understand(&reading.posts, &plan.text);
    let network = &preset.networks[settings.network];
    let table = ShareTable::new(&understood, network, resolution);
    if table.corpus.shares.is_empty() {
        bail!(
            "the network {} of {} finds nothing to compare in these posts; choose another with --network: {}",
            network.name,
            preset.name,
            names(preset)
        );
    }
    let ties = preset.ties(&table, &table.corpus.shares, &settings);
    let theirs = Side {
        flagged: presets::flagged(&ties).into_iter().collect(),
        by_chance: (0..u64::from(args.copies))
            .into_par_iter()
            .map(|copy| {
                let shares = presets::permuted(&table, args.seed, copy);
                presets::flagged(&preset.ties(&table, &shares, &settings)).len() as u64
            })
            .collect(),
    };
    let (ours, groups) = ours(&understood, &plan, args);
    if let Some(path) = &args.edges {
        let rows = rows(&table, &ties, preset);
        let count = write_table(path, rows)
            .with_context(|| format!("{} was not written", path.display()))?;
        ui.note(&format!("{count} ties: {}", path.display()));
    }
    let both = theirs.flagged.intersection(&ours.flagged).count() as u64;
    if args.json {
        let side = |side: &Side| {
            json!({ "accounts": side.flagged.len(), "also_flagged_by_the_other": both,
                "only": side.flagged.len() as u64 - both, "accounts_on_permuted_copies": side.by_chance })
        };
        let line = json!({ "type": "compare", "preset": preset.name, "network": network.name,
            "settings": told(preset, &settings, &table).into_iter().collect::<serde_json::Map<_, _>>(),
            "posts": understood.len(), "accounts": table.corpus.account_count(),
            "ties": ties.len(), "ties_kept": ties.iter().filter(|tie| tie.kept).count(),
            "theirs": side(&theirs), "ours": side(&ours), "groups": groups });
        ui.result(&line.to_string())?;
    } else {
        ui.result(&text(
            preset,
            &settings,
            &table,
            &ties,
            [&theirs, &ours],
            groups,
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The accounts that a scan names, on these posts and on permuted copies, and in how many groups.
fn ours(understood: &Understood<'_>, plan: &Plan, args: &Args) -> (Side, usize) {
    let corpus = understood.corpus(&plan.detectors, plan.resolution);
    let found = groups::find(&corpus, &corpus.shares, &plan.groups);
    let copies = ControlPlan {
        permuted: args.copies,
        permuted_within_hour: 0,
        jittered_h: Vec::new(),
        seed: args.seed,
    };
    let by_chance = controls(&corpus, &plan.groups, &copies, &|| {});
    let side = Side {
        flagged: found
            .groups
            .iter()
            .flat_map(|group| group.members.iter().map(|member| member.account))
            .collect(),
        by_chance: by_chance
            .permuted
            .iter()
            .map(|count| u64::from(count.accounts))
            .collect(),
    };
    (side, found.groups.len())
}

/// The published defaults with what the command line changes; a flag that the rule does not read is
/// refused.
fn settings(args: &Args, preset: &Preset) -> Result<Settings> {
    let given = [
        (Knob::Window, "--time-window", args.time_window.is_some()),
        (Knob::FastWindow, "--speed", args.speed.is_some()),
        (
            Knob::MinParticipation,
            "--min-participation",
            args.min_participation.is_some(),
        ),
        (
            Knob::MinWeight,
            "--min-edge-weight",
            args.min_edge_weight.is_some(),
        ),
        (Knob::Quantile, "--quantile", args.quantile.is_some()),
        (Knob::Similarity, "--similarity", args.similarity.is_some()),
        (Knob::MinWords, "--min-words", args.min_words.is_some()),
        (
            Knob::SharedObjects,
            "--shared-objects",
            args.shared_objects.is_some(),
        ),
        (Knob::SelfTies, "--self-ties", args.self_ties),
    ];
    for (knob, flag, given) in given {
        if given && !preset.reads.contains(&knob) {
            let reads: Vec<&str> = given_flags(preset);
            bail!(
                "{flag} means nothing to {}; it reads {}",
                preset.name,
                reads.join(", ")
            );
        }
    }
    for (flag, share) in [
        ("--quantile", args.quantile),
        ("--similarity", args.similarity),
    ] {
        if let Some(share) = share.filter(|share| !(0.0..=1.0).contains(share)) {
            bail!("{flag} is {share}; it must be 0 to 1");
        }
    }
    let network = match &args.network {
        None => 0,
        Some(name) => preset.network(name).ok_or_else(|| {
            anyhow!(
                "{} has no network {name:?}; it has {}",
                preset.name,
                names(preset)
            )
        })?,
    };
    let defaults = preset.defaults;
    Ok(Settings {
        network,
        window_s: args.time_window.map(i64::from).or(defaults.window_s),
        fast_window_s: args.speed.map(i64::from),
        min_participation: args.min_participation,
        min_weight: args.min_edge_weight.unwrap_or(defaults.min_weight),
        quantile: args.quantile.unwrap_or(defaults.quantile),
        similarity: args.similarity.unwrap_or(defaults.similarity),
        min_words: args.min_words.unwrap_or(defaults.min_words),
        shared_objects: args.shared_objects.unwrap_or(defaults.shared_objects),
        self_ties: args.self_ties,
    })
}

fn flag(knob: Knob) -> &'static str {
    match knob {
        Knob::Window => "--time-window",
        Knob::FastWindow => "--speed",
        Knob::MinParticipation => "--min-participation",
        Knob::MinWeight => "--min-edge-weight",
        Knob::Quantile => "--quantile",
        Knob::Similarity => "--similarity",
        Knob::MinWords => "--min-words",
        Knob::SharedObjects => "--shared-objects",
        Knob::SelfTies => "--self-ties",
    }
}

fn given_flags(preset: &Preset) -> Vec<&'static str> {
    preset.reads.iter().map(|&knob| flag(knob)).collect()
}

fn names(preset: &Preset) -> String {
    let names: Vec<&str> = preset.networks.iter().map(|network| network.name).collect();
    names.join(", ")
}

/// The settings that the rule reads, by their flags.
fn told(
    preset: &Preset,
    settings: &Settings,
    table: &ShareTable,
) -> Vec<(String, serde_json::Value)> {
    preset
        .reads
        .iter()
        .map(|&knob| {
            let value = match knob {
                Knob::Window => json!(
                    settings
                        .window_s
                        .or_else(|| presets::interval_s(&table.corpus.shares))
                ),
                Knob::FastWindow => json!(settings.fast_window_s),
                Knob::MinParticipation => json!(preset.least_shares(settings)),
                Knob::MinWeight => json!(settings.min_weight),
                Knob::Quantile => json!(settings.quantile),
                Knob::Similarity => json!(settings.similarity),
                Knob::MinWords => json!(settings.min_words),
                Knob::SharedObjects => json!(settings.shared_objects),
                Knob::SelfTies => json!(settings.self_ties),
            };
            (flag(knob).trim_start_matches("--").to_owned(), value)
        })
        .collect()
}

/// Every rule with its networks and its page, below the long help.
fn rules() -> String {
    let mut text = String::from(EXAMPLES);
    text.push_str("\n\nRules:");
    for preset in PRESETS {
        let _ = write!(
            text,
            "\n  {}\n    {}\n    networks: {}\n    reads: {}\n    page: {}",
            preset.name,
            preset.says,
            names(preset),
            given_flags(preset).join(", "),
            preset.page
        );
    }
    text
}

fn text(
    preset: &Preset,
    settings: &Settings,
    table: &ShareTable,
    ties: &[Tie],
    [theirs, ours]: [&Side; 2],
    groups: usize,
) -> String {
    let network = preset.networks[settings.network].name;
    let set: Vec<String> = told(preset, settings, table)
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    let both = theirs.flagged.intersection(&ours.flagged).count() as u64;
    let kept = ties.iter().filter(|tie| tie.kept).count() as u64;
    let mut text = format!(
        "{} ({}), network {network}: {}\n{} accounts, {} shares of {} objects as the rule sees them\n\n",
        preset.name,
        preset.paper,
        set.join(", "),
        count(table.corpus.account_count() as u64),
        count(table.corpus.shares.len() as u64),
        count(table.corpus.objects.len() as u64),
    );
    let mut row = |what: &str, theirs: &str, ours: &str| {
        let _ = writeln!(text, "{what:<46}{theirs:>18}{ours:>18}");
    };
    let flagged = |side: &Side| count(side.flagged.len() as u64);
    let only = |side: &Side| count(side.flagged.len() as u64 - both);
    row("", preset.name, "concerted");
    row("accounts flagged", &flagged(theirs), &flagged(ours));
    row("  flagged by both", &count(both), &count(both));
    row("  only by this one", &only(theirs), &only(ours));
    row(
        "ties kept (of all), groups",
        &format!("{} ({})", count(kept), count(ties.len() as u64)),
        &count(groups as u64),
    );
    if !theirs.by_chance.is_empty() {
        row(
            &format!(
                "accounts flagged by chance, {} copies",
                theirs.by_chance.len()
            ),
            &chance(&theirs.by_chance),
            &chance(&ours.by_chance),
        );
        text.push_str(
            "\nChance: mean (lowest to highest) on copies of these posts with the accounts permuted within\n\
             six hours, where nobody acts in concert. Whoever is flagged there is flagged for being active\n\
             and sharing what is popular.\n",
        );
    }
    let _ = write!(text, "What is reproduced, and what is not: {}", preset.page);
    text
}

fn chance(copies: &[u64]) -> String {
    let mean = copies.iter().sum::<u64>() as f64 / copies.len().max(1) as f64;
    let (low, high) = (copies.iter().min(), copies.iter().max());
    let mean = if mean >= 10.0 {
        format!("{mean:.0}")
    } else {
        ratio(mean)
    };
    match (low, high) {
        (Some(low), Some(high)) if low != high => format!("{mean} ({low}–{high})"),
        _ => mean,
    }
}

/// The ties as rows, in order of the names.
fn rows<'t>(table: &'t ShareTable, ties: &'t [Tie], preset: &Preset) -> Vec<RuleTieRow<'t>> {
    let name = |account: u32| table.corpus.accounts.name(account);
    let mut rows: Vec<RuleTieRow<'t>> = ties
        .iter()
        .map(|tie| {
            let (mut a, mut b) = (name(tie.accounts.0), name(tie.accounts.1));
            if !preset.directed && a > b {
                (a, b) = (b, a);
            }
            let mut objects: Vec<&str> = tie
                .objects
                .iter()
                .map(|&object| table.corpus.objects.key.get(object as usize))
                .collect();
            objects.sort_unstable();
            RuleTieRow {
                account_a: a.into(),
                account_b: b.into(),
                weight: tie.weight,
                kept: tie.kept,
                mean_lag_s: tie.mean_lag_s,
                objects: objects.into_iter().map(Into::into).collect(),
                fast_weight: tie.fast.map(|fast| fast.weight),
                fast_mean_lag_s: tie.fast.map(|fast| fast.mean_lag_s),
                fast_kept: tie.fast.map(|fast| fast.kept),
            }
        })
        .collect();
    rows.sort_by(|x, y| (&x.account_a, &x.account_b).cmp(&(&y.account_a, &y.account_b)));
    rows
}
