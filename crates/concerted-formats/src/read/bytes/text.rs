//! Turns bytes of any encoding into UTF-8 as they are read, and counts what meant nothing.
//!
//! Which encoding is it? A byte order mark says so; NUL bytes at every other place mean UTF-16,
//! which guessers take for UTF-8; bytes that are UTF-8 are UTF-8; anything else is guessed from the
//! first stretch that is not plain ASCII, however far into the file that stretch begins.

use super::unpack::Journal;
use super::{Disk, Finished, ProblemKind};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, BufRead, Read};

/// How many bytes are taken in at a time, and looked at to tell the encoding.
const CHUNK: usize = 1 << 18;

/// Text as UTF-8. What [`BufRead::fill_buf`] returns is always whole characters.
pub struct Text {
    source: Box<dyn Read + Send>,
    disk: Disk,
    journal: Journal,
    /// Bytes as they came, from `start` on.
    raw: Vec<u8>,
    start: usize,
    ended: bool,
    /// `None` as long as all bytes are ASCII.
    decoder: Option<Decoder>,
    encoding: &'static Encoding,
    guessed: bool,
    flushed: bool,
    /// Characters to hand over, from `given` on.
    out: Vec<u8>,
    given: usize,
    lines: u64,
    bad: Count,
    nul: Count,
}

/// How many, and the line of the first.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    number: u64,
    line: u64,
}

impl Count {
    fn add(&mut self, number: u64, line: impl FnOnce() -> u64) {
        if self.number == 0 {
            self.line = line();
        }
        self.number += number;
    }
}

impl Text {
    pub(super) fn new(
        source: Box<dyn Read + Send>,
        disk: Disk,
        journal: Journal,
    ) -> io::Result<Self> {
        let mut text = Self {
            source,
            disk,
            journal,
            raw: Vec::new(),
            start: 0,
            ended: false,
            decoder: None,
            encoding: UTF_8,
            guessed: false,
            flushed: false,
            out: Vec::new(),
            given: 0,
            lines: 0,
            bad: Count::default(),
            nul: Count::default(),
        };
        text.take_in()?;
        if text.raw.is_empty() && !text.journal.has_problems() {
            let detail = "it holds no byte".to_owned();
            text.journal.problem(ProblemKind::EmptyFile, detail);
        }
        if let Some((encoding, mark)) = Encoding::for_bom(&text.raw) {
            text.start = mark;
            text.decide(encoding);
        } else if let Some(encoding) = utf_16_by_parity(&text.raw) {
            text.guessed = true;
            text.decide(encoding);
        }
        Ok(text)
    }

    /// Name of the encoding, as far as it is known by now.
    pub fn encoding(&self) -> &'static str {
        self.encoding.name()
    }

    /// Reads the rest of what lies on disk for its hash, and says what is known of the text read.
    pub fn finish(self) -> io::Result<Finished> {
        let (sha256, bytes) = self.disk.finish()?;
        let (mut notes, problems) = self.journal.take();
        if self.encoding != UTF_8 {
            let how = if self.guessed {
                "guessed"
            } else {
                "as its first bytes say"
            };
            notes.push(format!("read as {} ({how})", self.encoding.name()));
        }
        let mut problems: Vec<_> = problems
            .into_iter()
            .map(|(kind, detail)| (None, kind, detail))
            .collect();
        if self.bad.number > 0 {
            let detail = format!(
                "{} sequences of bytes mean nothing in {}; the first is in line {}",
                self.bad.number,
                self.encoding.name(),
                self.bad.line
            );
            problems.push((Some(self.bad.line), ProblemKind::BadEncoding, detail));
        }
        if self.nul.number > 0 {
            let detail = format!(
                "{} NUL bytes were taken out; the first is in line {}",
                self.nul.number, self.nul.line
            );
            problems.push((Some(self.nul.line), ProblemKind::NulByte, detail));
        }
        Ok(Finished {
            sha256,
            bytes,
            notes,
            problems,
        })
    }

    fn decide(&mut self, encoding: &'static Encoding) {
        self.encoding = encoding;
        self.decoder = Some(encoding.new_decoder_without_bom_handling());
    }

    /// Fills the raw buffer up to its size.
    fn take_in(&mut self) -> io::Result<()> {
        self.raw.drain(..self.start);
        self.start = 0;
        let room = CHUNK.saturating_sub(self.raw.len());
        if !self.ended && room > 0 {
            let read = (&mut self.source)
                .take(room as u64)
                .read_to_end(&mut self.raw)?;
            self.ended = read < room;
        }
        Ok(())
    }

    /// Puts the next characters into `out`; none are left if it stays empty.
    fn decode(&mut self) -> io::Result<()> {
        self.out.clear();
        self.given = 0;
        while self.out.is_empty() && !self.flushed {
            if self.start == self.raw.len() {
                self.take_in()?;
            }
            let last = self.ended;
            if self.decoder.is_none() {
                let fresh = &self.raw[self.start..];
                let plain = fresh.iter().position(|byte| !byte.is_ascii());
                match plain {
                    None => {
                        self.out.extend_from_slice(fresh);
                        self.start = self.raw.len();
                        self.flushed = last;
                    }
                    Some(0) => {
                        self.take_in()?;
                        let (encoding, guessed) = tell(&self.raw, self.ended);
                        self.guessed = guessed;
                        self.decide(encoding);
                        continue;
                    }
                    Some(plain) => {
                        self.out.extend_from_slice(&fresh[..plain]);
                        self.start += plain;
                    }
                }
            } else {
                self.decode_chunk(last);
            }
            if self.out.contains(&0) {
                self.take_out_nul();
            }
        }
        self.lines += newlines(&self.out);
        Ok(())
    }

    fn decode_chunk(&mut self, last: bool) {
        let Some(decoder) = &mut self.decoder else {
            return;
        };
        loop {
            let fresh = &self.raw[self.start..];
            let written = self.out.len();
            let room = decoder
                .max_utf8_buffer_length_without_replacement(fresh.len())
                .unwrap_or(4 * fresh.len() + 16);
            self.out.resize(written + room, 0);
            let (result, read, wrote) =
                decoder.decode_to_utf8_without_replacement(fresh, &mut self.out[written..], last);
            self.out.truncate(written + wrote);
            self.start += read;
            match result {
                DecoderResult::InputEmpty => {
                    self.flushed = last;
                    return;
                }
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    let (lines, out) = (self.lines, &self.out);
                    self.bad.add(1, || lines + newlines(out) + 1);
                    self.out.extend_from_slice("\u{fffd}".as_bytes());
                }
            }
        }
    }

    fn take_out_nul(&mut self) {
        let before = self.out.len();
        let first = self.out.iter().position(|&byte| byte == 0).unwrap_or(0);
        let line = self.lines + newlines(&self.out[..first]) + 1;
        self.out.retain(|&byte| byte != 0);
        self.nul.add((before - self.out.len()) as u64, || line);
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Text {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.given == self.out.len() {
            self.decode()?;
        }
        Ok(&self.out[self.given..])
    }

    fn consume(&mut self, amount: usize) {
        self.given = (self.given + amount).min(self.out.len());
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Text")
            .field("encoding", &self.encoding.name())
            .field("lines", &self.lines)
            .finish_non_exhaustive()
    }
}

#[expect(
    clippy::naive_bytecount,
    reason = "a few gigabytes a second are enough beside decoding"
)]
fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|&&byte| byte == b'\n').count() as u64
}

/// UTF-16 without a byte order mark: digits, commas and line ends have a NUL on one side, always the
/// same one, whatever the script of the text.
fn utf_16_by_parity(head: &[u8]) -> Option<&'static Encoding> {
    let head = &head[..head.len().min(4_096) & !1];
    let (mut even, mut odd) = (0_usize, 0_usize);
    for pair in head.chunks_exact(2) {
        even += usize::from(pair[0] == 0);
        odd += usize::from(pair[1] == 0);
    }
    // Text into which NUL bytes strayed is still text when they are taken out; UTF-16 is not, or
    // it has a NUL at nearly every other place.
    let nul = even + odd;
    if nul < head.len() / 4 {
        let rest: Vec<u8> = head.iter().copied().filter(|&byte| byte != 0).collect();
        let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
        if std::str::from_utf8(&rest).is_ok() && !rest.iter().any(control) {
            return None;
        }
    }
    let enough = head.len() / 2 / 20;
    if odd > 8 * even && odd > enough {
        Some(UTF_16LE)
    } else if even > 8 * odd && even > enough {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The encoding of bytes of which the first is not ASCII, and whether it is a guess.
fn tell(window: &[u8], last: bool) -> (&'static Encoding, bool) {
    let (mut good, mut bad) = (0_u64, 0_u64);
    let mut chunks = window.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count() as u64;
        let cut_off = chunks.peek().is_none() && !last;
        if !chunk.invalid().is_empty() && !cut_off {
            bad += 1;
        }
    }
    // Some broken characters do not make UTF-8 another encoding: in any other one, few sequences of
    // non-ASCII bytes are UTF-8 by chance.
    if good > 2 * bad || bad == 0 {
        return (UTF_8, false);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(window, last);
    (detector.guess(None, Utf8Detection::Deny), true)
}
