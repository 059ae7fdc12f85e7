//! `datapackage.json`: every file with its size, SHA-256 and columns (Data Package 2.0,
//! Frictionless), and one digest of the whole.
//!
//! The digest is the SHA-256 of the lines that `sha256sum` prints for the files of the manifest in
//! the order of their names, with `case.toml` taken without its line `made_at = ...`. So two scans
//! of the same inputs with the same plan have the same digest, and a shell can recompute it. For the
//! same reason `case.toml` is listed with `hash_without_made_at` instead of size and hash.

use super::cell::{Kind, RawHash};
use super::error::CaseError;
use super::row::{Column, Table};
use super::tables::TABLES;
use super::{FILES, VERSION};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

pub(crate) const NAME: &str = "datapackage.json";

/// The one file with a time stamp.
const STAMPED: &str = "case.toml";

#[derive(Serialize)]
struct Package<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    name: &'static str,
    title: &'static str,
    version: String,
    digest: &'a str,
    resources: Vec<Resource>,
}

#[derive(Serialize)]
struct Resource {
    name: String,
    path: String,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    description: &'static str,
    format: &'static str,
    mediatype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash_without_made_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Schema>,
}

#[derive(Serialize)]
struct Schema {
    fields: Vec<Field>,
    #[serde(rename = "missingValues")]
    missing_values: [&'static str; 1],
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    delimiter: Option<&'static str>,
    description: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    unit: &'static str,
}

/// What a manifest says of the files, as far as checking needs it.
#[derive(Deserialize)]
pub(crate) struct Listing {
    pub(crate) digest: String,
    pub(crate) resources: Vec<Listed>,
}

/// A file as a manifest lists it.
#[derive(Deserialize)]
pub(crate) struct Listed {
    pub(crate) path: String,
    pub(crate) bytes: Option<u64>,
    pub(crate) hash: Option<String>,
    pub(crate) hash_without_made_at: Option<String>,
}

/// SHA-256 and size of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Print {
    pub(crate) hash: RawHash,
    pub(crate) bytes: u64,
}

/// Writes the manifest of a folder and returns the digest of the whole.
pub(crate) fn write(dir: &Path) -> Result<String, CaseError> {
    let mut prints = BTreeMap::new();
    for (file, _, _) in FILES {
        let path = dir.join(file);
        if listed(file) && path.exists() {
            prints.insert(*file, print(&path)?);
        }
    }
    let digest = digest(prints.iter().map(|(file, print)| (*file, print.hash)));
    let resources = FILES
        .iter()
        .filter_map(|(file, _, what)| prints.get(file).map(|print| resource(file, what, *print)))
        .collect();
    let package = Package {
        schema: "https://datapackage.org/profiles/2.0/datapackage.json",
        name: "concerted-case",
        title: "A case of concerted: accounts that acted in concert, and the posts that show it",
        version: format!("{VERSION}.0.0"),
        digest: &digest,
        resources,
    };
    let path = dir.join(NAME);
    let mut text =
        serde_json::to_string_pretty(&package).map_err(|error| CaseError::syntax(&path, error))?;
    text.push('\n');
    std::fs::write(&path, text).map_err(CaseError::io(&path))?;
    Ok(digest)
}

/// Whether the manifest lists a file: not itself, and not the secret that is given to nobody.
pub(crate) fn listed(file: &str) -> bool {
    file != NAME && file != "pseudonym.key"
}

fn resource(file: &str, what: &'static str, print: Print) -> Resource {
    let (format, mediatype) = match file.rsplit_once('.').map(|name| name.1) {
        Some("csv") => ("csv", "text/csv"),
        Some("parquet") => ("parquet", "application/vnd.apache.parquet"),
        Some("json") => ("json", "application/json"),
        Some("toml") => ("toml", "application/toml"),
        Some("html") => ("html", "text/html"),
        Some("graphml") => ("graphml", "application/graphml+xml"),
        _ => ("gexf", "application/gexf+xml"),
    };
    let table = TABLES.iter().find(|table| table.file == file);
    // The time stamp in case.toml would make the manifests of two runs differ.
    let alike = file != STAMPED;
    Resource {
        name: file.to_owned(),
        path: file.to_owned(),
        kind: table.map(|_| "table"),
        description: table.map_or(what, Table::description),
        format,
        mediatype,
        encoding: (format != "parquet").then_some("utf-8"),
        bytes: alike.then_some(print.bytes),
        hash: alike.then(|| format!("sha256:{}", print.hash)),
        hash_without_made_at: (!alike).then(|| format!("sha256:{}", print.hash)),
        schema: table.map(|table| Schema {
            fields: table
                .columns
                .iter()
                .map(|column| field(column, format == "csv"))
                .collect(),
            missing_values: [""],
        }),
    }
}

fn field(column: &Column, in_csv: bool) -> Field {
    let kind = match column.kind() {
        Kind::Text => "string",
        Kind::Texts if in_csv => "list",
        Kind::Texts => "array",
        Kind::Integer => "integer",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Time => "datetime",
    };
    Field {
        name: column.name,
        kind,
        delimiter: (kind == "list").then_some(";"),
        description: column.description(),
        unit: column.unit,
    }
}

/// SHA-256 and size of a file, read once from start to end; of `case.toml` without the line that is its
/// time stamp.
pub(crate) fn print(path: &Path) -> Result<Print, CaseError> {
    if path.file_name().is_some_and(|name| name == STAMPED) {
        return untimed(path);
    }
    let mut file = File::open(path).map_err(CaseError::io(path))?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer).map_err(CaseError::io(path))?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
    Ok(Print {
        hash: RawHash(hash.finalize().into()),
        bytes,
    })
}

/// The print of a plan without the first line that is its time stamp.
fn untimed(path: &Path) -> Result<Print, CaseError> {
    let text = std::fs::read(path).map_err(CaseError::io(path))?;
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let mut seen = false;
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        if !seen && line.starts_with(b"made_at = ") {
            seen = true;
        } else {
            hash.update(line);
            bytes += line.len() as u64;
        }
    }
    Ok(Print {
        hash: RawHash(hash.finalize().into()),
        bytes,
    })
}

/// The digest of the whole, from (file, hash) in the order of names.
pub(crate) fn digest<'a>(files: impl IntoIterator<Item = (&'a str, RawHash)>) -> String {
    let mut whole = Sha256::new();
    for (file, hash) in files {
        whole.update(format!("{hash}  {file}\n"));
    }
    format!("sha256:{}", RawHash(whole.finalize().into()))
}
