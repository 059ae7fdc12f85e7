//! Case folders that are being filled, so that whoever is interrupted can remove them.
//!
//! A case is filled beside its place and moved there in one step. A signal may come at any moment
//! between; [`interrupt`] removes what is there then. A process that is killed outright can remove
//! nothing: what it leaves is found by the next scan ([`sweep`]), which knows it from the folder of a
//! scan that still runs because a running one holds a lock on its folder.

use super::place;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

static OPEN: Mutex<Open> = Mutex::new(Open {
    folders: Vec::new(),
    interrupted: false,
});

#[derive(Debug)]
struct Open {
    folders: Vec<PathBuf>,
    interrupted: bool,
}

fn open() -> MutexGuard<'static, Open> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A folder that is being filled, until this is dropped.
#[derive(Debug)]
pub(super) struct Mark {
    folder: PathBuf,
    /// Held as long as the process lives; systems that cannot open folders have none.
    _lock: Option<File>,
}

impl Mark {
    pub(super) fn new(folder: &Path) -> Self {
        let lock = File::open(folder).ok();
        let lock = lock.filter(|lock| lock.try_lock().is_ok());
        open().folders.push(folder.to_owned());
        Self {
            folder: folder.to_owned(),
            _lock: lock,
        }
    }

    /// Does what must not be interrupted halfway; `None` if the program is being interrupted already.
    #[expect(clippy::unused_self, reason = "it takes the mark, which ends with it")]
    pub(super) fn settle<T>(self, act: impl FnOnce() -> T) -> Option<T> {
        let open = open();
        let done = (!open.interrupted).then(act);
        drop(open);
        done
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        open().folders.retain(|folder| *folder != self.folder);
    }
}

/// Removes every folder that is being filled, and lets none be moved to its place any more. For the
/// handler of a signal, which then ends the program. Returns how many there were.
pub fn interrupt() -> usize {
    let mut open = open();
    open.interrupted = true;
    for folder in &open.folders {
        // Under another name nobody who is still writing finds it, so it stays empty once emptied.
        let mut name = folder.file_name().unwrap_or_default().to_owned();
        name.push("-removed");
        let moved = folder.with_file_name(name);
        let gone = match fs::rename(folder, &moved) {
            Ok(()) => moved,
            Err(_) => folder.clone(),
        };
        // Nothing can be done about a failure here but what the next scan will do.
        let _ = fs::remove_dir_all(gone);
    }
    open.folders.len()
}

/// Whether [`interrupt`] was called.
pub fn interrupted() -> bool {
    open().interrupted
}

/// What a scan that was killed had left beside the place of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Folders that were removed.
    pub removed: Vec<PathBuf>,
    /// Whether the earlier case, which the killed scan had set aside, was put back.
    pub restored: bool,
}

/// Removes what killed scans have left beside the place of a case, and puts back an earlier case that
/// one of them had set aside and not replaced yet. Folders of scans that still run are left alone.
pub fn sweep(dir: &Path) -> Swept {
    let mut swept = Swept::default();
    let Ok(target) = place::target(dir) else {
        return swept;
    };
    let parent = target.parent().unwrap_or(&target);
    let mut found: Vec<PathBuf> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    for (kind, set_aside) in [(place::OLD, true), (place::PARTIAL, false)] {
        let prefix = place::prefix(&target, kind);
        for folder in found.iter().filter(|folder| begins(folder, &prefix)) {
            let Ok(lock) = File::open(folder) else {
                continue;
            };
            if lock.try_lock().is_err() {
                continue;
            }
            if set_aside && !target.exists() {
                swept.restored |= fs::rename(folder.join(place::CASE), &target).is_ok();
            }
            if fs::remove_dir_all(folder).is_ok() {
                swept.removed.push(folder.clone());
            }
        }
    }
    swept
}

fn begins(folder: &Path, prefix: &OsString) -> bool {
    let name = folder.file_name().unwrap_or_default();
    name.as_encoded_bytes()
        .starts_with(prefix.as_encoded_bytes())
}
