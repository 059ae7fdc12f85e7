//! The case folder: what a scan leaves behind, for DuckDB, pandas, R, Gephi and a text editor.
//!
//! [`CaseWriter`] writes it whole or not at all, [`Case`] reads it back, [`verify()`] checks it with
//! nothing but the folder. The tables and the meaning of every column stand in [`tables`]; the page
//! `docs/formats/case.md` and the schemas of `datapackage.json` are made from them. Rows are in an
//! analyst's words only: accounts, posts, times, links, never an index. The same content always
//! gives the same bytes; the one time stamp is `made_at` in `case.toml`.

pub mod calibration;
pub mod cell;
pub mod csv_text;
pub mod divisions;
pub mod docs;
pub mod edits;
mod error;
pub mod findings;
mod glance;
mod layout;
mod manifest;
pub(crate) mod network;
pub(crate) mod parquet_file;
mod place;
pub mod plan;
pub mod pseudonym;
mod reader;
pub(crate) mod row;
pub mod tables;
pub mod unfinished;
mod verify;
mod writer;

pub use error::CaseError;
pub use glance::Glance;
pub use parquet_file::Rows;
pub use reader::Case;
pub use row::{Column, Table};
pub use verify::{Finding, FindingKind, verify};
pub use writer::{CaseWriter, Written, write_table};

/// Version of the case folder that this program writes.
pub const VERSION: u32 = 1;

/// What `case.toml` says it is, in its first line.
pub const FORMAT: &str = "concerted case";

/// The files that a scan writes: name, whether a case must have it, and what it is.
pub const FILES: &[(&str, bool, &str)] = &[
    (
        "case.toml",
        true,
        "the plan: inputs with SHA-256, columns, clock, detectors, parameters, seed, versions",
    ),
    ("groups.csv", true, "the groups"),
    ("members.csv", true, "their named members"),
    ("labels.csv", true, "innocent readings of each group"),
    (
        "windows.csv",
        false,
        "joint actions of each group at other windows",
    ),
    (
        "camps.csv",
        false,
        "whether the public is divided, with the figures; not there if no controls ran",
    ),
    ("issues.csv", false, "what a divide is about"),
    (
        "divisions.csv",
        false,
        "what each group takes up of it, against a matched background",
    ),
    (
        "sides.csv",
        false,
        "whether each group stands on one side or on both",
    ),
    (
        "slogans.csv",
        false,
        "what each group posted of slogans and their answers",
    ),
    ("evidence.parquet", true, "the posts behind each group"),
    ("pairs.parquet", true, "the tested pairs"),
    ("posts.parquet", true, "every post as understood"),
    ("problems.csv", true, "rejected and doubtful rows"),
    (
        "calibration.json",
        false,
        "the same search on copies of the data in which nobody acts together",
    ),
    (
        "network.graphml",
        false,
        "the network for igraph, networkx, Gephi",
    ),
    (
        "network.gexf",
        false,
        "the network for Gephi, with places, sizes and colours",
    ),
    (
        "network-dynamic.gexf",
        false,
        "the same with times, for Gephi's timeline",
    ),
    (
        "report.html",
        false,
        "the report, one file that needs no network",
    ),
    (
        "pseudonyms.csv",
        false,
        "the names under which accounts are shown",
    ),
    (
        "pseudonym.key",
        false,
        "the secret behind the pseudonyms; not in the manifest, give it to nobody",
    ),
    (
        "datapackage.json",
        true,
        "Frictionless manifest: size, SHA-256 and columns of every file, and a digest of the whole",
    ),
];

/// How the names begin of files in which the piece of a line is kept that a crash left.
pub(crate) const TORN: &[&str] = &["custody.jsonl.torn-", "ledger.jsonl.torn-"];

/// Files that other commands add to a case later. They keep their own record of changes, so the
/// manifest of the scan does not list them.
pub const ADDED_LATER: &[&str] = &[
    "alerts.jsonl",
    "camps-judged.csv",
    "custody.jsonl",
    "custody.pub",
    "custody.seal",
    "custody.seal.minisig",
    "custody.seal.ots",
    "custody.seal.tsr",
    "divisions-judged.csv",
    "issues-judged.csv",
    "ledger.jsonl",
    "report-groups.html",
    "report-judged.html",
    "report-revealed.html",
    "sides-judged.csv",
    "slogans-judged.csv",
];
