//! Bad input is data: every refused or doubtful row is kept with its file, row, column and a way out.

use std::collections::BTreeMap;

/// What is wrong with a row, a column or a file. The word printed in `problems.csv` is
/// [`ProblemKind::word`]; adding a kind is adding a line here.
macro_rules! problem_kinds {
    ($($kind:ident $word:literal $advice:literal,)*) => {
        /// What is wrong with a row, a column or a whole file.
        #[expect(clippy::doc_markdown, reason = "the advice is shown to people as plain text too")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ProblemKind {
            $(#[doc = $advice] $kind,)*
        }

        impl ProblemKind {
            /// The word in the column `kind` of `problems.csv`.
            pub fn word(self) -> &'static str {
                match self { $(Self::$kind => $word,)* }
            }

            /// What the analyst can do about it.
            pub fn advice(self) -> &'static str {
                match self { $(Self::$kind => $advice,)* }
            }

            /// Every kind, in the order of this list.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)*];
        }
    };
}

problem_kinds! {
    EmptyFile "empty-file" "Export the file again; it holds no byte.",
    NoRows "no-rows" "Export the file again; it has a header and no row.",
    NoTime "no-time" "Name the column that holds the time with --map time=COLUMN.",
    NoAccount "no-account" "Name the column that holds the account with --map account_id=COLUMN.",
    NoObject "no-object" "Name a column to compare: --map text=COLUMN, urls=COLUMN, hashtags=COLUMN or repost_of=COLUMN.",
    AmbiguousColumn "ambiguous-column" "Two columns fit; choose one with --map FIELD=COLUMN.",
    TooManyFields "too-many-fields" "Quote the field that holds the delimiter, or export again with another delimiter.",
    TooFewFields "too-few-fields" "Export again; fields are missing at the end of this row.",
    UnclosedQuote "unclosed-quote" "Close the quote in this row; the rows behind it were read on their own.",
    TooLong "too-long" "Cut the record; it is longer than one post can be.",
    NulByte "nul-byte" "Nothing to do if the text reads well; NUL bytes were taken out.",
    BadEncoding "bad-encoding" "Save the file as UTF-8; bytes that mean nothing in its encoding read as \u{fffd}.",
    BadTime "bad-time" "Correct the time; a date with zone, or seconds since 1970, is understood.",
    NoZone "no-zone" "Say which zone the clock of this export keeps, for example --time-zone UTC.",
    AmbiguousDate "ambiguous-date" "Say the order of day and month with --date-order dmy or mdy.",
    TimeOutOfRange "time-out-of-range" "Correct the time; it is before 1990 or more than a day after the export.",
    PrecisionLost "precision-lost" "Export ids as text; a spreadsheet has rounded this one, so different posts may now share it.",
    DuplicatePost "duplicate-post" "Nothing to do if the export overlaps with another; the post counts once.",
    MissingId "missing-id" "Export the post ids too; without them a post collected twice counts twice.",
    RepostWithoutId "repost-without-id" "Export the id of the original; until then reposts are matched by account and text.",
    BadJson "bad-json" "Correct the line; it is not a JSON value of this format.",
    Unmapped "unmapped" "Tell the makers of concerted which export this is; the record has no account or time where this format keeps them.",
    Truncated "truncated" "Fetch the file again; it ends in the middle.",
    TooLarge "too-large" "Unpack it and look at it first; it grows far beyond its size, which is how a bomb looks.",
    Unreadable "unreadable" "Check the path and your right to read it.",
    ClockAhead "clock-ahead" "Check the clock of the collector; this record comes from the future of its neighbours.",
}

/// One thing that is wrong, where it is, and whether the row still counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Index of the input.
    pub file: u32,
    /// Row of the input, where it belongs to one.
    pub row: Option<u64>,
    /// Column as the input names it, or empty.
    pub column: String,
    /// What it is.
    pub kind: ProblemKind,
    /// The value and the reason, for a person to read.
    pub detail: String,
    /// Whether the row was left out.
    pub refused: bool,
}

/// Problems as they come, bounded: past [`Problems::KEPT`] of one kind in one file and column they
/// are counted and no longer listed one by one, and the count is listed in their place.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    listed: Vec<Problem>,
    counts: BTreeMap<(u32, ProblemKind, String, bool), u64>,
}

impl Problems {
    /// How many problems of one kind, file and column are listed one by one.
    pub const KEPT: u64 = 10_000;

    /// Adds one.
    pub fn push(&mut self, problem: Problem) {
        let key = (
            problem.file,
            problem.kind,
            problem.column.clone(),
            problem.refused,
        );
        let count = self.counts.entry(key).or_default();
        *count += 1;
        if *count <= Self::KEPT {
            self.listed.push(problem);
        }
    }

    /// Adds those of another reader, as if they had come one by one behind these.
    pub fn append(&mut self, other: Self) {
        let mut room: BTreeMap<_, _> = (other.counts.keys())
            .map(|key| {
                let before = self.counts.get(key).copied().unwrap_or_default();
                (key.clone(), Self::KEPT.saturating_sub(before))
            })
            .collect();
        for problem in other.listed {
            let key = (
                problem.file,
                problem.kind,
                problem.column.clone(),
                problem.refused,
            );
            if let Some(room) = room.get_mut(&key).filter(|room| **room > 0) {
                *room -= 1;
                self.listed.push(problem);
            }
        }
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
    }

    /// How many there are in a file: (refused, doubted).
    pub fn count(&self, file: u32) -> (u64, u64) {
        let sum = |refused: bool| {
            self.counts
                .iter()
                .filter(|(key, _)| key.0 == file && key.3 == refused)
                .map(|(_, count)| count)
                .sum()
        };
        (sum(true), sum(false))
    }

    /// Counts by file, kind, column and whether the row was refused.
    pub fn counts(&self) -> impl Iterator<Item = (u32, ProblemKind, &str, bool, u64)> {
        self.counts
            .iter()
            .map(|((file, kind, column, refused), count)| {
                (*file, *kind, column.as_str(), *refused, *count)
            })
    }

    /// Every problem that is listed one by one, in order of file and row, then a line for each kind
    /// of which more were counted than listed.
    pub fn list(&self) -> Vec<Problem> {
        let mut list = self.listed.clone();
        list.sort_by(|a, b| {
            (a.file, a.row, a.kind, &a.column, &a.detail)
                .cmp(&(b.file, b.row, b.kind, &b.column, &b.detail))
        });
        for ((file, kind, column, refused), count) in &self.counts {
            if *count > Self::KEPT {
                list.push(Problem {
                    file: *file,
                    row: None,
                    column: column.clone(),
                    kind: *kind,
                    detail: format!("and {} more like these", count - Self::KEPT),
                    refused: *refused,
                });
            }
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_that_are_put_together_are_those_that_came_one_by_one() {
        let problem = |row: u64| Problem {
            file: u32::from(row.is_multiple_of(3)),
            row: Some(row),
            column: String::new(),
            kind: ProblemKind::BadTime,
            detail: row.to_string(),
            refused: row.is_multiple_of(2),
        };
        let rows = 0..8 * Problems::KEPT;
        let mut one_by_one = Problems::default();
        rows.clone().for_each(|row| one_by_one.push(problem(row)));
        let mut together = Problems::default();
        for start in rows.step_by(7_001) {
            let mut part = Problems::default();
            let end = (start + 7_001).min(8 * Problems::KEPT);
            (start..end).for_each(|row| part.push(problem(row)));
            together.append(part);
        }
        assert!(
            one_by_one
                .counts()
                .any(|(.., count)| count > Problems::KEPT)
        );
        assert_eq!(one_by_one.list(), together.list());
        assert_eq!(one_by_one.count(0), together.count(0));
    }
}
