//! What stops a watch, as against what it says and goes on.

use std::path::{Path, PathBuf};

/// Why a watch stopped.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// The system would not read or write a file.
    #[error(
        "{path}: {source}; the state is that of the last checkpoint, start again when this is mended"
    )]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The state cannot be taken up.
    #[error("{path} cannot be taken up: {why}; move it away to begin anew")]
    State {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// What the analyst said cannot be followed.
    #[error(transparent)]
    Reading(#[from] concerted_formats::read::ReadError),
    /// The key of the pseudonyms cannot be read or made.
    #[error(transparent)]
    Key(#[from] concerted_formats::case::CaseError),
    /// The source cannot be opened.
    #[error("{name} cannot be watched: {why}")]
    Source {
        /// The source as given.
        name: String,
        /// What is wrong and what to do.
        why: String,
    },
}

impl WatchError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}
