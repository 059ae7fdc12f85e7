//! Parquet tables, written row by row with bounded memory and read back the same way.
//!
//! Rows are gathered to small batches, batches to row groups of at most 122,880 rows (what `DuckDB`
//! scans in one piece) or 64 MB, whichever comes first, so that ten million posts pass through a
//! buffer of that size. Columns whose cells repeat get a dictionary; for ids, texts and hashes it
//! would only be built to be thrown away.

use super::cell::Kind;
use super::error::CaseError;
use super::row::Row;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;
use std::fs::File;
use std::io::BufWriter;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const BATCH_ROWS: usize = 8_192;
const BATCH_BYTES: usize = 16 << 20;
const GROUP_ROWS: usize = 122_880;
const GROUP_BYTES: usize = 64 << 20;
/// An Arrow text column holds 2 GiB; a row of half of that always fits into a batch.
const ROW_BYTES: usize = 1 << 30;

/// Columns in which nearly every cell is another.
const DISTINCT: &[&str] = &["post_id", "text", "raw_sha256"];
/// Columns whose cells grow or differ little from row to row.
const STEADY: &[&str] = &["time", "source_row"];

/// Writes one table.
pub(crate) struct RowWriter<R> {
    path: PathBuf,
    schema: SchemaRef,
    out: ArrowWriter<BufWriter<File>>,
    batch: Vec<R>,
    batch_bytes: usize,
    rows: u64,
}

impl<R: Row> RowWriter<R> {
    pub(crate) fn create(path: &Path) -> Result<Self, CaseError> {
        let file = File::create(path).map_err(CaseError::io(path))?;
        let schema = schema::<R>();
        let out = ArrowWriter::try_new(
            BufWriter::with_capacity(1 << 20, file),
            Arc::clone(&schema),
            Some(properties::<R>()),
        )
        .map_err(CaseError::parquet(path))?;
        Ok(Self {
            path: path.to_owned(),
            schema,
            out,
            batch: Vec::new(),
            batch_bytes: 0,
            rows: 0,
        })
    }

    pub(crate) fn push(&mut self, row: R) -> Result<(), CaseError> {
        let bytes = row.weight();
        self.rows += 1;
        if bytes > ROW_BYTES {
            return Err(CaseError::TooLong {
                file: self.path.clone(),
                row: self.rows,
                bytes,
            });
        }
        if self.batch.len() == BATCH_ROWS || self.batch_bytes + bytes > BATCH_BYTES {
            self.write_batch()?;
        }
        self.batch_bytes += bytes;
        self.batch.push(row);
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<u64, CaseError> {
        self.write_batch()?;
        self.out.close().map_err(CaseError::parquet(&self.path))?;
        Ok(self.rows)
    }

    fn write_batch(&mut self) -> Result<(), CaseError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), R::arrays(&self.batch))
            .map_err(parquet::errors::ParquetError::from)
            .and_then(|batch| self.out.write(&batch));
        self.batch.clear();
        self.batch_bytes = 0;
        batch.map_err(CaseError::parquet(&self.path))
    }
}

fn schema<R: Row>() -> SchemaRef {
    let field = |column: &super::row::Column| Field::new(column.name, column.kind().arrow(), true);
    Arc::new(Schema::new(
        R::TABLE.columns.iter().map(field).collect::<Vec<_>>(),
    ))
}

fn properties<R: Row>() -> WriterProperties {
    let mut properties = WriterProperties::builder()
        // The name of the layout, not of the library and its version: the bytes should not change
        // because a library called itself differently.
        .set_created_by(format!("concerted-case version {}.0.0", super::VERSION))
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_max_row_group_bytes(Some(GROUP_BYTES));
    for column in R::TABLE.columns {
        let path = ColumnPath::from(column.name);
        if STEADY.contains(&column.name) {
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        } else if DISTINCT.contains(&column.name) || column.kind() == Kind::Number {
            properties = properties.set_column_dictionary_enabled(path, false);
        }
    }
    properties.build()
}

/// The rows of a Parquet table, read a batch at a time.
pub struct Rows<R> {
    path: PathBuf,
    batches: ParquetRecordBatchReader,
    arrays: Vec<ArrayRef>,
    in_batch: usize,
    at: usize,
    before: u64,
    failed: bool,
    row: PhantomData<fn() -> R>,
}

impl<R> std::fmt::Debug for Rows<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows")
            .field("path", &self.path)
            .field("row", &(self.before + self.at as u64))
            .finish_non_exhaustive()
    }
}

impl<R: Row> Rows<R> {
    /// Opens a table whose rows are of this type.
    pub fn open(path: &Path) -> Result<Self, CaseError> {
        let file = File::open(path).map_err(CaseError::io(path))?;
        let batches = ParquetRecordBatchReaderBuilder::try_new(file)
            .and_then(|builder| builder.with_batch_size(BATCH_ROWS).build())
            .map_err(CaseError::parquet(path))?;
        Ok(Self {
            path: path.to_owned(),
            batches,
            arrays: Vec::new(),
            in_batch: 0,
            at: 0,
            before: 0,
            failed: false,
            row: PhantomData,
        })
    }

    /// Fetches the next batch; whether there is one.
    fn advance(&mut self) -> Result<bool, CaseError> {
        self.before += self.in_batch as u64;
        (self.at, self.in_batch) = (0, 0);
        let Some(batch) = self.batches.next() else {
            return Ok(false);
        };
        let batch = batch
            .map_err(parquet::errors::ParquetError::from)
            .map_err(CaseError::parquet(&self.path))?;
        self.arrays.clear();
        for column in R::TABLE.columns {
            let array = batch
                .column_by_name(column.name)
                .filter(|array| array.data_type() == &column.kind().arrow());
            self.arrays.push(Arc::clone(array.ok_or(CaseError::Column {
                file: self.path.clone(),
                column: column.name,
                expected: column.type_word,
            })?));
        }
        self.in_batch = batch.num_rows();
        Ok(true)
    }
}

/// An error ends the iteration.
impl<R: Row> Iterator for Rows<R> {
    type Item = Result<R, CaseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        while self.at == self.in_batch {
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
        let row = R::from_arrays(&self.arrays, self.at).map_err(|column| CaseError::Cell {
            file: self.path.clone(),
            row: self.before + self.at as u64 + 1,
            column,
        });
        self.at += 1;
        self.failed = row.is_err();
        Some(row)
    }
}
