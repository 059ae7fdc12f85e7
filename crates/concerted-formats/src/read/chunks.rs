//! Reads text on all cores: chunk by chunk, with the result that one core would have.
//!
//! Text is cut where a row seems to end, which in a table with quotes only a reading from the start
//! can know. So each cut is a guess, and every guess is checked: chunks are read side by side, and
//! then put together in order. A chunk that did not begin where the one before it ended, or that set
//! out from something the one before it changed, is read again from the right place. What comes out
//! does not depend on where the cuts were, nor on the number of threads. In memory are the chunks
//! being read, as many again that are taken in meanwhile, and what those before them gave.

use super::ReadError;
use super::sink::Sink;
use memchr::{memchr, memchr_iter};
use rayon::prelude::*;
use std::io::{self, BufRead};

/// How much text one thread reads at a time.
pub(super) const CHUNK: usize = 1 << 20;

/// How much room is made at once for text that may not come.
const ROOM: usize = 1 << 24;

/// How far behind the place of a cut a better one is sought.
const SEARCH: usize = 1 << 16;

/// Where in a text a chunk begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Number of the line, from 1.
    pub line: u64,
    /// The bytes so far of a line that is too long, if the chunk begins in one.
    pub skipped: Option<u64>,
}

/// Some text to be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk<'t> {
    /// The text, from the start of a row.
    pub text: &'t str,
    /// Where it begins.
    pub place: Place,
    /// Whether nothing follows it.
    pub last: bool,
}

/// Where reading a chunk came to an end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Left {
    /// Bytes that are dealt with; the row behind them is not whole.
    pub read: usize,
    /// The place behind them.
    pub place: Place,
}

/// What a thread needs to read rows and what it has gathered beside posts.
pub(super) trait Hand: Send + Sized {
    /// A hand that goes on from here and has gathered nothing.
    fn fork(&self) -> Self;

    /// Whether the other, when it was forked, knew what this one knows now.
    fn agrees(&self, other: &Self) -> bool;

    /// Takes in what the other has gathered behind this one.
    fn absorb(&mut self, other: Self);
}

/// Text that is taken in window by window, each of them cut into chunks.
#[derive(Debug)]
pub(super) struct Windows<R> {
    source: R,
    /// Text that is taken in and not cut yet.
    pub buffer: String,
    /// Whether the source has ended.
    pub ended: bool,
    /// Line of the beginning of `buffer`.
    pub line: u64,
    /// What ends lines.
    pub newline: u8,
    /// What quotes fields, in which lines may end without ending a row.
    pub quote: Option<u8>,
    /// How long a chunk is.
    pub chunk: usize,
}

impl<R: BufRead> Windows<R> {
    pub(super) fn new(source: R, chunk: usize) -> Self {
        Self {
            source,
            buffer: String::new(),
            ended: false,
            line: 1,
            newline: b'\n',
            quote: None,
            chunk,
        }
    }

    /// Takes in text until the buffer holds this many bytes or the source ends.
    pub(super) fn fill(&mut self, bytes: usize) -> io::Result<()> {
        let missing = bytes.saturating_sub(self.buffer.len());
        self.buffer.reserve(missing.min(ROOM));
        while self.buffer.len() < bytes && !self.ended {
            let fresh = match self.source.fill_buf() {
                Ok(fresh) => fresh,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            match str::from_utf8(fresh) {
                Ok(text) => self.buffer.push_str(text),
                Err(_) => self.buffer.push_str(&String::from_utf8_lossy(fresh)),
            }
            let length = fresh.len();
            self.ended = length == 0;
            self.source.consume(length);
        }
        Ok(())
    }

    /// Passes over text that is dealt with.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.line += count(self.newline, &self.buffer.as_bytes()[..bytes]);
        self.buffer.drain(..bytes);
    }

    /// The next chunks, about as many as asked for.
    fn next(&mut self, chunks: usize) -> io::Result<Window> {
        self.fill(chunks.saturating_mul(self.chunk))?;
        let mut ends = Vec::new();
        let mut start = 0;
        let bytes = self.buffer.as_bytes();
        while ends.len() < chunks
            && let Some(end) = self.cut(&bytes[start..])
        {
            start += end;
            ends.push(start);
        }
        let mut text = std::mem::take(&mut self.buffer);
        let last = self.ended && ends.len() < chunks;
        if last {
            if start < text.len() || ends.is_empty() {
                ends.push(text.len());
            }
        } else if ends.is_empty() {
            // No row seems to end here; what belongs to it shows when more has been read.
            ends.push(text.len());
        } else {
            self.buffer.push_str(&text[start..]);
            text.truncate(start);
        }
        let mut lines = Vec::with_capacity(ends.len());
        let mut start = 0;
        for &end in &ends {
            lines.push(self.line);
            self.line += count(self.newline, &text.as_bytes()[start..end]);
            start = end;
        }
        Ok(Window {
            text,
            ends,
            lines,
            last,
        })
    }

    /// Where to cut the first chunk off: behind the first line end that is not within quotes, going
    /// by the number of quotes before it; behind any line end if none is.
    fn cut(&self, text: &[u8]) -> Option<usize> {
        if text.len() < self.chunk {
            return None;
        }
        let mut at = self.chunk - 1;
        let quote = self.quote;
        let mut odd = quote.is_some_and(|quote| count(quote, &text[..at]) % 2 == 1);
        let mut any = None;
        while let Some(more) = memchr(self.newline, &text[at..]) {
            let end = at + more + 1;
            if let Some(quote) = quote {
                odd ^= count(quote, &text[at..end]) % 2 == 1;
            }
            if !odd {
                return Some(end);
            }
            any.get_or_insert(end);
            if end > self.chunk + SEARCH {
                break;
            }
            at = end;
        }
        any
    }
}

/// A piece of text, cut into chunks.
#[derive(Debug)]
struct Window {
    text: String,
    /// Where each chunk ends.
    ends: Vec<usize>,
    /// The line in which each begins.
    lines: Vec<u64>,
    /// Whether nothing follows.
    last: bool,
}

impl Window {
    fn chunk(&self, number: usize) -> Chunk<'_> {
        let start = if number == 0 {
            0
        } else {
            self.ends[number - 1]
        };
        Chunk {
            text: &self.text[start..self.ends[number]],
            place: Place {
                line: self.lines[number],
                skipped: None,
            },
            last: self.last && number + 1 == self.ends.len(),
        }
    }
}

/// What reading a chunk gave.
struct Read<H> {
    sink: Sink,
    hand: H,
    left: Result<Left, ReadError>,
}

/// A window and what reading its chunks gave.
type Done<H> = (Window, Vec<Read<H>>);

/// Where reading a whole text came to an end.
#[derive(Debug)]
pub(super) struct Ended {
    /// The place of the row behind the last whole one.
    pub place: Place,
    /// Why the source broke off, if it did.
    pub broke: Option<io::Error>,
}

/// Reads a text to its end: `parse` reads the rows that are whole in a chunk. Their posts and problems
/// go to the sink, in order; the first error in that order ends the reading.
pub(super) fn read_all<R, H, P>(
    text: &mut Windows<R>,
    total: &mut H,
    sink: &mut Sink,
    parse: P,
) -> Result<Ended, ReadError>
where
    R: BufRead + Send,
    H: Hand,
    P: Fn(&mut H, Chunk<'_>, &mut Sink) -> Result<Left, ReadError> + Sync,
{
    let chunks = 2 * rayon::current_num_threads();
    let mut order = Order {
        total,
        sink,
        parse: &parse,
        carry: String::new(),
        place: Place {
            line: text.line,
            skipped: None,
        },
    };
    let mut broke = None;
    let mut done: Option<Done<H>> = None;
    let mut window = take(text, chunks, &mut broke);
    while let Some(now) = window {
        let hands: Vec<H> = now.ends.iter().map(|_| order.total.fork()).collect();
        let file = order.sink.file();
        let ((put, next), reads) = rayon::join(
            || {
                let put = done.take().map_or(Ok(()), |done| order.put(done));
                (put, take(text, chunks, &mut broke))
            },
            || -> Vec<Read<H>> {
                let chunks = hands.into_par_iter().enumerate().with_max_len(1);
                chunks
                    .map(|(number, hand)| read_one(now.chunk(number), hand, file, &parse))
                    .collect()
            },
        );
        put?;
        done = Some((now, reads));
        window = next;
    }
    if let Some(done) = done {
        order.put(done)?;
    }
    order.finish(broke.is_none())?;
    Ok(Ended {
        place: order.place,
        broke,
    })
}

/// The next window, until the source has ended or broken off.
fn take<R: BufRead>(
    text: &mut Windows<R>,
    chunks: usize,
    broke: &mut Option<io::Error>,
) -> Option<Window> {
    if text.ended && text.buffer.is_empty() || broke.is_some() {
        return None;
    }
    text.next(chunks)
        .map_err(|error| *broke = Some(error))
        .ok()
        .or_else(|| text.rest())
}

impl<R> Windows<R> {
    /// What was taken in before the source broke off.
    fn rest(&mut self) -> Option<Window> {
        let text = std::mem::take(&mut self.buffer);
        (!text.is_empty()).then(|| Window {
            ends: vec![text.len()],
            lines: vec![self.line],
            last: false,
            text,
        })
    }
}

fn read_one<H: Hand>(
    chunk: Chunk<'_>,
    mut hand: H,
    file: u32,
    parse: &impl Fn(&mut H, Chunk<'_>, &mut Sink) -> Result<Left, ReadError>,
) -> Read<H> {
    let mut sink = Sink::new(file);
    let left = parse(&mut hand, chunk, &mut sink);
    Read { sink, hand, left }
}

/// Puts together what was read side by side.
struct Order<'a, H, P> {
    total: &'a mut H,
    sink: &'a mut Sink,
    parse: &'a P,
    /// Text before the next chunk that is not dealt with: a row that was not whole.
    carry: String,
    /// Where the carry begins, or the next chunk if there is none.
    place: Place,
}

impl<H, P> Order<'_, H, P>
where
    H: Hand,
    P: Fn(&mut H, Chunk<'_>, &mut Sink) -> Result<Left, ReadError>,
{
    fn put(&mut self, (window, reads): Done<H>) -> Result<(), ReadError> {
        for (number, read) in reads.into_iter().enumerate() {
            let chunk = window.chunk(number);
            let right =
                self.carry.is_empty() && self.place == chunk.place && self.total.agrees(&read.hand);
            if right {
                self.keep(read, chunk.text)?;
            } else {
                let mut text = std::mem::take(&mut self.carry);
                text.push_str(chunk.text);
                self.again(&text, chunk.last)?;
            }
        }
        Ok(())
    }

    /// Reads text from the place that is known.
    fn again(&mut self, text: &str, last: bool) -> Result<(), ReadError> {
        let chunk = Chunk {
            text,
            place: self.place,
            last,
        };
        let read = read_one(chunk, self.total.fork(), self.sink.file(), self.parse);
        self.keep(read, text)
    }

    fn keep(&mut self, read: Read<H>, text: &str) -> Result<(), ReadError> {
        let left = read.left?;
        self.total.absorb(read.hand);
        self.sink.append(read.sink);
        self.carry.push_str(&text[left.read..]);
        self.place = left.place;
        Ok(())
    }

    /// Reads what is left when nothing follows.
    fn finish(&mut self, whole: bool) -> Result<(), ReadError> {
        if whole && (!self.carry.is_empty() || self.place.skipped.is_some()) {
            let text = std::mem::take(&mut self.carry);
            self.again(&text, true)?;
        }
        Ok(())
    }
}

/// How often a byte stands in a text.
pub(super) fn count(byte: u8, text: &[u8]) -> u64 {
    memchr_iter(byte, text).count() as u64
}
