mod generic;
mod jetstream;
mod telegram;
mod twitter;

use super::*;
use crate::read::problem::Problem;
use proptest::prelude::*;

/// What came of a text.
struct Read {
    posts: Vec<Post>,
    outcome: JsonOutcome,
    problems: Vec<Problem>,
    rows: u64,
}

impl Read {
    fn kinds(&self) -> Vec<(Option<u64>, ProblemKind, bool)> {
        let problems = self.problems.iter();
        problems.map(|p| (p.row, p.kind, p.refused)).collect()
    }
}

fn try_read(text: &str, options: &ReadOptions, max_record: usize) -> Result<Read, JsonError> {
    let mut sink = Sink::new(3);
    let outcome = read_json(text.as_bytes(), options, max_record, &mut sink)?;
    let rows = sink.rows();
    let (posts, problems) = sink.into_parts();
    Ok(Read {
        posts: posts.iter().map(|post| post.to_post()).collect(),
        outcome,
        problems: problems.list(),
        rows,
    })
}

fn read(text: &str) -> Read {
    try_read(text, &ReadOptions::default(), 1 << 20).unwrap()
}

/// A record of JSON on one line.
fn line(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    value.to_string()
}

fn utc(time: &str) -> Millis {
    time.parse::<jiff::Timestamp>().unwrap().as_millisecond()
}

const FRAME: &str = r#"{"did":"did:plc:a","time_us":1725911162329308,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"3l3qo2vutsw2b","record":{"text":"hello","createdAt":"2024-09-09T19:46:02.102Z"}}}"#;

#[test]
fn every_record_keeps_its_line_and_the_hash_of_its_text() {
    let read = read(&format!("\n{FRAME}\r\n\n{FRAME}"));
    let sources: Vec<_> = read.posts.iter().map(|post| post.source).collect();
    assert_eq!(
        sources.iter().map(|s| (s.file, s.row)).collect::<Vec<_>>(),
        [(3, 2), (3, 4)]
    );
    let expected: [u8; 32] = Sha256::digest(FRAME).into();
    assert!(sources.iter().all(|source| source.sha256 == expected));
}

#[test]
fn a_bad_line_costs_that_line() {
    let (half, long) = (&FRAME[..FRAME.len() / 2], "x".repeat(5_000));
    let text = format!("{FRAME}\n{half}\n{{\"other\": 1}}\n{long}\n[1]\n{FRAME}\n{half}");
    let read = try_read(&text, &ReadOptions::default(), 4_000).unwrap();
    assert_eq!(read.posts.len(), 2);
    assert_eq!(
        read.kinds(),
        [
            (Some(2), ProblemKind::BadJson, true),
            (Some(3), ProblemKind::Unmapped, true),
            (Some(4), ProblemKind::TooLong, true),
            (Some(5), ProblemKind::Unmapped, true),
            (Some(7), ProblemKind::Truncated, true),
        ]
    );
    assert!(
        read.problems[0].detail.contains("column"),
        "{:?}",
        read.problems[0]
    );
    assert_eq!(read.rows, 7);
}

#[test]
fn a_first_line_that_is_broken_hides_nothing() {
    let read = read(&format!("{{\"did\": oops\n{FRAME}\n{FRAME}\n"));
    assert_eq!(read.outcome.format, "jetstream");
    assert_eq!(read.posts.len(), 2);
    assert_eq!(read.kinds(), [(Some(1), ProblemKind::BadJson, true)]);
}

#[test]
fn a_list_counts_its_elements() {
    for text in [
        format!("[{FRAME},{FRAME}]"),
        format!("[\n  {FRAME},\n  {FRAME}\n]\n"),
        format!("{{\"cursor\": null, \"posts\": [{FRAME},\n{FRAME}], \"end\": {{}}}}"),
    ] {
        let read = read(&text);
        assert_eq!(read.outcome.format, "jetstream", "{text}");
        let rows: Vec<_> = read.posts.iter().map(|post| post.source.row).collect();
        assert_eq!(rows, [1, 2]);
        let expected: [u8; 32] = Sha256::digest(FRAME).into();
        assert_eq!(read.posts[1].source.sha256, expected);
        assert!(read.problems.is_empty());
    }
}

#[test]
fn a_document_counts_up_to_where_it_breaks() {
    let read_all = |text: &str| {
        let read = try_read(text, &ReadOptions::default(), 4_000).unwrap();
        (read.posts.len(), read.kinds())
    };
    let cut = format!("[{FRAME},{FRAME},{{\"did\"");
    assert_eq!(
        read_all(&cut),
        (2, vec![(None, ProblemKind::Truncated, false)])
    );
    let broken = format!("[{FRAME},{{oops}},{FRAME}]");
    assert_eq!(
        read_all(&broken),
        (1, vec![(None, ProblemKind::BadJson, true)])
    );
    let long = format!("[{FRAME},{{\"did\":\"{}\"}},{FRAME}]", "x".repeat(50_000));
    assert_eq!(
        read_all(&long),
        (1, vec![(Some(2), ProblemKind::TooLong, true)])
    );
}

#[test]
fn what_is_not_json_is_not_recognised() {
    for text in [
        "",
        "id,text\n1,a\n",
        "[1, 2, 3]",
        "\"text\"",
        "12",
        "[",
        "{",
        "nothing",
    ] {
        let found = recognise(text.as_bytes());
        assert!(
            found.is_none() || text == "{",
            "{text:?} was taken for {found:?}"
        );
    }
    assert!(matches!(
        try_read("id,text\n", &ReadOptions::default(), 100),
        Err(JsonError::NotJson)
    ));
    let options = ReadOptions {
        format: Some("twarc3".into()),
        ..ReadOptions::default()
    };
    let error = try_read(FRAME, &options, 10_000).map(|_| ()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("known are twarc2, twitter-v1, telegram"),
        "{error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_text_is_read_without_panic(text in "\\PC{0,200}") {
        let _ = try_read(&text, &ReadOptions::default(), 100).is_ok();
        let _ = try_read(&format!("[{text}"), &ReadOptions::default(), 100).is_ok();
    }

    #[test]
    fn any_damage_to_a_record_is_read_without_panic(
        format in prop::sample::select(recognise::names()),
        record in prop::sample::select(vec![
            FRAME, twitter::PAGE, twitter::OLD, telegram::CHAT, generic::MASTODON, generic::CAPTURED,
        ]),
        at in 0_usize..10_000,
        piece in prop::sample::select(vec![
            "", "\"", "{", "}", "[", "null", ",", ":", "1e999", "\\u0000", "\n", "[[[[", "\u{fffd}", "99999999999999999999",
        ]),
        skip in 0_usize..8,
    ) {
        let mut place = at % record.len();
        while !record.is_char_boundary(place) { place -= 1; }
        let mut rest = (place + skip).min(record.len());
        while !record.is_char_boundary(rest) { rest += 1; }
        let text = format!("{}{piece}{}", &record[..place], &record[rest..]);
        for format in [None, Some(format.to_owned())] {
            let options = ReadOptions { format, ..ReadOptions::default() };
            let _ = try_read(&text, &options, 5_000).is_ok();
        }
    }
}

/// A line, and what becomes of lines.
fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => (0..99_u32).prop_map(|id| format!(r#"{{"id":"{id}","user_id":{id},"created_at":"2021-03-04T05:06:{:02}Z","text":"text \u00e9 {id}","tags":["a","b"]}}"#, id % 60)),
        1 => (0..99_u32).prop_map(|id| format!(r#"{{"id":{id},"user_id":"a","created_at":{},"more":{{"x":[1,{{}}]}}}}"#, 1_600_000_000 + id)),
        1 => Just(r#"{"id":1,"user_id":"a","created_at":1600000000000}"#.to_owned()),
        1 => (0..300_usize).prop_map(|long| format!(r#"{{"id":1,"user_id":"a","created_at":1600000000,"text":"{}"}}"#, "x".repeat(long))),
        1 => "[{}\\[\\]\",:a1 \r]{0,20}",
        1 => Just(FRAME.to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn chunks_change_nothing(
        first in any_line(),
        lines in prop::collection::vec((any_line(), prop::sample::select(vec!["\n", "\r\n", "\n\n"])), 150..400),
        limit in prop::sample::select(vec![120_usize, 1 << 20]),
        end in any_line(),
    ) {
        let mut text = first + "\n";
        for (line, end) in &lines {
            text.extend([line.as_str(), end]);
        }
        text += &end;
        let by = |chunk: usize| {
            let mut sink = Sink::new(0);
            let outcome = read_in_chunks(text.as_bytes(), &ReadOptions::default(), limit, &mut sink, chunk);
            let rows = sink.rows();
            let (posts, problems) = sink.into_parts();
            let posts: Vec<Post> = posts.iter().map(|post| post.to_post()).collect();
            (posts, problems.list(), rows, format!("{outcome:?}"))
        };
        let whole = by(1 << 20);
        for chunk in [1, 30, 130, 1_000] {
            prop_assert_eq!(&by(chunk), &whole, "in chunks of {}", chunk);
        }
    }
}
