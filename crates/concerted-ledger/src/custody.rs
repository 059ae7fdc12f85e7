//! Who held what, when, with which version: the custody of a case.
//!
//! `custody.jsonl` is a chained file like the ledger. Each entry names what was done, the files of the folder
//! with their SHA-256, inputs from elsewhere, and for the records that were added to the ledger a Merkle root
//! (RFC 6962) over their hashes. `custody.seal` repeats the number of entries, the last hash and a root over
//! all of them, so that a missing last line shows, and is small enough to sign with `minisign` or to have
//! stamped (RFC 3161, OpenTimestamps); the signature and the stamp are kept beside it.

use crate::chain::{self, ChainError, ChainFile, Head, Payload, hex};
use crate::ledger::{self, Wrong};
use crate::merkle;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};

/// The file of the ledger in a case.
pub const LEDGER: &str = "ledger.jsonl";
/// The file of its custody.
pub const CUSTODY: &str = "custody.jsonl";
/// The file that can be signed.
pub const SEAL: &str = "custody.seal";
/// The public key with which the seal is checked.
pub const KEY: &str = "custody.pub";

const SIGNATURE: &str = "custody.seal.minisig";
const STAMPS: [&str; 2] = ["custody.seal.tsr", "custody.seal.ots"];

/// A file with its size and hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilePrint {
    /// Its path: in the folder, or for an input as it was given.
    pub path: String,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
    /// Size in bytes, as text so that no reader rounds it.
    pub bytes: String,
}

/// Records of the ledger that came under custody together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Batch {
    /// The first line, from 1.
    pub first: u64,
    /// The last line.
    pub last: u64,
    /// The root over the hashes of these lines.
    pub merkle_root: String,
}

/// One act of custody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What was done.
    pub did: String,
    /// The version of the program that did it.
    pub version: String,
    /// Inputs from outside the folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<FilePrint>,
    /// Files of the folder that are new or changed; one without a hash is gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FilePrint>,
    /// Files of the folder that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// Records that came into the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<Batch>,
}

impl Payload for Entry {}

/// The first thing that is wrong with a case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {what}")]
pub struct CaseWrong {
    /// The file.
    pub file: String,
    /// What is wrong with it.
    pub what: String,
}

/// What a case was found to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseChecked {
    /// Records in the ledger.
    pub records: u64,
    /// Entries of custody.
    pub entries: u64,
    /// Files whose hash was checked.
    pub files: usize,
    /// Whether a signature was there and holds.
    pub signed: bool,
    /// Stamps whose hash is that of the seal.
    pub stamps: Vec<String>,
}

/// Takes the folder of a case under custody as it is now. `hashes` are those of all lines of its ledger.
pub fn take(
    case: &Path,
    did: &str,
    version: &str,
    inputs: &[PathBuf],
    hashes: &[String],
    by: &str,
    on: Timestamp,
) -> Result<(), ChainError> {
    let inputs = inputs
        .iter()
        .map(|path| print(path, &path.to_string_lossy()))
        .collect::<Result<Vec<_>, _>>()?;
    let mut file = ChainFile::<Entry>::open(&case.join(CUSTODY))?;
    let mut all: Vec<String> = Vec::new();
    let done = file.append::<ChainError>(by, on, |seen| {
        // Only now, since a torn tail of this very file may just have been set aside in the folder.
        let now = prints(case)?;
        let mut state = State::default();
        for line in &seen {
            all.push(line.hash.clone());
            state.take(&line.record);
        }
        let covered = usize::try_from(state.covered)
            .unwrap_or(usize::MAX)
            .min(hashes.len());
        let batch = (covered < hashes.len()).then(|| Batch {
            first: covered as u64 + 1,
            last: hashes.len() as u64,
            merkle_root: root_of(&hashes[covered..]),
        });
        let files = now
            .iter()
            .filter(|(path, print)| state.files.get(*path) != Some(print))
            .map(|(_, print)| print.clone());
        let removed = state
            .files
            .keys()
            .filter(|path| !now.contains_key(*path))
            .cloned()
            .collect();
        Ok(vec![Entry {
            did: did.to_owned(),
            version: version.to_owned(),
            inputs,
            files: files.collect(),
            removed,
            batch,
        }])
    })?;
    all.extend(done.lines.iter().map(|line| line.hash.clone()));
    write_whole(&case.join(SEAL), seal(file.head(), &all).as_bytes())
}

/// Checks a case: every file, both chains, every rule and root, the seal, a signature and stamps if there are
/// any. Returns the first thing that is wrong; an error only where the folder cannot be read.
pub fn verify(case: &Path) -> Result<Result<CaseChecked, CaseWrong>, ChainError> {
    let wrong = |file: &str, what: String| {
        Ok(Err(CaseWrong {
            file: file.to_owned(),
            what,
        }))
    };
    let mut checked = CaseChecked::default();
    let mut hashes: Vec<String> = Vec::new();
    if case.join(LEDGER).exists() {
        match ledger::read(&case.join(LEDGER))? {
            Ok(verified) => {
                if let Some(torn) = verified.torn {
                    return wrong(
                        LEDGER,
                        format!(
                            "{} bytes from byte {} on are a torn line that a crash left; `concerted ledger seal` sets it aside",
                            torn.bytes, torn.at
                        ),
                    );
                }
                hashes.extend(verified.book.all().iter().map(|held| held.hash.clone()));
                checked.records = verified.head.lines;
            }
            Err(error @ (Wrong::Line { .. } | Wrong::Rule { .. })) => {
                return wrong(LEDGER, error.to_string());
            }
        }
    }
    if !case.join(CUSTODY).exists() {
        return wrong(
            CUSTODY,
            "it is not there, so nothing says what the folder held".to_owned(),
        );
    }
    let mut state = State::default();
    let mut head = Head::default();
    let mut entries: Vec<String> = Vec::new();
    let mut broken: Option<String> = None;
    let left = head.follow::<Entry>(&chain::read(&case.join(CUSTODY))?, |line, _| {
        entries.push(line.hash.clone());
        if let Some(batch) = &line.record.batch {
            let range = usize::try_from(batch.first - u64::from(batch.first > 0))
                .unwrap_or(usize::MAX)
                ..usize::try_from(batch.last).unwrap_or(usize::MAX);
            let fits = batch.first == state.covered + 1 && batch.last >= batch.first;
            let root = hashes.get(range).map(root_of);
            if broken.is_none() && (!fits || root.as_deref() != Some(&batch.merkle_root)) {
                broken = Some(format!(
                    "lines {} to {} do not have the root that entry {} says",
                    batch.first,
                    batch.last,
                    entries.len()
                ));
            }
        }
        state.take(&line.record);
    });
    match left {
        Err((line, fault)) => return wrong(CUSTODY, format!("line {line}: {fault}")),
        Ok(0) => {}
        Ok(bytes) => {
            return wrong(
                CUSTODY,
                format!(
                    "the last {bytes} bytes are a torn line; `concerted ledger seal` sets it aside"
                ),
            );
        }
    }
    checked.entries = head.lines;
    if let Some(what) = broken {
        return wrong(LEDGER, what);
    }
    if state.covered != checked.records {
        return wrong(
            LEDGER,
            format!(
                "it has {} records, {} are under custody; run `concerted ledger seal`",
                checked.records, state.covered
            ),
        );
    }
    let seal_bytes = std::fs::read(case.join(SEAL)).unwrap_or_default();
    if seal_bytes != seal(&head, &entries).as_bytes() {
        return wrong(
            SEAL,
            "it does not close the custody that is there".to_owned(),
        );
    }
    let now = prints(case)?;
    for (path, print) in &state.files {
        match now.get(path) {
            None => {
                return wrong(
                    path,
                    "it was there when custody was taken, and is gone".to_owned(),
                );
            }
            Some(found) if found != print => {
                return wrong(
                    path,
                    format!(
                        "expected {} bytes with {}, found {} with {}",
                        print.bytes, print.sha256, found.bytes, found.sha256
                    ),
                );
            }
            Some(_) => {}
        }
    }
    if let Some(path) = now.keys().find(|path| !state.files.contains_key(*path)) {
        return wrong(
            path,
            "it is not under custody; run `concerted ledger seal` if it belongs here".to_owned(),
        );
    }
    checked.files = now.len();
    if case.join(SIGNATURE).exists() {
        match signature(case, &seal_bytes) {
            Ok(()) => checked.signed = true,
            Err(what) => return wrong(SIGNATURE, what),
        }
    }
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&seal_bytes);
    for stamp in STAMPS {
        let Ok(bytes) = std::fs::read(case.join(stamp)) else {
            continue;
        };
        if !bytes.windows(32).any(|window| window == digest.as_slice()) {
            return wrong(stamp, "it does not stamp the seal that is there".to_owned());
        }
        checked.stamps.push(stamp.to_owned());
    }
    Ok(Ok(checked))
}

/// What the entries so far say.
#[derive(Default)]
struct State {
    covered: u64,
    files: BTreeMap<String, FilePrint>,
}

impl State {
    fn take(&mut self, entry: &Entry) {
        if let Some(batch) = &entry.batch {
            self.covered = batch.last;
        }
        for print in &entry.files {
            self.files.insert(print.path.clone(), print.clone());
        }
        for path in &entry.removed {
            self.files.remove(path);
        }
    }
}

fn root_of(hashes: &[impl AsRef<str>]) -> String {
    let leaves: Vec<&[u8]> = hashes.iter().map(|hash| hash.as_ref().as_bytes()).collect();
    hex(&merkle::root(&leaves))
}

/// The text of the seal: one canonical JSON object with a line end.
fn seal(head: &Head, entries: &[String]) -> String {
    format!(
        "{{\"entries\":\"{}\",\"head\":\"{}\",\"merkle_root\":\"{}\"}}\n",
        head.lines,
        head.hash,
        root_of(entries)
    )
}

fn signature(case: &Path, seal: &[u8]) -> Result<(), String> {
    let key = std::fs::read_to_string(case.join(KEY)).map_err(|_| {
        format!("there is a signature and no key; put the signer's public key into {KEY}")
    })?;
    // The key is the last line; a comment may stand before it.
    let key =
        minisign_verify::PublicKey::from_base64(key.trim().lines().next_back().unwrap_or_default())
            .map_err(|error| format!("{KEY} is no public key of minisign: {error}"))?;
    let text = std::fs::read_to_string(case.join(SIGNATURE)).map_err(|error| error.to_string())?;
    let signature = minisign_verify::Signature::decode(&text)
        .map_err(|error| format!("it is no signature of minisign: {error}"))?;
    key.verify(seal, &signature, true)
        .map_err(|_| "it is not a signature of this seal by this key".to_owned())
}

/// Every file of a folder that has no place of its own in custody.
fn prints(case: &Path) -> Result<BTreeMap<String, FilePrint>, ChainError> {
    let mut found = BTreeMap::new();
    let mut folders = vec![case.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).map_err(io(&folder))? {
            let path = entry.map_err(io(&folder))?.path();
            let inside = path
                .strip_prefix(case)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            let own = [LEDGER, CUSTODY, SEAL, SIGNATURE].contains(&inside.as_str())
                || STAMPS.contains(&inside.as_str());
            // A link could lead out of the folder, or in a circle.
            let kind = std::fs::symlink_metadata(&path)
                .map_err(io(&path))?
                .file_type();
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && !own {
                found.insert(inside.clone(), print(&path, &inside)?);
            }
        }
    }
    Ok(found)
}

fn print(path: &Path, name: &str) -> Result<FilePrint, ChainError> {
    let mut file = File::open(path).map_err(io(path))?;
    let mut digest = <sha2::Sha256 as sha2::Digest>::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0_u64;
    loop {
        let read = file.read(&mut buffer).map_err(io(path))?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        sha2::Digest::update(&mut digest, &buffer[..read]);
    }
    Ok(FilePrint {
        path: name.to_owned(),
        sha256: hex(&sha2::Digest::finalize(digest)),
        bytes: bytes.to_string(),
    })
}

/// Writes a file so that after a crash it is either the old one or the new one.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), ChainError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let new = path.with_file_name(name);
    File::create(&new)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&new, path))
        .map_err(io(path))
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> ChainError + use<> {
    let path = path.to_owned();
    move |source| ChainError::Io {
        path: path.clone(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the documentation of `minisign-verify`, which signs the word `test`.
    #[test]
    fn a_good_signature_holds_and_another_text_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let key =
            "untrusted comment: a key\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n";
        std::fs::write(folder.path().join(KEY), key).unwrap();
        let signature_text = "untrusted comment: signature from minisign secret key\nRUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\ntrusted comment: timestamp:1633700835\tfile:test\tprehashed\nwLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==\n";
        std::fs::write(folder.path().join(SIGNATURE), signature_text).unwrap();
        assert_eq!(signature(folder.path(), b"test"), Ok(()));
        assert!(signature(folder.path(), b"tess").is_err());
    }
}
