//! Where a case is written: beside its final place first, then moved there in one step.
//!
//! Three promises. A scan that stops halfway leaves the place as it was. A folder is replaced only
//! if everything in it was written by a scan. What was there is not deleted before the new case
//! stands. What a signal or a kill leaves undone is in [`unfinished`](super::unfinished).

use super::error::CaseError;
use super::unfinished::Mark;
use super::{FILES, FORMAT};
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What stands behind the name of a case in the name of the folder that becomes it.
pub(super) const PARTIAL: &str = ".partial-";
/// The same for the folder into which the earlier case is moved.
pub(super) const OLD: &str = ".old-";
/// The earlier case in that folder.
pub(super) const CASE: &str = "case";

/// A place for a case and the folder beside it that is being filled.
#[derive(Debug)]
pub(crate) struct Place {
    target: PathBuf,
    partial: TempDir,
    mark: Mark,
}

/// What stands at the place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Nothing,
    Empty,
    Case,
}

impl Place {
    pub(crate) fn prepare(dir: &Path) -> Result<Self, CaseError> {
        let target = target(dir).map_err(CaseError::io(dir))?;
        standing(&target)?;
        let parent = parent(&target);
        fs::create_dir_all(parent).map_err(CaseError::io(parent))?;
        let partial = beside(&target, PARTIAL)?;
        let mark = Mark::new(partial.path());
        Ok(Self {
            target,
            partial,
            mark,
        })
    }

    /// The folder to write into.
    pub(crate) fn folder(&self) -> &Path {
        self.partial.path()
    }

    /// Where the case will stand.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Moves the folder to its place.
    pub(crate) fn publish(self) -> Result<PathBuf, CaseError> {
        let Self {
            target,
            partial,
            mark,
        } = self;
        let Some(replaced) = mark.settle(|| replace(&target, partial.path())) else {
            let error = io::Error::from(ErrorKind::Interrupted);
            return Err(CaseError::io(&target)(error));
        };
        replaced?;
        // It is no longer where it would be removed.
        let _ = partial.keep();
        Ok(target)
    }
}

/// Moves a filled folder to its place.
fn replace(target: &Path, filled: &Path) -> Result<(), CaseError> {
    let wrong = || CaseError::io(target);
    match standing(target)? {
        Standing::Nothing => fs::rename(filled, target).map_err(wrong()),
        Standing::Empty => {
            fs::remove_dir(target).map_err(wrong())?;
            fs::rename(filled, target).map_err(wrong())
        }
        Standing::Case => {
            let old = beside(target, OLD)?;
            let kept = old.path().join(CASE);
            fs::rename(target, &kept).map_err(wrong())?;
            if let Err(error) = fs::rename(filled, target) {
                if fs::rename(&kept, target).is_err() {
                    // Better a folder with an odd name than a case lost.
                    let _ = old.keep();
                }
                return Err(wrong()(error));
            }
            Ok(())
        }
    }
}

/// The place with a name of its own to write beside, which `.` and links do not have.
pub(super) fn target(dir: &Path) -> io::Result<PathBuf> {
    match dir.canonicalize() {
        Ok(target) => Ok(target),
        Err(_) => std::path::absolute(dir),
    }
}

/// How the names of folders beside a place begin.
pub(super) fn prefix(target: &Path, kind: &str) -> OsString {
    let mut prefix = OsString::from(".");
    prefix.push(target.file_name().unwrap_or_default());
    prefix.push(kind);
    prefix
}

fn parent(target: &Path) -> &Path {
    target.parent().unwrap_or(target)
}

fn beside(target: &Path, kind: &str) -> Result<TempDir, CaseError> {
    let prefix = prefix(target, kind);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new folder: what the umask of the user leaves.
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    let parent = parent(target);
    builder.tempdir_in(parent).map_err(CaseError::io(parent))
}

fn standing(target: &Path) -> Result<Standing, CaseError> {
    let wrong = || CaseError::io(target);
    let entries = match fs::read_dir(target) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Standing::Nothing),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(CaseError::NotAFolder(target.to_owned()));
        }
        Err(error) => return Err(wrong()(error)),
    };
    let (mut names, mut foreign) = (Vec::new(), Vec::new());
    for entry in entries {
        let entry = entry.map_err(wrong())?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_file = entry.file_type().map_err(wrong())?.is_file();
        if !is_file || FILES.iter().all(|file| file.0 != name) {
            foreign.push(name.clone());
        }
        names.push(name);
    }
    // Without a plan, `posts.parquet` may as well be the analyst's own data.
    if foreign.is_empty() && !names.is_empty() && !has_plan(target) {
        foreign.clone_from(&names);
    }
    if !foreign.is_empty() {
        foreign.sort();
        return Err(CaseError::Foreign {
            dir: target.to_owned(),
            files: foreign,
        });
    }
    Ok(if names.is_empty() {
        Standing::Empty
    } else {
        Standing::Case
    })
}

fn has_plan(dir: &Path) -> bool {
    let first_line = format!("format = \"{FORMAT}\"\n");
    let mut start = String::new();
    fs::File::open(dir.join("case.toml"))
        .and_then(|file| {
            file.take(first_line.len() as u64)
                .read_to_string(&mut start)
        })
        .is_ok_and(|_| start == first_line)
}
