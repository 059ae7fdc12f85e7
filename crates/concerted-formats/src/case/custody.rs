//! `custody.jsonl`: who opened what was closed, when and why. Lines are added and never changed; each
//! names the hash of the line before it, so that a line that was taken out leaves a gap.

use super::error::CaseError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

/// Name of the file.
pub const FILE: &str = "custody.jsonl";

/// An act that the case remembers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// When, RFC 3339.
    pub at: String,
    /// What was done, for example `accounts revealed`.
    pub act: String,
    /// The reason that was given.
    pub reason: String,
    /// The file that was written.
    pub file: String,
    /// Version of the program.
    pub concerted: String,
    /// SHA-256 of the line before; empty on the first line.
    #[serde(default)]
    pub previous: String,
}

/// Adds an act to the log of the case in this folder; its `previous` is filled in here.
pub fn add(dir: &Path, act: &Act) -> Result<(), CaseError> {
    let path = dir.join(FILE);
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(CaseError::io(&path)(error)),
    };
    let act = Act {
        previous: before.lines().next_back().map(hash).unwrap_or_default(),
        ..act.clone()
    };
    let line = serde_json::to_string(&act).map_err(|error| CaseError::syntax(&path, error))?;
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(&path)
        .map_err(CaseError::io(&path))?;
    // A last line without an end would swallow this one.
    let gap = if before.is_empty() || before.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    writeln!(file, "{gap}{line}").map_err(CaseError::io(&path))
}

fn hash(line: &str) -> String {
    Sha256::digest(line.as_bytes())
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_names_the_one_before() {
        let home = tempfile::tempdir().unwrap();
        for reason in ["first\nline", "second"] {
            let act = Act {
                at: "2021-09-27T08:00:00Z".into(),
                act: "accounts revealed".into(),
                reason: reason.into(),
                file: "report-revealed.html".into(),
                concerted: "0.1.0".into(),
                previous: String::new(),
            };
            add(home.path(), &act).unwrap();
        }
        let text = std::fs::read_to_string(home.path().join(FILE)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2);
        let second: Act = serde_json::from_str(lines[1]).unwrap();
        assert_eq!(
            (second.reason.as_str(), second.previous),
            ("second", hash(lines[0]))
        );
    }
}
