//! The word lists of `data/read/en.toml`.

use crate::words::Act;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lexicon {
    pub(crate) neutral: Vec<String>,
    pub(crate) between: Vec<String>,
    pub(crate) boundaries: Vec<String>,
    pub(crate) determiners: Vec<String>,
    pub(crate) he_or_she: Vec<String>,
    pub(crate) they_or_it: Vec<String>,
    pub(crate) titles: Vec<String>,
    pub(crate) again: BTreeMap<String, Vec<String>>,
    anonymous: Words,
    refusals: Phrases,
    verbs: BTreeMap<Act, Vec<String>>,
    cues: Vec<Cue>,
    hedges: Hedges,
    negations: Words,
    pub(crate) predicates: BTreeMap<String, Vec<String>>,
}

/// A verb of saying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verb {
    /// What is done by it; none where it leaves that open.
    pub(crate) act: Option<Act>,
}

#[derive(Debug, Deserialize)]
struct Words {
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Phrases {
    phrases: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Hedges {
    phrases: Vec<String>,
    conditional: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Cue {
    act: Act,
    phrases: Vec<String>,
}

pub(crate) static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/read/en.toml")).expect("a test reads the word lists")
});

impl Lexicon {
    /// The verb of saying that a word is, if it is one.
    pub(crate) fn verb(&self, word: &str) -> Option<Verb> {
        if self.neutral.iter().any(|verb| verb == word) {
            return Some(Verb { act: None });
        }
        let strong = self
            .verbs
            .iter()
            .find(|(_, verbs)| verbs.iter().any(|verb| verb == word));
        strong.map(|(act, _)| Verb { act: Some(*act) })
    }

    /// What is done by words whose verb leaves it open.
    pub(crate) fn cue(&self, words: &str) -> Option<Act> {
        let low = words.to_lowercase();
        self.cues
            .iter()
            .find(|cue| {
                cue.phrases
                    .iter()
                    .any(|phrase| low.contains(phrase.as_str()))
            })
            .map(|cue| cue.act)
    }

    /// The refusal to say that stands in a text, and where.
    pub(crate) fn refusal(&self, low: &str) -> Option<usize> {
        self.refusals
            .phrases
            .iter()
            .filter_map(|phrase| find_word(low, phrase))
            .min()
    }

    /// The hedges of a text, in its order.
    pub(crate) fn hedges(&self, words: &str) -> Vec<&str> {
        let low = words.to_lowercase();
        let mut found: Vec<(usize, &str)> = Vec::new();
        for phrase in &self.hedges.phrases {
            if let Some(at) = find_word(&low, phrase) {
                let inside = found
                    .iter()
                    .any(|(start, other)| *start <= at && at < start + other.len());
                if !inside {
                    found.push((at, phrase));
                }
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, phrase)| phrase).collect()
    }

    pub(crate) fn is_conditional(&self, hedge: &str) -> bool {
        self.hedges.conditional.iter().any(|word| word == hedge)
    }

    pub(crate) fn negates(&self, low: &str) -> bool {
        self.negations.words.iter().any(|word| {
            find_word(low, word).is_some()
                || (word == "n't" && (low.contains("n't") || low.contains("n’t")))
        })
    }

    pub(crate) fn is_anonymous(&self, name: &str) -> bool {
        let low = name.to_lowercase();
        self.anonymous
            .words
            .iter()
            .any(|word| find_word(&low, word).is_some())
    }
}

/// Where a word or phrase stands in a text, not as a part of another word.
pub(crate) fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_read() {
        assert_eq!(ENGLISH.verb("said"), Some(Verb { act: None }));
        assert_eq!(ENGLISH.verb("vowed").unwrap().act, Some(Act::Commit));
        assert_eq!(ENGLISH.verb("met"), None);
        assert_eq!(
            ENGLISH.hedges("It is possible, if it may"),
            ["it is possible", "if", "may"]
        );
        assert!(ENGLISH.negates("it doesn’t") && !ENGLISH.negates("it is nothing"));
    }
}
