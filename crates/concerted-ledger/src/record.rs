//! The records of the ledger: who said what, where it is written, what it promises or denies.
//!
//! Ten kinds, each a plain struct. Ids are strings and are never used twice. A field that nobody knows is
//! left out: an empty one is not written.

use crate::chain::Payload;
use crate::day::Day;
use crate::words::{
    Access, Act, AgentKind, Answer, Basis, Confidence, Credibility, Directness, EventKind,
    EvidenceKind, Form, LikelihoodTerm, Modality, RelationType, Reliability, Role, SourceFlag,
    Standing, Status, StepForm, Wording,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The name of a record, unique in its ledger.
pub type Id = String;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "record_type", rename_all = "snake_case")]
pub enum Record {
    /// Somebody who can speak, promise or publish.
    Agent(Agent),
    /// Something that can be read.
    Document(Document),
    /// Something that happened.
    Event(Event),
    /// An election.
    Election(Election),
    /// What a word is taken to mean.
    Definition(Definition),
    /// Something said.
    Statement(Statement),
    /// Something said that binds somebody: a statement with a pledge.
    Commitment(Statement),
    /// Something that bears on a question.
    EvidenceItem(EvidenceItem),
    /// A judgement that a person answers for.
    Assessment(Assessment),
    /// How one record bears on another.
    Relation(Relation),
}

impl Record {
    /// The id.
    pub fn id(&self) -> &str {
        match self {
            Self::Agent(it) => &it.id,
            Self::Document(it) => &it.id,
            Self::Event(it) => &it.id,
            Self::Election(it) => &it.id,
            Self::Definition(it) => &it.id,
            Self::Statement(it) | Self::Commitment(it) => &it.id,
            Self::EvidenceItem(it) => &it.id,
            Self::Assessment(it) => &it.id,
            Self::Relation(it) => &it.id,
        }
    }

    /// The kind, as records write it in `record_type`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Agent(_) => "agent",
            Self::Document(_) => "document",
            Self::Event(_) => "event",
            Self::Election(_) => "election",
            Self::Definition(_) => "definition",
            Self::Statement(_) => "statement",
            Self::Commitment(_) => "commitment",
            Self::EvidenceItem(_) => "evidence_item",
            Self::Assessment(_) => "assessment",
            Self::Relation(_) => "relation",
        }
    }

    /// The record whose place this one takes.
    pub fn supersedes(&self) -> Option<&str> {
        match self {
            Self::Agent(it) => it.supersedes.as_deref(),
            Self::Document(it) => it.supersedes.as_deref(),
            Self::Event(it) => it.supersedes.as_deref(),
            Self::Election(it) => it.supersedes.as_deref(),
            Self::Definition(it) => it.supersedes.as_deref(),
            Self::Statement(it) | Self::Commitment(it) => it.supersedes.as_deref(),
            Self::EvidenceItem(it) => it.supersedes.as_deref(),
            Self::Assessment(it) => it.supersedes.as_deref(),
            Self::Relation(it) => it.supersedes.as_deref(),
        }
    }

    /// The statement in it, whether or not it binds somebody.
    pub fn statement(&self) -> Option<&Statement> {
        match self {
            Self::Statement(it) | Self::Commitment(it) => Some(it),
            _ => None,
        }
    }
}

impl Payload for Record {
    /// Serde cannot know the kind before it has read `record_type`, which stands in the middle, and so keeps
    /// every member twice. The tag's place is known here: it is cut out, and the rest read as what it names.
    fn read(text: &str, tag: Option<Range<usize>>) -> Result<Self, serde_json::Error> {
        let slow = || serde_json::from_str(text);
        let Some(mut cut) = tag else {
            return slow();
        };
        let kind = text[cut.clone()].strip_prefix("\"record_type\":");
        let bytes = text.as_bytes();
        if bytes.get(cut.end) == Some(&b',') {
            cut.end += 1;
        } else if bytes[cut.start - 1] == b',' {
            cut.start -= 1;
        }
        let mut rest = String::with_capacity(text.len());
        rest.push_str(&text[..cut.start]);
        rest.push_str(&text[cut.end..]);
        let rest = rest.as_str();
        match kind {
            Some("\"agent\"") => serde_json::from_str(rest).map(Self::Agent),
            Some("\"document\"") => serde_json::from_str(rest).map(Self::Document),
            Some("\"event\"") => serde_json::from_str(rest).map(Self::Event),
            Some("\"election\"") => serde_json::from_str(rest).map(Self::Election),
            Some("\"definition\"") => serde_json::from_str(rest).map(Self::Definition),
            Some("\"statement\"") => serde_json::from_str(rest).map(Self::Statement),
            Some("\"commitment\"") => serde_json::from_str(rest).map(Self::Commitment),
            Some("\"evidence_item\"") => serde_json::from_str(rest).map(Self::EvidenceItem),
            Some("\"assessment\"") => serde_json::from_str(rest).map(Self::Assessment),
            Some("\"relation\"") => serde_json::from_str(rest).map(Self::Relation),
            _ => slow(),
        }
    }
}

/// Declares a record: plain data, unknown fields refused so that a slip of the pen is not lost.
macro_rules! records {
    ($($(#[$outer:meta])* pub struct $name:ident {
        required { $($(#[$inner:meta])* $field:ident: $type:ty,)* }
        optional { $($(#[$maybe_doc:meta])* $maybe:ident: $maybe_type:ty,)* }
        lists { $($(#[$list_doc:meta])* $list:ident: $item:ty,)* }
    })+) => {$(
        $(#[$outer])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$inner])* pub $field: $type,)*
            $($(#[$maybe_doc])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $maybe: Option<$maybe_type>,)*
            $($(#[$list_doc])* #[serde(default, skip_serializing_if = "Vec::is_empty")] pub $list: Vec<$item>,)*
        }
        impl $name {
            /// The record with nothing but what it must have.
            #[allow(
                clippy::too_many_arguments,
                clippy::new_without_default,
                reason = "one argument for each field that must be there, few or many"
            )]
            pub fn new($($field: $type),*) -> Self {
                Self { $($field,)* $($maybe: None,)* $($list: Vec::new(),)* }
            }
        }
    )+};
}

records! {
    /// Somebody who can speak, promise or publish.
    pub struct Agent {
        required {
            /// The id.
            id: Id,
            /// The name as it is printed.
            name: String,
            /// What kind of party.
            kind: AgentKind,
        }
        optional {
            /// ISO 3166 code of the country it belongs to.
            country: String,
            /// The office held, where it is a person.
            office: String,
            /// The item in Wikidata.
            wikidata: String,
            /// The record whose place this one takes.
            supersedes: Id,
        }
        lists {
            /// Other names for the same.
            aliases: String,
        }
    }

    /// Something that can be read.
    pub struct Document {
        required {
            /// The id.
            id: Id,
            /// Its title.
            title: String,
            /// How it was read.
            access: Access,
        }
        optional {
            /// The agent that put it before the public.
            publisher: Id,
            /// The day it was published.
            published_on: Day,
            /// Where it lies.
            url: String,
            /// Language, as BCP 47.
            lang: String,
            /// When it was captured, RFC 3339.
            captured_at: String,
            /// SHA-256 of its bytes, in hexadecimal.
            sha256: String,
            /// File with the archived page.
            wacz: String,
            /// File with a time stamp, RFC 3161.
            tsr: String,
            /// How far it is to be relied on; graded once.
            reliability: Reliability,
            /// The record whose place this one takes.
            supersedes: Id,
        }
        lists {
            /// Cautions about its origin.
            source_flags: SourceFlag,
        }
    }

    /// Something that happened.
    pub struct Event {
        required {
            /// The id.
            id: Id,
            /// What it is called.
            name: String,
            /// What kind of happening.
            kind: EventKind,
        }
        optional {
            /// First day.
            start: Day,
            /// Last day.
            end: Day,
            /// Where.
            place: String,
            /// The record whose place this one takes.
            supersedes: Id,
        }
        lists {
            /// ISO 3166 codes of the countries that took part.
            countries: String,
        }
    }

    /// An election.
    pub struct Election {
        required {
            /// The id.
            id: Id,
            /// ISO 3166 code of the country.
            country: String,
            /// The office or body elected.
            office: String,
            /// Election day.
            date: Day,
        }
        optional {
            /// The record whose place this one takes.
            supersedes: Id,
        }
        lists {
            /// Other days that matter.
            key_dates: KeyDate,
        }
    }

    /// A day that matters for an election.
    pub struct KeyDate {
        required {
            /// The day.
            date: Day,
            /// Why it matters.
            what: String,
        }
        optional {}
        lists {}
    }

    /// What a word is taken to mean, and how to see whether it is met.
    pub struct Definition {
        required {
            /// The id.
            id: Id,
            /// The word.
            term: String,
            /// What it is taken to mean.
            text: String,
            /// The document that says so, in words.
            source: String,
        }
        optional {
            /// The record of that document.
            source_document: Id,
            /// Whose law or usage it is.
            jurisdiction: String,
            /// The record whose place this one takes.
            supersedes: Id,
        }
        lists {
            /// What must hold.
            criteria: String,
        }
    }

    /// One step of the way from the speaker to the reader.
    pub struct ChainStep {
        required {
            /// The agent's place in the chain.
            role: Role,
            /// The agent.
            agent: Id,
            /// In which form the step handed the words on.
            directness: StepForm,
        }
        optional {}
        lists {}
    }

    /// One thing that a statement asserts, and with which force.
    pub struct Assertion {
        required {
            /// What is asserted, in one word of the case.
            predicate: String,
            /// With which force.
            modality: Modality,
        }
        optional {
            /// The words that hedge it.
            hedge: String,
            /// What else has to be known to read it rightly.
            note: String,
        }
        lists {}
    }

    /// Where in a document words stand (W3C Web Annotation, `TextQuoteSelector`).
    pub struct TextQuote {
        required {
            /// The words.
            exact: String,
        }
        optional {
            /// What stands before them.
            prefix: String,
            /// What stands after them.
            suffix: String,
        }
        lists {}
    }

    /// Something said.
    pub struct Statement {
        required {
            /// The id.
            id: Id,
            /// What was done by saying it.
            act: Act,
            /// Who said it.
            speaker: Id,
            /// What was said, in its words or in others.
            text: String,
            /// How near the record is to the speaker's mouth.
            directness: Directness,
        }
        optional {
            /// The day it was said: the first clock.
            said_on: Day,
            /// What is known of that day where it is not known exactly.
            said_on_precision: String,
            /// The day it became known: the second clock.
            published_on: Day,
            /// Where it was said.
            place: String,
            /// Whether the text gives the speaker's words.
            verbatim: bool,
            /// Where the words stand in the first document.
            quote: TextQuote,
            /// Language, as BCP 47.
            lang: String,
            /// The statement this one translates.
            translation_of: Id,
            /// The definition or pack the speaker's words are to be read by; `speaker_undefined` where none was given.
            definition: String,
            /// How far the source is to be relied on; the same for every record that rests on the document.
            source_reliability: Reliability,
            /// How far this piece of information is to be believed.
            information_credibility: Credibility,
            /// Whether evidence was shown with it.
            evidence_disclosed: bool,
            /// A principle it appeals to.
            principle: String,
            /// Who accuses, where that is not the speaker.
            accuser: String,
            /// What kind of sources it rests on.
            basis: String,
            /// What to be careful about in the source.
            source_caution: String,
            /// What it is about, where that is narrower than it sounds.
            scope_note: String,
            /// What it is about: elections, conduct, time.
            scope: Scope,
            /// Confidence on the scale of STIX, 0 to 100.
            stix_confidence: u8,
            /// What makes it bind somebody.
            pledge: Pledge,
            /// The record whose place this one takes.
            supersedes: Id,
        }
        lists {
            /// What else was done by saying it.
            also_acts: Act,
            /// To whom it was said.
            addressees: Id,
            /// From the speaker outward to whoever published it.
            attribution_chain: ChainStep,
            /// The documents it stands in; the first is the one that was read.
            documents: Id,
            /// What it asserts.
            asserts: Assertion,
            /// The records it is about: for a denial, what it denies.
            about: Id,
            /// Techniques of DISARM that it names.
            disarm: String,
        }
    }

    /// What makes a statement bind somebody.
    pub struct Pledge {
        required {
            /// What was promised.
            subject: String,
            /// How well its wording is known.
            wording_known: Wording,
            /// Where it stands.
            standing: Standing,
        }
        optional {
            /// To whom it was promised.
            beneficiary: Id,
            /// What it covers.
            scope: Scope,
            /// In which form.
            form: Form,
        }
        lists {
            /// Who is bound.
            obligors: Id,
        }
    }

    /// What a promise covers, or what evidence is about.
    pub struct Scope {
        required {}
        optional {
            /// Which conduct.
            conduct: String,
            /// First day.
            from: Day,
            /// Last day.
            until: Day,
        }
        lists {
            /// Which elections.
            elections: String,
            /// What it leaves out.
            excludes: String,
        }
    }

    /// Something that bears on a question.
    pub struct EvidenceItem {
        required {
            /// The id.
            id: Id,
            /// What kind of thing.
            kind: EvidenceKind,
            /// What it shows.
            text: String,
            /// Seen or concluded.
            basis: Basis,
            /// What it does not show.
            limits: String,
        }
        optional {
            /// The scan it comes from.
            run_id: String,
            /// SHA-256 of the parameters of that scan.
            params_hash: String,
            /// The day it became known.
            published_on: Day,
            /// What it is about.
            scope: Scope,
            /// The record whose place this one takes.
            supersedes: Id,
        }
        lists {
            /// The posts.
            posts: String,
            /// Techniques of DISARM.
            disarm: String,
            /// The documents it stands in.
            documents: Id,
        }
    }

    /// How likely something is.
    pub struct Likelihood {
        required {
            /// The term.
            term: LikelihoodTerm,
            /// At least so many per cent.
            lo: u8,
            /// At most so many per cent.
            hi: u8,
        }
        optional {}
        lists {}
    }

    /// The answer to one criterion of a definition pack.
    pub struct CriterionAnswer {
        required {
            /// The criterion.
            criterion: String,
            /// The answer.
            answer: Answer,
        }
        optional {
            /// The agent who answers for it; needed for whatever only a person can judge.
            by: Id,
            /// Why.
            note: String,
        }
        lists {
            /// The records it rests on.
            because: Id,
        }
    }

    /// A judgement that a person answers for.
    pub struct Assessment {
        required {
            /// The id.
            id: Id,
            /// The question.
            question: String,
            /// The definition or pack it is answered under.
            definition: String,
            /// The answer, under that definition.
            result: String,
            /// The reasoning.
            text: String,
            /// The day whose knowledge it rests on.
            as_of: Day,
            /// How far it has come.
            status: Status,
        }
        optional {
            /// The record it is about.
            about: Id,
            /// How likely.
            likelihood: Likelihood,
            /// On how good a ground.
            analytic_confidence: Confidence,
            /// Agreement with the record it is about, in the five words of STIX.
            stix_opinion: String,
            /// Confidence on the scale of STIX, 0 to 100.
            stix_confidence: u8,
            /// The record whose place this one takes.
            supersedes: Id,
        }
        lists {
            /// What speaks for it.
            evidence_for: Id,
            /// What speaks against it.
            evidence_against: Id,
            /// What is told and not weighed.
            context_only: Id,
            /// The answers to the criteria of the pack.
            criteria: CriterionAnswer,
            /// What is taken for granted.
            assumptions: String,
            /// What else it could be.
            alternatives: String,
            /// What is not known.
            gaps: String,
            /// What would change it.
            would_change: String,
            /// Who answers for it.
            authors: String,
            /// Who read it.
            reviewers: String,
        }
    }

    /// How one record bears on another.
    pub struct Relation {
        required {
            /// The id.
            id: Id,
            /// The record that bears on the other.
            from: Id,
            /// How.
            #[serde(rename = "type")]
            kind: RelationType,
            /// The other.
            to: Id,
        }
        optional {
            /// Who says so.
            by: String,
            /// The day.
            on: Day,
            /// Why.
            note: String,
            /// Agreement, in the five words of STIX, where the relation is a stance.
            stix_opinion: String,
            /// The record whose place this one takes.
            supersedes: Id,
        }
        lists {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// Reads a record as a line is read, and as serde alone reads it: both must agree, on what is refused too.
    fn both(record: &Value) -> (Option<Record>, Option<Record>) {
        let line = serde_json_canonicalizer::to_string(&json!({ "record": record })).unwrap();
        let outline = canonical::check(line.as_bytes()).unwrap();
        let (_, place) = outline.members[0].clone();
        let tag = outline
            .tag
            .clone()
            .map(|tag| tag.start - place.start..tag.end - place.start);
        let text = &line[place];
        (
            Record::read(text, tag).ok(),
            serde_json::from_str(text).ok(),
        )
    }

    fn samples() -> Vec<Value> {
        let timeline = crate::import::timeline(
            include_str!("../data/timeline.jsonl"),
            include_str!("../data/timeline.completions.jsonl"),
        )
        .unwrap();
        let mut samples: Vec<Value> = timeline
            .iter()
            .map(|record| serde_json::to_value(record).unwrap())
            .collect();
        samples.push(
            json!({"record_type": "event", "id": "e", "name": "a \"talk\"", "kind": "summit"}),
        );
        samples.push(
            json!({"record_type": "evidence_item", "id": "e", "kind": "document", "text": "t",
            "basis": "observed", "limits": "l", "scope": {"from": "2024-01-01"}}),
        );
        samples.push(json!({"record_type": "definition", "id": "d", "term": "t", "text": "x", "source": "s"}));
        samples
    }

    #[test]
    fn every_kind_is_read_as_serde_reads_it() {
        for sample in samples() {
            let (fast, slow) = both(&sample);
            assert!(slow.is_some(), "{sample}");
            assert_eq!(fast, slow, "{sample}");
        }
    }

    /// Replaces, adds or takes away one member, somewhere down a path.
    fn changed(value: &mut Value, path: &[usize], name: &str, new: Option<Value>) {
        if let (Some((first, rest)), Value::Object(map)) = (path.split_first(), &mut *value) {
            let keys: Vec<String> = map.keys().cloned().collect();
            if let Some(key) = keys.get(first % keys.len().max(1)) {
                return changed(&mut map[key], rest, name, new);
            }
        }
        match (value, new) {
            (Value::Object(map), Some(new)) => {
                map.insert(name.to_owned(), new);
            }
            (Value::Object(map), None) => {
                map.remove(name);
            }
            (Value::Array(items), Some(new)) => items.push(new),
            (other, Some(new)) => *other = new,
            (other, None) => *other = Value::Null,
        }
    }

    proptest! {
        #[test]
        fn a_changed_record_is_read_or_refused_alike(
            sample in any::<prop::sample::Index>(),
            path in prop::collection::vec(0_usize..40, 0..3),
            name in prop::sample::select(vec!["record_type", "id", "act", "speaker", "a", "z", "kind", "text"]),
            new in prop::option::of(prop_oneof![
                Just(json!("statement")), Just(json!("commitment")), Just(json!("agent")), Just(json!("nonsense")),
                Just(json!(3)), Just(json!(null)), Just(json!({"record_type": "agent"})),
                Just(json!("\"record_type\":\"agent\"")), Just(json!(["x"])),
            ]),
        ) {
            let samples = samples();
            let mut record = sample.get(&samples).clone();
            changed(&mut record, &path, name, new);
            let (fast, slow) = both(&record);
            prop_assert_eq!(fast, slow, "{}", record);
        }
    }
}
