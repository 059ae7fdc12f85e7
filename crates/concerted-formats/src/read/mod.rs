//! Reads exports of any platform into posts, and says what it recognised, read, doubted and refused.

pub mod bytes;
mod cells;
mod chunks;
mod delimited;
mod error;
pub mod fields;
pub mod json;
mod parquet;
pub mod problem;
pub mod profiles;
pub mod sink;
mod table;
pub mod time;
mod watch;
mod workbook;

pub use error::ReadError;
pub use watch::{Shown, Watch};

use bytes::{Content, Finished, Limits, Opened};
use concerted_engine::post::{Millis, Posts};
use fields::Field;
use problem::{ProblemKind, Problems};
use profiles::Profile;
use sink::Sink;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, BufRead};
use std::path::PathBuf;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file, or a folder whose files are read in the order of their names.
    Path(PathBuf),
    /// Standard input (`-`).
    Stdin,
    /// Bytes in memory under a name: a piece of something that never ends.
    Bytes(String, Vec<u8>),
}

impl Input {
    /// The name under which it is listed: the path, `-`, or what it was given.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Stdin => "-".to_owned(),
            Self::Bytes(name, _) => name.clone(),
        }
    }
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

/// Reads inputs in their order, folders in the order of the names in them.
///
/// What is wrong with a row or a file is a problem among others in the result; an error is only what
/// makes the whole result meaningless: options that fit nothing, a clock without a zone, or inputs
/// of which none can be read.
pub fn read(inputs: &[Input], options: &ReadOptions) -> Result<Reading, ReadError> {
    read_within(inputs, options, &Limits::default())
}

/// [`read`] with limits of one's own.
pub fn read_within(
    inputs: &[Input],
    options: &ReadOptions,
    limits: &Limits,
) -> Result<Reading, ReadError> {
    read_watched(inputs, options, limits, &Watch::default())
}

/// [`read_within`] for somebody who waits and looks at a watch meanwhile.
pub fn read_watched(
    inputs: &[Input],
    options: &ReadOptions,
    limits: &Limits,
    watch: &Watch,
) -> Result<Reading, ReadError> {
    if let Some(format) = &options.format
        && !formats()
            .iter()
            .any(|known| fields::plain(known) == fields::plain(format))
    {
        return Err(ReadError::UnknownFormat {
            name: format.clone(),
            known: formats().join(", "),
        });
    }
    for (word, _) in &options.map {
        field(word)?;
    }
    let mut reading = Reading::default();
    let mut recognised = false;
    let inputs = expand(inputs);
    for input in &inputs {
        if let Input::Path(path) = input {
            watch.expect_bytes(fs::metadata(path).map_or(0, |file| file.len()));
        }
    }
    for input in inputs {
        watch.begin(&input.name());
        match bytes::open_watched(&input, limits, watch) {
            Ok(opened) => {
                for opened in opened {
                    recognised |= read_one(opened, options, limits, watch, &mut reading)?;
                }
            }
            Err(error) => {
                let mut sink = Sink::new(next_file(&reading));
                sink.refuse(None, "", error.kind(), error.to_string());
                keep(&mut reading, sink, input.name(), None, Finished::default());
            }
        }
    }
    if !recognised {
        return Err(ReadError::nothing(&reading));
    }
    Ok(reading)
}

/// The words of `--format`, in the order in which formats are asked.
pub fn formats() -> Vec<&'static str> {
    let tables = profiles::ALL.iter().map(|profile| profile.name);
    tables.chain(json::formats()).collect()
}

/// The field of a word of `--map`.
fn field(word: &str) -> Result<Field, ReadError> {
    Field::named(word).ok_or_else(|| ReadError::UnknownField {
        name: word.to_owned(),
        known: Field::ALL
            .iter()
            .map(|field| field.word())
            .collect::<Vec<_>>()
            .join(", "),
    })
}

/// What a reader says about the input as a whole.
#[derive(Clone, Debug)]
struct Recognised {
    format: String,
    why: String,
    mapping: Vec<(String, String)>,
    unmapped: Vec<String>,
    /// The step of the clock, where the times themselves do not show it.
    resolution_ms: Option<i64>,
    clock_source: String,
    notes: Vec<String>,
}

fn next_file(reading: &Reading) -> u32 {
    u32::try_from(reading.inputs.len()).expect("fewer than 2^32 files are named in one command")
}

/// Reads one opened input, and returns whether it was recognised.
fn read_one(
    mut opened: Opened,
    options: &ReadOptions,
    limits: &Limits,
    watch: &Watch,
    reading: &mut Reading,
) -> Result<bool, ReadError> {
    let mut sink = Sink::new(next_file(reading)).watched(watch);
    let name = opened.name.clone();
    let found = match &mut opened.content {
        Content::Text(text) => text_or_json(text, &name, limits, options, &mut sink),
        Content::Parquet(whole) => parquet::read(&whole.file, &name, options, watch, &mut sink),
        Content::Workbook(whole) => workbook::read(&whole.file, &name, options, &mut sink),
    }?;
    let finished = opened.finish().unwrap_or_else(|error| {
        sink.refuse(None, "", ProblemKind::Unreadable, error.to_string());
        Finished::default()
    });
    finished.tell(&mut sink);
    let recognised = found.is_some();
    keep(reading, sink, name, found, finished);
    Ok(recognised)
}

/// Reads text as JSON if it looks like it, or if its format is one of JSON, else as a table.
fn text_or_json(
    text: &mut bytes::Text,
    name: &str,
    limits: &Limits,
    options: &ReadOptions,
    sink: &mut Sink,
) -> Result<Option<Recognised>, ReadError> {
    let as_json = match &options.format {
        Some(format) => Profile::named(format).is_none(),
        None => text
            .fill_buf()
            .is_ok_and(|head| json::recognise(head).is_some()),
    };
    if !as_json {
        return delimited::read(text, name, limits.max_record, options, sink);
    }
    match json::read_json(text, options, limits.max_record, sink) {
        Ok(outcome) => Ok(Some(Recognised {
            format: outcome.format,
            why: outcome.why,
            mapping: outcome.mapping,
            unmapped: outcome.unmapped,
            resolution_ms: Some(outcome.clock.resolution_ms),
            clock_source: outcome.clock.source,
            notes: outcome.notes,
        })),
        Err(json::JsonError::Setting(error)) => Err(error.into()),
        Err(error) => {
            let kind = match error {
                json::JsonError::Io(_) => ProblemKind::Unreadable,
                _ => ProblemKind::BadJson,
            };
            sink.refuse(None, "", kind, error.to_string());
            Ok(None)
        }
    }
}

fn keep(
    reading: &mut Reading,
    sink: Sink,
    name: String,
    found: Option<Recognised>,
    finished: Finished,
) {
    let step = resolution_ms(sink.posts().iter().map(|post| post.time()));
    let (refused, doubted) = sink.problems().count(sink.file());
    let found = found.unwrap_or_else(|| Recognised {
        format: "unknown".to_owned(),
        why: "it was not read".to_owned(),
        mapping: Vec::new(),
        unmapped: Vec::new(),
        resolution_ms: None,
        clock_source: String::new(),
        notes: Vec::new(),
    });
    let mut notes = finished.notes;
    notes.extend(found.notes);
    reading.inputs.push(InputSummary {
        name,
        sha256: finished.sha256,
        bytes: finished.bytes,
        format: found.format,
        why: found.why,
        mapping: found.mapping,
        unmapped: found.unmapped,
        rows: sink.rows(),
        refused,
        doubted,
        posts: sink.posts().len() as u64,
        clock: Clock {
            resolution_ms: found.resolution_ms.unwrap_or(step),
            source: found.clock_source,
        },
        notes,
    });
    let (posts, problems) = sink.into_parts();
    if reading.posts.is_empty() {
        reading.posts = posts;
    } else {
        reading.posts.append(&posts);
    }
    reading.problems.append(problems);
}

/// The step of a clock: a minute or a second if all times are whole ones. A few whole minutes are
/// chance; twenty different ones come up once in 10^35 by chance on a clock of seconds.
fn resolution_ms(times: impl Iterator<Item = Millis>) -> i64 {
    const ENOUGH: usize = 20;
    let mut step = 60_000;
    let mut distinct = BTreeSet::new();
    for time in times {
        if time % 1_000 != 0 {
            return 1;
        }
        if time % step != 0 {
            step = 1_000;
        }
        if distinct.len() < ENOUGH {
            distinct.insert(time);
        }
    }
    if distinct.len() < ENOUGH { 1_000 } else { step }
}

/// The inputs with the files of folders in their place.
fn expand(inputs: &[Input]) -> Vec<Input> {
    let mut files = Vec::new();
    for input in inputs {
        match input {
            Input::Path(path) if path.is_dir() => {
                // A folder that cannot be listed stays in the list, so that opening it tells why.
                let Ok(mut inside) = list(path) else {
                    files.push(input.clone());
                    continue;
                };
                inside.sort();
                files.extend(expand(
                    &inside.into_iter().map(Input::Path).collect::<Vec<_>>(),
                ));
            }
            _ => files.push(input.clone()),
        }
    }
    files
}

fn list(folder: &std::path::Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_of_a_clock_shows_in_its_times() {
        let minutes = |n: i64| (0..n).map(|i| i * 60_000);
        assert_eq!(resolution_ms(minutes(20)), 60_000);
        assert_eq!(resolution_ms(minutes(19)), 1_000);
        assert_eq!(resolution_ms(minutes(30).chain([61_000])), 1_000);
        assert_eq!(resolution_ms(minutes(30).chain([61_001])), 1);
        assert_eq!(resolution_ms(std::iter::repeat_n(60_000, 99)), 1_000);
    }
}
