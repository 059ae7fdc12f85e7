//! What is wrong with an input is told with file, row, column and a way out, and the rest is read.

use super::*;
use std::fmt::Write;

const NONE: ReadOptions = ReadOptions {
    format: None,
    map: Vec::new(),
    time_zone: None,
    date_order: None,
    missing: Vec::new(),
};

#[test]
fn an_empty_file() {
    assert_eq!(
        error("", &NONE),
        "nothing could be read\n  posts.csv: it holds no byte \
         (Export the file again; it holds no byte.)"
    );
}

#[test]
fn a_file_of_blanks() {
    assert!(error("\n\n", &NONE).contains("it holds nothing but blanks"));
}

#[test]
fn a_header_and_no_row() {
    assert_eq!(
        error("post_id,account_id,time,text\n", &NONE),
        "nothing could be read\n  posts.csv: it holds a header and no row \
         (Export the file again; it has a header and no row.)"
    );
}

#[test]
fn no_column_of_time_account_or_object() {
    assert_eq!(
        error("post_id,account_id,text\n1,a,hello\n", &NONE),
        "nothing could be read\n  posts.csv: no column looks like a time among post_id, account_id, text \
         (Name the column that holds the time with --map time=COLUMN.)"
    );
    assert!(
        error("post_id,time,text\n1,1600000000,hello\n", &NONE).contains(
            "no column looks like an account among post_id, time, text (Name the column that holds the account with --map account_id=COLUMN.)"
        )
    );
    assert!(
        error("post_id,account_id,time\n1,a,1600000000\n", &NONE)
            .contains("no column looks like something that accounts can share among")
    );
}

#[test]
fn two_columns_that_both_look_like_time() {
    let rows = "post_id,account_id,text,created_at,timestamp\n1,a,b,1600000000,1600000001\n";
    assert_eq!(
        error(rows, &NONE),
        "nothing could be read\n  posts.csv: column created_at, timestamp: created_at and timestamp can all be time; \
         choose one with --map time=created_at (Two columns fit; choose one with --map FIELD=COLUMN.)"
    );
    let chosen = ReadOptions {
        map: vec![("time".into(), "timestamp".into())],
        ..NONE
    };
    assert_eq!(posts(&read_with(rows, &chosen))[0].time, 1_600_000_001_000);
    let better = read_text(rows.replace("timestamp", "unix_timestamp"));
    assert_eq!(posts(&better)[0].time, 1_600_000_001_000);
    assert!(better.inputs[0].notes[0].contains("taken from unix_timestamp"));
}

#[test]
fn a_local_time_without_zone_stops_everything() {
    let rows = table("1,a,2021-03-04 05:06:07,hello\n");
    assert_eq!(
        error(&rows, &NONE),
        "posts.csv: the times in the column time say no zone (row 2: 2021-03-04 05:06:07); \
         say which zone its clock keeps, for example --time-zone UTC"
    );
    let zone = ReadOptions {
        time_zone: Some("Europe/Berlin".into()),
        ..NONE
    };
    assert_eq!(posts(&read_with(rows, &zone))[0].time, 1_614_830_767_000);
    let unknown = ReadOptions {
        time_zone: Some("Mars".into()),
        ..NONE
    };
    assert!(error(table("1,a,1,b\n"), &unknown).contains("there is no time zone \"Mars\""));
}

#[test]
fn options_that_fit_nothing() {
    let map = |field: &str, column: &str| ReadOptions {
        map: vec![(field.into(), column.into())],
        ..NONE
    };
    let rows = table("1,a,1600000000,hello\n");
    assert!(
        error(&rows, &map("mood", "text"))
            .starts_with("there is no field mood to map; there are post_id, ")
    );
    assert_eq!(
        error(&rows, &map("text", "txt")),
        "posts.csv has no column txt to take text from; it has post_id, account_id, time, text"
    );
    let format = |name: &str| ReadOptions {
        format: Some(name.into()),
        ..NONE
    };
    assert!(
        error(&rows, &format("foo")).starts_with("there is no format foo; there are twitter-io, ")
    );
    assert_eq!(
        error(&rows, &format("twitter-io")),
        "posts.csv is not of the format twitter-io, which needs the columns tweetid, userid, tweet_client_name; \
         it has post_id, account_id, time, text"
    );
}

#[test]
fn rows_with_too_many_or_too_few_fields() {
    let reading = read_text(table(
        "1,a,1600000000,one, two\n2,a,1600000001\n3,a,1600000002,fine\n4,a,1600000003,fine,\n",
    ));
    assert_eq!(
        problems(&reading),
        [
            "2! too-many-fields : it has 5 fields, and the header has 4",
            "3! too-few-fields : it has 3 fields, and the header has 4",
            "5! too-many-fields : it has 5 fields, and the header has 4"
        ]
    );
    let input = &reading.inputs[0];
    assert_eq!((input.rows, input.posts, input.refused), (4, 1, 3));
}

#[test]
fn rows_that_all_end_in_a_delimiter_are_whole() {
    let reading = read_text(table(
        "1,a,1600000000,x,\n2,a,1600000001,y,\n3,a,1600000002,y,z\n",
    ));
    assert_eq!(reading.posts.len(), 2);
    assert_eq!(
        problems(&reading),
        ["4! too-many-fields : it has 5 fields, and the header has 4"]
    );
}

#[test]
fn missing_accounts_and_times_and_times_out_of_range() {
    let reading = read_text(table(
        "1,,1600000000,a\n2,NA,1600000000,a\n3,a,,a\n4,a,0000-01-01T00:00:00Z,a\n5,a,9999-12-31T00:00:00Z,a\n\
         6,a,-5,a\n7,a,1600000000.5,a\n8,a,yesterday,a\n",
    ));
    let problems = problems(&reading);
    assert_eq!(problems.len(), 7, "{problems:#?}");
    assert_eq!(
        problems[0],
        "2! no-account account_id: the column account_id is empty in this row"
    );
    assert!(problems[1].starts_with("3! no-account account_id"));
    assert_eq!(
        problems[2],
        "4! no-time time: the column time is empty in this row"
    );
    for (problem, start) in problems[3..].iter().zip([
        "5! time-out-of-range time: ",
        "6! time-out-of-range time: ",
        "7! time-out-of-range time: ",
        "9! bad-time time: ",
    ]) {
        assert!(problem.starts_with(start), "{problem}");
    }
    assert_eq!(posts(&reading)[0].time, 1_600_000_000_500);
}

#[test]
fn a_quote_that_is_not_closed_swallows_no_row() {
    let reading = read_text(table(
        "1,a,1600000000,\"never closed\n2,a,1600000001,\"fine\"\n3,a,1600000002,\"two\nlines\"\n4,a,1600000003,\"open\n5,a,1600000004,x\n",
    ));
    assert_eq!(
        problems(&reading),
        [
            "2! unclosed-quote : a quote that opens in line 2 is not closed in it, and would swallow the 1 lines behind",
            "6! unclosed-quote : a quote that opens in line 6 is not closed in it, and would swallow the 1 lines behind"
        ]
    );
    let read = posts(&reading);
    let ids: Vec<_> = read
        .iter()
        .map(|p| (p.post_id.as_str(), p.source.row))
        .collect();
    assert_eq!(ids, [("2", 3), ("3", 4), ("5", 7)]);
    assert_eq!(read[1].text, "two\nlines");
}

#[test]
fn a_quote_that_swallows_very_many_rows() {
    let mut rows = table("0,a,1600000000,\"open\n");
    for i in 1..200_000 {
        writeln!(rows, "{i},a,{},text of post {i}", 1_600_000_000 + i).expect("strings take all");
    }
    let reading = read_text(rows);
    assert_eq!(reading.posts.len(), 199_999);
    assert_eq!(reading.inputs[0].refused, 1);
    assert_eq!(reading.posts.get(199_998).source().row, 200_001);
}

#[test]
fn a_line_of_100_megabytes_is_passed_over_in_bounded_memory() {
    let mut rows = table("1,a,1600000000,fine\n2,a,1600000001,").into_bytes();
    rows.resize(rows.len() + 100_000_000, b'x');
    rows.extend_from_slice(b"\n3,a,1600000002,fine\n");
    let reading = read_text(rows);
    let problems = problems(&reading);
    assert_eq!(
        problems,
        ["3! too-long : it has 100000015 bytes, and 16777216 are the most"]
    );
    let lines: Vec<_> = reading.posts.iter().map(|post| post.source().row).collect();
    assert_eq!(lines, [2, 4]);
}

#[test]
fn nul_bytes_and_bytes_that_are_no_text() {
    let mut rows = table("1,a,1600000000,x\0y\n").into_bytes();
    rows.extend("2,a,1600000001,grün grün grün\n3,a,1600000002,".bytes());
    rows.extend([0xff, b'\n']);
    let reading = read_text(rows);
    let texts: Vec<_> = posts(&reading)
        .iter()
        .map(|post| post.text.clone())
        .collect();
    assert_eq!(texts, ["xy", "grün grün grün", "\u{fffd}"]);
    let kinds: Vec<_> = reading
        .problems
        .list()
        .iter()
        .map(|p| (p.row, p.kind.word(), p.refused))
        .collect();
    assert_eq!(
        kinds,
        [
            (Some(2), "nul-byte", false),
            (Some(4), "bad-encoding", false)
        ]
    );
}

#[test]
fn a_file_that_grows_beyond_all_measure_is_read_as_far_as_is_safe() {
    let row = format!("1,a,1600000000,{}\n", "x".repeat(100_000));
    let bomb = table(&row.repeat(2_000));
    let packed = zstd::encode_all(bomb.as_bytes(), 1).expect("zstd packs");
    let reading = read_text(packed);
    let problem = &reading.problems.list()[0];
    assert_eq!((problem.kind.word(), problem.refused), ("too-large", true));
    assert!(
        (1..2_000).contains(&reading.posts.len()),
        "{}",
        reading.posts.len()
    );
}

#[test]
fn an_endless_first_line() {
    assert!(
        error("x".repeat(3 << 20), &NONE)
            .contains("its first line is longer than 1048576 bytes and has no delimiter")
    );
}

#[test]
fn ids_that_a_spreadsheet_has_rounded_are_kept_and_doubted() {
    let reading = read_text(table(
        "1.23E+18,a,1600000000,x\n1.23E+18,b,1600000000,x\n129235.0,b,1600000000,x\n",
    ));
    assert_eq!(
        problems(&reading),
        [
            "2 precision-lost post_id: 1.23E+18 has been rounded",
            "3 precision-lost post_id: 1.23E+18 has been rounded"
        ]
    );
    let ids: Vec<_> = posts(&reading)
        .iter()
        .map(|post| post.post_id.clone())
        .collect();
    assert_eq!(ids, ["1.23E+18", "1.23E+18", "129235"]);
}

#[test]
fn odd_but_good_posts_are_read_as_they_are() {
    let long = "word ".repeat(200_000);
    let reading = read_text(table(&format!(
        "1,a,1600000000,\"{long}\"\n1,a,1600000000,\"=HYPERLINK(\"\"http://x\"\")\"\n2,a,1600000000, spaces stay \n"
    )));
    assert_eq!(problems(&reading), [""; 0]);
    let texts: Vec<_> = posts(&reading)
        .iter()
        .map(|post| post.text.clone())
        .collect();
    assert_eq!(
        texts,
        [long.as_str(), "=HYPERLINK(\"http://x\")", " spaces stay "]
    );
}

#[test]
fn a_file_that_is_not_there_does_not_hide_the_others() {
    let (folder, path) = file(table("1,a,1600000000,x\n"));
    let missing = folder.path().join("missing.csv");
    let reading = read(&[Input::Path(missing), Input::Path(path)], &NONE).expect("one is there");
    assert_eq!((reading.inputs.len(), reading.posts.len()), (2, 1));
    assert_eq!(reading.posts.get(0).source().file, 1);
    let problem = &reading.problems.list()[0];
    assert_eq!(
        (problem.file, problem.kind.word(), problem.refused),
        (0, "unreadable", true)
    );
    let error =
        read(&[Input::Path(folder.path().join("no.csv"))], &NONE).expect_err("none is there");
    assert!(
        error
            .to_string()
            .contains("Check the path and your right to read it"),
        "{error}"
    );
}
