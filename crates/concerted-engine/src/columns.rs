//! Columns of text: many short strings in one allocation, and names that repeat kept once.
//!
//! A corpus of ten million posts has ten million texts and far fewer accounts. [`Strings`] lays
//! cells end to end; [`Names`] keeps each distinct name once and hands out a dense number for it,
//! in the order of first appearance, so that everything downstream works on `u32`.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// A column of strings laid end to end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strings {
    bytes: String,
    ends: Vec<usize>,
}

impl Strings {
    /// Adds a cell and returns its row.
    pub fn push(&mut self, cell: &str) -> usize {
        self.bytes.push_str(cell);
        self.ends.push(self.bytes.len());
        self.ends.len() - 1
    }

    /// The cell of a row.
    pub fn get(&self, row: usize) -> &str {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.bytes[start..self.ends[row]]
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
        self.ends.extend(other.ends.iter().map(|end| end + shift));
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
    index: HashTable<u32>,
}

impl Names {
    /// The number of a name, which is added if it is new.
    pub fn code(&mut self, name: &str) -> u32 {
        let hash = hash(name);
        if let Some(&code) = self
            .index
            .find(hash, |&code| self.names.get(code as usize) == name)
        {
            return code;
        }
        let code = u32::try_from(self.names.push(name))
            .expect("fewer than 2^32 distinct names fit in memory");
        self.index.insert_unique(hash, code, |&code| {
            self::hash(self.names.get(code as usize))
        });
        code
    }

    /// The number of a name that may not be there.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.index
            .find(hash(name), |&code| self.names.get(code as usize) == name)
            .copied()
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
fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    name.hash(&mut hasher);
    // FxHash leaves its entropy in the high bits, the table looks at both ends.
    hasher.finish().rotate_left(26)
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
