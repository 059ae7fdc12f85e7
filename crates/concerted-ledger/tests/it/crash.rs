//! Does an acknowledged record outlive `kill -9`, whatever the moment?

use crate::sample::{NOW, agent};
use concerted_ledger::ledger::{self, Ledger};
use concerted_ledger::words::AgentKind;
use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "CONCERTED_TEST_APPEND_TO";
const NAME: &str = "CONCERTED_TEST_APPEND_AS";
const PROCESSES: usize = 4;
const RECORDS: usize = 1_000;

/// What a child does: appends one record after the other and notes each that was acknowledged.
#[test]
#[ignore = "runs as a child of the test below"]
fn child_that_appends() {
    let (Some(folder), Ok(name)) = (std::env::var_os(FOLDER), std::env::var(NAME)) else {
        return;
    };
    let folder = Path::new(&folder);
    let mut ledger = Ledger::open(&folder.join("ledger.jsonl")).unwrap();
    let path = folder.join(format!("{name}.acknowledged"));
    let mut acknowledged = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .unwrap();
    for number in 0.. {
        let id = format!("{name}-{number}");
        let record = agent(
            &id,
            "Somebody with a name that fills a line",
            AgentKind::Person,
        );
        ledger
            .append(vec![record], &name, NOW.parse().unwrap())
            .unwrap();
        writeln!(acknowledged, "{id}").unwrap();
    }
}

fn spawn(folder: &Path, generation: usize, slot: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "crash::child_that_appends"])
        .env(FOLDER, folder)
        .env(NAME, format!("p{slot}g{generation}"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn acknowledged(folder: &Path) -> Vec<String> {
    let mut ids = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|ending| ending == "acknowledged")
        {
            // The note itself may be cut short by the kill; only whole lines were written.
            let text = std::fs::read_to_string(path).unwrap();
            ids.extend(
                text.split_inclusive('\n')
                    .filter_map(|line| line.strip_suffix('\n'))
                    .map(str::to_owned),
            );
        }
    }
    ids
}

#[test]
fn no_acknowledged_record_is_lost_when_processes_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut children: Vec<Child> = (0..PROCESSES).map(|slot| spawn(folder, 0, slot)).collect();
    let mut generation = 0;
    let mut kills = 0;
    while acknowledged(folder).len() < RECORDS {
        // Uneven pauses, so that the kill falls at another moment of an append each time.
        std::thread::sleep(Duration::from_micros(
            30_000 + (generation as u64 * 7_919) % 41_000,
        ));
        let slot = generation % PROCESSES;
        generation += 1;
        assert!(
            children[slot].try_wait().unwrap().is_none(),
            "a child gave up by itself"
        );
        children[slot].kill().unwrap();
        children[slot].wait().unwrap();
        kills += 1;
        children[slot] = spawn(folder, generation, slot);
        assert!(generation < 20_000, "the children do not get on");
    }
    for mut child in children {
        child.kill().unwrap();
        child.wait().unwrap();
        kills += 1;
    }
    let verified = ledger::read(&folder.join("ledger.jsonl")).unwrap().unwrap();
    let held: BTreeSet<&str> = verified
        .book
        .all()
        .iter()
        .map(|held| held.record.id())
        .collect();
    assert_eq!(
        held.len(),
        verified.book.all().len(),
        "a record is there twice"
    );
    let lost: Vec<String> = acknowledged(folder)
        .into_iter()
        .filter(|id| !held.contains(id.as_str()))
        .collect();
    assert!(
        lost.is_empty(),
        "acknowledged and lost after {kills} kills: {lost:?}"
    );
    println!(
        "{kills} kills, {} records, torn tail: {:?}",
        held.len(),
        verified.torn
    );
}

/// Wherever a line is cut off, what stands before it is whole, and the next append goes on from there.
#[test]
fn a_line_cut_off_anywhere_costs_that_line_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let append = |id: &str| {
        let record = agent(id, "Somebody", AgentKind::Person);
        Ledger::open(&path)
            .unwrap()
            .append(vec![record], "a tester", NOW.parse().unwrap())
            .unwrap()
    };
    append("first");
    let first = std::fs::metadata(&path).unwrap().len();
    append("second");
    let whole = std::fs::read(&path).unwrap();
    for cut in usize::try_from(first).unwrap() + 1..whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let before = ledger::read(&path).unwrap().unwrap();
        assert_eq!(before.torn.unwrap().at, first);
        let recorded = append("third");
        assert_eq!(recorded.torn.unwrap().bytes, cut as u64 - first);
        let after = ledger::read(&path).unwrap().unwrap();
        let ids: Vec<&str> = after
            .book
            .all()
            .iter()
            .map(|held| held.record.id())
            .collect();
        assert_eq!((ids, after.torn), (vec!["first", "third"], None));
    }
}
