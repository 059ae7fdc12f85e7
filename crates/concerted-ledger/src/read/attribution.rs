//! Who said it, by which verb, and who told us? One sentence at a time.

use super::lexicon::{ENGLISH, Verb};
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
    /// Where in the text the clause begins that the verb introduces, if it does.
    pub(crate) told_from: Option<usize>,
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
                told_from: sentence.get(inner.verb + 1).map(|token| token.range.start),
            })
        }
        (None, Some(speaker)) => Some(Attribution {
            speaker: Some(speaker),
            ..Attribution::default()
        }),
        (None, None) => None,
    }
}

/// The two words with which a sentence opens, if they name something: `Tarsia's readout`, `The institute`.
pub(crate) fn opening(text: &str, sentence: &[Token]) -> String {
    let [first, second, ..] = sentence else {
        return String::new();
    };
    let (low, noun) = (
        text[first.range.clone()].to_lowercase(),
        &text[second.range.clone()],
    );
    let owned = low.ends_with("'s") || low.ends_with("’s");
    let names = second.kind == Kind::Word
        && noun.starts_with(char::is_lowercase)
        && (owned || low == "the");
    if names {
        text[first.range.start..second.range.end].to_owned()
    } else {
        String::new()
    }
}

/// What may follow a verb of saying that ends its sentence.
const AFTER_ALL: &[&str] = &[
    "on",
    "in",
    "at",
    "after",
    "during",
    "last",
    "earlier",
    "late",
    "yesterday",
    "today",
    "when",
    "under",
];

fn is_pronoun(phrase: &str) -> bool {
    let low = phrase.to_lowercase();
    ENGLISH.he_or_she.contains(&low) || ENGLISH.they_or_it.contains(&low)
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
        let mut at = owner[ENGLISH.refusal(&low)?];
        while at > 0 && ["was", "is", "were", "are"].contains(&self.low(at - 1).as_str()) {
            at -= 1;
        }
        let (mut subject, mut beside) = self.subject_before(at)?;
        // `Visser said he could not say`: he is Visser.
        if is_pronoun(&subject)
            && let Some(clause) = self.clauses().into_iter().find(|clause| clause.verb < at)
        {
            (subject, beside) = (clause.subject, clause.beside);
        }
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
        let mut found: Vec<Clause> = Vec::new();
        let mut also: Vec<Clause> = Vec::new();
        for at in 0..self.sentence.len() {
            if self.kind(at) != Some(Kind::Word) {
                continue;
            }
            let one = self.low(at);
            let two = format!("{one} {}", self.low(at + 1));
            let three = format!("{two} {}", self.low(at + 2));
            let known = ENGLISH
                .verb(&three)
                .or_else(|| ENGLISH.verb(&two))
                .or_else(|| ENGLISH.verb(&one));
            let verb = match known {
                Some(verb) => verb,
                None if ENGLISH.names(&one) && self.says_what_of_it(at) => Verb { act: None },
                None => continue,
            };
            // `asked` asks for something only with what is asked for, or after the question itself.
            let quoted_before = self.sentence[..at].iter().any(|it| it.kind == Kind::Quote);
            let asks_for =
                (at + 1..at + 7).any(|to| ["to", "for"].contains(&self.low(to).as_str()));
            if one == "asked" && !quoted_before && !asks_for {
                continue;
            }
            // Posts are posted without anybody being told of it.
            if one == "posted" && self.sentence.iter().all(|it| it.kind != Kind::Quote) {
                continue;
            }
            // `complained and asked`: one party does both.
            if at > 0
                && self.low(at - 1) == "and"
                && let Some(first) = found.last()
            {
                let shared = Clause {
                    verb: at,
                    subject: first.subject.clone(),
                    beside: first.beside.clone(),
                    act: verb.act,
                };
                also.push(shared);
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
        // What is quoted was said with the last verb before it.
        for clause in &mut found {
            let quote =
                (clause.verb..self.sentence.len()).find(|at| self.kind(*at) == Some(Kind::Quote));
            let nearer = also.iter().rfind(|other| {
                other.subject == clause.subject
                    && other.verb > clause.verb
                    && quote.is_some_and(|quote| other.verb < quote)
            });
            if let Some(nearer) = nearer {
                clause.verb = nearer.verb;
                clause.act = nearer.act;
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
        // Nothing that is said follows: `officials said`, `officials said on Friday`.
        let ends = |clause: &Clause| {
            let next = self.low(clause.verb + 1);
            let no_quote = self.sentence[clause.verb..]
                .iter()
                .all(|token| token.kind != Kind::Quote);
            self.kind(clause.verb + 1) != Some(Kind::Word)
                || (no_quote && AFTER_ALL.contains(&next.as_str()))
        };
        let quoted_first = self.sentence[0].kind == Kind::Quote;
        if last.act.is_none() && ends(last) {
            // A quotation inside what an unnamed source tells belongs to whom it tells of.
            let told_of =
                !quoted_first && first.act.is_some() && ENGLISH.is_anonymous(&last.subject);
            return Some(if quotes && !told_of {
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
        let pronoun = is_pronoun(&second.subject);
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
                // `released in August` or `speaking in Port Amber` is no second name.
                let remark = said.ends_with("ed")
                    || said.ends_with("ing")
                    || [
                        "who", "which", "in", "on", "at", "by", "with", "after", "from", "for",
                    ]
                    .contains(&said.as_str());
                beside = Some(apposition).filter(|_| !remark);
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
            // `two people who were there said`: the people are meant.
            let relative = (low == "who" || low == "which")
                && from > 1
                && self.kind(from - 2) == Some(Kind::Word);
            if relative {
                from -= 1;
                end = from;
                continue;
            }
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
        let mut phrase = self.span(from, end);
        // A report speaks for who wrote it; of two parties that act together the first is named.
        let by = (from..end).find(|at| self.low(*at) == "by");
        let and = (from + 1..end).find(|at| self.low(*at) == "and");
        if let Some(by) =
            by.filter(|by| ENGLISH.is_publication(&self.span(from, *by).to_lowercase()))
        {
            phrase = self.span(by + 1, end);
        } else if let Some(and) =
            and.filter(|and| self.word(and - 1).starts_with(char::is_uppercase))
        {
            phrase = self.span(from, and);
        }
        (!phrase.is_empty()).then_some((phrase, beside))
    }

    /// `called it “a joke”`, `called the remarks baseless`.
    fn says_what_of_it(&self, verb: usize) -> bool {
        (verb + 1..verb + 9)
            .any(|at| self.kind(at) == Some(Kind::Quote) || ENGLISH.is_named_so(&self.low(at)))
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
