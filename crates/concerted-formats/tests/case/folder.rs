//! Whole or not at all, the same bytes each time, nothing of others lost, every change seen.

use crate::sample::Sample;
use concerted_engine::post::{Post, Posts, Source};
use concerted_formats::case::cell::{RawHash, Time};
use concerted_formats::case::divisions::{DivisionTables, Which};
use concerted_formats::case::tables::PostRow;
use concerted_formats::case::{Case, CaseError, CaseWriter, FILES, FindingKind, verify};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

fn bytes(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(dir)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn names(dir: &Path) -> Vec<String> {
    bytes(dir).into_keys().collect()
}

#[test]
fn what_was_written_is_read_back() {
    let (home, sample) = (tempfile::tempdir().unwrap(), Sample::new());
    let dir = home.path().join("new/folders/case");
    let written = sample.write(&dir).unwrap();
    assert_eq!(written.replaced, 0);
    let mut expected: Vec<&str> = FILES.iter().map(|file| file.0).collect();
    expected.sort_unstable();
    assert_eq!(names(&dir), expected);

    let case = Case::open(&dir).unwrap();
    assert_eq!(case.plan(), &sample.plan);
    assert_eq!(case.groups().unwrap(), sample.groups);
    assert_eq!(case.members().unwrap(), sample.members);
    assert_eq!(case.labels().unwrap(), sample.labels);
    assert_eq!(case.windows().unwrap(), sample.windows);
    let rows = case.pairs().unwrap().collect::<Result<Vec<_>, _>>();
    assert_eq!(rows.unwrap(), sample.pairs);
    let rows = case.evidence().unwrap().collect::<Result<Vec<_>, _>>();
    assert_eq!(rows.unwrap(), sample.evidence);
    let rows = case.posts().unwrap().collect::<Result<Vec<_>, _>>();
    assert_eq!(rows.unwrap(), sample.posts);
    let divisions = DivisionTables::read(&case, Which::Scanned).unwrap();
    assert_eq!(divisions.as_ref(), Some(&sample.divisions));
    assert_eq!(DivisionTables::read(&case, Which::Judged).unwrap(), None);
    assert_eq!(case.calibration().unwrap().unwrap(), sample.calibration);
    assert_eq!(case.pseudonym_key().unwrap().unwrap(), sample.key);
    assert_eq!(case.pseudonyms().unwrap().len(), 3);
    let problems = case.problems().unwrap();
    assert_eq!(problems[0].row, None);
    assert_eq!(problems[1].detail, "=2021-13-99 is no date");
    assert_eq!(
        (problems[1].kind.as_ref(), problems[1].refused),
        ("bad-time", true)
    );
    assert_eq!(verify(&dir).unwrap(), []);
}

#[test]
fn posts_go_from_the_reader_to_the_case_without_a_copy() {
    let mut posts = Posts::default();
    posts.push(&Post {
        post_id: "1".into(),
        account_id: "a".into(),
        account_name: "A".into(),
        time: -5,
        platform: "telegram".into(),
        text: "text".into(),
        is_repost: Some(false),
        quote_of: "q".into(),
        reply_to_account: "r".into(),
        mentions: vec!["m".into(), "n".into()],
        media: vec!["h".into()],
        source: Source {
            file: 0,
            row: 2,
            sha256: [9; 32],
        },
        ..Post::default()
    });
    let inputs = ["export.csv"];
    let rows = || {
        posts.iter().map(|post| PostRow {
            links: vec!["example.org/".into()],
            ..PostRow::of(post, inputs[post.source().file as usize])
        })
    };
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("case");
    let mut case = Sample::new().hand_over(&dir).unwrap();
    assert_eq!(case.posts(rows()).unwrap(), 1);
    case.finish().unwrap();
    let case = Case::open(&dir).unwrap();
    let read: Vec<_> = case.posts().unwrap().map(Result::unwrap).collect();
    assert_eq!(read, rows().collect::<Vec<_>>());
    assert_eq!((read[0].time, read[0].source_row), (Time(-5), 2));
    assert_eq!(read[0].mentions, ["m", "n"]);
    assert_eq!(read[0].raw_sha256, RawHash([9; 32]));
}

#[test]
fn two_writes_give_the_same_bytes_and_only_the_plan_knows_the_time() {
    let (home, mut sample) = (tempfile::tempdir().unwrap(), Sample::new());
    let (first, second, later) = (
        home.path().join("1"),
        home.path().join("2"),
        home.path().join("3"),
    );
    let digest = sample.write(&first).unwrap().digest;
    assert_eq!(sample.write(&second).unwrap().digest, digest);
    assert_eq!(bytes(&first), bytes(&second));

    sample.plan.made_at = "2031-01-01T00:00:00Z".into();
    assert_eq!(sample.write(&later).unwrap().digest, digest);
    let (before, after) = (bytes(&first), bytes(&later));
    let changed: Vec<_> = before
        .keys()
        .filter(|file| before[*file] != after[*file])
        .collect();
    assert_eq!(changed, ["case.toml"]);

    sample.plan.seed = 43;
    assert_ne!(sample.write(&later).unwrap().digest, digest);
}

#[test]
fn a_writer_that_stops_leaves_the_place_as_it_was() {
    let (home, sample) = (tempfile::tempdir().unwrap(), Sample::new());
    let dir = home.path().join("case");
    drop(sample.hand_over(&dir).unwrap());
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);

    sample.write(&dir).unwrap();
    let before = bytes(&dir);
    let half = CaseWriter::create(&dir).unwrap();
    let error = half.finish().unwrap_err().to_string();
    assert!(error.contains("lacks case.toml, groups.csv"), "{error}");
    assert_eq!(bytes(&dir), before);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn an_earlier_case_is_replaced_and_lends_its_key() {
    let (home, mut sample) = (tempfile::tempdir().unwrap(), Sample::new());
    let dir = home.path().join("case");
    fs::create_dir(&dir).unwrap();
    sample.write(&dir).unwrap();
    sample.groups[0].accounts = 4;
    let again = sample.hand_over(&dir).unwrap();
    assert_eq!(again.previous_key(), Some(&sample.key));
    again.finish().unwrap();
    assert_eq!(Case::open(&dir).unwrap().groups().unwrap()[0].accounts, 4);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
}

#[test]
fn what_no_scan_wrote_is_never_replaced() {
    let (home, sample) = (tempfile::tempdir().unwrap(), Sample::new());
    let dir = home.path().join("case");
    sample.write(&dir).unwrap();
    fs::write(dir.join("notes.txt"), "mine").unwrap();
    fs::create_dir(dir.join("report.html.d")).unwrap();
    let before = names_only(&dir);
    let error = CaseWriter::create(&dir).unwrap_err();
    assert!(
        matches!(&error, CaseError::Foreign { files, .. } if files == &["notes.txt", "report.html.d"]),
        "{error}"
    );
    let text = error.to_string();
    assert!(
        text.contains("notes.txt") && text.contains("choose another folder"),
        "{text}"
    );
    assert_eq!(names_only(&dir), before);

    // The same, if they come while the scan runs.
    fs::remove_file(dir.join("notes.txt")).unwrap();
    fs::remove_dir(dir.join("report.html.d")).unwrap();
    let running = sample.hand_over(&dir).unwrap();
    fs::write(dir.join("ledger.jsonl"), "{}").unwrap();
    assert!(matches!(running.finish(), Err(CaseError::Foreign { .. })));
    assert!(dir.join("ledger.jsonl").exists());

    // An analyst's own posts may have the name of ours.
    let own = home.path().join("own");
    fs::create_dir(&own).unwrap();
    fs::write(own.join("posts.parquet"), "PAR1").unwrap();
    assert!(matches!(
        CaseWriter::create(&own),
        Err(CaseError::Foreign { .. })
    ));
    fs::write(own.join("case.toml"), "title = \"another program's\"").unwrap();
    assert!(matches!(
        CaseWriter::create(&own),
        Err(CaseError::Foreign { .. })
    ));
    assert!(matches!(
        CaseWriter::create(&own.join("posts.parquet")),
        Err(CaseError::NotAFolder(_))
    ));
}

fn names_only(dir: &Path) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    names
}

#[cfg(unix)]
#[test]
fn the_key_is_for_its_owner_alone_and_the_folder_is_not() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    let (dir, plain) = (home.path().join("case"), home.path().join("plain"));
    Sample::new().write(&dir).unwrap();
    fs::create_dir(&plain).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir.join("pseudonym.key")), 0o600);
    assert_eq!(mode(&dir), mode(&plain));
}

#[test]
fn verify_sees_every_flipped_byte_and_every_missing_or_added_file() {
    let (home, sample) = (tempfile::tempdir().unwrap(), Sample::new());
    let dir = home.path().join("case");
    sample.write(&dir).unwrap();
    let kinds = |dir: &Path| -> Vec<(String, FindingKind)> {
        verify(dir)
            .unwrap()
            .into_iter()
            .map(|finding| (finding.file, finding.kind))
            .collect()
    };
    for (file, content) in bytes(&dir) {
        if file == "datapackage.json" || file == "pseudonym.key" {
            continue;
        }
        let path = dir.join(&file);
        let mut flipped = content.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 1;
        fs::write(&path, &flipped).unwrap();
        assert_eq!(kinds(&dir), [(file.clone(), FindingKind::Changed)]);
        fs::remove_file(&path).unwrap();
        assert_eq!(kinds(&dir), [(file, FindingKind::Missing)]);
        fs::write(&path, &content).unwrap();
    }
    assert_eq!(kinds(&dir), []);

    fs::write(dir.join("groups-old.csv"), "").unwrap();
    assert_eq!(
        kinds(&dir),
        [("groups-old.csv".to_owned(), FindingKind::Extra)]
    );
    fs::remove_file(dir.join("groups-old.csv")).unwrap();
    for fine in ["ledger.jsonl", "alerts.jsonl"] {
        fs::write(dir.join(fine), "{}\n").unwrap();
    }
    fs::remove_file(dir.join("pseudonym.key")).unwrap();
    assert_eq!(kinds(&dir), []);

    // A manifest that was changed to fit.
    let manifest = dir.join("datapackage.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let wrong = |from: &str, to: &str| {
        assert!(text.contains(from));
        fs::write(&manifest, text.replace(from, to)).unwrap();
        kinds(&dir)
    };
    let digest = text.split("\"digest\": \"sha256:").nth(1).unwrap()[..64].to_owned();
    let manifest_only = ("datapackage.json".to_owned(), FindingKind::Manifest);
    assert_eq!(
        wrong(&digest, &"0".repeat(64)),
        std::slice::from_ref(&manifest_only)
    );
    assert_eq!(wrong("\"resources\"", "\"sources\""), [manifest_only]);
    assert!(
        wrong(
            "\"path\": \"pairs.parquet\"",
            "\"path\": \"../../etc/passwd\""
        )
        .contains(&("../../etc/passwd".to_owned(), FindingKind::Manifest))
    );
    fs::remove_file(&manifest).unwrap();
    assert_eq!(
        kinds(&dir),
        [("datapackage.json".to_owned(), FindingKind::Missing)]
    );
    assert!(verify(&dir.join("nowhere")).is_err());
}

#[test]
fn what_is_no_case_or_of_a_later_version_is_refused_with_a_reason() {
    let home = tempfile::tempdir().unwrap();
    let plan = home.path().join("case.toml");
    assert!(matches!(
        Case::open(home.path()),
        Err(CaseError::NotACase(_))
    ));
    fs::write(&plan, "name = 1").unwrap();
    assert!(matches!(
        Case::open(home.path()),
        Err(CaseError::NotACase(_))
    ));
    fs::write(&plan, "format = \"concerted case\"\nversion = 2\nseed = []").unwrap();
    let error = Case::open(home.path()).unwrap_err().to_string();
    assert!(
        error.contains("version 2") && error.contains("up to 1"),
        "{error}"
    );
    fs::write(&plan, "format = ").unwrap();
    assert!(matches!(
        Case::open(home.path()),
        Err(CaseError::Syntax { .. })
    ));
}

#[test]
fn tables_that_others_changed_are_read_by_name_or_refused_by_name() {
    let (home, sample) = (tempfile::tempdir().unwrap(), Sample::new());
    let dir = home.path().join("case");
    sample.write(&dir).unwrap();
    let case = Case::open(&dir).unwrap();
    let path = dir.join("labels.csv");
    fs::write(
        &path,
        "label,new,group_id,figures,value,threshold\nx,7,g1,f,1,2\n",
    )
    .unwrap();
    let label = case.labels().unwrap().remove(0);
    assert_eq!(
        (label.label.as_ref(), label.value, label.threshold),
        ("x", 1.0, 2.0)
    );
    fs::write(&path, "label,group_id\n").unwrap();
    let error = case.labels().unwrap_err().to_string();
    assert!(error.contains("labels.csv: column value"), "{error}");
    fs::write(
        &path,
        "group_id,label,value,threshold,figures\ng1,x,many,1,f\n",
    )
    .unwrap();
    let error = case.labels().unwrap_err().to_string();
    assert!(error.contains("row 1, column value"), "{error}");
    fs::copy(dir.join("pairs.parquet"), dir.join("posts.parquet")).unwrap();
    let error = case
        .posts()
        .unwrap()
        .next()
        .unwrap()
        .unwrap_err()
        .to_string();
    assert!(error.contains("posts.parquet: column post_id"), "{error}");
    fs::write(dir.join("pairs.parquet"), "PAR1").unwrap();
    assert!(matches!(case.pairs(), Err(CaseError::Parquet { .. })));
}

#[test]
fn many_posts_pass_in_row_groups_and_come_back_in_order() {
    let (home, sample) = (tempfile::tempdir().unwrap(), Sample::new());
    let dir = home.path().join("case");
    let mut case = sample.hand_over(&dir).unwrap();
    let ids: Vec<String> = (0..130_000).map(|i| format!("post {i}")).collect();
    let rows = ids.iter().zip(0_u64..).map(|(id, row)| {
        let mut post = sample.posts[usize::try_from(row % 9).unwrap()].clone();
        post.post_id = id.as_str().into();
        post.source_row = row;
        post
    });
    assert_eq!(case.posts(rows).unwrap(), 130_000);
    case.finish().unwrap();
    let file = fs::File::open(dir.join("posts.parquet")).unwrap();
    let builder =
        parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    assert_eq!(builder.metadata().num_row_groups(), 2);
    let case = Case::open(&dir).unwrap();
    let mut read = 0_u64;
    for post in case.posts().unwrap() {
        let post = post.unwrap();
        assert_eq!(
            (post.post_id.as_ref(), post.source_row),
            (ids[usize::try_from(read).unwrap()].as_str(), read)
        );
        read += 1;
    }
    assert_eq!(read, 130_000);
}

#[test]
fn pairs_out_of_order_and_ties_to_nowhere_are_refused() {
    let (home, mut sample) = (tempfile::tempdir().unwrap(), Sample::new());
    let dir = home.path().join("case");
    let pair = &mut sample.pairs[1];
    std::mem::swap(&mut pair.account_a, &mut pair.account_b);
    assert!(matches!(
        sample.write(&dir),
        Err(CaseError::PairOrder { .. })
    ));
    let mut sample = Sample::new();
    sample.edges[0].target = "nobody".into();
    assert!(
        matches!(sample.write(&dir), Err(CaseError::UnknownNode(account)) if account == "nobody")
    );
    let mut sample = Sample::new();
    sample.nodes[0].account_id = sample.nodes[1].account_id.clone();
    assert!(matches!(sample.write(&dir), Err(CaseError::DoubleNode(_))));
    assert!(!dir.exists());
}
