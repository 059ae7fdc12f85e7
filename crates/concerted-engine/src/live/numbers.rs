//! Names numbered densely, whose numbers are given again once nothing refers to them.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use std::hash::Hasher;

/// Distinct names, each with a number. The lowest numbers are not kept dense by order of appearance:
/// whichever was freed last is given next, so nothing may depend on what a number is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Numbers {
    names: Vec<Option<Box<str>>>,
    free: Vec<u32>,
    bytes: usize,
    #[serde(skip)]
    index: HashTable<u32>,
}

impl Numbers {
    /// The number of a name, and whether it is new.
    pub(super) fn number(&mut self, name: &str) -> (u32, bool) {
        let hash = hash(name);
        let same = |&number: &u32| self.names[number as usize].as_deref() == Some(name);
        if let Some(&number) = self.index.find(hash, same) {
            return (number, false);
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.names.push(None);
            u32::try_from(self.names.len() - 1).expect("what is in memory is numbered in 32 bits")
        });
        self.names[number as usize] = Some(name.into());
        self.bytes += name.len();
        self.index
            .insert_unique(hash, number, |&number| rehash(&self.names, number));
        (number, true)
    }

    /// The name of a number that is given.
    pub(super) fn name(&self, number: u32) -> &str {
        self.names
            .get(number as usize)
            .and_then(Option::as_deref)
            .unwrap_or_default()
    }

    /// Takes a number back.
    pub(super) fn free(&mut self, number: u32) {
        let Some(name) = self.names[number as usize].take() else {
            return;
        };
        self.bytes -= name.len();
        if let Ok(entry) = self.index.find_entry(hash(&name), |&other| other == number) {
            entry.remove();
        }
        self.free.push(number);
    }

    /// How many names are given.
    pub(super) fn len(&self) -> usize {
        self.index.len()
    }

    /// Estimated bytes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes + self.names.len() * (size_of::<Option<Box<str>>>() + 4) + self.len() * 24
    }

    /// Makes the index again, which is not stored.
    pub(super) fn index_again(&mut self) {
        self.index = HashTable::with_capacity(self.names.len());
        for (number, name) in (0..).zip(&self.names) {
            if let Some(name) = name {
                self.index
                    .insert_unique(hash(name), number, |&number| rehash(&self.names, number));
            }
        }
    }
}

fn rehash(names: &[Option<Box<str>>], number: u32) -> u64 {
    hash(names[number as usize].as_deref().unwrap_or_default())
}

/// A hash that serves tables and samples.
pub(super) fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_once_they_are_freed() {
        let mut numbers = Numbers::default();
        assert_eq!(numbers.number("a"), (0, true));
        assert_eq!(numbers.number("b"), (1, true));
        assert_eq!(numbers.number("a"), (0, false));
        numbers.free(0);
        assert_eq!((numbers.len(), numbers.name(0)), (1, ""));
        assert_eq!(numbers.number("c"), (0, true));
        assert_eq!(numbers.number("a"), (2, true));
        numbers.index = HashTable::new();
        numbers.index_again();
        assert_eq!(numbers.number("b"), (1, false));
    }
}
