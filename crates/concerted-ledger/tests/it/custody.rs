//! Is any change to a case found? One byte flipped, one line deleted, two lines swapped.

use crate::sample::{NOW, records, statement};
use concerted_ledger::custody::{self, CUSTODY, LEDGER, SEAL};
use concerted_ledger::ledger::Ledger;
use concerted_ledger::record::Record;
use concerted_ledger::words::Act;
use proptest::prelude::*;
use std::path::Path;

fn case(folder: &Path) {
    std::fs::write(folder.join("posts.csv"), "post_id,text\n1,hello\n2,world\n").unwrap();
    let now = NOW.parse().unwrap();
    let mut ledger = Ledger::open(&folder.join(LEDGER)).unwrap();
    let take = |ledger: &Ledger, did| {
        let hashes: Vec<String> = ledger
            .book()
            .all()
            .iter()
            .map(|held| held.hash.clone())
            .collect();
        custody::take(folder, did, "0.0.0", &[], &hashes, "a tester", now).unwrap();
    };
    ledger.append(records(), "a tester", now).unwrap();
    take(&ledger, "added records");
    for id in ["more", "still-more"] {
        ledger
            .append(
                vec![Record::Statement(statement(id, Act::Warn))],
                "a tester",
                now,
            )
            .unwrap();
    }
    take(&ledger, "added records");
}

fn wrong(folder: &Path) -> Option<custody::CaseWrong> {
    custody::verify(folder).unwrap().err()
}

const FILES: [&str; 4] = [LEDGER, CUSTODY, SEAL, "posts.csv"];

#[test]
fn a_case_is_verified() {
    let folder = tempfile::tempdir().unwrap();
    case(folder.path());
    let checked = custody::verify(folder.path()).unwrap().unwrap();
    assert_eq!(
        (
            checked.records,
            checked.entries,
            checked.files,
            checked.signed
        ),
        (9, 2, 1, false)
    );
}

#[test]
fn what_was_added_or_taken_away_is_named() {
    let folder = tempfile::tempdir().unwrap();
    case(folder.path());
    std::fs::write(folder.path().join("extra"), "").unwrap();
    assert_eq!(wrong(folder.path()).unwrap().file, "extra");
    std::fs::remove_file(folder.path().join("extra")).unwrap();
    std::fs::remove_file(folder.path().join("posts.csv")).unwrap();
    assert_eq!(wrong(folder.path()).unwrap().file, "posts.csv");
}

#[test]
fn every_line_counts() {
    for file in FILES {
        let folder = tempfile::tempdir().unwrap();
        case(folder.path());
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        for place in 0..lines.len() {
            let mut fewer = lines.clone();
            fewer.remove(place);
            std::fs::write(&path, fewer.concat()).unwrap();
            assert!(
                wrong(folder.path()).is_some(),
                "{file}: line {place} deleted"
            );
            for other in place + 1..lines.len() {
                let mut swapped = lines.clone();
                swapped.swap(place, other);
                std::fs::write(&path, swapped.concat()).unwrap();
                assert!(
                    wrong(folder.path()).is_some(),
                    "{file}: lines {place} and {other} swapped"
                );
            }
        }
        std::fs::write(&path, &text).unwrap();
        assert_eq!(wrong(folder.path()), None);
    }
}

#[test]
fn a_signature_is_checked() {
    let folder = tempfile::tempdir().unwrap();
    case(folder.path());
    // The signature in the README of minisign-verify, over the four letters of its own message.
    let key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    let signature = "untrusted comment: signature from minisign secret key\nRUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\ntrusted comment: timestamp:1633700835\tfile:test\tprehashed\nwLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n";
    std::fs::write(folder.path().join("custody.seal.minisig"), signature).unwrap();
    let first = wrong(folder.path()).unwrap();
    assert!(
        first.file == "custody.seal.minisig" && first.what.contains("no key"),
        "{first}"
    );
    let now = NOW.parse().unwrap();
    std::fs::write(folder.path().join("custody.pub"), key).unwrap();
    let ledger = concerted_ledger::ledger::read(&folder.path().join(LEDGER))
        .unwrap()
        .unwrap();
    let hashes: Vec<String> = ledger
        .book
        .all()
        .iter()
        .map(|held| held.hash.clone())
        .collect();
    custody::take(
        folder.path(),
        "added the key",
        "0.0.0",
        &[],
        &hashes,
        "a tester",
        now,
    )
    .unwrap();
    let second = wrong(folder.path()).unwrap();
    assert!(
        second.what.contains("not a signature of this seal"),
        "{second}"
    );
}

#[test]
fn a_stamp_of_another_seal_is_found() {
    let folder = tempfile::tempdir().unwrap();
    case(folder.path());
    std::fs::write(folder.path().join("custody.seal.tsr"), [7; 100]).unwrap();
    assert_eq!(wrong(folder.path()).unwrap().file, "custody.seal.tsr");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn any_flipped_byte_is_found(file in 0..FILES.len(), place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        static CASE: std::sync::OnceLock<tempfile::TempDir> = std::sync::OnceLock::new();
        static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _turn = TURN.lock();
        let folder = CASE.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            case(folder.path());
            folder
        });
        let path = folder.path().join(FILES[file]);
        let before = std::fs::read(&path).unwrap();
        let mut after = before.clone();
        let at = place.index(after.len());
        after[at] ^= 1 << bit;
        std::fs::write(&path, &after).unwrap();
        let found = wrong(folder.path());
        std::fs::write(&path, &before).unwrap();
        prop_assert!(found.is_some(), "{} byte {}", FILES[file], at);
    }
}
