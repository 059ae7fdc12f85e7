//! Cuts text into lines with their numbers, none longer than one record may be.

use std::io::{self, BufRead, Read};

/// A line, without its end (`\n` or `\r\n`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// A line as it stands.
    Whole {
        /// Its number, from 1.
        number: u64,
        /// Its bytes.
        bytes: &'a [u8],
        /// Whether a line end closes it; only the last one may lack it.
        ended: bool,
    },
    /// A line that is longer than one record may be, and was skipped.
    TooLong {
        /// Its number, from 1.
        number: u64,
        /// How many bytes it has.
        length: u64,
    },
}

/// The lines of a text. At most one line is held in memory.
#[derive(Debug)]
pub struct Lines<R> {
    text: R,
    limit: usize,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Lines of at most `limit` bytes; longer ones are skipped and told.
    pub fn new(text: R, limit: usize) -> Self {
        Self {
            text,
            limit,
            line: Vec::new(),
            number: 0,
        }
    }

    /// Number of the line that came last, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The next line, or `None` at the end.
    #[expect(
        clippy::should_implement_trait,
        reason = "a line is borrowed until the next one is asked for, which an iterator cannot say"
    )]
    pub fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.line.clear();
        // Two more bytes than the limit leave room for the line end itself.
        let room = self.limit as u64 + 2;
        let read = (&mut self.text)
            .take(room)
            .read_until(b'\n', &mut self.line)? as u64;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        let ended = self.line.last() == Some(&b'\n');
        if ended {
            self.line.pop();
            if self.line.last() == Some(&b'\r') {
                self.line.pop();
            }
        }
        if self.line.len() <= self.limit {
            return Ok(Some(Line::Whole {
                number: self.number,
                bytes: &self.line,
                ended,
            }));
        }
        let mut length = read;
        if !ended {
            length += self.text.skip_until(b'\n')? as u64;
        }
        Ok(Some(Line::TooLong {
            number: self.number,
            length,
        }))
    }

    /// The text, behind the last line that was read.
    pub fn into_inner(self) -> R {
        self.text
    }
}
