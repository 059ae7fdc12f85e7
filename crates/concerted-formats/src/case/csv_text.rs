//! CSV for people: RFC 4180, UTF-8, a header, and no cell that a spreadsheet would run.
//!
//! A text that starts with `=`, `+`, `-`, `@`, a tab or a carriage return is a formula to a
//! spreadsheet, and account names are a stranger's to choose (OWASP, *CSV injection*). Such a cell
//! gets a `'` in front. To be able to take it away again, a text that already starts with
//! apostrophes before such a sign gets one more. Plain numbers such as `-1001234` stay as they are,
//! so that ids with a sign still join.

use super::cell::Kind;
use super::error::CaseError;
use super::row::Row;
use std::borrow::Cow;
use std::fs::File;
use std::path::Path;

/// The cell as it may stand in a CSV file for spreadsheets.
pub fn guard(text: &str) -> Cow<'_, str> {
    if !is_number(text) && opens_formula(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text behind a cell that [`guard`] wrote.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if opens_formula(text.trim_start_matches('\'')) => text,
        _ => cell,
    }
}

fn opens_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// A sign, digits, at most one point: harmless to a spreadsheet.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().filter(|&b| b == b'.').count() <= 1
}

/// Writes a table and returns how many NUL characters were replaced, which no reader of CSV bears.
pub(crate) fn write<R: Row>(
    path: &Path,
    rows: impl IntoIterator<Item = R>,
) -> Result<u64, CaseError> {
    let wrong = CaseError::csv(path);
    let columns = R::TABLE.columns;
    let mut replaced = 0;
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_path(path)
        .map_err(&wrong)?;
    out.write_record(columns.iter().map(|column| column.name))
        .map_err(&wrong)?;
    for row in rows {
        for (cell, column) in row.texts().iter().zip(columns) {
            let nul = cell.bytes().filter(|&byte| byte == 0).count() as u64;
            let cell = if nul > 0 {
                replaced += nul;
                Cow::Owned(cell.replace('\0', "\u{fffd}"))
            } else {
                Cow::Borrowed(cell.as_ref())
            };
            let cell = match column.kind() {
                Kind::Text | Kind::Texts => guard(&cell),
                _ => cell,
            };
            out.write_field(cell.as_ref()).map_err(&wrong)?;
        }
        out.write_record(None::<&[u8]>).map_err(&wrong)?;
    }
    out.flush().map_err(CaseError::io(path))?;
    Ok(replaced)
}

/// Reads a table that [`write()`] wrote. Columns are found by name, further ones are passed over.
pub(crate) fn read<R: Row>(path: &Path) -> Result<Vec<R>, CaseError> {
    let file = File::open(path).map_err(CaseError::io(path))?;
    let wrong = CaseError::csv(path);
    let mut input = csv::Reader::from_reader(file);
    let header = input.headers().map_err(&wrong)?.clone();
    let columns = R::TABLE.columns;
    let mut places = Vec::with_capacity(columns.len());
    for column in columns {
        let place = header.iter().position(|name| name == column.name);
        places.push(place.ok_or(CaseError::Column {
            file: path.to_owned(),
            column: column.name,
            expected: column.type_word,
        })?);
    }
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    while input.read_record(&mut record).map_err(&wrong)? {
        let cells: Vec<&str> = places
            .iter()
            .zip(columns)
            .map(|(&place, column)| match column.kind() {
                Kind::Text | Kind::Texts => unguard(&record[place]),
                _ => &record[place],
            })
            .collect();
        rows.push(R::from_texts(&cells).map_err(|column| CaseError::Cell {
            file: path.to_owned(),
            row: rows.len() as u64 + 1,
            column,
        })?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_are_guarded_and_numbers_are_not() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+49 151", "'+49 151"),
            ("-x", "'-x"),
            ("@name", "'@name"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("'=1", "''=1"),
            ("-", "'-"),
            ("-1+1", "'-1+1"),
            ("-1.2.3", "'-1.2.3"),
            ("-1001234", "-1001234"),
            ("+1.5", "+1.5"),
            ("'quoted'", "'quoted'"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(guard(text), cell);
            assert_eq!(unguard(cell), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_guarded_comes_back_and_opens_no_formula(text in "['=+@a1.\t\r-]{0,6}") {
            let cell = guard(&text);
            prop_assert_eq!(unguard(&cell), text.as_str());
            prop_assert!(!opens_formula(&cell) || is_number(&cell));
        }
    }
}
