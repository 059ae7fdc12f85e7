//! Any bytes as an export: every reader, and the scan of what was read.
//!
//! The first byte chooses the ending of the file's name, the rest is the file. Rows are counted: each is a post
//! or is told of as a problem. What was read is scanned, since the texts, links and times of a hostile file
//! reach every stage behind the readers.

#![no_main]

use concerted_engine::controls::ControlPlan;
use concerted_engine::pipeline::{self, Plan};
use concerted_formats::read::{Input, ReadOptions, read};
use libfuzzer_sys::fuzz_target;

const ENDINGS: [&str; 8] = [
    "csv", "ndjson", "json", "xlsx", "parquet", "tsv", "csv.gz", "ndjson.zst",
];

/// Posts that a scan of one input may take, so that a single input stays a matter of milliseconds.
const SCANNED: usize = 300;

fuzz_target!(|data: &[u8]| {
    let Some((choice, file)) = data.split_first() else {
        return;
    };
    let ending = ENDINGS[usize::from(*choice) % ENDINGS.len()];
    let dir = tempfile::tempdir().expect("the system's folder for temporary files can be written");
    let path = dir.path().join(format!("export.{ending}"));
    std::fs::write(&path, file).expect("a file in a fresh folder can be written");
    let Ok(reading) = read(&[Input::Path(path)], &ReadOptions::default()) else {
        return;
    };
    for input in &reading.inputs {
        assert!(input.refused <= input.rows, "more rows refused than read");
    }
    if reading.posts.is_empty() || reading.posts.len() > SCANNED {
        return;
    }
    let plan = Plan {
        controls: ControlPlan::with_copies(1),
        ..Plan::for_resolution(1_000)
    };
    let findings = pipeline::scan(&reading.posts, &plan, &|_| ());
    assert!(findings.understood.len() <= reading.posts.len());
});
