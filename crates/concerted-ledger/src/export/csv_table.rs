//! A table for people: one row for each statement, piece of evidence and assessment.

use crate::book::Book;
use crate::packs;
use crate::record::Record;
use crate::render;

const COLUMNS: [&str; 22] = [
    "id",
    "record_type",
    "act",
    "speaker",
    "addressees",
    "said_on",
    "said_on_precision",
    "known_on",
    "text",
    "according_to",
    "asserts",
    "definition",
    "source_reliability",
    "information_credibility",
    "about",
    "denied_by",
    "standing",
    "superseded_by",
    "urls",
    "warnings",
    "recorded_on",
    "hash",
];

/// The ledger as CSV with a header, in the order in which it was recorded.
pub fn csv(book: &Book) -> String {
    let mut table = csv::Writer::from_writer(Vec::new());
    let _ = table.write_record(COLUMNS);
    for held in book.all() {
        let id = held.record.id();
        let mut row: Vec<(&str, String)> = vec![
            ("id", id.to_owned()),
            ("record_type", held.record.kind().to_owned()),
            (
                "known_on",
                held.known_on()
                    .map(|day| day.to_string())
                    .unwrap_or_default(),
            ),
            (
                "denied_by",
                book.denials_of(id)
                    .iter()
                    .map(|held| held.record.id())
                    .collect::<Vec<_>>()
                    .join(" "),
            ),
            (
                "superseded_by",
                book.superseded_by(id)
                    .map(|held| held.record.id().to_owned())
                    .unwrap_or_default(),
            ),
            ("recorded_on", held.recorded_on.clone()),
            ("hash", held.hash.clone()),
        ];
        let mut documents = &[][..];
        match &held.record {
            Record::Statement(it) | Record::Commitment(it) => {
                documents = &it.documents;
                let names = it
                    .addressees
                    .iter()
                    .map(|id| book.name(id))
                    .collect::<Vec<_>>();
                let asserts = it
                    .asserts
                    .iter()
                    .map(|it| format!("{}: {}", it.predicate, it.modality.word()))
                    .collect::<Vec<_>>();
                row.extend([
                    ("act", it.act.word().to_owned()),
                    ("speaker", book.name(&it.speaker).to_owned()),
                    ("addressees", names.join("; ")),
                    (
                        "said_on",
                        it.said_on.map(|day| day.to_string()).unwrap_or_default(),
                    ),
                    (
                        "said_on_precision",
                        it.said_on_precision.clone().unwrap_or_default(),
                    ),
                    ("text", it.text.clone()),
                    ("according_to", render::according_to(book, it)),
                    ("asserts", asserts.join("; ")),
                    (
                        "definition",
                        it.definition
                            .clone()
                            .unwrap_or_else(|| packs::SPEAKER_UNDEFINED.to_owned()),
                    ),
                    (
                        "source_reliability",
                        it.source_reliability
                            .map(|it| it.word().to_owned())
                            .unwrap_or_default(),
                    ),
                    (
                        "information_credibility",
                        it.information_credibility
                            .map(|it| it.word().to_owned())
                            .unwrap_or_default(),
                    ),
                    ("about", it.about.join(" ")),
                    (
                        "standing",
                        it.pledge
                            .as_ref()
                            .map(|it| it.standing.word().to_owned())
                            .unwrap_or_default(),
                    ),
                ]);
            }
            Record::EvidenceItem(it) => {
                documents = &it.documents;
                row.push(("text", it.text.clone()));
            }
            Record::Assessment(it) => {
                row.extend([
                    ("text", render::assessment(it)),
                    ("definition", it.definition.clone()),
                    ("about", it.about.clone().unwrap_or_default()),
                ]);
            }
            _ => continue,
        }
        let urls: Vec<&str> = documents
            .iter()
            .filter_map(|id| book.document(id)?.url.as_deref())
            .collect();
        let warning = documents
            .iter()
            .filter_map(|id| book.document(id))
            .find_map(render::warning);
        row.push(("warnings", warning.unwrap_or_default().to_owned()));
        row.push(("urls", urls.join(" ")));
        let cells = COLUMNS.iter().map(|column| {
            let cell = row
                .iter()
                .find(|(name, _)| name == column)
                .map_or("", |(_, cell)| cell);
            harmless(cell)
        });
        let _ = table.write_record(cells);
    }
    String::from_utf8(table.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A cell that a spreadsheet would run as a formula is marked as text.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
