//! The ten rules: what a record must have so that nobody is misread.
//!
//! Each is one function that says what a record lacks and what would satisfy the rule. They hold when a
//! record is appended and again when a ledger is verified.

use crate::book::{Book, is_denial};
use crate::day::Day;
use crate::lint;
use crate::packs;
use crate::record::{Assessment, Id, Record, Scope, Statement};
use crate::words::{AgentKind, Answer, RelationType, Role};
use std::collections::BTreeSet;
use std::fmt;

/// What each rule asks, in the words of its heading; the first is rule 1.
pub const RULES: [&str; 10] = [
    "nothing is changed: a correction is a new record that supersedes the old one",
    "no statement without a document and a chain of attribution",
    "speaker, source and publisher are kept apart",
    "every assessment names a definition, an alternative and a gap",
    "likelihood and confidence never stand in one sentence",
    "a denial names what it denies, and changes no assessment by itself",
    "what lies outside a commitment's scope can only be context",
    "two clocks: when it was said, and when it was known",
    "a source is graded once, the information each time",
    "every record can be rendered with its \"according to\"",
];

/// A rule that a record breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The id of the record.
    pub record: Id,
    /// The number of the rule, 1 to 10.
    pub rule: u8,
    /// What is wrong.
    pub found: String,
    /// What would satisfy the rule.
    pub needs: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            record,
            rule,
            found,
            needs,
        } = self;
        let heading = RULES[usize::from(rule - 1)];
        write!(
            f,
            "{record} breaks rule {rule} ({heading}): {found}; {needs}"
        )
    }
}

/// Every rule that a record, recorded on `today`, would break in this ledger. In the order of the rules.
pub fn check(book: &Book, record: &Record, today: Option<Day>) -> Vec<Broken> {
    let mut findings = Findings {
        record: record.id(),
        broken: Vec::new(),
    };
    append_only(book, record, &mut findings);
    if let Some(statement) = record.statement() {
        document_and_chain(book, statement, &mut findings);
        kept_apart(statement, &mut findings);
        denial_has_a_claim(book, statement, &mut findings);
        clocks(statement, today, &mut findings);
        grades(book, statement, &mut findings);
        according_to(book, statement, &mut findings);
    }
    match record {
        Record::Assessment(assessment) => {
            grounds(book, assessment, &mut findings);
            sentences(assessment, &mut findings);
            not_by_denial_alone(book, assessment, &mut findings);
            within_scope(book, assessment, &mut findings);
            no_look_ahead(book, assessment, &mut findings);
        }
        Record::Relation(it) if it.kind == RelationType::Denies => {
            let denies = book.statement(&it.from).is_some_and(|from| {
                is_denial(from) || from.also_acts.contains(&crate::words::Act::Deny)
            });
            if !denies {
                findings.add(
                    6,
                    format!("`{}` is no denial", it.from),
                    "let `from` name a statement with act deny or reject_framing",
                );
            }
        }
        Record::Agent(agent) if agent.name.trim().is_empty() => {
            findings.add(
                10,
                "the agent has no name",
                "give the name that is to be printed",
            );
        }
        _ => {}
    }
    findings.broken.sort_by_key(|broken| broken.rule);
    findings.broken
}

struct Findings<'a> {
    record: &'a str,
    broken: Vec<Broken>,
}

impl Findings<'_> {
    fn add(&mut self, rule: u8, found: impl Into<String>, needs: impl Into<String>) {
        self.broken.push(Broken {
            record: self.record.to_owned(),
            rule,
            found: found.into(),
            needs: needs.into(),
        });
    }
}

/// Rule 1.
fn append_only(book: &Book, record: &Record, findings: &mut Findings<'_>) {
    let id = record.id();
    if id.trim().is_empty() || id.chars().any(char::is_control) {
        findings.add(
            1,
            "the record has no usable id",
            "give it an id of its own, such as `L019`",
        );
    }
    if book.get(id).is_some() {
        findings.add(
            1,
            format!("`{id}` is in the ledger already"),
            format!("give the record a new id, and `supersedes`: `{id}` if it corrects that one"),
        );
    }
    if let Some(old) = record.supersedes() {
        let commitment_or_statement = |kind| matches!(kind, "commitment" | "statement");
        match book.get(old) {
            None => findings.add(
                1,
                format!("it supersedes `{old}`, which is not in the ledger"),
                "name the record it corrects",
            ),
            Some(held)
                if held.record.kind() != record.kind()
                    && !(commitment_or_statement(record.kind())
                        && commitment_or_statement(held.record.kind())) =>
            {
                findings.add(
                    1,
                    format!(
                        "a record of kind {} cannot supersede `{old}` of kind {}",
                        record.kind(),
                        held.record.kind()
                    ),
                    "correct a record by one of its kind",
                );
            }
            Some(_) => {}
        }
        if let Some(newer) = book.superseded_by(old) {
            let newer = newer.record.id();
            findings.add(
                1,
                format!("`{old}` is superseded by `{newer}` already"),
                format!("supersede `{newer}`"),
            );
        }
    }
    for (field, to) in references(record) {
        if book.get(to).is_none() {
            findings.add(
                1,
                format!("`{field}` names `{to}`, which is not in the ledger"),
                format!("record `{to}` first"),
            );
        }
    }
    match record {
        Record::Commitment(it) if it.pledge.is_none() => {
            findings.add(
                1,
                "it is a commitment without a pledge",
                "say in `pledge` what was promised, or record it as a statement",
            );
        }
        Record::Statement(it) if it.pledge.is_some() => {
            findings.add(
                1,
                "it is a statement with a pledge",
                "record it as a commitment",
            );
        }
        _ => {}
    }
}

/// What a record points to, but for what rules 2 and 10 speak of.
fn references(record: &Record) -> Vec<(&'static str, &str)> {
    fn add<'a>(
        found: &mut Vec<(&'static str, &'a str)>,
        field: &'static str,
        ids: impl IntoIterator<Item = &'a Id>,
    ) {
        found.extend(ids.into_iter().map(|id| (field, id.as_str())));
    }
    let mut found = Vec::new();
    match record {
        Record::Statement(it) | Record::Commitment(it) => {
            add(&mut found, "about", &it.about);
            add(&mut found, "addressees", &it.addressees);
            add(&mut found, "translation_of", &it.translation_of);
            if let Some(pledge) = &it.pledge {
                add(&mut found, "obligors", &pledge.obligors);
                add(&mut found, "beneficiary", &pledge.beneficiary);
            }
        }
        Record::Document(it) => add(&mut found, "publisher", &it.publisher),
        Record::Definition(it) => add(&mut found, "source_document", &it.source_document),
        Record::EvidenceItem(it) => add(&mut found, "documents", &it.documents),
        Record::Assessment(it) => {
            add(&mut found, "about", &it.about);
            add(&mut found, "evidence_for", &it.evidence_for);
            add(&mut found, "evidence_against", &it.evidence_against);
            add(&mut found, "context_only", &it.context_only);
            for answer in &it.criteria {
                add(&mut found, "because", &answer.because);
            }
        }
        Record::Relation(it) => add(&mut found, "from", [&it.from, &it.to]),
        Record::Agent(_) | Record::Event(_) | Record::Election(_) => {}
    }
    found
}

/// Rule 2.
fn document_and_chain(book: &Book, statement: &Statement, findings: &mut Findings<'_>) {
    if statement.documents.is_empty() {
        findings.add(
            2,
            "it names no document",
            "record the document it stands in and name it in `documents`",
        );
    }
    for id in &statement.documents {
        if !matches!(
            book.get(id).map(|held| &held.record),
            Some(Record::Document(_))
        ) {
            findings.add(
                2,
                format!("there is no document `{id}`"),
                format!("record the document `{id}` first"),
            );
        }
    }
    if statement.attribution_chain.is_empty() {
        findings.add(
            2,
            "it has no chain of attribution",
            "say in `attribution_chain` who spoke and who published it",
        );
    }
}

/// Rule 3. One who publishes their own words is both speaker and publisher; so is an outlet that speaks in
/// its own voice. Anybody else stands at one place of the chain.
fn kept_apart(statement: &Statement, findings: &mut Findings<'_>) {
    let chain = &statement.attribution_chain;
    if chain.is_empty() {
        return;
    }
    let at = |role| -> BTreeSet<&str> {
        chain
            .iter()
            .filter(|step| step.role == role)
            .map(|step| step.agent.as_str())
            .collect()
    };
    let (speakers, sources, publishers) =
        (at(Role::Speaker), at(Role::Source), at(Role::Publisher));
    if speakers.len() != 1
        || !speakers.contains(statement.speaker.as_str())
        || chain[0].role != Role::Speaker
    {
        findings.add(
            3,
            "the chain does not begin with the one speaker",
            format!("begin it with the role speaker and `{}`", statement.speaker),
        );
    }
    if publishers.is_empty() {
        findings.add(
            3,
            "the chain names no publisher",
            "end it with whoever put it before the public",
        );
    }
    for agent in sources
        .intersection(&speakers)
        .chain(sources.intersection(&publishers))
    {
        findings.add(
            3,
            format!("`{agent}` is its own source"),
            "name as source whoever told it to the publisher, or leave the source out",
        );
    }
    let own_voice = statement.directness.on_record()
        || statement.directness == crate::words::Directness::ReportedUnattributed;
    if !own_voice {
        for agent in speakers.intersection(&publishers) {
            findings.add(
                3,
                format!(
                    "`{agent}` is speaker and publisher of a statement that is {}",
                    statement.directness.word()
                ),
                "name whoever published it, or record it as on_record_direct if the speaker did",
            );
        }
    }
}

/// Rule 4. What only a person can judge, a person must answer for by name.
fn grounds(book: &Book, assessment: &Assessment, findings: &mut Findings<'_>) {
    if !book.knows_definition(&assessment.definition)
        || assessment.definition == packs::SPEAKER_UNDEFINED
    {
        findings.add(
            4,
            format!("`{}` is no definition", assessment.definition),
            format!(
                "name a definition record or one of {}",
                packs::names().join(", ")
            ),
        );
    }
    if assessment.alternatives.is_empty() {
        findings.add(
            4,
            "it names no alternative",
            "say in `alternatives` what else it could be",
        );
    }
    if assessment.gaps.is_empty() {
        findings.add(4, "it names no gap", "say in `gaps` what is not known");
    }
    let pack = packs::resolve(&assessment.definition);
    for answer in &assessment.criteria {
        let criterion = pack.and_then(|pack| pack.criterion(&answer.criterion));
        if pack.is_some() && criterion.is_none() {
            findings.add(
                4,
                format!(
                    "`{}` has no criterion `{}`",
                    assessment.definition, answer.criterion
                ),
                "name a criterion of the pack",
            );
        }
        if answer.answer == Answer::Unknown {
            continue;
        }
        if answer.because.is_empty() {
            findings.add(
                4,
                format!(
                    "`{}` is {} and rests on nothing",
                    answer.criterion,
                    answer.answer.word()
                ),
                "name in `because` the records it rests on, or leave it unknown",
            );
        }
        let person = answer.by.as_deref().and_then(|by| book.agent(by));
        if criterion.is_some_and(|criterion| criterion.person_only)
            && person.is_none_or(|agent| agent.kind != AgentKind::Person)
        {
            findings.add(
                4,
                format!(
                    "`{}` can only be judged by a person, and none answers for it",
                    answer.criterion
                ),
                "name in `by` an agent of kind person, or leave it unknown",
            );
        }
    }
}

/// Rule 5.
fn sentences(assessment: &Assessment, findings: &mut Findings<'_>) {
    let texts = [&assessment.text, &assessment.result, &assessment.question].into_iter();
    let lists = [
        &assessment.gaps,
        &assessment.alternatives,
        &assessment.assumptions,
        &assessment.would_change,
    ];
    for text in texts.chain(lists.into_iter().flatten()) {
        for sentence in lint::sentences(text) {
            if lint::mixes_likelihood_and_confidence(sentence) {
                findings.add(
                    5,
                    format!("\"{sentence}\" gives both"),
                    "make two sentences of it, one for each",
                );
            }
        }
    }
    if let Some(likelihood) = &assessment.likelihood
        && (likelihood.lo > likelihood.hi || likelihood.hi > 100)
    {
        findings.add(
            5,
            format!(
                "{} to {} is no range of per cent",
                likelihood.lo, likelihood.hi
            ),
            "give the range of the term",
        );
    }
}

/// Rule 6, for the denial.
fn denial_has_a_claim(book: &Book, statement: &Statement, findings: &mut Findings<'_>) {
    if !is_denial(statement) {
        return;
    }
    let claim = |id: &Id| {
        matches!(
            book.get(id).map(|held| &held.record),
            Some(Record::Statement(_) | Record::Commitment(_) | Record::EvidenceItem(_))
        )
    };
    if !statement.about.iter().any(claim) {
        findings.add(
            6,
            "it does not say what is denied",
            "name in `about` the statement or evidence it denies, which it will be shown beside",
        );
    }
}

/// Rule 6, for the assessment.
fn not_by_denial_alone(book: &Book, assessment: &Assessment, findings: &mut Findings<'_>) {
    let mut weighed = assessment
        .evidence_for
        .iter()
        .chain(&assessment.evidence_against)
        .peekable();
    if weighed.peek().is_some() && weighed.all(|id| book.statement(id).is_some_and(is_denial)) {
        findings.add(
            6,
            "it weighs nothing but denials",
            "weigh evidence too, or list the denials under `context_only`",
        );
    }
}

/// Rule 7.
fn within_scope(book: &Book, assessment: &Assessment, findings: &mut Findings<'_>) {
    let Some(about) = assessment.about.as_deref() else {
        return;
    };
    let Some(pledge) = book
        .statement(about)
        .and_then(|statement| statement.pledge.as_ref())
    else {
        return;
    };
    for id in assessment
        .evidence_for
        .iter()
        .chain(&assessment.evidence_against)
    {
        let scope = match book.get(id).map(|held| &held.record) {
            Some(Record::Statement(it) | Record::Commitment(it)) => it.scope.as_ref(),
            Some(Record::EvidenceItem(it)) => it.scope.as_ref(),
            _ => None,
        };
        let why = if book.declared_outside(id, about) {
            Some("a relation says that it lies outside".to_owned())
        } else {
            scope
                .zip(pledge.scope.as_ref())
                .and_then(|(its, pledged)| outside(its, pledged))
        };
        if let Some(why) = why {
            findings.add(
                7,
                format!("`{id}` lies outside the scope of `{about}`: {why}"),
                format!("list `{id}` under `context_only`"),
            );
        }
    }
}

/// Why a scope lies outside another, if it does. What is not said is taken to fit.
pub fn outside(its: &Scope, pledged: &Scope) -> Option<String> {
    let apart = |a: &[String], b: &[String]| {
        !a.is_empty() && !b.is_empty() && a.iter().all(|it| !b.contains(it))
    };
    if apart(&its.elections, &pledged.elections) {
        return Some(format!(
            "it is about {}, the pledge about {}",
            its.elections.join(", "),
            pledged.elections.join(", ")
        ));
    }
    if let Some(conduct) = &its.conduct
        && pledged.excludes.contains(conduct)
    {
        return Some(format!("the pledge excludes {conduct}"));
    }
    if let (Some(until), Some(from)) = (its.until, pledged.from)
        && until < from
    {
        return Some(format!("it ends on {until}, the pledge begins on {from}"));
    }
    if let (Some(from), Some(until)) = (its.from, pledged.until)
        && from > until
    {
        return Some(format!("it begins on {from}, the pledge ends on {until}"));
    }
    None
}

/// Rule 8, for statements.
fn clocks(statement: &Statement, today: Option<Day>, findings: &mut Findings<'_>) {
    if statement.said_on.is_none() && statement.said_on_precision.is_none() {
        findings.add(
            8,
            "it does not say when it was said",
            "give `said_on`, or say in `said_on_precision` what is known of the day",
        );
    }
    let Some(published) = statement.published_on else {
        findings.add(
            8,
            "it does not say when it became known",
            "give `published_on`",
        );
        return;
    };
    if let Some(said) = statement.said_on
        && said > published
    {
        findings.add(
            8,
            format!("it was known on {published}, before it was said on {said}"),
            "put the two days right",
        );
    }
    // A day of grace: it may be tomorrow where the statement was published.
    if let Some(tomorrow) = today.and_then(|today| today.date().tomorrow().ok())
        && published.date() > tomorrow
    {
        findings.add(
            8,
            format!("it is recorded before it became known on {published}"),
            "put `published_on` right",
        );
    }
}

/// Rule 8, for assessments: no look-ahead.
fn no_look_ahead(book: &Book, assessment: &Assessment, findings: &mut Findings<'_>) {
    for id in assessment
        .evidence_for
        .iter()
        .chain(&assessment.evidence_against)
    {
        let published = match book.get(id).map(|held| &held.record) {
            Some(Record::Statement(it) | Record::Commitment(it)) => it.published_on,
            Some(Record::EvidenceItem(it)) => it.published_on,
            _ => None,
        };
        if let Some(published) = published
            && published > assessment.as_of
        {
            findings.add(
                8,
                format!(
                    "it speaks for {}, and `{id}` became known on {published}",
                    assessment.as_of
                ),
                "leave that out, or give a later `as_of`",
            );
        }
    }
}

/// Rule 9.
fn grades(book: &Book, statement: &Statement, findings: &mut Findings<'_>) {
    let Some(letter) = statement.source_reliability else {
        return;
    };
    if statement.information_credibility.is_none() {
        findings.add(
            9,
            "the source is graded and the information is not",
            "give `information_credibility`, 1 to 6",
        );
    }
    if let Some(document) = statement.documents.first()
        && let Some((by, earlier)) = book.grade(document)
        && *earlier != letter
        && statement.supersedes.as_deref() != Some(by)
    {
        findings.add(
            9,
            format!(
                "it grades the source `{document}` {}, `{by}` graded it {}",
                letter.word(),
                earlier.word()
            ),
            format!("give {} here, or correct `{by}` first", earlier.word()),
        );
    }
}

/// Rule 10.
fn according_to(book: &Book, statement: &Statement, findings: &mut Findings<'_>) {
    let named = statement.attribution_chain.iter().map(|step| &step.agent);
    let missing: BTreeSet<&Id> = std::iter::once(&statement.speaker)
        .chain(named)
        .filter(|id| book.agent(id).is_none())
        .collect();
    for id in missing {
        findings.add(
            10,
            format!("there is no agent `{id}`"),
            format!("record the agent `{id}` first, with the name that is to be printed"),
        );
    }
    if !book.knows_definition(
        statement
            .definition
            .as_deref()
            .unwrap_or(packs::SPEAKER_UNDEFINED),
    ) {
        let name = statement.definition.as_deref().unwrap_or_default();
        findings.add(
            10,
            format!("there is no definition `{name}` to read it by"),
            "name a definition record or pack, or `speaker_undefined`",
        );
    }
}
