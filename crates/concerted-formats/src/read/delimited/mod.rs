//! Reads text tables: CSV and its relatives, however they are delimited, quoted and headed.
//!
//! The text is parsed a chunk at a time ([`chunks`](super::chunks)), so that memory stays bounded
//! whatever the file. A quote that is never closed makes a parser of CSV swallow the rows behind it
//! without a word; here a row that looks swallowed is refused and reading goes on behind the line
//! where the quote opened.

mod dialect;
mod quotes;
mod record;

pub(super) use dialect::Dialect;

use super::cells::Spans;
use super::chunks::{CHUNK, Chunk, Left, Place, Windows, count, read_all};
use super::problem::ProblemKind;
use super::profiles::Head;
use super::sink::Sink;
use super::table::{Columns, Layout, Row, Table, Worker};
use super::{ReadError, ReadOptions, Recognised};
use csv::{ByteRecord, StringRecord};
use memchr::memchr;
use sha2::{Digest, Sha256};
use std::io::BufRead;

/// How much text is looked at to tell the dialect.
const HEAD: usize = 1 << 20;

/// Reads a table of text. Where it cannot be read as a whole, the sink is told and `None` returned.
pub(super) fn read<R: BufRead + Send>(
    text: R,
    name: &str,
    max_record: usize,
    options: &ReadOptions,
    sink: &mut Sink,
) -> Result<Option<Recognised>, ReadError> {
    read_in_chunks(text, name, max_record, options, sink, CHUNK)
}

/// [`read`] in chunks of a given size, which changes nothing in the result.
fn read_in_chunks<R: BufRead + Send>(
    text: R,
    name: &str,
    max_record: usize,
    options: &ReadOptions,
    sink: &mut Sink,
    chunk: usize,
) -> Result<Option<Recognised>, ReadError> {
    let mut text = Windows::new(text, chunk);
    if let Err(error) = text.fill(HEAD) {
        sink.refuse(None, "", ProblemKind::Unreadable, error.to_string());
        return Ok(None);
    }
    if text.ended && text.buffer.is_empty() {
        // That it holds no byte is told where the file was opened.
        return Ok(None);
    }
    let head = text.buffer.as_bytes();
    if !head.contains(&b'\n') && head.contains(&b'\r') {
        text.newline = b'\r';
    }
    let dialect = Dialect::sniff(head, text.ended);
    text.quote = dialect.quote;
    let mut rows = dialect.rows(head, text.ended);
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
    let columns = Columns {
        head: Head {
            columns,
            rows: sample,
        },
        ..Columns::default()
    };
    let Some(mut table) = Table::new(name, columns, options, sink)? else {
        return Ok(None);
    };
    if alone && text.ended && !table.headless() && rows.len() == header + 1 {
        let behind = measure(head, dialect, header + 1);
        if head[behind..].trim_ascii().is_empty() {
            sink.refuse(
                None,
                "",
                ProblemKind::NoRows,
                "it holds a header and no row",
            );
            return Ok(None);
        }
    }
    let above = measure(head, dialect, header + usize::from(!table.headless()));
    text.pass(above);
    let reader = Reader {
        dialect,
        newline: text.newline,
        width,
        padded,
        max_record,
    };
    let (layout, total) = table.parts();
    let ended = read_all(&mut text, total, sink, |worker, chunk, sink| {
        reader.chunk(chunk, layout, worker, sink)
    })?;
    if let Some(error) = ended.broke {
        let detail = format!("reading broke off: {error}");
        sink.refuse(ended.place.line, "", ProblemKind::Truncated, detail);
    }
    let mut recognised = table.finish(sink);
    if header > 0 {
        recognised
            .notes
            .push(format!("{header} lines above the header were passed over"));
    }
    let told = dialect.to_string();
    if !told.is_empty() {
        recognised.notes.push(told);
    }
    Ok(Some(recognised))
}

/// Where the first records of a text end.
fn measure(text: &[u8], dialect: Dialect, records: usize) -> usize {
    let mut reader = dialect.reader(text);
    let mut record = ByteRecord::new();
    for _ in 0..records {
        // An error can only be one of reading, and reading from memory has none.
        let _ = reader.read_byte_record(&mut record);
    }
    usize::try_from(reader.position().byte()).unwrap_or(0)
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

/// How the rows of a text table are read.
#[derive(Clone, Copy, Debug)]
struct Reader {
    dialect: Dialect,
    newline: u8,
    width: usize,
    padded: usize,
    max_record: usize,
}

impl Reader {
    /// Reads the rows that are whole in a chunk.
    fn chunk(
        self,
        chunk: Chunk<'_>,
        layout: &Layout<'_>,
        worker: &mut Worker,
        sink: &mut Sink,
    ) -> Result<Left, ReadError> {
        let text = chunk.text;
        let bytes = text.as_bytes();
        let mut spans = Spans::default();
        let mut line = chunk.place.line;
        let mut at = 0;
        if let Some(before) = chunk.place.skipped {
            match self.skip(chunk, 0, line, before, sink) {
                Ok(behind) => {
                    line += count(self.newline, &bytes[..behind]);
                    at = behind;
                }
                Err(left) => return Ok(left),
            }
        }
        while let Some(cut) = record::cut(text, at, self.dialect, &mut spans) {
            let first = line + count(self.newline, &bytes[at..cut.start]);
            if cut.end - cut.start > self.max_record {
                match self.too_long(chunk, cut.start, first, sink) {
                    Ok(behind) => {
                        line += count(self.newline, &bytes[at..behind]);
                        at = behind;
                    }
                    Err(left) => return Ok(left),
                }
                continue;
            }
            if !cut.closed && !chunk.last {
                let place = Place {
                    line,
                    skipped: None,
                };
                return Ok(Left { read: at, place });
            }
            let raw = trim_end(&bytes[cut.start..cut.end]);
            let lines = count(self.newline, raw);
            if lines > 0
                && let Some(opened) = quotes::unclosed(raw, self.dialect, spans.len(), self.padded)
            {
                let opened_line = first + count(self.newline, &raw[..opened]);
                let detail = format!(
                    "a quote that opens in line {opened_line} is not closed in it, and would swallow the {} lines behind",
                    first + lines - opened_line
                );
                sink.row();
                sink.refuse(first, "", ProblemKind::UnclosedQuote, detail);
                let behind = self
                    .line_end(bytes, cut.start + opened)
                    .unwrap_or(cut.behind);
                line += count(self.newline, &bytes[at..behind]);
                at = behind;
                continue;
            }
            line = first + count(self.newline, &bytes[cut.start..cut.behind]);
            at = cut.behind;
            self.row(first, raw, spans.cells(text), layout, worker, sink)?;
        }
        // Nothing but line ends is left.
        let place = Place {
            line: line + count(self.newline, &bytes[at..]),
            skipped: None,
        };
        let read = text.len();
        Ok(Left { read, place })
    }

    fn row(
        self,
        line: u64,
        raw: &[u8],
        cells: super::cells::Cells<'_>,
        layout: &Layout<'_>,
        worker: &mut Worker,
        sink: &mut Sink,
    ) -> Result<(), ReadError> {
        let fields = cells.len();
        let filled = |field| {
            cells
                .get(field)
                .is_some_and(|cell| !cell.as_bytes().trim_ascii().is_empty())
        };
        let surplus =
            fields > self.width && (fields != self.padded || (self.width..fields).any(filled));
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
        let row = Row {
            cells,
            time: None,
            number: line,
            sha256: Sha256::digest(raw).into(),
        };
        worker.row(layout, row, sink)
    }

    /// Where the line ends that `at` stands in, with its end.
    fn line_end(self, text: &[u8], at: usize) -> Option<usize> {
        memchr(self.newline, &text[at..]).map(|end| at + end + 1)
    }

    /// Passes over the first line of a record that is too long: the line itself may be, or behind an
    /// open quote the record. Returns where to go on, or where reading ended in the middle of it.
    fn too_long(
        self,
        chunk: Chunk<'_>,
        start: usize,
        line: u64,
        sink: &mut Sink,
    ) -> Result<usize, Left> {
        sink.row();
        let end = self.line_end(chunk.text.as_bytes(), start);
        if let Some(end) = end.filter(|end| end - start <= self.max_record) {
            let detail = format!(
                "a quote that opens in line {line} is not closed within {} bytes",
                self.max_record
            );
            sink.refuse(line, "", ProblemKind::UnclosedQuote, detail);
            return Ok(end);
        }
        self.skip(chunk, start, line, 0, sink)
    }

    /// Passes over a line that is too long, of which `before` bytes are passed already.
    fn skip(
        self,
        chunk: Chunk<'_>,
        start: usize,
        line: u64,
        before: u64,
        sink: &mut Sink,
    ) -> Result<usize, Left> {
        let text = chunk.text.as_bytes();
        let end = self.line_end(text, start);
        let behind = end.unwrap_or(text.len());
        let length = before + (behind - start) as u64 - u64::from(end.is_some());
        if end.is_none() && !chunk.last {
            let place = Place {
                line,
                skipped: Some(length),
            };
            return Err(Left {
                read: behind,
                place,
            });
        }
        let detail = format!(
            "it has {length} bytes, and {} are the most",
            self.max_record
        );
        sink.refuse(line, "", ProblemKind::TooLong, detail);
        Ok(behind)
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

#[cfg(test)]
mod tests;
