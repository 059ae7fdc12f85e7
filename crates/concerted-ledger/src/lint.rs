//! Does a text keep to the words a reader can trust?
//!
//! It says where a text calls a promise "violated" outright, gives a likelihood and a confidence in one
//! sentence, tells a statement without saying according to whom, or a claim that was denied without the
//! denial.

use std::fmt;

/// A habit that a text breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Habit {
    /// A promise is called broken or violated, with no definition and nobody who says so.
    Verdict,
    /// A likelihood and a confidence stand in one sentence.
    LikelihoodWithConfidence,
    /// Something said is told without saying according to whom.
    NoChain,
    /// A claim that was denied is told without the denial.
    NoDenial,
}

impl Habit {
    /// What to do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Verdict => "say under which definition, and who says so",
            Self::LikelihoodWithConfidence => "make two sentences of it",
            Self::NoChain => "begin or end it with \"according to\" and the chain",
            Self::NoDenial => "put the denial beside the claim",
        }
    }
}

/// A place in a text that breaks a habit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The line, from 1.
    pub line: usize,
    /// The habit.
    pub habit: Habit,
    /// The sentence.
    pub sentence: String,
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}: \"{}\": {}",
            self.line,
            self.sentence,
            self.habit.advice()
        )
    }
}

/// Terms of likelihood, longest first where one holds another.
const LIKELIHOODS: &[&str] = &[
    "likely",
    "unlikely",
    "probable",
    "probably",
    "improbable",
    "almost no chance",
    "almost certain",
    "almost certainly",
    "roughly even",
    "remote chance",
    "per cent",
    "percent",
    "%",
];
const VERDICTS: &[&str] = &[
    "violated",
    "broke its promise",
    "broke his promise",
    "broke her promise",
    "broke their promise",
    "broke its word",
    "broke his word",
    "broke her word",
    "broke their word",
    "broke the pledge",
    "broke its pledge",
    "breached the pledge",
    "breached its pledge",
];
const ATTRIBUTIONS: &[&str] = &[
    "according to",
    "said",
    "says",
    "told",
    "wrote",
    "asked",
    "quoted",
    "reported",
    "under ",
    "alleges",
    "alleged",
    "declined",
    "accused",
    "claims",
    "claimed",
    "whether",
];
const SPEECH: &[&str] = &[
    "promised", "pledged", "denied", "alleged", "claimed", "accused", "warned", "vowed",
];

/// Where a text breaks its habits, in order. `denied` holds the claims that were denied, each with the words
/// that must stand in the same paragraph: ids of claim and denial.
pub fn check(text: &str, denied: &[(String, String)]) -> Vec<Slip> {
    let mut slips = Vec::new();
    for (line, paragraph) in paragraphs(text) {
        for sentence in sentences(paragraph) {
            let mut slip = |habit| {
                slips.push(Slip {
                    line,
                    habit,
                    sentence: sentence.trim().to_owned(),
                });
            };
            let low = sentence.to_lowercase();
            let attributed = ATTRIBUTIONS.iter().any(|word| low.contains(word));
            if VERDICTS.iter().any(|word| low.contains(word)) && !attributed {
                slip(Habit::Verdict);
            }
            if mixes_likelihood_and_confidence(sentence) {
                slip(Habit::LikelihoodWithConfidence);
            }
            if SPEECH.iter().any(|word| has_word(&low, word)) && !low.contains("according to") {
                slip(Habit::NoChain);
            }
        }
        for (claim, denial) in denied {
            if has_word(paragraph, claim) && !has_word(paragraph, denial) {
                let sentence = format!("{claim} without {denial}");
                slips.push(Slip {
                    line,
                    habit: Habit::NoDenial,
                    sentence,
                });
            }
        }
    }
    slips
}

/// Whether a sentence gives both how likely something is and how sure the writer is.
pub fn mixes_likelihood_and_confidence(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    let confidence = has_word(&low, "confidence") || has_word(&low, "confident");
    confidence && LIKELIHOODS.iter().any(|term| has_word(&low, term))
}

/// Whether a word or phrase stands in a text, not as a part of another word.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at]
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        let after = text[at + word.len()..]
            .chars()
            .next()
            .is_some_and(char::is_alphanumeric);
        !(before || after) || word == "%"
    })
}

/// Paragraphs of a text, each with the number of its first line. Every item of a list is one.
fn paragraphs(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut start: Option<(usize, usize)> = None;
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let trimmed = line.trim();
        let item = ["- ", "* ", "| ", "#"]
            .iter()
            .any(|mark| trimmed.starts_with(mark));
        if (trimmed.is_empty() || item)
            && let Some((line, from)) = start.take()
        {
            found.push((line, &text[from..at]));
        }
        if !trimmed.is_empty() && start.is_none() {
            start = Some((number + 1, at));
        }
        at += line.len();
    }
    if let Some((line, from)) = start {
        found.push((line, &text[from..]));
    }
    found
}

/// The sentences of a text: ended by `.`, `!`, `?` or `;` before a space and a capital, or by the end.
pub fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut ends: Vec<usize> = text
        .char_indices()
        .filter(|(at, letter)| {
            let rest = &text[at + letter.len_utf8()..];
            matches!(letter, '.' | '!' | '?')
                && rest.starts_with(char::is_whitespace)
                && rest
                    .trim_start()
                    .chars()
                    .next()
                    .is_some_and(|next| !next.is_lowercase())
        })
        .map(|(at, letter)| at + letter.len_utf8())
        .collect();
    ends.push(text.len());
    let mut from = 0;
    ends.into_iter()
        .map(move |end| {
            let sentence = text[from..end].trim();
            from = end;
            sentence
        })
        .filter(|sentence| !sentence.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn habits(text: &str) -> Vec<Habit> {
        check(text, &[("L007".into(), "L010".into())])
            .into_iter()
            .map(|slip| slip.habit)
            .collect()
    }

    #[test]
    fn slips_are_found_and_good_sentences_are_left_alone() {
        assert_eq!(habits("The state violated the pledge."), [Habit::Verdict]);
        assert_eq!(
            habits("It is likely, with low confidence, that it did."),
            [Habit::LikelihoodWithConfidence]
        );
        assert_eq!(
            habits("It is likely that it did. Analytic confidence is low."),
            []
        );
        assert_eq!(
            habits("The leader pledged not to interfere."),
            [Habit::NoChain]
        );
        assert_eq!(
            habits("The leader pledged not to interfere, according to two people."),
            []
        );
        assert_eq!(
            habits("According to L007, there is evidence."),
            [Habit::NoDenial]
        );
        assert_eq!(
            habits("According to L007, there is evidence; according to L010, there is none."),
            []
        );
        assert_eq!(
            habits("- good\n- The state violated it.\n")[..],
            [Habit::Verdict]
        );
    }
}
