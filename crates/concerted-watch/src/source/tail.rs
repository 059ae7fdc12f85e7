//! A file that grows, followed like `tail -F`: through rotation, truncation, and absence.

use super::{Batch, Position, Source};
use crate::WatchError;
use crate::decode::Decoder;
use concerted_formats::read::ReadOptions;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes read at once.
const CHUNK: usize = 1 << 20;

/// First bytes by which a file is known again.
const HEAD: usize = 256;

/// Follows a file.
#[derive(Debug)]
pub struct Tail {
    path: PathBuf,
    decoder: Decoder,
    file: Option<File>,
    /// Bytes read, and of these bytes the decoder has not made records of.
    read: u64,
    head: Vec<u8>,
    once: bool,
    resume: u64,
    missing_told: bool,
}

impl Tail {
    /// Follows the file from a position on. `once` ends at its end.
    pub fn new(path: &Path, options: &ReadOptions, position: Position, once: bool) -> Self {
        Self {
            path: path.to_owned(),
            decoder: Decoder::new(&path.display().to_string(), options, position.decoder),
            file: None,
            read: 0,
            head: position.head,
            once,
            resume: position.offset,
            missing_told: false,
        }
    }

    /// Opens the file where it was left, or at its beginning if it is another one.
    fn open(&mut self, batch: &mut Batch) -> bool {
        let opened = File::open(&self.path).and_then(|mut file| {
            let head = head(&mut file)?;
            Ok((file, head))
        });
        let (mut file, head) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                if !self.missing_told {
                    batch
                        .notes
                        .push(format!("{}: {error}; waiting for it", self.path.display()));
                    self.missing_told = true;
                }
                return false;
            }
        };
        self.missing_told = false;
        let same = !self.head.is_empty()
            && head.starts_with(&self.head)
            && file.metadata().is_ok_and(|meta| meta.len() >= self.resume);
        if !same {
            if !self.head.is_empty() {
                batch
                    .notes
                    .push(format!("{} is another file now", self.path.display()));
            }
            self.abandon(batch);
            self.resume = 0;
        }
        if file.seek(SeekFrom::Start(self.resume)).is_err() {
            return false;
        }
        self.read = self.resume;
        self.head = head;
        self.file = Some(file);
        true
    }

    fn abandon(&mut self, batch: &mut Batch) {
        let lost = self.decoder.abandon();
        if lost > 0 {
            batch.refused += 1;
            batch.notes.push(format!(
                "{}: the file ended in the middle of a record of {lost} bytes",
                self.path.display()
            ));
        }
    }

    /// Whether the name leads to another file by now, or the file was cut.
    fn moved(&self) -> bool {
        let Ok(mut there) = File::open(&self.path) else {
            // It was moved away and the new one is not there yet.
            return false;
        };
        let shorter = there.metadata().is_ok_and(|meta| meta.len() < self.read);
        shorter || head(&mut there).is_ok_and(|head| !head.starts_with(&self.head))
    }
}

fn head(file: &mut File) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

impl Source for Tail {
    fn next(&mut self, wait: Duration) -> Result<Batch, WatchError> {
        let mut batch = Batch::default();
        if self.file.is_none() && !self.open(&mut batch) {
            std::thread::sleep(wait);
            batch.idle = true;
            return Ok(batch);
        }
        let Some(file) = &mut self.file else {
            return Ok(batch);
        };
        let mut bytes = Vec::new();
        file.take(CHUNK as u64)
            .read_to_end(&mut bytes)
            .map_err(WatchError::io(&self.path))?;
        // The first bytes of a young file become known as it grows.
        let known = (self.head.len() as u64).saturating_sub(self.read);
        if self.read <= self.head.len() as u64 {
            let new = bytes.iter().skip(usize::try_from(known).unwrap_or(HEAD));
            let room = HEAD.saturating_sub(self.head.len());
            self.head.extend(new.take(room));
        }
        self.read += bytes.len() as u64;
        if bytes.is_empty() {
            batch.idle = true;
            if self.once {
                let decoded = self.decoder.feed(&[], true)?;
                batch.take(decoded);
                batch.ended = true;
            } else if self.moved() {
                self.abandon(&mut batch);
                self.head.clear();
                self.resume = 0;
                self.file = None;
            } else {
                std::thread::sleep(wait);
            }
            return Ok(batch);
        }
        let decoded = self.decoder.feed(&bytes, false)?;
        batch.take(decoded);
        self.resume = self.read - self.decoder.pending() as u64;
        Ok(batch)
    }

    fn position(&self) -> Position {
        Position {
            offset: self.resume,
            head: self.head.clone(),
            decoder: self.decoder.state().clone(),
            ..Position::default()
        }
    }
}

impl Batch {
    pub(super) fn take(&mut self, decoded: crate::decode::Decoded) {
        self.posts.extend(decoded.posts);
        self.notes.extend(decoded.notes);
        self.refused += decoded.refused;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn line(n: i64) -> String {
        format!(
            "{{\"post_id\":\"{n}\",\"account_id\":\"a\",\"time\":{},\"text\":\"x\"}}\n",
            1_600_000_000 + n
        )
    }

    fn ids(tail: &mut Tail) -> Vec<String> {
        let mut ids = Vec::new();
        for _ in 0..4 {
            let batch = tail.next(Duration::ZERO).unwrap();
            ids.extend(batch.posts.into_iter().map(|post| post.post_id));
        }
        ids
    }

    #[test]
    fn a_file_is_followed_through_growth_rotation_and_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("posts.ndjson");
        let options = ReadOptions::default();
        let mut tail = Tail::new(&path, &options, Position::default(), false);
        assert!(ids(&mut tail).is_empty(), "it is not there yet");
        let mut file = File::create(&path).unwrap();
        write!(file, "{}{}", line(1), &line(2)[..20]).unwrap();
        assert_eq!(ids(&mut tail), ["1"]);
        write!(file, "{}", &line(2)[20..]).unwrap();
        assert_eq!(ids(&mut tail), ["2"]);
        write!(file, "{}{}", line(3), &line(4)[..10]).unwrap();
        assert_eq!(ids(&mut tail), ["3"]);
        // A restart takes it up at the half line.
        let mut tail = Tail::new(&path, &options, tail.position(), false);
        write!(file, "{}", &line(4)[10..]).unwrap();
        assert_eq!(ids(&mut tail), ["4"]);
        // Rotation: the rest of the old file still counts, then the new one.
        std::fs::rename(&path, dir.path().join("posts.1")).unwrap();
        write!(file, "{}", line(5)).unwrap();
        assert_eq!(ids(&mut tail), ["5"]);
        std::fs::write(&path, line(6)).unwrap();
        assert_eq!(ids(&mut tail), ["6"]);
        // Cut and begun anew.
        std::fs::write(&path, line(7).replace("\"x\"", "\"\"")).unwrap();
        assert_eq!(ids(&mut tail), ["7"]);
    }
}
