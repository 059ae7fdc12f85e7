//! Writes a case folder: whole, or not at all.

use super::calibration::Calibration;
use super::divisions::{DivisionTables, Which};
use super::error::CaseError;
use super::network::Network;
use super::parquet_file::RowWriter;
use super::place::Place;
use super::plan::Plan;
use super::pseudonym::{PseudonymKey, Pseudonyms};
use super::row::Row;
use super::tables::{
    EdgeRow, EvidenceRow, GroupRow, LabelRow, MemberRow, NodeRow, PairRow, PostRow, ProblemRow,
    PseudonymRow, WindowRow,
};
use super::{Case, FILES, csv_text, manifest};
use crate::read::InputSummary;
use crate::read::problem::Problems;
use std::path::{Path, PathBuf};

/// A case that is being written. Files are handed over in any order; [`CaseWriter::finish`] puts
/// the case in its place. A writer that is dropped before leaves nothing behind.
///
/// Rows are written in the order given, so the caller gives them in an order that does not depend
/// on threads or hashing.
#[derive(Debug)]
pub struct CaseWriter {
    place: Place,
    previous_key: Option<PseudonymKey>,
    replaced: u64,
}

/// Writes one table to a file of its own, CSV if its name ends so and Parquet if not, and returns how
/// many rows it has.
pub fn write_table<R: Row>(
    path: &Path,
    rows: impl IntoIterator<Item = R>,
) -> Result<u64, CaseError> {
    if path.extension().is_some_and(|ending| ending == "csv") {
        let mut count = 0;
        csv_text::write(path, rows.into_iter().inspect(|_| count += 1))?;
        return Ok(count);
    }
    let mut table = RowWriter::create(path)?;
    for row in rows {
        table.push(row)?;
    }
    table.finish()
}

/// A case that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where.
    pub dir: PathBuf,
    /// Digest of the whole, without the time stamp: `sha256:` and 64 digits.
    pub digest: String,
    /// Characters that CSV or XML cannot hold and that stand there as U+FFFD.
    pub replaced: u64,
}

impl CaseWriter {
    /// Begins a case at this place: a new folder, an empty one, or an earlier case, which is
    /// replaced when this one is finished. A folder with anything else in it is refused.
    pub fn create(dir: &Path) -> Result<Self, CaseError> {
        let place = Place::prepare(dir)?;
        let key = place.target().join("pseudonym.key");
        let previous_key = if key.exists() {
            Some(PseudonymKey::read(&key)?)
        } else {
            None
        };
        Ok(Self {
            place,
            previous_key,
            replaced: 0,
        })
    }

    /// The key of the case that will be replaced; with it, accounts keep the names under which they
    /// were shown.
    pub fn previous_key(&self) -> Option<&PseudonymKey> {
        self.previous_key.as_ref()
    }

    /// Writes `posts.parquet` and returns how many posts there are. Rows may borrow; memory stays
    /// bounded however many come.
    pub fn posts<'a>(
        &mut self,
        rows: impl IntoIterator<Item = PostRow<'a>>,
    ) -> Result<u64, CaseError> {
        self.parquet(rows)
    }

    /// The file for [`write_table`] to write posts into, while other files are written.
    pub(super) fn posts_file(&self) -> PathBuf {
        self.file(PostRow::TABLE.file)
    }

    /// Writes `pairs.parquet` and returns how many pairs there are.
    pub fn pairs<'a>(
        &mut self,
        rows: impl IntoIterator<Item = PairRow<'a>>,
    ) -> Result<u64, CaseError> {
        let mut table = RowWriter::create(&self.file(PairRow::TABLE.file))?;
        for row in rows {
            if row.account_a >= row.account_b {
                return Err(CaseError::PairOrder {
                    account_a: row.account_a.into_owned(),
                    account_b: row.account_b.into_owned(),
                });
            }
            table.push(row)?;
        }
        table.finish()
    }

    /// Writes `evidence.parquet` and returns how many rows there are.
    pub fn evidence<'a>(
        &mut self,
        rows: impl IntoIterator<Item = EvidenceRow<'a>>,
    ) -> Result<u64, CaseError> {
        self.parquet(rows)
    }

    /// Writes `groups.csv`.
    pub fn groups<'a>(
        &mut self,
        rows: impl IntoIterator<Item = GroupRow<'a>>,
    ) -> Result<(), CaseError> {
        self.csv(rows)
    }

    /// Writes `members.csv`.
    pub fn members<'a>(
        &mut self,
        rows: impl IntoIterator<Item = MemberRow<'a>>,
    ) -> Result<(), CaseError> {
        self.csv(rows)
    }

    /// Writes `labels.csv`.
    pub fn labels<'a>(
        &mut self,
        rows: impl IntoIterator<Item = LabelRow<'a>>,
    ) -> Result<(), CaseError> {
        self.csv(rows)
    }

    /// Writes `windows.csv`.
    pub fn windows<'a>(
        &mut self,
        rows: impl IntoIterator<Item = WindowRow<'a>>,
    ) -> Result<(), CaseError> {
        self.csv(rows)
    }

    /// Writes the five tables of divisions.
    pub fn divisions(&mut self, tables: &DivisionTables) -> Result<(), CaseError> {
        self.replaced += tables.write(self.place.folder(), Which::Scanned)?;
        Ok(())
    }

    /// Writes `problems.csv` from what reading found; `inputs` are the inputs by index.
    pub fn problems(
        &mut self,
        problems: &Problems,
        inputs: &[InputSummary],
    ) -> Result<(), CaseError> {
        let list = problems.list();
        self.csv(list.iter().map(|problem| {
            let input = inputs.get(problem.file as usize);
            ProblemRow {
                file: input.map_or("", |input| input.name.as_str()).into(),
                row: problem.row,
                column: problem.column.as_str().into(),
                kind: problem.kind.word().into(),
                detail: problem.detail.as_str().into(),
                refused: problem.refused,
            }
        }))
    }

    /// Writes `case.toml`.
    pub fn plan(&mut self, plan: &Plan) -> Result<(), CaseError> {
        let path = self.file("case.toml");
        let text = toml::to_string(plan).map_err(|error| CaseError::syntax(&path, error))?;
        std::fs::write(&path, text).map_err(CaseError::io(&path))
    }

    /// Writes `calibration.json`.
    pub fn calibration(&mut self, calibration: &Calibration) -> Result<(), CaseError> {
        let path = self.file("calibration.json");
        let mut text = serde_json::to_string_pretty(calibration)
            .map_err(|error| CaseError::syntax(&path, error))?;
        text.push('\n');
        std::fs::write(&path, text).map_err(CaseError::io(&path))
    }

    /// Writes `network.graphml`, `network.gexf` and `network-dynamic.gexf`.
    pub fn network(
        &mut self,
        nodes: &[NodeRow<'_>],
        edges: &[EdgeRow<'_>],
    ) -> Result<(), CaseError> {
        let mut network = Network::new(nodes, edges)?;
        self.replaced += network.write_graphml(&self.file("network.graphml"))?;
        self.replaced += network.write_gexf(&self.file("network.gexf"))?;
        self.replaced += network.write_dynamic_gexf(&self.file("network-dynamic.gexf"))?;
        Ok(())
    }

    /// Writes `pseudonyms.csv` and, readable to its owner alone, `pseudonym.key`.
    pub fn pseudonyms(
        &mut self,
        key: &PseudonymKey,
        pseudonyms: &Pseudonyms,
    ) -> Result<(), CaseError> {
        key.write(&self.file("pseudonym.key"))?;
        self.csv(pseudonyms.iter().map(|(account, pseudonym)| PseudonymRow {
            account_id: account.into(),
            pseudonym: pseudonym.into(),
        }))
    }

    /// Writes `report.html`.
    pub fn report(&mut self, html: &str) -> Result<(), CaseError> {
        let path = self.file("report.html");
        std::fs::write(&path, html).map_err(CaseError::io(&path))
    }

    /// The case as far as it was handed over, for what is made from the case itself. The plan must
    /// have been written.
    pub fn so_far(&self) -> Result<Case, CaseError> {
        Case::open(self.place.folder())
    }

    /// Writes the manifest and puts the case in its place.
    pub fn finish(self) -> Result<Written, CaseError> {
        let missing: Vec<_> = FILES
            .iter()
            .filter(|(file, needed, _)| {
                *needed && *file != manifest::NAME && !self.file(file).exists()
            })
            .map(|(file, _, _)| *file)
            .collect();
        if !missing.is_empty() {
            return Err(CaseError::Incomplete(missing));
        }
        let digest = manifest::write(self.place.folder())?;
        Ok(Written {
            dir: self.place.publish()?,
            digest,
            replaced: self.replaced,
        })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.place.folder().join(name)
    }

    fn parquet<R: Row>(&mut self, rows: impl IntoIterator<Item = R>) -> Result<u64, CaseError> {
        write_table(&self.file(R::TABLE.file), rows)
    }

    fn csv<R: Row>(&mut self, rows: impl IntoIterator<Item = R>) -> Result<(), CaseError> {
        self.replaced += csv_text::write(&self.file(R::TABLE.file), rows)?;
        Ok(())
    }
}
