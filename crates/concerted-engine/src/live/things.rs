//! What is being shared, by whom, and in which posts: what an alert shows as its evidence.
//!
//! Kept for as long as the machine remembers a burst of the object, and no longer.

use super::numbers::Numbers;
use crate::post::Millis;
use crate::share::ObjectKind;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// Posts of one object that are remembered, the latest.
const POSTS: usize = 1_024;

/// A post that put an object before people.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) account: u32,
    pub(super) time: Millis,
    pub(super) post: Box<str>,
}

/// An object of the stream.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Thing {
    /// Place of its detector in the list of the plan.
    pub(super) detector: u8,
    pub(super) domain: Option<Box<str>>,
    pub(super) author: Option<Box<str>>,
    pub(super) posts: VecDeque<Seen>,
}

/// The accounts and objects of a stream with their numbers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Things {
    pub(super) accounts: Numbers,
    /// By account: posts that are remembered, and whether the machine has let it go.
    holds: Vec<(u32, bool)>,
    /// Keys of objects, with their detector in front.
    pub(super) objects: Numbers,
    of_object: Vec<Thing>,
    seen: usize,
    bytes: usize,
}

impl Things {
    /// The number of an account.
    pub(super) fn account(&mut self, name: &str) -> u32 {
        let (number, new) = self.accounts.number(name);
        if self.holds.len() <= number as usize {
            self.holds.resize(number as usize + 1, (0, false));
        }
        let hold = &mut self.holds[number as usize];
        hold.1 = false;
        debug_assert!(!new || hold.0 == 0, "a freed account holds nothing");
        number
    }

    /// The number of an object.
    pub(super) fn object(
        &mut self,
        detector: u8,
        kind: ObjectKind,
        key: &str,
        domain: Option<&str>,
        author: Option<&str>,
    ) -> u32 {
        let (number, new) = self.objects.number(&format!("{detector}\0{key}"));
        if new {
            if self.of_object.len() <= number as usize {
                self.of_object.resize(number as usize + 1, Thing::default());
            }
            self.of_object[number as usize] = Thing {
                detector,
                domain: domain.filter(|_| kind == ObjectKind::Link).map(Into::into),
                author: author
                    .filter(|_| kind == ObjectKind::Repost)
                    .map(Into::into),
                posts: VecDeque::new(),
            };
        }
        number
    }

    pub(super) fn saw(&mut self, object: u32, account: u32, time: Millis, post: &str) {
        let posts = &mut self.of_object[object as usize].posts;
        posts.push_back(Seen {
            account,
            time,
            post: post.into(),
        });
        self.seen += 1;
        self.bytes += post.len();
        self.holds[account as usize].0 += 1;
        if posts.len() > POSTS
            && let Some(seen) = posts.pop_front()
        {
            self.drop_seen(&seen);
        }
    }

    fn drop_seen(&mut self, seen: &Seen) {
        self.seen -= 1;
        self.bytes -= seen.post.len();
        let hold = &mut self.holds[seen.account as usize];
        hold.0 -= 1;
        if *hold == (0, true) {
            hold.1 = false;
            self.accounts.free(seen.account);
        }
    }

    /// Takes back what the machine remembers no more.
    pub(super) fn release(&mut self, accounts: &[u32], objects: &[u32]) {
        for &object in objects {
            for seen in std::mem::take(&mut self.of_object[object as usize]).posts {
                self.drop_seen(&seen);
            }
            self.objects.free(object);
        }
        for &account in accounts {
            let hold = &mut self.holds[account as usize];
            if hold.0 == 0 {
                self.accounts.free(account);
            } else {
                hold.1 = true;
            }
        }
    }

    pub(super) fn thing(&self, object: u32) -> &Thing {
        &self.of_object[object as usize]
    }

    /// The key of an object.
    pub(super) fn key(&self, object: u32) -> &str {
        let name = self.objects.name(object);
        name.split_once('\0').map_or(name, |(_, key)| key)
    }

    /// The post in which an account put an object before people at a time, if it is remembered.
    pub(super) fn post(&self, object: u32, account: u32, time: Millis) -> Option<&str> {
        let posts = self.of_object[object as usize].posts.iter();
        posts
            .rev()
            .find(|seen| seen.account == account && seen.time == time)
            .map(|seen| &*seen.post)
    }

    /// Estimated bytes.
    pub(super) fn bytes(&self) -> usize {
        self.accounts.bytes()
            + self.objects.bytes()
            + self.bytes
            + self.seen * (size_of::<Seen>() + 16)
            + self.of_object.len() * size_of::<Thing>()
            + self.holds.len() * 8
    }

    pub(super) fn index_again(&mut self) {
        self.accounts.index_again();
        self.objects.index_again();
    }
}
