//! Is this case still what the scan wrote? Checks every file against the manifest.
//!
//! It answers for accidents and for changes by someone who did not also write a new manifest.
//! Against the latter there is the digest of the whole: note it down elsewhere when the case is
//! made.

use super::error::CaseError;
use super::manifest::{self, Listing, Print};
use super::{ADDED_LATER, FILES, TORN};
use std::collections::BTreeMap;
use std::path::Path;

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// The manifest lists it and it is not there.
    Missing,
    /// It is not what the manifest says.
    Changed,
    /// It is there and the manifest does not list it.
    Extra,
    /// The manifest itself cannot be trusted: unreadable, naming files elsewhere, or with a digest
    /// that does not follow from its files.
    Manifest,
}

/// Something that is not as the scan left it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub kind: FindingKind,
    /// Expected and found, for a person to read.
    pub detail: String,
}

/// Checks the case in a folder: nothing found means that every file is, byte by byte, what the scan
/// wrote. Findings are in the order of file names. An error is returned only where the folder
/// itself cannot be read.
pub fn verify(dir: &Path) -> Result<Vec<Finding>, CaseError> {
    let mut findings = Vec::new();
    let mut find = |file: &str, kind, detail: String| {
        findings.push(Finding {
            file: file.to_owned(),
            kind,
            detail,
        });
    };
    let present = present(dir)?;
    let Some(listing) = listing(dir, &present, &mut find) else {
        return Ok(findings);
    };

    let mut hashes = BTreeMap::new();
    for listed in &listing.resources {
        let name = listed.path.as_str();
        // A manifest may come from a stranger: it must not make us read elsewhere.
        if !manifest::listed(name) || name.contains(['/', '\\']) || name.starts_with('.') {
            find(
                name,
                FindingKind::Manifest,
                "the manifest may only list files of this folder".into(),
            );
            continue;
        }
        match present.get(name) {
            None => find(name, FindingKind::Missing, "is listed and not here".into()),
            Some(false) => find(name, FindingKind::Changed, "is no file any more".into()),
            Some(true) => {
                let Print { hash, bytes } = manifest::print(&dir.join(name))?;
                let found = format!("sha256:{hash}");
                let said = listed
                    .hash
                    .as_ref()
                    .or(listed.hash_without_made_at.as_ref());
                let size = listed.bytes;
                if said != Some(&found) || size.is_some_and(|size| size != bytes) {
                    find(
                        name,
                        FindingKind::Changed,
                        format!(
                            "expected {}, found {found} ({bytes} bytes)",
                            said.map_or("no hash", String::as_str),
                        ),
                    );
                }
                hashes.insert(name, hash);
            }
        }
    }
    for file in present.keys() {
        // What a crash left of a line was set aside by whoever found it, and is in their log.
        let torn = TORN.iter().any(|start| file.starts_with(start));
        let known = torn || ADDED_LATER.contains(&file.as_str()) || !manifest::listed(file);
        if !known && listing.resources.iter().all(|listed| listed.path != *file) {
            find(file, FindingKind::Extra, "no scan wrote it".into());
        }
    }
    for (file, needed, _) in FILES {
        let listed = listing.resources.iter().any(|listed| listed.path == *file);
        if *needed && manifest::listed(file) && !listed {
            find(
                file,
                FindingKind::Manifest,
                "every case has this file, and the manifest does not list it".into(),
            );
        }
    }
    if findings.is_empty() {
        let digest = manifest::digest(hashes);
        if digest != listing.digest {
            findings.push(Finding {
                file: manifest::NAME.into(),
                kind: FindingKind::Manifest,
                detail: format!(
                    "the digest of the whole should be {digest}, the manifest says {}",
                    listing.digest
                ),
            });
        }
    }
    findings.sort();
    Ok(findings)
}

/// The names in the folder, and whether each is a plain file.
fn present(dir: &Path) -> Result<BTreeMap<String, bool>, CaseError> {
    let mut present = BTreeMap::new();
    for entry in std::fs::read_dir(dir).map_err(CaseError::io(dir))? {
        let entry = entry.map_err(CaseError::io(dir))?;
        let is_file = entry.file_type().map_err(CaseError::io(dir))?.is_file();
        present.insert(entry.file_name().to_string_lossy().into_owned(), is_file);
    }
    Ok(present)
}

fn listing(
    dir: &Path,
    present: &BTreeMap<String, bool>,
    find: &mut impl FnMut(&str, FindingKind, String),
) -> Option<Listing> {
    if present.get(manifest::NAME) != Some(&true) {
        let detail = "without the manifest nothing can be checked".into();
        find(manifest::NAME, FindingKind::Missing, detail);
        return None;
    }
    let listing = std::fs::read(dir.join(manifest::NAME))
        .map_err(|error| error.to_string())
        .and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| error.to_string()));
    match listing {
        Ok(listing) => Some(listing),
        Err(detail) => {
            find(manifest::NAME, FindingKind::Manifest, detail);
            None
        }
    }
}
