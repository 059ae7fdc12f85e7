//! What is known of accounts, as a table: read for `concerted evaluate`, written by `concerted simulate`.
//!
//! Read is any CSV with a column `account_id` (or `account`). `group_id`, `role` (or `category`) and
//! `label` are used where they are. A label of `1`, `true` or `yes` is sought and `0`, `false` or `no` is not; of
//! labels in words those named `campaign` are sought unless others are asked for; without labels every row
//! is.

use concerted_engine::evaluate::Known;
use std::path::{Path, PathBuf};

/// Why a table of truth could not be used.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    /// It cannot be read or written.
    #[error("{file}: {source}")]
    Csv {
        /// The file.
        file: PathBuf,
        /// The reason.
        source: csv::Error,
    },
    /// The accounts have no column.
    #[error(
        "{file} has no column account_id; its columns are {}; give the accounts one of that name",
        columns.join(", ")
    )]
    NoAccounts {
        /// The file.
        file: PathBuf,
        /// The columns it has.
        columns: Vec<String>,
    },
    /// A condition names a column that is not there.
    #[error("{file} has no column {column}; its columns are {}", columns.join(", "))]
    NoColumn {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// The columns it has.
        columns: Vec<String>,
    },
    /// Nobody is sought.
    #[error(
        "{file}: none of {rows} rows is of an account that is sought; labels are {}; name those that are sought with --sought",
        labels.join(", ")
    )]
    NobodySought {
        /// The file.
        file: PathBuf,
        /// Rows that met the conditions.
        rows: usize,
        /// The labels that they carry.
        labels: Vec<String>,
    },
}

/// Which rows of a table of truth count, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TruthOptions {
    /// Only rows with this value in this column, for tables that hold several truths.
    pub only: Vec<(String, String)>,
    /// The labels that are sought; empty for the rule above.
    pub sought: Vec<String>,
}

/// The label that is sought where none is named.
const CAMPAIGN: &str = "campaign";

/// Reads a table of truth.
pub fn read(path: &Path, options: &TruthOptions) -> Result<Vec<Known>, TruthError> {
    let wrong = |source| TruthError::Csv {
        file: path.to_owned(),
        source,
    };
    let mut reader = csv::Reader::from_path(path).map_err(wrong)?;
    let columns: Vec<String> = reader
        .headers()
        .map_err(wrong)?
        .iter()
        .map(|name| name.trim_start_matches('\u{feff}').trim().to_lowercase())
        .collect();
    let place = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| columns.iter().position(|column| column == name))
    };
    let account = place(&["account_id", "account"]).ok_or_else(|| TruthError::NoAccounts {
        file: path.to_owned(),
        columns: columns.clone(),
    })?;
    let (group, role, label) = (
        place(&["group_id", "group"]),
        place(&["role", "category"]),
        place(&["label"]),
    );
    let mut only: Vec<(usize, &str)> = Vec::new();
    for (column, value) in &options.only {
        let place = place(&[column.as_str()]).ok_or_else(|| TruthError::NoColumn {
            file: path.to_owned(),
            column: column.clone(),
            columns: columns.clone(),
        })?;
        only.push((place, value));
    }
    let mut known = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(wrong)? {
        let cell = |place: usize| record.get(place).unwrap_or("").trim();
        if only.iter().any(|&(place, value)| cell(place) != value) || cell(account).is_empty() {
            continue;
        }
        let cell = |place: Option<usize>| place.map_or("", cell).to_owned();
        let label = label.map(|label| cell(Some(label)));
        known.push(Known {
            account: cell(Some(account)),
            group: cell(group),
            role: cell(role),
            sought: is_sought(label.as_deref(), &options.sought),
            label: label.unwrap_or_default(),
        });
    }
    if known.iter().all(|known| !known.sought) {
        let mut labels: Vec<String> = known.iter().map(|known| known.label.clone()).collect();
        labels.sort();
        labels.dedup();
        return Err(TruthError::NobodySought {
            file: path.to_owned(),
            rows: known.len(),
            labels,
        });
    }
    Ok(known)
}

fn is_sought(label: Option<&str>, sought: &[String]) -> bool {
    let Some(label) = label else {
        return true;
    };
    if !sought.is_empty() {
        return sought.iter().any(|sought| sought == label);
    }
    ["1", "true", "yes", CAMPAIGN].contains(&label.to_lowercase().as_str())
}

/// One account of one group that was planted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planted {
    /// The account.
    pub account_id: String,
    /// Its group.
    pub group_id: String,
    /// What it does there.
    pub role: String,
    /// `campaign`, or the kind of innocent group.
    pub label: String,
    /// In how many joint actions it takes part.
    pub joined: u32,
}

/// Writes a table of truth that [`read`] reads.
pub fn write(path: &Path, rows: impl IntoIterator<Item = Planted>) -> Result<u64, TruthError> {
    let wrong = |source| TruthError::Csv {
        file: path.to_owned(),
        source,
    };
    let mut out = csv::Writer::from_path(path).map_err(wrong)?;
    out.write_record(["account_id", "group_id", "role", "label", "joined"])
        .map_err(wrong)?;
    let mut count = 0;
    for row in rows {
        count += 1;
        out.write_record([
            row.account_id.as_str(),
            &row.group_id,
            &row.role,
            &row.label,
            &row.joined.to_string(),
        ])
        .map_err(wrong)?;
    }
    out.flush().map_err(|error| wrong(error.into()))?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, options: &TruthOptions) -> Result<Vec<Known>, TruthError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("truth.csv");
        std::fs::write(&path, text).unwrap();
        read(&path, options)
    }

    fn told(known: &[Known]) -> Vec<String> {
        known
            .iter()
            .map(|known| {
                format!(
                    "{} {} {} {} {}",
                    known.account, known.group, known.role, known.label, known.sought
                )
            })
            .collect()
    }

    #[test]
    fn what_is_written_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("truth.csv");
        let rows = [("a", "campaign"), ("b", "fandom")].map(|(account, label)| Planted {
            account_id: account.into(),
            group_id: format!("{label}-1"),
            role: "member".into(),
            label: label.into(),
            joined: 3,
        });
        assert_eq!(write(&path, rows).unwrap(), 2);
        let known = read(&path, &TruthOptions::default()).unwrap();
        assert_eq!(
            told(&known),
            [
                "a campaign-1 member campaign true",
                "b fandom-1 member fandom false"
            ]
        );
        let fans = TruthOptions {
            sought: vec!["fandom".into()],
            ..TruthOptions::default()
        };
        assert!(!read(&path, &fans).unwrap()[0].sought);
    }

    #[test]
    fn tables_of_other_makers_are_read() {
        let two = "account_id,label,category\nx,0,public\ny,1,agency\n";
        assert_eq!(
            told(&read_text(two, &TruthOptions::default()).unwrap()),
            ["x  public 0 false", "y  agency 1 true"]
        );
        let overlays = "overlay,level,seed,account_id,group_id\no1,easy,0,a,g\no2,easy,1,b,g\n";
        let only = TruthOptions {
            only: vec![("overlay".into(), "o2".into())],
            ..TruthOptions::default()
        };
        assert_eq!(told(&read_text(overlays, &only).unwrap()), ["b g   true"]);
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let said =
            |text: &str, options: &TruthOptions| read_text(text, options).unwrap_err().to_string();
        let none = TruthOptions::default();
        assert!(
            said("who,label\na,1\n", &none)
                .contains("no column account_id; its columns are who, label")
        );
        let nobody = said("account_id,label\na,troll\n", &none);
        assert!(
            nobody.contains("labels are troll; name those that are sought with --sought"),
            "{nobody}"
        );
        let only = TruthOptions {
            only: vec![("seed".into(), "1".into())],
            ..none
        };
        assert!(said("account_id\na\n", &only).contains("no column seed"));
    }
}
