//! The worked timeline: a pledge heard second-hand, a hedged claim, denials, two assessments.

use crate::sample::{NOW, records, statement};
use concerted_ledger::book::Book;
use concerted_ledger::ledger::{self, Ledger, LedgerError};
use concerted_ledger::record::Record;
use concerted_ledger::render::{self, Clock, View};
use concerted_ledger::words::Act;
use concerted_ledger::{import, lint};

pub(crate) const TIMELINE: &str = include_str!("../../data/timeline.jsonl");
pub(crate) const COMPLETIONS: &str = include_str!("../../data/timeline.completions.jsonl");

pub(crate) fn worked() -> Book {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let records = import::timeline(TIMELINE, COMPLETIONS).unwrap();
    Ledger::open(&path)
        .unwrap()
        .append(records, "a tester", NOW.parse().unwrap())
        .unwrap();
    ledger::read(&path).unwrap().unwrap().book
}

fn view(by: Clock, as_of: Option<&str>) -> View {
    View {
        by,
        as_of: as_of.map(|day| day.parse().unwrap()),
    }
}

#[test]
fn the_worked_timeline_is_taken_in_and_verifies() {
    let book = worked();
    for number in 1..=18 {
        assert!(book.get(&format!("L{number:03}")).is_some(), "L{number:03}");
    }
}

/// The timeline as it stands lacks what rule 4 asks of L018, and nothing else.
#[test]
fn what_the_worked_timeline_lacks_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let records = import::timeline(TIMELINE, "").unwrap();
    let mut ledger = Ledger::open(&folder.path().join("ledger.jsonl")).unwrap();
    let error = ledger
        .append(records, "a tester", NOW.parse().unwrap())
        .unwrap_err();
    let LedgerError::Rules(broken) = error else {
        panic!("{error}")
    };
    let found: Vec<_> = broken
        .iter()
        .map(|broken| (broken.record.as_str(), broken.rule))
        .collect();
    assert_eq!(found, [("L018", 4), ("L018", 4)], "{broken:?}");
}

#[test]
fn a_timeline_is_ordered_by_either_clock() {
    let book = worked();
    let ids = |clock| -> Vec<&str> {
        render::timeline(&book, view(clock, None))
            .iter()
            .map(|held| held.record.id())
            .collect()
    };
    let place = |ids: &[&str], id| ids.iter().position(|other| *other == id).unwrap();
    let (said, known) = (ids(Clock::Said), ids(Clock::Known));
    assert_eq!(said.len(), 17);
    // The pledge was given in November 2023 and became known after Wang Yi had said it again.
    assert_eq!(&said[..2], ["L001", "L002"]);
    assert!(place(&known, "L005") > place(&known, "L004"));
    assert!(place(&said, "L005") < place(&said, "L006"));
    assert_eq!(place(&said, "L009"), 15, "undated comes last: {said:?}");
}

#[test]
fn as_of_a_day_only_what_was_known_is_there() {
    let book = worked();
    let text = |as_of| render::timeline_text(&book, view(Clock::Said, Some(as_of)));
    assert_eq!(text("2024-01-29"), "");
    let january = text("2024-01-30");
    assert!(
        january.contains("L002") && !january.contains("L004"),
        "{january}"
    );
    // The claim is there on its day, its denial only three days later.
    assert!(text("2024-04-28").contains("L007") && !text("2024-04-28").contains("L010"));
    assert!(text("2024-04-29").contains("denied in L010"));
}

#[test]
fn a_correction_supersedes_and_the_old_record_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let mut ledger = Ledger::open(&path).unwrap();
    ledger
        .append(records(), "a tester", NOW.parse().unwrap())
        .unwrap();
    let mut corrected = statement("claim-2", Act::Allege);
    corrected.supersedes = Some("claim".into());
    let later = "2031-12-01T00:00:00Z".parse().unwrap();
    ledger
        .append(vec![Record::Statement(corrected)], "a tester", later)
        .unwrap();
    let text = |as_of| render::timeline_text(ledger.book(), view(Clock::Said, as_of));
    assert!(!text(Some("2031-11-30")).contains("claim-2"));
    let after = text(None);
    assert!(
        after.contains("corrected by claim-2 on 2031-12-01"),
        "{after}"
    );
    assert!(
        after.contains("corrects claim") && after.contains("What claim says"),
        "{after}"
    );
}

#[test]
fn every_line_says_according_to_whom_and_keeps_the_habits() {
    let book = worked();
    let text = render::timeline_text(&book, view(Clock::Said, None));
    for line in text
        .lines()
        .filter(|line| line.starts_with("- ") || line.contains("denie"))
    {
        assert!(line.contains("according to "), "{line}");
    }
    // The word stands in one place only: where Blinken is told to have declined to say it.
    assert!(
        !text
            .replace("Asserted of \"commitment violated\": declined", "")
            .contains("violated")
    );
    let denied: Vec<(String, String)> = Vec::new();
    let slips: Vec<_> = lint::check(&text, &denied)
        .into_iter()
        .filter(|slip| {
            slip.habit == lint::Habit::LikelihoodWithConfidence
                || slip.habit == lint::Habit::Verdict
        })
        .collect();
    assert!(slips.is_empty(), "{slips:?}");
}

#[test]
fn a_commitment_is_shown_with_all_that_bears_on_it() {
    let book = worked();
    let text = render::show(&book, "L002", view(Clock::Said, None)).unwrap();
    for part in [
        "Scope: elections us-2024-presidential; from 2023-11-15; until 2024-11-05",
        "Wording: unknown",
        "Standing: reported",
        "citing Two people familiar with the conversations (unnamed, via CNN)",
        "\nReaffirmations\n- L003: Wang Yi is reported to have said again",
        "\nClaims\n- L007: Antony Blinken alleged",
        "denied in L010",
        "Under odni-2024-interference, as of 2024-11-05: no public evidence of breach",
        "Under 22usc2708k4",
        "\nContext only\n- L014",
        "in an interview with CNN",
    ] {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
    assert!(render::show(&book, "L999", view(Clock::Said, None)).is_none());
}
