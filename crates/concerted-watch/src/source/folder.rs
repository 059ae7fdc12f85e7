//! A folder where files arrive: each is read once, whole, in the order of their names.

use super::{Batch, Position, Source};
use crate::WatchError;
use concerted_formats::read::{Input, ReadError, ReadOptions, read};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A file that has not grown for so long is whole. Whoever writes slowly renames the file into place.
const QUIET: Duration = Duration::from_secs(2);

/// Watches a folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    options: ReadOptions,
    done: BTreeSet<String>,
    /// Files that are not done: their size, and since when they have it.
    growing: BTreeMap<String, (u64, Instant)>,
    once: bool,
}

impl Folder {
    /// Watches a folder; files named in the position are done. `once` ends when all that are there are.
    pub fn new(path: &Path, options: &ReadOptions, position: Position, once: bool) -> Self {
        Self {
            path: path.to_owned(),
            options: options.clone(),
            done: position.done.into_iter().collect(),
            growing: BTreeMap::new(),
            once,
        }
    }

    /// The first file, by name, that is whole and not done.
    fn next_file(&mut self) -> Result<Option<String>, WatchError> {
        let entries = std::fs::read_dir(&self.path).map_err(WatchError::io(&self.path))?;
        let mut there = BTreeMap::new();
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // A name that begins with a dot is how tools name what they are still writing.
            if let Ok(meta) = entry.metadata()
                && meta.is_file()
                && !name.starts_with('.')
                && !self.done.contains(&name)
            {
                there.insert(name, meta.len());
            }
        }
        let now = Instant::now();
        self.growing.retain(|name, _| there.contains_key(name));
        for (name, size) in there {
            let seen = self.growing.entry(name).or_insert((size, now));
            if seen.0 != size {
                *seen = (size, now);
            }
        }
        Ok(self
            .growing
            .iter()
            .find(|(_, (_, since))| self.once || now - *since >= QUIET)
            .map(|(name, _)| name.clone()))
    }
}

impl Source for Folder {
    fn next(&mut self, wait: Duration) -> Result<Batch, WatchError> {
        let mut batch = Batch::default();
        let Some(name) = self.next_file()? else {
            batch.idle = true;
            batch.ended = self.once;
            if !self.once {
                std::thread::sleep(wait);
            }
            return Ok(batch);
        };
        match read(&[Input::Path(self.path.join(&name))], &self.options) {
            Ok(reading) => {
                for input in &reading.inputs {
                    batch.refused += input.refused;
                    batch.notes.push(format!(
                        "{name}: {} ({}), {} posts",
                        input.format, input.why, input.posts
                    ));
                }
                batch
                    .posts
                    .extend(reading.posts.iter().map(|post| post.to_post()));
            }
            Err(ReadError::Nothing { details }) => {
                batch.refused += 1;
                batch
                    .notes
                    .push(format!("{name} was left out: {}", details.trim()));
            }
            Err(error) => return Err(error.into()),
        }
        self.growing.remove(&name);
        self.done.insert(name);
        Ok(batch)
    }

    fn position(&self) -> Position {
        Position {
            done: self.done.iter().cloned().collect(),
            ..Position::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_is_read_once_in_the_order_of_names() {
        let dir = tempfile::tempdir().unwrap();
        let write = |name: &str, id: &str| {
            let text = format!("post_id,account_id,time,text\n{id},a,1600000000,x\n");
            std::fs::write(dir.path().join(name), text).unwrap();
        };
        write("b.csv", "2");
        write("a.csv", "1");
        write(".c.csv", "9");
        std::fs::write(dir.path().join("c.bin"), [0, 1, 2]).unwrap();
        let ids = |folder: &mut Folder| {
            let mut ids = Vec::new();
            let mut refused = 0;
            loop {
                let batch = folder.next(Duration::ZERO).unwrap();
                ids.extend(batch.posts.into_iter().map(|post| post.post_id));
                refused += batch.refused;
                if batch.ended {
                    return (ids, refused);
                }
            }
        };
        let options = ReadOptions::default();
        let mut folder = Folder::new(dir.path(), &options, Position::default(), true);
        let (found, refused) = ids(&mut folder);
        assert_eq!((found.join(" "), refused), ("1 2".to_owned(), 1));
        write("d.csv", "4");
        let mut folder = Folder::new(dir.path(), &options, folder.position(), true);
        assert_eq!(ids(&mut folder).0, ["4"]);
    }
}
