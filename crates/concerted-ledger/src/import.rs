//! Timelines that were kept by hand: JSON Lines in which agents are names and documents stand inside the
//! statements.
//!
//! Names become agents, documents become records, a stance becomes a relation, and nothing is made up: what a
//! rule needs and the file does not say has to be given in a second file of completions, which is merged in
//! by id before the rules are asked. The one thing that is added is where the silence itself is the fact: a
//! statement without a day of saying gets "not stated".

use crate::day::Day;
use crate::read::slug;
use crate::record::{
    Agent, Assertion, Assessment, ChainStep, Document, Id, Likelihood, Pledge, Record, Relation,
    Scope, Statement,
};
use crate::sites;
use crate::words::{
    Access, Act, AgentKind, Confidence, Credibility, Directness, Form, LikelihoodTerm,
    RelationType, Reliability, Role, Standing, Status, StepForm, Wording,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Why a timeline cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct ImportError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// A line as it is kept by hand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    id: Id,
    record_type: String,
    text: String,
    act: Option<Act>,
    speaker_ref: Option<String>,
    #[serde(default)]
    addressee_refs: Vec<String>,
    said_on: Option<Day>,
    said_on_precision: Option<String>,
    published_on: Option<Day>,
    place: Option<String>,
    directness: Option<Directness>,
    #[serde(default)]
    attribution_chain: Vec<KeptStep>,
    definition_ref: Option<String>,
    source_reliability: Option<Reliability>,
    information_credibility: Option<Credibility>,
    source_caution: Option<String>,
    stix_confidence: Option<u8>,
    stix_opinion: Option<String>,
    #[serde(default)]
    documents: Vec<KeptDocument>,
    #[serde(default)]
    obligor_refs: Vec<String>,
    subject: Option<String>,
    scope: Option<Scope>,
    scope_note: Option<String>,
    wording_verbatim: Option<bool>,
    standing: Option<Standing>,
    form: Option<Form>,
    #[serde(default)]
    target_refs: Vec<Id>,
    #[serde(default)]
    asserts: Vec<Assertion>,
    evidence_disclosed: Option<bool>,
    #[serde(default)]
    disarm: Vec<String>,
    #[serde(default)]
    also_acts: Vec<Act>,
    principle: Option<String>,
    accuser: Option<String>,
    basis: Option<String>,
    stance_of: Option<String>,
    via_ref: Option<Id>,
    about: Option<Id>,
    question: Option<String>,
    result: Option<String>,
    likelihood_term: Option<LikelihoodTerm>,
    likelihood_range: Option<(u8, u8)>,
    analytic_confidence: Option<Confidence>,
    #[serde(default)]
    key_assumptions: Vec<String>,
    #[serde(default)]
    alternatives: Vec<String>,
    #[serde(default)]
    evidence_for: Vec<Id>,
    #[serde(default)]
    evidence_against: Vec<Id>,
    #[serde(default)]
    context_only: Vec<Id>,
    #[serde(default)]
    gaps: Vec<String>,
    #[serde(default)]
    authors: Vec<String>,
    #[serde(default)]
    reviewers: Vec<String>,
    as_of: Option<Day>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptStep {
    role: Role,
    #[serde(rename = "ref")]
    name: String,
    directness: StepForm,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptDocument {
    title: String,
    url: Option<String>,
    sha256: Option<String>,
}

/// Reads a timeline kept by hand, with completions merged in by id, into records that can be appended in
/// their order. A line of the completions whose `record_type` is one of the ledger's own kinds that the
/// timeline has not (`agent`, `election`, `definition`, `event`) is taken over as it is.
pub fn timeline(text: &str, completions: &str) -> Result<Vec<Record>, ImportError> {
    let mut merged: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut importing = Importing::default();
    for (line, object) in objects(completions)? {
        let kind = object
            .get("record_type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if matches!(kind, "agent" | "election" | "definition" | "event") {
            let record: Record =
                serde_json::from_value(Value::Object(object)).map_err(|error| ImportError {
                    line,
                    message: format!("in the completions: {error}"),
                })?;
            if let Record::Agent(agent) = &record {
                importing
                    .agents
                    .insert(agent.name.clone(), agent.id.clone());
            }
            importing.records.push(record);
        } else if let Some(id) = object.get("id").and_then(Value::as_str) {
            merged.insert(id.to_owned(), object);
        }
    }
    for (line, mut object) in objects(text)? {
        let id = object
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        object.extend(merged.remove(&id).unwrap_or_default());
        let kept: Kept =
            serde_json::from_value(Value::Object(object)).map_err(|error| ImportError {
                line,
                message: error.to_string(),
            })?;
        importing
            .take(kept)
            .map_err(|message| ImportError { line, message })?;
    }
    if let Some(id) = merged.keys().next() {
        return Err(ImportError {
            line: 0,
            message: format!("the completions speak of `{id}`, which the timeline has not"),
        });
    }
    Ok(importing.records)
}

/// A line with its number.
type Numbered = (usize, Map<String, Value>);

fn objects(text: &str) -> Result<Vec<Numbered>, ImportError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line)
                .map(|object| (number + 1, object))
                .map_err(|error| ImportError {
                    line: number + 1,
                    message: error.to_string(),
                })
        })
        .collect()
}

#[derive(Default)]
struct Importing {
    records: Vec<Record>,
    agents: BTreeMap<String, Id>,
    documents: BTreeMap<String, Id>,
}

impl Importing {
    fn agent(&mut self, name: &str, kind: AgentKind) -> Id {
        if let Some(id) = self.agents.get(name) {
            return id.clone();
        }
        let id = format!("agent-{}", slug(name));
        self.records
            .push(Record::Agent(Agent::new(id.clone(), name.to_owned(), kind)));
        self.agents.insert(name.to_owned(), id.clone());
        id
    }

    fn agents(&mut self, names: &[String]) -> Vec<Id> {
        names
            .iter()
            .map(|name| self.agent(name, AgentKind::Organisation))
            .collect()
    }

    fn document(&mut self, kept: &KeptDocument) -> Id {
        let key = kept.url.clone().unwrap_or_else(|| kept.title.clone());
        if let Some(id) = self.documents.get(&key) {
            return id.clone();
        }
        let id = format!("doc-{}", slug(&kept.title));
        let copy = ["copy", "via", "quoting", "quoted"]
            .iter()
            .any(|word| kept.title.contains(word));
        let access = if copy { Access::Copy } else { Access::Primary };
        let mut document = Document::new(id.clone(), kept.title.clone(), access);
        document.url.clone_from(&kept.url);
        document.sha256.clone_from(&kept.sha256);
        if let Some(url) = &kept.url {
            document.source_flags = sites::flag(url).into_iter().collect();
            if let Some(host) = sites::host(url) {
                document.publisher = Some(self.agent(&host, AgentKind::Outlet));
            }
        }
        self.records.push(Record::Document(document));
        self.documents.insert(key, id.clone());
        id
    }

    fn take(&mut self, kept: Kept) -> Result<(), String> {
        match kept.record_type.as_str() {
            "statement" | "evidence_report" => {
                let it = self.statement(kept)?;
                self.records.push(Record::Statement(it));
            }
            "commitment" => {
                let mut pledge = Pledge::new(
                    kept.subject.clone().ok_or("a commitment needs `subject`")?,
                    match kept.wording_verbatim {
                        Some(true) => Wording::Verbatim,
                        Some(false) => Wording::Unknown,
                        None => Wording::Paraphrase,
                    },
                    kept.standing.ok_or("a commitment needs `standing`")?,
                );
                pledge.obligors = self.agents(&kept.obligor_refs);
                pledge.scope.clone_from(&kept.scope);
                pledge.form = kept.form;
                let mut it = self.statement(Kept {
                    scope: None,
                    ..kept
                })?;
                it.pledge = Some(pledge);
                self.records.push(Record::Commitment(it));
            }
            "stance" => {
                let from = kept.via_ref.ok_or("a stance needs `via_ref`")?;
                let to = kept.about.ok_or("a stance needs `about`")?;
                let mut it = Relation::new(kept.id, from, RelationType::Denies, to);
                it.by = kept.stance_of;
                it.note = Some(kept.text);
                it.stix_opinion = kept.stix_opinion;
                self.records.push(Record::Relation(it));
            }
            "assessment" => {
                let mut it = Assessment::new(
                    kept.id,
                    kept.question.ok_or("an assessment needs `question`")?,
                    kept.definition_ref.unwrap_or_default(),
                    kept.result.ok_or("an assessment needs `result`")?,
                    kept.text,
                    kept.as_of.ok_or("an assessment needs `as_of`")?,
                    Status::Draft,
                );
                it.about = kept.about;
                it.likelihood = kept
                    .likelihood_term
                    .zip(kept.likelihood_range)
                    .map(|(term, (lo, hi))| Likelihood::new(term, lo, hi));
                it.analytic_confidence = kept.analytic_confidence;
                it.stix_opinion = kept.stix_opinion;
                it.stix_confidence = kept.stix_confidence;
                it.evidence_for = kept.evidence_for;
                it.evidence_against = kept.evidence_against;
                it.context_only = kept.context_only;
                it.assumptions = kept.key_assumptions;
                it.alternatives = kept.alternatives;
                it.gaps = kept.gaps;
                it.authors = kept.authors;
                it.reviewers = kept.reviewers;
                self.records.push(Record::Assessment(it));
            }
            other => {
                return Err(format!(
                    "`{other}` is no kind of record of a timeline kept by hand"
                ));
            }
        }
        Ok(())
    }

    fn statement(&mut self, kept: Kept) -> Result<Statement, String> {
        let speaker = self.agent(
            kept.speaker_ref
                .as_deref()
                .ok_or("a statement needs `speaker_ref`")?,
            AgentKind::Organisation,
        );
        let documents: Vec<Id> = kept
            .documents
            .iter()
            .map(|document| self.document(document))
            .collect();
        let mut it = Statement::new(
            kept.id,
            kept.act.ok_or("a statement needs `act`")?,
            speaker.clone(),
            kept.text,
            kept.directness.ok_or("a statement needs `directness`")?,
        );
        for step in &kept.attribution_chain {
            let kind = match step.role {
                Role::Source => AgentKind::AnonymousGroup,
                Role::Publisher | Role::Interviewer => AgentKind::Outlet,
                _ => AgentKind::Organisation,
            };
            let agent = self.agent(&step.name, kind);
            it.attribution_chain
                .push(ChainStep::new(step.role, agent, step.directness));
        }
        if it.attribution_chain.is_empty()
            && let Some(host) = kept
                .documents
                .first()
                .and_then(|document| document.url.as_deref())
                .and_then(sites::host)
        {
            // Without a chain of its own it is what it seems: the speaker's words as that page gives them.
            let form = if kept.wording_verbatim == Some(true) {
                StepForm::DirectQuote
            } else {
                StepForm::Paraphrase
            };
            let publisher = self.agent(&host, AgentKind::Outlet);
            it.attribution_chain = vec![
                ChainStep::new(Role::Speaker, speaker, form),
                ChainStep::new(Role::Publisher, publisher, StepForm::Report),
            ];
        }
        it.addressees = self.agents(&kept.addressee_refs);
        it.documents = documents;
        it.said_on = kept.said_on;
        let silent = kept.said_on.is_none().then(|| "not stated".to_owned());
        it.said_on_precision = kept.said_on_precision.or(silent);
        it.published_on = kept.published_on;
        it.place = kept.place;
        it.verbatim = kept.wording_verbatim;
        it.definition = kept.definition_ref;
        it.source_reliability = kept.source_reliability;
        it.information_credibility = kept.information_credibility;
        it.source_caution = kept.source_caution;
        it.stix_confidence = kept.stix_confidence;
        it.about = kept.target_refs;
        it.asserts = kept.asserts;
        it.evidence_disclosed = kept.evidence_disclosed;
        it.disarm = kept.disarm;
        it.also_acts = kept.also_acts;
        it.principle = kept.principle;
        it.accuser = kept.accuser;
        it.basis = kept.basis;
        it.scope_note = kept.scope_note;
        it.scope = kept.scope;
        Ok(it)
    }
}
