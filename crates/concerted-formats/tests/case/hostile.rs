//! Texts that strangers chose to break the reader of a case.

use crate::sample::{ACCOUNTS, Sample};
use concerted_formats::case::{Case, verify};
use quick_xml::events::Event;
use std::fs;
use std::path::Path;

const NAMES: [&str; 4] = [
    "a\u{0}b\u{1}c",
    "a\u{fffd}b\u{fffd}c",
    "\"><script>alert(1)</script>]]>&amp;",
    "\u{202e}=1\r\nx,\"y\"\t\u{ffff}",
];

fn hostile() -> Sample {
    let mut sample = Sample::new();
    let mut pattern = sample.nodes[0].clone();
    for name in NAMES {
        pattern.account_id = name.into();
        pattern.label = name.into();
        pattern.cluster = "=HYPERLINK(\"http://x\")".into();
        sample.nodes.push(pattern.clone());
        let mut edge = sample.edges[0].clone();
        edge.source = name.into();
        sample.edges.push(edge);
        let mut member = sample.members[0].clone();
        member.account_id = name.into();
        sample.members.push(member);
        let mut post = sample.posts[0].clone();
        post.account_id = name.into();
        post.text = name.into();
        post.hashtags = vec![name.into(), "".into()];
        sample.posts.push(post);
    }
    sample
}

#[test]
fn formulas_do_not_reach_a_spreadsheet_and_come_back() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("case");
    let sample = Sample::new();
    sample.write(&dir).unwrap();
    let text = fs::read_to_string(dir.join("members.csv")).unwrap();
    assert!(text.contains("\r\ng1,-1001234,core,"), "{text}");
    assert!(text.contains("\r\ng1,'=cmd|' /C calc'!A0,core,"), "{text}");
    let members = Case::open(&dir).unwrap().members().unwrap();
    assert_eq!(members[1].account_id, ACCOUNTS[1]);
    let problems = fs::read_to_string(dir.join("problems.csv")).unwrap();
    assert!(problems.contains("'=2021-13-99"), "{problems}");
}

#[test]
fn what_a_format_cannot_hold_is_replaced_and_counted_and_parquet_keeps_it() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("case");
    let sample = hostile();
    let written = sample.write(&dir).unwrap();
    // NUL once in members.csv and once in pseudonyms.csv; three characters as account and three as
    // label in each of the three graph files, where the pseudonym is no hostile text.
    assert_eq!(written.replaced, 2 + 3 * (3 + 3));
    assert_eq!(verify(&dir).unwrap(), []);
    let case = Case::open(&dir).unwrap();
    let posts = case
        .posts()
        .unwrap()
        .collect::<Result<Vec<_>, _>>()
        .unwrap();
    assert_eq!(posts, sample.posts);
    let members = case.members().unwrap();
    assert_eq!(members[3].account_id, "a\u{fffd}b\u{1}c");
    assert_eq!(members[6].account_id, NAMES[3]);
}

#[test]
fn graph_files_hold_no_illegal_character_and_accounts_stay_apart() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("case");
    hostile().write(&dir).unwrap();
    for file in ["network.graphml", "network.gexf", "network-dynamic.gexf"] {
        let text = fs::read_to_string(dir.join(file)).unwrap();
        assert!(
            text.chars().all(|c| c >= ' ' || c == '\n' || c == '\t'),
            "{file} holds a control character"
        );
        assert!(
            !text.contains('\u{ffff}') && !text.contains("<script"),
            "{file}"
        );
        let ids = ids(&dir.join(file));
        assert_eq!(ids.len(), 7, "{file}: {ids:?}");
        assert!(
            ids.contains(&"a\u{fffd}b\u{fffd}c~2".to_owned()),
            "{file}: {ids:?}"
        );
        assert!(ids.contains(&NAMES[2].to_owned()), "{file}: {ids:?}");
        assert!(
            ids.contains(&"\u{202e}=1\r\nx,\"y\"\t\u{fffd}".to_owned()),
            "{file}: {ids:?}"
        );
    }
}

/// The ids of all nodes.
fn ids(path: &Path) -> Vec<String> {
    let mut xml = quick_xml::Reader::from_file(path).unwrap();
    let (mut ids, mut buffer) = (Vec::new(), Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).unwrap() {
            Event::Eof => return ids,
            Event::Start(start) if start.name().as_ref() == "node" => {
                let id = start.try_get_attribute("id").unwrap().unwrap();
                ids.push(quick_xml::escape::unescape(&id.value).unwrap().into_owned());
            }
            _ => {}
        }
    }
}

#[test]
fn in_the_dynamic_file_every_end_lies_after_its_start() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("case");
    Sample::new().write(&dir).unwrap();
    let text = fs::read_to_string(dir.join("network-dynamic.gexf")).unwrap();
    let spans: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| {
            let start = line.split(" start=\"").nth(1)?.split('"').next()?;
            let end = line.split(" end=\"").nth(1)?.split('"').next()?;
            Some((start, end))
        })
        .collect();
    assert_eq!(spans.len(), 6);
    assert!(spans.iter().all(|(start, end)| start < end), "{spans:?}");
    assert!(
        !fs::read_to_string(dir.join("network.gexf"))
            .unwrap()
            .contains(" start=")
    );
}
