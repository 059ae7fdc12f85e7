//! Which post comes first, and which is the same post again?
//!
//! Canonical order is by time, then platform, then the platform's post id (numbers by value, which is
//! how platforms hand them out), then by the objects of a share table, the account's id, the row's
//! hash. Nothing depends on the order of the input; nothing but the last ties on how accounts are
//! called, and only where a source gives no post ids.

use crate::post::{Millis, Post, PostRef, Posts};
use hashbrown::HashTable;
use rayon::prelude::*;
use rustc_hash::FxHasher;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// A row that repeats another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The row set aside.
    pub row: u32,
    /// The row that counts.
    pub kept: u32,
}

/// Posts in order, without repetitions.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    pub(super) order: Vec<u32>,
    pub(super) duplicates: Vec<Duplicate>,
    pub(super) message: Vec<u32>,
}

pub(super) fn canonical_order(posts: &Posts) -> Ordered {
    // Times lie beside the rows, so that posts are looked up only where two times are equal.
    let mut rows: Vec<(Millis, u32)> = posts.iter().map(|post| post.time()).zip(0..).collect();
    rows.par_sort_unstable_by(|a, b| {
        a.0.cmp(&b.0)
            .then_with(|| compare(&posts.get(a.1 as usize), &posts.get(b.1 as usize)))
    });

    let mut ordered = Ordered::default();
    // The first post of each message, found by (platform, post id, account).
    let mut messages: HashTable<u32> = HashTable::with_capacity(rows.len());
    // Further posts of a message that carry other objects of a share table.
    for (_, row) in rows {
        let post = posts.get(row as usize);
        let next = super::number(ordered.order.len());
        if post.post_id().is_empty() {
            ordered.order.push(row);
            ordered.message.push(next);
            continue;
        }
        let hash = hash(&post);
        let known = messages.find(hash, |&number| {
            same_message(&posts.get(ordered.order[number as usize] as usize), &post)
        });
        let Some(&first) = known else {
            messages.insert_unique(hash, next, |&number| {
                self::hash(&posts.get(ordered.order[number as usize] as usize))
            });
            ordered.order.push(row);
            ordered.message.push(next);
            continue;
        };
        let first_row = ordered.order[first as usize];
        // Rows of a share table name one object each, so a row with another object is no repetition.
        let repeats =
            post.objects().len() == 0 || post.objects().eq(posts.get(first_row as usize).objects());
        if repeats {
            ordered.duplicates.push(Duplicate {
                row,
                kept: first_row,
            });
        } else {
            ordered.order.push(row);
            ordered.message.push(first);
        }
    }
    ordered
}

fn same_message(a: &PostRef<'_>, b: &PostRef<'_>) -> bool {
    a.account() == b.account() && a.post_id() == b.post_id() && a.platform() == b.platform()
}

fn hash(post: &PostRef<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    post.post_id().hash(&mut hasher);
    post.account().hash(&mut hasher);
    hasher.finish().rotate_left(26)
}

fn compare(a: &PostRef<'_>, b: &PostRef<'_>) -> Ordering {
    a.time()
        .cmp(&b.time())
        .then_with(|| a.platform().cmp(b.platform()))
        .then_with(|| compare_ids(a.post_id(), b.post_id()))
        .then_with(|| a.objects().cmp(b.objects()))
        .then_with(|| a.account_id().cmp(b.account_id()))
        .then_with(|| a.source().sha256.cmp(&b.source().sha256))
        .then_with(|| (a.source().file, a.source().row).cmp(&(b.source().file, b.source().row)))
}

/// The same order for posts that stand alone.
pub(crate) fn compare_posts(a: &Post, b: &Post) -> Ordering {
    a.time
        .cmp(&b.time)
        .then_with(|| a.platform.cmp(&b.platform))
        .then_with(|| compare_ids(&a.post_id, &b.post_id))
        .then_with(|| a.objects.cmp(&b.objects))
        .then_with(|| a.account_id.cmp(&b.account_id))
        .then_with(|| a.source.sha256.cmp(&b.source.sha256))
        .then_with(|| (a.source.file, a.source.row).cmp(&(b.source.file, b.source.row)))
}

/// Ids that are numbers by value, all others by their bytes.
fn compare_ids(a: &str, b: &str) -> Ordering {
    let number = |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    if number(a) && number(b) {
        let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
        return a.len().cmp(&b.len()).then_with(|| a.cmp(b));
    }
    a.cmp(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(id: &str, account: &str, time: i64, objects: &[(&str, &str)]) -> Post {
        Post {
            post_id: id.into(),
            account_id: account.into(),
            time,
            objects: objects
                .iter()
                .map(|(kind, id)| ((*kind).into(), (*id).into()))
                .collect(),
            ..Post::default()
        }
    }

    fn ordered(posts: &[Post]) -> Ordered {
        let mut columns = Posts::default();
        for post in posts {
            columns.push(post);
        }
        canonical_order(&columns)
    }

    #[test]
    fn posts_come_by_time_then_by_the_number_of_their_id() {
        let found = ordered(&[
            post("10", "a", 5, &[]),
            post("9", "b", 5, &[]),
            post("x", "c", 1, &[]),
        ]);
        assert_eq!(found.order, [2, 1, 0]);
    }

    #[test]
    fn posts_that_stand_alone_have_the_same_order() {
        let posts = [
            post("10", "a", 5, &[]),
            post("9", "b", 5, &[("", "v")]),
            post("9", "b", 5, &[("", "u")]),
            post("9", "a", 5, &[("", "u")]),
            post("x", "c", 1, &[]),
        ];
        let mut columns = Posts::default();
        for post in &posts {
            columns.push(post);
        }
        for a in 0..posts.len() {
            for b in 0..posts.len() {
                assert_eq!(
                    compare_posts(&posts[a], &posts[b]),
                    compare(&columns.get(a), &columns.get(b))
                );
            }
        }
    }

    #[test]
    fn a_post_read_twice_counts_once_even_with_another_clock() {
        let found = ordered(&[
            post("1", "a", 5_123, &[]),
            post("1", "a", 5_000, &[]),
            post("1", "b", 5_000, &[]),
        ]);
        assert_eq!(found.order, [1, 2]);
        assert_eq!(found.duplicates, [Duplicate { row: 0, kept: 1 }]);
    }

    #[test]
    fn rows_of_one_message_with_other_objects_all_count() {
        let found = ordered(&[
            post("1", "a", 5, &[("", "u")]),
            post("1", "a", 5, &[("", "v")]),
            post("1", "a", 5, &[("", "u")]),
        ]);
        assert_eq!(found.order.len(), 2);
        assert_eq!(found.message, [0, 0]);
        assert_eq!(found.duplicates.len(), 1);
    }
}
