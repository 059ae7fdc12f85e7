//! The kinds of cell a table of the case folder holds, and how each reads in Parquet and in text.
//!
//! Six kinds are enough for every table, so a column's kind decides its Parquet type, its look in
//! CSV, its type in the manifest and in graph files, and nobody has to decide it twice.

use arrow::array::{
    Array, ArrayBuilder, AsArray, BooleanBuilder, Float64Builder, ListBuilder, StringBuilder,
    TimestampMillisecondBuilder, UInt64Builder,
};
use arrow::datatypes::{
    DataType, Field, Float64Type, TimeUnit, TimestampMillisecondType, UInt64Type,
};
use jiff::Timestamp;
use std::borrow::Cow;
use std::sync::Arc;

/// A text; the empty one means that nothing is known and is stored as null.
pub type Text<'a> = Cow<'a, str>;

/// Several texts; in CSV they are joined with `;`.
pub type Texts<'a> = Vec<Cow<'a, str>>;

/// A moment in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl std::fmt::Display for Time {
    /// ISO 8601 in UTC with milliseconds, so that texts sort as times do. A number of milliseconds
    /// stands where the calendar ends (after the year 9999).
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match Timestamp::from_millisecond(self.0) {
            Ok(time) => write!(f, "{time:.3}"),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}

impl std::str::FromStr for Time {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        text.parse::<Timestamp>()
            .map(|time| Self(time.as_millisecond()))
            .or_else(|_| text.parse().map(Self).map_err(|_| ()))
    }
}

/// SHA-256 of a raw record, stored as 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawHash(pub [u8; 32]);

impl RawHash {
    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl std::fmt::Display for RawHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&crate::read::bytes::hex(&self.0))
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A list of texts.
    Texts,
    /// A whole number from 0.
    Integer,
    /// A number with fraction, 64 bit.
    Number,
    /// True or false.
    Boolean,
    /// A moment, UTC, milliseconds.
    Time,
}

impl Kind {
    /// The word in the documentation.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Texts => "list of texts",
            Self::Integer => "whole number",
            Self::Number => "number",
            Self::Boolean => "true or false",
            Self::Time => "time (UTC)",
        }
    }

    pub(crate) fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Texts => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
            Self::Integer => DataType::UInt64,
            Self::Number => DataType::Float64,
            Self::Boolean => DataType::Boolean,
            Self::Time => DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into())),
        }
    }
}

/// A cell that can be written and read back.
pub(crate) trait Cell: Sized {
    const KIND: Kind;
    type Builder: ArrayBuilder;

    fn builder() -> Self::Builder;
    fn append(cell: Option<&Self>, builder: &mut Self::Builder);
    /// `None` where the array holds null and the cell cannot be absent. The array is of
    /// [`Kind::arrow`]'s type, which is checked before.
    fn from_array(array: &dyn Array, row: usize) -> Option<Self>;
    /// As it stands in CSV and in graph files, before quoting.
    fn text(&self) -> Cow<'_, str>;
    fn from_text(text: &str) -> Option<Self>;
    /// About how many bytes it takes.
    fn weight(&self) -> usize {
        8
    }
}

impl Cell for Cow<'_, str> {
    const KIND: Kind = Kind::Text;
    type Builder = StringBuilder;

    fn builder() -> StringBuilder {
        StringBuilder::new()
    }

    fn append(cell: Option<&Self>, builder: &mut StringBuilder) {
        builder.append_option(cell.filter(|text| !text.is_empty()));
    }

    fn from_array(array: &dyn Array, row: usize) -> Option<Self> {
        Some(Self::Owned(if array.is_null(row) {
            String::new()
        } else {
            array.as_string::<i32>().value(row).to_owned()
        }))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(Self::Owned(text.to_owned()))
    }

    fn weight(&self) -> usize {
        self.len() + 8
    }
}

impl Cell for Vec<Cow<'_, str>> {
    const KIND: Kind = Kind::Texts;
    type Builder = ListBuilder<StringBuilder>;

    fn builder() -> Self::Builder {
        ListBuilder::new(StringBuilder::new())
    }

    fn append(cell: Option<&Self>, builder: &mut Self::Builder) {
        for text in cell.into_iter().flatten() {
            builder.values().append_value(text);
        }
        builder.append(true);
    }

    fn from_array(array: &dyn Array, row: usize) -> Option<Self> {
        if array.is_null(row) {
            return Some(Self::new());
        }
        let items = array.as_list::<i32>().value(row);
        let items = items.as_string_opt::<i32>()?;
        Some(
            items
                .iter()
                .map(|item| Cow::Owned(item.unwrap_or_default().to_owned()))
                .collect(),
        )
    }

    fn text(&self) -> Cow<'_, str> {
        let mut joined = String::new();
        for (at, text) in self.iter().enumerate() {
            if at > 0 {
                joined.push(';');
            }
            joined.push_str(&text.replace(';', ","));
        }
        Cow::Owned(joined)
    }

    fn from_text(text: &str) -> Option<Self> {
        Some(if text.is_empty() {
            Self::new()
        } else {
            text.split(';')
                .map(|item| Cow::Owned(item.to_owned()))
                .collect()
        })
    }

    fn weight(&self) -> usize {
        8 + self.iter().map(|text| text.len() + 8).sum::<usize>()
    }
}

impl Cell for u64 {
    const KIND: Kind = Kind::Integer;
    type Builder = UInt64Builder;

    fn builder() -> UInt64Builder {
        UInt64Builder::new()
    }

    fn append(cell: Option<&Self>, builder: &mut UInt64Builder) {
        builder.append_option(cell.copied());
    }

    fn from_array(array: &dyn Array, row: usize) -> Option<Self> {
        (!array.is_null(row)).then(|| array.as_primitive::<UInt64Type>().value(row))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Cell for f64 {
    const KIND: Kind = Kind::Number;
    type Builder = Float64Builder;

    fn builder() -> Float64Builder {
        Float64Builder::new()
    }

    fn append(cell: Option<&Self>, builder: &mut Float64Builder) {
        builder.append_option(cell.copied().filter(|number| !number.is_nan()));
    }

    fn from_array(array: &dyn Array, row: usize) -> Option<Self> {
        Some(if array.is_null(row) {
            Self::NAN
        } else {
            array.as_primitive::<Float64Type>().value(row)
        })
    }

    /// The shortest text that reads back as the same number; nothing for "not a number".
    fn text(&self) -> Cow<'_, str> {
        let plain = *self == 0.0 || (1e-5..1e16).contains(&self.abs());
        Cow::Owned(if self.is_nan() {
            String::new()
        } else if plain {
            self.to_string()
        } else {
            format!("{self:e}")
        })
    }

    fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::NAN);
        }
        text.parse().ok()
    }
}

impl Cell for bool {
    const KIND: Kind = Kind::Boolean;
    type Builder = BooleanBuilder;

    fn builder() -> BooleanBuilder {
        BooleanBuilder::new()
    }

    fn append(cell: Option<&Self>, builder: &mut BooleanBuilder) {
        builder.append_option(cell.copied());
    }

    fn from_array(array: &dyn Array, row: usize) -> Option<Self> {
        (!array.is_null(row)).then(|| array.as_boolean().value(row))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Cell for Time {
    const KIND: Kind = Kind::Time;
    type Builder = TimestampMillisecondBuilder;

    fn builder() -> Self::Builder {
        TimestampMillisecondBuilder::new().with_data_type(Self::KIND.arrow())
    }

    fn append(cell: Option<&Self>, builder: &mut Self::Builder) {
        builder.append_option(cell.map(|time| time.0));
    }

    fn from_array(array: &dyn Array, row: usize) -> Option<Self> {
        (!array.is_null(row))
            .then(|| Self(array.as_primitive::<TimestampMillisecondType>().value(row)))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }

    fn from_text(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Cell for RawHash {
    const KIND: Kind = Kind::Text;
    type Builder = StringBuilder;

    fn builder() -> StringBuilder {
        StringBuilder::new()
    }

    fn append(cell: Option<&Self>, builder: &mut StringBuilder) {
        if let Some(hash) = cell {
            builder.append_value(crate::read::bytes::hex(&hash.0));
        } else {
            builder.append_null();
        }
    }

    fn from_array(array: &dyn Array, row: usize) -> Option<Self> {
        if array.is_null(row) {
            return None;
        }
        Self::from_hex(array.as_string::<i32>().value(row))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }

    fn from_text(text: &str) -> Option<Self> {
        Self::from_hex(text)
    }

    fn weight(&self) -> usize {
        72
    }
}

impl<C: Cell> Cell for Option<C> {
    const KIND: Kind = C::KIND;
    type Builder = C::Builder;

    fn builder() -> C::Builder {
        C::builder()
    }

    fn append(cell: Option<&Self>, builder: &mut C::Builder) {
        C::append(cell.and_then(Option::as_ref), builder);
    }

    fn from_array(array: &dyn Array, row: usize) -> Option<Self> {
        if array.is_null(row) {
            return Some(None);
        }
        C::from_array(array, row).map(Some)
    }

    fn text(&self) -> Cow<'_, str> {
        self.as_ref().map_or(Cow::Borrowed(""), C::text)
    }

    fn from_text(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(None);
        }
        C::from_text(text).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_as_the_same_bits_and_stay_short() {
        for (number, text) in [
            (0.1, "0.1"),
            (1e-300, "1e-300"),
            (5e-324, "5e-324"),
            (1e22, "1e22"),
            (-0.0, "-0"),
            (12.0, "12"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(Cell::text(&number), text);
            let back = <f64 as Cell>::from_text(text).unwrap();
            assert_eq!(back.to_bits(), number.to_bits());
        }
        assert_eq!(Cell::text(&f64::NAN), "");
    }

    #[test]
    fn times_read_back_also_past_the_calendar() {
        assert_eq!(
            Time(1_632_679_200_007).to_string(),
            "2021-09-26T18:00:00.007Z"
        );
        for ms in [0, -1, 1_632_679_200_000, i64::MAX, i64::MIN] {
            assert_eq!(Time(ms).to_string().parse(), Ok(Time(ms)));
        }
    }

    #[test]
    fn a_hash_is_64_digits_and_nothing_else() {
        let hash = RawHash([0xab; 32]);
        assert_eq!(RawHash::from_hex(&hash.to_string()), Some(hash));
        assert_eq!(RawHash::from_hex("ab"), None);
        assert_eq!(RawHash::from_hex(&"é".repeat(32)), None);
        assert_eq!(RawHash::from_hex(&"+1".repeat(32)), None);
    }
}
