//! The rule of `CooRTweet` (Righetti and Balluff 2025): shares of one object within a window.

use super::RulePair;
use crate::normalize::Understood;
use crate::pairs::window_join::Join;
use crate::share::Corpus;
use crate::traces::window_ends;
use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

/// `detect_groups(x, time_window, min_participation, remove_loops = TRUE)` of `CooRTweet` 2.1.3.
#[derive(Clone, Copy, Debug)]
pub struct CoorTweet {
    /// Longest time between two shares, in seconds, inclusive.
    pub time_window_s: i64,
    /// Least shares of an account in the input, and of one of the two accounts of a pair among the
    /// contents that stand in any pair.
    pub min_participation: u32,
}

impl CoorTweet {
    /// The tied accounts, by account numbers. Every share counts, also repeated ones.
    pub fn pairs(&self, understood: &Understood<'_>, corpus: &Corpus) -> Vec<RulePair> {
        let meetings = self.meetings(understood, corpus);
        let mut pairs: Vec<RulePair> = Vec::new();
        for (accounts, _) in meetings {
            match pairs.last_mut() {
                Some(last) if last.accounts == accounts => last.weight += 1,
                _ => pairs.push(RulePair {
                    accounts,
                    weight: 1,
                }),
            }
        }
        pairs
    }

    /// Coordinated pairs of shares: the accounts, and the two posts; in order of the accounts.
    fn meetings(
        &self,
        understood: &Understood<'_>,
        corpus: &Corpus,
    ) -> Vec<((u32, u32), [u32; 2])> {
        let mut shares_of = vec![0u32; corpus.account_count()];
        for share in &corpus.shares {
            shares_of[share.account as usize] += 1;
        }
        let mut shares: Vec<_> = corpus
            .shares
            .iter()
            .filter(|share| shares_of[share.account as usize] >= self.min_participation)
            .collect();
        shares.sort_by_key(|share| (share.object, share.time));
        let account: Vec<u32> = shares.iter().map(|share| share.account).collect();
        let object: Vec<u32> = shares.iter().map(|share| share.object).collect();
        let time: Vec<i64> = shares.iter().map(|share| share.time).collect();
        let content = |slot: u32| {
            understood
                .view(shares[slot as usize].post as usize)
                .post()
                .post_id()
        };
        let key = |slot: u32| corpus.objects.key.get(object[slot as usize] as usize);
        let ends = [window_ends(&object, &time, self.time_window_s * 1_000)];
        let join = Join {
            least: 1,
            ..Join::default()
        };
        let joined = join.for_each_pair(&account, &ends, |_, meetings| {
            // Loops: one post on both sides, or a post that is its own object.
            let kept: Vec<_> = meetings
                .iter()
                .map(|meeting| (meeting.first, meeting.second))
                .filter(|&(a, b)| {
                    let one_post = !content(a).is_empty() && content(a) == content(b);
                    !one_post && key(a) != content(a) && key(b) != content(b)
                })
                .map(|(a, b)| {
                    (
                        meetings[0].accounts(),
                        [shares[a as usize].post, shares[b as usize].post],
                    )
                })
                .collect();
            (!kept.is_empty()).then_some(kept)
        });
        let found: Vec<_> = joined.found.into_iter().flatten().flatten().collect();
        self.with_participation(corpus, found)
    }

    /// Keeps the pairs of which at least one post is by an account with enough shares among the posts
    /// that stand in any pair.
    fn with_participation(
        &self,
        corpus: &Corpus,
        mut found: Vec<((u32, u32), [u32; 2])>,
    ) -> Vec<((u32, u32), [u32; 2])> {
        let coordinated: HashSet<u32, FxBuildHasher> = found
            .iter()
            .flat_map(|pair| pair.1)
            .map(|post| corpus.message[post as usize])
            .collect();
        let mut shares_of = vec![0u32; corpus.account_count()];
        let mut account_of_message = vec![u32::MAX; corpus.message.len()];
        for share in &corpus.shares {
            let message = corpus.message[share.post as usize];
            if coordinated.contains(&message) {
                shares_of[share.account as usize] += 1;
                account_of_message[message as usize] = share.account;
            }
        }
        let enough = |post: u32| {
            let account = account_of_message[corpus.message[post as usize] as usize];
            shares_of[account as usize] >= self.min_participation
        };
        found.retain(|(_, posts)| posts.iter().any(|&post| enough(post)));
        found
    }
}
