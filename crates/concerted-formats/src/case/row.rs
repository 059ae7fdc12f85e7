//! How a table is declared: one list of columns from which the row type, its Parquet and CSV form,
//! the manifest and the documentation follow.

use super::cell::Kind;
use arrow::array::ArrayRef;
use std::borrow::Cow;

/// A table of the case folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    /// Name of its file.
    pub file: &'static str,
    /// What a row is.
    pub row: &'static str,
    /// Its columns in order.
    pub columns: &'static [Column],
    pub(crate) doc: &'static str,
}

/// A column, or a key of one of the files that are no tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name of the file it stands in.
    pub file: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it holds, as a word; see [`Kind::word`] for columns of tables.
    pub type_word: &'static str,
    /// Its unit (`s`, `nats`, ...) or nothing.
    pub unit: &'static str,
    pub(crate) kind: Option<Kind>,
    pub(crate) doc: &'static str,
}

impl Table {
    /// What the table is for.
    pub fn description(&self) -> &'static str {
        self.doc.trim()
    }
}

impl Column {
    /// What it means.
    pub fn description(&self) -> &'static str {
        self.doc.trim()
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Text)
    }
}

/// A row that can be written and read back. It cannot be named outside; the row types are in
/// [`tables`](super::tables).
pub trait Row: Sized {
    const TABLE: Table;

    fn arrays(rows: &[Self]) -> Vec<ArrayRef>;
    /// The row at `row` of arrays in the order of the columns, or the column that cannot be read.
    fn from_arrays(arrays: &[ArrayRef], row: usize) -> Result<Self, &'static str>;
    fn texts(&self) -> Vec<Cow<'_, str>>;
    fn from_texts(cells: &[&str]) -> Result<Self, &'static str>;
    /// About how many bytes it takes.
    fn weight(&self) -> usize;
}

/// Declares a row type and its table. A column is `name: type ["unit"]` under its documentation.
macro_rules! table {
    (
        $(#[doc = $doc:literal])*
        $name:ident<'a> in $file:literal, a row is $row:literal {
            $( $(#[doc = $text:literal])* $column:ident: $type:ty [$unit:literal], )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name<'a> {
            $( $(#[doc = $text])* pub $column: $type, )*
        }

        impl<'a> $crate::case::row::Row for $name<'a> {
            const TABLE: $crate::case::row::Table = $crate::case::row::Table {
                file: $file,
                row: $row,
                columns: &[$( $crate::case::row::Column {
                    file: $file,
                    name: stringify!($column),
                    type_word: <$type as $crate::case::cell::Cell>::KIND.word(),
                    unit: $unit,
                    kind: Some(<$type as $crate::case::cell::Cell>::KIND),
                    doc: concat!($($text),*),
                }, )*],
                doc: concat!($($doc),*),
            };

            fn arrays(rows: &[Self]) -> Vec<arrow::array::ArrayRef> {
                vec![$( $crate::case::row::array(rows.iter().map(|row| &row.$column)), )*]
            }

            fn from_arrays(
                arrays: &[arrow::array::ArrayRef],
                row: usize,
            ) -> Result<Self, &'static str> {
                let mut arrays = arrays.iter();
                Ok(Self {
                    $( $column: arrays
                        .next()
                        .and_then(|array| $crate::case::cell::Cell::from_array(array, row))
                        .ok_or(stringify!($column))?, )*
                })
            }

            fn texts(&self) -> Vec<std::borrow::Cow<'_, str>> {
                vec![$( $crate::case::cell::Cell::text(&self.$column), )*]
            }

            fn from_texts(cells: &[&str]) -> Result<Self, &'static str> {
                let mut cells = cells.iter();
                Ok(Self {
                    $( $column: cells
                        .next()
                        .and_then(|cell| $crate::case::cell::Cell::from_text(cell))
                        .ok_or(stringify!($column))?, )*
                })
            }

            fn weight(&self) -> usize {
                0 $( + $crate::case::cell::Cell::weight(&self.$column) )*
            }
        }
    };
}

/// Declares a serialisable struct and the documentation of its keys, for the files that are no
/// tables. A key is `name: type ["what it holds" "unit"]` under its documentation.
macro_rules! keys {
    (
        $(#[doc = $doc:literal])*
        $name:ident in $file:literal under $prefix:literal {
            $( $(#[doc = $text:literal])* $(#[serde($($serde:tt)*)])? $key:ident: $type:ty [$word:literal $unit:literal], )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $( $(#[doc = $text])* $(#[serde($($serde)*)])? pub $key: $type, )*
        }

        impl $name {
            pub(crate) const KEYS: &'static [$crate::case::row::Column] = &[$(
                $crate::case::row::Column {
                    file: $file,
                    name: concat!($prefix, stringify!($key)),
                    type_word: $word,
                    unit: $unit,
                    kind: None,
                    doc: concat!($($text),*),
                },
            )*];
        }
    };
}

pub(crate) use {keys, table};

/// One column of many rows.
pub(crate) fn array<'c, C: super::cell::Cell + 'c>(cells: impl Iterator<Item = &'c C>) -> ArrayRef {
    use arrow::array::ArrayBuilder;
    let mut builder = C::builder();
    for cell in cells {
        C::append(Some(cell), &mut builder);
    }
    builder.finish()
}
