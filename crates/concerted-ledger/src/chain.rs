//! A file of lines that each carry the hash of the one before: appended to, never rewritten.
//!
//! A line is one JSON object in canonical form with the members `hash`, `prev_hash`, `record`,
//! `recorded_by`, `recorded_on`. `hash` is the SHA-256 of the canonical JSON of the line without `hash`;
//! since `hash` comes first in canonical order, these bytes are the line's own with one piece cut out, and
//! checking needs no rewriting. The first line's `prev_hash` is sixty-four zeros.
//!
//! A line is appended under an exclusive lock and acknowledged only after `fsync`. What a crash leaves is at
//! most a piece without its line end: a torn tail. It was never acknowledged; the next to append moves it
//! into a file of its own and says so.

use crate::canonical::{self, Outline};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write as _};
use std::marker::PhantomData;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// What stands before the first line.
pub const START: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The length of `{"hash":"`.
const OPEN: usize = 9;
/// The length of that with the hash and `",`.
const CUT: usize = 75;

/// What a line can carry.
pub trait Payload: Serialize + DeserializeOwned {
    /// Reads it from canonical JSON. `tag` is where the member `record_type` lies in it, name and value
    /// together. Must give what serde gives; a type that can be read faster says how.
    fn read(text: &str, tag: Option<Range<usize>>) -> Result<Self, serde_json::Error> {
        let _ = tag;
        serde_json::from_str(text)
    }
}

/// A line of a chained file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line<T> {
    /// SHA-256 of the canonical JSON of the line without this member.
    pub hash: String,
    /// The hash of the line before.
    pub prev_hash: String,
    /// What is recorded.
    pub record: T,
    /// Who recorded it.
    pub recorded_by: String,
    /// When, in UTC.
    pub recorded_on: String,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is not in the form that is hashed.
    #[error("it is not canonical JSON from byte {0} on")]
    NotCanonical(usize),
    /// Its hash is not the hash of its content.
    #[error("its content hashes to {found}, it says {says}")]
    Hash {
        /// The hash the content has.
        found: String,
        /// The hash the line carries.
        says: String,
    },
    /// It does not follow the line before.
    #[error("it follows a line with hash {says}, the line before it has {expected}")]
    Chain {
        /// The hash of the line before.
        expected: String,
        /// The hash it names.
        says: String,
    },
    /// It is no record.
    #[error("it is no record of this format: {0}")]
    Record(String),
    /// It was recorded before the line before.
    #[error("it was recorded on {this}, before the line before it ({before})")]
    Clock {
        /// When the line before was recorded.
        before: String,
        /// When this one was.
        this: String,
    },
}

/// Why a chained file could not be read or appended to.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// The file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line is wrong.
    #[error("{}: line {line}: {fault}; nothing after it can be relied on, so restore the file from a copy", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        fault: Fault,
    },
    /// A record cannot be written as canonical JSON.
    #[error("the record cannot be written: {0}")]
    Write(String),
}

/// A piece of a line that a crash left at the end of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornTail {
    /// Where it begins, in bytes.
    pub at: u64,
    /// How long it is, in bytes.
    pub bytes: u64,
    /// The file it was set aside in, once that was done.
    pub set_aside: Option<PathBuf>,
}

/// Where a chain has come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Lines so far.
    pub lines: u64,
    /// Bytes so far.
    pub bytes: u64,
    /// The hash of the last line.
    pub hash: String,
    /// When the last line was recorded.
    pub recorded_on: String,
}

impl Default for Head {
    fn default() -> Self {
        Self {
            lines: 0,
            bytes: 0,
            hash: START.to_owned(),
            recorded_on: String::new(),
        }
    }
}

impl Head {
    /// Reads the lines of `bytes`, which follow this head; hands each to `each` and moves the head along.
    /// Returns the bytes after the last line end. The number in an error is that of the line in the file.
    pub fn follow<T: Payload>(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(Line<T>, &[u8]),
    ) -> Result<u64, (u64, Fault)> {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let line = open::<T>(&rest[..end], self).map_err(|fault| (self.lines + 1, fault))?;
            self.hash.clone_from(&line.hash);
            self.recorded_on.clone_from(&line.recorded_on);
            self.lines += 1;
            self.bytes += end as u64 + 1;
            each(line, &rest[..end]);
            rest = &rest[end + 1..];
        }
        Ok(rest.len() as u64)
    }
}

/// The hash of bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        hex.push(char::from(DIGITS[usize::from(byte >> 4)]));
        hex.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    hex
}

/// The same for one hash, without making a text of it.
fn digits(hash: &[u8; 32]) -> [u8; 64] {
    let mut hex = [0; 64];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(hash) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    hex
}

/// Checks and reads one line that should follow `head`.
fn open<T: Payload>(text: &[u8], head: &Head) -> Result<Line<T>, Fault> {
    let outline = canonical::check(text).map_err(Fault::NotCanonical)?;
    if text.len() <= CUT || !text.starts_with(b"{\"hash\":\"") || &text[CUT - 2..CUT] != b"\"," {
        return Err(Fault::Record("it does not begin with its hash".to_owned()));
    }
    let mut digest = Sha256::new();
    digest.update(b"{");
    digest.update(&text[CUT..]);
    let found = digits(&digest.finalize().into());
    let says = &text[OPEN..CUT - 2];
    if found != says {
        let words = |digits: &[u8]| String::from_utf8_lossy(digits).into_owned();
        return Err(Fault::Hash {
            found: words(&found),
            says: words(says),
        });
    }
    let line: Line<T> = take_apart(&outline)?;
    if line.prev_hash != head.hash {
        return Err(Fault::Chain {
            expected: head.hash.clone(),
            says: line.prev_hash,
        });
    }
    if line.recorded_on != head.recorded_on && moment(&line.recorded_on).is_none() {
        let wrong = format!(
            "`{}` is no time such as 2024-04-26T12:00:00Z",
            line.recorded_on
        );
        return Err(Fault::Record(wrong));
    }
    // Both have the one fixed form, so the order of letters is the order of time.
    if line.recorded_on < head.recorded_on {
        return Err(Fault::Clock {
            before: head.recorded_on.clone(),
            this: line.recorded_on,
        });
    }
    Ok(line)
}

/// The members of a line, which stand in their one order. That they can be found by place, and a record read
/// as the kind its tag names, is what makes checking cost little more than hashing.
fn take_apart<T: Payload>(line: &Outline<'_>) -> Result<Line<T>, Fault> {
    let wrong = |error: serde_json::Error| Fault::Record(error.to_string());
    let [
        (b"hash", hash),
        (b"prev_hash", prev_hash),
        (b"record", record),
        (b"recorded_by", recorded_by),
        (b"recorded_on", recorded_on),
    ] = line.members.as_slice()
    else {
        let names: Vec<_> = line
            .members
            .iter()
            .map(|(name, _)| String::from_utf8_lossy(name))
            .collect();
        return Err(Fault::Record(format!(
            "its members should be hash, prev_hash, record, recorded_by, recorded_on; they are {}",
            names.join(", ")
        )));
    };
    let words = |place: &Range<usize>| -> Result<String, Fault> {
        let text = &line.text[place.clone()];
        match text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        {
            Some(words) if !words.contains('\\') => Ok(words.to_owned()),
            _ => serde_json::from_str(text).map_err(wrong),
        }
    };
    // Should another member be an object too, its tag is not the record's.
    let tag = line
        .tag
        .clone()
        .filter(|tag| tag.start > record.start && tag.end < record.end)
        .map(|tag| tag.start - record.start..tag.end - record.start);
    Ok(Line {
        hash: words(hash)?,
        prev_hash: words(prev_hash)?,
        record: T::read(&line.text[record.clone()], tag).map_err(wrong)?,
        recorded_by: words(recorded_by)?,
        recorded_on: words(recorded_on)?,
    })
}

/// A time in the one form that lines carry.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse::<Timestamp>()
        .ok()
        .filter(|_| text.len() == 20 && text.ends_with('Z'))
}

/// A record as the line that follows `head`, with its line end; the head moves along.
fn seal<T: Serialize>(
    record: &T,
    by: &str,
    on: Timestamp,
    head: &mut Head,
) -> Result<String, ChainError> {
    #[derive(Serialize)]
    struct Hashed<'a, T> {
        prev_hash: &'a str,
        record: &'a T,
        recorded_by: &'a str,
        recorded_on: &'a str,
    }
    // A clock that was set back must not make the record seem older than what it follows.
    let on = on
        .strftime("%Y-%m-%dT%H:%M:%SZ")
        .to_string()
        .max(head.recorded_on.clone());
    let hashed = Hashed {
        prev_hash: &head.hash,
        record,
        recorded_by: by,
        recorded_on: &on,
    };
    let text = serde_json_canonicalizer::to_string(&hashed)
        .map_err(|error| ChainError::Write(error.to_string()))?;
    canonical::check(text.as_bytes()).map_err(|at| {
        ChainError::Write(format!(
            "from byte {at} on it holds a number or name that has no one spelling"
        ))
    })?;
    let hash = sha256(text.as_bytes());
    let line = format!("{{\"hash\":\"{hash}\",{}\n", &text[1..]);
    head.hash = hash;
    head.recorded_on = on;
    head.lines += 1;
    head.bytes += line.len() as u64;
    Ok(line)
}

/// A chained file, opened for appending.
#[derive(Debug)]
pub struct ChainFile<T> {
    path: PathBuf,
    file: File,
    head: Head,
    kind: PhantomData<T>,
}

impl<T: Payload> ChainFile<T> {
    /// Opens the file, which is made if there is none. Nothing is read before the lock is held.
    pub fn open(path: &Path) -> Result<Self, ChainError> {
        let io = io(path);
        let new = !path.exists();
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(&io)?;
        if new && let Some(folder) = path.parent() {
            let folder = if folder.as_os_str().is_empty() {
                Path::new(".")
            } else {
                folder
            };
            // Without it the name of the new file may be lost in a crash, and the record with it.
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(&io)?;
        }
        Ok(Self {
            path: path.to_owned(),
            file,
            head: Head::default(),
            kind: PhantomData,
        })
    }

    /// Where the chain has come to, as far as it was read.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Takes the lock, reads what others appended since, sets a torn tail aside, lets `decide` choose what to
    /// append, writes it in one piece and returns when it is on the disk. `decide` gets the new lines.
    pub fn append<E: From<ChainError>>(
        &mut self,
        by: &str,
        on: Timestamp,
        decide: impl FnOnce(Vec<Line<T>>) -> Result<Vec<T>, E>,
    ) -> Result<Appended<T>, E> {
        self.file.lock().map_err(io(&self.path)).map_err(E::from)?;
        let done = self.append_locked(by, on, decide);
        let unlocked = self.file.unlock().map_err(io(&self.path));
        let done = done?;
        unlocked?;
        Ok(done)
    }

    fn append_locked<E: From<ChainError>>(
        &mut self,
        by: &str,
        on: Timestamp,
        decide: impl FnOnce(Vec<Line<T>>) -> Result<Vec<T>, E>,
    ) -> Result<Appended<T>, E> {
        let (seen, torn) = self.catch_up()?;
        let records = decide(seen)?;
        let mut head = self.head.clone();
        let mut text = String::new();
        let mut lines = Vec::with_capacity(records.len());
        for record in records {
            let prev_hash = head.hash.clone();
            text += &seal(&record, by, on, &mut head)?;
            lines.push(Line {
                hash: head.hash.clone(),
                prev_hash,
                record,
                recorded_by: by.to_owned(),
                recorded_on: head.recorded_on.clone(),
            });
        }
        let written = self
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // What got through was acknowledged to nobody; a full disk must not leave half of it.
            let _ = self.file.set_len(self.head.bytes);
            return Err(io(&self.path)(error).into());
        }
        self.head = head;
        Ok(Appended { lines, torn })
    }

    /// Reads from where the last reading stopped.
    fn catch_up(&mut self) -> Result<(Vec<Line<T>>, Option<TornTail>), ChainError> {
        let error = io(&self.path);
        let mut bytes = Vec::new();
        self.file
            .seek(SeekFrom::Start(self.head.bytes))
            .and_then(|_| self.file.read_to_end(&mut bytes))
            .map_err(&error)?;
        let mut lines = Vec::new();
        let mut head = self.head.clone();
        let left = head
            .follow(&bytes, |line, _| lines.push(line))
            .map_err(|(line, fault)| ChainError::Line {
                path: self.path.clone(),
                line,
                fault,
            })?;
        let mut torn = None;
        if left > 0 {
            let tail = &bytes[bytes.len() - usize::try_from(left).unwrap_or(0)..];
            let aside = aside(&self.path, tail);
            // First the copy is safe on the disk, then the tail goes.
            File::create(&aside)
                .and_then(|mut file| file.write_all(tail).and_then(|()| file.sync_all()))
                .and_then(|()| self.file.set_len(head.bytes))
                .and_then(|()| self.file.sync_all())
                .map_err(&error)?;
            torn = Some(TornTail {
                at: head.bytes,
                bytes: left,
                set_aside: Some(aside),
            });
        }
        self.head = head;
        Ok((lines, torn))
    }
}

/// What an append did.
#[derive(Debug)]
pub struct Appended<T> {
    /// The lines that are now on the disk.
    pub lines: Vec<Line<T>>,
    /// A torn tail that was found and set aside first.
    pub torn: Option<TornTail>,
}

/// Reads a whole chained file under a shared lock. A torn tail is left where it is and reported.
pub fn read(path: &Path) -> Result<Vec<u8>, ChainError> {
    let error = io(path);
    let mut file = File::open(path).map_err(&error)?;
    file.lock_shared().map_err(&error)?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(&error)?;
    Ok(bytes)
}

/// The file beside a chained file in which a torn tail is kept: named for its content, so that none is
/// written over another.
fn aside(path: &Path, tail: &[u8]) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".torn-{}", &sha256(tail)[..12]));
    path.with_file_name(name)
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> ChainError + use<> {
    let path = path.to_owned();
    move |source| ChainError::Io {
        path: path.clone(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Payload for String {}

    fn now() -> Timestamp {
        "2024-11-05T12:00:00Z".parse().unwrap()
    }

    fn write(path: &Path, words: &[&str]) -> Appended<String> {
        let mut file = ChainFile::<String>::open(path).unwrap();
        file.append::<ChainError>("a tester", now(), |_| {
            Ok(words.iter().map(|word| (*word).to_owned()).collect())
        })
        .unwrap()
    }

    #[test]
    fn the_hash_is_that_of_the_canonical_line_without_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        write(&path, &["one", "zwei ü \u{1}"]);
        let text = std::fs::read_to_string(&path).unwrap();
        let mut before = START.to_owned();
        for line in text.lines() {
            let mut value: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), line);
            let says = value.as_object_mut().unwrap().remove("hash").unwrap();
            let bytes = serde_json_canonicalizer::to_vec(&value).unwrap();
            assert_eq!(says, sha256(&bytes));
            assert_eq!(value["prev_hash"], before);
            before = says.as_str().unwrap().to_owned();
        }
        assert_eq!(text.lines().count(), 2);
    }

    /// A line that hashes rightly and is none of ours is refused, whatever stands in the place of its members.
    #[test]
    fn members_of_the_wrong_kind_are_refused() {
        let agent = r#"{"id":"a","kind":"person","name":"A","record_type":"agent"}"#;
        let line = |by: &str, on: &str, record: &str| {
            let rest = format!(
                "\"prev_hash\":\"{START}\",\"record\":{record},\"recorded_by\":{by},\"recorded_on\":{on}}}"
            );
            format!(
                "{{\"hash\":\"{}\",{rest}\n",
                sha256(format!("{{{rest}").as_bytes())
            )
        };
        let read = |text: &str| {
            Head::default().follow::<crate::record::Record>(text.as_bytes(), |_, _| {})
        };
        let (name, now) = ("\"a tester\"", "\"2024-11-05T12:00:00Z\"");
        assert_eq!(read(&line(name, now, agent)), Ok(0));
        for (by, on, record) in [
            (r#"{"record_type":"agent"}"#, now, agent),
            (name, r#"{"record_type":"agent"}"#, agent),
            (
                r#"{"record_type":"agent"}"#,
                now,
                r#"{"id":"a","kind":"person","name":"A"}"#,
            ),
            ("1", now, agent),
            (name, "null", agent),
            (name, now, "[]"),
            (name, now, r#""agent""#),
            (name, now, r#"{"record_type":"agent"}"#),
            (name, now, r#"{"id":"a","kind":"person","name":"A"}"#),
            (
                name,
                now,
                r#"{"id":"a","kind":"person","name":{"record_type":"agent"}}"#,
            ),
        ] {
            let text = line(by, on, record);
            assert!(matches!(read(&text), Err((1, Fault::Record(_)))), "{text}");
        }
    }

    #[test]
    fn a_torn_tail_is_set_aside_and_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        write(&path, &["one"]);
        let whole = std::fs::read(&path).unwrap();
        let torn = &whole[..whole.len() / 2];
        OpenOptions::new()
            .append(true)
            .open(&path)
            .unwrap()
            .write_all(torn)
            .unwrap();
        let appended = write(&path, &["two"]);
        let tail = appended.torn.unwrap();
        assert_eq!(
            (tail.at, tail.bytes),
            (whole.len() as u64, torn.len() as u64)
        );
        assert_eq!(std::fs::read(tail.set_aside.unwrap()).unwrap(), torn);
        let mut seen = Vec::new();
        let mut head = Head::default();
        let left = head.follow::<String>(&std::fs::read(&path).unwrap(), |line, _| {
            seen.push(line.record);
        });
        assert_eq!(
            (left, seen),
            (Ok(0), vec!["one".to_owned(), "two".to_owned()])
        );
    }

    #[test]
    fn a_clock_set_back_does_not_turn_the_order_round() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        write(&path, &["one"]);
        let mut file = ChainFile::<String>::open(&path).unwrap();
        let earlier = "2020-01-01T00:00:00Z".parse().unwrap();
        let done = file.append::<ChainError>("a tester", earlier, |_| Ok(vec!["two".into()]));
        assert_eq!(done.unwrap().lines[0].recorded_on, "2024-11-05T12:00:00Z");
    }
}
