//! The words everything is written in: shares, objects, accounts, and the corpus they make up.
//!
//! A *share* says that this account put this object before people, in this post, at this time. It is
//! the narrow waist of the program: whatever platform a post came from, everything behind this point
//! sees shares only.

use crate::columns::{Names, Strings};
use crate::post::Millis;

/// This account put this object before people, in this post, at this time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// When.
    pub time: Millis,
    /// Who: a number among [`Corpus::accounts`].
    pub account: u32,
    /// What: a number among [`Corpus::objects`].
    pub object: u32,
    /// In which post: a number among the corpus's posts, in canonical order.
    pub post: u32,
}

/// What kind of thing an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// A post that was passed on.
    Repost,
    /// A web page.
    Link,
    /// A run of hashtags.
    Hashtags,
    /// Words.
    Text,
    /// An image or video.
    Media,
    /// A post or account that was answered.
    Reply,
    /// The source does not say.
    Unknown,
}

impl ObjectKind {
    /// What several of them are called, for a sentence.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Repost => "reposted posts",
            Self::Link => "links",
            Self::Hashtags => "hashtag runs",
            Self::Text => "texts",
            Self::Media => "images or videos",
            Self::Reply => "answered posts or accounts",
            Self::Unknown => "shared objects",
        }
    }
}

/// The things shared. Which behaviour an object belongs to is the detector that found it.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    /// The detector of each object: a place in the list that the corpus was made with.
    pub detector: Vec<u8>,
    /// What kind of thing each object is.
    pub kind: Vec<ObjectKind>,
    /// What each object is, in words that can be printed: a canonical link, a text, a post id.
    pub key: Strings,
    /// The registrable domain of each link, a number among [`Objects::domains`].
    pub domain: Vec<Option<u32>>,
    /// The account whose post each reposted post is, a number among [`Objects::authors`].
    pub author: Vec<Option<u32>>,
    /// Names of domains.
    pub domains: Names,
    /// Names of reposted accounts.
    pub authors: Names,
}

impl Objects {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.detector.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.detector.is_empty()
    }

    /// Adds an object of a detector.
    pub fn push(
        &mut self,
        detector: u8,
        kind: ObjectKind,
        key: &str,
        domain: Option<&str>,
        author: Option<&str>,
    ) {
        self.detector.push(detector);
        self.kind.push(kind);
        self.key.push(key);
        self.domain
            .push(domain.map(|domain| self.domains.code(domain)));
        self.author
            .push(author.map(|author| self.authors.code(author)));
    }
}

/// Who shared what and when: every share of a corpus in canonical order.
///
/// Canonical order is by time, then by the platform's post id, then by the text of the account's name
/// and the object's key. Accounts and objects are numbered by first appearance in that order, so that
/// nothing behind this point depends on the order of the input or on how anything is called.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// The shares in canonical order.
    pub shares: Vec<Share>,
    /// Names of the accounts.
    pub accounts: Names,
    /// The objects.
    pub objects: Objects,
    /// For each post the first post that is part of the same message: rows of a share table can be.
    pub message: Vec<u32>,
    /// For each post whether it is an original, a repost, or the source cannot tell.
    pub originality: Vec<Option<bool>>,
    /// For each post its platform, as a small number.
    pub platform: Vec<u8>,
    /// Smallest step of the clock in milliseconds: the coarsest of all inputs.
    pub resolution: Millis,
}

impl Corpus {
    /// Number of accounts.
    pub fn account_count(&self) -> usize {
        self.accounts.len()
    }
}
