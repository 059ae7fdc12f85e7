//! Reads workbooks: the first sheet that has a header and rows.
//!
//! A spreadsheet keeps a time as a number of days on a clock without zone, and every number as a
//! float, in which long ids lose their last digits.

use super::cells::Spans;
use super::delimited::Dialect;
use super::problem::ProblemKind;
use super::profiles::Head;
use super::sink::Sink;
use super::table::{Columns, Row, Table};
use super::{ReadError, ReadOptions, Recognised};
use calamine::{Data, Reader, Xlsx, open_workbook_auto_from_rs};
use csv::StringRecord;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs::File;
use std::io::{Cursor, Read, Seek};

/// What stands between the cells of a row when it is hashed.
const BETWEEN: char = '\u{1f}';

/// Rows that are shown to the profiles.
const SAMPLE: usize = 1_000;

/// Reads a workbook. Where it cannot be read as a whole, the sink is told and `None` returned.
pub(super) fn read(
    file: &File,
    name: &str,
    options: &ReadOptions,
    sink: &mut Sink,
) -> Result<Option<Recognised>, ReadError> {
    let mut bytes = Vec::new();
    let mut file = file;
    let opened = file
        .rewind()
        .and_then(|()| file.read_to_end(&mut bytes))
        .map_err(calamine::Error::Io)
        .and_then(|_| open_workbook_auto_from_rs(Cursor::new(&bytes[..])));
    let mut workbook = match opened {
        Ok(workbook) => workbook,
        Err(error) => {
            // Trying one kind after another hides why the likeliest failed, a password for instance.
            let error = Xlsx::new(Cursor::new(&bytes[..]))
                .err()
                .map_or(error.to_string(), |error| error.to_string());
            let detail = format!("it is a workbook that cannot be opened: {error}");
            sink.refuse(None, "", ProblemKind::Truncated, detail);
            return Ok(None);
        }
    };
    let names = workbook.sheet_names();
    let mut chosen = None;
    for sheet in &names {
        match workbook.worksheet_range(sheet) {
            Ok(range) if range.height() > 1 && range.width() > 1 => {
                chosen = Some((sheet, range));
                break;
            }
            Ok(_) => {}
            Err(error) => {
                let detail = format!("the sheet {sheet} cannot be read: {error}");
                sink.doubt(None, "", ProblemKind::Unreadable, detail);
            }
        }
    }
    let Some((sheet, range)) = chosen else {
        let detail = "no sheet has a header and rows";
        sink.refuse(None, "", ProblemKind::NoRows, detail);
        return Ok(None);
    };
    let above = u64::from(range.start().map_or(0, |start| start.0));
    let mut text = String::new();
    let mut rows: Vec<StringRecord> = Vec::new();
    for row in range.rows().take(SAMPLE) {
        let mut cells = Spans::default();
        take(row, &mut cells, &mut text);
        rows.push(cells.cells(&text).to_record());
    }
    let header = Dialect::header(&rows);
    let columns: Vec<String> = rows[header]
        .iter()
        .map(|name| name.trim().to_owned())
        .collect();
    let floats = (0..columns.len())
        .filter(|&column| {
            range
                .rows()
                .skip(header + 1)
                .any(|row| matches!(row.get(column), Some(Data::Float(_))))
        })
        .collect();
    let head = Head {
        columns,
        rows: rows.split_off(header + 1),
    };
    let columns = Columns {
        head,
        floats,
        ..Columns::default()
    };
    let Some(mut table) = Table::new(name, columns, options, sink)? else {
        return Ok(None);
    };
    let first = header + usize::from(!table.headless());
    let mut cells = Spans::default();
    for (place, row) in range.rows().enumerate().skip(first) {
        take(row, &mut cells, &mut text);
        if cells.cells(&text).iter().all(str::is_empty) {
            continue;
        }
        let row = Row {
            cells: cells.cells(&text),
            time: None,
            number: above + place as u64 + 1,
            sha256: Sha256::digest(text.as_bytes()).into(),
        };
        table.row(row, sink)?;
    }
    let mut recognised = table.finish(sink);
    recognised
        .notes
        .push(format!("read from the sheet {sheet}"));
    if names.len() > 1 {
        recognised.notes.push(format!(
            "the workbook has {} sheets, of which one is read",
            names.len()
        ));
    }
    Ok(Some(recognised))
}

/// Puts a row into the cells, and into the text that is hashed.
fn take(row: &[Data], cells: &mut Spans, text: &mut String) {
    cells.clear();
    text.clear();
    for (place, cell) in row.iter().enumerate() {
        if place > 0 {
            text.push(BETWEEN);
        }
        let start = text.len();
        // Writing into a String never fails.
        let _ = match cell {
            Data::Empty | Data::Error(_) => Ok(()),
            Data::DateTime(time) if !time.is_duration() => {
                let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
                write!(
                    text,
                    "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
                )
                .and_then(|()| {
                    if milli > 0 {
                        write!(text, ".{milli:03}")
                    } else {
                        Ok(())
                    }
                })
            }
            Data::Float(number) => write!(text, "{number}"),
            other => write!(text, "{other}"),
        };
        cells.push(start, text.len());
    }
}
