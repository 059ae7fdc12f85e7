//! Where does an account stand, by what it uses?
//!
//! By distinct items that lean. Accounts of the background are placed by leans learned without them, five
//! parts in turn, so that the error is that of an account never seen.

use super::gate::quantile;
use super::lean::{LEAST, Lean, leans};
use super::sides::{Call, Counts, Sides, call, sides};
use super::uses::{Kind, Uses};
use rayon::prelude::*;

/// Parts of which one is left out in turn.
const PARTS: u32 = 5;

/// Placing accounts by one kind of item.
#[derive(Debug)]
pub(crate) struct Placement {
    pub(crate) kind: Kind,
    /// Items of each account, ascending by account.
    pairs: Vec<(u32, u32)>,
    leans: Vec<Lean>,
    /// Calls of accounts that have a camp, each by leans learned without it.
    calls: Vec<Call>,
    /// Placed wrongly, of those placed.
    pub(crate) error: (u64, u64),
}

impl Placement {
    pub(crate) fn new(kind: Kind, uses: &Uses, camp: &[Option<bool>]) -> Self {
        let pairs = uses.pairs();
        let parts: Vec<Vec<(u32, Call)>> = (0..PARTS)
            .into_par_iter()
            .map(|part| {
                let out = |account: u32| account % PARTS == part;
                let without: Vec<Option<bool>> = camp
                    .iter()
                    .enumerate()
                    .map(|(account, camp)| {
                        camp.filter(|_| account % PARTS as usize != part as usize)
                    })
                    .collect();
                let learned = leans(uses, &without);
                pairs
                    .chunk_by(|a, b| a.0 == b.0)
                    .filter(|of| out(of[0].0) && camp[of[0].0 as usize].is_some())
                    .map(|of| (of[0].0, placed(of, &learned)))
                    .collect()
            })
            .collect();
        let mut calls = vec![Call::NotEligible; camp.len()];
        let mut error = (0, 0);
        for (account, call) in parts.into_iter().flatten() {
            calls[account as usize] = call;
            if let (Call::A | Call::B, Some(b)) = (call, camp[account as usize]) {
                error.1 += 1;
                error.0 += u64::from((call == Call::B) != b);
            }
        }
        Self {
            kind,
            leans: leans(uses, camp),
            pairs,
            calls,
            error,
        }
    }

    fn items_of(&self, account: u32) -> &[(u32, u32)] {
        let start = self.pairs.partition_point(|pair| pair.0 < account);
        let end = self.pairs.partition_point(|pair| pair.0 <= account);
        &self.pairs[start..end]
    }

    /// Where these members stand and the median share of a member's items that the background knows.
    fn of(&self, members: &[u32], distinct: impl Fn(u32) -> usize) -> (Counts, f64) {
        let mut known = Vec::new();
        let counts = Counts::of(members.iter().map(|&member| {
            let items = self.items_of(member);
            let all = distinct(member);
            if all > 0 {
                let of_them = items
                    .iter()
                    .filter(|(_, item)| {
                        let users = self.leans[*item as usize].users;
                        users[0] + users[1] >= LEAST
                    })
                    .count();
                known.push(of_them as f64 / all as f64);
            }
            placed(items, &self.leans)
        }));
        (counts, quantile(known, 0.5))
    }

    /// Where these members stand, held against groups that grew by themselves. `distinct` gives how many
    /// items of this kind an account used, known or not.
    pub(crate) fn sides(
        &self,
        members: &[u32],
        organic: &[Vec<u32>],
        distinct: impl Fn(u32) -> usize,
    ) -> Sides {
        let (counts, known) = self.of(members, distinct);
        let wanted = counts.eligible();
        let grown: Vec<Counts> = organic
            .iter()
            .filter_map(|group| {
                let mut eligible = 0;
                let counts = Counts::of(
                    group
                        .iter()
                        .map(|&account| self.calls[account as usize])
                        .filter(|&call| call != Call::NotEligible)
                        .take_while(|_| {
                            eligible += 1;
                            eligible <= wanted
                        }),
                );
                // A large group is held against the largest that grew.
                (counts.eligible() >= wanted.min(20)).then_some(counts)
            })
            .collect();
        sides(counts, known, &grown, self.error)
    }
}

fn placed(items: &[(u32, u32)], leans: &[Lean]) -> Call {
    let (mut b, mut n) = (0, 0);
    for (_, item) in items {
        if let Some(side) = leans[*item as usize].side() {
            n += 1;
            b += u32::from(side);
        }
    }
    call(b, n)
}

#[cfg(test)]
mod tests {
    use super::super::sides::Stand;
    use super::super::uses::Use;
    use super::*;

    /// 40 accounts a side with six of eight items of their side; then ten of A, then five of each.
    fn placement() -> Placement {
        let mut uses = Vec::new();
        for account in 0..100u32 {
            let b = match account {
                0..80 => account >= 40,
                80..90 => false,
                _ => account % 2 == 0,
            };
            for item in 0..6 {
                uses.push(Use {
                    item: (item + account) % 8 + 8 * u32::from(b),
                    account,
                    post: account,
                });
            }
        }
        let uses = Uses::new((0..16).map(|item| format!("t{item}")).collect(), uses, 1);
        let camp: Vec<Option<bool>> = (0..100)
            .map(|account| (account < 80).then_some(account >= 40))
            .collect();
        Placement::new(Kind::Hashtag, &uses, &camp)
    }

    #[test]
    fn one_sided_and_two_sided_groups_are_told_apart() {
        let placement = placement();
        assert_eq!(placement.error, (0, 80));
        let organic: Vec<Vec<u32>> = (0..250)
            .map(|group| {
                (0..20)
                    .map(|place| (place * 2 + group) % 40 + 40 * (group % 2))
                    .collect()
            })
            .collect();
        let of = |members: std::ops::Range<u32>| {
            placement
                .sides(&members.collect::<Vec<_>>(), &organic, |_| 6)
                .stand
        };
        assert_eq!(of(90..100), Stand::Both);
        assert_eq!(of(80..90), Stand::CannotTell, "ten placed are one too few");
        let unknown = placement.sides(&[90, 91, 92], &organic, |_| 30);
        assert_eq!(unknown.stand, Stand::TagsUnknown);
    }
}
