//! A look at every post of a case without keeping any: what the report needs of a million posts.
//!
//! Only six columns are decoded, and texts are borrowed from the batch, so that a report of a large
//! case does not wait for columns that nobody reads.

use super::cell::{Cell, Time};
use super::error::CaseError;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{TimestampMillisecondType, UInt64Type};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::path::Path;

/// What is seen of a post.
#[derive(Clone, Copy, Debug)]
pub struct Glance<'a> {
    /// The account.
    pub account_id: &'a str,
    /// The platform.
    pub platform: &'a str,
    /// When.
    pub time: Time,
    /// The text as written.
    pub text: &'a str,
    /// The language as the source labels it.
    pub lang: &'a str,
    /// Name of the input it was read from.
    pub source_file: &'a str,
    /// Row of that input.
    pub source_row: u64,
}

const TEXTS: [&str; 5] = ["account_id", "platform", "text", "lang", "source_file"];

pub(super) fn each_post(path: &Path, mut visit: impl FnMut(Glance<'_>)) -> Result<(), CaseError> {
    let file = File::open(path).map_err(CaseError::io(path))?;
    let wrong = CaseError::parquet(path);
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(&wrong)?;
    let columns = TEXTS.into_iter().chain(["time", "source_row"]);
    let mask = ProjectionMask::columns(builder.parquet_schema(), columns);
    let batches = builder.with_projection(mask).build().map_err(&wrong)?;
    for batch in batches {
        let batch = batch
            .map_err(parquet::errors::ParquetError::from)
            .map_err(&wrong)?;
        look(&batch, path, &mut visit)?;
    }
    Ok(())
}

fn look(
    batch: &RecordBatch,
    path: &Path,
    visit: &mut impl FnMut(Glance<'_>),
) -> Result<(), CaseError> {
    let column = |name: &'static str, expected: &'static str| CaseError::Column {
        file: path.to_owned(),
        column: name,
        expected,
    };
    let mut texts = Vec::with_capacity(TEXTS.len());
    for name in TEXTS {
        texts.push(
            batch
                .column_by_name(name)
                .and_then(|array| array.as_string_opt::<i32>())
                .ok_or_else(|| column(name, "text"))?,
        );
    }
    let time = batch
        .column_by_name("time")
        .and_then(|array| array.as_primitive_opt::<TimestampMillisecondType>())
        .ok_or_else(|| column("time", Time::KIND.word()))?;
    let source_row = batch
        .column_by_name("source_row")
        .and_then(|array| array.as_primitive_opt::<UInt64Type>())
        .ok_or_else(|| column("source_row", u64::KIND.word()))?;
    for row in 0..batch.num_rows() {
        let text = |place: usize| {
            if texts[place].is_null(row) {
                ""
            } else {
                texts[place].value(row)
            }
        };
        visit(Glance {
            account_id: text(0),
            platform: text(1),
            text: text(2),
            lang: text(3),
            source_file: text(4),
            time: Time(time.value(row)),
            source_row: source_row.value(row),
        });
    }
    Ok(())
}

impl Glance<'_> {
    /// Where the raw record stands.
    pub fn place(&self) -> (&str, u64) {
        (self.source_file, self.source_row)
    }
}
