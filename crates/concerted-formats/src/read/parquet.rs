//! Reads Parquet tables, some batches of rows at a time on all cores, without loss of a digit.
//!
//! A timestamp without zone is a count since 1970 by definition of the format; whether its writer
//! meant UTC it does not say, so it is read as UTC and doubted once.

use super::cells::Spans;
use super::chunks::Hand;
use super::problem::ProblemKind;
use super::profiles::Head;
use super::sink::Sink;
use super::table::{Columns, Layout, Row, Table, Worker};
use super::{ReadError, ReadOptions, Recognised, Watch};
use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Float32Type, Float64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::error::ArrowError;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use concerted_engine::post::Millis;
use csv::StringRecord;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::fs::File;

/// Rows that are decoded at a time.
const BATCH: usize = 8_192;

/// Rows that are shown to the profiles.
const SAMPLE: usize = 1_000;

/// What stands between the cells of a row when it is hashed.
const BETWEEN: char = '\u{1f}';

/// Reads a Parquet file. Where it cannot be read as a whole, the sink is told and `None` returned.
pub(super) fn read(
    file: &File,
    name: &str,
    options: &ReadOptions,
    watch: &Watch,
    sink: &mut Sink,
) -> Result<Option<Recognised>, ReadError> {
    let mut all_rows = 0;
    let opened = file
        .try_clone()
        .map_err(Into::into)
        .and_then(ParquetRecordBatchReaderBuilder::try_new)
        .and_then(|builder| {
            all_rows = u64::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
            builder.with_batch_size(BATCH).build()
        });
    let mut batches = match opened {
        Ok(batches) => batches.peekable(),
        Err(error) => {
            let detail = format!("it is a Parquet file without a readable end: {error}");
            sink.refuse(None, "", ProblemKind::Truncated, detail);
            return Ok(None);
        }
    };
    let first = match batches.peek() {
        Some(Ok(batch)) => batch,
        Some(Err(error)) => {
            let detail = broken(error);
            sink.refuse(None, "", ProblemKind::Truncated, detail);
            return Ok(None);
        }
        None => {
            sink.refuse(None, "", ProblemKind::NoRows, "it holds columns and no row");
            return Ok(None);
        }
    };
    let schema = first.schema();
    let mut columns = Columns {
        head: Head {
            columns: schema
                .fields()
                .iter()
                .map(|field| field.name().clone())
                .collect(),
            rows: Vec::new(),
        },
        ..Columns::default()
    };
    for (place, field) in schema.fields().iter().enumerate() {
        if zone_of(field.data_type()).is_some() {
            columns.times.push(place);
        }
        if field.data_type().is_floating() {
            columns.floats.push(place);
        }
    }
    match sample(first) {
        Ok(rows) => columns.head.rows = rows,
        Err(error) => {
            sink.refuse(None, "", ProblemKind::Unreadable, broken(&error));
            return Ok(None);
        }
    }
    let Some(mut table) = Table::new(name, columns, options, sink)? else {
        return Ok(None);
    };
    let time_column = table.time_column();
    let zoneless = zone_of(schema.field(time_column).data_type()) == Some(false);
    let (layout, total) = table.parts();
    let bytes = file.metadata().map_or(0, |file| file.len());
    let at_a_time = 2 * rayon::current_num_threads();
    let file_number = sink.file();
    let mut number = 0;
    let mut next: Vec<_> = batches.by_ref().take(at_a_time).collect();
    'all: while !next.is_empty() {
        let now = next;
        let hands: Vec<Worker> = now.iter().map(|_| total.fork()).collect();
        let starts = now.iter().scan(number, |number, batch| {
            let start = *number;
            *number += batch.as_ref().map_or(0, |batch| batch.num_rows() as u64);
            Some(start)
        });
        let starts: Vec<u64> = starts.collect();
        let read = |place: usize, hand: Worker, batch: &RecordBatch| {
            let mut part = Part {
                sink: Sink::new(file_number),
                hand,
                done: Ok(()),
            };
            part.read(batch, starts[place], time_column, layout);
            part
        };
        let (parts, after) = rayon::join(
            || -> Vec<Option<Part>> {
                let hands = hands.into_par_iter().enumerate().with_max_len(1);
                hands
                    .map(|(place, hand)| Some(read(place, hand, now[place].as_ref().ok()?)))
                    .collect()
            },
            || batches.by_ref().take(at_a_time).collect::<Vec<_>>(),
        );
        for (place, (part, batch)) in parts.into_iter().zip(&now).enumerate() {
            let (mut part, batch) = match (part, batch) {
                (Some(part), Ok(batch)) => (part, batch),
                (_, Err(error)) => {
                    sink.refuse(number + 1, "", ProblemKind::Truncated, broken(error));
                    break 'all;
                }
                (None, Ok(_)) => break 'all,
            };
            if !total.agrees(&part.hand) {
                part = read(place, total.fork(), batch);
            }
            total.absorb(part.hand);
            sink.append(part.sink);
            match part.done {
                Ok(()) => {}
                Err(Stop::Read(error)) => return Err(error),
                Err(Stop::Arrow(error)) => {
                    sink.refuse(number + 1, "", ProblemKind::Unreadable, broken(&error));
                    break 'all;
                }
            }
            let rows = batch.num_rows() as u64;
            number += rows;
            watch.bytes(bytes * rows / all_rows.max(1));
        }
        next = after;
    }
    let mut recognised = table.finish(sink);
    if zoneless && number > 0 {
        let column = schema.field(time_column).name();
        let detail = "its timestamps carry no zone and were read as UTC";
        if options.time_zone.is_none() {
            sink.doubt(None, column, ProblemKind::NoZone, detail);
        }
        recognised
            .notes
            .push(format!("the column {column}: {detail}"));
    }
    Ok(Some(recognised))
}

/// What reading one batch gave.
struct Part {
    sink: Sink,
    hand: Worker,
    done: Result<(), Stop>,
}

/// Why reading a batch stopped.
enum Stop {
    Read(ReadError),
    Arrow(ArrowError),
}

impl Part {
    /// Reads the rows of a batch, of which the first has the number behind `number`.
    fn read(&mut self, batch: &RecordBatch, number: u64, time: usize, layout: &Layout<'_>) {
        let columns = match open(batch) {
            Ok(columns) => columns,
            Err(error) => {
                self.done = Err(Stop::Arrow(error));
                return;
            }
        };
        let times = batch.column(time);
        let mut cells = Spans::default();
        let mut text = String::new();
        for row in 0..batch.num_rows() {
            take(&columns, row, &mut cells, &mut text);
            let row = Row {
                cells: cells.cells(&text),
                time: typed_time(times, row),
                number: number + row as u64 + 1,
                sha256: Sha256::digest(text.as_bytes()).into(),
            };
            if let Err(error) = self.hand.row(layout, row, &mut self.sink) {
                self.done = Err(Stop::Read(error));
                return;
            }
        }
    }
}

fn broken(error: &ArrowError) -> String {
    format!("reading broke off: {error}")
}

/// Whether times of this type carry a zone; `None` for what is no time.
fn zone_of(kind: &DataType) -> Option<bool> {
    match kind {
        DataType::Timestamp(_, zone) => Some(zone.is_some()),
        DataType::Date32 | DataType::Date64 => Some(false),
        _ => None,
    }
}

/// The time in a column of times. A time beyond what milliseconds can count is out of any range.
fn typed_time(column: &ArrayRef, row: usize) -> Option<Millis> {
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Timestamp(TimeUnit::Second, _) => column
            .as_primitive::<TimestampSecondType>()
            .value(row)
            .saturating_mul(1_000),
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            column.as_primitive::<TimestampMillisecondType>().value(row)
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => column
            .as_primitive::<TimestampMicrosecondType>()
            .value(row)
            .div_euclid(1_000),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => column
            .as_primitive::<TimestampNanosecondType>()
            .value(row)
            .div_euclid(1_000_000),
        DataType::Date32 => i64::from(column.as_primitive::<Date32Type>().value(row)) * 86_400_000,
        DataType::Date64 => column.as_primitive::<Date64Type>().value(row),
        _ => return None,
    })
}

/// A column whose cells can be written as text.
enum Cells<'a> {
    Text(&'a arrow::array::StringArray),
    LargeText(&'a arrow::array::LargeStringArray),
    Float(&'a ArrayRef),
    List(&'a ArrayRef),
    /// Times in a zone by name, such as UTC, whose text the library does not write.
    Moment(&'a ArrayRef),
    Other(ArrayFormatter<'a>),
}

fn open(batch: &RecordBatch) -> Result<Vec<Cells<'_>>, ArrowError> {
    batch
        .columns()
        .iter()
        .map(|column| {
            Ok(match column.data_type() {
                DataType::Utf8 => Cells::Text(column.as_string()),
                DataType::LargeUtf8 => Cells::LargeText(column.as_string()),
                DataType::Float32 | DataType::Float64 => Cells::Float(column),
                DataType::List(_) | DataType::LargeList(_) => Cells::List(column),
                _ => {
                    const AS_TEXT: FormatOptions<'static> = FormatOptions::new();
                    match ArrayFormatter::try_new(column, &AS_TEXT) {
                        Ok(formatter) => Cells::Other(formatter),
                        Err(_) if zone_of(column.data_type()) == Some(true) => {
                            Cells::Moment(column)
                        }
                        Err(error) => return Err(error),
                    }
                }
            })
        })
        .collect()
}

impl Cells<'_> {
    fn write(&self, row: usize, text: &mut String) {
        match self {
            Self::Text(column) if column.is_valid(row) => text.push_str(column.value(row)),
            Self::LargeText(column) if column.is_valid(row) => text.push_str(column.value(row)),
            Self::Text(_) | Self::LargeText(_) => {}
            Self::Float(column) => write_float(column, row, text),
            Self::List(column) => write_list(column, row, text),
            Self::Moment(column) => {
                // The number behind the time is UTC whatever the zone is called.
                if let Some(time) = typed_time(column, row) {
                    let _ = write!(text, "{}", crate::case::cell::Time(time));
                }
            }
            Self::Other(column) => {
                // A value that cannot be shown (a date beyond the calendar) is an empty cell.
                let before = text.len();
                if column.value(row).write(text).is_err() {
                    text.truncate(before);
                }
            }
        }
    }
}

/// Tables of numbers keep ids with gaps as floats: 129235.0 is the id 129235.
fn write_float(column: &ArrayRef, row: usize, text: &mut String) {
    if column.is_null(row) {
        return;
    }
    let value = if let Some(column) = column.as_primitive_opt::<Float64Type>() {
        column.value(row)
    } else {
        f64::from(column.as_primitive::<Float32Type>().value(row))
    };
    if !value.is_nan() {
        // Writing into a String never fails, and floats print all their digits and no exponent.
        let _ = write!(text, "{value}");
    }
}

/// A list as JSON, from which the reader of list cells takes its items.
fn write_list(column: &ArrayRef, row: usize, text: &mut String) {
    if column.is_null(row) {
        return;
    }
    let items = match column.as_list_opt::<i32>() {
        Some(lists) => lists.value(row),
        None => column.as_list::<i64>().value(row),
    };
    let Ok(formatter) = ArrayFormatter::try_new(&items, &FormatOptions::new()) else {
        return;
    };
    let items: Vec<String> = (0..items.len())
        .filter(|&item| items.is_valid(item))
        .map(|item| formatter.value(item).to_string())
        .collect();
    text.push_str(&serde_json::Value::from(items).to_string());
}

/// Puts a row into the cells, and into the text that is hashed.
fn take(columns: &[Cells<'_>], row: usize, cells: &mut Spans, text: &mut String) {
    cells.clear();
    text.clear();
    for (place, column) in columns.iter().enumerate() {
        if place > 0 {
            text.push(BETWEEN);
        }
        let start = text.len();
        column.write(row, text);
        cells.push(start, text.len());
    }
}

fn sample(batch: &RecordBatch) -> Result<Vec<StringRecord>, ArrowError> {
    let columns = open(batch)?;
    let mut text = String::new();
    Ok((0..batch.num_rows().min(SAMPLE))
        .map(|row| {
            let mut cells = Spans::default();
            take(&columns, row, &mut cells, &mut text);
            cells.cells(&text).to_record()
        })
        .collect())
}
