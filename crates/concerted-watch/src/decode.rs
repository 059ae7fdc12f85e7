//! Bytes as they come, in whole records: is the line complete, and what does it say?
//!
//! The readers of a scan read what is finished. A stream never is: a piece may end in the middle of a
//! line, and the header of a table came with the first piece alone. So bytes are kept until a record is
//! whole, and each piece of a table is given its header again.

use crate::WatchError;
use concerted_engine::post::Post;
use concerted_formats::read::bytes::Limits;
use concerted_formats::read::{Input, ReadError, ReadOptions, read_within};
use serde::{Deserialize, Serialize};

/// What has to be known to go on in the middle of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecoderState {
    /// First line of a table.
    header: Option<Vec<u8>>,
    /// Format that was recognised.
    format: Option<String>,
    /// In the middle of a record that is too long and is passed over.
    skipping: bool,
}

/// What came of some bytes.
#[derive(Debug, Default)]
pub struct Decoded {
    /// The posts.
    pub posts: Vec<Post>,
    /// What to tell: what was recognised, what was refused and why.
    pub notes: Vec<String>,
    /// Records that were refused.
    pub refused: u64,
}

/// Cuts a stream of bytes into records and reads them.
#[derive(Debug)]
pub struct Decoder {
    name: String,
    options: ReadOptions,
    limits: Limits,
    state: DecoderState,
    /// Bytes of a record that is not whole yet.
    pending: Vec<u8>,
}

/// Bytes of one piece that the readers get at once.
const PIECE: usize = 1 << 20;

impl Decoder {
    /// A decoder of a stream of this name. Options that are given are followed instead of guessing.
    pub fn new(name: &str, options: &ReadOptions, state: DecoderState) -> Self {
        Self {
            name: name.to_owned(),
            options: options.clone(),
            limits: Limits::default(),
            state,
            pending: Vec::new(),
        }
    }

    /// What has to be known to go on behind the last whole record.
    pub fn state(&self) -> &DecoderState {
        &self.state
    }

    /// Bytes that wait for the rest of their record.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Forgets a record that is not whole: the file it stood in is gone. Returns its bytes.
    pub fn abandon(&mut self) -> usize {
        self.state = DecoderState {
            format: self.state.format.take(),
            ..DecoderState::default()
        };
        std::mem::take(&mut self.pending).len()
    }

    /// Reads the records that these bytes complete; all of them if the stream ends here.
    pub fn feed(&mut self, bytes: &[u8], ends: bool) -> Result<Decoded, WatchError> {
        let mut decoded = Decoded::default();
        let mut bytes = bytes;
        if self.state.skipping {
            let Some(end) = bytes.iter().position(|&byte| byte == b'\n') else {
                return Ok(decoded);
            };
            bytes = &bytes[end + 1..];
            self.state.skipping = false;
        }
        self.pending.extend_from_slice(bytes);
        if ends && self.pending.last().is_some_and(|&byte| byte != b'\n') {
            self.pending.push(b'\n');
        }
        while let Some(end) = self.whole_records(ends) {
            let rest = self.pending.split_off(end);
            let piece = std::mem::replace(&mut self.pending, rest);
            self.read(piece, &mut decoded)?;
        }
        if self.pending.len() > self.limits.max_record {
            decoded.refused += 1;
            decoded.notes.push(format!(
                "a record of more than {} bytes was passed over",
                self.limits.max_record
            ));
            self.pending = Vec::new();
            self.state.skipping = true;
        }
        Ok(decoded)
    }

    /// Where the last whole record of the next piece ends.
    fn whole_records(&self, ends: bool) -> Option<usize> {
        let window = &self.pending[..self.pending.len().min(PIECE)];
        let known = self.state.format.is_some() && self.state.header.is_none();
        let json = known
            || window
                .iter()
                .find(|byte| !byte.is_ascii_whitespace())
                .is_some_and(|&byte| byte == b'{' || byte == b'[');
        let mut last = None;
        let (mut lines, mut inside) = (0, false);
        for (place, &byte) in window.iter().enumerate() {
            // A line end between quotes belongs to a field of a table.
            inside ^= byte == b'"' && !json;
            if byte == b'\n' && !inside {
                last = Some(place + 1);
                lines += 1;
            }
        }
        // A quote that is never closed must not hold up the stream.
        if last.is_none() && (ends || window.len() == PIECE) {
            last = window
                .iter()
                .rposition(|&byte| byte == b'\n')
                .map(|at| at + 1);
        }
        // A header alone says nothing yet.
        let header_alone = !json && self.state.header.is_none() && lines < 2;
        last.filter(|_| ends || !header_alone)
    }

    fn read(&mut self, piece: Vec<u8>, decoded: &mut Decoded) -> Result<(), WatchError> {
        let first = piece.iter().find(|byte| !byte.is_ascii_whitespace());
        let Some(&first) = first else { return Ok(()) };
        let json = first == b'{' || first == b'[';
        let whole = match &self.state.header {
            Some(header) if !json => [header.as_slice(), piece.as_slice()].concat(),
            _ => piece,
        };
        let header = (!json && self.state.header.is_none())
            .then(|| whole.split_inclusive(|&byte| byte == b'\n').next())
            .flatten()
            .map(<[u8]>::to_vec);
        let options = ReadOptions {
            format: self.options.format.clone().or(self.state.format.clone()),
            ..self.options.clone()
        };
        let input = Input::Bytes(self.name.clone(), whole);
        let reading = match read_within(&[input], &options, &self.limits) {
            Ok(reading) => reading,
            Err(ReadError::Nothing { details }) => {
                decoded.refused += 1;
                let why = details.trim().lines().next().unwrap_or_default();
                decoded
                    .notes
                    .push(format!("a piece was not understood: {why}"));
                return Ok(());
            }
            // What was said on the command line may fit the stream and not this piece of it.
            Err(error) if self.state.format.is_some() => {
                decoded.refused += 1;
                decoded
                    .notes
                    .push(format!("a piece was not understood: {error}"));
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        for input in &reading.inputs {
            if self.state.format.is_none() && input.posts > 0 {
                decoded
                    .notes
                    .push(format!("{}: {} ({})", input.name, input.format, input.why));
                self.state.format = Some(input.format.clone());
                self.state.header.clone_from(&header);
            }
            decoded.refused += input.refused;
        }
        for (_, kind, column, refused, count) in reading.problems.counts() {
            if refused {
                let column = if column.is_empty() {
                    String::new()
                } else {
                    format!(" in {column}")
                };
                decoded.notes.push(format!(
                    "{count} records were left out ({}{column}): {}",
                    kind.word(),
                    kind.advice()
                ));
            }
        }
        decoded
            .posts
            .extend(reading.posts.iter().map(|post| post.to_post()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn decoder() -> Decoder {
        Decoder::new("test", &ReadOptions::default(), DecoderState::default())
    }

    const CSV: &str = "post_id,account_id,time,text\n1,a,1600000000,\"one\nline\"\n2,b,1600000001,two\n3,c,1600000002,three\n";

    #[test]
    fn any_cut_gives_the_same_posts() {
        let mut ndjson = String::new();
        for n in 0..CSV.lines().skip(3).count() {
            let _ = writeln!(
                ndjson,
                "{{\"post_id\":\"{n}\",\"account_id\":\"a\",\"time\":{},\"text\":\"x\"}}",
                1_600_000_000 + n
            );
        }
        for text in [CSV, &ndjson] {
            let whole = decoder().feed(text.as_bytes(), true).unwrap().posts;
            assert!(whole.len() >= 2, "{whole:?}");
            for cut in 1..text.len() {
                let mut decoder = decoder();
                let (first, second) = text.as_bytes().split_at(cut);
                let mut posts = decoder.feed(first, false).unwrap().posts;
                posts.extend(decoder.feed(second, true).unwrap().posts);
                let ids = |posts: &[Post]| -> Vec<(String, String)> {
                    posts
                        .iter()
                        .map(|post| (post.post_id.clone(), post.text.clone()))
                        .collect()
                };
                assert_eq!(ids(&posts), ids(&whole), "cut at {cut}");
            }
        }
    }

    #[test]
    fn garbage_and_a_giant_are_told_and_passed_over() {
        let line = |n: i64| {
            format!(
                "{{\"post_id\":\"{n}\",\"account_id\":\"a\",\"time\":{},\"text\":\"x\"}}\n",
                1_600_000_000 + n
            )
        };
        let mut decoder = decoder();
        assert_eq!(
            decoder.feed(line(1).as_bytes(), false).unwrap().posts.len(),
            1
        );
        let garbage = decoder.feed(b"{\"half\": \n\x00\xff\xfe\n", false).unwrap();
        assert!(
            garbage.posts.is_empty() && garbage.refused >= 1,
            "{garbage:?}"
        );
        assert_eq!(
            decoder.feed(line(2).as_bytes(), false).unwrap().posts.len(),
            1
        );
        let mut refused = 0;
        for _ in 0..100 {
            let giant = decoder.feed(&vec![b'x'; 1 << 20], false).unwrap();
            refused += giant.refused;
            assert!(decoder.pending() <= 17 << 20);
        }
        assert_eq!(refused, 1);
        let after = decoder
            .feed(format!("x\n{}", line(3)).as_bytes(), false)
            .unwrap();
        assert_eq!(after.posts.len(), 1);
    }
}
