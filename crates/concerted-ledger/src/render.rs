//! The ledger in words a reader can trust.
//!
//! Every statement is told with its "according to", a denial stands beside its claim, a likelihood and a
//! confidence never share a sentence, and nothing is called broken: that is said by an assessment, under a
//! definition, by whoever signed it.

use crate::book::{Book, Held, is_denial};
use crate::day::Day;
use crate::packs;
use crate::record::{Assessment, Document, EvidenceItem, Record, Statement};
use crate::sites;
use crate::words::{Act, RelationType, Role, SourceFlag};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Which of the two clocks orders a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// When it was said.
    Said,
    /// When it became known.
    Known,
}

/// What is shown of a ledger.
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// The clock that orders it.
    pub by: Clock,
    /// Only what was known on this day, as it was known then.
    pub as_of: Option<Day>,
}

impl View {
    /// Whether a record was known on the day of the view.
    fn shows(self, held: &Held) -> bool {
        self.as_of
            .is_none_or(|day| held.known_on().is_none_or(|known| known <= day))
    }

    /// The record that had taken the place of this one by the day of the view.
    fn correction<'a>(self, book: &'a Book, id: &str) -> Option<&'a Held> {
        book.superseded_by(id).filter(|newer| self.shows(newer))
    }
}

/// What a timeline tells: statements, evidence and assessments, in the order of the clock; records without a
/// day on it come last, in the order in which they were recorded.
pub fn timeline(book: &Book, view: View) -> Vec<&Held> {
    let mut shown: Vec<&Held> = book
        .all()
        .iter()
        .filter(|held| {
            matches!(
                held.record,
                Record::Statement(_)
                    | Record::Commitment(_)
                    | Record::EvidenceItem(_)
                    | Record::Assessment(_)
            )
        })
        .filter(|held| view.shows(held))
        .collect();
    shown.sort_by_key(|held| {
        let day = day_on(held, view.by);
        (day.is_none(), day)
    });
    shown
}

fn day_on(held: &Held, clock: Clock) -> Option<Day> {
    match (&held.record, clock) {
        (Record::Statement(it) | Record::Commitment(it), Clock::Said) => it.said_on,
        _ => held.known_on(),
    }
}

/// A timeline as Markdown, which is also plain text: one item a record.
pub fn timeline_text(book: &Book, view: View) -> String {
    let mut out = String::new();
    for held in timeline(book, view) {
        let day = day_on(held, view.by).map_or_else(|| "undated".to_owned(), |day| day.to_string());
        let _ = writeln!(out, "- {day} {}", item(book, view, held));
    }
    out
}

/// A record in words, with what belongs beside it.
fn item(book: &Book, view: View, held: &Held) -> String {
    let mut out = match &held.record {
        Record::Statement(it) | Record::Commitment(it) => statement(book, it),
        Record::Assessment(it) => assessment(it),
        Record::EvidenceItem(it) => evidence(book, it),
        Record::Document(it) => {
            let publisher = it.publisher.as_deref().map_or_else(
                || "a publisher that is not recorded".to_owned(),
                |id| book.name(id).to_owned(),
            );
            let on = it
                .published_on
                .map_or_else(String::new, |day| format!(" on {day}"));
            let url = it.url.as_deref().unwrap_or("address not recorded");
            format!(
                "{}: {}, published by {publisher}{on} ({url})",
                it.id,
                source(it)
            )
        }
        other => format!("{}: a record of kind {}", other.id(), other.kind()),
    };
    let id = held.record.id();
    if let Some(known) = held.known_on()
        && let Some(it) = held.record.statement()
        && it.said_on != Some(known)
    {
        let said = it.said_on.map_or_else(
            || {
                it.said_on_precision
                    .clone()
                    .unwrap_or_else(|| "day not known".to_owned())
            },
            |day| day.to_string(),
        );
        let _ = write!(out, " [said {said}, known {known}]");
    }
    if let Some(it) = held.record.statement() {
        if is_denial(it) {
            for claim in it.about.iter().filter_map(|id| book.statement(id)) {
                let _ = write!(out, "\n  - denies {}", statement(book, claim));
            }
        }
        for denial in book
            .denials_of(id)
            .into_iter()
            .filter(|denial| view.shows(denial))
        {
            if let Some(denial) = denial.record.statement() {
                let _ = write!(out, "\n  - denied in {}", statement(book, denial));
            }
        }
    }
    if let Some(old) = held.record.supersedes() {
        let _ = write!(out, "\n  - corrects {old}");
    }
    if let Some(newer) = view.correction(book, id) {
        let on = newer
            .recorded_day()
            .map_or_else(String::new, |day| format!(" on {day}"));
        let _ = write!(out, "\n  - corrected by {}{on}", newer.record.id());
    }
    out
}

/// Evidence in words, with where it comes from and what it does not show.
pub(crate) fn evidence(book: &Book, it: &EvidenceItem) -> String {
    let documents = it
        .documents
        .iter()
        .filter_map(|id| book.document(id))
        .map(source)
        .collect::<Vec<_>>();
    let from = if documents.is_empty() {
        "a finding of this case".to_owned()
    } else {
        documents.join("; ")
    };
    format!(
        "{}: {} ({}), according to {from}. Limits: {}",
        it.id,
        it.text,
        it.basis.word(),
        it.limits
    )
}

/// A statement in words: who did what by saying it, the words, and according to whom.
pub fn statement(book: &Book, it: &Statement) -> String {
    let speaker = book.name(&it.speaker);
    let first_hand = it.directness.on_record();
    let (past, participle) = verb(it.act);
    let did = if first_hand {
        past.to_owned()
    } else {
        format!("is reported to have {participle}")
    };
    let addressees: Vec<&str> = it.addressees.iter().map(|id| book.name(id)).collect();
    let to = if addressees.is_empty() {
        String::new()
    } else {
        format!(", to {}", addressees.join(" and "))
    };
    let text = it.text.trim_end_matches('.');
    // Words kept without their marks get them here; a text that mixes words and telling has its own.
    let marked = text.contains(['\'', '"', '“']);
    let text = if it.verbatim == Some(true) && !marked {
        format!("“{text}”")
    } else {
        text.to_owned()
    };
    let mut out = format!(
        "{}: {speaker} {did}{to}: {text}, {}.",
        it.id,
        according_to(book, it)
    );
    for assertion in &it.asserts {
        let predicate = assertion.predicate.replace('_', " ");
        let _ = write!(
            out,
            " Asserted of \"{predicate}\": {}",
            assertion.modality.word().replace('_', " ")
        );
        if let Some(hedge) = &assertion.hedge {
            let _ = write!(out, " (\"{hedge}\")");
        }
        out.push('.');
    }
    if it.evidence_disclosed == Some(false) {
        out.push_str(" No evidence was shown.");
    }
    if let Some(definition) = it
        .definition
        .as_deref()
        .filter(|name| *name != packs::SPEAKER_UNDEFINED)
    {
        let _ = write!(out, " To be read by {definition}.");
    }
    if let Some(caution) = &it.source_caution {
        let _ = write!(out, " Caution: {}.", caution.trim_end_matches('.'));
    }
    out
}

/// The chain in words: who published it, citing whom, in which form the speaker's words came.
pub fn according_to(book: &Book, it: &Statement) -> String {
    let at = |role: Role| -> Vec<&str> {
        it.attribution_chain
            .iter()
            .filter(|step| step.role == role)
            .map(|step| book.name(&step.agent))
            .collect()
    };
    let mut out = String::from("according to ");
    let speaker = book.name(&it.speaker);
    let publishers = at(Role::Publisher);
    let own = publishers.is_empty() || publishers == [speaker];
    out.push_str(&if own {
        speaker.to_owned()
    } else {
        publishers.join(" and ")
    });
    for (role, word) in [
        (Role::Republisher, "carried by"),
        (Role::Reporter, "as reported by"),
        (Role::Source, "citing"),
        (Role::Interviewer, "in an interview with"),
    ] {
        let names = at(role);
        if !names.is_empty() {
            let _ = write!(out, ", {word} {}", names.join(" and "));
        }
    }
    let documents: Vec<String> = it
        .documents
        .iter()
        .filter_map(|id| book.document(id))
        .map(source)
        .collect();
    if !documents.is_empty() {
        let _ = write!(out, " ({})", documents.join("; "));
    }
    out
}

/// A document's title, with every caution about its origin.
pub fn source(document: &Document) -> String {
    let mut out = document.title.clone();
    for flag in flags(document) {
        out.push_str(match flag {
            SourceFlag::KnownManipulationSite => {
                " [WARNING: the host is on the list of known manipulation sites]"
            }
            SourceFlag::StateMedia => " [state media]",
            SourceFlag::CampaignSite => " [site of a campaign]",
        });
    }
    out
}

/// The cautions about a document's origin: those that were recorded, and that of the list of hosts.
pub(crate) fn flags(document: &Document) -> BTreeSet<SourceFlag> {
    let listed = document.url.as_deref().and_then(sites::flag);
    document
        .source_flags
        .iter()
        .copied()
        .chain(listed)
        .collect()
}

/// The warning for a document whose host is on the list, for exports.
pub(crate) fn warning(document: &Document) -> Option<&'static str> {
    flags(document)
        .contains(&SourceFlag::KnownManipulationSite)
        .then_some("WARNING: the host is on the list of known manipulation sites")
}

/// An assessment in words: under which definition, by whom; then how likely; then, apart, how sure.
pub fn assessment(it: &Assessment) -> String {
    let authors = if it.authors.is_empty() {
        "an author who is not named".to_owned()
    } else {
        it.authors.join(" and ")
    };
    let result = it.result.replace('_', " ");
    let mut out = format!(
        "{}: \"{}\" Under {}, as of {}: {result}, according to {authors}.",
        it.id, it.question, it.definition, it.as_of
    );
    if let Some(likelihood) = &it.likelihood {
        let _ = write!(
            out,
            " Likelihood: {}, {} to {} per cent.",
            likelihood.term.word(),
            likelihood.lo,
            likelihood.hi
        );
    }
    if let Some(confidence) = it.analytic_confidence {
        let _ = write!(out, " Analytic confidence: {}.", confidence.word());
    }
    for (word, list) in [
        ("For", &it.evidence_for),
        ("Against", &it.evidence_against),
        ("Context only", &it.context_only),
        ("Alternatives", &it.alternatives),
        ("Not known", &it.gaps),
    ] {
        if !list.is_empty() {
            let _ = write!(out, " {word}: {}.", list.join(", "));
        }
    }
    out
}

/// What was done, in the past tense and as it stands after "is reported to have".
fn verb(act: Act) -> (&'static str, &'static str) {
    let both = |word| (word, word);
    match act {
        Act::Commit => both("promised"),
        Act::Reaffirm => both("said again"),
        Act::Demand => both("demanded"),
        Act::Allege => both("alleged"),
        Act::Assess => both("assessed"),
        Act::Find => both("found"),
        Act::Deny => both("denied"),
        Act::RejectFraming => both("rejected the terms of the question"),
        Act::Concede => both("granted"),
        Act::NoComment => both("declined to say"),
        Act::Clarify => both("clarified"),
        Act::Retract => ("took back", "taken back"),
        Act::ReportEvidence => both("reported as evidence"),
        Act::Warn => both("warned"),
        Act::RespondMeasures => both("announced measures"),
    }
}

/// Everything that bears on a record, each "according to" its chain; `None` if there is no such record.
pub fn show(book: &Book, id: &str, view: View) -> Option<String> {
    let held = book.get(id)?;
    let mut out = format!("{}\n", item(book, view, held));
    if let Some(pledge) = held.record.statement().and_then(|it| it.pledge.as_ref()) {
        let names = |ids: &[String]| {
            ids.iter()
                .map(|id| book.name(id).to_owned())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let _ = writeln!(out, "\nSubject: {}", pledge.subject);
        if !pledge.obligors.is_empty() {
            let _ = writeln!(out, "Who is bound: {}", names(&pledge.obligors));
        }
        if let Some(scope) = &pledge.scope {
            let _ = writeln!(out, "Scope: {}", scope_words(scope));
        } else {
            let _ = writeln!(out, "Scope: not known");
        }
        let _ = writeln!(out, "Wording: {}", pledge.wording_known.word());
        let _ = writeln!(
            out,
            "Standing: {}",
            pledge.standing.word().replace('_', " ")
        );
    }
    let mut sections: Vec<(&str, Vec<String>)> = [
        "Reaffirmations",
        "Demands",
        "Claims",
        "Denials",
        "Assessments",
        "Context only",
        "Other",
    ]
    .map(|name| (name, Vec::new()))
    .into();
    let mut add = |place: usize, text: String| {
        if !sections[place].1.contains(&text) {
            sections[place].1.push(text);
        }
    };
    for other in book.bearing_on(id).filter(|other| view.shows(other)) {
        let text = item(book, view, other);
        match &other.record {
            Record::Statement(it) | Record::Commitment(it) => add(section(it.act), text),
            Record::Assessment(it) => {
                add(4, text);
                for context in it.context_only.iter().filter_map(|id| book.get(id)) {
                    add(5, item(book, view, context));
                }
                // A claim weighed here is shown with its denials, whatever it names in `about`.
                for claim in it
                    .evidence_for
                    .iter()
                    .chain(&it.evidence_against)
                    .filter_map(|id| book.get(id))
                {
                    if let Some(statement) = claim.record.statement() {
                        add(section(statement.act), item(book, view, claim));
                    }
                }
            }
            Record::Relation(it) => {
                let Some(from) = book.get(&it.from).filter(|from| view.shows(from)) else {
                    continue;
                };
                let place = match it.kind {
                    RelationType::Reaffirms => 0,
                    RelationType::AllegesConductRelevantTo | RelationType::Supports => 2,
                    RelationType::Denies => 3,
                    RelationType::OutOfScopeOf => 5,
                    _ => 6,
                };
                add(place, item(book, view, from));
            }
            _ => {}
        }
    }
    for (name, items) in sections.into_iter().filter(|(_, items)| !items.is_empty()) {
        let _ = writeln!(out, "\n{name}");
        for text in items {
            let _ = writeln!(out, "- {text}");
        }
    }
    Some(out)
}

fn section(act: Act) -> usize {
    match act {
        Act::Reaffirm | Act::Commit => 0,
        Act::Demand => 1,
        Act::Deny | Act::RejectFraming => 3,
        Act::Allege | Act::Assess | Act::Find | Act::ReportEvidence | Act::Warn => 2,
        _ => 6,
    }
}

fn scope_words(scope: &crate::record::Scope) -> String {
    let mut parts = Vec::new();
    if !scope.elections.is_empty() {
        parts.push(format!("elections {}", scope.elections.join(", ")));
    }
    parts.extend(
        scope
            .conduct
            .iter()
            .map(|conduct| format!("conduct {conduct}")),
    );
    parts.extend(scope.from.iter().map(|day| format!("from {day}")));
    parts.extend(scope.until.iter().map(|day| format!("until {day}")));
    if !scope.excludes.is_empty() {
        parts.push(format!("without {}", scope.excludes.join(", ")));
    }
    parts.join("; ")
}
