//! Reads small exports made by hand, broken ones, and real corpora where they are at hand.

mod bad_input;
mod corpora;
mod divisions;
mod formats;
mod page;
mod tables;

use concerted_engine::post::Post;
use concerted_formats::read::{Input, ReadError, ReadOptions, Reading, read};
use std::path::PathBuf;
use tempfile::TempDir;

/// A file with this content, in a folder that lives as long as the test.
fn file(content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("posts.csv");
    std::fs::write(&path, content).expect("a temporary file can be written");
    (folder, path)
}

fn try_read(content: impl AsRef<[u8]>, options: &ReadOptions) -> Result<Reading, ReadError> {
    let (_folder, path) = file(content);
    read(&[Input::Path(path)], options)
}

fn read_with(content: impl AsRef<[u8]>, options: &ReadOptions) -> Reading {
    try_read(content, options).expect("the file can be read")
}

fn read_text(content: impl AsRef<[u8]>) -> Reading {
    read_with(content, &ReadOptions::default())
}

fn posts(reading: &Reading) -> Vec<Post> {
    reading.posts.iter().map(|post| post.to_post()).collect()
}

/// The problems as `row kind column detail`, refused ones with an exclamation mark.
fn problems(reading: &Reading) -> Vec<String> {
    reading
        .problems
        .list()
        .iter()
        .map(|problem| {
            format!(
                "{}{} {} {}: {}",
                problem.row.map_or("-".into(), |row| row.to_string()),
                if problem.refused { "!" } else { "" },
                problem.kind.word(),
                problem.column,
                problem.detail
            )
        })
        .collect()
}

/// A table with comma, header `post_id,account_id,time,text` and these rows.
fn table(rows: &str) -> String {
    format!("post_id,account_id,time,text\n{rows}")
}

fn error(content: impl AsRef<[u8]>, options: &ReadOptions) -> String {
    let (_folder, path) = file(content);
    let error = read(&[Input::Path(path.clone())], options).expect_err("the file cannot be read");
    error
        .to_string()
        .replace(&path.display().to_string(), "posts.csv")
}
