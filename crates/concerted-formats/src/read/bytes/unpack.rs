//! Takes packings off, one inside the other, and stops where something grows out of proportion.

use super::{Content, Disk, Limits, OpenError, Opened, ProblemKind, Text, Whole};
use flate2::read::{DeflateDecoder, MultiGzDecoder};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many bytes tell one format from another.
pub(super) const MAGIC: usize = 8;

/// How many packings may lie inside each other; two are seen in the wild, a bomb has more.
const DEPTH: u32 = 3;

/// A packed thing on its way, and what was found out about it so far.
pub(super) struct Packed<'a> {
    pub(super) name: &'a str,
    pub(super) limits: &'a Limits,
    pub(super) journal: Journal,
    pub(super) disk: Disk,
    pub(super) depth: u32,
}

/// Notes and problems of the layers that are read through one another.
#[derive(Clone, Debug, Default)]
pub(super) struct Journal(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    notes: Vec<String>,
    problems: Vec<(ProblemKind, String)>,
}

impl Journal {
    pub(super) fn note(&self, note: String) {
        self.with(|entries| entries.notes.push(note));
    }

    pub(super) fn problem(&self, kind: ProblemKind, detail: String) {
        self.with(|entries| entries.problems.push((kind, detail)));
    }

    pub(super) fn has_problems(&self) -> bool {
        self.with(|entries| !entries.problems.is_empty())
    }

    /// Takes out all notes and problems.
    pub(super) fn take(&self) -> (Vec<String>, Vec<(ProblemKind, String)>) {
        self.with(|entries| {
            (
                std::mem::take(&mut entries.notes),
                std::mem::take(&mut entries.problems),
            )
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut Entries) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Magic {
    Gzip,
    Zstd,
    Zip,
    Ole,
    Parquet,
    Foreign(&'static str),
    Text,
}

fn magic(head: &[u8]) -> Magic {
    match head {
        [0x1f, 0x8b, ..] => Magic::Gzip,
        // A frame, or a frame to skip, which some writers put first.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Magic::Zstd,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Magic::Zip,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Magic::Ole,
        [b'P', b'A', b'R', b'1', ..] => Magic::Parquet,
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => {
            Magic::Foreign("packed with bzip2; unpack it first")
        }
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Magic::Foreign("packed with xz; unpack it first"),
        [b'7', b'z', 0xbc, 0xaf, ..] => Magic::Foreign("a 7-Zip archive; unpack it first"),
        [b'R', b'a', b'r', b'!', ..] => Magic::Foreign("a RAR archive; unpack it first"),
        [b'%', b'P', b'D', b'F', b'-', ..] => {
            Magic::Foreign("a PDF document; ask for the data behind it")
        }
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => {
            Magic::Foreign("an SQLite database; export its tables as CSV")
        }
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => {
            Magic::Foreign("a picture, not posts")
        }
        _ => Magic::Text,
    }
}

/// Whether what begins like this can only be read from its end.
pub(super) fn needs_seek(head: &[u8]) -> bool {
    matches!(magic(head), Magic::Zip | Magic::Ole | Magic::Parquet)
}

/// Up to `count` bytes; fewer only at the end.
pub(super) fn take(source: &mut impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(count);
    source.take(count as u64).read_to_end(&mut head)?;
    Ok(head)
}

impl Packed<'_> {
    fn broken(&self, source: io::Error) -> OpenError {
        OpenError::Io {
            name: self.name.to_owned(),
            source,
        }
    }

    fn unknown(&self, what: impl Into<String>) -> OpenError {
        OpenError::Unknown {
            name: self.name.to_owned(),
            what: what.into(),
        }
    }
}

/// Opens a stream whose first bytes are `head`; the stream itself still begins with them.
pub(super) fn stream(
    mut packed: Packed,
    head: &[u8],
    source: Box<dyn Read + Send>,
) -> Result<Vec<Opened>, OpenError> {
    let kind = magic(head);
    let counter = Counter::default();
    let counted = BufReader::with_capacity(1 << 17, counter.count(source));
    let unpacking: Box<dyn Read + Send> = match kind {
        Magic::Text => {
            let text =
                Text::new(Box::new(counted), packed.disk, packed.journal).map_err(|source| {
                    OpenError::Io {
                        name: packed.name.to_owned(),
                        source,
                    }
                })?;
            return Ok(vec![Opened {
                name: packed.name.to_owned(),
                content: Content::Text(text),
            }]);
        }
        Magic::Foreign(what) => return Err(packed.unknown(what)),
        Magic::Zip | Magic::Ole | Magic::Parquet => {
            let file = spool(&packed, counted)?;
            return whole(packed, head, file);
        }
        Magic::Gzip => {
            packed.journal.note("packed with gzip".to_owned());
            Box::new(MultiGzDecoder::new(counted))
        }
        Magic::Zstd => {
            packed.journal.note("packed with zstd".to_owned());
            let mut decoder = zstd::stream::read::Decoder::with_buffer(counted)
                .map_err(|source| packed.broken(source))?;
            // Dumps of whole platforms are packed with the longest window that there is.
            decoder
                .window_log_max(31)
                .map_err(|source| packed.broken(source))?;
            Box::new(decoder)
        }
    };
    packed.depth += 1;
    if packed.depth > DEPTH {
        return Err(packed.unknown(format!("packed {DEPTH} times over; unpack it first")));
    }
    let mut guard = Guard {
        packed: unpacking,
        read: counter,
        written: 0,
        limits: *packed.limits,
        journal: packed.journal.clone(),
        ended: false,
    };
    let head = take(&mut guard, MAGIC).map_err(|source| packed.broken(source))?;
    let source = Box::new(Cursor::new(head.clone()).chain(guard));
    stream(packed, &head, source)
}

/// Puts a stream into a file without a name, so that it can be read from its end.
fn spool(packed: &Packed, mut source: impl Read) -> Result<File, OpenError> {
    let mut file = tempfile::tempfile().map_err(|source| packed.broken(source))?;
    io::copy(&mut source, &mut file).map_err(|source| packed.broken(source))?;
    file.flush().map_err(|source| packed.broken(source))?;
    let (notes, problems) = packed.journal.take();
    for note in notes {
        packed.journal.note(note);
    }
    match problems.into_iter().next() {
        None => Ok(file),
        Some((ProblemKind::TooLarge, detail)) => Err(OpenError::TooLarge {
            name: packed.name.to_owned(),
            detail,
        }),
        Some((_, detail)) => Err(packed.unknown(format!("damaged: {detail}; fetch it again"))),
    }
}

/// Opens a file that is read from its end.
pub(super) fn whole(packed: Packed, head: &[u8], file: File) -> Result<Vec<Opened>, OpenError> {
    let kind = magic(head);
    if kind == Magic::Zip {
        let copy = file.try_clone().map_err(|source| packed.broken(source))?;
        let archive = zip::ZipArchive::new(copy).map_err(|error| {
            packed.unknown(format!("a damaged zip archive ({error}); fetch it again"))
        })?;
        let workbook = archive.file_names().flatten().any(|name| {
            name == "mimetype" || name == "[Content_Types].xml" || name.starts_with("xl/")
        });
        if !workbook {
            return members(packed, archive, &file);
        }
    }
    let whole = Whole {
        file,
        notes: packed.journal.take().0,
        disk: packed.disk,
    };
    let content = if kind == Magic::Parquet {
        Content::Parquet(whole)
    } else {
        Content::Workbook(whole)
    };
    Ok(vec![Opened {
        name: packed.name.to_owned(),
        content,
    }])
}

/// Opens every file of an archive, in order of name. Each is unpacked only as it is read.
fn members(
    packed: Packed,
    mut archive: zip::ZipArchive<File>,
    file: &File,
) -> Result<Vec<Opened>, OpenError> {
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|error| {
            packed.unknown(format!("a damaged zip archive ({error}); fetch it again"))
        })?;
        let name = member
            .name()
            .map_or_else(|_| format!("{index}"), std::borrow::Cow::into_owned);
        let hidden = name
            .split('/')
            .any(|part| part.starts_with('.') || part == "__MACOSX");
        if !member.is_file() || hidden {
            continue;
        }
        if member.encrypted() {
            return Err(packed.unknown("a zip archive with a password; unpack it first"));
        }
        let deflated = match member.compression() {
            zip::CompressionMethod::Stored => false,
            zip::CompressionMethod::Deflated => true,
            other => {
                return Err(packed.unknown(format!(
                    "a zip archive packed with {other}; unpack it first"
                )));
            }
        };
        let start = member.data_start().unwrap_or_default();
        found.push((name, start, member.compressed_size(), deflated));
    }
    if found.is_empty() {
        return Err(packed.unknown("a zip archive without a file in it"));
    }
    found.sort();
    let file = Arc::new(Mutex::new(
        file.try_clone().map_err(|source| packed.broken(source))?,
    ));
    let several = found.len() > 1;
    let archive_name = packed.name;
    let (limits, depth) = (packed.limits, packed.depth + 1);
    let (notes, _) = packed.journal.take();
    let (sha256, bytes) = packed.disk.finish().map_err(|source| OpenError::Io {
        name: archive_name.to_owned(),
        source,
    })?;
    let mut opened = Vec::new();
    for (member, start, length, deflated) in found {
        let journal = Journal::default();
        for note in &notes {
            journal.note(note.clone());
        }
        journal.note(format!("packed with zip as {member}"));
        let name = if several {
            format!("{archive_name}/{member}")
        } else {
            archive_name.to_owned()
        };
        let section = Section {
            file: Arc::clone(&file),
            position: start,
            end: start.saturating_add(length),
        };
        let counter = Counter::default();
        let counted = BufReader::with_capacity(1 << 16, counter.count(Box::new(section)));
        let mut guard = Guard {
            packed: if deflated {
                Box::new(DeflateDecoder::new(counted))
            } else {
                Box::new(counted)
            },
            read: counter,
            written: 0,
            limits: *limits,
            journal: journal.clone(),
            ended: false,
        };
        let packed = Packed {
            name: &name,
            limits,
            journal,
            disk: Disk::Known(sha256.clone(), bytes),
            depth,
        };
        if depth > DEPTH {
            return Err(packed.unknown(format!("packed {DEPTH} times over; unpack it first")));
        }
        let head = take(&mut guard, MAGIC).map_err(|source| packed.broken(source))?;
        let source = Box::new(Cursor::new(head.clone()).chain(guard));
        opened.extend(stream(packed, &head, source)?);
    }
    Ok(opened)
}

/// A stretch of a file that several readers share.
struct Section {
    file: Arc<Mutex<File>>,
    position: u64,
    end: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end - self.position).unwrap_or(usize::MAX);
        let room = left.min(buffer.len());
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.position))?;
        let read = file.read(&mut buffer[..room])?;
        self.position += read as u64;
        Ok(read)
    }
}

/// How many packed bytes went in, and whether the system failed to hand one over.
#[derive(Clone, Debug, Default)]
struct Counter {
    bytes: Arc<AtomicU64>,
    failed: Arc<AtomicBool>,
}

struct Counted {
    counter: Counter,
    source: Box<dyn Read + Send>,
}

impl Counter {
    fn count(&self, source: Box<dyn Read + Send>) -> Counted {
        Counted {
            counter: self.clone(),
            source,
        }
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.source.read(buffer) {
            Ok(read) => {
                self.counter.bytes.fetch_add(read as u64, Ordering::Relaxed);
                Ok(read)
            }
            Err(error) => {
                if error.kind() != io::ErrorKind::Interrupted {
                    self.counter.failed.store(true, Ordering::Relaxed);
                }
                Err(error)
            }
        }
    }
}

/// Reads a packed stream to its end, its first fault or the point where it grows out of proportion,
/// whichever comes first; the last two are told in the journal, and what was read still counts.
struct Guard {
    packed: Box<dyn Read + Send>,
    read: Counter,
    written: u64,
    limits: Limits,
    journal: Journal,
    ended: bool,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        let went_in = self.read.bytes.load(Ordering::Relaxed);
        match self.packed.read(buffer) {
            Ok(0) => {
                self.ended = true;
                Ok(0)
            }
            Ok(read) => {
                self.written += read as u64;
                let went_in = self.read.bytes.load(Ordering::Relaxed).max(went_in);
                let fair = went_in.saturating_mul(self.limits.max_ratio);
                if self.written > self.limits.max_unpacked
                    || self.written > self.limits.floor && self.written > fair
                {
                    self.ended = true;
                    self.journal.problem(
                        ProblemKind::TooLarge,
                        format!(
                            "{} bytes came out of the first {went_in}, and reading stopped there",
                            self.written
                        ),
                    );
                    return Ok(0);
                }
                Ok(read)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Err(error),
            Err(error) if self.read.failed.load(Ordering::Relaxed) => Err(error),
            Err(error) => {
                self.ended = true;
                let what = if error.kind() == io::ErrorKind::UnexpectedEof {
                    "it ends in the middle".to_owned()
                } else {
                    format!("it is damaged ({error})")
                };
                self.journal.problem(
                    ProblemKind::Truncated,
                    format!("{what}, after {} unpacked bytes", self.written),
                );
                Ok(0)
            }
        }
    }
}
