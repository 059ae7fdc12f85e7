//! The state on disk: written beside the old one and renamed over it, so that at any moment one whole
//! state is there.

use crate::WatchError;
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// First bytes of a state. The number changes whenever a state of the version before cannot be read.
const MAGIC: &[u8] = b"concerted watch state 1\n";

/// Writes a state. An error leaves the state that was there.
pub fn store<T: Serialize>(path: &Path, state: &T) -> Result<u64, WatchError> {
    let bytes = postcard::to_stdvec(state).map_err(|error| WatchError::State {
        path: path.to_owned(),
        why: error.to_string(),
    })?;
    let digest = Sha256::digest(&bytes);
    replace(path, &[MAGIC, digest.as_slice(), &bytes])?;
    Ok((MAGIC.len() + digest.len() + bytes.len()) as u64)
}

/// Writes these parts as one file in the place of what was there, or leaves that untouched.
pub fn replace(path: &Path, parts: &[&[u8]]) -> Result<(), WatchError> {
    let beside = path.with_extension("new");
    let written = File::create(&beside).and_then(|mut file| {
        for part in parts {
            file.write_all(part)?;
        }
        file.sync_all()
    });
    if let Err(error) = written {
        // The half-written file may be what fills the disk.
        let _ = fs::remove_file(&beside);
        return Err(WatchError::io(&beside)(error));
    }
    fs::rename(&beside, path).map_err(WatchError::io(path))?;
    if let Some(folder) = path.parent()
        && let Ok(folder) = File::open(folder)
    {
        // Where folders cannot be synced the rename is as durable as the system makes it.
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Reads a state, or nothing where there is none.
pub fn load<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, WatchError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(WatchError::io(path)(error)),
    };
    let broken = |why: &str| WatchError::State {
        path: path.to_owned(),
        why: why.to_owned(),
    };
    let rest = bytes
        .strip_prefix(MAGIC)
        .ok_or_else(|| broken("it is no state of this version"))?;
    let (digest, body) = rest
        .split_at_checked(32)
        .ok_or_else(|| broken("it ends too soon"))?;
    if Sha256::digest(body).as_slice() != digest {
        return Err(broken("its bytes are not those that were written"));
    }
    postcard::from_bytes(body)
        .map(Some)
        .map_err(|error| broken(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_comes_back_and_a_broken_one_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("watch.state");
        assert_eq!(load::<Vec<u32>>(&path).unwrap(), None);
        store(&path, &vec![1_u32, 2, 3]).unwrap();
        assert_eq!(load::<Vec<u32>>(&path).unwrap(), Some(vec![1, 2, 3]));
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        let error = load::<Vec<u32>>(&path).unwrap_err().to_string();
        assert!(error.contains("not those that were written"), "{error}");
    }

    #[test]
    fn a_full_disk_leaves_the_state_that_was_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("watch.state");
        store(&path, &vec![7_u32]).unwrap();
        // A folder in the place of the new file: writing fails as it does on a full disk.
        fs::create_dir(path.with_extension("new")).unwrap();
        assert!(store(&path, &vec![8_u32]).is_err());
        assert_eq!(load::<Vec<u32>>(&path).unwrap(), Some(vec![7]));
    }
}
