//! Do the exports hold what the worked timeline holds, and do other tools take them?

use crate::timeline::worked;
use concerted_ledger::export::{self, Profile};
use serde_json::Value;
use std::collections::BTreeMap;
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

/// Where `CONCERTED_STIX_PYTHON` names an interpreter that has `stix2` and `stix2-validator`.
#[test]
fn other_tools_take_the_bundles() {
    let Some(python) = std::env::var_os("CONCERTED_STIX_PYTHON").map(PathBuf::from) else {
        println!("skipped: CONCERTED_STIX_PYTHON names no interpreter");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, profile) in [("strict", Profile::Strict), ("opencti", Profile::OpenCti)] {
        let path = folder.path().join(format!("{name}.json"));
        std::fs::write(
            &path,
            export::stix(&worked(), profile, "Example Observatory"),
        )
        .unwrap();
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
        println!("{told}");
    }
}
