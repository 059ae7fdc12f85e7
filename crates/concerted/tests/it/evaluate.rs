//! A case beside what is known: the table, the JSON and the figure say the same.

use super::cases::five_among_strangers;
use super::{refuse, succeed, text};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A case in which five accounts m0 to m4 act together, and a truth in which m4 is a bystander and m5 and m6,
/// who never act, belong to the group.
fn case(dir: &Path) -> (PathBuf, PathBuf) {
    let mut rows = String::from("post_id,account_id,time,url\n");
    let mut id = 0;
    let mut row = |account: String, seconds: usize, link: String| {
        id += 1;
        let _ = writeln!(rows, "{id},{account},{},{link}", 1_630_000_000 + seconds);
    };
    five_among_strangers(|_| String::new(), &mut row);
    row("m5".into(), 50, "https://own.example/1".into());
    let (input, truth, case) = (
        dir.join("posts.csv"),
        dir.join("truth.csv"),
        dir.join("posts.case"),
    );
    std::fs::write(&input, rows).unwrap();
    let mut known = String::from("set,account_id,group_id,role,label\n");
    for member in [0, 1, 2, 3, 5, 6] {
        let role = if member == 0 { "source" } else { "member" };
        let _ = writeln!(known, "one,m{member},p,{role},campaign");
    }
    known.push_str("one,m4,fans,fan,fandom\ntwo,m4,q,member,campaign\n");
    std::fs::write(&truth, known).unwrap();
    succeed(&[
        "scan",
        text(&input),
        "--case",
        text(&case),
        "--controls",
        "0",
    ]);
    (case, truth)
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let dir = tempfile::tempdir().unwrap();
    let (case, truth) = case(dir.path());
    let svg = dir.path().join("agreement.svg");
    let run = |more: &[&str]| {
        let mut args = vec![
            "evaluate",
            text(&case),
            "--truth",
            text(&truth),
            "--where",
            "set=one",
        ];
        args.extend(more);
        succeed(&args)
    };
    let json: serde_json::Value = serde_json::from_str(&run(&["--json", "--draws", "50"])).unwrap();
    let all = &json["all"];
    // Named m0 to m4; sought m0 to m3, m5, m6.
    assert_eq!(
        (&all["hits"], &all["false_alarms"], &all["missed"]),
        (&4.0.into(), &1.0.into(), &2.0.into())
    );
    assert_eq!(json["sought_without_a_post"], 1);
    let figure = |name: &str| all["figures"][name]["value"].as_f64().unwrap();
    assert!((figure("precision") - 0.8).abs() < 1e-12);
    assert!((figure("recall") - 4.0 / 6.0).abs() < 1e-12);
    // Ten posts each, 40 of 50 by accounts sought.
    assert!((figure("weighted_precision") - 0.8).abs() < 1e-12);
    // 6 pairs in both of 10 named and 15 known.
    assert!((figure("pairwise_precision") - 0.6).abs() < 1e-12);
    assert!((figure("pairwise_recall") - 0.4).abs() < 1e-12);
    // Four accounts with 4 of 5, one with none; four of six with 4 of 6.
    assert!((figure("b_cubed_precision") - 16.0 / 25.0).abs() < 1e-12);
    assert!((figure("b_cubed_recall") - 16.0 / 36.0).abs() < 1e-12);
    assert_eq!(
        all["recall_at_false_alarms"][0],
        serde_json::json!([0, 0.0])
    );

    let said = run(&["--figure", text(&svg), "--false-alarms", "1"]);
    for line in [
        "precision                                             0.80                    0.80",
        "recall at 1 false alarms                              0.67                    0.67",
        "known groups found                                  1 of 1                  1 of 1",
        "  source                                            1 of 1                  1 of 1",
        "  fandom (not sought)                               1 of 1                  1 of 1",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let svg = std::fs::read_to_string(svg).unwrap();
    assert!(
        svg.contains("B-cubed F1") && svg.contains("named of role source"),
        "{svg}"
    );
}

#[test]
fn what_cannot_be_compared_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let (case, truth) = case(dir.path());
    let evaluate = |more: &[&str]| {
        let mut args = vec!["evaluate", text(&case), "--truth", text(&truth)];
        args.extend(more);
        refuse(&args)
    };
    let said = evaluate(&["--sought", "army"]);
    assert!(
        said.contains("labels are campaign, fandom; name those that are sought with --sought"),
        "{said}"
    );
    let said = evaluate(&["--where", "set"]);
    assert!(said.contains("--where set has no '='"), "{said}");
    let other = dir.path().join("other.csv");
    std::fs::write(&other, "account_id\nnobody\n").unwrap();
    let said = refuse(&["evaluate", text(&case), "--truth", text(&other)]);
    assert!(
        said.contains("no account of") && said.contains("posted in"),
        "{said}"
    );
}
