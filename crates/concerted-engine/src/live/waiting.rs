//! Posts that wait for those that are late: how far has the stream come, and what comes next?
//!
//! Posts arrive in any order and leave in canonical order, as soon as no post that is on time can
//! still come before them: the *watermark* stands `lateness` before the latest time seen. A post from
//! before the watermark is too late; it is counted and left out. One post with a clock that is hours
//! ahead would make everybody else too late, so a jump of the clock counts only once several accounts
//! have made it.

use crate::normalize::order::compare_posts;
use crate::post::{Millis, Post};
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// A step of the clock beyond which more than one post is asked.
const JUMP: Millis = 10 * 60_000;

/// Posts in a row, of at least [`JUMPERS`] accounts, that make a jump count.
const JUMPS: usize = 8;
const JUMPERS: usize = 3;

/// A post in the order in which it leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Waits(Post);

impl PartialEq for Waits {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Waits {}
impl PartialOrd for Waits {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Waits {
    fn cmp(&self, other: &Self) -> Ordering {
        compare_posts(&self.0, &other.0)
    }
}

/// What became of a post that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It waits for its turn.
    OnTime,
    /// It waits for its turn; its clock is far ahead of everybody else's, by so many milliseconds.
    Ahead(Millis),
    /// It came so many milliseconds too late and is left out.
    Late(Millis),
}

/// The posts that wait.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Waiting {
    lateness: Millis,
    most_bytes: usize,
    bytes: usize,
    posts: BinaryHeap<Reverse<Waits>>,
    /// Latest time that counts.
    latest: Option<Millis>,
    /// Everything before it has left.
    watermark: Millis,
    /// Times of the first posts, while the clock is not known.
    first: Vec<Millis>,
    /// Posts in a row that claim a jump: time and account.
    jumps: Vec<(Millis, String)>,
}

impl Waiting {
    pub(super) fn new(lateness: Millis, most_bytes: usize) -> Self {
        Self {
            lateness,
            most_bytes,
            bytes: 0,
            posts: BinaryHeap::new(),
            latest: None,
            watermark: Millis::MIN,
            first: Vec::new(),
            jumps: Vec::new(),
        }
    }

    pub(super) fn arrive(&mut self, post: Post) -> Arrival {
        let time = post.time;
        if time < self.watermark {
            return Arrival::Late(self.watermark - time);
        }
        let arrival = match self.latest {
            Some(latest) if time > latest + JUMP => {
                self.jumps.push((time, post.account_id.clone()));
                Arrival::Ahead(time - latest)
            }
            Some(latest) => {
                self.jumps.clear();
                self.latest = Some(latest.max(time));
                Arrival::OnTime
            }
            None => {
                self.first.push(time);
                self.begin();
                Arrival::OnTime
            }
        };
        if self.jumps.len() >= JUMPS {
            let mut accounts: Vec<&str> = self.jumps.iter().map(|jump| &*jump.1).collect();
            accounts.sort_unstable();
            accounts.dedup();
            if accounts.len() >= JUMPERS {
                // The earliest of them is where the stream has jumped to.
                self.latest = self.jumps.iter().map(|jump| jump.0).min();
                self.jumps.clear();
            } else {
                self.jumps.remove(0);
            }
        }
        self.bytes += size(&post);
        self.posts.push(Reverse(Waits(post)));
        if let Some(latest) = self.latest {
            self.watermark = self.watermark.max(latest.saturating_sub(self.lateness));
        }
        arrival
    }

    /// Sets the clock by the first posts, so that the very first may be wrong too.
    fn begin(&mut self) {
        if self.first.len() < JUMPS {
            return;
        }
        self.first.sort_unstable();
        let middle = self.first[self.first.len() / 2];
        let agree = self.first.iter().filter(|&&time| time <= middle + JUMP);
        self.latest = agree.max().copied();
        self.first = Vec::new();
    }

    /// The next post whose turn it is; `all` if the stream has ended or stands still.
    pub(super) fn next(&mut self, all: bool) -> Option<Post> {
        let first = &self.posts.peek()?.0.0;
        let full = self.bytes > self.most_bytes;
        if !all && !full && first.time >= self.watermark {
            return None;
        }
        let Reverse(Waits(post)) = self.posts.pop()?;
        self.bytes -= size(&post);
        self.watermark = self.watermark.max(post.time);
        Some(post)
    }

    /// The latest time that everybody agrees on, for a stream that stands still: posts ahead of it wait.
    pub(super) fn latest(&self) -> Option<Millis> {
        self.latest
    }

    pub(super) fn first_time(&self) -> Option<Millis> {
        self.posts.peek().map(|first| first.0.0.time)
    }

    pub(super) fn len(&self) -> usize {
        self.posts.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Estimated bytes of a post in memory.
fn size(post: &Post) -> usize {
    let words = [
        &post.post_id,
        &post.account_id,
        &post.account_name,
        &post.platform,
        &post.text,
        &post.lang,
        &post.repost_of,
        &post.repost_of_account,
        &post.quote_of,
        &post.reply_to,
        &post.reply_to_account,
        &post.link_title,
    ];
    let lists = [&post.urls, &post.hashtags, &post.mentions, &post.media];
    size_of::<Post>()
        + words.iter().map(|word| word.len()).sum::<usize>()
        + lists
            .iter()
            .flat_map(|list| list.iter())
            .map(|item| item.len() + size_of::<String>())
            .sum::<usize>()
        + post
            .objects
            .iter()
            .map(|(kind, id)| kind.len() + id.len() + 2 * size_of::<String>())
            .sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(time: Millis, account: &str) -> Post {
        Post {
            post_id: format!("{account}-{time}"),
            account_id: account.into(),
            time,
            ..Post::default()
        }
    }

    fn leave(waiting: &mut Waiting, all: bool) -> Vec<Millis> {
        std::iter::from_fn(|| waiting.next(all))
            .map(|post| post.time)
            .collect()
    }

    #[test]
    fn posts_leave_in_order_once_nothing_can_come_before_them() {
        let mut waiting = Waiting::new(10, 1 << 20);
        for time in [5, 3, 3, 3, 3, 5, 5, 14] {
            assert_eq!(waiting.arrive(post(time, "a")), Arrival::OnTime);
        }
        assert_eq!(leave(&mut waiting, false), [3, 3, 3, 3]);
        assert_eq!(waiting.arrive(post(4, "a")), Arrival::OnTime);
        assert_eq!(waiting.arrive(post(3, "a")), Arrival::Late(1));
        assert_eq!(leave(&mut waiting, true), [4, 5, 5, 5, 14]);
    }

    #[test]
    fn one_clock_that_is_ahead_stops_nobody() {
        let hour = 3_600_000;
        let mut waiting = Waiting::new(10, 1 << 20);
        // Even if it comes first of all.
        for time in [hour + 99, 900, 910, 920, 930, 940, 950, 1_000] {
            waiting.arrive(post(time, "a"));
        }
        assert_eq!(waiting.latest(), Some(1_000));
        assert_eq!(
            waiting.arrive(post(hour, "x")),
            Arrival::Ahead(hour - 1_000)
        );
        for step in 0..20 {
            waiting.arrive(post(hour + step, "x"));
        }
        assert_eq!(waiting.arrive(post(2_000, "b")), Arrival::OnTime);
        assert_eq!(leave(&mut waiting, false).len(), 7);
        // After a night everybody is ahead of yesterday: then it is the time that has moved.
        for (step, account) in (0..).zip(["a", "b", "c", "a", "b", "c", "a", "b"]) {
            waiting.arrive(post(9 * hour + step, account));
        }
        assert_eq!(waiting.latest(), Some(9 * hour));
        assert!(leave(&mut waiting, false).contains(&2_000));
    }

    #[test]
    fn a_flood_leaves_early_instead_of_filling_the_memory() {
        let mut waiting = Waiting::new(1_000_000, 100 * size_of::<Post>());
        for time in 0..1_000 {
            waiting.arrive(post(time, "a"));
            let _ = leave(&mut waiting, false);
        }
        assert!(waiting.len() <= 100);
    }
}
