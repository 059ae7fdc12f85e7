//! Real corpora, read where they are at hand.

use super::*;
use std::path::Path;

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn corpus(name: &str) -> Option<Reading> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not at hand", path.display());
        return None;
    }
    Some(read(&[Input::Path(path)], &ReadOptions::default()).expect("a known corpus can be read"))
}

#[test]
fn the_german_election() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora/german-election-2021.parquet");
    let reading =
        read(&[Input::Path(path)], &ReadOptions::default()).expect("it comes with the project");
    let input = &reading.inputs[0];
    assert_eq!(
        (input.format.as_str(), input.rows, input.refused),
        ("german-wide", 218_971, 0)
    );
    assert_eq!(input.posts, 194_326);
    assert_eq!(input.clock.resolution_ms, 1_000);
    let first = reading.posts.get(0).to_post();
    assert_eq!(
        (first.post_id.as_str(), first.platform.as_str()),
        ("129235", "facebook")
    );
    assert_eq!(first.time, 1_629_589_836_000);
    let objects =
        [("link", "23678"), ("domain", "3498")].map(|(kind, id)| (kind.to_owned(), id.to_owned()));
    assert!(
        objects.iter().all(|object| first.objects.contains(object)),
        "{:?}",
        first.objects
    );
    assert_eq!(reading.posts.accounts().len(), 58_317);
}

#[test]
fn russian_retweets() {
    let Some(reading) = corpus("russian-retweets-2021.parquet") else {
        return;
    };
    let input = &reading.inputs[0];
    assert_eq!(
        (input.format.as_str(), input.rows, input.posts),
        ("cooretweet", 35_125, 35_125)
    );
    assert_eq!(reading.posts.accounts().len(), 9_509);
    assert_eq!(
        posts(&reading)[0].objects,
        [(String::new(), "0".to_owned())]
    );
    assert_eq!(
        problems(&reading),
        ["- no-zone timestamp: its timestamps carry no zone and were read as UTC"]
    );
}

#[test]
fn the_debate() {
    let Some(reading) = corpus("gop-debate-2015.parquet") else {
        return;
    };
    let input = &reading.inputs[0];
    assert_eq!(
        (input.format.as_str(), input.rows, input.posts),
        ("table", 14_110, 14_110)
    );
    assert_eq!(input.clock.resolution_ms, 60_000);
    assert_eq!(reading.posts.accounts().len(), 9_872);
    let cleveland = reading
        .posts
        .iter()
        .find(|post| post.post_id() == "ira2313167")
        .expect("it is there");
    assert_eq!(
        cleveland.hashtags().collect::<Vec<_>>(),
        ["cleveland", "news"]
    );
}

#[test]
fn the_sample_of_the_internet_research_agency() {
    let Some(reading) = corpus("fivethirtyeight-v2-sample.csv") else {
        return;
    };
    let input = &reading.inputs[0];
    assert_eq!(
        (input.format.as_str(), input.rows, input.posts),
        ("fivethirtyeight-ira", 4_999, 4_999)
    );
    assert_eq!(reading.posts.accounts().len(), 8);
    assert!(
        input
            .notes
            .iter()
            .any(|note| note.contains("of 4998 of 4999 posts")),
        "{:?}",
        input.notes
    );
    let first = reading.posts.get(0);
    assert_eq!(
        first.time(),
        (914_580_356_430_536_707_i64 >> 22) + 1_288_834_974_657
    );
    assert_eq!(first.account_id(), "905874659358453760");
    assert_eq!(first.is_repost(), Some(false));
}

#[test]
fn every_other_corpus_is_read_or_its_lack_is_named() {
    for (name, rows) in [
        ("ira-2016-spring.parquet", 109_528),
        ("ira-vs-congress-2016.parquet", 258_174),
        ("gop-planted-overlays.parquet", 6_349),
        ("tiktok-us-2024.parquet", 1_066),
    ] {
        let Some(reading) = corpus(name) else { return };
        assert_eq!(
            (reading.inputs[0].rows, reading.posts.len()),
            (rows, usize::try_from(rows).expect("small")),
            "{name}"
        );
    }
}
