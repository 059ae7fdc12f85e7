//! Two ways of putting accounts into groups, laid over each other.
//!
//! A pair of accounts is *together* if some group holds both. For an account e, N(e) are those together
//! with it in named groups and K(e) those together with it in known groups, itself included. B-cubed
//! precision is the mean of |N(e) and K(e)| / |N(e)| over the named accounts, 0 for one that is not
//! sought; recall the mean of |N(e) and K(e)| / |K(e)| over those sought, 0 for one that was not named. Where
//! every account is in one group on either side, these are the figures of Bagga and Baldwin (1998).

use super::{Known, Named, Tally};
use std::collections::{BTreeMap, BTreeSet};

/// Accounts by number, with their named and their known groups.
pub(super) struct Sides<'a> {
    accounts: Vec<&'a str>,
    /// Members of each named and of each known group of those sought, ascending.
    named: Vec<Vec<usize>>,
    known: Vec<Vec<usize>>,
    /// Groups of each account.
    named_of: Vec<Vec<usize>>,
    known_of: Vec<Vec<usize>>,
    sought: Vec<bool>,
}

impl<'a> Sides<'a> {
    pub(super) fn new(named: &'a [Named], known: &'a [Known]) -> Self {
        let mut numbers: BTreeMap<&str, usize> = named
            .iter()
            .map(|named| named.account.as_str())
            .chain(
                known
                    .iter()
                    .filter(|known| known.sought)
                    .map(|known| known.account.as_str()),
            )
            .map(|account| (account, 0))
            .collect();
        for (place, number) in numbers.values_mut().enumerate() {
            *number = place;
        }
        let mut sought = vec![false; numbers.len()];
        let mut groups: [BTreeMap<String, BTreeSet<usize>>; 2] = Default::default();
        for named in named {
            let number = numbers[named.account.as_str()];
            groups[0]
                .entry(named.group.clone())
                .or_default()
                .insert(number);
        }
        for known in known.iter().filter(|known| known.sought) {
            let number = numbers[known.account.as_str()];
            sought[number] = true;
            // Somebody whose group is not known is a group alone.
            let group = if known.group.is_empty() {
                format!("\0{}", known.account)
            } else {
                known.group.clone()
            };
            groups[1].entry(group).or_default().insert(number);
        }
        let [named, known] = groups.map(|groups| {
            groups
                .into_values()
                .map(|members| members.into_iter().collect::<Vec<usize>>())
                .collect::<Vec<_>>()
        });
        let of = |groups: &[Vec<usize>]| {
            let mut of = vec![Vec::new(); numbers.len()];
            for (group, members) in groups.iter().enumerate() {
                for &member in members {
                    of[member].push(group);
                }
            }
            of
        };
        Self {
            named_of: of(&named),
            known_of: of(&known),
            accounts: numbers.into_keys().collect(),
            named,
            known,
            sought,
        }
    }

    /// The sums of each block, in the order of its first account.
    pub(super) fn blocks(&self, weights: &BTreeMap<String, u64>) -> Vec<Tally> {
        let block = self.block_of_each();
        let mut tallies: BTreeMap<usize, Tally> = BTreeMap::new();
        // Accounts of the same groups are together with the same accounts.
        let mut met: BTreeMap<(&[usize], &[usize]), Together> = BTreeMap::new();
        for (account, &block) in block.iter().enumerate() {
            let key = (
                self.named_of[account].as_slice(),
                self.known_of[account].as_slice(),
            );
            let together = *met.entry(key).or_insert_with(|| self.together(key));
            let posts = weights
                .get(self.accounts[account])
                .map_or(0.0, |&posts| posts as f64);
            let (is_named, sought) = (!key.0.is_empty(), self.sought[account]);
            let part = Tally {
                hits: f64::from(u8::from(is_named && sought)),
                false_alarms: f64::from(u8::from(is_named && !sought)),
                missed: f64::from(u8::from(!is_named && sought)),
                hit_posts: if is_named && sought { posts } else { 0.0 },
                false_posts: if is_named && !sought { posts } else { 0.0 },
                // Each pair is met from both ends, and nobody is a pair with themselves.
                pairs_named: (together.named - f64::from(u8::from(is_named))) / 2.0,
                pairs_known: (together.known - f64::from(u8::from(sought))) / 2.0,
                pairs_both: (together.both - f64::from(u8::from(is_named && sought))) / 2.0,
                b_precision: if is_named {
                    together.both / together.named
                } else {
                    0.0
                },
                b_recall: if sought {
                    together.both / together.known
                } else {
                    0.0
                },
            };
            let tally = tallies.entry(block).or_default();
            *tally = *tally + part;
        }
        tallies.into_values().collect()
    }

    /// How many accounts the groups hold, on either side and on both.
    fn together(&self, (named, known): (&[usize], &[usize])) -> Together {
        let union = |groups: &[Vec<usize>], of: &[usize]| -> BTreeSet<usize> {
            of.iter()
                .flat_map(|&group| groups[group].iter().copied())
                .collect()
        };
        let (named, known) = (union(&self.named, named), union(&self.known, known));
        Together {
            named: named.len() as f64,
            known: known.len() as f64,
            both: named.intersection(&known).count() as f64,
        }
    }

    /// For each account the smallest account that named or known groups connect it with.
    fn block_of_each(&self) -> Vec<usize> {
        let mut parent: Vec<usize> = (0..self.accounts.len()).collect();
        for group in self.named.iter().chain(&self.known) {
            for &member in group {
                let (a, b) = (root(&mut parent, group[0]), root(&mut parent, member));
                parent[a.max(b)] = a.min(b);
            }
        }
        (0..parent.len())
            .map(|account| root(&mut parent, account))
            .collect()
    }

    /// (known groups, of these found) and (named groups, of these right).
    pub(super) fn groups(&self) -> ((usize, usize), (usize, usize)) {
        let half_in = |group: &Vec<usize>, of: &[Vec<usize>]| {
            let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
            for &member in group {
                for &other in &of[member] {
                    *counts.entry(other).or_default() += 1;
                }
            }
            counts.values().any(|&count| 2 * count >= group.len())
        };
        // One account alone is no group.
        let real = |groups: &'_ [Vec<usize>], of: &[Vec<usize>]| {
            let groups = groups.iter().filter(|group| group.len() > 1);
            let (mut all, mut half) = (0, 0);
            for group in groups {
                all += 1;
                half += usize::from(half_in(group, of));
            }
            (all, half)
        };
        (
            real(&self.known, &self.named_of),
            real(&self.named, &self.known_of),
        )
    }
}

/// The number that stands for everybody connected with `at`.
fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

#[derive(Clone, Copy)]
struct Together {
    named: f64,
    known: f64,
    both: f64,
}
