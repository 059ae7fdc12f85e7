//! `concerted divisions`: whether the public of a case is divided, what the groups play on, and where they
//! stand; again with what a person knows.

use super::ledger;
use crate::ui::Ui;
use anyhow::{Context, Result, anyhow, bail};
use concerted_engine::divisions::seeds::Side;
use concerted_engine::divisions::{DivisionPlan, divisions, words};
use concerted_engine::normalize::near_duplicates::TextPlan;
use concerted_engine::normalize::understand;
use concerted_engine::post::{Post, Posts, Source};
use concerted_formats::case::divisions::{DivisionTables, Which};
use concerted_formats::case::tables::PostRow;
use concerted_formats::case::{Case, edits};
use std::path::PathBuf;
use std::process::ExitCode;

/// Say which divisions the groups of a case play on, and when that cannot be told
///
/// Without options it prints what the scan found. Seeds name the camps and turn them round; they never
/// choose them. With seeds, issues or groups taken as one, everything is computed again from the posts of
/// the case, written beside the scan's tables (`divisions-judged.csv` and its sisters), and the act stands
/// in the case's log.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  concerted divisions desk.case\n  concerted divisions desk.case --seed-a North=alice,bob,#northfirst --seed-b South=carol,dan,#southfirst\n  concerted divisions desk.case --together 3,7 --issues issues.toml"
)]
pub(crate) struct Args {
    /// The case folder
    case: PathBuf,
    /// Three or more account ids or #tags of one side, with a name if it has one
    #[arg(long, value_name = "[NAME=]SEED,...", requires = "seed_b")]
    seed_a: Option<String>,
    /// The same for the other side
    #[arg(long, value_name = "[NAME=]SEED,...", requires = "seed_a")]
    seed_b: Option<String>,
    /// Groups that you take as one operation, by number; may be given again
    #[arg(long, value_name = "GROUP,GROUP,...")]
    together: Vec<String>,
    /// File that names, merges and drops issues (TOML)
    #[arg(long, value_name = "FILE")]
    issues: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, ui: &Ui) -> Result<ExitCode> {
    let case = Case::open(&args.case)?;
    let changed = args.seed_a.is_some() || !args.together.is_empty() || args.issues.is_some();
    let tables = if changed {
        again(args, &case, ui)?
    } else {
        DivisionTables::read(&case, Which::Scanned)?.ok_or_else(|| {
            anyhow!(
                "{} holds no tables of divisions: it was scanned without controls; scan again with --controls 20",
                args.case.display()
            )
        })?
    };
    ui.result(&sentences(&tables))?;
    Ok(ExitCode::SUCCESS)
}

/// What can be said, a sentence a line.
fn sentences(tables: &DivisionTables) -> String {
    let mut lines: Vec<String> = Vec::new();
    if !tables.has_divide() {
        lines.push(words::NOT_ESTABLISHED.to_owned());
    }
    for row in &tables.camps {
        let named = words::population(&row.platform, &row.lang);
        lines.push(format!("In {named}: {}", row.says));
    }
    for side in &tables.sides {
        lines.push(format!("\n{}: {}", side.groups.join(" and "), side.says));
        let rows = tables
            .divisions
            .iter()
            .filter(|row| row.groups == side.groups);
        if let Some(row) = rows.clone().next() {
            lines.push(row.background.to_string());
        }
        for row in rows.filter(|row| row.posts > 0 || row.differs == "below") {
            lines.push(format!("  {}", row.says));
        }
    }
    if !tables.sides.is_empty() {
        lines.push(format!("\n{}", words::CLOSING));
    }
    lines.join("\n")
}

fn again(args: &Args, case: &Case, ui: &Ui) -> Result<DivisionTables> {
    let groups: Vec<String> = case
        .groups()?
        .into_iter()
        .map(|row| row.group_id.into_owned())
        .collect();
    let mut plan = DivisionPlan {
        seed: case.plan().seed,
        ..DivisionPlan::default()
    };
    for (side, given) in [&args.seed_a, &args.seed_b].into_iter().enumerate() {
        if let Some(given) = given {
            plan.seeds[side] = side_of(given)?;
        }
    }
    plan.together = args
        .together
        .iter()
        .map(|list| together(list, &groups))
        .collect::<Result<_>>()?;
    if let Some(path) = &args.issues {
        plan.edits = edits::read(path)?;
    }
    let inputs: Vec<String> = case
        .plan()
        .inputs
        .iter()
        .map(|input| input.name.clone())
        .collect();
    let mut posts = Posts::default();
    for row in case.posts()? {
        posts.push(&post(row?, &inputs));
    }
    let understood = understand(&posts, &TextPlan::default());
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); groups.len()];
    for member in case.members()? {
        if let Some(place) = groups.iter().position(|id| *id == member.group_id)
            && let Some(account) = understood.accounts.find(&member.account_id)
        {
            members[place].push(account);
        }
    }
    let found = divisions(&understood, &members, &plan);
    let tables = DivisionTables::of(&found, &plan, &understood, |file| {
        inputs.get(file as usize).map_or("", String::as_str)
    });
    note_unknown(&plan, &tables, ui);
    // The log comes first, as with everything that a person adds.
    ledger::note_act(
        case.dir(),
        &format!("computed divisions again: {}", reason(args)),
        ui,
    )?;
    tables.write(case.dir(), Which::Judged)?;
    // Only now are the files there whose hashes the log keeps.
    ledger::note_act(case.dir(), "wrote divisions-judged.csv and its sisters", ui)?;
    ui.note(&format!(
        "written beside the scan's tables in {}; the act stands in {}",
        case.dir().display(),
        ledger::custody_file(case.dir()).display()
    ));
    Ok(tables)
}

/// What a person said, for the log.
fn reason(args: &Args) -> String {
    let mut parts = Vec::new();
    for (name, given) in [("seed-a", &args.seed_a), ("seed-b", &args.seed_b)] {
        if let Some(given) = given {
            parts.push(format!("--{name} {given}"));
        }
    }
    parts.extend(
        args.together
            .iter()
            .map(|list| format!("--together {list}")),
    );
    if let Some(path) = &args.issues {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        parts.push(format!("--issues {}: {text}", path.display()));
    }
    parts.join(" ")
}

/// Says which items of the file of issues are not among those listed.
fn note_unknown(plan: &DivisionPlan, tables: &DivisionTables, ui: &Ui) {
    let listed = |item: &String| tables.issues.iter().any(|row| row.item == item.as_str());
    let named = plan.edits.issues.iter().flat_map(|issue| &issue.1);
    let unknown: Vec<&str> = named
        .chain(&plan.edits.dropped)
        .filter(|item| !listed(item))
        .map(String::as_str)
        .collect();
    if !unknown.is_empty() && tables.has_divide() {
        ui.note(&format!(
            "not among the leaning or contested items and left out: {}",
            unknown.join(", ")
        ));
    }
}

/// `NAME=a,b,c` or `a,b,c`.
fn side_of(given: &str) -> Result<Side> {
    let (name, seeds) = given.split_once('=').unwrap_or(("", given));
    let seeds: Vec<String> = seeds
        .split(',')
        .map(str::trim)
        .filter(|seed| !seed.is_empty())
        .map(str::to_owned)
        .collect();
    if seeds.len() < 3 {
        bail!(
            "{given:?} names {} seeds; a side needs at least 3, separated by commas",
            seeds.len()
        );
    }
    Ok(Side {
        name: name.trim().to_owned(),
        seeds,
    })
}

/// `3,7` or `g3,g7` as places among the groups.
fn together(list: &str, groups: &[String]) -> Result<Vec<usize>> {
    let places: Vec<usize> = list
        .split(',')
        .map(str::trim)
        .map(|word| {
            let id = if word.starts_with('g') {
                word.to_owned()
            } else {
                format!("g{word}")
            };
            groups.iter().position(|group| *group == id).ok_or_else(|| {
                anyhow!(
                    "no group is called {id:?}; the case has {} groups",
                    groups.len()
                )
            })
        })
        .collect::<Result<_>>()
        .with_context(|| format!("--together {list}"))?;
    if places.len() < 2 {
        bail!("--together {list} names one group; name at least two, separated by commas");
    }
    Ok(places)
}

/// A post as the scan understood it.
fn post(row: PostRow<'_>, inputs: &[String]) -> Post {
    let owned = |list: Vec<std::borrow::Cow<'_, str>>| {
        list.into_iter()
            .map(std::borrow::Cow::into_owned)
            .collect::<Vec<String>>()
    };
    let file = inputs.iter().position(|name| *name == row.source_file);
    Post {
        post_id: row.post_id.into_owned(),
        account_id: row.account_id.into_owned(),
        account_name: row.account_name.into_owned(),
        time: row.time.0,
        platform: row.platform.into_owned(),
        text: row.text.into_owned(),
        lang: row.lang.into_owned(),
        is_repost: row.is_repost,
        repost_of: row.repost_of.into_owned(),
        repost_of_account: row.repost_of_account.into_owned(),
        quote_of: row.quote_of.into_owned(),
        reply_to: row.reply_to.into_owned(),
        reply_to_account: row.reply_to_account.into_owned(),
        urls: owned(row.urls),
        hashtags: owned(row.hashtags),
        mentions: owned(row.mentions),
        media: owned(row.media),
        objects: owned(row.objects)
            .into_iter()
            .map(|object| {
                let (kind, id) = object.split_once(':').unwrap_or(("", &object));
                (kind.to_owned(), id.to_owned())
            })
            .collect(),
        source: Source {
            file: file.and_then(|file| u32::try_from(file).ok()).unwrap_or(0),
            row: row.source_row,
            sha256: row.raw_sha256.0,
        },
        ..Post::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_and_groups_are_read_and_slips_are_told() {
        let side = side_of("North = a, b,#c").unwrap();
        assert_eq!((side.name.as_str(), side.seeds.len()), ("North", 3));
        assert_eq!(side_of("a,b,c").unwrap().name, "");
        assert!(
            side_of("North=a,b")
                .unwrap_err()
                .to_string()
                .contains("at least 3")
        );
        let groups = ["g1", "g2", "g3"].map(str::to_owned);
        assert_eq!(together("1,g3", &groups).unwrap(), [0, 2]);
        assert!(format!("{:#}", together("1,9", &groups).unwrap_err()).contains("g9"));
        assert!(together("2", &groups).is_err());
    }
}
