//! Opens what lies on disk or comes through a pipe, by its first bytes and never by its name.
//!
//! What is packed is unpacked as it is read, what is text comes out as UTF-8, and what needs to be
//! read from the end (Parquet, workbooks) comes out as a file. The hash is always that of the bytes
//! as they stand on disk, so that a careful stranger can check which file a finding rests on.

mod lines;
mod text;
mod unpack;

pub use lines::{Line, Lines};
pub use text::Text;

use super::problem::ProblemKind;
use super::sink::Sink;
use super::{Input, Watch};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek};
use std::sync::{Arc, Mutex, PoisonError};
use unpack::{Journal, Packed};

/// How far an input may grow while it is unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many bytes may come out of one packed byte.
    pub max_ratio: u64,
    /// Bytes that may come out whatever the ratio, so that a short and dull file is not refused.
    pub floor: u64,
    /// Bytes that may come out in all.
    pub max_unpacked: u64,
    /// Bytes of one record, a line for instance; a longer one is skipped.
    pub max_record: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_ratio: 1_000,
            floor: 64 << 20,
            max_unpacked: 1 << 40,
            max_record: 16 << 20,
        }
    }
}

/// Why an input cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The system would not hand it over.
    #[error("cannot read {name}: {source}")]
    Io {
        /// The input.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// It is packed or written in a way that is not read here.
    #[error("cannot read {name}: it is {what}")]
    Unknown {
        /// The input.
        name: String,
        /// What it is and what to do.
        what: String,
    },
    /// It grows out of proportion.
    #[error("{name} is not unpacked: {detail}")]
    TooLarge {
        /// The input.
        name: String,
        /// How far it grew.
        detail: String,
    },
}

impl OpenError {
    /// The kind under which it is listed among the problems.
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::Io { .. } | Self::Unknown { .. } => ProblemKind::Unreadable,
            Self::TooLarge { .. } => ProblemKind::TooLarge,
        }
    }
}

/// One readable thing: a file, standard input, or a member of a zip archive.
#[derive(Debug)]
pub struct Opened {
    /// The name as given, `-`, or `archive.zip/member`.
    pub name: String,
    /// What is in it.
    pub content: Content,
}

/// What is in an input.
#[derive(Debug)]
pub enum Content {
    /// Text, as UTF-8.
    Text(Text),
    /// A Parquet file.
    Parquet(Whole),
    /// A workbook: XLSX, XLS or ODS.
    Workbook(Whole),
}

/// A file that can be read from any place; unnamed and temporary where the input was packed or piped.
#[derive(Debug)]
pub struct Whole {
    /// The file. Its position may be anywhere.
    pub file: File,
    disk: Disk,
    notes: Vec<String>,
}

/// What is known of an input once it has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// SHA-256 of the bytes on disk, in hex.
    pub sha256: String,
    /// How many there are.
    pub bytes: u64,
    /// How it was packed and in which encoding it is.
    pub notes: Vec<String>,
    /// What was wrong with the bytes: the line where it began, the kind, the detail.
    pub problems: Vec<(Option<u64>, ProblemKind, String)>,
}

impl Finished {
    /// Lists the problems: an input that is too large or empty as refused, all others as doubts.
    pub fn tell(&self, sink: &mut Sink) {
        for (row, kind, detail) in &self.problems {
            if matches!(kind, ProblemKind::TooLarge | ProblemKind::EmptyFile) {
                sink.refuse(*row, "", *kind, detail.as_str());
            } else {
                sink.doubt(*row, "", *kind, detail.as_str());
            }
        }
    }
}

impl Opened {
    /// Reads what is left, and says what is known of the whole.
    pub fn finish(self) -> io::Result<Finished> {
        match self.content {
            Content::Text(text) => text.finish(),
            Content::Parquet(whole) | Content::Workbook(whole) => whole.finish(),
        }
    }
}

impl Whole {
    /// Hashes the file, and says what is known of it.
    pub fn finish(self) -> io::Result<Finished> {
        let (sha256, bytes) = self.disk.finish()?;
        Ok(Finished {
            sha256,
            bytes,
            notes: self.notes,
            problems: Vec::new(),
        })
    }
}

/// Opens an input: one thing, or one for each member of a zip archive of several, in order of name.
pub fn open(input: &Input, limits: &Limits) -> Result<Vec<Opened>, OpenError> {
    open_watched(input, limits, &Watch::default())
}

/// [`open`], and whoever looks at the watch sees the bytes that are taken from disk.
pub fn open_watched(
    input: &Input,
    limits: &Limits,
    watch: &Watch,
) -> Result<Vec<Opened>, OpenError> {
    let name = input.name();
    let broken = |source| OpenError::Io {
        name: name.clone(),
        source,
    };
    let (head, source): (Vec<u8>, Box<dyn Read + Send>) = match input {
        Input::Path(path) => {
            let mut file = File::open(path).map_err(broken)?;
            let head = unpack::take(&mut file, unpack::MAGIC).map_err(broken)?;
            file.rewind().map_err(broken)?;
            if unpack::needs_seek(&head) {
                let disk = Disk::File(file.try_clone().map_err(broken)?);
                let packed = Packed {
                    name: &name,
                    limits,
                    journal: Journal::default(),
                    disk,
                    depth: 0,
                };
                return unpack::whole(packed, &head, file);
            }
            (head, Box::new(file))
        }
        Input::Stdin => {
            let mut stdin = io::stdin();
            let head = unpack::take(&mut stdin, unpack::MAGIC).map_err(broken)?;
            (head.clone(), Box::new(io::Cursor::new(head).chain(stdin)))
        }
        Input::Bytes(_, bytes) => {
            let head = bytes[..bytes.len().min(unpack::MAGIC)].to_vec();
            (head, Box::new(io::Cursor::new(bytes.clone())))
        }
    };
    let (disk, reader) = Disk::streaming(source, watch);
    unpack::stream(
        Packed {
            name: &name,
            limits,
            journal: Journal::default(),
            disk,
            depth: 0,
        },
        &head,
        Box::new(reader),
    )
}

/// The bytes on disk and their hash.
#[derive(Debug)]
enum Disk {
    /// Hashed as they are read.
    Streaming(Arc<Mutex<Hashing>>),
    /// To be hashed in a pass of its own.
    File(File),
    /// Hashed already.
    Known(String, u64),
}

/// A source, and the hash of what has come out of it.
struct Hashing {
    source: Box<dyn Read + Send>,
    sha256: Sha256,
    bytes: u64,
    watch: Watch,
}

/// The reading end of a [`Disk::Streaming`].
struct Reader(Arc<Mutex<Hashing>>);

impl Disk {
    fn streaming(source: Box<dyn Read + Send>, watch: &Watch) -> (Self, Reader) {
        let hashing = Arc::new(Mutex::new(Hashing {
            source,
            sha256: Sha256::new(),
            bytes: 0,
            watch: watch.clone(),
        }));
        (Self::Streaming(Arc::clone(&hashing)), Reader(hashing))
    }

    /// Reads to the end, and returns SHA-256 in hex and size.
    fn finish(self) -> io::Result<(String, u64)> {
        let mut reader = match self {
            Self::Known(sha256, bytes) => return Ok((sha256, bytes)),
            Self::Streaming(hashing) => Reader(hashing),
            Self::File(mut file) => {
                file.rewind()?;
                Self::streaming(Box::new(file), &Watch::default()).1
            }
        };
        let mut buffer = vec![0; 1 << 18];
        loop {
            match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let hashing = reader.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok((hex(&hashing.sha256.clone().finalize()), hashing.bytes))
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut hashing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = hashing.source.read(buffer)?;
        hashing.sha256.update(&buffer[..read]);
        hashing.bytes += read as u64;
        hashing.watch.bytes(read as u64);
        Ok(read)
    }
}

impl std::fmt::Debug for Hashing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes so far", self.bytes)
    }
}

/// Bytes in hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests;
