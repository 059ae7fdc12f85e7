//! `alerts.jsonl`: every alert once, whatever happens.
//!
//! Alerts are appended as they come. A watch that was killed takes up the state of its last checkpoint
//! and finds the alerts after it again; those that already stand in the journal are known by their id
//! and not written a second time.

use crate::WatchError;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file of alerts, one a line.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    length: u64,
    /// Ids that stand behind the last checkpoint.
    written: BTreeSet<String>,
}

impl Journal {
    /// Opens a journal of which the state knows the first `known` bytes. Half a line at its end, which
    /// a crash may leave, is cut off.
    pub fn open(path: &Path, known: u64) -> Result<Self, WatchError> {
        let io = || WatchError::io(path);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(io())?;
        let mut bytes = Vec::new();
        let known = known.min(file.metadata().map_err(io())?.len());
        file.seek(SeekFrom::Start(known)).map_err(io())?;
        file.read_to_end(&mut bytes).map_err(io())?;
        let whole = bytes
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let mut written = BTreeSet::new();
        for line in bytes[..whole].split(|&byte| byte == b'\n') {
            if let Ok(line) = serde_json::from_slice::<serde_json::Value>(line)
                && let Some(id) = line.get("id").and_then(serde_json::Value::as_str)
            {
                written.insert(id.to_owned());
            }
        }
        let length = known + whole as u64;
        file.set_len(length).map_err(io())?;
        file.seek(SeekFrom::Start(length)).map_err(io())?;
        Ok(Self {
            path: path.to_owned(),
            file,
            length,
            written,
        })
    }

    /// Appends an alert, unless it stands there already. Returns whether it is new.
    pub fn append(&mut self, id: &str, line: &str) -> Result<bool, WatchError> {
        if self.written.remove(id) {
            return Ok(false);
        }
        let mut bytes = line.as_bytes().to_vec();
        bytes.push(b'\n');
        if let Err(error) = self.file.write_all(&bytes) {
            // Half a line must not stay where the next one would continue it.
            let _ = self.file.set_len(self.length);
            return Err(WatchError::io(&self.path)(error));
        }
        self.length += bytes.len() as u64;
        Ok(true)
    }

    /// Makes sure that everything is on disk; returns its length in bytes.
    pub fn sync(&mut self) -> Result<u64, WatchError> {
        self.file.sync_data().map_err(WatchError::io(&self.path))?;
        Ok(self.length)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_there_is_not_written_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("alerts.jsonl");
        let mut journal = Journal::open(&path, 0).unwrap();
        assert!(journal.append("a-1", r#"{"id":"a-1"}"#).unwrap());
        let known = journal.sync().unwrap();
        assert!(journal.append("a-2", r#"{"id":"a-2"}"#).unwrap());
        journal.file.write_all(b"{\"id\":\"a-").unwrap();
        drop(journal);
        let mut journal = Journal::open(&path, known).unwrap();
        assert!(!journal.append("a-2", r#"{"id":"a-2"}"#).unwrap());
        assert!(journal.append("a-3", r#"{"id":"a-3"}"#).unwrap());
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 3, "{text}");
    }
}
