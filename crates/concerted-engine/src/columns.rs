//! Columns of text: many short strings in one allocation, and names that repeat kept once.
//!
//! A corpus of ten million posts has ten million texts and far fewer accounts. [`Strings`] lays
//! cells end to end; [`Names`] keeps each distinct name once and hands out a dense number for it,
//! in the order of first appearance, so that everything downstream works on `u32`.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::Hasher;

/// A column of strings laid end to end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strings {
    bytes: String,
    /// Where each cell ends, without what lies above 32 bits.
    ends: Vec<u32>,
    /// The rows whose cells are the first to end beyond each further 4 GB.
    wraps: Vec<usize>,
}

impl Strings {
    /// Adds a cell and returns its row.
    pub fn push(&mut self, cell: &str) -> usize {
        self.bytes.push_str(cell);
        self.push_end(self.bytes.len());
        self.ends.len() - 1
    }

    /// The cell of a row.
    #[inline]
    pub fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.end(row - 1) };
        &self.bytes[start..self.end(row)]
    }

    #[inline]
    fn end(&self, row: usize) -> usize {
        let end = self.ends[row] as usize;
        if self.wraps.is_empty() {
            return end;
        }
        end + (self.wraps.partition_point(|&wrap| wrap <= row) << 32)
    }

    fn push_end(&mut self, end: usize) {
        let row = self.ends.len();
        while self.wraps.len() < end >> 32 {
            self.wraps.push(row);
        }
        #[expect(clippy::cast_possible_truncation, reason = "the rest is in the wraps")]
        self.ends.push(end as u32);
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cells in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// Puts another column behind this one.
    pub fn append(&mut self, other: &Self) {
        let shift = self.bytes.len();
        self.bytes.push_str(&other.bytes);
        self.ends.reserve(other.len());
        for row in 0..other.len() {
            self.push_end(shift + other.end(row));
        }
    }
}

impl<S: AsRef<str>> FromIterator<S> for Strings {
    fn from_iter<I: IntoIterator<Item = S>>(cells: I) -> Self {
        let mut column = Self::default();
        for cell in cells {
            column.push(cell.as_ref());
        }
        column
    }
}

/// A column whose cells are lists of strings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    items: Strings,
    ends: Vec<usize>,
}

impl Lists {
    /// Adds a cell with these items.
    pub fn push<S: AsRef<str>>(&mut self, items: impl IntoIterator<Item = S>) {
        for item in items {
            self.items.push(item.as_ref());
        }
        self.ends.push(self.items.len());
    }

    /// The items of a row's cell.
    pub fn get(&self, row: usize) -> impl ExactSizeIterator<Item = &str> + Clone {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        (start..self.ends[row]).map(|item| self.items.get(item))
    }

    /// How many cells there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no cell.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Puts another column behind this one.
    pub fn append(&mut self, other: &Self) {
        let shift = self.items.len();
        self.items.append(&other.items);
        self.ends.extend(other.ends.iter().map(|end| end + shift));
    }
}

/// Distinct names, each with a dense number in the order of first appearance.
#[derive(Clone, Default)]
pub struct Names {
    names: Strings,
    index: Index,
}

/// The table of [`Names`], for strings that are kept elsewhere: finds the number of a string.
///
/// Half of each string's hash is kept beside its number, so that few strings are read again in vain and
/// none when the table grows.
#[derive(Clone, Default)]
pub(crate) struct Index {
    table: HashTable<(u32, u32)>,
}

impl Index {
    /// The number of the string with this [`hash`] for which `is` holds.
    pub(crate) fn find(&self, hash: u32, is: impl Fn(u32) -> bool) -> Option<u32> {
        let found = self
            .table
            .find(spread(hash), |&(known, code)| known == hash && is(code));
        found.map(|&(_, code)| code)
    }

    /// Adds a string that is not there.
    pub(crate) fn insert(&mut self, hash: u32, code: u32) {
        self.table
            .insert_unique(spread(hash), (hash, code), |&(hash, _)| spread(hash));
    }
}

/// The table looks at both ends of a hash.
pub(crate) fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

impl Names {
    /// The number of a name, which is added if it is new.
    pub fn code(&mut self, name: &str) -> u32 {
        self.code_hashed(name, hash(name))
    }

    /// The same for a name whose [`hash`] is known.
    pub(crate) fn code_hashed(&mut self, name: &str, hash: u32) -> u32 {
        let known = self
            .index
            .find(hash, |code| self.names.get(code as usize) == name);
        known.unwrap_or_else(|| {
            let code = u32::try_from(self.names.push(name))
                .expect("fewer than 2^32 distinct names fit in memory");
            self.index.insert(hash, code);
            code
        })
    }

    /// The number of a name that may not be there.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.index
            .find(hash(name), |code| self.names.get(code as usize) == name)
    }

    /// The names as a column, in the order of their numbers.
    pub(crate) fn into_strings(mut self) -> Strings {
        self.names.bytes.shrink_to_fit();
        self.names.ends.shrink_to_fit();
        self.names
    }

    /// The name with this number.
    pub fn name(&self, code: u32) -> &str {
        self.names.get(code as usize)
    }

    /// How many distinct names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names in the order of their numbers.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter()
    }
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Names")
            .field("names", &self.names)
            .finish_non_exhaustive()
    }
}

/// Names come from files that a stranger may have made, yet the table only ever costs time, never
/// a result: numbers follow first appearance, whatever the hash.
pub(crate) fn hash(name: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    // FxHash has its entropy in the high bits and turns them to the low end.
    (hasher.finish().rotate_right(26) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_numbered_by_first_appearance_and_found_again() {
        let mut names = Names::default();
        assert_eq!(
            [
                names.code("b"),
                names.code("a"),
                names.code("b"),
                names.code("")
            ],
            [0, 1, 0, 2]
        );
        assert_eq!(
            (names.name(1), names.find("a"), names.find("c")),
            ("a", Some(1), None)
        );
        for i in 0..10_000 {
            names.code(&format!("n{i}"));
        }
        assert_eq!(names.find("n9999"), Some(10_002));
    }

    #[test]
    fn a_column_may_hold_more_than_four_gigabytes() {
        // The ends of cells of which the first is empty and each other but one is a little over 2 GB;
        // the bytes themselves are not needed for this.
        let mut column = Strings::default();
        let ends = [
            0,
            2_200_000_000,
            4_400_000_000,
            4_400_000_001,
            13_000_000_000,
        ];
        for end in ends {
            column.push_end(end);
        }
        assert_eq!(column.wraps, [2, 4, 4]);
        for (row, end) in ends.into_iter().enumerate() {
            assert_eq!(column.end(row), end);
        }
    }

    #[test]
    fn appended_columns_read_as_one() {
        let mut left: Strings = ["a", "", "bc"].into_iter().collect();
        left.append(&["d"].into_iter().collect());
        assert_eq!(left.iter().collect::<Vec<_>>(), ["a", "", "bc", "d"]);
        let mut lists = Lists::default();
        lists.push(["x", "y"]);
        let mut more = Lists::default();
        more.push([""; 0]);
        more.push(["z"]);
        lists.append(&more);
        assert_eq!(lists.get(0).collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(lists.get(1).count(), 0);
        assert_eq!(lists.get(2).collect::<Vec<_>>(), ["z"]);
    }
}
