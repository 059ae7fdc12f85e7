//! What can go wrong with a case folder.

use std::path::{Path, PathBuf};

/// Why a case could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// The file system refused.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// The folder holds something that a scan did not write.
    #[error(
        "{dir} holds what a scan does not write and would be lost: {}; choose another folder, or move these away",
        files.join(", ")
    )]
    Foreign {
        /// The folder.
        dir: PathBuf,
        /// What is foreign in it.
        files: Vec<String>,
    },
    /// The place is a file.
    #[error("{0} is a file; choose a folder for the case")]
    NotAFolder(PathBuf),
    /// The folder has no `case.toml`.
    #[error("{0} is no case: it has no case.toml; name the folder that `concerted scan` wrote")]
    NotACase(PathBuf),
    /// The case was written by a later version.
    #[error("{path} is of case version {found}; this program reads up to {known}, use a newer one")]
    Version {
        /// The plan file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest known.
        known: u32,
    },
    /// A Parquet file cannot be written or read.
    #[error("{file}: {source}")]
    Parquet {
        /// The file.
        file: PathBuf,
        /// The reason.
        source: parquet::errors::ParquetError,
    },
    /// A CSV file cannot be written or read.
    #[error("{file}: {source}")]
    Csv {
        /// The file.
        file: PathBuf,
        /// The reason.
        source: csv::Error,
    },
    /// A TOML or JSON file cannot be written or read.
    #[error("{file}: {reason}")]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The reason.
        reason: String,
    },
    /// A column is absent or of another type.
    #[error(
        "{file}: column {column} is missing or not a {expected}; scan again to get the case back"
    )]
    Column {
        /// The file.
        file: PathBuf,
        /// The column.
        column: &'static str,
        /// What it should hold.
        expected: &'static str,
    },
    /// A cell cannot be read.
    #[error("{file}: row {row}, column {column} cannot be read; scan again to get the case back")]
    Cell {
        /// The file.
        file: PathBuf,
        /// The row, counted from 1 without the header.
        row: u64,
        /// The column.
        column: &'static str,
    },
    /// A pair was handed over in the wrong order.
    #[error("pair {account_a}, {account_b}: account_a must be less than account_b")]
    PairOrder {
        /// First account.
        account_a: String,
        /// Second account.
        account_b: String,
    },
    /// A row is too long for a Parquet column.
    #[error("{file}: row {row} takes {bytes} bytes; a row may take 1 GiB, cut its text")]
    TooLong {
        /// The file.
        file: PathBuf,
        /// The row, counted from 1.
        row: u64,
        /// Its size.
        bytes: usize,
    },
    /// A tie names an account that is no node of the network.
    #[error("network: a tie names account {0}, which is no node")]
    UnknownNode(String),
    /// An account is twice among the nodes.
    #[error("network: account {0} is a node twice")]
    DoubleNode(String),
    /// Files were not handed over before the case was finished.
    #[error("the case lacks {}", .0.join(", "))]
    Incomplete(Vec<&'static str>),
    /// The key of the pseudonyms cannot be read.
    #[error("{0} is no key: it must hold 64 hexadecimal digits")]
    BadKey(PathBuf),
    /// The system gives no random numbers.
    #[error("no random numbers from the system for the key of the pseudonyms: {0}")]
    NoRandom(String),
}

impl CaseError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    pub(crate) fn parquet(file: &Path) -> impl Fn(parquet::errors::ParquetError) -> Self + use<> {
        let file = file.to_owned();
        move |source| Self::Parquet {
            file: file.clone(),
            source,
        }
    }

    pub(crate) fn csv(file: &Path) -> impl Fn(csv::Error) -> Self + use<> {
        let file = file.to_owned();
        move |source| Self::Csv {
            file: file.clone(),
            source,
        }
    }

    pub(crate) fn syntax(file: &Path, reason: impl std::fmt::Display) -> Self {
        Self::Syntax {
            file: file.to_owned(),
            reason: reason.to_string(),
        }
    }
}
