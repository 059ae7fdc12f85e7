//! Reads text tables: CSV and its relatives, however they are delimited, quoted and headed.
//!
//! The text is parsed a chunk at a time, so that memory stays bounded whatever the file. A quote that
//! is never closed makes a parser of CSV swallow the rows behind it without a word; here a row that
//! looks swallowed is refused and reading goes on behind the line where the quote opened.

mod dialect;
mod quotes;

pub(super) use dialect::Dialect;

use super::problem::ProblemKind;
use super::profiles::Head;
use super::sink::Sink;
use super::table::{Columns, Row, Table};
use super::{ReadError, ReadOptions, Recognised};
use csv::{ByteRecord, StringRecord};
use sha2::{Digest, Sha256};
use std::io::{self, Read};

/// How much text is looked at to tell the dialect.
const HEAD: usize = 1 << 20;

/// How much is parsed at a time. To set up a parser costs as much as to parse a quarter of a
/// megabyte, so chunks are large.
const CHUNK: usize = 8 << 20;

/// Reads a table of text. Where it cannot be read as a whole, the sink is told and `None` returned.
pub(super) fn read<R: Read>(
    text: R,
    name: &str,
    max_record: usize,
    options: &ReadOptions,
    sink: &mut Sink,
) -> Result<Option<Recognised>, ReadError> {
    let mut text = Chunks::new(text, max_record);
    if let Err(error) = text.fill(HEAD) {
        sink.refuse(None, "", ProblemKind::Unreadable, error.to_string());
        return Ok(None);
    }
    if text.ended && text.fresh().is_empty() {
        // That it holds no byte is told where the file was opened.
        return Ok(None);
    }
    let dialect = Dialect::sniff(text.fresh(), text.ended);
    let mut rows = dialect.rows(text.fresh(), text.ended);
    if rows.is_empty() {
        // A text of one endless line has no row in its first chunk; a text of blanks has none at all.
        if text.ended {
            sink.refuse(
                None,
                "",
                ProblemKind::EmptyFile,
                "it holds nothing but blanks",
            );
        } else {
            let detail = format!("its first line is longer than {HEAD} bytes and has no delimiter");
            sink.refuse(1, "", ProblemKind::TooLong, detail);
        }
        return Ok(None);
    }
    let header = Dialect::header(&rows);
    let columns: Vec<String> = rows[header]
        .iter()
        .map(|name| name.trim().to_owned())
        .collect();
    let width = columns.len();
    let mut sample = rows.split_off(header + 1);
    let padded = padded_width(&sample, width);
    sample.retain(|row| row.len() == width || row.len() == padded);
    let alone = sample.is_empty();
    let head = Head {
        columns,
        rows: sample,
    };
    let columns = Columns {
        head,
        ..Columns::default()
    };
    let Some(mut table) = Table::new(name, columns, options, sink)? else {
        return Ok(None);
    };
    if alone && text.ended && !table.headless() && rows.len() == header + 1 {
        let behind = text.measure(dialect, header + 1);
        if text.fresh()[behind..].trim_ascii().is_empty() {
            sink.refuse(
                None,
                "",
                ProblemKind::NoRows,
                "it holds a header and no row",
            );
            return Ok(None);
        }
    }
    text.skip(dialect, header + usize::from(!table.headless()));
    let mut reader = Reader {
        text,
        dialect,
        width,
        padded,
        record: ByteRecord::new(),
    };
    reader.read(&mut table, sink)?;
    let mut recognised = table.finish(sink);
    if header > 0 {
        recognised
            .notes
            .push(format!("{header} lines above the header were passed over"));
    }
    let told = reader.dialect.to_string();
    if !told.is_empty() {
        recognised.notes.push(told);
    }
    Ok(Some(recognised))
}

/// The number of fields of rows that end in a delimiter, as some programs write them; `width` if most
/// rows do not. In a single row, an empty field too many means that a field holds a delimiter.
fn padded_width(rows: &[StringRecord], width: usize) -> usize {
    let padded = dialect::common_width(rows);
    let empty = |row: &&StringRecord| row.iter().skip(width).all(|cell| cell.trim().is_empty());
    let wide = || rows.iter().filter(|row| row.len() == padded);
    if padded > width && 2 * wide().filter(empty).count() > wide().count() {
        padded
    } else {
        width
    }
}

/// Text as it comes, of which the part from `start` on is not parsed yet.
struct Chunks<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    /// Number of the line that begins at `start`, from 1.
    line: u64,
    ended: bool,
    max_record: usize,
    newline: u8,
}

impl<R: Read> Chunks<R> {
    fn new(source: R, max_record: usize) -> Self {
        Self {
            source,
            buffer: Vec::new(),
            start: 0,
            line: 1,
            ended: false,
            max_record,
            newline: b'\n',
        }
    }

    fn fresh(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Takes in another chunk behind what is not parsed yet.
    fn fill(&mut self, bytes: usize) -> io::Result<()> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let read = (&mut self.source)
            .take(bytes as u64)
            .read_to_end(&mut self.buffer)?;
        self.ended = read < bytes;
        if self.line == 1 && !self.buffer.contains(&b'\n') && self.buffer.contains(&b'\r') {
            self.newline = b'\r';
        }
        Ok(())
    }

    /// Passes over bytes that are dealt with.
    fn pass(&mut self, bytes: usize) {
        self.line += self.lines(&self.fresh()[..bytes]);
        self.start += bytes;
    }

    fn lines(&self, bytes: &[u8]) -> u64 {
        let ends = bytes.iter().map(|&byte| u64::from(byte == self.newline));
        ends.sum()
    }

    /// Where the first line of the fresh text ends, with its end.
    fn line_end(&self) -> Option<usize> {
        let end = self.fresh().iter().position(|&byte| byte == self.newline);
        end.map(|end| end + 1)
    }

    /// Where the first records of the fresh text end.
    fn measure(&self, dialect: Dialect, records: usize) -> usize {
        let mut reader = dialect.reader(self.fresh());
        let mut record = ByteRecord::new();
        for _ in 0..records {
            // An error can only be one of reading, and reading from memory has none.
            let _ = reader.read_byte_record(&mut record);
        }
        usize::try_from(reader.position().byte()).unwrap_or(0)
    }

    fn skip(&mut self, dialect: Dialect, records: usize) {
        let behind = self.measure(dialect, records);
        self.pass(behind);
    }
}

/// A text table that is being read.
struct Reader<R> {
    text: Chunks<R>,
    dialect: Dialect,
    width: usize,
    padded: usize,
    record: ByteRecord,
}

/// What to do when the rows of a chunk are read.
enum Next {
    /// Take in more.
    More,
    /// A quote was not closed; go on with the line behind it.
    Resume,
    /// Everything is read.
    End,
}

impl<R: Read> Reader<R> {
    fn read(&mut self, table: &mut Table<'_>, sink: &mut Sink) -> Result<(), ReadError> {
        loop {
            let read = match self.chunk(table, sink)? {
                Next::Resume => Ok(()),
                Next::End => return Ok(()),
                Next::More if self.text.fresh().len() > self.text.max_record => {
                    self.pass_over_long_line(sink)
                }
                Next::More => self.text.fill(CHUNK),
            };
            if let Err(error) = read {
                let detail = format!("reading broke off: {error}");
                sink.refuse(self.text.line, "", ProblemKind::Truncated, detail);
                return Ok(());
            }
        }
    }

    /// Reads the rows that are whole in the fresh text.
    fn chunk(&mut self, table: &mut Table<'_>, sink: &mut Sink) -> Result<Next, ReadError> {
        let buffer = std::mem::take(&mut self.text.buffer);
        let start = self.text.start;
        let mut parser = self.dialect.reader(&buffer[start..]);
        let mut at = start;
        let next = loop {
            let more = parser
                .read_byte_record(&mut self.record)
                .expect("reading from memory does not fail and any number of fields is taken");
            let end = start + usize::try_from(parser.position().byte()).unwrap_or(usize::MAX);
            if !self.text.ended && (!more || end >= buffer.len()) {
                break Next::More;
            }
            if !more {
                self.text.line += self.text.lines(&buffer[at..]);
                at = buffer.len();
                break Next::End;
            }
            let blanks = (buffer[at..end].iter())
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
            let line = self.text.line + self.text.lines(&buffer[at..at + blanks]);
            let raw = trim_end(&buffer[at + blanks..end]);
            let lines = self.text.lines(raw);
            if lines > 0
                && let Some(opened) =
                    quotes::unclosed(raw, self.dialect, self.record.len(), self.padded)
            {
                let opened_line = line + self.text.lines(&raw[..opened]);
                let detail = format!(
                    "a quote that opens in line {opened_line} is not closed in it, and would swallow the {} lines behind",
                    line + lines - opened_line
                );
                sink.row();
                sink.refuse(line, "", ProblemKind::UnclosedQuote, detail);
                let from = at + blanks + opened;
                let rest = buffer[from..end]
                    .iter()
                    .position(|&byte| byte == self.text.newline)
                    .map_or(end, |place| from + place + 1);
                self.text.line += self.text.lines(&buffer[at..rest]);
                at = rest;
                break Next::Resume;
            }
            self.text.line += self.text.lines(&buffer[at..end]);
            at = end;
            self.row(line, raw, table, sink)?;
        };
        self.text.buffer = buffer;
        self.text.start = at;
        Ok(next)
    }

    fn row(
        &mut self,
        line: u64,
        raw: &[u8],
        table: &mut Table<'_>,
        sink: &mut Sink,
    ) -> Result<(), ReadError> {
        if raw.len() > self.text.max_record {
            sink.row();
            let detail = format!(
                "it has {} bytes, and {} are the most",
                raw.len(),
                self.text.max_record
            );
            sink.refuse(line, "", ProblemKind::TooLong, detail);
            return Ok(());
        }
        let fields = self.record.len();
        let surplus = fields > self.width
            && (fields != self.padded
                || (self.width..fields).any(|field| !self.record[field].trim_ascii().is_empty()));
        if surplus || fields < self.width {
            sink.row();
            let kind = if surplus {
                ProblemKind::TooManyFields
            } else {
                ProblemKind::TooFewFields
            };
            let detail = format!("it has {fields} fields, and the header has {}", self.width);
            sink.refuse(line, "", kind, detail);
            return Ok(());
        }
        let record = std::mem::take(&mut self.record);
        let cells = StringRecord::from_byte_record_lossy(record);
        let row = Row {
            cells: &cells,
            time: None,
            number: line,
            sha256: Sha256::digest(raw).into(),
        };
        let done = table.row(row, sink);
        self.record = cells.into_byte_record();
        done
    }

    /// Passes over a line (or, behind an open quote, the first line of a record) that is too long.
    fn pass_over_long_line(&mut self, sink: &mut Sink) -> io::Result<()> {
        let line = self.text.line;
        sink.row();
        if let Some(end) = self.text.line_end() {
            let detail = format!(
                "a quote that opens in line {line} is not closed within {} bytes",
                self.text.max_record
            );
            sink.refuse(line, "", ProblemKind::UnclosedQuote, detail);
            self.text.pass(end);
            return Ok(());
        }
        let mut length = 0;
        loop {
            if let Some(end) = self.text.line_end() {
                length += end - 1;
                self.text.pass(end);
                break;
            }
            length += self.text.fresh().len();
            self.text.pass(self.text.fresh().len());
            if self.text.ended {
                break;
            }
            self.text.fill(CHUNK)?;
        }
        let detail = format!(
            "it has {length} bytes, and {} are the most",
            self.text.max_record
        );
        sink.refuse(line, "", ProblemKind::TooLong, detail);
        Ok(())
    }
}

/// A record without its line end.
fn trim_end(raw: &[u8]) -> &[u8] {
    let end = raw
        .iter()
        .rposition(|byte| !matches!(byte, b'\r' | b'\n'))
        .map_or(0, |last| last + 1);
    &raw[..end]
}

impl<R> std::fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}
