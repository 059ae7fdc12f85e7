//! What the program says when asked.

use super::{refuse, succeed};

#[test]
fn everything_that_is_listed_is_explained() {
    let list = succeed(&["explain"]);
    let names: Vec<&str> = list
        .lines()
        .filter(|line| line.starts_with("  "))
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        assert!(succeed(&["explain", name]).contains(name), "{name}");
    }
    assert!(succeed(&["explain", "joint_runs"]).contains("members.csv"));
    assert!(
        refuse(&["explain", "nonsense"])
            .contains("`concerted explain` lists what can be explained")
    );
}

#[test]
fn detectors_are_listed_for_people_and_programs() {
    let people = succeed(&["detectors"]);
    let programs = succeed(&["detectors", "--json"]);
    assert_eq!(people.lines().count(), programs.lines().count());
    for line in programs.lines() {
        let card: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(people.contains(card["id"].as_str().unwrap()));
        assert!(
            card["doc"]
                .as_str()
                .unwrap()
                .contains("Also looks like this")
        );
    }
}
