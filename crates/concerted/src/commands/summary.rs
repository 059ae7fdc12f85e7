//! What a scan says when it is done, for a person who reads once, and for a program.

use concerted_engine::evidence::Dossier;
use concerted_engine::labels::LABELS;
use concerted_engine::pipeline::Findings;
use concerted_formats::case::Written;
use concerted_formats::case::findings::{CaseNames, group_id};
use concerted_formats::read::{InputSummary, Reading};
use concerted_formats::words::{count, day, duration, ratio};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// Groups described one by one; the rest stand in the case.
const SHOWN: usize = 5;

/// One line on what was recognised in an input and what became of its rows.
pub(crate) fn input_line(input: &InputSummary) -> String {
    let mut line = format!(
        "{}: {} ({}); {} rows, {} posts, {} refused, {} doubtful; clock {}",
        input.name,
        input.format,
        input.why,
        count(input.rows),
        count(input.posts),
        count(input.refused),
        count(input.doubted),
        clock(input.clock.resolution_ms),
    );
    for note in &input.notes {
        let _ = write!(line, "\n  {note}");
    }
    line
}

fn clock(resolution_ms: i64) -> String {
    match resolution_ms {
        1 => "to the millisecond".into(),
        1_000 => "to the second".into(),
        60_000 => "to the minute".into(),
        other => format!("in steps of {}", duration(other)),
    }
}

/// Why nothing could be read: the commonest reason and what to do.
pub(crate) fn why_nothing(reading: &Reading) -> String {
    let most = reading
        .problems
        .counts()
        .filter(|problem| problem.3)
        .max_by_key(|problem| problem.4);
    match most {
        Some((file, kind, column, _, rows)) => {
            let name = reading
                .inputs
                .get(file as usize)
                .map_or("the input", |input| input.name.as_str());
            let column = if column.is_empty() {
                String::new()
            } else {
                format!(", column {column}")
            };
            let first =
                reading.problems.list().into_iter().find(|problem| {
                    problem.file == file && problem.kind == kind && problem.refused
                });
            let example = first.map_or_else(String::new, |problem| {
                let row = problem
                    .row
                    .map_or_else(String::new, |row| format!("row {row}: "));
                format!("; {row}{}", problem.detail)
            });
            format!(
                "{name}{column}: {} ({} rows){example}. {}",
                kind.word(),
                count(rows),
                kind.advice()
            )
        }
        None => "the input holds no post".into(),
    }
}

/// The summary as text.
pub(crate) fn text(findings: &Findings<'_>, reading: &Reading, case: &Path) -> String {
    let mut text = String::new();
    read_line(&mut text, findings, reading);
    text.push('\n');
    finding_line(&mut text, findings);
    looks_line(&mut text, findings);
    chance_lines(&mut text, findings);
    let unlabelled = findings
        .dossiers
        .iter()
        .filter(|dossier| dossier.readings.is_empty())
        .count();
    if !findings.dossiers.is_empty() {
        let first = if unlabelled > 0 {
            "Start with those that no innocent reading fits"
        } else {
            "The strongest"
        };
        let _ = write!(text, "\n{first}:\n");
        let shown = if unlabelled > 0 {
            unlabelled.min(SHOWN)
        } else {
            findings.dossiers.len().min(SHOWN)
        };
        for (place, dossier) in findings.dossiers.iter().enumerate().take(shown) {
            group_lines(&mut text, place, dossier, findings);
        }
    }
    if !findings.caveats.is_empty() {
        text.push_str("\nBefore you rely on it:\n");
        for caveat in &findings.caveats {
            let _ = writeln!(text, "  - {}. {}", caveat.says(), caveat.advice());
        }
    }
    let _ = write!(
        text,
        "\nActing together is no proof of deceit, and nothing here says who is behind it.\n\
         The case: {} (report.html to read; groups.csv, members.csv, evidence.parquet to check)",
        case.display()
    );
    text
}

fn read_line(text: &mut String, findings: &Findings<'_>, reading: &Reading) {
    let posts = findings.understood.len();
    let _ = write!(
        text,
        "Read {} posts by {} accounts from {} {}",
        count(posts as u64),
        count(findings.corpus.account_count() as u64),
        reading.inputs.len(),
        if reading.inputs.len() == 1 {
            "input"
        } else {
            "inputs"
        },
    );
    if let (Some(first), Some(last)) = (
        findings.corpus.shares.first(),
        findings.corpus.shares.last(),
    ) {
        let _ = write!(text, ", {} to {} (UTC)", day(first.time), day(last.time));
    }
    let _ = writeln!(
        text,
        ". They share {} things {} times.",
        count(findings.corpus.objects.len() as u64),
        count(findings.corpus.shares.len() as u64)
    );
}

fn finding_line(text: &mut String, findings: &Findings<'_>) {
    let groups = findings.dossiers.len();
    if groups == 0 {
        let _ = writeln!(
            text,
            "No group of accounts acts together more often than chance allows."
        );
        if let Some(closest) = findings.closest {
            let _ = writeln!(
                text,
                "The closest candidate scores {closest:.1} nats; 3 are needed."
            );
        }
        return;
    }
    let accounts: usize = findings
        .dossiers
        .iter()
        .map(|dossier| dossier.group.members.len())
        .sum();
    let unlabelled = findings
        .dossiers
        .iter()
        .filter(|dossier| dossier.readings.is_empty())
        .count();
    let _ = writeln!(
        text,
        "{} of accounts act{} together more often than chance allows: {} accounts in all. \
         {} look{} like something innocent; no innocent reading fits {}.",
        self::groups(groups as u64),
        if groups == 1 { "s" } else { "" },
        count(accounts as u64),
        groups - unlabelled,
        if groups - unlabelled == 1 { "s" } else { "" },
        unlabelled,
    );
}

/// How many groups look like what, by the strongest reading of each.
fn looks_line(text: &mut String, findings: &Findings<'_>) {
    let counts: Vec<String> = LABELS
        .iter()
        .filter_map(|label| {
            let first = |dossier: &&Dossier| {
                dossier
                    .readings
                    .first()
                    .is_some_and(|reading| reading.label == label.id)
            };
            let like = findings.dossiers.iter().filter(first).count();
            (like > 0).then(|| format!("{like} {}", label.id))
        })
        .collect();
    if !counts.is_empty() {
        let _ = writeln!(
            text,
            "They look like: {} (`concerted explain NAME` says what that means).",
            counts.join(", ")
        );
    }
}

fn chance_lines(text: &mut String, findings: &Findings<'_>) {
    let controls = &findings.controls;
    if controls.permuted.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "By chance: {} on {} copies of these posts with the accounts permuted within six hours (at most {} a copy, 95%).",
        groups(controls.groups_by_chance()),
        controls.permuted.len(),
        ratio(controls.groups_per_copy_limit()),
    );
    let within_hour: u64 = controls
        .permuted_within_hour
        .iter()
        .map(|count| u64::from(count.groups))
        .sum();
    if within_hour > 0 {
        let _ = writeln!(
            text,
            "By joint hours: {} on {} copies permuted within the hour, where who is awake together stays together.",
            groups(within_hour),
            controls.permuted_within_hour.len(),
        );
    }
    if !controls.jittered.is_empty() {
        let list: Vec<String> = controls
            .jittered
            .iter()
            .map(|(hours, found)| format!("{} at {hours} h", found.groups))
            .collect();
        let _ = writeln!(
            text,
            "By shared taste: groups left when every time is moved at random: {}.",
            list.join(", ")
        );
    }
}

/// "1 group", "12 groups".
fn groups(number: u64) -> String {
    if number == 1 {
        "1 group".into()
    } else {
        format!("{} groups", count(number))
    }
}

fn group_lines(text: &mut String, place: usize, dossier: &Dossier, findings: &Findings<'_>) {
    let group = &dossier.group;
    let core = group
        .members
        .iter()
        .filter(|member| member.is_core())
        .count();
    let members = match group.members.len() - core {
        0 => "all of them core members".into(),
        probable => format!("{core} core members and {probable} probable ones"),
    };
    let interests = if group.grade.joint_timing {
        "More than shared interests explain"
    } else {
        "Shared interests may explain it"
    };
    let tempo = if group.grade.timed {
        "the timing shows within minutes"
    } else {
        "timing within minutes is not shown"
    };
    let _ = writeln!(
        text,
        "  {}  {} accounts, {members}\n      {} times they shared the same {} within {} of each other, half of them within {}.\n      \
         In these acts they repeated each other {} times; chance gives {}.\n      {interests}; {tempo}. Score {:.1}.",
        group_id(place),
        group.members.len(),
        group.meetings.joint_actions,
        dossier.mostly(&findings.corpus).plural(),
        duration(group.scale_s * 1_000),
        duration(dossier.median_lag),
        count(u64::from(group.meetings.repeats)),
        ratio(group.meetings.expected_repeats),
        group.score,
    );
    if let Some(reading) = dossier.readings.first() {
        let _ = writeln!(
            text,
            "      {}: {}.",
            reading.reading, reading.figures.words
        );
    }
}

/// The summary as JSON lines.
pub(crate) fn json(
    findings: &Findings<'_>,
    reading: &Reading,
    names: &CaseNames,
    written: &Written,
) -> Vec<String> {
    let mut lines: Vec<serde_json::Value> = reading
        .inputs
        .iter()
        .map(|input| {
            json!({ "type": "input", "name": input.name, "sha256": input.sha256, "format": input.format, "why": input.why,
                "rows": input.rows, "posts": input.posts, "refused": input.refused, "doubted": input.doubted,
                "clock_resolution_ms": input.clock.resolution_ms, "clock_source": input.clock.source, "notes": input.notes })
        })
        .collect();
    for (place, dossier) in findings.dossiers.iter().enumerate() {
        let group = &dossier.group;
        let members: Vec<&str> = group
            .members
            .iter()
            .map(|member| names.of(findings.corpus.accounts.name(member.account)))
            .collect();
        lines.push(json!({ "type": "group", "group_id": group_id(place), "accounts": members, "score": group.score,
            "joint_actions": group.meetings.joint_actions, "expected": group.meetings.expected,
            "repeats": group.meetings.repeats, "expected_repeats": group.meetings.expected_repeats, "scale_s": group.scale_s,
            "found_by": group.found_by.word(), "grade": group.grade.words(),
            "looks_like": dossier.readings.iter().map(|reading| reading.label).collect::<Vec<_>>() }));
    }
    for caveat in &findings.caveats {
        lines.push(json!({ "type": "caveat", "id": caveat.id(), "says": caveat.says(), "advice": caveat.advice() }));
    }
    let controls = &findings.controls;
    lines.push(json!({ "type": "scan", "posts": findings.understood.len(), "accounts": findings.corpus.account_count(),
        "shares": findings.corpus.shares.len(), "groups": findings.dossiers.len(),
        "groups_by_chance": controls.groups_by_chance(), "copies": controls.permuted.len(),
        "case": written.dir, "digest": written.digest }));
    lines.into_iter().map(|line| line.to_string()).collect()
}
