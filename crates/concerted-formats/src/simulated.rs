//! Simulated posts as an export: CSV, NDJSON or Parquet, row by row, in bounded memory.
//!
//! The columns have the names that the readers understand, so that a scan of such a file needs no
//! mapping. Cells are written as they are and not guarded against spreadsheets: an export is read by
//! programs, and these texts are ours.

use crate::case::CaseError;
use crate::case::cell::{Text, Texts, Time};
use crate::case::parquet_file::RowWriter;
use crate::case::row::{Row, table};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

table! {
    /// A simulated post. What does not apply is empty.
    SimulatedRow<'a> in "posts (simulate)", a row is "a simulated post" {
        /// Id of the post.
        post_id: Text<'a> [""],
        /// Id of the account.
        account_id: Text<'a> [""],
        /// Handle of the account.
        account_name: Text<'a> [""],
        /// The platform, as in the plan.
        platform: Text<'a> [""],
        /// When it was posted.
        time: Time [""],
        /// The text.
        text: Text<'a> [""],
        /// Language of the text.
        lang: Text<'a> [""],
        /// Whether it repeats another post unchanged.
        is_repost: bool [""],
        /// The post that it repeats.
        repost_of: Text<'a> [""],
        /// The account whose post it repeats.
        repost_of_account: Text<'a> [""],
        /// The post that it answers.
        reply_to: Text<'a> [""],
        /// The account that it answers.
        reply_to_account: Text<'a> [""],
        /// Links.
        urls: Texts<'a> [""],
        /// Hashtags without the sign.
        hashtags: Texts<'a> [""],
        /// Hashes of images.
        media: Texts<'a> [""],
        /// Title of the first link.
        link_title: Text<'a> [""],
    }
}

/// Why simulated posts could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SimulatedError {
    /// The ending says no format.
    #[error(
        "{0} ends in no format that can be written; choose a name that ends in .csv, .ndjson, .jsonl or .parquet"
    )]
    Ending(PathBuf),
    /// The file cannot be written.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The file cannot be written.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
}

/// A file of simulated posts that is being written.
pub struct SimulatedFile {
    path: PathBuf,
    out: Out,
    rows: u64,
}

enum Out {
    Csv(Box<csv::Writer<File>>),
    Ndjson(BufWriter<File>),
    Parquet(Box<RowWriter<SimulatedRow<'static>>>),
}

impl std::fmt::Debug for SimulatedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SimulatedFile")
            .field("path", &self.path)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl SimulatedFile {
    /// Begins a file; its ending says the format.
    pub fn create(path: &Path) -> Result<Self, SimulatedError> {
        let file = || {
            File::create(path).map_err(|source| SimulatedError::Io {
                file: path.to_owned(),
                source,
            })
        };
        let ending = path.extension().and_then(|ending| ending.to_str());
        let out = match ending.map(str::to_lowercase).as_deref() {
            Some("csv") => {
                let mut out = csv::WriterBuilder::new()
                    .buffer_capacity(1 << 18)
                    .from_writer(file()?);
                let names = SimulatedRow::TABLE.columns.iter().map(|column| column.name);
                out.write_record(names).map_err(CaseError::csv(path))?;
                Out::Csv(Box::new(out))
            }
            Some("ndjson" | "jsonl") => Out::Ndjson(BufWriter::with_capacity(1 << 18, file()?)),
            Some("parquet") => Out::Parquet(Box::new(RowWriter::create(path)?)),
            _ => return Err(SimulatedError::Ending(path.to_owned())),
        };
        Ok(Self {
            path: path.to_owned(),
            out,
            rows: 0,
        })
    }

    /// Adds a post.
    pub fn push(&mut self, row: SimulatedRow<'static>) -> Result<(), SimulatedError> {
        self.rows += 1;
        match &mut self.out {
            Out::Csv(out) => {
                let cells = row.texts();
                out.write_record(cells.iter().map(|cell| cell.as_bytes()))
                    .map_err(CaseError::csv(&self.path))?;
            }
            Out::Ndjson(out) => {
                serde_json::to_writer(&mut *out, &json(&row))
                    .map_err(std::io::Error::from)
                    .and_then(|()| out.write_all(b"\n"))
                    .map_err(|source| SimulatedError::Io {
                        file: self.path.clone(),
                        source,
                    })?;
            }
            Out::Parquet(out) => out.push(row)?,
        }
        Ok(())
    }

    /// Finishes the file and returns how many posts it holds.
    pub fn finish(self) -> Result<u64, SimulatedError> {
        let io = |source| SimulatedError::Io {
            file: self.path.clone(),
            source,
        };
        match self.out {
            Out::Csv(mut out) => out.flush().map_err(io)?,
            Out::Ndjson(mut out) => out.flush().map_err(io)?,
            Out::Parquet(out) => drop(out.finish()?),
        }
        Ok(self.rows)
    }
}

/// The post as JSON: lists as lists, and what does not apply left out.
fn json(row: &SimulatedRow<'_>) -> serde_json::Value {
    let mut object = serde_json::Map::new();
    for (name, cell) in [
        ("post_id", &row.post_id),
        ("account_id", &row.account_id),
        ("account_name", &row.account_name),
        ("platform", &row.platform),
        ("text", &row.text),
        ("lang", &row.lang),
        ("repost_of", &row.repost_of),
        ("repost_of_account", &row.repost_of_account),
        ("reply_to", &row.reply_to),
        ("reply_to_account", &row.reply_to_account),
        ("link_title", &row.link_title),
    ] {
        if !cell.is_empty() {
            object.insert(name.into(), cell.as_ref().into());
        }
    }
    object.insert("time".into(), row.time.to_string().into());
    object.insert("is_repost".into(), row.is_repost.into());
    for (name, list) in [
        ("urls", &row.urls),
        ("hashtags", &row.hashtags),
        ("media", &row.media),
    ] {
        if !list.is_empty() {
            object.insert(name.into(), list.iter().map(AsRef::as_ref).collect());
        }
    }
    object.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Input, ReadOptions, read};

    #[test]
    fn every_format_is_read_back_as_the_same_posts() {
        let dir = tempfile::tempdir().unwrap();
        let rows = [
            SimulatedRow {
                post_id: "0000000000000000001".into(),
                account_id: "aaaa".into(),
                account_name: "anna1".into(),
                platform: "twitter".into(),
                time: Time(1_772_323_201_234),
                text: "@bob2 \"so\", said\nnobody https://www.x.example/a-1?utm_source=t #Tag"
                    .into(),
                lang: "en".into(),
                urls: vec!["https://www.x.example/a-1?utm_source=t".into()],
                hashtags: vec!["Tag".into(), "صوت_مبكرا".into()],
                media: vec!["00ff".into()],
                link_title: "A title".into(),
                reply_to: "9".into(),
                reply_to_account: "bbbb".into(),
                ..SimulatedRow::default()
            },
            SimulatedRow {
                post_id: "0000000000000000002".into(),
                account_id: "bbbb".into(),
                time: Time(1_772_323_202_000),
                text: "дословно".into(),
                is_repost: true,
                repost_of: "0000000000000000001".into(),
                repost_of_account: "aaaa".into(),
                ..SimulatedRow::default()
            },
        ];
        let mut first = None;
        for name in ["posts.csv", "posts.ndjson", "posts.parquet"] {
            let path = dir.path().join(name);
            let mut file = SimulatedFile::create(&path).unwrap();
            for row in &rows {
                file.push(row.clone()).unwrap();
            }
            assert_eq!(file.finish().unwrap(), 2);
            let reading = read(&[Input::Path(path)], &ReadOptions::default()).unwrap();
            let posts: Vec<_> = reading
                .posts
                .iter()
                .map(|post| {
                    let mut post = post.to_post();
                    post.source = concerted_engine::post::Source::default();
                    post
                })
                .collect();
            assert_eq!(posts.len(), 2, "{name}: {:?}", reading.inputs);
            assert_eq!(
                posts[0].urls,
                ["https://www.x.example/a-1?utm_source=t"],
                "{name}"
            );
            assert_eq!(posts[0].hashtags, ["Tag", "صوت_مبكرا"], "{name}");
            assert_eq!(posts[0].time, 1_772_323_201_234, "{name}");
            assert_eq!(posts[1].is_repost, Some(true), "{name}");
            assert_eq!(*first.get_or_insert(posts.clone()), posts, "{name}");
        }
        let said = SimulatedFile::create(&dir.path().join("posts.doc"))
            .unwrap_err()
            .to_string();
        assert!(said.contains("posts.doc ends in no format"), "{said}");
    }
}
