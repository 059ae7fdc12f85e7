//! How often does a group take up an issue, against everyone else who was as active on the same days?
//!
//! A ratio of rates with an interval over accounts. It describes and never convicts: of groups that grew by
//! themselves more than half exceed the background as well, so that the percentile among these stands
//! beside every ratio. Issues are tested by what the background would have the group post, never by what
//! it posted; choosing by the latter makes a finding of noise.

use super::matrix::below;
use crate::post::Millis;
use crate::rng::Rng;
use concerted_stats::proportion::{
    Clusters, HitsOfTrials, cluster_rate_ratio, mantel_haenszel, rule_of_three,
};
use concerted_stats::{PValue, benjamini_hochberg};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Fewest accounts on either side for a ratio.
pub const LEAST: usize = 5;
/// Expected posts from which the interval holds.
pub const EXPECTED: f64 = 5.0;
/// Random sets behind the p-value.
pub const DRAWS: u32 = 4_999;
/// The corrected p-value at which a difference is called one.
pub const Q: f64 = 0.05;
const DAY: Millis = 86_400_000;

/// How many posts each account made on each day.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    starts: Vec<u32>,
    days: Vec<(i64, f64)>,
    totals: Vec<f64>,
}

impl Activity {
    /// From the account and time of each post, among so many accounts.
    pub fn new(posts: impl Iterator<Item = (u32, Millis)>, accounts: usize) -> Self {
        let mut all: Vec<(u32, i64)> = posts
            .map(|(account, time)| (account, time.div_euclid(DAY)))
            .collect();
        all.sort_unstable();
        let mut activity = Self {
            starts: vec![0; accounts + 1],
            days: Vec::new(),
            totals: vec![0.0; accounts],
        };
        for same in all.chunk_by(|a, b| a == b) {
            let account = same[0].0 as usize;
            activity.days.push((same[0].1, same.len() as f64));
            activity.totals[account] += same.len() as f64;
            activity.starts[account + 1] += 1;
        }
        for account in 0..accounts {
            activity.starts[account + 1] += activity.starts[account];
        }
        activity
    }

    fn days(&self, account: u32) -> &[(i64, f64)] {
        let account = account as usize;
        &self.days[self.starts[account] as usize..self.starts[account + 1] as usize]
    }

    /// Posts of an account.
    pub fn posts(&self, account: u32) -> f64 {
        self.totals[account as usize]
    }
}

/// Posts that take up one issue: (account, time of the post), ascending.
#[derive(Clone, Debug, Default)]
pub struct IssueUses {
    /// Each post once.
    pub posts: Vec<(u32, Millis)>,
}

impl IssueUses {
    /// The posts of one account.
    pub fn of(&self, account: u32) -> &[(u32, Millis)] {
        let start = self.posts.partition_point(|post| post.0 < account);
        let end = self.posts.partition_point(|post| post.0 <= account);
        &self.posts[start..end]
    }

    fn by_account(&self) -> impl Iterator<Item = (u32, &[(u32, Millis)])> {
        self.posts
            .chunk_by(|a, b| a.0 == b.0)
            .map(|posts| (posts[0].0, posts))
    }
}

/// What can be said of a group and an issue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Said {
    /// Fewer than five accounts on one side took it up: counts alone.
    Counts,
    /// Nobody of the background took it up in this corpus; at most this rate is compatible with that.
    NoBackground {
        /// Upper 95 % limit of the background's rate.
        upper: f64,
    },
    /// The background would have the group post it less than once: the group's own item.
    OwnItem,
    /// A ratio, and whether it differs from 1 after correction.
    Ratio {
        /// Rate of the group over that of the background.
        ratio: f64,
        /// Lower 95 % limit.
        low: f64,
        /// Upper 95 % limit.
        high: f64,
        /// The same ratio day by day (Mantel and Haenszel).
        by_day: f64,
        /// Above, below, or neither.
        differs: Differs,
    },
}

/// Whether a rate differs from the background's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Differs {
    /// It lies above.
    Above,
    /// It lies below.
    Below,
    /// The data do not tell.
    NotTold,
}

/// A group and an issue.
#[derive(Clone, Debug, PartialEq)]
pub struct Emphasis {
    /// Place of the issue among those given.
    pub issue: usize,
    /// Posts of the group with the issue, and all its posts.
    pub posts: (u64, u64),
    /// Members who took it up.
    pub members: usize,
    /// Posts of the matched background with the issue, and all of them.
    pub background: (u64, u64),
    /// Accounts of the matched background who took it up, and all of them.
    pub background_accounts: (usize, usize),
    /// Share of the background's posts, weighted to the group's days.
    pub background_share: f64,
    /// Posts that the background's rate would have the group post.
    pub expected: f64,
    /// What can be said.
    pub said: Said,
    /// Chance of so large a rate in sets of the same size and activity, corrected for the issues looked at;
    /// not a number where it was not tested.
    pub p: f64,
    /// The same after Benjamini and Hochberg.
    pub q: f64,
    /// Share of the groups that grew by themselves whose ratio is smaller; not a number where there is none.
    pub percentile: f64,
    /// When the group first took it up.
    pub first: Option<Millis>,
    /// Accounts of the background that had used it before.
    pub before_accounts: usize,
    /// Share of the background's posts with it before and after the group's first; not a number where there
    /// was none.
    pub before_after: (f64, f64),
}

/// Whom a group is held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Background {
    /// The accounts.
    pub accounts: Vec<u32>,
    /// Posts of the least and the most active account that counts as equally active.
    pub activity: (f64, f64),
    /// Posts of the group on days when the background was silent; they are left out.
    pub left_out: u64,
    weights: BTreeMap<i64, f64>,
}

/// The background of a group: accounts that are in no candidate group, at least half as active as its least
/// and at most twice as active as its most active member, weighted to its days.
pub fn background(activity: &Activity, members: &[u32], free: &[u32]) -> Background {
    let posts = || {
        members
            .iter()
            .map(|&member| activity.posts(member))
            .filter(|&n| n > 0.0)
    };
    let range = (
        posts().fold(f64::INFINITY, f64::min) / 2.0,
        posts().fold(0.0, f64::max) * 2.0,
    );
    let accounts: Vec<u32> = free
        .iter()
        .copied()
        .filter(|&account| (range.0..=range.1).contains(&activity.posts(account)))
        .collect();
    let by_day = |accounts: &[u32]| {
        let mut days: BTreeMap<i64, f64> = BTreeMap::new();
        for &account in accounts {
            for &(day, posts) in activity.days(account) {
                *days.entry(day).or_default() += posts;
            }
        }
        days
    };
    let (group, others) = (by_day(members), by_day(&accounts));
    let on_shared: f64 = group
        .iter()
        .filter(|(day, _)| others.contains_key(day))
        .map(|(_, posts)| posts)
        .sum();
    let of_others: f64 = others
        .iter()
        .filter(|(day, _)| group.contains_key(day))
        .map(|(_, posts)| posts)
        .sum();
    let weights = group
        .iter()
        .filter_map(|(&day, posts)| {
            let others = others.get(&day)?;
            Some((day, (posts / on_shared) / (others / of_others)))
        })
        .collect();
    Background {
        accounts,
        activity: range,
        left_out: whole(group.values().sum::<f64>() - on_shared),
        weights,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count held as a float"
)]
fn whole(count: f64) -> u64 {
    count.round().max(0.0) as u64
}

/// A share, or not a number where there is nothing to share.
fn share(part: u64, of: f64) -> f64 {
    if of > 0.0 { part as f64 / of } else { f64::NAN }
}

impl Background {
    /// A background of so many accounts, for the tests of sentences.
    #[cfg(test)]
    pub(super) fn for_words(accounts: u32, activity: (f64, f64), left_out: u64) -> Self {
        Self {
            accounts: (0..accounts).collect(),
            activity,
            left_out,
            weights: BTreeMap::new(),
        }
    }

    /// Weighted posts of an account: all, or those of a list.
    fn weighed(&self, days: impl Iterator<Item = (i64, f64)>) -> f64 {
        days.map(|(day, posts)| posts * self.weights.get(&day).copied().unwrap_or(0.0))
            .sum()
    }

    fn counts(&self, day: i64) -> bool {
        self.weights.contains_key(&day)
    }
}

/// What every group of one population is held against.
#[derive(Debug)]
pub struct Field<'a> {
    /// Posts of everyone.
    pub activity: &'a Activity,
    /// The issues.
    pub issues: &'a [IssueUses],
    /// Accounts in no candidate group, ascending.
    pub free: &'a [u32],
    /// Groups that grew by themselves.
    pub organic: &'a [Vec<u32>],
}

impl Field<'_> {
    /// What a group plays on, issue by issue, and whom it is held against.
    pub(crate) fn of(&self, members: &[u32], seed: u64) -> (Background, Vec<Emphasis>) {
        let background = background(self.activity, members, self.free);
        let mut is_background = vec![false; self.activity.totals.len()];
        for &account in &background.accounts {
            is_background[account as usize] = true;
        }
        let mut all = Clusters::default();
        let mut trials: BTreeMap<u32, f64> = BTreeMap::new();
        for &account in &background.accounts {
            let posts = background.weighed(self.activity.days(account).iter().copied());
            if posts > 0.0 {
                all.add_trials(posts);
                trials.insert(account, posts);
            }
        }
        let of_members: Vec<f64> = members
            .iter()
            .map(|&member| {
                self.activity
                    .days(member)
                    .iter()
                    .filter(|day| background.counts(day.0))
                    .map(|day| day.1)
                    .sum()
            })
            .collect();
        let mut found: Vec<Emphasis> = self
            .issues
            .iter()
            .enumerate()
            .map(|(place, issue)| {
                self.one(
                    place,
                    issue,
                    members,
                    &of_members,
                    &background,
                    &trials,
                    &all,
                )
            })
            .collect();
        self.test(&mut found, members, &trials, seed);
        self.percentiles(&mut found, members.len(), &all);
        (background, found)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what is the same for all issues of a group"
    )]
    fn one(
        &self,
        place: usize,
        issue: &IssueUses,
        members: &[u32],
        of_members: &[f64],
        background: &Background,
        trials: &BTreeMap<u32, f64>,
        all: &Clusters,
    ) -> Emphasis {
        let hits = |account: u32| {
            issue
                .of(account)
                .iter()
                .filter(|post| background.counts(post.1.div_euclid(DAY)))
                .count() as f64
        };
        let group: Vec<(f64, f64)> = members
            .iter()
            .zip(of_members)
            .map(|(&member, &posts)| (hits(member), posts))
            .filter(|unit| unit.1 > 0.0)
            .collect();
        let mut others = *all;
        let (mut raw, mut users) = (0u64, 0usize);
        let first = members
            .iter()
            .flat_map(|&member| issue.of(member))
            .map(|post| post.1)
            .min();
        let (mut before, mut after, mut early) = (0u64, 0u64, 0usize);
        for (account, posts) in issue.by_account() {
            let Some(&n) = trials.get(&account) else {
                continue;
            };
            let weighed =
                background.weighed(posts.iter().map(|post| (post.1.div_euclid(DAY), 1.0)));
            if let Some(first) = first {
                let earlier = posts.iter().filter(|post| post.1 < first).count();
                before += earlier as u64;
                after += (posts.len() - earlier) as u64;
                early += usize::from(earlier > 0);
            }
            if weighed > 0.0 {
                others.add_hits(weighed, n);
                users += 1;
                raw += posts
                    .iter()
                    .filter(|post| background.counts(post.1.div_euclid(DAY)))
                    .count() as u64;
            }
        }
        let sum: Clusters = group.iter().copied().collect();
        let rate = cluster_rate_ratio(&sum, &others);
        let largest = group.iter().map(|unit| unit.0).fold(0.0, f64::max);
        let using = group.iter().filter(|unit| unit.0 > 0.0).count();
        let total = self.total_posts(background, trials);
        let said = if trials.len() < LEAST {
            // Nobody was as active on these days; nothing can be held against anybody.
            Said::Counts
        } else if users == 0 {
            Said::NoBackground {
                upper: rule_of_three(total),
            }
        } else if users < LEAST || using < LEAST {
            Said::Counts
        } else if rate.expected < 1.0 {
            Said::OwnItem
        } else {
            // The interval is asked first; the p-value over sets of accounts can take a difference back.
            let differs = if largest * 2.0 > sum.hits() {
                Differs::NotTold
            } else if rate.expected < EXPECTED || rate.low > 1.0 {
                Differs::Above
            } else if rate.high < 1.0 {
                Differs::Below
            } else {
                Differs::NotTold
            };
            Said::Ratio {
                ratio: rate.ratio,
                low: rate.low,
                high: rate.high,
                by_day: self.by_day(issue, members, background, trials),
                differs,
            }
        };
        let (posts_before, posts_after) = first.map_or((0.0, 0.0), |first| {
            let day = first.div_euclid(DAY);
            trials
                .keys()
                .flat_map(|&account| self.activity.days(account))
                .fold((0.0, 0.0), |(before, after), &(on, posts)| {
                    if on < day {
                        (before + posts, after)
                    } else {
                        (before, after + posts)
                    }
                })
        });
        Emphasis {
            issue: place,
            posts: (whole(sum.hits()), whole(sum.trials())),
            members: using,
            background: (raw, total),
            background_accounts: (users, trials.len()),
            background_share: if all.trials() > 0.0 {
                others.hits() / all.trials()
            } else {
                f64::NAN
            },
            expected: rate.expected,
            said,
            p: f64::NAN,
            q: f64::NAN,
            percentile: f64::NAN,
            first,
            before_accounts: early,
            before_after: (share(before, posts_before), share(after, posts_after)),
        }
    }

    /// Posts of the background on the group's days.
    fn total_posts(&self, background: &Background, trials: &BTreeMap<u32, f64>) -> u64 {
        whole(
            trials
                .keys()
                .flat_map(|&account| self.activity.days(account))
                .filter(|day| background.counts(day.0))
                .map(|day| day.1)
                .sum(),
        )
    }

    fn by_day(
        &self,
        issue: &IssueUses,
        members: &[u32],
        background: &Background,
        trials: &BTreeMap<u32, f64>,
    ) -> f64 {
        let mut days: BTreeMap<i64, (HitsOfTrials, HitsOfTrials)> = BTreeMap::new();
        let mut add = |account: u32, group: bool| {
            for &(day, posts) in self.activity.days(account) {
                if background.counts(day) {
                    let stratum = days.entry(day).or_default();
                    let side = if group {
                        &mut stratum.0
                    } else {
                        &mut stratum.1
                    };
                    side.1 += posts;
                }
            }
            for post in issue.of(account) {
                let day = post.1.div_euclid(DAY);
                if background.counts(day) {
                    let stratum = days.entry(day).or_default();
                    let side = if group {
                        &mut stratum.0
                    } else {
                        &mut stratum.1
                    };
                    side.0 += 1.0;
                }
            }
        };
        for &member in members {
            add(member, true);
        }
        for &account in trials.keys() {
            add(account, false);
        }
        mantel_haenszel(&days.into_values().collect::<Vec<_>>(), 0.5)
    }

    /// P-values by sets of the same size and activity, and what they take back.
    fn test(
        &self,
        found: &mut [Emphasis],
        members: &[u32],
        trials: &BTreeMap<u32, f64>,
        seed: u64,
    ) {
        let tested: Vec<usize> = (0..found.len())
            .filter(|&place| {
                // By what is expected alone. That enough members took it up is seen afterwards, so an issue
                // that too few took up was looked at as well and counts in the correction.
                found[place].expected >= 1.0 && found[place].background_accounts.0 >= LEAST
            })
            .collect();
        if tested.is_empty() {
            return;
        }
        let capped = |account: u32, issue: usize| {
            let posts = self.activity.posts(account);
            let hits = self.issues[issue].of(account).len() as f64;
            if posts > 0.0 {
                (hits / posts).min(0.05)
            } else {
                0.0
            }
        };
        let mut accounts: Vec<u32> = trials.keys().copied().collect();
        accounts.sort_by(|&a, &b| {
            self.activity
                .posts(a)
                .total_cmp(&self.activity.posts(b))
                .then(a.cmp(&b))
        });
        let fifth = accounts.len().div_ceil(5);
        let fifths: Vec<&[u32]> = accounts.chunks(fifth.max(1)).collect();
        let fifth_of: Vec<usize> = members
            .iter()
            .filter(|&&member| self.activity.posts(member) > 0.0)
            .map(|&member| {
                let at = accounts.partition_point(|&account| {
                    self.activity.posts(account) < self.activity.posts(member)
                });
                (at / fifth.max(1)).min(fifths.len() - 1)
            })
            .collect();
        let shares: Vec<Vec<f64>> = tested
            .iter()
            .map(|&issue| {
                let mut of = vec![0.0; self.activity.totals.len()];
                for (account, _) in self.issues[issue].by_account() {
                    of[account as usize] = capped(account, issue);
                }
                of
            })
            .collect();
        let observed: Vec<f64> = shares
            .iter()
            .map(|of| members.iter().map(|&member| of[member as usize]).sum())
            .collect();
        let reached: Vec<u32> = (0..DRAWS)
            .into_par_iter()
            .map(|draw| {
                let mut rng = Rng::stream(seed, 5_000_000 + u64::from(draw));
                let mut sums = vec![0.0; tested.len()];
                for &fifth in &fifth_of {
                    let drawn = fifths[fifth][below(&mut rng, fifths[fifth].len())] as usize;
                    for (sum, of) in sums.iter_mut().zip(&shares) {
                        *sum += of[drawn];
                    }
                }
                sums.iter()
                    .zip(&observed)
                    .map(|(sum, seen)| u32::from(*sum >= *seen - 1e-12))
                    .collect::<Vec<u32>>()
            })
            .reduce(
                || vec![0; tested.len()],
                |mut a, b| {
                    for (a, b) in a.iter_mut().zip(b) {
                        *a += b;
                    }
                    a
                },
            );
        let p: Vec<PValue> = reached
            .iter()
            .map(|&reached| PValue::new(f64::from(1 + reached) / f64::from(1 + DRAWS)))
            .collect();
        let q = benjamini_hochberg(&p, p.len() as u64);
        for ((&place, p), q) in tested.iter().zip(&p).zip(&q) {
            let emphasis = &mut found[place];
            (emphasis.p, emphasis.q) = (p.value(), q.value());
            if let Said::Ratio { differs, .. } = &mut emphasis.said
                && *differs == Differs::Above
                && q.value() > Q
            {
                *differs = Differs::NotTold;
            }
        }
    }

    /// Where each ratio stands among those of groups that grew by themselves.
    fn percentiles(&self, found: &mut [Emphasis], size: usize, all: &Clusters) {
        for emphasis in found.iter_mut() {
            let Said::Ratio { ratio, .. } = emphasis.said else {
                continue;
            };
            let issue = &self.issues[emphasis.issue];
            let rate = (emphasis.background_share * all.trials() + 0.5) / (all.trials() + 1.0);
            let ratios: Vec<f64> = self
                .organic
                .iter()
                .map(|group| &group[..size.min(group.len())])
                .map(|group| {
                    let hits: f64 = group
                        .iter()
                        .map(|&account| issue.of(account).len() as f64)
                        .sum();
                    let posts: f64 = group
                        .iter()
                        .map(|&account| self.activity.posts(account))
                        .sum();
                    (hits + 0.5) / (posts + 1.0) / rate
                })
                .collect();
            if !ratios.is_empty() {
                let smaller = ratios.iter().filter(|&&other| other < ratio).count();
                emphasis.percentile = smaller as f64 / ratios.len() as f64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 200 accounts of the background with ten posts over ten days, one in twenty of them on the issue;
    /// ten members with ten posts, `of_ten` of them on it.
    fn field(of_ten: u32) -> (Activity, IssueUses, Vec<u32>, Vec<u32>) {
        let (mut posts, mut on) = (Vec::new(), Vec::new());
        for account in 0..210u32 {
            for day in 0..10u32 {
                let time = i64::from(day) * DAY + i64::from(account);
                posts.push((account, time));
                let takes_up = if account < 200 {
                    (account * 7 + day * 3) % 20 == 0
                } else {
                    day < of_ten
                };
                if takes_up {
                    on.push((account, time));
                }
            }
        }
        on.sort_unstable();
        (
            Activity::new(posts.into_iter(), 210),
            IssueUses { posts: on },
            (0..200).collect(),
            (200..210).collect(),
        )
    }

    fn of(of_ten: u32) -> Emphasis {
        let (activity, issue, free, members) = field(of_ten);
        let field = Field {
            activity: &activity,
            issues: &[issue],
            free: &free,
            organic: &[],
        };
        field.of(&members, 1).1.remove(0)
    }

    #[test]
    fn more_is_told_from_alike_and_from_too_little() {
        let more = of(4);
        let Said::Ratio {
            ratio,
            low,
            differs,
            by_day,
            ..
        } = more.said
        else {
            panic!("{more:?}")
        };
        assert!((7.0..9.0).contains(&ratio) && low > 1.0, "{more:?}");
        assert!((by_day - ratio).abs() < 2.0);
        assert_eq!(differs, Differs::Above);
        assert!((more.expected - 5.0).abs() < 1.5 && more.q < 0.01);
        assert_eq!((more.posts, more.members), ((40, 100), 10));
        assert_eq!(of(0).said, Said::Counts);
    }

    #[test]
    fn an_item_that_nobody_else_used_has_no_ratio() {
        let (activity, mut issue, free, members) = field(4);
        issue.posts.retain(|post| post.0 >= 200);
        let field = Field {
            activity: &activity,
            issues: &[issue],
            free: &free,
            organic: &[],
        };
        let found = field.of(&members, 1).1.remove(0);
        let Said::NoBackground { upper } = found.said else {
            panic!("{found:?}")
        };
        assert!((upper - 3.0 / 2_000.0).abs() < 1e-12);
    }

    #[test]
    fn what_was_there_before_is_counted() {
        let found = of(4);
        // All members post on the first day, behind the background's accounts of that day.
        assert!(found.before_accounts >= 5, "{found:?}");
        assert_eq!(found.first, Some(200));
    }
}
