//! How is this table written: what parts its fields, what quotes them, and which line is the header?
//!
//! Exports are written for spreadsheets of many countries. The delimiter is the one that cuts most
//! rows into the same number of fields; the header is the first row of that many fields, unless a
//! row below it holds names that are understood, as in exports that begin with lines about the query.

use super::super::fields::{Field, plain};
use super::quotes;
use csv::{ReaderBuilder, StringRecord};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Rows that are looked at.
const ROWS: usize = 1_000;

/// Rows among which the header stands.
const TOP: usize = 40;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Dialect {
    /// What parts fields.
    pub delimiter: u8,
    /// What quotes them, if anything does.
    pub quote: Option<u8>,
    /// What stands before a quote inside a quoted field, where quotes are not doubled.
    pub escape: Option<u8>,
}

impl Dialect {
    /// The usual one.
    const USUAL: Self = Self {
        delimiter: b',',
        quote: Some(b'"'),
        escape: None,
    };

    /// Tells the dialect of a text by its beginning.
    pub(super) fn sniff(text: &[u8], whole: bool) -> Self {
        let mut best = (Self::USUAL, 0.0);
        for delimiter in [b',', b'\t', b';', b'|'] {
            let dialect = Self {
                delimiter,
                ..Self::USUAL
            };
            let dialect = dialect.with_quoting(text);
            let score = score(&dialect.rows(text, whole));
            if score > best.1 {
                best = (dialect, score);
            }
        }
        best.0
    }

    /// Quotes are doubled inside fields, or escaped, or mean nothing: whichever leaves the fewest
    /// closing quotes with something behind them.
    fn with_quoting(self, text: &[u8]) -> Self {
        let text = &text[..text.len().min(1 << 18)];
        let doubled = quotes::look(text, self);
        if doubled.spoilt == 0 {
            return self;
        }
        let escaped = Self {
            escape: Some(b'\\'),
            ..self
        };
        let by_escape = quotes::look(text, escaped);
        if by_escape.spoilt < doubled.spoilt && by_escape.proper > by_escape.spoilt {
            return escaped;
        }
        if doubled.spoilt > doubled.proper {
            return Self {
                quote: None,
                ..self
            };
        }
        self
    }

    /// The first rows of a text; one that is cut off is left out.
    pub(in super::super) fn rows(self, text: &[u8], whole: bool) -> Vec<StringRecord> {
        let mut reader = self.reader(text);
        let mut rows = Vec::new();
        let mut record = csv::ByteRecord::new();
        while rows.len() < ROWS && reader.read_byte_record(&mut record).is_ok_and(|more| more) {
            if !whole && reader.position().byte() >= text.len() as u64 {
                break;
            }
            rows.push(StringRecord::from_byte_record_lossy(record.clone()));
        }
        rows
    }

    /// Which of the first rows is the header.
    pub(in super::super) fn header(rows: &[StringRecord]) -> usize {
        let top = &rows[..rows.len().min(TOP)];
        let width = common_width(rows);
        let filled = |row: &StringRecord| row.iter().any(|cell| !cell.trim().is_empty());
        // Names that are understood make a header even where most rows below it are spoilt.
        let first = top
            .iter()
            .position(filled)
            .filter(|&first| known_names(&rows[first]) >= 2)
            .or_else(|| top.iter().position(|row| row.len() == width && filled(row)))
            .unwrap_or(0);
        let (mut header, mut most) = (first, known_names(&rows[first]));
        for (at, row) in top.iter().enumerate() {
            let names = known_names(row);
            if names >= 3 && names > 2 * most && row.len() >= width {
                (header, most) = (at, names);
            }
        }
        header
    }

    /// A parser of this dialect that takes rows of any number of fields.
    pub(super) fn reader(self, text: &[u8]) -> csv::Reader<&[u8]> {
        let mut builder = ReaderBuilder::new();
        builder
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 16);
        match self.quote {
            Some(quote) => builder.quote(quote),
            None => builder.quoting(false),
        };
        if let Some(escape) = self.escape {
            builder.escape(Some(escape)).double_quote(false);
        }
        builder.from_reader(text)
    }
}

/// How well rows fit: how alike they are in their number of fields, and whether names are known.
fn score(rows: &[StringRecord]) -> f64 {
    let width = common_width(rows);
    if width < 2 {
        return 0.0;
    }
    let alike = rows.iter().filter(|row| row.len() == width).count();
    let names = rows.iter().take(TOP).map(known_names).max().unwrap_or(0);
    alike as f64 / rows.len() as f64 * (width as f64).ln() + names as f64
}

/// The number of fields that most rows have; of equals the greater.
pub(super) fn common_width(rows: &[StringRecord]) -> usize {
    let mut widths = BTreeMap::<usize, usize>::new();
    for row in rows {
        *widths.entry(row.len()).or_default() += 1;
    }
    widths
        .into_iter()
        .max_by_key(|&(width, rows)| (rows, width))
        .map_or(0, |(width, _)| width)
}

/// The names of all fields, made plain once: a short table is read in less time than to do it again.
static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let names = Field::ALL.iter().flat_map(|field| field.names());
    names.map(|name| plain(name)).collect()
});

/// How many cells of a row are names of fields.
fn known_names(row: &StringRecord) -> usize {
    row.iter()
        .filter(|cell| cell.len() <= 40)
        .map(plain)
        .filter(|cell| !cell.is_empty() && NAMES.contains(cell))
        .count()
}

impl std::fmt::Display for Dialect {
    /// What is unusual about it; nothing for a table with commas.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let delimiter = match self.delimiter {
            b'\t' => "tabs",
            b';' => "semicolons",
            b'|' => "bars",
            _ => "",
        };
        if !delimiter.is_empty() {
            write!(f, "fields are parted by {delimiter}")?;
        }
        let comma = if delimiter.is_empty() { "" } else { ", " };
        match (self.quote, self.escape) {
            (None, _) => write!(f, "{comma}quotes mean nothing"),
            (_, Some(_)) => write!(f, "{comma}quotes inside fields are escaped by a backslash"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sniff(text: &str) -> (char, Option<char>, Option<char>, usize) {
        let dialect = Dialect::sniff(text.as_bytes(), true);
        let rows = dialect.rows(text.as_bytes(), true);
        (
            dialect.delimiter.into(),
            dialect.quote.map(char::from),
            dialect.escape.map(char::from),
            Dialect::header(&rows),
        )
    }

    #[test]
    fn delimiter_quoting_and_header_are_told_by_the_text() {
        let usual = Some('"');
        assert_eq!(sniff("id,text\n1,a;b\n2,c;d;e\n"), (',', usual, None, 0));
        assert_eq!(sniff("id;text\n1;a, b\n2;c, d\n"), (';', usual, None, 0));
        assert_eq!(
            sniff("id\ttext\n1\ta, b\n2\tc, d\n"),
            ('\t', usual, None, 0)
        );
        assert_eq!(sniff("id|text\n1|a\n"), ('|', usual, None, 0));
        assert_eq!(
            sniff("id,text,n\n1,\"say \\\"a, b\\\" now\",2\n"),
            (',', usual, Some('\\'), 0)
        );
        assert_eq!(
            sniff("id\ttext\tn\n1\t\"A\" he said\t2\n2\t\"B\" she said\t3\n"),
            ('\t', None, None, 0)
        );
        assert_eq!(
            sniff(
                "Report:,Election\nFrom:,1 May\n\nDate,Author,Url,Text\n1,a,u,t\n2,b,v,w\n3,b,v,w\n"
            ),
            (',', usual, None, 2)
        );
        assert_eq!(
            sniff("Report,,,\nElection,,,\nDate,Author,Url,Text\n1,a,u,t\n"),
            (',', usual, None, 2)
        );
    }
}
