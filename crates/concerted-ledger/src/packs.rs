//! Definition packs: what "influence" or "interference" is taken to mean, criterion by criterion.
//!
//! A pack is a file under `data/packs/` with source, date, jurisdiction and criteria. Criteria that no count
//! of posts can decide (state direction, intent) are marked; they stay unknown until a person answers for
//! them by name.

use crate::day::Day;
use crate::words::EvidenceKind;
use serde::Deserialize;
use std::sync::LazyLock;

/// What stands in the place of a definition where the speaker gave none.
pub const SPEAKER_UNDEFINED: &str = "speaker_undefined";

/// One definition with its criteria.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The name statements and assessments use.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Whose law or usage it is.
    pub jurisdiction: String,
    /// The day of the source, where it is known.
    pub date: Option<Day>,
    /// The source.
    pub source: String,
    /// How the source was read.
    pub read: String,
    /// What was not compared with the source itself: a field, and what it was taken from instead.
    pub unverified: Vec<String>,
    /// What follows from it.
    pub note: String,
    /// The words it defines, where it defines more than one.
    #[serde(default)]
    pub terms: Vec<Term>,
    /// What has to hold.
    pub criteria: Vec<Criterion>,
}

/// A word that a pack defines.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// The name statements and assessments use.
    pub id: String,
    /// The word.
    pub term: String,
    /// What it is taken to mean.
    pub text: String,
}

/// One thing that has to hold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Its name.
    pub id: String,
    /// The question it asks.
    pub question: String,
    /// The kinds of evidence that can answer it.
    pub evidence: Vec<EvidenceKind>,
    /// Whether only a named person can answer it.
    #[serde(default)]
    pub person_only: bool,
}

impl Pack {
    /// The day of the source in words.
    pub fn dated(&self) -> String {
        self.date
            .map_or_else(|| "day not known".to_owned(), |day| day.to_string())
    }

    /// The criterion of a name.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|criterion| criterion.id == id)
    }
}

/// Reads a pack, as its file is written.
pub fn parse(text: &str) -> Result<Pack, String> {
    toml::from_str(text).map_err(|error| error.to_string())
}

const FILES: [&str; 8] = [
    include_str!("../data/packs/odni-2020.toml"),
    include_str!("../data/packs/odni-2024.toml"),
    include_str!("../data/packs/22usc2708k4.toml"),
    include_str!("../data/packs/csis-act-s2.toml"),
    include_str!("../data/packs/fr-2021-922.toml"),
    include_str!("../data/packs/au-home-affairs.toml"),
    include_str!("../data/packs/odni-fmi.toml"),
    include_str!("../data/packs/eu-fimi.toml"),
];

static PACKS: LazyLock<Vec<Pack>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|text| parse(text).expect("a test reads every pack that is built in"))
        .collect()
});

/// The packs that are built in.
pub fn all() -> &'static [Pack] {
    &PACKS
}

/// The names of the packs that are built in.
pub fn names() -> Vec<&'static str> {
    all().iter().map(|pack| pack.id.as_str()).collect()
}

/// The pack that a name stands for: its own, or that of a term in it.
pub fn resolve(name: &str) -> Option<&'static Pack> {
    all()
        .iter()
        .find(|pack| pack.id == name || pack.terms.iter().any(|term| term.id == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pack_is_read_and_leaves_something_to_a_person() {
        assert_eq!(all().len(), 8);
        for pack in all() {
            // None was compared with its source; each has to say so of its date at least.
            assert!(
                pack.unverified.iter().any(|it| it.starts_with("date: ")),
                "{}",
                pack.id
            );
            assert!(
                pack.criteria.iter().any(|criterion| criterion.person_only),
                "{}",
                pack.id
            );
            assert!(
                pack.criteria
                    .iter()
                    .all(|criterion| !criterion.evidence.is_empty())
            );
        }
        assert_eq!(resolve("odni-2024-interference").unwrap().id, "odni-2024");
        assert_eq!(resolve("interference"), None);
    }
}
