//! `concerted compare` as a user meets it. The rules themselves are held by the tests of the engine.

use super::{refuse, shared, succeed, text};
use concerted_formats::case::Rows;
use concerted_formats::case::tables::RuleTieRow;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// Pairs in a table with two columns of accounts, in either order, without loops.
fn reference(path: &Path, a: usize, b: usize) -> BTreeSet<(String, String)> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader
        .records()
        .map(Result::unwrap)
        .filter(|record| record[a] != record[b])
        .map(|record| {
            let (x, y) = (record[a].to_owned(), record[b].to_owned());
            if x < y { (x, y) } else { (y, x) }
        })
        .collect()
}

/// Account pairs of a Parquet file written by `compare`.
fn pairs(path: &Path) -> BTreeSet<(String, String)> {
    Rows::<RuleTieRow<'static>>::open(path)
        .unwrap()
        .map(Result::unwrap)
        .map(|row| (row.account_a.into_owned(), row.account_b.into_owned()))
        .collect()
}

#[test]
fn pairs_equal_the_oracle_of_two_implementations() {
    let Some(dir) = shared("reference") else {
        return;
    };
    let out = tempfile::tempdir().unwrap();
    let edges = out.path().join("edges.parquet");
    let input = dir.join("coortweet/russian_coord_tweets.csv");
    succeed(&[
        "compare",
        text(&input),
        "--preset",
        "cooRTweet",
        "--min-participation",
        "1",
        "--copies",
        "0",
        "--edges",
        text(&edges),
    ]);
    let ours = pairs(&edges);
    assert_eq!(ours.len(), 1_092);
    assert!(ours == reference(&dir.join("coortweet/ref_russian_tw10_mp1.edges.csv"), 0, 1));
    assert!(
        ours == reference(
            &dir.join("qut-toolkit/russian_w10/co_retweet_network.csv"),
            0,
            1
        )
    );
}

/// Five accounts post ten links within seconds, among 200 who do not, all with words of their own.
fn posts() -> String {
    let mut rows = String::from("post_id,account_id,time,url,text\n");
    let mut id = 0;
    let mut row = |account: String, seconds: usize, link: String| {
        id += 1;
        let time = 1_630_000_000 + seconds;
        let _ = writeln!(rows, "{id},{account},{time},{link},word {id} of {account}");
    };
    for stranger in 0..200 {
        for turn in 0..4 {
            let page = (stranger * 31 + turn * 57) % 151;
            row(
                format!("s{stranger}"),
                stranger * 577 + turn * 21_000,
                format!("https://paper.example/{page}"),
            );
        }
    }
    for act in 0..10 {
        for member in 0..5 {
            row(
                format!("m{member}"),
                9_000 + act * 17_000 + member * 2,
                format!("https://push.example/{act}"),
            );
        }
    }
    rows
}

#[test]
fn both_sides_stand_beside_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("posts.csv");
    std::fs::write(&input, posts()).unwrap();
    let edges = dir.path().join("edges.csv");
    let compare = |more: &[&str]| {
        let mut args = vec![
            "compare",
            text(&input),
            "--preset",
            "cooRTweet",
            "--network",
            "urls",
        ];
        args.extend(more);
        succeed(&args)
    };
    let said = compare(&["--quantile", "0", "--copies", "2", "--edges", text(&edges)]);
    let row = |start: &str| -> Vec<String> {
        said.lines()
            .find(|line| line.starts_with(start))
            .unwrap_or_else(|| panic!("{start}: {said}"))
            .split_whitespace()
            .map(str::to_owned)
            .collect()
    };
    // All weights are 10, so none is above any quantile of them: the rule flags nobody, as published.
    assert_eq!(
        row("accounts flagged  "),
        ["accounts", "flagged", "0", "5"],
        "{said}"
    );
    assert_eq!(
        row("  only by this one"),
        ["only", "by", "this", "one", "0", "5"]
    );
    assert_eq!(row("ties kept")[5..], ["0", "(10)", "1"]);
    assert!(said.contains("docs/methods/compare-coortweet.md"), "{said}");
    let table = std::fs::read_to_string(&edges).unwrap();
    let first = table.lines().nth(1).unwrap();
    assert!(
        first.starts_with("m0,m1,10,false,2,https://push.example/0;"),
        "{first}"
    );

    let json = compare(&["--copies", "1", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["ours"]["accounts"], 5);
    assert_eq!(json["ties"], 10);
    assert_eq!(json["settings"]["time-window"], 10);
    assert_eq!(
        json["theirs"]["accounts_on_permuted_copies"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn what_a_rule_does_not_read_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("posts.csv");
    std::fs::write(&input, posts()).unwrap();
    let compare = |more: &[&str]| {
        let mut args = vec!["compare", text(&input)];
        args.extend(more);
        refuse(&args)
    };
    let said = compare(&["--preset", "schoch", "--quantile", "0.9"]);
    assert!(
        said.contains("--quantile means nothing to schoch; it reads --time-window"),
        "{said}"
    );
    let said = compare(&["--preset", "qut", "--network", "likes"]);
    assert!(
        said.contains("qut has no network \"likes\"; it has co_retweet, co_tweet"),
        "{said}"
    );
    let said = compare(&["--preset", "cooRTweet"]);
    assert!(
        said.contains("the network shares of cooRTweet finds nothing to compare"),
        "{said}"
    );
    let said = compare(&["--preset", "pacheco", "--quantile", "1.5"]);
    assert!(
        said.contains("--quantile is 1.5; it must be 0 to 1"),
        "{said}"
    );
}
