//! The case as other people's tools see it: `DuckDB`, pandas, networkx, igraph, and a shell.
//!
//! Runs the checks in `tests/python` with the interpreter that `CONCERTED_PYTHON` names, which must
//! have those packages.

use crate::sample::Sample;
use concerted_formats::case::tables::TABLES;
use std::path::Path;
use std::process::Command;

fn check(script: &str) {
    let Some(python) = std::env::var_os("CONCERTED_PYTHON") else {
        println!("skipped {script}: CONCERTED_PYTHON names no interpreter");
        return;
    };
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("case");
    Sample::new().write(&dir).unwrap();
    let columns: serde_json::Map<String, serde_json::Value> = TABLES
        .iter()
        .map(|table| {
            let names: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
            (table.file.to_owned(), names.into())
        })
        .collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/python")
        .join(script);
    let output = Command::new(python)
        .arg(script)
        .arg(&dir)
        .arg(serde_json::Value::from(columns).to_string())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "all as expected"
    );
}

#[test]
fn duckdb_and_pandas_read_every_table() {
    check("case_tables.py");
}

#[test]
fn networkx_and_igraph_open_the_graphs_with_attributes() {
    check("case_network.py");
}

#[test]
fn the_manifest_and_its_digest_can_be_checked_without_us() {
    check("case_manifest.py");
}
