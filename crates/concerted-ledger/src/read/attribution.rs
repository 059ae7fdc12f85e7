//! Who said it, by which verb, and who told us? One sentence at a time.

use super::lexicon::ENGLISH;
use super::sentences::{Kind, Token};
use crate::words::Act;

/// What a sentence says of who said something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attribution {
    /// The noun phrase of the speaker; none where the sentence keeps it back.
    pub(crate) speaker: Option<String>,
    /// A second name for the speaker: the other half of `the opposition leader, Marc Dube,`.
    pub(crate) beside: Option<String>,
    /// What the verb does, where it says so.
    pub(crate) act: Option<Act>,
    /// Who told it, where that is somebody else.
    pub(crate) source: Option<String>,
    /// To whom it was said.
    pub(crate) addressee: Option<String>,
    /// Whether the speaker is kept back: `has been accused`.
    pub(crate) unnamed: bool,
}

/// A verb of saying with its subject.
struct Clause {
    verb: usize,
    subject: String,
    beside: Option<String>,
    act: Option<Act>,
}

/// Finds the attribution of a sentence, if it has one.
pub(crate) fn attribute(text: &str, sentence: &[Token]) -> Option<Attribution> {
    let reader = Reader { text, sentence };
    if let Some(found) = reader.refusal() {
        return Some(found);
    }
    if reader.passive_accusation() {
        return Some(Attribution {
            act: Some(Act::Allege),
            unnamed: true,
            ..Attribution::default()
        });
    }
    let according = reader.according_to();
    let clauses = reader.clauses();
    let chosen = reader.choose(&clauses);
    match (chosen, according) {
        (Some((inner, outer)), according) => {
            // Without a verb that tells what was done, `according to` names the speaker.
            let outer = outer.map(|clause| clause.subject.clone());
            Some(Attribution {
                speaker: Some(inner.subject.clone()),
                beside: inner.beside.clone(),
                act: inner.act,
                source: according.or(outer),
                addressee: reader.addressee(inner.verb),
                unnamed: false,
            })
        }
        (None, Some(speaker)) => Some(Attribution {
            speaker: Some(speaker),
            ..Attribution::default()
        }),
        (None, None) => None,
    }
}

struct Reader<'a> {
    text: &'a str,
    sentence: &'a [Token],
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.sentence
            .get(at)
            .map_or("", |token| &self.text[token.range.clone()])
    }

    fn low(&self, at: usize) -> String {
        self.word(at).to_lowercase()
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.sentence.get(at).map(|token| token.kind)
    }

    /// The words from one token to before another, as they stand.
    fn span(&self, from: usize, to: usize) -> String {
        if from >= to || to > self.sentence.len() {
            return String::new();
        }
        self.text[self.sentence[from].range.start..self.sentence[to - 1].range.end].to_owned()
    }

    /// The sentence in lower case without its quotations, and for each byte the token it belongs to.
    fn outside_quotes(&self) -> (String, Vec<usize>) {
        let mut low = String::new();
        let mut owner = Vec::new();
        for (place, token) in self.sentence.iter().enumerate() {
            if token.kind != Kind::Quote {
                low.push_str(&self.text[token.range.clone()].to_lowercase());
            }
            low.push(' ');
            owner.resize(low.len(), place);
        }
        (low, owner)
    }

    fn refusal(&self) -> Option<Attribution> {
        let (low, owner) = self.outside_quotes();
        let at = owner[ENGLISH.refusal(&low)?];
        let (subject, beside) = self.subject_before(at)?;
        Some(Attribution {
            speaker: Some(subject),
            beside,
            act: Some(Act::NoComment),
            ..Attribution::default()
        })
    }

    /// `X has been accused of`: somebody accuses, and the sentence does not say who.
    fn passive_accusation(&self) -> bool {
        (1..self.sentence.len()).any(|at| {
            let was = |back: usize| {
                at >= back
                    && ["been", "was", "were", "is", "are", "stands"]
                        .contains(&self.low(at - back).as_str())
            };
            self.low(at) == "accused"
                && (was(1) || (at >= 2 && ENGLISH.between.contains(&self.low(at - 1)) && was(2)))
                && !(at + 1..self.sentence.len()).any(|by| self.low(by) == "by")
        })
    }

    fn according_to(&self) -> Option<String> {
        let at = (0..self.sentence.len())
            .find(|at| self.low(*at) == "according" && self.low(at + 1) == "to")?;
        Some(self.phrase_after(at + 2).0).filter(|phrase| !phrase.is_empty())
    }

    /// Every verb of saying with a subject.
    fn clauses(&self) -> Vec<Clause> {
        let mut found = Vec::new();
        for at in 0..self.sentence.len() {
            if self.kind(at) != Some(Kind::Word) {
                continue;
            }
            let (two, one) = (
                format!("{} {}", self.low(at), self.low(at + 1)),
                self.low(at),
            );
            let Some(verb) = ENGLISH.verb(&two).or_else(|| ENGLISH.verb(&one)) else {
                continue;
            };
            if one == "asked" && !(at + 1..at + 7).any(|to| self.low(to) == "to") {
                continue;
            }
            let after_quote = at > 0
                && (self.kind(at - 1) == Some(Kind::Quote)
                    || (at > 1
                        && self.kind(at - 1) == Some(Kind::Comma)
                        && self.kind(at - 2) == Some(Kind::Quote)));
            let subject = if after_quote {
                let (phrase, end) = self.phrase_after(at + 1);
                let beside =
                    (self.kind(end) == Some(Kind::Comma)).then(|| self.phrase_after(end + 1).0);
                Some((phrase, beside.filter(|beside| !beside.is_empty())))
            } else {
                self.subject_before(at)
            };
            if let Some((subject, beside)) = subject.filter(|(subject, _)| !subject.is_empty()) {
                found.push(Clause {
                    verb: at,
                    subject,
                    beside,
                    act: verb.act,
                });
            }
        }
        found
    }

    /// The clause whose words these are, and the one that tells it: `Thale asked Varro to stop, officials said`,
    /// `CNV reported that Varro told Thale`.
    fn choose<'c>(&self, clauses: &'c [Clause]) -> Option<(&'c Clause, Option<&'c Clause>)> {
        let first = clauses.first()?;
        let last = clauses.last()?;
        if clauses.len() == 1 {
            return Some((first, None));
        }
        let quotes = self.sentence.iter().any(|token| token.kind == Kind::Quote);
        let ends = |clause: &Clause| {
            (clause.verb + 1..self.sentence.len()).all(|at| {
                self.kind(at) == Some(Kind::Stop)
                    || [
                        "on",
                        "monday",
                        "tuesday",
                        "wednesday",
                        "thursday",
                        "friday",
                        "saturday",
                        "sunday",
                    ]
                    .contains(&self.low(at).as_str())
            })
        };
        if last.act.is_none() && ends(last) {
            return Some(if quotes {
                (last, None)
            } else {
                (first, Some(last))
            });
        }
        let tells = first.act.is_none() || first.act == Some(Act::ReportEvidence);
        let second = &clauses[1];
        let speaks = second.act.is_some_and(|act| act != Act::ReportEvidence)
            || first.act == Some(Act::ReportEvidence);
        let nested = second.verb > first.verb
            && !second.subject.is_empty()
            && second.subject != first.subject;
        let pronoun = ENGLISH.he_or_she.contains(&second.subject.to_lowercase())
            || ENGLISH.they_or_it.contains(&second.subject.to_lowercase());
        if tells && speaks && nested && !pronoun && !quotes {
            return Some((second, Some(first)));
        }
        Some((first, None))
    }

    /// The noun phrase that ends before `at`, with an apposition between commas beside it.
    fn subject_before(&self, at: usize) -> Option<(String, Option<String>)> {
        let mut end = self.back_over_adverbs(at);
        let mut beside = None;
        if end > 0 && self.kind(end - 1) == Some(Kind::Comma) {
            let close = end - 1;
            let open = (0..close).rev().find(|place| {
                self.kind(*place) == Some(Kind::Comma) || self.kind(*place) == Some(Kind::Quote)
            })?;
            if self.kind(open) == Some(Kind::Comma) {
                let said = self.low(open + 1);
                let apposition = self.span(open + 1, close);
                if said != "who" && said != "which" {
                    beside = Some(apposition);
                }
                end = open;
            } else {
                // `“...”, X, said` does not come up; `“...” X, said` has its subject before the comma.
                end = close;
            }
        }
        let mut from = end;
        while from > 0 {
            let kind = self.kind(from - 1);
            let low = self.low(from - 1);
            let stop = kind != Some(Kind::Word) && kind != Some(Kind::Other);
            let verb = ENGLISH.verb(&low).is_some() && from < end;
            if stop || ENGLISH.boundaries.contains(&low) || verb {
                break;
            }
            from -= 1;
        }
        // `Tarsia on Monday`, and whatever else stands before the name as an adverbial.
        while from < end
            && ["and", "asked", "pressed", "meanwhile"].contains(&self.low(from).as_str())
        {
            from += 1;
        }
        let phrase = self.span(from, end);
        (!phrase.is_empty()).then_some((phrase, beside))
    }

    fn back_over_adverbs(&self, at: usize) -> usize {
        let mut end = at;
        while end > 0 {
            let low = self.low(end - 1);
            let day = low.ends_with("day") && end > 1 && self.low(end - 2) == "on";
            if ENGLISH.between.contains(&low) {
                end -= 1;
            } else if day {
                end -= 2;
            } else {
                break;
            }
        }
        end
    }

    /// The noun phrase that begins at a token, and where it ends.
    fn phrase_after(&self, from: usize) -> (String, usize) {
        const ENDS: &[&str] = &[
            "at", "on", "in", "after", "during", "when", "who", "that", "to", "as", "by", "while",
        ];
        let end = (from..self.sentence.len())
            .find(|at| {
                let kind = self.kind(*at);
                (kind != Some(Kind::Word) && kind != Some(Kind::Other))
                    || ENDS.contains(&self.low(*at).as_str())
            })
            .unwrap_or(self.sentence.len());
        (self.span(from, end), end)
    }

    /// `told X`, `assured X`, `asked X to`: the party right after the verb, if it begins with a capital.
    fn addressee(&self, verb: usize) -> Option<String> {
        const TAKES: &[&str] = &["told", "tells", "assured", "asked", "urged", "promised"];
        if !TAKES.contains(&self.low(verb).as_str()) {
            return None;
        }
        let named = |at: usize| self.word(at).starts_with(char::is_uppercase);
        let start = if self.low(verb + 1) == "the" {
            verb + 2
        } else {
            verb + 1
        };
        let mut end = start;
        while self.kind(end) == Some(Kind::Word) && (named(end) || end == start) && end < start + 6
        {
            end += 1;
        }
        // `the Courier's Anna Brandt` is Anna Brandt.
        let own = (start..end.saturating_sub(1))
            .rev()
            .find(|at| self.word(*at).ends_with("'s") || self.word(*at).ends_with("’s"));
        let start = own.map_or(start, |at| at + 1);
        let any = (start..end).any(named);
        any.then(|| self.span(start, end))
    }
}
