//! Where a reader puts what it found: posts, and what was wrong with the others.

use super::problem::{Problem, ProblemKind, Problems};
use super::watch::Watch;
use concerted_engine::post::{Post, Posts};

/// After how many rows those who wait are told.
const TOLD: u64 = 1 << 12;

/// Posts and problems of one input, filled by a reader row by row.
#[derive(Debug)]
pub struct Sink {
    file: u32,
    rows: u64,
    refused_rows: u64,
    posts: Posts,
    problems: Problems,
    watch: Option<Watch>,
}

impl Sink {
    /// An empty one for the input with this index.
    pub fn new(file: u32) -> Self {
        Self {
            file,
            rows: 0,
            refused_rows: 0,
            posts: Posts::default(),
            problems: Problems::default(),
            watch: None,
        }
    }

    /// The same, and whoever looks at the watch sees its rows go by.
    #[must_use]
    pub fn watched(self, watch: &Watch) -> Self {
        Self {
            watch: Some(watch.clone()),
            ..self
        }
    }

    /// Index of the input.
    pub fn file(&self) -> u32 {
        self.file
    }

    /// Counts a record that was seen, whatever becomes of it.
    pub fn row(&mut self) {
        self.rows += 1;
        if self.rows.is_multiple_of(TOLD)
            && let Some(watch) = &self.watch
        {
            watch.rows(TOLD);
        }
    }

    /// Keeps a post. Its `source` must be set.
    pub fn post(&mut self, post: &Post) {
        self.posts.push(post);
    }

    /// Notes that a row counts although something about it is doubtful.
    pub fn doubt(
        &mut self,
        row: impl Into<Option<u64>>,
        column: &str,
        kind: ProblemKind,
        detail: impl Into<String>,
    ) {
        self.note(row.into(), column, kind, detail.into(), false);
    }

    /// Notes that a row was left out.
    pub fn refuse(
        &mut self,
        row: impl Into<Option<u64>>,
        column: &str,
        kind: ProblemKind,
        detail: impl Into<String>,
    ) {
        self.refused_rows += 1;
        self.note(row.into(), column, kind, detail.into(), true);
    }

    fn note(
        &mut self,
        row: Option<u64>,
        column: &str,
        kind: ProblemKind,
        detail: String,
        refused: bool,
    ) {
        self.problems.push(Problem {
            file: self.file,
            row,
            column: column.to_owned(),
            kind,
            detail,
            refused,
        });
    }

    /// How many records were seen.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// How many records were left out.
    pub fn refused_rows(&self) -> u64 {
        self.refused_rows
    }

    /// The posts so far.
    pub fn posts(&self) -> &Posts {
        &self.posts
    }

    /// The problems so far.
    pub fn problems(&self) -> &Problems {
        &self.problems
    }

    /// Takes in what another reader of the same input found behind this one.
    pub fn append(&mut self, other: Self) {
        let told = self.rows / TOLD;
        self.rows += other.rows;
        if let Some(watch) = &self.watch {
            watch.rows((self.rows / TOLD - told) * TOLD);
        }
        self.refused_rows += other.refused_rows;
        if self.posts.is_empty() {
            self.posts = other.posts;
        } else {
            self.posts.append(&other.posts);
        }
        self.problems.append(other.problems);
    }

    /// Hands over posts and problems.
    pub fn into_parts(self) -> (Posts, Problems) {
        (self.posts, self.problems)
    }
}
