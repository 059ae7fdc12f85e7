//! The ledger file: opened, appended to under the ten rules, verified.

use crate::book::Book;
use crate::chain::{self, ChainError, ChainFile, Fault, Head, Line, TornTail};
use crate::record::Record;
use crate::rules::{self, Broken};
use jiff::Timestamp;
use std::fmt::Write as _;
use std::path::Path;

/// Why records were not taken in.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file cannot be read, or cannot be relied on.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// Records break rules; none of them was taken in.
    #[error("{}", list(.0))]
    Rules(Vec<Broken>),
}

fn list(broken: &[Broken]) -> String {
    let mut text = String::from("nothing was recorded");
    for one in broken {
        let _ = write!(text, "\n  {one}");
    }
    text
}

/// A ledger that is open for appending.
#[derive(Debug)]
pub struct Ledger {
    file: ChainFile<Record>,
    book: Book,
}

/// What an append did.
#[derive(Debug)]
pub struct Recorded {
    /// The ids of the records and the hashes of their lines, in order.
    pub lines: Vec<(String, String)>,
    /// A torn tail that a crash had left, now set aside.
    pub torn: Option<TornTail>,
}

impl Ledger {
    /// Opens a ledger; a file that is not there begins with the first record.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let file = ChainFile::open(path)?;
        Ok(Self {
            file,
            book: Book::default(),
        })
    }

    /// The ledger as far as this handle has read it: up to date after each append.
    pub fn book(&self) -> &Book {
        &self.book
    }

    /// Where the chain has come to.
    pub fn head(&self) -> &Head {
        self.file.head()
    }

    /// Records all of `records`, or none. When it returns they are on the disk.
    pub fn append(
        &mut self,
        records: Vec<Record>,
        by: &str,
        on: Timestamp,
    ) -> Result<Recorded, LedgerError> {
        let book = &mut self.book;
        let mut known = book.len();
        let appended = self.file.append::<LedgerError>(by, on, |seen| {
            for line in seen {
                book.take(line);
            }
            known = book.len();
            let today = on.strftime("%Y-%m-%d").to_string().parse().ok();
            // Records may point to others of the same batch, so each is taken in as it passes; if any does
            // not, all go out again.
            let mut broken = Vec::new();
            for record in &records {
                broken.extend(rules::check(book, record, today));
                book.take(Line {
                    hash: String::new(),
                    prev_hash: String::new(),
                    record: record.clone(),
                    recorded_by: by.to_owned(),
                    recorded_on: on.to_string(),
                });
            }
            if broken.is_empty() {
                Ok(records)
            } else {
                Err(LedgerError::Rules(broken))
            }
        });
        let appended = match appended {
            Ok(appended) => appended,
            Err(error) => {
                self.book.back_to(known);
                return Err(error);
            }
        };
        let lines = appended
            .lines
            .iter()
            .map(|line| (line.record.id().to_owned(), line.hash.clone()))
            .collect();
        self.book.settle(known, appended.lines);
        Ok(Recorded {
            lines,
            torn: appended.torn,
        })
    }
}

/// A ledger that was read and found whole.
#[derive(Debug)]
pub struct Verified {
    /// Its records.
    pub book: Book,
    /// Where the chain has come to.
    pub head: Head,
    /// A piece of a line at its end that was never acknowledged.
    pub torn: Option<TornTail>,
}

/// The first thing that is wrong with a ledger.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// A line is not what was written, or not where it was.
    #[error("line {line}: {fault}")]
    Line {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        fault: Fault,
    },
    /// A record breaks a rule.
    #[error("line {line}: {broken}")]
    Rule {
        /// The line, from 1.
        line: u64,
        /// The rule.
        broken: Broken,
    },
}

/// Checks every line and every rule of a ledger, in one pass over its bytes.
pub fn verify(bytes: &[u8]) -> Result<Verified, Wrong> {
    let mut book = Book::default();
    let mut head = Head::default();
    let mut first: Option<Wrong> = None;
    let mut number = 0;
    let left = head.follow::<Record>(bytes, |line, _| {
        number += 1;
        let today = line.recorded_on.get(..10).and_then(|day| day.parse().ok());
        if first.is_none() {
            let broken = rules::check(&book, &line.record, today).into_iter().next();
            first = broken.map(|broken| Wrong::Rule {
                line: number,
                broken,
            });
        }
        book.take(line);
    });
    if let Some(wrong) = first {
        return Err(wrong);
    }
    let left = left.map_err(|(line, fault)| Wrong::Line { line, fault })?;
    let torn = (left > 0).then_some(TornTail {
        at: head.bytes,
        bytes: left,
        set_aside: None,
    });
    Ok(Verified { book, head, torn })
}

/// Reads and checks the ledger in a file.
pub fn read(path: &Path) -> Result<Result<Verified, Wrong>, ChainError> {
    Ok(verify(&chain::read(path)?))
}
