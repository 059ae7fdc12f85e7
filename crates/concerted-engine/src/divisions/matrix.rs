//! Who used what at least once? Accounts by items, sparse, with the thin margins pruned away.
//!
//! An account counts once for an item, however often it uses it: loud accounts must not draw the axis.
//! Rows and columns are both kept, so that every product with the matrix is a gather into one output
//! cell, and no result depends on the number of threads.

use crate::rng::Rng;

/// Lists of numbers laid end to end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists {
    ends: Vec<u32>,
    codes: Vec<u32>,
}

impl Lists {
    /// The lists with these lengths, filled by the caller.
    fn with_lengths(lengths: &[u32]) -> Self {
        let mut total = 0;
        let ends = lengths
            .iter()
            .map(|length| {
                total += length;
                total
            })
            .collect();
        Self {
            ends,
            codes: vec![0; total as usize],
        }
    }

    fn push(&mut self, codes: &[u32]) {
        self.codes.extend_from_slice(codes);
        self.ends.push(number(self.codes.len()));
    }

    /// How many lists there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The list at a place.
    pub fn get(&self, place: usize) -> &[u32] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        &self.codes[start as usize..self.ends[place] as usize]
    }

    /// The lists in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u32]> {
        (0..self.len()).map(|place| self.get(place))
    }

    /// Numbers in all lists together.
    pub fn total(&self) -> usize {
        self.codes.len()
    }

    /// For each number below `columns` the lists that hold it, ascending.
    fn turned(&self, columns: usize) -> Self {
        let mut lengths = vec![0u32; columns];
        for &code in &self.codes {
            lengths[code as usize] += 1;
        }
        let mut turned = Self::with_lengths(&lengths);
        let mut next: Vec<u32> = (0..columns)
            .map(|column| turned.ends[column] - lengths[column])
            .collect();
        for (row, codes) in self.iter().enumerate() {
            for &code in codes {
                let place = &mut next[code as usize];
                turned.codes[*place as usize] = number(row);
                *place += 1;
            }
        }
        turned
    }
}

/// A count as a number of 32 bits.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).expect("accounts, items and their uses are numbered in 32 bits")
}

/// How far thin rows and columns are pruned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prune {
    /// Fewest accounts of an item.
    pub item_accounts: u32,
    /// Fewest items of an account.
    pub account_items: u32,
}

/// Accounts by items: which account used which item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// The account of each row, as the caller numbers them.
    pub accounts: Vec<u32>,
    /// The item of each column, as the caller numbers them.
    pub items: Vec<u32>,
    /// Columns of each row, ascending.
    pub rows: Lists,
    /// Rows of each column, ascending.
    pub columns: Lists,
}

impl Matrix {
    /// The matrix of these (account, item) pairs after pruning, or an empty one. Pairs must be ascending and
    /// distinct. What remains is connected: of several parts the largest is kept, of equal ones the first.
    pub fn new(pairs: &[(u32, u32)], prune: Prune) -> Self {
        let mut pairs = pairs.to_vec();
        thin(&mut pairs, prune);
        largest_part(&mut pairs);
        // A part can be thin where the whole was not.
        thin(&mut pairs, prune);
        Self::of(&pairs)
    }

    fn of(pairs: &[(u32, u32)]) -> Self {
        let mut items: Vec<u32> = pairs.iter().map(|pair| pair.1).collect();
        items.sort_unstable();
        items.dedup();
        let mut place = vec![0u32; items.last().map_or(0, |&last| last as usize + 1)];
        for (column, &item) in items.iter().enumerate() {
            place[item as usize] = number(column);
        }
        let (mut accounts, mut rows) = (Vec::new(), Lists::default());
        for of_account in pairs.chunk_by(|a, b| a.0 == b.0) {
            accounts.push(of_account[0].0);
            let columns: Vec<u32> = of_account
                .iter()
                .map(|pair| place[pair.1 as usize])
                .collect();
            rows.push(&columns);
        }
        let columns = rows.turned(items.len());
        Self {
            accounts,
            items,
            rows,
            columns,
        }
    }

    /// These rows alone, pruned again: an item that few of them use tells nothing of them.
    #[must_use]
    pub fn drawn(&self, keep: &[bool], prune: Prune) -> Self {
        let mut pairs = Vec::new();
        for (row, &account) in self.accounts.iter().enumerate() {
            if keep[row] {
                let columns = self.rows.get(row).iter();
                pairs.extend(columns.map(|&column| (account, self.items[column as usize])));
            }
        }
        Self::new(&pairs, prune)
    }

    /// The same columns with these rows alone. Columns may be left without a row.
    #[must_use]
    pub fn with_rows(&self, keep: &[bool]) -> Self {
        let (mut accounts, mut rows) = (Vec::new(), Lists::default());
        for (row, &account) in self.accounts.iter().enumerate() {
            if keep[row] {
                accounts.push(account);
                rows.push(self.rows.get(row));
            }
        }
        let columns = rows.turned(self.items.len());
        Self {
            accounts,
            items: self.items.clone(),
            rows,
            columns,
        }
    }

    /// A copy in which chance decided who used what, while every account keeps its number of items and every
    /// item its number of accounts: the curveball of G. Strona et al. (2014), five trades for each row.
    pub(crate) fn curveball(&self, rng: &mut Rng) -> Self {
        let mut rows: Vec<Vec<u32>> = self.rows.iter().map(<[u32]>::to_vec).collect();
        if rows.len() > 1 {
            let (mut only_a, mut only_b, mut both) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..5 * rows.len() {
                let a = below(rng, rows.len());
                let b = (a + 1 + below(rng, rows.len() - 1)) % rows.len();
                part(&rows[a], &rows[b], &mut only_a, &mut only_b, &mut both);
                if only_a.is_empty() || only_b.is_empty() {
                    continue;
                }
                let kept_by_a = only_a.len();
                only_a.append(&mut only_b);
                for place in 0..kept_by_a {
                    let other = place + below(rng, only_a.len() - place);
                    only_a.swap(place, other);
                }
                for (row, mine) in [(a, &only_a[..kept_by_a]), (b, &only_a[kept_by_a..])] {
                    rows[row].clear();
                    rows[row].extend_from_slice(&both);
                    rows[row].extend_from_slice(mine);
                    rows[row].sort_unstable();
                }
            }
        }
        let mut lists = Lists::default();
        for row in &rows {
            lists.push(row);
        }
        Self {
            columns: lists.turned(self.items.len()),
            rows: lists,
            accounts: self.accounts.clone(),
            items: self.items.clone(),
        }
    }
}

/// A place in `0..bound`.
pub(super) fn below(rng: &mut Rng, bound: usize) -> usize {
    usize::try_from(rng.below(bound as u64)).expect("a number below a place is one")
}

/// What two ascending lists have each alone, and what both have.
fn part(a: &[u32], b: &[u32], only_a: &mut Vec<u32>, only_b: &mut Vec<u32>, both: &mut Vec<u32>) {
    only_a.clear();
    only_b.clear();
    both.clear();
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => {
                only_a.push(a[i]);
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                only_b.push(b[j]);
                j += 1;
            }
            std::cmp::Ordering::Equal => {
                both.push(a[i]);
                i += 1;
                j += 1;
            }
        }
    }
    only_a.extend_from_slice(&a[i..]);
    only_b.extend_from_slice(&b[j..]);
}

/// Drops thin items and thin accounts until none is left.
fn thin(pairs: &mut Vec<(u32, u32)>, prune: Prune) {
    loop {
        let before = pairs.len();
        let items = counts(pairs.iter().map(|pair| pair.1));
        pairs.retain(|pair| items[pair.1 as usize] >= prune.item_accounts);
        let accounts = counts(pairs.iter().map(|pair| pair.0));
        pairs.retain(|pair| accounts[pair.0 as usize] >= prune.account_items);
        if pairs.len() == before {
            return;
        }
    }
}

/// How often each number comes.
pub(super) fn counts(numbers: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut counts = Vec::new();
    for number in numbers {
        let place = number as usize;
        if place >= counts.len() {
            counts.resize(place + 1, 0);
        }
        counts[place] += 1;
    }
    counts
}

/// Keeps the largest connected part, by pairs.
fn largest_part(pairs: &mut Vec<(u32, u32)>) {
    let Some(accounts) = pairs.iter().map(|pair| pair.0 as usize + 1).max() else {
        return;
    };
    let items = pairs
        .iter()
        .map(|pair| pair.1 as usize + 1)
        .max()
        .unwrap_or(0);
    let mut parent: Vec<u32> = (0..number(accounts + items)).collect();
    let root = |parent: &mut [u32], of: u32| {
        let mut at = of;
        while parent[at as usize] != at {
            parent[at as usize] = parent[parent[at as usize] as usize];
            at = parent[at as usize];
        }
        at
    };
    for &(account, item) in pairs.iter() {
        let a = root(&mut parent, account);
        let b = root(&mut parent, number(accounts) + item);
        parent[a.max(b) as usize] = a.min(b);
    }
    let sizes = counts(pairs.iter().map(|pair| root(&mut parent, pair.0)));
    let largest = sizes
        .iter()
        .enumerate()
        .max_by_key(|&(place, &size)| (size, std::cmp::Reverse(place)))
        .map_or(0, |(place, _)| number(place));
    pairs.retain(|pair| root(&mut parent, pair.0) == largest);
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The matrix whose rows are written as zeros and ones.
    pub(in crate::divisions) fn matrix(rows: &[&str]) -> Matrix {
        let mut pairs = Vec::new();
        for (account, row) in rows.iter().enumerate() {
            for (item, cell) in row.chars().enumerate() {
                if cell == '1' {
                    pairs.push((number(account), number(item)));
                }
            }
        }
        Matrix::of(&pairs)
    }

    #[test]
    fn thin_margins_and_small_parts_go() {
        // Accounts 0 to 2 share items 0 and 1; account 3 has item 9 for itself; 4 and 5 are apart.
        let pairs = [
            (0, 0),
            (0, 1),
            (1, 0),
            (1, 1),
            (2, 0),
            (2, 1),
            (2, 9),
            (3, 9),
            (4, 5),
            (4, 6),
            (5, 5),
            (5, 6),
        ];
        let matrix = Matrix::new(
            &pairs,
            Prune {
                item_accounts: 2,
                account_items: 2,
            },
        );
        assert_eq!(matrix.accounts, [0, 1, 2]);
        assert_eq!(matrix.items, [0, 1]);
        assert_eq!(matrix.columns.get(1), [0, 1, 2]);
    }

    #[test]
    fn a_shuffled_copy_keeps_both_margins_and_moves_something() {
        let made = matrix(&["11100", "11010", "11100", "00111", "00011", "01011"]);
        let copy = made.curveball(&mut Rng::stream(1, 0));
        let lengths = |lists: &Lists| lists.iter().map(<[u32]>::len).collect::<Vec<_>>();
        assert_eq!(lengths(&copy.rows), lengths(&made.rows));
        assert_eq!(lengths(&copy.columns), lengths(&made.columns));
        assert_ne!(copy.rows, made.rows);
    }
}
