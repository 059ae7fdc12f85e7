//! What is committed, and is any of it too heavy to clone?

use std::path::{Path, PathBuf};
use std::process::Command;

/// A file above this is kept out, in bytes.
const HEAVY: u64 = 3_000_000;

/// Files that may be heavier, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every file that is committed or could be, relative to the root, in order.
///
/// Where `git` cannot say (an unpacked archive), all files count but those of builds.
pub(crate) fn files() -> Vec<PathBuf> {
    let listing = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .ok()
        .filter(|output| output.status.success());
    let mut files = match listing {
        Some(output) => String::from_utf8(output.stdout)
            .expect("file names of the project are UTF-8")
            .split_terminator('\0')
            .map(PathBuf::from)
            // A file that is deleted but not yet committed is still listed.
            .filter(|file| root().join(file).is_file())
            .collect(),
        None => walk(),
    };
    files.sort();
    files.dedup();
    files
}

/// Whether a file name ends in a dot and these letters.
pub(crate) fn ends_in(file: &Path, ending: &str) -> bool {
    file.extension().is_some_and(|found| found == ending)
}

fn walk() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            let built = matches!(name, ".git" | ".venv" | "target") || ends_in(&path, "case");
            if path.is_dir() && !built {
                folders.push(path);
            } else if path.is_file() {
                files.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    files
}

#[test]
fn no_file_is_heavy() {
    let files = files();
    assert!(
        files.iter().any(|file| file == Path::new("Cargo.toml")),
        "the listing of files misses the root"
    );
    let heavy: Vec<_> = files
        .iter()
        .map(|file| (file, std::fs::metadata(root().join(file)).unwrap().len()))
        .filter(|(file, size)| {
            let excepted = EXCEPTIONS.iter().any(|(path, _)| file == &Path::new(path));
            *size > HEAVY && !excepted
        })
        .collect();
    assert!(
        heavy.is_empty(),
        "heavier than {HEAVY} bytes: {heavy:?}; keep such files outside, or list them with a reason"
    );
}

#[test]
fn the_exceptions_are_still_there_and_still_heavy() {
    for (path, reason) in EXCEPTIONS {
        let size = std::fs::metadata(root().join(path)).map_or(0, |file| file.len());
        assert!(
            size > HEAVY,
            "{path} needs no exception any more ({reason})"
        );
    }
}
