//! Schema.org as JSON-LD, for pages of newsrooms: claims, quotations, reviews.

use crate::book::{Book, is_denial};
use crate::record::{Record, Statement};
use crate::render;
use crate::words::{Act, AgentKind, RelationType, Role};
use serde_json::{Map, Value, json};

/// The ledger as JSON-LD. Terms of our own carry the prefix `led`.
pub fn schema_org(book: &Book) -> String {
    let mut graph = Vec::new();
    for held in book.all() {
        match &held.record {
            Record::Statement(it) | Record::Commitment(it) => graph.push(statement(book, it)),
            Record::Assessment(it) => {
                let mut node = json!({
                    "@id": id(&it.id),
                    "@type": ["Review", "led:Assessment"],
                    "reviewAspect": it.question,
                    "reviewBody": it.text,
                    "led:result": it.result,
                    "led:definition": it.definition,
                    "led:asOf": it.as_of,
                });
                put(&mut node, "itemReviewed", it.about.as_deref().map(reference));
                put(&mut node, "author", list(it.authors.iter().map(|name| json!({"@type": "Person", "name": name}))));
                put(&mut node, "led:likelihood", it.likelihood.as_ref().map(|it| json!({"led:term": it.term, "led:range": [it.lo, it.hi]})));
                put(&mut node, "led:analyticConfidence", it.analytic_confidence.map(|it| json!(it)));
                put(&mut node, "led:evidenceFor", list(it.evidence_for.iter().map(|id| reference(id))));
                put(&mut node, "led:evidenceAgainst", list(it.evidence_against.iter().map(|id| reference(id))));
                put(&mut node, "led:contextOnly", list(it.context_only.iter().map(|id| reference(id))));
                put(&mut node, "led:alternatives", list(it.alternatives.iter().map(|text| json!(text))));
                put(&mut node, "led:gaps", list(it.gaps.iter().map(|text| json!(text))));
                let derived = it.evidence_for.iter().chain(&it.evidence_against).map(|id| reference(id));
                put(&mut node, "prov:wasDerivedFrom", list(derived));
                graph.push(node);
            }
            Record::Election(it) => graph.push(json!({
                "@id": id(&it.id), "@type": "Event", "name": format!("Election of the {} ({})", it.office, it.country), "startDate": it.date,
            })),
            Record::Event(it) => {
                let mut node = json!({"@id": id(&it.id), "@type": "Event", "name": it.name});
                put(&mut node, "startDate", it.start.map(|day| json!(day)));
                put(&mut node, "endDate", it.end.map(|day| json!(day)));
                graph.push(node);
            }
            Record::Definition(it) => graph.push(json!({
                "@id": id(&it.id), "@type": "DefinedTerm", "name": it.term, "description": it.text,
            })),
            Record::EvidenceItem(it) => graph.push(json!({
                "@id": id(&it.id), "@type": "Dataset", "description": it.text, "led:limits": it.limits,
            })),
            Record::Agent(_) | Record::Document(_) | Record::Relation(_) => {}
        }
    }
    let document = json!({
        "@context": ["https://schema.org", {
            "prov": "http://www.w3.org/ns/prov#",
            "oa": "http://www.w3.org/ns/oa#",
            "led": "https://concerted.invalid/ns/ledger#",
        }],
        "@graph": graph,
    });
    serde_json::to_string_pretty(&document).unwrap_or_default() + "\n"
}

fn statement(book: &Book, it: &Statement) -> Value {
    let mut kinds = Vec::new();
    if it.verbatim == Some(true) {
        kinds.push("Quotation");
    }
    kinds.push("Claim");
    if it.pledge.is_some() {
        kinds.push("led:Commitment");
    }
    let speaker = agent(book, &it.speaker);
    let mut node = json!({
        "@id": id(&it.id),
        "@type": if let [one] = kinds[..] { json!(one) } else { json!(kinds) },
        "text": it.text.trim_matches('\''),
        "author": speaker,
        "led:act": it.act,
        "led:directness": it.directness,
    });
    if it.verbatim == Some(true) {
        put(&mut node, "spokenByCharacter", Some(speaker));
    }
    put(
        &mut node,
        "led:wordingVerbatim",
        it.verbatim.map(Value::from),
    );
    put(&mut node, "led:saidOn", it.said_on.map(|day| json!(day)));
    put(
        &mut node,
        "datePublished",
        it.published_on.map(|day| json!(day)),
    );
    put(
        &mut node,
        "contentLocation",
        it.place
            .as_ref()
            .map(|name| json!({"@type": "Place", "name": name})),
    );
    let by_role = |role| {
        it.attribution_chain
            .iter()
            .find(move |step| step.role == role)
            .map(|step| step.agent.as_str())
    };
    if !it.directness.on_record() {
        // Somebody else put the words into this form.
        put(
            &mut node,
            "claimInterpreter",
            by_role(Role::Publisher).map(|id| agent(book, id)),
        );
    }
    put(
        &mut node,
        "prov:wasQuotedFrom",
        by_role(Role::Source).map(|id| agent(book, id)),
    );
    let appearances: Vec<Value> = it
        .documents
        .iter()
        .filter_map(|id| book.document(id))
        .map(|document| {
            let mut article = json!({"@type": "NewsArticle", "name": document.title});
            put(
                &mut article,
                "led:warning",
                render::warning(document).map(|words| json!(words)),
            );
            put(
                &mut article,
                "url",
                document.url.as_ref().map(|url| json!(url)),
            );
            put(
                &mut article,
                "datePublished",
                it.published_on.map(|day| json!(day)),
            );
            put(
                &mut article,
                "publisher",
                document.publisher.as_deref().map(|id| agent(book, id)),
            );
            article
        })
        .collect();
    put(&mut node, "appearance", list(appearances));
    if let Some(scope) = it.pledge.as_ref().and_then(|pledge| pledge.scope.as_ref()) {
        let day = |day: Option<crate::day::Day>| {
            day.map_or_else(|| "..".to_owned(), |day| day.to_string())
        };
        if scope.from.is_some() || scope.until.is_some() {
            put(
                &mut node,
                "temporalCoverage",
                Some(json!(format!("{}/{}", day(scope.from), day(scope.until)))),
            );
        }
    }
    let predicates = |modality: &str| {
        list(
            it.asserts
                .iter()
                .filter(|it| it.modality.word() == modality)
                .map(|it| json!(it.predicate)),
        )
    };
    put(&mut node, "led:asserts", predicates("asserted"));
    put(&mut node, "led:hedges", predicates("hedged"));
    put(&mut node, "led:negates", predicates("negated"));
    put(&mut node, "led:declinesToAssert", predicates("declined"));
    let target = |act: Act, id: &str| match act {
        _ if is_denial(it) && act == it.act => "led:denies",
        Act::Reaffirm => "led:reaffirms",
        Act::Allege if book.statement(id).is_some_and(|it| it.pledge.is_some()) => {
            "led:allegesConductRelevantTo"
        }
        _ => "led:respondsTo",
    };
    for about in &it.about {
        put(&mut node, target(it.act, about), Some(reference(about)));
    }
    for held in book.all() {
        if let Record::Relation(relation) = &held.record
            && relation.from == it.id
            && relation.kind == RelationType::Reaffirms
        {
            put(&mut node, "led:reaffirms", Some(reference(&relation.to)));
        }
    }
    node
}

fn agent(book: &Book, id: &str) -> Value {
    let kind = match book.agent(id).map(|agent| agent.kind) {
        Some(AgentKind::Person) => "Person",
        Some(AgentKind::Office | AgentKind::State) => "GovernmentOrganization",
        Some(AgentKind::Outlet) => "NewsMediaOrganization",
        _ => "Organization",
    };
    json!({"@type": kind, "name": book.name(id)})
}

fn id(id: &str) -> String {
    format!("led:{id}")
}

fn reference(to: &str) -> Value {
    json!({"@id": id(to)})
}

/// Nothing, the one value, or the list of them.
fn list(values: impl IntoIterator<Item = Value>) -> Option<Value> {
    let mut values: Vec<Value> = values.into_iter().collect();
    match values.len() {
        0 => None,
        1 => values.pop(),
        _ => Some(Value::Array(values)),
    }
}

/// Adds a member that has a value; a second value under one name makes a list.
fn put(node: &mut Value, name: &str, value: Option<Value>) {
    let (Some(map), Some(value)) = (node.as_object_mut(), value) else {
        return;
    };
    put_in(map, name, value);
}

fn put_in(map: &mut Map<String, Value>, name: &str, value: Value) {
    match map.get_mut(name) {
        None => {
            map.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(before) => *before = json!([before.take(), value]),
    }
}
