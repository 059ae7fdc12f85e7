//! What the divisions are worth: power and false alarms on publics drawn for it, and on a table of uses.
//!
//! `cargo run --release -p concerted-engine --example divisions -- WHAT`, where WHAT is
//! * `gate`: how often a divide is said to be there, for camps, fandoms and one crowd;
//! * `sides`: how sets planted on one side and on both are judged;
//! * `plays-on`: how often a rate is said to differ, where it does and where it does not;
//! * `uses FILE.csv [ACCOUNTS]`: the gate on a table with the columns account, camp, kind, item (kinds
//!   `reposted account` and `hashtag`), whole, each camp alone, and with a part replaced by chance;
//! * `scale ACCOUNTS USES`: seconds of each stage on camps of that size.

use concerted_engine::divisions::camps::{CampPlan, two_camps};
use concerted_engine::divisions::gate::{GatePlan, gate};
use concerted_engine::divisions::matrix::{Matrix, Prune};
use concerted_engine::divisions::plays_on::{Differs, Said};
use concerted_engine::divisions::report::Divisions;
use concerted_engine::divisions::sides::Stand;
use concerted_engine::divisions::{DivisionPlan, divisions};
use concerted_engine::normalize::near_duplicates::TextPlan;
use concerted_engine::normalize::understand;
use concerted_engine::post::{Post, Posts};
use concerted_sim::divided::{Divided, PlantedSet};
use concerted_sim::random::Draws;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |place: usize, or: usize| {
        args.get(place)
            .and_then(|arg| arg.parse().ok())
            .unwrap_or(or)
    };
    match args.first().map(String::as_str) {
        Some("gate") => gate_table(),
        Some("sides") => sides_table(),
        Some("plays-on") => plays_on_table(),
        Some("uses") => uses_table(&args[1], number(2, 0)),
        Some("scale") => scale(number(1, 1_000_000), number(2, 10_000_000)),
        _ => say("say gate, sides, plays-on, uses FILE or scale ACCOUNTS USES"),
    }
}

#[expect(
    clippy::print_stdout,
    reason = "the tables are the output of this program"
)]
fn say(line: &str) {
    println!("{line}");
}

/// The divisions of a drawn public and its planted sets.
fn found(public: &Divided) -> Divisions {
    let (drawn, sets) = public.draw();
    let mut posts = Posts::default();
    for post in drawn {
        posts.push(&Post {
            is_repost: Some(!post.repost_of.is_empty()),
            post_id: post.post_id,
            account_id: post.account_id,
            time: post.time_ms,
            platform: post.platform,
            lang: post.lang.to_owned(),
            text: post.text,
            repost_of: post.repost_of,
            repost_of_account: post.repost_of_account,
            hashtags: post.hashtags,
            ..Post::default()
        });
    }
    let understood = understand(&posts, &TextPlan::default());
    let groups: Vec<Vec<u32>> = sets
        .iter()
        .map(|set| {
            set.iter()
                .filter_map(|name| understood.accounts.find(name))
                .collect()
        })
        .collect();
    let plan = DivisionPlan {
        seed: public.seed,
        ..DivisionPlan::default()
    };
    divisions(&understood, &groups, &plan)
}

/// Whether any population was divided, by which channel, and how many camps its axes bear.
fn verdict(found: &Divisions) -> Option<(&'static str, usize)> {
    let population = found.populations.first()?;
    let divide = population.divide.as_ref()?;
    let gate = &population.gates.last()?.1;
    Some((divide.channel.word(), gate.camps))
}

const SEEDS: u64 = 6;

fn gate_table() {
    say("| public | accounts | posts each | own words | divide said | by | camps borne |");
    say("| --- | --- | --- | --- | --- | --- | --- |");
    let fandoms = ["ivy", "oak", "elm", "ash", "yew", "fir", "bay", "fig"];
    let publics: [(&str, &[&str]); 5] = [
        ("two camps", &["north", "south"]),
        ("three camps", &fandoms[..3]),
        ("four fandoms", &fandoms[..4]),
        ("eight fandoms", &fandoms),
        ("one crowd", &["all"]),
    ];
    for (name, crowds) in publics {
        for accounts in [150, 400, 1_000] {
            for own in [0.6, 0.4, 0.2] {
                let (mut said, mut by, mut borne) =
                    (0, std::collections::BTreeMap::new(), Vec::new());
                for seed in 0..SEEDS {
                    let public = Divided {
                        seed,
                        accounts,
                        own,
                        ..Divided::default()
                    }
                    .crowds_of(crowds);
                    if let Some((channel, camps)) = verdict(&found(&public)) {
                        said += 1;
                        *by.entry(channel).or_insert(0) += 1;
                        borne.push(camps);
                    }
                }
                borne.sort_unstable();
                let range = match (borne.first(), borne.last()) {
                    (Some(low), Some(high)) => format!("{low}–{high}"),
                    _ => "–".into(),
                };
                let by: Vec<String> = by.iter().map(|(word, n)| format!("{word} {n}")).collect();
                say(&format!(
                    "| {name} | {accounts} | 20 | {own} | {said} of {SEEDS} | {} | {range} |",
                    by.join(", ")
                ));
            }
        }
    }
}

fn sides_table() {
    say(
        "| own words | members | share on the smaller side | both | mostly one | cannot tell | placed wrongly | power said |",
    );
    say("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for own in [0.6, 0.4] {
        let cells: Vec<(u32, f64)> = [6, 8, 12, 20, 40]
            .into_iter()
            .flat_map(|members| [0.0, 0.1, 0.25, 0.5].map(|second| (members, second)))
            .collect();
        let mut counts = vec![[0u32; 3]; cells.len()];
        let (mut wrong, mut placed, mut power) = (0, 0, vec![Vec::new(); cells.len()]);
        for seed in 0..2 * SEEDS {
            let public = Divided {
                seed: 1_100 + seed,
                accounts: 600,
                own,
                planted: cells
                    .iter()
                    .map(|&(members, second)| PlantedSet {
                        members,
                        crowds: if seed % 2 == 0 { (0, 1) } else { (1, 0) },
                        second,
                        pushes: None,
                    })
                    .collect(),
                ..Divided::default()
            };
            let found = found(&public);
            let Some(divide) = found.populations.first().and_then(|p| p.divide.as_ref()) else {
                continue;
            };
            wrong += divide.placement_error.0;
            placed += divide.placement_error.1;
            for group in &divide.groups {
                let place = match group.sides.1.stand {
                    Stand::Both => 0,
                    Stand::MostlyOne(_) => 1,
                    _ => 2,
                };
                counts[group.groups[0]][place] += 1;
                power[group.groups[0]].push(group.sides.1.power);
            }
        }
        for ((&(members, second), [both, one, none]), power) in
            cells.iter().zip(&counts).zip(&power)
        {
            let share = |n: u32| {
                format!(
                    "{:.2}",
                    f64::from(n) / f64::from((both + one + none).max(1))
                )
            };
            let place = [0.5, 0.25, 0.1]
                .iter()
                .position(|share: &f64| (share - second).abs() < 1e-9);
            let said = place.map_or("–".into(), |place| {
                let sum: f64 = power.iter().map(|power| power[place]).sum();
                format!("{:.2}", sum / power.len().max(1) as f64)
            });
            say(&format!(
                "| {own} | {members} | {second} | {} | {} | {} | {:.3} | {said} |",
                share(*both),
                share(*one),
                share(*none),
                wrong as f64 / placed.max(1) as f64,
            ));
        }
    }
}

fn plays_on_table() {
    say(
        "| members | tags pushed | told above | told below | other issues above | other issues below | percentile of the pushed |",
    );
    say("| --- | --- | --- | --- | --- | --- | --- |");
    let cells: Vec<(u32, f64)> = [6, 10, 20, 40]
        .into_iter()
        .flat_map(|members| [0.0, 0.03, 0.06, 0.12].map(|share| (members, share)))
        .collect();
    let mut sums = vec![([0u32; 3], [0u32; 3], 0.0, 0u32); cells.len()];
    for seed in 0..2 * SEEDS {
        let public = Divided {
            seed: 1_200 + seed,
            accounts: 600,
            planted: cells
                .iter()
                .map(|&(members, share)| PlantedSet {
                    members,
                    crowds: (0, 1),
                    second: 0.5,
                    pushes: (share > 0.0).then(|| ("north5".to_owned(), share)),
                })
                .collect(),
            ..Divided::default()
        };
        let found = found(&public);
        let Some(divide) = found.populations.first().and_then(|p| p.divide.as_ref()) else {
            continue;
        };
        for group in &divide.groups {
            let sum = &mut sums[group.groups[0]];
            for of in &group.emphasis {
                if of.expected < 1.0 {
                    continue;
                }
                let place = match of.said {
                    Said::Ratio {
                        differs: Differs::Above,
                        ..
                    } => 0,
                    Said::Ratio {
                        differs: Differs::Below,
                        ..
                    } => 1,
                    _ => 2,
                };
                if divide.issues[of.issue].name == "#north5" {
                    sum.0[place] += 1;
                    if of.percentile.is_finite() {
                        sum.2 += of.percentile;
                        sum.3 += 1;
                    }
                } else if divide.items[divide.issues[of.issue].items[0]].kind.word() == "hashtag" {
                    sum.1[place] += 1;
                }
            }
        }
    }
    for (&(members, share), (pushed, others, percentile, tested)) in cells.iter().zip(&sums) {
        let part = |counts: &[u32; 3], place: usize| {
            f64::from(counts[place]) / f64::from(counts.iter().sum::<u32>().max(1))
        };
        say(&format!(
            "| {members} | {share} | {:.2} of {} | {:.2} | {:.3} of {} | {:.3} | {:.2} |",
            part(pushed, 0),
            pushed.iter().sum::<u32>(),
            part(pushed, 1),
            part(others, 0),
            others.iter().sum::<u32>(),
            part(others, 1),
            percentile / f64::from((*tested).max(1)),
        ));
    }
}

/// A use: account, camp, kind, item.
type Row = (String, String, String, String);

fn uses_table(path: &str, accounts: usize) {
    let rows: Vec<Row> = csv::Reader::from_path(path)
        .and_then(|mut reader| reader.deserialize().collect())
        .unwrap_or_else(|error| {
            say(&format!("{path}: {error}"));
            Vec::new()
        });
    say(
        "| items | accounts asked | what | draw | effect | agreement | smaller | camps (halves) | verdict | accuracy |",
    );
    say("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut kinds: Vec<&str> = rows.iter().map(|row| row.2.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut camps: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
    camps.sort_unstable();
    camps.dedup();
    for kind in kinds {
        let of_kind: Vec<&Row> = rows.iter().filter(|row| row.2 == kind).collect();
        let draws = if accounts == 0 { 1 } else { 6 };
        for draw in 0..draws {
            one(&of_kind, &camps, (kind, "all"), accounts, draw, |_| true);
            for camp in &camps {
                one(&of_kind, &camps, (kind, camp), accounts, draw, |row| {
                    row.1 == *camp
                });
            }
        }
    }
}

/// The gate on the rows that fit, of so many random accounts (0 for all).
fn one(
    rows: &[&Row],
    camps: &[&str],
    (kind, what): (&str, &str),
    most: usize,
    draw: u64,
    fits: impl Fn(&Row) -> bool,
) {
    let mut names: Vec<&str> = rows
        .iter()
        .filter(|row| fits(row))
        .map(|row| row.0.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut draws = Draws::new(draw, 9);
    draws.shuffle(&mut names);
    if most > 0 {
        names.truncate(most);
    }
    names.sort_unstable();
    let mut items: Vec<&str> = rows.iter().map(|row| row.3.as_str()).collect();
    items.sort_unstable();
    items.dedup();
    let place = |list: &[&str], name: &str| {
        list.binary_search(&name)
            .ok()
            .and_then(|at| u32::try_from(at).ok())
    };
    let mut camp = vec![0; names.len()];
    let mut pairs = Vec::new();
    for row in rows {
        if let (Some(account), Some(item)) = (place(&names, &row.0), place(&items, &row.3)) {
            pairs.push((account, item));
            camp[account as usize] = camps.iter().position(|camp| *camp == row.1).unwrap_or(0);
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let rich = pairs
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|of| of.len() >= 3)
        .count();
    let prune = Prune {
        item_accounts: if rich < 250 { 2 } else { 5 },
        account_items: 3,
    };
    let matrix = Matrix::new(&pairs, prune);
    let asked = gate(&matrix, &CampPlan::default(), &GatePlan::default(), draw);
    let fit = two_camps(&matrix, &CampPlan::default(), 1, draw);
    let right = matrix
        .accounts
        .iter()
        .zip(&fit.side)
        .filter(|(account, side)| (camp[**account as usize] == 1) == **side)
        .count() as f64
        / matrix.accounts.len().max(1) as f64;
    let accuracy = if what == "all" {
        format!("{:.3}", right.max(1.0 - right))
    } else {
        "–".into()
    };
    say(&format!(
        "| {kind} | {} | {what} | {draw} | {:.2} | {:.2} | {} | {} ({}–{}) | {} | {accuracy} |",
        asked.accounts,
        asked.effect,
        asked.agreement,
        asked.smaller,
        asked.camps,
        asked.camps_in_halves.0,
        asked.camps_in_halves.1,
        asked.verdict.word()
    ));
}

/// Two planted camps of so many accounts and uses, and the time that each stage takes.
fn scale(accounts: usize, uses: usize) {
    let items = (accounts / 10).max(1_000) as u64;
    let mut draws = Draws::new(1, 0);
    let mut pairs: Vec<(u32, u32)> = (0..uses)
        .map(|_| {
            let account = draws.below(accounts as u64);
            // A third of the items of each camp, the last third of everybody; popular ones more often.
            let side = if draws.unit() < 0.7 { account % 2 } else { 2 };
            let at = draws.unit();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a place below items"
            )]
            let place = (at * at * (items / 3) as f64) as u64;
            let item = side * (items / 3) + place;
            (
                u32::try_from(account).unwrap_or(0),
                u32::try_from(item).unwrap_or(0),
            )
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    let clock = Instant::now();
    let matrix = Matrix::new(
        &pairs,
        Prune {
            item_accounts: 5,
            account_items: 3,
        },
    );
    say(&format!(
        "matrix: {} accounts, {} items, {} uses: {:.1} s",
        matrix.accounts.len(),
        matrix.items.len(),
        matrix.rows.total(),
        clock.elapsed().as_secs_f64()
    ));
    drop(pairs);
    let clock = Instant::now();
    let asked = gate(&matrix, &CampPlan::default(), &GatePlan::default(), 1);
    say(&format!(
        "gate ({} accounts drawn, {} copies, {} halvings): {:.1} s, {}",
        asked.accounts,
        asked.copies,
        asked.halvings,
        clock.elapsed().as_secs_f64(),
        asked.verdict.word()
    ));
    let clock = Instant::now();
    let fit = two_camps(
        &matrix,
        &CampPlan::default(),
        asked.camps.saturating_sub(1).max(1),
        1,
    );
    let right = matrix
        .accounts
        .iter()
        .zip(&fit.side)
        .filter(|(account, side)| (**account % 2 == 1) == **side)
        .count() as f64
        / matrix.accounts.len() as f64;
    say(&format!(
        "camps: {:.1} s, accuracy {:.4}",
        clock.elapsed().as_secs_f64(),
        right.max(1.0 - right)
    ));
}
