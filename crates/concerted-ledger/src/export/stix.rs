//! STIX 2.1 bundles in two profiles: strict, and with the types that OpenCTI adds.
//!
//! A statement is a `note` with one property extension of ours; a denial also an `opinion` on the claim, an
//! assessment an `opinion`. Evidence is `observed-data` over the posts or documents it rests on, a `sighting` of
//! each technique it names, and a `grouping` that says what it shows and what not. Ids are UUIDv5 over canonical JSON of what makes the object the same, by the rules
//! that OpenCTI uses, so that a second import makes no second object. Empty lists are left out, as the
//! standard asks even inside extensions.

use crate::book::{Book, Held, is_denial};
use crate::record::{Agent, Assessment, EvidenceItem, Record, Scope, Statement};
use crate::render;
use crate::words::{Act, AgentKind, RelationType};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Which types a bundle may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Only those of the standard, with one property extension.
    Strict,
    /// Also `event` and `media-content` as OpenCTI defines them.
    OpenCti,
}

const EXTENSION: &str = "extension-definition--e0a76cfd-3f3f-5ffe-b205-5f1e00d1c8f1";
const OPENCTI: &str = "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba";
const NAMESPACE: Uuid = Uuid::from_u128(0x00ab_edb4_aa42_466c_9c01_fed2_3315_a9b7);
const CLEAR: &str = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487";
const CLEAR_EXTENSION: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/// The ledger as a bundle, named after whoever publishes it.
pub fn stix(book: &Book, profile: Profile, publisher: &str) -> String {
    let created = book.all().first().map_or_else(
        || "2024-01-01T00:00:00.000Z".to_owned(),
        |held| time(&held.recorded_on),
    );
    let mut bundle = Bundle {
        book,
        profile,
        publisher_id: String::new(),
        objects: Vec::new(),
        ids: BTreeMap::new(),
        pushed: BTreeSet::new(),
    };
    bundle.publisher_id = id(
        "identity",
        &json!({"name": publisher.trim().to_lowercase(), "identity_class": "organization"}),
    );
    bundle.objects.push(json!({
        "type": "identity", "spec_version": "2.1", "id": bundle.publisher_id, "created": created, "modified": created,
        "name": publisher, "identity_class": "organization",
    }));
    bundle.objects.push(json!({
        "type": "marking-definition", "spec_version": "2.1", "id": CLEAR, "created": "2022-10-01T00:00:00.000Z",
        "name": "TLP:CLEAR",
        "extensions": {CLEAR_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": "clear"}},
    }));
    bundle.objects.push(json!({
        "type": "extension-definition", "spec_version": "2.1", "id": EXTENSION, "created_by_ref": bundle.publisher_id,
        "created": created, "modified": created, "name": "Ledger record",
        "description": "Speech act, attribution chain, definition, standing and grading for statements held in a commitments ledger.",
        "schema": "https://concerted.invalid/schema/ledger-record-1.0.json", "version": "1.0.0",
        "extension_types": ["property-extension"],
    }));
    // First every id, so that a record can point to one that comes later.
    for held in book.all() {
        let made = bundle.id_of(held);
        bundle
            .ids
            .extend(made.map(|made| (held.record.id().to_owned(), made)));
    }
    for held in book.all() {
        bundle.add(held);
    }
    bundle.report(&created, publisher);
    let name = id(
        "bundle",
        &json!({"publisher": publisher, "head": book.all().last().map(|held| &held.hash)}),
    );
    let bundle = json!({"type": "bundle", "id": name, "objects": bundle.objects});
    serde_json::to_string_pretty(&bundle).unwrap_or_default() + "\n"
}

fn id(kind: &str, key: &Value) -> String {
    let key = serde_json_canonicalizer::to_vec(key).unwrap_or_default();
    format!("{kind}--{}", Uuid::new_v5(&NAMESPACE, &key))
}

/// A time of the ledger with the milliseconds that STIX wants.
fn time(recorded_on: &str) -> String {
    recorded_on.replace('Z', ".000Z")
}

struct Bundle<'a> {
    book: &'a Book,
    profile: Profile,
    publisher_id: String,
    objects: Vec<Value>,
    ids: BTreeMap<String, String>,
    /// Ids of things that several records point to, so that each is there once.
    pushed: BTreeSet<String>,
}

impl Bundle<'_> {
    fn id_of(&self, held: &Held) -> Option<String> {
        let created = time(&held.recorded_on);
        Some(match &held.record {
            Record::Agent(it) => id(
                "identity",
                &json!({"name": it.name.trim().to_lowercase(), "identity_class": class(it)}),
            ),
            // Two statements may have one text; the id of the record keeps them apart.
            Record::Statement(it) | Record::Commitment(it) => id(
                "note",
                &json!({"content": it.text, "created": created, "record": it.id}),
            ),
            Record::Definition(it) => id(
                "note",
                &json!({"content": it.text, "created": created, "record": it.id}),
            ),
            Record::EvidenceItem(it) => id("grouping", &json!({"name": it.id, "created": created})),
            Record::Assessment(it) => id("opinion", &json!({"opinion": it.id, "created": created})),
            Record::Election(it) if self.profile == Profile::OpenCti => {
                id("event", &json!({"name": it.id.to_lowercase()}))
            }
            Record::Event(it) if self.profile == Profile::OpenCti => {
                id("event", &json!({"name": it.name.trim().to_lowercase()}))
            }
            Record::Document(it) if self.profile == Profile::OpenCti => {
                id("media-content", &json!({"url": it.url.as_ref()?}))
            }
            _ => return None,
        })
    }

    fn reference(&self, record: &str) -> Option<&String> {
        self.ids.get(record)
    }

    fn references<'r>(&self, records: impl IntoIterator<Item = &'r String>) -> Vec<Value> {
        records
            .into_iter()
            .filter_map(|record| self.reference(record))
            .map(|id| json!(id))
            .collect()
    }

    /// What every object has.
    fn object(&self, kind: &str, id: &str, held: &Held) -> Map<String, Value> {
        let created = time(&held.recorded_on);
        let mut map = Map::new();
        put(&mut map, "type", json!(kind));
        put(&mut map, "spec_version", json!("2.1"));
        put(&mut map, "id", json!(id));
        put(&mut map, "created_by_ref", json!(self.publisher_id));
        put(&mut map, "created", json!(created));
        put(&mut map, "modified", json!(created));
        put(&mut map, "object_marking_refs", json!([CLEAR]));
        map
    }

    fn add(&mut self, held: &Held) {
        let Some(id) = self.reference(held.record.id()).cloned() else {
            if let Record::Relation(relation) = &held.record {
                self.relation(held, relation);
            }
            return;
        };
        match &held.record {
            Record::Agent(it) => {
                let mut map = self.object("identity", &id, held);
                put(&mut map, "name", json!(it.name));
                put(&mut map, "identity_class", json!(class(it)));
                put(
                    &mut map,
                    "roles",
                    json!([it.office.as_deref().unwrap_or(it.kind.word())]),
                );
                self.push(map);
            }
            Record::Statement(it) | Record::Commitment(it) => self.statement(held, it, &id),
            Record::Assessment(it) => self.assessment(held, it, &id),
            Record::Definition(it) => {
                let mut map = self.object("note", &id, held);
                put(
                    &mut map,
                    "abstract",
                    json!(format!("Definition: {}", it.term)),
                );
                put(&mut map, "content", json!(it.text));
                put(&mut map, "object_refs", json!([self.publisher_id]));
                put(
                    &mut map,
                    "extensions",
                    extension(&[
                        ("record_type", json!("definition")),
                        ("source", json!(it.source)),
                        ("criteria", json!(it.criteria)),
                    ]),
                );
                self.push(map);
            }
            Record::EvidenceItem(it) => self.evidence(held, it, &id),
            Record::Election(it) => {
                let name = format!("{} {} election {}", it.country, it.office, it.date);
                self.event(held, &id, &name, "election", Some(it.date), Some(it.date));
            }
            Record::Event(it) => self.event(held, &id, &it.name, it.kind.word(), it.start, it.end),
            Record::Document(it) => {
                let day = it.published_on.map(|day| format!("{day}T00:00:00.000Z"));
                self.media(
                    &id,
                    Some(&render::source(it)),
                    it.url.as_deref(),
                    day.as_deref(),
                );
            }
            Record::Relation(_) => {}
        }
    }

    /// A page as OpenCTI has it, once.
    fn media(&mut self, id: &str, title: Option<&str>, url: Option<&str>, day: Option<&str>) {
        if !self.pushed.insert(id.to_owned()) {
            return;
        }
        let category = if title.is_some() { "article" } else { "post" };
        let mut map = Map::new();
        put(&mut map, "type", json!("media-content"));
        put(&mut map, "spec_version", json!("2.1"));
        put(&mut map, "id", json!(id));
        put(&mut map, "object_marking_refs", json!([CLEAR]));
        put(&mut map, "title", json!(title));
        put(&mut map, "media_category", json!(category));
        put(&mut map, "url", json!(url));
        put(&mut map, "publication_date", json!(day));
        put(
            &mut map,
            "extensions",
            json!({OPENCTI: {"extension_type": "new-sco"}}),
        );
        self.push(map);
    }

    /// What was seen, which techniques it shows, and both together with what it does not show.
    fn evidence(&mut self, held: &Held, it: &EvidenceItem, name: &str) {
        // The time it is about; where that is not known, the day it became known.
        let scope = it.scope.as_ref();
        let known = held.known_on().map_or_else(
            || time(&held.recorded_on),
            |day| format!("{day}T00:00:00.000Z"),
        );
        let first = scope
            .and_then(|scope| scope.from)
            .map_or_else(|| known.clone(), |day| format!("{day}T00:00:00.000Z"));
        let last = scope
            .and_then(|scope| scope.until)
            .map_or(known, |day| format!("{day}T23:59:59.000Z"))
            .max(first.clone());
        let seen: BTreeSet<String> = if it.posts.is_empty() {
            it.documents
                .iter()
                .filter_map(|id| self.captured(id))
                .collect()
        } else {
            it.posts.iter().map(|post| self.post(post)).collect()
        };
        let mut parts = Vec::new();
        if !seen.is_empty() {
            let observed = id("observed-data", &json!({"record": it.id, "objects": seen}));
            let mut map = self.object("observed-data", &observed, held);
            put(&mut map, "first_observed", json!(first));
            put(&mut map, "last_observed", json!(last));
            put(&mut map, "number_observed", json!(seen.len()));
            put(&mut map, "object_refs", json!(seen));
            self.push(map);
            for technique in &it.disarm {
                let pattern = self.technique(held, technique);
                let sighting = id("sighting", &json!({"of": pattern, "in": observed}));
                let mut map = self.object("sighting", &sighting, held);
                put(&mut map, "description", json!(it.text));
                put(&mut map, "first_seen", json!(first));
                put(&mut map, "last_seen", json!(last));
                put(&mut map, "sighting_of_ref", json!(pattern));
                put(&mut map, "observed_data_refs", json!([observed]));
                put(&mut map, "where_sighted_refs", json!([self.publisher_id]));
                self.push(map);
                parts.push(pattern);
                parts.push(sighting);
            }
            parts.insert(0, observed);
        }
        if parts.is_empty() {
            parts.push(self.publisher_id.clone());
        }
        let mut map = self.object("grouping", name, held);
        put(&mut map, "name", json!(format!("Evidence {}", it.id)));
        put(
            &mut map,
            "description",
            json!(format!("{} Limits: {}", it.text, it.limits)),
        );
        put(&mut map, "context", json!("unspecified"));
        put(&mut map, "object_refs", json!(parts));
        put(
            &mut map,
            "external_references",
            self.documents(&it.documents),
        );
        put(
            &mut map,
            "extensions",
            extension(&[
                ("record_type", json!("evidence_item")),
                ("record_id", json!(it.id)),
                ("kind", json!(it.kind)),
                ("basis", json!(it.basis)),
                ("limits", json!(it.limits)),
                ("run_id", json!(it.run_id)),
                ("params_hash", json!(it.params_hash)),
                ("published_on", json!(it.published_on)),
                ("scope", self::scope(scope)),
                ("disarm", json!(it.disarm)),
                ("posts", json!(it.posts)),
            ]),
        );
        self.push(map);
    }

    /// A post: its address, or where only an id is known, the record that was captured under that id.
    fn post(&mut self, post: &str) -> String {
        let address = post.starts_with("https://") || post.starts_with("http://");
        if address && self.profile == Profile::OpenCti {
            let name = id("media-content", &json!({"url": post}));
            self.media(&name, None, Some(post), None);
            return name;
        }
        if address {
            self.cyber("url", &json!({"value": post}))
        } else {
            self.cyber("file", &json!({"name": post}))
        }
    }

    /// What was captured of a document: its bytes by their hash, else its address.
    fn captured(&mut self, id: &str) -> Option<String> {
        let document = self.book.document(id)?;
        match (&document.sha256, &document.url) {
            (Some(hash), _) => {
                let key = json!({"hashes": {"SHA-256": hash}, "name": document.title});
                Some(self.cyber("file", &key))
            }
            (None, Some(url)) => Some(self.cyber("url", &json!({"value": url}))),
            (None, None) => None,
        }
    }

    /// An observable of the standard, whose id follows from what it is.
    fn cyber(&mut self, kind: &str, members: &Value) -> String {
        let name = id(kind, members);
        if self.pushed.insert(name.clone()) {
            let mut map = members.as_object().cloned().unwrap_or_default();
            put(&mut map, "type", json!(kind));
            put(&mut map, "spec_version", json!("2.1"));
            put(&mut map, "id", json!(name));
            self.push(map);
        }
        name
    }

    /// A technique of DISARM, under the id that OpenCTI gives it.
    fn technique(&mut self, held: &Held, technique: &str) -> String {
        let name = id("attack-pattern", &json!({"x_mitre_id": technique}));
        if self.pushed.insert(name.clone()) {
            let mut map = self.object("attack-pattern", &name, held);
            put(&mut map, "name", json!(format!("DISARM {technique}")));
            put(
                &mut map,
                "external_references",
                json!([
                    {"source_name": "mitre-attack", "external_id": technique},
                    {"source_name": "DISARM", "external_id": technique},
                ]),
            );
            self.push(map);
        }
        name
    }

    fn event(
        &mut self,
        held: &Held,
        id: &str,
        name: &str,
        kind: &str,
        start: Option<crate::day::Day>,
        end: Option<crate::day::Day>,
    ) {
        let mut map = self.object("event", id, held);
        put(&mut map, "name", json!(name));
        put(&mut map, "event_types", json!([kind]));
        put(
            &mut map,
            "start_time",
            json!(start.map(|day| format!("{day}T00:00:00.000Z"))),
        );
        put(
            &mut map,
            "stop_time",
            json!(end.map(|day| format!("{day}T23:59:59.000Z"))),
        );
        put(
            &mut map,
            "extensions",
            json!({OPENCTI: {"extension_type": "new-sdo"}}),
        );
        self.push(map);
    }

    fn documents(&self, ids: &[String]) -> Value {
        let references = ids
            .iter()
            .filter_map(|id| self.book.document(id))
            .map(|document| {
                let mut map = Map::new();
                put(&mut map, "source_name", json!(document.title));
                put(&mut map, "description", json!(render::warning(document)));
                put(&mut map, "url", json!(document.url));
                if let Some(hash) = &document.sha256 {
                    put(&mut map, "hashes", json!({"SHA-256": hash}));
                }
                Value::Object(map)
            });
        references.collect()
    }

    fn statement(&mut self, held: &Held, it: &Statement, id: &str) {
        let book = self.book;
        let kind = match held.record.kind() {
            _ if it.act == Act::ReportEvidence => "evidence_report",
            kind => kind,
        };
        let chain: Vec<Value> = it
            .attribution_chain
            .iter()
            .map(|step| json!({"role": step.role, "ref": self.reference(&step.agent), "directness": step.directness}))
            .collect();
        let pledge = it.pledge.as_ref();
        let mut map = self.object("note", id, held);
        put(
            &mut map,
            "abstract",
            json!(format!(
                "{}: {}",
                it.act.word().replace('_', " "),
                book.name(&it.speaker)
            )),
        );
        put(&mut map, "content", json!(it.text));
        put(&mut map, "authors", json!([book.name(&it.speaker)]));
        let mut about: Vec<Value> = self.references(
            std::iter::once(&it.speaker)
                .chain(&it.addressees)
                .chain(&it.about),
        );
        about.dedup();
        put(&mut map, "object_refs", json!(about));
        put(
            &mut map,
            "external_references",
            self.documents(&it.documents),
        );
        put(&mut map, "confidence", json!(it.stix_confidence));
        put(
            &mut map,
            "extensions",
            extension(&[
                ("record_type", json!(kind)),
                ("record_id", json!(it.id)),
                ("act", json!(it.act)),
                ("also_acts", json!(it.also_acts)),
                ("speaker_ref", json!(self.reference(&it.speaker))),
                ("addressee_refs", json!(self.references(&it.addressees))),
                ("said_on", json!(it.said_on)),
                ("said_on_precision", json!(it.said_on_precision)),
                ("published_on", json!(it.published_on)),
                ("place", json!(it.place)),
                ("directness", json!(it.directness)),
                ("wording_verbatim", json!(it.verbatim)),
                ("attribution_chain", json!(chain)),
                ("target_refs", json!(self.references(&it.about))),
                ("asserts", json!(it.asserts)),
                ("definition_ref", json!(it.definition)),
                ("evidence_disclosed", json!(it.evidence_disclosed)),
                ("principle", json!(it.principle)),
                ("accuser", json!(it.accuser)),
                ("basis", json!(it.basis)),
                ("disarm", json!(it.disarm)),
                ("source_caution", json!(it.source_caution)),
                ("scope_note", json!(it.scope_note)),
                ("source_reliability", json!(it.source_reliability)),
                ("information_credibility", json!(it.information_credibility)),
                (
                    "obligor_refs",
                    json!(
                        pledge
                            .map(|pledge| self.references(&pledge.obligors))
                            .unwrap_or_default()
                    ),
                ),
                ("subject", json!(pledge.map(|pledge| &pledge.subject))),
                (
                    "wording_known",
                    json!(pledge.map(|pledge| pledge.wording_known)),
                ),
                ("standing", json!(pledge.map(|pledge| pledge.standing))),
                (
                    "scope",
                    scope(
                        pledge
                            .and_then(|pledge| pledge.scope.as_ref())
                            .or(it.scope.as_ref()),
                    ),
                ),
            ]),
        );
        self.push(map);

        for target in &it.about {
            let Some(claim) = book.statement(target) else {
                continue;
            };
            let word = match it.act {
                Act::Deny | Act::RejectFraming => "denies",
                Act::Reaffirm => "reaffirms",
                Act::Allege if claim.pledge.is_some() => "alleges conduct relevant to",
                _ => continue,
            };
            self.related(held, &it.id, target, word);
            let stance_recorded = book.bearing_on(target).any(|other| {
                matches!(&other.record, Record::Relation(relation) if relation.from == it.id && relation.stix_opinion.is_some())
            });
            if is_denial(it) && !stance_recorded {
                let why = format!("Denial: {}", render::statement(book, it));
                self.opinion(
                    held,
                    &it.id,
                    target,
                    "strongly-disagree",
                    &why,
                    book.name(&it.speaker),
                );
            }
        }
    }

    fn assessment(&mut self, held: &Held, it: &Assessment, id: &str) {
        let mut map = self.object("opinion", id, held);
        put(
            &mut map,
            "opinion",
            json!(it.stix_opinion.as_deref().unwrap_or("neutral")),
        );
        put(&mut map, "explanation", json!(it.text));
        put(
            &mut map,
            "authors",
            json!(it.authors.iter().chain(&it.reviewers).collect::<Vec<_>>()),
        );
        let about = self.references(&it.about);
        put(
            &mut map,
            "object_refs",
            if about.is_empty() {
                json!([self.publisher_id])
            } else {
                json!(about)
            },
        );
        put(&mut map, "confidence", json!(it.stix_confidence));
        put(
            &mut map,
            "extensions",
            extension(&[
                ("record_type", json!("assessment")),
                ("record_id", json!(it.id)),
                ("question", json!(it.question)),
                ("definition_ref", json!(it.definition)),
                ("result", json!(it.result)),
                (
                    "likelihood_term",
                    json!(it.likelihood.as_ref().map(|it| it.term)),
                ),
                (
                    "likelihood_range",
                    json!(it.likelihood.as_ref().map(|it| [it.lo, it.hi])),
                ),
                ("analytic_confidence", json!(it.analytic_confidence)),
                ("key_assumptions", json!(it.assumptions)),
                ("alternatives", json!(it.alternatives)),
                ("gaps", json!(it.gaps)),
                ("evidence_for", json!(self.references(&it.evidence_for))),
                (
                    "evidence_against",
                    json!(self.references(&it.evidence_against)),
                ),
                ("context_only", json!(self.references(&it.context_only))),
                ("as_of", json!(it.as_of)),
            ]),
        );
        self.push(map);
    }

    fn relation(&mut self, held: &Held, relation: &crate::record::Relation) {
        if let Some(opinion) = &relation.stix_opinion {
            let by = relation.by.clone().unwrap_or_default();
            let note = relation.note.clone().unwrap_or_default();
            self.opinion(held, &relation.from, &relation.to, opinion, &note, &by);
        } else if relation.kind != RelationType::Supersedes {
            let word = relation.kind.word().replace('_', " ");
            self.related(held, &relation.from, &relation.to, &word);
        }
    }

    fn related(&mut self, held: &Held, from: &str, to: &str, word: &str) {
        let (Some(source), Some(target)) =
            (self.reference(from).cloned(), self.reference(to).cloned())
        else {
            return;
        };
        let name = id(
            "relationship",
            &json!({"source": source, "target": target, "word": word}),
        );
        let mut map = self.object("relationship", &name, held);
        put(&mut map, "relationship_type", json!("related-to"));
        put(&mut map, "source_ref", json!(source));
        put(&mut map, "target_ref", json!(target));
        put(&mut map, "description", json!(word));
        self.push(map);
    }

    fn opinion(&mut self, held: &Held, from: &str, to: &str, opinion: &str, why: &str, by: &str) {
        let (Some(via), Some(target)) =
            (self.reference(from).cloned(), self.reference(to).cloned())
        else {
            return;
        };
        let name = id(
            "opinion",
            &json!({"opinion": opinion, "via": via, "target": target}),
        );
        let mut map = self.object("opinion", &name, held);
        put(&mut map, "opinion", json!(opinion));
        put(&mut map, "explanation", json!(why));
        put(
            &mut map,
            "authors",
            json!(if by.is_empty() { vec![] } else { vec![by] }),
        );
        put(&mut map, "object_refs", json!([target]));
        let stance_of = self
            .book
            .statement(from)
            .and_then(|it| self.reference(&it.speaker));
        put(
            &mut map,
            "extensions",
            extension(&[
                ("record_type", json!("stance")),
                ("stance_of", json!(stance_of)),
                ("via_ref", json!(via)),
            ]),
        );
        self.push(map);
    }

    fn report(&mut self, created: &str, publisher: &str) {
        let about: Vec<&str> = self
            .objects
            .iter()
            .filter(|object| {
                !matches!(
                    object["type"].as_str(),
                    Some("marking-definition" | "extension-definition")
                )
            })
            .filter_map(|object| object["id"].as_str())
            .collect();
        let report = json!({
            "type": "report", "spec_version": "2.1", "id": id("report", &json!({"name": "ledger", "published": created, "publisher": publisher})),
            "created_by_ref": self.publisher_id, "created": created, "modified": created, "object_marking_refs": [CLEAR],
            "name": "Ledger of commitments, claims, denials and assessments",
            "description": "Commitment, statements, denials, evidence reports and definition-relative assessments. Not a finding against any individual account holder.",
            "report_types": ["observed-data"], "published": created, "object_refs": about,
        });
        self.objects.push(report);
    }

    fn push(&mut self, map: Map<String, Value>) {
        self.objects.push(Value::Object(map));
    }
}

fn class(agent: &Agent) -> &'static str {
    match agent.kind {
        AgentKind::Person => "individual",
        AgentKind::AnonymousGroup => "group",
        _ => "organization",
    }
}

fn scope(scope: Option<&Scope>) -> Value {
    scope.map_or(Value::Null, |scope| json!(scope))
}

fn extension(members: &[(&str, Value)]) -> Value {
    let mut map = Map::new();
    put(&mut map, "extension_type", json!("property-extension"));
    for (name, value) in members {
        put(&mut map, name, value.clone());
    }
    json!({EXTENSION: map})
}

/// Adds what is there: neither nothing nor an empty list or text.
fn put(map: &mut Map<String, Value>, name: &str, value: Value) {
    let empty = match &value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    if !empty {
        map.insert(name.to_owned(), value);
    }
}
