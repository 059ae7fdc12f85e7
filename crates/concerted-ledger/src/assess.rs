//! One question laid against several definitions, criterion by criterion: met, not met, unknown.
//!
//! Unknown is what stands where nobody has answered. There is no total and no verdict; what only a person can
//! judge carries that person's name (rule 4 sees to it).

use crate::book::Book;
use crate::packs::{self, Pack};
use crate::record::Record;
use crate::render;
use crate::rules;
use crate::words::{Answer, EvidenceKind};
use serde::Serialize;
use std::fmt::Write as _;

/// The answers under several definitions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grid {
    /// The record the question is about.
    pub about: String,
    /// One part for each definition.
    pub packs: Vec<Part>,
}

/// The answers under one definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The pack.
    pub pack: String,
    /// Its title.
    pub title: String,
    /// Whose law or usage it is.
    pub jurisdiction: String,
    /// The day of its source, or that it is not known.
    pub date: String,
    /// Its source.
    pub source: String,
    /// How the source was read.
    pub read: String,
    /// What was not compared with the source itself.
    pub unverified: Vec<String>,
    /// What follows from it.
    pub note: String,
    /// One row for each criterion, and for each person who answered it.
    pub rows: Vec<Row>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The criterion.
    pub criterion: String,
    /// The question it asks.
    pub question: String,
    /// The answer.
    pub answer: Answer,
    /// The assessment it was given in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assessment: Option<String>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The records it rests on, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// Whether only a person can answer it.
    pub person_only: bool,
    /// Records at hand of a kind that could answer it, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub could_bear: Vec<String>,
}

/// Lays what the ledger holds about a record against packs; of each corrected assessment only the newest.
pub fn grid(book: &Book, about: &str, packs: &[&Pack]) -> Grid {
    let packs = packs.iter().map(|pack| part(book, about, pack)).collect();
    Grid {
        about: about.to_owned(),
        packs,
    }
}

fn part(book: &Book, about: &str, pack: &Pack) -> Part {
    let assessments: Vec<_> = book
        .bearing_on(about)
        .filter(|held| book.superseded_by(held.record.id()).is_none())
        .filter_map(|held| match &held.record {
            Record::Assessment(it)
                if packs::resolve(&it.definition).is_some_and(|its| its.id == pack.id) =>
            {
                Some(it)
            }
            _ => None,
        })
        .collect();
    let mut rows = Vec::new();
    for criterion in &pack.criteria {
        let row = |answer| Row {
            criterion: criterion.id.clone(),
            question: criterion.question.clone(),
            answer,
            assessment: None,
            by: None,
            because: Vec::new(),
            person_only: criterion.person_only,
            could_bear: could_bear(book, about, &criterion.evidence),
        };
        let answered: Vec<Row> = assessments
            .iter()
            .flat_map(|it| it.criteria.iter().map(move |answer| (it, answer)))
            .filter(|(_, answer)| answer.criterion == criterion.id)
            .map(|(it, answer)| Row {
                assessment: Some(it.id.clone()),
                by: answer.by.as_deref().map(|by| book.name(by).to_owned()),
                because: answer.because.iter().map(|id| in_words(book, id)).collect(),
                ..row(answer.answer)
            })
            .collect();
        if answered.is_empty() {
            rows.push(row(Answer::Unknown));
        }
        rows.extend(answered);
    }
    Part {
        pack: pack.id.clone(),
        title: pack.title.clone(),
        jurisdiction: pack.jurisdiction.clone(),
        date: pack.dated(),
        source: pack.source.clone(),
        read: pack.read.clone(),
        unverified: pack.unverified.clone(),
        note: pack.note.clone(),
        rows,
    }
}

fn in_words(book: &Book, id: &str) -> String {
    match book.get(id).map(|held| &held.record) {
        Some(Record::Statement(it) | Record::Commitment(it)) => render::statement(book, it),
        Some(Record::EvidenceItem(it)) => render::evidence(book, it),
        _ => id.to_owned(),
    }
}

/// Evidence whose kind a criterion asks for, and statements that bear on the record and report evidence. What
/// lies outside a commitment's scope, or was put aside as context, can only be context.
fn could_bear(book: &Book, about: &str, kinds: &[EvidenceKind]) -> Vec<String> {
    let pledged = book
        .statement(about)
        .and_then(|it| it.pledge.as_ref()?.scope.as_ref());
    let context: Vec<&String> = book
        .bearing_on(about)
        .filter_map(|held| match &held.record {
            Record::Assessment(it) => Some(&it.context_only),
            _ => None,
        })
        .flatten()
        .collect();
    let outside = |id: &str| {
        let scope = match book.get(id).map(|held| &held.record) {
            Some(Record::Statement(it)) => it.scope.as_ref(),
            Some(Record::EvidenceItem(it)) => it.scope.as_ref(),
            _ => None,
        };
        let apart = scope
            .zip(pledged)
            .is_some_and(|(its, pledged)| rules::outside(its, pledged).is_some());
        apart || context.iter().any(|it| *it == id) || book.declared_outside(id, about)
    };
    book.all()
        .iter()
        .filter(|held| match &held.record {
            Record::EvidenceItem(it) => kinds.contains(&it.kind),
            Record::Statement(it) => {
                it.act == crate::words::Act::ReportEvidence
                    && kinds.contains(&EvidenceKind::ThirdPartyReport)
            }
            _ => false,
        })
        .map(|held| held.record.id())
        .filter(|id| !outside(id) && book.superseded_by(id).is_none())
        .map(str::to_owned)
        .collect()
}

/// The word for an answer, as it is printed.
fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Met => "met",
        Answer::NotMet => "not met",
        Answer::Unknown => "unknown",
    }
}

impl Part {
    /// The source, how it was read, and what was not compared with it.
    fn source(&self) -> String {
        format!(
            "{} (read as: {}). Not compared with it: {}",
            self.source,
            self.read,
            self.unverified.join("; ")
        )
    }
}

impl Row {
    fn grounds(&self) -> String {
        let mut out = self.because.join(" / ");
        if let Some(by) = &self.by {
            let _ = write!(
                out,
                "{}answered by {by}",
                if out.is_empty() { "" } else { "; " }
            );
        } else if self.person_only {
            out.push_str("only a named person can answer this");
        }
        if self.answer == Answer::Unknown && !self.could_bear.is_empty() {
            let _ = write!(
                out,
                "{}could bear on it: {}",
                if out.is_empty() { "" } else { "; " },
                self.could_bear.join(", ")
            );
        }
        out
    }
}

impl Grid {
    /// For a terminal.
    pub fn text(&self) -> String {
        let mut out = format!(
            "{} under {} definitions; no total, no verdict\n",
            self.about,
            self.packs.len()
        );
        for part in &self.packs {
            let _ = writeln!(
                out,
                "\n{} ({}, {}): {}",
                part.pack, part.jurisdiction, part.date, part.title
            );
            for row in &part.rows {
                let _ = writeln!(out, "  {:<8} {}", word(row.answer), row.question);
                let grounds = row.grounds();
                if !grounds.is_empty() {
                    let _ = writeln!(out, "           {grounds}");
                }
            }
            let _ = writeln!(out, "  Note: {}", part.note);
            let _ = writeln!(out, "  Source: {}", part.source());
        }
        out
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
        let mut out = format!(
            "# {}\n\nCriterion by criterion. No total, no verdict.\n",
            self.about
        );
        for part in &self.packs {
            let _ = write!(
                out,
                "\n## {} ({})\n\n{}, {}.\n\n| criterion | answer | grounds |\n| --- | --- | --- |\n",
                part.pack, part.jurisdiction, part.title, part.date
            );
            for row in &part.rows {
                let _ = writeln!(
                    out,
                    "| {} | {} | {} |",
                    cell(&row.question),
                    word(row.answer),
                    cell(&row.grounds())
                );
            }
            let _ = writeln!(out, "\n{}\n\nSource: {}", part.note, part.source());
        }
        out
    }

    /// As one HTML page that needs nothing else.
    pub fn html(&self) -> String {
        let mut out = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>\n<style>body{{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}table{{border-collapse:collapse;width:100%}}th,td{{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top}}</style></head>\n<body><h1>{0}</h1><p>Criterion by criterion. No total, no verdict.</p>\n",
            escape(&self.about)
        );
        for part in &self.packs {
            let _ = write!(
                out,
                "<h2>{} ({})</h2>\n<p>{}, {}.</p>\n<table><thead><tr><th scope=\"col\">Criterion</th><th scope=\"col\">Answer</th><th scope=\"col\">Grounds</th></tr></thead><tbody>\n",
                escape(&part.pack),
                escape(&part.jurisdiction),
                escape(&part.title),
                escape(&part.date)
            );
            for row in &part.rows {
                let _ = writeln!(
                    out,
                    "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
                    escape(&row.question),
                    word(row.answer),
                    escape(&row.grounds())
                );
            }
            let _ = writeln!(
                out,
                "</tbody></table><p>{}</p><p>Source: {}</p>",
                escape(&part.note),
                escape(&part.source())
            );
        }
        out.push_str("</body></html>\n");
        out
    }

    /// As JSON.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
