//! Has a quote that was never closed swallowed the rows behind it?
//!
//! A parser of CSV sees no error there: the field simply goes on until the next quote, which is the
//! one that opens a field of a later row. What gives it away is what follows that quote: letters,
//! where only a delimiter or a line end can stand.

use super::Dialect;

/// More lines than this in one field are no post.
const MOST_LINES: usize = 1_000;

/// What the quoted fields of some text look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Quoting {
    /// Fields that are closed by a quote followed by a delimiter or a line end.
    pub(super) proper: usize,
    /// Fields in which something else follows the closing quote.
    pub(super) spoilt: usize,
    /// Where the first field of several lines opens that looks swallowed.
    pub(super) swallowed: Option<usize>,
    /// Where the last field of several lines opens.
    pub(super) last: Option<usize>,
}

/// Looks at the quotes of some text.
pub(super) fn look(text: &[u8], dialect: Dialect) -> Quoting {
    let mut found = Quoting::default();
    let Some(quote) = dialect.quote else {
        return found;
    };
    let mut at = 0;
    let mut fresh = true;
    while at < text.len() {
        let byte = text[at];
        if !(fresh && byte == quote) {
            fresh = byte == dialect.delimiter || byte == b'\n' || byte == b'\r';
            at += 1;
            continue;
        }
        let opened = at;
        let mut lines = 0;
        at += 1;
        let closed = loop {
            let Some(&byte) = text.get(at) else {
                break false;
            };
            at += 1;
            if Some(byte) == dialect.escape {
                at += 1;
            } else if byte == quote {
                if dialect.escape.is_none() && text.get(at) == Some(&quote) {
                    at += 1;
                } else {
                    break true;
                }
            } else if byte == b'\n' {
                lines += 1;
            }
        };
        let behind = text.get(at).copied();
        let spoilt =
            closed && behind.is_some_and(|b| b != dialect.delimiter && b != b'\n' && b != b'\r');
        if spoilt {
            found.spoilt += 1;
        } else if closed {
            found.proper += 1;
        }
        if lines > 0 {
            found.last = Some(opened);
            if spoilt || !closed || lines > MOST_LINES {
                found.swallowed.get_or_insert(opened);
            }
        }
        fresh = false;
    }
    found
}

/// Where the quote opens that has swallowed lines of this record, if one has.
pub(super) fn unclosed(raw: &[u8], dialect: Dialect, fields: usize, width: usize) -> Option<usize> {
    let found = look(raw, dialect);
    if found.swallowed.is_some() || fields == width {
        return found.swallowed;
    }
    // The number of fields is wrong: if the line behind the quote is a row by itself, it was swallowed.
    let opened = found.last?;
    let line = raw[opened..].iter().position(|&b| b == b'\n')?;
    let behind = &raw[opened + line + 1..];
    let row = dialect.rows(behind, true);
    row.first()
        .is_some_and(|row| row.len() == width)
        .then_some(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: Dialect = Dialect {
        delimiter: b',',
        quote: Some(b'"'),
        escape: None,
    };

    #[test]
    fn proper_fields_of_several_lines_are_left_alone() {
        for raw in ["a,\"b\nc\",d", "a,\"b \"\"c\"\"\n\",d", "a,5\" disk,b"] {
            assert_eq!(unclosed(raw.as_bytes(), CSV, 3, 3), None, "{raw}");
        }
    }

    #[test]
    fn a_swallowed_row_is_noticed_by_what_follows_the_quote_or_by_its_number_of_fields() {
        let by_letters = "1,\"abc,t\n2,\"def\",t";
        assert_eq!(unclosed(by_letters.as_bytes(), CSV, 3, 3), Some(2));
        let to_the_end = "1,\"abc,t\n2,def,t";
        assert_eq!(unclosed(to_the_end.as_bytes(), CSV, 2, 3), Some(2));
        let closed_later = "1,\"abc,t\n2,d,t\n3,e\",t";
        assert_eq!(unclosed(closed_later.as_bytes(), CSV, 3, 3), None);
        assert_eq!(unclosed(closed_later.as_bytes(), CSV, 3, 4), None);
    }
}
