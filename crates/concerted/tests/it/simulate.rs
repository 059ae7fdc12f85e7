//! Simulated elections from the command line: the same bytes again, every format, and a plan as a file.

use super::{refuse, succeed, text};
use concerted_formats::case::Case;
use std::collections::BTreeSet;

#[test]
fn a_plan_that_is_printed_and_read_again_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str| dir.path().join(name);
    let flags = [
        "--posts",
        "3000",
        "--accounts",
        "500",
        "--campaign",
        "easy",
        "--campaign",
        "hard",
        "--both-sides",
    ];
    let printed = succeed(&[&["simulate", "--print-plan"], &flags[..]].concat());
    assert!(
        printed.contains("kind = \"fandom\"") && printed.contains("both_sides = true"),
        "{printed}"
    );
    std::fs::write(file("plan.toml"), &printed).unwrap();

    let make = |name: &str, more: &[&str]| {
        let (out, truth) = (
            file(&format!("{name}.csv")),
            file(&format!("{name}.truth.csv")),
        );
        let args = [
            &["simulate", "--out", text(&out), "--truth", text(&truth)],
            more,
        ]
        .concat();
        let said = succeed(&args);
        assert!(said.contains("planted accounts"), "{said}");
        (
            std::fs::read(out).unwrap(),
            std::fs::read_to_string(truth).unwrap(),
        )
    };
    let (posts, truth) = make("flags", &flags);
    assert!(make("plan", &["--plan", text(&file("plan.toml"))]) == (posts.clone(), truth.clone()));
    assert!(make("other", &[&flags[..], &["--seed", "2"]].concat()).0 != posts);

    let mut rows = csv::Reader::from_reader(truth.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let column = |place: usize| {
        rows.iter()
            .map(|row| row[place].to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert!(
        column(1).is_superset(&["easy-1", "hard-2"].map(str::to_owned).into()),
        "{:?}",
        column(1)
    );
    assert!(
        column(2).is_superset(
            &["persona-a", "persona-b", "fan", "idol", "page", "outlet"]
                .map(str::to_owned)
                .into()
        ),
        "{:?}",
        column(2)
    );
    assert!(
        column(3).is_superset(&["campaign", "fandom", "declared"].map(str::to_owned).into()),
        "{:?}",
        column(3)
    );
}

#[test]
fn every_format_is_scanned_alike_and_the_loud_campaign_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let mut members = Vec::new();
    for name in ["posts.csv", "posts.ndjson", "posts.parquet"] {
        let (out, truth) = (dir.path().join(name), dir.path().join("truth.csv"));
        succeed(&[
            "simulate",
            "--posts",
            "4000",
            "--accounts",
            "1500",
            "--days",
            "14",
            "--no-innocents",
            "--campaign",
            "easy",
            "--out",
            text(&out),
            "--truth",
            text(&truth),
        ]);
        let case = dir.path().join(format!("{name}.case"));
        succeed(&["scan", text(&out), "--case", text(&case), "--controls", "0"]);
        let mut found: Vec<String> = Case::open(&case)
            .unwrap()
            .members()
            .unwrap()
            .iter()
            .map(|member| member.account_id.to_string())
            .collect();
        found.sort();
        members.push(found);

        let said = succeed(&["evaluate", text(&case), "--truth", text(&truth)]);
        let recall: Vec<&str> = said
            .lines()
            .find(|line| line.starts_with("recall "))
            .unwrap()
            .split_whitespace()
            .collect();
        assert_eq!(recall[1], "1.00", "{said}");
        let groups = said
            .lines()
            .find(|line| line.starts_with("known groups found"))
            .unwrap();
        assert!(groups.trim_end().ends_with("1 of 1"), "{said}");
    }
    assert!(members[0].len() >= 10);
    assert_eq!(members[0], members[1]);
    assert_eq!(members[0], members[2]);
}

#[test]
fn what_cannot_be_made_is_said() {
    let said = refuse(&[
        "simulate",
        "--out",
        "p.csv",
        "--truth",
        "t.csv",
        "--shared-taste",
        "2",
    ]);
    assert!(
        said.contains("shared_taste is 2; it must be 0 to 1"),
        "{said}"
    );
    let said = refuse(&["simulate", "--out", "same.csv", "--truth", "same.csv"]);
    assert!(
        said.contains("would both go to same.csv; name two files"),
        "{said}"
    );
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("posts.xls");
    let said = refuse(&[
        "simulate",
        "--posts",
        "10",
        "--out",
        text(&out),
        "--truth",
        "t.csv",
    ]);
    assert!(
        said.contains("posts.xls ends in no format that can be written"),
        "{said}"
    );
    let plan = dir.path().join("plan.toml");
    std::fs::write(&plan, "postes = 3\n").unwrap();
    let said = refuse(&["simulate", "--plan", text(&plan), "--print-plan"]);
    assert!(said.contains("unknown field `postes`"), "{said}");
    let said = refuse(&["simulate", "--start", "yesterday", "--print-plan"]);
    assert!(said.contains("--start yesterday is no day"), "{said}");
}
