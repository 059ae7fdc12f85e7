//! Tables of usual names: fields, lists, reposts, clocks, hashes, order.

use super::*;
use sha2::{Digest, Sha256};
use std::fmt::Write;

#[test]
fn every_field_is_understood_by_a_usual_name() {
    let reading = read_text(
        "Tweet ID,User-Id,Screen Name,Created_At,Full Text,Language,Platform,retweeted_id,RetweetedUserId,\
         quoted_id,in_reply_to_id,in_reply_to_user_id,URLs,Hashtags,Mentions,phash,is_retweet,link_text,mood\n\
         7,9,\"A, B\",2021-01-01T00:00:00Z,hi,de,Twitter,5,4,3,2,1,http://a.de http://b.de,\"#x,y\",@z,ff00,TRUE,T,glad\n",
    );
    let post = &posts(&reading)[0];
    assert_eq!(
        *post,
        Post {
            post_id: "7".into(),
            account_id: "9".into(),
            account_name: "A, B".into(),
            time: 1_609_459_200_000,
            platform: "twitter".into(),
            text: "hi".into(),
            lang: "de".into(),
            is_repost: Some(true),
            repost_of: "5".into(),
            repost_of_account: "4".into(),
            quote_of: "3".into(),
            reply_to: "2".into(),
            reply_to_account: "1".into(),
            urls: vec!["http://a.de".into(), "http://b.de".into()],
            hashtags: vec!["x".into(), "y".into()],
            mentions: vec!["z".into()],
            media: vec!["ff00".into()],
            link_title: "T".into(),
            objects: vec![],
            source: post.source,
        }
    );
    let input = &reading.inputs[0];
    assert_eq!(input.format, "table");
    assert_eq!(input.unmapped, ["mood"]);
    assert_eq!(input.mapping[0], ("post_id".into(), "Tweet ID".into()));
    assert!(input.why.starts_with("the names Tweet ID, User-Id, "));
}

#[test]
fn a_row_is_known_by_its_line_and_the_hash_of_its_bytes() {
    let row = "1,a,1600000000,\"two\nlines\"";
    for end in ["\n", "\r\n"] {
        let reading = read_text(format!(
            "post_id,account_id,time,text{end}{row}{end}2,b,1600000001,x"
        ));
        let sources: Vec<_> = reading.posts.iter().map(|post| post.source()).collect();
        assert_eq!((sources[0].row, sources[1].row), (2, 4), "{end:?}");
        assert_eq!(sources[0].sha256, <[u8; 32]>::from(Sha256::digest(row)));
        assert_eq!(
            sources[1].sha256,
            <[u8; 32]>::from(Sha256::digest("2,b,1600000001,x"))
        );
    }
}

#[test]
fn a_table_reads_the_same_however_it_is_written() {
    let usual = "id,user,time,text\n1,a,1600000000,x y\n2,b,1600000060,z\n";
    let expected: Vec<_> = posts(&read_text(usual))
        .into_iter()
        .map(without_source)
        .collect();
    for other in [
        usual.replace(',', ";"),
        usual.replace(',', "\t"),
        usual.replace(',', "|"),
        usual.replace('\n', "\r\n"),
        usual.replace('\n', "\r"),
        format!("\u{feff}{usual}"),
        usual.replace("x y", "\"x y\""),
        format!("Report: all posts\nFrom: 1 May\n\n{usual}"),
    ] {
        let got: Vec<_> = posts(&read_text(&other))
            .into_iter()
            .map(without_source)
            .collect();
        assert_eq!(got, expected, "{other:?}");
    }
}

fn without_source(mut post: Post) -> Post {
    post.source = concerted_engine::post::Source::default();
    post
}

#[test]
fn reposts_are_told_by_column_by_id_or_by_text() {
    let told = |header: &str, row: &str| {
        let reading = read_text(format!(
            "id,user,time,text{header}\n1,a,1600000000,RT @b: x{row}\n"
        ));
        let post = posts(&reading).remove(0);
        (
            post.is_repost,
            post.repost_of_account,
            problems(&reading).len(),
        )
    };
    assert_eq!(told("", ""), (Some(true), "b".into(), 1));
    assert_eq!(
        told(",is_retweet", ",false"),
        (Some(false), String::new(), 0)
    );
    assert_eq!(told(",is_retweet", ",1"), (Some(true), "b".into(), 1));
    assert_eq!(told(",retweet_id", ",77"), (Some(true), "b".into(), 0));
    assert_eq!(told(",retweet_id", ","), (Some(false), String::new(), 0));
    let reading = read_text("id,user,time,text\n1,a,1600000000,RT @b: x\n2,a,1600000000,plain\n");
    assert_eq!(reading.posts.get(1).is_repost(), None);
    assert_eq!(
        problems(&reading),
        ["- repost-without-id : 1 reposts do not say which post they repeat"]
    );
    assert!(reading.inputs[0].notes[0].contains("RT @name:"));
}

#[test]
fn the_clock_is_told_by_its_times() {
    let clock = |step: u64| {
        let mut rows = String::from("id,user,time,text\n");
        for i in 0..40 {
            writeln!(rows, "{i},a,{},x", 1_600_000_020_000 + i * step).expect("strings take all");
        }
        read_text(rows).inputs[0].clock.clone()
    };
    assert_eq!(clock(60_000).resolution_ms, 60_000);
    assert_eq!(clock(1_000).resolution_ms, 1_000);
    assert_eq!(clock(1_001).resolution_ms, 1);
    assert_eq!(clock(1_001).source, "time");
}

#[test]
fn cells_that_stand_for_nothing_are_nothing() {
    let rows = "post_id,account_id,time,text,repost_of,urls\n1,a,1600000000,NA,-,NA\n";
    let options = ReadOptions {
        missing: vec!["-".into()],
        ..ReadOptions::default()
    };
    let post = posts(&read_with(rows, &options)).remove(0);
    assert_eq!((post.text.as_str(), post.repost_of.as_str()), ("NA", ""));
    assert!(post.urls.is_empty());
}

#[test]
fn posts_without_ids_are_doubted_once() {
    let reading = read_text("user,time,text\na,1600000000,x\nb,1600000000,x\n");
    assert_eq!(
        problems(&reading),
        ["- missing-id : no column holds the id of a post"]
    );
    assert_eq!(reading.inputs[0].doubted, 1);
}

#[test]
fn folders_are_read_in_the_order_of_names() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (name, id) in [("b.csv", 2), ("a.csv", 1), ("c/d.csv", 3)] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("folders can be made");
        std::fs::write(path, table(&format!("{id},a,1600000000,x\n")))
            .expect("files can be written");
    }
    let reading = read(
        &[Input::Path(folder.path().into())],
        &ReadOptions::default(),
    )
    .expect("all are tables");
    let ids: Vec<_> = posts(&reading)
        .iter()
        .map(|post| (post.post_id.clone(), post.source.file))
        .collect();
    assert_eq!(ids, [("1".into(), 0), ("2".into(), 1), ("3".into(), 2)]);
}

#[test]
fn a_packed_table_is_read_and_hashed_as_it_lies_on_disk() {
    let text = table("1,a,1600000000,x\n");
    let packed = zstd::encode_all(text.as_bytes(), 3).expect("zstd packs");
    let reading = read_text(&packed);
    let sha256: [u8; 32] = Sha256::digest(&packed).into();
    let hex = |at: usize| u8::from_str_radix(&reading.inputs[0].sha256[2 * at..2 * at + 2], 16);
    assert!((0..32).all(|at| hex(at) == Ok(sha256[at])));
    assert_eq!(reading.inputs[0].bytes, packed.len() as u64);
    assert_eq!(reading.posts.len(), 1);
}
