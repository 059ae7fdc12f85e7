//! Divisions on real corpora: abstention where nothing establishes a divide, camps where there are two.

use super::*;
use arrow::array::AsArray;
use concerted_engine::divisions::report::Divisions;
use concerted_engine::divisions::uses::Kind;
use concerted_engine::divisions::{DivisionPlan, divisions};
use concerted_engine::normalize::near_duplicates::TextPlan;
use concerted_engine::normalize::understand;
use concerted_engine::post::Posts;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not at hand", path.display());
        return None;
    }
    Some(path)
}

fn found(posts: &Posts) -> Divisions {
    let understood = understand(posts, &TextPlan::default());
    divisions(&understood, &[], &DivisionPlan::default())
}

fn abstains(path: PathBuf) {
    let reading = read(&[Input::Path(path)], &ReadOptions::default()).expect("a known corpus");
    let found = found(&reading.posts);
    assert!(!found.populations.is_empty());
    for population in &found.populations {
        assert!(population.divide.is_none(), "{population:?}");
        assert_eq!(population.gates.len(), Kind::CHANNELS.len());
    }
}

#[test]
fn the_german_election_establishes_no_divide() {
    abstains(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpora/german-election-2021.parquet"),
    );
}

#[test]
fn the_debate_establishes_no_divide() {
    if let Some(path) = shared("gop-debate-2015.parquet") {
        abstains(path);
    }
}

/// What members of the US Congress used, one post for each use; of one party, or of both.
fn congress(path: &Path, wanted: Option<&str>) -> Posts {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("it is there"))
        .and_then(ParquetRecordBatchReaderBuilder::build)
        .expect("a known corpus");
    let mut posts = Posts::default();
    for batch in reader {
        let batch = batch.expect("a known corpus");
        let texts = |name: &str| {
            let column = batch.column_by_name(name).expect("a known column");
            let cast = arrow::compute::cast(column, &arrow::datatypes::DataType::Utf8);
            cast.expect("a column of texts").as_string::<i32>().clone()
        };
        let (account, party, kind, item, day) = (
            texts("account_id"),
            texts("party"),
            texts("kind"),
            texts("item"),
            texts("day"),
        );
        for row in 0..batch.num_rows() {
            if wanted.is_some_and(|wanted| party.value(row) != wanted) {
                continue;
            }
            let mut post = Post {
                post_id: format!("{}", posts.len()),
                account_id: account.value(row).into(),
                platform: "twitter".into(),
                lang: "en".into(),
                // Days suffice: nothing here looks at the clock but bursts, which count days.
                time: day
                    .value(row)
                    .bytes()
                    .filter(u8::is_ascii_digit)
                    .fold(0, |number, digit| 10 * number + i64::from(digit - b'0'))
                    * 86_400_000,
                ..Post::default()
            };
            match kind.value(row) {
                "hashtag" => post.hashtags.push(item.value(row).into()),
                "repost" => {
                    post.is_repost = Some(true);
                    post.repost_of_account = item.value(row).into();
                }
                _ => continue,
            }
            posts.push(&post);
        }
    }
    posts
}

#[test]
fn two_parties_are_a_divide_and_one_is_none() {
    let Some(path) = shared("congress-camps-2016.parquet") else {
        return;
    };
    let both = found(&congress(&path, None));
    let divide = both.populations[0].divide.as_ref().expect("two parties");
    assert_eq!(divide.channel, Kind::RepostedAccount);
    let (wrong, placed) = divide.placement_error;
    assert!(placed > 300 && wrong * 50 < placed, "{wrong} of {placed}");
    let camp = |tag: &str| {
        let of = |item: &&concerted_engine::divisions::report::Item| item.name == tag;
        divide.items.iter().find(of).map(|item| item.lean.z > 0.0)
    };
    let (one, other) = (camp("obamacare"), camp("equalpayday"));
    assert!(
        one.is_some() && other.is_some() && one != other,
        "{one:?} {other:?}"
    );
    for party in ["D", "R"] {
        let alone = found(&congress(&path, Some(party)));
        assert!(alone.populations[0].divide.is_none(), "{party}");
    }
}
