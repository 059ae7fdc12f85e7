//! The ledger as it is read: every record in order, found by its id, with what was corrected since.

use crate::chain::Line;
use crate::day::Day;
use crate::packs;
use crate::record::{Agent, Document, Record, Statement};
use crate::words::{Act, RelationType, Reliability};

/// What is looked up by name and never listed, so that its order shows nowhere.
type ByName<T> = hashbrown::HashMap<String, T, rustc_hash::FxBuildHasher>;

/// A record in the ledger.
#[derive(Clone, Debug)]
pub struct Held {
    /// The record.
    pub record: Record,
    /// When it was recorded, in UTC.
    pub recorded_on: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// The hash of its line.
    pub hash: String,
}

impl Held {
    /// The day it was recorded.
    pub fn recorded_day(&self) -> Option<Day> {
        self.recorded_on.get(..10)?.parse().ok()
    }

    /// The second clock: the day from which it was known.
    ///
    /// A statement is known from its publication, an assessment from the day it speaks for. A correction, and
    /// whatever has no such day, is known from the day it was recorded.
    pub fn known_on(&self) -> Option<Day> {
        let recorded = self.recorded_day();
        if self.record.supersedes().is_some() {
            return recorded;
        }
        match &self.record {
            Record::Statement(it) | Record::Commitment(it) => it.published_on.or(recorded),
            Record::EvidenceItem(it) => it.published_on.or(recorded),
            Record::Document(it) => it.published_on.or(recorded),
            Record::Assessment(it) => Some(it.as_of),
            Record::Relation(it) => it.on.or(recorded),
            _ => recorded,
        }
    }
}

/// Every record of a ledger.
#[derive(Clone, Debug, Default)]
pub struct Book {
    held: Vec<Held>,
    by_id: ByName<usize>,
    superseded_by: ByName<usize>,
    /// For each record, the places of those that point to it by `about` or a relation.
    bearing: ByName<Vec<usize>>,
    /// For each document, the first record that graded it, and the letter.
    graded: ByName<(String, Reliability)>,
}

impl Book {
    /// Takes in a line that was checked.
    pub fn take(&mut self, line: Line<Record>) {
        let place = self.held.len();
        let record = &line.record;
        self.by_id.entry(record.id().to_owned()).or_insert(place);
        if let Some(old) = record.supersedes() {
            self.superseded_by.entry(old.to_owned()).or_insert(place);
        }
        let mut bears = |on: &str| self.bearing.entry_ref(on).or_default().push(place);
        match record {
            Record::Statement(it) | Record::Commitment(it) => {
                it.about.iter().for_each(|about| bears(about));
                if let (Some(document), Some(letter)) =
                    (it.documents.first(), it.source_reliability)
                {
                    let grade = (it.id.clone(), letter);
                    self.graded.entry(document.clone()).or_insert(grade);
                }
            }
            Record::Document(it) => {
                if let Some(letter) = it.reliability {
                    self.graded.insert(it.id.clone(), (it.id.clone(), letter));
                }
            }
            Record::Assessment(it) => it.about.iter().for_each(|about| bears(about)),
            Record::Relation(it) => bears(&it.to),
            _ => {}
        }
        self.held.push(Held {
            record: line.record,
            recorded_on: line.recorded_on,
            recorded_by: line.recorded_by,
            hash: line.hash,
        });
    }

    /// How many records there are.
    pub(crate) fn len(&self) -> usize {
        self.held.len()
    }

    /// Forgets all but the first `count` records: those that came after were not taken in after all.
    pub(crate) fn back_to(&mut self, count: usize) {
        if count == self.held.len() {
            return;
        }
        let mut held = std::mem::take(self).held;
        held.truncate(count);
        for held in held {
            self.take(Line {
                hash: held.hash,
                prev_hash: String::new(),
                record: held.record,
                recorded_by: held.recorded_by,
                recorded_on: held.recorded_on,
            });
        }
    }

    /// The records from `first` on are on the disk as these lines.
    pub(crate) fn settle(&mut self, first: usize, lines: Vec<Line<Record>>) {
        for (held, line) in self.held[first..].iter_mut().zip(lines) {
            held.hash = line.hash;
            held.recorded_on = line.recorded_on;
            held.recorded_by = line.recorded_by;
        }
    }

    /// Every record, in the order in which they were recorded.
    pub fn all(&self) -> &[Held] {
        &self.held
    }

    /// The record with an id.
    pub fn get(&self, id: &str) -> Option<&Held> {
        self.by_id.get(id).map(|place| &self.held[*place])
    }

    /// The record that took the place of this one, if any did.
    pub fn superseded_by(&self, id: &str) -> Option<&Held> {
        self.superseded_by.get(id).map(|place| &self.held[*place])
    }

    /// The records that name this one in `about`, or are a relation to it.
    pub fn bearing_on(&self, id: &str) -> impl Iterator<Item = &Held> {
        let places = self.bearing.get(id).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.held[*place])
    }

    /// The statement or commitment with an id.
    pub fn statement(&self, id: &str) -> Option<&Statement> {
        self.get(id)?.record.statement()
    }

    /// The agent with an id, as last corrected.
    pub fn agent(&self, id: &str) -> Option<&Agent> {
        match &self.latest(id)?.record {
            Record::Agent(agent) => Some(agent),
            _ => None,
        }
    }

    /// The document with an id, as last corrected.
    pub fn document(&self, id: &str) -> Option<&Document> {
        match &self.latest(id)?.record {
            Record::Document(document) => Some(document),
            _ => None,
        }
    }

    /// What stands in the place of a record now.
    pub fn latest(&self, id: &str) -> Option<&Held> {
        let mut held = self.get(id)?;
        // No record can be superseded twice or by an earlier one, so this ends.
        while let Some(newer) = self.superseded_by(held.record.id()) {
            held = newer;
        }
        Some(held)
    }

    /// The name of an agent, or its id where nothing is known of it.
    pub fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.agent(id).map_or(id, |agent| &agent.name)
    }

    /// Whether statements can be read by a definition of this name.
    pub fn knows_definition(&self, name: &str) -> bool {
        name == packs::SPEAKER_UNDEFINED
            || packs::resolve(name).is_some()
            || matches!(
                self.get(name),
                Some(Held {
                    record: Record::Definition(_),
                    ..
                })
            )
    }

    /// The letter a document was graded with, and the record that did so.
    pub(crate) fn grade(&self, document: &str) -> Option<&(String, Reliability)> {
        self.graded.get(document)
    }

    /// Whether somebody recorded that one lies outside the scope of the other.
    pub(crate) fn declared_outside(&self, id: &str, commitment: &str) -> bool {
        self.bearing_on(commitment).any(|held| {
            matches!(&held.record, Record::Relation(it)
                if it.kind == RelationType::OutOfScopeOf && it.from == id)
        })
    }

    /// The denials of a record, in order.
    pub fn denials_of(&self, id: &str) -> Vec<&Held> {
        let mut denials: Vec<&Held> = self
            .bearing_on(id)
            .filter_map(|held| match &held.record {
                Record::Statement(it) | Record::Commitment(it) => is_denial(it).then_some(held),
                Record::Relation(it) if it.kind == RelationType::Denies => self.get(&it.from),
                _ => None,
            })
            .collect();
        denials.sort_by_key(|held| self.by_id.get(held.record.id()));
        denials.dedup_by_key(|held| held.record.id().to_owned());
        denials
    }
}

/// Whether a statement says that something is not so, or refuses its terms.
pub fn is_denial(statement: &Statement) -> bool {
    matches!(statement.act, Act::Deny | Act::RejectFraming)
}
