//! A case is the same to the byte whatever the threads, and its findings whatever the order of rows.

use super::{repository, succeed, text};
use concerted_formats::case::Case;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Five accounts, m0 to m4, that share the same ten links within seconds, among 300 strangers: who, when in
/// seconds, and the link, to which `mark` may add something for each of the five.
pub(super) fn five_among_strangers(
    mark: impl Fn(usize) -> String,
    mut row: impl FnMut(String, usize, String),
) {
    for stranger in 0..300 {
        for turn in 0..4 {
            let page = (stranger * 31 + turn * 57) % 211;
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
                9_000 + act * 17_000 + member * 4,
                format!("https://push.example/{act}{}", mark(member)),
            );
        }
    }
}

/// A table in which five accounts post the same ten links within seconds, among 300 strangers.
pub(super) fn table() -> (String, Vec<String>) {
    let mut rows = Vec::new();
    let mut row = |account: String, seconds: usize, link: String| {
        let id = 1_000 + rows.len();
        rows.push(format!(
            "{id},{account},{},{link},\"said, \"\"so\"\" number {id}\"",
            1_630_000_000 + seconds
        ));
    };
    five_among_strangers(|member| format!("?utm_source=m{member}"), &mut row);
    ("post_id,account_id,time,url,text".into(), rows)
}

pub(super) fn write(path: &Path, header: &str, rows: &[String]) {
    let mut content = format!("{header}\n");
    for row in rows {
        let _ = writeln!(content, "{row}");
    }
    std::fs::write(path, content).unwrap();
}

/// Files of a case by name, the time stamp left out.
fn files(case: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(case)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let bytes = std::fs::read(&path).unwrap();
            let bytes = match name.as_str() {
                "case.toml" => String::from_utf8(bytes)
                    .unwrap()
                    .lines()
                    .filter(|line| !line.starts_with("made_at"))
                    .collect::<Vec<_>>()
                    .join("\n")
                    .into_bytes(),
                _ => bytes,
            };
            (name, bytes)
        })
        .collect()
}

#[test]
fn two_runs_one_thread_and_two_give_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let (header, rows) = table();
    let input = dir.path().join("posts.csv");
    write(&input, &header, &rows);
    let scan = |name: &str, threads: &str| {
        let case = dir.path().join(name);
        succeed(&[
            "scan",
            text(&input),
            "--case",
            text(&case),
            "--controls",
            "3",
            "--threads",
            threads,
        ]);
        files(&case)
    };
    let first = scan("a.case", "1");
    assert!(first.len() > 12, "{:?}", first.keys());
    for (name, threads) in [("b.case", "1"), ("c.case", "2")] {
        let again = scan(name, threads);
        for (file, bytes) in &first {
            assert!(
                again.get(file) == Some(bytes),
                "{file} differs with {threads} threads"
            );
        }
    }
}

#[test]
fn the_order_of_rows_changes_only_where_a_post_stands() {
    let dir = tempfile::tempdir().unwrap();
    let (header, rows) = table();
    let mut shuffled = rows.clone();
    shuffled.reverse();
    shuffled.rotate_left(417);
    let scan = |name: &str, rows: &[String]| {
        let input = dir.path().join(format!("{name}.csv"));
        write(&input, &header, rows);
        let case = dir.path().join(format!("{name}.case"));
        succeed(&[
            "scan",
            text(&input),
            "--case",
            text(&case),
            "--controls",
            "3",
        ]);
        files(&case)
    };
    let (plain, mixed) = (scan("plain", &rows), scan("mixed", &shuffled));
    // Rows, file names and hashes of files stand in the other tables.
    for file in [
        "groups.csv",
        "members.csv",
        "labels.csv",
        "pairs.parquet",
        "calibration.json",
        "network.graphml",
        "network.gexf",
        "pseudonyms.csv",
    ] {
        assert!(plain[file] == mixed[file], "{file} differs");
    }
}

#[test]
fn the_planted_group_is_named_with_every_post_it_rests_on() {
    let dir = tempfile::tempdir().unwrap();
    let (header, rows) = table();
    let input = dir.path().join("posts.csv");
    write(&input, &header, &rows);
    let case_dir = dir.path().join("posts.case");
    let said = succeed(&[
        "scan",
        text(&input),
        "--case",
        text(&case_dir),
        "--controls",
        "5",
    ]);
    assert!(
        said.contains(
            "1 group of accounts acts together more often than chance allows: 5 accounts in all."
        ),
        "{said}"
    );
    assert!(said.contains("By chance: 0 groups on 5 copies"), "{said}");

    let case = Case::open(&case_dir).unwrap();
    let members = case.members().unwrap();
    let mut names: Vec<&str> = members
        .iter()
        .map(|member| member.account_id.as_ref())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["m0", "m1", "m2", "m3", "m4"]);
    assert!(
        members
            .iter()
            .all(|member| member.role == "core" && member.joint_runs == 10),
        "{members:?}"
    );
    assert_eq!(
        members
            .iter()
            .map(|member| (member.account_id.as_ref(), member.first_count))
            .find(|member| member.1 > 0),
        Some(("m0", 10))
    );

    let evidence: Vec<_> = case
        .evidence()
        .unwrap()
        .map(Result::unwrap)
        .filter(|row| row.group_id == "g1")
        .collect();
    assert_eq!(evidence.len(), 50);
    let lines: Vec<String> = std::fs::read_to_string(&input)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    for row in &evidence {
        let line = &lines[usize::try_from(row.source_row).unwrap() - 1];
        assert!(
            line.starts_with(&format!("{},{},", row.post_id, row.account_id)),
            "{row:?} is not {line}"
        );
        assert_eq!(
            row.raw_sha256.to_string(),
            sha256(line.as_bytes()),
            "{line}"
        );
        assert!(
            row.object.starts_with("https://push.example/") && !row.object.contains("utm_"),
            "{row:?}"
        );
        assert!(row.lag_s <= 16.0);
    }
    assert!(succeed(&["verify", text(&case_dir)]).contains("every file is as it was written"));
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

#[test]
fn the_corpus_of_the_readme_gives_the_answer_of_the_readme() {
    let dir = tempfile::tempdir().unwrap();
    let case = dir.path().join("german.case");
    let corpus = repository().join("corpora/german-election-2021.parquet");
    let said = succeed(&["scan", text(&corpus), "--case", text(&case)]);
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    for line in said
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("The case:"))
    {
        assert!(
            readme.contains(line.trim_end()),
            "README.md does not show: {line}"
        );
    }
}
