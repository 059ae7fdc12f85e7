//! What a judgment must have before we print it: likelihood and confidence apart, a definition named, an
//! alternative given (ICD 203; ODNI's and Hogue's reports). Each complaint names the entry and what
//! would satisfy it.

use super::judgments::{Judgment, Judgments};

/// Likelihood in words, with its range (ICD 203).
pub(super) const LIKELIHOODS: [(&str, u32, u32); 7] = [
    ("almost no chance", 1, 5),
    ("very unlikely", 5, 20),
    ("unlikely", 20, 45),
    ("roughly even", 45, 55),
    ("likely", 55, 80),
    ("very likely", 80, 95),
    ("almost certain", 95, 99),
];
/// Confidence in words, as so many squares of three.
pub(super) const CONFIDENCES: [&str; 3] = ["low", "moderate", "high"];
const TLPS: [&str; 6] = ["", "CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"];

/// Words that say how likely, and words that say how sure.
const LIKELY: [&str; 8] = [
    "likely",
    "likelihood",
    "almost certain",
    "almost no chance",
    "roughly even",
    "probable",
    "probably",
    "improbable",
];
const SURE: [&str; 3] = ["confidence", "confident", "confidently"];

/// Every complaint; none if the file may be printed.
pub(super) fn lint(said: &Judgments, groups: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (place, judgment) in said.judgment.iter().enumerate() {
        let entry = format!("judgment {} ({:?})", place + 1, beginning(&judgment.says));
        complain(judgment, groups, &mut |what| {
            wrong.push(format!("{entry}: {what}"));
        });
    }
    for (entry, text) in texts(said) {
        if let Some(sentence) = mixed(text) {
            wrong.push(format!(
                "{entry}: {:?} says how likely and how sure in one sentence; write two sentences, or leave the confidence to `confidence` and `because`",
                beginning(sentence)
            ));
        }
    }
    for on in &said.group {
        if !groups.contains(&on.id) {
            wrong.push(format!(
                "group {:?}: the case has no such group; it has {}",
                on.id,
                listed(groups)
            ));
        }
        if !["", "confirmed", "rejected", "unsure"].contains(&on.verdict.as_str()) {
            wrong.push(format!(
                "group {:?}: verdict {:?} is none of confirmed, rejected, unsure",
                on.id, on.verdict
            ));
        }
        if !on.verdict.is_empty() && on.by.is_empty() {
            wrong.push(format!(
                "group {:?}: say who gave the verdict and when, with `by`",
                on.id
            ));
        }
    }
    for criterion in &said.criterion {
        if !["met", "not met", "cannot be said"].contains(&criterion.verdict.as_str()) {
            wrong.push(format!(
                "criterion {:?}: verdict {:?} is none of met, not met, cannot be said",
                beginning(&criterion.criterion),
                criterion.verdict
            ));
        }
        if criterion.definition.is_empty() {
            wrong.push(format!(
                "criterion {:?}: name the definition it belongs to, with `definition`",
                beginning(&criterion.criterion)
            ));
        }
    }
    if !TLPS.contains(&said.report.tlp.as_str()) {
        wrong.push(format!(
            "report: tlp {:?} is none of CLEAR, GREEN, AMBER, AMBER+STRICT, RED",
            said.report.tlp
        ));
    }
    if sentences(&said.report.bottom_line).count() > 4 {
        wrong.push(
            "report: bottom_line has more than four sentences; a reader in a hurry reads four"
                .into(),
        );
    }
    wrong
}

fn complain(judgment: &Judgment, groups: &[String], wrong: &mut impl FnMut(String)) {
    if judgment.says.trim().is_empty() {
        wrong("say what is judged, with `says`".into());
    }
    if !LIKELIHOODS
        .iter()
        .any(|known| known.0 == judgment.likelihood)
    {
        let terms: Vec<&str> = LIKELIHOODS.iter().map(|known| known.0).collect();
        wrong(format!(
            "likelihood {:?} is none of {}",
            judgment.likelihood,
            terms.join(", ")
        ));
    }
    if !CONFIDENCES.contains(&judgment.confidence.as_str()) {
        wrong(format!(
            "confidence {:?} is none of low, moderate, high",
            judgment.confidence
        ));
    }
    for (value, what) in [
        (
            &judgment.because,
            "say what the confidence rests on, with `because`",
        ),
        (
            &judgment.definition,
            "name the definition it uses, with `definition`",
        ),
        (
            &judgment.alternative,
            "give the best other explanation and what speaks against it, with `alternative`",
        ),
    ] {
        if value.trim().is_empty() {
            wrong(what.into());
        }
    }
    if !["", "coordinated", "who"].contains(&judgment.answers.as_str()) {
        wrong(format!(
            "answers {:?} is neither coordinated nor who; leave it out if it answers neither",
            judgment.answers
        ));
    }
    if judgment.evidence.is_empty() {
        wrong(format!(
            "name the groups it rests on, with `evidence`; the case has {}",
            listed(groups)
        ));
    }
    for id in judgment.evidence.iter().filter(|id| !groups.contains(id)) {
        wrong(format!(
            "evidence {id:?} is no group of this case; it has {}",
            listed(groups)
        ));
    }
}

/// Every free text, with the entry it stands in.
fn texts(said: &Judgments) -> Vec<(String, &str)> {
    let mut texts: Vec<(String, &str)> = vec![
        ("report title".into(), &said.report.title),
        ("report bottom_line".into(), &said.report.bottom_line),
        ("scope not_looked_at".into(), &said.scope.not_looked_at),
    ];
    for (place, judgment) in said.judgment.iter().enumerate() {
        for text in [
            &judgment.says,
            &judgment.because,
            &judgment.alternative,
            &judgment.changed,
        ] {
            texts.push((format!("judgment {}", place + 1), text));
        }
    }
    for on in &said.group {
        texts.push((format!("group {}", on.id), &on.innocent));
        texts.push((format!("group {}", on.id), &on.change_our_mind));
    }
    for (place, explanation) in said.explanation.iter().enumerate() {
        for text in [
            &explanation.hypothesis,
            &explanation.fits,
            &explanation.does_not_fit,
        ] {
            texts.push((format!("explanation {}", place + 1), text));
        }
    }
    for (place, criterion) in said.criterion.iter().enumerate() {
        texts.push((format!("criterion {}", place + 1), &criterion.because));
    }
    for (place, division) in said.division.iter().enumerate() {
        texts.push((format!("division {}", place + 1), &division.seen));
    }
    texts
}

/// The first sentence that says both.
fn mixed(text: &str) -> Option<&str> {
    sentences(text).find(|sentence| {
        let lower = sentence.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        says(&LIKELY) && says(&SURE)
    })
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '\n'])
        .map(str::trim)
        .filter(|sentence| sentence.chars().any(char::is_alphabetic))
}

fn beginning(text: &str) -> String {
    let text = text.trim();
    if text.chars().count() <= 60 {
        return text.to_owned();
    }
    text.chars().take(60).chain(['…']).collect()
}

fn listed(groups: &[String]) -> String {
    match groups {
        [] => "no group".to_owned(),
        [one] => one.clone(),
        [first, .., last] => format!("{first} to {last}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn check(text: &str) -> String {
        match Judgments::parse(Path::new("j.toml"), text, &["g1".into(), "g2".into()]) {
            Ok(_) => "fine".into(),
            Err(error) => error.to_string(),
        }
    }

    const GOOD: &str = "[[judgment]]\nsays = \"Group 1 acted in concert.\"\nanswers = \"coordinated\"\nlikelihood = \"very likely\"\nconfidence = \"moderate\"\nbecause = \"Two signals; one platform.\"\ndefinition = \"DISARM 1.6\"\nalternative = \"A scheduling tool of one newsroom; the owners differ.\"\nevidence = [\"g1\"]\n";

    #[test]
    fn a_whole_judgment_passes_and_each_lack_is_named() {
        assert_eq!(check(GOOD), "fine");
        for (from, to, complaint) in [
            (
                "very likely",
                "90%",
                "judgment 1 (\"Group 1 acted in concert.\"): likelihood \"90%\" is none of",
            ),
            (
                "\"moderate\"",
                "\"medium\"",
                "confidence \"medium\" is none of low, moderate, high",
            ),
            (
                "DISARM 1.6",
                "",
                "name the definition it uses, with `definition`",
            ),
            (
                "A scheduling tool of one newsroom; the owners differ.",
                " ",
                "give the best other explanation",
            ),
            (
                "[\"g1\"]",
                "[\"g7\"]",
                "evidence \"g7\" is no group of this case; it has g1 to g2",
            ),
            (
                "acted in concert.",
                "very likely acted, with high confidence.",
                "says how likely and how sure in one sentence",
            ),
            (
                "Two signals;",
                "It is probably so and we are confident:",
                "judgment 1: \"It is probably so and we are confident: one platform.\"",
            ),
            ("answers", "answer", "unknown field `answer`"),
        ] {
            let text = GOOD.replacen(from, to, 1);
            assert!(check(&text).contains(complaint), "{}", check(&text));
        }
        let apart = GOOD.replace(
            "acted in concert.",
            "very likely acted. We have high confidence.",
        );
        assert_eq!(check(&apart), "fine");
    }

    #[test]
    fn other_entries_are_checked_too() {
        assert!(check("[[group]]\nid = \"g9\"").contains("no such group"));
        assert!(
            check("[[group]]\nid = \"g1\"\nverdict = \"confirmed\"")
                .contains("say who gave the verdict")
        );
        assert!(
            check("[[criterion]]\ncriterion = \"covert\"\nverdict = \"yes\"")
                .contains("none of met")
        );
        assert!(check("[report]\ntlp = \"PURPLE\"").contains("none of CLEAR"));
        assert!(check("[report]\nbottom_line = \"A. B. C. D. E.\"").contains("four sentences"));
        assert_eq!(check(""), "fine");
    }
}
