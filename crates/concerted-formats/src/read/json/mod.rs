//! Reads JSON: one record on each line, or one document with a list in it.
//!
//! The format is recognised from what the first records hold, never from the name of the file. A line
//! that cannot be read costs that line; a document that breaks counts up to where it breaks.

mod document;
mod generic;
mod html;
mod jetstream;
mod loose;
mod node;
mod paths;
mod presets;
mod recognise;
mod telegram;
mod twarc2;

pub use recognise::{Layout, Recognised, names as formats, recognise};

use super::bytes::{Line, Lines};
use super::chunks::{CHUNK, Chunk, Hand, Left, Place, Windows, read_all};
use super::problem::ProblemKind;
use super::sink::Sink;
use super::time::{SettingError, TimeReader};
use super::{Clock, ReadOptions};
use concerted_engine::post::{Millis, Post, Source};
use document::{Element, Stop};
use memchr::memchr;
use serde_json::error::Category;
use sha2::{Digest, Sha256};
use std::any::Any;
use std::io::{self, BufRead, Read};

/// What was recognised in an input of JSON, and how its fields were understood.
#[derive(Clone, Debug)]
pub struct JsonOutcome {
    /// Name of the format.
    pub format: String,
    /// Why it was taken for that, for a person to read.
    pub why: String,
    /// The clock of its posts.
    pub clock: Clock,
    /// (field, path) pairs that were used.
    pub mapping: Vec<(String, String)>,
    /// Paths that no field takes.
    pub unmapped: Vec<String>,
    /// What else the analyst should know.
    pub notes: Vec<String>,
}

/// Why an input of JSON could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// The system failed in the middle.
    #[error("reading failed: {0}")]
    Io(#[from] io::Error),
    /// What the analyst said cannot be followed.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// Neither lines of JSON nor a document with a list.
    #[error("it is not JSON with a record on each line, nor a document with a list of records")]
    NotJson,
    /// No format has the name that was given.
    #[error("there is no JSON format {0:?}; known are {known}", known = recognise::names().join(", "))]
    Format(String),
}

/// Reads all records of a text into posts and problems. Records longer than `max_record` bytes are
/// skipped and told.
pub fn read_json(
    text: impl BufRead + Send,
    options: &ReadOptions,
    max_record: usize,
    sink: &mut Sink,
) -> Result<JsonOutcome, JsonError> {
    read_in_chunks(text, options, max_record, sink, CHUNK)
}

/// [`read_json`] in chunks of a given size, which changes nothing in the result.
fn read_in_chunks(
    mut text: impl BufRead + Send,
    options: &ReadOptions,
    max_record: usize,
    sink: &mut Sink,
    chunk: usize,
) -> Result<JsonOutcome, JsonError> {
    let recognised = match &options.format {
        None => recognise(text.fill_buf()?).ok_or(JsonError::NotJson)?,
        Some(name) => recognise::as_format(name, text.fill_buf()?)
            .ok_or_else(|| JsonError::Format(name.clone()))?,
    };
    let mut reader = recognise::reader(recognised.name, options)?;
    match &recognised.layout {
        Layout::Lines => read_lines(text, max_record, &mut reader, sink, chunk)?,
        Layout::Whole => read_whole(text, max_record, reader.as_mut(), sink)?,
        layout => read_document(text, layout, max_record, reader.as_mut(), sink)?,
    }
    reader.finish(sink);
    let progress = reader.progress();
    Ok(JsonOutcome {
        format: recognised.name.to_owned(),
        why: recognised.why,
        clock: progress.clock,
        mapping: progress.mapping,
        unmapped: progress.unmapped,
        notes: progress.notes,
    })
}

/// Reads the records of one format.
trait RecordReader: std::fmt::Debug + Send + Any {
    /// Reads one record. It counts the rows it finds in it: a page of Twitter holds many.
    fn read(&mut self, record: &mut Record) -> Result<(), serde_json::Error>;

    /// Takes note of what stands around the records that follow.
    fn enter(&mut self, _element: &Element) {}

    /// A reader that goes on from here and has read nothing, for another thread; `None` as long as
    /// records must be read one after the other.
    fn fork(&self) -> Option<Box<dyn RecordReader>> {
        None
    }

    /// Whether the other, when it was forked, knew what this one knows now.
    fn agrees(&self, _other: &dyn RecordReader) -> bool {
        false
    }

    /// Takes in what a fork has read behind this one.
    fn absorb(&mut self, _other: Box<dyn RecordReader>) {}

    /// Does what is left to do behind the last record.
    fn finish(&mut self, _sink: &mut Sink) {}

    /// What is known by now.
    fn progress(&self) -> Progress;
}

/// What a reader knows of the records it has read.
#[derive(Debug)]
struct Progress {
    clock: Clock,
    mapping: Vec<(String, String)>,
    unmapped: Vec<String>,
    notes: Vec<String>,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            clock: Clock {
                resolution_ms: 1_000,
                source: String::new(),
            },
            mapping: Vec::new(),
            unmapped: Vec::new(),
            notes: Vec::new(),
        }
    }
}

fn mapping(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(field, path)| ((*field).to_owned(), (*path).to_owned()))
        .collect()
}

/// A record on its way, with the place where it stands and the place where its posts go.
struct Record<'a, 's> {
    raw: &'a str,
    source: Source,
    sink: &'s mut Sink,
}

impl<'a, 's> Record<'a, 's> {
    fn new(raw: &'a str, row: u64, sink: &'s mut Sink) -> Self {
        let source = Source {
            file: sink.file(),
            row,
            sha256: Sha256::digest(raw.as_bytes()).into(),
        };
        Self { raw, source, sink }
    }

    fn row(&mut self) {
        self.sink.row();
    }

    /// Keeps a post, and sets where it stands.
    fn post(&mut self, post: &mut Post) {
        post.source = self.source;
        self.sink.post(post);
    }

    /// The time in a cell; if there is none the record is refused.
    fn time(&mut self, reader: &mut TimeReader, cell: &str) -> Option<Millis> {
        match reader.read(cell) {
            Ok(millis) => {
                if let Some(doubt) = reader.take_doubt() {
                    self.doubt(reader.column(), doubt.kind, doubt.detail);
                }
                Some(millis)
            }
            Err(error) => {
                self.sink
                    .refuse(self.source.row, reader.column(), error.kind, error.detail);
                None
            }
        }
    }

    fn doubt(&mut self, column: &str, kind: ProblemKind, detail: String) {
        self.sink.doubt(self.source.row, column, kind, detail);
    }

    fn no_account(&mut self, column: &str) {
        let detail = "the record does not say who posted it";
        self.sink
            .refuse(self.source.row, column, ProblemKind::NoAccount, detail);
    }

    fn unmapped(&mut self, why: &str) {
        self.sink
            .refuse(self.source.row, "", ProblemKind::Unmapped, why);
    }
}

impl Hand for Box<dyn RecordReader> {
    fn fork(&self) -> Self {
        RecordReader::fork(&**self).expect("only a reader that forks is given chunks")
    }

    fn agrees(&self, other: &Self) -> bool {
        RecordReader::agrees(&**self, &**other)
    }

    fn absorb(&mut self, other: Self) {
        RecordReader::absorb(&mut **self, other);
    }
}

/// Reads lines one by one until the reader can be given to other threads, then on all of them.
fn read_lines(
    text: impl BufRead + Send,
    max_record: usize,
    reader: &mut Box<dyn RecordReader>,
    sink: &mut Sink,
    chunk: usize,
) -> io::Result<()> {
    let mut lines = Lines::new(text, max_record);
    while RecordReader::fork(&**reader).is_none() {
        match lines.next()? {
            None => return Ok(()),
            Some(Line::Whole {
                number,
                bytes,
                ended,
            }) => {
                let raw = String::from_utf8_lossy(bytes);
                read_line(&raw, number, ended, reader.as_mut(), sink);
            }
            Some(Line::TooLong { number, length }) => too_long(number, length, max_record, sink),
        }
    }
    let number = lines.number();
    let mut text = Windows::new(lines.into_inner(), chunk);
    text.line = number + 1;
    let ended = read_all(&mut text, reader, sink, |reader, chunk, sink| {
        Ok(read_chunk(chunk, max_record, reader.as_mut(), sink))
    });
    match ended.map(|ended| ended.broke) {
        Ok(Some(error)) => Err(error),
        // No record of JSON stops the reading of the others.
        Ok(None) | Err(_) => Ok(()),
    }
}

/// Reads the lines that are whole in a chunk.
fn read_chunk(
    chunk: Chunk<'_>,
    max_record: usize,
    reader: &mut dyn RecordReader,
    sink: &mut Sink,
) -> Left {
    let text = chunk.text;
    let Place { mut line, skipped } = chunk.place;
    let mut before = skipped.unwrap_or(0);
    let mut at = 0;
    while at < text.len() || before > 0 {
        let end = memchr(b'\n', &text.as_bytes()[at..]).map(|end| at + end);
        let behind = end.map_or(text.len(), |end| end + 1);
        let length = before + (behind - at) as u64;
        let raw = &text[at..end.unwrap_or(text.len())];
        let raw = match end {
            Some(_) => raw.strip_suffix('\r').unwrap_or(raw),
            None => raw,
        };
        let long = before > 0 || raw.len() > max_record;
        if end.is_none() && !chunk.last {
            // One byte more may be half of a line end.
            let long = before > 0 || raw.len() > max_record + 1;
            return Left {
                read: if long { text.len() } else { at },
                place: Place {
                    line,
                    skipped: long.then_some(length),
                },
            };
        }
        if long {
            too_long(line, length, max_record, sink);
        } else {
            read_line(raw, line, end.is_some(), reader, sink);
        }
        (at, before) = (behind, 0);
        line += 1;
    }
    Left {
        read: text.len(),
        place: Place {
            line,
            skipped: None,
        },
    }
}

fn read_line(raw: &str, number: u64, ended: bool, reader: &mut dyn RecordReader, sink: &mut Sink) {
    if raw.trim_ascii().is_empty() {
        return;
    }
    let read = reader.read(&mut Record::new(raw, number, sink));
    if let Err(error) = read {
        sink.row();
        let (kind, detail) = match error.classify() {
            Category::Eof if !ended => (
                ProblemKind::Truncated,
                "the last line ends in the middle of its record".to_owned(),
            ),
            Category::Data => (ProblemKind::Unmapped, without_place(&error)),
            _ => (
                ProblemKind::BadJson,
                format!("{} at column {}", without_place(&error), error.column()),
            ),
        };
        sink.refuse(number, "", kind, detail);
    }
}

fn too_long(number: u64, length: u64, max_record: usize, sink: &mut Sink) {
    sink.row();
    let detail = format!("{length} bytes in one line, of at most {max_record}");
    sink.refuse(number, "", ProblemKind::TooLong, detail);
}

/// The message of an error without the line, which is always 1 within a line.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message
        .split_once(" at line ")
        .map_or(message.as_str(), |(message, _)| message)
        .to_owned()
}

fn read_whole(
    mut text: impl BufRead,
    max_record: usize,
    reader: &mut dyn RecordReader,
    sink: &mut Sink,
) -> io::Result<()> {
    let mut raw = Vec::new();
    (&mut text)
        .take(max_record as u64 + 1)
        .read_to_end(&mut raw)?;
    if raw.len() > max_record {
        let detail = format!("one record of more than {max_record} bytes");
        sink.refuse(1, "", ProblemKind::TooLong, detail);
        return Ok(());
    }
    let raw = String::from_utf8_lossy(&raw);
    if let Err(error) = reader.read(&mut Record::new(&raw, 1, sink)) {
        let kind = match error.classify() {
            Category::Eof => ProblemKind::Truncated,
            Category::Data => ProblemKind::Unmapped,
            _ => ProblemKind::BadJson,
        };
        sink.row();
        sink.refuse(1, "", kind, error.to_string());
    }
    Ok(())
}

fn read_document(
    text: impl BufRead,
    layout: &Layout,
    max_record: usize,
    reader: &mut dyn RecordReader,
    sink: &mut Sink,
) -> io::Result<()> {
    let mut row = 0;
    let stop = document::walk(text, layout, max_record, &mut |element| {
        let Element::Item(raw) = element else {
            return reader.enter(&element);
        };
        row += 1;
        if let Err(error) = reader.read(&mut Record::new(raw, row, sink)) {
            sink.row();
            sink.refuse(row, "", ProblemKind::Unmapped, without_place(&error));
        }
    })?;
    match stop {
        Stop::End => {}
        Stop::Truncated(place) => sink.doubt(
            None,
            "",
            ProblemKind::Truncated,
            format!("the document ends in the middle, at {place}; {row} records stand before it"),
        ),
        Stop::Broken(why) => sink.refuse(
            None,
            "",
            ProblemKind::BadJson,
            format!("{why}; what follows was not read, {row} records stand before it"),
        ),
        Stop::TooLong => sink.refuse(
            row + 1,
            "",
            ProblemKind::TooLong,
            format!("more than {max_record} bytes in one record; what follows was not read"),
        ),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
