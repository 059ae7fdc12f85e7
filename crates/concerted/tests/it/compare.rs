//! Pairs against the oracle of two independent implementations: CooRTweet in R and the QUT toolkit in
//! SQL agree on these to the last pair.

use super::{shared, succeed, text};
use concerted_formats::case::Rows;
use concerted_formats::case::tables::RulePairRow;
use std::collections::BTreeSet;
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
    Rows::<RulePairRow<'static>>::open(path)
        .unwrap()
        .map(Result::unwrap)
        .map(|row| (row.account_a.into_owned(), row.account_b.into_owned()))
        .collect()
}

#[test]
fn pairs_equal_the_oracle_of_two_implementations() {
    for (input, window, r, sql, count) in [
        (
            "russian_coord_tweets.csv",
            "10",
            "ref_russian_tw10_mp1.edges.csv",
            "russian_w10/co_retweet_network.csv",
            1_092,
        ),
        (
            "german_url_input.csv",
            "30",
            "ref_german_url_tw30_mp1.edges.csv",
            "german_url_w30/co_link_network.csv",
            2_166,
        ),
    ] {
        let Some(reference_dir) = shared("reference") else {
            return;
        };
        let dir = tempfile::tempdir().unwrap();
        let input = reference_dir.join("coortweet").join(input);
        succeed(&[
            "compare",
            text(&input),
            "--preset",
            "cooRTweet",
            "--time-window",
            window,
            "--min-participation",
            "1",
            "--out",
            text(dir.path()),
        ]);
        let ours = pairs(&dir.path().join("pairs.parquet"));
        assert_eq!(ours.len(), count);
        assert!(
            ours == reference(&reference_dir.join("coortweet").join(r), 0, 1),
            "{r}"
        );
        assert!(
            ours == reference(&reference_dir.join("qut-toolkit").join(sql), 0, 1),
            "{sql}"
        );
    }
}
