//! Reads a case folder back.

use super::calibration::Calibration;
use super::error::CaseError;
use super::parquet_file::Rows;
use super::plan::Plan;
use super::pseudonym::PseudonymKey;
use super::tables::{
    EvidenceRow, GroupRow, LabelRow, MemberRow, PairRow, PostRow, ProblemRow, PseudonymRow,
    WindowRow,
};
use super::{FILES, FORMAT, Glance, VERSION, csv_text, glance, manifest};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A case that was written before.
#[derive(Clone, Debug)]
pub struct Case {
    dir: PathBuf,
    plan: Plan,
}

impl Case {
    /// Opens the case in this folder. Its tables are read when they are asked for; `verify` is the
    /// one that checks hashes.
    pub fn open(dir: &Path) -> Result<Self, CaseError> {
        let path = dir.join("case.toml");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(CaseError::NotACase(dir.to_owned()));
            }
            Err(error) => return Err(CaseError::io(&path)(error)),
        };
        // The version first: a later plan may have keys of another shape.
        let table: toml::Table =
            toml::from_str(&text).map_err(|error| CaseError::syntax(&path, error))?;
        if table.get("format").and_then(toml::Value::as_str) != Some(FORMAT) {
            return Err(CaseError::NotACase(dir.to_owned()));
        }
        let version = table.get("version").and_then(toml::Value::as_integer);
        if let Some(found) = version.and_then(|found| u32::try_from(found).ok())
            && found > VERSION
        {
            return Err(CaseError::Version {
                path,
                found,
                known: VERSION,
            });
        }
        let plan = toml::from_str(&text).map_err(|error| CaseError::syntax(&path, error))?;
        Ok(Self {
            dir: dir.to_owned(),
            plan,
        })
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The plan of the scan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The groups, best first.
    pub fn groups(&self) -> Result<Vec<GroupRow<'static>>, CaseError> {
        csv_text::read(&self.dir.join("groups.csv"))
    }

    /// The named members.
    pub fn members(&self) -> Result<Vec<MemberRow<'static>>, CaseError> {
        csv_text::read(&self.dir.join("members.csv"))
    }

    /// The innocent readings.
    pub fn labels(&self) -> Result<Vec<LabelRow<'static>>, CaseError> {
        csv_text::read(&self.dir.join("labels.csv"))
    }

    /// Joint actions at other windows; none if the case has no such file.
    pub fn windows(&self) -> Result<Vec<WindowRow<'static>>, CaseError> {
        let path = self.dir.join("windows.csv");
        if path.exists() {
            csv_text::read(&path)
        } else {
            Ok(Vec::new())
        }
    }

    /// What was wrong with the input.
    pub fn problems(&self) -> Result<Vec<ProblemRow<'static>>, CaseError> {
        csv_text::read(&self.dir.join("problems.csv"))
    }

    /// The names under which accounts are shown; none if the case has no such file.
    pub fn pseudonyms(&self) -> Result<Vec<PseudonymRow<'static>>, CaseError> {
        let path = self.dir.join("pseudonyms.csv");
        if path.exists() {
            csv_text::read(&path)
        } else {
            Ok(Vec::new())
        }
    }

    /// The tested pairs, one after the other.
    pub fn pairs(&self) -> Result<Rows<PairRow<'static>>, CaseError> {
        Rows::open(&self.dir.join("pairs.parquet"))
    }

    /// The posts behind the groups, one after the other.
    pub fn evidence(&self) -> Result<Rows<EvidenceRow<'static>>, CaseError> {
        Rows::open(&self.dir.join("evidence.parquet"))
    }

    /// Every post, one after the other.
    pub fn posts(&self) -> Result<Rows<PostRow<'static>>, CaseError> {
        Rows::open(&self.dir.join("posts.parquet"))
    }

    /// Looks at every post, in the order of the table, without keeping any.
    pub fn each_post(&self, visit: impl FnMut(Glance<'_>)) -> Result<(), CaseError> {
        glance::each_post(&self.dir.join("posts.parquet"), visit)
    }

    /// SHA-256 of the files that the report rests on, by name, as they stand.
    pub fn hashes(&self) -> Result<Vec<(&'static str, String)>, CaseError> {
        FILES
            .iter()
            .map(|file| file.0)
            // The report cannot hold its own hash, and the plan carries a time stamp.
            .filter(|file| manifest::listed(file) && !["case.toml", "report.html"].contains(file))
            .filter(|file| self.dir.join(file).exists())
            .map(|file| {
                Ok((
                    file,
                    manifest::print(&self.dir.join(file))?.hash.to_string(),
                ))
            })
            .collect()
    }

    /// What chance gives on this corpus, if the scan looked.
    pub fn calibration(&self) -> Result<Option<Calibration>, CaseError> {
        let path = self.dir.join("calibration.json");
        if !path.exists() {
            return Ok(None);
        }
        let bytes = std::fs::read(&path).map_err(CaseError::io(&path))?;
        serde_json::from_slice(&bytes).map_err(|error| CaseError::syntax(&path, error))
    }

    /// The key of the pseudonyms, if it is kept with the case.
    pub fn pseudonym_key(&self) -> Result<Option<PseudonymKey>, CaseError> {
        let path = self.dir.join("pseudonym.key");
        if !path.exists() {
            return Ok(None);
        }
        PseudonymKey::read(&path).map(Some)
    }
}
