//! From a news article to proposals for the ledger: who said what to whom, with which force, and who tells it.
//!
//! Rules over word lists (`data/read/en.toml`), the same answer every time, English so far. Each proposal
//! points to its words in the document by a `TextQuoteSelector` of W3C Web Annotation, and the document's bytes
//! are hashed. Nothing here enters a ledger: a person accepts, edits or drops each proposal.

mod agents;
mod attribution;
mod dates;
mod document;
mod lexicon;
mod sentences;

use crate::chain::sha256;
use crate::day::Day;
use crate::record::{Agent, Assertion, ChainStep, Document, Pledge, Statement, TextQuote};
use crate::sites;
use crate::words::{
    Access, Act, AgentKind, Directness, Modality, Role, Standing, StepForm, Wording,
};
use agents::Parties;
use attribution::Attribution;
use lexicon::{ENGLISH, find_word};
use sentences::{Kind, Token};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// What is known of an article beside its text.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// A short name from which the ids of the proposals are made.
    pub name: String,
    /// Where it lies.
    pub url: Option<String>,
    /// Who published it, where the text does not say.
    pub publisher: Option<String>,
    /// The day, where the text does not say.
    pub published_on: Option<Day>,
}

/// What an article proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposals {
    /// The article.
    pub document: Document,
    /// The parties it names.
    pub agents: Vec<Agent>,
    /// What they are said to have said, in the order of the text.
    pub candidates: Vec<Candidate>,
}

/// One proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The sentence it was read in.
    pub sentence: String,
    /// The words of quotations in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quotations: Vec<String>,
    /// The hedges in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hedges: Vec<String>,
    /// Why a person should look twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cautions: Vec<String>,
    /// The record; one with a pledge is a commitment.
    pub statement: Statement,
}

/// Reads an article. `bytes` are hashed as they are; text that is not UTF-8 is read as far as it goes.
pub fn article(bytes: &[u8], origin: &Origin) -> Proposals {
    let article = document::read(&String::from_utf8_lossy(bytes));
    let published = origin.published_on.or(article.published_on);
    let publisher = origin.publisher.clone().or(article.publisher);
    let mut document = Document::new(
        format!("doc-{}", origin.name),
        article.title,
        Access::Primary,
    );
    document.published_on = published;
    document.url.clone_from(&origin.url);
    document.lang = Some("en".to_owned());
    document.sha256 = Some(sha256(bytes));
    document.source_flags = origin
        .url
        .as_deref()
        .and_then(sites::flag)
        .into_iter()
        .collect();

    let mut reading = Reading {
        text: &article.text,
        origin,
        published,
        document: document.id.clone(),
        parties: Parties::default(),
        agents: BTreeMap::new(),
        candidates: Vec::new(),
    };
    let publisher = publisher.unwrap_or_else(|| "publisher not stated".to_owned());
    let publisher = reading.agent(&publisher, AgentKind::Outlet, &[]);
    document.publisher = Some(publisher.clone());
    let paragraphs = sentences::paragraphs(&article.text);
    for sentence in paragraphs.iter().flatten() {
        reading.introduce(sentence);
    }
    for paragraph in &paragraphs {
        let mut before: Option<(usize, Attribution)> = None;
        for sentence in paragraph {
            reading.sentence(sentence, &publisher, &mut before);
        }
    }
    let agents = reading.agents.into_values().collect();
    Proposals {
        document,
        agents,
        candidates: reading.candidates,
    }
}

struct Reading<'a> {
    text: &'a str,
    origin: &'a Origin,
    published: Option<Day>,
    document: String,
    parties: Parties,
    agents: BTreeMap<String, Agent>,
    candidates: Vec<Candidate>,
}

impl Reading<'_> {
    /// Learns `Foreign Minister Mara Ellison` wherever it stands.
    fn introduce(&mut self, sentence: &[Token]) {
        let mut run: Vec<&str> = Vec::new();
        for token in sentence.iter().chain([&Token {
            kind: Kind::Stop,
            range: 0..0,
        }]) {
            let word = &self.text[token.range.clone()];
            if token.kind == Kind::Word && word.starts_with(char::is_uppercase) {
                run.push(word);
            } else {
                self.parties.introduce(&run.join(" "));
                run.clear();
                // `security adviser Joan Pike`: the word before the name may be the role.
                if token.kind == Kind::Word && ENGLISH.titles.iter().any(|title| title == word) {
                    run.push(word);
                }
            }
        }
    }

    fn sentence(
        &mut self,
        sentence: &[Token],
        publisher: &str,
        before: &mut Option<(usize, Attribution)>,
    ) {
        let text = self.text;
        let quotes: Vec<Range<usize>> = sentence
            .iter()
            .filter(|token| token.kind == Kind::Quote)
            .map(|token| sentences::inside(text, &token.range))
            .filter(|range| !range.is_empty())
            .collect();
        let only_quotes = sentence.iter().all(|token| token.kind == Kind::Quote);
        let (speaker, attribution) = if only_quotes {
            // A quotation that stands alone goes on with whoever spoke before it in the paragraph.
            let Some((speaker, attribution)) = before.clone() else {
                return;
            };
            (
                Some(speaker),
                Attribution {
                    act: None,
                    ..attribution
                },
            )
        } else {
            let Some(found) = attribution::attribute(text, sentence) else {
                self.parties.mention(&attribution::opening(text, sentence));
                return;
            };
            let speaker = self.speaker(&found);
            if speaker.is_none() && !found.unnamed {
                return;
            }
            (speaker, found)
        };
        if let Some(speaker) = speaker {
            *before = Some((speaker, attribution.clone()));
        }
        let range = sentence[0].range.start..sentence[sentence.len() - 1].range.end;
        self.propose(range, &quotes, speaker, &attribution, publisher);
    }

    /// The speaker's party; of a role and a name beside each other, the name.
    fn speaker(&mut self, found: &Attribution) -> Option<usize> {
        let phrase = found.speaker.as_deref()?;
        let Some(beside) = &found.beside else {
            return self.parties.resolve(phrase);
        };
        let capitals = |text: &str| {
            text.split(' ')
                .next_back()
                .is_some_and(|word| word.starts_with(char::is_uppercase))
        };
        let (name, role) = match (capitals(phrase), capitals(beside)) {
            (false, true) => (beside.as_str(), phrase),
            // `The firm, Brightline Media,` and `Ulland's minister, Piet Hoogen,` too.
            (true, _) | (false, false) => (phrase, beside.as_str()),
        };
        self.parties.introduce_as(name, role);
        self.parties.resolve(name)
    }

    fn propose(
        &mut self,
        range: Range<usize>,
        quotes: &[Range<usize>],
        speaker: Option<usize>,
        attribution: &Attribution,
        publisher: &str,
    ) {
        let text = self.text;
        let sentence = &text[range.clone()];
        let declined = attribution.act == Some(Act::NoComment);
        let verbatim = !quotes.is_empty() && !declined;
        let words = if verbatim {
            quotes
                .iter()
                .map(|quote| &text[quote.clone()])
                .collect::<Vec<_>>()
                .join(" … ")
        } else {
            sentence.to_owned()
        };
        let finder = speaker.is_some_and(|place| {
            let party = self.parties.get(place);
            party
                .roles
                .iter()
                .chain([&party.name])
                .any(|name| ENGLISH.is_finder(name))
        });
        let act = attribution.act.unwrap_or_else(|| {
            match act_of(text, &range, &words, verbatim, attribution) {
                Act::Allege | Act::Assess if finder => Act::Find,
                act => act,
            }
        });
        let hedges: Vec<String> = if declined {
            Vec::new()
        } else {
            ENGLISH
                .hedges(sentence)
                .into_iter()
                .filter(|hedge| *hedge != "if" || !asked_if(sentence))
                .map(str::to_owned)
                .collect()
        };
        let mut cautions = Vec::new();
        let nameless_speaker =
            speaker.is_some_and(|place| ENGLISH.is_anonymous(&self.parties.get(place).name));
        let speaker = if let Some(place) = speaker {
            let party = self.parties.get(place).clone();
            let kind = kind_of(&party);
            self.agent(&party.name, kind, &party.aliases)
        } else {
            cautions.push("the sentence does not say who accuses".to_owned());
            self.agent("unnamed accusers", AgentKind::AnonymousGroup, &[])
        };
        let anonymous = |name: &str| ENGLISH.is_anonymous(name);
        let source = attribution
            .source
            .as_deref()
            .and_then(|phrase| self.parties.resolve(phrase))
            .map(|place| {
                let party = self.parties.get(place).clone();
                (
                    self.agent(&party.name, kind_of(&party), &party.aliases),
                    anonymous(&party.name),
                )
            });
        let source = source.filter(|(id, _)| *id != speaker && id != publisher);
        let directness = match &source {
            _ if attribution.unnamed => Directness::ReportedUnattributed,
            Some((_, true)) => Directness::ReportedAnonymous,
            None if nameless_speaker => Directness::ReportedAnonymous,
            _ if verbatim => Directness::OnRecordDirect,
            _ => Directness::ReportedNamed,
        };
        let number = self.candidates.len() + 1;
        let id = format!("{}-{number:02}", self.origin.name);
        let mut it = Statement::new(id, act, speaker.clone(), words.clone(), directness);
        it.verbatim = Some(verbatim);
        it.published_on = self.published;
        let said = dates::said_on(sentence, self.published);
        it.said_on = said
            .day
            .filter(|day| self.published.is_none_or(|published| *day <= published));
        it.said_on_precision = said
            .precision
            .or_else(|| it.said_on.is_none().then(|| "not stated".to_owned()));
        it.lang = Some("en".to_owned());
        it.documents = vec![self.document.clone()];
        it.quote = Some(selector(
            text,
            if let ([one], true) = (quotes, verbatim) {
                one.clone()
            } else {
                range
            },
        ));
        it.asserts = assertions(
            if declined { sentence } else { &words },
            act,
            attribution.unnamed,
        );
        let form = if verbatim {
            StepForm::DirectQuote
        } else {
            StepForm::Paraphrase
        };
        it.attribution_chain
            .push(ChainStep::new(Role::Speaker, speaker.clone(), form));
        if let Some(phrase) = &attribution.addressee
            && let Some(to) = self.parties.resolve(phrase)
        {
            let party = self.parties.get(to).clone();
            if find_word(&sentence.to_lowercase(), "interview").is_some() {
                let id = self.agent(&party.name, AgentKind::Person, &party.aliases);
                it.attribution_chain.push(ChainStep::new(
                    Role::Interviewer,
                    id,
                    StepForm::Interview,
                ));
            } else {
                let id = self.agent(&party.name, kind_of(&party), &party.aliases);
                it.addressees.push(id);
            }
        }
        if let Some((id, nameless)) = source {
            let form = if nameless {
                StepForm::Anonymous
            } else {
                StepForm::Report
            };
            it.attribution_chain
                .push(ChainStep::new(Role::Source, id, form));
        }
        it.attribution_chain.push(ChainStep::new(
            Role::Publisher,
            publisher.to_owned(),
            StepForm::Report,
        ));
        if act == Act::Commit {
            let wording = if verbatim {
                Wording::Verbatim
            } else {
                Wording::Unknown
            };
            let standing = if directness.on_record() {
                Standing::OnRecord
            } else {
                Standing::Reported
            };
            let mut pledge = Pledge::new(words, wording, standing);
            pledge.obligors.push(speaker);
            cautions.push("say what the promise covers: elections, from, until".to_owned());
            it.pledge = Some(pledge);
        }
        if matches!(act, Act::Deny | Act::RejectFraming) {
            cautions.push("say in `about` what is denied".to_owned());
        }
        self.candidates.push(Candidate {
            sentence: sentence.to_owned(),
            quotations: quotes
                .iter()
                .map(|quote| text[quote.clone()].to_owned())
                .collect(),
            hedges,
            cautions,
            statement: it,
        });
    }

    /// The id of an agent, which is proposed if it is new.
    fn agent(&mut self, name: &str, kind: AgentKind, aliases: &[String]) -> String {
        let id = slug(name);
        let agent = self
            .agents
            .entry(id.clone())
            .or_insert_with(|| Agent::new(id.clone(), name.to_owned(), kind));
        for alias in aliases {
            if !agent.aliases.contains(alias) {
                agent.aliases.push(alias.clone());
            }
        }
        id
    }
}

fn kind_of(party: &agents::Party) -> AgentKind {
    if ENGLISH.is_anonymous(&party.name) {
        AgentKind::AnonymousGroup
    } else if party.person {
        AgentKind::Person
    } else {
        AgentKind::Organisation
    }
}

/// An id from a name: letters and digits in lower case, joined by hyphens.
pub(crate) fn slug(name: &str) -> String {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

/// How much stands before and after the words in a selector, in characters.
const AROUND: usize = 32;

fn selector(text: &str, range: Range<usize>) -> TextQuote {
    let mut quote = TextQuote::new(text[range.clone()].to_owned());
    let before: Vec<char> = text[..range.start].chars().rev().take(AROUND).collect();
    let prefix: String = before.into_iter().rev().collect();
    let suffix: String = text[range.end..].chars().take(AROUND).collect();
    quote.prefix = Some(prefix).filter(|prefix| !prefix.is_empty());
    quote.suffix = Some(suffix).filter(|suffix| !suffix.is_empty());
    quote
}

/// What is done by a sentence whose verb leaves it open. The speaker's own words are asked first, by phrases and
/// then by their grammar, then what the article tells beside them.
fn act_of(
    text: &str,
    range: &Range<usize>,
    words: &str,
    verbatim: bool,
    attribution: &Attribution,
) -> Act {
    let sentence = &text[range.clone()];
    // Where the verb ends the sentence, what is told stands before it.
    let told = attribution
        .told_from
        .filter(|from| range.contains(from) && range.end - from > 20)
        .map_or(sentence, |from| &text[from..range.end]);
    let own_words = if verbatim { ENGLISH.cue(words) } else { None };
    let published = ENGLISH.tells_of_a_publication(&sentence.to_lowercase());
    if published && own_words != Some(Act::Deny) {
        return Act::ReportEvidence;
    }
    // Of a few quoted words the rest of their clause says what was done.
    let whole = sentence.starts_with(['“', '"']);
    let clause = told.split(" but ").next().unwrap_or(told);
    own_words
        .or_else(|| (verbatim && !whole).then(|| ENGLISH.cue(clause)).flatten())
        .or_else(|| verbatim.then(|| ENGLISH.judgement(words)).flatten())
        .or_else(|| ENGLISH.cue(sentence))
        .or_else(|| (!verbatim).then(|| ENGLISH.own_doing(told)).flatten())
        .or_else(|| (!verbatim).then(|| ENGLISH.judgement(told)).flatten())
        .unwrap_or(Act::Allege)
}

/// `Asked if the promise held, she said`: the question is the reporter's.
fn asked_if(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    [
        "asked if",
        "pressed on if",
        "asked repeatedly if",
        "asked twice if",
    ]
    .iter()
    .any(|words| low.contains(words))
}

/// What is asserted, and with which force. A hedge weakens the predicate that follows it; one that stands
/// before another predicate weakens that one only.
fn assertions(words: &str, act: Act, unnamed: bool) -> Vec<Assertion> {
    let low = words.to_lowercase();
    let mut places: Vec<(usize, &str)> = Vec::new();
    for (predicate, beginnings) in &ENGLISH.predicates {
        let at = beginnings
            .iter()
            .flat_map(|beginning| low.match_indices(beginning.as_str()))
            .map(|(at, _)| at)
            .filter(|at| !low[..*at].ends_with(char::is_alphanumeric))
            .min();
        places.extend(at.map(|at| (at, predicate.as_str())));
    }
    places.sort_unstable();
    let mut from = 0;
    let mut found = Vec::new();
    for (at, predicate) in places {
        let between = &low[from..at];
        let hedge = ENGLISH.hedges(between).into_iter().rfind(|hedge| {
            // A remark between commas is about the whole sentence, not about this word.
            !find_word(between, hedge)
                .is_some_and(|place| between[place + hedge.len()..].starts_with(','))
        });
        let modality = match hedge {
            _ if act == Act::NoComment => Modality::Declined,
            _ if unnamed => Modality::AttributedToOther,
            _ if act == Act::Deny || ENGLISH.negates(between) => Modality::Negated,
            Some(hedge) if ENGLISH.is_conditional(hedge) => Modality::Conditional,
            Some(_) => Modality::Hedged,
            None => Modality::Asserted,
        };
        let mut assertion = Assertion::new(predicate.to_owned(), modality);
        assertion.hedge =
            (modality == Modality::Hedged).then(|| hedge.unwrap_or_default().to_owned());
        found.push(assertion);
        from = at;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hedge_weakens_what_it_stands_before() {
        let words = "We have seen, generally speaking, evidence of attempts to influence and arguably interfere";
        let found = assertions(words, Act::Allege, false);
        assert_eq!(found[0].predicate, "attempts_to_influence");
        assert_eq!(found[0].modality, Modality::Asserted);
        assert_eq!(found[1].predicate, "interference");
        assert_eq!(found[1].hedge.as_deref(), Some("arguably"));
        let found = assertions("we will not interfere", Act::Commit, false);
        assert_eq!(found[0].modality, Modality::Negated);
    }
}
