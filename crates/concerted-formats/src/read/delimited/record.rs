//! Cuts one record after the other out of a text, by the rules of CSV that the crate `csv` keeps.
//!
//! Cells are not copied unless a quote inside them is written as two. A record also ends at a carriage
//! return; a quote inside a field that does not begin with one is a letter like others; what follows
//! a closing quote belongs to the field. That `csv` cuts every text alike is a test.

use super::super::cells::Spans;
use super::Dialect;
use memchr::{memchr, memchr2, memchr3};

/// A record in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Where it begins, behind blank lines.
    pub(super) start: usize,
    /// Where it ends, before its line end.
    pub(super) end: usize,
    /// Where the next one may begin.
    pub(super) behind: usize,
    /// Whether a line end closes it; otherwise the text ended in it.
    pub(super) closed: bool,
}

/// What stands behind a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Delimiter,
    LineEnd,
    Nothing,
}

/// Cuts out the record that begins at `at` or behind the blank lines there; `None` if there is none.
/// Its cells are put into `spans`.
pub(super) fn cut(text: &str, at: usize, dialect: Dialect, spans: &mut Spans) -> Option<Cut> {
    let bytes = text.as_bytes();
    let blank = |byte: &&u8| matches!(byte, b'\r' | b'\n');
    let start = at + bytes[at..].iter().take_while(blank).count();
    if start == bytes.len() {
        return None;
    }
    spans.clear();
    let mut at = start;
    loop {
        let (end, behind) = if dialect.quote.is_some() && bytes.get(at).copied() == dialect.quote {
            quoted(text, at, dialect, spans)
        } else {
            let end = plain(bytes, at, dialect);
            spans.push(at, end);
            (end, behind(bytes, end, dialect))
        };
        match behind {
            Behind::Delimiter => at = end + 1,
            Behind::LineEnd | Behind::Nothing => {
                let closed = behind == Behind::LineEnd;
                return Some(Cut {
                    start,
                    end,
                    behind: end + usize::from(closed),
                    closed,
                });
            }
        }
    }
}

/// Where a field without quotes ends that is read from `at` on.
fn plain(bytes: &[u8], at: usize, dialect: Dialect) -> usize {
    // Most fields are short, and a look at a few bytes is quicker than to set out for many.
    let near = bytes.len().min(at + 16);
    for (place, &byte) in bytes[at..near].iter().enumerate() {
        if byte == dialect.delimiter || byte == b'\n' || byte == b'\r' {
            return at + place;
        }
    }
    memchr3(dialect.delimiter, b'\n', b'\r', &bytes[near..]).map_or(bytes.len(), |end| near + end)
}

fn behind(bytes: &[u8], end: usize, dialect: Dialect) -> Behind {
    match bytes.get(end) {
        None => Behind::Nothing,
        Some(&byte) if byte == dialect.delimiter => Behind::Delimiter,
        Some(_) => Behind::LineEnd,
    }
}

/// A field whose quote opens at `at`: where it ends, and what is behind it.
fn quoted(text: &str, at: usize, dialect: Dialect, spans: &mut Spans) -> (usize, Behind) {
    let bytes = text.as_bytes();
    let quote = dialect.quote.unwrap_or(b'"');
    let own = spans.own();
    // What of the field is not put together yet begins here.
    let mut rest = at + 1;
    let mut from = rest;
    let mut whole = true;
    loop {
        let next = match dialect.escape {
            Some(escape) => memchr2(quote, escape, &bytes[from..]),
            None => memchr(quote, &bytes[from..]),
        };
        let Some(place) = next.map(|next| from + next) else {
            keep(text, rest, bytes.len(), own, whole, spans);
            return (bytes.len(), Behind::Nothing);
        };
        if bytes[place] != quote {
            // The escape goes, and what stands behind it stays, whatever it is.
            spans.copy(&text[rest..place]);
            whole = false;
            rest = place + 1;
            from = bytes.len().min(place + 2);
        } else if dialect.escape.is_none() && bytes.get(place + 1) == Some(&quote) {
            spans.copy(&text[rest..=place]);
            whole = false;
            rest = place + 2;
            from = rest;
        } else {
            let end = place + 1;
            match bytes.get(end) {
                Some(&byte) if byte != dialect.delimiter && byte != b'\n' && byte != b'\r' => {
                    spans.copy(&text[rest..place]);
                    let end = plain(bytes, end, dialect);
                    spans.copy(&text[place + 1..end]);
                    spans.push_own(own);
                    return (end, behind(bytes, end, dialect));
                }
                _ => {
                    keep(text, rest, place, own, whole, spans);
                    return (end, behind(bytes, end, dialect));
                }
            }
        }
    }
}

/// Adds a field whose last part stands in the text.
fn keep(text: &str, start: usize, end: usize, own: usize, whole: bool, spans: &mut Spans) {
    if whole {
        spans.push(start, end);
    } else {
        spans.copy(&text[start..end]);
        spans.push_own(own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::ByteRecord;
    use proptest::prelude::*;

    fn ours(text: &str, dialect: Dialect) -> Vec<Vec<String>> {
        let (mut at, mut spans, mut rows) = (0, Spans::default(), Vec::new());
        while let Some(cut) = cut(text, at, dialect, &mut spans) {
            rows.push(spans.cells(text).iter().map(str::to_owned).collect());
            at = cut.behind;
        }
        rows
    }

    fn theirs(text: &str, dialect: Dialect) -> Vec<Vec<String>> {
        let mut reader = dialect.reader(text.as_bytes());
        let (mut record, mut rows) = (ByteRecord::new(), Vec::new());
        while reader.read_byte_record(&mut record).unwrap() {
            let cells = record.iter();
            rows.push(cells.map(|c| String::from_utf8_lossy(c).into()).collect());
        }
        rows
    }

    proptest! {
        #[test]
        fn records_are_cut_as_the_crate_csv_cuts_them(
            text in "[ab,\"\\\\\r\n;é]{0,60}",
            delimiter in prop::sample::select(vec![b',', b';']),
            quoting in 0..3,
        ) {
            let dialect = Dialect {
                delimiter,
                quote: (quoting > 0).then_some(b'"'),
                escape: (quoting > 1).then_some(b'\\'),
            };
            prop_assert_eq!(ours(&text, dialect), theirs(&text, dialect));
        }
    }
}
