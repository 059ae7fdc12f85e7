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
    finders: Words,
    publications: Words,
    naming: Naming,
    anonymous: Words,
    refusals: Phrases,
    verbs: BTreeMap<Act, Vec<String>>,
    cues: Vec<Cue>,
    published: Phrases,
    nothing_seen: NothingSeen,
    time: Time,
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
struct Naming {
    verbs: Vec<String>,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct NothingSeen {
    negations: Vec<String>,
    words: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Time {
    past: Vec<String>,
    now: Vec<String>,
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

    /// What is done by words whose verb leaves it open, by the phrases in them.
    pub(crate) fn cue(&self, words: &str) -> Option<Act> {
        let low = words.to_lowercase();
        if self.sees_nothing(&low) {
            return Some(Act::Deny);
        }
        self.cues
            .iter()
            .find(|cue| {
                cue.phrases
                    .iter()
                    .any(|phrase| low.contains(phrase.as_str()))
            })
            .map(|cue| cue.act)
    }

    /// Whether a text speaks of its own publication: what it tells was found out by whoever speaks.
    pub(crate) fn tells_of_a_publication(&self, low: &str) -> bool {
        self.published.phrases.iter().any(|it| low.contains(it))
    }

    /// `no evidence that`, `have not seen any`, `nobody has touched`.
    fn sees_nothing(&self, low: &str) -> bool {
        let words: Vec<&str> = low
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        words.iter().enumerate().any(|(at, word)| {
            self.nothing_seen.words.iter().any(|it| it == word)
                && words[at.saturating_sub(3)..at]
                    .iter()
                    .any(|before| self.nothing_seen.negations.iter().any(|it| it == before))
        })
    }

    /// What the grammar of a speaker's own words says: a condition with what will follow is a warning, a
    /// question asks for something, and what is or may be so is a judgement, not the telling of a deed.
    pub(crate) fn judgement(&self, words: &str) -> Option<Act> {
        if words.trim_end().ends_with('?') {
            return Some(Act::Demand);
        }
        let low = words.to_lowercase();
        let has = |list: &[String]| list.iter().any(|word| find_word(&low, word).is_some());
        let hedges = self.hedges(&low);
        let condition = hedges.iter().any(|hedge| self.is_conditional(hedge));
        if condition && find_word(&low, "will").is_some() {
            return Some(Act::Warn);
        }
        let deed = has(&self.time.past)
            || low
                .split(|letter: char| !letter.is_alphanumeric())
                .any(|word| word.len() > 4 && word.ends_with("ed"));
        let doubt = hedges.iter().any(|hedge| !self.is_conditional(hedge));
        (!deed && (doubt || has(&self.time.now))).then_some(Act::Assess)
    }

    /// What is told of the speaker's own doing: `said it would publish`, `said she was examining`. A promise
    /// to leave something be is a promise.
    pub(crate) fn own_doing(&self, told: &str) -> Option<Act> {
        const BE: &[&str] = &[
            "be", "have", "remain", "continue", "likely", "like", "need", "take",
        ];
        let low = told.to_lowercase();
        // `said in a post that she would`: what is said begins after `that`.
        let low = low
            .split_once("that ")
            .map_or(low.as_str(), |(_, rest)| rest);
        let mut words = low
            .split(|letter: char| !(letter.is_alphanumeric() || letter == '-'))
            .filter(|word| !word.is_empty())
            .skip_while(|word| *word == "on" || word.ends_with("day"));
        let first = words.next()?;
        if self.determiners.iter().any(|it| it == first) {
            words.next();
        } else if !self
            .he_or_she
            .iter()
            .chain(&self.they_or_it)
            .any(|it| it == first)
        {
            return None;
        }
        let verb = words.next()?;
        let next = words.next()?;
        match verb {
            "would" | "will" if next == "not" => Some(Act::Commit),
            "would" | "will" if !BE.contains(&next) => Some(Act::RespondMeasures),
            "was" | "is" | "were" if next.len() > 5 && next.ends_with("ing") => {
                Some(Act::RespondMeasures)
            }
            _ => None,
        }
    }

    /// Whether a role or name is that of a court or inquiry.
    pub(crate) fn is_finder(&self, name: &str) -> bool {
        let low = name.to_lowercase();
        self.finders
            .words
            .iter()
            .any(|word| find_word(&low, word).is_some())
    }

    /// Whether a noun phrase is that of a publication.
    pub(crate) fn is_publication(&self, low: &str) -> bool {
        self.publications
            .words
            .iter()
            .any(|word| find_word(low, word).is_some())
    }

    /// Whether a verb says something only with a quotation or a word of judgement after its object.
    pub(crate) fn names(&self, verb: &str) -> bool {
        self.naming.verbs.iter().any(|it| it == verb)
    }

    /// Whether a word of that kind is one.
    pub(crate) fn is_named_so(&self, word: &str) -> bool {
        self.naming.words.iter().any(|it| it == word)
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
                // `could not` is no doubt, and `in May` is no possibility.
                let after = &low[at + phrase.len()..];
                let day = |word: &str| word.starts_with(|letter: char| letter.is_ascii_digit());
                let month = phrase == "may"
                    && (day(after.trim_start())
                        || ["in ", "last ", "since ", "until ", "of "]
                            .iter()
                            .any(|before| low[..at].ends_with(before)));
                if month || (phrase == "could" && after.starts_with(" not")) {
                    continue;
                }
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
