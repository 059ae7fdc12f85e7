//! Do the exports hold what the worked timeline holds, and do other tools take them?

use crate::sample::NOW;
use crate::timeline::{COMPLETIONS, TIMELINE, worked};
use concerted_ledger::assess;
use concerted_ledger::book::Book;
use concerted_ledger::export::{self, Profile};
use concerted_ledger::import;
use concerted_ledger::ledger::Ledger;
use concerted_ledger::packs;
use concerted_ledger::record::{
    CriterionAnswer, Definition, Document, Event, EvidenceItem, Record, Scope,
};
use concerted_ledger::render::{self, Clock, View};
use concerted_ledger::words::{Access, Answer, Basis, EventKind, EvidenceKind};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn example(name: &str) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/spec/examples")
        .join(name);
    let text = std::fs::read_to_string(path).ok();
    if text.is_none() {
        println!("skipped: the examples of the specification are not beside this checkout");
    }
    text
}

fn objects(text: &str) -> Vec<Value> {
    let bundle: Value = serde_json::from_str(text).unwrap();
    bundle["objects"].as_array().unwrap().clone()
}

/// Every object of these types by what it says, with its references told by what they refer to.
fn by_content(objects: &[Value]) -> BTreeMap<String, Value> {
    let names: BTreeMap<String, String> = objects
        .iter()
        .map(|object| {
            let name = ["content", "explanation", "name", "id"]
                .iter()
                .find_map(|key| object[key].as_str())
                .unwrap();
            (object["id"].as_str().unwrap().to_owned(), name.to_owned())
        })
        .collect();
    let told = |value: &Value| -> Value {
        let mut text = value.to_string();
        for (id, name) in &names {
            text = text.replace(
                &format!("\"{id}\""),
                &Value::from(name.as_str()).to_string(),
            );
        }
        serde_json::from_str(&text).unwrap()
    };
    objects
        .iter()
        .filter(|object| {
            ["note", "opinion", "identity"].contains(&object["type"].as_str().unwrap())
        })
        .map(|object| (names[object["id"].as_str().unwrap()].clone(), told(object)))
        .collect()
}

#[test]
fn the_strict_bundle_says_what_the_example_says() {
    let Some(expected) = example("timeline_ledger_stix21.json") else {
        return;
    };
    let found = by_content(&objects(&export::stix(
        &worked(),
        Profile::Strict,
        "Example Observatory",
    )));
    let mut compared = 0;
    for (name, expected) in by_content(&objects(&expected)) {
        let found = found
            .get(&name)
            .unwrap_or_else(|| panic!("missing: {name}"));
        for key in ["type", "content", "confidence", "opinion", "identity_class"] {
            assert_eq!(found[key], expected[key], "{key} of {name}");
        }
        for reference in expected["external_references"]
            .as_array()
            .into_iter()
            .flatten()
        {
            assert!(
                found["external_references"]
                    .as_array()
                    .unwrap()
                    .contains(reference),
                "{reference} of {name}"
            );
        }
        let extension = |object: &Value| {
            object["extensions"]
                .as_object()
                .and_then(|map| map.values().next().cloned())
        };
        let Some(wanted) = extension(&expected) else {
            continue;
        };
        let held = extension(found).unwrap();
        for (key, value) in wanted.as_object().unwrap() {
            assert_eq!(&held[key], value, "{key} of {name}");
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared} members compared");
    println!("{compared} members of extensions are as in the example");
}

#[test]
fn schema_org_says_what_the_example_says() {
    let Some(expected) = example("timeline_ledger_schemaorg.jsonld") else {
        return;
    };
    let found: Value = serde_json::from_str(&export::schema_org(&worked())).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let node = |id: &str| {
        found["@graph"]
            .as_array()
            .unwrap()
            .iter()
            .find(|node| node["@id"] == id)
            .unwrap()
            .clone()
    };
    for wanted in expected["@graph"].as_array().unwrap() {
        let id = wanted["@id"].as_str().unwrap();
        // The example numbers its assessment apart; it is the one under the same definition.
        let held = node(if id == "led:A1" { "led:L017" } else { id });
        for key in [
            "@type",
            "temporalCoverage",
            "contentLocation",
            "led:directness",
            "led:wordingVerbatim",
            "led:denies",
            "led:declinesToAssert",
            "led:allegesConductRelevantTo",
            "itemReviewed",
            "led:definition",
            "led:likelihood",
            "led:analyticConfidence",
            "prov:wasDerivedFrom",
            "datePublished",
        ] {
            let one = |value: &Value| {
                if let Some([one]) = value.as_array().map(Vec::as_slice) {
                    one.clone()
                } else {
                    value.clone()
                }
            };
            if !wanted[key].is_null() {
                assert_eq!(one(&held[key]), one(&wanted[key]), "{key} of {id}");
            }
        }
        if id != "led:A1" {
            assert_eq!(held["author"]["name"], wanted["author"]["name"], "{id}");
        }
    }
    assert_eq!(
        node("led:L007")["text"],
        "We have seen, generally speaking, evidence of attempts to influence and arguably interfere, and we want to make sure that that's cut off as quickly as possible."
    );
}

#[test]
fn the_table_has_a_row_for_each_and_runs_no_formula() {
    let text = export::csv(&worked());
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 17);
    assert!(rows.iter().all(|row| {
        row.iter()
            .all(|cell| !cell.starts_with(['=', '+', '-', '@']))
    }));
    let claim = rows.iter().find(|row| &row[0] == "L007").unwrap();
    assert!(claim.iter().any(|cell| cell == "L009 L010"), "{claim:?}");
}

#[test]
fn ids_follow_from_content() {
    let stix = |_| export::stix(&worked(), Profile::OpenCti, "Example Observatory");
    assert_eq!(stix(1), stix(2));
}

/// The worked timeline with every other kind of record beside it: evidence of posts and of documents, a happening,
/// a definition, a correction.
fn everything() -> Book {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.jsonl");
    let mut ledger = Ledger::open(&path).unwrap();
    let mut records = import::timeline(TIMELINE, COMPLETIONS).unwrap();
    let mut page = Document::new("doc-page".into(), "A page".into(), Access::Primary);
    page.sha256 = Some("ab".repeat(32));
    page.url = Some("https://example.org/page".into());
    let mut posts = EvidenceItem::new(
        "E1".into(),
        EvidenceKind::DetectorFinding,
        "Five accounts posted one link within a minute, nine times.".into(),
        Basis::Observed,
        "It shows that they met, not who is behind them.".into(),
    );
    posts.posts = vec![
        "https://social.example/1".into(),
        "https://social.example/2".into(),
        "1784512".into(),
    ];
    posts.disarm = vec!["T0049".into(), "T0084.001".into()];
    posts.published_on = Some("2024-09-01".parse().unwrap());
    let mut scope = Scope::new();
    scope.from = Some("2024-08-01".parse().unwrap());
    scope.until = Some("2024-08-31".parse().unwrap());
    posts.scope = Some(scope);
    let mut second = posts.clone();
    second.id = "E2".into();
    second.scope = None;
    let mut paper = EvidenceItem::new(
        "E3".into(),
        EvidenceKind::Document,
        "The page names the firm.".into(),
        Basis::Inferred,
        "It does not say who paid.".into(),
    );
    paper.documents = vec!["doc-page".into()];
    let bare = EvidenceItem::new(
        "E4".into(),
        EvidenceKind::Dataset,
        "A list kept elsewhere.".into(),
        Basis::Inferred,
        "Not seen by us.".into(),
    );
    let mut summit = Event::new("summit".into(), "A summit".into(), EventKind::Summit);
    summit.start = Some("2023-11-15".parse().unwrap());
    let mut definition = Definition::new(
        "desk-2024".into(),
        "interference".into(),
        "What the desk takes it to mean.".into(),
        "The desk's handbook".into(),
    );
    definition.criteria = vec!["covert".into()];
    records.extend([
        Record::Document(page),
        Record::EvidenceItem(posts),
        Record::EvidenceItem(second),
        Record::EvidenceItem(paper),
        Record::EvidenceItem(bare),
        Record::Event(summit),
        Record::Definition(definition),
    ]);
    ledger
        .append(records, "a tester", NOW.parse().unwrap())
        .unwrap();
    ledger.book().clone()
}

#[test]
fn evidence_is_what_was_seen_and_not_a_note() {
    for profile in [Profile::Strict, Profile::OpenCti] {
        let objects = objects(&export::stix(&everything(), profile, "Example Observatory"));
        let of = |kind: &str| -> Vec<&Value> {
            objects
                .iter()
                .filter(|object| object["type"] == kind)
                .collect()
        };
        let find = |id: &Value| objects.iter().find(|object| object["id"] == *id).unwrap();
        let group = |name: &str| {
            *of("grouping")
                .iter()
                .find(|group| group["name"] == name)
                .unwrap()
        };
        let posts = group("Evidence E1");
        let text = posts["description"].as_str().unwrap();
        assert!(text.contains("nine times") && text.contains("not who is behind them"));
        let seen = find(&posts["object_refs"][0]);
        assert_eq!(seen["type"], "observed-data");
        assert_eq!(seen["number_observed"], 3);
        assert_eq!(seen["first_observed"], "2024-08-01T00:00:00.000Z");
        assert_eq!(seen["last_observed"], "2024-08-31T23:59:59.000Z");
        let kinds: BTreeSet<&str> = seen["object_refs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| find(id)["type"].as_str().unwrap())
            .collect();
        let addresses = match profile {
            Profile::Strict => "url",
            Profile::OpenCti => "media-content",
        };
        assert_eq!(kinds, BTreeSet::from([addresses, "file"]));
        // Each of two pieces of evidence is a sighting of each of two techniques, which are there once.
        assert_eq!(of("sighting").len(), 4);
        assert_eq!(of("attack-pattern").len(), 2);
        for sighting in of("sighting") {
            assert_eq!(find(&sighting["sighting_of_ref"])["type"], "attack-pattern");
            assert_eq!(
                find(&sighting["observed_data_refs"][0])["type"],
                "observed-data"
            );
        }
        let paper = find(&group("Evidence E3")["object_refs"][0]);
        assert_eq!(
            find(&paper["object_refs"][0])["hashes"]["SHA-256"],
            "ab".repeat(32)
        );
        assert!(
            of("note")
                .iter()
                .all(|note| { !note.to_string().contains("evidence_item") })
        );
        let ids: BTreeSet<&str> = objects
            .iter()
            .map(|it| it["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids.len(), objects.len(), "an object is there twice");
    }
}

/// A document from a listed host is flagged wherever it is shown: told, exported, laid in a grid.
#[test]
fn a_listed_host_is_flagged_wherever_the_document_is_shown() {
    let listed = include_str!("../../data/manipulation-sites.txt")
        .lines()
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap();
    let mut records = crate::sample::records();
    for record in &mut records {
        if let Record::Document(document) = record {
            document.url = Some(format!("https://www.{listed}/story"));
        }
    }
    let mut evidence = EvidenceItem::new(
        "E1".into(),
        EvidenceKind::ThirdPartyReport,
        "It was told.".into(),
        Basis::Inferred,
        "Not checked.".into(),
    );
    evidence.documents = vec!["article".into()];
    records.push(Record::EvidenceItem(evidence));
    let mut answered = crate::sample::assessment("answered");
    let mut answer = CriterionAnswer::new("degrade-or-disrupt".into(), Answer::NotMet);
    answer.because = vec!["E1".into()];
    answered.criteria = vec![answer];
    records.push(Record::Assessment(answered));
    let folder = tempfile::tempdir().unwrap();
    let mut ledger = Ledger::open(&folder.path().join("ledger.jsonl")).unwrap();
    ledger
        .append(records, "a tester", NOW.parse().unwrap())
        .unwrap();
    let book = ledger.book();
    let view = View {
        by: Clock::Said,
        as_of: None,
    };
    let pack = packs::resolve("odni-2024").unwrap();
    let grid = assess::grid(book, "pledge", &[pack]);
    let warning = "on the list of known manipulation sites";
    for (place, text) in [
        ("timeline", render::timeline_text(book, view)),
        ("statement", render::show(book, "claim", view).unwrap()),
        ("evidence", render::show(book, "E1", view).unwrap()),
        ("document", render::show(book, "article", view).unwrap()),
        ("grid", grid.text()),
        ("grid in Markdown", grid.markdown()),
        ("grid in HTML", grid.html()),
        ("grid in JSON", grid.json()),
        ("strict", export::stix(book, Profile::Strict, "x")),
        ("opencti", export::stix(book, Profile::OpenCti, "x")),
        ("schema.org", export::schema_org(book)),
        ("table", export::csv(book)),
    ] {
        assert!(text.contains(warning), "{place}: {text}");
    }
}

/// Where `CONCERTED_PYTHON` names an interpreter that has `stix2` and `stix2-validator`.
#[test]
fn other_tools_take_the_bundles() {
    let Some(python) = std::env::var_os("CONCERTED_PYTHON").map(PathBuf::from) else {
        println!("skipped: CONCERTED_PYTHON names no interpreter");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (book_name, book) in [("worked", worked()), ("everything", everything())] {
        for (name, profile) in [("strict", Profile::Strict), ("opencti", Profile::OpenCti)] {
            let path = folder.path().join(format!("{book_name}-{name}.json"));
            std::fs::write(&path, export::stix(&book, profile, "Example Observatory")).unwrap();
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/stix_bundle.py");
            let output = Command::new(&python)
                .arg(script)
                .arg(&path)
                .arg(name)
                .output()
                .unwrap();
            let told = format!(
                "{}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
            assert!(output.status.success(), "{told}");
            println!("{book_name}: {told}");
        }
    }
}
