//! A table read in chunks is the table read in one piece, whatever is in it and wherever the cuts are.

use super::*;
use crate::read::problem::Problem;
use concerted_engine::post::Post;
use proptest::prelude::*;
use std::fmt::Write as _;

/// Everything that came of a text.
#[derive(Debug, PartialEq)]
struct Read {
    posts: Vec<Post>,
    problems: Vec<Problem>,
    rows: u64,
    recognised: Result<Option<String>, String>,
}

fn read_by(text: &str, max_record: usize, chunk: usize) -> Read {
    let options = ReadOptions::default();
    let mut sink = Sink::new(0);
    let read = read_in_chunks(
        text.as_bytes(),
        "posts.csv",
        max_record,
        &options,
        &mut sink,
        chunk,
    );
    let rows = sink.rows();
    let (posts, problems) = sink.into_parts();
    Read {
        posts: posts.iter().map(|post| post.to_post()).collect(),
        problems: problems.list(),
        rows,
        recognised: read
            .map(|found| found.map(|found| format!("{found:?}")))
            .map_err(|error| error.to_string()),
    }
}

fn alike(text: &str, max_record: usize) -> Result<(), TestCaseError> {
    let whole = read_by(text, max_record, 1 << 20);
    for chunk in [1, 2, 3, 7, 20, 64, 500, 4_096] {
        let parts = read_by(text, max_record, chunk);
        prop_assert_eq!(&parts, &whole, "in chunks of {}: {:?}", chunk, text);
    }
    Ok(())
}

/// A row, and what exports, spreadsheets and people make of rows.
fn row() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..99_u32, 0..9_u32).prop_map(|(id, account)| {
            format!("{id},a{account},{},text {id}\n", 1_600_000_000 + id)
        }),
        2 => (0..99_u32).prop_map(|id| format!("{id},a,{},\"two\nlines, \"\"{id}\"\"\"\n", 1_600_000_000 + id)),
        1 => (0..99_u32).prop_map(|id| format!("{id},a,{},\"open {id}\n", 1_600_000_000 + id)),
        1 => (0..99_u32).prop_map(|id| format!("{id},a,{},a 5\" disk\r\n", 1_600_000_000 + id)),
        1 => (0..99_u32).prop_map(|id| format!("{id},a,2021-03-04T05:06:{id:02}Z,\"x\"y\n")),
        1 => Just("1,a,1600000000000,milliseconds\n".to_owned()),
        1 => (50..400_usize).prop_map(|long| format!("1,a,1600000000,{}\n", "x".repeat(long))),
        1 => (50..400_usize).prop_map(|long| format!("1,a,1600000000,\"{}\n", "x\n".repeat(long / 2))),
        1 => "[ab,\"\r\n1]{0,30}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn chunks_change_nothing(
        header in prop::sample::select(vec!["post_id,account_id,time,text\n", "post_id,account_id,time,link_id\n"]),
        rows in prop::collection::vec(row(), 0..40),
        end in "[a,\"1]{0,4}",
    ) {
        let text = format!("{header}{}{end}", rows.concat());
        alike(&text, 1 << 20)?;
        alike(&text, 150)?;
    }
}

#[test]
fn the_first_unit_of_a_column_holds_for_all_chunks() {
    // The first thousand rows, by which the unit is settled, hold none.
    let mut text = "post_id,account_id,time,text\n".to_owned();
    for row in 0..1_200 {
        let _ = writeln!(text, "{row},a,2021-03-04T05:06:07Z,text");
    }
    for row in 0..50 {
        let _ = writeln!(text, "{row},a,{},text", 1_600_000_000 + row);
        let _ = writeln!(text, "{row},a,{}000,text", 1_600_000_000 + row);
    }
    let whole = read_by(&text, 1 << 20, 1 << 20);
    assert_eq!(whole.problems.iter().filter(|p| p.refused).count(), 50);
    assert_eq!(read_by(&text, 1 << 20, 100), whole);
}

#[test]
fn a_time_without_zone_is_told_for_the_first_row_that_has_one() {
    let mut text = "post_id,account_id,time,text\n".to_owned();
    for row in 0..99 {
        let zone = if row > 40 { "" } else { "Z" };
        let _ = writeln!(text, "{row},a,2021-03-04T05:06:07{zone},text");
    }
    let error = read_by(&text, 1 << 20, 40).recognised.unwrap_err();
    assert!(error.contains("(row 43: "), "{error}");
}
