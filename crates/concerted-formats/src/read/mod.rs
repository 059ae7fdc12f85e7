//! Reads exports of any platform into posts, and says what it recognised, read, doubted and refused.

pub mod bytes;
pub mod json;
pub mod problem;
pub mod sink;
pub mod time;

use concerted_engine::post::Posts;
use problem::Problems;
use std::path::PathBuf;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file, or a folder whose files are read in the order of their names.
    Path(PathBuf),
    /// Standard input (`-`).
    Stdin,
}

/// How to read, where the caller knows better than the recognition.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// Name of a format, which then is not asked to recognise the input (`--format`).
    pub format: Option<String>,
    /// Fields and the columns they stand in (`--map field=column`).
    pub map: Vec<(String, String)>,
    /// IANA name or offset of the clock of times that carry no zone (`--time-zone`).
    pub time_zone: Option<String>,
    /// `dmy` or `mdy` for dates like 03/04/2024 (`--date-order`).
    pub date_order: Option<String>,
    /// Cells that stand for "nothing" beside the empty one (`--missing`).
    pub missing: Vec<String>,
}

/// What is known of the clock of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// Smallest step of its times, in milliseconds: 1, 1,000 or 60,000.
    pub resolution_ms: i64,
    /// Where the times come from: the column or field, `snowflake id`, ...
    pub source: String,
}

/// What was recognised in one input and what became of its rows.
#[derive(Clone, Debug)]
pub struct InputSummary {
    /// The name as given, or `-`.
    pub name: String,
    /// SHA-256 of its bytes as they stand on disk, in hex.
    pub sha256: String,
    /// Its size in bytes as it stands on disk.
    pub bytes: u64,
    /// Name of the format.
    pub format: String,
    /// Why it was taken for that format, for a person to read.
    pub why: String,
    /// (field, column) pairs that were used, in the order of the input.
    pub mapping: Vec<(String, String)>,
    /// Columns that no field takes.
    pub unmapped: Vec<String>,
    /// Records seen.
    pub rows: u64,
    /// Records left out.
    pub refused: u64,
    /// Notes on rows that count although something is doubtful.
    pub doubted: u64,
    /// Posts handed over.
    pub posts: u64,
    /// Its clock.
    pub clock: Clock,
    /// What else the analyst should know (encoding, compression, ids recovered, ...).
    pub notes: Vec<String>,
}

/// Everything read.
#[derive(Debug, Default)]
pub struct Reading {
    /// The posts, input by input in the order of reading.
    pub posts: Posts,
    /// One summary for each file read; [`concerted_engine::post::Source::file`] is an index into it.
    pub inputs: Vec<InputSummary>,
    /// Everything that was wrong.
    pub problems: Problems,
}
