//! `concerted replay`: the watch over history, as of each moment.

use super::inputs::InputArgs;
use super::watch::PromiseArgs;
use crate::ui::Ui;
use anyhow::{Context, Result, bail};
use concerted_engine::detectors;
use concerted_engine::live::{AccountId, Event, Live, LivePlan};
use concerted_engine::normalize::near_duplicates::TextPlan;
use concerted_engine::normalize::understand;
use concerted_engine::post::{Millis, Posts};
use concerted_formats::case::pseudonym::PseudonymKey;
use concerted_watch::score::{Named, Planted, Score, fixed_count, score};
use concerted_watch::wire::{Promise, Speaker};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Run the watch over history and say how early it would have been
///
/// Posts are looked at in order of time, and nothing is known before its time. Alerts go to standard
/// output as `concerted watch` would have told them. With --truth, the last line says for the groups of
/// that table how long the first alert took, at which joint action it came, how much of the campaign was
/// still to come, and how many incidents were false; for the watch and, beside it, for the rule most used
/// in the field, two co-actions of a pair within a minute.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  concerted replay posts.csv --truth groups.csv --quiet | tail -1"
)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: InputArgs,
    /// Table of accounts known to act in concert: the columns `account_id` and `group_id`
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    #[command(flatten)]
    promise: PromiseArgs,
    /// Show account ids instead of pseudonyms, and give the reason in every alert
    #[arg(long, value_name = "REASON")]
    reveal: Option<String>,
    /// Leave the alerts out and print the measures only
    #[arg(long)]
    measures_only: bool,
}

/// A joint action is a thing that two members put before people within so long.
const ACTION: Millis = 3 * 3_600_000;

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let reading = args.inputs.read(ui)?;
    let steps = reading.inputs.iter().map(|input| input.clock.resolution_ms);
    let step = steps.max().unwrap_or(1_000);
    let plan = LivePlan {
        lateness: 0,
        shadow_one_in: 1,
        memory: 4 << 30,
        ..args.promise.plan(step)?
    };
    let speaker = Speaker {
        name: "replay".to_owned(),
        key: PseudonymKey::generate()?,
        reveal: args
            .reveal
            .clone()
            .filter(|reason| !reason.trim().is_empty()),
        promise: Promise {
            alarms: plan.sequential.alarms_per_million,
            per_shares: Some(1_000_000),
            per_days: None,
        },
    };
    let mut alarms: Vec<(Millis, Vec<AccountId>)> = Vec::new();
    let mut live = Live::new(&plan);
    let mut failed = None;
    for post in in_order(&reading.posts) {
        live.arrive(reading.posts.get(post as usize).to_post());
    }
    live.drain(&mut |event| match event {
        Event::Alarm(alarm) => alarms.push((alarm.time, alarm.core)),
        Event::Alert(alert) => {
            if !args.measures_only && failed.is_none() {
                let line = serde_json::to_string(&speaker.line(&alert)).unwrap_or_default();
                failed = ui.result(&line).err();
            }
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    ui.note(&concerted_watch::watch::summary(&live.status(), 0));
    if let Some(truth) = &args.truth {
        ui.result(&measures(&reading.posts, &plan, truth, &alarms, &live)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn in_order(posts: &Posts) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..posts.len())
        .filter_map(|row| u32::try_from(row).ok())
        .collect();
    rows.sort_by_key(|&row| posts.get(row as usize).time());
    rows
}

/// The measures as one JSON object.
fn measures(
    posts: &Posts,
    plan: &LivePlan,
    truth: &Path,
    alarms: &[(Millis, Vec<AccountId>)],
    live: &Live,
) -> Result<String> {
    let understood = understand(posts, &TextPlan::default());
    let behaviours: Vec<_> = plan
        .detectors
        .iter()
        .filter_map(|id| detectors::by_id(id))
        .collect();
    let corpus = understood.corpus(&behaviours, 1);
    let number: BTreeMap<&str, u32> = corpus.accounts.iter().zip(0..).collect();
    let groups = known_groups(truth, &number, &corpus.shares)?;
    let mut next = u32::try_from(number.len()).unwrap_or(u32::MAX);
    let mut others: BTreeMap<String, u32> = BTreeMap::new();
    let named: Vec<Named> = alarms
        .iter()
        .map(|(time, core)| Named {
            time: *time,
            core: core
                .iter()
                .map(|account| {
                    let both = format!("{}:{}", account.platform, account.id);
                    let known = number.get(&*account.id).or_else(|| number.get(&*both));
                    known.copied().unwrap_or_else(|| {
                        *others.entry(both).or_insert_with(|| {
                            next += 1;
                            next
                        })
                    })
                })
                .collect(),
        })
        .collect();
    let shares: Vec<(Millis, u32, u32)> = corpus
        .shares
        .iter()
        .map(|share| (share.time, share.account, share.object))
        .collect();
    let days = match (shares.first(), shares.last()) {
        (Some(first), Some(last)) => (last.0 - first.0) as f64 / 86_400_000.0,
        _ => 0.0,
    };
    let (watch, count) = (
        score(&groups, &named),
        score(&groups, &fixed_count(&shares, 60_000, 2)),
    );
    let per = |score: &Score| -> serde_json::Value {
        let rate = |of: f64| (of > 0.0).then(|| score.false_incidents as f64 / of);
        serde_json::json!({
            "found": score.found(),
            "median_seconds_to_detect": score.median_delay().map(|delay| delay as f64 / 1e3),
            "median_actions_at_alert": score.median_actions(),
            "by_second_action": score.by(2),
            "by_third_action": score.by(3),
            "campaign_still_to_come": score.preventable(),
            "half_named": score.half_named(),
            "incidents": score.incidents,
            "false_incidents": score.false_incidents,
            "false_incidents_per_million_shares": rate(shares.len() as f64 / 1e6),
            "false_incidents_per_day": rate(days),
        })
    };
    let status = live.status();
    Ok(serde_json::json!({
        "format": "concerted replay 1",
        "groups": groups.len(),
        "shares": shares.len(),
        "days": days,
        "watch": per(&watch),
        "two_co_actions_in_60_s": per(&count),
        "promised_chance_alarms_per_million_shares": plan.sequential.alarms_per_million,
        "permuted_shares": status.chance_shares,
        "permuted_incidents": status.chance_incidents,
    })
    .to_string())
}

/// The groups of a table that appear in the shares.
fn known_groups(
    truth: &Path,
    number: &BTreeMap<&str, u32>,
    shares: &[concerted_engine::share::Share],
) -> Result<Vec<Planted>> {
    let text = std::fs::read_to_string(truth)
        .with_context(|| format!("{} could not be read", truth.display()))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines
        .next()
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .collect();
    let column = |name: &str| header.iter().position(|column| *column == name);
    let (Some(account), Some(group)) = (column("account_id"), column("group_id")) else {
        bail!(
            "{} has no columns account_id and group_id; it has {}",
            truth.display(),
            header.join(", ")
        );
    };
    let mut groups: BTreeMap<&str, Planted> = BTreeMap::new();
    for line in lines {
        let cells: Vec<&str> = line
            .split(',')
            .map(|cell| cell.trim().trim_matches('"'))
            .collect();
        if let (Some(account), Some(group)) = (cells.get(account), cells.get(group))
            && let Some(&account) = number.get(account)
        {
            groups.entry(*group).or_default().accounts.insert(account);
        }
    }
    let mut groups: Vec<Planted> = groups.into_values().collect();
    for group in &mut groups {
        let mut by_object: BTreeMap<u32, Vec<(Millis, u32)>> = BTreeMap::new();
        for share in shares
            .iter()
            .filter(|share| group.accounts.contains(&share.account))
        {
            by_object
                .entry(share.object)
                .or_default()
                .push((share.time, share.account));
        }
        for shares in by_object.into_values() {
            let joint = shares
                .windows(2)
                .find(|two| two[0].1 != two[1].1 && two[1].0 - two[0].0 <= ACTION);
            if let Some(joint) = joint {
                group.actions.push(joint[0].0);
                group.posts.extend(shares.iter().map(|share| share.0));
            }
        }
        group.actions.sort_unstable();
    }
    groups.retain(|group| !group.actions.is_empty());
    if groups.is_empty() {
        bail!(
            "no group of {} has two accounts that share a thing here; are the account ids the same?",
            truth.display()
        );
    }
    Ok(groups)
}
